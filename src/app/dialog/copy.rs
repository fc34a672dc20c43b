//! The copy menu: what can be copied of the thing at hand, a letter for each, and what it would be.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use crate::app::key::{Code, Key};
use crate::app::keys::{Command, Motion};
use crate::app::look::Look;
use crate::app::outbox::Copied;
use crate::app::text::{Clean, clean, fit, width, wrap};
use crate::app::widget::frame::boxed;

/// Columns of the letter, and of the words behind it.
const LETTER: usize = 4;
const WORDS: usize = 13;

/// Lines of the text under the cursor that are shown below the list, if there is the room.
const PREVIEW: usize = 5;

/// Bytes of a text that are looked at for its preview: more than any screen shows.
const LOOK_AT: usize = 4096;

/// One thing that can be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    letter: char,
    copied: Copied,
    note: Option<&'static str>,
    preview: Clean,
}

/// What is said of a text that is not copied as it is.
const MADE_SAFE: &str = "what can't be seen is left out or a sign; JSON has it all";

impl Item {
    /// A text that `letter` copies; `what` says what it is.
    pub fn new(letter: char, what: &str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { letter, preview: preview(&text), copied: Copied { what: what.to_owned(), text }, note: None }
    }

    /// A text that somebody else has written: nothing in it can do anything where it is pasted.
    pub fn text(letter: char, what: &str, written: &str) -> Self {
        let safe = clean(written);
        let note = (safe.as_str() != written).then_some(MADE_SAFE);
        Self::new(letter, what, safe.as_str()).with_note(note)
    }

    /// The same, with something that the reader should know of it.
    #[must_use]
    pub fn with_note(self, note: Option<&'static str>) -> Self {
        Self { note, ..self }
    }

    /// The text's first lines, safe to show and no wider than `columns`.
    fn lines(&self, columns: usize, count: usize) -> Vec<String> {
        let lines = beginning(&self.copied.text).lines().take(count).map(clean);
        let wrapped = lines.flat_map(|line| {
            let ranges = wrap(line.as_str(), columns);
            ranges.into_iter().map(|range| line.as_str()[range].to_owned()).collect::<Vec<_>>()
        });
        wrapped.take(count).collect()
    }
}

/// A text on one line: the line ends and indents of JSON and YAML say nothing there.
fn preview(text: &str) -> Clean {
    let words: Vec<&str> = beginning(text).lines().map(str::trim).collect();
    clean(&words.join(" "))
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(LOOK_AT)]
}

/// What a key press came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// The menu stays.
    Stay,
    /// It closes.
    Close,
    /// It closes, and this is copied.
    Copy(Copied),
}

/// The open menu. What it offers is what there was when it opened.
#[derive(Debug)]
pub struct CopyMenu {
    of: Clean,
    items: Vec<Item>,
    cursor: usize,
}

impl CopyMenu {
    /// The menu of something with this name; none if it has nothing to copy.
    pub fn new(of: &str, items: Vec<Item>) -> Option<Self> {
        (!items.is_empty()).then(|| Self { of: clean(of), items, cursor: 0 })
    }

    /// Takes a key. The letters come after the commands: none is a motion or closes the menu.
    pub fn press(&mut self, key: Key, command: Option<Command>) -> Pressed {
        match command {
            Some(Command::Back | Command::Quit) => Pressed::Close,
            Some(Command::Accept) => self.take(self.cursor),
            Some(Command::Move(motion)) => {
                self.go(motion);
                Pressed::Stay
            }
            // The table has no more rows for the menu.
            Some(_) => Pressed::Stay,
            None => {
                let letter = if key.ctrl || key.alt { None } else { Some(key.code) };
                let found = self.items.iter().position(|item| Some(Code::Char(item.letter)) == letter);
                found.map_or(Pressed::Stay, |index| self.take(index))
            }
        }
    }

    fn go(&mut self, motion: Motion) {
        self.cursor = motion.target(self.cursor, self.items.len(), self.items.len());
    }

    fn take(&self, index: usize) -> Pressed {
        self.items.get(index).map_or(Pressed::Stay, |item| Pressed::Copy(item.copied.clone()))
    }

    /// Draws the menu over everything; returns where its cursor is.
    pub fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Option<Position> {
        let area = self.area(size);
        frame.render_widget(Clear, area);
        let close = Line::styled(" Esc close ", look.quiet());
        let title = fit(self.of.as_str(), usize::from(area.width).saturating_sub(close.width() + 11));
        let title = Line::styled(format!(" Copy: {title} "), look.title());
        let inner = boxed(frame, area, look, true, title, close);
        let rows = inner.height.min(u16::try_from(self.items.len()).unwrap_or(u16::MAX));
        let list = Rect { height: rows, ..inner };
        let top = (self.cursor + 1).saturating_sub(usize::from(rows));
        let mut at = None;
        for ((index, item), y) in self.items.iter().enumerate().skip(top).zip(list.y..list.bottom()) {
            frame.buffer_mut().set_line(list.x, y, &line(item, look, usize::from(list.width)), list.width);
            if index == self.cursor {
                frame.buffer_mut().set_style(Rect { y, height: 1, ..list }, look.cursor(true));
                at = Some(Position::new(list.x, y));
            }
        }
        self.draw_preview(frame, Rect { y: list.bottom(), height: inner.height - rows, ..inner }, look);
        at
    }

