//! Looking at a room: what is selected, marked, filtered, and why it stands still.

use std::sync::Arc;

use jiff::Timestamp;
use tui_input::Input;

use crate::app::key::Key;
use crate::app::keys::Motion;
use crate::app::widget::edit;

use super::book::Book;
use super::feed::Feed;
use super::fold::FOLD_AT;
use super::live::{Room, kept_elsewhere};
use super::marks::Marks;
use super::people::People;
use super::query::{Facts, Query};
use super::reading::{Direction, Reading};
use super::row::{Row, Said};
use super::rules::RuleId;
use super::sight::{Holds, Sight};

/// What narrows a feed: as it is typed, and what it means. While it means nothing, what it meant last counts.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    input: Input,
    query: Query,
    problem: Option<String>,
}

impl Filter {
    /// Changes what is typed: the filter then, nothing if nothing is typed, and whether it means something else.
    pub fn changed(before: Option<Self>, change: impl FnOnce(&mut Input)) -> (Option<Self>, bool) {
        let mut filter = before.unwrap_or_default();
        let was = filter.input.value().to_owned();
        change(&mut filter.input);
        let typed = filter.input.value() != was;
        if typed {
            match Query::parse(filter.input.value()) {
                Ok(query) => (filter.query, filter.problem) = (query, None),
                Err(problem) => filter.problem = Some(problem),
            }
        }
        let sifted = typed && filter.problem.is_none();
        (Some(filter).filter(|filter| !filter.input.value().trim().is_empty()), sifted)
    }

    /// Whether what it lets through can change when a rule flags something.
    pub(super) fn asks_for_flags(&self) -> bool {
        self.query.asks_for_flags()
    }

    /// Whether what it lets through can change when somebody is watched or noted.
    pub(super) fn asks_for_people(&self) -> bool {
        self.query.asks_for_people()
    }

    /// As it was typed, and where the caret is.
    pub fn text(&self) -> (&str, usize) {
        (self.input.value(), self.input.visual_cursor())
    }

    /// Why what was typed means nothing.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }
}

/// Lets rows through as a filter says.
fn sieve<'a>(
    query: &'a Query,
    feed: &'a Feed,
    marks: &'a Marks,
    people: &'a People,
    title: &'a str,
) -> impl Fn(u64, &Row) -> bool + 'a {
    move |_, row| {
        let said = row.message();
        let facts = Facts {
            marked: marks.has(row.seq),
            // As of when it was said: a flag that has run out since still says why somebody wanted to see it.
            watched: said.is_some_and(|said| people.is_watched(&said.by.user_id, row.time)),
            noted: said.is_some_and(|said| people.is_noted(&said.by.user_id)),
            repeated: said.is_some_and(|said| feed.repeats(said) >= FOLD_AT),
            room: title,
        };
        query.matches(row, &facts)
    }
}

/// What came in while a view stood still and wants a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meanwhile {
    /// Whether a rule has flagged it; else it is of a user who is watched.
    pub flagged: bool,
    /// Who wrote it, and what.
    pub words: String,
}

impl Meanwhile {
    /// The sign that such a message has.
    pub fn sign(&self) -> &'static str {
        if self.flagged { "!" } else { "@" }
    }
}

impl Room {
    /// Lets `act` work on what is seen, with the rows and what lets them through.
    fn with_sight<R>(&mut self, act: impl FnOnce(&mut Sight, &Feed, super::shown::Sieve) -> R) -> R {
        let Self { sight, feed, filter, marks, people, title, .. } = self;
        let feed = &*feed;
        let passes = filter.as_ref().map(|filter| sieve(&filter.query, feed, marks, people, title.as_str()));
        let passes = passes.as_ref().map(|passes| passes as &dyn Fn(u64, &Row) -> bool);
        act(sight, feed, passes)
    }

    /// Whether a filter of the merged feed lets one of its rows through.
    pub fn passes(&self, filter: &Filter, row: &Row) -> bool {
        sieve(&filter.query, &self.feed, &self.marks, &self.people, self.title.as_str())(row.seq, row)
    }

