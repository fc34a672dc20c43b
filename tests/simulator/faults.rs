//! Each kind of fault, seen by a client that has no retries and no mercy.

use std::error::Error;
use std::io;
use std::time::{Duration, Instant};

use ivschat::simulator::server::fault::{self, OPERATIONS};
use ivschat::simulator::server::{Options, Running, Server};
use reqwest::Method;
use serde_json::json;

use crate::signed::{client, control, json, post, refusal, request};
use crate::{empty, start};

/// Long enough for a loaded machine, short for a person.
const SOON: Duration = Duration::from_secs(10);

async fn set(server: &Running, operation: &str, fault: &str) {
    let answer = control(server, Method::PUT, &format!("faults/{operation}"), fault).await;
    assert_eq!(answer.status(), 204, "{fault}: {}", answer.text().await.unwrap());
}

async fn rooms(server: &Running) -> usize {
    let page = json(post(server, "ListRooms", "{}").await.unwrap()).await;
    page["rooms"].as_array().unwrap().len()
}

/// Whether the connection was reset, rather than closed in good order.
fn is_reset(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if kind == Some(io::ErrorKind::ConnectionReset) {
            return true;
        }
        source = error.source();
    }
    false
}

#[tokio::test]
async fn deny_names_the_action_as_iam_would() {
    let server = start().await;
    set(&server, "ListRooms", "deny").await;
    let (status, name, words) = refusal(post(&server, "ListRooms", "{}").await.unwrap()).await;
    assert_eq!((status, name.as_str()), (403, "AccessDeniedException"));
    assert!(words.contains("is not authorized to perform: ivschat:ListRooms on resource: arn:aws:ivschat:"), "{words}");
    assert_eq!(post(&server, "CreateRoom", "{}").await.unwrap().status(), 200, "others go on");
}

#[tokio::test]
async fn pending_is_what_a_new_account_gets() {
    let server = start().await;
    set(&server, "CreateRoom", "pending").await;
    let (status, name, words) = refusal(post(&server, "CreateRoom", "{}").await.unwrap()).await;
    assert_eq!(
        (status, name.as_str(), words.as_str()),
        (403, "PendingVerification", "Your account is pending verification")
    );
}

#[tokio::test]
async fn status_answers_without_carrying_out() {
    let server = start().await;
    for (fault, status, name) in [
        ("status:500", 500, "InternalServerException"),
        ("status:503", 503, "ServiceUnavailableException"),
        ("status:418", 418, "SimulatedException"),
    ] {
        set(&server, "CreateRoom", fault).await;
        let told = refusal(post(&server, "CreateRoom", "{}").await.unwrap()).await;
        assert_eq!((told.0, told.1.as_str()), (status, name));
    }
    set(&server, "CreateRoom", "status:429:1500").await;
    let throttled = post(&server, "CreateRoom", "{}").await.unwrap();
    assert_eq!(throttled.headers()["x-amz-retry-after"], "1500");
    assert_eq!(refusal(throttled).await.1, "ThrottlingException");
    assert_eq!(rooms(&server).await, 0);
}

