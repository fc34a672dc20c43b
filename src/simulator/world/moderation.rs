//! What happens inside a room by call: delete a message, disconnect a user, send an event.
//!
//! The events that come of it are the same as those of a request over a WebSocket, but for their `RequestId`, which is
//! empty: the calls have none to give.

use serde_json::json;

use crate::messaging::frame::{Event, EventKind};

use super::id::{Id, Kind};
use super::input::{self, Input};
use super::{Answer, Delivery, Refusal, World, frames};

/// How a connection is closed that a moderator or the end of its session ends. The service documents no close codes;
/// AWS's own client takes 1000 for an end that the server meant, after which it does not reconnect.
pub(super) const CLOSE: u16 = 1000;

impl World {
    /// Whether the message exists is not checked: it is not documented that the service would, and the ids of events
    /// are taken too.
    pub(super) fn delete_message(&mut self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let room = input.required("roomIdentifier", input::ROOM_ARN);
        let message = input.required("id", input::ID);
        let reason = input.text("reason", input::REASON);
        input.finish()?;
        let room = self.existing(Kind::Room, room)?;
        let operation = self.announce_deletion(room, message, reason, None);
        Ok(Answer::ok(json!({ "id": operation.as_str() })))
    }

    /// It is no error if the user has no connection.
    pub(super) fn disconnect_user(&mut self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let room = input.required("roomIdentifier", input::ROOM_ARN);
        let user_id = input.required("userId", input::USER_ID);
        let reason = input.text("reason", input::REASON);
        input.finish()?;
        let room = self.existing(Kind::Room, room)?;
        self.disconnect(room, user_id, reason, None);
        Ok(Answer::ok(json!({})))
    }

    pub(super) fn send_event(&mut self, mut input: Input<'_>) -> Result<Answer, Refusal> {
        let room = input.required("roomIdentifier", input::ROOM_ARN);
        let name = input.required("eventName", input::EVENT_NAME).to_owned();
        let attributes = input.attributes("attributes", input::EVENT_ATTRIBUTES);
        input.finish()?;
        let room = self.existing(Kind::Room, room)?;
        let id = Id::random(&mut self.rng);
        let kind = EventKind::Custom(name);
        let event = Event { id: id.as_str().to_owned(), request_id: None, kind, attributes, send_time: None };
        let frame = frames::event(event, None, self.clock);
        self.announce(room, &frame);
        Ok(Answer::ok(json!({ "id": id.as_str() })))
    }

    /// Tells a room to take a message from view. The id of the operation is that of the event.
    pub(super) fn announce_deletion(
        &mut self,
        room: Id,
        message: &str,
        reason: Option<&str>,
        request_id: Option<String>,
    ) -> Id {
        self.latest.deleted(room, message);
        let id = Id::random(&mut self.rng);
        let event = Event::delete_message(id.as_str().to_owned(), message, reason);
        let frame = frames::event(event, request_id, self.clock);
        self.announce(room, &frame);
        id
    }

    /// Tells a room that a user is disconnected, and then closes all of that user's connections to it.
    pub(super) fn disconnect(&mut self, room: Id, user_id: &str, reason: Option<&str>, request_id: Option<String>) {
        let id = Id::random(&mut self.rng);
        let event = Event::disconnect_user(id.as_str().to_owned(), user_id, reason);
        let frame = frames::event(event, request_id, self.clock);
        self.announce(room, &frame);
        self.latest.disconnected(room, user_id);
        self.silence(room, user_id);
        let now = self.clock;
        if let Some(people) = self.rooms.get_mut(room).and_then(|room| room.detail.people.as_mut()) {
            people.disconnect(user_id, now);
        }
        for to in self.connections.of_user(room, user_id) {
            self.leave(to);
            let reason = "Disconnected by moderator".to_owned();
            self.deliveries.push(Delivery::Close { to, code: CLOSE, reason });
        }
    }
}
