//! What the reader is shown of a feed, in order: all of it, or what a filter lets through, with repeats folded into one
//! row. While the reader has stopped it stands still, and what comes in is only counted.

use std::collections::VecDeque;

use super::fold::{Fold, Folds, Turn};
use super::row::{Body, Row, Said};

/// Where rows come from, by their numbers.
pub trait Rows {
    /// A row by its number.
    fn row(&self, seq: u64) -> Option<&Row>;
    /// The first number from `seq` on that has a row.
    fn from(&self, seq: u64) -> Option<u64>;
    /// What a message shares with those that it folds with; 0 if it folds with none. What says very little folds with what
    /// its own user says alone.
    fn fingerprint(&self, _seq: u64, said: &Said) -> u64 {
        shared(said)
    }
}

/// One number of two, never 0, and hardly ever one that others come to.
pub fn mixed(text: u64, other: u64) -> u64 {
    (text ^ other.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).max(1)
}

/// What a message of a room shares with those of it that it folds with.
pub fn shared(said: &Said) -> u64 {
    match said.signs.fingerprint {
        0 => 0,
        text if said.signs.short => mixed(text, said.by.hue),
        text => text,
    }
}

/// What lets rows through, by number and row; nothing lets all through, with repeats folded.
pub type Sieve<'a> = Option<&'a dyn Fn(u64, &Row) -> bool>;

/// What came in while the view stood still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Missed {
    /// Messages.
    pub messages: usize,
    /// Those among them that a rule has flagged.
    pub flagged: usize,
    /// The last of these.
    pub newest_flagged: Option<u64>,
}

/// The rows that are shown.
#[derive(Debug, Default)]
pub struct Shown {
    rows: VecDeque<u64>,
    /// The first row that was not looked at yet.
    next: u64,
    /// The first row that has not been folded yet; beyond it, rows that the reader went down to stand by themselves.
    folded: u64,
    folds: Folds,
    frozen: bool,
    missed: Missed,
}

impl Shown {
    /// A row came in.
    pub fn arrived(&mut self, rows: &dyn Rows, seq: u64, sieve: Sieve) {
        let Some(row) = rows.row(seq) else { return };
        if self.frozen {
            self.miss(seq, row, sieve);
        } else {
            self.take(rows, seq, row, sieve);
            (self.next, self.folded) = (seq + 1, seq + 1);
        }
    }

    /// A rule flags a row that came before; one that is not shown yet counts as missed.
    pub fn flagged(&mut self, seq: u64) {
        if self.frozen && seq >= self.next {
            self.missed.flagged += 1;
            self.missed.newest_flagged = self.missed.newest_flagged.max(Some(seq));
        }
    }

    /// What a filter lets through has changed for a row that was looked at before: it comes into view, or goes.
    pub fn judge_anew(&mut self, rows: &dyn Rows, seq: u64, sieve: Sieve) {
        let (Some(passes), Some(row)) = (sieve, rows.row(seq)) else { return };
        if seq >= self.next {
            return;
        }
        match (self.rows.binary_search(&seq), passes(seq, row)) {
            (Err(index), true) => self.rows.insert(index, seq),
            (Ok(index), false) => drop(self.rows.remove(index)),
            (Ok(_), true) | (Err(_), false) => {}
        }
    }

    fn miss(&mut self, seq: u64, row: &Row, sieve: Sieve) {
        let Some(said) = row.message().filter(|_| sieve.is_none_or(|passes| passes(seq, row))) else { return };
        self.missed.messages += 1;
        if said.signs.flag.is_some() {
            self.missed.flagged += 1;
            self.missed.newest_flagged = Some(seq);
        }
    }

    fn take(&mut self, rows: &dyn Rows, seq: u64, row: &Row, sieve: Sieve) {
        match (sieve, &row.body) {
            (Some(passes), _) if !passes(seq, row) => return,
            (None, Body::Message(said)) => {
                let hidden = self.folds.join(seq, row.time, rows.fingerprint(seq, said), said.by.hue);
                for seq in hidden {
                    self.remove(seq);
                }
            }
            (Some(_), _) | (None, Body::Notice(_)) => {}
        }
        self.rows.push_back(seq);
    }

    fn remove(&mut self, seq: u64) {
        if let Ok(index) = self.rows.binary_search(&seq) {
            self.rows.remove(index);
        }
    }

    /// A row has been let go.
    pub fn forget(&mut self, seq: u64) {
        if self.rows.front() == Some(&seq) {
            self.rows.pop_front();
        } else {
            self.remove(seq);
        }
        self.folds.forget(seq);
    }

