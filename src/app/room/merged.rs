//! All live rooms in one feed, in order of arrival.
//!
//! # How the two selections are kept in step
//!
//! The merged feed has a [`Sight`] of its own, over keys of its own: a running number for each row of each room, which
//! its index knows to be one row of one room, for good. What is selected here is such a key.
//!
//! Everything that is done to a message is done by its room, to what is selected *there*. So after each update, before
//! anything else can happen, [`Merged::update`] tells every room what this feed shows of it, a
//! [`Through`]: to the one room of the selected key that this row is selected, with the rows that
//! it stands for, and to all others that nothing is. While a room has a `Through`, what is selected or hidden or folded in
//! its own view does not count: an action hits the row that stands out here, or nothing. The console makes the room of the
//! selected key its subject, so that every prompt names it. What is marked here is marked in its room; an action on marks
//! hits those that are shown here, in all rooms, after they have been shown by room.
//!
//! After an action the room says so instead of moving its own selection, and this feed goes on to its next message that
//! nobody has acted on. Repeats fold within a room only, so that a row never stands for messages of two.

mod index;
pub mod view;

use std::collections::BTreeMap;

use tui_input::Input;

use crate::api::Arn;
use crate::app::key::Key;
use crate::app::keys::Motion;
use crate::app::widget::edit;

use super::live::Room;
use super::looking::{Filter, Meanwhile};
use super::reading::{Direction, Reading};
use super::row::{Row, Said};
use super::shown::Sieve;
use super::sight::{HELD, Holds, Sight};
use super::through::Through;

use index::{Index, Joined};

pub use index::Rooms;

/// All live rooms in one feed.
#[derive(Debug)]
pub struct Merged {
    index: Index,
    sight: Sight,
    filter: Option<Filter>,
    /// The row that was marked last: where a range begins.
    anchor: Option<u64>,
    /// Messages of watched users that came in while the view stood still.
    watched_missed: Vec<u64>,
}

impl Merged {
    /// What the rooms hold, the last `capacity` rows of it.
    pub fn new(capacity: usize, rooms: &Rooms) -> Self {
        let mut merged = Self {
            index: Index::new(capacity),
            sight: Sight::new(),
            filter: None,
            anchor: None,
            watched_missed: Vec::new(),
        };
        merged.follow(rooms);
        merged
    }

    /// After whatever may have changed the rooms: takes in what came, and tells the rooms what is seen of them. The pane
    /// has this many columns and lines, if it is shown.
    pub fn update(&mut self, rooms: &mut Rooms, pane: Option<(usize, usize)>) {
        // Before what has come is taken in, which has its flags already.
        self.hear_flags(rooms);
        self.hear_books(rooms);
        self.follow(rooms);
        self.settle(rooms, pane);
    }

    /// Rows that were flagged after they came count as such, and come into view where flags are asked for.
    fn hear_flags(&mut self, rooms: &mut Rooms) {
        let mut flagged = Vec::new();
        for (arn, room) in rooms.iter_mut() {
            let late = room.take_late_flags().into_iter();
            flagged.extend(late.filter_map(|seq| self.index.key(arn, seq)));
        }
        for key in &flagged {
            self.sight.flagged(*key);
        }
        let asked = self.filter.as_ref().is_some_and(Filter::asks_for_flags);
        if asked && !flagged.is_empty() {
            self.with_sight(rooms, |sight, rows, sieve| {
                for key in flagged {
                    sight.judge_anew(rows, key, sieve);
                }
            });
        }
    }

    /// Who is watched or noted is asked for by some filters.
    fn hear_books(&mut self, rooms: &mut Rooms) {
        let mut changed = false;
        for room in rooms.values_mut() {
            changed |= room.take_new_book();
        }
        if changed && self.filter.as_ref().is_some_and(Filter::asks_for_people) {
            self.with_sight(rooms, |sight, rows, sieve| sight.sift_later(rows, sieve));
        }
    }

    fn follow(&mut self, rooms: &Rooms) {
        let Self { index, sight, filter, watched_missed, .. } = self;
        index.follow(rooms, &mut |index, key| {
            let passes = sieve(filter.as_ref(), Joined { index, rooms });
            let before = sight.missed().messages;
            sight.arrived(&Joined { index, rooms }, key, passes.as_ref().map(|passes| passes as _));
            drop(passes);
            if sight.missed().messages > before {
                if before == 0 {
                    watched_missed.clear();
                }
                let of = Joined { index, rooms }.at(key);
                if of.is_some_and(|(room, row)| {
                    row.message().is_some_and(|said| room.people().has_watch(&said.by.user_id))
                }) {
                    watched_missed.push(key);
                }
            }
            for gone in index.trim(&|key| sight.keeps(key)) {
                sight.forget(gone);
            }
        });
    }

