//! What comes back: pages, details, tags, tokens, frames. An answer to an older asking is dropped.

use crate::api::ops::{LoggingPage, RoomPage};
use crate::api::{Arn, Error};
use crate::app::msg::{Msg, Ticket};
use crate::app::outbox::Outbox;
use crate::app::pane::details::Resource;
use crate::app::pane::rows::{RoomRow, TagRow};
use crate::app::text::clean;

use super::App;

impl App {
    pub(super) fn answer(&mut self, msg: Msg, outbox: &mut Outbox) {
        let now = self.now;
        match msg {
            Msg::Rooms(ticket, page) => self.rooms_page(ticket, page, outbox),
            Msg::Logging(ticket, page) => self.logging_page(ticket, page, outbox),
            Msg::Room(arn, answer) => {
                self.details.answered(arn, answer.map(|(room, json)| (Resource::Room(room), json)));
            }
            Msg::LoggingConfiguration(arn, answer) => {
                self.details.answered(arn, answer.map(|(found, json)| (Resource::Logging(found), json)));
            }
            Msg::Tags(arn, answer) if self.tags_of.as_ref() == Some(&arn) => {
                let ticket = self.tags.ticket();
                match answer {
                    Ok(tags) => {
                        let rows = tags.tags.into_iter().map(|(key, value)| TagRow::new(key, &value));
                        self.tags.page(ticket, rows, true);
                    }
                    Err(error) => {
                        if let Some(why) = self.tags.fail(ticket, &error) {
                            outbox.bad(format!("tags: {why}"));
                        }
                    }
                }
            }
            Msg::Token(id, token) => {
                let dice = self.dice.f64();
                if let Some(room) = self.live.get_mut(&id.room) {
                    room.token(now, &id, token, dice, outbox);
                }
            }
            Msg::Link(id, report) => {
                if let Some(room) = self.live.get_mut(&id.room) {
                    room.report(now, &id, report, outbox);
                }
            }
            Msg::Ended(id, why) => {
                let dice = self.dice.f64();
                if let Some(room) = self.live.get_mut(&id.room) {
                    room.ended(now, &id, &why, dice, outbox);
                }
            }
            Msg::Deleted(arn, message, answer) => {
                if let Some(room) = self.live.get_mut(&arn) {
                    room.deleted(&message, answer, outbox);
                }
            }
            Msg::Edited(ticket, text) => self.edited(ticket, text, outbox),
            Msg::Copied(what, Ok(way)) => outbox.good(format!("copied {what}: {way}")),
            Msg::Copied(what, Err(why)) => outbox.bad(format!("{what} not copied: {}", clean(&why).as_str())),
            Msg::Tags(..)
            | Msg::Key(_)
            | Msg::Held(_)
            | Msg::Paste(_)
            | Msg::Resize(..)
            | Msg::Due(_)
            | Msg::Broken(_) => {}
        }
    }

    fn rooms_page(&mut self, ticket: Ticket, page: Result<RoomPage, Error>, outbox: &mut Outbox) {
        if !self.rooms.is_current(ticket) {
            return;
        }
        match page.and_then(|page| self.room_pages.accept(&page).map(|()| page)) {
            Ok(page) => {
                let complete = self.room_pages.next().is_none();
                self.rooms.page(ticket, page.rooms.into_iter().map(RoomRow::from), complete);
                self.found_rooms(complete, outbox);
                self.next_rooms(ticket, outbox);
            }
            Err(error) => {
                if let Some(wanted) = self.wanted.take() {
                    outbox.bad(format!("{wanted:?} can't be looked up, as the list of rooms failed: give its ARN"));
                }
                if let Some(why) = self.rooms.fail(ticket, &error) {
                    outbox.bad(format!("rooms: {why}"));
                }
            }
        }
    }

    /// Rooms have come: those that are watched learn their names, and the one that was asked for may be among them.
    fn found_rooms(&mut self, complete: bool, outbox: &mut Outbox) {
        for row in self.rooms.rows() {
            if let Some(room) = self.live.get_mut(&row.summary.arn) {
                room.set_title(row.title.clone());
            }
        }
        if self.pinned.as_ref().is_some_and(|arn| self.rooms.select(arn.as_str())) {
            self.pinned = None;
        }
        if let Some(wanted) = self.wanted.clone().filter(|_| complete) {
            self.wanted = None;
            self.open_by_name(&wanted, outbox);
        }
    }

    /// Opens the room with this id or name. Names are not unique: of several the reader chooses.
    fn open_by_name(&mut self, wanted: &str, outbox: &mut Outbox) {
        let fits = |row: &&RoomRow| row.summary.arn.id() == wanted || row.summary.name == wanted;
        let found: Vec<Arn> = self.rooms.rows().iter().filter(fits).map(|row| row.summary.arn.clone()).collect();
        match found.as_slice() {
            [arn] => self.open_room(arn, outbox),
            [] => outbox.bad(format!("no room has the id or name {wanted:?}: / filters, Enter opens")),
            several => {
                outbox.hint(format!("{} rooms are called {wanted:?}: Enter opens one", several.len()));
                self.rooms.set_filter(wanted);
            }
        }
    }

    fn logging_page(&mut self, ticket: Ticket, page: Result<LoggingPage, Error>, outbox: &mut Outbox) {
        if !self.logging.is_current(ticket) {
            return;
        }
        match page.and_then(|page| self.logging_pages.accept(&page).map(|()| page)) {
            Ok(page) => {
                let complete = self.logging_pages.next().is_none();
                self.logging.page(ticket, page.logging_configurations.into_iter().map(Into::into), complete);
                self.next_logging(ticket, outbox);
            }
            Err(error) => {
                if let Some(why) = self.logging.fail(ticket, &error) {
                    outbox.bad(format!("logging configurations: {why}"));
                }
            }
        }
    }
}