    /// From now on nothing changes but what the reader asks for.
    pub fn freeze(&mut self) {
        if !self.frozen {
            (self.frozen, self.missed) = (true, Missed::default());
        }
    }

    /// What came in meanwhile is taken in; returns the first row of it that is shown.
    pub fn thaw(&mut self, rows: &dyn Rows, sieve: Sieve) -> Option<u64> {
        if !std::mem::take(&mut self.frozen) {
            return None;
        }
        let new = self.next;
        self.missed = Missed::default();
        // Rows that the reader went down to fold like all others now.
        let own = self.rows.partition_point(|seq| *seq < self.folded);
        self.rows.truncate(own);
        self.take_from(rows, self.folded, sieve);
        self.rows.get(self.rows.partition_point(|seq| *seq < new)).copied()
    }

    /// Begins anew: the filter is another one. Keeps standing still if it did, at the same last row.
    pub fn rebuild(&mut self, rows: &dyn Rows, sieve: Sieve) {
        let (frozen, end) = (self.frozen, self.next);
        *self = Self::default();
        self.take_until(rows, 0, if frozen { end } else { u64::MAX }, sieve);
        self.frozen = frozen;
        let mut at = end;
        while let Some((seq, row)) = at_or_after(rows, at).filter(|_| frozen) {
            self.miss(seq, row, sieve);
            at = seq + 1;
        }
    }

    fn take_from(&mut self, rows: &dyn Rows, from: u64, sieve: Sieve) {
        self.take_until(rows, from, u64::MAX, sieve);
    }

    fn take_until(&mut self, rows: &dyn Rows, from: u64, end: u64, sieve: Sieve) {
        let mut at = from;
        while let Some((seq, row)) = at_or_after(rows, at).filter(|(seq, _)| *seq < end) {
            self.take(rows, seq, row, sieve);
            at = seq + 1;
        }
        (self.next, self.folded) = (at.max(self.next), at.max(self.next));
    }

    /// Shows one row more below the last, by itself; false if there is none.
    pub fn extend(&mut self, rows: &dyn Rows, sieve: Sieve) -> bool {
        while let Some((seq, row)) = at_or_after(rows, self.next) {
            self.next = seq + 1;
            if sieve.is_none_or(|passes| passes(seq, row)) {
                self.rows.push_back(seq);
                if let Some(said) = row.message() {
                    self.missed.messages = self.missed.messages.saturating_sub(1);
                    self.missed.flagged -= usize::from(said.signs.flag.is_some() && self.missed.flagged > 0);
                    self.missed.newest_flagged = self.missed.newest_flagged.filter(|newest| *newest != seq);
                }
                return true;
            }
        }
        false
    }

    /// Shows all messages of a folded row, or one again; false if it is not folded.
    pub fn turn(&mut self, rows: &dyn Rows, seq: u64) -> bool {
        match self.folds.turn(seq) {
            Some(Turn::Open(others)) => {
                for other in others.into_iter().filter(|other| rows.row(*other).is_some()) {
                    if let Err(index) = self.rows.binary_search(&other) {
                        self.rows.insert(index, other);
                    }
                }
                true
            }
            Some(Turn::Closed(others)) => {
                for other in others {
                    self.remove(other);
                }
                true
            }
            None => false,
        }
    }

    /// The repeats that this row stands for, if it does.
    pub fn fold(&self, seq: u64) -> Option<&Fold> {
        self.folds.at(seq).filter(|fold| !fold.is_open())
    }

    /// Whether this row is shown.
    pub fn has(&self, seq: u64) -> bool {
        self.rows.binary_search(&seq).is_ok()
    }

    /// What came in while the view stood still.
    pub fn missed(&self) -> Missed {
        self.missed
    }

    /// The numbers of the rows from `seq` on, oldest first.
    pub fn from(&self, seq: u64) -> impl Iterator<Item = u64> {
        self.rows.range(self.rows.partition_point(|row| *row < seq)..).copied()
    }

    /// The numbers of the rows before `seq`, newest first.
    pub fn before(&self, seq: u64) -> impl Iterator<Item = u64> {
        self.rows.range(..self.rows.partition_point(|row| *row < seq)).rev().copied()
    }

    /// The last row.
    pub fn last(&self) -> Option<u64> {
        self.rows.back().copied()
    }

    /// Whether nothing is shown.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// The first row from this number on.
fn at_or_after(rows: &dyn Rows, seq: u64) -> Option<(u64, &Row)> {
    let seq = rows.from(seq)?;
    Some((seq, rows.row(seq)?))
}
