//! A message of our own: it waits for a connection that may write, is sent, and comes back, or not.

use std::time::Duration;

use jiff::Timestamp;

use crate::api::model::Capability;
use crate::app::deed::Deed;
use crate::app::msg::{LinkId, Ticket, Timer};
use crate::app::outbox::{Job, Outbox, Saying};
use crate::journal::record::{Outcome, Verdict};
use crate::messaging::Publish;
use crate::messaging::frame::{Attributes, Message, Refused};

use super::deletion::{ECHO, elapsed};
use super::identity::Identity;
use super::live::Room;

/// Messages that did not come back in time and are still recognised if they do.
const DOUBTFUL: usize = 16;

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// The text.
    pub content: String,
    /// What goes along with it, for clients.
    pub attributes: Attributes,
}

/// A message on its way.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// The dialog that it was written in.
    dialog: Ticket,
    request_id: String,
    draft: Draft,
    /// When the key was pressed.
    asked: Timestamp,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// There is no connection that may write yet.
    Waiting,
    /// A connection is getting it.
    Leaving,
    /// A connection has it.
    Sent,
}

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The dialog that it was written in.
    pub dialog: Ticket,
    /// Whether it had been called unseen before.
    pub late: bool,
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
    pub fn write(&mut self, dialog: Ticket, request_id: String, draft: Draft, now: Timestamp, outbox: &mut Outbox) {
        if !self.may_write() {
            let identity = self.writer();
            self.join_as(identity, now, outbox);
        } else if !self.is_live() {
            self.revive(outbox);
        }
        self.outgoing.push(Outgoing { dialog, request_id, draft, asked: now, stage: Stage::Waiting });
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
        let mut own = self.own_identity();
        own.capabilities.push(Capability::SendMessage);
        own
    }

    /// The connection is open: what waited for it goes out.
    pub(super) fn send_waiting(&mut self, outbox: &mut Outbox) {
        let (link, user) = (self.link_id(), self.identity().user_id.clone());
        for message in self.outgoing.iter_mut().filter(|message| message.stage == Stage::Waiting) {
            message.stage = Stage::Leaving;
            let publish = Publish::SendMessage {
                request_id: message.request_id.clone(),
                content: message.draft.content.clone(),
                attributes: message.draft.attributes.clone(),
            };
            let deed = Deed {
                target: Some(link.room.clone()),
                user: Some(user.clone()),
                text: Some(message.draft.content.clone()),
                ..Deed::default()
            };
            outbox.push(Job::Publish(Box::new(Saying { link: link.clone(), publish, deed })));
        }
    }

    /// Whether a message has left and is not back yet: what comes of it may come over the connection that it left by.
    pub(super) fn is_writing(&self) -> bool {
        self.outgoing.iter().any(|message| message.stage != Stage::Waiting)
    }

    /// The connection took a message, or did not.
    pub fn published(&mut self, link: &LinkId, request_id: &str, taken: Result<(), String>, outbox: &mut Outbox) {
        let Some(message) = self.outgoing.iter_mut().find(|message| message.request_id == request_id) else { return };
        message.stage = Stage::Sent;
        match taken {
            Ok(()) => outbox.after(ECHO, Timer::Unseen(link.room.clone(), request_id.into())),
            Err(why) => self.over(request_id, None, Fate::Unsent(why), outbox),
        }
    }

    /// A message should have come back by now.
    pub fn unseen_due(&mut self, request_id: &str, outbox: &mut Outbox) {
        let why = format!("neither the message nor a refusal came within {} s", ECHO.as_secs());
        let Some(at) = self.outgoing.iter().position(|message| message.request_id == request_id) else { return };
        let message = self.outgoing.remove(at);
        self.tell_outcome(&message, false, None, Fate::Unseen(why), outbox);
        // It may still come, and must not be taken for somebody else's then.
        self.doubtful.truncate(DOUBTFUL - 1);
        self.doubtful.insert(0, message);
    }

    /// How far the message of this dialog has got, if one is on its way.
    pub fn progress(&self, dialog: Ticket) -> Option<&'static str> {
        let message = self.outgoing.iter().find(|message| message.dialog == dialog)?;
        Some(match message.stage {
            Stage::Waiting => "joining the room to send it ... (Esc keeps it back)",
            Stage::Leaving => "sending ... (Esc closes; the outcome will be told)",
            Stage::Sent => "sent, not back yet ... (Esc closes; the outcome will be told)",
        })
    }

    /// A message came: it may be ours.
    pub(super) fn came_back(&mut self, now: Timestamp, message: &Message, outbox: &mut Outbox) {
        if let Some(request_id) = message.request_id.as_deref()
            && let Some(asked) = self.asked(request_id)
            && message.sender.user_id == self.identity().user_id
        {
            let after = elapsed(asked, now);
            if let Some(said) = self.said_mut(&message.id) {
                said.is_ours(after);
            }
            self.over(request_id, Some(after), Fate::Seen(after), outbox);
        }
    }

    /// The service refused something: it may be a message of ours.
    pub(super) fn was_refused(&mut self, now: Timestamp, refused: &Refused, outbox: &mut Outbox) {
        if let Some(request_id) = &refused.request_id
            && let Some(asked) = self.asked(request_id)
        {
            let after = elapsed(asked, now);
            self.over(request_id, Some(after), Fate::Refused(refused.clone()), outbox);
        }
    }

    /// When a message was written that may still come back.
    fn asked(&self, request_id: &str) -> Option<Timestamp> {
        let mut all = self.outgoing.iter().chain(&self.doubtful);
        all.find(|ours| ours.request_id == request_id).map(|ours| ours.asked)
    }

    /// The connection is gone, and with it what would have come back.
    pub(super) fn cut_short(&mut self, why: &str, outbox: &mut Outbox) {
        self.doubtful.clear();
        let cut: Vec<(String, Stage)> =
            self.outgoing.iter().map(|message| (message.request_id.clone(), message.stage)).collect();
        for (request_id, stage) in cut {
            let fate = match stage {
                Stage::Waiting => Fate::Unsent(why.to_owned()),
                Stage::Leaving | Stage::Sent => Fate::Unseen(why.to_owned()),
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
        let place = |messages: &[Outgoing]| messages.iter().position(|message| message.request_id == request_id);
        let (message, late) = match (place(&self.outgoing), place(&self.doubtful)) {
            (Some(at), _) => (self.outgoing.remove(at), false),
            (None, Some(at)) => (self.doubtful.remove(at), true),
            (None, None) => return,
        };
        self.tell_outcome(&message, late, after, fate, outbox);
    }

    fn tell_outcome(
        &mut self,
        message: &Outgoing,
        late: bool,
        after: Option<Duration>,
        fate: Fate,
        outbox: &mut Outbox,
    ) {
        // What never left has no entry in the journal, and what is late has its outcome there: nobody knew.
        if message.stage != Stage::Waiting && !late {
            let request_id = message.request_id.as_str();
            let outcome = Box::new(outcome(&fate, request_id, after));
            outbox.push(Job::Conclude(self.link_id(), request_id.into(), outcome));
        }
        self.written.push(Written { dialog: message.dialog, late, fate });
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::room::live::Settings;
    use crate::app::text::clean;
    use crate::messaging::frame::Sender;
    use crate::messaging::{Ended, Frame, Report};

    const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(millisecond).unwrap()
    }

    fn room() -> Room {
        let settings = Settings { user_id: "console".into(), scrollback: 100, ..Settings::default() };
        Room::new(ROOM.parse().unwrap(), clean("lobby"), Arc::new(settings))
    }

    fn hi() -> Draft {
        Draft { content: "hi".into(), attributes: Attributes::new() }
    }

    /// What is on its way to the connections.
    fn said(jobs: &[Job]) -> Vec<&Saying> {
        jobs.iter().filter_map(|job| if let Job::Publish(saying) = job { Some(&**saying) } else { None }).collect()
    }

    /// A room with a message that has left at 0.
    fn writing() -> (Room, LinkId) {
        let (mut room, mut outbox) = (room(), Outbox::default());
        room.write(Ticket(7), "r-1".into(), hi(), at(0), &mut outbox);
        assert!(said(&outbox.into_jobs()).is_empty(), "nothing is said before there is a connection");
        let (id, mut outbox) = (room.link_id(), Outbox::default());
        room.report(at(0), &id, Report::Opened, &mut outbox);
        let jobs = outbox.into_jobs();
        let [saying] = said(&jobs)[..] else { panic!("{jobs:?}") };
        assert_eq!((&saying.link, saying.deed.text.as_deref()), (&id, Some("hi")));
        (room, id)
    }

    fn echo(room: &mut Room, id: &LinkId, user_id: &str) {
        let message = Message {
            id: "AbCdEf123456".into(),
            request_id: Some("r-1".into()),
            content: "hi".into(),
            attributes: Attributes::new(),
            sender: Sender { user_id: user_id.into(), ..Sender::default() },
            send_time: None,
        };
        room.report(at(300), id, Report::Frames(vec![Frame::Message(message)]), &mut Outbox::default());
    }

    #[test]
    fn a_message_may_come_back_before_its_connection_says_that_it_took_it() {
        let (mut room, id) = writing();
        echo(&mut room, &id, "console");
        let seen = Written { dialog: Ticket(7), late: false, fate: Fate::Seen(Duration::from_millis(300)) };
        assert_eq!(room.take_written(), [seen]);
        let mut outbox = Outbox::default();
        room.published(&id, "r-1", Ok(()), &mut outbox);
        room.unseen_due("r-1", &mut outbox);
        assert!(outbox.into_jobs().is_empty() && room.take_written().is_empty(), "it is over once");
    }

    #[test]
    fn a_message_that_comes_late_is_ours_and_told_once() {
        let (mut room, id) = writing();
        let mut outbox = Outbox::default();
        room.published(&id, "r-1", Ok(()), &mut outbox);
        room.unseen_due("r-1", &mut outbox);
        assert!(matches!(&room.take_written()[..], [Written { fate: Fate::Unseen(_), late: false, .. }]));
        assert_eq!(room.pending(), 0, "nobody waits for it");
        echo(&mut room, &id, "mallory");
        assert!(room.take_written().is_empty());
        echo(&mut room, &id, "console");
        assert!(matches!(&room.take_written()[..], [Written { fate: Fate::Seen(_), late: true, .. }]));
        room.unseen_due("r-1", &mut outbox);
        assert!(room.take_written().is_empty());
    }

    #[test]
    fn a_message_in_doubt_is_not_recognised_over_another_connection() {
        let (mut room, id) = writing();
        let mut outbox = Outbox::default();
        room.published(&id, "r-1", Ok(()), &mut outbox);
        room.unseen_due("r-1", &mut outbox);
        room.ended(at(1), &id, &Ended::Broken("reset".into()), 0.0, &mut outbox);
        assert!(room.doubtful.is_empty());
    }

    #[test]
    fn a_message_that_another_user_sends_under_the_same_id_is_not_ours() {
        let (mut room, id) = writing();
        echo(&mut room, &id, "mallory");
        assert!(room.take_written().is_empty());
        assert_eq!(room.pending(), 1, "leaving now would lose its outcome");
    }

    #[test]
    fn a_connection_that_takes_nothing_leaves_it_unsent_and_one_that_breaks_leaves_it_unseen() {
        let (mut room, id) = writing();
        room.published(&id, "r-1", Err("the connection is gone".into()), &mut Outbox::default());
        assert_eq!(room.take_written()[0].fate, Fate::Unsent("the connection is gone".into()));
        let (mut room, id) = writing();
        let mut outbox = Outbox::default();
        room.ended(at(1), &id, &Ended::Broken("reset".into()), 0.0, &mut outbox);
        assert_eq!(room.take_written()[0].fate, Fate::Unseen("connection lost: reset".into()));
        room.report(at(2), &room.link_id(), Report::Opened, &mut outbox);
        assert!(said(&outbox.into_jobs()).is_empty(), "it is not sent again by itself");
    }
}
