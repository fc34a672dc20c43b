//! What can happen to the console: keys, answers, frames, timers. Each is plain data.

use serde_json::Value;

use crate::api::model::{LoggingConfiguration, Room};
use crate::api::ops::{ChatToken, ListRooms, LoggingPage, ResourceTags, RoomPage};
use crate::api::{Arn, Error};
use crate::journal::record::{Entry, Outcome};
use crate::messaging::{Ended, Report};

use super::change::{Done, Failed};
use super::file::{FileTrouble, Taped};
use super::identity::{Generation, Told};
use super::key::Key;
use super::log::Called;
use super::mouse::Mouse;
use super::queue::ActId;
use super::room::book::{self, Found};
use super::room::rules::Findings;
use super::screen::Focus;

/// One thing that happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// A key is held, and the terminal says so: motions and typing go on, actions do not.
    Held(Key),
    /// Text was pasted: it is text wherever it lands, never a command.
    Paste(String),
    /// Something was done with the mouse.
    Mouse(Mouse),
    /// The terminal has this many columns and rows now.
    Resize(u16, u16),
    /// A page of rooms came, or did not.
    Rooms(Ticket, Result<RoomPage, Error>),
    /// A page of logging configurations came, or did not.
    Logging(Ticket, Result<LoggingPage, Error>),
    /// A room in full came, with the JSON that it came as.
    Room(Arn, Ticket, Result<(Room, Value), Error>),
    /// A logging configuration came, with the JSON that it came as.
    LoggingConfiguration(Arn, Ticket, Result<(LoggingConfiguration, Value), Error>),
    /// The tags of a resource came.
    Tags(Arn, Ticket, Result<ResourceTags, Error>),
    /// The token for a connection came.
    Token(LinkId, Result<ChatToken, Error>),
    /// A connection has something to say.
    Link(LinkId, Report),
    /// A connection took what was to be said with this request id, or why it did not.
    Published(LinkId, Box<str>, Result<(), String>),
    /// A connection is over, or was never made.
    Ended(LinkId, Ended),
    /// The service took or refused a deletion or disconnection.
    Acted(ActId, Result<(), Error>),
    /// A change was carried out, or was not; the ticket is that of the dialog that sent it, the number
    /// the dialog's own.
    Changed(Ticket, usize, Result<Done, Failed>),
    /// The rooms that this asked for, which use a logging configuration, came for the dialog with this ticket.
    Users(Ticket, ListRooms, Result<RoomPage, Error>),
    /// A change is over: its entry in the ledger, what came of it, and the answer for whoever asked.
    Over(u64, Box<Outcome>, Box<Msg>),
    /// A call was answered, or failed: what the session log says of it, and the answer for whoever asked.
    Called(Box<Called>, Box<Msg>),
    /// A change could not be written into the journal, for this reason; the rest is what happened all the same.
    Unwritten(String, Box<Msg>),
    /// What the journal says of earlier changes, or why it can't be read.
    Journal(Result<Kept, String>),
    /// What is kept about users, or why it can't be read.
    Book(Result<Found, String>),
    /// This was kept about a user, or why it was not.
    BookKept(Box<book::Entry>, Result<(), String>),
    /// A text, of which this says what it is, went this way into the clipboard, or why it did not.
    Copied(String, Result<&'static str, String>),
    /// The reader's editor has ended: the text as it is now, or what went wrong and where the text is kept.
    Edited(Ticket, Result<String, String>),
    /// The file that the dialog with this ticket wanted to read: its text, or why not.
    FileRead(Ticket, Result<String, FileTrouble>),
    /// The rules were tried on a recorded feed, or why not.
    RulesTested(Ticket, Result<Box<Findings>, String>),
    /// The file that the dialog with this ticket wanted to write: where it is, or why not.
    FileWritten(Ticket, Result<String, FileTrouble>),
    /// Something has become of the file of this room's recording.
    Taped(Arn, Taped),
    /// A timer that somebody asked for has run out.
    Due(Timer),
    /// What became of the identity that the console asked for.
    Identity(Generation, Told),
    /// The answer to a call that failed for its credentials, which are to be looked at.
    Spent(Box<Msg>),
    /// Something that came of what was asked for under an identity: dropped, if the console has another by now.
    Of(Generation, Box<Msg>),
    /// A job ended without an answer: a bug, which is told instead of swallowed.
    Broken(String),
}

/// The journal as it was found.
#[derive(Debug, Default)]
pub struct Kept {
    /// Where it is kept, to be told; none if it is not kept at all.
    pub folder: Option<String>,
    /// Changes made by other consoles and at other times, oldest first.
    pub entries: Vec<Entry>,
}

/// Which asking an answer belongs to. Answers to an older asking are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Ticket(pub u64);

/// One connection to one room: every attempt has its own number, so that a late word of an old one is dropped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId {
    /// The room.
    pub room: Arn,
    /// Counted from 1 for each room.
    pub serial: u64,
}

/// A timer's purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Timer {
    /// The cursor has rested: what it is on may be fetched.
    Rest(Ticket),
    /// The rows in view have rested: what the list lacks of them may be fetched.
    Hydrate(Ticket),
    /// A logging configuration may have settled.
    Follow(Arn),
    /// A list that was asked for should have something to show by now.
    Slow(Focus, Ticket),
    /// A room's rate is to be counted anew.
    Rate(Arn),
    /// A lost connection is to be made again.
    Reconnect(LinkId),
    /// The session of a connection is to be renewed, before it ends.
    Renew(LinkId),
    /// A connection whose place another has taken may be closed.
    Overlap(LinkId),
    /// The next deletion or disconnection may leave.
    Queue,
    /// The time that is left of a purge is told anew.
    Purge,
    /// A deletion's event should have come back by now.
    Echo(Arn, Box<str>),
    /// The event of a disconnection should have come back by now.
    Gone(Arn, Box<str>),
    /// A message of our own should have come back by now.
    Unseen(Arn, Box<str>),
    /// The token in the dialog with this ticket can't be used any more.
    TokenExpires(Ticket),
    /// A user's watch flag may have ended.
    WatchEnds,
    /// Something that was recorded is to be played.
    Replay(Ticket),
    /// A new minute: the strip's clock moves on.
    Minute,
}

impl Timer {
    /// Whether it runs on when the console becomes somebody else: it has to do with no resource.
    pub fn outlives_identity(&self) -> bool {
        match self {
            Self::Minute | Self::WatchEnds => true,
            Self::Rest(_)
            | Self::Hydrate(_)
            | Self::Follow(_)
            | Self::Slow(..)
            | Self::Rate(_)
            | Self::Reconnect(_)
            | Self::Renew(_)
            | Self::Overlap(_)
            | Self::Queue
            | Self::Purge
            | Self::Echo(..)
            | Self::Gone(..)
            | Self::Unseen(..)
            | Self::TokenExpires(_)
            | Self::Replay(_) => false,
        }
    }
}
