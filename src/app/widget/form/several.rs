//! Some of a list, with the most that may be checked.

use ratatui::text::{Line, Span};

use crate::app::key::{Code, Key};
use crate::app::look::Look;
use crate::app::text::{Clean, clean, fit};

use super::Entry;
use super::entry::{Pressed, Shown};

/// Rows that are shown at once.
const ROWS: usize = 5;

/// One of the list.
#[derive(Debug, Clone)]
pub struct Item {
    /// What it is in the input: an ARN or a name.
    pub id: String,
    /// What it is called.
    pub label: Clean,
    /// A word on it, such as its state.
    pub note: Clean,
    /// Whether it can be checked; one that is checked can always be unchecked.
    pub open: bool,
}

impl Item {
    /// An item that can be checked.
    pub fn new(id: impl Into<String>, label: &str, note: &str) -> Self {
        Self { id: id.into(), label: clean(label), note: clean(note), open: true }
    }
}

/// Some of a list.
#[derive(Debug)]
pub struct Several {
    items: Vec<(Item, bool)>,
    at: usize,
    max: Option<usize>,
    /// What is said if the list is empty.
    nothing: String,
}

impl Several {
    /// A list of which those with an id in `checked` are checked, and at most `max` may be.
    pub fn new(items: Vec<Item>, checked: &[String], max: Option<usize>, nothing: impl Into<String>) -> Self {
        let items = items.into_iter().map(|item| {
            let on = checked.contains(&item.id);
            (item, on)
        });
        Self { items: items.collect(), at: 0, max, nothing: nothing.into() }
    }

    /// All of the list, and whether each is checked.
    pub(super) fn items(&self) -> impl Iterator<Item = (&Item, bool)> {
        self.items.iter().map(|(item, on)| (item, *on))
    }

    pub(super) fn checked(&self) -> Vec<String> {
        self.items.iter().filter(|(_, on)| *on).map(|(item, _)| item.id.clone()).collect()
    }

    /// Checks these and no others.
    pub fn check(&mut self, ids: &[String]) {
        for (item, on) in &mut self.items {
            *on = ids.contains(&item.id);
        }
    }

    pub(super) fn enter(&mut self, forward: bool) {
        self.at = if forward { 0 } else { self.items.len().saturating_sub(1) };
    }

    pub(super) fn press(&mut self, key: Key) -> Pressed {
        match key.code {
            Code::Up if self.at == 0 => return Pressed::Leave(false),
            Code::Down if self.at + 1 >= self.items.len() => return Pressed::Leave(true),
            Code::Up => self.at -= 1,
            Code::Down => self.at += 1,
            Code::Char(' ') => return self.toggle(),
            _ => return Pressed::Ignored,
        }
        Pressed::Moved
    }

    fn toggle(&mut self) -> Pressed {
        match self.items.get_mut(self.at) {
            Some((item, on)) if item.open || *on => {
                *on = !*on;
                Pressed::Changed
            }
            Some(_) | None => Pressed::Ignored,
        }
    }

    pub(super) fn meter(&self) -> String {
        let checked = self.checked().len();
        self.max.map(|max| format!("{checked}/{max}")).unwrap_or_default()
    }

    pub(super) fn shown(&self, width: usize, focused: bool, look: Look) -> Shown {
        if self.items.is_empty() {
            let line = Line::styled(fit(&self.nothing, width), look.quiet());
            return Shown { lines: vec![line], caret: (0, 0) };
        }
        let top = if self.at < ROWS { 0 } else { self.at + 1 - ROWS };
        let rows = self.items.iter().enumerate().skip(top).take(ROWS);
        let mut lines: Vec<Line> =
            rows.map(|(index, row)| line(row, focused && index == self.at, width, look)).collect();
        if self.items.len() > ROWS {
            let words = format!("{}-{} of {}", top + 1, top + lines.len(), self.items.len());
            lines.push(Line::styled(words, look.quiet()));
        }
        Shown { lines, caret: (1, self.at - top) }
    }
}

fn line((item, on): &(Item, bool), here: bool, width: usize, look: Look) -> Line<'static> {
    let mark = match (on, item.open) {
        (true, _) => "[x]",
        (false, true) => "[ ]",
        (false, false) => " - ",
    };
    let label = fit(&format!("{mark} {}", item.label.as_str()), width);
    let room = width.saturating_sub(crate::app::text::width(&label) + 2);
    let style = match (here, item.open || *on) {
        (true, _) => look.typed(),
        (false, true) => look.text(),
        (false, false) => look.quiet(),
    };
    let note = if room > 8 { format!("  {}", fit(item.note.as_str(), room)) } else { String::new() };
    Line::from(vec![Span::styled(label, style), Span::styled(note, look.quiet())])
}

impl From<Several> for Entry {
    fn from(several: Several) -> Self {
        Self::Several(several)
    }
}
