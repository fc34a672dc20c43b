//! The rows of the three lists: a room, a logging configuration, a tag.

use std::cmp::Ordering;
use std::fmt::Write;

use jiff::Timestamp;

use crate::api::Arn;
use crate::api::model::{Destination, LoggingConfiguration, LoggingState, RoomSummary};
use crate::app::groups::{Groups, WORD};
use crate::app::text::{Clean, clean};

use super::listing::Row;

/// A room in the list.
#[derive(Debug, Clone)]
pub struct RoomRow {
    /// What the service listed.
    pub summary: RoomSummary,
    /// Its name, or its id if it has none.
    pub title: Clean,
    /// The name of the function that reviews its messages; empty without one.
    pub review: Clean,
    haystack: String,
    sorted_title: String,
}

impl From<RoomSummary> for RoomRow {
    fn from(summary: RoomSummary) -> Self {
        let title = clean(summary.title());
        let handler = summary.message_review_handler.as_ref().map_or("", |handler| handler.uri.as_str());
        let tags = summary.tags.iter().map(|(key, value)| format!("{key}={value}"));
        let logging = summary.logging_configuration_identifiers.iter().map(|arn| arn.id().to_owned());
        let words: Vec<String> = [summary.name.clone(), summary.arn.id().to_owned(), handler.to_owned()]
            .into_iter()
            .chain(tags)
            .chain(logging)
            .collect();
        let review = clean(function(handler));
        let sorted_title = title.as_str().to_lowercase();
        Self { title, review, haystack: words.join("\n").to_lowercase(), sorted_title, summary }
    }
}

impl RoomRow {
    /// The same, which the filter finds by the groups that it is in.
    #[must_use]
    pub fn within(mut self, groups: &Groups) -> Self {
        for group in groups.of(&self.summary.arn, &self.summary.name) {
            let _ = write!(self.haystack, "\n{WORD}{group}");
        }
        self
    }
}

impl Row for RoomRow {
    const ORDERS: &'static [&'static str] = &["changed", "name", "review", "logging", "tags", "id", "created"];

    fn id(&self) -> &str {
        self.summary.arn.as_str()
    }

    fn haystack(&self) -> &str {
        &self.haystack
    }

    fn compare(&self, other: &Self, order: usize) -> Ordering {
        let (a, b) = (&self.summary, &other.summary);
        match order {
            1 => self.sorted_title.cmp(&other.sorted_title),
            2 => empty_last(self.review.as_str(), other.review.as_str()),
            3 => b.logging_configuration_identifiers.len().cmp(&a.logging_configuration_identifiers.len()),
            4 => b.tags.len().cmp(&a.tags.len()),
            5 => a.arn.id().cmp(b.arn.id()),
            _ => newest_first(a.create_time, b.create_time),
        }
    }
}

/// A logging configuration in the list.
#[derive(Debug, Clone)]
pub struct LoggingRow {
    /// What the service listed.
    pub configuration: LoggingConfiguration,
    /// Its name, or its id if it has none.
    pub title: Clean,
    /// Where it logs to, in a few words.
    pub destination: Clean,
    haystack: String,
    sorted_title: String,
}

impl From<LoggingConfiguration> for LoggingRow {
    fn from(configuration: LoggingConfiguration) -> Self {
        let title = clean(configuration.title());
        let destination = clean(&destination(configuration.destination_configuration.as_ref()));
        let state = configuration.state.as_ref().map_or("", LoggingState::as_str);
        let words = [title.as_str(), configuration.arn.id(), state, destination.as_str()];
        let haystack = words.join("\n").to_lowercase();
        Self { sorted_title: title.as_str().to_lowercase(), haystack, configuration, title, destination }
    }
}

impl LoggingRow {
    /// Its state, as the service writes it.
    pub fn state(&self) -> &str {
        self.configuration.state.as_ref().map_or("", LoggingState::as_str)
    }
}

impl Row for LoggingRow {
    const ORDERS: &'static [&'static str] = &["listed", "name", "state", "destination", "id", "created", "changed"];

    fn id(&self) -> &str {
        self.configuration.arn.as_str()
    }

    fn haystack(&self) -> &str {
        &self.haystack
    }

    fn compare(&self, other: &Self, order: usize) -> Ordering {
        let (a, b) = (&self.configuration, &other.configuration);
        match order {
            1 => self.sorted_title.cmp(&other.sorted_title),
            2 => self.state().cmp(other.state()),
            3 => self.destination.as_str().cmp(other.destination.as_str()),
            4 => a.arn.id().cmp(b.arn.id()),
            5 => newest_first(a.create_time, b.create_time),
            _ => newest_first(a.update_time, b.update_time),
        }
    }
}

/// A tag in the list.
#[derive(Debug, Clone)]
pub struct TagRow {
    /// The key as it came.
    pub key: String,
    /// The value as it came.
    pub raw: String,
    /// The key, made safe.
    pub shown_key: Clean,
    /// The value, made safe.
    pub value: Clean,
    haystack: String,
}

impl TagRow {
    /// The tag `key` with this value.
    pub fn new(key: String, value: &str) -> Self {
        let shown = clean(value);
        let haystack = format!("{key}={}", shown.as_str()).to_lowercase();
        Self { shown_key: clean(&key), haystack, value: shown, raw: value.to_owned(), key }
    }
}

impl Row for TagRow {
    const ORDERS: &'static [&'static str] = &["key", "value"];

    fn id(&self) -> &str {
        &self.key
    }

    fn haystack(&self) -> &str {
        &self.haystack
    }

    fn compare(&self, other: &Self, _order: usize) -> Ordering {
        self.value.as_str().to_lowercase().cmp(&other.value.as_str().to_lowercase())
    }
}

/// Where messages are logged to, in a few words: `s3://bucket`, `cloudwatch:/group`, `firehose:stream`.
pub fn destination(destination: Option<&Destination>) -> String {
    match destination {
        Some(Destination::S3 { bucket_name }) => format!("s3://{bucket_name}"),
        Some(Destination::CloudWatchLogs { log_group_name }) => format!("cloudwatch:{log_group_name}"),
        Some(Destination::Firehose { delivery_stream_name }) => format!("firehose:{delivery_stream_name}"),
        Some(Destination::Unknown(value)) => value.to_string(),
        None => String::new(),
    }
}

/// The name or id of a resource of which only the ARN is known.
pub fn short(arn: &Arn) -> String {
    clean(arn.id()).as_str().to_owned()
}

/// The name of a Lambda function, with its alias or version if there is one, of which the ARN is known.
pub fn function(arn: &str) -> &str {
    arn.splitn(7, ':').nth(6).unwrap_or(arn)
}

fn empty_last(a: &str, b: &str) -> Ordering {
    a.is_empty().cmp(&b.is_empty()).then_with(|| a.cmp(b))
}

fn newest_first(a: Option<Timestamp>, b: Option<Timestamp>) -> Ordering {
    b.cmp(&a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_known_by_what_follows_its_account() {
        let arn = "arn:aws:lambda:us-west-2:123456789012:function:chat-review:live";
        assert_eq!(function(arn), "chat-review:live");
        assert_eq!((function(""), function("strange")), ("", "strange"));
    }

    #[test]
    fn what_has_nothing_comes_last() {
        let mut words = ["", "b", "a"];
        words.sort_by(|a, b| empty_last(a, b));
        assert_eq!(words, ["a", "b", ""]);
    }
}
