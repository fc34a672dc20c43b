//! Deletions and disconnections on their way: into the queue, out of it when it is time, and what came of them.

use crate::api::ops::{DeleteMessage, DisconnectUser};
use crate::api::{Arn, Error};
use crate::app::change::{Failed, Topic};
use crate::app::dialog::Dialog;
use crate::app::dialog::bulk::{Bulk, End};
use crate::app::msg::{Msg, Ticket, Timer};
use crate::app::outbox::Outbox;
use crate::app::queue::{Act, ActId, Aim, Answered, Origin};
use crate::app::room::deletion::Echo;

use super::{App, Mode};

impl App {
    /// What was asked for goes into the queue, and what may leave leaves.
    pub(super) fn run_queue(&mut self, outbox: &mut Outbox) {
        for act in outbox.take_acts() {
            self.queue.put(act);
        }
        while let Some((id, act)) = self.queue.release(self.now) {
            let wanted = self.live.get_mut(&act.room).is_none_or(|room| room.leaves(&act));
            if wanted {
                self.tell_bulk(act.origin, &End::Sent, outbox);
                send(id, &act, outbox);
            } else {
                // Somebody else was faster: no call is spent on it.
                self.queue.answered(id, Ok(()), self.now);
                self.tell_bulk(act.origin, &End::Elsewhere, outbox);
            }
        }
        if let Some(wait) = self.queue.wake(self.now) {
            outbox.after(wait, Timer::Queue);
        }
        if self.parting && self.under_way().0 == 0 {
            self.depart(outbox);
        }
    }

    /// The service took or refused an act.
    pub(super) fn acted(&mut self, id: ActId, result: Result<(), Error>, outbox: &mut Outbox) {
        let answer = result.as_ref().copied();
        match self.queue.answered(id, answer, self.now) {
            Answered::Unknown => {}
            Answered::Later(act) => {
                if let Some(room) = self.live.get_mut(&act.room) {
                    room.is_back(&act, false);
                }
                self.tell_bulk(act.origin, &End::Waiting, outbox);
                outbox.bad("too fast for the service: it goes on, slower");
            }
            Answered::Over(act) => self.act_is_over(&act, result, outbox),
        }
    }

    fn act_is_over(&mut self, act: &Act, result: Result<(), Error>, outbox: &mut Outbox) {
        let answer = result.as_ref().copied();
        match self.live.get_mut(&act.room) {
            Some(room) => room.acted(self.now, act, answer, outbox),
            None => self.acted_unwatched(act, answer, outbox),
        }
        match act.origin {
            Origin::Single | Origin::Unattended => {}
            Origin::Bulk(..) => {
                let end = result.map_or_else(|error| End::of(&error), |()| End::Taken);
                self.tell_bulk(act.origin, &end, outbox);
            }
            Origin::Form(ticket) => {
                let failed = result.err().map(|error| Failed { error, topic: Topic::Nothing });
                self.tell_form(ticket, failed.as_ref(), outbox);
            }
        }
    }

    /// Of a room that is not watched the service's word is all there is.
    fn acted_unwatched(&self, act: &Act, answer: Result<(), &Error>, outbox: &mut Outbox) {
        let room = self.name_of(&act.room);
        match (&act.aim, answer) {
            (Aim::User(user), Ok(())) => outbox.good(format!("disconnected {user} from {room}")),
            (Aim::Message(_), Ok(())) => outbox.good(format!("deleted a message in {room}")),
            (_, Err(error)) => {
                let why = crate::app::trouble::Trouble::new(error).brief();
                outbox.bad(format!("{room}: {} failed: {why}", error.operation));
            }
        }
    }

    fn tell_bulk(&mut self, origin: Origin, end: &End, outbox: &mut Outbox) {
        let Origin::Bulk(ticket, step) = origin else { return };
        if let Some(bulk) = self.bulk_mut(ticket) {
            bulk.came_to(step, end);
            bulk_word(bulk, outbox);
        }
    }

    /// One of many is not here any more, or was deleted already.
    pub(super) fn tell_gone(&mut self, origin: Origin, outbox: &mut Outbox) {
        self.tell_bulk(origin, &End::Elsewhere, outbox);
    }

    /// The form that waits for its act is told what came of it.
    fn tell_form(&mut self, ticket: Ticket, failed: Option<&Failed>, outbox: &mut Outbox) {
        match &mut self.mode {
            Mode::Dialog(open, dialog) if *open == ticket => {
                let next = dialog.answered(0, failed);
                self.go_on(next, outbox);
            }
            _ => self.answered_out_of_sight(ticket, 0, failed, outbox),
        }
    }

