//! A feed that moves up by a few lines: the terminal can move what it shows, which takes a tenth of writing it anew.

use std::io::{self, Write};

use crossterm::cursor::MoveTo;
use crossterm::queue;
use ratatui::buffer::Cell;

use super::grid::at;

/// Rows that must be spared before the terminal is asked to move them.
const WORTH: usize = 3;

/// A part of the screen that moves up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scroll {
    /// Its first row.
    pub(super) top: usize,
    /// Its last row.
    pub(super) bottom: usize,
    /// By how many rows.
    pub(super) by: usize,
}

impl Scroll {
    /// The move after which the least is left to write, if one spares enough of it.
    pub(super) fn between(before: &[Vec<Cell>], after: &[Vec<Cell>]) -> Option<Self> {
        let height = before.len().min(after.len());
        let changed: Vec<bool> = before.iter().zip(after).map(|(one, other)| !same(one, other)).collect();
        let count = changed.iter().filter(|changed| **changed).count();
        if count < WORTH {
            return None;
        }
        let moves = (1..height.min(count + 1)).filter_map(|by| longest(before, after, &changed, by));
        moves.max_by_key(|(spared, scroll)| (*spared, height - scroll.by)).map(|(_, scroll)| scroll)
    }

    /// Tells the terminal. Line feeds at the end of a region move it up on every terminal there is; attributes are plain
    /// here, so that blank rows come in.
    pub(super) fn write(self, out: &mut impl Write) -> io::Result<()> {
        let bottom = u16::try_from(self.bottom).unwrap_or(u16::MAX);
        write!(out, "\x1b[{};{}r", self.top + 1, self.bottom + 1)?;
        queue!(out, MoveTo(0, bottom))?;
        for _ in 0..self.by {
            out.write_all(b"\n")?;
        }
        out.write_all(b"\x1b[r")
    }
}

/// Of the rows that are the same after moving up by so many, the stretch that spares the most, and how many rows it spares.
fn longest(before: &[Vec<Cell>], after: &[Vec<Cell>], changed: &[bool], by: usize) -> Option<(usize, Scroll)> {
    let mut best = None;
    let (mut from, mut spared) = (0, 0);
    for y in 0..changed.len() - by {
        if !same(&after[y], &before[y + by]) {
            (from, spared) = (y + 1, 0);
            continue;
        }
        spared += usize::from(changed[y]);
        if spared >= WORTH && best.is_none_or(|(most, _)| spared > most) {
            best = Some((spared, Scroll { top: from, bottom: y + by, by }));
        }
    }
    best
}

/// Whether two rows look the same.
fn same(one: &[Cell], other: &[Cell]) -> bool {
    (0..one.len().max(other.len())).all(|x| at(one, x) == at(other, x))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[&str]) -> Vec<Vec<Cell>> {
        text.iter().map(|row| row.chars().map(Cell::from).collect()).collect()
    }

    #[test]
    fn a_feed_between_a_frame_s_lines_moves_up() {
        let before = rows(&["+--+", "|a |", "|b |", "|c |", "|d |", "|e |", "+--+", "status"]);
        let after = rows(&["+--+", "|c |", "|d |", "|e |", "|f |", "|g |", "+--+", "stable"]);
        assert_eq!(Scroll::between(&before, &after), Some(Scroll { top: 1, bottom: 5, by: 2 }));
    }

    #[test]
    fn what_spares_little_is_not_worth_it() {
        let before = rows(&["a", "b", "c", "d"]);
        assert_eq!(Scroll::between(&before, &rows(&["b", "c", "d", "d"])).map(|scroll| scroll.by), Some(1));
        assert_eq!(Scroll::between(&before, &rows(&["b", "c", "x", "y"])), None);
        assert_eq!(Scroll::between(&before, &before), None);
        assert_eq!(Scroll::between(&[], &[]), None);
    }
}
