//! The journal for other programs and for people who have no console: which changes, and how they are written down. Pure.

mod csv;
mod markdown;

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::chain;
use super::record::{End, Verdict, Whole};

/// How changes are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For spreadsheets: a row each
    Csv,
    /// JSON lines: an object each, texts to the letter
    Jsonl,
    /// For people: a paragraph each
    Markdown,
}

/// Which changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Asked for then or later.
    pub since: Option<Timestamp>,
    /// Asked for before then.
    pub until: Option<Timestamp>,
    /// About the user with this id.
    pub user: Option<String>,
    /// In the room, or to whatever else, with this ARN or id.
    pub room: Option<String>,
    /// Of this operation; upper and lower case are one.
    pub operation: Option<String>,
}

impl Filter {
    /// Whether this is one of them.
    pub fn takes(&self, change: &Whole) -> bool {
        let act = &change.intent.act;
        let made = match &change.end {
            End::Over(over) => over.made.as_ref(),
            End::Pending | End::Lost => None,
        };
        let is_room = |room: &str| act.target.iter().chain(made).any(|arn| arn.as_str() == room || arn.id() == room);
        self.since.is_none_or(|since| change.time >= since)
            && self.until.is_none_or(|until| change.time < until)
            && self.user.as_ref().is_none_or(|user| act.user.as_ref() == Some(user))
            && self.room.as_deref().is_none_or(is_room)
            && self.operation.as_ref().is_none_or(|operation| operation.eq_ignore_ascii_case(&act.operation))
    }
}

/// What is said of a change, in the order of the columns; those that it has nothing to say of are empty.
const COLUMNS: [&str; 19] = [
    "time",
    "operation",
    "outcome",
    "target",
    "user",
    "reason",
    "note",
    "rule",
    "text",
    "error",
    "latency_ms",
    "attempts",
    "request_id",
    "made",
    "actor",
    "region",
    "endpoint",
    "change",
    "input",
];

/// A change in the order of [`COLUMNS`].
fn cells(change: &Whole) -> [Value; COLUMNS.len()] {
    let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
    let arn = |arn: Option<&crate::api::Arn>| arn.map_or(Value::Null, |arn| arn.as_str().into());
    let intent = &change.intent;
    let act = &intent.act;
    let over = match &change.end {
        End::Over(over) => Some(over),
        End::Pending | End::Lost => None,
    };
    let (outcome, error) = outcome(&change.end);
    [
        change.time.to_string().into(),
        act.operation.as_str().into(),
        outcome.into(),
        arn(act.target.as_ref()),
        text(&act.user),
        text(&act.reason),
        text(&act.note),
        text(&act.rule),
        text(&act.text),
        text(&error),
        over.map_or(Value::Null, |over| over.latency_ms.into()),
        over.map_or(Value::Null, |over| over.attempts.into()),
        over.map_or(Value::Null, |over| text(&over.request_id)),
        arn(over.and_then(|over| over.made.as_ref())),
        text(&intent.actor),
        intent.region.as_str().into(),
        intent.endpoint.as_str().into(),
        // One of its kind in the whole journal.
        format!("{}/{}", change.session, intent.id).into(),
        act.input.clone(),
    ]
}

/// What came of it in one word, and why if it was not done.
fn outcome(end: &End) -> (&'static str, Option<String>) {
    let over = match end {
        End::Pending | End::Lost => return ("unknown", Some("the console ended before the outcome came".to_owned())),
        End::Over(over) => over,
    };
    match &over.verdict {
        Verdict::Done => ("done", None),
        Verdict::Refused { code, message } if message.is_empty() => ("refused", Some(code.clone())),
        Verdict::Refused { code, message } => ("refused", Some(format!("{code}: {message}"))),
        Verdict::Failed { why } => ("failed", Some(why.clone())),
        Verdict::Unknown { why } => ("unknown", Some(why.clone())),
    }
}

/// The changes as `format` has them. `show` makes a text safe to be looked at: markdown always is, as people read it; JSON
/// lines are without it, by escapes; a CSV is to the letter, unless it goes to a terminal, where `to_terminal` says so.
pub fn export(changes: &[Whole], format: Format, to_terminal: bool, show: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    match format {
        Format::Jsonl => {
            for change in changes {
                out.push_str(&json(change));
                out.push('\n');
            }
        }
        Format::Csv => {
            csv::row(&mut out, COLUMNS.iter().map(|name| (*name).to_owned()));
            for change in changes {
                let cell = |value: &Value| if to_terminal { show(&words(value)) } else { words(value) };
                csv::row(&mut out, cells(change).iter().map(cell));
            }
        }
        Format::Markdown => {
            let _ = writeln!(out, "# Changes made through ivschat\n\n{} in all.", changes.len());
            for change in changes {
                let cells = cells(change).map(|value| show(&words(&value)));
                markdown::paragraph(&mut out, &COLUMNS.into_iter().zip(cells).collect::<Vec<_>>());
            }
        }
    }
    out
}

/// One object; members that there is nothing to say of are left out.
fn json(change: &Whole) -> String {
    let members = COLUMNS.iter().map(|name| (*name).to_owned()).zip(cells(change));
    let object: Map<String, Value> = members.filter(|(_, value)| !value.is_null()).collect();
    chain::plain(&Value::Object(object).to_string())
}

/// A value as text.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => chain::plain(&value.to_string()),
    }
}

#[cfg(test)]
mod tests;
