//! Rules that flag messages: words, expressions, links, repeats and floods, as the configuration says. Pure.
//!
//! A rule flags. Only one whose `action` is to delete acts by itself, and only while the room is armed.

mod cluster;
mod rule;
pub mod spec;
pub mod trial;
mod watcher;

pub use rule::{Action, Heard, Rules};
pub use spec::{MOST, Spec};
pub use trial::{Findings, Trial};
pub use watcher::{Act, Judgement, Watcher};

/// A rule, by its place in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u16);
