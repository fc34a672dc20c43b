//! How far a room was told: the rows, the repeats that are counted instead, and the lines of the console's own.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::app::room::feed::Feed;
use crate::app::room::fold::{FOLD_AT, Folds};
use crate::app::room::row::Said;
use crate::app::room::shown::shared;

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
    /// By the number of the message under which they are counted.
    repeats: BTreeMap<u64, Repeat>,
    /// Under which number a text is counted now, by what its messages share.
    current: HashMap<u64, u64>,
    /// Rows before this one were let go.
    oldest: u64,
    /// What was told of rows that may change.
    pub(super) notices: VecDeque<(u64, String)>,
}

/// A text that comes again and again.
#[derive(Debug, Clone)]
struct Repeat {
    /// What they share.
    shared: u64,
    /// The row that stands for them.
    face: u64,
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
            repeats: BTreeMap::new(),
            current: HashMap::new(),
            oldest: 0,
            notices: VecDeque::new(),
        }
    }

    /// A message came.
    pub(super) fn hear(&mut self, seq: u64, time: Timestamp, said: &Said) -> Manner {
        let shared = shared(said);
        self.folds.join(seq, time, shared, said.by.hue);
        let Some(fold) = self.folds.at(seq) else { return Manner::Alone };
        let known = self.current.get(&shared).and_then(|number| self.repeats.get_mut(number));
        match known.filter(|_| fold.count(0) > FOLD_AT) {
            Some(repeat) => {
                repeat.face = seq;
                Manner::Counted
            }
            None => Manner::First(fold.count(0), fold.users()),
        }
    }

    /// What is like the message of this row is counted under this number from now on.
    pub(super) fn count_under(&mut self, seq: u64, said: &Said, number: u64, now: Timestamp) {
        let Some(fold) = self.folds.at(seq) else { return };
        let shared = shared(said);
        self.current.insert(shared, number);
        self.repeats.insert(number, Repeat { shared, face: seq, told: fold.count(0), at: now });
    }

    /// Repeats of which there is something new to be told.
    pub(super) fn waves(&mut self, now: Timestamp, oldest: u64) -> Vec<Wave> {
        let mut waves = Vec::new();
        for (number, repeat) in &mut self.repeats {
            let Some(fold) = self.folds.at(repeat.face) else { continue };
            let times = fold.count(0);
            let round = round_below(times) > repeat.told;
            if times > repeat.told && (round || now.duration_since(repeat.at) >= AGAIN) {
                (repeat.told, repeat.at) = (times, now);
                waves.push(Wave { number: *number, times, users: fold.users() });
            }
        }
        self.forget(oldest);
        waves
    }

    /// The feed has let go the rows before this one.
    fn forget(&mut self, oldest: u64) {
        for seq in self.oldest..oldest {
            self.folds.forget(seq);
        }
        self.oldest = self.oldest.max(oldest);
        let current = &mut self.current;
        self.repeats.retain(|number, repeat| {
            let stays = repeat.face >= oldest;
            if !stays && current.get(&repeat.shared) == Some(number) {
                current.remove(&repeat.shared);
            }
            stays
        });
    }

    /// The rows that are counted under this number, oldest first.
    pub(super) fn repeats(&self, number: u64) -> Option<Vec<u64>> {
        let fold = self.folds.at(self.repeats.get(&number)?.face)?;
        Some(fold.members().collect())
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
