//! A form in a dialog: filled in, looked through where something is changed, sent, and kept if the service refuses.

use std::collections::VecDeque;
use std::fmt;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use crate::api::error::Problem;
use crate::api::{Error, ErrorKind};
use crate::app::change::{Change, Failed, may_have_been_done};
use crate::app::key::Key;
use crate::app::keys::{Command, Context};
use crate::app::look::Look;
use crate::app::screen::inside;
use crate::app::text::{clean, fit};
use crate::app::trouble::Trouble;
use crate::app::widget::form::Form;
use crate::app::widget::frame::boxed;
use crate::app::widget::page::Page;

use super::{Batch, Next, area};

/// Rows below which help gives way to the fields.
const LOW: usize = 12;

/// What a form is for.
pub trait Purpose: fmt::Debug + Send {
    /// The dialog's title: what is done to what.
    fn title(&self) -> String;

    /// What sending does, as a verb: `create`, `save`.
    fn verb(&self) -> &'static str;

    /// Shows and hides fields by what others hold.
    fn adapt(&self, _form: &mut Form) {}

    /// What sending would do.
    ///
    /// # Errors
    /// All that is wrong with what was typed, each problem at its member.
    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>>;
}

/// What sending a form would do.
#[derive(Debug, Default)]
pub struct Plan {
    /// The calls, one after the other; none if nothing would change.
    pub changes: Vec<Change>,
    /// What will be different, to be looked through first; empty if that is plain from the form.
    pub differences: Vec<Difference>,
    /// Many calls, which have a dialog of their own, instead of those above.
    pub batch: Option<Batch>,
}

/// One member, as it is and as it will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What the form calls it.
    pub label: String,
    /// As it is.
    pub old: String,
    /// As it will be.
    pub new: String,
    /// What the reader might not expect of it.
    pub note: &'static str,
}

/// How far it is.
#[derive(Debug)]
enum Stage {
    Filling,
    Reviewing(Vec<Difference>),
    Sending {
        rest: VecDeque<Change>,
        sent: usize,
    },
    /// Esc was pressed although something was typed.
    Dropping,
}

/// A form in a dialog.
#[derive(Debug)]
pub struct FormDialog {
    purpose: Box<dyn Purpose>,
    form: Form,
    stage: Stage,
    problems: Vec<Problem>,
    /// What the service said to it, until something is typed.
    refused: Option<Error>,
    /// What was carried out of several calls before one failed.
    done: usize,
    nothing_to_send: bool,
    /// A word on how the fields were filled, until something is typed.
    note: Option<String>,
}

impl FormDialog {
    /// A form as it opens.
    pub fn new(purpose: impl Purpose + 'static, mut form: Form) -> Self {
        purpose.adapt(&mut form);
        let mut dialog = Self {
            purpose: Box::new(purpose),
            form,
            stage: Stage::Filling,
            problems: Vec::new(),
            refused: None,
            done: 0,
            nothing_to_send: false,
            note: None,
        };
        dialog.check();
        dialog
    }

    /// The same, as if Enter had been pressed: what will change is looked through at once.
    #[must_use]
    pub fn reviewing(mut self) -> Self {
        // Nothing is sent by this: what has differences is looked through first.
        if let Ok(Plan { differences, .. }) = self.purpose.plan(&self.form)
            && !differences.is_empty()
        {
            self.stage = Stage::Reviewing(differences);
        }
        self
    }

    /// What was typed.
    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    /// Fills fields from elsewhere than the keyboard.
    pub(super) fn fill(&mut self, fill: impl FnOnce(&mut Form)) {
        fill(&mut self.form);
        self.typed();
    }

    /// Says how the fields were filled.
    pub(super) fn note(&mut self, words: String) {
        self.note = Some(words);
    }

    /// Whether fields are being filled in: nothing is under way or asked.
    pub(super) fn is_filling(&self) -> bool {
        matches!(self.stage, Stage::Filling)
    }

    pub(super) fn context(&self) -> Context {
        match self.stage {
            Stage::Filling | Stage::Sending { .. } => Context::Form,
            Stage::Reviewing(_) => Context::Review,
            Stage::Dropping => Context::Dropping,
        }
    }

