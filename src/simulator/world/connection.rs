//! Open connections, and who listens in which room.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::ConnectionId;
use super::agenda::Place;
use super::id::Id;
use super::quota::Rate;
use super::token::Grant;

/// One open connection.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) grant: Grant,
    /// Requests that it may still make.
    pub(super) rate: Rate,
    /// Where the end of its session is noted.
    pub(super) end: Place,
}

impl Connection {
    /// Whether the session has lasted as long as it may.
    pub(super) fn has_ended(&self, now: Timestamp) -> bool {
        self.grant.session_ends <= now
    }
}

/// All open connections. Those to a room that was deleted stay until their sessions end.
#[derive(Debug, Default)]
pub(super) struct Connections {
    by_id: BTreeMap<ConnectionId, Connection>,
    by_room: BTreeMap<Id, BTreeSet<ConnectionId>>,
    opened: u64,
}

impl Connections {
    /// The id of the connection that is opened next; no id is used twice.
    pub(super) fn next_id(&mut self) -> ConnectionId {
        self.opened += 1;
        ConnectionId(self.opened)
    }

    pub(super) fn open(&mut self, id: ConnectionId, connection: Connection) {
        self.by_room.entry(connection.grant.room).or_default().insert(id);
        self.by_id.insert(id, connection);
    }

    pub(super) fn close(&mut self, id: ConnectionId) -> Option<Connection> {
        let connection = self.by_id.remove(&id)?;
        let room = connection.grant.room;
        if let Some(ids) = self.by_room.get_mut(&room) {
            ids.remove(&id);
            if ids.is_empty() {
                self.by_room.remove(&room);
            }
        }
        Some(connection)
    }

    pub(super) fn get(&self, id: ConnectionId) -> Option<&Connection> {
        self.by_id.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: ConnectionId) -> Option<&mut Connection> {
        self.by_id.get_mut(&id)
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Who listens in a room.
    pub(super) fn in_room(&self, room: Id) -> impl Iterator<Item = ConnectionId> {
        self.by_room.get(&room).into_iter().flatten().copied()
    }

    /// The connections of a user to a room.
    pub(super) fn of_user(&self, room: Id, user_id: &str) -> Vec<ConnectionId> {
        self.in_room(room).filter(|id| self.by_id[id].grant.sender.user_id == user_id).collect()
    }

    /// All that are open, the oldest first.
    pub(super) fn all(&self) -> Vec<ConnectionId> {
        self.by_id.keys().copied().collect()
    }

    /// Rooms in which somebody listens.
    pub(super) fn rooms(&self) -> impl Iterator<Item = Id> {
        self.by_room.keys().copied()
    }
}
