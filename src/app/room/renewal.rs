//! Renewal: before a session ends a second connection is opened beside the first, and takes its place without a gap.

use std::time::Duration;

use jiff::Timestamp;

use crate::app::msg::{LinkId, Timer};
use crate::app::outbox::{Job, Outbox};
use crate::app::text::clean;
use crate::messaging::Ended;

use super::link::{Renewal, Session, Step};
use super::live::Room;
use super::outage::last_sign;
use super::row::Notice;

/// How long two connections stay open together, at least. What the old one has still to bring comes in that time, unless
/// it lags behind.
const OVERLAP: Duration = Duration::from_secs(2);

/// An old connection over which nothing comes is closed after so long, in seconds: a dead one would have been found out.
const ALIVE: i64 = 45;

impl Room {
    /// The time for the next session has come, or for another attempt at it.
    pub fn renewal_due(&mut self, id: &LinkId, outbox: &mut Outbox) {
        let asks = match self.connection.renewal() {
            Some(Renewal::NotDue | Renewal::UnderWay { step: Step::Waiting(_), .. }) => true,
            Some(Renewal::UnderWay { step: Step::Asking | Step::Connecting(_), .. }) | None => false,
        };
        if id.serial != self.connection.serial || !asks {
            return;
        }
        let second = self.connection.count();
        self.connection.second = Some(second);
        self.connection.renewing(Step::Asking);
        self.ask_for_token(self.numbered(second), outbox);
    }

    pub(super) fn renewal_failed(&mut self, now: Timestamp, why: &str, dice: f64, outbox: &mut Outbox) {
        let wait = self.connection.renewal_failed(now, clean(why), dice);
        outbox.after(wait, Timer::Renew(self.link_id()));
    }

    pub(super) fn renew_later(&self, now: Timestamp, session: Session, outbox: &mut Outbox) {
        let wait = Duration::try_from(session.renew.duration_since(now)).unwrap_or_default();
        outbox.after(wait, Timer::Renew(self.link_id()));
    }

    /// The second connection is open. The first stays so for a while: what is on its way over it must not be lost.
    pub(super) fn take_over(&mut self, now: Timestamp, id: &LinkId, outbox: &mut Outbox) {
        let Some(&mut Renewal::UnderWay { step: Step::Connecting(session), .. }) = self.connection.renewal() else {
            return;
        };
        if self.connection.thrown_out.is_some() {
            // Whoever was disconnected must not stay by chance, as a token happened to be on its way.
            return self.drop_second(outbox);
        }
        if let Some(old) = self.connection.old.take() {
            outbox.push(Job::Disconnect(self.numbered(old.serial)));
        }
        let old = self.link_id();
        self.connection.take_over(now, session);
        debug_assert_eq!(self.connection.serial, id.serial);
        outbox.after(OVERLAP, Timer::Overlap(old));
        self.renew_later(now, session, outbox);
    }

    pub(super) fn drop_second(&mut self, outbox: &mut Outbox) {
        if let Some(second) = self.connection.second.take() {
            outbox.push(Job::Disconnect(self.numbered(second)));
        }
    }

    /// Two connections have been open together for a while: the old one is closed, unless it may still have something
    /// that the new one does not bring. It ends with its session in any case.
    pub fn overlap_due(&mut self, now: Timestamp, id: &LinkId, outbox: &mut Outbox) {
        let Some(old) = self.connection.old.filter(|old| old.serial == id.serial) else { return };
        let quiet = !old.heard && now.duration_since(old.since).as_secs() >= ALIVE;
        if (old.met || quiet) && !self.is_writing() {
            self.connection.old = None;
            self.connection.seen.one_is_left();
            outbox.push(Job::Disconnect(id.clone()));
        } else {
            outbox.after(OVERLAP, Timer::Overlap(id.clone()));
        }
    }

    /// The connection whose place another has taken is over. If it was dead when that happened, something is missing.
    pub(super) fn old_ended(&mut self, now: Timestamp, why: &Ended, outbox: &mut Outbox) {
        let Some(old) = self.connection.old.take() else { return };
        self.connection.seen.one_is_left();
        let from = last_sign(now, why);
        if !old.met && from < old.since {
            let why = clean(&why.to_string());
            self.record_gap(from, Some(old.since), why.as_str(), outbox);
            self.put(from, Notice::Gap { from, until: Some(old.since), why });
        }
    }
}
