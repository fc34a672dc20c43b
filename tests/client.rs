//! What the client sends over a real socket, and what it makes of the answers.

#![allow(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

mod service;

use std::io::Write;
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use futures_util::{StreamExt, TryStreamExt};
use http::Method;
use ivschat::api::client::Client;
use ivschat::api::error::{Code, ErrorKind};
use ivschat::api::operation::{Call, Effect, Operation, Replay, Request, Spec};
use ivschat::api::ops::{
    CreateRoom, DeleteRoom, DisconnectUser, Done, GetRoom, ListRooms, ListTagsForResource, SendEvent, UntagResource,
};
use ivschat::api::{Arn, Error, Settings};
use service::{Reply, Service, settings};

fn room() -> Arn {
    "arn:aws:ivschat:us-west-2:123456789012:room/g1H2I3j4k5L6".parse().unwrap()
}

fn list() -> ListRooms {
    ListRooms::default()
}

/// A call whose pace does not matter here.
fn call(replay: Replay) -> Call {
    let spec = Spec { name: "Test", per_second: 1_000_000, effect: Effect::Reads, replay };
    let service = ivschat::api::Service::IvsChat;
    Call {
        spec,
        service,
        request: Request { method: Method::POST, path: "/Test".into(), query: Vec::new(), body: None },
    }
}

/// Settings of a client that waits so long for an answer.
fn patient(service: &Service, attempt_timeout: Duration) -> Settings {
    let mut settings = service.settings();
    settings.network.attempt_timeout = attempt_timeout;
    settings
}

const EMPTY_PAGE: &str = r#"{"rooms":[]}"#;

#[tokio::test]
async fn a_signed_request_and_its_answer() {
    let service = Service::start(|_, _| Reply::ok(EMPTY_PAGE)).await;
    let page = service.client().call(&list()).await.unwrap();
    assert!(page.rooms.is_empty());
    let [request] = &service.received()[..] else { panic!("one request") };
    assert_eq!((request.line.as_str(), request.body.as_str()), ("POST /ListRooms HTTP/1.1", "{}"));
    assert_eq!(request.header("host"), service.address, "the host has its port");
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("amz-sdk-request"), "attempt=1; max=3");
    assert_eq!(request.header("x-amz-security-token"), "hidden-token");
    assert!(request.header("user-agent").starts_with("ivschat/"));
    let authorization = request.header("authorization");
    assert!(authorization.contains("/us-west-2/ivschat/aws4_request"), "{authorization}");
    assert!(authorization.contains("host;x-amz-date;x-amz-security-token"), "{authorization}");
}

#[tokio::test]
async fn the_path_and_query_of_tags_stay_as_they_were_signed() {
    let service = Service::start(|_, _| Reply::ok(r#"{"tags":{}}"#)).await;
    let client = service.client();
    client.call(&ListTagsForResource { resource_arn: room() }).await.unwrap();
    let tag_keys = ["a b", "team/x", "é"].map(String::from).into();
    client.call(&UntagResource { resource_arn: room(), tag_keys }).await.unwrap();
    let path = "/tags/arn%3Aaws%3Aivschat%3Aus-west-2%3A123456789012%3Aroom%2Fg1H2I3j4k5L6";
    let [list, untag] = &service.received()[..] else { panic!("two requests") };
    assert_eq!(list.line, format!("GET {path} HTTP/1.1"));
    assert_eq!(untag.line, format!("DELETE {path}?tagKeys=a%20b&tagKeys=team%2Fx&tagKeys=%C3%A9 HTTP/1.1"));
    assert_eq!((list.header("content-type"), list.body.as_str()), ("", ""));
}

#[tokio::test]
async fn a_dead_service_sees_three_requests_of_one_invocation_each_signed_anew() {
    let service = Service::start(|_, _| Reply::refusal(503, "ServiceUnavailable")).await;
    let error = service.client().call(&list()).await.unwrap_err();
    assert_eq!((error.operation, error.attempts), ("ListRooms", 3));
    assert_eq!(error.request_id.as_deref(), Some("r-503"));
    let received = service.received();
    assert_eq!(received.len(), 3);
    let all = |name: &str| received.iter().map(|request| request.header(name).to_owned()).collect::<Vec<_>>();
    assert_eq!(all("amz-sdk-request"), ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"]);
    let ids = all("amz-sdk-invocation-id");
    assert!(ids[0].len() == 36 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let mut signatures = all("authorization");
    signatures.sort();
    signatures.dedup();
    assert_eq!(signatures.len(), 3);
}

#[tokio::test]
async fn sixty_calls_to_a_dead_service_make_ninety_five_requests() {
    let service = Service::start(|_, _| Reply::Reset).await;
    let client = service.client();
    for _ in 0..60 {
        let error = client.send(&call(Replay::Freely)).await.unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Interrupted(_)), "{error}");
    }
    assert_eq!(service.count(), 95);
}

#[tokio::test]
async fn clones_work_side_by_side_and_share_one_quota() {
    let service = Service::start(|_, _| Reply::Reset).await;
    let client = service.client();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..60 {
        let client = client.clone();
        calls.spawn(async move { client.send(&call(Replay::Freely)).await });
    }
    assert!(calls.join_all().await.iter().all(Result::is_err));
    assert_eq!(service.count(), 95);
}

#[tokio::test]
async fn a_success_gives_back_what_its_repeat_cost() {
    let service = Service::start(|number, _| if number % 2 == 1 { Reply::Reset } else { Reply::ok("{}") }).await;
    let client = service.client();
    for _ in 0..60 {
        let answer = client.send(&call(Replay::Freely)).await.unwrap();
        assert_eq!((answer.attempts, answer.request_id.as_deref()), (2, Some("r-ok")));
    }
}

#[tokio::test]
async fn a_write_that_may_have_been_carried_out_is_not_repeated() {
    for _ in 0..50 {
        let service = Service::start(|_, _| Reply::Reset).await;
        let client = service.client();
        let error = client.call(&CreateRoom::default()).await.unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Interrupted(_)), "{error}");
        let event = SendEvent { room_identifier: room(), event_name: "x".into(), attributes: [].into() };
        client.call(&event).await.unwrap_err();
        assert_eq!(service.count(), 2);
    }
}

