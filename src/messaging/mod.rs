//! The messaging API: chat over a WebSocket.
//!
//! [`frame`] knows what the service says, [`publish`] what clients say, [`report`] what a session tells while it lasts,
//! [`ended`] why it stopped, [`recording`] how a feed is written to a file; all five are pure. [`session`] is the only file that knows the socket, [`tls`] whom it
//! trusts.

pub mod ended;
pub mod frame;
pub mod publish;
pub mod recording;
pub mod report;
pub mod session;
pub mod tls;

pub use ended::Ended;
pub use frame::{Event, EventKind, Frame, Message};
pub use publish::Publish;
pub use report::Report;
