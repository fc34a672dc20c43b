//! A live room: what was said, where the reader is, what was done about it, and the connection that it comes over.

pub mod book;
pub mod card;
mod connection;
pub mod deletion;
pub mod disconnection;
mod event;
pub mod feed;
pub mod fold;
mod geometry;
pub mod glance;
pub mod guard;
pub mod hints;
pub mod identity;
pub mod link;
pub mod live;
pub mod looking;
pub mod marks;
mod notes;
pub mod outage;
pub mod people;
pub mod phrase;
mod playing;
pub mod protected;
pub mod query;
pub mod rate;
pub mod reading;
mod recording;
pub mod row;
pub mod rules;
pub mod seen;
pub mod shown;
pub mod sight;
pub mod view;
pub mod writing;

pub use identity::Identity;
pub use live::Room;
