//! The figures that `docs/reliability.md` promises, our client against the simulator's fault switches.

#![allow(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use ivschat::api::answer::{Answer, decode};
use ivschat::api::client::Client;
use ivschat::api::error::{Code, ErrorKind};
use ivschat::api::model::{Destination, Tags};
use ivschat::api::ops::{
    CreateChatToken, CreateLoggingConfiguration, CreateRoom, DeleteLoggingConfiguration, DeleteMessage, DeleteRoom,
    DisconnectUser, Done, GetLoggingConfiguration, GetRoom, ListLoggingConfigurations, ListRooms, ListTagsForResource,
    SendEvent, TagResource, UntagResource, UpdateLoggingConfiguration, UpdateRoom,
};
use ivschat::api::paging::Pages;
use ivschat::api::{Arn, Call, Operation, Settings};
use ivschat::simulator::World;
use ivschat::simulator::script::Script;
use ivschat::simulator::server::{Options, Running, Server};
use ivschat::simulator::world::{Quotas, Setup};
use jiff::Timestamp;
use serde_json::{Value, json};

/// An account with so many rooms, in which nobody speaks, and no limits of rate.
fn quiet(rooms: usize) -> Setup {
    let script = Script::parse("").expect("an empty script is one");
    Setup { script, rooms: Some(rooms), quotas: Quotas::Off, ..Setup::default() }
}

async fn start() -> Running {
    Server::start(quiet(0), Options::default()).await.unwrap()
}

/// A client whose waits are too short to notice, but for those that the service asks for.
fn client(server: &Running) -> Client {
    patient(server, Duration::from_secs(15))
}

fn patient(server: &Running, attempt_timeout: Duration) -> Client {
    let credentials = Credentials::from_keys(&server.access_key_id, &server.secret_access_key, None);
    let mut settings = Settings::new(&server.region, credentials).unwrap().at(server.endpoint.parse().unwrap());
    settings.retry.transient = Duration::from_millis(1);
    settings.retry.throttled = Duration::from_millis(1);
    settings.network.attempt_timeout = attempt_timeout;
    Client::new(settings)
}

/// The same call without the pace of its operation, which is not what is measured here.
fn unpaced(operation: &impl Operation) -> Call {
    let mut call = operation.call();
    call.spec.per_second = 1_000_000;
    call
}

