//! The settings of a room that is there: what is different is looked through, and only that is sent.

use crate::api::error::Problem;
use crate::api::model::{ReviewHandler, Room};
use crate::api::ops::UpdateRoom;
use crate::api::{Arn, Operation, limit};
use crate::app::change::{Change, Done, News, Topic};
use crate::app::deed::Deed;
use crate::app::dialog::form::{Difference, FormDialog, Plan, Purpose};
use crate::app::widget::form::Form;

use super::{Loggings, Settings, adapt, fallback, read, settings};

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
        let (rate, length) =
            (new.rate.unwrap_or(limit::MESSAGE_RATE_DEFAULT), new.length.unwrap_or(limit::MESSAGE_LENGTH_DEFAULT));
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
        format!("Change room {}", self.room.summary.title())
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
pub(super) fn plan(room: &Room, update: &UpdateRoom, logging_name: impl Fn(&Arn) -> String) -> Plan {
    let differences = differences(room, update, logging_name);
    if differences.is_empty() {
        return Plan::default();
    }
    let arn = update.identifier.clone();
    let deed = Deed { target: Some(arn.clone()), ..Deed::default() };
    let change = Change::new(update, deed, Topic::Resource(arn), |room| Done {
        word: format!("saved room {}", room.summary.title()),
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
