//! What the console is told before it starts: a file, then the environment, then flags, each over the one before.

mod profile;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::api::limit::{self, Checks};
use crate::app::room::protected::Protected;
use crate::app::room::rules;
use crate::runtime::log::Level;

pub use profile::{Colour, Profile};

/// The configuration file. Every member may be left out; an unknown one is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The region.
    pub region: Option<String>,
    /// The control plane's endpoint.
    pub endpoint_url: Option<String>,
    /// The messaging API's endpoint.
    pub messaging_endpoint_url: Option<String>,
    /// How a text gets into the clipboard.
    pub clipboard: Option<Clipboard>,
    /// Profiles of the AWS configuration, by name.
    #[serde(default)]
    pub profile: BTreeMap<String, Profile>,
    /// Whether the mouse selects and scrolls.
    pub mouse: Option<bool>,
    /// Whether everything is drawn with ASCII signs; by the locale and the terminal if left out.
    pub ascii: Option<bool>,
    /// How much is written into the log.
    pub log_level: Option<Level>,
    /// Live rooms.
    #[serde(default)]
    pub chat: Chat,
    /// Reasons that a digit chooses.
    #[serde(default)]
    pub reason: Vec<Reason>,
    /// Events that are sent again and again.
    #[serde(default)]
    pub event_template: Vec<EventTemplate>,
    /// Presets for chat tokens.
    #[serde(default)]
    pub token_preset: Vec<TokenPreset>,
    /// What flags messages.
    #[serde(default)]
    pub rule: Vec<rules::Spec>,
}

/// How a text gets into the clipboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clipboard {
    /// tmux if the console runs in it, else OSC 52.
    #[default]
    Auto,
    /// The terminal's own sequence for it.
    Osc52,
    /// `tmux load-buffer`.
    Tmux,
    /// Not at all.
    Off,
}

/// Live rooms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    /// As whom the console watches.
    pub user_id: Option<String>,
    /// What that user may do besides reading.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// What is sent along with each message of that user.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// How long a session of that user lasts; the service's 60 minutes if left out.
    pub session_minutes: Option<u32>,
    /// The reason that a deletion gives; everyone in the room can read it. Empty gives none.
    pub delete_reason: Option<String>,
    /// The reason that stands in the form for a disconnection; everyone in the room can read it. Empty gives none.
    pub disconnect_reason: Option<String>,
    /// Rows that are kept of each room.
    pub scrollback: Option<usize>,
    /// How long a deletion or disconnection waits before it is sent, so that it can be cancelled.
    pub grace_seconds: Option<u32>,
    /// Deletions, and as many disconnections, that are sent a second at most.
    pub actions_per_second: Option<u32>,
    /// The attributes of a token that may hold a user's name: the first that is filled counts.
    pub name_attributes: Option<Vec<String>>,
    /// The attributes of a token that hold a user's badges: all that are filled count.
    pub badge_attributes: Option<Vec<String>>,
    /// How many minutes a user is watched.
    pub watch_minutes: Option<u32>,
    /// Messages that rules may delete in an armed room within a minute; one more disarms it.
    pub rule_deletions_per_minute: Option<usize>,
    /// Users whom no rule and nothing in bulk hits.
    #[serde(default)]
    pub protected: Vec<String>,
}

impl Chat {
    fn watching_problems(&self) -> impl Iterator<Item = String> {
        let checks = Checks::new().range("session_minutes", limit::SESSION_MINUTES, self.session_minutes).bytes(
            "attributes",
            limit::TOKEN_ATTRIBUTE_BYTES,
            &self.attributes,
        );
        let told = checks.problems().into_iter();
        let twice = self.capabilities.iter().enumerate().any(|(at, one)| self.capabilities[..at].contains(one));
        told.map(|problem| format!("chat.{} {}", problem.member, problem.message))
            .chain(twice.then(|| "chat.capabilities names one twice".to_owned()))
    }

