//! One of a few values, side by side.

use ratatui::text::{Line, Span};

use crate::app::key::{Code, Key};
use crate::app::look::Look;
use crate::app::text::width;

use super::Entry;
use super::entry::{Pressed, Shown};

/// One of a few.
#[derive(Debug)]
pub struct Choice {
    /// The value and the words for it.
    options: Vec<(String, String)>,
    chosen: usize,
}

impl Choice {
    /// A choice among values, each with its words; `chosen` is the value that is chosen, or else the first is.
    pub fn new<'a>(options: impl IntoIterator<Item = (&'a str, &'a str)>, chosen: &str) -> Self {
        let options: Vec<_> = options.into_iter().map(|(value, words)| (value.to_owned(), words.to_owned())).collect();
        let chosen = options.iter().position(|(value, _)| value == chosen).unwrap_or_default();
        Self { options, chosen }
    }

    /// The values, each with its words.
    pub(super) fn options(&self) -> &[(String, String)] {
        &self.options
    }

    pub(super) fn value(&self) -> &str {
        self.options.get(self.chosen).map_or("", |(value, _)| value)
    }

    /// Chooses this value, if it is one of them.
    pub fn choose(&mut self, value: &str) {
        if let Some(found) = self.options.iter().position(|(other, _)| other == value) {
            self.chosen = found;
        }
    }

    pub(super) fn press(&mut self, key: Key) -> Pressed {
        let count = self.options.len();
        let step = match key.code {
            Code::Right | Code::Char(' ') => 1,
            Code::Left => count - 1,
            Code::Up => return Pressed::Leave(false),
            Code::Down => return Pressed::Leave(true),
            _ => return Pressed::Ignored,
        };
        self.chosen = (self.chosen + step) % count;
        Pressed::Changed
    }

    #[expect(clippy::unused_self, reason = "one face for all entries")]
    pub(super) fn meter(&self) -> String {
        String::new()
    }

    pub(super) fn shown(&self, cells: usize, focused: bool, look: Look) -> Shown {
        let mut shown = Shown { lines: vec![Line::default()], caret: (0, 0) };
        for (index, (_, words)) in self.options.iter().enumerate() {
            let chosen = index == self.chosen;
            let words = format!("{} {words}", if chosen { "(•)" } else { "( )" });
            let used = shown.lines.last().map_or(0, Line::width);
            if used > 0 && used + 2 + width(&words) > cells {
                shown.lines.push(Line::default());
            }
            let row = shown.lines.len() - 1;
            let line = &mut shown.lines[row];
            if line.width() > 0 {
                line.push_span(Span::raw("  "));
            }
            if chosen {
                shown.caret = (line.width() + 1, row);
            }
            line.push_span(Span::styled(words, if chosen && focused { look.typed() } else { look.text() }));
        }
        shown
    }
}

impl From<Choice> for Entry {
    fn from(choice: Choice) -> Self {
        Self::Choice(choice)
    }
}
