//! The forms for a room: a new one, and the settings of one that is there.

mod edit;

use crate::api::error::Problem;
use crate::api::limit;
use crate::api::model::{Fallback, LoggingState, ReviewHandler, Room, Tags};
use crate::api::ops::{CreateRoom, DeleteRoom};
use crate::api::{Arn, Operation};
use crate::app::change::{Change, Done, News, Topic};
use crate::app::deed::Deed;
use crate::app::pane::rows::LoggingRow;
use crate::app::widget::form::{Choice, Field, Form, Item, Number, Pairs, Several, Text};

use super::confirm::{Confirm, Subject};
use super::form::{FormDialog, Plan, Purpose};

pub use edit::{edit, edit_with};

const NAME: &str = "name";
const RATE: &str = "maximumMessageRatePerSecond";
const LENGTH: &str = "maximumMessageLength";
const HANDLER: &str = "messageReviewHandler.uri";
const FALLBACK: &str = "messageReviewHandler.fallbackResult";
const LOGGING: &str = "loggingConfigurationIdentifiers";
const TAGS: &str = "tags";

/// What there is to pick logging configurations from, as the list has it.
#[derive(Debug, Clone)]
pub struct Loggings {
    /// The configurations.
    pub items: Vec<Item>,
    /// What is said if there are none, or the list could not be had.
    pub nothing: String,
}

impl Loggings {
    /// Those of the list: only an active one can be attached.
    pub fn new(rows: &[LoggingRow], nothing: impl Into<String>) -> Self {
        let item = |row: &LoggingRow| {
            let note = format!("{} {}", row.state(), row.destination.as_str());
            let open = row.configuration.state == Some(LoggingState::Active);
            Item { open, ..Item::new(row.configuration.arn.as_str(), row.title.as_str(), &note) }
        };
        let mut items: Vec<Item> = rows.iter().map(item).collect();
        // What can be picked comes first.
        items.sort_by_key(|item| !item.open);
        Self { items, nothing: nothing.into() }
    }

    /// The same, and those that a room has although the list does not show them.
    fn with(mut self, attached: &[Arn]) -> Self {
        for arn in attached {
            if !self.items.iter().any(|item| item.id == arn.as_str()) {
                self.items.push(Item::new(arn.as_str(), arn.id(), "not in the list"));
            }
        }
        self
    }

    fn name(&self, id: &str) -> String {
        let found = self.items.iter().find(|item| item.id == id);
        found.map_or_else(|| id.to_owned(), |item| item.label.as_str().to_owned())
    }
}

/// The form for a new room.
pub fn create(loggings: &Loggings) -> FormDialog {
    let mut fields = settings(None, loggings);
    let help = "Labels as key = value. Pasted lines of key=value become rows; C-x takes a row away.";
    fields.push(Field::new(TAGS, "Tags", help, Pairs::tags(&Tags::new())));
    FormDialog::new(Create, Form::new(fields))
}

/// Asks for the name of a room that is to be deleted.
pub fn delete(room: &crate::api::model::RoomSummary, watching: Option<String>) -> Confirm {
    let arn = room.arn.clone();
    let name = room.title().to_owned();
    let mut facts = vec![("Room", name.clone()), ("ARN", arn.to_string())];
    facts.extend(watching.map(|words| ("Now", words)));
    let warnings = vec![
        "The room can't be brought back. Nobody can connect to it any more; those who are connected may stay until \
         their session ends."
            .to_owned(),
    ];
    let subject = Subject { title: format!("Delete room {name}"), name: name.clone(), facts, warnings };
    Confirm::new(subject, move || {
        let (gone, name) = (arn.clone(), name.clone());
        let deed = Deed { target: Some(arn.clone()), ..Deed::default() };
        Change::new(&DeleteRoom { identifier: arn.clone() }, deed, Topic::Rooms, move |_| Done {
            word: format!("deleted room {name}"),
            news: News::RoomGone(gone),
        })
    })
}

