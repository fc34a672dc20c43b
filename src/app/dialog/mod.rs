//! What comes over the panes and takes the keys until it is closed.

pub mod batch;
pub mod bulk_tags;
pub mod command_line;
pub mod confirm;
pub mod copy;
pub mod deletion;
pub mod disconnect;
pub mod event;
pub mod form;
pub mod help;
pub mod logging;
pub mod order;
pub mod room;
pub mod tags;
pub mod write;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::change::{Change, Failed};
use super::key::Key;
use super::keys::{Command, Context};
use super::look::Look;

pub use batch::Batch;
pub use confirm::Confirm;
pub use form::FormDialog;
pub use order::Order;

/// A dialog that may end in a change.
#[derive(Debug)]
pub enum Dialog {
    /// Fields to fill in.
    Form(FormDialog),
    /// Something that can't be taken back, to be confirmed by typing its name.
    Confirm(Confirm),
    /// Many changes at once.
    Batch(Batch),
}

/// What a key, or an answer, means for the dialog.
#[derive(Debug)]
pub enum Next {
    /// It stays.
    Stay,
    /// It is over.
    Close,
    /// It goes on by itself, out of sight, until what it sent is answered.
    Leave,
    /// It stays until this change is answered.
    Send(Box<Change>),
    /// It stays until these changes are answered, each by its number.
    SendAll(Vec<(usize, Change)>),
    /// Many changes come over it; if they are not wanted after all, it is there again.
    Run(Batch),
    /// It gives way to the one before it.
    Return(Box<Dialog>),
    /// It stays until a live room has done this.
    Order(Order),
}

impl Dialog {
    /// Where keys mean what they mean in it now.
    pub fn context(&self) -> Context {
        match self {
            Self::Form(form) => form.context(),
            Self::Confirm(_) => Context::Confirm,
            Self::Batch(batch) => batch.context(),
        }
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key, command: Option<Command>, size: (u16, u16)) -> Next {
        match self {
            Self::Form(form) => form.press(key, command),
            Self::Confirm(confirm) => confirm.press(key, command),
            Self::Batch(batch) => batch.press(command, size),
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Form(form) => form.paste(text),
            Self::Confirm(confirm) => confirm.paste(),
            Self::Batch(_) => {}
        }
    }

    /// The change that it sent with this number was carried out, or was not.
    pub fn answered(&mut self, step: usize, failed: Option<&Failed>) -> Next {
        match self {
            Self::Form(form) => form.answered(failed),
            Self::Confirm(confirm) => confirm.answered(failed),
            Self::Batch(batch) => batch.answered(step, failed),
        }
    }

    /// Draws it over the panes; returns where the cursor is.
    pub fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Option<Position> {
        match self {
            Self::Form(form) => form.draw(frame, size, look),
            Self::Confirm(confirm) => confirm.draw(frame, size, look),
            Self::Batch(batch) => Some(batch.draw(frame, size, look)),
        }
    }
}

/// The area of a dialog with so many lines on a screen of this size: in the middle, between the strip and the bars.
pub fn area((columns, rows): (u16, u16), lines: usize) -> Rect {
    let width = columns.min(86);
    let body = rows.saturating_sub(3);
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX).min(body);
    Rect { x: (columns - width) / 2, y: 1 + (body - height) / 2, width, height }
}