    fn bulk_mut(&mut self, ticket: Ticket) -> Option<&mut Bulk> {
        let dialog = match &mut self.mode {
            Mode::Dialog(open, dialog) if *open == ticket => Some(dialog),
            _ => self.left.get_mut(&ticket),
        };
        match dialog.map(Box::as_mut) {
            Some(Dialog::Bulk(bulk)) => Some(bulk),
            _ => None,
        }
    }

    /// What rooms were told of our acts goes to the dialogs that show them.
    pub(super) fn take_echoes(&mut self, outbox: &mut Outbox) {
        let heard = self.live.values_mut().flat_map(|room| {
            let arn = room.arn().clone();
            room.take_echoes().into_iter().map(move |(aim, echo)| (arn.clone(), aim, echo))
        });
        let heard: Vec<(Arn, Aim, Echo)> = heard.collect();
        let open = match &mut self.mode {
            Mode::Dialog(_, dialog) => Some(dialog),
            _ => None,
        };
        let mut over = Vec::new();
        for dialog in open.into_iter().chain(self.left.values_mut()) {
            if let Dialog::Bulk(bulk) = dialog.as_mut() {
                for (arn, aim, echo) in &heard {
                    if bulk.heard(arn, aim, *echo) {
                        bulk_word(bulk, outbox);
                    }
                }
            }
        }
        for (ticket, dialog) in &self.left {
            if matches!(dialog.as_ref(), Dialog::Bulk(bulk) if bulk.is_settled()) {
                over.push(*ticket);
            }
        }
        // What went well needs no looking at; it was told.
        for ticket in over {
            self.left.remove(&ticket);
        }
    }

    /// `u`: takes back what was asked for last and is not sent.
    pub(super) fn cancel_last(&mut self, outbox: &mut Outbox) {
        let cancelled = self.queue.cancel_last();
        match cancelled.len() {
            0 if self.queue.sent() > 0 => outbox.hint("nothing to cancel: it is on its way already"),
            0 => outbox.hint("nothing is waiting to be sent"),
            1 => outbox.good("cancelled: it was not sent"),
            many => outbox.good(format!("cancelled: {many} were not sent")),
        }
        // Whoever takes one back wants to look at it again.
        if let [Act { room, aim: Aim::Message(id), .. }] = cancelled.as_slice() {
            self.look_again_at(room, id);
        }
        self.take_back(cancelled, outbox);
    }

    /// Cancels what is left of a bulk run.
    pub(super) fn cancel_run(&mut self, ticket: Ticket, outbox: &mut Outbox) {
        let cancelled = self.queue.cancel_run(ticket);
        self.take_back(cancelled, outbox);
    }

    fn take_back(&mut self, cancelled: Vec<Act>, outbox: &mut Outbox) {
        for act in cancelled {
            if let Some(room) = self.live.get_mut(&act.room) {
                room.is_back(&act, true);
            }
            self.tell_bulk(act.origin, &End::Cancelled, outbox);
            if let Origin::Form(ticket) = act.origin {
                self.tell_form(ticket, None, outbox);
            }
        }
    }

    /// Changes whose outcome would be lost, and how many of them are not even sent.
    pub(super) fn under_way(&self) -> (usize, usize) {
        let messages: usize = self.live.values().map(crate::app::room::Room::pending).sum();
        (messages + self.sending + self.queue.sent() + self.queue.waiting(), self.queue.waiting())
    }

    /// Sends what waits, and leaves when it is answered.
    pub(super) fn part(&mut self, outbox: &mut Outbox) {
        if self.under_way().0 == 0 {
            return self.depart(outbox);
        }
        // What adds to what waits ends here, or the wait might.
        self.purge = None;
        for room in self.live.values_mut() {
            room.arm(false);
        }
        self.queue.hurry();
        self.parting = true;
    }
}

fn send(id: ActId, act: &Act, outbox: &mut Outbox) {
    let (room_identifier, deed) = (act.room.clone(), act.deed.clone());
    let reason = deed.reason.clone();
    match &act.aim {
        Aim::Message(message) => {
            let operation = DeleteMessage { room_identifier, id: message.to_string(), reason };
            outbox.change(&operation, deed, move |answer| Msg::Acted(id, answer.map(drop)));
        }
        Aim::User(user) => {
            let operation = DisconnectUser { room_identifier, user_id: user.to_string(), reason };
            outbox.change(&operation, deed, move |answer| Msg::Acted(id, answer.map(drop)));
        }
    }
}

/// One word for many: that of each would cover the others.
fn bulk_word(bulk: &Bulk, outbox: &mut Outbox) {
    let (tone, words) = bulk.word();
    outbox.say(tone, words);
}
