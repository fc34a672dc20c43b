//! What moderators keep about users: a watch flag that ends by itself, and notes.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::api::Arn;
use crate::app::dialog::note::{self, About};
use crate::app::dialog::{Dialog, Order};
use crate::app::keys::Command;
use crate::app::msg::{Ticket, Timer};
use crate::app::outbox::{Job, Outbox};
use crate::app::room::book::{Book, Entry, Fact, Found, MOST_MINUTES, time_left};
use crate::app::room::people::Person;
use crate::app::text::{clean, fit};

use super::{App, Mode};

/// Cells of a name in a word on the status line.
const NAME: usize = 40;

impl App {
    /// What is done about a user: their card, their watch flag, notes about them.
    pub(super) fn about_user(&mut self, command: Command, outbox: &mut Outbox) {
        match command {
            Command::Card => self.open_card(outbox),
            Command::BesideCard => self.leave_card(),
            Command::WatchUser => self.watch_user(outbox),
            Command::Note => self.note_user(outbox),
            Command::DropNote => self.drop_note(outbox),
            _ => {}
        }
    }

    /// The book of an account.
    pub(super) fn book(&self, account: &str) -> Option<&Arc<Book>> {
        self.books.get(account)
    }

    /// What is kept was read: it adds to what this console knows.
    pub(super) fn book_came(&mut self, found: Result<Found, String>, outbox: &mut Outbox) {
        let Found { place, entries, unreadable } = match found {
            Ok(found) => found,
            Err(why) => return self.tell_of_book(&format!("notes and watched users can't be read: {why}"), outbox),
        };
        for entry in &entries {
            Arc::make_mut(self.books.entry(entry.account.clone()).or_default()).take(entry);
        }
        let now = self.now;
        let running: Vec<Timestamp> =
            self.books.values().flat_map(|book| book.watches(now).map(|(_, until)| until)).collect();
        for until in running {
            self.end_later(until, outbox);
        }
        self.end_watches();
        self.hand_out_books();
        if unreadable > 0 {
            let place = place.unwrap_or_default();
            self.tell_of_book(&format!("{unreadable} lines of {place} can't be read and are left out"), outbox);
        }
    }

    /// What is wrong with what is kept, once: it is read again and again.
    fn tell_of_book(&mut self, trouble: &str, outbox: &mut Outbox) {
        if self.book_trouble != trouble {
            trouble.clone_into(&mut self.book_trouble);
            outbox.bad(trouble);
        }
    }

    /// A line was kept, or was not.
    pub(super) fn book_kept(&mut self, entry: &Entry, kept: Result<(), String>, outbox: &mut Outbox) {
        let dialog = match &entry.fact {
            Fact::Noted { id, .. } | Fact::Dropped { id } => self.noting.remove(id),
            Fact::Watched(_) | Fact::Unwatched {} => None,
        };
        match kept {
            Ok(()) => {
                // Flags count from the key on; a note only when it is kept.
                self.enter(entry);
                self.noted(dialog, &entry.fact, outbox);
            }
            Err(why) => self.not_noted(dialog, &why, outbox),
        }
    }

    fn noted(&mut self, dialog: Option<Ticket>, fact: &Fact, outbox: &mut Outbox) {
        let Some(dialog) = dialog else { return };
        outbox.good(if matches!(fact, Fact::Dropped { .. }) { "the note is taken away" } else { "noted" });
        if matches!(&self.mode, Mode::Dialog(open, _) if *open == dialog) {
            self.close_dialog();
        }
        self.left.remove(&dialog);
    }

    fn not_noted(&mut self, dialog: Option<Ticket>, why: &str, outbox: &mut Outbox) {
        let why = clean(why);
        let Some(dialog) = dialog else {
            return outbox.bad(format!("watched until the console ends, but not kept: {}", why.as_str()));
        };
        let kept = if self.left.contains_key(&dialog) { ", F brings it back" } else { "" };
        outbox.bad(format!("not kept{kept}: {}", why.as_str()));
        let open = match &mut self.mode {
            Mode::Dialog(open, form) if *open == dialog => Some(form.as_mut()),
            _ => self.left.get_mut(&dialog).map(Box::as_mut),
        };
        if let Some(Dialog::Form(form)) = open {
            form.came_back(note::told(why.as_str()));
        }
    }

    /// Enters a line into the book of its account, and hands that to the account's rooms.
    fn enter(&mut self, entry: &Entry) {
        Arc::make_mut(self.books.entry(entry.account.clone()).or_default()).take(entry);
        self.hand_out_books();
    }

    fn hand_out_books(&mut self) {
        for room in self.live.values_mut() {
            if let Some(book) = self.books.get(room.arn().account()) {
                room.set_book(Arc::clone(book));
            }
        }
    }

