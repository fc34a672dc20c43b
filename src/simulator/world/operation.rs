//! The 17 operations: their names, their routes and how often they may be called.
//!
//! Source: the service model; rates from the User Guide's service quotas.

use http::Method;
use percent_encoding::percent_decode_str;

use crate::api::Request;

use super::Refusal;
use super::id::Kind;

/// An operation of the control plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operation {
    CreateChatToken,
    CreateLoggingConfiguration,
    CreateRoom,
    DeleteLoggingConfiguration,
    DeleteMessage,
    DeleteRoom,
    DisconnectUser,
    GetLoggingConfiguration,
    GetRoom,
    ListLoggingConfigurations,
    ListRooms,
    ListTagsForResource,
    SendEvent,
    TagResource,
    UntagResource,
    UpdateLoggingConfiguration,
    UpdateRoom,
}

impl Operation {
    pub(super) const ALL: [Self; 17] = [
        Self::CreateChatToken,
        Self::CreateLoggingConfiguration,
        Self::CreateRoom,
        Self::DeleteLoggingConfiguration,
        Self::DeleteMessage,
        Self::DeleteRoom,
        Self::DisconnectUser,
        Self::GetLoggingConfiguration,
        Self::GetRoom,
        Self::ListLoggingConfigurations,
        Self::ListRooms,
        Self::ListTagsForResource,
        Self::SendEvent,
        Self::TagResource,
        Self::UntagResource,
        Self::UpdateLoggingConfiguration,
        Self::UpdateRoom,
    ];

    /// The operation's name, as its route and its IAM action have it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CreateChatToken => "CreateChatToken",
            Self::CreateLoggingConfiguration => "CreateLoggingConfiguration",
            Self::CreateRoom => "CreateRoom",
            Self::DeleteLoggingConfiguration => "DeleteLoggingConfiguration",
            Self::DeleteMessage => "DeleteMessage",
            Self::DeleteRoom => "DeleteRoom",
            Self::DisconnectUser => "DisconnectUser",
            Self::GetLoggingConfiguration => "GetLoggingConfiguration",
            Self::GetRoom => "GetRoom",
            Self::ListLoggingConfigurations => "ListLoggingConfigurations",
            Self::ListRooms => "ListRooms",
            Self::ListTagsForResource => "ListTagsForResource",
            Self::SendEvent => "SendEvent",
            Self::TagResource => "TagResource",
            Self::UntagResource => "UntagResource",
            Self::UpdateLoggingConfiguration => "UpdateLoggingConfiguration",
            Self::UpdateRoom => "UpdateRoom",
        }
    }

    /// The operation of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// The operation that a request asks for, and the resource in its path if it has one there.
    pub(super) fn of(request: &Request) -> Result<(Self, Option<String>), Refusal> {
        if let Some(label) = request.path.strip_prefix("/tags/") {
            // An ARN that was not encoded has a `/` too many, which is another route.
            if label.is_empty() || label.contains('/') {
                return Err(Refusal::unknown_operation());
            }
            let operation = match request.method {
                Method::GET => Self::ListTagsForResource,
                Method::POST => Self::TagResource,
                Method::DELETE => Self::UntagResource,
                _ => return Err(Refusal::unknown_operation()),
            };
            return Ok((operation, Some(percent_decode_str(label).decode_utf8_lossy().into_owned())));
        }
        let name = request.path.strip_prefix('/').filter(|_| request.method == Method::POST);
        let operation = name.and_then(Self::named).filter(|operation| !operation.is_about_tags());
        operation.map(|operation| (operation, None)).ok_or_else(Refusal::unknown_operation)
    }

    fn is_about_tags(self) -> bool {
        matches!(self, Self::ListTagsForResource | Self::TagResource | Self::UntagResource)
    }

    /// Calls a second that the account may make in a region. Not adjustable.
    pub(super) fn per_second(self) -> u32 {
        match self {
            Self::CreateChatToken => 200,
            Self::DeleteMessage | Self::DisconnectUser | Self::SendEvent => 100,
            Self::ListTagsForResource | Self::TagResource | Self::UntagResource => 10,
            Self::CreateRoom | Self::DeleteRoom | Self::GetRoom | Self::ListRooms | Self::UpdateRoom => 5,
            Self::CreateLoggingConfiguration
            | Self::DeleteLoggingConfiguration
            | Self::GetLoggingConfiguration
            | Self::ListLoggingConfigurations
            | Self::UpdateLoggingConfiguration => 3,
        }
    }

    /// The kind of resource that it is about; operations on tags are on both.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::CreateLoggingConfiguration
            | Self::DeleteLoggingConfiguration
            | Self::GetLoggingConfiguration
            | Self::ListLoggingConfigurations
            | Self::UpdateLoggingConfiguration => Kind::Logging,
            Self::CreateChatToken
            | Self::CreateRoom
            | Self::DeleteMessage
            | Self::DeleteRoom
            | Self::DisconnectUser
            | Self::GetRoom
            | Self::ListRooms
            | Self::ListTagsForResource
            | Self::SendEvent
            | Self::TagResource
            | Self::UntagResource
            | Self::UpdateRoom => Kind::Room,
        }
    }

    /// Whether it models `PendingVerification`: everything that changes something, but not the tags.
    pub(super) fn needs_verified_account(self) -> bool {
        match self {
            Self::GetLoggingConfiguration
            | Self::GetRoom
            | Self::ListLoggingConfigurations
            | Self::ListRooms
            | Self::ListTagsForResource
            | Self::TagResource
            | Self::UntagResource => false,
            Self::CreateChatToken
            | Self::CreateLoggingConfiguration
            | Self::CreateRoom
            | Self::DeleteLoggingConfiguration
            | Self::DeleteMessage
            | Self::DeleteRoom
            | Self::DisconnectUser
            | Self::SendEvent
            | Self::UpdateLoggingConfiguration
            | Self::UpdateRoom => true,
        }
    }
}
