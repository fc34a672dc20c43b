//! Which rows are marked: by id, so that marks outlive filters, orders and refreshes.

use std::collections::HashSet;

/// The marked rows.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    ids: HashSet<Box<str>>,
    /// The row that was marked last: where a range starts.
    last: Option<Box<str>>,
}

impl Marks {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.ids.len()
    }

    /// Whether this row is marked.
    pub fn holds(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Marks a row, or takes its mark away.
    pub fn toggle(&mut self, id: &str) {
        if !self.ids.remove(id) {
            self.ids.insert(id.into());
            self.last = Some(id.into());
        }
    }

    /// Marks all rows of `shown` from the one that was marked last to the one at `to`; false if there is none to start
    /// from.
    pub fn range(&mut self, shown: &[&str], to: usize) -> bool {
        let last = self.last.as_deref().filter(|last| self.ids.contains(*last));
        let Some(from) = last.and_then(|last| shown.iter().position(|id| *id == last)) else { return false };
        let ends = (from.min(to), from.max(to).min(shown.len().saturating_sub(1)));
        self.ids.extend(shown[ends.0..=ends.1].iter().map(|id| Box::from(*id)));
        self.last = shown.get(to).map(|id| Box::from(*id));
        true
    }

    /// Marks all of `shown`; if they all are, takes their marks away. Marks of other rows stay.
    pub fn all(&mut self, shown: &[&str]) {
        if shown.iter().all(|id| self.ids.contains(*id)) {
            for id in shown {
                self.ids.remove(*id);
            }
        } else {
            self.ids.extend(shown.iter().map(|id| Box::from(*id)));
        }
    }

    /// Takes all marks away.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Drops the marks of rows that are there no more.
    pub fn keep(&mut self, there: &HashSet<&str>) {
        self.ids.retain(|id| there.contains(&**id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(marks: &Marks, ids: &str) -> bool {
        marks.count() == ids.len() && ids.chars().all(|id| marks.holds(&id.to_string()))
    }

    #[test]
    fn a_range_goes_from_the_last_mark_in_either_direction() {
        let shown = ["a", "b", "c", "d", "e"];
        let mut marks = Marks::default();
        assert!(!marks.range(&shown, 2), "nothing to start from");
        marks.toggle("b");
        assert!(marks.range(&shown, 3));
        assert!(marked(&marks, "bcd"));
        assert!(marks.range(&shown, 0));
        assert!(marked(&marks, "abcd"));
        marks.clear();
        marks.toggle("c");
        assert!(!marks.range(&["a", "b"], 1), "where it would start is not shown");
    }

    #[test]
    fn all_shown_are_marked_and_again_unmarked_and_others_left_alone() {
        let mut marks = Marks::default();
        marks.toggle("hidden");
        marks.toggle("a");
        marks.all(&["a", "b"]);
        assert_eq!(marks.count(), 3);
        marks.all(&["a", "b"]);
        assert_eq!((marks.count(), marks.holds("hidden")), (1, true));
    }
}
