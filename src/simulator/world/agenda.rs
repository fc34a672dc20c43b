//! What will happen by itself, and when.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::ConnectionId;
use super::id::Id;

/// Something that is due at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// Somebody in a room has something to say.
    Talk(Id),
    /// Somebody says what was asked for, by its number.
    Order(u64),
    /// A logging configuration has finished what it was in.
    Settle(Id),
    /// A chat session has lasted as long as it may.
    SessionEnd(ConnectionId),
}

/// An entry's place, to strike it out by. What is due at the same time happens in the order of writing.
pub(super) type Place = (Timestamp, u64);

/// The entries in order of time.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    entries: BTreeMap<Place, Due>,
    written: u64,
}

impl Agenda {
    /// Writes an entry.
    pub(super) fn add(&mut self, at: Timestamp, due: Due) -> Place {
        self.written += 1;
        let place = (at, self.written);
        self.entries.insert(place, due);
        place
    }

    /// Strikes out an entry; one that has happened does no harm.
    pub(super) fn remove(&mut self, place: Place) {
        self.entries.remove(&place);
    }

    /// Takes the first entry that is due by `now`.
    pub(super) fn take(&mut self, now: Timestamp) -> Option<(Timestamp, Due)> {
        let entry = self.entries.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((at, _), due) = entry.remove_entry();
        Some((at, due))
    }

    /// When the first entry is due.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.entries.first_key_value().map(|((at, _), _)| *at)
    }
}
