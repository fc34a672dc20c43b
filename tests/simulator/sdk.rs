//! AWS's own Rust SDK: all 17 operations, their typed answers and their typed errors.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_ivschat::Client;
use aws_sdk_ivschat::config::retry::RetryConfig;
use aws_sdk_ivschat::config::timeout::TimeoutConfig;
use aws_sdk_ivschat::config::{BehaviorVersion, Region};
use aws_sdk_ivschat::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ivschat::operation::RequestId;
use aws_sdk_ivschat::types::{
    ChatTokenCapability, CloudWatchLogsDestinationConfiguration, DestinationConfiguration, FallbackResult,
    FirehoseDestinationConfiguration, LoggingConfigurationState, MessageReviewHandler, S3DestinationConfiguration,
    ValidationExceptionField, ValidationExceptionReason,
};
use ivschat::simulator::server::credentials::{
    EXPIRED_ACCESS_KEY_ID, EXPIRED_SECRET_ACCESS_KEY, EXPIRED_SESSION_TOKEN, TEMPORARY_ACCESS_KEY_ID,
    TEMPORARY_SECRET_ACCESS_KEY, TEMPORARY_SESSION_TOKEN,
};
use ivschat::simulator::server::{Options, Running, Server, fault};
use ivschat::simulator::world::{Quotas, Setup};

use crate::chat::SOON;
use crate::{empty, start};

const NOWHERE: &str = "arn:aws:ivschat:us-west-2:123456789012:room/000000000000";

fn client_with(server: &Running, credentials: Credentials) -> Client {
    let config = aws_sdk_ivschat::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(server.region.clone()))
        .endpoint_url(&server.endpoint)
        .credentials_provider(credentials)
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().operation_timeout(SOON).build())
        .build();
    Client::from_conf(config)
}

fn client(server: &Running) -> Client {
    client_with(server, Credentials::new(&server.access_key_id, &server.secret_access_key, None, None, "test"))
}

fn s3(bucket: &str) -> DestinationConfiguration {
    DestinationConfiguration::S3(S3DestinationConfiguration::builder().bucket_name(bucket).build().unwrap())
}

/// A logging configuration that is ready; its ARN.
async fn active_logging(client: &Client) -> String {
    let created = client.create_logging_configuration().destination_configuration(s3("chat-logs")).send();
    let arn = created.await.unwrap().arn.unwrap();
    wait_until_active(client, &arn).await;
    arn
}

