//! The panes: three lists on the left, and what the main pane can show of the row under the cursor.

pub mod columns;
pub mod details;
pub mod hydration;
pub mod journal;
pub mod listing;
pub mod logging_state;
pub mod marks;
pub mod rows;
