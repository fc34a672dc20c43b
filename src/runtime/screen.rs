//! The last door before the terminal: nothing that it would obey goes through, and what it may count as wider or
//! narrower than we do is put where it belongs.

use std::io::{self, Stdout, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use crate::app::text::{is_safe, width};

use super::frame::Frame;

/// A cell and where it goes.
type Placed = (u16, u16, Cell);

/// The terminal as ratatui's backend, behind a check of each cell.
#[derive(Debug)]
pub(super) struct Screen<W: Write> {
    inner: CrosstermBackend<Frame<W>>,
    size: Size,
    shown: Shown,
    cursor: Cursor,
}

impl Screen<Stdout> {
    /// The terminal that the program runs in, of this size.
    pub(super) fn of_terminal(size: Size) -> Self {
        Self::new(io::stdout(), size)
    }
}

impl<W: Write> Screen<W> {
    fn new(writer: W, size: Size) -> Self {
        let inner = CrosstermBackend::new(Frame::new(writer));
        Self { inner, size, shown: Shown::default(), cursor: Cursor::default() }
    }

    /// The terminal has this size now. It is told and never asked for: the console lays itself out for the size that it
    /// knows, and a frame of any other would be drawn past its edges.
    pub(super) fn resize(&mut self, size: Size) {
        self.size = size;
    }

    /// Writes an escape sequence that changes nothing on the screen, between two frames.
    pub(super) fn aside(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.inner.writer_mut().aside(bytes)
    }
}

/// The cursor, as far as it is known: telling the terminal what it knows would be a write for nothing.
#[derive(Debug, Default)]
struct Cursor {
    visible: Option<bool>,
    at: Option<Position>,
}

/// What the terminal shows, as far as we told it.
#[derive(Debug, Default)]
struct Shown {
    rows: Vec<Vec<Cell>>,
}

impl Shown {
    /// Takes the changed cells in, and cuts what is to be written into runs, each of which begins by moving the cursor.
    ///
    /// After a cell whose width terminals disagree on the cursor may be anywhere, and what stands behind it may have
    /// been overwritten. So a row that holds such a cell, or held one, is written anew from end to end.
    fn runs(&mut self, changed: impl Iterator<Item = Placed>) -> Vec<Vec<Placed>> {
        let mut runs: Vec<Vec<Placed>> = vec![Vec::new()];
        let mut doubtful_rows = Vec::new();
        for (x, y, cell) in changed {
            let row = self.row(y);
            if doubtful_rows.last() != Some(&y) && (is_doubtful(&cell) || row.iter().any(is_doubtful)) {
                doubtful_rows.push(y);
            }
            put(row, x, cell.clone());
            runs[0].push((x, y, cell));
        }
        runs[0].retain(|(_, y, _)| !doubtful_rows.contains(y));
        for y in doubtful_rows {
            whole_row(&mut runs, y, self.row(y));
        }
        runs.retain(|run| !run.is_empty());
        runs
    }

    fn row(&mut self, y: u16) -> &mut Vec<Cell> {
        let y = usize::from(y);
        if self.rows.len() <= y {
            self.rows.resize_with(y + 1, Vec::new);
        }
        &mut self.rows[y]
    }
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

fn columns(cell: &Cell) -> usize {
    width(cell.symbol()).max(1)
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

/// The cell as it may be written. Text is made safe where it enters, so an unsafe cell is a bug: in a debug build it
/// stops the program, in a release it is drawn as what it is, something unreadable.
fn checked(cell: &Cell) -> Cell {
    let safe = is_safe(cell.symbol());
    debug_assert!(safe, "a cell holds {:?}", cell.symbol());
    let mut cell = cell.clone();
    if !safe {
        cell.set_symbol("\u{fffd}");
    }
    cell
}

impl<W: Write> Backend for Screen<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for run in self.shown.runs(content.map(|(x, y, cell)| (x, y, checked(cell)))) {
            self.cursor.at = None;
            self.inner.draw(run.iter().map(|(x, y, cell)| (*x, *y, cell)))?;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor.visible.replace(false) == Some(false) { Ok(()) } else { self.inner.hide_cursor() }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.cursor.visible.replace(true) == Some(true) { Ok(()) } else { self.inner.show_cursor() }
    }

    /// Where we put it: asking the terminal would take its answer out of the keys.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.at.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor.at.replace(position) == Some(position) {
            return Ok(());
        }
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.shown = Shown::default();
        self.cursor = Cursor::default();
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.writer_mut().send()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    /// Draws rows of text over each other through a screen, into a terminal that counts every code point for itself.
    fn drawn(frames: &[&[&str]]) -> String {
        let area = Rect::new(0, 0, 20, 2);
        let mut screen = Screen::new(Vec::new(), area.as_size());
        let mut before = Buffer::empty(area);
        for frame in frames {
            let mut buffer = Buffer::empty(area);
            for (y, text) in (0..).zip(*frame) {
                buffer.set_string(0, y, text, Style::new());
                buffer.set_string(19, y, "|", Style::new());
            }
            screen.draw(before.diff(&buffer).into_iter()).unwrap();
            before = buffer;
        }
        let (rows, columns) = (NonZero::new(2).unwrap(), NonZero::new(20).unwrap());
        let mut parser = vt100::Parser::new(rows, columns, 0);
        Backend::flush(&mut screen).unwrap();
        parser.process(&screen.inner.writer().out);
        parser.screen().contents()
    }

    #[test]
    fn what_has_not_changed_is_not_written_again() {
        let size = Size::new(20, 2);
        let mut terminal = ratatui::Terminal::new(Screen::new(Vec::new(), size)).unwrap();
        let mut draw = |text: &str| {
            terminal
                .draw(|frame| {
                    frame.buffer_mut().set_string(0, 0, text, Style::new());
                    frame.set_cursor_position((3, 0));
                })
                .unwrap();
            terminal.backend().inner.writer().out.len()
        };
        let once = draw("hello");
        assert!(once > 0);
        assert_eq!(draw("hello"), once);
        assert!(draw("help") > once);
    }

    #[test]
    fn a_safe_cell_goes_through_as_it_is() {
        assert_eq!(checked(&Cell::new("é")), Cell::new("é"));
    }

    #[test]
    #[should_panic(expected = "a cell holds")]
    fn an_unsafe_cell_stops_a_debug_build() {
        checked(&Cell::new("\u{1b}"));
    }

    #[test]
    fn what_stands_behind_a_sign_of_doubtful_width_stays_in_its_column() {
        let screen = drawn(&[&["a 👩\u{200d}👩\u{200d}👧 b", "plain"]]);
        let row = screen.lines().next().unwrap();
        assert!(row.ends_with('|'), "{screen}");
        assert!(row.contains(" b "), "{screen}");
        assert_eq!(screen.lines().nth(1).map(str::len), Some(20), "{screen}");
    }

    #[test]
    fn nothing_is_left_of_a_sign_of_doubtful_width_when_it_goes() {
        let screen = drawn(&[&["x 🇷🇾🇷🇾🇷🇾", ""], &["x", ""], &["", "now here"]]);
        assert_eq!(screen, format!("{:19}|\n{:19}|", "", "now here"));
    }

    #[test]
    fn plain_rows_are_written_as_they_changed() {
        let mut shown = Shown::default();
        let cells = |text: &str| text.chars().zip(0..).map(|(c, x)| (x, 0, Cell::from(c))).collect::<Vec<_>>();
        assert_eq!(shown.runs(cells("hello").into_iter()), [cells("hello")]);
    }
}
