//! What is done in a live room through a form: a message deleted for a typed reason, a user disconnected, an event sent.

use crate::api::Arn;
use crate::app::change::{Failed, Topic, may_have_been_done};
use crate::app::dialog::deletion::{self, Doomed};
use crate::app::dialog::disconnect::{self, Whom};
use crate::app::dialog::event::{self, Template};
use crate::app::dialog::{Dialog, Order};
use crate::app::outbox::Outbox;
use crate::app::screen::Focus;

use super::{App, Lead};

/// Events that are kept to be sent again.
const EVENTS: usize = 5;

impl App {
    /// `D`: deletes the selected message for a reason that is typed first.
    pub(super) fn delete_because(&mut self, outbox: &mut Outbox) {
        let Some(room) = self.shown_room() else { return };
        let Some(said) = room.selected() else {
            return outbox.hint("nothing is selected: k selects a message, D deletes it for a reason");
        };
        if !said.is_standing() {
            return outbox.hint("this message is already deleted, or on its way to be");
        }
        let message = Doomed {
            room: room.arn().clone(),
            id: said.id.clone(),
            by: said.by.label(),
            text: said.text.as_str().to_owned(),
        };
        let dialog = deletion::delete(message, &self.settings.room.reason);
        self.ask(Dialog::Form(dialog));
    }

    /// `K`: asks why whoever wrote the selected message is to be disconnected; in the rooms' list, whom, too.
    pub(super) fn disconnect_user(&mut self, outbox: &mut Outbox) {
        let Some(arn) = self.subject().filter(|_| self.lead == Lead::Rooms) else {
            return outbox.hint("K disconnects a user from a room: 1 goes to the rooms");
        };
        let room = self.live.get(&arn);
        let whom = match (self.focus, room.and_then(|room| room.selected())) {
            (Focus::Main, None) => {
                return outbox
                    .hint("nothing is selected: k selects a message; in the rooms' list, K asks for a user id");
            }
            (Focus::Main, Some(said)) => Some(Whom {
                user_id: said.by.user_id.to_string(),
                label: said.by.label(),
                messages: room.map_or(0, |room| room.messages_of(&said.by.user_id)),
            }),
            (Focus::Rooms, _) => None,
            (Focus::Logging | Focus::Tags, _) => {
                return outbox.hint("K disconnects a user from a room: 1 goes to the rooms");
            }
        };
        let watching =
            room.filter(|room| room.is_watched()).map(|room| room.identity().user_id.clone()).unwrap_or_default();
        let name = self.name_of(&arn);
        self.ask(Dialog::Form(disconnect::disconnect(
            arn,
            name,
            whom,
            watching,
            &self.settings.room.disconnect_reason,
        )));
    }

    /// `e`: an event to everyone in the room.
    pub(super) fn send_event(&mut self, outbox: &mut Outbox) {
        let Some(arn) = self.shown_room().map(|room| room.arn().clone()) else {
            return outbox.hint("an event is sent to a live room");
        };
        let name = self.name_of(&arn);
        let dialog = event::send(arn, name, &self.settings.events, self.sent_events.make_contiguous());
        self.ask(Dialog::Form(dialog));
    }

    /// An event was sent: its room knows it for ours, and it can be sent again.
    pub(super) fn event_sent(&mut self, arn: &Arn, id: &str, event: Template) {
        if let Some(room) = self.live.get_mut(arn) {
            room.event_sent(id);
        }
        self.sent_events.retain(|old| *old != event);
        self.sent_events.push_front(event);
        self.sent_events.truncate(EVENTS);
    }

    /// A form has something for a live room to do.
    pub(super) fn obey(&mut self, order: Order, outbox: &mut Outbox) {
        let now = self.now;
        match order {
            Order::Delete { room, message, reason } => {
                self.close_dialog();
                match self.live.get_mut(&room) {
                    Some(room) => room.delete_message(&message, reason, now, outbox),
                    None => outbox.bad("not deleted: the room is not open any more"),
                }
            }
        }
    }

    /// A change leaves: a room that will be told of it should know that we asked.
    pub(super) fn on_its_way(&mut self, topic: &Topic) {
        if let Topic::User(arn, user) = topic
            && let Some(room) = self.live.get_mut(arn)
        {
            room.disconnecting(user, self.now);
        }
    }

    /// A change was not carried out, or nobody knows.
    pub(super) fn came_to_nothing(&mut self, failed: &Failed) {
        if let Topic::User(arn, user) = &failed.topic
            && let Some(room) = self.live.get_mut(arn)
        {
            room.disconnection_failed(user, may_have_been_done(&failed.error));
        }
    }

    /// The service took a disconnection.
    pub(super) fn disconnected(&mut self, arn: &Arn, user: &str, outbox: &mut Outbox) {
        if let Some(room) = self.live.get_mut(arn) {
            room.disconnection_taken(user, outbox);
        }
    }
}
