//! Changes: the dialogs in which they are made, what comes back, and what is different on the screen afterwards.

use crate::api::model::{LoggingState, Tags};
use crate::api::operation::Paged;
use crate::api::ops::{ListRooms, RoomPage};
use crate::api::{Arn, Error};
use crate::app::change::{Change, Done, Failed, News, Topic};
use crate::app::dialog::{Dialog, Next, bulk_tags, logging, room, tags};
use crate::app::editing::Update;
use crate::app::msg::{Msg, Ticket};
use crate::app::outbox::Outbox;
use crate::app::pane::details::Resource;
use crate::app::pane::listing::Phase;
use crate::app::pane::rows::{LoggingRow, RoomRow};
use crate::app::screen::Focus;
use crate::app::trouble::Trouble;

use super::detour::{has_details, title};
use super::editing::Tool;
use super::{App, Lead, Mode};

/// Marks that a filter hides are never acted on, and the row under the cursor is not what was marked.
const ALL_HIDDEN: &str = "the filter hides all that is marked: Esc drops the filter";

impl App {
    /// Opens a dialog.
    pub(super) fn ask(&mut self, dialog: Dialog) {
        self.dialog.0 += 1;
        self.open_dialog(Mode::Dialog(self.dialog, Box::new(dialog)));
    }

    /// Does what the open dialog asks for.
    pub(super) fn go_on(&mut self, next: Next, outbox: &mut Outbox) {
        match next {
            Next::Stay => {}
            // What has not left yet is kept back, and stays in its form.
            Next::Leave if self.unsend(outbox) => {}
            Next::Close => self.close_dialog(),
            Next::Leave => self.leave_dialog(),
            Next::Order(order) => self.obey(order, outbox),
            Next::Send(change) => self.send(self.open_ticket(), vec![(0, *change)], outbox),
            Next::SendAll(changes) => self.send(self.open_ticket(), changes, outbox),
            Next::Run(batch) => {
                self.dialog.0 += 1;
                let before = std::mem::replace(&mut self.mode, Mode::Panes);
                let Mode::Dialog(_, before) = before else { return };
                self.mode = Mode::Dialog(self.dialog, Box::new(Dialog::Batch(batch.over(before))));
            }
            Next::Ask(wish) => self.grant(wish, outbox),
            Next::Return(dialog) => self.mode = Mode::Dialog(self.open_ticket(), dialog),
        }
    }

    /// The ticket of the open dialog, which need not be the last one made.
    pub(super) fn open_ticket(&self) -> Ticket {
        match &self.mode {
            Mode::Dialog(ticket, _) => *ticket,
            _ => self.dialog,
        }
    }

    fn send(&mut self, dialog: Ticket, changes: Vec<(usize, Change)>, outbox: &mut Outbox) {
        self.sending += changes.len();
        for (step, change) in changes {
            self.on_its_way(&change.topic);
            outbox.carry_out(dialog, step, change);
        }
    }

    /// The open dialog waits out of sight for what it sent.
    fn leave_dialog(&mut self) {
        if let Mode::Dialog(ticket, dialog) = std::mem::replace(&mut self.mode, Mode::Panes) {
            self.left.insert(ticket, dialog);
        }
        self.close_dialog();
    }

    /// A dialog that is out of sight has its answer: it goes on, is done, or keeps what was typed.
    fn answered_out_of_sight(&mut self, ticket: Ticket, step: usize, failed: Option<&Failed>, outbox: &mut Outbox) {
        let next = self.left.get_mut(&ticket).map(|dialog| dialog.answered(step, failed));
        match next {
            Some(Next::Send(change)) => self.send(ticket, vec![(0, *change)], outbox),
            Some(Next::SendAll(changes)) => self.send(ticket, changes, outbox),
            Some(Next::Stay) => {}
            Some(Next::Close | Next::Leave | Next::Order(_) | Next::Run(_) | Next::Return(_) | Next::Ask(_)) | None => {
                self.left.remove(&ticket);
            }
        }
        if let Some(Failed { error, .. }) = failed {
            let doubt = if error.kind.may_have_been_done() { ", it may have been done all the same" } else { "" };
            let kept = if self.left.contains_key(&ticket) { "; F brings back what you typed" } else { "" };
            outbox.bad(format!("{}{doubt}: {}{kept}", error.operation, Trouble::new(error).brief()));
        }
    }

