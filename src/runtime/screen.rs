//! The last door before the terminal: nothing that it would obey goes through, and what it may count as wider or
//! narrower than we do is put where it belongs.

use std::io::{self, Stdout, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use crate::app::text::{is_safe, is_small};

use super::drawing::Drawing;
use super::frame::{Frame, Whole};
use super::grid::{Grid, Placed};
use super::scroll::Scroll;
use super::signs::Signs;

/// The terminal as ratatui's backend, behind a check of each cell.
#[derive(Debug)]
pub(super) struct Screen<W: Write> {
    inner: CrosstermBackend<Frame<W>>,
    size: Size,
    shown: Grid,
    cursor: Cursor,
    /// Whether the terminal moves what it shows itself.
    scrolls: bool,
    /// The signs that it is sent.
    signs: Signs,
}

/// What draws on a terminal of this size that is written to through `writer`: for whoever measures what that takes.
pub fn backend<W: Write>(writer: W, size: Size, scrolls: bool) -> impl Backend<Error = io::Error> {
    Screen { scrolls, ..Screen::new(writer, size) }
}

impl Screen<Whole<Stdout>> {
    /// The terminal that the program runs in, of this size.
    pub(super) fn of_terminal(size: Size, Drawing { scrolls, signs, .. }: Drawing) -> Self {
        Self { scrolls, signs, ..Self::new(Whole(io::stdout()), size) }
    }
}

impl<W: Write> Screen<W> {
    fn new(writer: W, size: Size) -> Self {
        let inner = CrosstermBackend::new(Frame::new(writer));
        Self { inner, size, shown: Grid::default(), cursor: Cursor::default(), scrolls: true, signs: Signs::Unicode }
    }

    /// The terminal has this size now. It is told and never asked for: the console lays itself out for the size that it
    /// knows, and a frame of any other would be drawn past its edges.
    pub(super) fn resize(&mut self, size: Size) {
        self.size = size;
    }

    /// Lets the terminal move what it shows if that spares writing it anew; returns what is left to change.
    fn scrolled(&mut self, changed: Vec<Placed>) -> io::Result<Vec<Placed>> {
        if !self.scrolls || !Scroll::may_be_worth(&changed) {
            return Ok(changed);
        }
        let after = self.shown.with(&changed);
        let Some(scroll) = Scroll::between(self.shown.rows(), &after) else { return Ok(changed) };
        scroll.write(self.inner.writer_mut())?;
        self.cursor.at = None;
        self.shown.scroll(scroll);
        Ok(self.shown.difference(&after))
    }

    /// Bytes of the last frame.
    pub(super) fn sent(&self) -> usize {
        self.inner.writer().sent
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

/// The cell as it may be written. Text is made safe where it enters, so an unsafe cell is a bug: in a debug build it
/// stops the program, in a release it is drawn as what it is, something unreadable.
fn checked(cell: &Cell) -> Cell {
    let checked = harmless(cell);
    debug_assert!(checked.symbol() == cell.symbol(), "a cell holds {:?}", cell.symbol());
    checked
}

/// The cell, or a sign that something unreadable is there.
fn harmless(cell: &Cell) -> Cell {
    let mut cell = cell.clone();
    if !is_safe(cell.symbol()) || !is_small(cell.symbol()) {
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
        let changed: Vec<Placed> = content.map(|(x, y, cell)| (x, y, self.signs.shown(checked(cell)))).collect();
        let changed = self.scrolled(changed)?;
        for run in self.shown.runs(changed) {
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
        self.shown = Grid::default();
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
    use ratatui::style::{Modifier, Style};

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
    fn an_unsafe_cell_is_something_unreadable_in_a_release() {
        let pile = format!("a{}", "\u{301}".repeat(20_000));
        let controls = (0..=0x9f).filter_map(char::from_u32).filter(|c| c.is_control()).map(|c| c.to_string());
        let others = ["\u{1b}[2J", "a\u{202e}", "\u{2066}", "\u{2028}", "x\u{200b}", "\u{e0001}", "\u{feff}", &pile];
        for symbol in controls.chain(others.map(str::to_owned)) {
            assert_eq!(harmless(&Cell::default().set_symbol(&symbol).clone()).symbol(), "\u{fffd}", "{symbol:?}");
        }
        for symbol in ["é", "ね", "👩\u{200d}👩\u{200d}👧\u{200d}👦", "❤\u{fe0f}", "می\u{200c}", "क्ष"]
        {
            assert_eq!(harmless(&Cell::default().set_symbol(symbol).clone()).symbol(), symbol);
        }
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

    /// Draws these screens of text one after the other; what a terminal shows in the end, and how many bytes it took.
    fn shown(frames: &[Vec<String>], scrolls: bool) -> (String, usize) {
        let area = Rect::new(0, 0, 30, 12);
        let mut screen = Screen::new(Vec::new(), area.as_size());
        screen.scrolls = scrolls;
        let mut before = Buffer::empty(area);
        for frame in frames {
            let mut buffer = Buffer::empty(area);
            for (y, text) in (0..).zip(frame) {
                let dim = if text.len() % 3 == 0 { Modifier::DIM } else { Modifier::empty() };
                let style = Style::new().add_modifier(dim);
                buffer.set_stringn(0, y, text, 30, style);
            }
            screen.draw(before.diff(&buffer).into_iter()).unwrap();
            before = buffer;
        }
        Backend::flush(&mut screen).unwrap();
        let bytes = &screen.inner.writer().out;
        let mut parser = vt100::Parser::new(NonZero::new(12).unwrap(), NonZero::new(30).unwrap(), 0);
        parser.process(bytes);
        // Blanks that were written and cells that never were look the same.
        let rows: Vec<String> = parser.screen().contents().lines().map(|row| row.trim_end().to_owned()).collect();
        (rows.join("\n"), bytes.len())
    }

    /// A feed of which the screen shows the end, between a line above and a line below.
    fn rolling(said: &[String], steps: &[usize]) -> Vec<Vec<String>> {
        let mut end = 10;
        let mut frames = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            end += step;
            let mut frame = vec!["header".to_owned()];
            frame.extend((end - 10..end).map(|at| format!("{at} {}", said[at % said.len()])));
            frame.push(format!("{index} frames"));
            frames.push(frame);
        }
        frames
    }

    #[test]
    fn a_rolling_feed_takes_a_fraction_of_the_bytes() {
        let said = ["hello there, everyone".to_owned(), "what a match this is".to_owned()];
        let frames = rolling(&said, &[1; 50]);
        let ((with, few), (without, many)) = (shown(&frames, true), shown(&frames, false));
        assert_eq!(with, without);
        assert!(few * 3 < many, "{few} of {many} bytes");
    }

    proptest::proptest! {
        /// Whether the terminal moves rows or they are written anew: the same stands on the screen.
        #[test]
        fn moving_rows_shows_the_same_as_writing_them(
            said in proptest::collection::vec("[a-c ねé👍]{0,28}", 1..6),
            steps in proptest::collection::vec(0..9usize, 1..12),
        ) {
            let frames = rolling(&said, &steps);
            proptest::prop_assert_eq!(shown(&frames, true).0, shown(&frames, false).0);
        }
    }
}
