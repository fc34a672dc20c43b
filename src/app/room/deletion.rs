//! Deleting messages: asked for, sent, taken by the service, announced to the room, or not. Each step is a state of the row.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::api::Error;
use crate::app::deed::Deed;
use crate::app::msg::Timer;
use crate::app::outbox::Outbox;
use crate::app::queue::{Act, Aim, Origin, Why};
use crate::app::text::clean;
use crate::app::trouble::Trouble;

use super::live::Room;
use super::row::{Actor, Fate, Row, Said, Stage, span};

/// How long the event of a deletion that the service took may stay away before that is told.
pub(super) const ECHO: Duration = Duration::from_secs(5);

/// How long an event that was given up is still taken for the one of our own deletion.
const OURS: Duration = Duration::from_mins(1);

/// What the room was told of an act of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Echo {
    /// It was told, this long after the key.
    Came(Duration),
    /// It was not told in time.
    Missing,
}

impl Room {
    /// Why a message is deleted if nobody says more.
    pub fn usual(&self) -> Why {
        Why::of(&self.settings.reason)
    }

    /// Deletes the selected message and goes on to the next.
    pub fn delete(&mut self, now: Timestamp, outbox: &mut Outbox) {
        let Some(seq) = self.selected_row().map(|row| row.seq) else {
            outbox.hint("nothing is selected: k selects, d deletes");
            return;
        };
        let why = self.usual();
        self.delete_row(seq, &why, now, outbox);
    }

    /// Deletes the message of a row with the usual reason; the view goes on as before.
    pub fn delete_labelled(&mut self, seq: u64, now: Timestamp, outbox: &mut Outbox) {
        let why = self.usual();
        self.delete_row(seq, &why, now, outbox);
    }

    /// Deletes this message, for this reason, and goes on to the next.
    pub fn delete_message(&mut self, id: &str, why: &Why, now: Timestamp, outbox: &mut Outbox) {
        match self.feed.find(id) {
            Some(seq) => self.delete_row(seq, why, now, outbox),
            None => outbox.bad("not deleted: the message is not here any more"),
        }
    }

    fn delete_row(&mut self, seq: u64, why: &Why, now: Timestamp, outbox: &mut Outbox) {
        if self.doom(seq, why, Origin::Single, now, outbox) {
            self.leave_handled();
        } else {
            outbox.hint("this message is already deleted, or on its way to be");
        }
    }

