//! What the reader sees of a room: which rows, from where, why they stand still, and how one gets from one to another.

use crate::app::keys::Motion;

use super::geometry::lines;
use super::reading::{Direction, Distance, Reading, Window, distance};
use super::row::{Row, Said};
use super::shown::{Missed, Rows, Shown, Sieve};

/// Rows from the top of a stopped view on that outlive the scrollback: more than any screen is high.
pub(super) const HELD: usize = 600;

/// Why a view stands still, besides a selected message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holds {
    /// Messages are marked.
    pub marks: bool,
    /// A dialog is open over it.
    pub dialog: bool,
    /// Labels stand on the rows.
    pub hints: bool,
}

/// What is seen of a room.
#[derive(Debug)]
pub struct Sight {
    reading: Reading,
    shown: Shown,
    holds: Holds,
    /// The first row that came while the reader had stopped the last time: a line is drawn above it.
    divider: Option<u64>,
    /// What was selected last.
    last: Option<u64>,
    /// Whether the texts of deleted messages are shown.
    revealed: bool,
    /// Whether the filter would let other rows through by now.
    stale: bool,
    size: (usize, usize),
}

impl Sight {
    /// A live view of an empty feed.
    pub fn new() -> Self {
        Self {
            reading: Reading::Live,
            shown: Shown::default(),
            holds: Holds::default(),
            divider: None,
            last: None,
            revealed: false,
            stale: false,
            size: (80, 20),
        }
    }

    /// Where the reader is.
    pub fn reading(&self) -> Reading {
        self.reading
    }

    /// The rows that are shown.
    pub fn shown(&self) -> &Shown {
        &self.shown
    }

    /// Why it stands still, besides a selected message.
    pub fn holds(&self) -> Holds {
        self.holds
    }

    /// What came in while it stood still.
    pub fn missed(&self) -> Missed {
        self.shown.missed()
    }

    /// The row above which a line says that what follows is new.
    pub fn divider(&self) -> Option<u64> {
        self.divider
    }

    /// A row came in.
    pub fn arrived(&mut self, rows: &dyn Rows, seq: u64, sieve: Sieve) {
        self.shown.arrived(rows, seq, sieve);
    }

    /// A rule flags a row that came before.
    pub fn flagged(&mut self, seq: u64) {
        self.shown.flagged(seq);
    }

    /// A filter may say something else of a row now; that waits while the view stands still.
    pub fn judge_anew(&mut self, rows: &dyn Rows, seq: u64, sieve: Sieve) {
        if self.reading == Reading::Live {
            self.shown.judge_anew(rows, seq, sieve);
        }
    }

    /// A row has been let go.
    pub fn forget(&mut self, seq: u64) {
        self.shown.forget(seq);
    }

    /// Whether a row must outlive the scrollback, as it is looked at.
    pub fn keeps(&self, seq: u64) -> bool {
        let Some(top) = self.reading.looking_at().filter(|top| seq >= *top) else { return false };
        self.reading.selected() == Some(seq)
            || (self.shown.has(seq) && self.shown.from(top).take(HELD).any(|row| row == seq))
    }

    fn with_window<R>(&mut self, rows: &dyn Rows, act: impl FnOnce(&mut Reading, &Shown, Window) -> R) -> R {
        let Self { reading, shown, size: (width, height), divider, .. } = self;
        let lines = |seq| lines_of(rows, shown, *divider, seq, *width);
        let selectable = |seq| rows.row(seq).is_some_and(|row| row.message().is_some());
        act(reading, shown, Window { height: *height, lines: &lines, selectable: &selectable })
    }

    /// The rows that are on the screen, each with the line where it begins.
    pub fn visible(&self, rows: &dyn Rows) -> Vec<(u64, i64)> {
        let (width, height) = self.size;
        let lines = |seq| lines_of(rows, &self.shown, self.divider, seq, width);
        let window = Window { height, lines: &lines, selectable: &|_| true };
        self.reading.visible(&self.shown, window).collect()
    }