    pub(super) fn press(&mut self, key: Key, command: Option<Command>) -> Next {
        match (&mut self.stage, command) {
            (Stage::Filling, Some(Command::Accept)) => self.accept(),
            (Stage::Filling, Some(Command::Cancel)) if self.form.is_touched() => {
                self.stage = Stage::Dropping;
                Next::Stay
            }
            // Nothing typed, nothing lost. What has been sent can't be called back: its outcome will be told.
            (Stage::Filling | Stage::Sending { .. }, Some(Command::Cancel))
            | (Stage::Dropping, Some(Command::Accept)) => Next::Close,
            (Stage::Filling, command) => {
                if self.form.press(key, command) {
                    self.typed();
                }
                Next::Stay
            }
            (Stage::Reviewing(_), Some(Command::Accept)) => match self.purpose.plan(&self.form) {
                Ok(plan) => self.send(plan.changes),
                Err(problems) => self.complain(problems),
            },
            (Stage::Reviewing(_) | Stage::Dropping, Some(Command::Cancel)) => {
                self.stage = Stage::Filling;
                Next::Stay
            }
            (Stage::Reviewing(_) | Stage::Dropping | Stage::Sending { .. }, _) => Next::Stay,
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if matches!(self.stage, Stage::Filling) {
            self.form.paste(text);
            self.typed();
        }
    }

    fn typed(&mut self) {
        self.refused = None;
        self.nothing_to_send = false;
        self.note = None;
        self.purpose.adapt(&mut self.form);
        self.check();
    }

    fn check(&mut self) {
        self.problems = self.purpose.plan(&self.form).err().unwrap_or_default();
    }

    fn accept(&mut self) -> Next {
        match self.purpose.plan(&self.form) {
            Err(problems) => self.complain(problems),
            Ok(Plan { batch: Some(batch), .. }) => Next::Run(batch),
            Ok(plan) if plan.changes.is_empty() => {
                self.nothing_to_send = true;
                Next::Stay
            }
            Ok(plan) if plan.differences.is_empty() => self.send(plan.changes),
            Ok(plan) => {
                self.stage = Stage::Reviewing(plan.differences);
                Next::Stay
            }
        }
    }

    fn complain(&mut self, problems: Vec<Problem>) -> Next {
        self.stage = Stage::Filling;
        self.form.touch_all();
        self.form.focus_on_problem(&problems);
        self.problems = problems;
        Next::Stay
    }

    fn send(&mut self, changes: Vec<Change>) -> Next {
        let mut rest = VecDeque::from(changes);
        self.refused = None;
        match rest.pop_front() {
            Some(first) => {
                self.stage = Stage::Sending { rest, sent: 1 };
                Next::Send(Box::new(first))
            }
            None => Next::Close,
        }
    }

    pub(super) fn answered(&mut self, failed: Option<&Failed>) -> Next {
        let Stage::Sending { rest, sent } = &mut self.stage else { return Next::Stay };
        match failed {
            Some(failed) => {
                self.done = *sent - 1;
                self.refuse(&failed.error)
            }
            None => match rest.pop_front() {
                Some(next) => {
                    *sent += 1;
                    Next::Send(Box::new(next))
                }
                None => Next::Close,
            },
        }
    }

    /// The service said no, or nothing: the text stays, and what it said of a field stands at the field.
    fn refuse(&mut self, error: &Error) -> Next {
        self.refused = Some(error.clone());
        let fields = match &error.kind {
            ErrorKind::Refused(refusal) => refusal.fields.clone(),
            ErrorKind::Invalid(problems) => problems.clone(),
            _ => Vec::new(),
        };
        self.complain(fields)
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Option<Position> {
        let widest = usize::from(area(size, 0).width.saturating_sub(4));
        let mut sheet = self.sheet(widest, look);
        let area = area(size, sheet.lines.len() + sheet.footer.len());
        // On a low screen the fields come before what is said of them.
        let room = inside(area).1;
        if room < LOW {
            sheet.footer.retain(|line| line.width() > 0);
            sheet.footer.truncate((room / 3).max(1));
        }
        frame.render_widget(Clear, area);
        let title = format!(" {} ", fit(clean(&self.purpose.title()).as_str(), widest));
        let inner = boxed(frame, area, look, true, Line::styled(title, look.title()), Line::default());
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        let height = inside(area).1.saturating_sub(sheet.footer.len());
        let top = sheet.top(height);
        for (line, y) in sheet.lines.iter().skip(top).take(height).zip(inner.y..) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
        let footer_top = inner.y + u16::try_from(height).unwrap_or_default();
        for (line, y) in sheet.footer.iter().zip(footer_top..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
        sheet.caret.map(|(column, row)| {
            let x = inner.x + u16::try_from(column).unwrap_or_default();
            let y = inner.y + u16::try_from(row.saturating_sub(top)).unwrap_or_default();
            Position::new(x.min(inner.right()), y.min(inner.bottom()))
        })
    }

    fn sheet(&self, cells: usize, look: Look) -> Sheet {
        match &self.stage {
            Stage::Reviewing(differences) => Sheet { lines: review(differences, cells, look), ..Sheet::default() },
            Stage::Filling | Stage::Sending { .. } | Stage::Dropping => self.filling(cells, look),
        }
    }

    fn filling(&self, cells: usize, look: Look) -> Sheet {
        let mut first = Page::new(look, cells);
        self.trouble(&mut first, look);
        let mut lines = first.finish();
        let layout = self.form.layout(cells, &self.problems, look);
        let above = lines.len();
        lines.extend(layout.lines);
        let mut last = Page::new(look, cells);
        last.blank();
        match &self.stage {
            Stage::Sending { rest, sent } => {
                let of = if rest.is_empty() && *sent == 1 {
                    String::new()
                } else {
                    format!(" {sent} of {}", sent + rest.len())
                };
                last.styled(&format!("sending{of} ... (Esc closes; the outcome will be told)"), look.busy());
            }
            Stage::Dropping => last.styled("Drop what you typed?  y drops it, Esc goes on", look.bad()),
            Stage::Filling | Stage::Reviewing(_) if self.nothing_to_send => {
                last.styled(&format!("Nothing has changed: there is nothing to {}.", self.purpose.verb()), look.busy());
            }
            Stage::Filling | Stage::Reviewing(_) => last.styled(layout.help, look.quiet()),
        }
        let caret = (layout.caret.0, layout.caret.1 + above);
        let focused = (layout.focused.0 + above, layout.focused.1 + above);
        // What the service said is read before anything else.
        let focused = if self.refused.is_some() { (0, focused.1) } else { focused };
        Sheet { lines, footer: last.finish(), caret: Some(caret), focused }
    }

    fn trouble(&self, page: &mut Page, look: Look) {
        if let Some(note) = &self.note {
            page.styled(clean(note).as_str(), look.busy());
            page.blank();
        }
        if self.done > 0 && self.refused.is_some() {
            page.styled(&format!("{} of the changes went through; then:", self.done), look.busy());
        }
        if let Some(error) = &self.refused {
            let trouble = Trouble::new(error);
            page.styled(&trouble.headline, look.bad());
            for (label, text) in &trouble.facts {
                page.fact(label, text);
            }
            if may_have_been_done(error) {
                page.styled("It may have been carried out all the same: look before you send it again.", look.busy());
            } else {
                page.text("Nothing was changed, and what you typed is still here.");
            }
        }
        let (_, homeless) = self.form.sort_problems(&self.problems);
        for problem in homeless.into_iter().filter(|_| self.form.is_touched() || self.refused.is_some()) {
            page.styled(
                &format!("! {} {}", clean(&problem.member).as_str(), clean(&problem.message).as_str()),
                look.bad(),
            );
        }
        if self.refused.is_some() {
            page.blank();
        }
    }
}

/// What is drawn inside the dialog's frame.
#[derive(Debug, Default)]
struct Sheet {
    lines: Vec<Line<'static>>,
    /// What stays at the bottom while the lines scroll.
    footer: Vec<Line<'static>>,
    caret: Option<(usize, usize)>,
    focused: (usize, usize),
}

impl Sheet {
    /// The first line to show, so that the field that has the keys is in view.
    fn top(&self, height: usize) -> usize {
        let lowest = self.focused.1.saturating_sub(height);
        lowest
            .max(self.caret.map_or(0, |(_, row)| (row + 1).saturating_sub(height)))
            .min(self.lines.len().saturating_sub(height))
    }
}

fn review(differences: &[Difference], cells: usize, look: Look) -> Vec<Line<'static>> {
    let mut page = Page::new(look, cells);
    page.text("This will be changed, and nothing else is sent:");
    page.blank();
    for difference in differences {
        page.line(Line::from(Span::styled(clean(&difference.label).as_str().to_owned(), look.strong())));
        page.fact_styled("  from", clean(&difference.old).as_str(), look.text());
        page.fact_styled("  to", clean(&difference.new).as_str(), look.good());
        if !difference.note.is_empty() {
            page.fact_styled("", difference.note, look.busy());
        }
    }
    page.blank();
    page.line(Line::from(vec![
        Span::styled("y", look.key()),
        Span::raw(" saves it   "),
        Span::styled("Esc", look.key()),
        Span::raw(" goes back to the form"),
    ]));
    page.finish()
}
