//! Whether the console may change anything, by flag, by profile and by what somebody typed; and how a profile stands out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::identity::facts::Source;

/// A colour of the terminal's own sixteen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Hue {
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

/// How the configuration has a profile treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Treatment {
    /// Whether it is read-only; as `protected` says if nobody tells.
    pub read_only: Option<bool>,
    /// Whether it stands out, and starts read-only.
    pub protected: bool,
    /// Its colour.
    pub hue: Option<Hue>,
}

impl Treatment {
    /// The colour of its name, if it has one.
    pub fn hue(self) -> Option<Hue> {
        self.hue.or(self.protected.then_some(Hue::Red))
    }
}

/// What decides about access.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// `--read-only` or `--write`: whether the console is read-only, whatever the profile says.
    pub flag: Option<bool>,
    /// Profiles by name.
    pub profiles: BTreeMap<String, Treatment>,
}

/// Whether changes are let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// They are.
    Write,
    /// They are not, and why.
    ReadOnly(Why),
}

/// Why the console is read-only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// `--read-only`.
    Flag,
    /// The profile is protected.
    Protected,
    /// The configuration says so of the profile.
    Configured,
    /// `:read-only`.
    Asked,
    /// A recording is played: there is nothing to change.
    Replay,
    /// It is not known yet who we are.
    Nobody,
}

impl Why {
    /// The same in words, behind "read-only: ".
    pub fn words(self) -> &'static str {
        match self {
            Self::Flag => "--read-only",
            Self::Protected => "the profile is protected",
            Self::Configured => "the configuration says so of this profile",
            Self::Asked => ":read-only",
            Self::Replay => "a recording is played",
            Self::Nobody => "it is not known yet who we are",
        }
    }
}

impl Access {
    /// Whether changes are refused.
    pub fn is_read_only(self) -> bool {
        matches!(self, Self::ReadOnly(_))
    }

    /// The two letters of the strip.
    pub fn letters(self) -> &'static str {
        match self {
            Self::Write => "RW",
            Self::ReadOnly(_) => "RO",
        }
    }
}

impl Settings {
    /// How the source of the credentials is treated: only profiles have names.
    pub fn treatment(&self, source: &Source) -> Treatment {
        match source {
            Source::Profile(name) => self.profiles.get(name).copied().unwrap_or_default(),
            Source::Environment
            | Source::WebIdentity
            | Source::Container
            | Source::InstanceRole
            | Source::Fixed(_)
            | Source::Nothing => Treatment::default(),
        }
    }

    /// What may be done with credentials of this source; `first` if the console was started with it. `--write` was meant
    /// for what it was given with: who goes to another profile later is told by that profile.
    pub fn access(&self, source: &Source, first: bool) -> Access {
        let treatment = self.treatment(source);
        match (self.flag, treatment) {
            (Some(true), _) => Access::ReadOnly(Why::Flag),
            (Some(false), _) if first => Access::Write,
            (_, Treatment { read_only: Some(true), .. }) => Access::ReadOnly(Why::Configured),
            (_, Treatment { read_only: None, protected: true, .. }) => Access::ReadOnly(Why::Protected),
            (_, Treatment { read_only: Some(false), .. } | Treatment { protected: false, .. }) => Access::Write,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(flag: Option<bool>) -> Settings {
        let treatment = |read_only, protected| Treatment { read_only, protected, hue: None };
        let profiles = [
            ("prod", treatment(None, true)),
            ("open", treatment(Some(false), true)),
            ("look", treatment(Some(true), false)),
            ("dev", treatment(None, false)),
        ];
        Settings { flag, profiles: profiles.map(|(name, treatment)| (name.to_owned(), treatment)).into() }
    }

    fn access(flag: Option<bool>, name: &str, first: bool) -> Access {
        settings(flag).access(&Source::Profile(name.to_owned()), first)
    }

    #[test]
    fn a_protected_profile_starts_read_only_unless_somebody_says_otherwise() {
        assert_eq!(access(None, "prod", true), Access::ReadOnly(Why::Protected));
        assert_eq!(access(None, "look", true), Access::ReadOnly(Why::Configured));
        for name in ["open", "dev", "unknown"] {
            assert_eq!(access(None, name, true), Access::Write, "{name}");
        }
        assert_eq!(settings(None).access(&Source::Environment, true), Access::Write);
    }

    #[test]
    fn a_flag_comes_first_and_write_is_for_the_profile_that_it_was_given_with() {
        assert_eq!(access(Some(true), "dev", false), Access::ReadOnly(Why::Flag));
        assert_eq!(access(Some(false), "prod", true), Access::Write);
        assert_eq!(access(Some(false), "prod", false), Access::ReadOnly(Why::Protected));
        assert_eq!(access(Some(false), "dev", false), Access::Write);
    }

    #[test]
    fn a_protected_profile_is_red_unless_it_has_a_colour_of_its_own() {
        assert_eq!(settings(None).treatment(&Source::Profile("prod".to_owned())).hue(), Some(Hue::Red));
        let own = Treatment { hue: Some(Hue::Cyan), protected: true, read_only: None };
        assert_eq!((own.hue(), Treatment::default().hue()), (Some(Hue::Cyan), None));
    }
}
