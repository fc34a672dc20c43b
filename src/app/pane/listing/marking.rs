//! Marks of a list: what they do to its rows, and which of them an action may hit.

use crate::app::keys::Motion;

use super::{Listing, Row};

/// How many rows are marked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marked {
    /// In all.
    pub all: usize,
    /// Of them, those that the filter hides: nothing is done to them.
    pub hidden: usize,
}

impl<T: Row> Listing<T> {
    /// Marks the row under the cursor or takes its mark away, and goes down a row.
    pub fn mark(&mut self) {
        if let Some(index) = self.shown.get(self.cursor.index()) {
            self.marks.toggle(self.rows[*index].id());
            self.go(Motion::Down);
            self.count_marks();
        }
    }

    /// Marks the rows from the last mark to the cursor; false if no mark is shown to start from.
    pub fn mark_range(&mut self) -> bool {
        let ids: Vec<&str> = self.shown.iter().map(|index| self.rows[*index].id()).collect();
        let done = self.marks.range(&ids, self.cursor.index());
        self.count_marks();
        done
    }

    /// Marks all rows that are shown; if they all are, takes their marks away.
    pub fn mark_shown(&mut self) {
        let ids: Vec<&str> = self.shown.iter().map(|index| self.rows[*index].id()).collect();
        self.marks.all(&ids);
        self.count_marks();
    }

    /// Takes all marks away, hidden ones too.
    pub fn unmark(&mut self) {
        self.marks.clear();
        self.count_marks();
    }

    /// How many rows are marked.
    pub fn marked(&self) -> Marked {
        self.marked
    }

    /// Whether a row is marked.
    pub fn is_marked(&self, id: &str) -> bool {
        self.marked.all > 0 && self.marks.holds(id)
    }

    /// The rows that something may be done to at once: marked, and let through by the filter.
    pub fn marked_shown(&self) -> impl Iterator<Item = &T> {
        self.shown().filter(|row| self.is_marked(row.id()))
    }

    pub(super) fn count_marks(&mut self) {
        let all = self.marks.count();
        let hits = if all == 0 { 0 } else { self.shown().filter(|row| self.marks.holds(row.id())).count() };
        self.marked = Marked { all, hidden: all - hits };
    }
}