#[tokio::test]
async fn a_write_that_was_throttled_is_repeated() {
    let service = Service::start(|number, _| match number {
        1 => Reply::refusal(429, "ThrottlingException"),
        _ => Reply::ok(r#"{"arn":"arn:aws:ivschat:us-west-2:123456789012:room/g1H2I3j4k5L6"}"#),
    })
    .await;
    let room = service.client().call(&CreateRoom::default()).await.unwrap();
    assert_eq!((room.summary.arn.id(), service.count()), ("g1H2I3j4k5L6", 2));
}

#[tokio::test]
async fn a_deletion_whose_answer_was_lost_is_repeated_and_not_found_is_done() {
    let service = Service::start(|number, _| match number {
        1 => Reply::Reset,
        _ => Reply::refusal(404, "ResourceNotFoundException"),
    })
    .await;
    assert_eq!(service.client().call(&DeleteRoom { identifier: room() }).await, Ok(Done));
    assert_eq!(service.count(), 2);
}

#[tokio::test]
async fn a_deletion_of_what_was_never_there_is_an_error() {
    let service = Service::start(|_, _| Reply::refusal(404, "ResourceNotFoundException")).await;
    let error = service.client().call(&DeleteRoom { identifier: room() }).await.unwrap_err();
    assert_eq!(error.refusal().map(|refusal| &refusal.code), Some(&Code::ResourceNotFound));
    assert_eq!(service.count(), 1);
}

#[tokio::test]
async fn a_connection_that_is_refused_was_never_carried_out() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = Client::new(settings(&format!("http://{address}")));
    let error = client.call(&CreateRoom::default()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable(format!("{address}: connection refused")));
    assert_eq!(error.attempts, 3);
}

#[tokio::test]
async fn an_input_that_breaks_a_limit_is_not_sent() {
    let service = Service::start(|_, _| Reply::ok("{}")).await;
    let error = service.client().call(&ListRooms { max_results: Some(51), ..list() }).await.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Invalid(ref problems) if problems[0].member == "maxResults"), "{error}");
    assert_eq!((error.attempts, service.count()), (0, 0));
}

