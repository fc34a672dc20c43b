//! The card of a user: what they wrote in a room, with a cursor of its own, beside what is known of them.
//!
//! The feed stays where it is. Rows of the card are rows of the feed, named by their numbers, and its cursor is a message:
//! what comes in while it is open is counted and shown when it is asked for.

mod view;

use crate::app::keys::Motion;
use crate::app::text::wrap;

use super::feed::Feed;
use super::live::Room;
use super::people::conduct::Moment;
use super::row::{Row, Said};

pub use view::{About, draw, header};

/// Messages of a user that a card holds, the latest ones: it keeps them from being let go.
const MOST: usize = 500;

/// The card of a user.
#[derive(Debug)]
pub struct Card {
    user: Box<str>,
    /// The rows that are shown, oldest first.
    rows: Vec<u64>,
    /// Rows that came since.
    newer: Vec<u64>,
    selected: Option<u64>,
    /// The first line that is shown, of all that the rows take.
    top: usize,
    /// Whether the keys go to it.
    focused: bool,
    /// Columns and lines that its rows have.
    size: (usize, usize),
}

/// A line of the card, or some.
#[derive(Debug, Clone, Copy)]
enum Item<'a> {
    Message(&'a Row),
    Moment(&'a Moment),
}

/// Columns in front of a message's text: the time and a sign.
const TIME: usize = 11;

impl Item<'_> {
    /// Lines that it takes. A deleted message keeps the height that it had.
    fn lines(self, columns: usize) -> usize {
        match self {
            Self::Message(row) => {
                let text = row.message().map_or("", |said| said.text.as_str());
                wrap(text, text_columns(columns)).len()
            }
            Self::Moment(moment) => wrap(&moment.words(), text_columns(columns)).len(),
        }
    }

    fn seq(self) -> Option<u64> {
        match self {
            Self::Message(row) => Some(row.seq),
            Self::Moment(_) => None,
        }
    }
}

fn text_columns(columns: usize) -> usize {
    columns.saturating_sub(TIME).max(8)
}

impl Card {
    fn new(user: &str, selected: Option<u64>, feed: &Feed) -> Self {
        let theirs = |row: &&Row| row.message().is_some_and(|said| *said.by.user_id == *user);
        let last = feed.last().unwrap_or_default();
        let mut rows: Vec<u64> = feed.back_from(last).filter(theirs).map(|row| row.seq).take(MOST).collect();
        rows.reverse();
        let selected = selected.filter(|seq| rows.contains(seq)).or(rows.last().copied());
        Self { user: user.into(), rows, newer: Vec::new(), selected, top: 0, focused: true, size: (40, 10) }
    }

    /// Whose it is.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Whether the keys go to it.
    pub fn is_focused(&self) -> bool {
        self.focused
    }

    /// The selected row.
    pub fn selected(&self) -> Option<u64> {
        self.selected
    }

    /// Messages of the user that came since it shows what it shows.
    pub fn newer(&self) -> usize {
        self.newer.len()
    }

    /// Whether a row must outlive the scrollback.
    pub fn keeps(&self, seq: u64) -> bool {
        self.rows.binary_search(&seq).is_ok()
    }

    /// A message of somebody came.
    fn arrived(&mut self, seq: u64, user: &str) {
        if *self.user == *user {
            if self.newer.len() == MOST {
                self.newer.remove(0);
            }
            self.newer.push(seq);
        }
    }

    /// What came in is shown, and the newest message selected.
    fn catch_up(&mut self) {
        self.rows.append(&mut self.newer);
        let over = self.rows.len().saturating_sub(MOST);
        self.rows.drain(..over);
        self.selected = self.rows.last().copied();
    }

