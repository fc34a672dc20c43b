//! What the configuration says of a profile: whether it is protected, read-only, and in what colour it stands.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A profile of `~/.aws/config`, as this console treats it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Whether nothing can be changed until `:write` says so; what `protected` says if left out.
    pub read_only: Option<bool>,
    /// Whether it stands out, and starts read-only.
    #[serde(default)]
    pub protected: bool,
    /// The colour of its name in the strip; red for a protected one if left out.
    pub colour: Option<Colour>,
}

/// A colour of the terminal's own sixteen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// Red.
    Red,
    /// Green.
    Green,
    /// Yellow.
    Yellow,
    /// Blue.
    Blue,
    /// Magenta.
    Magenta,
    /// Cyan.
    Cyan,
}

/// What is wrong with the profiles' names: an entry that none can have would protect nothing.
pub(super) fn problems(profiles: &BTreeMap<String, Profile>) -> impl Iterator<Item = String> {
    let unusable = |name: &&String| name.trim().is_empty() || name.starts_with("profile ");
    profiles.keys().filter(unusable).map(|name| {
        let meant = name.strip_prefix("profile ").unwrap_or("NAME").trim();
        format!("profile {name:?} is no profile's name: write [profile.{meant}]")
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Config;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, Path::new("config.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_profile_is_known_by_its_name() {
        let config =
            parse("[profile.prod]\nprotected = true\ncolour = \"red\"\n[profile.\"a b\"]\nread_only = false\n");
        let config = config.unwrap();
        let prod = Profile { protected: true, colour: Some(Colour::Red), read_only: None };
        assert_eq!(config.profile["prod"], prod);
        assert_eq!(config.profile["a b"].read_only, Some(false));
    }

    #[test]
    fn what_would_protect_nothing_is_told() {
        let error = parse("[profile.\"profile prod\"]\nprotected = true\n").unwrap_err();
        assert!(error.contains("write [profile.prod]"), "{error}");
        assert!(parse("[profile.x]\nprotect = true\n").unwrap_err().contains("unknown field `protect`"));
        assert!(parse("[profile.x]\ncolour = \"pink\"\n").unwrap_err().contains("unknown variant `pink`"));
    }
}
