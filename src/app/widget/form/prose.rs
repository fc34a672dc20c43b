//! Lines of text that wrap, with a limit in code points: Enter sends the form, so C-j breaks a line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use ratatui_textarea::{CursorMove, Input, TextArea, WrapMode};

use crate::api::limit;
use crate::app::key::{Code, Key};
use crate::app::look::Look;
use crate::app::text::clean;

use super::Entry;
use super::entry::{Pressed, Shown};

/// Rows that are shown at once.
const ROWS: u16 = 4;

/// Lines of text.
#[derive(Debug)]
pub struct Prose {
    area: TextArea<'static>,
    max: usize,
}

impl Prose {
    /// Lines that hold `value`.
    pub fn new(limit: limit::Text, value: &str) -> Self {
        let mut area = TextArea::new(value.split('\n').map(ToOwned::to_owned).collect());
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area.set_cursor_line_style(Style::new());
        area.set_cursor_style(Style::new());
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Self { area, max: limit.max }
    }

    pub(super) fn value(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Holds this instead.
    pub fn set(&mut self, value: &str) {
        *self = Self::new(limit::Text { min: 0, max: self.max, chars: limit::Chars::Any }, value);
    }

    pub(super) fn press(&mut self, key: Key) -> Pressed {
        let (row, rows) = (self.area.cursor().0, self.area.lines().len());
        match key.code {
            Code::Up if row == 0 => return Pressed::Leave(false),
            Code::Down if row + 1 == rows => return Pressed::Leave(true),
            Code::Char('j') if key.ctrl => {
                self.area.insert_newline();
                return Pressed::Changed;
            }
            // As in every other field; the text area itself would undo.
            Code::Char('u') if key.ctrl => {
                return if self.area.delete_line_by_head() { Pressed::Changed } else { Pressed::Moved };
            }
            _ => {}
        }
        if self.area.input(input(key)) { Pressed::Changed } else { Pressed::Moved }
    }

    pub(super) fn paste(&mut self, text: &str) -> Option<&'static str> {
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        let strange = |c: char| c.is_control() && c != '\n';
        self.area.insert_str(lines.replace(strange, " "));
        lines.contains(strange).then_some("control characters became blanks")
    }

    pub(super) fn meter(&self) -> String {
        format!("{}/{}", self.value().chars().count(), self.max)
    }

    pub(super) fn shown(&self, width: usize, focused: bool, look: Look) -> Shown {
        let columns = u16::try_from(width).unwrap_or(u16::MAX).max(2);
        let area = Rect::new(0, 0, columns, ROWS);
        let mut buffer = Buffer::empty(area);
        self.area.render(area, &mut buffer);
        let style = if focused { look.typed() } else { look.text() };
        let row = |y: u16| {
            let cells: String = (0..columns).map(|x| buffer[(x, y)].symbol()).collect();
            // What a terminal would not show, or obey, is shown as what it is.
            Line::from(Span::styled(clean(cells.trim_end()).as_str().to_owned(), style))
        };
        let cursor = self.area.screen_cursor();
        let top = usize::from(self.area.scroll_offset().0);
        let mut lines: Vec<Line> = (0..ROWS).map(row).collect();
        let caret = (cursor.col, cursor.row.saturating_sub(top));
        while lines.len() > caret.1.max(1) + 1 && lines.last().is_some_and(|line| line.width() == 0) {
            lines.pop();
        }
        Shown { lines, caret }
    }
}

/// A key as the text area knows it.
fn input(key: Key) -> Input {
    use ratatui_textarea::Key as Theirs;
    let theirs = match key.code {
        Code::Char(c) => Theirs::Char(c),
        Code::Backspace => Theirs::Backspace,
        Code::Delete => Theirs::Delete,
        Code::Up => Theirs::Up,
        Code::Down => Theirs::Down,
        Code::Left => Theirs::Left,
        Code::Right => Theirs::Right,
        Code::Home => Theirs::Home,
        Code::End => Theirs::End,
        Code::PageUp => Theirs::PageUp,
        Code::PageDown => Theirs::PageDown,
        Code::Enter | Code::Esc | Code::Tab | Code::BackTab => Theirs::Null,
    };
    Input { key: theirs, ctrl: key.ctrl, alt: key.alt, shift: false }
}

impl From<Prose> for Entry {
    fn from(prose: Prose) -> Self {
        Self::Prose(Box::new(prose))
    }
}
