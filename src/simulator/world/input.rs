//! Reads the input of an operation and collects everything that is wrong with it.
//!
//! The limits here are the simulator's own reading of the service model. They are not shared with the console on
//! purpose: shared, both would be wrong together.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::Refusal;
use super::id::Kind;
use super::refusal::Field;

/// What a text may be. Lengths are in code points.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextLimit {
    least: usize,
    most: usize,
    form: Form,
}

/// What a text may hold, and the rule as the model has it.
#[derive(Debug, Clone, Copy)]
enum Form {
    Any,
    Pattern(&'static str, fn(&str) -> bool),
    Enum(&'static [&'static str]),
}

const fn any(least: usize, most: usize) -> TextLimit {
    TextLimit { least, most, form: Form::Any }
}

const fn one_of(values: &'static [&'static str]) -> TextLimit {
    TextLimit { least: 0, most: usize::MAX, form: Form::Enum(values) }
}

const fn text(least: usize, most: usize, pattern: &'static str, fits: fn(&str) -> bool) -> TextLimit {
    TextLimit { least, most, form: Form::Pattern(pattern, fits) }
}

/// Name of a room or logging configuration.
pub(super) const NAME: TextLimit = text(0, 128, "[a-zA-Z0-9-_]*", |text| all(text, alphanumeric, "-_"));
/// Id of a message.
pub(super) const ID: TextLimit = text(12, 12, "[a-zA-Z0-9]+", |text| all(text, alphanumeric, ""));
pub(super) const ROOM_ARN: TextLimit =
    text(1, 128, "arn:aws:ivschat:[a-z0-9-]+:[0-9]+:room/[a-zA-Z0-9-]+", |text| is_arn(text, Kind::Room));
pub(super) const LOGGING_ARN: TextLimit =
    text(1, 128, "arn:aws:ivschat:[a-z0-9-]+:[0-9]+:logging-configuration/[a-zA-Z0-9-]+", |text| {
        is_arn(text, Kind::Logging)
    });
/// ARN of anything that has tags. The model's own pattern, which problems show, matches no real ARN.
pub(super) const RESOURCE_ARN: TextLimit =
    text(1, 128, "arn:aws:ivschat:[a-z0-9-]+:[0-9]+:[a-z-]/[a-zA-Z0-9-]+", |text| {
        text.starts_with("arn:aws:ivs") && text.split(':').count() == 6 && text.contains('/')
    });
/// ARN of a Lambda function, or nothing.
pub(super) const HANDLER_URI: TextLimit =
    text(0, 170, "$|^arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:.+.*", |text| text.is_empty() || is_function(text));
pub(super) const FALLBACK: TextLimit = one_of(&["ALLOW", "DENY"]);
pub(super) const CAPABILITY: TextLimit = one_of(&["SEND_MESSAGE", "DISCONNECT_USER", "DELETE_MESSAGE"]);
pub(super) const BUCKET_NAME: TextLimit = text(3, 63, "[a-z0-9-.]+", |text| all(text, lower_or_digit, "-."));
pub(super) const LOG_GROUP_NAME: TextLimit =
    text(1, 512, r"[\.\-_/#A-Za-z0-9]+", |text| all(text, alphanumeric, ".-_/#"));
pub(super) const DELIVERY_STREAM_NAME: TextLimit =
    text(1, 64, "[a-zA-Z0-9_.-]+", |text| all(text, alphanumeric, "_.-"));
pub(super) const USER_ID: TextLimit = any(1, 128);
pub(super) const REASON: TextLimit = any(1, 256);
pub(super) const EVENT_NAME: TextLimit = any(1, 100);
pub(super) const NEXT_TOKEN: TextLimit = any(0, 1024);
pub(super) const TAG_KEY: TextLimit = any(1, 128);
pub(super) const TAG_VALUE: TextLimit = any(0, 256);

