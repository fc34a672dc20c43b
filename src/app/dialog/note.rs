//! The forms that keep a note about a user, and that take one away.

use jiff::Timestamp;

use crate::api::error::Problem;
use crate::api::limit::{self, Chars};
use crate::app::room::book::{NOTE, Note, when};
use crate::app::text::fit;
use crate::app::widget::form::{Choice, Field, Form, Prose};

use super::form::{Difference, FormDialog, Plan, Purpose, Told};
use super::order::Order;

const TEXT: &str = "text";
const WHICH: &str = "which";

/// Cells of a note on one line.
const SHORT: usize = 60;

/// A note's text.
const LIMIT: limit::Text = limit::Text { min: 1, max: NOTE, chars: Chars::Any };

/// The user whom a note is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The account.
    pub account: Box<str>,
    /// The user's id.
    pub user: Box<str>,
    /// Name and short id, safe to show.
    pub label: String,
}

/// The form for a new note.
pub fn add(about: About) -> FormDialog {
    let help = "Kept on this machine, for moderators: nobody in the room sees it. Enter keeps it, C-j breaks a line.";
    let form = Form::new(vec![Field::new(TEXT, "Note", help, Prose::new(LIMIT, ""))]);
    FormDialog::new(Add(about), form)
}

/// The form that takes one of these notes away, the newest first; none if there are none.
pub fn remove(about: About, notes: &[Note], now: Timestamp) -> Option<FormDialog> {
    let options: Vec<(String, String)> =
        notes.iter().rev().map(|note| (note.id.to_string(), short(note, now))).collect();
    let first = options.first()?.0.clone();
    let choice = Choice::new(options.iter().map(|(id, words)| (id.as_str(), words.as_str())), &first);
    let help = "Enter shows the whole note; it is taken away with y, not before.";
    let form = Form::new(vec![Field::new(WHICH, "Which", help, choice)]);
    let dialog = FormDialog::new(Remove { about, notes: notes.to_vec(), now }, form);
    Some(if notes.len() == 1 { dialog.reviewing() } else { dialog })
}

/// A note on one line: when, who, and how it begins.
fn short(note: &Note, now: Timestamp) -> String {
    fit(&format!("{} {}: {}", when(note.at, now), note.by.as_str(), words(note)), SHORT)
}

fn words(note: &Note) -> String {
    let lines: Vec<&str> = note.lines.iter().map(|line| line.as_str().trim()).collect();
    lines.join(" ")
}

/// Why a note was not kept, for its form.
pub fn told(why: &str) -> Told {
    Told {
        headline: "Not kept".to_owned(),
        facts: vec![("Why", crate::app::text::clean(why).as_str().to_owned())],
        doubt: false,
        remark: "What you typed is still here: Enter tries again.",
    }
}

#[derive(Debug)]
struct Add(About);

impl Purpose for Add {
    fn title(&self) -> String {
        format!("Note on {}", self.0.label)
    }

    fn verb(&self) -> &'static str {
        "keep"
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let text = form.prose(TEXT);
        let blank = Some("must not be empty".to_owned()).filter(|_| text.trim().is_empty());
        match blank.or_else(|| LIMIT.problem(&text)) {
            Some(problem) => Err(vec![Problem::new(TEXT, problem)]),
            None => Ok(Plan::default()),
        }
    }

    fn order(&self, form: &Form) -> Option<Order> {
        Some(Order::Note { about: self.0.clone(), text: form.prose(TEXT) })
    }
}

#[derive(Debug)]
struct Remove {
    about: About,
    notes: Vec<Note>,
    now: Timestamp,
}

impl Remove {
    fn chosen(&self, form: &Form) -> Option<&Note> {
        let id = form.choice(WHICH);
        self.notes.iter().find(|note| *note.id == *id)
    }
}

impl Purpose for Remove {
    fn title(&self) -> String {
        format!("Take a note on {} away", self.about.label)
    }

    fn verb(&self) -> &'static str {
        "take away"
    }

    fn foretell(&self) -> &'static str {
        "This note will be taken away, on this machine:"
    }

    fn assent(&self) -> &'static str {
        "takes it away"
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let Some(note) = self.chosen(form) else { return Ok(Plan::default()) };
        let label = format!("{} {}", when(note.at, self.now), note.by.as_str());
        let difference = Difference { label, old: String::new(), new: words(note), note: "There is no way back." };
        Ok(Plan { changes: Vec::new(), differences: vec![difference], batch: None })
    }

    fn order(&self, form: &Form) -> Option<Order> {
        Some(Order::DropNote { about: self.about.clone(), note: self.chosen(form)?.id.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::text::clean;

    #[test]
    fn a_note_is_told_on_one_line_with_when_and_who() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let note = |at: &str| {
            let lines = vec![clean("asked"), clean(" to stop")];
            Note { id: "a".into(), at: at.parse().unwrap(), by: clean("ann"), lines }
        };
        assert_eq!(short(&note("2026-11-21T09:15:00Z"), now), "09:15 ann: asked to stop");
        assert_eq!(short(&note("2026-11-20T23:59:00Z"), now), "2026-11-20 ann: asked to stop");
    }
}
