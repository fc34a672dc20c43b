//! Choosing the reason that everyone in the room is told, by a digit or typed, and the note that nobody is told.
//!
//! The digit is the confirmation: what is hit stands above it.

use ratatui::text::{Line, Span};
use tui_input::Input;

use crate::api::limit::{self, Chars};
use crate::app::key::{Code, Key};
use crate::app::keys::{Command, Context};
use crate::app::look::Look;
use crate::app::queue::Why;
use crate::app::text::{clean, fit};
use crate::app::widget::edit;
use crate::app::widget::form::typed_line;
use crate::app::widget::page::Page;

use super::form::sheet::hidden;

/// Characters of a note: as long as a reader of the journal will want to read.
const NOTE: limit::Text = limit::Text { min: 1, max: 1000, chars: Chars::Any };

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A digit chooses.
    Digits,
    /// The reason is typed.
    Reason,
    /// The note is typed.
    Note,
    /// It is asked whether what was typed may go.
    Dropping,
}

/// A reason that is being chosen.
#[derive(Debug)]
pub struct Picker {
    reasons: Vec<String>,
    usual: String,
    reason: Input,
    note: Input,
    place: Place,
    /// What choosing one comes to.
    then: &'static str,
}

/// What a key came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Picked {
    /// Nothing yet.
    Nothing,
    /// It is not to be done.
    Closed,
    /// It is to be done, for this reason.
    For(Why),
}