    /// A row came into the feed; rows that it pushed out are forgotten.
    pub(super) fn came(&mut self, seq: u64) {
        self.count_flag(seq);
        let before = self.sight.missed().messages;
        self.with_sight(|sight, feed, sieve| sight.arrived(feed, seq, sieve));
        if self.sight.missed().messages > before {
            self.missed_of_watched(seq, before == 0);
        }
        self.forget_gone();
    }

    /// A message came in while the view stood still: those of watched users are counted.
    fn missed_of_watched(&mut self, seq: u64, first: bool) {
        if first {
            self.watched_missed.clear();
        }
        let said = self.feed.row(seq).and_then(Row::message);
        if said.is_some_and(|said| self.people.has_watch(&said.by.user_id)) {
            self.watched_missed.push(seq);
        }
    }

    /// Messages of watched users among those that came in while the view stood still, and that the reader has not gone
    /// down to.
    pub fn watched_missed(&self) -> usize {
        self.missed_watched().count()
    }

    fn missed_watched(&self) -> impl DoubleEndedIterator<Item = u64> {
        let all = if self.sight.missed().messages == 0 { &[][..] } else { &self.watched_missed[..] };
        all.iter().copied().filter(|seq| !self.sight.shown().has(*seq))
    }

    /// Watched users who have written here.
    pub fn watched_here(&self, now: Timestamp) -> usize {
        let wrote = |user: &str| self.people.conduct(user).is_some_and(|conduct| conduct.messages > 0);
        self.people.book().watches(now).filter(|(user, _)| wrote(user)).count()
    }

    fn forget_gone(&mut self) {
        for gone in self.feed.take_gone() {
            self.sight.forget(gone);
            self.flagged.remove(&gone);
        }
    }

    /// A rule flags a message that is here already.
    pub fn flag(&mut self, seq: u64, rule: RuleId) {
        let Some(said) = self.feed.row_mut(seq).and_then(Row::message_mut) else { return };
        if said.signs.flag.is_none() {
            said.signs.flag = Some(rule);
            self.count_flag(seq);
            if self.through.is_some() {
                self.late_flags.push(seq);
            }
            self.with_sight(|sight, _, _| sight.flagged(seq));
            // One that was hidden as nothing had flagged it comes into view, unless that would move what is read.
            let asked = self.filter.as_ref().is_some_and(Filter::asks_for_flags);
            if asked {
                self.with_sight(|sight, feed, sieve| sight.judge_anew(feed, seq, sieve));
            }
        }
    }

    /// Messages that a rule has flagged and nobody has acted on.
    pub fn flagged(&self) -> usize {
        self.flagged.len()
    }

    /// A message has another flag or another fate: it counts as flagged while it stands.
    pub(super) fn count_flag(&mut self, seq: u64) {
        let said = self.feed.row(seq).and_then(Row::message);
        if said.is_some_and(|said| said.signs.flag.is_some() && said.is_standing()) {
            self.flagged.insert(seq);
        } else {
            self.flagged.remove(&seq);
        }
    }

    /// Rows that nobody looks at or has marked any more need not be kept.
    pub(super) fn release(&mut self) {
        let Self { sight, feed, marks, card, through, .. } = self;
        let elsewhere = |seq| kept_elsewhere(card.as_ref(), through.as_ref(), seq);
        feed.release(&|seq| marks.has(seq) || sight.keeps(seq) || elsewhere(seq));
        self.forget_gone();
    }

    /// What came in while the view stood still and wants a look: the newest that a rule has flagged, or else of a user who
    /// is watched.
    pub fn meanwhile(&self) -> Option<Meanwhile> {
        let flagged = self.sight.missed().newest_flagged;
        let said = self.feed.row(flagged.or_else(|| self.missed_watched().next_back())?)?.message()?;
        let words = format!("{}: {}", said.by.label(), said.text.as_str());
        Some(Meanwhile { flagged: flagged.is_some(), words })
    }

    /// What moderators keep about users of its account has changed: a filter may ask for it.
    pub fn set_book(&mut self, book: Arc<Book>) {
        if *self.people.book() == *book {
            return;
        }
        self.people.set_book(book);
        self.new_book = self.through.is_some();
        if self.filter.as_ref().is_some_and(Filter::asks_for_people) {
            self.with_sight(|sight, feed, sieve| sight.sift_later(feed, sieve));
        }
    }

