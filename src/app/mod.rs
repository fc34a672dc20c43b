//! The console: its state and what happens to it. No socket, no clock, no terminal.
//!
//! [`App::update`] takes one [`Msg`] and returns the [`Job`]s that it asks for; [`App::view`] draws. Everything that
//! happens is a message and everything that should be done is a job, so the whole console runs in a test.

pub mod change;
pub mod clock;
pub mod commands;
pub mod configuration;
pub mod console;
pub mod deed;
pub mod dialog;
pub mod editing;
pub mod file;
pub mod groups;
pub mod identity;
pub mod key;
pub mod keys;
pub mod ledger;
pub mod log;
pub mod look;
pub mod mouse;
pub mod msg;
pub mod outbox;
pub mod pane;
pub mod queue;
pub mod reasons;
pub mod replay;
pub mod room;
pub mod screen;
pub mod sweep;
pub mod text;
pub mod trouble;
pub mod widget;
pub mod yaml;

pub use console::{App, Settings, plain};
pub use deed::Deed;
pub use msg::Msg;
pub use outbox::Job;
