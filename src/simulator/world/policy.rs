//! Who may do what: the access policy of the principal that calls, and whether the account has been verified.

use std::collections::BTreeSet;

use super::id::Home;
use super::operation::Operation;
use super::{Refusal, World};

/// The access policy. Everything is allowed until it is denied.
#[derive(Debug, Default)]
pub(super) struct Policy {
    denied: BTreeSet<Operation>,
    verification: Verification,
}

/// Whether AWS has verified the account.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Verification {
    #[default]
    Done,
    Pending,
}

impl Policy {
    pub(super) fn deny(&mut self, operation: Operation) {
        self.denied.insert(operation);
    }

    pub(super) fn allow(&mut self, operation: Operation) {
        self.denied.remove(&operation);
    }

    pub(super) fn set_pending_verification(&mut self, pending: bool) {
        self.verification = if pending { Verification::Pending } else { Verification::Done };
    }

    pub(super) fn is_pending_verification(&self) -> bool {
        self.verification == Verification::Pending
    }

    /// Refuses what the policy does not allow, in AWS's words.
    pub(super) fn check(&self, operation: Operation, resource: &str, home: &Home) -> Result<(), Refusal> {
        if self.denied.contains(&operation) {
            let service = if is_of_ivs(resource) { "ivs" } else { "ivschat" };
            let action = format!("{service}:{}", operation.name());
            return Err(Refusal::denied(format!(
                "User: arn:aws:iam::{}:user/demo is not authorized to perform: {action} on resource: {resource} \
                 because no identity-based policy allows the {action} action",
                home.account,
            )));
        }
        if self.is_pending_verification() && operation.needs_verified_account() {
            return Err(Refusal::pending_verification());
        }
        Ok(())
    }
}

impl World {
    /// Takes an operation, such as `ListRooms`, from what the calling principal may do. Other names change nothing.
    pub fn deny(&mut self, operation: &str) {
        if let Some(operation) = Operation::named(operation) {
            self.policy.deny(operation);
        }
    }

    /// Gives an operation back that was denied.
    pub fn allow(&mut self, operation: &str) {
        if let Some(operation) = Operation::named(operation) {
            self.policy.allow(operation);
        }
    }

    /// Says whether the account waits for AWS to verify it, as new accounts may: it can look, but neither change
    /// anything nor connect nor publish.
    pub fn set_pending_verification(&mut self, pending: bool) {
        self.policy.set_pending_verification(pending);
    }
}

/// Whether a resource is one of Amazon IVS itself.
pub(super) fn is_of_ivs(arn: &str) -> bool {
    arn.starts_with("arn:aws:ivs:")
}