    fn people_problems(&self) -> impl Iterator<Item = String> {
        let given = [("name_attributes", &self.name_attributes), ("badge_attributes", &self.badge_attributes)];
        let attributes = given.into_iter().filter_map(|(key, names)| {
            let names = names.as_ref()?;
            if names.len() > ATTRIBUTES {
                return Some(format!("chat.{key} has {} attributes, must have at most {ATTRIBUTES}", names.len()));
            }
            let blank = names.iter().position(|name| name.trim().is_empty())?;
            Some(format!("chat.{key}: attribute {} must not be empty", blank + 1))
        });
        let minutes = self.watch_minutes.filter(|minutes| !WATCH_RANGE.contains(minutes)).map(|minutes| {
            let (least, most) = (WATCH_RANGE.start(), WATCH_RANGE.end());
            format!("chat.watch_minutes is {minutes}, must be {least} to {most}")
        });
        attributes.chain(minutes).collect::<Vec<_>>().into_iter()
    }
}

/// A reason for a deletion or disconnection, which a digit chooses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// What everyone in the room is told.
    pub text: String,
    /// The rooms in which it is offered, by name, id or ARN, with `*` for anything; in all if left out.
    pub rooms: Option<Vec<String>>,
}

impl Reason {
    /// What is wrong with the reason that is the `place`th of the file.
    fn problems(&self, place: usize) -> Vec<String> {
        let empty = Some("must not be empty".to_owned()).filter(|_| self.text.trim().is_empty());
        let text = empty.or_else(|| limit::REASON.problem(&self.text)).map(|problem| format!("text {problem}"));
        let rooms = match &self.rooms {
            Some(rooms) if rooms.is_empty() => Some("rooms names none: leave it out for all rooms".to_owned()),
            Some(rooms) if rooms.iter().any(|room| room.trim().is_empty()) => Some("rooms has an empty one".to_owned()),
            Some(_) | None => None,
        };
        text.into_iter().chain(rooms).map(|problem| format!("reason {place}: {problem}")).collect()
    }
}

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

impl EventTemplate {
    /// What is wrong with the template that is the `place`th of the file.
    fn problems(&self, place: usize) -> Vec<String> {
        let name = Some("must not be empty".to_owned()).filter(|_| self.name.trim().is_empty());
        let bytes = Checks::new().bytes("attributes", limit::EVENT_ATTRIBUTE_BYTES, &self.attributes).problems();
        [("name", name), ("event", limit::EVENT_NAME.problem(&self.event))]
            .into_iter()
            .filter_map(|(member, problem)| Some((member.to_owned(), problem?)))
            .chain(bytes.into_iter().map(|problem| (problem.member, problem.message)))
            .map(|(member, problem)| format!("event_template {place}: {member} {problem}"))
            .collect()
    }
}

/// What the user of a token may do besides reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Capability {
    /// Write messages.
    SendMessage,
    /// Delete messages.
    DeleteMessage,
    /// Disconnect users.
    DisconnectUser,
}

/// Characters of a preset's name, so that several stand side by side.
const PRESET_NAME: limit::Text = limit::Text { min: 1, max: 24, chars: limit::Chars::AlphanumericAnd("-_") };
/// What the form calls what was typed by hand.
const TYPED: &str = "custom";

/// The reason of a deletion if none is configured.
pub const DELETE_REASON: &str = "Removed by a moderator";
/// Rows that are kept of each room if nothing is configured.
pub const SCROLLBACK: usize = 20_000;
/// How many minutes a user is watched if nothing is configured.
pub const WATCH_MINUTES: u32 = 15;

/// Attributes that may be looked at for a name or for badges.
const ATTRIBUTES: usize = 16;
/// Minutes that a user may be watched.
pub const WATCH_RANGE: RangeInclusive<u32> = 1..=1440;

