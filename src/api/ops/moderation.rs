//! What happens inside a room: delete a message, disconnect a user, send an event. 100 calls a second for each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api::error::Problem;
use crate::api::limit::{self, Checks};
use crate::api::model::Arn;
use crate::api::operation::{Effect, Operation, Replay, Spec};

use super::Done;

const fn spec(name: &'static str, effect: Effect, replay: Replay) -> Spec {
    Spec { name, per_second: 100, effect, replay }
}

/// The service's id of what was done. It is not the id of the message that it was done to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OperationId {
    /// 12 characters.
    pub id: String,
}

/// `POST /DeleteMessage`: tells all clients to take a message from view. There is no way back, and logs keep it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteMessage {
    /// The room's ARN.
    pub room_identifier: Arn,
    /// The message's id.
    pub id: String,
    /// Sent to everyone in the room; [`limit::REASON`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Operation for DeleteMessage {
    type Output = OperationId;
    const SPEC: Spec = spec("DeleteMessage", Effect::Destroys, Replay::Freely);

    fn problems(&self) -> Vec<Problem> {
        Checks::new()
            .text("id", limit::ID, &self.id)
            .optional("reason", limit::REASON, self.reason.as_deref())
            .problems()
    }
}

/// `POST /DisconnectUser`: closes all connections of a user to a room. It is not a ban.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DisconnectUser {
    /// The room's ARN.
    pub room_identifier: Arn,
    /// Whose connections; it is no error if there are none.
    pub user_id: String,
    /// Sent to everyone in the room; [`limit::REASON`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Operation for DisconnectUser {
    type Output = Done;
    const SPEC: Spec = spec("DisconnectUser", Effect::Destroys, Replay::Within(5));

    fn problems(&self) -> Vec<Problem> {
        Checks::new()
            .text("userId", limit::USER_ID, &self.user_id)
            .optional("reason", limit::REASON, self.reason.as_deref())
            .problems()
    }
}

/// `POST /SendEvent`: an event of the application's own, to everyone in the room.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SendEvent {
    /// The room's ARN.
    pub room_identifier: Arn,
    /// [`limit::EVENT_NAME`]
    pub event_name: String,
    /// [`limit::EVENT_ATTRIBUTE_BYTES`]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

impl Operation for SendEvent {
    type Output = OperationId;
    const SPEC: Spec = spec("SendEvent", Effect::Changes, Replay::UnlessCarriedOut);

    fn problems(&self) -> Vec<Problem> {
        Checks::new()
            .text("eventName", limit::EVENT_NAME, &self.event_name)
            .bytes("attributes", limit::EVENT_ATTRIBUTE_BYTES, &self.attributes)
            .problems()
    }
}
