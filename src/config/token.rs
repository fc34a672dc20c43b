//! Presets for chat tokens.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api::limit::{self, Checks};

use super::path::Path;
use super::problem::Problem;

/// Characters of a preset's name, so that several stand side by side.
const NAME: limit::Text = limit::Text { min: 1, max: 24, chars: limit::Chars::AlphanumericAnd("-_") };
/// What the form calls what was typed by hand.
const TYPED: &str = "custom";

/// What the user of a token may do besides reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Capability {
    /// Write messages.
    SendMessage,
    /// Delete messages.
    DeleteMessage,
    /// Disconnect users.
    DisconnectUser,
}

/// A preset for chat tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenPreset {
    /// What the form calls it. One that is called as a built-in one takes its place.
    pub name: String,
    /// What the user may do besides reading.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// How long the session lasts; 60 minutes if left out.
    pub session_minutes: Option<u32>,
    /// What is sent along with each message of the user.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

/// What is wrong with these.
pub(super) fn check(presets: &[TokenPreset], at: &Path, problems: &mut Vec<Problem>) {
    for (place, preset) in presets.iter().enumerate() {
        let at = at.place(place);
        let mut bad = |key: &str, what: String| problems.push(Problem::new(at.key(key), what));
        if let Some(what) = NAME.problem(&preset.name) {
            bad("name", what);
        }
        if preset.name == TYPED {
            bad("name", format!("{TYPED:?} is what the form calls what was typed: choose another"));
        }
        if presets[..place].iter().any(|other| other.name == preset.name) {
            bad("name", format!("{:?} is there already: choose another", preset.name));
        }
        let checks = Checks::new().range("session_minutes", limit::SESSION_MINUTES, preset.session_minutes).bytes(
            "attributes",
            limit::TOKEN_ATTRIBUTE_BYTES,
            &preset.attributes,
        );
        checks.problems().into_iter().for_each(|problem| bad(&problem.member, problem.message));
    }
}
