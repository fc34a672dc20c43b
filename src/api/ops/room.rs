//! Rooms: create, delete, get, list, update. 5 calls a second for each operation.

use serde::{Deserialize, Serialize};

use crate::api::error::Problem;
use crate::api::limit::{self, Checks};
use crate::api::model::{Arn, ReviewHandler, Room, RoomSummary, Tags};
use crate::api::operation::{Effect, Operation, Paged, Replay, Spec};

use super::Done;

const fn spec(name: &'static str, effect: Effect, replay: Replay) -> Spec {
    Spec { name, per_second: 5, effect, replay }
}

/// `POST /CreateRoom`: a new room. Every member has a default.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateRoom {
    /// [`limit::NAME`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// [`limit::MESSAGE_RATE`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_message_rate_per_second: Option<u32>,
    /// [`limit::MESSAGE_LENGTH`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_message_length: Option<u32>,
    /// Its Lambda function must already allow `ivschat.amazonaws.com` to invoke it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_review_handler: Option<ReviewHandler>,
    /// [`limit::TAGS_PER_RESOURCE`]
    #[serde(skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// [`limit::LOGGING_PER_ROOM`]; only active ones can be attached.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logging_configuration_identifiers: Vec<Arn>,
}

impl Operation for CreateRoom {
    type Output = Room;
    const SPEC: Spec = spec("CreateRoom", Effect::Changes, Replay::UnlessCarriedOut);

    fn problems(&self) -> Vec<Problem> {
        let logging = Some(self.logging_configuration_identifiers.as_slice());
        settings(self.name.as_deref(), self.message_review_handler.as_ref(), logging)
            .range("maximumMessageRatePerSecond", limit::MESSAGE_RATE, self.maximum_message_rate_per_second)
            .range("maximumMessageLength", limit::MESSAGE_LENGTH, self.maximum_message_length)
            .tags("tags", &self.tags)
            .problems()
    }
}

/// `POST /UpdateRoom`: changes the members that are given and leaves the others as they are.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateRoom {
    /// The room's ARN.
    pub identifier: Arn,
    /// [`limit::NAME`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// [`limit::MESSAGE_RATE`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_message_rate_per_second: Option<u32>,
    /// [`limit::MESSAGE_LENGTH`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_message_length: Option<u32>,
    /// An empty `uri` takes the handler away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_review_handler: Option<ReviewHandler>,
    /// Replaces the whole list; an empty list clears it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logging_configuration_identifiers: Option<Vec<Arn>>,
}

impl UpdateRoom {
    /// A change of the room `identifier` that changes nothing yet.
    pub fn new(identifier: Arn) -> Self {
        Self {
            identifier,
            name: None,
            maximum_message_rate_per_second: None,
            maximum_message_length: None,
            message_review_handler: None,
            logging_configuration_identifiers: None,
        }
    }
}

impl Operation for UpdateRoom {
    type Output = Room;
    const SPEC: Spec = spec("UpdateRoom", Effect::Changes, Replay::Freely);

    fn problems(&self) -> Vec<Problem> {
        let logging = self.logging_configuration_identifiers.as_deref();
        settings(self.name.as_deref(), self.message_review_handler.as_ref(), logging)
            .range("maximumMessageRatePerSecond", limit::MESSAGE_RATE, self.maximum_message_rate_per_second)
            .range("maximumMessageLength", limit::MESSAGE_LENGTH, self.maximum_message_length)
            .text("identifier", limit::ARN, self.identifier.as_str())
            .problems()
    }
}

/// The checks that creating and updating share.
fn settings(name: Option<&str>, handler: Option<&ReviewHandler>, logging: Option<&[Arn]>) -> Checks {
    let uri = handler.map(|handler| handler.uri.as_str());
    Checks::new()
        .optional("name", limit::NAME, name)
        .optional("messageReviewHandler.uri", limit::HANDLER_URI, uri)
        .items("loggingConfigurationIdentifiers", limit::LOGGING_PER_ROOM, logging.unwrap_or_default().len())
}

/// `POST /DeleteRoom`: the room is gone; connected clients may stay until their session ends.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteRoom {
    /// The room's ARN.
    pub identifier: Arn,
}

impl Operation for DeleteRoom {
    type Output = Done;
    const SPEC: Spec = spec("DeleteRoom", Effect::Destroys, Replay::GoneIsDone);
}

/// `POST /GetRoom`: one room in full.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GetRoom {
    /// The room's ARN.
    pub identifier: Arn,
}

impl Operation for GetRoom {
    type Output = Room;
    const SPEC: Spec = spec("GetRoom", Effect::Reads, Replay::Freely);
}

/// `POST /ListRooms`: rooms, last changed first, in pages of at most 50.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListRooms {
    /// Only rooms of this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// [`limit::MAX_RESULTS`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_results: Option<u32>,
    /// Only rooms with this review handler.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_review_handler_uri: Option<String>,
    /// Only rooms that log there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logging_configuration_identifier: Option<Arn>,
}

/// A page of rooms.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoomPage {
    /// May be empty although more pages follow.
    pub rooms: Vec<RoomSummary>,
    /// Names the next page.
    #[serde(default)]
    pub next_token: Option<String>,
}

impl Operation for ListRooms {
    type Output = RoomPage;
    const SPEC: Spec = spec("ListRooms", Effect::Reads, Replay::Freely);

    fn problems(&self) -> Vec<Problem> {
        Checks::new()
            .optional("name", limit::NAME, self.name.as_deref())
            .optional("nextToken", limit::NEXT_TOKEN, self.next_token.as_deref())
            .range("maxResults", limit::MAX_RESULTS, self.max_results)
            .optional("messageReviewHandlerUri", limit::HANDLER_URI, self.message_review_handler_uri.as_deref())
            .problems()
    }
}

impl Paged for ListRooms {
    fn next_token(page: &RoomPage) -> Option<&str> {
        page.next_token.as_deref().filter(|token| !token.is_empty())
    }

    fn after(&self, token: &str) -> Self {
        Self { next_token: Some(token.to_owned()), ..self.clone() }
    }
}
