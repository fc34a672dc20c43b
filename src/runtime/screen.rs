//! The last door before the terminal: nothing that it would obey goes through, and a frame goes out in one piece.

use std::io::{self, BufWriter, Stdout, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use crate::app::text::is_safe;

/// A full screen of the largest terminals fits, so that a frame is one write.
const FRAME_BYTES: usize = 256 * 1024;

/// The terminal as ratatui's backend, behind a check of each cell.
#[derive(Debug)]
pub(super) struct Screen {
    inner: CrosstermBackend<BufWriter<Stdout>>,
}

impl Screen {
    pub(super) fn new() -> Self {
        Self { inner: CrosstermBackend::new(BufWriter::with_capacity(FRAME_BYTES, io::stdout())) }
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

/// The cell as it may be written. Text is made safe where it enters, so an unsafe cell is a bug: in a debug build it
/// stops the program, in a release it is drawn as what it is, something unreadable.
fn checked(cell: &Cell) -> Option<Cell> {
    let safe = is_safe(cell.symbol());
    debug_assert!(safe, "a cell holds {:?}", cell.symbol());
    if safe {
        return None;
    }
    let mut cell = cell.clone();
    cell.set_symbol("\u{fffd}");
    Some(cell)
}

impl Backend for Screen {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let cells: Vec<_> = content.map(|(x, y, cell)| (x, y, cell, checked(cell))).collect();
        self.inner.draw(cells.iter().map(|(x, y, cell, instead)| (*x, *y, instead.as_ref().unwrap_or(cell))))
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_safe_cell_goes_through_as_it_is() {
        assert_eq!(checked(&Cell::new("é")), None);
    }

    #[test]
    #[should_panic(expected = "a cell holds")]
    fn an_unsafe_cell_stops_a_debug_build() {
        checked(&Cell::new("\u{1b}"));
    }
}