/// Tags of one resource.
pub(super) const TAGS: usize = 50;
/// Logging configurations of one room.
pub(super) const LOGGING_PER_ROOM: usize = 3;
/// Bytes of all keys and values of a token's attributes.
pub(super) const TOKEN_ATTRIBUTES: usize = 1024;
/// Bytes of all keys and values of an event's attributes: 4 KB since 19 November 2025 by the API reference, while the
/// model still says 1 KB.
pub(super) const EVENT_ATTRIBUTES: usize = 4096;

fn all(text: &str, kind: fn(char) -> bool, more: &str) -> bool {
    text.chars().all(|c| kind(c) || more.contains(c))
}

fn alphanumeric(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn lower_or_digit(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

fn is_arn(text: &str, kind: Kind) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let ["arn", "aws", "ivschat", region, account, resource] = parts[..] else { return false };
    let Some((name, id)) = resource.split_once('/') else { return false };
    name == kind.in_arn()
        && !region.is_empty()
        && all(region, lower_or_digit, "-")
        && !account.is_empty()
        && account.chars().all(|c| c.is_ascii_digit())
        && !id.is_empty()
        && all(id, alphanumeric, "-")
}

fn is_function(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(7, ':').collect();
    let ["arn", "aws", "lambda", region, account, "function", name] = parts[..] else { return false };
    !region.is_empty()
        && all(region, lower_or_digit, "-")
        && account.len() == 12
        && account.chars().all(|c| c.is_ascii_digit())
        && !name.is_empty()
}

impl TextLimit {
    /// What is wrong with a text, in the service's words.
    pub(super) fn problem(&self, text: &str) -> Option<String> {
        let length = text.chars().count();
        if length < self.least {
            return Some(format!("Member must have length greater than or equal to {}", self.least));
        }
        if length > self.most {
            return Some(format!("Member must have length less than or equal to {}", self.most));
        }
        match self.form {
            Form::Pattern(pattern, fits) if !fits(text) => {
                Some(format!("Member must satisfy regular expression pattern: {pattern}"))
            }
            Form::Enum(values) if !values.contains(&text) => {
                Some(format!("Member must satisfy enum value set: [{}]", values.join(", ")))
            }
            Form::Any | Form::Pattern(..) | Form::Enum(_) => None,
        }
    }
}

/// The members of an input, or of a structure within it, and what was found wrong so far.
#[derive(Debug)]
pub(super) struct Input<'a> {
    members: Option<&'a Map<String, Value>>,
    /// Of a structure: its own name and a dot.
    prefix: String,
    problems: Vec<Field>,
}

impl<'a> Input<'a> {
    /// The input in a request's body. No body is an empty input.
    pub(super) fn of(body: Option<&'a Value>) -> Result<Self, Refusal> {
        match body {
            Some(Value::Object(members)) => Ok(Self::new(Some(members), String::new())),
            None | Some(Value::Null) => Ok(Self::new(None, String::new())),
            Some(_) => Err(Refusal::invalid_input("The body must be a JSON object")),
        }
    }

    fn new(members: Option<&'a Map<String, Value>>, prefix: String) -> Self {
        Self { members, prefix, problems: Vec::new() }
    }

