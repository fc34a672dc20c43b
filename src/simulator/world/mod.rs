//! The pretend account: rooms, logging configurations, tags, tokens, connections and the people who chat. Pure: time
//! comes in as an argument and what should be sent goes out as data.
//!
//! The world's clock only goes forward: a time that is earlier than one that came before counts as that one. Every
//! call that takes a time first lets happen what is due by then. People talk only in rooms where a connection is
//! open; if the clock jumps, they talk for the last [`CATCH_UP`] of the jump at most.

mod agenda;
mod build;
mod collection;
mod connection;
mod frames;
mod id;
mod input;
mod logging;
mod moderation;
mod operation;
mod paging;
mod people;
mod policy;
mod publish;
mod quota;
mod raid;
mod refusal;
mod review;
mod room;
mod setup;
mod tag;
mod token;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub use setup::{Quotas, Setup};

use crate::api::Request;
use crate::messaging::frame::{Attributes, Publish, Sender};

use super::script::Script;
use agenda::{Agenda, Due};
use collection::{Collection, Tags};
use connection::{Connection, Connections};
use id::{Home, Id, Kind};
use input::Input;
use logging::Logging;
use operation::Operation;
use policy::Policy;
use quota::Rates;
use review::{Verdict, review};
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
}

impl World {
    /// Answers a request of the control plane as the service would.
    ///
    /// # Errors
    /// The service's modelled and common errors.
    pub fn handle(&mut self, now: Timestamp, request: &Request) -> Result<Answer, Refusal> {
        self.advance(now);
        let (operation, resource) = Operation::of(request)?;
        let input = Input::of(request.body.as_ref())?;
        let resource = resource.unwrap_or_else(|| self.resource(operation, &input));
        let answer = self
            .admit(operation, &input, &resource)
            .and_then(|()| self.carry_out_call(operation, input, &resource, request));
        answer.map_err(|refusal| if policy::is_of_ivs(&resource) { refusal.of_ivs() } else { refusal })
    }

    /// Counts a call and checks whether it is allowed; both come before its input is looked at.
    fn admit(&mut self, operation: Operation, input: &Input<'_>, resource: &str) -> Result<(), Refusal> {
        let counted = self.rates.call(operation, self.clock);
        counted.map_err(|limit| Refusal::throttled(operation.kind(), resource, limit))?;
        self.policy.check(operation, resource, &self.home)?;
        let creates = matches!(operation, Operation::CreateRoom | Operation::CreateLoggingConfiguration);
        // Creating something with tags takes the permission to tag as well (Service Authorization Reference).
        if creates && input.raw("tags").is_some() {
            self.policy.check(Operation::TagResource, resource, &self.home)?;
        }
        Ok(())
    }

    /// What a call is about, as access policies see it: the resource that it names, else all of the kind.
    fn resource(&self, operation: Operation, input: &Input<'_>) -> String {
        let named = ["identifier", "roomIdentifier"].into_iter().find_map(|member| input.raw(member)?.as_str());
        named.map_or_else(|| self.home.arn(operation.kind(), "*"), str::to_owned)
    }

    fn carry_out_call(
        &mut self,
        operation: Operation,
        input: Input<'_>,
        resource: &str,
        request: &Request,
    ) -> Result<Answer, Refusal> {
        match operation {
            Operation::CreateChatToken => self.create_chat_token(input),
            Operation::CreateLoggingConfiguration => self.create_logging(input),
            Operation::CreateRoom => self.create_room(input),
            Operation::DeleteLoggingConfiguration => self.delete_logging(input),
            Operation::DeleteMessage => self.delete_message(input),
            Operation::DeleteRoom => self.delete_room(input),
            Operation::DisconnectUser => self.disconnect_user(input),
            Operation::GetLoggingConfiguration => self.get_logging(input),
            Operation::GetRoom => self.get_room(input),
            Operation::ListLoggingConfigurations => self.list_logging(input),
            Operation::ListRooms => self.list_rooms(input),
            Operation::ListTagsForResource => self.list_tags(input, resource),
            Operation::SendEvent => self.send_event(input),
            Operation::TagResource => self.tag(input, resource),
            Operation::UntagResource => self.untag(input, resource, request),
            Operation::UpdateLoggingConfiguration => self.update_logging(input),
            Operation::UpdateRoom => self.update_room(input),
        }
    }