    /// More of the text under the cursor than its row has the room for.
    fn draw_preview(&self, frame: &mut Frame, area: Rect, look: Look) {
        let Some(item) = self.items.get(self.cursor).filter(|_| area.height > 1) else { return };
        frame.buffer_mut().set_string(area.x, area.y, "─".repeat(usize::from(area.width)), look.quiet());
        let (columns, height) = (usize::from(area.width).saturating_sub(2), usize::from(area.height) - 1);
        let mut lines: Vec<Line> = item.note.iter().map(|note| Line::styled(fit(note, columns), look.busy())).collect();
        let room = height.saturating_sub(lines.len());
        let wrapped = item.lines(columns, room + 1);
        let cut = wrapped.len() > room;
        lines.extend(wrapped.into_iter().take(room).map(|line| Line::styled(line, look.text())));
        if let Some(last) = lines.last_mut().filter(|_| cut) {
            *last = Line::styled(fit(&format!("{}…", fit(&last.to_string(), columns - 1)), columns), look.text());
        }
        for (line, y) in lines.iter().zip(area.y + 1..area.bottom()) {
            frame.buffer_mut().set_line(area.x + 1, y, line, area.width - 2);
        }
    }

    /// Where the menu is: over the panes, and no higher than it has to be.
    fn area(&self, (columns, rows): (u16, u16)) -> Rect {
        let width = columns.saturating_sub(4).min(96);
        let wanted = u16::try_from(self.items.len() + 1 + PREVIEW + 2).unwrap_or(u16::MAX);
        let height = wanted.min(rows.saturating_sub(3));
        Rect { x: (columns - width) / 2, y: 1 + (rows.saturating_sub(3) - height) / 2, width, height }
    }
}

fn line(item: &Item, look: Look, columns: usize) -> Line<'static> {
    let words = fit(&item.copied.what, WORDS - 1);
    let pad = " ".repeat(WORDS - width(&words));
    let preview = if item.copied.text.is_empty() { "(empty)" } else { item.preview.as_str() };
    let preview = fit(preview, columns.saturating_sub(LETTER + WORDS));
    Line::from(vec![
        Span::raw(" "),
        Span::styled(format!("{:<3}", item.letter), look.key()),
        Span::raw(words),
        Span::raw(pad),
        Span::styled(preview, look.quiet()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keys::{Context, command};

    fn menu() -> CopyMenu {
        CopyMenu::new("lobby", vec![Item::new('a', "ARN", "arn:x"), Item::new('i', "id", "x")]).unwrap()
    }

    fn press(menu: &mut CopyMenu, keys: &str) -> Pressed {
        let mut last = Pressed::Stay;
        for key in Key::sequence(keys).unwrap() {
            last = menu.press(key, command(Context::Copy, key));
        }
        last
    }

    fn copied(what: &str, text: &str) -> Pressed {
        Pressed::Copy(Copied { what: what.to_owned(), text: text.to_owned() })
    }

    #[test]
    fn a_letter_copies_at_once_and_enter_copies_what_is_marked() {
        assert_eq!(press(&mut menu(), "i"), copied("id", "x"));
        assert_eq!(press(&mut menu(), "<enter>"), copied("ARN", "arn:x"));
        assert_eq!(press(&mut menu(), "jj<enter>"), copied("id", "x"));
        assert_eq!(press(&mut menu(), "<down><up><enter>"), copied("ARN", "arn:x"));
    }

    #[test]
    fn other_keys_copy_nothing_and_some_close() {
        for keys in ["x", "<a-i>", "<c-i>", "I", "1"] {
            assert_eq!(press(&mut menu(), keys), Pressed::Stay, "{keys}");
        }
        for keys in ["<esc>", "q", "y"] {
            assert_eq!(press(&mut menu(), keys), Pressed::Close, "{keys}");
        }
    }

    #[test]
    fn a_preview_is_one_line_of_safe_text_and_a_copy_is_the_text() {
        let item = Item::new('t', "text", "{\n  \"a\": \"\u{1b}[31m\"\n}\n");
        assert_eq!(item.preview.as_str(), "{ \"a\": \"\u{241b}[31m\" }");
        assert!(item.copied.text.contains('\u{1b}'));
    }

    #[test]
    fn no_size_panics() {
        for size in [(40, 10), (41, 11), (80, 24), (500, 500)] {
            let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(size.0, size.1)).unwrap();
            let items = ('a'..='z').map(|c| Item::new(c, "words", "x".repeat(9000))).collect();
            let mut menu = CopyMenu::new(&"n".repeat(500), items).unwrap();
            menu.go(Motion::Bottom);
            terminal.draw(|frame| assert!(menu.draw(frame, size, Look::plain()).is_some())).unwrap();
        }
    }
}
