//! What the terminal shows, as far as we told it, and the least that must be written to change it.

use ratatui::buffer::Cell;

use crate::app::text::width;

use super::scroll::Scroll;

/// A cell and where it goes.
pub(super) type Placed = (u16, u16, Cell);

/// Unchanged cells between two changed ones that are written all the same: moving the cursor over them takes more.
const BRIDGE: u16 = 6;

/// What the terminal shows.
#[derive(Debug, Default)]
pub(super) struct Grid {
    rows: Vec<Vec<Cell>>,
}

impl Grid {
    /// Takes the changed cells in, and cuts what is to be written into runs, each of which begins by moving the cursor.
    ///
    /// After a cell whose width terminals disagree on the cursor may be anywhere, and what stands behind it may have
    /// been overwritten. So a row that holds such a cell, or held one, is written anew from end to end.
    pub(super) fn runs(&mut self, changed: impl IntoIterator<Item = Placed>) -> Vec<Vec<Placed>> {
        let mut runs: Vec<Vec<Placed>> = vec![Vec::new()];
        let mut doubtful_rows = Vec::new();
        let mut looked_at = None;
        for (x, y, cell) in changed {
            let row = self.row(y);
            // What a row held is looked at once, before its first change.
            let held = looked_at.replace(y) != Some(y) && row.iter().any(is_doubtful);
            if doubtful_rows.last() != Some(&y) && (held || is_doubtful(&cell)) {
                doubtful_rows.push(y);
            }
            put(row, x, cell.clone());
            runs[0].push((x, y, cell));
        }
        runs[0].retain(|(_, y, _)| !doubtful_rows.contains(y));
        runs[0] = self.bridged(std::mem::take(&mut runs[0]));
        for y in doubtful_rows {
            whole_row(&mut runs, y, self.row(y));
        }
        runs.retain(|run| !run.is_empty());
        runs
    }

    /// Fills small gaps between changed cells with what stands there.
    fn bridged(&self, changed: Vec<Placed>) -> Vec<Placed> {
        let mut bridged: Vec<Placed> = Vec::with_capacity(changed.len());
        for placed in changed {
            if let Some(last) = bridged.last() {
                let gap = self.gap(last, &placed);
                bridged.extend(gap);
            }
            bridged.push(placed);
        }
        bridged
    }

    /// The cells between two, if they are few and look like the first.
    fn gap(&self, (x, y, cell): &Placed, (to, to_row, _): &Placed) -> Vec<Placed> {
        let from = x + u16::try_from(columns(cell)).unwrap_or(1);
        if y != to_row || *to <= from || to - from > BRIDGE {
            return Vec::new();
        }
        let Some(row) = self.rows.get(usize::from(*y)) else { return Vec::new() };
        let between: Vec<Placed> =
            (from..*to).zip(&row[usize::from(from)..]).map(|(x, cell)| (x, *y, cell.clone())).collect();
        let plain =
            |(_, _, other): &Placed| columns(other) == 1 && other.style() == cell.style() && other.symbol().is_ascii();
        if between.iter().all(plain) { between } else { Vec::new() }
    }

    fn row(&mut self, y: u16) -> &mut Vec<Cell> {
        let y = usize::from(y);
        if self.rows.len() <= y {
            self.rows.resize_with(y + 1, Vec::new);
        }
        &mut self.rows[y]
    }

    /// What it will be with these cells changed, row by row.
    pub(super) fn with(&self, changed: &[Placed]) -> Vec<Vec<Cell>> {
        let mut after = Self { rows: self.rows.clone() };
        for (x, y, cell) in changed {
            put(after.row(*y), *x, cell.clone());
        }
        after.rows
    }

    /// The rows.
    pub(super) fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// Part of it moves up; blank rows come in from below.
    pub(super) fn scroll(&mut self, Scroll { top, bottom, by }: Scroll) {
        self.rows[top..=bottom].rotate_left(by);
        for row in &mut self.rows[bottom + 1 - by..=bottom] {
            row.clear();
        }
    }

    /// The cells in which it differs from this.
    pub(super) fn difference(&self, after: &[Vec<Cell>]) -> Vec<Placed> {
        let mut changed = Vec::new();
        let no_row = Vec::new();
        for (y, row) in (0..).zip(after) {
            let before = self.rows.get(usize::from(y)).unwrap_or(&no_row);
            let mut x = 0;
            while x < row.len().max(before.len()) {
                let cell = at(row, x);
                if cell != at(before, x) {
                    changed.push((u16::try_from(x).unwrap_or(u16::MAX), y, cell.clone()));
                }
                x += columns(cell);
            }
        }
        changed
    }
}