    /// What it shows, oldest first: messages, and what happened between them.
    fn items<'a>(&'a self, feed: &'a Feed, moments: &'a [Moment]) -> Vec<Item<'a>> {
        let mut moments = moments.iter().peekable();
        let mut items = Vec::new();
        for row in self.rows.iter().filter_map(|seq| feed.row(*seq)) {
            while let Some(moment) = moments.next_if(|moment| moment.at <= row.time) {
                items.push(Item::Moment(moment));
            }
            items.push(Item::Message(row));
        }
        items.extend(moments.map(Item::Moment));
        items
    }

    /// Moves over messages.
    fn go(&mut self, motion: Motion, feed: &Feed) {
        if motion == Motion::Bottom {
            return self.catch_up();
        }
        let here: Vec<u64> = self.rows.iter().copied().filter(|seq| feed.row(*seq).is_some()).collect();
        let place = |wanted| here.iter().position(|seq| Some(*seq) == wanted);
        let Some(from) = place(self.selected).or(here.len().checked_sub(1)) else { return };
        let to = motion.target(from, here.len(), self.size.1.max(2) - 1);
        self.selected = here.get(to).copied();
    }

    /// Selects the next message that nobody has acted on: later ones first, then earlier.
    fn go_on(&mut self, feed: &Feed) {
        let Some(selected) = self.selected else { return };
        let standing = |seq: &&u64| feed.row(**seq).and_then(Row::message).is_some_and(Said::is_standing);
        let later = self.rows.iter().filter(|seq| **seq > selected).find(standing);
        let next = later.or_else(|| self.rows.iter().rev().filter(|seq| **seq < selected).find(standing));
        self.selected = next.copied().or(self.selected);
    }

    /// Scrolls no further than is needed to show the whole selected message, and what is above the first one.
    fn settle(&mut self, feed: &Feed, moments: &[Moment]) {
        let (columns, height) = self.size;
        let (mut from, mut lines, mut found) = (0, 0, 0);
        for item in self.items(feed, moments) {
            let here = item.lines(columns);
            if item.seq().is_some() && item.seq() == self.selected {
                (from, found) = (lines, here);
            }
            lines += here;
        }
        if self.rows.last().copied() == self.selected {
            // What happened after the last message belongs to it.
            found = (lines - from).min(height.max(1));
        }
        self.top = self.top.min(from).max((from + found).saturating_sub(height)).min(lines.saturating_sub(1));
    }
}

impl Room {
    /// Opens the card of who wrote the selected message, or goes to it; false if none is selected.
    pub fn open_card(&mut self) -> bool {
        let Some(seq) = self.selected_seq() else { return false };
        let Some(said) = self.feed.row(seq).and_then(Row::message) else { return false };
        let user = said.by.user_id.clone();
        match self.card.as_mut().filter(|card| *card.user == *user) {
            Some(card) => card.focused = true,
            None => self.card = Some(Card::new(&user, Some(seq), &self.feed)),
        }
        self.settle_card();
        true
    }

    /// Closes it: the feed is as it was.
    pub fn close_card(&mut self) {
        self.card = None;
        self.release();
    }

    /// The open card.
    pub fn card(&self) -> Option<&Card> {
        self.card.as_ref()
    }

    /// The card that has the keys.
    pub fn focused_card(&self) -> Option<&Card> {
        self.card.as_ref().filter(|card| card.focused)
    }

    /// The keys go to the card, or to the feed beside it.
    pub fn focus_card(&mut self, focused: bool) {
        if let Some(card) = &mut self.card {
            card.focused = focused;
        }
    }

    /// Moves over the card's messages.
    pub fn go_in_card(&mut self, motion: Motion) {
        if let Some(card) = &mut self.card {
            card.go(motion, &self.feed);
        }
        self.settle_card();
        if motion == Motion::Bottom {
            self.release();
        }
    }

    /// After an action: on to the next message of the card that nobody has acted on.
    pub(super) fn go_on_in_card(&mut self) {
        if let Some(card) = &mut self.card {
            card.go_on(&self.feed);
        }
        self.settle_card();
    }

    /// Selects this message of the card, if it shows it.
    pub(super) fn look_again_in_card(&mut self, id: &str) {
        let seq = self.feed.find(id);
        if let Some(card) = self.card.as_mut().filter(|card| seq.is_some_and(|seq| card.keeps(seq))) {
            card.selected = seq;
        }
        self.settle_card();
    }

