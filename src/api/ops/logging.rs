//! Logging configurations: create, delete, get, list, update. 3 calls a second for each operation.

use serde::{Deserialize, Serialize};

use crate::api::error::Problem;
use crate::api::limit::{self, Checks};
use crate::api::model::{Arn, Destination, LoggingConfiguration, Tags};
use crate::api::operation::{Effect, Operation, Paged, Replay, Spec};

use super::Done;

const fn spec(name: &'static str, effect: Effect, replay: Replay) -> Spec {
    Spec { name, per_second: 3, effect, replay }
}

/// `POST /CreateLoggingConfiguration`: a new place to log chat to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateLoggingConfiguration {
    /// [`limit::NAME`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// In the caller's own account and the same region.
    pub destination_configuration: Destination,
    /// [`limit::TAGS_PER_RESOURCE`]
    #[serde(skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
}

impl Operation for CreateLoggingConfiguration {
    type Output = LoggingConfiguration;
    const SPEC: Spec = spec("CreateLoggingConfiguration", Effect::Changes, Replay::UnlessCarriedOut);

    fn problems(&self) -> Vec<Problem> {
        settings(self.name.as_deref(), Some(&self.destination_configuration)).tags("tags", &self.tags).problems()
    }
}

/// `POST /UpdateLoggingConfiguration`: changes the members that are given.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateLoggingConfiguration {
    /// The configuration's ARN.
    pub identifier: Arn,
    /// [`limit::NAME`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where to log to from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination_configuration: Option<Destination>,
}

impl Operation for UpdateLoggingConfiguration {
    type Output = LoggingConfiguration;
    const SPEC: Spec = spec("UpdateLoggingConfiguration", Effect::Changes, Replay::Freely);

    fn problems(&self) -> Vec<Problem> {
        settings(self.name.as_deref(), self.destination_configuration.as_ref()).problems()
    }
}

/// The checks that creating and updating share.
fn settings(name: Option<&str>, destination: Option<&Destination>) -> Checks {
    let checks = Checks::new().optional("name", limit::NAME, name);
    match destination {
        Some(Destination::S3 { bucket_name }) => {
            checks.text("destinationConfiguration.s3.bucketName", limit::BUCKET_NAME, bucket_name)
        }
        Some(Destination::CloudWatchLogs { log_group_name }) => {
            let member = "destinationConfiguration.cloudWatchLogs.logGroupName";
            checks.text(member, limit::LOG_GROUP_NAME, log_group_name)
        }
        Some(Destination::Firehose { delivery_stream_name }) => {
            let member = "destinationConfiguration.firehose.deliveryStreamName";
            checks.text(member, limit::DELIVERY_STREAM_NAME, delivery_stream_name)
        }
        Some(Destination::Unknown(_)) | None => checks,
    }
}

/// `POST /DeleteLoggingConfiguration`: only while no room uses it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteLoggingConfiguration {
    /// The configuration's ARN.
    pub identifier: Arn,
}

impl Operation for DeleteLoggingConfiguration {
    type Output = Done;
    const SPEC: Spec = spec("DeleteLoggingConfiguration", Effect::Destroys, Replay::GoneIsDone);
}

/// `POST /GetLoggingConfiguration`: one logging configuration.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GetLoggingConfiguration {
    /// The configuration's ARN.
    pub identifier: Arn,
}

impl Operation for GetLoggingConfiguration {
    type Output = LoggingConfiguration;
    const SPEC: Spec = spec("GetLoggingConfiguration", Effect::Reads, Replay::Freely);
}

/// `POST /ListLoggingConfigurations`: all of them, in pages of at most 50.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListLoggingConfigurations {
    /// Where to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// [`limit::MAX_RESULTS`]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_results: Option<u32>,
}

/// A page of logging configurations.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggingPage {
    /// May be empty although more pages follow.
    pub logging_configurations: Vec<LoggingConfiguration>,
    /// Names the next page.
    #[serde(default)]
    pub next_token: Option<String>,
}

impl Operation for ListLoggingConfigurations {
    type Output = LoggingPage;
    const SPEC: Spec = spec("ListLoggingConfigurations", Effect::Reads, Replay::Freely);

    fn problems(&self) -> Vec<Problem> {
        Checks::new()
            .optional("nextToken", limit::NEXT_TOKEN, self.next_token.as_deref())
            .range("maxResults", limit::MAX_RESULTS, self.max_results)
            .problems()
    }
}

impl Paged for ListLoggingConfigurations {
    fn next_token(page: &LoggingPage) -> Option<&str> {
        page.next_token.as_deref().filter(|token| !token.is_empty())
    }

    fn after(&self, token: &str) -> Self {
        Self { next_token: Some(token.to_owned()), ..self.clone() }
    }
}
