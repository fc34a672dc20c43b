//! The state of a room's connection: what it is doing, when it is renewed, and when it comes back after a loss. Pure.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::api::retry::back_off;
use crate::app::text::Clean;
use crate::messaging::Ended;

use super::notes::Notes;
use super::seen::Seen;

/// The longest first wait before a lost connection is made again; it doubles with each failure.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait of all.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// A connection that has held this long starts the back-off anew.
const STABLE: SignedDuration = SignedDuration::from_secs(60);
/// A session that the server closes this close to its end has run out; it was not thrown out.
const SESSION_END: SignedDuration = SignedDuration::from_secs(10);
/// A session is renewed this long before its end, and up to twice as long, so that twenty rooms that were opened
/// together are not renewed together. Of short sessions it is a tenth of their length.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// Close codes with which a server that stays up says goodbye: 1000, and none at all. Others mean that it is going away,
/// is overloaded or has failed (RFC 6455, section 7.4.1), so it is worth coming back as often as it takes. The service
/// documents none.
const MEANT: [u16; 2] = [1000, 1005];

/// What the connection is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// Nobody watches.
    Off,
    /// A token has been asked for.
    Asking,
    /// The token is here, the handshake is under way.
    Connecting(Session),
    /// Frames come in.
    Live {
        /// Since when, over one connection or over several that overlapped.
        since: Timestamp,
        /// The session that they come in by.
        session: Session,
        /// How far the next one is.
        renewal: Renewal,
    },
    /// Lost; another attempt will be made at this time.
    Waiting(Timestamp),
    /// Ended, and only a key will bring it back.
    Stopped,
}

/// A chat session: how long it lasts is fixed when its token is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// When it ends.
    pub until: Timestamp,
    /// When the next one is to be asked for.
    pub renew: Timestamp,
}

impl Session {
    /// The session of a token that came at `now`: when it ends, as the service `says`, and how many `minutes` were asked
    /// for; `dice` from 0 to 1 for the jitter.
    pub fn new(now: Timestamp, says: Option<Timestamp>, minutes: u32, dice: f64) -> Self {
        let asked = SignedDuration::from_mins(i64::from(minutes));
        // This machine's clock may be wrong: a session never lasts longer than was asked for, nor ends before it begins.
        let left = says.map(|until| until.duration_since(now)).filter(SignedDuration::is_positive);
        let lasts = left.map_or(asked, |left| left.min(asked));
        let margin = (lasts / 10).min(MARGIN);
        let early = margin.mul_f64(1.0 + dice.clamp(0.0, 1.0));
        Self { until: now + lasts, renew: now + lasts - early }
    }

    /// Whether a close by the server at `now` is the session's end.
    fn runs_out(self, now: Timestamp) -> bool {
        let tolerance = SESSION_END.min(self.until.duration_since(self.renew));
        self.until.duration_since(now) <= tolerance
    }
}

/// How far the next session is, while this one lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewal {
    /// It is not time yet.
    NotDue,
    /// It is time.
    UnderWay {
        /// What is being done.
        step: Step,
        /// What the last attempt failed of, if there was one.
        trouble: Option<Clean>,
    },
}

/// What is being done for the next session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A token has been asked for.
    Asking,
    /// The handshake of the second connection is under way.
    Connecting(Session),
    /// The last attempt failed; another will be made at this time.
    Waiting(Timestamp),
}

/// What to do after a connection has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Come back after this time.
    Again(Duration),
    /// Stay away: the server meant it.
    Stay,
}

/// The connection that a new one has taken the place of: what is still on its way over it is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Old {
    pub(super) serial: u64,
    /// Since when there are two.
    pub(super) since: Timestamp,
    /// The same frame came over both: from there on the new one has everything.
    pub(super) met: bool,
    /// Something came over either of them since there are two.
    pub(super) heard: bool,
}

