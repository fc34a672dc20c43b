//! Logging configurations that are being created, changed or deleted are asked for until they have settled.
//!
//! Each has one call under way at most, and the client keeps all of them together within the service's three a second.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::api::error::Code;
use crate::api::model::{LoggingConfiguration, LoggingState};
use crate::api::{Arn, Error};
use crate::app::msg::Timer;
use crate::app::outbox::Outbox;
use crate::app::pane::logging_state::is_in_transition;
use crate::app::pane::rows::{LoggingRow, short};
use crate::app::text::clean;
use crate::app::trouble::Trouble;

use super::App;

/// The waits before the first askings; the last is for all that follow. A change takes a few seconds, or much longer.
const WAITS: [u64; 5] = [2, 2, 3, 5, 10];

/// How often a configuration that the service does not know may be asked for: reads lag behind creations.
const PATIENCE: usize = 5;

/// How far the asking for one configuration has got.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// What to call it, even when its row is gone.
    name: String,
    /// Whether it was seen on its way out, so that not to find it is its end.
    deleting: bool,
    /// Whether the service took its deletion here, so that it is followed until it is gone.
    deleted: bool,
    asked: usize,
    /// A call is under way; otherwise a timer is.
    calling: bool,
}

impl Step {
    fn see(&mut self, row: &LoggingRow) {
        row.title.as_str().clone_into(&mut self.name);
        self.deleting = row.configuration.state == Some(LoggingState::Deleting);
    }
}

pub(super) type Following = BTreeMap<Arn, Step>;

impl App {
    /// Asks for a logging configuration until it has settled, and keeps its row up to date meanwhile.
    pub(super) fn follow(&mut self, arn: &Arn, outbox: &mut Outbox) {
        if !self.following.contains_key(arn) {
            let mut step = Step { name: short(arn), ..Step::default() };
            if let Some(row) = self.logging.find(arn.as_str()) {
                step.see(row);
            }
            self.following.insert(arn.clone(), step);
            self.follow_on(arn, outbox);
        }
    }

    /// Asks for a logging configuration whose deletion the service took until it is gone, whatever the list says of it.
    pub(super) fn follow_deletion(&mut self, arn: &Arn, outbox: &mut Outbox) {
        self.follow(arn, outbox);
        if let Some(step) = self.following.get_mut(arn) {
            step.deleted = true;
        }
    }

    /// Follows all that are listed and in transition.
    pub(super) fn follow_listed(&mut self, outbox: &mut Outbox) {
        let changing = |row: &&LoggingRow| is_in_transition(row.configuration.state.as_ref());
        let arns: Vec<Arn> =
            self.logging.rows().iter().filter(changing).map(|row| row.configuration.arn.clone()).collect();
        for arn in arns {
            self.follow(&arn, outbox);
        }
    }

    /// It is time to ask for one again.
    pub(super) fn follow_due(&mut self, arn: &Arn, outbox: &mut Outbox) {
        if let Some(step) = self.following.get_mut(arn).filter(|step| !step.calling) {
            step.calling = true;
            step.asked += 1;
            self.details.want(arn, true, outbox);
        }
    }

    /// A logging configuration has been read, or not, whoever asked for it.
    pub(super) fn followed(&mut self, arn: &Arn, answer: Result<&LoggingConfiguration, &Error>, outbox: &mut Outbox) {
        let step = self.following.get_mut(arn);
        match answer {
            Ok(found) => {
                let (row, followed) = (LoggingRow::from(found.clone()), step.is_some());
                let lagging = step.is_some_and(|step| {
                    step.see(&row);
                    step.deleted && step.asked < PATIENCE
                });
                self.logging.put(&row, followed);
                if is_in_transition(found.state.as_ref()) {
                    self.follow(arn, outbox);
                    self.follow_on_after_call(arn, outbox);
                } else if lagging {
                    // Reads lag behind: it is still told as it was.
                    self.follow_on_after_call(arn, outbox);
                } else if let Some(step) = self.following.remove(arn) {
                    tell_settled(&step.name, found.state.as_ref(), outbox);
                }
            }
            Err(error) => {
                if let Some(step) = step {
                    let step = (step.name.clone(), step.deleting || step.deleted, step.asked >= PATIENCE);
                    self.follow_failed(arn, step, error, outbox);
                }
            }
        }
    }

    fn follow_failed(&mut self, arn: &Arn, step: (String, bool, bool), error: &Error, outbox: &mut Outbox) {
        let (name, deleting, long_enough) = step;
        match error.refusal().map(|refusal| &refusal.code) {
            Some(Code::ResourceNotFound) if deleting => {
                self.logging.remove(arn.as_str());
                outbox.good(format!("{name} is deleted"));
            }
            Some(Code::ResourceNotFound) if long_enough => {
                outbox.bad(format!("{name} is not known to the service any more: C-r asks for the list again"));
            }
            Some(Code::AccessDenied | Code::Validation) => {
                outbox.bad(format!("{name} can't be followed, its state may be old: {}", Trouble::new(error).brief()));
            }
            // It may work the next time.
            Some(_) | None => return self.follow_on_after_call(arn, outbox),
        }
        self.following.remove(arn);
    }

    fn follow_on_after_call(&mut self, arn: &Arn, outbox: &mut Outbox) {
        if let Some(step) = self.following.get_mut(arn).filter(|step| step.calling) {
            step.calling = false;
            self.follow_on(arn, outbox);
        }
    }

    fn follow_on(&self, arn: &Arn, outbox: &mut Outbox) {
        let asked = self.following.get(arn).map_or(0, |step| step.asked);
        let wait = WAITS[asked.min(WAITS.len() - 1)];
        outbox.after(Duration::from_secs(wait), Timer::Follow(arn.clone()));
    }
}

fn tell_settled(name: &str, state: Option<&LoggingState>, outbox: &mut Outbox) {
    match state {
        Some(LoggingState::Active) => outbox.good(format!("{name} is ACTIVE")),
        Some(state @ (LoggingState::CreateFailed | LoggingState::UpdateFailed | LoggingState::DeleteFailed)) => {
            outbox.bad(format!("{name} is {state}: its details say what to check"));
        }
        Some(LoggingState::Unknown(state)) => outbox.hint(format!("{name} is {}", clean(state).as_str())),
        Some(LoggingState::Creating | LoggingState::Updating | LoggingState::Deleting) | None => {}
    }
}
