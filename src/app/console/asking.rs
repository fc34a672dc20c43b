//! Asks the service for what the panes show, and for rooms to be watched.

use std::sync::Arc;
use std::time::Duration;

use crate::api::Arn;
use crate::api::ops::{ListLoggingConfigurations, ListTagsForResource};
use crate::api::paging::Pages;
use crate::app::msg::{Msg, Ticket, Timer};
use crate::app::outbox::Outbox;
use crate::app::room::Room;
use crate::app::screen::Focus;
use crate::app::text::clean;

use super::App;

/// How long the cursor rests before what it is on is fetched: passing over rows costs no calls.
pub(super) const REST: Duration = Duration::from_millis(150);

/// How long a list may take before it says that it has no answer.
pub(super) const SLOW: Duration = Duration::from_secs(3);

impl App {
    pub(super) fn list_rooms(&mut self, outbox: &mut Outbox) {
        let ticket = self.rooms.begin();
        outbox.after(SLOW, Timer::Slow(Focus::Rooms, ticket));
        self.room_pages = Pages::new(self.room_question());
        self.next_rooms(ticket, outbox);
    }

    pub(super) fn next_rooms(&mut self, ticket: Ticket, outbox: &mut Outbox) {
        if let Some(ask) = self.room_pages.next() {
            outbox.call(ask, move |page| Msg::Rooms(ticket, page));
        }
    }

    pub(super) fn list_logging(&mut self, outbox: &mut Outbox) {
        let ticket = self.logging.begin();
        outbox.after(SLOW, Timer::Slow(Focus::Logging, ticket));
        self.logging_pages = Pages::new(ListLoggingConfigurations::default());
        self.next_logging(ticket, outbox);
    }

    pub(super) fn next_logging(&mut self, ticket: Ticket, outbox: &mut Outbox) {
        if let Some(ask) = self.logging_pages.next() {
            outbox.call(ask, move |page| Msg::Logging(ticket, page));
        }
    }

    pub(super) fn list_tags(&mut self, arn: &Arn, outbox: &mut Outbox) {
        self.tags_of = Some(arn.clone());
        let ticket = self.tags.begin();
        outbox.after(SLOW, Timer::Slow(Focus::Tags, ticket));
        let asked = arn.clone();
        outbox.call(&ListTagsForResource { resource_arn: arn.clone() }, move |tags| Msg::Tags(asked, ticket, tags));
    }

    /// Watches a room and shows it.
    pub(super) fn open_room(&mut self, arn: &Arn, outbox: &mut Outbox) {
        if self.replay.is_none() {
            self.watch_room(arn, outbox);
        }
        self.show_chat(arn);
    }

    pub(super) fn watch_room(&mut self, arn: &Arn, outbox: &mut Outbox) {
        self.live_room(arn).revive(outbox);
    }

    /// A room to be watched, whether it was before or not.
    pub(super) fn live_room(&mut self, arn: &Arn) -> &mut Room {
        let listed = self.rooms.find(arn.as_str());
        let title = listed.map_or_else(|| clean(arn.id()), |row| row.title.clone());
        let (settings, book) = (&self.room_settings, self.books.get(arn.account()));
        self.live.entry(arn.clone()).or_insert_with(|| {
            let mut room = Room::new(arn.clone(), title, Arc::clone(settings));
            room.set_book(book.cloned().unwrap_or_default());
            room
        })
    }
}
