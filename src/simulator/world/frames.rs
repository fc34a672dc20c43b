//! The frames that a room's clients receive, each written once however many there are.

use std::sync::Arc;

use jiff::Timestamp;

use crate::messaging::frame::{Attributes, Event, Frame, Message, Refused, Sender};

use super::id::Id;

/// Somebody wrote.
pub(super) fn message(
    id: Id,
    request_id: Option<String>,
    sender: Sender,
    content: String,
    attributes: Attributes,
    at: Timestamp,
) -> Arc<str> {
    let id = id.as_str().to_owned();
    Frame::Message(Message { id, request_id, content, attributes, sender, send_time: Some(at) }).to_text().into()
}

/// Something happened.
pub(super) fn event(event: Event, request_id: Option<String>, at: Timestamp) -> Arc<str> {
    Frame::Event(Event { request_id, send_time: Some(at), ..event }).to_text().into()
}

/// A request over a connection was refused.
pub(super) fn error(id: Id, request_id: Option<String>, code: u16, message: String) -> Arc<str> {
    Frame::Error(Refused { id: id.as_str().to_owned(), request_id, code, message }).to_text().into()
}