/// The fields that creating and editing share.
fn settings(room: Option<&Room>, loggings: &Loggings) -> Vec<Field> {
    let name = room.map_or("", |room| room.summary.name.as_str());
    let handler = room.and_then(|room| room.summary.message_review_handler.as_ref());
    let uri = handler.map_or("", |handler| handler.uri.as_str());
    let attached = room.map(|room| room.summary.logging_configuration_identifiers.clone()).unwrap_or_default();
    let attached: Vec<String> = attached.iter().map(ToString::to_string).collect();
    let rate = room.map(|room| room.maximum_message_rate_per_second.unwrap_or(limit::MESSAGE_RATE_DEFAULT));
    let length = room.map(|room| room.maximum_message_length.unwrap_or(limit::MESSAGE_LENGTH_DEFAULT));
    let fallbacks = [("ALLOW", "send it on"), ("DENY", "refuse it")];
    vec![
        Field::new(
            NAME,
            "Name",
            "Letters, digits, - and _. It need not be unique, and may be empty.",
            Text::new(limit::NAME, name),
        ),
        Field::new(
            RATE,
            "Message rate",
            "Messages a second that the room takes from all its clients together.",
            Number::new(limit::MESSAGE_RATE, limit::MESSAGE_RATE_DEFAULT, rate),
        ),
        Field::new(
            LENGTH,
            "Message length",
            "Characters (code points) in one message.",
            Number::new(limit::MESSAGE_LENGTH, limit::MESSAGE_LENGTH_DEFAULT, length),
        ),
        Field::new(
            HANDLER,
            "Review handler",
            "ARN of the Lambda function that sees each message first. It must already allow ivschat.amazonaws.com to \
             invoke it. Empty: none.",
            Text::new(limit::HANDLER_URI, uri).placeholder("none"),
        ),
        Field::new(
            FALLBACK,
            "If it fails",
            "What becomes of a message when the function fails or takes more than 200 ms. Space changes it.",
            Choice::new(fallbacks, fallback(handler).as_str()),
        ),
        Field::new(
            LOGGING,
            "Logging",
            "Where the room's messages are logged to: space checks, at most 3. Only active ones can be attached.",
            Several::new(loggings.items.clone(), &attached, Some(limit::LOGGING_PER_ROOM), loggings.nothing.as_str()),
        ),
    ]
}

fn fallback(handler: Option<&ReviewHandler>) -> Fallback {
    handler.and_then(|handler| handler.fallback_result.clone()).unwrap_or(Fallback::Allow)
}

/// What happens to a message without a verdict is a question only where there is a handler.
fn adapt(form: &mut Form) {
    let has_handler = !form.text(HANDLER).trim().is_empty();
    form.show(FALLBACK, has_handler);
}

/// What the form's settings are.
struct Settings {
    name: String,
    rate: Option<u32>,
    length: Option<u32>,
    handler: Option<ReviewHandler>,
    logging: Vec<Arn>,
}

/// Reads the settings, and tells what can't be read.
fn read(form: &Form) -> (Settings, Vec<Problem>) {
    let (rate, length) = (form.number(RATE), form.number(LENGTH));
    let problems = [&rate, &length].into_iter().filter_map(|read| read.clone().err()).collect();
    let uri = form.text(HANDLER).trim().to_owned();
    let fallback_result = Some(Fallback::from(form.choice(FALLBACK).to_owned()));
    let settings = Settings {
        name: form.text(NAME).to_owned(),
        rate: rate.unwrap_or_default(),
        length: length.unwrap_or_default(),
        handler: (!uri.is_empty()).then_some(ReviewHandler { uri, fallback_result }),
        logging: form.checked(LOGGING).iter().filter_map(|id| id.parse().ok()).collect(),
    };
    (settings, problems)
}

#[derive(Debug)]
struct Create;

impl Purpose for Create {
    fn title(&self) -> String {
        "Create a room".to_owned()
    }

    fn verb(&self) -> &'static str {
        "create"
    }

    fn adapt(&self, form: &mut Form) {
        adapt(form);
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let (settings, mut problems) = read(form);
        let tags = form.pairs(TAGS).unwrap_or_else(|problem| {
            problems.push(problem);
            Tags::new()
        });
        let operation = CreateRoom {
            name: Some(settings.name).filter(|name| !name.is_empty()),
            maximum_message_rate_per_second: settings.rate,
            maximum_message_length: settings.length,
            message_review_handler: settings.handler,
            tags,
            logging_configuration_identifiers: settings.logging,
        };
        problems.extend(operation.problems());
        if !problems.is_empty() {
            return Err(problems);
        }
        let change = Change::new(&operation, Deed::default(), Topic::Rooms, |room| Done {
            word: format!("created room {}", room.summary.title()),
            news: News::Room(Box::new(room)),
        });
        Ok(Plan { changes: vec![change], ..Plan::default() })
    }
}
