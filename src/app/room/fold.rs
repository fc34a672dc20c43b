//! Repeats: messages that say the same within a minute, from one user or from many, fold into one row.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

/// How many messages must say the same before they fold: two people who agree are no wave.
pub const FOLD_AT: usize = 3;
/// Seconds after which a text that comes again begins anew.
const WINDOW: i64 = 60;
/// Texts that are remembered: beyond it the oldest are forgotten early, and fold no more.
const CAPACITY: usize = 8_192;

/// Messages that say the same.
#[derive(Debug, Default)]
pub struct Fold {
    /// Their rows' numbers, oldest first, and who wrote each. The last one stands for all.
    members: VecDeque<(u64, u64)>,
    /// How many of them each user wrote, once there are enough to fold.
    users: HashMap<u64, usize>,
    last: i64,
    is_open: bool,
}

impl Fold {
    /// Messages that the row stands for, of those from `first` on.
    pub fn count(&self, first: u64) -> usize {
        self.members.len() - self.members.partition_point(|(seq, _)| *seq < first)
    }

    /// Users who wrote them.
    pub fn users(&self) -> usize {
        self.users.len()
    }

    /// Whether all of them are shown.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Their rows' numbers, oldest first.
    pub fn members(&self) -> impl Iterator<Item = u64> {
        self.members.iter().map(|(seq, _)| *seq)
    }

