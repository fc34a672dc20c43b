//! A change that the console makes to the service: the call, what the journal says of it, and what its answer means.
//!
//! All changes go one way, whatever the operation: [`Outbox::carry_out`](super::outbox::Outbox::carry_out) sends one,
//! and [`Msg::Changed`](super::Msg::Changed) brings back what came of it.

use std::fmt;

use crate::api::answer::{self, Answer};
use crate::api::error::Problem;
use crate::api::model::{LoggingConfiguration, Room, Tags};
use crate::api::ops::{ChatToken, CreateChatToken};
use crate::api::{Arn, Call, Error, Operation};

use super::deed::Deed;
use super::dialog::event::Template;

/// One call that changes something.
pub struct Change {
    /// What is sent.
    pub call: Call,
    /// What the journal says of it.
    pub deed: Deed,
    /// What is looked at again if nobody knows whether it was carried out.
    pub topic: Topic,
    decode: Decode,
}

/// What becomes of an answer.
type Decode = Box<dyn FnOnce(Result<Answer, Error>) -> Result<Done, Error> + Send>;

/// What turns an answer into what came of a change.
pub type Outcome = Box<dyn FnOnce(Result<Answer, Error>) -> Result<Done, Failed> + Send>;

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// The list of rooms.
    Rooms,
    /// The list of logging configurations.
    Logging,
    /// One resource.
    Resource(Arn),
    /// The tags of a resource.
    Tags(Arn),
    /// Nothing that is on the screen.
    Nothing,
}

/// A change that was carried out.
#[derive(Debug)]
pub struct Done {
    /// What the reader is told.
    pub word: String,
    /// What is different now.
    pub news: News,
}

/// What is different after a change.
#[derive(Debug)]
pub enum News {
    /// This room is new or was changed.
    Room(Box<Room>),
    /// This room is gone.
    RoomGone(Arn),
    /// This logging configuration is new or was changed.
    Logging(Box<LoggingConfiguration>),
    /// This logging configuration is on its way out.
    LoggingGoing(Arn),
    /// Tags of this resource were set, and others taken away.
    Tags {
        /// The resource.
        of: Arn,
        /// What was set.
        set: Tags,
        /// The keys that were taken away.
        gone: Vec<String>,
    },
    /// This event was sent to this room, and the service gave it this id.
    EventSent(Arn, String, Template),
    /// A token was issued.
    Token(Box<(CreateChatToken, ChatToken)>),
    /// Nothing that a list or page shows.
    Nothing,
}

/// A change that was not carried out, or of which nobody knows.
#[derive(Debug)]
pub struct Failed {
    /// Why.
    pub error: Error,
    /// What it was about.
    pub topic: Topic,
}

impl Change {
    /// A change by `operation`; `done` says what its answer means.
    pub fn new<O, F>(operation: &O, deed: Deed, topic: Topic, done: F) -> Self
    where
        O: Operation,
        F: FnOnce(O::Output) -> Done + Send + 'static,
    {
        let decode = |answer| answer::decode::<O>(answer).map(done);
        Self { call: operation.call(), deed, topic, decode: Box::new(decode) }
    }

    /// The same, if the operation's input breaks no limit.
    ///
    /// # Errors
    /// All its problems at once.
    pub fn checked<O, F>(operation: &O, deed: Deed, topic: Topic, done: F) -> Result<Self, Vec<Problem>>
    where
        O: Operation,
        F: FnOnce(O::Output) -> Done + Send + 'static,
    {
        let problems = operation.problems();
        if problems.is_empty() { Ok(Self::new(operation, deed, topic, done)) } else { Err(problems) }
    }

    /// The call, its deed, and what turns its answer into an outcome.
    pub fn into_parts(self) -> (Call, Deed, Outcome) {
        let (decode, topic) = (self.decode, self.topic);
        let outcome = move |answer| decode(answer).map_err(|error| Failed { error, topic });
        (self.call, self.deed, Box::new(outcome))
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change").field("call", &self.call).field("topic", &self.topic).finish_non_exhaustive()
    }
}