/// A room's connection, the one that is to take its place, and the one whose place it has taken.
#[derive(Debug)]
pub struct Connection {
    /// What it is doing.
    pub link: Link,
    /// How often it has failed in a row.
    failures: u32,
    /// How often its renewal has failed in a row.
    renewal_failures: u32,
    /// The number of the connection that was begun last.
    counted: u64,
    /// The number of the connection that counts.
    pub(super) serial: u64,
    /// The number of the one that is being made while the other lasts.
    pub(super) second: Option<u64>,
    pub(super) old: Option<Old>,
    /// The row that tells of the outage that there is.
    pub(super) outage: Option<u64>,
    /// It ended for good, and the reader was told so in the status line.
    pub(super) given_up: bool,
    /// Whether a connection has ever opened.
    pub(super) joined: bool,
    /// The room was told that our user is disconnected, with these words: the close that follows is meant.
    pub(super) thrown_out: Option<Clean>,
    /// The server has said that the session is not valid: the close that follows does not mean us.
    pub(super) invalid: bool,
    /// What has come already.
    pub(super) seen: Seen,
    /// What frames that are no talk have said.
    pub(super) notes: Notes,
}

impl Connection {
    /// Not connected.
    pub fn new() -> Self {
        Self {
            link: Link::Off,
            failures: 0,
            renewal_failures: 0,
            counted: 0,
            serial: 0,
            second: None,
            old: None,
            outage: None,
            given_up: false,
            joined: false,
            thrown_out: None,
            invalid: false,
            seen: Seen::default(),
            notes: Notes::default(),
        }
    }

    /// The number of a connection that is begun.
    pub(super) fn count(&mut self) -> u64 {
        self.counted += 1;
        self.counted
    }

    /// A connection for somebody else, or after a failure that nobody will ask about.
    pub(super) fn forget_failures(&mut self) {
        self.failures = 0;
    }

    /// Decides what follows on an end; `dice` from 0 to 1 for the jitter.
    pub fn ended(&mut self, now: Timestamp, why: &Ended, dice: f64) -> Next {
        let thrown_out = self.thrown_out.is_some();
        let next = match why {
            Ended::ByServer { .. } if thrown_out => Next::Stay,
            Ended::ByServer { .. } if self.runs_out(now) => Next::Again(Duration::ZERO),
            Ended::ByServer { code, .. } if !MEANT.contains(code) || self.invalid => self.back_off(now, dice),
            Ended::ByServer { .. } => self.once_more(now, dice),
            Ended::ByUs | Ended::Refused { status: 404, .. } => Next::Stay,
            Ended::Refused { .. }
            | Ended::Unreachable(_)
            | Ended::Broken(_)
            | Ended::Silent { .. }
            | Ended::Protocol(_) => self.back_off(now, dice),
        };
        self.follow(now, next)
    }

    /// Decides what follows on a token that could not be had; `for_good` if asking again can't help.
    pub fn without_token(&mut self, now: Timestamp, for_good: bool, dice: f64) -> Next {
        let next = if for_good { Next::Stay } else { self.back_off(now, dice) };
        self.follow(now, next)
    }

    /// Whether a close at `now` is the end of the session.
    pub(super) fn runs_out(&self, now: Timestamp) -> bool {
        match self.link {
            Link::Live { session, .. } => session.runs_out(now),
            Link::Off | Link::Asking | Link::Connecting(_) | Link::Waiting(_) | Link::Stopped => false,
        }
    }

    /// A clean close in mid-session that nothing explains: the session may have been ended, the room deleted or our user
    /// thrown out unseen. A new token tells which, so it is worth coming back once, as nobody may be looking; whoever is
    /// sent away again soon after is not wanted.
    fn once_more(&mut self, now: Timestamp, dice: f64) -> Next {
        match self.back_off(now, dice) {
            again if self.failures == 1 => again,
            Next::Again(_) | Next::Stay => Next::Stay,
        }
    }

    fn back_off(&mut self, now: Timestamp, dice: f64) -> Next {
        let held = match self.link {
            Link::Live { since, .. } => now.duration_since(since) >= STABLE,
            Link::Off | Link::Asking | Link::Connecting(_) | Link::Waiting(_) | Link::Stopped => false,
        };
        self.failures = if held { 1 } else { self.failures + 1 };
        Next::Again(back_off(FIRST_WAIT, self.failures - 1, LONGEST_WAIT, dice))
    }

