//! Our signature against that of the official SDK, for the same request at the same time.

#![allow(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sdk_ivschat::config::{BehaviorVersion, Region};
use aws_sdk_ivschat::{Client, Config};
use aws_smithy_async::time::StaticTimeSource;
use aws_smithy_http_client::test_util::{CaptureRequestReceiver, capture_request};
use http::{HeaderName, HeaderValue};
use ivschat::api::endpoint::Endpoint;
use ivschat::api::ops::{CreateRoom, ListRooms, ListTagsForResource, TagResource, UntagResource};
use ivschat::api::sigv4::{Scope, sign, unsigned};
use ivschat::api::{Operation, Request, Tags};

const REGION: &str = "us-west-2";
const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/g1H2I3j4k5L6";

fn time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_248_001)
}

/// With long-lived keys, and with temporary ones.
fn credentials() -> [Credentials; 2] {
    ["", "IQoJb3JpZ2luX2VjEXAMPLE//token+with=signs"].map(|token| {
        let token = Some(token.to_owned()).filter(|token| !token.is_empty());
        Credentials::from_keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    })
}

/// The SDK's client, whose request is caught before it goes out.
fn sdk(credentials: &Credentials, endpoint: Option<&str>) -> (Client, CaptureRequestReceiver) {
    let (http, request) = capture_request(None);
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .credentials_provider(credentials.clone())
        .time_source(StaticTimeSource::new(time()))
        .http_client(http);
    config.set_endpoint_url(endpoint.map(ToOwned::to_owned));
    (Client::from_conf(config.build()), request)
}

/// Signs `request` as the SDK signed what it sent: with the same headers of its own, and over the same body, in which
/// members may stand in another order.
fn assert_same(request: &Request, endpoint: &Endpoint, credentials: &Credentials, sent: CaptureRequestReceiver) {
    let sent = sent.expect_request();
    let authorization = sent.headers().get("authorization").unwrap();
    let signed_headers = authorization.split("SignedHeaders=").nth(1).unwrap().split(',').next().unwrap();

    let mut ours = unsigned(endpoint, request).unwrap();
    let body = sent.body().bytes().unwrap().to_vec();
    if let Some(json) = &request.body {
        assert_eq!(*json, serde_json::from_slice::<serde_json::Value>(&body).unwrap());
    }
    *ours.body_mut() = body;
    for name in signed_headers.split(';').filter(|name| *name != "host" && *name != "x-amz-security-token") {
        let value = HeaderValue::from_str(sent.headers().get(name).unwrap()).unwrap();
        ours.headers_mut().insert(HeaderName::try_from(name).unwrap(), value);
    }
    let scope = Scope { credentials, service: "ivschat", region: REGION, time: time() };
    sign(&mut ours, &scope).unwrap();

    assert_eq!(ours.method().as_str(), sent.method());
    assert_eq!(ours.uri().to_string(), sent.uri());
    assert_eq!(ours.headers()["authorization"], authorization);
}

fn region() -> Endpoint {
    Endpoint::of_region(ivschat::api::Service::IvsChat, REGION).unwrap()
}

#[tokio::test]
async fn list_rooms() {
    for credentials in credentials() {
        let (client, sent) = sdk(&credentials, None);
        let _ = client.list_rooms().send().await;
        assert_same(&ListRooms::default().request(), &region(), &credentials, sent);
    }
}

#[tokio::test]
async fn create_room_with_a_body_beyond_ascii() {
    for credentials in credentials() {
        let (client, sent) = sdk(&credentials, None);
        let request = client.create_room().name("lobby").maximum_message_length(300).tags("équipe", "ライブ \"1\"");
        let _ = request.send().await;
        let ours = CreateRoom {
            name: Some("lobby".into()),
            maximum_message_length: Some(300),
            tags: Tags::from([("équipe".into(), "ライブ \"1\"".into())]),
            ..CreateRoom::default()
        };
        assert_same(&ours.request(), &region(), &credentials, sent);
    }
}

#[tokio::test]
async fn list_tags_whose_path_is_encoded_twice() {
    for credentials in credentials() {
        let (client, sent) = sdk(&credentials, None);
        let _ = client.list_tags_for_resource().resource_arn(ROOM).send().await;
        let ours = ListTagsForResource { resource_arn: ROOM.parse().unwrap() };
        assert_same(&ours.request(), &region(), &credentials, sent);
    }
}

#[tokio::test]
async fn tag_resource() {
    for credentials in credentials() {
        let (client, sent) = sdk(&credentials, None);
        let _ = client.tag_resource().resource_arn(ROOM).tags("team", "live events").send().await;
        let tags = Tags::from([("team".into(), "live events".into())]);
        let ours = TagResource { resource_arn: ROOM.parse().unwrap(), tags };
        assert_same(&ours.request(), &region(), &credentials, sent);
    }
}

#[tokio::test]
async fn untag_resource_with_keys_that_need_encoding() {
    let keys = ["a b", "team/x", "é", "a+b=c&d", "~-._*'()"];
    for credentials in credentials() {
        let (client, sent) = sdk(&credentials, None);
        let request =
            keys.iter().fold(client.untag_resource().resource_arn(ROOM), |request, key| request.tag_keys(*key));
        let _ = request.send().await;
        let ours = UntagResource { resource_arn: ROOM.parse().unwrap(), tag_keys: keys.map(Into::into).into() };
        assert_same(&ours.request(), &region(), &credentials, sent);
    }
}

#[tokio::test]
async fn an_endpoint_of_ones_own_is_signed_with_its_port_and_path() {
    for credentials in credentials() {
        for url in ["http://127.0.0.1:4566", "http://localhost:4566/base", "https://ivschat.example:8443"] {
            let (client, sent) = sdk(&credentials, Some(url));
            let _ = client.list_tags_for_resource().resource_arn(ROOM).send().await;
            let ours = ListTagsForResource { resource_arn: ROOM.parse().unwrap() };
            assert_same(&ours.request(), &url.parse().unwrap(), &credentials, sent);
        }
    }
}
