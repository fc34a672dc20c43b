//! Deleting a message: asked for, taken by the service, announced to the room, or not. Each step is a state of the row.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::api::Error;
use crate::api::ops::{DeleteMessage, OperationId};
use crate::app::deed::Deed;
use crate::app::msg::{Msg, Timer};
use crate::app::outbox::Outbox;
use crate::app::text::clean;
use crate::app::trouble::Trouble;

use super::live::Room;
use super::row::{Actor, Fate, Row, Said, Stage, span};

/// How long the event of a deletion that the service took may stay away before that is told.
pub(super) const ECHO: Duration = Duration::from_secs(5);

impl Room {
    /// Deletes the selected message and goes on to the next.
    pub fn delete(&mut self, now: Timestamp, outbox: &mut Outbox) {
        let Some(seq) = self.selected_row().map(|row| row.seq) else {
            outbox.hint("nothing is selected: k selects a message, d deletes it");
            return;
        };
        let reason = Some(self.settings.reason.clone()).filter(|reason| !reason.is_empty());
        self.delete_row(seq, reason, now, outbox);
    }

    /// Deletes the message of a row with the usual reason; the view goes on as before.
    pub fn delete_labelled(&mut self, seq: u64, now: Timestamp, outbox: &mut Outbox) {
        let reason = Some(self.settings.reason.clone()).filter(|reason| !reason.is_empty());
        self.delete_row(seq, reason, now, outbox);
    }

    /// Deletes this message, for this reason, and goes on to the next.
    pub fn delete_message(&mut self, id: &str, reason: Option<String>, now: Timestamp, outbox: &mut Outbox) {
        match self.feed.find(id) {
            Some(seq) => self.delete_row(seq, reason, now, outbox),
            None => outbox.bad("not deleted: the message is not here any more"),
        }
    }

    fn delete_row(&mut self, seq: u64, reason: Option<String>, now: Timestamp, outbox: &mut Outbox) {
        let Some(said) = self.feed.row(seq).and_then(Row::message) else { return };
        if !said.is_standing() {
            outbox.hint("this message is already deleted, or on its way to be");
            return;
        }
        self.delete_unattended(seq, reason, None, now, outbox);
        self.select_next_standing();
    }

    /// Deletes the message of a row that stands; the reader stays where they are.
    pub(super) fn delete_unattended(
        &mut self,
        seq: u64,
        reason: Option<String>,
        note: Option<String>,
        now: Timestamp,
        outbox: &mut Outbox,
    ) {
        let Some(said) = self.feed.row_mut(seq).and_then(Row::message_mut) else { return };
        said.fate = Fate::Deleting { asked: now, stage: Stage::Pending };
        let (room, id) = (self.arn.clone(), said.id.clone());
        let deed = Deed {
            target: Some(room.clone()),
            user: Some(said.by.user_id.to_string()),
            reason: reason.clone(),
            text: Some(said.as_written().to_owned()),
            note,
        };
        let delete = DeleteMessage { room_identifier: room.clone(), id: id.to_string(), reason };
        outbox.change(&delete, deed, move |answer| Msg::Deleted(room, id, answer));
    }

    /// The service took or refused a deletion. Its event may have come first.
    pub fn deleted(&mut self, message_id: &str, answer: Result<OperationId, Error>, outbox: &mut Outbox) {
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
            Ok(_) => {
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
    }

    /// The event of a deletion should be back by now.
    pub fn echo_due(&mut self, message_id: &str, outbox: &mut Outbox) {
        let Some(said) = self.said_mut(message_id) else { return };
        if let Fate::Deleting { asked, stage: Stage::Sent } = said.fate {
            said.fate = Fate::Deleting { asked, stage: Stage::Unconfirmed };
            let who = said.by.label();
            outbox.bad(format!(
                "{who}: the service took the deletion, but the room was not told within {} s",
                ECHO.as_secs()
            ));
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
            Fate::Deleting { asked, .. } => Actor::Us(elapsed(asked, now)),
            Fate::Standing | Fate::Failed(_) => Actor::SomebodyElse,
            Fate::Deleted { .. } => return,
        };
        if let Actor::Us(after) = by {
            outbox.good(format!("deleted {}, confirmed: {}", said.by.label(), span(after.as_secs_f64())));
        }
        // Our own usual reason says nothing new: the room on the row is for what was said.
        let reason = reason.filter(|reason| matches!(by, Actor::SomebodyElse) || *reason != usual).unwrap_or_default();
        said.fate =
            Fate::Deleted { reason: clean(reason), by, after: sent.map_or(Duration::ZERO, |sent| elapsed(sent, now)) };
        let user = Arc::clone(&said.by);
        self.people.deleted(&user.user_id, by);
    }

    /// Deletions and messages that are not over yet: leaving now would lose their outcome.
    pub fn pending(&self) -> usize {
        let open = |row: &&Row| {
            row.message().is_some_and(|said| matches!(said.fate, Fate::Deleting { stage: Stage::Pending, .. }))
        };
        self.feed.from(0).filter(open).count() + self.outgoing.len()
    }

    pub(super) fn said_mut(&mut self, message_id: &str) -> Option<&mut Said> {
        self.feed.find(message_id).and_then(|seq| self.feed.row_mut(seq)).and_then(Row::message_mut)
    }
}

pub(super) fn elapsed(from: Timestamp, to: Timestamp) -> Duration {
    to.duration_since(from).max(SignedDuration::ZERO).unsigned_abs()
}
