//! What the console is told before it starts: a file, over which the environment and the flags come.
//!
//! Whatever is wrong with the file is told at once, each thing with its line, and what can be used of it is used: of a
//! key that means nothing its default counts, and an entry of a list of tables, such as a rule, is left out as a whole.

mod chat;
mod clipboard;
pub mod colours;
mod event;
pub mod keys;
pub mod lists;
pub mod path;
pub mod place;
pub mod problem;
pub mod profile;
mod reading;
mod reason;
mod rule;
pub mod shape;
mod time;
mod token;
mod tree;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{fs, io};

use serde::{Deserialize, Serialize};

use crate::app::clock::Listed;
use crate::app::configuration::Configuration;
use crate::app::look::Theme;
use crate::app::pane::columns::{LoggingColumn, RoomColumn};
use crate::app::room::rules;
use crate::runtime::log::Level;

pub use chat::Chat;
pub use clipboard::Clipboard;
pub use colours::Colours;
pub use event::EventTemplate;
pub use keys::Bindings;
pub use lists::{Group, Logging, Rooms};
pub use problem::Problem;
pub use profile::Profile;
pub use reading::{Found, Sources};
pub use reason::Reason;
pub use time::Zone;
pub use token::{Capability, TokenPreset};

use path::Path;
use place::Named;

/// The configuration file. Every member may be left out; an unknown one is told of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The region.
    pub region: Option<String>,
    /// The control plane's endpoint.
    pub endpoint_url: Option<String>,
    /// The messaging API's endpoint.
    pub messaging_endpoint_url: Option<String>,
    /// How a text gets into the clipboard.
    pub clipboard: Clipboard,
    /// Whether the mouse selects and scrolls.
    pub mouse: bool,
    /// Whether everything is drawn with ASCII signs; by the locale and the terminal if left out.
    pub ascii: Option<bool>,
    /// How much is written into the log.
    pub log_level: Level,
    /// How things look.
    pub theme: Theme,
    /// In which time zone moments are told.
    pub time_zone: Zone,
    /// How lists tell when something was.
    pub list_times: Listed,
    /// Profiles of the AWS configuration, by name.
    pub profile: BTreeMap<String, Profile>,
    /// Colours in the place of the theme's.
    pub colours: Colours,
    /// The rooms' list.
    pub rooms: Rooms,
    /// The list of logging configurations.
    pub logging: Logging,
    /// Groups of rooms, by name.
    pub group: BTreeMap<String, Group>,
    /// Keys in the place of the table's, by place and command.
    pub keys: Bindings,
    /// Live rooms.
    pub chat: Chat,
    /// Reasons that a digit chooses.
    #[serde(skip_serializing)]
    pub reason: Vec<Reason>,
    /// Events that are sent again and again.
    #[serde(skip_serializing)]
    pub event_template: Vec<EventTemplate>,
    /// Presets for chat tokens.
    #[serde(skip_serializing)]
    pub token_preset: Vec<TokenPreset>,
    /// What flags messages.
    #[serde(skip_serializing)]
    pub rule: Vec<rules::Spec>,
}

/// Every key with what it does, as it is if left out or with an example.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

/// Keys that say where the console goes. One of them that can't be used is not replaced by a default: that would be
/// another place than was meant.
const TARGET: [&str; 3] = ["region", "endpoint_url", "messaging_endpoint_url"];

/// Why a configuration can't be used at all: what, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file that was named, and can't be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Problems that may not be passed over.
    #[error("{}", problems.join("\n"))]
    Unusable {
        /// One line each, with the place.
        problems: Vec<String>,
    },
}

/// A configuration, with where it comes from and what was wrong with it.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What can be used of it.
    pub config: Config,
    /// Where it is looked for, and who says so; nothing without a home.
    pub place: Option<(PathBuf, Named)>,
    /// Whether there is a file.
    pub is_there: bool,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// In which lines its keys are.
    pub sources: Sources,
}

impl Loaded {
    /// Whether there is a file of which nothing could be understood: then it may have said anything, such as which
    /// profiles are protected.
    pub fn is_lost(&self) -> bool {
        self.problems.iter().any(|problem| problem.at.0.is_empty())
    }

    /// What is said of a profile. Of one of which nobody knows what was said, that it is protected and read-only.
    pub fn profile(&self, name: &str) -> Profile {
        let said = self.config.profile.get(name).cloned().unwrap_or_default();
        if self.is_lost() { Profile { protected: true, read_only: Some(true), ..said } } else { said }
    }

