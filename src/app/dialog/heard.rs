//! A dialog without a screen: what it says, line by line, what it asks, and how a line answers it.

use jiff::Timestamp;
use ratatui::text::Line;

use crate::app::look::Look;
use crate::app::text::clean;
use crate::app::widget::page::{Page, TOLD};

use super::Dialog;

/// What a dialog says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// What it is.
    pub title: String,
    /// What it says, each line for itself. Safe to show.
    pub lines: Vec<String>,
    /// What can be answered; empty if there is nothing to be asked.
    pub asks: String,
    /// Whether it waits for the service, so that nothing can be answered yet.
    pub waits: bool,
}

/// A page to be told.
pub(super) fn page() -> Page {
    Page::new(Look::plain(), TOLD)
}

/// Its lines, without those that are empty.
pub(in crate::app) fn told(lines: &[Line]) -> Vec<String> {
    let lines = lines.iter().map(|line| clean(line.to_string().trim()).as_str().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

impl Heard {
    pub(super) fn new(title: &str, lines: Vec<String>, asks: impl Into<String>) -> Self {
        Self { title: clean(title).as_str().to_owned(), lines, asks: asks.into(), waits: false }
    }

    pub(super) fn waiting(title: &str, lines: Vec<String>) -> Self {
        Self { waits: true, ..Self::new(title, lines, "") }
    }
}

impl Dialog {
    /// What it says at `now`.
    pub fn spoken(&self, now: Timestamp) -> Heard {
        match self {
            Self::Form(form) => form.spoken(),
            Self::Confirm(confirm) => confirm.spoken(),
            Self::Batch(batch) => batch.spoken(),
            Self::Prompt(prompt) => prompt.spoken(),
            Self::Bulk(bulk) => bulk.spoken(),
            Self::Fetching(fetching) => {
                Heard::waiting(&format!("asking the service for {}", fetching.name()), Vec::new())
            }
            Self::Token(token) => token.spoken(),
            Self::Issued(issued) => issued.spoken(now),
            Self::Report(report) => report.spoken(),
            Self::Who(who) => who.spoken(now),
        }
    }

    /// Fills the field with this name.
    ///
    /// # Errors
    /// If it is no form, has no such field, or the field can't hold that.
    pub fn say(&mut self, name: &str, value: &str) -> Result<(), String> {
        match self {
            Self::Form(form) => form.say(name, value),
            Self::Token(token) => token.say(name, value),
            Self::Confirm(_)
            | Self::Batch(_)
            | Self::Prompt(_)
            | Self::Bulk(_)
            | Self::Fetching(_)
            | Self::Issued(_)
            | Self::Report(_)
            | Self::Who(_) => Err("there is no field to fill here".to_owned()),
        }
    }

    /// What there is to say of the field with this name.
    ///
    /// # Errors
    /// If it is no form, or has no such field.
    pub fn explain(&self, name: &str) -> Result<String, String> {
        match self {
            Self::Form(form) => form.form().explain(name),
            Self::Token(token) => token.explain(name),
            Self::Confirm(_)
            | Self::Batch(_)
            | Self::Prompt(_)
            | Self::Bulk(_)
            | Self::Fetching(_)
            | Self::Issued(_)
            | Self::Report(_)
            | Self::Who(_) => Err("there is no field here".to_owned()),
        }
    }

    /// Takes a whole line where one is typed: a name to confirm, a number, a path, a reason in words. What was typed before
    /// is gone.
    pub fn type_line(&mut self, line: &str) {
        match self {
            Self::Confirm(confirm) => confirm.type_line(line),
            Self::Prompt(prompt) => prompt.picker_mut().type_line(line),
            Self::Bulk(bulk) => bulk.type_line(line),
            Self::Token(token) => token.type_line(line),
            Self::Issued(issued) => issued.type_line(line),
            Self::Who(who) => who.type_line(line),
            Self::Form(_) | Self::Batch(_) | Self::Fetching(_) | Self::Report(_) => {}
        }
    }
}
