//! What a field is typed into: one of six kinds, behind one face.

use ratatui::text::Line;

use crate::app::key::Key;
use crate::app::look::Look;

use super::{Choice, Number, Pairs, Prose, Several, Text};

/// One of the kinds.
#[derive(Debug)]
pub enum Entry {
    /// One line of text.
    Text(Text),
    /// A whole number.
    Number(Number),
    /// One of a few.
    Choice(Choice),
    /// Some of a list.
    Several(Several),
    /// Keys and values.
    Pairs(Pairs),
    /// Lines of text.
    Prose(Box<Prose>),
}

/// What a key did to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    /// It holds something else now.
    Changed,
    /// Its caret moved.
    Moved,
    /// The keys go on to the next field, or back to the one before.
    Leave(bool),
    /// Nothing.
    Ignored,
}

/// An entry as lines, and where its caret is among them: column and row.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) lines: Vec<Line<'static>>,
    pub(super) caret: (usize, usize),
}

macro_rules! each {
    ($entry:expr, $inner:ident => $what:expr) => {
        match $entry {
            Entry::Text($inner) => $what,
            Entry::Number($inner) => $what,
            Entry::Choice($inner) => $what,
            Entry::Several($inner) => $what,
            Entry::Pairs($inner) => $what,
            Entry::Prose($inner) => $what,
        }
    };
}

impl Entry {
    pub(super) fn press(&mut self, key: Key) -> Pressed {
        each!(self, entry => entry.press(key))
    }

    /// Takes pasted text; returns what had to be done to it, if the reader should know.
    pub(super) fn paste(&mut self, text: &str) -> Option<&'static str> {
        match self {
            Self::Text(entry) => entry.paste(text),
            Self::Number(entry) => entry.paste(text),
            Self::Pairs(entry) => entry.paste(text),
            Self::Prose(entry) => entry.paste(text),
            Self::Choice(_) | Self::Several(_) => Some("nothing can be pasted here: space chooses"),
        }
    }

    /// Moves to the next stop inside; false if there is none.
    pub(super) fn step(&mut self, forward: bool) -> bool {
        match self {
            Self::Pairs(entry) => entry.step(forward),
            Self::Text(_) | Self::Number(_) | Self::Choice(_) | Self::Several(_) | Self::Prose(_) => false,
        }
    }

    /// The keys come in, from above or from below.
    pub(super) fn enter(&mut self, forward: bool) {
        match self {
            Self::Pairs(entry) => entry.enter(forward),
            Self::Several(entry) => entry.enter(forward),
            Self::Text(_) | Self::Number(_) | Self::Choice(_) | Self::Prose(_) => {}
        }
    }

    /// How much of the limit is used, in a few characters.
    pub(super) fn meter(&self) -> String {
        each!(self, entry => entry.meter())
    }

    /// It as lines of at most `width` cells.
    pub(super) fn shown(&self, width: usize, focused: bool, look: Look) -> Shown {
        each!(self, entry => entry.shown(width, focused, look))
    }
}
