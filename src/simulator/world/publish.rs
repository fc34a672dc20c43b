//! What clients send over their connections: messages, deletions, disconnections, and why they are refused.
//!
//! Source of the codes: Messaging API reference, error messages. Which limit answers 400 and which 413 is not told
//! there: a content that is too long is 400, as its sample has it, all other members that are too large are 413.

use crate::messaging::Publish;
use crate::messaging::frame::{Attributes, Sender};

use super::id::{Id, Kind};
use super::operation::Operation;
use super::review::{Verdict, review};
use super::token::Capability;
use super::{ConnectionId, Delivery, World, frames, input};

/// Bytes of all keys and values of a message's attributes. Not documented; the same as a token's.
const MESSAGE_ATTRIBUTES: usize = 1024;
/// Code points in the id of a request. Not documented.
const REQUEST_ID: usize = 128;

/// Why a request is refused: the code and the words of the ERROR frame.
struct No {
    code: u16,
    words: String,
}

fn no(code: u16, words: impl Into<String>) -> No {
    No { code, words: words.into() }
}

impl World {
    pub(super) fn take_request(&mut self, from: ConnectionId, text: &str) {
        let Some(connection) = self.connections.get_mut(from) else { return };
        let in_rate = connection.rate.take(self.clock);
        let (request_id, outcome) = match Publish::parse(text) {
            Err(malformed) => (malformed.request_id, Err(no(400, malformed.why))),
            Ok(request) => {
                let request_id = Some(request.request_id().to_owned()).filter(|id| !id.is_empty());
                (request_id, if in_rate { self.carry_out(from, request) } else { Ok(()) })
            }
        };
        let outcome = if in_rate { outcome } else { Err(no(429, "Rate limit exceeded")) };
        if let Err(No { code, words }) = outcome {
            self.refuse(from, request_id, code, words);
        }
    }

    /// Sends an ERROR frame. Its id is that of the operation, which the service makes up.
    pub(super) fn refuse(&mut self, to: ConnectionId, request_id: Option<String>, code: u16, words: String) {
        let text = frames::error(Id::random(&mut self.rng), request_id, code, words);
        self.deliveries.push(Delivery::Frame { to, text });
    }

    fn carry_out(&mut self, from: ConnectionId, request: Publish) -> Result<(), No> {
        let grant = &self.connections.get(from).expect("the caller has looked").grant;
        let (room, sender) = (grant.room, grant.sender.clone());
        let needed = match &request {
            Publish::SendMessage { .. } => Capability::SendMessage,
            Publish::DeleteMessage { .. } => Capability::DeleteMessage,
            Publish::DisconnectUser { .. } => Capability::DisconnectUser,
        };
        if !grant.capabilities.contains(&needed) {
            return Err(no(403, format!("The chat token does not have the {} capability", needed.name())));
        }
        if self.policy.is_pending_verification() {
            return Err(no(403, "Your account is pending verification"));
        }
        if self.rooms.get(room).is_none() {
            return Err(no(404, format!("Resource: {} not found", self.home.arn(Kind::Room, room))));
        }
        check_sizes(&request)?;
        let request_id = Some(request.request_id().to_owned()).filter(|id| !id.is_empty());
        match request {
            Publish::SendMessage { content, attributes, .. } => {
                self.take_message(room, sender, request_id, content, attributes)
            }
            Publish::DeleteMessage { id, reason, .. } => {
                if let Some(problem) = input::ID.problem(&id) {
                    return Err(no(400, format!("Id: {problem}")));
                }
                self.count(Operation::DeleteMessage)?;
                self.announce_deletion(room, &id, reason.as_deref(), request_id);
                Ok(())
            }
            Publish::DisconnectUser { user_id, reason, .. } => {
                self.count(Operation::DisconnectUser)?;
                self.disconnect(room, &user_id, reason.as_deref(), request_id);
                Ok(())
            }
        }
    }

    /// Counts a deletion or disconnection with those by call: they share a quota.
    fn count(&mut self, operation: Operation) -> Result<(), No> {
        self.rates.call(operation, self.clock).map_err(|_| no(429, "Rate limit exceeded"))
    }

    fn take_message(
        &mut self,
        room_id: Id,
        sender: Sender,
        request_id: Option<String>,
        content: String,
        attributes: Attributes,
    ) -> Result<(), No> {
        let room = self.rooms.get_mut(room_id).expect("the caller has looked");
        let length = room.detail.length;
        if content.is_empty() {
            return Err(no(400, "Content must not be empty"));
        }
        if content.chars().count() > length as usize {
            return Err(no(400, format!("Message exceeds maximum length of {length} characters")));
        }
        if !room.detail.rate.take(self.clock) || !self.rates.message(self.clock) {
            return Err(no(429, "Rate limit exceeded"));
        }
        match review(&self.script.contents.handlers, room.detail.handler.as_ref(), length, content) {
            Verdict::Deny(reason) => Err(no(406, reason)),
            Verdict::Allow(content) => {
                let id = Id::random(&mut self.rng);
                self.latest.said(room_id, id, &sender.user_id);
                let frame = frames::message(id, request_id, sender, content, attributes, self.clock);
                self.announce(room_id, &frame);
                Ok(())
            }
        }
    }
}

fn check_sizes(request: &Publish) -> Result<(), No> {
    let too_large = |member: &str| no(413, format!("Request has fields that are too large: {member}"));
    if request.request_id().chars().count() > REQUEST_ID {
        return Err(too_large("RequestId"));
    }
    match request {
        Publish::SendMessage { attributes, .. } => {
            let bytes: usize = attributes.iter().map(|(key, value)| key.len() + value.len()).sum();
            if bytes > MESSAGE_ATTRIBUTES {
                return Err(too_large("Attributes"));
            }
        }
        Publish::DeleteMessage { reason, .. } => check_reason(reason.as_deref()).map_err(too_large)?,
        Publish::DisconnectUser { user_id, reason, .. } => {
            check_reason(reason.as_deref()).map_err(too_large)?;
            if user_id.is_empty() {
                return Err(no(400, "UserId must not be empty"));
            }
            if input::USER_ID.problem(user_id).is_some() {
                return Err(too_large("UserId"));
            }
        }
    }
    Ok(())
}

/// Fails with the member's name. An empty reason is none.
fn check_reason(reason: Option<&str>) -> Result<(), &'static str> {
    let problem = reason.filter(|reason| !reason.is_empty()).and_then(|reason| input::REASON.problem(reason));
    if problem.is_some() { Err("Reason") } else { Ok(()) }
}