/// The cell at this place; beyond what was ever written there is nothing.
pub(super) fn at(row: &[Cell], x: usize) -> &Cell {
    row.get(x).unwrap_or(&Cell::EMPTY)
}

/// Puts a cell into a row. The cells behind a wide one are its own; what stood there is gone.
fn put(row: &mut Vec<Cell>, x: u16, cell: Cell) {
    let (x, wide) = (usize::from(x), columns(&cell));
    if row.len() < x + wide {
        row.resize(x + wide, Cell::EMPTY);
    }
    for covered in &mut row[x + 1..x + wide] {
        *covered = Cell::EMPTY;
    }
    row[x] = cell;
}

/// Appends the runs of a whole row.
fn whole_row(runs: &mut Vec<Vec<Placed>>, y: u16, row: &[Cell]) {
    let mut run = Vec::new();
    let mut x = 0;
    while let Some(cell) = row.get(usize::from(x)) {
        let wide = u16::try_from(columns(cell)).unwrap_or(1);
        if is_doubtful(cell) {
            // Blank first: a terminal that draws it narrower would leave what stood under its second half.
            run.extend((x..x + wide).map(|x| (x, y, blank_like(cell))));
            runs.push(std::mem::take(&mut run));
            runs.push(vec![(x, y, cell.clone())]);
        } else {
            run.push((x, y, cell.clone()));
        }
        x += wide;
    }
    runs.push(run);
}

/// Columns that a cell takes. Nearly all hold one byte, and a frame asks for thousands.
fn columns(cell: &Cell) -> usize {
    let symbol = cell.symbol();
    if symbol.len() == 1 { 1 } else { width(symbol).max(1) }
}

fn blank_like(cell: &Cell) -> Cell {
    let mut blank = cell.clone();
    blank.set_symbol(" ");
    blank
}

/// Whether terminals disagree on a cell's width: clusters of several code points (emoji families, flags, letters with
/// marks), and wide signs outside the East Asian blocks.
fn is_doubtful(cell: &Cell) -> bool {
    let symbol = cell.symbol();
    if symbol.len() == 1 {
        return false;
    }
    let mut chars = symbol.chars();
    let first = chars.next().unwrap_or(' ');
    chars.next().is_some() || first >= '\u{1f000}' || (first < '\u{2e80}' && width(symbol) != 1)
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Style};

    use super::*;

    fn cells(text: &str) -> Vec<Placed> {
        text.chars().zip(0..).map(|(c, x)| (x, 0, Cell::from(c))).collect()
    }

    #[test]
    fn plain_rows_are_written_as_they_changed() {
        let mut grid = Grid::default();
        assert_eq!(grid.runs(cells("hello")), [cells("hello")]);
    }

    #[test]
    fn a_small_gap_is_written_over_and_a_large_or_coloured_one_is_not() {
        let mut grid = Grid::default();
        grid.runs(cells("one two three four five"));
        let change = |from: u16, to: u16| vec![(from, 0, Cell::from('X')), (to, 0, Cell::from('Y'))];
        let columns = |runs: Vec<Vec<Placed>>| runs.concat().iter().map(|(x, _, _)| *x).collect::<Vec<_>>();
        assert_eq!(columns(grid.runs(change(3, 7))), [3, 4, 5, 6, 7]);
        assert_eq!(columns(grid.runs(change(0, 20))), [0, 20]);
        let mut red = Cell::from('r');
        red.set_style(Style::new().fg(Color::Red));
        grid.runs(vec![(9, 0, red)]);
        assert_eq!(columns(grid.runs(change(8, 10))), [8, 10]);
    }

    #[test]
    fn the_difference_is_what_changed_and_a_wide_sign_counts_once() {
        let mut grid = Grid::default();
        grid.runs(vec![(0, 0, Cell::from('a')), (1, 0, Cell::from('b'))]);
        let after = grid.with(&[(1, 0, Cell::from('ね')), (5, 1, Cell::from('x'))]);
        let changed = grid.difference(&after);
        assert_eq!(changed, [(1, 0, Cell::from('ね')), (5, 1, Cell::from('x'))]);
    }
}