    /// What is seen of it.
    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    /// Where the reader is.
    pub fn reading(&self) -> Reading {
        self.sight.reading()
    }

    /// Back to the live end, unless something else holds the view.
    pub fn let_go(&mut self) {
        self.go(Motion::Bottom);
    }

    /// Moves over messages.
    pub fn go(&mut self, motion: Motion) {
        self.with_sight(|sight, feed, sieve| sight.go(motion, feed, sieve));
        self.release();
    }

    /// Selects a message that is shown.
    pub fn select(&mut self, seq: u64) {
        self.with_sight(|sight, feed, _| sight.select(seq, feed));
    }

    /// Back to the message that was selected last; false if it is not here any more.
    pub fn return_to_last(&mut self) -> bool {
        self.with_sight(|sight, feed, _| sight.return_to_last(feed))
    }

    /// The next message that a rule has flagged and nobody has acted on; false if there is none in this direction.
    pub fn seek_flagged(&mut self, direction: Direction) -> bool {
        let flagged = |row: &Row| row.message().is_some_and(|said| said.signs.flag.is_some() && said.is_standing());
        self.with_sight(|sight, feed, sieve| sight.seek(direction, feed, sieve, &flagged))
    }

    pub(super) fn select_next_standing(&mut self) {
        if self.focused_card().is_some() {
            return self.go_on_in_card();
        }
        if self.through.is_some() {
            self.went_on = true;
            return;
        }
        self.with_sight(|sight, feed, _| sight.select_next_unhandled(feed));
    }

    /// Shows all messages of the selected folded row, or one again; false if it is not one.
    pub fn turn_fold(&mut self) -> bool {
        self.with_sight(|sight, feed, _| sight.turn_fold(feed))
    }

    /// Shows the texts of deleted messages, or hides them again; whether they are shown now.
    pub fn turn_reveal(&mut self) -> bool {
        self.sight.turn_reveal();
        self.sight.is_revealed()
    }

    /// The view stands still for a dialog, or for labels, or does not any more.
    pub fn hold(&mut self, change: impl FnOnce(&mut Holds)) {
        let mut holds = self.sight.holds();
        change(&mut holds);
        self.with_sight(|sight, feed, sieve| sight.hold(holds, feed, sieve));
        self.release();
    }

    /// The pane has this many columns and lines now.
    pub fn resize(&mut self, width: usize, height: usize) {
        self.with_sight(|sight, feed, _| sight.resize((width, height), feed));
    }

    /// The selected message: in the card if that has the keys, else in the feed, its own or the merged one.
    pub fn selected(&self) -> Option<&Said> {
        self.selected_row()?.message()
    }

    /// Its row.
    pub fn selected_row(&self) -> Option<&Row> {
        let selected = match self.focused_card() {
            Some(card) => card.selected(),
            None => self.selected_seq(),
        };
        self.feed.row(selected?)
    }

    /// The number of the row that is selected in the feed, its own or the merged one.
    pub(super) fn selected_seq(&self) -> Option<u64> {
        match &self.through {
            Some(through) => through.selected,
            None => self.sight.reading().selected(),
        }
    }

    /// The messages on the screen, from the top down: all of them, or those that still stand.
    pub fn on_screen(&self, standing: bool) -> Vec<u64> {
        let wanted = |seq: &u64| {
            let said = self.feed.row(*seq).and_then(Row::message);
            said.is_some_and(|said| !standing || said.is_standing())
        };
        self.sight.beginnings(&self.feed).filter(wanted).collect()
    }

    /// The ids of the messages that a row stands for: of a folded one all that are still here, else its own.
    pub fn cluster(&self, seq: u64) -> Vec<Box<str>> {
        match (&self.through, self.sight.shown().fold(seq)) {
            (Some(through), _) if through.selected == Some(seq) => self.ids_of(through.cluster.iter().copied()),
            (None, Some(fold)) => self.ids_of(fold.members()),
            (Some(_) | None, _) => self.ids_of([seq]),
        }
    }

