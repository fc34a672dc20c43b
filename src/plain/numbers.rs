//! The numbers under which messages were told: each means one message for good.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write;

use crate::api::Arn;

/// Messages that can be named by their numbers; older ones are forgotten.
const MOST: usize = 10_000;

/// A message that was told.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) number: u64,
    pub(super) room: Arn,
    /// Its row in that room's feed.
    pub(super) seq: u64,
    pub(super) id: Box<str>,
    /// Name and short id of who wrote it.
    pub(super) label: String,
    /// What was told last of what became of it.
    pub(super) fate: Fate,
    /// Whether it was told that a rule has flagged it.
    pub(super) flagged: bool,
}

/// What becomes of a message, as far as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Standing,
    Waiting,
    Leaving,
    Unconfirmed,
    Failed,
    Deleted,
}

/// All numbers that mean something.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    told: VecDeque<Named>,
    by_id: HashMap<Box<str>, u64>,
    last: u64,
}

impl Numbers {
    /// A number for a message that has none yet.
    pub(super) fn give(&mut self, named: Named) -> u64 {
        if let Some(number) = self.of(&named.id) {
            return number;
        }
        self.last += 1;
        self.by_id.insert(named.id.clone(), self.last);
        self.told.push_back(Named { number: self.last, ..named });
        if self.told.len() > MOST
            && let Some(old) = self.told.pop_front()
        {
            self.by_id.remove(&old.id);
        }
        self.last
    }

    /// The number of a message, if it has one.
    pub(super) fn of(&self, id: &str) -> Option<u64> {
        self.by_id.get(id).copied()
    }

    /// The message with this number.
    ///
    /// # Errors
    /// If there is none, in words.
    pub(super) fn get(&self, number: u64) -> Result<&Named, String> {
        let first = self.told.front().map_or(1, |named| named.number);
        if number == 0 || number > self.last {
            return Err(format!("no message was told as {number}"));
        }
        let at = number.checked_sub(first).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.told.get(at)).ok_or_else(|| format!("{number} was told too long ago"))
    }

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Named> {
        self.told.iter_mut()
    }
}

/// What was typed as numbers: `17`, or `17,19-22`.
pub(super) fn read(text: &str) -> Option<Vec<u64>> {
    let mut numbers = Vec::new();
    for part in text.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
        if from > to || to - from > 1_000 {
            return None;
        }
        numbers.extend(from..=to);
    }
    Some(numbers)
}

/// Numbers in words: `17`, `17 and 19`, `17 to 20, 25`.
pub(super) fn words(numbers: &[u64]) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, to)) if *to + 1 == *number => *to = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let mut text = String::new();
    for (index, (from, to)) in runs.iter().enumerate() {
        let before = if index == 0 { "" } else { ", " };
        let _ = match to - from {
            0 => write!(text, "{before}{from}"),
            1 => write!(text, "{before}{from}, {to}"),
            _ => write!(text, "{before}{from} to {to}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(id: &str) -> Named {
        Named {
            number: 0,
            room: "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".parse().unwrap(),
            seq: 0,
            id: id.into(),
            label: "u".to_owned(),
            fate: Fate::Standing,
            flagged: false,
        }
    }

    #[test]
    fn a_number_means_one_message_for_good() {
        let mut numbers = Numbers::default();
        let count = u64::try_from(MOST).unwrap() + 5;
        for n in 1..=count {
            assert_eq!(numbers.give(named(&format!("m{n}"))), n);
        }
        assert_eq!(numbers.give(named("m20")), 20, "it has its number already");
        assert_eq!(&*numbers.get(count).unwrap().id, format!("m{count}"));
        assert_eq!(numbers.get(5).unwrap_err(), "5 was told too long ago");
        assert_eq!(&*numbers.get(6).unwrap().id, "m6");
        assert_eq!(numbers.get(count + 1).unwrap_err(), format!("no message was told as {}", count + 1));
        assert!(numbers.get(0).is_err());
    }

    #[test]
    fn numbers_are_read_and_told_as_runs() {
        assert_eq!(read("17"), Some(vec![17]));
        assert_eq!(read("17,19-22"), Some(vec![17, 19, 20, 21, 22]));
        for wrong in ["", "x", "3-1", "1-", "-3", "1,,2", "1-99999999", "17a"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(words(&[17, 18, 19, 25, 30, 31]), "17 to 19, 25, 30, 31");
    }
}
