//! A list pane's state: rows that arrive page by page, a filter, an order and a cursor.

mod marking;

use std::cmp::Ordering;
use std::collections::HashSet;

use jiff::Timestamp;
use tui_input::Input;

use crate::api::Error;
use crate::app::groups::WORD;
use crate::app::key::Key;
use crate::app::keys::Motion;
use crate::app::msg::Ticket;
use crate::app::trouble::Trouble;
use crate::app::widget::{Cursor, edit};

use super::marks::Marks;

pub use marking::Marked;

/// What a row must tell of itself to be listed.
pub trait Row {
    /// The orders that `s` goes through: the title's word for each. The first is the service's own.
    const ORDERS: &'static [&'static str];

    /// What makes it itself: an ARN or a key.
    fn id(&self) -> &str;

    /// All that the filter looks at, in lower case.
    fn haystack(&self) -> &str;

    /// Compares two rows in the order with this index; index 0 is never asked.
    fn compare(&self, other: &Self, order: usize) -> Ordering;
}

/// How far the asking has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Nobody has asked.
    Unasked,
    /// Pages are on their way.
    Loading,
    /// Pages are on their way, and none has come since this moment: too long ago to keep quiet about it.
    Waiting(Timestamp),
    /// All rows are here.
    Complete,
    /// The last asking failed; rows that were here before are still shown.
    Failed(Trouble),
}

/// What a list says while nothing comes. The time stands still, so that an idle screen does.
pub fn waiting_words(since: Timestamp) -> String {
    format!("no answer since {}Z, still waiting", since.strftime("%H:%M:%S"))
}

/// A list of rows.
#[derive(Debug)]
pub struct Listing<T> {
    rows: Vec<T>,
    /// Rows of a repeated asking, shown when it is complete: a list does not shrink while it is refreshed.
    incoming: Option<Vec<T>>,
    phase: Phase,
    /// Whether the rows are all that there were at some time.
    whole: bool,
    ticket: Ticket,
    shown: Vec<usize>,
    order: usize,
    filter: Input,
    cursor: Cursor,
    height: usize,
    marks: Marks,
    marked: Marked,
}

impl<T: Row> Listing<T> {
    /// An empty list that nobody has asked for.
    pub fn new() -> Self {
        Self {
            rows: Vec::new(),
            incoming: None,
            phase: Phase::Unasked,
            whole: false,
            ticket: Ticket::default(),
            shown: Vec::new(),
            order: 0,
            filter: Input::default(),
            cursor: Cursor::default(),
            height: 1,
            marks: Marks::default(),
            marked: Marked::default(),
        }
    }

    /// An empty list whose askings are counted from `ticket`.
    pub fn counting_from(ticket: Ticket) -> Self {
        Self { ticket, ..Self::new() }
    }

    /// Starts asking anew; pages must come with the ticket that this returns.
    pub fn begin(&mut self) -> Ticket {
        self.ticket.0 += 1;
        self.incoming = (!self.rows.is_empty()).then(Vec::new);
        self.phase = Phase::Loading;
        self.ticket
    }

