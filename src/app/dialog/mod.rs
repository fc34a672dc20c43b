//! What comes over the panes and takes the keys until it is closed.

pub mod batch;
pub mod bulk;
pub mod bulk_tags;
pub mod command_line;
pub mod confirm;
pub mod copy;
pub mod disconnect;
pub mod event;
pub mod fetching;
pub mod form;
pub mod heard;
pub mod help;
pub mod inspect;
pub mod log;
pub mod logging;
pub mod note;
pub mod order;
pub mod path;
pub mod prompt;
pub mod purge;
pub mod reason;
pub mod report;
pub mod room;
pub mod rules;
mod sheet;
pub mod switch;
pub mod tags;
pub mod token;
mod token_file;
pub mod token_result;
pub mod who;
pub mod write;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use jiff::Timestamp;
use secrecy::SecretString;

use crate::api::ops::CreateChatToken;

use super::change::{Change, Failed};
use super::file::{FileTrouble, ToWrite};
use super::key::Key;
use super::keys::{Command, Context};
use super::look::Look;
use super::outbox::{Copied, Tone};

pub use batch::Batch;
pub use bulk::Bulk;
pub use confirm::Confirm;
pub use fetching::Fetching;
pub use form::FormDialog;
pub use order::Order;
pub use prompt::Prompt;
pub use report::Report;
use sheet::Sheet;
pub use token::TokenForm;
pub use token_result::Issued;
use who::WhoDialog;

/// A dialog that may end in a change.
#[derive(Debug)]
pub enum Dialog {
    /// Fields to fill in.
    Form(FormDialog),
    /// Something that can't be taken back, to be confirmed by typing its name.
    Confirm(Box<Confirm>),
    /// Many changes at once.
    Batch(Batch),
    /// Why a message is deleted or a user disconnected.
    Prompt(Box<Prompt>),
    /// Many deletions and disconnections at once.
    Bulk(Box<Bulk>),
    /// A form that waits for what there is to change.
    Fetching(Fetching),
    /// A chat token to be issued.
    Token(Box<TokenForm>),
    /// A chat token that was issued.
    Issued(Box<Issued>),
    /// A page to be read.
    Report(Box<Report>),
    /// Who the console is, or is to be.
    Who(Box<WhoDialog>),
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
    /// It stays, and this is to be done.
    Ask(Wish),
}

/// What a dialog may want besides changes.
#[derive(Debug)]
pub enum Wish {
    /// The text of a file.
    Read(String),
    /// A file with a text.
    Write(ToWrite),
    /// A text in the clipboard.
    Copy(Copied),
    /// A token in the clipboard.
    CopyToken(SecretString),
    /// The room joined as this request's user; the dialog is over.
    Join(Box<CreateChatToken>),
    /// Something about who the console is.
    Who(who::Wish),
}

impl Dialog {
    /// Where keys mean what they mean in it now.
    pub fn context(&self) -> Context {
        match self {
            Self::Form(form) => form.context(),
            Self::Confirm(_) => Context::Confirm,
            Self::Batch(batch) => batch.context(),
            Self::Prompt(prompt) => prompt.context(),
            Self::Bulk(bulk) => bulk.context(),
            Self::Fetching(_) => Context::Fetching,
            Self::Token(token) => token.context(),
            Self::Issued(issued) => issued.context(),
            Self::Report(report) => report.context(),
            Self::Who(who) => who.context(),
        }
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key, command: Option<Command>, size: (u16, u16)) -> Next {
        match self {
            Self::Form(form) => form.press(key, command, size),
            Self::Confirm(confirm) => confirm.press(key, command),
            Self::Batch(batch) => batch.press(command, size),
            Self::Prompt(prompt) => prompt.press(key, command),
            Self::Bulk(bulk) => bulk.press(key, command, size),
            Self::Fetching(_) if command == Some(Command::Cancel) => Next::Close,
            Self::Fetching(_) => Next::Stay,
            Self::Token(token) => token.press(key, command, size),
            Self::Issued(issued) => issued.press(key, command),
            Self::Report(report) => report.press(command, size),
            Self::Who(who) => who.press(key, command),
        }
    }

