//! Which row of which room each row of the merged feed is: keys of its own, in order of arrival, never used twice.

use std::collections::{BTreeMap, VecDeque};

use crate::api::Arn;
use crate::app::room::Room;
use crate::app::room::row::{Row, Said};
use crate::app::room::shown::{Rows, mixed, shared};

/// The live rooms.
pub type Rooms = BTreeMap<Arn, Room>;

/// A row of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    slot: usize,
    seq: u64,
}

/// A room whose rows are merged. It keeps its place when it is gone, so that no other room gets its keys.
#[derive(Debug)]
struct Slot {
    arn: Arn,
    /// The first of its rows that has not come yet.
    next: u64,
    /// The keys of its rows that are in the ring, oldest first: one row after the other, up to the last.
    keys: VecDeque<u64>,
    is_gone: bool,
}

/// The rows of the merged feed: as many as one room keeps.
#[derive(Debug)]
pub(super) struct Index {
    slots: Vec<Slot>,
    ring: VecDeque<Place>,
    /// The key of the ring's first row.
    first: u64,
    /// Rows that the ring has let go and that are looked at.
    held: VecDeque<(u64, Place)>,
    capacity: usize,
    let_go: u64,
}

impl Index {
    pub(super) fn new(capacity: usize) -> Self {
        let capacity = capacity.max(1);
        Self { slots: Vec::new(), ring: VecDeque::new(), first: 0, held: VecDeque::new(), capacity, let_go: 0 }
    }

    fn place(&self, key: u64) -> Option<Place> {
        if key >= self.first {
            return self.ring.get(usize::try_from(key - self.first).ok()?).copied();
        }
        let index = self.held.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        self.held.get(index).map(|(_, place)| *place)
    }

    /// The room of a row, and the row's number there.
    pub(super) fn at(&self, key: u64) -> Option<(&Arn, u64)> {
        let place = self.place(key)?;
        let slot = self.slots.get(place.slot).filter(|slot| !slot.is_gone)?;
        Some((&slot.arn, place.seq))
    }

    /// The key of a room's row.
    pub(super) fn key(&self, arn: &Arn, seq: u64) -> Option<u64> {
        let slot = self.slots.iter().position(|slot| slot.arn == *arn && !slot.is_gone)?;
        let Slot { next, keys, .. } = &self.slots[slot];
        let first = next - u64::try_from(keys.len()).ok()?;
        match seq.checked_sub(first) {
            Some(index) => keys.get(usize::try_from(index).ok()?).copied(),
            None => self.held.iter().find(|(_, place)| *place == Place { slot, seq }).map(|(key, _)| *key),
        }
    }

    /// The rows of rooms that came since this was last asked, in order of arrival; the first time, those that were there
    /// already, by their times. Each is put in, and `came` is told its key.
    pub(super) fn follow(&mut self, rooms: &Rooms, came: &mut dyn FnMut(&mut Self, u64)) {
        let is_first = self.slots.is_empty();
        self.meet(rooms);
        if is_first {
            for slot in &mut self.slots {
                slot.next = next(rooms, &slot.arn);
            }
            for place in self.history(rooms) {
                let key = self.push(place);
                came(self, key);
            }
        }
        for slot in 0..self.slots.len() {
            let end = if self.slots[slot].is_gone { 0 } else { next(rooms, &self.slots[slot].arn) };
            while self.slots[slot].next < end {
                let seq = self.slots[slot].next;
                let key = self.push(Place { slot, seq });
                came(self, key);
            }
        }
    }

    /// Rooms that are new get a place; those that are gone, or have begun anew, lose theirs.
    fn meet(&mut self, rooms: &Rooms) {
        for slot in self.slots.iter_mut().filter(|slot| !slot.is_gone) {
            slot.is_gone = !rooms.contains_key(&slot.arn) || next(rooms, &slot.arn) < slot.next;
        }
        for (arn, room) in rooms {
            if !self.slots.iter().any(|slot| slot.arn == *arn && !slot.is_gone) {
                // What it has let go already is not to be had.
                let next = room.feed().first().unwrap_or_default();
                self.slots.push(Slot { arn: arn.clone(), next, keys: VecDeque::new(), is_gone: false });
            }
        }
    }