    /// Empties the list, for another resource's rows.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.incoming = None;
        self.phase = Phase::Unasked;
        self.whole = false;
        self.ticket.0 += 1;
        self.marks.clear();
        self.arrange();
    }

    /// Takes a page; `complete` if it is the last. A page of an older asking is dropped: then this is false.
    pub fn page(&mut self, ticket: Ticket, rows: impl IntoIterator<Item = T>, complete: bool) -> bool {
        if ticket != self.ticket {
            return false;
        }
        self.incoming.as_mut().unwrap_or(&mut self.rows).extend(rows);
        self.phase = Phase::Loading;
        if complete {
            self.rows = self.incoming.take().unwrap_or_else(|| std::mem::take(&mut self.rows));
            self.phase = Phase::Complete;
            self.whole = true;
            // A row that changes while pages are fetched moves to the front and can come twice.
            let mut seen = HashSet::new();
            self.rows.retain(|row| seen.insert(row.id().to_owned()));
            self.marks.keep(&self.rows.iter().map(Row::id).collect());
        }
        self.arrange();
        true
    }

    /// Puts a row in the place of the one with its id; if there is none, at the top, where the service lists what has
    /// changed last, or nowhere.
    pub fn put(&mut self, row: &T, may_be_new: bool)
    where
        T: Clone,
    {
        for rows in [Some(&mut self.rows), self.incoming.as_mut()].into_iter().flatten() {
            match rows.iter_mut().find(|old| old.id() == row.id()) {
                Some(old) => *old = row.clone(),
                None if may_be_new => rows.insert(0, row.clone()),
                None => {}
            }
        }
        self.arrange();
    }

    /// Takes a row out: it is known to be gone.
    pub fn remove(&mut self, id: &str) {
        for rows in [Some(&mut self.rows), self.incoming.as_mut()].into_iter().flatten() {
            rows.retain(|row| row.id() != id);
        }
        self.marks.keep(&self.rows.iter().map(Row::id).collect());
        self.arrange();
    }

    /// How many rows of a repeated asking have come so far.
    pub fn repeated(&self) -> Option<usize> {
        self.incoming.as_ref().map(Vec::len)
    }

    /// Nothing has come for this asking since then.
    pub fn is_slow(&mut self, ticket: Ticket, since: Timestamp) {
        if ticket == self.ticket && self.phase == Phase::Loading {
            self.phase = Phase::Waiting(since);
        }
    }

    /// The asking failed. What was here stays; if that is something, the list has no room for the reason, and it is
    /// returned to be told elsewhere.
    pub fn fail(&mut self, ticket: Ticket, error: &Error) -> Option<String> {
        self.fail_with(ticket, Trouble::new(error))
    }

    /// The same, with the failure already in words.
    pub fn fail_with(&mut self, ticket: Ticket, trouble: Trouble) -> Option<String> {
        if ticket != self.ticket {
            return None;
        }
        self.incoming = None;
        let brief = trouble.brief();
        self.phase = Phase::Failed(trouble);
        (!self.rows.is_empty()).then_some(brief)
    }

    /// Whether the rows are all that there were at some time, and not the first pages of a list that broke off.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// The failure that is shown in the rows' place.
    pub fn trouble(&self) -> Option<&Trouble> {
        match &self.phase {
            Phase::Failed(trouble) if self.rows.is_empty() => Some(trouble),
            Phase::Unasked | Phase::Loading | Phase::Waiting(_) | Phase::Complete | Phase::Failed(_) => None,
        }
    }

    /// How far the asking has got.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// The latest asking's ticket.
    pub fn ticket(&self) -> Ticket {
        self.ticket
    }

    /// Whether this ticket is of the latest asking.
    pub fn is_current(&self, ticket: Ticket) -> bool {
        ticket == self.ticket
    }

    /// Whether pages are on their way.
    pub fn is_asking(&self) -> bool {
        match self.phase {
            Phase::Loading | Phase::Waiting(_) => true,
            Phase::Unasked | Phase::Complete | Phase::Failed(_) => false,
        }
    }

    /// Whether there is something to tell of the asking: it goes on, or it failed.
    pub fn has_news(&self) -> bool {
        match self.phase {
            Phase::Loading | Phase::Waiting(_) | Phase::Failed(_) => true,
            Phase::Unasked | Phase::Complete => false,
        }
    }

    /// All rows, shown or not.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// The rows that the filter lets through, in order.
    pub fn shown(&self) -> impl ExactSizeIterator<Item = &T> {
        self.shown.iter().map(|index| &self.rows[*index])
    }

    /// The rows in view, each with its place among those that the filter lets through.
    pub fn visible(&self) -> impl Iterator<Item = (usize, &T)> + Clone {
        let indices = self.shown.iter().enumerate().skip(self.cursor.top(self.height)).take(self.height);
        indices.map(|(place, index)| (place, &self.rows[*index]))
    }

    /// The row with this id, shown or not.
    pub fn find(&self, id: &str) -> Option<&T> {
        // It is nearly always the one under the cursor, and this is asked for each frame.
        let selected = self.selected().filter(|row| row.id() == id);
        selected.or_else(|| self.rows.iter().find(|row| row.id() == id))
    }

    /// The row under the cursor.
    pub fn selected(&self) -> Option<&T> {
        self.shown.get(self.cursor.index()).map(|index| &self.rows[*index])
    }

    /// The cursor.
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// The order's word, if it is not the service's own.
    pub fn order(&self) -> Option<&'static str> {
        T::ORDERS.get(self.order).copied().filter(|_| self.order > 0)
    }

    /// The filter's text and the caret's place in it, in cells.
    pub fn filter(&self) -> (&str, usize) {
        (self.filter.value(), self.filter.visual_cursor())
    }

    /// Puts the cursor on a row, if it is shown.
    pub fn select(&mut self, id: &str) -> bool {
        let ids: Vec<&str> = self.shown.iter().map(|index| self.rows[*index].id()).collect();
        self.cursor.select(id, &ids, self.height)
    }

    /// The pane has this many rows now.
    pub fn resize(&mut self, height: usize) {
        if self.height != height.max(1) {
            self.height = height.max(1);
            self.arrange();
        }
    }

    /// Shows only rows that hold all words of this filter.
    pub fn set_filter(&mut self, text: &str) {
        self.filter = Input::new(text.to_owned());
        self.arrange();
    }

    /// Types into the filter.
    pub fn type_key(&mut self, key: Key) {
        if edit::press(&mut self.filter, key) {
            self.arrange();
        }
    }

    /// Pastes into the filter; line ends become blanks.
    pub fn paste(&mut self, text: &str) {
        edit::paste(&mut self.filter, text);
        self.arrange();
    }

    /// Moves the cursor.
    pub fn go(&mut self, motion: Motion) {
        let place = motion.target(self.cursor.index(), self.shown.len(), self.height);
        if let Some(index) = self.shown.get(place) {
            self.cursor.put(place, self.rows[*index].id(), self.height);
        }
    }

    /// Takes the next of these orders, which are those of the columns that are shown; behind the last, the service's
    /// own.
    pub fn sort(&mut self, offered: &[usize]) {
        self.order = offered.iter().copied().filter(|order| *order > self.order).min().unwrap_or_default();
        self.arrange();
    }

    /// Works out anew what is shown, and keeps the cursor on its row.
    fn arrange(&mut self) {
        let words: Vec<String> = self.filter.value().to_lowercase().split_whitespace().map(ToOwned::to_owned).collect();
        let has = |row: &T, word: &String| match word.strip_prefix(WORD) {
            // A group is meant by its whole name: another's may begin with it.
            Some(_) => row.haystack().lines().any(|line| line == word),
            None => row.haystack().contains(word),
        };
        let passes = |row: &T| words.iter().all(|word| has(row, word));
        self.shown = (0..self.rows.len()).filter(|index| passes(&self.rows[*index])).collect();
        if self.order > 0 {
            let (rows, order) = (&self.rows, self.order);
            self.shown.sort_by(|a, b| rows[*a].compare(&rows[*b], order));
        }
        let ids: Vec<&str> = self.shown.iter().map(|index| self.rows[*index].id()).collect();
        self.cursor.follow(&ids, self.height);
        self.count_marks();
    }
}

impl<T: Row> Default for Listing<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