#[tokio::test]
async fn a_wait_that_the_service_asks_for_is_kept() {
    let service = Service::start(|number, _| match number {
        1 => Reply::Http(429, "x-amz-retry-after: 300\r\n".into(), Vec::new()),
        _ => Reply::ok("{}"),
    })
    .await;
    let start = Instant::now();
    service.client().send(&call(Replay::Freely)).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(300), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_yes_that_can_not_be_read_is_an_error_with_its_request_id() {
    for body in ["", "%%%", "<html>Sign in</html>", r#"{"rooms":[{"arn":"#, r#"{"other":1}"#] {
        let service = Service::start(move |_, _| Reply::ok(body)).await;
        let error = service.client().call(&list()).await.unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Broken(_)), "{body}: {error}");
        assert_eq!((error.operation, error.request_id.as_deref()), ("ListRooms", Some("r-ok")), "{body}");
        assert_eq!(service.count(), 1, "{body}: sending again would not help");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_asked_for_again_unless_it_was_a_write() {
    let cut = b"HTTP/1.1 200 OK\r\nx-amzn-RequestId: r-cut\r\ncontent-length: 99\r\n\r\n{\"rooms\":[".to_vec();
    let service = Service::start(move |_, _| Reply::Raw(cut.clone())).await;
    let client = service.client();
    let error = client.call(&list()).await.unwrap_err();
    assert!(matches!(&error.kind, ErrorKind::Broken(what) if what.contains("after 10 bytes")), "{error}");
    assert_eq!((error.request_id.as_deref(), error.attempts), (Some("r-cut"), 3));
    client.call(&CreateRoom::default()).await.unwrap_err();
    assert_eq!(service.count(), 4);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Service::start(|_, _| Reply::ok(EMPTY_PAGE)).await;
    let location = format!("http://{}/ListRooms", other.address);
    let headers = format!("location: {location}\r\n");
    let service = Service::start(move |_, _| Reply::Http(307, headers.clone(), Vec::new())).await;
    let error = service.client().call(&list()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Redirected { status: 307, location: Some(location) });
    assert_eq!((service.count(), other.count()), (1, 0));
}

#[tokio::test]
async fn a_huge_answer_is_not_read_to_its_end() {
    let service = Service::start(|_, _| Reply::Flood(256 * 1024 * 1024)).await;
    let error = service.client().call(&list()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge { cap: 4 * 1024 * 1024 });
    assert_eq!(service.count(), 1);
    // What is over the cap was under way in the buffers of both sockets.
    assert!(service.flooded() < 32 * 1024 * 1024, "{} bytes", service.flooded());
}

#[tokio::test]
async fn a_service_that_hangs_is_given_up_on() {
    let service = Service::start(|_, _| Reply::Stall(Vec::new())).await;
    let settings = patient(&service, Duration::from_millis(250));
    let client = Client::new(settings);
    let error = client.call(&GetRoom { identifier: room() }).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TimedOut(Duration::from_millis(250)));
    assert_eq!((error.attempts, service.count()), (3, 3));
    client.call(&CreateRoom::default()).await.unwrap_err();
    assert_eq!(service.count(), 4);
}

#[tokio::test]
async fn a_refusal_whose_words_break_off_is_still_that_refusal() {
    let cut = b"HTTP/1.1 403 X\r\nx-amzn-ErrorType: AccessDenied\r\ncontent-length: 99\r\n\r\n{\"mess".to_vec();
    let service = Service::start(move |_, _| Reply::Raw(cut.clone())).await;
    let error = service.client().call(&list()).await.unwrap_err();
    assert!(error.is_denied(), "{error}");
}

#[tokio::test]
async fn a_service_on_this_machine_needs_no_roots_and_no_proxy() {
    // The environment of this process can't be changed safely, so another one runs the test above.
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_signed_request_and_its_answer"])
        .envs([("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "/dev/null")])
        .envs([("HTTP_PROXY", "http://127.0.0.1:9"), ("http_proxy", "http://127.0.0.1:9"), ("NO_PROXY", "")])
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && output.contains("1 passed"), "{output}");
}

#[tokio::test]
async fn an_answer_that_stalls_is_given_up_on_with_its_request_id() {
    let head = b"HTTP/1.1 200 OK\r\nx-amzn-RequestId: r-slow\r\ncontent-length: 99\r\n\r\n{".to_vec();
    let service = Service::start(move |_, _| Reply::Stall(head.clone())).await;
    let settings = patient(&service, Duration::from_millis(300));
    let error = Client::new(settings).call(&CreateRoom::default()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TimedOut(Duration::from_millis(300)));
    assert_eq!((error.request_id.as_deref(), error.attempts), (Some("r-slow"), 1));
}

#[tokio::test]
async fn malformed_credentials_are_not_sent() {
    let service = Service::start(|_, _| Reply::ok(EMPTY_PAGE)).await;
    let credentials = Credentials::from_keys("AKIDEXAMPLE", "hidden-secret", Some("hidden\n".into()));
    let settings = Settings { credentials: credentials.into(), ..service.settings() };
    let error = Client::new(settings).call(&list()).await.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Unsendable(_)) && !error.to_string().contains("hidden"), "{error}");
    assert_eq!((error.attempts, service.count()), (0, 0));
}