async fn wait_until_active(client: &Client, arn: &str) {
    let settle = async {
        loop {
            let configuration = client.get_logging_configuration().identifier(arn).send().await.unwrap();
            if configuration.state == Some(LoggingConfigurationState::Active) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(SOON, settle).await.expect("ACTIVE within seconds");
}

#[tokio::test]
async fn rooms_are_created_read_changed_listed_and_deleted() {
    let server = start().await;
    let client = client(&server);
    let handler = MessageReviewHandler::builder()
        .uri("arn:aws:lambda:us-west-2:123456789012:function:review")
        .fallback_result(FallbackResult::Deny)
        .build();
    let created = client
        .create_room()
        .name("lobby")
        .maximum_message_length(200)
        .maximum_message_rate_per_second(7)
        .message_review_handler(handler.clone())
        .tags("team", "live")
        .send()
        .await
        .unwrap();
    let arn = created.arn().unwrap();
    assert_eq!(arn.rsplit('/').next(), created.id());
    assert!(created.request_id().is_some());
    let got = client.get_room().identifier(arn).send().await.unwrap();
    assert_eq!(
        (got.name(), got.maximum_message_length, got.maximum_message_rate_per_second),
        (Some("lobby"), Some(200), Some(7))
    );
    assert_eq!(got.message_review_handler, Some(handler));
    assert_eq!((got.create_time, got.update_time), (created.create_time, created.update_time));
    assert!(got.create_time.is_some());
    let changed = client.update_room().identifier(arn).name("hall").send().await.unwrap();
    assert_eq!((changed.name(), changed.maximum_message_length), (Some("hall"), Some(200)));
    let listed = client.list_rooms().name("hall").send().await.unwrap();
    assert_eq!(listed.rooms().iter().map(|room| room.arn()).collect::<Vec<_>>(), [Some(arn)]);
    assert_eq!(listed.rooms()[0].tags().unwrap()["team"], "live");
    client.delete_room().identifier(arn).send().await.unwrap();
    let gone = client.get_room().identifier(arn).send().await.unwrap_err().into_service_error();
    assert!(gone.is_resource_not_found_exception());
}

#[tokio::test]
async fn logging_configurations_live_their_life() {
    let server = start().await;
    let client = client(&server);
    let arn = active_logging(&client).await;
    let log_group = CloudWatchLogsDestinationConfiguration::builder().log_group_name("/ivs/chat").build().unwrap();
    let changed = client
        .update_logging_configuration()
        .identifier(&arn)
        .name("cw")
        .destination_configuration(DestinationConfiguration::CloudWatchLogs(log_group.clone()))
        .send()
        .await
        .unwrap();
    assert_eq!(changed.destination_configuration.unwrap().as_cloud_watch_logs(), Ok(&log_group));
    wait_until_active(&client, &arn).await;
    let stream = FirehoseDestinationConfiguration::builder().delivery_stream_name("chat").build().unwrap();
    let second = DestinationConfiguration::Firehose(stream);
    client.create_logging_configuration().destination_configuration(second).send().await.unwrap();
    let listed = client.list_logging_configurations().send().await.unwrap();
    assert_eq!(listed.logging_configurations().len(), 2);
    let room = client.create_room().logging_configuration_identifiers(&arn).send().await.unwrap().arn.unwrap();
    let used = client.delete_logging_configuration().identifier(&arn).send().await.unwrap_err().into_service_error();
    assert!(used.is_conflict_exception(), "{used:?}");
    client.update_room().identifier(&room).set_logging_configuration_identifiers(Some(vec![])).send().await.unwrap();
    client.delete_logging_configuration().identifier(&arn).send().await.unwrap();
}

#[tokio::test]
async fn tags_keep_their_odd_characters() {
    let server = start().await;
    let client = client(&server);
    let arn = client.create_room().send().await.unwrap().arn.unwrap();
    let tags = [("a b", "x + y = z"), ("team/x", "50%"), ("é&=?#", "日本語"), ("plain", ""), ("+", "%2B")];
    let map = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    client.tag_resource().resource_arn(&arn).set_tags(Some(map.clone().collect())).send().await.unwrap();
    let listed = client.list_tags_for_resource().resource_arn(&arn).send().await.unwrap();
    let listed: BTreeMap<_, _> = listed.tags().clone().into_iter().collect();
    assert_eq!(listed, map.collect());
    let keys = ["a b", "team/x", "é&=?#", "+", "not there"].map(ToOwned::to_owned).to_vec();
    client.untag_resource().resource_arn(&arn).set_tag_keys(Some(keys)).send().await.unwrap();
    let left = client.list_tags_for_resource().resource_arn(&arn).send().await.unwrap();
    assert_eq!(left.tags().keys().collect::<Vec<_>>(), ["plain"]);
}

#[tokio::test]
async fn tokens_and_what_happens_in_a_room() {
    let server = start().await;
    let client = client(&server);
    let room = client.create_room().send().await.unwrap().arn.unwrap();
    let token = client
        .create_chat_token()
        .room_identifier(&room)
        .user_id("nadia")
        .capabilities(ChatTokenCapability::SendMessage)
        .capabilities(ChatTokenCapability::DeleteMessage)
        .session_duration_in_minutes(30)
        .attributes("displayName", "Nadia")
        .send()
        .await
        .unwrap();
    assert!(token.token().is_some_and(|token| !token.is_empty()));
    let (token, session) = (token.token_expiration_time.unwrap(), token.session_expiration_time.unwrap());
    assert!(token.secs() < session.secs());
    let event = client.send_event().room_identifier(&room).event_name("app:poll").attributes("k", "v").send();
    assert_eq!(event.await.unwrap().id().unwrap().len(), 12);
    let deleted = client.delete_message().room_identifier(&room).id("AbCdEf123456").reason("spam").send();
    assert_eq!(deleted.await.unwrap().id().unwrap().len(), 12);
    client.disconnect_user().room_identifier(&room).user_id("nobody").send().await.unwrap();
}

#[tokio::test]
async fn the_paginator_sees_every_room_once() {
    let server = start().await;
    let client = client(&server);
    let mut names = Vec::new();
    for n in 0..120 {
        names.push(format!("room-{n:03}"));
        client.create_room().name(&names[n]).send().await.unwrap();
    }
    let mut pages = client.list_rooms().into_paginator().send();
    let mut sizes = Vec::new();
    let mut seen = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        sizes.push(page.rooms().len());
        seen.extend(page.rooms.into_iter().map(|room| room.name.unwrap()));
    }
    assert_eq!(sizes, [50, 50, 20]);
    names.reverse();
    assert_eq!(seen, names, "the one that changed last comes first");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let server = start().await;
    let error = client(&server).update_room().identifier(NOWHERE).send().await.unwrap_err().into_service_error();
    assert!(error.is_resource_not_found_exception(), "{error:?}");
    assert!(error.message().is_some_and(|text| text.contains(NOWHERE)), "{error:?}");
}

#[tokio::test]
async fn what_breaks_the_model_is_told_member_by_member() {
    let server = start().await;
    let call = client(&server).create_room().name("no blanks").maximum_message_length(501).send();
    let error = call.await.unwrap_err().into_service_error();
    let aws_sdk_ivschat::operation::create_room::CreateRoomError::ValidationException(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.reason(), &ValidationExceptionReason::FieldValidationFailed);
    let mut members: Vec<_> = error.field_list().iter().map(ValidationExceptionField::name).collect();
    members.sort_unstable();
    assert_eq!(members, ["maximumMessageLength", "name"]);
}

#[tokio::test]
async fn quotas_of_number_and_of_rate_are_told_apart() {
    let server = Server::start(Setup { quotas: Quotas::Times(1000.0), ..empty() }, Options::default()).await.unwrap();
    let client_of_many = client(&server);
    let create = || client_of_many.create_logging_configuration().destination_configuration(s3("logs")).send();
    for _ in 0..10 {
        create().await.unwrap();
    }
    let error = create().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 402);
    assert!(error.into_service_error().is_service_quota_exceeded_exception());

    let server = Server::start(Setup { quotas: Quotas::Times(0.01), ..empty() }, Options::default()).await.unwrap();
    let client = client(&server);
    let room = client.create_room().send().await.unwrap().arn.unwrap();
    let send = || client.send_event().room_identifier(&room).event_name("e").send();
    send().await.unwrap();
    let error = send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 429);
    assert!(error.into_service_error().is_throttling_exception());
}

