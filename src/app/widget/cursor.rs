//! A cursor over rows that come, go and change places: it stays on its row's id, never on a position.

use crate::app::keys::Motion;

/// The cursor of a list: on which row, and which row is at the top of the pane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cursor {
    id: Option<Box<str>>,
    index: usize,
    top: usize,
}

impl Cursor {
    /// The id of the row that it is on.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The row's place among those shown.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The first row to show in a pane of `height` rows.
    pub fn top(&self, height: usize) -> usize {
        let lowest = self.index.saturating_sub(height.saturating_sub(1));
        self.top.clamp(lowest, self.index)
    }

    /// Moves over `ids`, in a pane of `height` rows.
    pub fn go(&mut self, motion: Motion, ids: &[&str], height: usize) {
        let index = motion.target(self.index, ids.len(), height);
        if let Some(id) = ids.get(index) {
            self.put(index, id, height);
        }
    }

    /// Puts the cursor on the row `id`, if it is there.
    pub fn select(&mut self, id: &str, ids: &[&str], height: usize) -> bool {
        let index = ids.iter().position(|other| *other == id);
        index.inspect(|index| self.put(*index, id, height)).is_some()
    }

    /// Puts the cursor on the row `id`, which is at `index`.
    pub fn put(&mut self, index: usize, id: &str, height: usize) {
        (self.index, self.id) = (index, Some(id.into()));
        self.top = self.top(height);
    }

    /// The rows are these now: stays on its row wherever that has gone, or, if it is gone, on the one in its place.
    pub fn follow(&mut self, ids: &[&str], height: usize) {
        // Rows mostly stay where they are: the list is long, and this is asked for each page of it.
        let stays = self.id.as_deref().filter(|id| ids.get(self.index) == Some(id)).map(|_| self.index);
        let found = stays.or_else(|| self.id.as_deref().and_then(|id| ids.iter().position(|other| *other == id)));
        let screen_row = self.index.saturating_sub(self.top);
        self.index = found.unwrap_or(self.index).min(ids.len().saturating_sub(1));
        self.id = ids.get(self.index).map(|id| (*id).into());
        // The row keeps its place on the screen, too, when others come in above it.
        self.top = self.index.saturating_sub(screen_row);
        self.top = self.top(height).min(ids.len().saturating_sub(height));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_on_its_row_when_others_come_in_above() {
        let mut cursor = Cursor::default();
        cursor.follow(&["a", "b", "c"], 10);
        cursor.go(Motion::Down, &["a", "b", "c"], 10);
        cursor.follow(&["new", "a", "b", "c"], 10);
        assert_eq!((cursor.id(), cursor.index()), (Some("b"), 2));
    }

    #[test]
    fn when_its_row_is_gone_it_takes_the_one_in_its_place() {
        let mut cursor = Cursor::default();
        cursor.follow(&["a", "b", "c"], 10);
        cursor.go(Motion::Bottom, &["a", "b", "c"], 10);
        cursor.follow(&["a", "b"], 10);
        assert_eq!(cursor.id(), Some("b"));
        cursor.follow(&[], 10);
        assert_eq!(cursor.id(), None);
    }

    #[test]
    fn the_cursor_is_always_in_the_pane() {
        let ids: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut cursor = Cursor::default();
        cursor.follow(&ids, 10);
        cursor.select("15", &ids, 10);
        assert_eq!(cursor.top(10), 6);
        cursor.go(Motion::Up, &ids, 10);
        cursor.go(Motion::Up, &ids, 10);
        cursor.go(Motion::Up, &ids, 10);
        assert_eq!(cursor.top(10), 6, "moving inside the pane does not scroll");
        assert_eq!(cursor.top(4), 9, "a smaller pane still shows the cursor");
    }
}