/// Lines, and where the caret is among them, if text is typed: column and row.
pub(super) type Drawn = (Vec<Line<'static>>, Option<(usize, usize)>);

impl Picker {
    /// These have a digit; `usual` stands in the field at first, and the note that was written before, if one was.
    pub fn new(reasons: Vec<String>, usual: &Why) -> Self {
        let text = usual.reason.clone().unwrap_or_default();
        let note = Input::new(usual.note.clone().unwrap_or_default());
        Self {
            reasons,
            reason: Input::new(text.clone()),
            usual: text,
            note,
            place: Place::Digits,
            then: "A digit sends it at once.",
        }
    }

    /// Choosing is not the last step.
    #[must_use]
    pub(super) fn asking_on(self) -> Self {
        Self { then: "It is asked once more.", ..self }
    }

    pub(super) fn context(&self) -> Context {
        match self.place {
            Place::Digits => Context::Reason,
            Place::Reason | Place::Note => Context::ReasonText,
            Place::Dropping => Context::Dropping,
        }
    }

    pub(super) fn press(&mut self, key: Key, command: Option<Command>) -> Picked {
        match (self.place, command) {
            (Place::Digits, Some(Command::ChooseReason)) => return self.choose(key),
            (Place::Digits, Some(Command::Accept)) => return self.accept(),
            (Place::Digits, Some(Command::NextField)) | (Place::Note, Some(Command::PreviousField)) => {
                self.place = Place::Reason;
            }
            (Place::Digits, Some(Command::PrivateNote)) | (Place::Reason, Some(Command::NextField)) => {
                self.place = Place::Note;
            }
            (Place::Digits, Some(Command::Cancel)) if self.is_touched() => self.place = Place::Dropping,
            (Place::Digits, Some(Command::Cancel)) | (Place::Dropping, Some(Command::Accept)) => return Picked::Closed,
            (Place::Dropping, Some(Command::Cancel))
            | (Place::Reason | Place::Note, Some(Command::Accept | Command::Cancel))
            | (Place::Note, Some(Command::NextField))
            | (Place::Reason, Some(Command::PreviousField)) => self.place = Place::Digits,
            (Place::Reason, None) => drop(edit::press(&mut self.reason, key)),
            (Place::Note, None) => drop(edit::press(&mut self.note, key)),
            (Place::Digits | Place::Reason | Place::Note | Place::Dropping, _) => {}
        }
        Picked::Nothing
    }

    /// Pasted text lands where text is typed: it never chooses.
    pub(super) fn paste(&mut self, text: &str) {
        let text = text.trim_end_matches(['\n', '\r']);
        match self.place {
            Place::Reason => edit::paste(&mut self.reason, text),
            Place::Note => edit::paste(&mut self.note, text),
            Place::Digits | Place::Dropping => {}
        }
    }

    fn is_touched(&self) -> bool {
        self.reason.value() != self.usual || !self.note.value().is_empty()
    }

    fn choose(&mut self, key: Key) -> Picked {
        let Code::Char(c) = key.code else { return Picked::Nothing };
        match c.to_digit(10).and_then(|digit| usize::try_from(digit).ok()) {
            Some(0) => self.send(None),
            Some(digit) => match self.reasons.get(digit - 1).cloned() {
                Some(reason) => self.send(Some(reason)),
                None => Picked::Nothing,
            },
            None => Picked::Nothing,
        }
    }

    fn accept(&mut self) -> Picked {
        if self.reason_problem().is_some() {
            self.place = Place::Reason;
            return Picked::Nothing;
        }
        let reason = self.reason.value().to_owned();
        self.send(Some(reason).filter(|reason| !reason.is_empty()))
    }

    fn send(&mut self, reason: Option<String>) -> Picked {
        if self.note_problem().is_some() {
            self.place = Place::Note;
            return Picked::Nothing;
        }
        let note = Some(self.note.value().trim().to_owned()).filter(|note| !note.is_empty());
        Picked::For(Why { reason, note, rule: None })
    }

    fn reason_problem(&self) -> Option<String> {
        Some(self.reason.value()).filter(|text| !text.is_empty()).and_then(|text| limit::REASON.problem(text))
    }

    fn note_problem(&self) -> Option<String> {
        Some(self.note.value()).filter(|text| !text.is_empty()).and_then(|text| NOTE.problem(text))
    }

    /// What it says without a screen, and what it asks.
    pub(super) fn spoken(&self) -> (Vec<String>, String) {
        if self.place == Place::Dropping {
            return (Vec::new(), "yes drops what you typed, no goes on".to_owned());
        }
        let reasons = (1..).zip(&self.reasons).map(|(number, reason)| format!("{number} {reason}"));
        let mut lines = vec!["Public reason: everyone in the room can read it.".to_owned()];
        lines.extend(reasons);
        lines.push("0 no reason".to_owned());
        if !self.reason.value().is_empty() {
            lines.push(format!("usual: {}", self.reason.value()));
        }
        lines.extend(self.reason_problem().map(|problem| format!("wrong: the reason {problem}")));
        let lines = lines.iter().map(|line| clean(line).as_str().to_owned()).collect();
        (lines, "a number, usual, the reason in words, or cancel".to_owned())
    }

    /// Takes a reason in words, which the usual key sends.
    pub(super) fn type_line(&mut self, line: &str) {
        self.reason = Input::new(line.to_owned());
        self.place = Place::Digits;
    }

    /// It as lines of at most `cells` cells.
    pub(super) fn draw(&self, cells: usize, look: Look) -> Drawn {
        let mut page = Page::new(look, cells);
        page.styled(&format!("Public reason: everyone in the room can read it. {}", self.then), look.strong());
        let room = cells.saturating_sub(4);
        for (number, reason) in (1..).zip(&self.reasons) {
            page.line(choice(&number.to_string(), &fit(reason, room), look));
        }
        page.line(choice("0", "no reason", look));
        let mut lines = page.finish();
        let mut caret = None;
        for (key, input, place, empty) in [
            ("y", &self.reason, Place::Reason, "no reason; / types one"),
            (";", &self.note, Place::Note, "a private note, for the journal alone"),
        ] {
            let focused = self.place == place;
            let (line, column) = typed_line(input, room, focused, look);
            if focused {
                caret = Some((4 + column, lines.len()));
            }
            let line =
                if input.value().is_empty() && !focused { Line::styled(fit(empty, room), look.quiet()) } else { line };
            let mut spans = vec![Span::styled(format!(" {key}  "), look.key())];
            spans.extend(line.spans);
            lines.push(Line::from(spans));
        }
        let mut end = Page::new(look, cells);
        self.remarks(&mut end, look);
        lines.extend(end.finish());
        (lines, caret)
    }

    fn remarks(&self, page: &mut Page, look: Look) {
        if let Some(unseen) = hidden(self.reason.value()) {
            page.styled(&unseen, look.bad());
        }
        for problem in [self.reason_problem(), self.note_problem()].into_iter().flatten() {
            page.styled(&format!("! {problem}"), look.bad());
        }
        match self.place {
            Place::Dropping => page.styled("Drop what you typed?  y drops it, Esc goes on", look.bad()),
            Place::Reason => page.styled("Enter goes back: then y sends it, a digit something else.", look.busy()),
            Place::Note => page.styled("Nobody is told. Enter goes back to the reasons.", look.busy()),
            Place::Digits => {}
        }
    }
}

fn choice(key: &str, words: &str, look: Look) -> Line<'static> {
    Line::from(vec![Span::styled(format!(" {key}  "), look.key()), Span::styled(words.to_owned(), look.text())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keys;

    fn press(picker: &mut Picker, keys: &str) -> Picked {
        let mut last = Picked::Nothing;
        for key in Key::sequence(keys).unwrap() {
            last = picker.press(key, keys::command(picker.context(), key));
        }
        last
    }

    fn picker() -> Picker {
        Picker::new(vec!["Spam".into(), "Hate".into()], &Why::of("Removed"))
    }

    fn of(reason: &str, note: Option<&str>) -> Picked {
        Picked::For(Why { note: note.map(ToOwned::to_owned), ..Why::of(reason) })
    }

    #[test]
    fn a_digit_chooses_and_one_without_a_reason_does_nothing() {
        assert_eq!(press(&mut picker(), "2"), of("Hate", None));
        assert_eq!(press(&mut picker(), "3"), Picked::Nothing);
        assert_eq!(press(&mut picker(), "0"), of("", None));
        assert_eq!(press(&mut picker(), "y"), of("Removed", None));
        assert_eq!(press(&mut picker(), "<esc>"), Picked::Closed);
    }

    #[test]
    fn in_the_fields_digits_and_y_are_text_and_nothing_is_sent_from_there() {
        let mut picker = picker();
        assert_eq!(press(&mut picker, "/<c-u>1y;<enter>"), Picked::Nothing);
        assert_eq!(press(&mut picker, ";2<space>y<enter>"), Picked::Nothing);
        assert_eq!(press(&mut picker, "<enter>"), Picked::Nothing);
        assert_eq!(press(&mut picker, "y"), of("1y;", Some("2 y")));
        assert_eq!(press(&mut picker, "1"), of("Spam", Some("2 y")));
    }

    #[test]
    fn what_was_typed_is_not_dropped_without_asking() {
        let mut picker = picker();
        assert_eq!(press(&mut picker, ";x<esc><esc>"), Picked::Nothing);
        assert_eq!(press(&mut picker, "1<esc>"), Picked::Nothing);
        assert_eq!(press(&mut picker, "<esc>y"), Picked::Closed);
    }

    #[test]
    fn what_the_service_would_refuse_is_not_sent() {
        let mut picker = picker();
        press(&mut picker, "/");
        picker.paste(&"x".repeat(257));
        press(&mut picker, "<enter>");
        assert_eq!(press(&mut picker, "y"), Picked::Nothing);
        assert!(picker.draw(76, Look::plain()).0.iter().any(|line| line.to_string().contains("at most 256")));
        assert_eq!(press(&mut picker, "<enter>1"), of("Spam", None));
    }
}