#[tokio::test]
async fn hang_never_answers_or_does_so_later() {
    let server = start().await;
    set(&server, "CreateRoom", "hang").await;
    let call = post(&server, "CreateRoom", "{}");
    assert!(tokio::time::timeout(Duration::from_millis(300), call).await.is_err());
    assert_eq!(rooms(&server).await, 0, "and nothing was carried out");
    set(&server, "CreateRoom", "hang:0.3").await;
    let start = Instant::now();
    assert_eq!(post(&server, "CreateRoom", "{}").await.unwrap().status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn slow_is_carried_out_at_once_and_trickles_in() {
    let server = start().await;
    set(&server, "CreateRoom", "slow:0.5").await;
    let start = Instant::now();
    let answer = post(&server, "CreateRoom", "{}").await.unwrap();
    assert_eq!(rooms(&server).await, 1, "before the answer is complete");
    assert!(json(answer).await["arn"].is_string());
    assert!((Duration::from_millis(450)..SOON).contains(&start.elapsed()));
}

#[tokio::test]
async fn garbage_is_a_broken_yes() {
    let server = start().await;
    for (count, fault) in (1..).zip(["garbage", "garbage:truncated", "garbage:empty", "garbage:shape"]) {
        set(&server, "CreateRoom", fault).await;
        let answer = post(&server, "CreateRoom", "{}").await.unwrap();
        assert_eq!(answer.status(), 200);
        let kind = if fault == "garbage" { "text/html" } else { "application/json" };
        assert_eq!(answer.headers()["content-type"], kind);
        assert!(answer.headers().contains_key("x-amzn-requestid"));
        let body = answer.text().await.unwrap();
        let object = serde_json::from_str::<serde_json::Map<_, _>>(&body);
        assert!(object.is_err(), "{fault}: {body}");
        assert_eq!(rooms(&server).await, count, "{fault} is carried out");
    }
}

#[tokio::test]
async fn a_huge_answer_can_be_given_up() {
    let server = start().await;
    set(&server, "ListRooms", "garbage:huge,times=1").await;
    let mut answer = post(&server, "ListRooms", "{}").await.unwrap();
    let mut bytes = 0;
    while bytes < 8 * 1024 * 1024 {
        bytes += answer.chunk().await.unwrap().expect("256 MiB are not over yet").len();
    }
    drop(answer);
    assert_eq!(rooms(&server).await, 0);
}

#[tokio::test]
async fn reset_strikes_before_amid_or_after() {
    let server = start().await;
    for (fault, count) in [("reset:before", 0), ("reset", 1), ("reset:after", 2)] {
        set(&server, "CreateRoom", fault).await;
        let error = post(&server, "CreateRoom", "{}").await.unwrap_err();
        assert!(is_reset(&error), "{fault}: {error:?}");
        assert_eq!(rooms(&server).await, count, "{fault}");
    }
    set(&server, "CreateRoom", "reset:middle").await;
    let mut answer = post(&server, "CreateRoom", "{}").await.unwrap();
    let half = answer.chunk().await.unwrap().expect("half of the answer");
    assert!(half.starts_with(b"{\"") && !half.ends_with(b"}"), "{half:?}");
    assert!(answer.chunk().await.is_err());
    assert_eq!(rooms(&server).await, 3);
}

#[tokio::test]
async fn faults_are_listed_replaced_and_taken_away() {
    let options = Options { faults: vec![fault::parse("*=status:503,times=3").unwrap()], ..Options::default() };
    let server = Server::start(empty(), options).await.unwrap();
    assert_eq!(post(&server, "ListRooms", "{}").await.unwrap().status(), 503);
    set(&server, "listrooms", "deny").await;
    let list = json(control(&server, Method::GET, "faults", "").await).await;
    assert_eq!(list, json!({"ListRooms": "deny", "*": "status:503,times=2"}));
    assert_eq!(control(&server, Method::DELETE, "faults/ListRooms", "").await.status(), 204);
    assert_eq!(control(&server, Method::DELETE, "faults/ListRooms", "").await.status(), 404);
    assert_eq!(post(&server, "ListRooms", "{}").await.unwrap().status(), 503);
    assert_eq!(control(&server, Method::DELETE, "faults", "").await.status(), 204);
    assert_eq!(post(&server, "ListRooms", "{}").await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_bad_fault_is_answered_with_what_there_is() {
    let server = start().await;
    for (path, body, word) in [
        ("faults/ListRooms", "explode", "garbage"),
        ("faults/Rooms", "deny", "ListRooms"),
        ("faults/ListRooms", "", "status:CODE"),
    ] {
        let answer = control(&server, Method::PUT, path, body).await;
        let (status, _, words) = refusal(answer).await;
        assert_eq!(status, 400);
        assert!(words.contains(word), "{words}");
    }
    let (status, _, words) = refusal(control(&server, Method::POST, "reboot", "").await).await;
    assert_eq!(status, 404);
    assert!(words.contains("/_simulator/connections/drop"), "{words}");
}

#[tokio::test]
async fn every_operation_can_be_struck() {
    let server = start().await;
    let tags = "/tags/arn%3Aaws%3Aivschat%3Aus-west-2%3A123456789012%3Aroom%2F000000000000";
    for operation in OPERATIONS {
        set(&server, operation, "status:501").await;
        let answer = match operation {
            "ListTagsForResource" => client().execute(request(&server, Method::GET, tags, "")).await,
            "TagResource" => client().execute(request(&server, Method::POST, tags, "{}")).await,
            "UntagResource" => client().execute(request(&server, Method::DELETE, tags, "")).await,
            _ => post(&server, operation, "{}").await,
        };
        assert_eq!(answer.unwrap().status(), 501, "{operation}");
        control(&server, Method::DELETE, "faults", "").await;
    }
}
