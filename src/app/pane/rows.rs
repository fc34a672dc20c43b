//! The rows of the three lists: a room, a logging configuration, a tag.

use std::cmp::Ordering;

use jiff::Timestamp;

use crate::api::Arn;
use crate::api::model::{Destination, LoggingConfiguration, LoggingState, RoomSummary};
use crate::app::text::{Clean, clean};

use super::listing::Row;

/// A room in the list.
#[derive(Debug, Clone)]
pub struct RoomRow {
    /// What the service listed.
    pub summary: RoomSummary,
    /// Its name, or its id if it has none.
    pub title: Clean,
    haystack: String,
}

impl From<RoomSummary> for RoomRow {
    fn from(summary: RoomSummary) -> Self {
        let title = clean(if summary.name.is_empty() { summary.arn.id() } else { &summary.name });
        let handler = summary.message_review_handler.as_ref().map_or("", |handler| handler.uri.as_str());
        let tags = summary.tags.iter().map(|(key, value)| format!("{key}={value}"));
        let logging = summary.logging_configuration_identifiers.iter().map(|arn| arn.id().to_owned());
        let words: Vec<String> = [summary.name.clone(), summary.arn.id().to_owned(), handler.to_owned()]
            .into_iter()
            .chain(tags)
            .chain(logging)
            .collect();
        Self { title, haystack: words.join("\n").to_lowercase(), summary }
    }
}

impl Row for RoomRow {
    const ORDERS: &'static [&'static str] = &["changed", "name", "created"];

    fn id(&self) -> &str {
        self.summary.arn.as_str()
    }

    fn haystack(&self) -> String {
        self.haystack.clone()
    }

    fn compare(&self, other: &Self, order: usize) -> Ordering {
        match order {
            1 => by_name(self.title.as_str(), other.title.as_str()),
            _ => newest_first(self.summary.create_time, other.summary.create_time),
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
}

impl From<LoggingConfiguration> for LoggingRow {
    fn from(configuration: LoggingConfiguration) -> Self {
        let named = !configuration.name.is_empty();
        let title = clean(if named { &configuration.name } else { configuration.arn.id() });
        let destination = clean(&destination(configuration.destination_configuration.as_ref()));
        Self { configuration, title, destination }
    }
}

impl LoggingRow {
    /// Its state, as the service writes it.
    pub fn state(&self) -> &str {
        self.configuration.state.as_ref().map_or("", LoggingState::as_str)
    }
}

impl Row for LoggingRow {
    const ORDERS: &'static [&'static str] = &["listed", "name", "state"];

    fn id(&self) -> &str {
        self.configuration.arn.as_str()
    }

    fn haystack(&self) -> String {
        [self.title.as_str(), self.configuration.arn.id(), self.state(), self.destination.as_str()]
            .join("\n")
            .to_lowercase()
    }

    fn compare(&self, other: &Self, order: usize) -> Ordering {
        match order {
            1 => by_name(self.title.as_str(), other.title.as_str()),
            _ => self.state().cmp(other.state()),
        }
    }
}

/// A tag in the list.
#[derive(Debug, Clone)]
pub struct TagRow {
    key: String,
    raw_value: String,
    /// The key, made safe.
    pub shown_key: Clean,
    /// The value, made safe.
    pub value: Clean,
}

impl TagRow {
    /// The tag `key` with this value.
    pub fn new(key: String, value: &str) -> Self {
        Self { shown_key: clean(&key), value: clean(value), raw_value: value.to_owned(), key }
    }

    /// The key as it is, not safe to show.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value as it is, not safe to show.
    pub fn raw_value(&self) -> &str {
        &self.raw_value
    }
}

impl Row for TagRow {
    const ORDERS: &'static [&'static str] = &["key", "value"];

    fn id(&self) -> &str {
        &self.key
    }

    fn haystack(&self) -> String {
        format!("{}={}", self.key, self.value.as_str()).to_lowercase()
    }

    fn compare(&self, other: &Self, _order: usize) -> Ordering {
        by_name(self.value.as_str(), other.value.as_str())
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

fn by_name(a: &str, b: &str) -> Ordering {
    a.to_lowercase().cmp(&b.to_lowercase())
}

fn newest_first(a: Option<Timestamp>, b: Option<Timestamp>) -> Ordering {
    b.cmp(&a)
}