    /// Flags that have ended are taken down.
    pub(super) fn end_watches(&mut self) {
        let now = self.now;
        for book in self.books.values_mut() {
            Arc::make_mut(book).end_watches(now);
        }
        self.hand_out_books();
    }

    fn line(&self, about: &About, fact: Fact) -> Entry {
        let by = self.settings.room.keeping.author.as_str().into();
        Entry { time: self.now, account: about.account.clone(), user: about.user.clone(), by, fact }
    }

    /// Whom an action on a user would hit: the one of the card, else who wrote the selected message.
    pub(super) fn whom(&self) -> Option<(Arn, Arc<Person>)> {
        let room = self.shown_room()?;
        let said = room.selected()?;
        Some((room.arn().clone(), Arc::clone(&said.by)))
    }

    fn about(&self, outbox: &mut Outbox) -> Option<About> {
        let Some((room, person)) = self.whom() else {
            outbox.hint("nobody is selected: k selects a message, and with it who wrote it");
            return None;
        };
        let label = format!("{}#{}", fit(person.name.as_str(), NAME), person.short());
        Some(About { account: room.account().into(), user: person.user_id.clone(), label })
    }

    /// `W`, or `w` in a card: watches a user for the usual time, or takes that back.
    pub(super) fn watch_user(&mut self, outbox: &mut Outbox) {
        let Some(about) = self.about(outbox) else { return };
        let watched = self.book(&about.account).and_then(|book| book.watch(&about.user, self.now)).is_some();
        if watched {
            outbox.good(format!("{} is not watched any more", about.label));
            self.keep_flag(&about, Fact::Unwatched {}, outbox);
        } else {
            self.watch_for(&about, self.settings.room.keeping.watch_minutes, outbox);
        }
    }

    /// `:watch 30`: watches a user for so many minutes from now on.
    pub(super) fn watch_user_for(&mut self, minutes: u32, outbox: &mut Outbox) {
        if let Some(about) = self.about(outbox) {
            self.watch_for(&about, minutes, outbox);
        }
    }

    fn watch_for(&mut self, about: &About, minutes: u32, outbox: &mut Outbox) {
        let minutes = minutes.clamp(1, MOST_MINUTES);
        let until = self.now + SignedDuration::from_mins(i64::from(minutes));
        self.end_later(until, outbox);
        outbox.good(format!("{} is watched for {}: @ marks them", about.label, time_left(until, self.now)));
        self.keep_flag(about, Fact::Watched(until), outbox);
    }

    fn keep_flag(&mut self, about: &About, fact: Fact, outbox: &mut Outbox) {
        let entry = self.line(about, fact);
        self.enter(&entry);
        outbox.push(Job::KeepInBook(Box::new(entry)));
    }

    fn end_later(&self, until: Timestamp, outbox: &mut Outbox) {
        let left = until.duration_since(self.now).max(SignedDuration::ZERO).unsigned_abs();
        outbox.after(left + Duration::from_millis(1), Timer::WatchEnds);
    }

    /// `m`: a note on a user.
    pub(super) fn note_user(&mut self, outbox: &mut Outbox) {
        if let Some(about) = self.about(outbox) {
            self.ask(Dialog::Form(note::add(about)));
        }
    }

    /// `M`: takes a note on a user away.
    pub(super) fn drop_note(&mut self, outbox: &mut Outbox) {
        let Some(about) = self.about(outbox) else { return };
        let label = about.label.clone();
        let notes = self.book(&about.account).map_or(&[][..], |book| book.notes(&about.user));
        match note::remove(about, notes, self.now) {
            Some(form) => self.ask(Dialog::Form(form)),
            None => outbox.hint(format!("there is no note on {label}: m writes one")),
        }
    }

    /// A form has a note to be kept, or taken away.
    pub(super) fn keep_note(&mut self, order: Order, outbox: &mut Outbox) {
        let (about, fact) = match order {
            Order::Note { about, text } => (about, Fact::Noted { id: self.request_id().into(), text }),
            Order::DropNote { about, note } => (about, Fact::Dropped { id: note }),
            Order::Delete { .. }
            | Order::Disconnect { .. }
            | Order::Many { .. }
            | Order::CancelRun
            | Order::Purge(_)
            | Order::Arm { .. }
            | Order::Write { .. } => return,
        };
        if let Fact::Noted { id, .. } | Fact::Dropped { id } = &fact {
            self.noting.insert(id.clone(), self.open_ticket());
        }
        let entry = self.line(&about, fact);
        outbox.push(Job::KeepInBook(Box::new(entry)));
    }
}
