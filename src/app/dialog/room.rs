//! The forms for a room: a new one, and the settings of one that is there.

use crate::api::error::Problem;
use crate::api::limit;
use crate::api::model::{Fallback, LoggingState, ReviewHandler, Room, Tags};
use crate::api::ops::{CreateRoom, DeleteRoom, UpdateRoom};
use crate::api::{Arn, Operation};
use crate::app::change::{Change, Done, News, Topic};
use crate::app::deed::Deed;
use crate::app::pane::rows::LoggingRow;
use crate::app::widget::form::{Choice, Field, Form, Item, Number, Pairs, Several, Text};

use super::confirm::{Confirm, Subject};
use super::form::{Difference, FormDialog, Plan, Purpose};

const NAME: &str = "name";
const RATE: &str = "maximumMessageRatePerSecond";
const LENGTH: &str = "maximumMessageLength";
const HANDLER: &str = "messageReviewHandler.uri";
const FALLBACK: &str = "messageReviewHandler.fallbackResult";
const LOGGING: &str = "loggingConfigurationIdentifiers";
const TAGS: &str = "tags";

/// What the service takes for the rate and the length if nothing is given (API reference, `CreateRoom`).
const RATE_DEFAULT: u32 = 10;
const LENGTH_DEFAULT: u32 = 500;

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

/// The form for the settings of a room.
pub fn edit(room: Room, loggings: Loggings) -> FormDialog {
    let update = UpdateRoom::new(room.summary.arn.clone());
    edit_with(room, &update, loggings)
}

/// The same, with what `update` would change already typed.
pub fn edit_with(room: Room, update: &UpdateRoom, loggings: Loggings) -> FormDialog {
    let typed = applied(&room, update);
    let loggings = loggings.with(&room.summary.logging_configuration_identifiers);
    let loggings = loggings.with(&typed.summary.logging_configuration_identifiers);
    let mut form = Form::new(settings(Some(&typed), &loggings));
    form.set_touched(typed != room);
    FormDialog::new(Edit { room, loggings }, form)
}

/// The room as it would be after an update.
fn applied(room: &Room, update: &UpdateRoom) -> Room {
    let mut room = room.clone();
    let summary = &mut room.summary;
    summary.name = update.name.clone().unwrap_or(std::mem::take(&mut summary.name));
    summary.message_review_handler = update.message_review_handler.clone().or(summary.message_review_handler.take());
    if let Some(logging) = &update.logging_configuration_identifiers {
        summary.logging_configuration_identifiers.clone_from(logging);
    }
    room.maximum_message_rate_per_second =
        update.maximum_message_rate_per_second.or(room.maximum_message_rate_per_second);
    room.maximum_message_length = update.maximum_message_length.or(room.maximum_message_length);
    room
}

/// Asks for the name of a room that is to be deleted.
pub fn delete(room: &crate::api::model::RoomSummary, watching: Option<String>) -> Confirm {
    let arn = room.arn.clone();
    let name = if room.name.is_empty() { arn.id().to_owned() } else { room.name.clone() };
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
    let rate = room.map(|room| room.maximum_message_rate_per_second.unwrap_or(RATE_DEFAULT));
    let length = room.map(|room| room.maximum_message_length.unwrap_or(LENGTH_DEFAULT));
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
            Number::new(limit::MESSAGE_RATE, RATE_DEFAULT, rate),
        ),
        Field::new(
            LENGTH,
            "Message length",
            "Characters (code points) in one message.",
            Number::new(limit::MESSAGE_LENGTH, LENGTH_DEFAULT, length),
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
            word: format!("created room {}", title(&room)),
            news: News::Room(Box::new(room)),
        });
        Ok(Plan { changes: vec![change], ..Plan::default() })
    }
}

/// What a room is called: its name, or its id if it has none.
fn title(room: &Room) -> &str {
    if room.summary.name.is_empty() { room.summary.arn.id() } else { &room.summary.name }
}

#[derive(Debug)]
struct Edit {
    room: Room,
    loggings: Loggings,
}

