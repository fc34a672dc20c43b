//! What the configuration says of a profile: whether it is protected, read-only, and in what colour it stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::app::identity::access::Hue;

use super::path::{Path, Step};
use super::problem::Problem;

/// What the AWS CLI writes before the name, and people copy.
const PREFIX: &str = "profile ";

/// A profile of `~/.aws/config`, as this console treats it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Whether nothing can be changed until `:unlock` says so; what `protected` says if left out.
    pub read_only: Option<bool>,
    /// Whether it stands out, and starts read-only.
    #[serde(default)]
    pub protected: bool,
    /// The colour of its name in the strip; red for a protected one if left out.
    pub colour: Option<Hue>,
}

/// What is wrong with the profiles' names: an entry that none can have would protect nothing.
pub(super) fn check(profiles: &BTreeMap<String, Profile>, at: &Path, problems: &mut Vec<Problem>) {
    for name in profiles.keys().filter(|name| name.trim().is_empty() || name.starts_with(PREFIX)) {
        let meant = name.strip_prefix(PREFIX).unwrap_or("NAME").trim();
        problems.push(Problem::new(at.key(name), format!("is no profile's name: write [profile.{meant}]")));
    }
}

/// A profile of which something could not be understood may have been meant to be protected: it is.
pub(super) fn protect(profiles: &mut BTreeMap<String, Profile>, problems: &mut [Problem]) {
    for problem in problems {
        let [Step::Key(table), Step::Key(name), ..] = problem.at.0.as_slice() else { continue };
        if table != "profile" {
            continue;
        }
        let name = name.strip_prefix(PREFIX).unwrap_or(name).trim();
        let profile = profiles.entry(name.to_owned()).or_default();
        (profile.protected, profile.read_only) = (true, Some(true));
        problem.what.push_str("; until this is mended the profile is protected and read-only");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn a_profile_is_known_by_its_name() {
        let text = "[profile.prod]\nprotected = true\ncolour = \"red\"\n[profile.\"a b\"]\nread_only = false\n";
        let config = Config::parse(text).unwrap();
        let prod = Profile { protected: true, colour: Some(Hue::Red), read_only: None };
        assert_eq!(config.profile["prod"], prod);
        assert_eq!(config.profile["a b"].read_only, Some(false));
    }

    #[test]
    fn what_would_protect_nothing_is_told_and_protects() {
        for (text, wanted) in [
            ("[profile.\"profile x\"]\nread_only = true\n", "is no profile's name: write [profile.x]"),
            ("[profile.x]\nprotect = true\n", "protect is not known: did you mean protected?"),
            ("[profile.x]\ncolour = \"pink\"\n", "profile.x.colour is \"pink\""),
            ("[profile.x]\nread_only = \"yes\"\n", "must be true or false"),
            ("[profile]\nx = 5\n", "profile.x is integer 5, must be a table"),
        ] {
            let found = Config::read(text);
            let told = found.problems[0].to_string();
            assert!(told.contains(wanted) && told.ends_with("is protected and read-only"), "{told}");
            let profile = &found.config.profile["x"];
            assert!(profile.protected && profile.read_only == Some(true), "{text}");
        }
    }
}
