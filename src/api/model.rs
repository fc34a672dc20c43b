//! The things that operations take and give: parsed once, at the edge.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// Tags of a resource: at most 50, see [`limit`](super::limit).
pub type Tags = BTreeMap<String, String>;

/// An Amazon Resource Name, such as `arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456`.
///
/// Only the form is checked: the model's own pattern for tagged resources matches no real ARN, and partitions and
/// resource kinds come and go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn(std::sync::Arc<str>);

impl Arn {
    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The service, such as `ivschat`.
    pub fn service(&self) -> &str {
        self.part(2)
    }

    /// The region, such as `us-west-2`.
    pub fn region(&self) -> &str {
        self.part(3)
    }

    /// The account, 12 digits.
    pub fn account(&self) -> &str {
        self.part(4)
    }

    /// The kind of resource, such as `room` or `logging-configuration`.
    pub fn kind(&self) -> &str {
        self.part(5).split('/').next().unwrap_or_default()
    }

    /// The resource's own id: what follows the last `/`.
    pub fn id(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    fn part(&self, index: usize) -> &str {
        self.0.splitn(6, ':').nth(index).unwrap_or_default()
    }
}

impl FromStr for Arn {
    type Err = NotAnArn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<_> = text.splitn(6, ':').collect();
        let [scheme, partition, service, region, account, resource] = parts[..] else {
            return Err(NotAnArn(text.to_owned()));
        };
        let named = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
        let whole = scheme == "arn" && [partition, service, region, account].into_iter().all(named);
        let (kind, id) = resource.split_once('/').unwrap_or_default();
        if whole && named(kind) && named(id) { Ok(Self(text.into())) } else { Err(NotAnArn(text.to_owned())) }
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Arn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Arn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A text that should have been an ARN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an ARN of the form arn:aws:ivschat:REGION:ACCOUNT:KIND/ID")]
pub struct NotAnArn(pub String);

/// A room, as `ListRooms` summarises it: without its rate and length, for which `GetRoom` is needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoomSummary {
    /// Its ARN, which is what every operation wants as identifier.
    pub arn: Arn,
    /// Its 12-character id.
    #[serde(default, deserialize_with = "null_is_default")]
    pub id: String,
    /// Its name, which is not unique and may be empty.
    #[serde(default, deserialize_with = "null_is_default")]
    pub name: String,
    /// Who reviews messages before they are sent on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_review_handler: Option<ReviewHandler>,
    /// When it was made.
    #[serde(default)]
    pub create_time: Option<Timestamp>,
    /// When it was last changed; lists come with the newest first.
    #[serde(default)]
    pub update_time: Option<Timestamp>,
    /// Its tags.
    #[serde(default, deserialize_with = "null_is_default")]
    pub tags: Tags,
    /// Where its messages are logged to, at most 3.
    #[serde(default, deserialize_with = "null_is_default")]
    pub logging_configuration_identifiers: Vec<Arn>,
}

impl RoomSummary {
    /// What to call it: its name, or its id if it has none.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { self.arn.id() } else { &self.name }
    }
}

/// A room in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Room {
    /// What a list would say of it.
    #[serde(flatten)]
    pub summary: RoomSummary,
    /// Messages a second that the room takes from all its clients together.
    #[serde(default)]
    pub maximum_message_rate_per_second: Option<u32>,
    /// Code points in one message.
    #[serde(default)]
    pub maximum_message_length: Option<u32>,
}

/// The Lambda function that sees each message before the room does, and what happens when it does not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReviewHandler {
    /// ARN of the function; empty takes the handler away.
    #[serde(default, deserialize_with = "null_is_default")]
    pub uri: String,
    /// What counts when the function fails or takes more than 200 ms; `ALLOW` if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_result: Option<Fallback>,
}

/// A logging configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggingConfiguration {
    /// Its ARN.
    pub arn: Arn,
    /// Its 12-character id.
    #[serde(default, deserialize_with = "null_is_default")]
    pub id: String,
    /// Its name, which is not unique and may be empty.
    #[serde(default, deserialize_with = "null_is_default")]
    pub name: String,
    /// When it was made.
    #[serde(default)]
    pub create_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default)]
    pub update_time: Option<Timestamp>,
    /// Where the messages go.
    #[serde(default)]
    pub destination_configuration: Option<Destination>,
    /// Whether it is ready to log.
    #[serde(default)]
    pub state: Option<LoggingState>,
    /// Its tags.
    #[serde(default, deserialize_with = "null_is_default")]
    pub tags: Tags,
}

