//! Opens the dialogs in which things are created, changed and deleted, on what is selected or marked.

use crate::api::model::LoggingState;
use crate::api::operation::Paged;
use crate::api::ops::{ListRooms, RoomPage};
use crate::api::{Arn, Error};
use crate::app::dialog::{Dialog, Fetching, bulk_tags, logging, room, tags};
use crate::app::editing::Update;
use crate::app::msg::{Msg, Ticket};
use crate::app::outbox::Outbox;
use crate::app::pane::details::Resource;
use crate::app::pane::listing::Phase;
use crate::app::pane::rows::RoomRow;
use crate::app::screen::Focus;
use crate::app::trouble::Trouble;

use super::detour::{has_details, title};
use super::editing::Tool;
use super::{App, Mode};

/// Marks that a filter hides are never acted on, and the row under the cursor is not what was marked.
const ALL_HIDDEN: &str = "the filter hides all that is marked: Esc drops the filter";

impl App {
    /// `c`: one more of what the focused list holds.
    pub(super) fn create(&mut self, outbox: &mut Outbox) {
        match self.focus {
            Focus::Rooms => {
                let dialog = room::create(&self.loggings());
                self.ask(Dialog::Form(dialog));
            }
            Focus::Logging => self.ask(Dialog::Form(logging::create())),
            Focus::Tags => self.edit_tags(None, outbox),
            Focus::Main => {}
        }
    }

    /// `e`: what is selected, as soon as the service has said what it is now.
    pub(super) fn edit(&mut self, outbox: &mut Outbox) {
        if self.focus == Focus::Tags {
            let key = self.tags.selected().map(|row| row.key.clone());
            return self.edit_tags(key.as_deref(), outbox);
        }
        self.fetch_to_edit(Tool::Form, outbox);
    }

    /// Asks for what is selected, to be edited with this: an edit starts from what the service holds now.
    pub(super) fn fetch_to_edit(&mut self, tool: Tool, outbox: &mut Outbox) {
        let Some(arn) = self.subject() else { return outbox.hint("nothing is selected") };
        if !has_details(&arn) {
            return outbox.hint("only its tags can be changed here: 3 goes to them");
        }
        let name = self.name_of(&arn);
        self.ask(Dialog::Fetching(Fetching::new(&name)));
        self.details.want(&arn, true, outbox);
        self.editing = Some((arn, tool));
    }

    /// A resource was fetched: its row shows what it is now, and if it is waited for, its form opens.
    pub(super) fn fetched(&mut self, arn: &Arn, outbox: &mut Outbox) {
        if let Some(room) = self.details.room(arn).filter(|_| self.details.trouble(arn).is_none()) {
            let row = RoomRow::from(room.summary.clone()).within(&self.settings.groups);
            self.put_room(&row, false);
        }
        let Some((_, tool)) = self.editing.take_if(|(wanted, _)| wanted == arn) else { return };
        if !matches!(&self.mode, Mode::Dialog(_, dialog) if matches!(**dialog, Dialog::Fetching(_))) {
            return;
        }
        self.close_dialog();
        if let Some(trouble) = self.details.trouble(arn) {
            return outbox.bad(format!("can't be edited, as it could not be fetched: {}", trouble.brief()));
        }
        self.word = None;
        let Some(resource) = self.details.resource(arn).cloned() else { return };
        match (tool, resource) {
            (Tool::Editor, resource) => self.edit_text(resource, outbox),
            (Tool::Form, Resource::Room(room)) => {
                let dialog = room::edit(room, self.loggings());
                self.ask(Dialog::Form(dialog));
            }
            (Tool::Form, Resource::Logging(configuration)) => {
                self.ask(Dialog::Form(logging::edit(configuration)));
            }
        }
    }

    /// What came out of an editor, in the form of the same resource, to be looked through as any other change.
    pub(super) fn review_update(&mut self, original: Resource, update: &Update) {
        let dialog = match (original, update) {
            (Resource::Room(room), Update::Room(update)) => room::edit_with(room, update, self.loggings()),
            (Resource::Logging(found), Update::Logging(update)) => logging::edit_with(found, update),
            (Resource::Room(_), Update::Logging(_)) | (Resource::Logging(_), Update::Room(_)) => return,
        };
        self.ask(Dialog::Form(dialog.reviewing()));
    }

    /// The logging configurations that there are to pick from.
    fn loggings(&self) -> room::Loggings {
        let nothing = match self.logging.phase() {
            Phase::Failed(trouble) => format!("could not be listed: {}", trouble.brief()),
            Phase::Unasked | Phase::Loading | Phase::Waiting(_) => "still being listed: Esc, then try again".to_owned(),
            Phase::Complete => "there are none in this region".to_owned(),
        };
        room::Loggings::new(self.logging.rows(), nothing)
    }

    /// The tags of the resource that is shown, in a form; `None` starts with the first of them.
    fn edit_tags(&mut self, at: Option<&str>, outbox: &mut Outbox) {
        if let Some((arn, name, tags)) = self.tags_to_edit(outbox) {
            self.ask(Dialog::Form(tags::edit(arn, name, tags, at)));
        }
    }

