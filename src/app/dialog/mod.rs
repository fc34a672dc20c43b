//! What comes over the panes and takes the keys until it is closed.

pub mod copy;
pub mod help;
