//! A room that is looked at through something else than its own view: the merged feed. What is selected and marked there is
//! what is hit here, whatever the room's own view shows, hides or folds.

use super::live::Room;
use super::row::Row;

/// What the merged feed shows of a room. While a room has one, nothing that is selected in its own view is hit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Through {
    /// The row that is selected there, if it is one of this room.
    pub selected: Option<u64>,
    /// The rows that the selected one stands for, itself among them.
    pub cluster: Vec<u64>,
    /// The rows that are marked and shown there, and those that they stand for.
    pub marked: Vec<u64>,
    /// The rows that are in view there and stand still, oldest first: they must outlive the scrollback.
    pub kept: Vec<u64>,
}

impl Through {
    /// Whether a row must outlive the scrollback.
    pub(super) fn keeps(&self, seq: u64) -> bool {
        self.selected == Some(seq) || self.kept.binary_search(&seq).is_ok()
    }
}

impl Room {
    /// The room is looked at through the merged feed, or in its own view again.
    pub fn look_through(&mut self, through: Option<Through>) {
        if self.through != through {
            self.through = through;
            self.release();
        }
    }

    /// Through what it is looked at, if not in its own view.
    pub fn through(&self) -> Option<&Through> {
        self.through.as_ref()
    }

    /// Something was done about what was selected through the merged feed, which is to go on; asked once.
    pub fn take_went_on(&mut self) -> bool {
        std::mem::take(&mut self.went_on)
    }

    /// Rows that a rule flagged after they came; asked once.
    pub fn take_late_flags(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.late_flags)
    }

    /// Whether what is kept about users has changed; asked once.
    pub fn take_new_book(&mut self) -> bool {
        std::mem::take(&mut self.new_book)
    }

    /// The ids of messages that are still here, by their rows.
    pub(super) fn ids_of(&self, rows: impl IntoIterator<Item = u64>) -> Vec<Box<str>> {
        let id = |seq| self.feed.row(seq).and_then(Row::message).map(|said| said.id.clone());
        rows.into_iter().filter_map(id).collect()
    }

    /// Marks these rows, or takes their marks away; how many did not fit.
    pub fn mark_those(&mut self, rows: impl Iterator<Item = u64>, mark: bool) -> usize {
        let left = if mark {
            self.marks.add(rows)
        } else {
            self.marks.remove(rows);
            0
        };
        self.marked();
        left
    }
}