    /// The last rows of all rooms by their times, oldest first, as many as fit. Each room's own order stays.
    fn history(&self, rooms: &Rooms) -> Vec<Place> {
        let back = |slot: usize| {
            let feed = rooms.get(&self.slots[slot].arn)?.feed();
            let last = feed.last()?;
            // Older rows that are held for somebody have gaps between them.
            let expected = (0..=last).rev();
            Some(feed.back_from(last).zip(expected).take_while(|(row, seq)| row.seq == *seq).peekable())
        };
        let mut rooms: Vec<_> = (0..self.slots.len()).filter_map(|slot| Some((slot, back(slot)?))).collect();
        let mut places = Vec::new();
        while places.len() < self.capacity {
            let heads = rooms.iter_mut().enumerate().filter_map(|(at, (_, rows))| Some((rows.peek()?.0.time, at)));
            let Some((_, at)) = heads.max() else { break };
            let (slot, rows) = &mut rooms[at];
            if let Some((row, _)) = rows.next() {
                places.push(Place { slot: *slot, seq: row.seq });
            }
        }
        places.reverse();
        places
    }

    fn push(&mut self, place: Place) -> u64 {
        let key = self.first + u64::try_from(self.ring.len()).unwrap_or(u64::MAX);
        self.ring.push_back(place);
        let slot = &mut self.slots[place.slot];
        slot.keys.push_back(key);
        slot.next = place.seq + 1;
        key
    }

    /// Lets go what is too much, but for what is to be kept; the keys of what went.
    pub(super) fn trim(&mut self, keep: &dyn Fn(u64) -> bool) -> Vec<u64> {
        let mut gone = Vec::new();
        while self.ring.len() > self.capacity {
            let Some(place) = self.ring.pop_front() else { break };
            self.slots[place.slot].keys.pop_front();
            if keep(self.first) {
                self.held.push_back((self.first, place));
            } else {
                gone.push(self.first);
            }
            self.first += 1;
        }
        self.let_go += u64::try_from(gone.len()).unwrap_or_default();
        gone
    }

    /// What was kept and need not be any longer is let go; the keys of what went.
    pub(super) fn release(&mut self, keep: &dyn Fn(u64) -> bool) -> Vec<u64> {
        let (held, gone): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.held).into_iter().partition(|(key, _)| keep(*key));
        self.held = held.into();
        self.let_go += u64::try_from(gone.len()).unwrap_or_default();
        gone.into_iter().map(|(key, _)| key).collect()
    }

    /// The oldest key.
    pub(super) fn oldest(&self) -> u64 {
        self.held.front().map_or(self.first, |(key, _)| *key)
    }

    /// Rows that were here and are not any more.
    pub(super) fn let_go(&self) -> u64 {
        self.let_go
    }

    /// Rows that are here.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.ring.len() + self.held.len()
    }

    fn from(&self, key: u64) -> impl Iterator<Item = u64> {
        let held = self.held.range(self.held.partition_point(|(held, _)| *held < key)..).map(|(key, _)| *key);
        let end = self.first + u64::try_from(self.ring.len()).unwrap_or_default();
        held.chain(key.max(self.first)..end)
    }
}

/// The number that the next row of a room will have.
fn next(rooms: &Rooms, arn: &Arn) -> u64 {
    rooms.get(arn).and_then(|room| room.feed().last()).map_or(0, |last| last + 1)
}

/// The rows of all rooms by their keys.
#[derive(Clone, Copy)]
pub(super) struct Joined<'a> {
    pub(super) index: &'a Index,
    pub(super) rooms: &'a Rooms,
}

impl<'a> Joined<'a> {
    /// The room of a row, and the row.
    pub(super) fn at(&self, key: u64) -> Option<(&'a Room, &'a Row)> {
        let (arn, seq) = self.index.at(key)?;
        let room = self.rooms.get(arn)?;
        Some((room, room.feed().row(seq)?))
    }
}

impl Rows for Joined<'_> {
    fn row(&self, key: u64) -> Option<&Row> {
        self.at(key).map(|(_, row)| row)
    }

    fn from(&self, key: u64) -> Option<u64> {
        self.index.from(key).find(|key| self.at(*key).is_some())
    }

    /// Messages of different rooms never stand for each other: what is done to a row is done in one room.
    fn fingerprint(&self, key: u64, said: &Said) -> u64 {
        let slot = self.index.place(key).map_or(0, |place| place.slot);
        match shared(said) {
            0 => 0,
            own => mixed(own, u64::try_from(slot).unwrap_or_default()),
        }
    }
}