    /// The rows whose beginning is on the screen, and so who wrote them.
    pub fn beginnings(&self, rows: &dyn Rows) -> impl Iterator<Item = u64> {
        self.visible(rows).into_iter().filter(|(_, line)| *line >= 0).map(|(seq, _)| seq)
    }

    /// The message that takes this line of the screen, if one does.
    pub fn at_line(&self, rows: &dyn Rows, line: i64) -> Option<u64> {
        let (seq, from) = self.visible(rows).into_iter().rfind(|(_, from)| *from <= line)?;
        let lines = lines_of(rows, &self.shown, self.divider, seq, self.size.0);
        let is_there = line - from < i64::try_from(lines).unwrap_or(i64::MAX);
        Some(seq).filter(|seq| is_there && rows.row(*seq).is_some_and(|row| row.message().is_some()))
    }

    /// The view stands still from now on, whatever for; false if there is nothing in it.
    fn stop(&mut self, rows: &dyn Rows) -> bool {
        let stopped = self.with_window(rows, Reading::stop);
        if stopped {
            self.shown.freeze();
        }
        stopped
    }

    /// Changes why it stands still; with no reason left it goes on.
    pub fn hold(&mut self, holds: Holds, rows: &dyn Rows, sieve: Sieve) {
        self.holds = holds;
        if holds != Holds::default() {
            self.stop(rows);
        } else if self.reading.selected().is_none() {
            self.resume(rows, sieve);
        }
    }

    /// Nothing is selected any more. It goes on unless something else holds it.
    pub fn let_go(&mut self, rows: &dyn Rows, sieve: Sieve) {
        self.last = self.reading.selected().or(self.last);
        if let Reading::Stopped(stop) = &mut self.reading {
            stop.selected = None;
        }
        self.hold(self.holds, rows, sieve);
    }

    fn resume(&mut self, rows: &dyn Rows, sieve: Sieve) {
        if self.reading != Reading::Live {
            self.reading = Reading::Live;
            self.divider = self.shown.thaw(rows, sieve).or(self.divider);
            if std::mem::take(&mut self.stale) {
                self.shown.rebuild(rows, sieve);
            }
        }
    }

    /// The filter would let other rows through than it did: at once, or when nothing is read any more that would move.
    pub fn sift_later(&mut self, rows: &dyn Rows, sieve: Sieve) {
        if self.reading == Reading::Live {
            self.sift(rows, sieve);
        } else {
            self.stale = true;
        }
    }

    /// Selects a row that is shown.
    pub fn select(&mut self, seq: u64, rows: &dyn Rows) {
        if self.shown.has(seq) && self.stop(rows) {
            self.with_window(rows, |reading, shown, window| reading.select(seq, shown, window));
        }
    }

    /// Back to what was selected last; false if it is not here any more.
    pub fn return_to_last(&mut self, rows: &dyn Rows) -> bool {
        let last = self.last.filter(|seq| self.shown.has(*seq));
        if let Some(seq) = last {
            self.select(seq, rows);
        }
        last.is_some()
    }

    /// Moves over messages. Any motion but [`Motion::Bottom`] stops the view.
    pub fn go(&mut self, motion: Motion, rows: &dyn Rows, sieve: Sieve) {
        match distance(motion, self.size.1) {
            Distance::End => self.let_go(rows, sieve),
            Distance::First => {
                let selectable = |seq: &u64| rows.row(*seq).is_some_and(|row| row.message().is_some());
                let first = self.shown.from(0).find(selectable);
                if let Some(first) = first {
                    self.select(first, rows);
                }
            }
            Distance::Lines(direction, lines) => self.step(direction, lines, rows, sieve),
        }
    }

    fn step(&mut self, direction: Direction, lines: usize, rows: &dyn Rows, sieve: Sieve) {
        if !self.stop(rows) {
            return;
        }
        let step = |sight: &mut Self, lines| {
            sight.with_window(rows, |reading, shown, window| reading.step(direction, lines, shown, window))
        };
        let mut left = step(self, lines);
        // Below the last row that was shown the next one comes in, one at a time.
        while direction == Direction::Down && left > 0 && self.shown.extend(rows, sieve) {
            left = step(self, left);
        }
    }

