//! What a client says over the WebSocket: text frames, one JSON object each, parsed and printed. Pure.
//!
//! Source: Amazon IVS Chat Messaging API Reference, actions.

use serde::{Deserialize, Serialize};

use super::frame::{Attributes, filled};

/// What a client may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publish {
    /// Write a message; needs `SEND_MESSAGE`.
    SendMessage {
        /// Ours; comes back with the message or the refusal.
        request_id: String,
        /// At most as many code points as the room allows.
        content: String,
        /// Goes with the message.
        attributes: Attributes,
    },
    /// Take a message from view; needs `DELETE_MESSAGE`.
    DeleteMessage {
        /// Ours; comes back with the event or the refusal.
        request_id: String,
        /// The message's id.
        id: String,
        /// Sent to everyone in the room.
        reason: Option<String>,
    },
    /// Close a user's connections; needs `DISCONNECT_USER`.
    DisconnectUser {
        /// Ours; comes back with the event or the refusal.
        request_id: String,
        /// The user.
        user_id: String,
        /// Sent to everyone in the room.
        reason: Option<String>,
    },
}

/// The members that sent frames have between them. AWS's own mobile demos spell them in lower camel case.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WirePublish {
    #[serde(alias = "action")]
    action: String,
    #[serde(default, alias = "requestId", deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(default, alias = "content", skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(default, alias = "attributes", skip_serializing_if = "Option::is_none")]
    attributes: Option<Attributes>,
    #[serde(default, alias = "id", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(default, alias = "userId", skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(default, alias = "reason", skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Why a sent frame can't be understood; the service answers it with an ERROR frame of code 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Malformed {
    /// The id of the request, if that much could be read.
    pub request_id: Option<String>,
    /// What is wrong.
    pub why: String,
}

impl Publish {
    /// The id that comes back with the echo or the refusal.
    pub fn request_id(&self) -> &str {
        match self {
            Self::SendMessage { request_id, .. }
            | Self::DeleteMessage { request_id, .. }
            | Self::DisconnectUser { request_id, .. } => request_id,
        }
    }

    /// Writes the frame.
    ///
    /// # Panics
    /// Never: its members are texts.
    pub fn to_text(&self) -> String {
        let (action, wire) = match self.clone() {
            Self::SendMessage { content, attributes, .. } => {
                let attributes = Some(attributes).filter(|attributes| !attributes.is_empty());
                ("SEND_MESSAGE", WirePublish { content: Some(content), attributes, ..WirePublish::default() })
            }
            Self::DeleteMessage { id, reason, .. } => {
                ("DELETE_MESSAGE", WirePublish { id: Some(id), reason, ..WirePublish::default() })
            }
            Self::DisconnectUser { user_id, reason, .. } => {
                ("DISCONNECT_USER", WirePublish { user_id: Some(user_id), reason, ..WirePublish::default() })
            }
        };
        let request_id = Some(self.request_id().to_owned()).filter(|id| !id.is_empty());
        let wire = WirePublish { action: action.to_owned(), request_id, ..wire };
        serde_json::to_string(&wire).expect("texts make JSON")
    }

    /// Reads a frame that a client sent.
    ///
    /// # Errors
    /// If it is not a JSON object, names no known action, or lacks a required member.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let wire: WirePublish = serde_json::from_str(text)
            .map_err(|error| Malformed { request_id: None, why: format!("not a request: {error}") })?;
        let request_id = wire.request_id.clone().unwrap_or_default();
        let missing = |member: &str| Malformed {
            request_id: wire.request_id.clone(),
            why: format!("{} needs {member}", wire.action),
        };
        match wire.action.as_str() {
            "SEND_MESSAGE" => Ok(Self::SendMessage {
                request_id,
                content: wire.content.clone().ok_or_else(|| missing("Content"))?,
                attributes: wire.attributes.clone().unwrap_or_default(),
            }),
            "DELETE_MESSAGE" => Ok(Self::DeleteMessage {
                request_id,
                id: wire.id.clone().ok_or_else(|| missing("Id"))?,
                reason: wire.reason,
            }),
            "DISCONNECT_USER" => Ok(Self::DisconnectUser {
                request_id,
                user_id: wire.user_id.clone().ok_or_else(|| missing("UserId"))?,
                reason: wire.reason,
            }),
            other => Err(Malformed { request_id: wire.request_id, why: format!("unknown Action {other:?}") }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_read_back_the_same_and_in_lower_camel_case_too() {
        let publish =
            Publish::DeleteMessage { request_id: "r1".into(), id: "M2YcHkgffEvU".into(), reason: Some("spam".into()) };
        assert_eq!(
            publish.to_text(),
            r#"{"Action":"DELETE_MESSAGE","RequestId":"r1","Id":"M2YcHkgffEvU","Reason":"spam"}"#
        );
        assert_eq!(Publish::parse(&publish.to_text()), Ok(publish));
        let mobile = Publish::parse(r#"{"action":"SEND_MESSAGE","requestId":"r2","content":"hi"}"#).unwrap();
        assert_eq!(mobile.request_id(), "r2");
    }

    #[test]
    fn a_malformed_request_says_what_it_lacks() {
        let missing = Publish::parse(r#"{"Action":"SEND_MESSAGE","RequestId":"r3"}"#).unwrap_err();
        assert_eq!((missing.request_id.as_deref(), missing.why.as_str()), (Some("r3"), "SEND_MESSAGE needs Content"));
        assert!(Publish::parse(r#"{"Action":"DANCE"}"#).unwrap_err().why.contains("DANCE"));
        assert!(Publish::parse("ping").is_err());
    }
}
