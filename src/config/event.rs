//! Events that are sent again and again.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::api::limit::{self, Checks};

use super::path::Path;
use super::problem::Problem;

/// An event that is sent again and again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventTemplate {
    /// What it is called in the form.
    pub name: String,
    /// The event's name on the wire.
    pub event: String,
    /// Its attributes.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

impl EventTemplate {
    /// What is wrong with it.
    pub(super) fn check(&self, at: &Path, problems: &mut Vec<Problem>) {
        let name = Some("must not be empty".to_owned()).filter(|_| self.name.trim().is_empty());
        problems.extend(name.map(|what| Problem::new(at.key("name"), what)));
        let event = limit::EVENT_NAME.problem(&self.event);
        problems.extend(event.map(|what| Problem::new(at.key("event"), what)));
        let bytes = Checks::new().bytes("attributes", limit::EVENT_ATTRIBUTE_BYTES, &self.attributes).problems();
        problems.extend(bytes.into_iter().map(|problem| Problem::new(at.key(&problem.member), problem.message)));
    }
}