#[tokio::test]
async fn a_denial_names_who_what_and_where() {
    let options = Options { faults: vec![fault::parse("GetRoom=deny").unwrap()], ..Options::default() };
    let server = Server::start(empty(), options).await.unwrap();
    let error = client(&server).get_room().identifier(NOWHERE).send().await.unwrap_err().into_service_error();
    assert!(error.is_access_denied_exception());
    let words = error.message().unwrap();
    for word in ["User: arn:aws:", "ivschat:GetRoom", NOWHERE] {
        assert!(words.contains(word), "{words}");
    }
}

#[tokio::test]
async fn temporary_credentials_work_until_they_expire() {
    let server = start().await;
    let pair = |key: &str, secret: &str, token: &str| {
        client_with(&server, Credentials::new(key, secret, Some(token.to_owned()), None, "test"))
    };
    let good = pair(TEMPORARY_ACCESS_KEY_ID, TEMPORARY_SECRET_ACCESS_KEY, TEMPORARY_SESSION_TOKEN);
    good.list_rooms().send().await.unwrap();
    for (client, code) in [
        (pair(EXPIRED_ACCESS_KEY_ID, EXPIRED_SECRET_ACCESS_KEY, EXPIRED_SESSION_TOKEN), "ExpiredTokenException"),
        (pair(TEMPORARY_ACCESS_KEY_ID, TEMPORARY_SECRET_ACCESS_KEY, "other"), "UnrecognizedClientException"),
        (pair(TEMPORARY_ACCESS_KEY_ID, "other", TEMPORARY_SESSION_TOKEN), "InvalidSignatureException"),
    ] {
        let error = client.list_rooms().send().await.unwrap_err();
        assert_eq!((error.code(), error.raw_response().unwrap().status().as_u16()), (Some(code), 403));
    }
}

#[tokio::test]
async fn a_lost_answer_is_not_mistaken_for_one() {
    let server = start().await;
    for (fault, is_dispatch) in [("reset", true), ("garbage:truncated", false), ("garbage:html", false)] {
        server.set_fault("CreateRoom".parse().unwrap(), fault.parse().unwrap()).await.unwrap();
        let error = client(&server).create_room().send().await.unwrap_err();
        assert_eq!(matches!(error, SdkError::DispatchFailure(_)), is_dispatch, "{fault}: {error:?}");
    }
}