    /// Tells the rooms what is seen of them, and goes on if something was done about what is selected.
    fn settle(&mut self, rooms: &mut Rooms, pane: Option<(usize, usize)>) {
        let mut went_on = false;
        for room in rooms.values_mut() {
            went_on |= room.take_went_on();
        }
        let handled = self.selected_said(rooms).is_some_and(|said| !said.is_standing());
        if went_on && handled {
            self.with_sight(rooms, |sight, rows, _| sight.select_next_unhandled(rows));
        }
        let any = rooms.values().any(|room| !room.marks().is_empty());
        if self.sight.holds().marks != any {
            self.hold(rooms, |holds| holds.marks = any);
        }
        if let Some((columns, height)) = pane {
            let columns = columns.saturating_sub(view::room_columns(columns, rooms));
            self.with_sight(rooms, |sight, rows, _| sight.resize((columns, height), rows));
        }
        for (arn, through) in self.throughs(rooms) {
            if let Some(room) = rooms.get_mut(&arn) {
                room.look_through(Some(through));
            }
        }
    }

    /// What this shows of each room.
    fn throughs(&self, rooms: &Rooms) -> BTreeMap<Arn, Through> {
        let mut all: BTreeMap<&Arn, Through> = rooms.keys().map(|arn| (arn, Through::default())).collect();
        if let Some(top) = self.sight.reading().looking_at() {
            for (arn, seq) in self.sight.shown().from(top).take(HELD).filter_map(|key| self.index.at(key)) {
                all.entry(arn).or_default().kept.push(seq);
            }
        }
        for (arn, room) in rooms.iter().filter(|(_, room)| !room.marks().is_empty()) {
            let keys = room.marks().iter().filter_map(|seq| self.index.key(arn, seq));
            let shown = keys.filter(|key| self.sight.shown().has(*key));
            all.entry(arn).or_default().marked = shown.flat_map(|key| self.rows_of(key)).collect();
        }
        if let (Some(key), Some((arn, seq))) = (self.sight.reading().selected(), self.selected()) {
            let through = all.entry(arn).or_default();
            (through.selected, through.cluster) = (Some(seq), self.rows_of(key).collect());
        }
        all.into_iter().map(|(arn, through)| (arn.clone(), through)).collect()
    }

    /// The rows of its room that a row stands for.
    pub fn rows_of(&self, key: u64) -> impl Iterator<Item = u64> {
        self.cluster(key).into_iter().filter_map(|key| self.index.at(key)).map(|(_, seq)| seq)
    }

    /// The keys that a row stands for: of a folded one all of them, else its own.
    fn cluster(&self, key: u64) -> Vec<u64> {
        match self.sight.shown().fold(key) {
            Some(fold) => fold.members().collect(),
            None => vec![key],
        }
    }

    fn with_sight<R>(&mut self, rooms: &Rooms, act: impl FnOnce(&mut Sight, &Joined, Sieve) -> R) -> R {
        let Self { index, sight, filter, .. } = self;
        let joined = Joined { index, rooms };
        let passes = sieve(filter.as_ref(), joined);
        let done = act(sight, &joined, passes.as_ref().map(|passes| passes as _));
        drop(passes);
        for gone in index.release(&|key| sight.keeps(key)) {
            sight.forget(gone);
        }
        done
    }

    fn joined<'a>(&'a self, rooms: &'a Rooms) -> Joined<'a> {
        Joined { index: &self.index, rooms }
    }

    /// The room of the selected message, and its row there.
    pub fn selected(&self) -> Option<(&Arn, u64)> {
        self.index.at(self.sight.reading().selected()?)
    }

    /// The selected message.
    pub fn selected_said<'a>(&'a self, rooms: &'a Rooms) -> Option<&'a Said> {
        self.joined(rooms).at(self.sight.reading().selected()?)?.1.message()
    }

    /// The room of a row, by its key, and its number there.
    pub fn at(&self, key: u64) -> Option<(&Arn, u64)> {
        self.index.at(key)
    }

    /// The key of a room's row.
    pub fn key(&self, arn: &Arn, seq: u64) -> Option<u64> {
        self.index.key(arn, seq)
    }

    /// What is seen of it.
    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    /// Where the reader is.
    pub fn reading(&self) -> Reading {
        self.sight.reading()
    }

