//! A room or a logging configuration as a text to edit: what can be changed of it as YAML, and back. Pure.

mod reading;

use serde_json::{Map, Value, json};

use crate::api::error::Problem;
use crate::api::model::{Fallback, LoggingConfiguration, ReviewHandler, Room};
use crate::api::ops::{UpdateLoggingConfiguration, UpdateRoom};
use crate::api::{Arn, Operation};

use super::pane::details::Resource;
use super::text::clean;
use super::yaml::{from_yaml, to_yaml};

use reading::Reading;

/// How a line begins that says what is wrong with a document.
const ERROR: &str = "# ! ";

/// An update that holds no more than what was changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// Of a room.
    Room(UpdateRoom),
    /// Of a logging configuration.
    Logging(UpdateLoggingConfiguration),
}

impl Update {
    /// The members that it changes, as the service names them.
    pub fn members(&self) -> Vec<String> {
        let body = match self {
            Self::Room(update) => update.request().body,
            Self::Logging(update) => update.request().body,
        };
        let members = body.as_ref().and_then(Value::as_object).into_iter().flat_map(Map::keys);
        members.filter(|member| *member != "identifier").cloned().collect()
    }
}

/// What is wrong with a document, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Flaw {
    /// The line, counted from 1 without the lines that say what was wrong before.
    pub line: Option<usize>,
    /// What is wrong.
    pub problem: Problem,
}

impl From<Problem> for Flaw {
    fn from(problem: Problem) -> Self {
        Self { line: None, problem }
    }
}

/// What can be changed of a resource, as YAML under a few words of comment.
pub fn document(original: &Resource) -> String {
    match original {
        Resource::Room(room) => head(&room.summary.arn, ROOM) + &to_yaml(&changeable_room(room)),
        Resource::Logging(logging) => head(&logging.arn, LOGGING) + &to_yaml(&changeable_logging(logging)),
    }
}

const ROOM: &[&str] = &[
    "name                             letters, digits, - and _; \"\" for none",
    "maximumMessageRatePerSecond      1 to 100, all clients together",
    "maximumMessageLength             1 to 500 characters",
    "messageReviewHandler             uri: ARN of a Lambda function; \"\" for none",
    "                                 fallbackResult: ALLOW or DENY",
    "loggingConfigurationIdentifiers  at most 3 ARNs; [] for none",
];

const LOGGING: &[&str] = &[
    "name                      letters, digits, - and _; \"\" for none",
    "destinationConfiguration  one of s3: {bucketName: }",
    "                          cloudWatchLogs: {logGroupName: }",
    "                          firehose: {deliveryStreamName: }",
];

fn head(arn: &Arn, members: &[&str]) -> String {
    let what = if arn.kind() == "room" { "The room" } else { "The logging configuration" };
    let mut lines = vec![
        format!("{what} {}", clean(arn.as_str()).as_str()),
        "Save and leave the editor to go on; an empty text changes nothing.".to_owned(),
        "What is taken out stays as it is.".to_owned(),
        String::new(),
    ];
    lines.extend(members.iter().map(|line| format!("  {line}")));
    let commented: Vec<String> = lines.iter().map(|line| format!("# {line}").trim_end().to_owned() + "\n").collect();
    commented.concat()
}

fn changeable_room(room: &Room) -> Value {
    let summary = &room.summary;
    let mut members = Map::new();
    members.insert("name".to_owned(), json!(summary.name));
    let numbers = [
        ("maximumMessageRatePerSecond", room.maximum_message_rate_per_second),
        ("maximumMessageLength", room.maximum_message_length),
    ];
    members.extend(numbers.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?)))));
    members.insert("messageReviewHandler".to_owned(), json!(whole_handler(summary.message_review_handler.as_ref())));
    members.insert("loggingConfigurationIdentifiers".to_owned(), json!(summary.logging_configuration_identifiers));
    Value::Object(members)
}

fn changeable_logging(logging: &LoggingConfiguration) -> Value {
    json!({ "name": logging.name, "destinationConfiguration": logging.destination_configuration })
}

/// A handler with nothing left out: no handler is one without a function.
fn whole_handler(handler: Option<&ReviewHandler>) -> ReviewHandler {
    let given = handler.cloned().unwrap_or(ReviewHandler { uri: String::new(), fallback_result: None });
    ReviewHandler { fallback_result: given.fallback_result.or(Some(Fallback::Allow)), ..given }
}

/// What was changed in a document; nothing if it says what the original says, or nothing at all.
///
/// # Errors
/// Everything that is wrong with it.
pub fn changes(document: &str, original: &Resource) -> Result<Option<Update>, Vec<Flaw>> {
    let document = without_errors(document);
    let members = match from_yaml(document) {
        Ok(Value::Null) => return Ok(None),
        Ok(Value::Object(members)) => members,
        Ok(_) => return Err(vec![Problem::new("document", "must be members, such as name: lobby").into()]),
        Err(error) => {
            let line = Some(error.line).filter(|line| *line > 0);
            return Err(vec![Flaw { line, problem: Problem::new("document", error.message) }]);
        }
    };
    let mut reading = Reading { members, problems: Vec::new() };
    let (update, limits) = match original {
        Resource::Room(room) => {
            let update = reading.room(room);
            let limits = update.problems();
            (Update::Room(update), limits)
        }
        Resource::Logging(logging) => {
            let update = reading.logging(logging);
            let limits = update.problems();
            (Update::Logging(update), limits)
        }
    };
    reading.strangers(&known_members(original));
    reading.problems.extend(limits);
    if reading.problems.is_empty() {
        return Ok(Some(update).filter(|update| !update.members().is_empty()));
    }
    let place = |problem: Problem| Flaw { line: line_of(document, &problem.member), problem };
    Err(reading.problems.into_iter().map(place).collect())
}

fn known_members(original: &Resource) -> Vec<&'static str> {
    let lines = match original {
        Resource::Room(_) => ROOM,
        Resource::Logging(_) => LOGGING,
    };
    lines.iter().filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty()).collect()
}

/// The document with what is wrong with it on top, instead of what was wrong before. All else stays as it was typed.
pub fn with_errors(document: &str, flaws: &[Flaw]) -> String {
    let line = |flaw: &Flaw| {
        let place = flaw.line.map_or(String::new(), |line| format!("line {}: ", line + flaws.len()));
        let words = format!("{place}{} {}", flaw.problem.member, flaw.problem.message);
        format!("{ERROR}{}\n", clean(&words).as_str())
    };
    let lines: Vec<String> = flaws.iter().map(line).collect();
    lines.concat() + without_errors(document)
}

/// The document without the lines on top that say what was wrong.
fn without_errors(document: &str) -> &str {
    let mut rest = document;
    while rest.starts_with(ERROR) {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest
}

/// The line of a member such as `messageReviewHandler.uri`, or of the nearest one around it.
fn line_of(document: &str, member: &str) -> Option<usize> {
    let mut found = None;
    let mut lines = document.lines().enumerate();
    for (depth, part) in member.split('.').enumerate() {
        let at = lines.find(|(_, line)| {
            let indented = line.starts_with(' ');
            let key = line.split(':').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
            key == part && indented == (depth > 0)
        });
        match at {
            Some((index, _)) => found = Some(index + 1),
            None => break,
        }
    }
    found
}

#[cfg(test)]
mod tests;
