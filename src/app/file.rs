//! Files that the reader names: what is to be read or written, and what can go wrong. The runtime does it.

use secrecy::SecretString;

/// Permissions of a file that holds a secret: its owner's alone.
pub const PRIVATE: u32 = 0o600;
/// Permissions of any other file, before the user's own mask.
pub const PLAIN: u32 = 0o644;
/// The most bytes of a file that are read.
pub const MOST: u64 = 64 * 1024;

/// A file to be written.
#[derive(Debug)]
pub struct ToWrite {
    /// As it was typed: `~` is the home, and what is not absolute is where the console was started.
    pub path: String,
    /// What it will hold. It may be a token, so it is kept out of every debug print.
    pub text: SecretString,
    /// Its permissions.
    pub mode: u32,
    /// Whether its folder is made if it is not there: the console's own is, one that somebody typed is a typing error.
    pub make_folder: bool,
    /// Whether a file that is there gives way.
    pub overwrite: bool,
}

/// Why a file was not read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileTrouble {
    /// There is a file of this name, and nobody said that it may go.
    Exists,
    /// Anything else, in words.
    Other(String),
}

/// What is to be done to the file of a room's recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taping {
    /// Open it, append this line to it, and send [`Taped::Began`] or [`Taped::Ended`].
    Begin {
        /// As it was typed.
        path: String,
        /// Says what the file is.
        header: String,
    },
    /// Append this line.
    Line(String),
    /// Close it when all is written, and send [`Taped::Ended`].
    End,
}

/// What has become of the file of a room's recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taped {
    /// It is open.
    Began {
        /// Where it is.
        path: String,
        /// Whether it held a recording already.
        appended: bool,
    },
    /// It is closed: all is written, or why not.
    Ended(Result<(), String>),
}
