//! Where the reader of a feed is: at its live end, or stopped on a message while nothing on the screen moves.

use crate::app::keys::Motion;

use super::feed::Feed;
use super::row::Row;

/// Where the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// At the end: new rows come in from below.
    #[default]
    Live,
    /// Stopped: the same rows stay in the same places whatever comes in.
    Stopped(Stop),
}

/// A stopped view. All rows are named by their numbers, which never change hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The selected message's row.
    pub selected: u64,
    /// The first row on the screen.
    pub top: u64,
    /// Lines of the first row that are above the screen.
    pub skip: usize,
    /// The last row that the reader has been shown.
    pub end: u64,
}

/// The room that a feed has on the screen: lines, and how many of them a row takes.
#[derive(Clone, Copy)]
pub struct Window<'a> {
    /// Lines of the pane.
    pub height: usize,
    /// Lines that a row takes, wrapped.
    pub lines: &'a dyn Fn(&Row) -> usize,
}

impl Reading {
    /// The row that is selected, if any is.
    pub fn selected(self) -> Option<u64> {
        match self {
            Self::Live => None,
            Self::Stopped(stop) => Some(stop.selected),
        }
    }

    /// The first row on the screen while stopped: the feed must not forget it.
    pub fn looking_at(self) -> Option<u64> {
        match self {
            Self::Live => None,
            Self::Stopped(stop) => Some(stop.top),
        }
    }

    /// The first row to draw, and how many of its lines are above the screen.
    pub fn top(self, feed: &Feed, window: Window) -> Option<(u64, usize)> {
        match self {
            Self::Live => live_top(feed, window),
            Self::Stopped(stop) => Some((stop.top, stop.skip)),
        }
    }

    /// The last row to draw.
    pub fn end(self, feed: &Feed) -> Option<u64> {
        match self {
            Self::Live => feed.last(),
            Self::Stopped(stop) => Some(stop.end),
        }
    }

    /// Messages that have come since the view stopped and have not been shown.
    pub fn unseen(self, feed: &Feed) -> usize {
        match self {
            Self::Live => 0,
            Self::Stopped(stop) => feed.from(stop.end + 1).filter(|row| row.message().is_some()).count(),
        }
    }

    /// Moves over messages. Any motion but [`Motion::Bottom`], which goes back to live, stops the view.
    pub fn go(&mut self, motion: Motion, feed: &mut Feed, window: Window) {
        let (page, half) = (window.height.max(2) - 1, (window.height / 2).max(1));
        match motion {
            Motion::Up => self.step(feed, window, 1, previous),
            Motion::Down => self.step(feed, window, 1, next),
            Motion::HalfPageUp => self.step(feed, window, half, previous),
            Motion::HalfPageDown => self.step(feed, window, half, next),
            Motion::PageUp => self.step(feed, window, page, previous),
            Motion::PageDown => self.step(feed, window, page, next),
            Motion::Top => self.select_first(feed, window),
            Motion::Bottom => {
                *self = Self::Live;
                feed.release();
            }
        }
    }

    /// Selects the next message that still stands, among those that have been shown: later ones first, then earlier.
    pub fn select_next_standing(&mut self, feed: &Feed, window: Window) {
        let Self::Stopped(stop) = self else { return };
        let standing = |row: &&Row| row.message().is_some_and(super::row::Said::is_standing);
        let later = feed.from(stop.selected + 1).take_while(|row| row.seq <= stop.end).find(standing);
        let earlier = || stop.selected.checked_sub(1).and_then(|seq| feed.back_from(seq).find(standing));
        if let Some(row) = later.or_else(earlier) {
            stop.selected = row.seq;
            stop.show_selected(feed, window);
        }
    }

    /// The pane has another size: the selected row stays on the screen.
    pub fn resize(&mut self, feed: &Feed, window: Window) {
        if let Self::Stopped(stop) = self {
            stop.skip = 0;
            stop.show_selected(feed, window);
        }
    }

    /// Moves over messages until `lines` lines are behind; the first step from live only stops on the newest one.
    fn step(&mut self, feed: &Feed, window: Window, lines: usize, to: fn(&Feed, u64) -> Option<&Row>) {
        let mut passed = 0;
        if *self == Self::Live {
            let Some(stop) = stop(feed, window) else { return };
            *self = Self::Stopped(stop);
            passed = 1;
        }
        let Self::Stopped(stop) = self else { return };
        while passed < lines {
            let Some(row) = to(feed, stop.selected) else { break };
            passed += (window.lines)(row);
            stop.selected = row.seq;
        }
        stop.end = stop.end.max(stop.selected);
        stop.show_selected(feed, window);
    }

    fn select_first(&mut self, feed: &Feed, window: Window) {
        let Some(stop) = stop(feed, window) else { return };
        let Some(first) = feed.from(0).find(|row| row.message().is_some()) else { return };
        let end = self.end(feed).unwrap_or(stop.end);
        let mut stop = Stop { selected: first.seq, end, ..stop };
        stop.show_selected(feed, window);
        *self = Self::Stopped(stop);
    }
}

fn previous(feed: &Feed, seq: u64) -> Option<&Row> {
    feed.back_from(seq.checked_sub(1)?).find(|row| row.message().is_some())
}

fn next(feed: &Feed, seq: u64) -> Option<&Row> {
    feed.from(seq + 1).find(|row| row.message().is_some())
}

/// The live view, stopped where it is, on the newest message.
fn stop(feed: &Feed, window: Window) -> Option<Stop> {
    let (top, skip) = live_top(feed, window)?;
    let end = feed.last()?;
    let selected = feed.back_from(end).find(|row| row.message().is_some())?.seq;
    let mut stop = Stop { selected, top, skip, end };
    stop.show_selected(feed, window);
    Some(stop)
}

/// The first row of a view whose last line is the feed's last line.
fn live_top(feed: &Feed, window: Window) -> Option<(u64, usize)> {
    let mut lines = 0;
    let mut top = None;
    for row in feed.back_from(feed.last()?) {
        lines += (window.lines)(row);
        top = Some((row.seq, lines.saturating_sub(window.height)));
        if lines >= window.height {
            break;
        }
    }
    top
}

impl Stop {
    /// Scrolls no further than is needed to show the whole selected row.
    fn show_selected(&mut self, feed: &Feed, window: Window) {
        if self.selected <= self.top {
            (self.top, self.skip) = (self.selected, 0);
        }
        let shown: usize =
            feed.from(self.top).take_while(|row| row.seq <= self.selected).map(|row| (window.lines)(row)).sum();
        let mut over = shown.saturating_sub(self.skip).saturating_sub(window.height);
        while over > 0 {
            let Some(row) = feed.row(self.top) else { break };
            let rest = (window.lines)(row) - self.skip;
            if self.top == self.selected {
                // A row higher than the pane shows its beginning.
                self.skip = 0;
                break;
            }
            if rest > over {
                self.skip += over;
                break;
            }
            over -= rest;
            self.skip = 0;
            let Some(below) = feed.from(self.top + 1).next() else { break };
            self.top = below.seq;
        }
    }
}

#[cfg(test)]
mod tests;
