//! What the service says over the WebSocket: text frames, one JSON object each, parsed and printed. Pure.
//!
//! Source: Amazon IVS Chat Messaging API Reference, and frames as captured from the service, which hold `null`, `""`
//! or nothing at all where a member is optional.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// Application-defined texts that come with a message, an event or a user.
pub type Attributes = BTreeMap<String, String>;

/// The system event that takes a message from view.
pub const DELETE_MESSAGE: &str = "aws:DELETE_MESSAGE";
/// The system event that says that a user's connections were closed.
pub const DISCONNECT_USER: &str = "aws:DISCONNECT_USER";

/// What a client receives.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// Somebody wrote.
    Message(Message),
    /// Something happened in the room.
    Event(Event),
    /// Something that this connection asked for was refused.
    Error(Refused),
    /// Anything else, kept as it came.
    Unknown(Unknown),
}

/// A chat message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// 12 letters and digits.
    pub id: String,
    /// The sender's own id of the request, if it gave one.
    pub request_id: Option<String>,
    /// What was written: any text, of any length and intention.
    pub content: String,
    /// What the sender's client attached to this message.
    pub attributes: Attributes,
    /// Who wrote.
    pub sender: Sender,
    /// When the service took it, to the nanosecond.
    pub send_time: Option<Timestamp>,
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sender {
    /// The id in the token. Unique only as far as whoever mints tokens makes it so.
    pub user_id: String,
    /// The attributes in the token, such as a display name.
    pub attributes: Attributes,
}

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// 12 letters and digits; for a deletion it is not the message's id.
    pub id: String,
    /// The id of the request that caused it, if that came over a WebSocket and gave one.
    pub request_id: Option<String>,
    /// What happened.
    pub kind: EventKind,
    /// All attributes as they came, those in `kind` included.
    pub attributes: Attributes,
    /// When, to the nanosecond.
    pub send_time: Option<Timestamp>,
}

/// What an event says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// A message is to be taken from view.
    DeleteMessage {
        /// The message. Spelled `MessageID` until January 2023 and `MessageId` since; both are read.
        message_id: String,
        /// Public; may be absent.
        reason: Option<String>,
    },
    /// All connections of a user to the room were closed.
    DisconnectUser {
        /// The user.
        user_id: String,
        /// Public; may be absent.
        reason: Option<String>,
    },
    /// The application's own.
    Custom(String),
}

/// A refused request, or a session that the service has trouble with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The service's id of the operation; not a message's id.
    pub id: String,
    /// The id of the request that was refused, if it had one.
    pub request_id: Option<String>,
    /// 400, 401, 403, 404, 406, 413, 429 or 500.
    pub code: u16,
    /// Words, not a contract.
    pub message: String,
}

/// A frame of no known kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What is wrong with it, or its unknown `Type`.
    pub why: String,
    /// The frame as it came.
    pub raw: String,
}

/// The members that received frames have between them.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    #[serde(rename = "Type")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "text")]
    id: String,
    #[serde(default, deserialize_with = "filled")]
    request_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    content: String,
    #[serde(default, deserialize_with = "attributes")]
    attributes: Attributes,
    #[serde(default)]
    sender: Option<WireSender>,
    #[serde(default, deserialize_with = "time")]
    send_time: Option<Timestamp>,
    #[serde(default, deserialize_with = "text")]
    event_name: String,
    error_code: Option<u16>,
    #[serde(default, deserialize_with = "text")]
    error_message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireSender {
    #[serde(default, deserialize_with = "text")]
    user_id: String,
    #[serde(default, deserialize_with = "attributes")]
    attributes: Attributes,
}

impl Frame {
    /// Reads a text frame. What can't be read is not an error but a [`Frame::Unknown`]: it is shown, not lost.
    pub fn parse(text: &str) -> Self {
        match serde_json::from_str::<Wire>(text) {
            Ok(wire) => wire.into_frame(text),
            Err(error) => Self::unknown(error.to_string(), text),
        }
    }

    fn unknown(why: impl Into<String>, raw: &str) -> Self {
        Self::Unknown(Unknown { why: why.into(), raw: raw.to_owned() })
    }

    /// Writes the frame as the service would.
    pub fn to_text(&self) -> String {
        match self {
            Self::Message(message) => message.to_json().to_string(),
            Self::Event(event) => event.to_json().to_string(),
            Self::Error(refused) => refused.to_json().to_string(),
            Self::Unknown(unknown) => unknown.raw.clone(),
        }
    }
}