    /// Rows that were here and are not any more.
    pub fn let_go(&self) -> u64 {
        self.index.let_go()
    }

    /// Moves over messages.
    pub fn go(&mut self, rooms: &Rooms, motion: Motion) {
        self.with_sight(rooms, |sight, rows, sieve| sight.go(motion, rows, sieve));
    }

    /// Selects a message that is shown.
    pub fn select(&mut self, rooms: &Rooms, key: u64) {
        self.with_sight(rooms, |sight, rows, _| sight.select(key, rows));
    }

    /// Back to the message that was selected last; false if it is not here any more.
    pub fn return_to_last(&mut self, rooms: &Rooms) -> bool {
        self.with_sight(rooms, |sight, rows, _| sight.return_to_last(rows))
    }

    /// The next message in any room that a rule has flagged and nobody has acted on; false if there is none.
    pub fn seek_flagged(&mut self, rooms: &Rooms, direction: Direction) -> bool {
        let flagged = |row: &Row| row.message().is_some_and(|said| said.signs.flag.is_some() && said.is_standing());
        self.with_sight(rooms, |sight, rows, sieve| sight.seek(direction, rows, sieve, &flagged))
    }

    /// Shows all messages of the selected folded row, or one again; false if it is not one.
    pub fn turn_fold(&mut self, rooms: &Rooms) -> bool {
        self.with_sight(rooms, |sight, rows, _| sight.turn_fold(rows))
    }

    /// Shows the texts of deleted messages, or hides them again; whether they are shown now.
    pub fn turn_reveal(&mut self) -> bool {
        self.sight.turn_reveal();
        self.sight.is_revealed()
    }

    /// The view stands still for a dialog, or for labels, or does not any more.
    pub fn hold(&mut self, rooms: &Rooms, change: impl FnOnce(&mut Holds)) {
        let mut holds = self.sight.holds();
        change(&mut holds);
        self.with_sight(rooms, |sight, rows, sieve| sight.hold(holds, rows, sieve));
    }

    /// The message that takes this line of the screen, if one does.
    pub fn at_line(&self, rooms: &Rooms, line: i64) -> Option<u64> {
        self.sight.at_line(&self.joined(rooms), line)
    }

    /// The messages on the screen, from the top down: all of them, or those that still stand.
    pub fn on_screen(&self, rooms: &Rooms, standing: bool) -> Vec<u64> {
        let rows = self.joined(rooms);
        let wanted = |key: &u64| {
            let said = rows.at(*key).and_then(|(_, row)| row.message());
            said.is_some_and(|said| !standing || said.is_standing())
        };
        self.sight.beginnings(&rows).filter(wanted).collect()
    }

    /// Messages of watched users among those that came in while the view stood still, and that the reader has not gone
    /// down to.
    pub fn watched_missed(&self) -> usize {
        self.missed_watched().count()
    }

    fn missed_watched(&self) -> impl DoubleEndedIterator<Item = u64> {
        let all = if self.sight.missed().messages == 0 { &[][..] } else { &self.watched_missed[..] };
        all.iter().copied().filter(|key| !self.sight.shown().has(*key))
    }

    /// What came in while the view stood still and wants a look, and where.
    pub fn meanwhile(&self, rooms: &Rooms) -> Option<Meanwhile> {
        let flagged = self.sight.missed().newest_flagged;
        let (room, row) = self.joined(rooms).at(flagged.or_else(|| self.missed_watched().next_back())?)?;
        let said = row.message()?;
        let words = format!("{}: {}: {}", room.title().as_str(), said.by.label(), said.text.as_str());
        Some(Meanwhile { flagged: flagged.is_some(), words })
    }
}

/// Marks. They are the rooms' own: what is marked here is marked there.
impl Merged {
    /// Marks the selected message, or takes its mark away, and goes down; false if none is selected.
    pub fn mark(&mut self, rooms: &mut Rooms) -> bool {
        let Some(key) = self.sight.reading().selected() else { return false };
        let Some((arn, seq)) = self.index.at(key) else { return false };
        if let Some(room) = rooms.get_mut(arn) {
            let mark = !room.marks().has(seq);
            room.mark_those(std::iter::once(seq), mark);
        }
        self.anchor = Some(key);
        // A mark must not bring new rows in.
        self.hold(rooms, |holds| holds.marks = true);
        if self.sight.shown().last() != Some(key) {
            self.go(rooms, Motion::Down);
        }
        true
    }

