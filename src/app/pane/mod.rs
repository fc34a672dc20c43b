//! The panes: three lists on the left, and what the main pane can show of the row under the cursor.

pub mod details;
pub mod journal;
pub mod listing;
pub mod rows;
