//! A table: which of its columns a width has room for, and a row of cells in them.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::text::{fit, fit_end, width};

/// From this width on a list is a table: with a header row, and with room for its first column.
pub const TABLE: usize = 60;

/// Blank cells between two columns.
const GAP: usize = 2;

/// On which side of its column a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Texts.
    Left,
    /// Numbers.
    Right,
}

/// A column that a table may have. Widths are in cells.
#[derive(Debug, Clone, Copy)]
pub struct Column<K> {
    /// Which one it is.
    pub kind: K,
    /// Its heading.
    pub title: &'static str,
    /// Where its texts stand.
    pub align: Align,
    /// Below this it is not worth having.
    pub least: usize,
    /// The same in a table, where more columns must not come at its cost.
    pub in_table: usize,
    /// Beyond this it gains nothing.
    pub most: usize,
}

/// A column that is shown, so wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed<K> {
    /// Which one it is.
    pub kind: K,
    /// Its heading.
    pub title: &'static str,
    /// Where its texts stand.
    pub align: Align,
    /// Its width.
    pub cells: usize,
}

/// The columns that fit into a pane `width` wide behind `indent` cells: they come in order of worth, the first always,
/// and each of the others as long as all before it fit. What is left over goes to the first that can use it.
pub fn place<K: Copy>(columns: &[Column<K>], width: usize, indent: usize) -> Vec<Placed<K>> {
    let least = |column: &Column<K>| if width < TABLE { column.least } else { column.in_table };
    // One cell stays free, or the last column would touch the frame.
    let cells = width.saturating_sub(indent + 1);
    let mut used = 0;
    let mut placed = Vec::new();
    for column in columns {
        let more = least(column) + if placed.is_empty() { 0 } else { GAP };
        if used + more > cells && !placed.is_empty() {
            break;
        }
        used += more;
        let Column { kind, title, align, .. } = *column;
        placed.push(Placed { kind, title, align, cells: least(column) });
    }
    let mut left = cells.saturating_sub(used);
    for (placed, column) in placed.iter_mut().zip(columns) {
        let more = left.min(column.most.saturating_sub(placed.cells));
        placed.cells += more;
        left -= more;
    }
    placed
}

/// What stands in one column of one row.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    text: String,
    style: Style,
    cut: Cut,
}

/// Where a text that does not fit is cut.
#[derive(Debug, Clone, Copy, Default)]
enum Cut {
    #[default]
    End,
    /// Behind so many bytes.
    Behind(usize),
}

impl Cell {
    /// A text, which must be safe to show.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style, cut: Cut::End }
    }

    /// A text whose end tells more than its start, such as a path: it is cut at the front, behind its scheme if it has
    /// one (`cloudwatch:`, `s3://`).
    pub fn path(text: impl Into<String>, style: Style) -> Self {
        let text = text.into();
        let scheme = text.find("://").map(|at| at + 3).or_else(|| text.find(':').map(|at| at + 1));
        Self { cut: Cut::Behind(scheme.unwrap_or_default()), text, style }
    }

    fn fitted(&self, cells: usize) -> String {
        match self.cut {
            Cut::End => fit(&self.text, cells),
            Cut::Behind(at) => {
                let (scheme, rest) = self.text.split_at(at);
                // Most of the room must be left for what is behind it.
                match cells.checked_sub(width(scheme)).filter(|left| *left > cells / 2) {
                    Some(left) => format!("{scheme}{}", fit_end(rest, left)),
                    None => fit_end(&self.text, cells),
                }
            }
        }
    }
}

/// Lays the cells of a row out. A text on the left runs on over empty cells next to it rather than being cut.
pub fn row<K>(columns: &[Placed<K>], cells: Vec<Cell>) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut cells = columns.iter().zip(cells).peekable();
    let mut first = true;
    while let Some((column, cell)) = cells.next() {
        let mut room = column.cells;
        if column.align == Align::Left {
            while let Some((empty, _)) = cells.next_if(|(_, next)| next.text.is_empty()) {
                room += GAP + empty.cells;
            }
        }
        let text = cell.fitted(room);
        let pad = Span::raw(" ".repeat(room.saturating_sub(width(&text))));
        let text = Span::styled(text, cell.style);
        if !std::mem::take(&mut first) {
            spans.push(Span::raw(" ".repeat(GAP)));
        }
        match column.align {
            Align::Left => spans.extend([text, pad]),
            Align::Right => spans.extend([pad, text]),
        }
    }
    spans
}

/// The header row, behind `indent` blank cells.
pub fn header<K>(columns: &[Placed<K>], indent: usize, style: Style) -> Line<'static> {
    let cells = columns.iter().map(|column| Cell::new(column.title, style)).collect();
    let mut spans = vec![Span::raw(" ".repeat(indent))];
    spans.extend(row(columns, cells));
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> [Column<char>; 3] {
        let column = |kind, align, least, in_table, most| Column { kind, title: "T", align, least, in_table, most };
        [column('a', Align::Left, 10, 20, 30), column('b', Align::Right, 5, 5, 5), column('c', Align::Left, 12, 12, 40)]
    }

    fn widths(cells: usize) -> Vec<(char, usize)> {
        place(&columns(), cells, 0).iter().map(|column| (column.kind, column.cells)).collect()
    }

    #[test]
    fn columns_come_in_order_of_worth_as_far_as_they_fit() {
        assert_eq!(widths(4), [('a', 10)]);
        assert_eq!(widths(17), [('a', 16)]);
        assert_eq!(widths(18), [('a', 10), ('b', 5)]);
        assert_eq!(widths(32), [('a', 10), ('b', 5), ('c', 12)]);
        assert_eq!(widths(61), [('a', 30), ('b', 5), ('c', 21)]);
        assert_eq!(widths(200), [('a', 30), ('b', 5), ('c', 40)]);
    }

    #[test]
    fn no_row_is_wider_than_its_pane() {
        for cells in 11..150 {
            let placed = place(&columns(), cells, 0);
            let texts = placed.iter().map(|_| Cell::new("long ".repeat(30), Style::new())).collect();
            let line = Line::from(row(&placed, texts));
            assert!(line.width() < cells, "{} in {cells}", line.width());
        }
    }

    #[test]
    fn a_path_keeps_its_scheme_and_its_end() {
        let shown = |text: &str, cells| Cell::path(text, Style::new()).fitted(cells);
        assert_eq!(shown("cloudwatch:/ivs/chat/missing-group", 26), "cloudwatch:…/missing-group");
        assert_eq!(shown("s3://a-bucket", 26), "s3://a-bucket");
        assert_eq!(shown("cloudwatch:/ivs/chat/missing-group", 12), "…ssing-group");
        assert_eq!(shown("family-filter", 12), "…mily-filter");
    }

    #[test]
    fn numbers_stand_right_and_a_name_runs_on_over_an_empty_cell() {
        let placed = place(&columns(), 32, 0);
        let show = |a: &str, b: &str, c: Cell| {
            let cells = vec![Cell::new(a, Style::new()), Cell::new(b, Style::new()), c];
            Line::from(row(&placed, cells)).to_string()
        };
        let path = Cell::path("a/long/path/that/ends", Style::new());
        assert_eq!(show("a name too long", "7/s", path.clone()), "a name to…    7/s  …h/that/ends");
        assert_eq!(show("a name too long", "", path), "a name too long    …h/that/ends");
    }
}
