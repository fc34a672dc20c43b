//! The form that sends an event of the application's own to everyone in a room: written anew, or from a template.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::mem;

use crate::api::Arn;
use crate::api::error::Problem;
use crate::api::limit;
use crate::api::ops::{OperationId, SendEvent};
use crate::app::change::{Change, Done, News, Topic};
use crate::app::deed::Deed;
use crate::app::text::{clean, fit};
use crate::app::widget::form::{Choice, Entry, Field, Form, Measure, Pairs, Text};

use super::form::{FormDialog, Plan, Purpose};

/// Not a member: where name and attributes come from.
const TEMPLATE: &str = "template";
const NAME: &str = "eventName";
const ATTRIBUTES: &str = "attributes";

/// Cells of a template's name in the choice.
const WORDS: usize = 24;

/// Cells of an event's name in the word that it was sent.
const SAID: usize = 18;

/// An event that is sent again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// What it is called in the choice.
    pub name: String,
    /// The event's name on the wire.
    pub event: String,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
}

/// The form for the room that is called `name`: `configured` are the templates of the configuration, `sent` the events
/// that were sent lately, newest first.
pub fn send(room: Arn, name: String, configured: &[Template], sent: &[Template]) -> FormDialog {
    let templates: Vec<&Template> = configured.iter().chain(sent).collect();
    let mut words = vec![("0".to_owned(), "none".to_owned())];
    let again = |index: usize| if index < configured.len() { "" } else { "again: " };
    words.extend(templates.iter().enumerate().map(|(index, template)| {
        let name = clean(&template.name);
        ((index + 1).to_string(), format!("{}{}", again(index), fit(name.as_str(), WORDS)))
    }));
    let choice = Choice::new(words.iter().map(|(value, words)| (value.as_str(), words.as_str())), "0");
    let fields = vec![
        Field::new(
            TEMPLATE,
            "Template",
            "Space fills the fields from the next one; what you typed stays with its own.",
            choice,
        ),
        Field::new(
            NAME,
            "Event name",
            "What clients look for, such as app:POLL. Names that start with aws: look like the service's own.",
            Text::new(limit::EVENT_NAME, ""),
        ),
        Field::new(
            ATTRIBUTES,
            "Attributes",
            "Everyone in the room gets them. key = value; Tab goes on, C-x takes a row away, pasted lines of key=value or \
             a JSON object become rows.",
            attributes(&BTreeMap::new()),
        ),
    ];
    let mut form = Form::new(fields);
    form.show(TEMPLATE, !templates.is_empty());
    if templates.is_empty() {
        form.focus_on(NAME);
    }
    let drafts = templates
        .iter()
        .map(|template| Draft {
            name: Text::new(limit::EVENT_NAME, &template.event).into(),
            attributes: attributes(&template.attributes).into(),
        })
        .collect();
    FormDialog::new(Send { room, name, chosen: RefCell::new(Chosen { index: 0, drafts }) }, form)
}

fn attributes(pairs: &BTreeMap<String, String>) -> Pairs {
    Pairs::new(Measure::Bytes(limit::EVENT_ATTRIBUTE_BYTES), pairs)
}

#[derive(Debug)]
struct Send {
    room: Arn,
    name: String,
    chosen: RefCell<Chosen>,
}

/// Which template's fields are in the form, and those of the others as they were left: a change of template loses nothing.
#[derive(Debug)]
struct Chosen {
    index: usize,
    /// All but the chosen one's, in order.
    drafts: Vec<Draft>,
}

/// The fields while they are not in the form.
#[derive(Debug)]
struct Draft {
    name: Entry,
    attributes: Entry,
}

impl Chosen {
    fn choose(&mut self, index: usize, form: &mut Form) {
        if index == self.index || index > self.drafts.len() {
            return;
        }
        // The chosen one's draft has no place of its own while it is in the form: it takes its place when it leaves.
        let from = if index > self.index { index - 1 } else { index };
        let mut draft = self.drafts.remove(from);
        mem::swap(form.entry_mut(NAME), &mut draft.name);
        mem::swap(form.entry_mut(ATTRIBUTES), &mut draft.attributes);
        let to = if self.index > index { self.index - 1 } else { self.index };
        self.drafts.insert(to, draft);
        self.index = index;
    }
}

impl Purpose for Send {
    fn title(&self) -> String {
        format!("Send an event to {}", self.name)
    }

    fn verb(&self) -> &'static str {
        "send"
    }

    fn adapt(&self, form: &mut Form) {
        let index = form.choice(TEMPLATE).parse().unwrap_or_default();
        self.chosen.borrow_mut().choose(index, form);
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let attributes = form.pairs(ATTRIBUTES).map_err(|problem| vec![problem])?;
        let event = form.text(NAME).to_owned();
        let sent = Template { name: event.clone(), event: event.clone(), attributes: attributes.clone() };
        let operation = SendEvent { room_identifier: self.room.clone(), event_name: event.clone(), attributes };
        let (room, name) = (self.room.clone(), self.name.clone());
        let done = move |OperationId { id }| {
            // The id before the room, whose name is on the screen anyway: of a long word the end is cut.
            let event = fit(clean(&sent.event).as_str(), SAID);
            let word = format!("sent event {event}, id {}, to {name}", clean(&id).as_str());
            Done { word, news: News::EventSent(room, id, sent) }
        };
        let change = Change::checked(&operation, Deed::to(self.room.clone()), Topic::Nothing, done)?;
        Ok(Plan { changes: vec![change], ..Plan::default() })
    }
}