    /// The ids of the messages that the next action hits: those that are marked and shown, else what is selected.
    pub fn targets(&self) -> Vec<Box<str>> {
        if self.focused_card().is_some() {
            return self.selected().map(|said| said.id.clone()).into_iter().collect();
        }
        if self.marks.is_empty() {
            return self.selected_seq().map(|seq| self.cluster(seq)).unwrap_or_default();
        }
        if let Some(through) = &self.through {
            return self.ids_of(through.marked.iter().copied());
        }
        let shown = self.sight.shown();
        self.marks.iter().filter(|seq| shown.has(*seq)).flat_map(|seq| self.cluster(seq)).collect()
    }

    /// What is marked.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Marked messages that the filter hides: no action hits them.
    pub fn hidden_marks(&self) -> usize {
        self.marks.iter().filter(|seq| !self.sight.shown().has(*seq)).count()
    }

    /// Marks the selected message, or takes its mark away, and goes down; false if none is selected.
    pub fn mark(&mut self) -> bool {
        let Some(seq) = self.reading().selected() else { return false };
        self.marks.turn(seq);
        self.marked();
        self.go_within(Motion::Down);
        true
    }

    /// One step, but not beyond what is shown: a mark must not bring new rows in.
    fn go_within(&mut self, motion: Motion) {
        if self.reading().selected() != self.sight.shown().last() {
            self.go(motion);
        }
    }

    /// Marks the messages from the last mark to the selected one; false if there is no such range.
    pub fn mark_range(&mut self) -> bool {
        let (Some(anchor), Some(selected)) = (self.marks.anchor(), self.reading().selected()) else { return false };
        let (from, to) = (anchor.min(selected), anchor.max(selected));
        self.mark_rows(|seq| (from..=to).contains(&seq));
        true
    }

    /// Marks all messages that are shown and stand, or takes their marks away if all are marked already.
    pub fn mark_shown(&mut self) -> usize {
        self.hold(|holds| holds.marks = true);
        let rows = self.standing(|_| true);
        if rows.iter().all(|seq| self.marks.has(*seq)) {
            self.marks.remove(rows.into_iter());
            self.marked();
            return 0;
        }
        self.mark_rows(|_| true)
    }

    fn standing(&self, wanted: impl Fn(u64) -> bool) -> Vec<u64> {
        let standing = |seq: &u64| self.feed.row(*seq).and_then(Row::message).is_some_and(Said::is_standing);
        self.sight.shown().from(0).filter(|seq| wanted(*seq)).filter(standing).collect()
    }

    /// Marks those; how many did not fit.
    fn mark_rows(&mut self, wanted: impl Fn(u64) -> bool) -> usize {
        let rows = self.standing(wanted);
        let left = self.marks.add(rows.into_iter());
        self.marked();
        left
    }

    /// Takes all marks away.
    pub fn clear_marks(&mut self) {
        self.marks.clear();
        self.marked();
    }

    pub(super) fn marked(&mut self) {
        let any = !self.marks.is_empty();
        self.hold(|holds| holds.marks = any);
    }

    /// Whether a row is what a query asks for.
    pub fn fits(&self, query: &Query, row: &Row) -> bool {
        sieve(query, &self.feed, &self.marks, &self.people, self.title.as_str())(row.seq, row)
    }

    /// Whether the filter shows a row.
    pub fn lets_through(&self, row: &Row) -> bool {
        let Some(filter) = &self.filter else { return true };
        sieve(&filter.query, &self.feed, &self.marks, &self.people, self.title.as_str())(row.seq, row)
    }

    /// The filter, as it was typed last.
    pub fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    /// Narrows the feed to what this means; nothing shows everything.
    pub fn set_filter(&mut self, text: &str) {
        self.change_filter(|input| *input = Input::new(text.to_owned()));
    }

    /// Types into the filter.
    pub fn type_filter(&mut self, key: Key) {
        self.change_filter(|input| {
            edit::press(input, key);
        });
    }

    /// Pastes into the filter.
    pub fn paste_filter(&mut self, text: &str) {
        self.change_filter(|input| edit::paste(input, text));
    }

    fn change_filter(&mut self, change: impl FnOnce(&mut Input)) {
        let (filter, sifted) = Filter::changed(self.filter.take(), change);
        self.filter = filter;
        if sifted {
            self.with_sight(|sight, feed, sieve| sight.sift(feed, sieve));
            self.release();
        }
    }
}
