//! Who the console is: what it knows of that, what it asks for, and what it is told.
//!
//! An identity is a profile (or another source of credentials) in a region. A switch to another begins a new
//! [`Generation`]: whatever comes of what was asked for under an older one is dropped, so that nothing of one account is
//! ever shown or called under another. Signing in anew keeps the generation, and with it the view and the chats.

pub mod access;
pub mod strip;
pub mod who;

use secrecy::SecretString;

use crate::identity::facts::{self, Caller, Device, Profile, Source, Trouble, Wanted};

pub use access::Access;
pub use who::Who;

/// Which identity something belongs to: counted from 1, one more with each switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Generation(pub u64);

/// What the console wants done about its identity.
#[derive(Debug)]
pub enum Ask {
    /// From now on be this and nobody else: calls and timers of the one before are dropped, its connections are closed.
    Become(Generation, Box<Wanted>),
    /// Open the same identity anew, as its files may have changed.
    Again(Generation, Box<Wanted>),
    /// Look whether there are credentials, and get new ones if that needs nobody.
    Look(Generation),
    /// Ask STS whose credentials they are.
    Caller(Generation),
    /// Sign in through a browser; where, is told as soon as it is known.
    SignIn(Generation),
    /// Wait no longer for the browser.
    GiveUp,
    /// An MFA code that was typed.
    Code(Generation, SecretString),
    /// Which profiles there are.
    Profiles(Generation),
    /// Refuse changes from now on, or let them pass.
    ReadOnly(bool),
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The identity was opened: calls can be made, though perhaps not signed; or it was not.
    Opened(Result<Opened, Trouble>),
    /// There are credentials, or why not.
    Credentials(Result<Lasting, Trouble>),
    /// Whose they are, by STS; or why it can't be told, which is no trouble.
    Caller(Result<Caller, Trouble>),
    /// Where to sign in.
    Device(Device),
    /// Somebody has signed in, or has not.
    SignedIn(Result<(), Trouble>),
    /// The MFA code was taken, or was not.
    Code(Result<(), Trouble>),
    /// The profiles that there are.
    Profiles(Result<Vec<Profile>, Trouble>),
}

/// An identity that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Which link of the chain gives the credentials.
    pub source: Source,
    /// The region, of which there is none without trouble.
    pub region: String,
    /// Who said so.
    pub region_from: facts::From,
    /// The endpoint of the control plane, if it is not the region's own.
    pub endpoint: Option<String>,
}

/// How long credentials last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lasting {
    /// Until when; for ever if nobody says.
    pub until: Option<jiff::Timestamp>,
}