    /// `F`: the dialog that was left last and still waits, or was refused.
    pub(super) fn return_to_dialog(&mut self, outbox: &mut Outbox) {
        match self.left.pop_last() {
            Some((ticket, dialog)) => self.open_dialog(Mode::Dialog(ticket, dialog)),
            None => outbox.hint("no form was left while it was sent"),
        }
    }

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
        self.details.want(&arn, true, outbox);
        outbox.hint("asking the service for what it is now");
        self.editing = Some((arn, tool));
    }

    /// A resource was fetched: its row shows what it is now, and if it is waited for, its form opens.
    pub(super) fn fetched(&mut self, arn: &Arn, outbox: &mut Outbox) {
        if let Some(room) = self.details.room(arn).filter(|_| self.details.trouble(arn).is_none()) {
            let row = RoomRow::from(room.summary.clone());
            self.put_room(&row, false);
        }
        let Some((_, tool)) = self.editing.take_if(|(wanted, _)| wanted == arn) else { return };
        if !matches!(self.mode, Mode::Panes) {
            return;
        }
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
                self.ask(Dialog::Confirm(room::delete(&row.summary, now)));
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
        self.ask(Dialog::Confirm(logging::delete(&row.configuration)));
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

    /// A change was carried out, or was not.
    pub(super) fn changed(&mut self, ticket: Ticket, step: usize, result: Result<Done, Failed>, outbox: &mut Outbox) {
        self.sending = self.sending.saturating_sub(1);
        let failed = match result {
            Ok(done) => {
                // First, as there may be more to say of what is different now.
                outbox.good(done.word);
                let attended = matches!(&self.mode, Mode::Dialog(open, _) if *open == ticket);
                self.take_news(ticket, done.news, attended, outbox);
                None
            }
            Err(failed) => {
                self.came_to_nothing(&failed);
                if failed.error.kind.may_have_been_done() {
                    self.look_again(&failed.topic, outbox);
                }
                Some(failed)
            }
        };
        match (&mut self.mode, &failed) {
            (Mode::Dialog(open, dialog), _) if *open == ticket => {
                let next = dialog.answered(step, failed.as_ref());
                self.go_on(next, outbox);
            }
            (_, failed) => self.answered_out_of_sight(ticket, step, failed.as_ref(), outbox),
        }
    }

    /// What is different now is shown as it is now. Cursor and panes move only for somebody who waits for it: a late answer
    /// must not change what the next key hits.
    fn take_news(&mut self, ticket: Ticket, news: News, attended: bool, outbox: &mut Outbox) {
        match news {
            News::Room(room) => {
                let arn = room.summary.arn.clone();
                self.put_room(&RoomRow::from(room.summary), true);
                self.details.want(&arn, true, outbox);
                if attended {
                    self.show_fresh(Lead::Rooms, &arn);
                }
            }
            News::RoomGone(arn) => {
                let now = self.now;
                if let Some(mut room) = self.live.remove(&arn) {
                    room.disconnect(now, outbox);
                }
                self.details.forget(&arn);
                self.rooms.remove(arn.as_str());
                if let Some(query) = &mut self.query {
                    query.all.remove(arn.as_str());
                }
                self.pinned = self.pinned.take().filter(|pinned| *pinned != arn);
            }
            News::Logging(configuration) => {
                let arn = configuration.arn.clone();
                self.logging.put(&LoggingRow::from(*configuration), true);
                self.details.want(&arn, true, outbox);
                if attended {
                    self.show_fresh(Lead::Logging, &arn);
                }
            }
            News::LoggingGoing(arn) => {
                self.follow_deletion(&arn, outbox);
                self.list_logging(outbox);
            }
            News::Tags { of, set, gone } => {
                self.patch_tags(&of, set, &gone);
                self.tags_changed(&of, outbox);
            }
            News::Disconnected(arn, user) => self.disconnected(&arn, &user, outbox),
            News::EventSent(arn, id, event) => self.event_sent(&arn, &id, event),
            News::Token(token) => self.issued(ticket, *token, outbox),
            News::Nothing => {}
        }
    }

    /// A room's row is this now, in all lists that there are of rooms. A new one is no part of a narrowed list, of which
    /// only the service knows what belongs to it.
    fn put_room(&mut self, row: &RoomRow, may_be_new: bool) {
        match &mut self.query {
            Some(query) => {
                query.all.put(row, may_be_new);
                self.rooms.put(row, false);
            }
            None => self.rooms.put(row, may_be_new),
        }
    }

    /// A room's row has these tags now: they were set, and what is listed may lag behind.
    fn patch_tags(&mut self, arn: &Arn, set: Tags, gone: &[String]) {
        let query = self.query.as_ref().and_then(|query| query.all.find(arn.as_str()));
        let Some(row) = self.rooms.find(arn.as_str()).or(query) else { return };
        let mut summary = row.summary.clone();
        summary.tags.retain(|key, _| !gone.contains(key));
        summary.tags.extend(set);
        self.put_room(&RoomRow::from(summary), false);
    }

    /// Puts the cursor on what was made or changed.
    fn show_fresh(&mut self, lead: Lead, arn: &Arn) {
        if matches!(&self.lead, Lead::Other(detour) if detour.arn == *arn) {
            // It is shown already, and the way back is not to be lost.
            return;
        }
        match &lead {
            Lead::Rooms => {
                self.pinned = (!self.rooms.select(arn.as_str())).then(|| arn.clone());
            }
            Lead::Logging => {
                self.logging.select(arn.as_str());
            }
            Lead::Other(_) => {}
        }
        self.lead = lead;
    }

    /// The tags of a resource are others now. What is looked at is asked for at once, the rest when it is looked at:
    /// several hundred rooms that were tagged are not to be fetched one by one.
    fn tags_changed(&mut self, arn: &Arn, outbox: &mut Outbox) {
        if self.tags_of.as_ref() == Some(arn) {
            self.list_tags(arn, outbox);
        }
        if self.subject().as_ref() == Some(arn) {
            self.details.want(arn, true, outbox);
        } else {
            self.details.supersede(arn);
            self.hydration.look_again();
        }
    }

    /// Nobody knows whether a change was carried out: look.
    fn look_again(&mut self, topic: &Topic, outbox: &mut Outbox) {
        match topic {
            Topic::Rooms => self.list_rooms(outbox),
            Topic::Logging => self.list_logging(outbox),
            Topic::Resource(arn) => {
                self.details.want(arn, true, outbox);
            }
            Topic::Tags(arn) => self.tags_changed(arn, outbox),
            Topic::User(..) | Topic::Nothing => {}
        }
    }
}
