//! What a user has done in a room since the console watches it: counted, never the messages themselves.

use std::time::Duration;

use jiff::Timestamp;

use crate::app::room::row::{Actor, span};
use crate::app::text::Clean;

/// Minutes that the little graph shows.
pub const MINUTES: usize = 12;
/// Fingerprints of a user's latest messages: one that is among them is a repeat.
const RECENT: usize = 6;
/// Names of a user that are kept, the first ones.
const NAMES: usize = 8;
/// Moments of a user that are kept, the latest ones.
const MOMENTS: usize = 24;

/// What a message adds to the conduct of who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// Of the text; nought if there is nothing to compare.
    pub fingerprint: u64,
    /// Whether it has a link.
    pub link: bool,
    /// When the service took it.
    pub at: Timestamp,
}

/// What a user has done in one room.
#[derive(Debug, Clone, PartialEq)]
pub struct Conduct {
    /// When the first message was written that came here.
    pub first: Option<Timestamp>,
    /// When the last one was.
    pub last: Option<Timestamp>,
    /// Messages.
    pub messages: u32,
    /// Messages that said what one of the last few had said.
    pub repeats: u32,
    /// Messages with a link.
    pub links: u32,
    /// Messages that we had deleted.
    pub deleted_by_us: u32,
    /// Messages that somebody else had deleted.
    pub deleted_by_others: u32,
    /// How often the user was disconnected.
    pub disconnects: u32,
    /// Names that the user had, the first one first.
    pub names: Vec<Clean>,
    /// What moderators did about the user and what came of it, the oldest first.
    pub moments: Vec<Moment>,
    away: Option<Timestamp>,
    recent: [u64; RECENT],
    minutes: Minutes,
}

/// Something that happened about a user, besides their messages and what became of those.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Happened,
}

/// What happened about a user.
#[derive(Debug, Clone, PartialEq)]
pub enum Happened {
    /// Their connections were closed.
    Disconnected {
        /// The public reason.
        reason: Clean,
        /// By whom.
        by: Actor,
    },
    /// They wrote again, this long after they were disconnected.
    Back(Duration),
}

impl Moment {
    /// What happened, in words.
    pub fn words(&self) -> String {
        match &self.what {
            Happened::Disconnected { reason, by } => {
                let by = match by {
                    Actor::Us(after) => format!(" (you, {})", span(after.as_secs_f64())),
                    Actor::SomebodyElse => " (another)".to_owned(),
                };
                let reason = Some(reason.as_str()).filter(|reason| !reason.is_empty());
                let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
                format!("disconnected{reason}{by}")
            }
            Happened::Back(after) => format!("back {} after that", span(after.as_secs_f64())),
        }
    }
}

impl Conduct {
    pub(super) fn new() -> Self {
        Self {
            first: None,
            last: None,
            messages: 0,
            repeats: 0,
            links: 0,
            deleted_by_us: 0,
            deleted_by_others: 0,
            disconnects: 0,
            names: Vec::new(),
            moments: Vec::new(),
            away: None,
            recent: [0; RECENT],
            minutes: Minutes::default(),
        }
    }

    /// The user wrote; returns after what time, if they had been disconnected.
    pub(super) fn heard(&mut self, heard: Heard) -> Option<Duration> {
        let Heard { fingerprint, link, at } = heard;
        // Late messages are out of order.
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        self.last = Some(self.last.map_or(at, |last| last.max(at)));
        self.repeats += u32::from(fingerprint != 0 && self.recent.contains(&fingerprint));
        let place = usize::try_from(self.messages).unwrap_or_default() % RECENT;
        self.recent[place] = fingerprint;
        self.messages = self.messages.saturating_add(1);
        self.links += u32::from(link);
        self.minutes.count(at);
        // What was written before the disconnection may come behind it.
        let gone = self.away.take_if(|gone| *gone < at)?;
        let after = at.duration_since(gone).unsigned_abs();
        self.happened(at, Happened::Back(after));
        Some(after)
    }

    pub(super) fn deleted(&mut self, by: Actor) {
        match by {
            Actor::Us(_) => self.deleted_by_us += 1,
            Actor::SomebodyElse => self.deleted_by_others += 1,
        }
    }

    pub(super) fn disconnected(&mut self, at: Timestamp, by: Actor, reason: Clean) {
        self.disconnects += 1;
        self.away = Some(at);
        self.happened(at, Happened::Disconnected { reason, by });
    }

    fn happened(&mut self, at: Timestamp, what: Happened) {
        if self.moments.len() == MOMENTS {
            self.moments.remove(0);
        }
        self.moments.push(Moment { at, what });
    }

    /// Keeps a name; true if it is a new one.
    pub(super) fn called(&mut self, name: &Clean) -> bool {
        let new = self.names.len() < NAMES && !self.names.iter().any(|known| known.as_str() == name.as_str());
        if new {
            self.names.push(name.clone());
        }
        new
    }

    /// Messages by the minute up to the one of `now`, the oldest first.
    pub fn minutes(&self, now: Timestamp) -> [u16; MINUTES] {
        self.minutes.until(now)
    }

