//! Fetches what the list of rooms lacks, their limits, for the rows in view: after a rest, and a few at a time, since
//! it is one call a room and the account has five a second.

use std::collections::HashSet;
use std::time::Duration;

use crate::api::error::Code;
use crate::api::{Arn, Error};
use crate::app::msg::{Ticket, Timer};
use crate::app::outbox::Outbox;

use super::details::Details;

/// How long rows are in view before they are asked for: passing over them costs no calls.
const REST: Duration = Duration::from_millis(150);

/// Calls under way at once: rows that have gone by meanwhile leave no queue behind.
const AT_ONCE: usize = 2;

/// Which rooms are in view, and how far asking for them has got.
#[derive(Debug, Default)]
pub struct Hydration {
    view: Vec<Arn>,
    rest: Ticket,
    phase: Phase,
    under_way: HashSet<Arn>,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Phase {
    /// The rows have not been in view for long.
    #[default]
    Moving,
    /// They are asked for.
    Asking,
    /// A call failed: more of them would, too, until one goes well that somebody else asked for.
    Failed,
    /// A call was denied: more of them would be, too, until somebody asks for a refresh.
    Denied,
}

impl Hydration {
    /// These rows are in view now; none if what is fetched is not shown.
    pub fn see<'a>(&mut self, view: impl Iterator<Item = &'a Arn> + Clone, outbox: &mut Outbox) {
        if self.view.iter().eq(view.clone()) {
            return;
        }
        self.view = view.cloned().collect();
        let stopped = matches!(self.phase, Phase::Failed | Phase::Denied);
        if !stopped && !self.view.is_empty() {
            self.phase = Phase::Moving;
            self.rest.0 += 1;
            outbox.after(REST, Timer::Hydrate(self.rest));
        }
    }

    /// The rows have rested, if this is the latest rest.
    pub fn rested(&mut self, ticket: Ticket, details: &mut Details, outbox: &mut Outbox) {
        if ticket == self.rest && self.phase == Phase::Moving {
            self.phase = Phase::Asking;
            self.ask(details, outbox);
        }
    }

    /// The details of a room have come, or not, whoever asked for them.
    pub fn answered(&mut self, arn: &Arn, error: Option<&Error>, details: &mut Details, outbox: &mut Outbox) {
        self.under_way.remove(arn);
        match error {
            None if self.phase == Phase::Failed => self.refresh(),
            None => {}
            // One room that is gone says nothing of the others.
            Some(error) if error.refusal().is_some_and(|refusal| refusal.code == Code::ResourceNotFound) => {}
            Some(error) if error.is_denied() => self.phase = Phase::Denied,
            Some(_) if self.phase == Phase::Denied => {}
            Some(_) => self.phase = Phase::Failed,
        }
        self.ask(details, outbox);
    }

    /// Something in view may have to be asked for again.
    pub fn look_again(&mut self) {
        self.view.clear();
    }

    /// Somebody wants everything asked for again, whatever was denied before.
    pub fn refresh(&mut self) {
        self.look_again();
        self.phase = Phase::Moving;
    }

    fn ask(&mut self, details: &mut Details, outbox: &mut Outbox) {
        if self.phase != Phase::Asking {
            return;
        }
        for arn in &self.view {
            if self.under_way.len() >= AT_ONCE {
                break;
            }
            if details.want(arn, false, outbox) {
                self.under_way.insert(arn.clone());
            }
        }
    }
}
