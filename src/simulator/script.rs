//! The script of the pretend account: its rooms, logging configurations and review handlers, and the people who chat.
//!
//! A script is a TOML file, so that anybody can write a world to try things in. The built-in one is
//! `assets/people.toml`; its comments explain the format. What a script says is checked as a whole when it is read:
//! every problem is told at once, with its line.

mod error;
mod form;
mod line;
mod reading;
mod talking;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::SignedDuration;

pub use error::{ScriptError, ScriptProblem};

use line::Line;

use crate::messaging::frame::Attributes;

/// The script that comes with the console.
const BUILT_IN: &str = include_str!("../../assets/people.toml");

/// A checked script. Cloning it is cheap.
#[derive(Clone)]
pub struct Script {
    pub(super) contents: Arc<Contents>,
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// If it is not TOML, has members that are not known, or says something that can't be: all problems at once,
    /// except that broken TOML ends the reading at its first.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        reading::read(text).map(|contents| Self { contents: Arc::new(contents) })
    }

    /// The script that comes with the console.
    ///
    /// # Panics
    /// Never: a test reads it.
    pub fn built_in() -> Self {
        Self::parse(BUILT_IN).expect("the built-in script is read by a test")
    }
}

/// Names no more than how many rooms there are: the whole would fill screens.
impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").field("rooms", &self.contents.rooms.len()).finish_non_exhaustive()
    }
}

impl Default for Script {
    fn default() -> Self {
        Self::built_in()
    }
}

/// What a script says.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) logging: Vec<LoggingEntry>,
    pub(super) handlers: Vec<HandlerEntry>,
    pub(super) rooms: Vec<RoomEntry>,
    pub(super) others: Vec<OtherEntry>,
    pub(super) generated: Generated,
}

/// How long before the world's start something was made and last changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ages {
    pub(super) created: SignedDuration,
    pub(super) updated: SignedDuration,
}

/// A logging configuration.
#[derive(Debug)]
pub(super) struct LoggingEntry {
    pub(super) name: String,
    pub(super) destination: DestinationEntry,
    pub(super) state: LoggingStart,
    pub(super) ages: Ages,
    pub(super) tags: BTreeMap<String, String>,
}

/// Where a logging configuration logs to.
#[derive(Debug, Clone)]
pub(super) enum DestinationEntry {
    /// A bucket's name.
    S3(String),
    /// A log group's name.
    CloudWatchLogs(String),
    /// A delivery stream's name.
    Firehose(String),
}

/// The state in which a logging configuration starts. Those in transition come only from requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoggingStart {
    Active,
    CreateFailed,
    UpdateFailed,
    DeleteFailed,
}

/// What a Lambda function that reviews messages does. Words are compared whole, without regard to case.
#[derive(Debug)]
pub(super) struct HandlerEntry {
    /// The function's name, which its ARN ends with.
    pub(super) name: String,
    /// A message with one of these is refused.
    pub(super) deny: Vec<String>,
    /// What its sender is told.
    pub(super) reason: Option<String>,
    /// Each of these is replaced.
    pub(super) replace: Vec<String>,
    /// By this.
    pub(super) with: String,
    /// The function takes more than 200 ms for a message with one of these, so the room's fallback counts.
    pub(super) times_out: Vec<String>,
}

/// A room.
#[derive(Debug)]
pub(super) struct RoomEntry {
    pub(super) name: String,
    pub(super) rate: u32,
    pub(super) length: u32,
    /// The handler's place in [`Contents::handlers`].
    pub(super) handler: Option<usize>,
    pub(super) fallback_deny: bool,
    /// Places in [`Contents::logging`].
    pub(super) logging: Vec<usize>,
    pub(super) ages: Ages,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) talk: Option<Arc<Talk>>,
}

/// A resource of Amazon IVS itself, there to have its tags read and changed.
#[derive(Debug)]
pub(super) struct OtherEntry {
    /// Such as `channel`.
    pub(super) kind: String,
    pub(super) tags: BTreeMap<String, String>,
}

/// How rooms are made up when more are wanted than the script has.
#[derive(Debug)]
pub(super) struct Generated {
    /// A name is one of these,
    pub(super) first: Vec<String>,
    /// one of these and a number.
    pub(super) second: Vec<String>,
    /// Each tag has one of its values.
    pub(super) tags: BTreeMap<String, Vec<String>>,
    pub(super) talk: Option<Arc<Talk>>,
}

/// What goes on in a room.
#[derive(Debug)]
pub(super) struct Talk {
    /// Never empty, and nobody in it is without people or lines.
    pub(super) voices: Vec<Voice>,
    pub(super) every: Span,
    pub(super) wave: Option<Wave>,
    /// How long somebody stays away who was disconnected.
    pub(super) away: Span,
    /// How likely somebody who was disconnected comes back, 0 to 1.
    pub(super) returns: f64,
    pub(super) bursts: Vec<Burst>,
    pub(super) moderators: Vec<Moderator>,
}

/// People who talk alike.
#[derive(Debug)]
pub(super) struct Voice {
    /// Those listed first talk most.
    pub(super) people: Vec<Person>,
    pub(super) lines: Vec<Line>,
    /// Something that is said and what others answer.
    pub(super) exchanges: Vec<Vec<Line>>,
}

/// Somebody who chats.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) user_id: String,
    pub(super) attributes: Attributes,
}

impl Person {
    /// What others call this person.
    pub(super) fn name(&self) -> &str {
        self.attributes.get("displayName").map_or(self.user_id.as_str(), String::as_str)
    }
}

/// A random number of seconds, evenly between two ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Span {
    /// One of the durations, at least a microsecond so that time always moves.
    pub(super) fn draw(self, rng: &mut fastrand::Rng) -> SignedDuration {
        let seconds = self.min + (self.max - self.min) * rng.f64();
        SignedDuration::try_from_secs_f64(seconds).unwrap_or(SignedDuration::MAX).max(SignedDuration::from_micros(1))
    }

    /// The duration in the middle, in seconds.
    pub(super) fn mean(self) -> f64 {
        f64::midpoint(self.min, self.max)
    }
}

/// Times when a room talks faster.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wave {
    /// From the end of one to the start of the next.
    pub(super) every: Span,
    pub(super) lasts: Span,
    /// How many times faster.
    pub(super) faster: f64,
}

/// Many messages within seconds, out of nothing.
#[derive(Debug)]
pub(super) struct Burst {
    /// Never empty unless nobody takes part.
    pub(super) people: Vec<Person>,
    pub(super) first: Span,
    pub(super) every: Span,
    pub(super) kind: BurstKind,
    /// Seconds within which all is written.
    pub(super) within: f64,
    pub(super) lines: Vec<Line>,
}

/// Who writes how much in a burst.
#[derive(Debug, Clone, Copy)]
pub(super) enum BurstKind {
    /// So many users, each of whom was never seen before, write nearly the same once.
    Raid { users: (usize, usize) },
    /// One user writes so many messages.
    Flood { messages: (usize, usize) },
}

/// Somebody who moderates elsewhere, with a console of their own.
#[derive(Debug)]
pub(super) struct Moderator {
    pub(super) first: Span,
    pub(super) every: Span,
    /// How likely they disconnect a user rather than delete a message, 0 to 1.
    pub(super) disconnects: f64,
    pub(super) reasons: Vec<Line>,
}

#[cfg(test)]
mod tests;
