//! Marked messages: what the next action hits together. Marks hold on to rows, so that they outlive the scrollback.

use std::collections::BTreeSet;

/// Messages that can be marked at once: what is marked is kept, and memory is bounded.
pub const MOST: usize = 10_000;

/// The marked rows.
#[derive(Debug, Default)]
pub struct Marks {
    rows: BTreeSet<u64>,
    /// The row that was marked last: where a range begins.
    anchor: Option<u64>,
}

impl Marks {
    /// Whether a row is marked.
    pub fn has(&self, seq: u64) -> bool {
        self.rows.contains(&seq)
    }

    /// How many are marked.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The marked rows, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.rows.iter().copied()
    }

    /// Where a range begins.
    pub fn anchor(&self) -> Option<u64> {
        self.anchor
    }

    /// Marks a row, or takes its mark away; whether it is marked now.
    pub fn turn(&mut self, seq: u64) -> bool {
        self.anchor = Some(seq);
        if self.rows.remove(&seq) {
            return false;
        }
        self.add(std::iter::once(seq));
        self.has(seq)
    }

    /// Marks these; how many more could not be.
    pub fn add(&mut self, rows: impl Iterator<Item = u64>) -> usize {
        let mut left = 0;
        for seq in rows {
            if self.rows.len() < MOST {
                self.rows.insert(seq);
            } else {
                left += usize::from(!self.rows.contains(&seq));
            }
        }
        left
    }

    /// Takes these marks away.
    pub fn remove(&mut self, rows: impl Iterator<Item = u64>) {
        for seq in rows {
            self.rows.remove(&seq);
        }
    }

    /// Takes all marks away.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_bounded_and_what_did_not_fit_is_counted() {
        let mut marks = Marks::default();
        let most = u64::try_from(MOST).unwrap();
        assert_eq!(marks.add(0..most + 5), 5);
        assert_eq!(marks.add(0..most), 0, "what is marked already is not missing");
        assert_eq!(marks.len(), MOST);
        assert!(!marks.turn(most + 1));
        assert!(!marks.turn(7) && marks.turn(7) && marks.anchor() == Some(7));
    }
}