    /// What the console can tell of it.
    pub fn told(&self) -> Configuration {
        let line =
            |problem: &Problem| if problem.line > 0 { format!("line {}: ", problem.line) } else { String::new() };
        let told = |problem: &Problem| (line(problem) + &problem.words(), problem.excerpt.clone());
        Configuration {
            file: self.place.as_ref().map(|(path, _)| path.display().to_string()),
            is_there: self.is_there,
            is_lost: self.is_lost(),
            problems: self.problems.iter().map(told).collect(),
        }
    }

    /// The problems, one line each: file, line, key, what is wrong.
    pub fn lines(&self) -> Vec<String> {
        let path = self.place.as_ref().map(|(path, _)| path.display().to_string()).unwrap_or_default();
        let lines = self.problems.iter().flat_map(|problem| {
            let excerpt = problem.excerpt.iter().flat_map(|(line, caret)| [line, caret]);
            let excerpt = excerpt.map(|line| format!("    {line}"));
            std::iter::once(format!("{path}:{problem}")).chain(excerpt.collect::<Vec<_>>())
        });
        lines.collect()
    }

    /// The configuration, if nothing is wrong with where it sends the console.
    ///
    /// # Errors
    /// If something is: then nobody knows which place was meant.
    pub fn leads_somewhere(self) -> Result<Self, ConfigError> {
        let misleads = |problem: &Problem| problem.at.first().is_some_and(|key| TARGET.contains(&key));
        if self.problems.iter().any(misleads) {
            return Err(ConfigError::Unusable { problems: self.lines() });
        }
        Ok(self)
    }
}

impl Config {
    /// Reads the file that was named, or the one in its usual place if there is one; `variable` looks the environment
    /// up.
    ///
    /// # Errors
    /// If a file that was named can't be read.
    pub fn load(named: Option<PathBuf>, variable: impl Fn(&str) -> Option<String>) -> Result<Loaded, ConfigError> {
        let Some((path, by)) = place::place(named, variable) else { return Ok(Loaded::default()) };
        let place = Some((path.clone(), by));
        match fs::read(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()) {
            Ok(text) => {
                let Found { config, problems, sources } = Self::read(&text);
                Ok(Loaded { config, place, is_there: true, problems, sources })
            }
            Err(error) if by == Named::Usual && error.kind() == io::ErrorKind::NotFound => {
                Ok(Loaded { place, ..Loaded::default() })
            }
            Err(error) if by == Named::Usual => {
                let problems = vec![Problem::new(Path::default(), format!("it can't be read: {error}"))];
                Ok(Loaded { place, is_there: true, problems, ..Loaded::default() })
            }
            Err(error) => Err(ConfigError::Unreadable { path, error }),
        }
    }

    /// Reads a configuration of which all has to be right.
    ///
    /// # Errors
    /// All that is wrong with it, one line each.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let found = Self::read(text);
        let problems = found.problems.iter().map(ToString::to_string).collect::<Vec<_>>();
        if problems.is_empty() { Ok(found.config) } else { Err(ConfigError::Unusable { problems }) }
    }

    /// What is wrong with values that are of the right type.
    fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let at = |key| Path::keys([key]);
        problems.extend(self.time_zone.zone().err().map(|what| Problem::new(at("time_zone"), what)));
        let rooms = [RoomColumn::Name, RoomColumn::Id];
        lists::check_columns(&self.rooms.columns, rooms, &at("rooms").key("columns"), &mut problems);
        let logging = [LoggingColumn::Name, LoggingColumn::Id];
        lists::check_columns(&self.logging.columns, logging, &at("logging").key("columns"), &mut problems);
        lists::check_groups(&self.group, &at("group"), &mut problems);
        keys::check(&self.keys, &at("keys"), &mut problems);
        profile::check(&self.profile, &at("profile"), &mut problems);
        self.chat.check(&at("chat"), &mut problems);
        reason::check(&self.reason, &at("reason"), &mut problems);
        for (place, template) in self.event_template.iter().enumerate() {
            template.check(&at("event_template").place(place), &mut problems);
        }
        token::check(&self.token_preset, &at("token_preset"), &mut problems);
        rule::check(&self.rule, &at("rule"), &mut problems);
        problems
    }
}

#[cfg(test)]
mod tests;
