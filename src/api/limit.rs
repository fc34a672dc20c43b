//! The service's limits, each stated once: forms show them, operations check them before anything is sent.
//!
//! Source of every figure: the service model `ivschat/2020-07-14` unless the constant says otherwise.

use std::collections::BTreeMap;

use super::error::Problem;

/// A text's length, counted as the service counts it: in Unicode code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// The fewest code points.
    pub min: usize,
    /// The most code points.
    pub max: usize,
    /// The characters that are allowed.
    pub chars: Chars,
}

/// The characters that a text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chars {
    /// Any UTF-8 text.
    Any,
    /// ASCII letters and digits and these.
    AlphanumericAnd(&'static str),
    /// Lower-case ASCII letters and digits and these.
    LowercaseAnd(&'static str),
}

/// A whole number's range, both ends allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The smallest value.
    pub min: u32,
    /// The largest value.
    pub max: u32,
}

const fn text(min: usize, max: usize, chars: Chars) -> Text {
    Text { min, max, chars }
}

/// Name of a room or logging configuration. It need not be unique.
pub const NAME: Text = text(0, 128, Chars::AlphanumericAnd("-_"));
/// Any ARN given as an identifier.
pub const ARN: Text = text(1, 128, Chars::Any);
/// Lambda ARN of a message review handler; the empty text takes the handler away.
pub const HANDLER_URI: Text = text(0, 170, Chars::Any);
/// Id of a user in a token or to be disconnected.
pub const USER_ID: Text = text(1, 128, Chars::Any);
/// Id of a message, event or resource.
pub const ID: Text = text(12, 12, Chars::AlphanumericAnd(""));
/// The reason of a deletion or disconnection. It is sent to everyone in the room.
pub const REASON: Text = text(1, 256, Chars::Any);
/// Name of an application event.
pub const EVENT_NAME: Text = text(1, 100, Chars::Any);
/// Token of a page.
pub const NEXT_TOKEN: Text = text(0, 1024, Chars::Any);
/// Key of a tag.
pub const TAG_KEY: Text = text(1, 128, Chars::Any);
/// Value of a tag.
pub const TAG_VALUE: Text = text(0, 256, Chars::Any);
/// S3 bucket of a logging configuration.
pub const BUCKET_NAME: Text = text(3, 63, Chars::LowercaseAnd("-."));
/// CloudWatch Logs group of a logging configuration.
pub const LOG_GROUP_NAME: Text = text(1, 512, Chars::AlphanumericAnd(".-_/#"));
/// Firehose stream of a logging configuration.
pub const DELIVERY_STREAM_NAME: Text = text(1, 64, Chars::AlphanumericAnd("_.-"));

/// Messages a second that a room takes from all its clients together.
pub const MESSAGE_RATE: Range = Range { min: 1, max: 100 };
/// What a room takes a second if no rate is given.
pub const MESSAGE_RATE_DEFAULT: u32 = 10;
/// Code points in one message.
pub const MESSAGE_LENGTH: Range = Range { min: 1, max: 500 };
/// What a message may hold if no length is given.
pub const MESSAGE_LENGTH_DEFAULT: u32 = 500;
/// Minutes that a chat session lasts; 60 if not given.
pub const SESSION_MINUTES: Range = Range { min: 1, max: 180 };
/// Items on a page of a list; 50 if not given.
pub const MAX_RESULTS: Range = Range { min: 1, max: 50 };

/// Logging configurations of one room.
pub const LOGGING_PER_ROOM: usize = 3;
/// Tags of one resource.
pub const TAGS_PER_RESOURCE: usize = 50;
/// Bytes of all keys and values of a token's attributes together.
pub const TOKEN_ATTRIBUTE_BYTES: usize = 1024;
/// Bytes of all keys and values of an event's attributes together. The API reference says 4 KB since 19 November
/// 2025, the service model still says 1 KB: the newer one is taken, and the service decides.
pub const EVENT_ATTRIBUTE_BYTES: usize = 4096;

/// Whether a tag's key is AWS's own: such tags can't be set or taken away, and don't count.
pub fn is_reserved(key: &str) -> bool {
    key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
}

impl Text {
    /// What is wrong with `value`, if anything is.
    pub fn problem(&self, value: &str) -> Option<String> {
        let length = value.chars().count();
        if length < self.min {
            return Some(match (length, self.min) {
                (0, _) => "must not be empty".to_owned(),
                (_, min) => format!("has {length} characters, at least {min} are needed"),
            });
        }
        if length > self.max {
            return Some(format!("has {length} characters, at most {} are allowed", self.max));
        }
        let stranger = value.chars().find(|c| !self.chars.allows(*c))?;
        Some(format!("{stranger:?} is not allowed; allowed are {}", self.chars.describe()))
    }
}

