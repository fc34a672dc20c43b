//! What the console wants done: panes put typed asks in, the runtime carries them out and brings messages back.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;

use crate::api::answer::{self, Answer};
use crate::api::{Arn, Call, Error, Operation};

use crate::journal::record::Outcome;
use crate::messaging::Publish;

use super::change::Change;
use super::deed::Deed;
use super::file::{Taping, ToWrite};
use super::identity;
use super::log::Called;
use super::msg::{LinkId, Msg, Ticket, Timer};
use super::queue::Act;
use super::room::book::Entry;
use super::room::protected::Protected;
use super::room::rules::Rules;
use super::text::clean;

/// One effect, as data.
#[derive(Debug)]
pub enum Job {
    /// Call the service.
    Call(Box<Ask>),
    /// Send [`Msg::Due`] after this time.
    After(Duration, Timer),
    /// Read what the journal says of earlier changes, and send [`Msg::Journal`].
    ReadJournal,
    /// Read what is kept about users, and send [`Msg::Book`].
    ReadBook,
    /// Keep this about a user, and send [`Msg::BookKept`].
    KeepInBook(Box<Entry>),
    /// Open a connection with this token.
    Connect(LinkId, SecretString),
    /// Say something over a connection, and send [`Msg::Published`].
    Publish(Box<Saying>),
    /// Write into the journal what came of what was said over this connection with this request id.
    Conclude(LinkId, Box<str>, Box<Outcome>),
    /// Close a connection.
    Disconnect(LinkId),
    /// Put a text into the clipboard, and send [`Msg::Copied`].
    Copy(Copied),
    /// Put a token into the clipboard, as was asked for, and send [`Msg::Copied`].
    CopyToken(SecretString),
    /// Read a text file, and send [`Msg::FileRead`].
    ReadFile(Ticket, String),
    /// Try these rules on the recorded feed in this file, with these users protected, and send [`Msg::RulesTested`].
    TestRules(Ticket, String, Arc<Rules>, Arc<Protected>),
    /// Write a file, and send [`Msg::FileWritten`].
    WriteFile(Ticket, ToWrite),
    /// Do something to the file of this room's recording, and send [`Msg::Taped`] when it is open and when it is closed.
    Tape(Arn, Taping),
    /// Hand a text to the reader's editor, and send [`Msg::Edited`].
    Edit(Draft),
    /// Become somebody else, sign in, look whether the credentials are good: tells by [`Msg::Identity`].
    Identity(identity::Ask),
    /// Hand the terminal back to the shell until it is wanted again.
    Suspend,
    /// End.
    Quit,
}

/// Something that is said over a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// The connection.
    pub link: LinkId,
    /// What is said.
    pub publish: Publish,
    /// What the journal says of it.
    pub deed: Deed,
}

/// A text on its way to the clipboard. Never a token, which has a job of its own that hides it, nor a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// What it is, for the words afterwards, such as `ARN`; safe to show.
    pub what: String,
    /// The text. What somebody else has written was made safe before; what is escaped (JSON, a command) is as it is.
    pub text: String,
}

/// A text for the reader's editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Comes back with the text.
    pub ticket: Ticket,
    /// What the file's name begins with; what does not belong into one is left out.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A call and what becomes of its answer.
pub struct Ask {
    /// What to send.
    pub call: Call,
    /// What the journal says of it, if it is a change: written before the call is sent, and its outcome after.
    pub deed: Option<Deed>,
    /// Its entry in the console's own ledger, if it is a change.
    pub(super) entry: Option<u64>,
    /// When it left, for the session log.
    pub(super) asked: Option<Timestamp>,
    reply: Box<dyn FnOnce(Result<Answer, Error>) -> Msg + Send>,
}

impl Ask {
    /// The message that this answer makes.
    pub fn reply(self, answer: Result<Answer, Error>) -> Msg {
        let spent = answer.as_ref().is_err_and(|error| error.kind.is_of_credentials());
        let msg = match self.asked {
            None => self.into_msg(answer),
            Some(asked) => {
                let called = Box::new(Called::new(&self.call, asked, &answer));
                Msg::Called(called, Box::new(self.into_msg(answer)))
            }
        };
        if spent { Msg::Spent(Box::new(msg)) } else { msg }
    }

    fn into_msg(self, answer: Result<Answer, Error>) -> Msg {
        let Some(entry) = self.entry else { return (self.reply)(answer) };
        let outcome = Outcome::of(&answer, Duration::ZERO);
        Msg::Over(entry, Box::new(outcome), Box::new((self.reply)(answer)))
    }
}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ask").field("call", &self.call).field("deed", &self.deed).finish_non_exhaustive()
    }
}

