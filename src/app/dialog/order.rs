//! What a form asks of a live room, where the call to the service is only a part of what is to be done.

use crate::api::Arn;
use crate::app::queue::{Aim, Why};
use crate::app::room::writing::Draft;
use crate::app::sweep::Sweep;

use super::note::About;

/// Something that a live room is to do, and to tell the outcome of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Delete a message. The dialog has done its work: the message's row shows how far it has got.
    Delete {
        /// The room.
        room: Arn,
        /// The message's id.
        message: Box<str>,
        /// Why.
        why: Why,
    },
    /// Disconnect a user.
    Disconnect {
        /// The room.
        room: Arn,
        /// The user's id.
        user: String,
        /// Why.
        why: Why,
        /// Whether the form stays until it is answered.
        form: bool,
    },
    /// Do all of these; the dialog stays and shows what comes of each, by its number.
    Many {
        /// What is hit, and where.
        acts: Vec<(usize, Arn, Aim)>,
        /// Why.
        why: Why,
        /// What is to be hit while it comes, from now on.
        then: Option<Sweep>,
    },
    /// Show what a purge hits, and ask whether it is to be done.
    Purge(Sweep),
    /// Cancel what is left of the many.
    CancelRun,
    /// Keep a note about a user. The form stays until it is kept.
    Note {
        /// The user.
        about: About,
        /// What was typed.
        text: String,
    },
    /// Take a note away. The form stays until that is kept.
    DropNote {
        /// The user.
        about: About,
        /// The note's id.
        note: Box<str>,
    },
    /// Let rules that say so delete by themselves.
    Arm {
        /// The room.
        room: Arn,
    },
    /// Write a message. The form stays until it has come back.
    Write {
        /// The room.
        room: Arn,
        /// What is written.
        draft: Draft,
    },
}
