//! What the state of a logging configuration means, in plain words: for the details page.
//!
//! What to check at each kind of destination is what log delivery of AWS services asks for (User Guide, chat logging;
//! Amazon CloudWatch Logs User Guide, enabling logging from AWS services).

use crate::api::model::{Destination, LoggingConfiguration, LoggingState};
use crate::app::look::Look;
use crate::app::widget::page::Page;

/// Whether the state will change by itself.
pub fn is_in_transition(state: Option<&LoggingState>) -> bool {
    match state {
        Some(LoggingState::Creating | LoggingState::Updating | LoggingState::Deleting) => true,
        Some(
            LoggingState::Active
            | LoggingState::CreateFailed
            | LoggingState::UpdateFailed
            | LoggingState::DeleteFailed
            | LoggingState::Unknown(_),
        )
        | None => false,
    }
}

/// Tells what the state means, unless it is the one that all is well in; for a failure, what to check and what can be
/// done.
pub fn explain(configuration: &LoggingConfiguration, page: &mut Page, look: Look) {
    let Some(meaning) = configuration.state.as_ref().and_then(meaning) else { return };
    page.heading("What the state means");
    page.text(meaning.what);
    if let Some(remedy) = meaning.remedy {
        page.heading("What to check");
        for check in checks(configuration.destination_configuration.as_ref()) {
            page.item(check);
        }
        page.heading("What can be done");
        page.text(remedy);
    } else {
        page.styled("It is asked for every few seconds until it has settled.", look.quiet());
    }
}

struct Meaning {
    what: &'static str,
    /// What the service lets one do about a failure.
    remedy: Option<&'static str>,
}

fn meaning(state: &LoggingState) -> Option<Meaning> {
    let under_way = |what| Some(Meaning { what, remedy: None });
    let failed = |what, remedy| Some(Meaning { what, remedy: Some(remedy) });
    match state {
        LoggingState::Active | LoggingState::Unknown(_) => None,
        LoggingState::Creating => {
            under_way("It is being set up. Until it is ACTIVE it logs nothing, and no room can be given it.")
        }
        LoggingState::Updating => {
            under_way("Its change is being carried out. Until then it can be neither changed again nor deleted.")
        }
        LoggingState::Deleting => under_way("It is on its way out. Its row goes when the service knows it no more."),
        LoggingState::CreateFailed => failed(
            "The service could not set up the delivery to this destination. It logs nothing, and as only ACTIVE ones \
             can be, no room can be given it.",
            "Put the destination right, then delete the configuration and make it anew. Changing it is allowed, too; \
             the service does not say whether that sets it up again.",
        ),
        LoggingState::UpdateFailed => failed(
            "The last change did not take: the service could not set up the delivery to this destination. Don't count \
             on anything being logged until it is ACTIVE again; rooms that have it keep it.",
            "Put the destination right and change the configuration again, or change it back. It can't be given to \
             further rooms, and deleted only while no room has it.",
        ),
        LoggingState::DeleteFailed => failed(
            "The service could not take the delivery down. The configuration is still there and counts towards the \
             quota of 10.",
            "Delete it again when the cause is gone. The service only deletes one that no room has: Enter shows the \
             rooms that have it.",
        ),
    }
}

fn checks(destination: Option<&Destination>) -> &'static [&'static str] {
    match destination {
        Some(Destination::S3 { .. }) => &[
            "The bucket exists, and is in this account and region.",
            "Its bucket policy lets delivery.logs.amazonaws.com call s3:PutObject and s3:GetBucketAcl. The service \
             writes that policy itself, so whoever makes the change needs logs:CreateLogDelivery, s3:GetBucketPolicy and \
             s3:PutBucketPolicy, and nothing in the policy may deny it.",
            "If the bucket is encrypted with a KMS key, the key's policy lets delivery.logs.amazonaws.com use it.",
        ],
        Some(Destination::CloudWatchLogs { .. }) => &[
            "The log group exists, and is in this account and region.",
            "A resource policy of CloudWatch Logs lets delivery.logs.amazonaws.com call logs:CreateLogStream and \
             logs:PutLogEvents on it. The service writes it itself, so whoever makes the change needs \
             logs:CreateLogDelivery, logs:PutResourcePolicy, logs:DescribeResourcePolicies and logs:DescribeLogGroups.",
            "There is room for it: the resource policy of a log group has at most 51,200 bytes.",
        ],
        Some(Destination::Firehose { .. }) => &[
            "The delivery stream exists, is in this account and region, and its status is ACTIVE.",
            "It has the tag LogDeliveryEnabled = true, by which the service-linked role AWSServiceRoleForLogDelivery \
             may write to it. Setting logging up adds it, so whoever makes the change needs \
             logs:CreateLogDelivery and firehose:TagDeliveryStream.",
            "The role exists, or whoever makes the change may make it: iam:CreateServiceLinkedRole.",
        ],
        Some(Destination::Unknown(_)) | None => &[
            "The destination exists, is in this account and region, and lets delivery.logs.amazonaws.com write to it.",
        ],
    }
}