    /// Marks the messages from the last mark to the selected one; false if there is no such range.
    pub fn mark_range(&mut self, rooms: &mut Rooms) -> bool {
        let (Some(anchor), Some(selected)) = (self.anchor, self.sight.reading().selected()) else { return false };
        let (from, to) = (anchor.min(selected), anchor.max(selected));
        let keys = self.standing(rooms).into_iter().filter(|key| (from..=to).contains(key)).collect::<Vec<u64>>();
        self.mark_those(rooms, &keys, true);
        true
    }

    /// Marks all messages that are shown and stand, or takes their marks away if all are marked already; how many did not
    /// fit.
    pub fn mark_shown(&mut self, rooms: &mut Rooms) -> usize {
        self.hold(rooms, |holds| holds.marks = true);
        let keys = self.standing(rooms);
        let all = keys.iter().all(|key| self.is_marked(rooms, *key));
        self.mark_those(rooms, &keys, !all)
    }

    fn standing(&self, rooms: &Rooms) -> Vec<u64> {
        let rows = self.joined(rooms);
        let standing = |key: &u64| rows.at(*key).and_then(|(_, row)| row.message()).is_some_and(Said::is_standing);
        self.sight.shown().from(0).filter(standing).collect()
    }

    fn is_marked(&self, rooms: &Rooms, key: u64) -> bool {
        self.joined(rooms).at(key).is_some_and(|(room, row)| room.marks().has(row.seq))
    }

    fn mark_those(&self, rooms: &mut Rooms, keys: &[u64], mark: bool) -> usize {
        let mut left = 0;
        for (arn, room) in rooms.iter_mut() {
            let here = keys.iter().filter_map(|key| self.index.at(*key)).filter(|(of, _)| *of == arn);
            let here: Vec<u64> = here.map(|(_, seq)| seq).collect();
            if !here.is_empty() {
                left += room.mark_those(here.into_iter(), mark);
            }
        }
        left
    }

    /// Takes all marks away, in all rooms.
    pub fn clear_marks(&mut self, rooms: &mut Rooms) {
        self.anchor = None;
        for room in rooms.values_mut().filter(|room| !room.marks().is_empty()) {
            room.clear_marks();
        }
    }

    /// Messages that are marked, in how many rooms, and how many of them are not shown here: no action hits those.
    pub fn marked(&self, rooms: &Rooms) -> (usize, usize, usize) {
        let marked = rooms.iter().filter(|(_, room)| !room.marks().is_empty());
        let (mut all, mut in_rooms, mut hidden) = (0, 0, 0);
        for (arn, room) in marked {
            in_rooms += 1;
            all += room.marks().len();
            let shown = |seq: &u64| self.index.key(arn, *seq).is_some_and(|key| self.sight.shown().has(key));
            hidden += room.marks().iter().filter(|seq| !shown(seq)).count();
        }
        (all, in_rooms, hidden)
    }
}

/// The filter.
impl Merged {
    /// The filter, as it was typed last.
    pub fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    /// Narrows the feed to what this means; nothing shows everything.
    pub fn set_filter(&mut self, rooms: &Rooms, text: &str) {
        self.change_filter(rooms, |input| *input = Input::new(text.to_owned()));
    }

    /// Types into the filter.
    pub fn type_filter(&mut self, rooms: &Rooms, key: Key) {
        self.change_filter(rooms, |input| {
            edit::press(input, key);
        });
    }

    /// Pastes into the filter.
    pub fn paste_filter(&mut self, rooms: &Rooms, text: &str) {
        self.change_filter(rooms, |input| edit::paste(input, text));
    }

    /// Whether the filter shows a row of a room.
    pub fn lets_through(&self, room: &Room, row: &Row) -> bool {
        self.filter.as_ref().is_none_or(|filter| room.passes(filter, row))
    }

    fn change_filter(&mut self, rooms: &Rooms, change: impl FnOnce(&mut Input)) {
        let (filter, sifted) = Filter::changed(self.filter.take(), change);
        self.filter = filter;
        if sifted {
            self.with_sight(rooms, |sight, rows, sieve| sight.sift(rows, sieve));
        }
    }
}

/// Lets rows through as a filter says, each with what its own room knows.
fn sieve<'a>(filter: Option<&'a Filter>, rows: Joined<'a>) -> Option<impl Fn(u64, &Row) -> bool + 'a> {
    filter.map(|filter| move |key, row: &Row| rows.at(key).is_some_and(|(room, _)| room.passes(filter, row)))
}

#[cfg(test)]
mod tests;