impl Edit {
    /// The update that sends only what is different.
    fn update(&self, new: Settings) -> UpdateRoom {
        let room = &self.room;
        let old = &room.summary;
        let old_handler = old.message_review_handler.clone().filter(|handler| !handler.uri.is_empty());
        let same_handler = match (&old_handler, &new.handler) {
            (Some(old), Some(new)) => old.uri == new.uri && fallback(Some(old)) == fallback(Some(new)),
            (old, new) => old.is_none() && new.is_none(),
        };
        // An empty ARN is how a handler is taken away.
        let handler = new.handler.unwrap_or(ReviewHandler { uri: String::new(), fallback_result: None });
        let (rate, length) = (new.rate.unwrap_or(RATE_DEFAULT), new.length.unwrap_or(LENGTH_DEFAULT));
        let same_logging = {
            let sorted = |arns: &[Arn]| {
                let mut arns = arns.to_vec();
                arns.sort();
                arns
            };
            sorted(&old.logging_configuration_identifiers) == sorted(&new.logging)
        };
        UpdateRoom {
            identifier: old.arn.clone(),
            name: (old.name != new.name).then_some(new.name),
            maximum_message_rate_per_second: (room.maximum_message_rate_per_second != Some(rate)).then_some(rate),
            maximum_message_length: (room.maximum_message_length != Some(length)).then_some(length),
            message_review_handler: (!same_handler).then_some(handler),
            logging_configuration_identifiers: (!same_logging).then_some(new.logging),
        }
    }
}

impl Purpose for Edit {
    fn title(&self) -> String {
        format!("Change room {}", title(&self.room))
    }

    fn verb(&self) -> &'static str {
        "save"
    }

    fn adapt(&self, form: &mut Form) {
        adapt(form);
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let (settings, mut problems) = read(form);
        let update = self.update(settings);
        problems.extend(update.problems());
        if !problems.is_empty() {
            return Err(problems);
        }
        let name = |id: &Arn| self.loggings.name(id.as_str());
        Ok(plan(&self.room, &update, name))
    }
}

/// The plan of an update: the call, unless it would change nothing, and each member as it is and as it will be.
pub fn plan(room: &Room, update: &UpdateRoom, logging_name: impl Fn(&Arn) -> String) -> Plan {
    let differences = differences(room, update, logging_name);
    if differences.is_empty() {
        return Plan::default();
    }
    let arn = update.identifier.clone();
    let deed = Deed { target: Some(arn.clone()), ..Deed::default() };
    let change = Change::new(update, deed, Topic::Resource(arn), |room| Done {
        word: format!("saved room {}", title(&room)),
        news: News::Room(Box::new(room)),
    });
    Plan { changes: vec![change], differences, batch: None }
}

fn differences(room: &Room, update: &UpdateRoom, logging_name: impl Fn(&Arn) -> String) -> Vec<Difference> {
    let number = |value: Option<u32>| value.map_or("the service's own".to_owned(), |value| value.to_string());
    let quoted = |name: &str| if name.is_empty() { "no name".to_owned() } else { name.to_owned() };
    let handler = |handler: Option<&ReviewHandler>| match handler.filter(|handler| !handler.uri.is_empty()) {
        Some(some) => format!("{}, {} if it fails", some.uri, fallback(Some(some))),
        None => "none".to_owned(),
    };
    let logging = |arns: &[Arn]| match arns {
        [] => "none".to_owned(),
        some => some.iter().map(&logging_name).collect::<Vec<_>>().join(", "),
    };
    let old = &room.summary;
    let differs = |label: &str, old: String, new: String, note| Difference { label: label.to_owned(), old, new, note };
    [
        update.name.as_ref().map(|new| differs("Name", quoted(&old.name), quoted(new), "")),
        update
            .maximum_message_rate_per_second
            .map(|new| differs("Message rate", number(room.maximum_message_rate_per_second), number(Some(new)), "")),
        update
            .maximum_message_length
            .map(|new| differs("Message length", number(room.maximum_message_length), number(Some(new)), "")),
        update
            .message_review_handler
            .as_ref()
            .map(|new| differs("Review handler", handler(old.message_review_handler.as_ref()), handler(Some(new)), "")),
        update.logging_configuration_identifiers.as_ref().map(|new| {
            let note = "The list is replaced as a whole: what somebody else attached meanwhile goes, too.";
            differs("Logging", logging(&old.logging_configuration_identifiers), logging(new), note)
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}
