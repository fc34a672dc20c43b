//! A form in a dialog: filled in, looked through where something is changed, sent, and kept if the service refuses.

pub(super) mod sheet;

use std::collections::VecDeque;
use std::fmt;

use crate::api::error::Problem;
use crate::api::{Error, ErrorKind};
use crate::app::change::{Change, Failed};
use crate::app::key::Key;
use crate::app::keys::{Command, Context};
use crate::app::trouble::Trouble;
use crate::app::widget::form::Form;
use crate::app::widget::page::Scroll;

use super::{Batch, Next, Order};

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

    /// What a live room is to do instead of the plan's calls, if this form is for one.
    fn order(&self, _form: &Form) -> Option<Order> {
        None
    }

    /// The sentence over what is looked through.
    fn foretell(&self) -> &'static str {
        "This will be changed, and nothing else is sent:"
    }

    /// What `y` does.
    fn assent(&self) -> &'static str {
        "saves it"
    }
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
    /// As it is; empty if there is nothing to compare with.
    pub old: String,
    /// As it will be.
    pub new: String,
    /// What the reader might not expect of it.
    pub note: &'static str,
}

/// Why what was sent came back, in words that are safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub headline: String,
    /// The facts: a label and a text each.
    pub facts: Vec<(&'static str, String)>,
    /// Whether it may have been carried out all the same.
    pub doubt: bool,
    /// What it means for what was typed.
    pub remark: &'static str,
}

impl From<&Error> for Told {
    fn from(error: &Error) -> Self {
        let Trouble { headline, facts, .. } = Trouble::new(error);
        let doubt = error.kind.may_have_been_done();
        let remark = if doubt {
            "It may have been carried out all the same: look before you send it again."
        } else {
            "This was not done, and what you typed is still here."
        };
        Self { headline, facts, doubt, remark }
    }
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
    refused: Option<Told>,
    /// What was carried out of several calls before one failed.
    done: usize,
    nothing_to_send: bool,
    /// How far a review is scrolled that does not fit.
    scroll: Scroll,
    /// How far it is with what a live room does, in words.
    progress: Option<&'static str>,
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
            scroll: Scroll::default(),
            progress: None,
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
            self.review(differences);
        }
        self
    }

    /// What a live room is to do, as the form is filled in now.
    pub fn order(&self) -> Option<Order> {
        self.purpose.order(&self.form)
    }

    /// What it asked for was not done at once: it can be filled in again.
    pub fn resume(&mut self) {
        self.stage = Stage::Filling;
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
    pub fn note(&mut self, words: String) {
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

    pub(super) fn press(&mut self, key: Key, command: Option<Command>, size: (u16, u16)) -> Next {
        match (&mut self.stage, command) {
            (Stage::Reviewing(_), Some(Command::Move(motion))) => {
                self.scroll_review(motion, size);
                Next::Stay
            }
            (Stage::Filling, Some(Command::Accept)) => self.accept(),
            (Stage::Filling, Some(Command::Cancel)) if self.form.is_touched() => {
                self.stage = Stage::Dropping;
                Next::Stay
            }
            // What was agreed to goes on, and what was typed is kept until it is known that it arrived.
            (Stage::Sending { .. }, Some(Command::Cancel)) => Next::Leave,
            (Stage::Filling, Some(Command::Cancel)) | (Stage::Dropping, Some(Command::Accept)) => Next::Close,
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
            Ok(plan) if plan.changes.is_empty() && self.purpose.order(&self.form).is_none() => {
                self.nothing_to_send = true;
                Next::Stay
            }
            Ok(plan) if plan.differences.is_empty() => self.send(plan.changes),
            Ok(plan) => {
                self.review(plan.differences);
                Next::Stay
            }
        }
    }

    fn review(&mut self, differences: Vec<Difference>) {
        self.stage = Stage::Reviewing(differences);
        self.scroll = Scroll::default();
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
        if let Some(order) = self.purpose.order(&self.form) {
            self.stage = Stage::Sending { rest, sent: 1 };
            return Next::Order(order);
        }
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

    /// How far a live room has got with what was sent to it.
    pub fn tell_progress(&mut self, words: Option<&'static str>) {
        self.progress = words;
    }

    /// Whether it shows that nobody knows what came of it, and nothing was typed since.
    pub fn is_in_doubt(&self) -> bool {
        matches!(self.stage, Stage::Filling) && self.refused.as_ref().is_some_and(|told| told.doubt)
    }

    /// What was sent to a live room came back.
    pub fn came_back(&mut self, told: Told) {
        if matches!(self.stage, Stage::Sending { .. }) || self.is_in_doubt() {
            self.stage = Stage::Filling;
            self.refused = Some(told);
        }
    }

    /// The service said no, or nothing: the text stays, and what it said of a field stands at the field.
    fn refuse(&mut self, error: &Error) -> Next {
        self.refused = Some(error.into());
        let fields = match &error.kind {
            ErrorKind::Refused(refusal) => refusal.fields.clone(),
            ErrorKind::Invalid(problems) => problems.clone(),
            _ => Vec::new(),
        };
        self.complain(fields)
    }
}
