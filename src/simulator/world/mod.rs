//! The pretend account: rooms, logging configurations, tags, tokens, connections and the people who chat. Pure: time
//! comes in as an argument and what should be sent goes out as data.
//!
//! The world's clock only goes forward: a time that is earlier than one that came before counts as that one. Every
//! call that takes a time first lets happen what is due by then. People talk only in rooms where a connection is
//! open; if the clock jumps, they talk for the last [`CATCH_UP`] of the jump at most.

mod agenda;
mod audience;
mod build;
mod call;
mod collection;
mod connection;
mod frames;
mod id;
mod input;
mod latest;
mod logging;
mod moderation;
mod operation;
mod order;
mod paging;
mod people;
mod policy;
mod publish;
mod quota;
mod refusal;
mod review;
mod room;
mod setup;
mod tag;
mod token;
mod trouble;
mod variant;
mod wording;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub use order::{Flood, NotPossible, Raid};
pub use setup::{Quotas, Setup, Troubles};
pub use variant::Variant;

use crate::messaging::Publish;

use super::script::Script;
use agenda::{Agenda, Due};
use collection::{Collection, Tags};
use connection::{Connection, Connections};
use id::{Home, Kind};
use latest::Latest;
use logging::Logging;
use order::Orders;
use policy::Policy;
use quota::Rates;
use room::Room;
use token::Tokens;

/// How much talk is made up for at most when the clock jumps, so that a laptop that wakes up finds a room and not a
/// flood.
pub const CATCH_UP: SignedDuration = SignedDuration::from_secs(5);

/// One open WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// The service's yes.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// 200, or 204 without a body.
    pub status: u16,
    /// The JSON body.
    pub body: Option<Value>,
}

/// The service's no, in the shape of its rest-json errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// What `x-amzn-ErrorType` says.
    pub error_type: String,
    /// The JSON body: `message` and the members that the error's shape has.
    pub body: Value,
}

/// Something that a connection is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// A text frame.
    Frame {
        /// To whom.
        to: ConnectionId,
        /// Shared, as the same frame goes to everybody in a room.
        text: Arc<str>,
    },
    /// The end of the connection, from the server's side.
    Close {
        /// To whom.
        to: ConnectionId,
        /// The WebSocket close code.
        code: u16,
        /// Its text.
        reason: String,
    },
}

impl Answer {
    fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }

    fn none() -> Self {
        Self { status: 204, body: None }
    }
}

/// The pretend account.
pub struct World {
    home: Home,
    /// The latest time that came in.
    clock: Timestamp,
    /// For ids and tokens. People have random numbers of their own.
    rng: Rng,
    script: Script,
    rooms: Collection<Room>,
    logging: Collection<Logging>,
    /// Tags of resources of Amazon IVS, by ARN.
    others: BTreeMap<String, Tags>,
    tokens: Tokens,
    connections: Connections,
    policy: Policy,
    rates: Rates,
    agenda: Agenda,
    deliveries: Vec<Delivery>,
    /// How long a session lasts at most.
    session: Option<SignedDuration>,
    echoes: Echoes,
    latest: Latest,
    orders: Orders,
}

/// What becomes of the events that `DeleteMessage`, `DisconnectUser` and `SendEvent` publish when they are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Echoes {
    /// Everybody in the room receives them.
    Published,
    /// Nobody does, although the call is answered as always. A user who is disconnected is so, all the same.
    Lost,
}

impl World {
    /// Opens a connection with a chat token.
    ///
    /// # Errors
    /// 403 if the token is unknown, used or too old, or the account is pending verification; 404 if the room was
    /// deleted; 429 if there are too many connections. AWS documents none of these for the handshake: they are ours,
    /// and so is that a refused token counts as used.
    pub fn connect(&mut self, now: Timestamp, token: &str) -> Result<ConnectionId, Refusal> {
        self.advance(now);
        if self.policy.is_pending_verification() {
            return Err(Refusal::pending_verification());
        }
        let grant = self.tokens.redeem(token, self.clock).map_err(Refusal::denied)?;
        let room = grant.room;
        if self.rooms.get(room).is_none() {
            return Err(Refusal::not_found(Kind::Room, &self.home.arn(Kind::Room, room)));
        }
        if self.rates.counts_resources() && self.connections.len() >= quota::CONNECTIONS {
            let limit = u32::try_from(quota::CONNECTIONS).unwrap_or(u32::MAX);
            return Err(Refusal::throttled(Kind::Room, &self.home.arn(Kind::Room, room), limit));
        }
        let id = self.connections.next_id();
        let end = self.agenda.add(grant.session_ends, Due::SessionEnd(id));
        self.connections.open(id, Connection { grant, rate: self.rates.connection(), end });
        self.listen(room);
        Ok(id)
    }

    /// Takes a text frame from a connection; one from a connection that is closed is dropped.
    ///
    /// What is wrong with it is answered with an ERROR frame. A request that comes after the end of its session, but
    /// before the connection was closed, is answered with 401.
    pub fn receive(&mut self, now: Timestamp, from: ConnectionId, text: &str) {
        if self.connections.get(from).is_some_and(|connection| connection.has_ended(now)) {
            let request_id = Publish::parse(text).ok().map(|request| request.request_id().to_owned());
            self.refuse(from, request_id, 401, "The chat session has expired".to_owned());
        }
        self.advance(now);
        self.take_request(from, text);
    }

    /// Forgets a connection that the client closed or that broke.
    pub fn leave(&mut self, connection: ConnectionId) {
        let Some(closed) = self.connections.close(connection) else { return };
        self.agenda.remove(closed.end);
        let room = closed.grant.room;
        if self.connections.in_room(room).next().is_none()
            && let Some(place) = self.rooms.get_mut(room).and_then(|room| room.detail.talk.take())
        {
            self.agenda.remove(place);
        }
    }

    /// Lets everything happen that is due by `now`: people talk, states move on, sessions end.
    pub fn advance(&mut self, now: Timestamp) {
        if now > self.clock + CATCH_UP {
            self.skip_talk(now - CATCH_UP);
        }
        let now = self.clock.max(now);
        while let Some((at, due)) = self.agenda.take(now) {
            self.clock = self.clock.max(at);
            match due {
                Due::Talk(room) => self.talk(room, at),
                Due::Order(order) => self.carry_out_order(order, at),
                Due::Settle(id) => self.settle(id),
                Due::SessionEnd(to) => self.end_session(to),
            }
        }
        self.clock = now;
    }

    /// When the next thing is due by itself. Nothing is in an account that nobody is connected to, in which no logging
    /// configuration is changing, and of which no raid or flood was asked.
    pub fn next_change(&self) -> Option<Timestamp> {
        self.agenda.next()
    }

    /// Takes what is to be sent since the last call, in order.
    pub fn deliveries(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.deliveries)
    }

    /// The ARN of the room of this name that was changed last.
    pub fn room_arn(&self, name: &str) -> Option<String> {
        self.rooms.iter().find(|room| room.name == name).map(|room| self.home.arn(Kind::Room, room.id))
    }

    /// The ARNs of the resources of Amazon IVS that the account has, in order.
    pub fn ivs_arns(&self) -> impl Iterator<Item = &str> {
        self.others.keys().map(String::as_str)
    }
}

/// Names neither tokens nor texts.
impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("clock", &self.clock)
            .field("rooms", &self.rooms.len())
            .field("logging", &self.logging.len())
            .field("connections", &self.connections.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