impl Wire {
    fn into_frame(self, raw: &str) -> Frame {
        match self.kind.as_deref() {
            Some("MESSAGE" | "EVENT") if self.id.is_empty() => Frame::unknown("it has no Id", raw),
            Some("MESSAGE") => Frame::Message(self.into_message()),
            Some("EVENT") => Frame::Event(self.into_event()),
            Some("ERROR") => Frame::Error(Refused {
                id: self.id,
                request_id: self.request_id,
                code: self.error_code.unwrap_or_default(),
                message: self.error_message,
            }),
            Some(other) => Frame::unknown(format!("its Type is {other:?}"), raw),
            None => Frame::unknown("it has no Type", raw),
        }
    }

    fn into_message(self) -> Message {
        let sender = self.sender.map(|sender| Sender { user_id: sender.user_id, attributes: sender.attributes });
        Message {
            id: self.id,
            request_id: self.request_id,
            content: self.content,
            attributes: self.attributes,
            sender: sender.unwrap_or_default(),
            send_time: self.send_time,
        }
    }

    fn into_event(self) -> Event {
        let attribute = |name: &str| self.attributes.get(name).filter(|text| !text.is_empty()).cloned();
        let kind = match self.event_name.as_str() {
            DELETE_MESSAGE => EventKind::DeleteMessage {
                message_id: attribute("MessageId").or_else(|| attribute("MessageID")).unwrap_or_default(),
                reason: attribute("Reason"),
            },
            DISCONNECT_USER => EventKind::DisconnectUser {
                user_id: attribute("UserId").unwrap_or_default(),
                reason: attribute("Reason"),
            },
            _ => EventKind::Custom(self.event_name),
        };
        Event { id: self.id, request_id: self.request_id, kind, attributes: self.attributes, send_time: self.send_time }
    }
}

impl Message {
    fn to_json(&self) -> Value {
        json!({
            "Type": "MESSAGE",
            "Id": self.id,
            "RequestId": self.request_id.as_deref().unwrap_or_default(),
            "Attributes": if self.attributes.is_empty() { Value::Null } else { json!(self.attributes) },
            "Content": self.content,
            "SendTime": self.send_time.map(|time| time.to_string()),
            "Sender": { "UserId": self.sender.user_id, "Attributes": self.sender.attributes },
        })
    }
}

impl Event {
    /// The deletion of a message as the service announces it, with both spellings of the message's id.
    pub fn delete_message(id: String, message_id: &str, reason: Option<&str>) -> Self {
        let mut attributes = Attributes::new();
        attributes.insert("MessageID".to_owned(), message_id.to_owned());
        attributes.insert("MessageId".to_owned(), message_id.to_owned());
        attributes.extend(reason.map(|reason| ("Reason".to_owned(), reason.to_owned())));
        let kind =
            EventKind::DeleteMessage { message_id: message_id.to_owned(), reason: reason.map(ToOwned::to_owned) };
        Self { id, request_id: None, kind, attributes, send_time: None }
    }

    /// The disconnection of a user as the service announces it.
    pub fn disconnect_user(id: String, user_id: &str, reason: Option<&str>) -> Self {
        let mut attributes = Attributes::new();
        attributes.insert("UserId".to_owned(), user_id.to_owned());
        attributes.extend(reason.map(|reason| ("Reason".to_owned(), reason.to_owned())));
        let kind = EventKind::DisconnectUser { user_id: user_id.to_owned(), reason: reason.map(ToOwned::to_owned) };
        Self { id, request_id: None, kind, attributes, send_time: None }
    }

    /// The event's name on the wire.
    pub fn name(&self) -> &str {
        match &self.kind {
            EventKind::DeleteMessage { .. } => DELETE_MESSAGE,
            EventKind::DisconnectUser { .. } => DISCONNECT_USER,
            EventKind::Custom(name) => name,
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "Type": "EVENT",
            "Id": self.id,
            "RequestId": self.request_id.as_deref().unwrap_or_default(),
            "EventName": self.name(),
            "Attributes": self.attributes,
            "SendTime": self.send_time.map(|time| time.to_string()),
        })
    }
}

impl Refused {
    fn to_json(&self) -> Value {
        json!({
            "Type": "ERROR",
            "Id": self.id,
            "RequestId": self.request_id.as_deref().unwrap_or_default(),
            "ErrorCode": self.code,
            "ErrorMessage": self.message,
        })
    }
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// An empty text means that none was given.
pub(super) fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.filter(|text: &String| !text.is_empty()))
}

/// Values should be texts; one that is not is kept as its JSON rather than costing the whole frame.
fn attributes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Attributes, D::Error> {
    let map: Option<BTreeMap<String, Value>> = Option::deserialize(deserializer)?;
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(map.unwrap_or_default().into_iter().map(|(name, value)| (name, text(value))).collect())
}

/// A time that can't be read is no reason to lose a message.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

#[cfg(test)]
mod tests;
