//! The journal: every change made through the console, written before it is sent, and what came of it after.
//!
//! JSON lines in one file a day. [`record`] is what a line says, [`chain`] how lines are tied to each other and
//! [`mod@verify`] whether they still are, [`mod@export`] how they are
//! handed to other programs, all pure;
//! [`mod@file`] is the part that writes, [`command`] reads what was written. No line holds a token or a credential.

pub mod chain;
pub mod command;
pub mod export;
pub mod file;
pub mod record;
pub mod verify;