    fn tags_to_edit(&self, outbox: &mut Outbox) -> Option<(Arn, String, crate::api::model::Tags)> {
        let Some(arn) = self.tags_of.clone().filter(|_| self.tags.is_whole()) else {
            // Half a list would look as if the other half were to be removed.
            outbox.hint("the tags are not here yet: C-r asks for them");
            return None;
        };
        let tags = self.tags.rows().iter().map(|row| (row.key.clone(), row.raw.clone())).collect();
        let name = self.name_of(&arn);
        Some((arn, name, tags))
    }

    /// What a resource is called.
    pub(super) fn name_of(&self, arn: &Arn) -> String {
        let room = self.rooms.rows().iter().find(|row| row.summary.arn == *arn).map(|row| &row.title);
        let logging = self.logging.rows().iter().find(|row| row.configuration.arn == *arn).map(|row| &row.title);
        let unlisted = || if has_details(arn) { arn.id().to_owned() } else { title(arn) };
        room.or(logging).map_or_else(unlisted, |title| title.as_str().to_owned())
    }

    /// `d` in a list: asks for the name of what is to go.
    pub(super) fn delete(&mut self, outbox: &mut Outbox) {
        match self.focus {
            Focus::Rooms => {
                let Some(row) = self.rooms.selected().cloned() else { return outbox.hint("no room is selected") };
                let live = self.live.get(&row.summary.arn).filter(|room| room.is_watched());
                let now = live.map(|_| "it is watched here, live".to_owned());
                self.ask(Dialog::Confirm(Box::new(room::delete(&row.summary, now))));
            }
            Focus::Logging => self.delete_logging(outbox),
            Focus::Tags => self.remove_tags(outbox),
            Focus::Main => {}
        }
    }

    fn delete_logging(&mut self, outbox: &mut Outbox) {
        let Some(row) = self.logging.selected().cloned() else {
            return outbox.hint("no logging configuration is selected");
        };
        let state = row.configuration.state.as_ref();
        if let Some(LoggingState::Creating | LoggingState::Updating | LoggingState::Deleting) = state {
            return outbox.hint(format!("it is {}: wait until it has settled", row.state()));
        }
        let arn = row.configuration.arn.clone();
        self.ask(Dialog::Confirm(Box::new(logging::delete(&row.configuration))));
        let users = ListRooms { logging_configuration_identifier: Some(arn), ..ListRooms::default() };
        let dialog = self.dialog;
        let asked = users.clone();
        outbox.call(&users, move |page| Msg::Users(dialog, asked, page));
    }

    /// The rooms that use a logging configuration came, for the dialog that asks whether to delete it.
    pub(super) fn found_users(
        &mut self,
        ticket: Ticket,
        asked: ListRooms,
        page: Result<RoomPage, Error>,
        outbox: &mut Outbox,
    ) {
        let Mode::Dialog(open, dialog) = &mut self.mode else { return };
        if *open != ticket {
            return;
        }
        let Dialog::Confirm(confirm) = dialog.as_mut() else { return };
        match page {
            // An empty page is no answer while others follow.
            Ok(RoomPage { rooms, next_token: Some(token) }) if rooms.is_empty() && !token.is_empty() => {
                outbox.call(&asked.after(&token), move |page| Msg::Users(ticket, asked, page));
            }
            Ok(page) => {
                let more = page.next_token.is_some_and(|token| !token.is_empty());
                let names = page.rooms.iter().map(|room| room.title().to_owned()).collect();
                confirm.found_users(Ok((names, more)));
            }
            Err(error) => confirm.found_users(Err(Trouble::new(&error).brief())),
        }
    }

    /// `d` in the tags: those that are marked and shown, or else the one under the cursor.
    fn remove_tags(&mut self, outbox: &mut Outbox) {
        let marked: Vec<String> = self.tags.marked_shown().map(|row| row.key.clone()).collect();
        let selected = self.tags.selected().map(|row| row.key.clone()).into_iter().collect();
        let keys = if self.tags.marked().all == 0 { selected } else { marked };
        if keys.is_empty() && self.tags.marked().all > 0 {
            return outbox.hint(ALL_HIDDEN);
        }
        if keys.is_empty() {
            return outbox.hint("no tag is selected");
        }
        if let Some((arn, name, tags)) = self.tags_to_edit(outbox) {
            self.ask(Dialog::Form(tags::remove(arn, name, tags, &keys)));
        }
    }

    /// `T`: the same tags on all rooms that are marked and shown, or on the one under the cursor.
    pub(super) fn tag_rooms(&mut self, outbox: &mut Outbox) {
        let marked: Vec<RoomRow> = self.rooms.marked_shown().cloned().collect();
        let selected = self.rooms.selected().cloned().into_iter().collect();
        let rows = if self.rooms.marked().all == 0 { selected } else { marked };
        if rows.is_empty() && self.rooms.marked().all > 0 {
            return outbox.hint(ALL_HIDDEN);
        }
        if self.focus != Focus::Rooms || rows.is_empty() {
            return outbox.hint("T sets tags on the marked rooms: 1 goes to the rooms, space marks one");
        }
        let rooms = rows.into_iter().map(|row| bulk_tags::Room {
            name: row.title.as_str().to_owned(),
            arn: row.summary.arn,
            tags: row.summary.tags,
        });
        let dialog = bulk_tags::edit(rooms.collect(), self.rooms.marked().hidden);
        self.ask(Dialog::Form(dialog));
    }
}
