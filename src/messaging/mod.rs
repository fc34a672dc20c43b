//! The messaging API: chat over a WebSocket.
//!
//! [`frame`] knows what is said, [`ended`] why a session stopped; both are pure. [`session`] is the only file that
//! knows the socket.

pub mod ended;
pub mod frame;

pub use ended::Ended;
pub use frame::{Event, EventKind, Frame, Message, Publish};
