//! What the copy menu offers of a room, a logging configuration, a tag or a message.

use serde_json::Value;

use crate::api::awscli::{self, Place};
use crate::api::model::{LoggingConfiguration, LoggingState, RoomSummary};
use crate::api::ops::{DeleteMessage, GetLoggingConfiguration, GetRoom, ListTagsForResource, TagResource};
use crate::api::{Arn, Operation};
use crate::app::dialog::Dialog;
use crate::app::dialog::copy::{CopyMenu, Item, Pressed};
use crate::app::dialog::inspect::inspect;
use crate::app::keys::Command;
use crate::app::outbox::{Job, Outbox};
use crate::app::pane::rows::destination;
use crate::app::room::row::Row;
use crate::app::room::{Room, view as room_view};
use crate::app::screen::Focus;
use crate::app::text::{clean, escape_json};
use crate::app::trouble::Trouble;
use crate::app::yaml::to_yaml;

use super::detour::has_details;
use super::{App, Lead, Mode, Tab};

/// Said of JSON that was made from what a list tells.
const LISTED: &str = "From the list, as the details have not come: it may hold less.";
/// Said of a message's JSON.
const KEPT: &str = "As far as it is kept: without the id of the sender's request.";

impl App {
    /// Opens the menu of what the focused pane has its cursor on.
    pub(super) fn copy(&mut self, outbox: &mut Outbox) {
        match self.copy_menu() {
            Some(menu) => self.open_dialog(Mode::Copy(menu)),
            None => outbox.hint("there is nothing to copy here"),
        }
    }

    /// `i`: all that the selected message is made of.
    pub(super) fn inspect(&mut self, outbox: &mut Outbox) {
        let report = self.shown_room().and_then(Room::selected_row).and_then(inspect);
        match report {
            Some(report) => self.ask(Dialog::Report(Box::new(report))),
            None => outbox.hint("nothing is selected: k selects, i inspects"),
        }
    }

    /// A key was pressed while the menu is open.
    pub(super) fn pressed_in_copy_menu(&mut self, pressed: Pressed, command: Option<Command>, outbox: &mut Outbox) {
        match pressed {
            Pressed::Stay => {}
            Pressed::Close => self.close_dialog(),
            Pressed::Copy(copied) => {
                self.close_dialog();
                outbox.push(Job::Copy(copied));
            }
        }
        if command == Some(Command::Quit) {
            self.leave(outbox);
        }
    }

    /// The failure that the focused pane tells of, if that is what it shows.
    fn trouble_here(&self) -> Option<&Trouble> {
        let of_rooms = || self.rooms.trouble();
        match self.focus {
            Focus::Rooms => of_rooms(),
            Focus::Logging => self.logging.trouble(),
            Focus::Tags => self.tags.trouble(),
            Focus::Main => match self.subject() {
                Some(arn) => self.details.trouble(&arn).filter(|_| self.shown_tab() != Tab::Chat),
                None => of_rooms(),
            },
        }
    }

    /// Of a failure: what helps, and all of it for a ticket.
    fn trouble_items(&self) -> Vec<Item> {
        let Some(trouble) = self.trouble_here() else { return Vec::new() };
        let help = trouble.help.as_ref().map(|help| Item::new('p', help.what, help.text.as_str()));
        help.into_iter().chain([Item::new('e', "error", trouble.text())]).collect()
    }

    fn copy_menu(&self) -> Option<CopyMenu> {
        let items = self.trouble_items();
        if !items.is_empty() {
            return CopyMenu::new("what went wrong", items);
        }
        match self.focus {
            Focus::Tags => self.tag_menu(),
            Focus::Main if self.shown_tab() == Tab::Chat => {
                self.shown_room().and_then(|room| self.message_menu(room)).or_else(|| self.resource_menu())
            }
            Focus::Rooms | Focus::Logging | Focus::Main => self.resource_menu(),
        }
    }

    pub(super) fn place(&self) -> Place {
        let (region, endpoint) = (self.settings.region.clone(), self.settings.endpoint.clone());
        Place { profile: self.who.profile(), region, endpoint }
    }

    fn aws_command(&self, operation: &impl Operation) -> Item {
        let command = awscli::Command::of(&operation.call(), &self.place());
        Item::new('c', "aws command", command.to_string())
    }

    fn resource_menu(&self) -> Option<CopyMenu> {
        let arn = self.subject()?;
        match &self.lead {
            Lead::Rooms => self.room_menu(&arn),
            Lead::Other(detour) if !has_details(&arn) => {
                let mut items = identity(&arn, None);
                items.push(self.aws_command(&ListTagsForResource { resource_arn: arn.clone() }));
                CopyMenu::new(&detour.title(), items)
            }
            Lead::Other(_) if arn.kind() == "room" => self.room_menu(&arn),
            Lead::Logging | Lead::Other(_) => self.logging_menu(&arn),
        }
    }

    fn room_menu(&self, arn: &Arn) -> Option<CopyMenu> {
        let listed = self.rooms.rows().iter().map(|row| &row.summary).find(|summary| summary.arn == *arn);
        let summary = self.details.room(arn).map(|room| &room.summary).or(listed);
        let mut items = identity(arn, summary.map(|summary| summary.name.as_str()));
        items.extend(document(self.details.json(arn), summary.and_then(|summary| serde_json::to_value(summary).ok())));
        items.extend(summary.map(|summary| Item::new('r', "row", room_row(summary))));
        items.push(self.aws_command(&GetRoom { identifier: arn.clone() }));
        CopyMenu::new(summary.map_or(arn.id(), RoomSummary::title), items)
    }