impl LoggingConfiguration {
    /// What to call it: its name, or its id if it has none.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { self.arn.id() } else { &self.name }
    }
}

/// Where chat is logged to: exactly one of three.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Destination {
    /// An S3 bucket; messages appear after about five minutes.
    #[serde(rename_all = "camelCase")]
    S3 {
        /// See [`limit::BUCKET_NAME`](super::limit::BUCKET_NAME).
        bucket_name: String,
    },
    /// A CloudWatch Logs group; messages appear after about ten seconds.
    #[serde(rename_all = "camelCase")]
    CloudWatchLogs {
        /// See [`limit::LOG_GROUP_NAME`](super::limit::LOG_GROUP_NAME).
        log_group_name: String,
    },
    /// A Firehose stream; messages appear after about ten seconds.
    #[serde(rename_all = "camelCase")]
    Firehose {
        /// See [`limit::DELIVERY_STREAM_NAME`](super::limit::DELIVERY_STREAM_NAME).
        delivery_stream_name: String,
    },
    /// A kind that this version does not know, kept as it came.
    #[serde(untagged)]
    Unknown(Value),
}

/// A text of the service's that has a known set of values today and may get more tomorrow.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A value that this version does not know, kept as it came.
            Unknown(String),
        }

        impl $name {
            /// The value as the service writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(text) => text,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Unknown(text),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

open_enum! {
    /// What becomes of a message when its review handler gives no verdict.
    Fallback {
        /// The message is sent on.
        Allow = "ALLOW",
        /// The message is refused.
        Deny = "DENY",
    }
}

open_enum! {
    /// The life of a logging configuration. Changing or deleting one in transition is a conflict.
    LoggingState {
        /// On its way to `ACTIVE`.
        Creating = "CREATING",
        /// The service could not reach the destination.
        CreateFailed = "CREATE_FAILED",
        /// On its way out.
        Deleting = "DELETING",
        /// Still there.
        DeleteFailed = "DELETE_FAILED",
        /// On its way back to `ACTIVE`.
        Updating = "UPDATING",
        /// The change did not take.
        UpdateFailed = "UPDATE_FAILED",
        /// Ready to log, and to be attached to rooms.
        Active = "ACTIVE",
    }
}

open_enum! {
    /// What the holder of a token may do besides reading along.
    Capability {
        /// Write messages.
        SendMessage = "SEND_MESSAGE",
        /// Disconnect users.
        DisconnectUser = "DISCONNECT_USER",
        /// Delete messages.
        DeleteMessage = "DELETE_MESSAGE",
    }
}

/// `null` where a text, map or list should be means the empty one: answers hold such nulls.
fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";

    #[test]
    fn an_arn_knows_its_parts() {
        let arn: Arn = ROOM.parse().unwrap();
        assert_eq!((arn.region(), arn.account()), ("us-west-2", "123456789012"));
        assert_eq!((arn.kind(), arn.id()), ("room", "AbCdEf123456"));
    }

    #[test]
    fn what_is_no_arn_is_refused() {
        for text in ["", "lobby", "arn:aws:ivschat:us-west-2", "arn:aws:ivschat:us-west-2:1:room", "arn::::: /x"] {
            assert!(text.parse::<Arn>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn nulls_unknown_members_and_unknown_values_are_fine() {
        let answer = json!({
            "arn": ROOM, "id": null, "name": null, "tags": null, "createTime": "2026-11-21T03:45:09.754555595Z",
            "loggingConfigurationIdentifiers": null, "maximumMessageLength": null, "somethingNew": [1],
            "messageReviewHandler": {"uri": null, "fallbackResult": "MAYBE"},
        });
        let room: Room = serde_json::from_value(answer).unwrap();
        assert_eq!(room.summary.name, "");
        let handler = room.summary.message_review_handler.unwrap();
        assert_eq!(handler.fallback_result, Some(Fallback::Unknown("MAYBE".into())));
    }

    #[test]
    fn destinations_are_written_as_the_model_spells_them() {
        let destination = Destination::CloudWatchLogs { log_group_name: "/ivs/chat".into() };
        let written = json!({"cloudWatchLogs": {"logGroupName": "/ivs/chat"}});
        assert_eq!(serde_json::to_value(&destination).unwrap(), written);
        assert_eq!(serde_json::from_value::<Destination>(written).unwrap(), destination);
        let strange = json!({"kafka": {"topic": "x"}});
        assert_eq!(serde_json::from_value::<Destination>(strange.clone()).unwrap(), Destination::Unknown(strange));
    }
}
