//! The 17 operations of the control plane, one struct each, by the thing they act on.

mod logging;
mod moderation;
mod room;
mod tag;
mod token;

pub use logging::{
    CreateLoggingConfiguration, DeleteLoggingConfiguration, GetLoggingConfiguration, ListLoggingConfigurations,
    LoggingPage, UpdateLoggingConfiguration,
};
pub use moderation::{DeleteMessage, DisconnectUser, OperationId, SendEvent};
pub use room::{CreateRoom, DeleteRoom, GetRoom, ListRooms, RoomPage, UpdateRoom};
pub use tag::{ListTagsForResource, ResourceTags, TagResource, UntagResource};
pub use token::{ChatToken, CreateChatToken};

use serde::{Deserialize, Deserializer};

use super::operation::{Operation, Spec};

/// What is true of each of the 17 operations.
pub const SPECS: [Spec; 17] = [
    CreateChatToken::SPEC,
    CreateLoggingConfiguration::SPEC,
    CreateRoom::SPEC,
    DeleteLoggingConfiguration::SPEC,
    DeleteMessage::SPEC,
    DeleteRoom::SPEC,
    DisconnectUser::SPEC,
    GetLoggingConfiguration::SPEC,
    GetRoom::SPEC,
    ListLoggingConfigurations::SPEC,
    ListRooms::SPEC,
    ListTagsForResource::SPEC,
    SendEvent::SPEC,
    TagResource::SPEC,
    UntagResource::SPEC,
    UpdateLoggingConfiguration::SPEC,
    UpdateRoom::SPEC,
];

/// The answer of an operation that says no more than yes: no body, `{}` or `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done;

impl<'de> Deserialize<'de> for Done {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}