    fn logging_menu(&self, arn: &Arn) -> Option<CopyMenu> {
        let listed = self.logging.rows().iter().map(|row| &row.configuration).find(|found| found.arn == *arn);
        let mut items = identity(arn, listed.map(|found| found.name.as_str()));
        items.extend(document(self.details.json(arn), listed.and_then(|found| serde_json::to_value(found).ok())));
        items.extend(listed.map(|found| Item::new('r', "row", logging_row(found))));
        items.push(self.aws_command(&GetLoggingConfiguration { identifier: arn.clone() }));
        CopyMenu::new(listed.map_or(arn.id(), LoggingConfiguration::title), items)
    }

    fn tag_menu(&self) -> Option<CopyMenu> {
        let (resource_arn, tag) = (self.tags_of.clone()?, self.tags.selected()?);
        let (key, value) = (&tag.key, &tag.raw);
        let command = TagResource { resource_arn, tags: [(key.to_owned(), value.to_owned())].into() };
        let items = vec![
            Item::text('n', "key", key),
            Item::text('v', "value", value),
            Item::text('b', "key=value", &format!("{key}={value}")),
            Item::new('r', "row", row(&[key, value])),
            self.aws_command(&command),
        ];
        CopyMenu::new(&format!("tag {key}"), items)
    }

    fn message_menu(&self, room: &Room) -> Option<CopyMenu> {
        let message = room.selected_row()?;
        let said = message.message()?;
        let reason = Some(self.settings.room.reason.clone()).filter(|reason| !reason.is_empty());
        let delete = DeleteMessage { room_identifier: room.arn().clone(), id: said.id.to_string(), reason };
        let items = vec![
            Item::text('t', "text", said.as_written()),
            Item::text('i', "message id", &said.id),
            Item::text('u', "user id", &said.by.user_id),
            Item::new('n', "name", said.by.name.as_str()),
            Item::new('J', "JSON", pretty(&said.json(message.time))).with_note(Some(KEPT)),
            Item::new('r', "row", message_row(message)?),
            self.aws_command(&delete),
        ];
        CopyMenu::new(&format!("message of {}", said.by.label()), items)
    }
}

fn identity(arn: &Arn, name: Option<&str>) -> Vec<Item> {
    let mut items = vec![Item::new('a', "ARN", arn.as_str()), Item::new('i', "id", arn.id())];
    items.extend(name.map(|name| Item::text('n', "name", name)));
    items
}

/// A resource as JSON and YAML: as it came, or what the list tells of it.
fn document(came: Option<&Value>, listed: Option<Value>) -> Vec<Item> {
    let note = came.is_none().then_some(LISTED);
    let Some(json) = came.cloned().or(listed) else { return Vec::new() };
    let (as_json, as_yaml) = (Item::new('J', "JSON", pretty(&json)), Item::new('Y', "YAML", to_yaml(&json)));
    vec![as_json.with_note(note), as_yaml.with_note(note)]
}

fn pretty(json: &Value) -> String {
    escape_json(&serde_json::to_string_pretty(json).unwrap_or_default()) + "\n"
}

/// A row of a list, its columns apart by tabs: they are safe to show, so none holds a tab or a line end.
fn row(columns: &[&str]) -> String {
    let columns: Vec<_> = columns.iter().map(|column| clean(column).as_str().to_owned()).collect();
    columns.join("\t")
}

fn room_row(room: &RoomSummary) -> String {
    let handler = room.message_review_handler.as_ref().map_or("", |handler| handler.uri.as_str());
    let logging: Vec<&str> = room.logging_configuration_identifiers.iter().map(Arn::id).collect();
    let changed = room.update_time.map(|time| time.to_string()).unwrap_or_default();
    row(&[&room.name, room.arn.id(), handler, &logging.join(","), &tags(room.tags.iter()), &changed])
}

fn logging_row(configuration: &LoggingConfiguration) -> String {
    let state = configuration.state.as_ref().map_or("", LoggingState::as_str);
    let place = destination(configuration.destination_configuration.as_ref());
    let changed = configuration.update_time.map(|time| time.to_string()).unwrap_or_default();
    let id = configuration.arn.id();
    row(&[&configuration.name, id, state, &place, &tags(configuration.tags.iter()), &changed])
}

fn tags<'a>(tags: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    tags.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
}

fn message_row(message: &Row) -> Option<String> {
    let said = message.message()?;
    Some(row(&[&room_view::clock(message.time), &said.by.label(), said.text.as_str()]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_has_its_columns_apart_by_tabs_and_is_one_line() {
        assert_eq!(row(&["a\tb", "c\nd", ""]), "a b\tc↵d\t");
    }

    #[test]
    fn json_from_the_list_says_so() {
        let listed = document(None, Some(json!({"name": "yes"})));
        assert_eq!(listed[1], Item::new('Y', "YAML", "name: \"yes\"\n").with_note(Some(LISTED)));
        let came = json!({"name": "x", "new": [1]});
        assert_eq!(document(Some(&came), None)[0], Item::new('J', "JSON", pretty(&came)));
    }
}