    fn follow(&mut self, now: Timestamp, next: Next) -> Next {
        self.link = match next {
            Next::Again(wait) => Link::Waiting(later(now, wait)),
            Next::Stay => Link::Stopped,
        };
        next
    }

    /// The connection that counts is open.
    pub(super) fn opened(&mut self, now: Timestamp, session: Session) {
        self.invalid = false;
        self.renewal_failures = 0;
        self.link = Link::Live { since: now, session, renewal: Renewal::NotDue };
    }

    /// How the renewal stands, if there is anything to renew.
    pub(super) fn renewal(&mut self) -> Option<&mut Renewal> {
        match &mut self.link {
            Link::Live { renewal, .. } => Some(renewal),
            Link::Off | Link::Asking | Link::Connecting(_) | Link::Waiting(_) | Link::Stopped => None,
        }
    }

    /// The renewal goes on with this.
    pub(super) fn renewing(&mut self, next: Step) {
        match self.renewal() {
            Some(Renewal::UnderWay { step, .. }) => *step = next,
            Some(renewal) => *renewal = Renewal::UnderWay { step: next, trouble: None },
            None => {}
        }
    }

    /// The renewal failed, for this reason; after what time it is tried again.
    pub(super) fn renewal_failed(&mut self, now: Timestamp, why: Clean, dice: f64) -> Duration {
        self.second = None;
        let wait = back_off(FIRST_WAIT, self.renewal_failures, LONGEST_WAIT, dice);
        self.renewal_failures += 1;
        if let Some(renewal) = self.renewal() {
            *renewal = Renewal::UnderWay { step: Step::Waiting(later(now, wait)), trouble: Some(why) };
        }
        wait
    }

    /// The second connection is open and counts from now on; the first is the old one. What it has been since stays.
    pub(super) fn take_over(&mut self, now: Timestamp, next: Session) {
        let Link::Live { session, renewal, .. } = &mut self.link else { return };
        (*session, *renewal) = (next, Renewal::NotDue);
        self.renewal_failures = 0;
        self.invalid = false;
        if let Some(second) = self.second.take() {
            self.old = Some(Old { serial: self.serial, since: now, met: false, heard: false });
            self.serial = second;
        }
    }

    /// The first connection is lost while a second is being made: then that is the first, as far as it is. False if
    /// there is none.
    pub(super) fn adopt(&mut self, step: Option<Step>) -> bool {
        let (Some(second), Some(step)) = (self.second.take(), step) else { return false };
        self.serial = second;
        self.link = match step {
            Step::Asking => Link::Asking,
            Step::Connecting(session) => Link::Connecting(session),
            Step::Waiting(at) => Link::Waiting(at),
        };
        true
    }

    /// Whether frames come in.
    pub fn is_live(&self) -> bool {
        matches!(self.link, Link::Live { .. })
    }
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now + SignedDuration::try_from(wait).unwrap_or_default()
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::text::clean;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn live(since: i64, until: i64) -> Connection {
        let session = Session { until: at(until), renew: at(until - 60) };
        let link = Link::Live { since: at(since), session, renewal: Renewal::NotDue };
        Connection { link, ..Connection::new() }
    }

    fn thrown_out(until: i64) -> Connection {
        Connection { thrown_out: Some(clean("rude")), ..live(0, until) }
    }

    fn closed() -> Ended {
        Ended::ByServer { code: 1000, reason: String::new() }
    }

