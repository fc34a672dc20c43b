//! What was said in a room: a ring of rows that forgets the oldest, but never one that is looked at or marked.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use super::row::{Body, Row, Said};
use super::shown::Rows;

/// The rows of a room.
#[derive(Debug)]
pub struct Feed {
    ring: VecDeque<Row>,
    held: VecDeque<Row>,
    next: u64,
    capacity: usize,
    messages: HashMap<Box<str>, u64>,
    /// How many messages say the same, by fingerprint.
    texts: HashMap<u64, usize>,
    let_go: u64,
    /// Rows that were let go and that nobody has been told of.
    gone: Vec<u64>,
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
            texts: HashMap::new(),
            let_go: 0,
            gone: Vec::new(),
        }
    }

    /// Adds a row at the end. A message that is here already, by its id, is not added again. If the ring is full it
    /// lets the oldest row go, unless that is one to keep.
    pub fn push(&mut self, time: Timestamp, body: Body, keep: &dyn Fn(u64) -> bool) -> Option<u64> {
        let seq = self.next;
        if let Body::Message(Said { id, signs, .. }) = &body {
            if self.messages.contains_key(id) {
                return None;
            }
            self.messages.insert(id.clone(), seq);
            *self.texts.entry(signs.fingerprint).or_default() += 1;
        }
        self.next += 1;
        self.ring.push_back(Row { seq, time, body });
        while self.ring.len() > self.capacity {
            if let Some(row) = self.ring.pop_front() {
                if keep(row.seq) {
                    self.held.push_back(row);
                } else {
                    self.forget(&row);
                }
            }
        }
        Some(seq)
    }

    fn forget(&mut self, row: &Row) {
        self.let_go += 1;
        self.gone.push(row.seq);
        if let Some(said) = row.message() {
            self.messages.remove(&said.id);
            if let Entry::Occupied(mut texts) = self.texts.entry(said.signs.fingerprint) {
                *texts.get_mut() -= 1;
                if *texts.get() == 0 {
                    texts.remove();
                }
            }
        }
    }

    /// How many of the messages that are here say what this one says, itself included.
    pub fn repeats(&self, said: &Said) -> usize {
        let count = self.texts.get(&said.signs.fingerprint).copied();
        count.filter(|_| said.signs.fingerprint != 0).unwrap_or(1)
    }

    /// Rows that were kept and need not be any longer are let go.
    pub fn release(&mut self, keep: &dyn Fn(u64) -> bool) {
        for row in std::mem::take(&mut self.held) {
            if keep(row.seq) {
                self.held.push_back(row);
            } else {
                self.forget(&row);
            }
        }
    }

    /// The rows that were let go since this was asked last.
    pub fn take_gone(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.gone)
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

    /// The number that the next row will have.
    pub fn next(&self) -> u64 {
        self.next
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

impl Rows for Feed {
    fn row(&self, seq: u64) -> Option<&Row> {
        Self::row(self, seq)
    }

    fn from(&self, seq: u64) -> Option<u64> {
        Self::from(self, seq).next().map(|row| row.seq)
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
        let id = format!("m{n}").into();
        Body::Message(Said { id, by, text: clean("hi"), fate: Fate::Standing, more: None, signs: Signs::default() })
    }

    fn feed(capacity: usize, rows: usize) -> Feed {
        let mut feed = Feed::new(capacity);
        for n in 0..rows {
            feed.push(Timestamp::UNIX_EPOCH, said(n), &|_| false);
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
    fn messages_that_say_the_same_are_counted_as_long_as_they_are_here() {
        let mut feed = Feed::new(2);
        for (n, fingerprint) in [7, 7, 0, 0, 8].into_iter().enumerate() {
            let Body::Message(mut said) = said(n) else { panic!("a message") };
            said.signs.fingerprint = fingerprint;
            feed.push(Timestamp::UNIX_EPOCH, Body::Message(said), &|_| false);
            let counts: Vec<usize> = feed.from(0).filter_map(Row::message).map(|said| feed.repeats(said)).collect();
            let wanted: &[usize] = [&[1][..], &[2, 2], &[1, 1], &[1, 1], &[1, 1]][n];
            assert_eq!(counts, wanted, "after {n}");
        }
        assert_eq!(feed.texts.len(), 2);
    }

    #[test]
    fn a_message_that_comes_twice_is_shown_once() {
        let mut feed = feed(10, 3);
        assert_eq!(feed.push(Timestamp::UNIX_EPOCH, said(1), &|_| false), None);
        assert_eq!(feed.len(), 3);
    }

    #[test]
    fn rows_to_keep_outlive_the_ring() {
        let mut feed = feed(10, 10);
        for n in 10..100 {
            feed.push(Timestamp::UNIX_EPOCH, said(n), &|seq| (5..9).contains(&seq));
        }
        assert_eq!(feed.row(5).and_then(Row::message).map(|said| &*said.id), Some("m5"));
        assert_eq!(feed.row(4), None);
        let order: Vec<u64> = feed.from(5).map(|row| row.seq).collect();
        assert!(order.is_sorted() && order[0] == 5);
        let back: Vec<u64> = feed.back_from(7).map(|row| row.seq).collect();
        assert_eq!(back, [7, 6, 5]);
        feed.take_gone();
        feed.release(&|seq| seq == 6);
        assert_eq!((feed.row(5), feed.len(), feed.let_go()), (None, 11, 89));
        assert_eq!((feed.take_gone(), feed.take_gone()), (vec![5, 7, 8], vec![]));
    }
}