    /// The card's rows have this many columns and lines now.
    pub fn resize_card(&mut self, columns: usize, lines: usize) {
        if let Some(card) = self.card.as_mut().filter(|card| card.size != (columns, lines)) {
            card.size = (columns, lines);
            self.settle_card();
        }
    }

    fn settle_card(&mut self) {
        let Some(card) = &mut self.card else { return };
        let moments = self.people.conduct(&card.user).map_or(&[][..], |conduct| &conduct.moments);
        card.settle(&self.feed, moments);
    }

    /// A message came into the feed.
    pub(super) fn came_to_card(&mut self, seq: u64) {
        let Some(card) = &mut self.card else { return };
        if let Some(said) = self.feed.row(seq).and_then(Row::message) {
            card.arrived(seq, &said.by.user_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::app::outbox::Outbox;
    use crate::app::room::live::Settings;
    use crate::app::text::clean;
    use crate::messaging::Frame;
    use crate::messaging::frame::{Message, Sender};

    fn says(room: &mut Room, n: u32, user: &str) {
        let message = Message {
            id: format!("m{n}"),
            request_id: None,
            content: format!("line {n}"),
            attributes: std::collections::BTreeMap::new(),
            sender: Sender { user_id: user.to_owned(), ..Sender::default() },
            send_time: None,
        };
        room.take(Timestamp::UNIX_EPOCH, Frame::Message(message), &mut Outbox::default());
    }

    /// A room that keeps ten rows, with the card of `u` open on the last of three messages.
    fn room() -> Room {
        let arn = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".parse().unwrap();
        let mut room = Room::new(arn, clean("lobby"), Arc::new(Settings { scrollback: 10, ..Settings::default() }));
        for n in 0..6 {
            says(&mut room, n, if n % 2 == 0 { "v" } else { "u" });
        }
        room.go(Motion::Up);
        assert!(room.open_card());
        room
    }

    fn selected(room: &Room) -> &str {
        room.selected().map_or("", |said| &said.id)
    }

    #[test]
    fn what_the_card_shows_outlives_the_scrollback_and_is_let_go_with_it() {
        let mut room = room();
        for n in 10..200 {
            says(&mut room, n, "w");
        }
        room.go_in_card(Motion::Top);
        assert_eq!(selected(&room), "m1");
        assert_eq!(room.targets(), [Box::from("m1")]);
        room.close_card();
        room.let_go();
        assert!(room.feed().find("m1").is_none() && room.feed().len() == 10);
    }

    #[test]
    fn messages_that_come_in_move_nothing_and_are_kept_in_bounds() {
        let mut room = room();
        room.go_in_card(Motion::Up);
        let before = selected(&room).to_owned();
        for n in 10..10 + u32::try_from(MOST).unwrap() * 2 {
            says(&mut room, n, "u");
        }
        assert_eq!(selected(&room), before);
        assert_eq!(room.card().map(Card::newer), Some(MOST));
        room.go_in_card(Motion::Bottom);
        assert_eq!((selected(&room), room.card().map(Card::newer)), ("m1009", Some(0)));
        assert!(room.card().is_some_and(|card| card.rows.len() <= MOST));
    }

    #[test]
    fn the_selected_message_is_always_in_view() {
        let mut room = room();
        for (columns, lines) in [(40, 1), (12, 2), (80, 50), (9, 3)] {
            room.resize_card(columns, lines);
            for motion in [Motion::Top, Motion::Down, Motion::Down, Motion::PageUp, Motion::Bottom, Motion::Up] {
                room.go_in_card(motion);
                let card = room.card().unwrap();
                let mut line = 0;
                for item in card.items(room.feed(), &[]) {
                    if item.seq() == card.selected {
                        assert!((card.top..card.top + lines).contains(&line), "{motion:?} {columns}x{lines}");
                    }
                    line += item.lines(columns);
                }
            }
        }
    }
}
