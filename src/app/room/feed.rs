//! What was said in a room: a ring of rows that forgets the oldest, but never one that is being looked at.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use super::row::{Body, Row, Said};

/// Rows that outlive the ring while the reader looks at them: more than any screen is high.
const HELD: usize = 600;

/// The rows of a room.
#[derive(Debug)]
pub struct Feed {
    ring: VecDeque<Row>,
    held: VecDeque<Row>,
    next: u64,
    capacity: usize,
    messages: HashMap<Box<str>, u64>,
    let_go: u64,
}

impl Feed {
    /// An empty feed that keeps the last `capacity` rows.
    pub fn new(capacity: usize) -> Self {
        Self {
            ring: VecDeque::new(),
            held: VecDeque::new(),
            next: 0,
            capacity: capacity.max(1),
            messages: HashMap::new(),
            let_go: 0,
        }
    }

    /// Adds a row at the end. A message that is here already, by its id, is not added again. If the ring is full it
    /// lets the oldest row go, unless that is at or after `looking_at`, the first row that the reader sees.
    pub fn push(&mut self, time: Timestamp, body: Body, looking_at: Option<u64>) -> Option<u64> {
        let seq = self.next;
        if let Body::Message(Said { id, .. }) = &body {
            if self.messages.contains_key(id) {
                return None;
            }
            self.messages.insert(id.clone(), seq);
        }
        self.next += 1;
        self.ring.push_back(Row { seq, time, body });
        while self.ring.len() > self.capacity {
            if let Some(row) = self.ring.pop_front() {
                self.retire(row, looking_at);
            }
        }
        Some(seq)
    }

    fn retire(&mut self, row: Row, looking_at: Option<u64>) {
        if looking_at.is_some_and(|top| row.seq >= top) && self.held.len() < HELD {
            self.held.push_back(row);
        } else {
            self.forget(&row);
        }
    }

    fn forget(&mut self, row: &Row) {
        self.let_go += 1;
        if let Some(said) = row.message() {
            self.messages.remove(&said.id);
        }
    }

    /// The reader looks at nothing in particular any more.
    pub fn release(&mut self) {
        for row in std::mem::take(&mut self.held) {
            self.forget(&row);
        }
    }

    /// A row by its number.
    pub fn row(&self, seq: u64) -> Option<&Row> {
        match self.place(seq)? {
            Place::Held(index) => self.held.get(index),
            Place::Ring(index) => self.ring.get(index),
        }
    }

    /// A row by its number, to change it.
    pub fn row_mut(&mut self, seq: u64) -> Option<&mut Row> {
        match self.place(seq)? {
            Place::Held(index) => self.held.get_mut(index),
            Place::Ring(index) => self.ring.get_mut(index),
        }
    }

    /// The number of the row that holds a message.
    pub fn find(&self, message_id: &str) -> Option<u64> {
        self.messages.get(message_id).copied()
    }

    fn place(&self, seq: u64) -> Option<Place> {
        let first = self.ring.front()?.seq;
        if seq >= first {
            let index = usize::try_from(seq - first).ok()?;
            return (index < self.ring.len()).then_some(Place::Ring(index));
        }
        self.held.binary_search_by_key(&seq, |row| row.seq).ok().map(Place::Held)
    }

    /// The rows from `seq` on, oldest first.
    pub fn from(&self, seq: u64) -> impl Iterator<Item = &Row> {
        let held = self.held.partition_point(|row| row.seq < seq);
        let first = self.ring.front().map_or(0, |row| row.seq);
        let ring = usize::try_from(seq.saturating_sub(first)).unwrap_or(usize::MAX).min(self.ring.len());
        self.held.range(held..).chain(self.ring.range(ring..))
    }

    /// The rows up to and with `seq`, newest first.
    pub fn back_from(&self, seq: u64) -> impl Iterator<Item = &Row> {
        let held = self.held.partition_point(|row| row.seq <= seq);
        let first = self.ring.front().map_or(0, |row| row.seq);
        let ring = usize::try_from((seq + 1).saturating_sub(first)).unwrap_or(usize::MAX).min(self.ring.len());
        self.ring.range(..ring).rev().chain(self.held.range(..held).rev())
    }

    /// The newest row's number.
    pub fn last(&self) -> Option<u64> {
        self.ring.back().map(|row| row.seq)
    }

    /// The oldest row's number.
    pub fn first(&self) -> Option<u64> {
        self.held.front().or(self.ring.front()).map(|row| row.seq)
    }

    /// Rows that are here.
    pub fn len(&self) -> usize {
        self.held.len() + self.ring.len()
    }

    /// Whether nothing has come.
    pub fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    /// Rows that were here and are not any more: told on the screen, as nothing is dropped in silence.
    pub fn let_go(&self) -> u64 {
        self.let_go
    }
}

enum Place {
    Held(usize),
    Ring(usize),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::room::people::People;
    use crate::app::room::row::{Fate, Signs};
    use crate::app::text::clean;
    use crate::messaging::frame::Sender;

    fn said(n: usize) -> Body {
        let by = People::default().meet(&Sender { user_id: "u".into(), ..Sender::default() });
        Body::Message(Said {
            id: format!("m{n}").into(),
            by,
            text: clean("hi"),
            fate: Fate::Standing,
            more: None,
            signs: Signs::default(),
        })
    }

    fn feed(capacity: usize, rows: usize) -> Feed {
        let mut feed = Feed::new(capacity);
        for n in 0..rows {
            feed.push(Timestamp::UNIX_EPOCH, said(n), None);
        }
        feed
    }

    #[test]
    fn what_the_ring_lets_go_is_counted() {
        let feed = feed(10, 25);
        assert_eq!((feed.len(), feed.let_go()), (10, 15));
        assert_eq!(feed.find("m3"), None);
        assert_eq!(feed.find("m20"), Some(20));
    }

    #[test]
    fn a_message_that_comes_twice_is_shown_once() {
        let mut feed = feed(10, 3);
        assert_eq!(feed.push(Timestamp::UNIX_EPOCH, said(1), None), None);
        assert_eq!(feed.len(), 3);
    }

    #[test]
    fn rows_that_are_looked_at_outlive_the_ring() {
        let mut feed = feed(10, 10);
        for n in 10..100 {
            feed.push(Timestamp::UNIX_EPOCH, said(n), Some(5));
        }
        assert_eq!(feed.row(5).and_then(Row::message).map(|said| &*said.id), Some("m5"));
        assert_eq!(feed.row(4), None);
        let order: Vec<u64> = feed.from(5).map(|row| row.seq).collect();
        assert!(order.is_sorted() && order[0] == 5);
        let back: Vec<u64> = feed.back_from(7).map(|row| row.seq).collect();
        assert_eq!(back, [7, 6, 5]);
        feed.release();
        assert_eq!((feed.row(5), feed.len(), feed.let_go()), (None, 10, 90));
    }
}
