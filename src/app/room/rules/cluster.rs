//! Messages that belong together, the same text or the same user, within a time; of bounded size.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::RuleId;
use super::rule::Threshold;

/// Messages that are remembered of one room: beyond it the oldest are forgotten early, and no longer count.
const CAPACITY: usize = 16_384;

/// Recent messages by what they have in common.
#[derive(Debug, Default)]
pub(super) struct Clusters {
    /// How long anything is remembered.
    span: SignedDuration,
    by: HashMap<u64, Cluster>,
    /// In the order in which they came, with what they have in common.
    order: VecDeque<(Timestamp, u64)>,
    /// The latest time that has been seen: whatever says that it is earlier came later all the same.
    latest: Timestamp,
}

#[derive(Debug, Default)]
struct Cluster {
    /// When, and the row's number.
    members: VecDeque<(Timestamp, u64)>,
    /// For each rule the first row that it has not struck or seen yet.
    struck: Vec<(RuleId, u64)>,
}

impl Clusters {
    /// Remembers for as long as the longest of these.
    pub(super) fn new(thresholds: impl Iterator<Item = Threshold>) -> Self {
        let seconds = thresholds.map(|threshold| threshold.seconds).max().unwrap_or_default();
        Self { span: SignedDuration::from_secs(seconds), ..Self::default() }
    }

    /// A message came.
    pub(super) fn add(&mut self, key: u64, at: Timestamp, seq: u64) {
        if self.span.is_zero() {
            return;
        }
        self.latest = self.latest.max(at);
        self.expire();
        self.order.push_back((self.latest, key));
        self.by.entry(key).or_default().members.push_back((self.latest, seq));
    }

    fn expire(&mut self) {
        while let Some((at, key)) = self.order.front().copied() {
            if self.latest.duration_since(at) < self.span && self.order.len() < CAPACITY {
                break;
            }
            self.order.pop_front();
            let Some(cluster) = self.by.get_mut(&key) else { continue };
            cluster.members.pop_front();
            if cluster.members.is_empty() {
                self.by.remove(&key);
            }
        }
    }

    /// If the message that came last is one too many: the rows before it that belong to it and that this rule has not
    /// struck yet.
    pub(super) fn strike(&mut self, key: u64, rule: RuleId, threshold: Threshold) -> Option<Vec<u64>> {
        let cluster = self.by.get_mut(&key)?;
        let first = cluster.members.len().checked_sub(threshold.count)?;
        let (since, _) = cluster.members.get(first)?;
        if self.latest.duration_since(*since) >= SignedDuration::from_secs(threshold.seconds) {
            return None;
        }
        let index = cluster.struck.iter().position(|(known, _)| *known == rule).unwrap_or_else(|| {
            cluster.struck.push((rule, 0));
            cluster.struck.len() - 1
        });
        let (_, next) = &mut cluster.struck[index];
        let mut rows: Vec<u64> =
            cluster.members.range(first..).map(|(_, seq)| *seq).filter(|seq| seq >= next).collect();
        *next = rows.pop()? + 1;
        Some(rows)
    }

    /// Messages that are remembered.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.order.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: RuleId = RuleId(0);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn clusters(threshold: Threshold) -> Clusters {
        Clusters::new([threshold].into_iter())
    }

    #[test]
    fn the_one_too_many_tells_of_those_before_it_once() {
        let threshold = Threshold { count: 3, seconds: 10 };
        let mut clusters = clusters(threshold);
        let mut come = |seq: u64, second: i64| {
            clusters.add(7, at(second), seq);
            clusters.strike(7, RULE, threshold)
        };
        assert_eq!((come(0, 0), come(1, 1)), (None, None));
        assert_eq!(come(5, 2), Some(vec![0, 1]));
        assert_eq!(come(6, 3), Some(vec![]), "they have been told");
        assert_eq!(come(9, 12), None, "two in ten seconds");
        assert_eq!(come(10, 12), Some(vec![9]), "6 was struck before");
    }

    #[test]
    fn other_texts_and_other_rules_count_by_themselves() {
        let two = Threshold { count: 2, seconds: 10 };
        let mut clusters = clusters(two);
        clusters.add(1, at(0), 0);
        clusters.add(2, at(1), 1);
        assert_eq!(clusters.strike(2, RULE, two), None);
        clusters.add(1, at(2), 2);
        assert_eq!(clusters.strike(1, RULE, two), Some(vec![0]));
        assert_eq!(clusters.strike(1, RuleId(1), two), Some(vec![0]));
    }

    #[test]
    fn a_time_that_goes_backwards_forgets_nothing_early() {
        let two = Threshold { count: 2, seconds: 10 };
        let mut clusters = clusters(two);
        clusters.add(1, at(100), 0);
        clusters.add(1, at(0), 1);
        assert_eq!(clusters.strike(1, RULE, two), Some(vec![0]));
    }

    #[test]
    fn memory_is_bounded_by_time_and_by_number() {
        let threshold = Threshold { count: 2, seconds: 3600 };
        let mut clusters = clusters(threshold);
        for seq in 0..40_000 {
            clusters.add(seq, at(0), seq);
        }
        assert!(clusters.len() <= CAPACITY && clusters.by.len() == clusters.len());
        clusters.add(1, at(3600), 50_000);
        assert_eq!((clusters.len(), clusters.by.len()), (1, 1));
    }

    #[test]
    fn nothing_is_remembered_if_no_rule_asks() {
        let mut clusters = Clusters::new(std::iter::empty());
        clusters.add(1, at(0), 0);
        assert_eq!(clusters.len(), 0);
    }
}