#[tokio::test]
async fn a_disconnection_is_repeated_only_while_its_time_lasts() {
    let disconnect = DisconnectUser { room_identifier: room(), user_id: "u".into(), reason: None };
    let service = Service::start(|_, _| Reply::Reset).await;
    service.client().call(&disconnect).await.unwrap_err();
    assert_eq!(service.count(), 3);

    let slow = Service::start(|_, _| Reply::Stall(Vec::new())).await;
    let settings = patient(&slow, Duration::from_secs(1));
    let mut call = disconnect.call();
    call.spec.replay = Replay::Within(1);
    let error = Client::new(settings).send(&call).await.unwrap_err();
    assert_eq!((error.attempts, slow.count()), (1, 1));

    // Of two calls at one a second, the first has to queue behind the second for its repeat, until it is too late.
    let busy = Service::start(|_, _| Reply::Reset).await;
    call.spec.per_second = 1;
    let client = Client::new(busy.settings());
    let (first, second) = tokio::join!(client.send(&call), client.send(&call));
    assert_eq!((first.unwrap_err().attempts, second.unwrap_err().attempts), (1, 1));
}

#[tokio::test]
async fn an_answer_that_grows_when_it_is_unpacked_is_cut_off() {
    let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
    assert!(bomb.len() < 100 * 1024);
    let page = gzip(EMPTY_PAGE.as_bytes());
    let headers = "content-encoding: gzip\r\n";
    let service = Service::start(move |number, _| match number {
        1 => Reply::Http(200, headers.into(), page.clone()),
        _ => Reply::Http(200, headers.into(), bomb.clone()),
    })
    .await;
    let client = service.client();
    client.call(&list()).await.unwrap();
    let error = client.call(&list()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge { cap: 4 * 1024 * 1024 });
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// An answer of a service whose clock is `hours` ahead: it refuses signatures that are 5 minutes off.
fn by_clock(hours: i64, request: &service::Received) -> Reply {
    let now = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(hours);
    let signed = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", request.header("x-amz-date")).unwrap();
    let signed = signed.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    if now.duration_since(signed).abs() < jiff::SignedDuration::from_mins(5) {
        return Reply::ok(EMPTY_PAGE);
    }
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT");
    Reply::Http(403, format!("date: {date}\r\nx-amzn-ErrorType: InvalidSignatureException\r\n"), Vec::new())
}

#[tokio::test]
async fn a_clock_that_is_off_costs_one_request_once() {
    for hours in [1, -1] {
        let service = Service::start(move |_, request| by_clock(hours, request)).await;
        let client = service.client();
        client.call(&list()).await.unwrap();
        assert_eq!(service.count(), 2, "{hours} h");
        client.call(&list()).await.unwrap();
        assert_eq!(service.count(), 3, "{hours} h");
    }
}

#[tokio::test]
async fn a_signature_that_is_wrong_with_the_right_time_is_not_sent_again() {
    let date = jiff::Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let headers = format!("date: {date}\r\nx-amzn-ErrorType: SignatureDoesNotMatch\r\n");
    let service = Service::start(move |_, _| Reply::Http(403, headers.clone(), Vec::new())).await;
    let error = service.client().call(&list()).await.unwrap_err();
    assert_eq!(error.refusal().map(|refusal| &refusal.code), Some(&Code::InvalidSignature));
    assert_eq!(service.count(), 1);
}

#[tokio::test]
async fn pages_come_one_after_the_other_and_a_circle_ends() {
    let service = Service::start(|number, _| match number {
        1 => Reply::ok(r#"{"rooms":[],"nextToken":"2"}"#),
        2 => Reply::ok(r#"{"rooms":[],"nextToken":"3"}"#),
        _ => Reply::ok(EMPTY_PAGE),
    })
    .await;
    let pages: Vec<_> = service.client().pages(list()).try_collect().await.unwrap();
    assert_eq!(pages.len(), 3);
    let bodies: Vec<_> = service.received().iter().map(|request| request.body.clone()).collect();
    assert_eq!(bodies, ["{}", r#"{"nextToken":"2"}"#, r#"{"nextToken":"3"}"#]);

    let circle = Service::start(|_, _| Reply::ok(r#"{"rooms":[],"nextToken":"2"}"#)).await;
    let pages: Vec<Result<_, Error>> = circle.client().pages(list()).collect().await;
    assert!(matches!(&pages[..], [Ok(_), Err(error)] if matches!(error.kind, ErrorKind::Broken(_))), "{pages:?}");
    assert_eq!(circle.count(), 2);
}

#[tokio::test]
async fn no_error_tells_a_secret() {
    let service = Service::start(|_, _| Reply::refusal(403, "AccessDeniedException")).await;
    let client = service.client();
    let error = client.call(&list()).await.unwrap_err();
    let printed = format!("{error} {error:?} {client:?} {:?}", client.settings());
    assert!(!printed.contains("hidden"), "{printed}");
}