    /// The id of the resource that `arn` names.
    fn existing(&self, kind: Kind, arn: &str) -> Result<Id, Refusal> {
        let exists = |id: &Id| match kind {
            Kind::Room => self.rooms.get(*id).is_some(),
            Kind::Logging => self.logging.get(*id).is_some(),
        };
        self.home.id(kind, arn).filter(exists).ok_or_else(|| Refusal::not_found(kind, arn))
    }

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
        self.clock = self.clock.max(now);
        while let Some((at, due)) = self.agenda.take(self.clock) {
            match due {
                Due::Talk(room) => self.talk(room, at),
                Due::Settle(id) => self.settle(id),
                Due::SessionEnd(to) => {
                    self.leave(to);
                    let reason = "Session expired".to_owned();
                    self.deliveries.push(Delivery::Close { to, code: moderation::CLOSE, reason });
                }
            }
        }
    }

    /// When the next thing is due by itself. Nothing is in an account that nobody is connected to and in which no
    /// logging configuration is changing.
    pub fn next_change(&self) -> Option<Timestamp> {
        self.agenda.next()
    }

    /// Takes what is to be sent since the last call, in order.
    pub fn deliveries(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.deliveries)
    }

    /// Takes an operation, such as `ListRooms`, from what the calling principal may do. Other names change nothing.
    pub fn deny(&mut self, operation: &str) {
        if let Some(operation) = Operation::named(operation) {
            self.policy.deny(operation);
        }
    }

    /// Gives an operation back that was denied.
    pub fn allow(&mut self, operation: &str) {
        if let Some(operation) = Operation::named(operation) {
            self.policy.allow(operation);
        }
    }

    /// Says whether the account waits for AWS to verify it, as new accounts may: it can look, but neither change
    /// anything nor connect nor publish.
    pub fn set_pending_verification(&mut self, pending: bool) {
        self.policy.set_pending_verification(pending);
    }

    /// The ARN of the room of this name that was changed last.
    pub fn room_arn(&self, name: &str) -> Option<String> {
        self.rooms.iter().find(|room| room.name == name).map(|room| self.home.arn(Kind::Room, room.id))
    }

    /// The ARNs of the resources of Amazon IVS that the account has, in order.
    pub fn ivs_arns(&self) -> impl Iterator<Item = &str> {
        self.others.keys().map(String::as_str)
    }

    /// Puts words into somebody's mouth, so that a test or a demonstration need not wait for the script: everyone in
    /// the room receives the message, as from a connection of that user's. No limit is checked and nothing reviewed.
    ///
    /// The answer is the message's id; none if there is no such room.
    pub fn say(&mut self, now: Timestamp, room_arn: &str, sender: Sender, content: &str) -> Option<String> {
        self.advance(now);
        let room = self.existing(Kind::Room, room_arn).ok()?;
        let id = Id::random(&mut self.rng);
        let frame = frames::message(id, None, sender, content.to_owned(), Attributes::new(), self.clock);
        self.announce(room, &frame);
        Some(id.as_str().to_owned())
    }

    /// Sends a frame to everybody in a room.
    fn announce(&mut self, room: Id, frame: &Arc<str>) {
        let frames = self.connections.in_room(room).map(|to| Delivery::Frame { to, text: Arc::clone(frame) });
        self.deliveries.extend(frames);
    }

    /// Wakes the people of a room, as somebody listens.
    fn listen(&mut self, room: Id) {
        let now = self.clock;
        let Some(detail) = self.rooms.get_mut(room).map(|room| &mut room.detail) else { return };
        if let (Some(people), None) = (&mut detail.people, detail.talk) {
            people.listen(now);
            detail.talk = people.next().map(|at| self.agenda.add(at, Due::Talk(room)));
        }
    }

    /// Lets somebody in a room say what is due.
    fn talk(&mut self, room_id: Id, at: Timestamp) {
        let Some(detail) = self.rooms.get_mut(room_id).map(|room| &mut room.detail) else { return };
        let Some(people) = &mut detail.people else { return };
        let saying = people.speak(at);
        detail.talk = people.next().map(|at| self.agenda.add(at, Due::Talk(room_id)));
        let Some(saying) = saying else { return };
        let handlers = &self.script.contents.handlers;
        if let Verdict::Allow(content) = review(handlers, detail.handler.as_ref(), detail.length, saying.content) {
            let sender = Sender { user_id: saying.sender.user_id, attributes: saying.sender.attributes };
            let frame = frames::message(saying.id, None, sender, content, Attributes::new(), at);
            self.announce(room_id, &frame);
        }
    }

    /// Passes over what people would have said before `from`.
    fn skip_talk(&mut self, from: Timestamp) {
        let rooms: Vec<Id> = self.connections.rooms().collect();
        for room in rooms {
            let Some(place) = self.rooms.get_mut(room).and_then(|room| room.detail.talk.take()) else { continue };
            self.agenda.remove(place);
            if let Some(detail) = self.rooms.get_mut(room).map(|room| &mut room.detail)
                && let Some(people) = &mut detail.people
            {
                people.listen(from);
                detail.talk = people.next().map(|at| self.agenda.add(at, Due::Talk(room)));
            }
        }
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
