//! What the keys of a chat look at: a room in its own view, or all of them in the merged feed.

use crate::api::Arn;
use crate::app::key::Key;
use crate::app::keys::Motion;
use crate::app::room::Room;
use crate::app::room::looking::Filter;
use crate::app::room::merged::{Merged, Rooms};
use crate::app::room::reading::Direction;
use crate::app::room::sight::Holds;
use crate::app::room::through::Through;

use super::spread::Spread;
use super::{App, Tab};

/// A chat on the screen. Looking goes here; acting goes to the room of what is selected.
pub(super) enum Chat<'a> {
    /// A room.
    Room(&'a mut Room),
    /// All rooms.
    Merged(&'a mut Merged, &'a mut Rooms),
}

impl App {
    /// The chat that is shown.
    pub(super) fn chat(&mut self) -> Option<Chat<'_>> {
        if self.merged().is_some() {
            let Self { spread: Spread::Merged(merged), live, .. } = self else { return None };
            return Some(Chat::Merged(merged, live));
        }
        self.chat_room().map(Chat::Room)
    }

    /// The merged feed, if it is shown.
    pub(super) fn merged(&self) -> Option<&Merged> {
        match &self.spread {
            Spread::Merged(merged) if self.shown_tab() == Tab::Chat => Some(merged),
            Spread::Merged(_) | Spread::One | Spread::Tiles(_) => None,
        }
    }

    /// The filter of the chat that is shown.
    pub(super) fn chat_filter(&self) -> Option<&Filter> {
        match self.merged() {
            Some(merged) => merged.filter(),
            None => self.shown_room().filter(|_| self.shown_tab() == Tab::Chat)?.filter(),
        }
    }

    /// Changes why the merged feed stands still, if there is one.
    pub(super) fn hold_merged(&mut self, change: impl FnOnce(&mut Holds)) {
        if let Self { spread: Spread::Merged(merged), live, .. } = self {
            merged.hold(live, change);
        }
    }

    /// Selects a message that was left, if one is selected at all.
    pub(super) fn look_again_at(&mut self, arn: &Arn, id: &str) {
        if self.merged().is_some() {
            let Self { spread: Spread::Merged(merged), live, .. } = self else { return };
            let seq = live.get(arn).and_then(|room| room.feed().find(id));
            let key = seq.and_then(|seq| merged.key(arn, seq)).filter(|_| merged.reading().selected().is_some());
            if let Some(key) = key {
                merged.select(live, key);
            }
        } else if let Some(room) = self.live.get_mut(arn) {
            room.look_again_at(id);
        }
    }

    /// A labelled row: its room, which becomes the subject, and its number there. In the merged feed the room is told that
    /// this row is meant, with those that it stands for.
    pub(super) fn aim(&mut self, key: u64) -> Option<(Arn, u64)> {
        let Some(merged) = self.merged() else { return Some((self.subject()?, key)) };
        let (arn, seq) = merged.at(key).map(|(arn, seq)| (arn.clone(), seq))?;
        let cluster = merged.rows_of(key).collect();
        let through = Through { selected: Some(seq), cluster, ..Through::default() };
        self.live.get_mut(&arn)?.look_through(Some(through));
        self.put_subject(&arn);
        Some((arn, seq))
    }
}

impl Chat<'_> {
    pub(super) fn go(&mut self, motion: Motion) {
        match self {
            Self::Room(room) => room.go(motion),
            Self::Merged(merged, rooms) => merged.go(rooms, motion),
        }
    }

    pub(super) fn select(&mut self, key: u64) {
        match self {
            Self::Room(room) => room.select(key),
            Self::Merged(merged, rooms) => merged.select(rooms, key),
        }
    }

    /// The message that takes this line of its area, if one does.
    pub(super) fn at_line(&self, line: i64) -> Option<u64> {
        match self {
            Self::Room(room) => room.sight().at_line(room.feed(), line),
            Self::Merged(merged, rooms) => merged.at_line(rooms, line),
        }
    }

    pub(super) fn is_selected(&self) -> bool {
        match self {
            Self::Room(room) => room.reading().selected().is_some(),
            Self::Merged(merged, _) => merged.reading().selected().is_some(),
        }
    }

    pub(super) fn hold(&mut self, change: impl FnOnce(&mut Holds)) {
        match self {
            Self::Room(room) => room.hold(change),
            Self::Merged(merged, rooms) => merged.hold(rooms, change),
        }
    }

    pub(super) fn on_screen(&self, standing: bool) -> Vec<u64> {
        match self {
            Self::Room(room) => room.on_screen(standing),
            Self::Merged(merged, rooms) => merged.on_screen(rooms, standing),
        }
    }

    pub(super) fn seek_flagged(&mut self, direction: Direction) -> bool {
        match self {
            Self::Room(room) => room.seek_flagged(direction),
            Self::Merged(merged, rooms) => merged.seek_flagged(rooms, direction),
        }
    }

    pub(super) fn turn_fold(&mut self) -> bool {
        match self {
            Self::Room(room) => room.turn_fold(),
            Self::Merged(merged, rooms) => merged.turn_fold(rooms),
        }
    }

    pub(super) fn turn_reveal(&mut self) -> bool {
        match self {
            Self::Room(room) => room.turn_reveal(),
            Self::Merged(merged, _) => merged.turn_reveal(),
        }
    }

    pub(super) fn return_to_last(&mut self) -> bool {
        match self {
            Self::Room(room) => room.return_to_last(),
            Self::Merged(merged, rooms) => merged.return_to_last(rooms),
        }
    }

    pub(super) fn has_marks(&self) -> bool {
        match self {
            Self::Room(room) => !room.marks().is_empty(),
            Self::Merged(_, rooms) => rooms.values().any(|room| !room.marks().is_empty()),
        }
    }

    pub(super) fn mark(&mut self) -> bool {
        match self {
            Self::Room(room) => room.mark(),
            Self::Merged(merged, rooms) => merged.mark(rooms),
        }
    }

    pub(super) fn mark_range(&mut self) -> bool {
        match self {
            Self::Room(room) => room.mark_range(),
            Self::Merged(merged, rooms) => merged.mark_range(rooms),
        }
    }

    pub(super) fn mark_shown(&mut self) -> usize {
        match self {
            Self::Room(room) => room.mark_shown(),
            Self::Merged(merged, rooms) => merged.mark_shown(rooms),
        }
    }

    pub(super) fn clear_marks(&mut self) {
        match self {
            Self::Room(room) => room.clear_marks(),
            Self::Merged(merged, rooms) => merged.clear_marks(rooms),
        }
    }

    pub(super) fn set_filter(&mut self, text: &str) {
        match self {
            Self::Room(room) => room.set_filter(text),
            Self::Merged(merged, rooms) => merged.set_filter(rooms, text),
        }
    }

    pub(super) fn type_filter(&mut self, key: Key) {
        match self {
            Self::Room(room) => room.type_filter(key),
            Self::Merged(merged, rooms) => merged.type_filter(rooms, key),
        }
    }

    pub(super) fn paste_filter(&mut self, text: &str) {
        match self {
            Self::Room(room) => room.paste_filter(text),
            Self::Merged(merged, rooms) => merged.paste_filter(rooms, text),
        }
    }
}