    /// A message is not here any more: neither it nor, if it was their only one, its user counts.
    fn forget(&mut self, seq: u64) {
        let Ok(at) = self.members.binary_search_by_key(&seq, |(member, _)| *member) else { return };
        let Some((_, user)) = self.members.remove(at) else { return };
        if let Entry::Occupied(mut count) = self.users.entry(user) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// The repeats of a feed.
#[derive(Debug, Default)]
pub struct Folds {
    /// By the text's fingerprint: the fold that it belongs to now.
    recent: HashMap<u64, u64>,
    /// By the number of the first row.
    all: HashMap<u64, Fold>,
    /// By the number of the row that stands for them.
    faces: HashMap<u64, u64>,
    /// By the number of each row that is folded.
    of: HashMap<u64, u64>,
    /// In order of their last message, so that they can be forgotten.
    ages: VecDeque<(i64, u64, u64)>,
}

impl Folds {
    /// A message came, by this user, whose text has this fingerprint. Which rows it hides from now on.
    pub fn join(&mut self, seq: u64, time: Timestamp, fingerprint: u64, user: u64) -> Vec<u64> {
        if fingerprint == 0 {
            return Vec::new();
        }
        let second = time.as_second();
        self.expire(second);
        let id = *self.recent.entry(fingerprint).or_insert(seq);
        self.ages.push_back((second, fingerprint, id));
        let fold = self.all.entry(id).or_default();
        fold.last = fold.last.max(second);
        fold.members.push_back((seq, user));
        match fold.members.len() {
            // Most texts come once: only what folds is looked at more closely.
            ..FOLD_AT => return Vec::new(),
            FOLD_AT => {
                for (member, user) in &fold.members {
                    *fold.users.entry(*user).or_default() += 1;
                    self.of.insert(*member, id);
                }
            }
            _ => {
                *fold.users.entry(user).or_default() += 1;
                self.of.insert(seq, id);
            }
        }
        let (before, _) = fold.members[fold.members.len() - 2];
        let hidden = match (fold.is_open, fold.members.len()) {
            (true, _) => Vec::new(),
            (false, FOLD_AT) => fold.members().take(FOLD_AT - 1).collect(),
            (false, _) => vec![before],
        };
        self.faces.remove(&before);
        self.faces.insert(seq, id);
        hidden
    }

    fn expire(&mut self, now: i64) {
        while let Some(&(second, fingerprint, id)) = self.ages.front() {
            if second > now - WINDOW && self.ages.len() <= CAPACITY {
                break;
            }
            self.ages.pop_front();
            let Some(fold) = self.all.get(&id).filter(|fold| fold.last <= second || self.ages.len() >= CAPACITY) else {
                continue;
            };
            if self.recent.get(&fingerprint) == Some(&id) {
                self.recent.remove(&fingerprint);
            }
            if fold.members.len() < FOLD_AT {
                self.all.remove(&id);
            }
        }
    }

    /// The fold that this row stands for.
    pub fn at(&self, seq: u64) -> Option<&Fold> {
        self.all.get(self.faces.get(&seq)?)
    }

    /// Shows all of them, or one again. Which rows come in or go away, but for the one that stands for them.
    pub fn turn(&mut self, seq: u64) -> Option<Turn> {
        let fold = self.all.get_mut(self.faces.get(&seq)?)?;
        fold.is_open = !fold.is_open;
        let others = fold.members().filter(|member| *member != seq).collect();
        Some(if fold.is_open { Turn::Open(others) } else { Turn::Closed(others) })
    }

    /// A row has been let go.
    pub fn forget(&mut self, seq: u64) {
        let Some(id) = self.of.remove(&seq) else { return };
        if self.faces.remove(&seq).is_none() {
            if let Some(fold) = self.all.get_mut(&id) {
                fold.forget(seq);
            }
        } else if let Some(fold) = self.all.remove(&id) {
            for member in fold.members() {
                self.of.remove(&member);
            }
        }
    }
}

/// What became of a fold.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn {
    /// These rows are shown now.
    Open(Vec<u64>),
    /// These rows are hidden now.
    Closed(Vec<u64>),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000 + second).unwrap()
    }

    #[test]
    fn the_third_of_a_kind_stands_for_all_and_counts_users() {
        let mut folds = Folds::default();
        assert!(folds.join(0, at(0), 7, 1).is_empty());
        assert!(folds.join(1, at(1), 8, 1).is_empty());
        assert!(folds.join(2, at(2), 7, 2).is_empty());
        assert_eq!(folds.join(3, at(3), 7, 1), [0, 2]);
        assert_eq!(folds.join(4, at(4), 7, 3), [3]);
        let fold = folds.at(4).unwrap();
        assert_eq!((fold.count(0), fold.users(), fold.count(2)), (4, 3, 3));
        assert!(folds.at(3).is_none() && folds.at(1).is_none());
    }

    #[test]
    fn what_comes_again_after_a_minute_begins_anew_and_a_wave_that_goes_on_does_not() {
        let mut folds = Folds::default();
        for n in 0..5 {
            folds.join(n, at(i64::try_from(n).unwrap() * 30), 7, n);
        }
        assert_eq!(folds.at(4).unwrap().count(0), 5);
        assert!(folds.join(5, at(200), 7, 1).is_empty());
        assert_eq!(folds.at(4).unwrap().count(0), 5);
    }

    #[test]
    fn texts_without_a_letter_do_not_fold() {
        let mut folds = Folds::default();
        assert!((0..9).all(|n| folds.join(n, at(0), 0, n).is_empty()));
    }

    #[test]
    fn an_open_fold_hides_nothing_until_it_is_closed() {
        let mut folds = Folds::default();
        for n in 0..4 {
            folds.join(n, at(0), 7, n);
        }
        assert_eq!(folds.turn(3), Some(Turn::Open(vec![0, 1, 2])));
        assert!(folds.join(4, at(1), 7, 9).is_empty());
        assert_eq!(folds.turn(4), Some(Turn::Closed(vec![0, 1, 2, 3])));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut folds = Folds::default();
        for n in 1..=50_000 {
            folds.join(n, at(0), n, n);
        }
        assert!(folds.all.len() <= CAPACITY + 1 && folds.recent.len() <= CAPACITY + 1);
        let mut folds = Folds::default();
        for n in 1..=5_000 {
            folds.join(n, at(i64::try_from(n).unwrap()), n, n);
        }
        assert!(folds.all.len() <= 61, "{}", folds.all.len());
    }

    #[test]
    fn a_wave_that_never_ends_holds_no_more_than_the_feed_and_counts_who_is_still_there() {
        let mut folds = Folds::default();
        for n in 0..10_000 {
            folds.join(n, at(i64::try_from(n).unwrap() / 10), 7, n % 5_000);
            if n >= 100 {
                folds.forget(n - 100);
            }
        }
        let fold = folds.at(9_999).unwrap();
        assert_eq!((fold.count(0), fold.users(), fold.members().next()), (100, 100, Some(9_900)));
        assert_eq!((folds.of.len(), folds.faces.len(), folds.all.len()), (100, 1, 1));
        folds.forget(9_999);
        assert_eq!((folds.of.len(), folds.faces.len(), folds.all.len()), (0, 0, 0), "it goes with its last message");
    }
}