    /// Messages a minute over the minutes that the graph shows, or since the first message.
    pub fn per_minute(&self, now: Timestamp) -> f64 {
        let counted: u32 = self.minutes(now).iter().map(|count| u32::from(*count)).sum();
        let since = self.first.map_or(0.0, |first| now.duration_since(first).as_secs_f64() / 60.0);
        #[expect(clippy::cast_precision_loss, reason = "a dozen")]
        let most = MINUTES as f64;
        f64::from(counted) / since.clamp(1.0, most)
    }

    /// Of how many messages in a hundred something is true.
    pub fn percent(&self, of: u32) -> u32 {
        if self.messages == 0 { 0 } else { (u64::from(of) * 100 / u64::from(self.messages)).try_into().unwrap_or(100) }
    }

    /// After what time the user was back the last time, if they were disconnected and wrote again.
    pub fn back_after(&self) -> Option<Duration> {
        self.moments.iter().rev().find_map(|moment| match moment.what {
            Happened::Back(after) => Some(after),
            Happened::Disconnected { .. } => None,
        })
    }

    /// Whether the user was disconnected and has not written since.
    pub fn is_away(&self) -> bool {
        self.away.is_some()
    }
}

/// Messages by the minute: the latest minute and those before it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Minutes {
    latest: i64,
    counts: [u16; MINUTES],
}

impl Minutes {
    fn count(&mut self, at: Timestamp) {
        let minute = at.as_second().div_euclid(60);
        if minute > self.latest {
            self.counts = self.ending(minute);
            self.latest = minute;
        }
        let back = usize::try_from(self.latest - minute).unwrap_or(MINUTES);
        if let Some(place) = (MINUTES - 1).checked_sub(back) {
            self.counts[place] = self.counts[place].saturating_add(1);
        }
    }

    fn until(&self, now: Timestamp) -> [u16; MINUTES] {
        self.ending(now.as_second().div_euclid(60).max(self.latest))
    }

    /// The counts with `minute`, which is not before the latest one, in the last place.
    fn ending(&self, minute: i64) -> [u16; MINUTES] {
        let shift = usize::try_from(minute - self.latest).unwrap_or(MINUTES).min(MINUTES);
        let mut counts = [0; MINUTES];
        counts[..MINUTES - shift].copy_from_slice(&self.counts[shift..]);
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::text::clean;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 * 60 + second).unwrap()
    }

    fn heard(fingerprint: u64, second: i64) -> Heard {
        Heard { fingerprint, link: false, at: at(second) }
    }

    #[test]
    fn messages_are_counted_by_the_minute_late_ones_in_theirs() {
        let mut conduct = Conduct::new();
        for second in [0, 1, 61, 30, -3600] {
            conduct.heard(heard(0, second));
        }
        assert_eq!(conduct.minutes(at(61))[MINUTES - 3..], [0, 3, 1]);
        assert_eq!(conduct.minutes(at(125))[MINUTES - 3..], [3, 1, 0]);
        assert_eq!(conduct.minutes(at(86_400)), [0; MINUTES]);
        assert_eq!((conduct.first, conduct.last), (Some(at(-3600)), Some(at(61))));
    }

    #[test]
    fn a_repeat_is_what_one_of_the_last_few_has_said() {
        let mut conduct = Conduct::new();
        for fingerprint in [7, 8, 7, 0, 0, 7] {
            conduct.heard(heard(fingerprint, 0));
        }
        assert_eq!((conduct.repeats, conduct.percent(conduct.repeats)), (2, 33));
    }

    #[test]
    fn who_writes_after_a_disconnection_is_back_and_what_was_written_before_it_is_not() {
        let mut conduct = Conduct::new();
        conduct.heard(heard(1, 0));
        conduct.disconnected(at(10), Actor::SomebodyElse, clean("spam"));
        assert_eq!(conduct.heard(heard(2, 9)), None);
        assert!(conduct.is_away());
        assert_eq!(conduct.heard(heard(3, 24)), Some(Duration::from_secs(14)));
        assert_eq!(conduct.heard(heard(4, 25)), None);
        assert_eq!((conduct.back_after(), conduct.is_away()), (Some(Duration::from_secs(14)), false));
        assert_eq!(conduct.moments.len(), 2);
    }

    #[test]
    fn what_is_kept_of_one_user_has_an_end() {
        let mut conduct = Conduct::new();
        for n in 0..1_000 {
            conduct.called(&clean(&format!("name {n}")));
            conduct.disconnected(at(n), Actor::SomebodyElse, clean(""));
        }
        assert_eq!((conduct.names.len(), conduct.moments.len(), conduct.disconnects), (NAMES, MOMENTS, 1_000));
        assert_eq!(conduct.moments[MOMENTS - 1].at, at(999));
    }

    #[test]
    fn the_pace_is_reckoned_over_the_time_that_there_was() {
        let mut conduct = Conduct::new();
        for second in 0..30 {
            conduct.heard(heard(0, second));
        }
        assert!((conduct.per_minute(at(30)) - 30.0).abs() < 0.01, "{}", conduct.per_minute(at(30)));
        assert!((conduct.per_minute(at(300)) - 6.0).abs() < 0.01, "{}", conduct.per_minute(at(300)));
    }
}
