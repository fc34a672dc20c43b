//! What comes back: pages, details, tags, tokens, frames. An answer to an older asking is dropped.

use serde_json::Value;

use crate::api::model::LoggingConfiguration;
use crate::api::ops::{ListRooms, LoggingPage, ResourceTags, RoomPage};
use crate::api::paging::Pages;
use crate::api::{Arn, Error, Service};
use crate::app::groups::Groups;
use crate::app::msg::{Msg, Ticket};
use crate::app::outbox::Outbox;
use crate::app::pane::details::Resource;
use crate::app::pane::listing::Listing;
use crate::app::pane::rows::{RoomRow, TagRow};
use crate::app::screen::Focus;
use crate::app::text::clean;
use crate::app::trouble::Trouble;

use super::{App, Lead, Tab};

impl App {
    pub(super) fn answer(&mut self, msg: Msg, outbox: &mut Outbox) {
        match msg {
            Msg::Rooms(ticket, page) => {
                let shown = self.chat_in_sight();
                self.rooms_page(ticket, page, outbox);
                self.keep_in_sight(shown);
            }
            Msg::Logging(ticket, page) => self.logging_page(ticket, page, outbox),
            Msg::Room(arn, ticket, answer) => {
                let shown = self.chat_in_sight();
                let error = answer.as_ref().err().cloned();
                let answer = answer.map(|(room, json)| (Resource::Room(room), json));
                let latest = self.details.answered(&arn, ticket, answer);
                self.hydration.answered(&arn, error.as_ref(), &mut self.details, outbox);
                if latest {
                    self.fetched(&arn, outbox);
                }
                self.keep_in_sight(shown);
            }
            Msg::LoggingConfiguration(arn, ticket, answer) => self.logging_came(&arn, ticket, answer, outbox),
            Msg::Tags(arn, ticket, answer) if self.tags_of.as_ref() == Some(&arn) && self.tags.is_current(ticket) => {
                self.tags_came(answer, outbox);
            }
            Msg::Token(..) | Msg::Link(..) | Msg::Published(..) | Msg::Ended(..) | Msg::Taped(..) => {
                self.room_answer(msg, outbox);
            }
            Msg::Acted(id, answer) => self.acted(id, answer, outbox),
            Msg::Edited(ticket, text) => self.edited(ticket, text, outbox),
            Msg::Copied(what, Ok(way)) => outbox.good(format!("copied {what}: {way}")),
            Msg::Copied(what, Err(why)) => outbox.bad(format!("{what} not copied: {}", clean(&why).as_str())),
            Msg::Tags(..)
            | Msg::Changed(..)
            | Msg::Users(..)
            | Msg::RulesTested(..)
            | Msg::FileRead(..)
            | Msg::FileWritten(..)
            | Msg::Key(_)
            | Msg::Held(_)
            | Msg::Paste(_)
            | Msg::Mouse(_)
            | Msg::Resize(..)
            | Msg::Due(_)
            | Msg::Over(..)
            | Msg::Called(..)
            | Msg::Unwritten(..)
            | Msg::Journal(_)
            | Msg::Book(_)
            | Msg::BookKept(..)
            | Msg::Identity(..)
            | Msg::Of(..)
            | Msg::Spent(_)
            | Msg::Broken(_) => {}
        }
    }

    /// The room whose chat is shown, unless a room that was asked for at the start is still looked for.
    fn chat_in_sight(&self) -> Option<Arn> {
        let shown = self.wanted.is_none() && self.lead == Lead::Rooms && self.shown_tab() == Tab::Chat;
        self.subject().filter(|_| shown)
    }

    /// A list that has another order, or other rooms, must not put another chat under the reader's hands.
    fn keep_in_sight(&mut self, shown: Option<Arn>) {
        let shown = shown.filter(|arn| self.live.contains_key(arn) && self.subject().as_ref() != Some(arn));
        // Whoever is in the list looks at its cursor.
        if self.lead == Lead::Rooms && self.focus != Focus::Rooms && shown.is_some() {
            self.pinned = shown;
        }
    }

