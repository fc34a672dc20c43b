//! Chat tokens: what a client needs to connect to a room. 200 calls a second.

use std::collections::BTreeMap;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::api::error::Problem;
use crate::api::limit::{self, Checks};
use crate::api::model::{Arn, Capability};
use crate::api::operation::{Effect, Operation, Replay, Spec};

/// `POST /CreateChatToken`: lets one client connect once, as one user. Reading along is always allowed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateChatToken {
    /// The room's ARN.
    pub room_identifier: Arn,
    /// [`limit::USER_ID`]
    pub user_id: String,
    /// What the user may do besides reading.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<Capability>,
    /// [`limit::SESSION_MINUTES`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_duration_in_minutes: Option<u32>,
    /// Sent with each message of this user; [`limit::TOKEN_ATTRIBUTE_BYTES`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

/// A token. Each connection needs a new one.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatToken {
    /// Opaque and secret; good for one connection.
    pub token: SecretString,
    /// Until when it can be used to connect, about a minute from now.
    #[serde(default)]
    pub token_expiration_time: Option<Timestamp>,
    /// When the session that it opens will end.
    #[serde(default)]
    pub session_expiration_time: Option<Timestamp>,
}

impl Operation for CreateChatToken {
    type Output = ChatToken;
    const SPEC: Spec =
        Spec { name: "CreateChatToken", per_second: 200, effect: Effect::Issues, replay: Replay::Freely };

    fn problems(&self) -> Vec<Problem> {
        Checks::new()
            .text("userId", limit::USER_ID, &self.user_id)
            .range("sessionDurationInMinutes", limit::SESSION_MINUTES, self.session_duration_in_minutes)
            .bytes("attributes", limit::TOKEN_ATTRIBUTE_BYTES, &self.attributes)
            .problems()
    }
}
