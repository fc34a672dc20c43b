//! What the journal says of a change besides its operation and its request.

use crate::api::{Arn, Call};
use crate::journal::record::{self, Act};
use crate::messaging::Publish;

/// The part of a change that only the place where it was meant knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deed {
    /// What it is done to: the room of a message or a user, the resource that is changed; none for what is yet to be made.
    pub target: Option<Arn>,
    /// The user that it is about: who wrote the message, who is disconnected, whom a token is for.
    pub user: Option<String>,
    /// The reason that everyone in the room is told.
    pub reason: Option<String>,
    /// A note that nobody is told: it stays in the journal.
    pub note: Option<String>,
    /// The rule that asked for it, if it was not a person.
    pub rule: Option<String>,
    /// The original text of a deleted message, or the message that was written.
    pub text: Option<String>,
}

impl Deed {
    /// A deed done to `target`, of which no more is to be said.
    pub fn to(target: Arn) -> Self {
        Self { target: Some(target), ..Self::default() }
    }

    /// The whole of what is said over a connection, as the journal writes it.
    pub fn act_of(&self, publish: &Publish) -> Act {
        let Self { target, user, reason, note, rule, text } = self.clone();
        let operation = match publish {
            Publish::SendMessage { .. } => "SendMessage",
            Publish::DeleteMessage { .. } => "DeleteMessage",
            Publish::DisconnectUser { .. } => "DisconnectUser",
        };
        let input = serde_json::from_str(&publish.to_text()).unwrap_or_default();
        Act { operation: operation.to_owned(), target, user, reason, note, rule, text, input }
    }

    /// The whole of it, as the journal writes it: what is sent, and what is said of it here.
    pub fn act(&self, call: &Call) -> Act {
        let Self { target, user, reason, note, rule, text } = self.clone();
        let (operation, input) = (call.spec.name.to_owned(), record::input(call));
        Act { operation, target, user, reason, note, rule, text, input }
    }
}