    /// What comes back for a live room goes to it, if it is still there.
    fn room_answer(&mut self, msg: Msg, outbox: &mut Outbox) {
        let (now, dice) = (self.now, self.dice.f64());
        let arn = match &msg {
            Msg::Token(id, _) | Msg::Link(id, _) | Msg::Published(id, ..) | Msg::Ended(id, _) => &id.room,
            Msg::Taped(arn, _) => arn,
            _ => return,
        };
        let Some(room) = self.live.get_mut(arn) else { return };
        match msg {
            Msg::Token(id, token) => room.token(now, &id, token, dice, outbox),
            Msg::Link(id, report) => room.report(now, &id, report, outbox),
            Msg::Published(id, request_id, taken) => room.published(&id, &request_id, taken, outbox),
            Msg::Ended(id, why) => room.ended(now, &id, &why, dice, outbox),
            Msg::Taped(_, taped) => room.taped(taped, outbox),
            _ => {}
        }
    }

    fn logging_came(
        &mut self,
        arn: &Arn,
        ticket: Ticket,
        answer: Result<(LoggingConfiguration, Value), Error>,
        outbox: &mut Outbox,
    ) {
        if ticket == self.details.asked(arn) {
            self.followed(arn, answer.as_ref().map(|(found, _)| found), outbox);
        }
        if self.details.answered(arn, ticket, answer.map(|(found, json)| (Resource::Logging(found), json))) {
            self.fetched(arn, outbox);
        }
    }

    fn tags_came(&mut self, answer: Result<ResourceTags, Error>, outbox: &mut Outbox) {
        let ticket = self.tags.ticket();
        match answer {
            Ok(tags) => {
                let rows = tags.tags.into_iter().map(|(key, value)| TagRow::new(key, &value));
                self.tags.page(ticket, rows, true);
            }
            Err(error) => {
                let service = self.tags_of.as_ref().and_then(Service::of).unwrap_or_default();
                if let Some(why) = self.tags.fail_with(ticket, Trouble::with(service, &error)) {
                    outbox.bad(format!("tags: {why}"));
                }
            }
        }
    }

    fn rooms_page(&mut self, ticket: Ticket, page: Result<RoomPage, Error>, outbox: &mut Outbox) {
        for room in page.iter().flat_map(|page| &page.rooms) {
            if self.details.listed(&room.arn, room.update_time) {
                self.hydration.look_again();
            }
            if let Some(watched) = self.live.get_mut(&room.arn) {
                watched.set_title(clean(room.title()));
            }
        }
        if let Some(query) = self.query.as_mut().filter(|query| query.all.is_current(ticket)) {
            // Nobody looks at this list now: how it ended is told when it is shown again.
            let _ = take_rooms(&mut query.all, &mut query.all_pages, ticket, page, &self.settings.groups, outbox);
            return;
        }
        if !self.rooms.is_current(ticket) {
            return;
        }
        match take_rooms(&mut self.rooms, &mut self.room_pages, ticket, page, &self.settings.groups, outbox) {
            Ok(complete) => self.found_rooms(complete, outbox),
            Err(why) => {
                if let Some(wanted) = self.wanted.take() {
                    outbox.bad(format!("{wanted:?} can't be looked up, as the list of rooms failed: give its ARN"));
                }
                if let Some(why) = why {
                    outbox.bad(format!("rooms: {why}"));
                }
            }
        }
    }

    /// Rooms have come: the one that was asked for may be among them.
    pub(super) fn found_rooms(&mut self, complete: bool, outbox: &mut Outbox) {
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
                for found in &page.logging_configurations {
                    self.details.listed(&found.arn, found.update_time);
                }
                let complete = self.logging_pages.next().is_none();
                self.logging.page(ticket, page.logging_configurations.into_iter().map(Into::into), complete);
                self.next_logging(ticket, outbox);
                self.follow_listed(outbox);
            }
            Err(error) => {
                if let Some(why) = self.logging.fail(ticket, &error) {
                    outbox.bad(format!("logging configurations: {why}"));
                }
            }
        }
    }
}

/// Takes a page into a list of rooms and asks for the next. Whether it was the last; or what the list has no room to
/// tell of a failure.
fn take_rooms(
    list: &mut Listing<RoomRow>,
    pages: &mut Pages<ListRooms>,
    ticket: Ticket,
    page: Result<RoomPage, Error>,
    groups: &Groups,
    outbox: &mut Outbox,
) -> Result<bool, Option<String>> {
    match page.and_then(|page| pages.accept(&page).map(|()| page)) {
        Ok(page) => {
            list.page(
                ticket,
                page.rooms.into_iter().map(|room| RoomRow::from(room).within(groups)),
                pages.next().is_none(),
            );
            if let Some(ask) = pages.next() {
                outbox.call(ask, move |page| Msg::Rooms(ticket, page));
            }
            Ok(pages.next().is_none())
        }
        Err(error) => Err(list.fail(ticket, &error)),
    }
}
