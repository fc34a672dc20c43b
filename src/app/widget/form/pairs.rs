//! Rows of keys and values: tags and attributes, with their meter.

use std::collections::BTreeMap;

use ratatui::text::{Line, Span};
use tui_input::Input;

use crate::api::limit;
use crate::app::key::{Code, Key};
use crate::app::look::Look;
use crate::app::text::width;

use super::Entry;
use super::entry::{Pressed, Shown};
use super::text::{line, paste_line, press_line};

/// Rows that are shown at once.
const ROWS: usize = 6;

/// What the meter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Rows.
    Rows(usize),
    /// Bytes of all keys and values together.
    Bytes(usize),
}

/// Rows of keys and values. The last row is always empty, for one more.
#[derive(Debug)]
pub struct Pairs {
    rows: Vec<(Input, Input)>,
    row: usize,
    in_value: bool,
    measure: Measure,
}

impl Pairs {
    /// Rows that hold `pairs`.
    pub fn new(measure: Measure, pairs: &BTreeMap<String, String>) -> Self {
        let mut new = Self { rows: Vec::new(), row: 0, in_value: false, measure };
        new.set(pairs);
        new
    }

    /// Tags: as many as a resource may have.
    pub fn tags(tags: &BTreeMap<String, String>) -> Self {
        Self::new(Measure::Rows(limit::TAGS_PER_RESOURCE), tags)
    }

    /// Holds these instead.
    pub fn set(&mut self, pairs: &BTreeMap<String, String>) {
        self.rows = pairs.iter().map(|(key, value)| (Input::new(key.clone()), Input::new(value.clone()))).collect();
        self.row = 0;
        self.in_value = false;
        self.tidy();
    }

    /// Puts the caret into the value of this key, if it is there.
    pub fn go_to(&mut self, key: &str) {
        if let Some(row) = self.rows.iter().position(|(other, _)| other.value() == key) {
            self.row = row;
            self.in_value = true;
        }
    }

    /// Puts the caret into the empty row at the end.
    pub fn go_to_end(&mut self) {
        self.row = self.rows.len() - 1;
        self.in_value = false;
    }

    /// What the rows hold, empty ones aside.
    pub(super) fn value(&self) -> Result<BTreeMap<String, String>, String> {
        let mut pairs = BTreeMap::new();
        for (key, value) in &self.rows {
            let (key, value) = (key.value(), value.value());
            if key.is_empty() && !value.is_empty() {
                return Err(format!("the value {value:?} has no key"));
            }
            if !key.is_empty() && pairs.insert(key.to_owned(), value.to_owned()).is_some() {
                return Err(format!("the key {key:?} is there twice"));
            }
        }
        Ok(pairs)
    }

    /// One empty row at the end, and none elsewhere but under the caret.
    fn tidy(&mut self) {
        let is_empty = |(key, value): &(Input, Input)| key.value().is_empty() && value.value().is_empty();
        while self.rows.len() > 1 && self.rows[self.rows.len() - 2..].iter().all(is_empty) {
            self.rows.pop();
        }
        if !self.rows.last().is_some_and(is_empty) {
            self.rows.push((Input::default(), Input::default()));
        }
        self.row = self.row.min(self.rows.len() - 1);
    }

    fn input(&mut self) -> &mut Input {
        let (key, value) = &mut self.rows[self.row];
        if self.in_value { value } else { key }
    }

    pub(super) fn step(&mut self, forward: bool) -> bool {
        let last = self.rows.len() - 1;
        match (forward, self.in_value) {
            // The empty row at the end is a way in, not a stop on the way out.
            (true, _) if self.row == last => return false,
            (true, false) => self.in_value = true,
            (true, true) => (self.row, self.in_value) = (self.row + 1, false),
            (false, true) => self.in_value = false,
            (false, false) if self.row == 0 => return false,
            (false, false) => (self.row, self.in_value) = (self.row - 1, true),
        }
        true
    }

    pub(super) fn enter(&mut self, forward: bool) {
        self.in_value = false;
        self.row = if forward { 0 } else { self.rows.len() - 1 };
    }

