//! Reads what an edited document says against what is there: what was changed, and what is wrong.

use serde_json::{Map, Value};

use crate::api::Arn;
use crate::api::error::Problem;
use crate::api::limit;
use crate::api::model::{Destination, Fallback, LoggingConfiguration, ReviewHandler, Room};
use crate::api::ops::{UpdateLoggingConfiguration, UpdateRoom};

use super::whole_handler;

/// Members that a resource has and that an update does not take.
const FIXED: [&str; 6] = ["arn", "id", "createTime", "updateTime", "state", "tags"];

/// Members on their way out of a document. Each is taken once; what is left nobody knows.
pub(super) struct Reading {
    pub(super) members: Map<String, Value>,
    pub(super) problems: Vec<Problem>,
}

impl Reading {
    pub(super) fn room(&mut self, room: &Room) -> UpdateRoom {
        let summary = &room.summary;
        UpdateRoom {
            identifier: summary.arn.clone(),
            name: self.name(&summary.name),
            maximum_message_rate_per_second: self.number(
                "maximumMessageRatePerSecond",
                room.maximum_message_rate_per_second,
                limit::MESSAGE_RATE,
            ),
            maximum_message_length: self.number(
                "maximumMessageLength",
                room.maximum_message_length,
                limit::MESSAGE_LENGTH,
            ),
            message_review_handler: self.handler(summary.message_review_handler.as_ref()),
            logging_configuration_identifiers: self.arns(&summary.logging_configuration_identifiers),
        }
    }

    pub(super) fn logging(&mut self, logging: &LoggingConfiguration) -> UpdateLoggingConfiguration {
        UpdateLoggingConfiguration {
            identifier: logging.arn.clone(),
            name: self.name(&logging.name),
            destination_configuration: self.destination(logging.destination_configuration.as_ref()),
        }
    }

    fn problem(&mut self, member: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(member, message.into()));
    }

    fn name(&mut self, old: &str) -> Option<String> {
        let value = self.members.shift_remove("name")?;
        self.text("name", &value).filter(|name| name != old)
    }

    fn text(&mut self, member: &str, value: &Value) -> Option<String> {
        let text = value.as_str().map(ToOwned::to_owned);
        if text.is_none() {
            self.problem(member, format!("must be a text, and is {}: put it in quotes", kind(value)));
        }
        text
    }

    fn number(&mut self, member: &str, old: Option<u32>, range: limit::Range) -> Option<u32> {
        let value = self.members.shift_remove(member)?;
        let number = value.as_u64().map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        if number.is_none() {
            let limit::Range { min, max } = range;
            self.problem(member, format!("must be a whole number from {min} to {max}, and is {}", kind(&value)));
        }
        number.filter(|number| Some(*number) != old)
    }

    fn handler(&mut self, old: Option<&ReviewHandler>) -> Option<ReviewHandler> {
        const MEMBER: &str = "messageReviewHandler";
        let old = whole_handler(old);
        let mut given = match self.members.shift_remove(MEMBER)? {
            Value::Object(given) => given,
            other => {
                self.problem(MEMBER, format!("must hold uri and fallbackResult, and is {}", kind(&other)));
                return None;
            }
        };
        let mut new = old.clone();
        let results = [Fallback::Allow.as_str(), Fallback::Deny.as_str()];
        let before = old.fallback_result.as_ref().map_or("", Fallback::as_str);
        if let Some(uri) = given.shift_remove("uri") {
            new.uri = self.text("messageReviewHandler.uri", &uri).unwrap_or_default();
        }
        match given.shift_remove("fallbackResult") {
            None => {}
            Some(Value::String(result)) if result == before || results.contains(&&*result) => {
                new.fallback_result = Some(result.into());
            }
            Some(other) => {
                self.problem("messageReviewHandler.fallbackResult", format!("is {other}, must be ALLOW or DENY"));
            }
        }
        for member in given.keys() {
            let words = unknown(member, &["uri", "fallbackResult"]);
            self.problem(&format!("{MEMBER}.{member}"), words);
        }
        // Without a function there is nothing to fall back from.
        let nothing = old.uri.is_empty() && new.uri.is_empty();
        Some(new).filter(|new| *new != old && !nothing)
    }

    fn arns(&mut self, old: &[Arn]) -> Option<Vec<Arn>> {
        const MEMBER: &str = "loggingConfigurationIdentifiers";
        let items = match self.members.shift_remove(MEMBER)? {
            Value::Array(items) => items,
            other => {
                self.problem(MEMBER, format!("must be a list of ARNs, [] for none, and is {}", kind(&other)));
                return None;
            }
        };
        let mut arns = Vec::new();
        for item in items {
            match item.as_str().unwrap_or_default().parse() {
                Ok(arn) => arns.push(arn),
                Err(_) => self.problem(MEMBER, format!("holds {item}, which is not an ARN")),
            }
        }
        Some(arns).filter(|arns| arns != old)
    }

    fn destination(&mut self, old: Option<&Destination>) -> Option<Destination> {
        const MEMBER: &str = "destinationConfiguration";
        let value = self.members.shift_remove(MEMBER)?;
        let new = serde_json::from_value::<Destination>(value.clone()).ok();
        if new.as_ref() == old || (old.is_none() && value.is_null()) {
            return None;
        }
        // What is read must be all that was written: nothing may be lost on the way.
        let whole = |new: &Destination| serde_json::to_value(new).is_ok_and(|written| written == value);
        let new = new.filter(|new| !matches!(new, Destination::Unknown(_)) && whole(new));
        if new.is_none() {
            self.problem(
                MEMBER,
                "must hold exactly one of s3 with bucketName, cloudWatchLogs with logGroupName, \
                 firehose with deliveryStreamName",
            );
        }
        new
    }

    pub(super) fn strangers(&mut self, known: &[&str]) {
        for member in std::mem::take(&mut self.members).keys() {
            let words = if FIXED.contains(&member.as_str()) {
                "can't be changed here".to_owned()
            } else {
                unknown(member, known)
            };
            self.problem(member, words);
        }
    }
}

fn unknown(member: &str, known: &[&str]) -> String {
    let nearest = known.iter().map(|known| (distance(member, known), known)).min();
    match nearest.filter(|(distance, known)| *distance <= known.len() / 3) {
        Some((_, known)) => format!("is not known; did you mean {known}?"),
        None => format!("is not known; there are {}", known.join(", ")),
    }
}

/// How many letters have to be put in, left out or changed to make one word of the other, in any case of letters.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = above[j] + usize::from(x != y);
            row.push(changed.min(above[j + 1] + 1).min(row[j] + 1));
        }
        above = row;
    }
    above[b.len()]
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a set of members",
    }
}
