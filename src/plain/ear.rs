//! How far a room was told: the rows, the repeats that are counted instead, and the lines of the console's own.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::app::room::feed::Feed;
use crate::app::room::fold::{FOLD_AT, Folds};
use crate::app::room::row::Said;

/// Messages that are told of a room which was watched before it was opened.
const RECENT: u64 = 10;

/// Lines of the console's own that may still change, such as that of a gap.
const NOTICES: usize = 16;

/// Repeats that go on are told again after this time, besides at round numbers.
const AGAIN: SignedDuration = SignedDuration::from_secs(5);

/// How far a room was told.
#[derive(Debug)]
pub(super) struct Ear {
    /// The first row that was not told.
    pub(super) next: u64,
    /// Messages that came while they were held back, and how many of them a rule has flagged.
    pub(super) held: (usize, usize),
    /// The row up to which `next` has looked for flagged ones.
    pub(super) sought: Option<u64>,
    folds: Folds,
    repeats: HashMap<u64, Repeat>,
    /// What was told of rows that may change.
    pub(super) notices: VecDeque<(u64, String)>,
}

/// A text that comes again and again.
#[derive(Debug, Clone)]
struct Repeat {
    /// The number of the message by which all of them are named.
    number: u64,
    /// The row that stands for them, and when the latest came.
    face: u64,
    latest: Timestamp,
    /// How many were told, and when.
    told: usize,
    at: Timestamp,
}

/// What there is to tell of repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wave {
    pub(super) number: u64,
    pub(super) times: usize,
    pub(super) users: usize,
}

/// How a message is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// In a line of its own.
    Alone,
    /// In a line of its own, and what is like it is counted from now on: so many times, from so many users.
    First(usize, usize),
    /// Not at all: it is counted.
    Counted,
}

impl Ear {
    /// A room that is told from now on.
    pub(super) fn new(feed: &Feed) -> Self {
        Self {
            next: feed.next().saturating_sub(RECENT).max(feed.first().unwrap_or_default()),
            held: (0, 0),
            sought: None,
            folds: Folds::default(),
            repeats: HashMap::new(),
            notices: VecDeque::new(),
        }
    }

    /// A message came.
    pub(super) fn hear(&mut self, seq: u64, time: Timestamp, said: &Said) -> Manner {
        self.folds.join(seq, time, said.signs.fingerprint, said.by.hue);
        let Some(fold) = self.folds.at(seq) else { return Manner::Alone };
        let Some(first) = fold.members().next() else { return Manner::Alone };
        match self.repeats.get_mut(&first) {
            Some(repeat) => {
                (repeat.face, repeat.latest) = (seq, time);
                Manner::Counted
            }
            None => Manner::First(fold.count(0).max(FOLD_AT), fold.users()),
        }
    }

    /// What is like the message of this row is counted under this number from now on.
    pub(super) fn count_under(&mut self, seq: u64, number: u64, now: Timestamp) {
        let Some(fold) = self.folds.at(seq) else { return };
        let Some(first) = fold.members().next() else { return };
        self.repeats.insert(first, Repeat { number, face: seq, latest: now, told: fold.count(0), at: now });
    }

    /// Repeats of which there is something new to be told.
    pub(super) fn waves(&mut self, now: Timestamp, oldest: u64) -> Vec<Wave> {
        let mut waves = Vec::new();
        for repeat in self.repeats.values_mut() {
            let Some(fold) = self.folds.at(repeat.face) else { continue };
            let times = fold.count(0);
            let round = round_below(times) > repeat.told;
            if times > repeat.told && (round || now.duration_since(repeat.at) >= AGAIN) {
                (repeat.told, repeat.at) = (times, now);
                waves.push(Wave { number: repeat.number, times, users: fold.users() });
            }
        }
        let folds = &mut self.folds;
        self.repeats.retain(|_, repeat| {
            let stays = repeat.face >= oldest;
            if !stays {
                folds.forget(repeat.face);
            }
            stays
        });
        waves.sort_by_key(|wave| wave.number);
        waves
    }

    /// The rows that are counted under this number, oldest first, and from how many users they are.
    pub(super) fn repeats(&self, number: u64) -> Option<(Vec<u64>, usize)> {
        let repeat = self.repeats.values().find(|repeat| repeat.number == number)?;
        let fold = self.folds.at(repeat.face)?;
        Some((fold.members().collect(), fold.users()))
    }

    /// Whether these words of this row are new.
    pub(super) fn is_news(&mut self, seq: u64, words: &str) -> bool {
        match self.notices.iter_mut().find(|(known, _)| *known == seq) {
            Some((_, told)) if told == words => false,
            Some((_, told)) => {
                words.clone_into(told);
                true
            }
            None => {
                self.notices.push_back((seq, words.to_owned()));
                if self.notices.len() > NOTICES {
                    self.notices.pop_front();
                }
                true
            }
        }
    }
}

/// The largest of 5, 10, 20, 50, 100 and so on that is not above this.
fn round_below(count: usize) -> usize {
    let steps = std::iter::successors(Some(5_usize), |step| step.checked_mul(10));
    let rounds = steps.flat_map(|step| [step, step.saturating_mul(2), step.saturating_mul(4)]);
    rounds.take_while(|round| *round <= count).last().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_told_at_round_numbers() {
        for (count, round) in [(4, 0), (5, 5), (9, 5), (10, 10), (14, 10), (20, 20), (49, 20), (50, 50), (499, 200)] {
            assert_eq!(round_below(count), round, "{count}");
        }
    }
}