    /// Deletes one of many messages; false if it is not here, or deleted already. The cursor stays.
    pub fn delete_one_of_many(
        &mut self,
        id: &str,
        why: &Why,
        origin: Origin,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> bool {
        self.feed.find(id).is_some_and(|seq| self.doom(seq, why, origin, now, outbox))
    }

    /// The cursor goes on if what it is on needs nothing more: from what stands it does not move.
    fn leave_handled(&mut self) {
        if self.selected().is_some_and(|said| !said.is_standing()) {
            self.select_next_standing();
        }
    }

    /// After many messages were deleted: off those, if the cursor is on one, and without their marks. What was marked and
    /// not hit stays so, but for what nothing in bulk ever hits.
    pub fn leave_doomed(&mut self) {
        self.leave_handled();
        let done = |seq: &u64| {
            let said = self.feed.row(*seq).and_then(Row::message);
            said.is_none_or(|said| !said.is_standing() || self.is_protected(&said.by))
        };
        let done: Vec<u64> = self.marks.iter().filter(done).collect();
        if !done.is_empty() {
            self.marks.remove(done.into_iter());
            self.marked();
        }
    }

    /// Selects this message, if one is selected at all.
    pub fn look_again_at(&mut self, id: &str) {
        if self.focused_card().is_some() {
            return self.look_again_in_card(id);
        }
        if let Some(seq) = self.feed.find(id).filter(|_| self.reading().selected().is_some()) {
            self.select(seq);
        }
    }

    /// Deletes the message of a row that stands; the reader stays where they are.
    pub(super) fn doom(&mut self, seq: u64, why: &Why, origin: Origin, now: Timestamp, outbox: &mut Outbox) -> bool {
        let room = self.arn.clone();
        let Some(said) = self.feed.row_mut(seq).and_then(Row::message_mut) else { return false };
        if !said.is_standing() {
            return false;
        }
        said.fate = Fate::Deleting { asked: now, stage: Stage::Waiting };
        let deed = Deed {
            target: Some(room.clone()),
            user: Some(said.by.user_id.to_string()),
            reason: why.reason.clone(),
            text: Some(said.as_written().to_owned()),
            note: why.note.clone(),
            rule: why.rule.clone(),
        };
        outbox.act(Act { room, aim: Aim::Message(said.id.clone()), deed, origin, asked: now });
        self.count_flag(seq);
        true
    }

    /// A deletion leaves for the service now; false if there is no need for it any more.
    pub(super) fn deletion_leaves(&mut self, message_id: &str) -> bool {
        // Of one that the feed has let go it is only known that it was to be deleted.
        let Some(said) = self.said_mut(message_id) else { return true };
        match &mut said.fate {
            Fate::Deleted { .. } => return false,
            Fate::Deleting { stage, .. } => *stage = Stage::Pending,
            Fate::Standing | Fate::Failed(_) => {}
        }
        true
    }

    /// A deletion was not sent, or has done nothing yet: it waits, or is given up.
    pub(super) fn deletion_is_back(&mut self, message_id: &str, given_up: bool) {
        let Some(said) = self.said_mut(message_id) else { return };
        if let Fate::Deleting { asked, .. } = said.fate {
            said.fate = if given_up { Fate::Standing } else { Fate::Deleting { asked, stage: Stage::Waiting } };
        }
        self.recount(message_id);
    }

    fn recount(&mut self, message_id: &str) {
        if let Some(seq) = self.feed.find(message_id) {
            self.count_flag(seq);
        }
    }

    /// The service took or refused a deletion. Its event may have come first.
    pub(super) fn deleted(&mut self, message_id: &str, answer: Result<(), &Error>, outbox: &mut Outbox) {
        let room = self.arn.clone();
        let why = answer.as_ref().err().map(|error| Trouble::new(error).brief());
        let Some(said) = self.said_mut(message_id) else {
            // The feed has let the message go, but not what became of it.
            if let Some(why) = why {
                outbox.bad(format!("not deleted: an older message: {why}"));
            }
            return;
        };
        let Fate::Deleting { asked, .. } = said.fate else { return };
        let who = said.by.label();
        said.fate = match answer {
            Ok(()) => {
                outbox.after(ECHO, Timer::Echo(room, message_id.into()));
                Fate::Deleting { asked, stage: Stage::Sent }
            }
            Err(error) if error.kind.may_have_been_done() => {
                outbox.bad(format!("{who}: deleted or not, nobody knows: {}", why.unwrap_or_default()));
                Fate::Deleting { asked, stage: Stage::Unconfirmed }
            }
            Err(_) => {
                let why = why.unwrap_or_default();
                outbox.bad(format!("not deleted: {who}: {why}"));
                Fate::Failed(why)
            }
        };
        self.recount(message_id);
    }

    /// The event of a deletion should be back by now.
    pub fn echo_due(&mut self, message_id: &str, outbox: &mut Outbox) {
        let Some(said) = self.said_mut(message_id) else { return };
        if let Fate::Deleting { asked, stage: Stage::Sent } = said.fate {
            said.fate = Fate::Deleting { asked, stage: Stage::Unconfirmed };
            let who = said.by.label();
            let untold = self.untold(asked);
            outbox.bad(format!("{who}: the service took the deletion, {untold}"));
            self.echoes.push((Aim::Message(message_id.into()), Echo::Missing));
            self.recount(message_id);
        }
    }

    /// The room is told of a deletion, whoever asked for it.
    pub(super) fn deletion_announced(
        &mut self,
        now: Timestamp,
        message_id: &str,
        reason: Option<&str>,
        outbox: &mut Outbox,
    ) {
        let usual = self.settings.reason.clone();
        let sent = self.feed.find(message_id).and_then(|seq| self.feed.row(seq)).map(|row| row.time);
        let Some(said) = self.said_mut(message_id) else { return };
        let by = match said.fate {
            // What has not left yet was not us.
            Fate::Deleting { stage: Stage::Waiting, .. } | Fate::Standing | Fate::Failed(_) => Actor::SomebodyElse,
            // Nor, as far as anybody can say, what was told long after.
            Fate::Deleting { asked, stage: Stage::Unconfirmed } if elapsed(asked, now) > OURS => Actor::SomebodyElse,
            Fate::Deleting { asked, stage: Stage::Pending | Stage::Sent | Stage::Unconfirmed } => {
                Actor::Us(elapsed(asked, now))
            }
            Fate::Deleted { .. } => return,
        };
        // Our own usual reason says nothing new: the room on the row is for what was said.
        let reason = reason.filter(|reason| matches!(by, Actor::SomebodyElse) || *reason != usual).unwrap_or_default();
        said.fate =
            Fate::Deleted { reason: clean(reason), by, after: sent.map_or(Duration::ZERO, |sent| elapsed(sent, now)) };
        let user = Arc::clone(&said.by);
        if let Actor::Us(after) = by {
            outbox.good(format!("deleted {}, confirmed: {}", user.label(), span(after.as_secs_f64())));
            self.echoes.push((Aim::Message(message_id.into()), Echo::Came(after)));
        }
        self.people.deleted(&user.user_id, by);
        self.recount(message_id);
    }

    /// Messages of our own that are not over yet: leaving now would lose their outcome.
    pub fn pending(&self) -> usize {
        self.outgoing.len()
    }

    /// Deletions and disconnections of our own of which the room is to be told yet.
    pub fn awaited_acts(&self) -> usize {
        let awaited = |said: &Said| matches!(said.fate, Fate::Deleting { stage: Stage::Pending | Stage::Sent, .. });
        self.feed.from(0).filter_map(Row::message).filter(|said| awaited(said)).count() + self.leavers.len()
    }

    pub(super) fn said_mut(&mut self, message_id: &str) -> Option<&mut Said> {
        self.feed.find(message_id).and_then(|seq| self.feed.row_mut(seq)).and_then(Row::message_mut)
    }
}

pub(super) fn elapsed(from: Timestamp, to: Timestamp) -> Duration {
    to.duration_since(from).max(SignedDuration::ZERO).unsigned_abs()
}