    /// Whether nothing is left of many changes that could be tried again.
    pub fn is_all_done(&self) -> bool {
        match self {
            Self::Batch(batch) => batch.is_all_done(),
            Self::Bulk(bulk) => bulk.is_all_done(),
            Self::Form(_)
            | Self::Confirm(_)
            | Self::Prompt(_)
            | Self::Fetching(_)
            | Self::Token(_)
            | Self::Issued(_)
            | Self::Report(_)
            | Self::Who(_) => true,
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Form(form) => form.paste(text),
            Self::Confirm(confirm) => confirm.paste(),
            Self::Prompt(prompt) => prompt.paste(text),
            Self::Bulk(bulk) => bulk.paste(text),
            Self::Batch(_) | Self::Fetching(_) | Self::Report(_) => {}
            Self::Token(token) => token.paste(text),
            Self::Issued(issued) => issued.paste(text),
            Self::Who(who) => who.paste(text),
        }
    }

    /// The change that it sent with this number was carried out, or was not.
    pub fn answered(&mut self, step: usize, failed: Option<&Failed>) -> Next {
        match self {
            Self::Form(form) => form.answered(failed),
            Self::Confirm(confirm) => confirm.answered(failed),
            Self::Batch(batch) => batch.answered(step, failed),
            Self::Token(token) => token.answered(failed),
            Self::Issued(_) | Self::Fetching(_) | Self::Prompt(_) | Self::Bulk(_) | Self::Report(_) | Self::Who(_) => {
                Next::Stay
            }
        }
    }

    /// The file that it asked for was read, or was not.
    pub fn file_read(&mut self, text: Result<String, FileTrouble>) {
        match self {
            Self::Token(token) => token.file_read(text),
            Self::Form(_)
            | Self::Confirm(_)
            | Self::Batch(_)
            | Self::Prompt(_)
            | Self::Bulk(_)
            | Self::Issued(_)
            | Self::Fetching(_)
            | Self::Report(_)
            | Self::Who(_) => {}
        }
    }

    /// The file that it asked for was written, or was not; returns what the reader is told.
    pub fn file_written(&mut self, written: Result<String, FileTrouble>) -> Option<String> {
        match self {
            Self::Token(token) => token.file_written(written),
            Self::Issued(issued) => issued.file_written(written),
            Self::Form(_)
            | Self::Confirm(_)
            | Self::Batch(_)
            | Self::Prompt(_)
            | Self::Bulk(_)
            | Self::Fetching(_)
            | Self::Report(_)
            | Self::Who(_) => None,
        }
    }

    /// What came of many changes, once it is over: one word for all of them.
    pub fn verdict(&self) -> Option<(Tone, String)> {
        match self {
            Self::Batch(batch) => batch.verdict(),
            Self::Form(_)
            | Self::Confirm(_)
            | Self::Prompt(_)
            | Self::Bulk(_)
            | Self::Token(_)
            | Self::Issued(_)
            | Self::Fetching(_)
            | Self::Report(_)
            | Self::Who(_) => None,
        }
    }

    /// Draws it over the panes; returns where the cursor is.
    pub fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look, now: Timestamp) -> Option<Position> {
        match self {
            Self::Form(form) => form.draw(frame, size, look),
            Self::Confirm(confirm) => Some(confirm.draw(frame, size, look)),
            Self::Batch(batch) => Some(batch.draw(frame, size, look)),
            Self::Prompt(prompt) => Some(prompt.draw(frame, size, look)),
            Self::Bulk(bulk) => Some(bulk.draw(frame, size, look)),
            Self::Fetching(fetching) => Some(fetching.draw(frame, size, look)),
            Self::Token(token) => token.draw(frame, size, look),
            Self::Issued(issued) => Some(issued.draw(frame, size, look, now)),
            Self::Report(report) => Some(report.draw(frame, size, look)),
            Self::Who(who) => Some(who.draw(frame, size, look, now)),
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