impl Chars {
    fn allows(self, c: char) -> bool {
        match self {
            Self::Any => true,
            Self::AlphanumericAnd(more) => c.is_ascii_alphanumeric() || more.contains(c),
            Self::LowercaseAnd(more) => c.is_ascii_lowercase() || c.is_ascii_digit() || more.contains(c),
        }
    }

    fn describe(self) -> String {
        let (letters, more) = match self {
            Self::Any => return "all characters".to_owned(),
            Self::AlphanumericAnd(more) => ("letters and digits without accents", more),
            Self::LowercaseAnd(more) => ("lower-case letters and digits without accents", more),
        };
        if more.is_empty() {
            return letters.to_owned();
        }
        let more: Vec<String> = more.chars().map(String::from).collect();
        format!("{letters}, and {}", more.join(" "))
    }
}

/// Collects the problems of an input's members, so that they are told all at once.
#[derive(Debug, Default)]
pub struct Checks(Vec<Problem>);

impl Checks {
    /// Nothing checked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks a required text.
    #[must_use]
    pub fn text(mut self, member: &str, limit: Text, value: &str) -> Self {
        self.0.extend(limit.problem(value).map(|message| Problem::new(member, message)));
        self
    }

    /// Checks a text if it is given.
    #[must_use]
    pub fn optional(self, member: &str, limit: Text, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(member, limit, value),
            None => self,
        }
    }

    /// Checks a number if it is given.
    #[must_use]
    pub fn range(mut self, member: &str, limit: Range, value: Option<u32>) -> Self {
        let Range { min, max } = limit;
        if let Some(value) = value.filter(|value| !(min..=max).contains(value)) {
            self.0.push(Problem::new(member, format!("is {value}, must be {min} to {max}")));
        }
        self
    }

    /// Checks how many items a list has.
    #[must_use]
    pub fn items(mut self, member: &str, max: usize, count: usize) -> Self {
        if count > max {
            self.0.push(Problem::new(member, format!("has {count} entries, at most {max} are allowed")));
        }
        self
    }

    /// Checks tags: their number, their keys, their values, and that none claims to be AWS's own.
    #[must_use]
    pub fn tags(mut self, member: &str, tags: &BTreeMap<String, String>) -> Self {
        self = self.items(member, TAGS_PER_RESOURCE, tags.len());
        for (key, value) in tags {
            self = self.text(&format!("{member}.{key}"), TAG_KEY, key);
            self = self.text(&format!("{member}.{key}"), TAG_VALUE, value);
            if is_reserved(key) {
                self.0.push(Problem::new(format!("{member}.{key}"), "keys that start with aws: are AWS's own"));
            }
        }
        self
    }

    /// Checks the bytes of all keys and values of a map together.
    #[must_use]
    pub fn bytes(mut self, member: &str, max: usize, map: &BTreeMap<String, String>) -> Self {
        let bytes: usize = map.iter().map(|(key, value)| key.len() + value.len()).sum();
        if bytes > max {
            self.0.push(Problem::new(member, format!("has {bytes} bytes, at most {max} are allowed")));
        }
        self
    }

    /// Everything that was wrong.
    pub fn problems(self) -> Vec<Problem> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_code_points_not_bytes() {
        assert_eq!(REASON.problem(&"é".repeat(256)), None);
        assert!(REASON.problem(&"é".repeat(257)).is_some());
        assert_eq!(REASON.problem(""), Some("must not be empty".into()));
    }

    #[test]
    fn a_forbidden_character_is_named() {
        let problem = NAME.problem("my room").expect("a space is not allowed");
        assert!(problem.contains("' '"), "{problem}");
    }

    #[test]
    fn attribute_bytes_count_keys_and_values() {
        let fits = BTreeMap::from([("k".to_owned(), "v".repeat(1023))]);
        let over = BTreeMap::from([("k".to_owned(), "é".repeat(512))]);
        assert!(Checks::new().bytes("attributes", TOKEN_ATTRIBUTE_BYTES, &fits).problems().is_empty());
        assert_eq!(Checks::new().bytes("attributes", TOKEN_ATTRIBUTE_BYTES, &over).problems().len(), 1);
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let problems = Checks::new()
            .text("name", NAME, "a b")
            .range("maximumMessageLength", MESSAGE_LENGTH, Some(501))
            .tags("tags", &BTreeMap::from([("aws:x".to_owned(), String::new())]))
            .problems();
        let members: Vec<_> = problems.iter().map(|problem| problem.member.as_str()).collect();
        assert_eq!(members, ["name", "maximumMessageLength", "tags.aws:x"]);
    }
}