    /// Selects the next row like this; from a live view the first one on the screen, or else the last one above it.
    pub fn seek(&mut self, direction: Direction, rows: &dyn Rows, sieve: Sieve, is_it: &dyn Fn(&Row) -> bool) -> bool {
        let is_it = |seq: &u64| rows.row(*seq).is_some_and(is_it);
        let found = match (self.reading.selected(), direction) {
            (None, _) => {
                let visible = self.visible(rows);
                let top = visible.first().map_or(0, |(seq, _)| *seq);
                visible.into_iter().map(|(seq, _)| seq).find(is_it).or_else(|| self.shown.before(top).find(is_it))
            }
            (Some(seq), Direction::Up) => self.shown.before(seq).find(is_it),
            (Some(seq), Direction::Down) => {
                let below = self.shown.from(seq + 1).find(is_it);
                below.or_else(|| self.come_down_to(rows, sieve, &is_it))
            }
        };
        if let Some(seq) = found {
            self.select(seq, rows);
        }
        found.is_some()
    }

    /// Lets rows in below the last until one is like this.
    fn come_down_to(&mut self, rows: &dyn Rows, sieve: Sieve, is_it: &dyn Fn(&u64) -> bool) -> Option<u64> {
        while self.shown.extend(rows, sieve) {
            if let Some(last) = self.shown.last().filter(is_it) {
                return Some(last);
            }
        }
        None
    }

    /// Selects the next message that nobody has acted on, among those that are shown: later ones first, then earlier.
    pub fn select_next_unhandled(&mut self, rows: &dyn Rows) {
        let Some(selected) = self.reading.selected() else { return };
        let standing = |seq: &u64| rows.row(*seq).and_then(Row::message).is_some_and(Said::is_standing);
        let next = self.shown.from(selected + 1).find(standing).or_else(|| self.shown.before(selected).find(standing));
        if let Some(seq) = next {
            self.select(seq, rows);
        }
    }

    /// Shows all messages of the selected folded row, or one again; false if it is not one.
    pub fn turn_fold(&mut self, rows: &dyn Rows) -> bool {
        let Some(seq) = self.reading.selected() else { return false };
        let turned = self.shown.turn(rows, seq);
        self.with_window(rows, Reading::settle);
        turned
    }

    /// The filter is another one: what is selected stays so if it is still shown, else the next one is.
    pub fn sift(&mut self, rows: &dyn Rows, sieve: Sieve) {
        self.stale = false;
        self.shown.rebuild(rows, sieve);
        if let Some(seq) = self.reading.selected() {
            let message = |seq: &u64| rows.row(*seq).is_some_and(|row| row.message().is_some());
            let near = self.shown.from(seq).find(message).or_else(|| self.shown.before(seq).find(message));
            if let Reading::Stopped(stop) = &mut self.reading {
                stop.selected = near;
            }
        }
        self.with_window(rows, Reading::settle);
        self.hold(self.holds, rows, sieve);
    }

    /// Whether the texts of deleted messages are shown.
    pub fn is_revealed(&self) -> bool {
        self.revealed
    }

    /// Shows the texts of deleted messages, or hides them again.
    pub fn turn_reveal(&mut self) {
        self.revealed = !self.revealed;
    }

    /// The pane has this many columns and lines now.
    pub fn resize(&mut self, size: (usize, usize), rows: &dyn Rows) {
        if self.size != size {
            self.size = size;
            self.with_window(rows, Reading::settle);
        }
    }

    /// Columns and lines of the pane.
    pub fn size(&self) -> (usize, usize) {
        self.size
    }
}

impl Default for Sight {
    fn default() -> Self {
        Self::new()
    }
}

/// Lines that a row takes: a folded one takes one, whatever it stands for, and the divider is a line above its row.
fn lines_of(rows: &dyn Rows, shown: &Shown, divider: Option<u64>, seq: u64, width: usize) -> usize {
    let own = match rows.row(seq) {
        None => 0,
        Some(_) if shown.fold(seq).is_some() => 1,
        Some(row) => lines(row, width),
    };
    own + usize::from(divider == Some(seq))
}

#[cfg(test)]
mod tests;