/// Seconds that an action may wait to be cancelled: longer, and what should be gone stays too long.
const GRACE_SECONDS: u32 = 10;
/// Deletions, and as many disconnections, that an account may send a second (User Guide, service quotas).
const QUOTA_PER_SECOND: u32 = 100;
/// Deletions, and as many disconnections, that are sent a second if nothing is configured: other programs live on the
/// account's quota, too.
pub const ACTIONS_PER_SECOND: u32 = 80;
/// Deletions by rules in a minute that may be configured: more than the account's quota allows need no brake.
const MOST_BY_RULES: usize = 6_000;
/// Reasons that have a digit.
const REASONS: usize = 9;

/// Why a configuration can't be used: what, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file that was named, and can't be read.
    #[error("{path}: {error}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file that is not what it should be, with line and column.
    #[error("{path}:\n{error}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and why.
        error: Box<toml::de::Error>,
    },
    /// Values that can't be used, all of them.
    #[error("{path}:\n{}", problems.join("\n"))]
    Unusable {
        /// The file.
        path: PathBuf,
        /// One line each.
        problems: Vec<String>,
    },
}

impl Config {
    /// Reads the file that was named, or the one in its usual place if there is one.
    ///
    /// # Errors
    /// If a named file can't be read, or any file is malformed.
    pub fn load(named: Option<&Path>, variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let Some(path) = named.map(Path::to_owned).or_else(|| usual_place(variable)) else {
            return Ok(Self::default());
        };
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, &path),
            Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(ConfigError::Unreadable { path, error }),
        }
    }

    /// Reads a configuration; `path` is for the error.
    ///
    /// # Errors
    /// If it is not TOML, has an unknown key, or a value that can't be used.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text)
            .map_err(|error| ConfigError::Malformed { path: path.to_owned(), error: Box::new(error) })?;
        let problems = config.problems();
        if problems.is_empty() { Ok(config) } else { Err(ConfigError::Unusable { path: path.to_owned(), problems }) }
    }

    fn problems(&self) -> Vec<String> {
        let text = |key: &str, limit: limit::Text, value: Option<&String>| {
            value.and_then(|value| limit.problem(value)).map(|problem| format!("{key} {problem}"))
        };
        let given = |reason: &'_ Option<String>| reason.clone().filter(|reason| !reason.is_empty());
        let (delete, disconnect) = (given(&self.chat.delete_reason), given(&self.chat.disconnect_reason));
        let scrollback = self.chat.scrollback.filter(|rows| !(100..=1_000_000).contains(rows));
        let grace = self.chat.grace_seconds.filter(|seconds| *seconds > GRACE_SECONDS);
        let pace = self.chat.actions_per_second.filter(|pace| !(1..=QUOTA_PER_SECOND).contains(pace));
        let brake = self.chat.rule_deletions_per_minute.filter(|most| !(1..=MOST_BY_RULES).contains(most));
        let everywhere = self.reason.iter().filter(|reason| reason.rooms.is_none()).count();
        let digits = Some(everywhere).filter(|count| *count > REASONS);
        [
            text("chat.user_id", limit::USER_ID, self.chat.user_id.as_ref()),
            text("chat.delete_reason", limit::REASON, delete.as_ref()),
            text("chat.disconnect_reason", limit::REASON, disconnect.as_ref()),
            scrollback.map(|rows| format!("chat.scrollback is {rows}, must be 100 to 1000000")),
            grace.map(|seconds| format!("chat.grace_seconds is {seconds}, must be 0 to {GRACE_SECONDS}")),
            pace.map(|pace| format!("chat.actions_per_second is {pace}, must be 1 to {QUOTA_PER_SECOND}")),
            brake.map(|most| format!("chat.rule_deletions_per_minute is {most}, must be 1 to {MOST_BY_RULES}")),
            digits.map(|count| format!("reason: {count} are for all rooms, at most {REASONS} have a digit")),
        ]
        .into_iter()
        .flatten()
        .chain(self.chat.watching_problems())
        .chain(self.chat.people_problems())
        .chain((1..).zip(&self.reason).flat_map(|(place, reason)| reason.problems(place)))
        .chain((1..).zip(&self.event_template).flat_map(|(place, template)| template.problems(place)))
        .chain(profile::problems(&self.profile))
        .chain(self.preset_problems())
        .chain(self.rule_problems())
        .collect()
    }

    fn rule_problems(&self) -> Vec<String> {
        let protected = Protected::parse(&self.chat.protected).err().unwrap_or_default().into_iter();
        let protected = protected.map(|problem| format!("chat.protected: entry {problem}"));
        protected.chain(rules::Rules::compile(&self.rule).err().unwrap_or_default()).collect()
    }

    fn preset_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (index, preset) in self.token_preset.iter().enumerate() {
            let key = format!("token_preset {} ({:?})", index + 1, preset.name);
            problems.extend(PRESET_NAME.problem(&preset.name).map(|problem| format!("{key}: name {problem}")));
            if preset.name == TYPED {
                problems.push(format!("{key}: name {TYPED:?} is what the form calls what was typed: choose another"));
            }
            if self.token_preset[..index].iter().any(|other| other.name == preset.name) {
                problems.push(format!("{key}: name is there already: choose another"));
            }
            let checks = limit::Checks::new()
                .range("session_minutes", limit::SESSION_MINUTES, preset.session_minutes)
                .bytes("attributes", limit::TOKEN_ATTRIBUTE_BYTES, &preset.attributes);
            let told = checks.problems().into_iter();
            problems.extend(told.map(|problem| format!("{key}: {} {}", problem.member, problem.message)));
        }
        problems
    }
}

