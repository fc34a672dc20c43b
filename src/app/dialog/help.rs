//! The help: all keys from the one table, those of the focused pane first, then all commands, searchable.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;
use tui_input::Input;

use crate::app::commands::{self, Entry, name_of};
use crate::app::key::{Code, Key};
use crate::app::keys::{Bound, Command, Context, Keymap, Motion};
use crate::app::look::Look;
use crate::app::room::query;
use crate::app::screen::inside;
use crate::app::text::{fit, width};
use crate::app::widget::edit;
use crate::app::widget::frame::boxed;
use crate::app::widget::page::Scroll;

/// Columns of the keys.
const KEYS: usize = 18;

/// The open help.
#[derive(Debug)]
pub struct Help {
    context: Context,
    keymap: Arc<Keymap>,
    search: Input,
    typing: bool,
    scroll: Scroll,
}

impl Help {
    /// The help as opened in `context`.
    pub fn new(context: Context, keymap: Arc<Keymap>) -> Self {
        Self { context, keymap, search: Input::default(), typing: false, scroll: Scroll::default() }
    }

    /// Takes a key; true if the help is to be closed.
    pub fn press(&mut self, key: Key, command: Option<Command>, height: usize) -> bool {
        if self.typing {
            self.type_key(key);
            return false;
        }
        match command {
            Some(Command::Back | Command::Quit) => return true,
            Some(Command::Filter) => self.typing = true,
            Some(Command::Move(motion)) => self.go(motion, height),
            // The table has no more rows for the help.
            Some(_) | None => {}
        }
        false
    }

    /// Scrolls.
    pub fn go(&mut self, motion: Motion, height: usize) {
        let lines = self.lines(Look::plain(), 80).len();
        self.scroll.go(motion, lines, height);
    }

    fn type_key(&mut self, key: Key) {
        match key.code {
            Code::Enter => self.typing = false,
            Code::Esc => {
                self.typing = false;
                self.search = Input::default();
            }
            _ => {
                edit::press(&mut self.search, key);
                self.scroll = Scroll::default();
            }
        }
    }

    /// Pasted text is searched for, if a search is being typed.
    pub fn paste(&mut self, text: &str) {
        if self.typing {
            edit::paste(&mut self.search, text);
        }
    }

    fn matches(&self, bound: &Bound) -> bool {
        let wanted = self.search.value().to_lowercase();
        bound.row.help.to_lowercase().contains(&wanted)
            || bound.keys.iter().any(|key| key.to_string() == self.search.value())
    }

    fn matches_command(&self, entry: &Entry) -> bool {
        let wanted = self.search.value().to_lowercase();
        entry.help.to_lowercase().contains(&wanted) || entry.names().any(|name| name.contains(&wanted))
    }

    fn matches_filter(&self, (written, help): &(&str, &str)) -> bool {
        let wanted = self.search.value().to_lowercase();
        help.to_lowercase().contains(&wanted) || written.contains(&wanted)
    }

    fn lines(&self, look: Look, columns: usize) -> Vec<Line<'static>> {
        let others = Context::ALL.into_iter().filter(|context| *context != self.context);
        let mut lines: Vec<Line> = Vec::new();
        for context in std::iter::once(self.context).chain(others) {
            let rows = self.keymap.rows().iter().filter(|bound| bound.row.context == context && self.matches(bound));
            let rows: Vec<_> = rows.collect();
            if rows.is_empty() {
                continue;
            }
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            lines.push(Line::styled(context.title(), look.strong()));
            lines.extend(rows.into_iter().map(|bound| line(bound, look, columns)));
        }
        let commands: Vec<_> = commands::TABLE.iter().filter(|entry| self.matches_command(entry)).collect();
        if !commands.is_empty() {
            lines.extend((!lines.is_empty()).then(Line::default));
            lines.push(Line::styled("Commands, typed after :", look.strong()));
            lines.extend(commands.into_iter().map(|entry| command_line(entry, look, columns)));
        }
        let filters: Vec<_> = query::HELP.iter().filter(|row| self.matches_filter(row)).collect();
        if !filters.is_empty() {
            lines.extend((!lines.is_empty()).then(Line::default));
            lines.push(Line::styled("The filter of a chat, typed after /", look.strong()));
            lines.extend(filters.into_iter().map(|(written, help)| two_columns(written, help, look, columns)));
        }
        if lines.is_empty() {
            lines.push(Line::styled("no key and no command does that", look.quiet()));
        }
        lines
    }

    /// Draws the help over everything; returns where the cursor is: in the search that is typed, or where reading begins.
    pub fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Position {
        let area = area(size);
        let (columns, height) = inside(area);
        frame.render_widget(Clear, area);
        let left = Line::styled(" Keys ", look.strong());
        let searching = self.typing || !self.search.value().is_empty();
        let right = if searching { format!(" /{} ", self.search.value()) } else { " / search  Esc close ".to_owned() };
        let right_columns = u16::try_from(width(&right)).unwrap_or_default();
        let inner = boxed(frame, area, look, true, left, Line::raw(right));
        let lines = self.lines(look, columns);
        let top = self.scroll.top(lines.len(), height);
        for (line, y) in lines.iter().skip(top).zip(inner.y..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
        let caret = u16::try_from(self.search.visual_cursor()).unwrap_or_default();
        let x = (area.right().saturating_sub(1 + right_columns) + 2 + caret).min(area.right().saturating_sub(2));
        if self.typing { Position::new(x, area.y) } else { inner.as_position() }
    }
}

fn line(bound: &Bound, look: Look, columns: usize) -> Line<'static> {
    let keys: Vec<String> = bound.keys.iter().map(ToString::to_string).collect();
    // What has no key has its name.
    let name = || name_of(bound.row.command).map_or("no key".to_owned(), |name| format!(":{name}"));
    let left = if keys.is_empty() { name() } else { keys.join("  ") };
    two_columns(&left, bound.row.help, look, columns)
}

fn command_line(entry: &Entry, look: Look, columns: usize) -> Line<'static> {
    two_columns(&entry.short_usage(), entry.help, look, columns)
}

fn two_columns(left: &str, help: &str, look: Look, columns: usize) -> Line<'static> {
    let keys = fit(left, KEYS - 2);
    let pad = " ".repeat(KEYS - 2 - width(&keys));
    let help = fit(help, columns.saturating_sub(KEYS));
    Line::from(vec![Span::raw("  "), Span::styled(keys, look.key()), Span::raw(pad), Span::raw(help)])
}

/// Where the help is on a screen of this size: over the panes, and over nothing else.
pub fn area((columns, rows): (u16, u16)) -> Rect {
    let width = columns.min(86);
    Rect { x: (columns - width) / 2, y: 1, width, height: rows.saturating_sub(3) }
}
