//! The messaging API: chat over a WebSocket.
//!
//! [`frame`] knows what is said, [`report`] what a session tells while it lasts, [`ended`] why it stopped; all three
//! are pure. [`session`] is the only file that knows the socket, [`tls`] whom it trusts.

pub mod ended;
pub mod frame;
pub mod report;
pub mod session;
pub mod tls;

pub use ended::Ended;
pub use frame::{Event, EventKind, Frame, Message, Publish};
pub use report::Report;
