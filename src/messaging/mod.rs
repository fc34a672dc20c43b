//! The messaging API: chat over a WebSocket.
//!
//! [`frame`] knows what the service says, [`publish`] what clients say, [`report`] what a session tells while it lasts,
//! [`ended`] why it stopped, [`recording`] how a feed is written to a file; all five are pure. [`session`] knows the socket, and [`way`]
//! how it gets to the service.

pub mod ended;
pub mod frame;
pub mod publish;
pub mod recording;
pub mod report;
pub mod session;
pub mod way;

pub use ended::Ended;
pub use frame::{Event, EventKind, Frame, Message};
pub use publish::Publish;
pub use report::Report;
