//! The pieces that panes are made of.

pub mod cursor;
pub mod edit;
pub mod form;
pub mod frame;
pub mod page;
pub mod table;

pub use cursor::Cursor;