    pub(super) fn press(&mut self, key: Key) -> Pressed {
        match key.code {
            Code::Up if self.row > 0 => {
                self.row -= 1;
                return Pressed::Moved;
            }
            Code::Down if self.row + 1 < self.rows.len() => {
                self.row += 1;
                return Pressed::Moved;
            }
            Code::Char('x') if key.ctrl => {
                self.rows.remove(self.row);
                self.in_value = false;
                self.tidy();
                return Pressed::Changed;
            }
            // Where people type `key=value`, they get it.
            Code::Char('=') if !self.in_value && !key.ctrl && !key.alt => {
                self.in_value = true;
                return Pressed::Moved;
            }
            _ => {}
        }
        let pressed = press_line(self.input(), key);
        self.tidy();
        pressed
    }

    /// Takes pasted text. Lines of `key=value`, or a JSON object of texts, become rows.
    pub(super) fn paste(&mut self, text: &str) -> Option<&'static str> {
        let Some(pairs) = read(text) else {
            let note = paste_line(self.input(), text);
            self.tidy();
            return note;
        };
        // A value that waits for its key is no row to be dropped.
        let is_empty = |(key, value): &(Input, Input)| key.value().is_empty() && value.value().is_empty();
        self.rows.retain(|row| !is_empty(row) && !pairs.iter().any(|(other, _)| other == row.0.value()));
        self.rows.extend(pairs.into_iter().map(|(key, value)| (Input::new(key), Input::new(value))));
        self.row = self.rows.len();
        self.in_value = false;
        self.tidy();
        Some("pasted as rows; keys that were there already have the new value")
    }

    pub(super) fn meter(&self) -> String {
        let filled = self.rows.iter().filter(|(key, value)| !(key.value().is_empty() && value.value().is_empty()));
        match self.measure {
            Measure::Rows(max) => format!("{}/{max}", filled.count()),
            Measure::Bytes(max) => {
                let bytes: usize = filled.map(|(key, value)| key.value().len() + value.value().len()).sum();
                format!("{bytes}/{max} B")
            }
        }
    }

    pub(super) fn shown(&self, cells: usize, focused: bool, look: Look) -> Shown {
        let longest = self.rows.iter().map(|(key, _)| width(key.value())).max().unwrap_or_default();
        let key_cells = (longest + 1).max(8).min(cells.saturating_sub(3) / 2);
        let value_cells = cells.saturating_sub(key_cells + 3);
        let top = if self.row < ROWS { 0 } else { self.row + 1 - ROWS };
        let mut shown = Shown::default();
        for (index, (key, value)) in self.rows.iter().enumerate().skip(top).take(ROWS) {
            let here = focused && index == self.row;
            let (key_line, key_caret) = line(key, key_cells, here && !self.in_value, look);
            let (value_line, value_caret) = line(value, value_cells, here && self.in_value, look);
            if here {
                let column = if self.in_value { key_cells + 3 + value_caret } else { key_caret };
                shown.caret = (column, index - top);
            }
            let key_line = if key.value().is_empty() && !here { Line::styled("key", look.quiet()) } else { key_line };
            let pad = " ".repeat(key_cells.saturating_sub(key_line.width()));
            let between = Span::styled(format!("{pad} = "), look.quiet());
            shown.lines.push(Line::from([key_line.spans, vec![between], value_line.spans].concat()));
        }
        if self.rows.len() > ROWS {
            let words = format!("{}-{} of {}", top + 1, top + shown.lines.len(), self.rows.len() - 1);
            shown.lines.push(Line::styled(words, look.quiet()));
        }
        shown
    }
}

/// Text that is rows: each line `key=value`, or a JSON object of texts.
fn read(text: &str) -> Option<Vec<(String, String)>> {
    if let Ok(pairs) = serde_json::from_str::<BTreeMap<String, String>>(text) {
        return Some(pairs.into_iter().collect());
    }
    // Terminals send a line's end as a carriage return.
    let lines = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let pairs: Vec<_> = lines
        .map(|line| {
            let (key, value) = line.split_once('=').unwrap_or((line, ""));
            [key, value].map(|part| part.trim().chars().map(printable).collect::<String>())
        })
        .map(|[key, value]| (key, value))
        .collect();
    (pairs.len() > 1 && text.contains('=')).then_some(pairs)
}

impl From<Pairs> for Entry {
    fn from(pairs: Pairs) -> Self {
        Self::Pairs(pairs)
    }
}
