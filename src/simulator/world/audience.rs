//! Who hears what in a room, and when its people talk: only while somebody listens.

use std::sync::Arc;

use jiff::Timestamp;

use crate::messaging::frame::{Attributes, Sender};

use super::agenda::Due;
use super::id::{Id, Kind};
use super::people::{Doing, Saying};
use super::review::{Verdict, review};
use super::{Delivery, World, frames};

impl World {
    /// Puts words into somebody's mouth, so that a test or a demonstration need not wait for the script: everyone in
    /// the room receives the message, as from a connection of that user's. No limit is checked and nothing reviewed.
    ///
    /// The answer is the message's id; none if there is no such room.
    pub fn say(&mut self, now: Timestamp, room_arn: &str, sender: Sender, content: &str) -> Option<String> {
        self.advance(now);
        let room = self.existing(Kind::Room, room_arn).ok()?;
        let id = Id::random(&mut self.rng);
        self.latest.said(room, id, &sender.user_id);
        let frame = frames::message(id, None, sender, content.to_owned(), Attributes::new(), self.clock);
        self.announce(room, &frame);
        Some(id.as_str().to_owned())
    }

    /// Sends a frame to everybody in a room.
    pub(super) fn announce(&mut self, room: Id, frame: &Arc<str>) {
        let frames = self.connections.in_room(room).map(|to| Delivery::Frame { to, text: Arc::clone(frame) });
        self.deliveries.extend(frames);
    }

    /// Wakes the people of a room, as somebody listens.
    pub(super) fn listen(&mut self, room: Id) {
        let now = self.clock;
        let Some(detail) = self.rooms.get_mut(room).map(|room| &mut room.detail) else { return };
        if let (Some(people), None) = (&mut detail.people, detail.talk) {
            people.listen(now);
            detail.talk = people.next().map(|at| self.agenda.add(at, Due::Talk(room)));
        }
    }

    /// Lets somebody in a room do what is due.
    pub(super) fn talk(&mut self, room: Id, at: Timestamp) {
        let Some(detail) = self.rooms.get_mut(room).map(|room| &mut room.detail) else { return };
        let Some(people) = &mut detail.people else { return };
        let doing = people.act(at);
        detail.talk = people.next().map(|at| self.agenda.add(at, Due::Talk(room)));
        match doing {
            None => {}
            Some(Doing::Say(saying)) => self.speak(room, saying, at),
            Some(Doing::Delete { message, reason }) => {
                self.announce_deletion(room, message.as_str(), Some(&reason), None);
            }
            Some(Doing::Disconnect { user_id, reason }) => self.disconnect(room, &user_id, Some(&reason), None),
        }
    }

    fn speak(&mut self, room: Id, saying: Saying, at: Timestamp) {
        let Some(detail) = self.rooms.get(room).map(|room| &room.detail) else { return };
        let handlers = &self.script.contents.handlers;
        if let Verdict::Allow(content) = review(handlers, detail.handler.as_ref(), detail.length, saying.content) {
            let sender = Sender { user_id: saying.sender.user_id, attributes: saying.sender.attributes };
            self.latest.said(room, saying.id, &sender.user_id);
            let frame = frames::message(saying.id, None, sender, content, Attributes::new(), at);
            self.announce(room, &frame);
        }
    }

    /// Passes over what people would have said before `from`.
    pub(super) fn skip_talk(&mut self, from: Timestamp) {
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
