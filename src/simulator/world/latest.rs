//! What was said last in each room, so that somebody can act on it without having listened.

use std::collections::{BTreeMap, VecDeque};

use super::id::Id;

/// How many messages of a room are remembered.
const REMEMBERED: usize = 200;

/// Messages that stand: what was deleted, or whose author was disconnected, is not among them.
#[derive(Debug, Default)]
pub(super) struct Latest(BTreeMap<Id, VecDeque<Said>>);

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) message: Id,
    pub(super) user_id: String,
}

impl Latest {
    /// Somebody wrote.
    pub(super) fn said(&mut self, room: Id, message: Id, user_id: &str) {
        let said = self.0.entry(room).or_default();
        if said.len() == REMEMBERED {
            said.pop_front();
        }
        said.push_back(Said { message, user_id: user_id.to_owned() });
    }

    /// A message was deleted; most likely one that was said not long ago.
    pub(super) fn deleted(&mut self, room: Id, message: &str) {
        let Some(said) = self.0.get_mut(&room) else { return };
        if let Some(place) = said.iter().rposition(|said| said.message.as_str() == message) {
            said.remove(place);
        }
    }

    /// A user was disconnected.
    pub(super) fn disconnected(&mut self, room: Id, user_id: &str) {
        if let Some(said) = self.0.get_mut(&room) {
            said.retain(|said| said.user_id != user_id);
        }
    }

    /// What was said last and stands.
    pub(super) fn last(&self, room: Id) -> Option<&Said> {
        self.0.get(&room)?.back()
    }
}
