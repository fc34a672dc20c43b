//! Why a chat session stopped, told apart so that the console knows whether to come back.

use std::fmt;

/// Why a chat session stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// We closed it.
    ByUs,
    /// The server closed it in good order: a moderator disconnected the user, or the session ran out. The service
    /// documents no codes, so both are kept as they came.
    ByServer {
        /// The WebSocket close code; 1005 if there was none.
        code: u16,
        /// Its text; may be empty.
        reason: String,
    },
    /// The handshake was answered with this HTTP status instead of a WebSocket: a used, expired or foreign token.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The start of the body.
        body: String,
    },
    /// No connection could be made.
    Unreachable(String),
    /// The connection broke without a word.
    Broken(String),
    /// Nothing came back for this many seconds, pings included.
    Silent {
        /// Seconds since the last sign of life.
        seconds: u64,
    },
    /// The server sent something that no client should swallow: a frame over the cap, or a broken protocol.
    Protocol(String),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByUs => write!(f, "closed here"),
            Self::ByServer { code, reason } if reason.is_empty() => write!(f, "closed by the server ({code})"),
            Self::ByServer { code, reason } => write!(f, "closed by the server ({code}): {reason}"),
            Self::Refused { status, body } if body.is_empty() => write!(f, "handshake refused ({status})"),
            Self::Refused { status, body } => write!(f, "handshake refused ({status}): {body}"),
            Self::Unreachable(why) => write!(f, "no connection: {why}"),
            Self::Broken(why) => write!(f, "connection lost: {why}"),
            Self::Silent { seconds } => write!(f, "no sign of life for {seconds} s"),
            Self::Protocol(what) => write!(f, "protocol error: {what}"),
        }
    }
}