async fn control(server: &Running, method: http::Method, path: &str, body: &str) -> (u16, String) {
    let url = format!("{}/_simulator/{path}", server.endpoint);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.request(method, url).body(body.to_owned()).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn set(server: &Running, operation: &str, fault: &str) {
    let (status, told) = control(server, http::Method::PUT, &format!("faults/{operation}"), fault).await;
    assert_eq!(status, 204, "{told}");
}

/// How often a fault that was to strike `times` times has struck.
async fn struck(server: &Running, operation: &str, times: usize) -> usize {
    let (_, faults) = control(server, http::Method::GET, "faults", "").await;
    let faults: Value = serde_json::from_str(&faults).unwrap();
    let Some(left) = faults.get(operation) else { return times };
    let left = left.as_str().unwrap();
    times - left.rsplit_once("times=").expect("it was set with a number").1.parse::<usize>().unwrap()
}

async fn create(server: &Running) -> Arn {
    client(server).call(&CreateRoom::default()).await.unwrap().summary.arn
}

#[tokio::test]
async fn a_dead_service_sees_three_requests_a_call() {
    for fault in ["status:500", "status:503", "reset:before", "status:429"] {
        let server = start().await;
        set(&server, "ListRooms", &format!("{fault},times=10")).await;
        let error = client(&server).send(&unpaced(&ListRooms::default())).await.unwrap_err();
        assert_eq!((error.attempts, struck(&server, "ListRooms", 10).await), (3, 3), "{fault}");
    }
}

#[tokio::test]
async fn sixty_calls_to_a_dead_service_make_ninety_five_requests() {
    for (fault, requests) in [("status:503", 95), ("reset:before", 95), ("status:429", 160)] {
        let server = start().await;
        set(&server, "ListRooms", &format!("{fault},times=500")).await;
        let client = client(&server);
        for _ in 0..60 {
            client.send(&unpaced(&ListRooms::default())).await.unwrap_err();
        }
        assert_eq!(struck(&server, "ListRooms", 500).await, requests, "{fault}");
    }
}

#[tokio::test]
async fn a_wait_that_is_asked_for_in_milliseconds_is_kept() {
    let server = start().await;
    set(&server, "ListRooms", "status:429:1500,times=1").await;
    let start = Instant::now();
    client(&server).call(&ListRooms::default()).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(1_500), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_broken_yes_is_an_error_five_times_of_five() {
    let server = start().await;
    for fault in ["html", "truncated", "empty", "shape", "huge"] {
        set(&server, "ListRooms", &format!("garbage:{fault}")).await;
        // An answer of 256 MiB that were read to its end would not be over in time.
        let error = patient(&server, Duration::from_secs(5)).call(&ListRooms::default()).await.unwrap_err();
        let told = match fault {
            "huge" => error.kind == ErrorKind::TooLarge { cap: 4 * 1024 * 1024 },
            _ => matches!(error.kind, ErrorKind::Broken(_)) && error.request_id.is_some(),
        };
        assert!(told && error.operation == "ListRooms", "{fault}: {error:?}");
    }
}

/// Fifty writes whose answers were lost: each is an error that says so, and none was done twice.
#[tokio::test]
async fn fifty_lost_answers_make_no_room_twice() {
    let server = start().await;
    let client = client(&server);
    set(&server, "CreateRoom", "reset:after,times=150").await;
    for number in 0..50 {
        let create = CreateRoom { name: Some(format!("room-{number}")), ..CreateRoom::default() };
        let error = client.send(&unpaced(&create)).await.unwrap_err();
        assert!(error.kind.may_have_been_done(), "{error}");
    }
    assert_eq!(struck(&server, "CreateRoom", 150).await, 50);
    let page = client.call(&ListRooms { max_results: Some(50), ..ListRooms::default() }).await.unwrap();
    let names: BTreeSet<_> = page.rooms.iter().map(|room| room.name.clone()).collect();
    assert_eq!((names.len(), page.rooms.len(), page.next_token), (50, 50, None));
}

#[tokio::test]
async fn fifty_lost_answers_make_no_logging_configuration_twice() {
    let server = start().await;
    let client = client(&server);
    let destination_configuration = Destination::S3 { bucket_name: "chat-logs".to_owned() };
    set(&server, "CreateLoggingConfiguration", "reset:after,times=150").await;
    for number in 0..50 {
        let create = CreateLoggingConfiguration {
            name: Some(format!("logs-{number}")),
            destination_configuration: destination_configuration.clone(),
            tags: Tags::default(),
        };
        let error = client.send(&unpaced(&create)).await.unwrap_err();
        assert!(error.kind.may_have_been_done(), "{error}");
    }
    assert_eq!(struck(&server, "CreateLoggingConfiguration", 150).await, 50);
    let all = ListLoggingConfigurations { max_results: Some(50), ..ListLoggingConfigurations::default() };
    let page = client.call(&all).await.unwrap();
    let names: BTreeSet<_> = page.logging_configurations.iter().map(|logging| logging.name.clone()).collect();
    assert_eq!((names.len(), page.logging_configurations.len()), (50, 50));
}

#[tokio::test]
async fn fifty_lost_answers_send_no_event_twice() {
    let server = start().await;
    let (client, room) = (client(&server), create(&server).await);
    set(&server, "SendEvent", "reset:after,times=150").await;
    for number in 0..50 {
        let event =
            SendEvent { room_identifier: room.clone(), event_name: format!("app:{number}"), attributes: [].into() };
        let error = client.send(&unpaced(&event)).await.unwrap_err();
        assert!(error.kind.may_have_been_done(), "{error}");
    }
    assert_eq!(struck(&server, "SendEvent", 150).await, 50, "each went out once");
}

#[tokio::test]
async fn what_can_not_have_been_done_is_done_again_and_once() {
    let server = start().await;
    set(&server, "CreateRoom", "status:429,times=2").await;
    client(&server).send(&unpaced(&CreateRoom::default())).await.unwrap();
    assert_eq!(client(&server).call(&ListRooms::default()).await.unwrap().rooms.len(), 1);
}

#[tokio::test]
async fn a_deletion_whose_answer_was_lost_is_done() {
    let server = start().await;
    let room = create(&server).await;
    set(&server, "DeleteRoom", "reset:after,times=1").await;
    assert_eq!(client(&server).call(&DeleteRoom { identifier: room.clone() }).await, Ok(Done));
    let error = client(&server).call(&DeleteRoom { identifier: room }).await.unwrap_err();
    assert_eq!(error.refusal().map(|refusal| &refusal.code), Some(&Code::ResourceNotFound));
}

#[tokio::test]
async fn a_service_that_hangs_is_given_up_on() {
    let server = start().await;
    let impatient = patient(&server, Duration::from_millis(150));
    set(&server, "*", "hang").await;
    let error = impatient.send(&unpaced(&ListRooms::default())).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::TimedOut(Duration::from_millis(150)), 3));
    let error = impatient.send(&unpaced(&CreateRoom::default())).await.unwrap_err();
    assert_eq!(error.attempts, 1, "it may have been carried out");
}

