//! A line of text with a limit in code points, as the service counts.

use ratatui::text::{Line, Span};
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;

use crate::api::limit;
use crate::app::key::{Code, Key};
use crate::app::look::Look;
use crate::app::text::{clean, fit, width};
use crate::app::widget::edit;

use super::Entry;
use super::entry::{Pressed, Shown};

/// What a reader is told whose paste had to be changed.
pub(super) const FLATTENED: &str = "line ends and control characters became blanks";

/// A line of text.
#[derive(Debug)]
pub struct Text {
    input: Input,
    max: usize,
    placeholder: &'static str,
}

impl Text {
    /// A line that holds `value`.
    pub fn new(limit: limit::Text, value: &str) -> Self {
        Self { input: Input::new(value.to_owned()), max: limit.max, placeholder: "" }
    }

    /// Shows these pale words while it is empty.
    #[must_use]
    pub fn placeholder(mut self, words: &'static str) -> Self {
        self.placeholder = words;
        self
    }

    /// What it holds.
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// Holds this instead.
    pub fn set(&mut self, value: &str) {
        self.input = Input::new(value.to_owned());
    }

    pub(super) fn press(&mut self, key: Key) -> Pressed {
        press_line(&mut self.input, key)
    }

    pub(super) fn paste(&mut self, text: &str) -> Option<&'static str> {
        paste_line(&mut self.input, text)
    }

    pub(super) fn meter(&self) -> String {
        format!("{}/{}", self.value().chars().count(), self.max)
    }

    pub(super) fn shown(&self, width: usize, focused: bool, look: Look) -> Shown {
        if self.value().is_empty() && !focused {
            let words = fit(self.placeholder, width);
            return Shown { lines: vec![Line::styled(words, look.quiet())], caret: (0, 0) };
        }
        let (line, caret) = line(&self.input, width, focused, look);
        Shown { lines: vec![line], caret: (caret, 0) }
    }
}

impl From<Text> for Entry {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

/// A key in a line of text: up and down leave it.
pub(super) fn press_line(input: &mut Input, key: Key) -> Pressed {
    match key.code {
        Code::Up => Pressed::Leave(false),
        Code::Down => Pressed::Leave(true),
        _ => {
            let before = input.value().to_owned();
            let took = edit::press(input, key);
            match (took, before == input.value()) {
                (true, false) => Pressed::Changed,
                (true, true) => Pressed::Moved,
                (false, _) => Pressed::Ignored,
            }
        }
    }
}

/// Pastes into a line of text. A line end at the very end is what copying a line brings along: it goes silently.
pub(super) fn paste_line(input: &mut Input, text: &str) -> Option<&'static str> {
    let text = text.trim_end_matches(['\n', '\r']);
    edit::paste(input, text);
    text.contains(char::is_control).then_some(FLATTENED)
}

/// A line of text in `cells`: the part around the caret while it is typed into, the start otherwise; and where the caret
/// is. What a terminal would not show is shown as what it is.
pub(in crate::app) fn line(input: &Input, cells: usize, focused: bool, look: Look) -> (Line<'static>, usize) {
    let whole = clean(input.value());
    if !focused {
        return (Line::styled(fit(whole.as_str(), cells), look.text()), 0);
    }
    let at = input.value().char_indices().nth(input.cursor()).map_or(input.value().len(), |(at, _)| at);
    let before = clean(&input.value()[..at]);
    let caret = width(before.as_str());
    if width(whole.as_str()) < cells {
        return (Line::styled(whole.as_str().to_owned(), look.typed()), caret);
    }
    // The caret stays off the edges, so that it can be seen what it moves over.
    let start = caret.saturating_sub(cells.saturating_sub(8));
    let (mut skipped, mut taken, mut used) = (0, String::new(), 0);
    for cluster in whole.as_str().graphemes(true) {
        let wide = width(cluster);
        if skipped < start {
            skipped += wide;
        } else if used + wide < cells.saturating_sub(1) {
            used += wide;
            taken.push_str(cluster);
        }
    }
    let left = if skipped > 0 { "…" } else { "" };
    let line = Line::from(vec![Span::styled(left, look.quiet()), Span::styled(taken, look.typed())]);
    (line, caret + usize::from(skipped > 0) - skipped.min(caret))
}
