//! A whole number with its range and what it is when nothing is typed.

use ratatui::text::Line;
use tui_input::Input;

use crate::api::limit::Range;
use crate::app::key::Key;
use crate::app::look::Look;
use crate::app::text::fit;

use super::Entry;
use super::entry::{Pressed, Shown};
use super::text::{line, paste_line, press_line};

/// A whole number.
#[derive(Debug)]
pub struct Number {
    input: Input,
    range: Range,
    /// What the service takes if nothing is given.
    default: u32,
}

impl Number {
    /// A number in `range`, typed already or left to the service's `default`.
    pub fn new(range: Range, default: u32, value: Option<u32>) -> Self {
        Self { input: Input::new(value.map(|value| value.to_string()).unwrap_or_default()), range, default }
    }

    /// Holds this instead.
    pub fn set(&mut self, value: Option<u32>) {
        self.input = Input::new(value.map(|value| value.to_string()).unwrap_or_default());
    }

    /// As it was typed.
    pub(super) fn typed(&self) -> &str {
        self.input.value().trim()
    }

    /// What the service takes if nothing is given.
    pub(super) fn default(&self) -> u32 {
        self.default
    }

    pub(super) fn value(&self) -> Result<Option<u32>, String> {
        let typed = self.input.value().trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let Range { min, max } = self.range;
        match typed.parse() {
            Ok(number) if (min..=max).contains(&number) => Ok(Some(number)),
            _ => Err(format!("must be a whole number, {min} to {max}")),
        }
    }

    pub(super) fn press(&mut self, key: Key) -> Pressed {
        press_line(&mut self.input, key)
    }

    pub(super) fn paste(&mut self, text: &str) -> Option<&'static str> {
        paste_line(&mut self.input, text.trim())
    }

    pub(super) fn meter(&self) -> String {
        format!("{}-{}", self.range.min, self.range.max)
    }

    pub(super) fn shown(&self, width: usize, focused: bool, look: Look) -> Shown {
        if self.input.value().is_empty() {
            let words = fit(&format!("{} if left empty", self.default), width);
            return Shown { lines: vec![Line::styled(words, look.quiet())], caret: (0, 0) };
        }
        let (line, caret) = line(&self.input, width, focused, look);
        Shown { lines: vec![line], caret: (caret, 0) }
    }
}

impl From<Number> for Entry {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}
