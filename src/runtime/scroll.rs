//! A feed that moves up by a few lines: the terminal can move what it shows, which takes a tenth of writing it anew.

use std::io::{self, Write};

use crossterm::cursor::MoveTo;
use crossterm::queue;
use ratatui::buffer::Cell;

use super::grid::{Placed, at};

/// Rows that must be spared before the terminal is asked to move them.
const WORTH: usize = 3;
/// Odd and with bits all over, so that the same sign in another column counts for something else.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

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
    /// Whether enough rows have changed, given row by row: a key that moves the cursor changes two, and costs no search.
    pub(super) fn may_be_worth(changed: &[Placed]) -> bool {
        let starts = changed.windows(2).filter(|pair| pair[0].1 != pair[1].1).count();
        starts + 1 >= WORTH
    }

    /// The move after which the least is left to write, if one spares enough of it.
    pub(super) fn between(before: &[Vec<Cell>], after: &[Vec<Cell>]) -> Option<Self> {
        let height = before.len().min(after.len());
        let changed: Vec<bool> = before.iter().zip(after).map(|(one, other)| !same(one, other)).collect();
        let count = changed.iter().filter(|changed| **changed).count();
        if count < WORTH {
            return None;
        }
        let [before, after] = [before, after].map(|rows| rows.iter().map(|row| mark(row)).collect::<Vec<_>>());
        let moves = (1..height.min(count + 1)).filter_map(|by| longest(&before, &after, &changed, by));
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
fn longest(before: &[u64], after: &[u64], changed: &[bool], by: usize) -> Option<(usize, Scroll)> {
    let mut best = None;
    let (mut from, mut spared) = (0, 0);
    for y in 0..changed.len() - by {
        if after[y] != before[y + by] {
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

/// A number that rows share which look the same. That others may share it, too, does no harm: what differs after the move
/// is written all the same.
fn mark(row: &[Cell]) -> u64 {
    let written = (1..).zip(row).filter(|(_, cell)| cell.symbol() != " ");
    written.fold(0, |sum: u64, (x, cell): (u64, _)| {
        let symbol = cell.symbol().bytes().fold(0, |whole: u64, byte| whole << 8 ^ u64::from(byte));
        sum.wrapping_add((symbol << 16 ^ u64::from(cell.modifier.bits())).wrapping_mul(x.wrapping_mul(SPREAD)))
    })
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