#[test]
fn ten_thousand_rooms_are_listed_once_each() {
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let mut world = World::new(quiet(10_000), now);
    let mut pages = Pages::new(ListRooms { max_results: Some(50), ..ListRooms::default() });
    let (mut seen, mut asked) = (BTreeSet::new(), 0);
    while let Some(next) = pages.next() {
        let page = decode::<ListRooms>(Ok(handle(&mut world, now, next))).unwrap();
        pages.accept(&page).unwrap();
        asked += 1;
        for room in page.rooms {
            assert!(seen.insert(room.arn.clone()), "{} comes twice", room.arn);
        }
    }
    assert_eq!((seen.len(), asked), (10_000, 200));
}

/// The service's answer to an operation.
fn handle(world: &mut World, now: Timestamp, operation: &impl Operation) -> Answer {
    let answer = world.handle(now, &operation.request()).unwrap();
    let body = answer.body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    Answer { status: answer.status, request_id: None, attempts: 1, body }
}

/// The answer as a later version of the service might give it: with members that nobody knows at every level.
fn grown(answer: &Answer) -> Vec<u8> {
    fn grow(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.values_mut().for_each(grow);
                // In a map that is the user's own, a member that nobody knows would be one of these.
                if members.values().all(Value::is_string) {
                    members.insert("newMember".to_owned(), json!("new"));
                } else {
                    members.insert("newMember".to_owned(), json!({ "deep": [1, null, "x"] }));
                    members.insert("newNull".to_owned(), Value::Null);
                }
            }
            Value::Array(list) => list.iter_mut().for_each(grow),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    if answer.body.is_empty() {
        return br#"{"newMember":null}"#.to_vec();
    }
    let mut value = serde_json::from_slice(&answer.body).unwrap();
    grow(&mut value);
    // A state that nobody knows, and times to the nanosecond, as the service writes them.
    let text = value.to_string().replace("\"ACTIVE\"", "\"MIGRATING\"").replace(":00Z\"", ":00.123456789Z\"");
    text.into_bytes()
}

#[test]
fn every_answer_may_have_members_that_nobody_knows() {
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let mut world = World::new(quiet(1), now);
    let mut check = Checker { world: &mut world, now };
    let room = check.ok(&CreateRoom { name: Some("a".into()), ..CreateRoom::default() }).summary.arn;
    let destination_configuration = Destination::S3 { bucket_name: "chat-logs".to_owned() };
    let create =
        CreateLoggingConfiguration { name: None, destination_configuration, tags: [("a".into(), "b".into())].into() };
    let logging = check.ok(&create).arn;
    check.ok(&GetRoom { identifier: room.clone() });
    check.ok(&UpdateRoom::new(room.clone()));
    check.ok(&ListRooms::default());
    check.ok(&GetLoggingConfiguration { identifier: logging.clone() });
    check.ok(&ListLoggingConfigurations::default());
    check.ok(&UpdateLoggingConfiguration {
        identifier: logging.clone(),
        name: Some("b".into()),
        destination_configuration: None,
    });
    check.ok(&TagResource { resource_arn: room.clone(), tags: [("a".into(), "b".into())].into() });
    check.ok(&ListTagsForResource { resource_arn: room.clone() });
    check.ok(&UntagResource { resource_arn: room.clone(), tag_keys: ["a".to_owned()].into() });
    check.ok(&CreateChatToken {
        room_identifier: room.clone(),
        user_id: "nadia".into(),
        capabilities: Vec::new(),
        session_duration_in_minutes: None,
        attributes: [].into(),
    });
    check.ok(&SendEvent { room_identifier: room.clone(), event_name: "x".into(), attributes: [].into() });
    check.ok(&DeleteMessage { room_identifier: room.clone(), id: "AbCdEf123456".into(), reason: None });
    check.ok(&DisconnectUser { room_identifier: room.clone(), user_id: "nadia".into(), reason: None });
    check.ok(&DeleteLoggingConfiguration { identifier: logging });
    check.ok(&DeleteRoom { identifier: room });
}

struct Checker<'a> {
    world: &'a mut World,
    now: Timestamp,
}

impl Checker<'_> {
    /// What the operation answers, read from its grown answer.
    fn ok<O: Operation>(&mut self, operation: &O) -> O::Output {
        let answer = handle(self.world, self.now, operation);
        let body = grown(&answer);
        let told = String::from_utf8_lossy(&body).into_owned();
        self.now += jiff::SignedDuration::from_secs(30);
        decode::<O>(Ok(Answer { body, ..answer })).unwrap_or_else(|error| panic!("{error}: {told}"))
    }
}