    /// A member, whatever it is; `null` is as good as none. For a look before anything is checked.
    pub(super) fn raw(&self, member: &str) -> Option<&'a Value> {
        self.members?.get(member).filter(|value| !value.is_null())
    }

    /// Notes that a member is wrong.
    pub(super) fn problem(&mut self, member: &str, message: impl Into<String>) {
        self.problems.push(Field { name: format!("{}{member}", self.prefix), message: message.into() });
    }

    /// A text, if it is given and fits.
    pub(super) fn text(&mut self, member: &str, limit: TextLimit) -> Option<&'a str> {
        let value = self.raw(member)?;
        self.checked(member, value, limit)
    }

    /// A text that must be there; empty if it is not, or does not fit, which [`Input::finish`] then says.
    pub(super) fn required(&mut self, member: &str, limit: TextLimit) -> &'a str {
        if self.raw(member).is_none() {
            self.problem(member, "Member must not be null");
        }
        self.text(member, limit).unwrap_or_default()
    }

    fn checked(&mut self, member: &str, value: &'a Value, limit: TextLimit) -> Option<&'a str> {
        let Value::String(text) = value else {
            self.problem(member, "Member must be a string");
            return None;
        };
        if let Some(problem) = limit.problem(text) {
            self.problem(member, problem);
            return None;
        }
        Some(text)
    }

    /// A whole number, if it is given and in the range.
    pub(super) fn integer(&mut self, member: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.raw(member)?;
        let Some(number) = value.as_i64() else {
            self.problem(member, "Member must be an integer");
            return None;
        };
        let number = u32::try_from(number).ok().filter(|number| range.contains(number));
        if number.is_none() {
            let message = format!("Member must be between {} and {}, inclusive", range.start(), range.end());
            self.problem(member, message);
        }
        number
    }

    /// A list of texts, if it is given, with at most `most` of them.
    pub(super) fn texts(&mut self, member: &str, most: usize, limit: TextLimit) -> Option<Vec<&'a str>> {
        let Value::Array(values) = self.raw(member)? else {
            self.problem(member, "Member must be a list");
            return None;
        };
        if values.len() > most {
            self.problem(member, format!("Member must have length less than or equal to {most}"));
        }
        Some(values.iter().filter_map(|value| self.checked(member, value, limit)).collect())
    }

    /// A map of texts, if it is given. Its size is for the caller to check.
    pub(super) fn map(&mut self, member: &str) -> Option<BTreeMap<String, String>> {
        let Value::Object(entries) = self.raw(member)? else {
            self.problem(member, "Member must be a map");
            return None;
        };
        let mut map = BTreeMap::new();
        for (key, value) in entries {
            match value {
                Value::String(text) => {
                    map.insert(key.clone(), text.clone());
                }
                _ => self.problem(&format!("{member}.{key}"), "Member must be a string"),
            }
        }
        Some(map)
    }

    /// A map of texts whose keys and values have at most `most` bytes together; empty if not given.
    pub(super) fn attributes(&mut self, member: &str, most: usize) -> BTreeMap<String, String> {
        let map = self.map(member).unwrap_or_default();
        let bytes: usize = map.iter().map(|(key, value)| key.len() + value.len()).sum();
        if bytes > most {
            self.problem(member, format!("Member must have at most {most} bytes in total, has {bytes}"));
        }
        map
    }

    /// Tags, if they are given.
    pub(super) fn tags(&mut self, member: &str) -> Option<BTreeMap<String, String>> {
        let tags = self.map(member)?;
        if tags.len() > TAGS {
            self.problem(member, format!("Member must have length less than or equal to {TAGS}"));
        }
        for (key, value) in &tags {
            let path = format!("{member}.{key}");
            if let Some(problem) = TAG_KEY.problem(key).or_else(|| TAG_VALUE.problem(value)) {
                self.problem(&path, problem);
            }
            // Tag naming limits of all AWS services: the prefix is reserved in any spelling.
            if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
                self.problem(&path, "aws: prefixed tag key names are not allowed for external use");
            }
        }
        Some(tags)
    }

    /// A structure, if it is given. Give it back with [`Input::absorb`].
    pub(super) fn structure(&mut self, member: &str) -> Option<Input<'a>> {
        let Value::Object(members) = self.raw(member)? else {
            self.problem(member, "Member must be a structure");
            return None;
        };
        Some(Self::new(Some(members), format!("{}{member}.", self.prefix)))
    }

    /// Takes over what was found wrong within a structure.
    pub(super) fn absorb(&mut self, structure: Input<'a>) {
        self.problems.extend(structure.problems);
    }

    /// Refuses the input if anything was wrong, naming all of it.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        if self.problems.is_empty() { Ok(()) } else { Err(Refusal::invalid(&self.problems)) }
    }
}