    #[test]
    fn waits_double_up_to_half_a_minute_and_are_spread() {
        let mut connection = Connection::new();
        let mut waits = Vec::new();
        for _ in 0..9 {
            match connection.ended(at(0), &Ended::Broken("reset".into()), 1.0) {
                Next::Again(wait) => waits.push(wait.as_secs_f64()),
                Next::Stay => panic!("a lost connection comes back"),
            }
        }
        assert_eq!(waits, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]);
        let half = Connection::new().ended(at(0), &Ended::Broken("reset".into()), 0.5);
        assert_eq!(half, Next::Again(Duration::from_millis(250)));
    }

    #[test]
    fn a_minute_that_held_starts_the_waits_anew() {
        for (second, wait) in [(61, Duration::from_millis(500)), (59, LONGEST_WAIT)] {
            let mut connection = Connection { failures: 7, ..live(0, 3600) };
            assert_eq!(connection.ended(at(second), &Ended::Silent { seconds: 30 }, 1.0), Next::Again(wait));
        }
    }

    #[test]
    fn thrown_out_is_told_from_run_out() {
        assert_eq!(live(0, 3600).ended(at(3600), &closed(), 1.0), Next::Again(Duration::ZERO));
        assert_eq!(thrown_out(3600).ended(at(3600), &closed(), 1.0), Next::Stay);
    }

    #[test]
    fn a_close_that_nothing_explains_is_tried_once_more_and_not_again_within_a_minute() {
        for (held, next) in [(30, Next::Stay), (90, Next::Again(FIRST_WAIT))] {
            let mut connection = live(0, 3600);
            assert_eq!(connection.ended(at(100), &closed(), 1.0), Next::Again(FIRST_WAIT));
            connection.opened(at(101), Session { until: at(3600), renew: at(3500) });
            assert_eq!(connection.ended(at(101 + held), &closed(), 1.0), next);
        }
        let mut refused = live(0, 3600);
        refused.ended(at(100), &closed(), 1.0);
        let gone = Ended::Refused { status: 404, body: String::new() };
        assert_eq!((refused.ended(at(101), &gone, 1.0), &refused.link), (Next::Stay, &Link::Stopped));
    }

    #[test]
    fn a_server_that_goes_away_is_waited_for_unless_it_threw_us_out_first() {
        let going_away = Ended::ByServer { code: 1001, reason: String::new() };
        assert!(matches!(live(0, 3600).ended(at(100), &going_away, 1.0), Next::Again(_)));
        assert_eq!(thrown_out(3600).ended(at(100), &going_away, 1.0), Next::Stay);
    }

    #[test]
    fn a_session_that_is_called_invalid_before_it_is_closed_is_made_anew() {
        let mut invalid = Connection { invalid: true, ..live(0, 3600) };
        assert!(matches!(invalid.ended(at(100), &closed(), 1.0), Next::Again(wait) if wait > Duration::ZERO));
    }

    #[test]
    fn what_a_handshake_is_refused_with_decides_whether_to_come_back() {
        for (status, back) in [(401, true), (403, true), (404, false), (429, true), (503, true)] {
            let refused = Ended::Refused { status, body: String::new() };
            let next = Connection::new().ended(at(0), &refused, 1.0);
            assert_eq!(matches!(next, Next::Again(_)), back, "{status}");
        }
    }

    #[test]
    fn a_token_that_never_comes_is_not_asked_for_again() {
        assert_eq!(Connection::new().without_token(at(0), true, 1.0), Next::Stay);
        assert!(matches!(Connection::new().without_token(at(0), false, 1.0), Next::Again(_)));
    }

    #[test]
    fn a_session_is_renewed_a_minute_or_two_before_its_end_and_a_short_one_sooner() {
        for (minutes, dice, early) in [(60, 0.0, 60), (60, 1.0, 120), (180, 0.5, 90), (5, 0.0, 30), (1, 1.0, 12)] {
            let end = at(minutes * 60);
            let session = Session::new(at(0), Some(end), u32::try_from(minutes).unwrap(), dice);
            assert_eq!(session.until, end);
            assert_eq!(session.until.duration_since(session.renew).as_secs(), early, "{minutes} min");
        }
    }

    #[test]
    fn a_wrong_clock_makes_a_session_neither_longer_nor_over() {
        // The clock here is an hour slow, an hour fast; the service says nothing.
        for says in [Some(at(7200)), Some(at(-10)), None] {
            let session = Session::new(at(0), says, 60, 0.0);
            assert_eq!((session.until, session.renew), (at(3600), at(3540)), "{says:?}");
        }
    }

    #[test]
    fn a_close_long_before_the_end_of_a_short_session_is_no_end() {
        let session = Session::new(at(0), Some(at(20)), 60, 0.0);
        assert!(!session.runs_out(at(12)) && session.runs_out(at(18)));
    }
}
