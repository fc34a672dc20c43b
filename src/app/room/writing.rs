//! A message of our own: it waits for a connection that may write, is sent, and comes back, or not.

use std::time::Duration;

use jiff::Timestamp;

use crate::api::model::Capability;
use crate::app::deed::Deed;
use crate::app::msg::{LinkId, Ticket, Timer};
use crate::app::outbox::{Job, Outbox, Saying};
use crate::journal::record::{Outcome, Verdict};
use crate::messaging::Publish;
use crate::messaging::frame::{Message, Refused};

use super::deletion::{ECHO, elapsed};
use super::identity::Identity;
use super::live::Room;

/// A message on its way.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// The dialog that it was written in.
    dialog: Ticket,
    request_id: String,
    content: String,
    /// When the key was pressed.
    asked: Timestamp,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// There is no connection that may write yet.
    Waiting,
    /// A connection has it, or is getting it.
    Sent,
}

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The dialog that it was written in.
    pub dialog: Ticket,
    /// What came of it.
    pub fate: Fate,
}

/// What may come of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It came back, as everybody in the room gets it, after this time.
    Seen(Duration),
    /// The service refused it.
    Refused(Refused),
    /// It was sent, and neither it nor a refusal came back, for this reason.
    Unseen(String),
    /// It was never sent, for this reason.
    Unsent(String),
}

impl Room {
    /// Writes a message. A user who may not write joins first, as the console's own user, who then may.
    pub fn write(&mut self, dialog: Ticket, request_id: String, content: String, now: Timestamp, outbox: &mut Outbox) {
        if !self.may_write() {
            let identity = self.writer();
            self.join_as(identity, now, outbox);
        } else if !self.is_live() {
            self.revive(outbox);
        }
        self.outgoing.push(Outgoing { dialog, request_id, content, asked: now, stage: Stage::Waiting });
        if self.is_live() {
            self.send_waiting(outbox);
        }
    }

    /// Whether whoever watches the room may write in it.
    pub fn may_write(&self) -> bool {
        self.identity().capabilities.contains(&Capability::SendMessage)
    }

    /// As whom a message is written.
    pub fn writer(&self) -> Identity {
        if self.may_write() {
            return self.identity().clone();
        }
        Identity { capabilities: vec![Capability::SendMessage], ..self.own_identity() }
    }

    /// The connection is open: what waited for it goes out.
    pub(super) fn send_waiting(&mut self, outbox: &mut Outbox) {
        let (link, user) = (self.link_id(), self.identity().user_id.clone());
        for message in self.outgoing.iter_mut().filter(|message| message.stage == Stage::Waiting) {
            message.stage = Stage::Sent;
            let publish = Publish::SendMessage {
                request_id: message.request_id.clone(),
                content: message.content.clone(),
                attributes: crate::messaging::frame::Attributes::new(),
            };
            let deed = Deed {
                target: Some(link.room.clone()),
                user: Some(user.clone()),
                text: Some(message.content.clone()),
                ..Deed::default()
            };
            outbox.push(Job::Publish(Box::new(Saying { link: link.clone(), publish, deed })));
        }
    }

    /// The connection took a message, or did not.
    pub fn published(&mut self, link: &LinkId, request_id: &str, taken: Result<(), String>, outbox: &mut Outbox) {
        if !self.outgoing.iter().any(|message| message.request_id == request_id) {
            return;
        }
        match taken {
            Ok(()) => outbox.after(ECHO, Timer::Unseen(link.room.clone(), request_id.into())),
            Err(why) => self.over(request_id, None, Fate::Unsent(why), outbox),
        }
    }

    /// A message should have come back by now.
    pub fn unseen_due(&mut self, request_id: &str, outbox: &mut Outbox) {
        let why = format!("neither the message nor a refusal came within {} s", ECHO.as_secs());
        self.over(request_id, None, Fate::Unseen(why), outbox);
    }

    /// A message came: it may be ours.
    pub(super) fn came_back(&mut self, now: Timestamp, message: &Message, outbox: &mut Outbox) {
        if let Some(request_id) = message.request_id.as_deref().filter(|_| !self.outgoing.is_empty())
            && message.sender.user_id == self.identity().user_id
            && let Some(ours) = self.outgoing.iter().find(|ours| ours.request_id == request_id)
        {
            let after = elapsed(ours.asked, now);
            if let Some(said) = self.said_mut(&message.id) {
                said.is_ours(after);
            }
            self.over(request_id, Some(after), Fate::Seen(after), outbox);
        }
    }

    /// The service refused something: it may be a message of ours.
    pub(super) fn was_refused(&mut self, now: Timestamp, refused: &Refused, outbox: &mut Outbox) {
        if let Some(request_id) = &refused.request_id
            && let Some(ours) = self.outgoing.iter().find(|ours| ours.request_id == *request_id)
        {
            let after = elapsed(ours.asked, now);
            self.over(request_id, Some(after), Fate::Refused(refused.clone()), outbox);
        }
    }

    /// The connection is gone, and with it what would have come back.
    pub(super) fn cut_short(&mut self, why: &str, outbox: &mut Outbox) {
        let cut: Vec<(String, Stage)> =
            self.outgoing.iter().map(|message| (message.request_id.clone(), message.stage)).collect();
        for (request_id, stage) in cut {
            let fate = match stage {
                Stage::Waiting => Fate::Unsent(why.to_owned()),
                Stage::Sent => Fate::Unseen(why.to_owned()),
            };
            self.over(&request_id, None, fate, outbox);
        }
    }

    /// Keeps a message of this dialog from being sent; false if there is none that can be kept back.
    pub fn unsend(&mut self, dialog: Ticket, outbox: &mut Outbox) -> bool {
        let waiting = |message: &&Outgoing| message.dialog == dialog && message.stage == Stage::Waiting;
        let Some(request_id) = self.outgoing.iter().find(waiting).map(|message| message.request_id.clone()) else {
            return false;
        };
        self.over(&request_id, None, Fate::Unsent("you stopped it".to_owned()), outbox);
        true
    }

    /// What has come of messages since this was last asked.
    pub fn take_written(&mut self) -> Vec<Written> {
        std::mem::take(&mut self.written)
    }

    fn over(&mut self, request_id: &str, after: Option<Duration>, fate: Fate, outbox: &mut Outbox) {
        let Some(at) = self.outgoing.iter().position(|message| message.request_id == request_id) else { return };
        let message = self.outgoing.remove(at);
        // What never left has no entry in the journal.
        if message.stage == Stage::Sent {
            outbox.push(Job::Conclude(self.link_id(), request_id.into(), Box::new(outcome(&fate, request_id, after))));
        }
        self.written.push(Written { dialog: message.dialog, fate });
    }
}

/// What the journal says of it.
fn outcome(fate: &Fate, request_id: &str, after: Option<Duration>) -> Outcome {
    let verdict = match fate {
        Fate::Seen(_) => Verdict::Done,
        Fate::Refused(refused) => {
            Verdict::Refused { code: refused.code.to_string(), message: refused.message.chars().take(1_000).collect() }
        }
        Fate::Unseen(why) => Verdict::Unknown { why: why.clone() },
        Fate::Unsent(why) => Verdict::Failed { why: why.clone() },
    };
    let latency_ms = after.map(|after| u64::try_from(after.as_millis()).unwrap_or(u64::MAX)).unwrap_or_default();
    Outcome { verdict, request_id: Some(request_id.to_owned()), attempts: 1, latency_ms, made: None }
}
