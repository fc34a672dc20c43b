//! The state of a room's connection: what it is doing, and when it comes back after a loss. Pure.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::api::retry::back_off;
use crate::messaging::Ended;

/// The longest first wait before a lost connection is made again; it doubles with each failure.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait of all.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// A connection that has held this long starts the back-off anew.
const STABLE: SignedDuration = SignedDuration::from_secs(60);
/// A session that the server closes this close to its end has run out; it was not thrown out.
const SESSION_END: SignedDuration = SignedDuration::from_secs(10);

/// Close codes with which a server that stays up says goodbye: 1000, and none at all. Others mean that it is going away,
/// is overloaded or has failed (RFC 6455, section 7.4.1), so it is worth coming back. The service documents none.
const MEANT: [u16; 2] = [1000, 1005];

/// What the connection is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// Nobody watches.
    Off,
    /// A token has been asked for.
    Asking,
    /// The token is here, the handshake is under way; its session will end then.
    Connecting(Option<Timestamp>),
    /// Frames come in.
    Live {
        /// Since when.
        since: Timestamp,
        /// When the session will end, as the service said.
        until: Option<Timestamp>,
    },
    /// Lost; another attempt will be made at this time.
    Waiting(Timestamp),
    /// Ended, and only a key will bring it back.
    Stopped,
}

/// What to do after a connection has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Come back after this time.
    Again(Duration),
    /// Stay away: the server meant it.
    Stay,
}

/// A connection and how often it has failed in a row.
#[derive(Debug)]
pub struct Connection {
    /// What it is doing.
    pub link: Link,
    failures: u32,
}

impl Connection {
    /// Not connected.
    pub fn new() -> Self {
        Self { link: Link::Off, failures: 0 }
    }

    /// Decides what follows on an end; `thrown_out` if the room was told that we are disconnected, `dice` from 0 to 1
    /// for the jitter.
    pub fn ended(&mut self, now: Timestamp, why: &Ended, thrown_out: bool, dice: f64) -> Next {
        let held = match self.link {
            Link::Live { since, .. } => now.duration_since(since) >= STABLE,
            Link::Off | Link::Asking | Link::Connecting(_) | Link::Waiting(_) | Link::Stopped => false,
        };
        let next = match why {
            Ended::ByServer { .. } if self.session_ran_out(now) && !thrown_out => Next::Again(Duration::ZERO),
            Ended::ByServer { code, .. } if !MEANT.contains(code) && !thrown_out => self.back_off(held, dice),
            Ended::ByUs | Ended::ByServer { .. } => Next::Stay,
            Ended::Refused { .. }
            | Ended::Unreachable(_)
            | Ended::Broken(_)
            | Ended::Silent { .. }
            | Ended::Protocol(_) => self.back_off(held, dice),
        };
        self.follow(now, next)
    }

    /// Decides what follows on a token that could not be had.
    pub fn without_token(&mut self, now: Timestamp, denied: bool, dice: f64) -> Next {
        let next = if denied { Next::Stay } else { self.back_off(false, dice) };
        self.follow(now, next)
    }

    /// Whether the session that just ended was due to end.
    fn session_ran_out(&self, now: Timestamp) -> bool {
        match self.link {
            Link::Live { until: Some(until), .. } => until.duration_since(now) <= SESSION_END,
            Link::Live { until: None, .. }
            | Link::Off
            | Link::Asking
            | Link::Connecting(_)
            | Link::Waiting(_)
            | Link::Stopped => false,
        }
    }

    fn back_off(&mut self, held: bool, dice: f64) -> Next {
        self.failures = if held { 1 } else { self.failures + 1 };
        Next::Again(back_off(FIRST_WAIT, self.failures - 1, LONGEST_WAIT, dice))
    }

    fn follow(&mut self, now: Timestamp, next: Next) -> Next {
        self.link = match next {
            Next::Again(wait) => Link::Waiting(now + SignedDuration::try_from(wait).unwrap_or_default()),
            Next::Stay => Link::Stopped,
        };
        next
    }

    /// Whether frames come in.
    pub fn is_live(&self) -> bool {
        matches!(self.link, Link::Live { .. })
    }
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn live(since: i64, until: i64) -> Connection {
        Connection { link: Link::Live { since: at(since), until: Some(at(until)) }, failures: 0 }
    }

    fn closed() -> Ended {
        Ended::ByServer { code: 1000, reason: String::new() }
    }

    #[test]
    fn waits_double_up_to_half_a_minute_and_are_spread() {
        let mut connection = Connection::new();
        let mut waits = Vec::new();
        for _ in 0..9 {
            match connection.ended(at(0), &Ended::Broken("reset".into()), false, 1.0) {
                Next::Again(wait) => waits.push(wait.as_secs_f64()),
                Next::Stay => panic!("a lost connection comes back"),
            }
        }
        assert_eq!(waits, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]);
        let half = Connection::new().ended(at(0), &Ended::Broken("reset".into()), false, 0.5);
        assert_eq!(half, Next::Again(Duration::from_millis(250)));
    }

    #[test]
    fn a_minute_that_held_starts_the_waits_anew() {
        let mut connection = live(0, 3600);
        connection.failures = 7;
        assert_eq!(
            connection.ended(at(61), &Ended::Silent { seconds: 30 }, false, 1.0),
            Next::Again(Duration::from_millis(500))
        );
        let mut shaky = live(0, 3600);
        shaky.failures = 7;
        assert_eq!(
            shaky.ended(at(5), &Ended::Silent { seconds: 30 }, false, 1.0),
            Next::Again(Duration::from_secs(30))
        );
    }

    #[test]
    fn thrown_out_is_told_from_run_out() {
        let mut thrown_out = live(0, 3600);
        assert_eq!(thrown_out.ended(at(100), &closed(), false, 1.0), Next::Stay);
        assert_eq!(thrown_out.link, Link::Stopped);
        assert_eq!(live(0, 3600).ended(at(3600), &closed(), false, 1.0), Next::Again(Duration::ZERO));
    }

    #[test]
    fn a_server_that_goes_away_is_waited_for_unless_it_threw_us_out_first() {
        let going_away = Ended::ByServer { code: 1001, reason: String::new() };
        assert!(matches!(live(0, 3600).ended(at(100), &going_away, false, 1.0), Next::Again(_)));
        assert_eq!(live(0, 3600).ended(at(100), &going_away, true, 1.0), Next::Stay);
        assert_eq!(live(0, 3600).ended(at(3600), &closed(), true, 1.0), Next::Stay);
    }

    #[test]
    fn a_denied_token_is_not_asked_for_again() {
        assert_eq!(Connection::new().without_token(at(0), true, 1.0), Next::Stay);
        assert!(matches!(Connection::new().without_token(at(0), false, 1.0), Next::Again(_)));
    }
}