/// How a word to the reader is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Good,
    /// It did not.
    Bad,
    /// A pointer.
    Hint,
}

/// A word to the reader, for the status line. The last one stays until the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// How it is meant.
    pub tone: Tone,
    /// What it says; safe to show.
    pub text: String,
}

impl Word {
    /// Whatever is said may hold a name that somebody else has chosen: it is made safe here, once for all.
    fn new(tone: Tone, text: &str) -> Self {
        Self { tone, text: clean(text).as_str().to_owned() }
    }
}

/// What has been asked for and said during one update.
#[derive(Debug, Default)]
pub struct Outbox {
    jobs: Vec<Job>,
    acts: Vec<Act>,
    word: Option<Word>,
}

impl Outbox {
    /// Calls an operation that changes nothing; `reply` turns its typed answer into a message.
    pub fn call<O, F>(&mut self, operation: &O, reply: F)
    where
        O: Operation,
        F: FnOnce(Result<O::Output, Error>) -> Msg + Send + 'static,
    {
        self.ask(operation, move |answer| reply(answer::decode::<O>(answer)));
    }

    /// Calls an operation that changes nothing; `reply` gets the answer's JSON too, with the members that no type of ours knows.
    pub fn call_with_json<O, F>(&mut self, operation: &O, reply: F)
    where
        O: Operation,
        F: FnOnce(Result<(O::Output, Value), Error>) -> Msg + Send + 'static,
    {
        self.ask(operation, move |answer| {
            let json = answer.as_ref().ok().and_then(|answer| serde_json::from_slice(&answer.body).ok());
            reply(answer::decode::<O>(answer).map(|output| (output, json.unwrap_or_default())))
        });
    }

    /// Calls an operation that changes something; `deed` is what the journal says of it. A token that a person issues goes
    /// this way too.
    pub fn change<O, F>(&mut self, operation: &O, deed: Deed, reply: F)
    where
        O: Operation,
        F: FnOnce(Result<O::Output, Error>) -> Msg + Send + 'static,
    {
        self.change_call(operation.call(), deed, move |answer| reply(answer::decode::<O>(answer)));
    }

    /// The same for an operation whose types have been left behind.
    pub fn change_call(
        &mut self,
        call: Call,
        deed: Deed,
        reply: impl FnOnce(Result<Answer, Error>) -> Msg + Send + 'static,
    ) {
        let ask = Ask { call, deed: Some(deed), entry: None, asked: None, reply: Box::new(reply) };
        self.jobs.push(Job::Call(Box::new(ask)));
    }

    fn ask<O: Operation>(&mut self, operation: &O, reply: impl FnOnce(Result<Answer, Error>) -> Msg + Send + 'static) {
        debug_assert!(O::SPEC.effect.may_go_unwritten(), "{} must not pass the journal by", O::SPEC.name);
        let ask = Ask { call: operation.call(), deed: None, entry: None, asked: None, reply: Box::new(reply) };
        self.jobs.push(Job::Call(Box::new(ask)));
    }

    /// Carries out a change; what comes of it comes back to the dialog with this ticket, under this number.
    pub fn carry_out(&mut self, dialog: Ticket, step: usize, change: Change) {
        let (call, deed, outcome) = change.into_parts();
        self.change_call(call, deed, move |answer| Msg::Changed(dialog, step, outcome(answer)));
    }

    /// Deletes a message or disconnects a user, when the queue says that it is time.
    pub fn act(&mut self, act: Act) {
        self.acts.push(act);
    }

    /// What is to go into the queue.
    pub fn take_acts(&mut self) -> Vec<Act> {
        std::mem::take(&mut self.acts)
    }

    /// Asks for a timer.
    pub fn after(&mut self, delay: Duration, timer: Timer) {
        self.jobs.push(Job::After(delay, timer));
    }

    /// Asks for anything else.
    pub fn push(&mut self, job: Job) {
        self.jobs.push(job);
    }

    /// Says something in this tone.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.word = Some(Word::new(tone, &text.into()));
    }

    /// Says that something worked.
    pub fn good(&mut self, text: impl Into<String>) {
        self.word = Some(Word::new(Tone::Good, &text.into()));
    }

    /// Says that something did not.
    pub fn bad(&mut self, text: impl Into<String>) {
        self.word = Some(Word::new(Tone::Bad, &text.into()));
    }

    /// Gives a pointer.
    pub fn hint(&mut self, text: impl Into<String>) {
        self.word = Some(Word::new(Tone::Hint, &text.into()));
    }

    /// What was said last.
    pub fn word(&self) -> Option<&Word> {
        self.word.as_ref()
    }

    /// All that has been asked for, in order.
    pub fn into_jobs(self) -> Vec<Job> {
        self.jobs
    }
}
