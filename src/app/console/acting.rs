//! What is done in a live room through a form: an event sent, a message written.

use crate::api::{Arn, limit};
use crate::app::dialog::event::{self, Template};
use crate::app::dialog::write::{self, Writer};
use crate::app::dialog::{Dialog, Order};
use crate::app::outbox::Outbox;
use crate::app::room::row::span;
use crate::app::room::writing::{Fate, Written};

use super::{App, Mode};

/// Events that are kept to be sent again.
const EVENTS: usize = 5;

impl App {
    /// `e`: an event to everyone in the room.
    pub(super) fn send_event(&mut self, outbox: &mut Outbox) {
        let Some(arn) = self.shown_room().map(|room| room.arn().clone()) else {
            return outbox.hint("an event is sent to a live room");
        };
        let name = self.name_of(&arn);
        let dialog = event::send(arn, name, &self.settings.events, self.sent_events.make_contiguous());
        self.ask(Dialog::Form(dialog));
    }

    /// `c`: a message to everyone in the room.
    pub(super) fn write(&mut self, outbox: &mut Outbox) {
        let Some(room) = self.shown_room() else { return outbox.hint("a message is written in a live room") };
        let (arn, may_write) = (room.arn().clone(), room.may_write());
        let writer = Writer { user_id: room.writer().user_id, may_write };
        let length = self.details.room(&arn).and_then(|room| room.maximum_message_length);
        let name = self.name_of(&arn);
        let length = length.unwrap_or(limit::MESSAGE_LENGTH.max);
        self.ask(Dialog::Form(write::write(arn, name, writer, length)));
    }

    /// Keeps a message back that is still waiting for a connection; false if there is none.
    pub(super) fn unsend(&mut self, outbox: &mut Outbox) -> bool {
        let dialog = self.open_ticket();
        self.live.values_mut().any(|room| room.unsend(dialog, outbox))
    }

    /// What has come of messages: those that got there close their dialog, others stay in it.
    pub(super) fn take_written(&mut self, outbox: &mut Outbox) {
        let rooms = self.live.values_mut();
        let written: Vec<(Arn, Written)> = rooms
            .flat_map(|room| {
                let arn = room.arn().clone();
                room.take_written().into_iter().map(move |written| (arn.clone(), written))
            })
            .collect();
        for (arn, written) in written {
            self.written(&arn, written, outbox);
        }
        if let Mode::Dialog(ticket, dialog) = &mut self.mode
            && let Dialog::Form(form) = dialog.as_mut()
        {
            form.tell_progress(self.live.values().find_map(|room| room.progress(*ticket)));
        }
    }

    fn written(&mut self, arn: &Arn, Written { dialog, late, fate }: Written, outbox: &mut Outbox) {
        let name = self.live.get(arn).map_or_else(|| arn.id().to_owned(), |room| room.title().as_str().to_owned());
        let open = match &mut self.mode {
            Mode::Dialog(open, form) if *open == dialog => Some(form.as_mut()),
            _ => None,
        };
        // What comes late must not close or change what was typed since.
        let open = open.filter(|open| !late || matches!(open, Dialog::Form(form) if form.is_in_doubt()));
        match (write::told(&fate), open) {
            (Some(told), Some(Dialog::Form(form))) => form.came_back(told),
            (Some(told), _) => {
                let why = told.facts.first().map(|(_, why)| format!(": {why}")).unwrap_or_default();
                // What it means comes first: of a long word the end is cut.
                let kept = if self.left.contains_key(&dialog) { ", F brings it back" } else { "" };
                outbox.bad(format!("{}{kept}: your message to {name}{why}", told.headline));
                if let Some(Dialog::Form(form)) = self.left.get_mut(&dialog).map(Box::as_mut) {
                    form.came_back(told);
                }
            }
            (None, open) => {
                if open.is_some() {
                    self.close_dialog();
                }
                // A late one leaves alone what was typed into its form since.
                let in_doubt = |left: &Dialog| matches!(left, Dialog::Form(form) if form.is_in_doubt());
                if !late || self.left.get(&dialog).is_some_and(|left| in_doubt(left)) {
                    self.left.remove(&dialog);
                }
                if let Fate::Seen(after) = fate {
                    outbox.good(format!("written to {name}, seen in {}", span(after.as_secs_f64())));
                }
            }
        }
    }

    /// An id that no other request has, in the form of a random UUID.
    pub(super) fn request_id(&mut self) -> String {
        let id = self.dice.u128(..) & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        let hex = format!("{id:032x}");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
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
            order @ (Order::Delete { .. }
            | Order::Disconnect { .. }
            | Order::Many { .. }
            | Order::Purge(_)
            | Order::CancelRun) => {
                self.obey_moderator(order, outbox);
            }
            Order::Note { .. } | Order::DropNote { .. } => self.keep_note(order, outbox),
            Order::Arm { room } => {
                self.close_dialog();
                self.arm(&room, outbox);
            }
            Order::Write { room, draft } => {
                let (dialog, request_id) = (self.open_ticket(), self.request_id());
                if let Some(room) = self.live.get_mut(&room) {
                    return room.write(dialog, request_id, draft, now, outbox);
                }
                let fate = Fate::Unsent("the room is not open any more".to_owned());
                self.written(&room, Written { dialog, late: false, fate }, outbox);
            }
        }
    }
}