/// `$XDG_CONFIG_HOME/ivschat/config.toml`, or `~/.config/ivschat/config.toml`, on every system.
fn usual_place(variable: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let given = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = given("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
    Some(base.or_else(|| Some(given("HOME")?.join(".config")))?.join("ivschat").join("config.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, Path::new("config.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = parse("region = \"us-west-2\"\n[chat]\nuser = \"me\"\n").unwrap_err();
        assert!(error.contains("line 3") && error.contains("unknown field `user`"), "{error}");
    }

    #[test]
    fn all_values_that_can_not_be_used_are_told_at_once() {
        let long = "x".repeat(257);
        let error = parse(&format!(
            "[chat]\nuser_id = \"\"\nscrollback = 1\nname_attributes = [\"a\", \" \"]\nwatch_minutes = 0\ndelete_reason = \"{long}\"\ndisconnect_reason = \"{long}\""
        ));
        let error = error.unwrap_err();
        let lengths = ["chat.delete_reason has 257", "chat.disconnect_reason has 257"];
        let people = ["chat.name_attributes: attribute 2 must not", "chat.watch_minutes is 0, must be 1 to 1440"];
        let own = ["chat.user_id must not be empty", "chat.scrollback is 1"];
        for key in own.into_iter().chain(people).chain(lengths) {
            assert!(error.contains(key), "{error}");
        }
        assert_eq!(parse("[chat]\ndisconnect_reason = \"\"").unwrap().chat.disconnect_reason.as_deref(), Some(""));
    }

    #[test]
    fn who_watches_is_checked_against_the_limits_of_a_token() {
        let parsed =
            parse("[chat]\ncapabilities = [\"DELETE_MESSAGE\"]\nattributes = { team = \"blue\" }\nsession_minutes = 5");
        let chat = parsed.unwrap().chat;
        assert_eq!((chat.capabilities, chat.session_minutes), (vec![Capability::DeleteMessage], Some(5)));
        assert_eq!(chat.attributes["team"], "blue");
        // 512 characters of two bytes and a name of one: bytes count, not characters.
        let error = parse(&format!(
            "[chat]\nsession_minutes = 181\ncapabilities = [\"SEND_MESSAGE\", \"SEND_MESSAGE\"]\nattributes = {{ a = \"{}\" }}",
            "é".repeat(512)
        ));
        let error = error.unwrap_err();
        for words in [
            "chat.session_minutes is 181, must be 1 to 180",
            "chat.attributes has 1025 bytes",
            "chat.capabilities names one twice",
        ] {
            assert!(error.contains(words), "{error}");
        }
        assert!(parse("[chat]\ncapabilities = [\"ALL\"]").unwrap_err().contains("expected one of `SEND_MESSAGE`"));
    }

    #[test]
    fn an_event_template_that_can_not_be_sent_is_told_with_its_place() {
        let long = "x".repeat(101);
        let error = parse(&format!(
            "[[event_template]]\nname = \"poll\"\nevent = \"app:POLL\"\n\n[[event_template]]\nname = \"\"\nevent = \"{long}\"\n\
             attributes = {{ a = \"{}\" }}",
            "y".repeat(4096)
        ));
        let error = error.unwrap_err();
        for words in ["2: name must not", "2: event has 101 characters", "2: attributes has 4097 bytes"] {
            assert!(error.contains(words), "{error}");
        }
        assert!(!error.contains("event_template 1"), "{error}");
    }

    #[test]
    fn a_reason_that_can_not_be_used_is_told_with_its_place() {
        let nine = "[[reason]]\ntext = \"fine\"\n".repeat(9);
        assert_eq!(parse(&nine).unwrap().reason.len(), 9);
        let long = "x".repeat(257);
        let error = parse(&format!(
            "[chat]\ngrace_seconds = 11\nactions_per_second = 101\nrule_deletions_per_minute = 0\n{nine}[[reason]]\ntext = \" \"\n\
             [[reason]]\ntext = \"{long}\"\nrooms = []\n[[reason]]\ntext = \"x\"\nrooms = [\"\"]\n"
        ));
        let error = error.unwrap_err();
        for words in [
            "chat.grace_seconds is 11, must be 0 to 10",
            "chat.actions_per_second is 101, must be 1 to 100",
            "chat.rule_deletions_per_minute is 0, must be 1 to 6000",
            "reason: 10 are for all rooms, at most 9 have a digit",
            "reason 10: text must not be empty",
            "reason 11: text has 257 characters",
            "reason 11: rooms names none",
            "reason 12: rooms has an empty one",
        ] {
            assert!(error.contains(words), "{words}: {error}");
        }
        assert!(parse("[[reason]]\nrooms = [\"lobby-*\"]").unwrap_err().contains("missing field `text`"));
    }

    #[test]
    fn a_preset_that_can_not_be_used_says_which_and_why() {
        for (preset, wanted) in [
            ("name = \"a\"\ncapabilities = [\"SEND\"]", "expected one of `SEND_MESSAGE`, `DELETE_MESSAGE`"),
            ("name = \"a\"\nminutes = 5", "unknown field `minutes`, expected one of `name`, `capabilities`"),
            ("capabilities = []", "missing field `name`"),
        ] {
            let error = parse(&format!("[[token_preset]]\n{preset}\n")).unwrap_err();
            assert!(error.contains("line ") && error.contains(wanted), "{error}");
        }
        let error = parse(
            "[[token_preset]]\nname = \"a b\"\nsession_minutes = 181\n[[token_preset]]\nname = \"custom\"\n\
             [[token_preset]]\nname = \"x\"\n[[token_preset]]\nname = \"x\"\n",
        );
        let error = error.unwrap_err();
        for wanted in [
            "token_preset 1 (\"a b\"): name ' ' is not allowed",
            "token_preset 1 (\"a b\"): session_minutes is 181, must be 1 to 180",
            "token_preset 2 (\"custom\"): name \"custom\" is what the form calls",
            "token_preset 4 (\"x\"): name is there already",
        ] {
            assert!(error.contains(wanted), "{error}");
        }
    }

    #[test]
    fn the_usual_place_is_the_xdg_one_everywhere() {
        let home = |name: &str| (name == "HOME").then(|| "/home/me".to_owned());
        assert_eq!(usual_place(home), Some(PathBuf::from("/home/me/.config/ivschat/config.toml")));
        let xdg = |name: &str| (name == "XDG_CONFIG_HOME").then(|| "/etc/xdg".to_owned());
        assert_eq!(usual_place(xdg), Some(PathBuf::from("/etc/xdg/ivschat/config.toml")));
    }

    #[test]
    fn the_example_is_the_default_and_all_of_its_keys_are_known() {
        let example = include_str!("../config.example.toml");
        assert_eq!(parse(example), Ok(Config::default()));
        let is_code = |line: &&str| line.contains(" = ") || line.starts_with('[');
        let all = example.lines().map(|line| line.strip_prefix("# ").filter(is_code).unwrap_or(line));
        let all = parse(&all.collect::<Vec<_>>().join("\n")).unwrap();
        assert_eq!(all.chat.delete_reason.as_deref(), Some(DELETE_REASON));
        assert_eq!(all.chat.scrollback, Some(SCROLLBACK));
        assert!(all.region.is_some() && all.endpoint_url.is_some() && all.messaging_endpoint_url.is_some());
        let own = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(all.chat.name_attributes, own(&["displayName", "displayname", "username", "name"]));
        assert_eq!(all.chat.badge_attributes, own(&["badge", "role"]));
        assert_eq!(all.chat.watch_minutes, Some(WATCH_MINUTES));
        assert!(all.chat.user_id.is_some() && all.chat.disconnect_reason.is_some());
        assert_eq!((all.chat.capabilities.len(), all.chat.session_minutes), (0, Some(60)));
        assert_eq!(all.chat.attributes["displayName"], "Nadia");
        assert_eq!((all.chat.grace_seconds, all.chat.actions_per_second), (Some(0), Some(ACTIONS_PER_SECOND)));
        assert_eq!(all.chat.rule_deletions_per_minute, Some(300));
        assert_eq!(all.reason[0].text, "Spam");
        assert!(all.reason[1].rooms.is_some());
        assert_eq!(all.event_template[0].attributes["question"], "tea or coffee?");
        assert_eq!(all.token_preset[0].capabilities.len(), 2);
        assert!(all.token_preset[0].session_minutes.is_some() && !all.token_preset[0].attributes.is_empty());
        assert_eq!(all.clipboard, Some(Clipboard::default()));
        assert_eq!((all.mouse, all.ascii, all.log_level), (Some(false), Some(false), Some(Level::default())));
        assert_eq!(all.chat.protected.len(), 2);
        let prod = Profile { protected: true, read_only: Some(true), colour: Some(Colour::Red) };
        assert_eq!(all.profile["prod"], prod);
        let shown = |wanted: fn(&rules::Spec) -> bool| all.rule.iter().any(wanted);
        assert!(shown(|rule| !rule.words.is_empty()) && shown(|rule| rule.pattern.is_some()));
        assert!(shown(|rule| rule.links.is_some() && !rule.allow.is_empty()) && shown(|rule| rule.repeat.is_some()));
        assert!(shown(|rule| rule.flood.is_some()) && shown(|rule| !rule.rooms.is_empty()));
        assert!(shown(|rule| rule.action == rules::spec::Deed::Delete && rule.reason.is_some()));
        assert!(shown(|rule| rule.action == rules::spec::Deed::Flag));
    }

    #[test]
    fn rules_and_protected_users_that_can_not_be_used_are_told_with_everything_else() {
        let error = parse(
            "[chat]\nscrollback = 1\nprotected = [\"mod-7\", \"=x\"]\n\
             [[rule]]\nname = \"a\"\npattern = \"(\"\n[[rule]]\nname = \"b\"\n",
        );
        let error = error.unwrap_err();
        for wanted in [
            "chat.scrollback is 1",
            "chat.protected: entry 2 is \"=x\"",
            "rule 1 (\"a\"): pattern means nothing",
            "rule 2 (\"b\"): it looks for nothing",
        ] {
            assert!(error.contains(wanted), "{error}");
        }
        let error = parse("[[rule]]\nname = \"a\"\nword = [\"x\"]\n").unwrap_err();
        assert!(error.contains("line 3") && error.contains("unknown field `word`"), "{error}");
    }
}
