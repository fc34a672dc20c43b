//! What the journal says of a change besides its operation and its request.

use crate::api::Arn;

/// The who, what and why of a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deed {
    /// The resource that is changed.
    pub target: Option<Arn>,
    /// The user whom it is about.
    pub user: Option<String>,
    /// The public reason.
    pub reason: Option<String>,
    /// The private note.
    pub note: Option<String>,
    /// The text of a deleted message, or of one that was written.
    pub text: Option<String>,
}
