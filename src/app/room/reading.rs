//! Where the reader of a feed is: at its live end, or stopped while nothing on the screen moves.

use crate::app::keys::Motion;

use super::shown::Shown;

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
    /// The selected message's row, if one is selected.
    pub selected: Option<u64>,
    /// The first row on the screen.
    pub top: u64,
    /// Lines of the first row that are above the screen.
    pub skip: usize,
}

/// The room that a feed has on the screen.
#[derive(Clone, Copy)]
pub struct Window<'a> {
    /// Lines of the pane.
    pub height: usize,
    /// Lines that a row takes, wrapped.
    pub lines: &'a dyn Fn(u64) -> usize,
    /// Whether a row can be selected: messages can.
    pub selectable: &'a dyn Fn(u64) -> bool,
}

/// Up or down the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To older rows.
    Up,
    /// To newer ones.
    Down,
}

/// How far a motion goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// So many lines at least, in this direction.
    Lines(Direction, usize),
    /// To the first message that is held.
    First,
    /// To the live end.
    End,
}

/// What a motion means in a pane of this height.
pub fn distance(motion: Motion, height: usize) -> Distance {
    let (page, half) = (height.max(2) - 1, (height / 2).max(1));
    match motion {
        Motion::Up => Distance::Lines(Direction::Up, 1),
        Motion::Down => Distance::Lines(Direction::Down, 1),
        Motion::HalfPageUp => Distance::Lines(Direction::Up, half),
        Motion::HalfPageDown => Distance::Lines(Direction::Down, half),
        Motion::PageUp => Distance::Lines(Direction::Up, page),
        Motion::PageDown => Distance::Lines(Direction::Down, page),
        Motion::Top => Distance::First,
        Motion::Bottom => Distance::End,
    }
}

impl Reading {
    /// The row that is selected, if any is.
    pub fn selected(self) -> Option<u64> {
        match self {
            Self::Live => None,
            Self::Stopped(stop) => stop.selected,
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
    pub fn top(self, shown: &Shown, window: Window) -> Option<(u64, usize)> {
        match self {
            Self::Live => live_top(shown, window),
            Self::Stopped(stop) => Some((stop.top, stop.skip)),
        }
    }

    /// The live view stops where it is; nothing is selected yet. False if there is nothing to stop on.
    pub fn stop(&mut self, shown: &Shown, window: Window) -> bool {
        if *self == Self::Live
            && let Some((top, skip)) = live_top(shown, window)
        {
            *self = Self::Stopped(Stop { selected: None, top, skip });
        }
        *self != Self::Live
    }

    /// Selects this row and scrolls no further than is needed to show it.
    pub fn select(&mut self, seq: u64, shown: &Shown, window: Window) {
        if let Self::Stopped(stop) = self {
            stop.selected = Some(seq);
            stop.show(seq, shown, window);
        }
    }

    /// The message from which a motion starts; a first step only selects the newest one on the screen.
    fn start(self, shown: &Shown, window: Window) -> Option<(u64, bool)> {
        match self.selected() {
            Some(seq) => Some((seq, false)),
            None => self.lowest(shown, window).map(|seq| (seq, true)),
        }
    }

    /// The last message that is on the screen.
    fn lowest(self, shown: &Shown, window: Window) -> Option<u64> {
        self.visible(shown, window).filter(|(seq, _)| (window.selectable)(*seq)).last().map(|(seq, _)| seq)
    }

    /// The rows that are on the screen, each with the line where it begins; the first may begin above it.
    pub fn visible<'a>(self, shown: &'a Shown, window: Window<'a>) -> impl Iterator<Item = (u64, i64)> + 'a {
        let (top, skip) = self.top(shown, window).unwrap_or((u64::MAX, 0));
        let mut line = -i64::try_from(skip).unwrap_or_default();
        let height = i64::try_from(window.height).unwrap_or_default();
        shown.from(top).map_while(move |seq| {
            let at = line;
            line += i64::try_from((window.lines)(seq)).unwrap_or_default();
            (at < height).then_some((seq, at))
        })
    }

    /// Moves over messages that are shown until so many lines are behind; returns the lines that are left when there
    /// is no further row.
    pub fn step(&mut self, direction: Direction, lines: usize, shown: &Shown, window: Window) -> usize {
        let Some((mut at, first)) = self.start(shown, window) else { return 0 };
        let mut passed = usize::from(first);
        while passed < lines {
            let next = match direction {
                Direction::Up => shown.before(at).find(|seq| (window.selectable)(*seq)),
                Direction::Down => shown.from(at + 1).find(|seq| (window.selectable)(*seq)),
            };
            let Some(next) = next else { break };
            passed += (window.lines)(next).max(1);
            at = next;
        }
        self.select(at, shown, window);
        lines.saturating_sub(passed)
    }

    /// The pane has another size, or other rows: what is selected, or was on top, stays on the screen.
    pub fn settle(&mut self, shown: &Shown, window: Window) {
        if let Self::Stopped(stop) = self {
            stop.skip = 0;
            if !shown.has(stop.top)
                && let Some(top) = shown.from(stop.top).next().or_else(|| shown.last())
            {
                stop.top = top;
            }
            if let Some(seq) = stop.selected {
                stop.show(seq, shown, window);
            }
        }
    }
}

/// The first row of a view whose last line is the feed's last line.
fn live_top(shown: &Shown, window: Window) -> Option<(u64, usize)> {
    let mut lines = 0;
    let mut top = None;
    for seq in shown.before(u64::MAX) {
        lines += (window.lines)(seq);
        top = Some((seq, lines.saturating_sub(window.height)));
        if lines >= window.height {
            break;
        }
    }
    top
}

impl Stop {
    /// Scrolls no further than is needed to show the whole of a row.
    fn show(&mut self, seq: u64, shown: &Shown, window: Window) {
        if seq <= self.top {
            (self.top, self.skip) = (seq, 0);
            return;
        }
        let mut lines = 0;
        for row in std::iter::once(seq).chain(shown.before(seq)) {
            if row < self.top {
                break;
            }
            lines += (window.lines)(row);
            if lines >= window.height {
                // A row higher than the pane shows its beginning.
                let skip = if row == seq { 0 } else { lines - window.height };
                if (row, skip) > (self.top, self.skip) {
                    (self.top, self.skip) = (row, skip);
                }
                break;
            }
        }
    }
}
