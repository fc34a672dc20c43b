//! Tests of the world as the console and the server see it.

mod call;
mod determinism;
mod logging;
mod messaging;
mod moderation;
mod people;
mod quota;
mod review;
mod room;
mod session;
mod tag;
mod trouble;

use http::Method;
use serde_json::json;

use crate::api::Request;
use crate::messaging::frame::{Attributes, Event, Message, Refused, Sender};
use crate::messaging::{EventKind, Frame};

use super::*;

const START: &str = "2026-07-01T12:00:00Z";
const ALL: [&str; 3] = ["SEND_MESSAGE", "DELETE_MESSAGE", "DISCONNECT_USER"];

fn at(seconds: f64) -> Timestamp {
    let start: Timestamp = START.parse().unwrap();
    start + SignedDuration::try_from_secs_f64(seconds).unwrap()
}

/// The built-in account, with nothing counted so that tests need not wait.
fn world() -> World {
    World::new(Setup { quotas: Quotas::Off, ..calm() }, at(0.0))
}

/// The built-in account as it is, but for the trouble.
fn strict() -> World {
    World::new(calm(), at(0.0))
}

/// The built-in account as it is.
fn troubled() -> World {
    World::new(Setup { quotas: Quotas::Off, ..Setup::default() }, at(0.0))
}

fn calm() -> Setup {
    Setup { troubles: Troubles::OnDemand, ..Setup::default() }
}

fn post(name: &str, body: Value) -> Request {
    Request { method: Method::POST, path: format!("/{name}"), query: Vec::new(), body: Some(body) }
}

fn tags(method: Method, arn: &str) -> Request {
    let path = format!("/tags/{}", arn.replace(':', "%3A").replace('/', "%2F"));
    Request { method, path, query: Vec::new(), body: None }
}

/// The body of an answer that must be a yes.
fn call_at(world: &mut World, now: Timestamp, name: &str, body: Value) -> Value {
    let answer = world.handle(now, &post(name, body)).unwrap();
    assert!(answer.status == 200 || answer.body.is_none(), "{answer:?}");
    answer.body.unwrap_or_default()
}

fn call(world: &mut World, name: &str, body: Value) -> Value {
    call_at(world, at(0.0), name, body)
}

/// The refusal that must come.
fn refused(world: &mut World, name: &str, body: Value) -> Refusal {
    world.handle(at(0.0), &post(name, body)).unwrap_err()
}

/// The members that a refusal names.
fn fields(refusal: &Refusal) -> Vec<&str> {
    assert_eq!((refusal.status, refusal.error_type.as_str()), (400, "ValidationException"), "{refusal:?}");
    assert_eq!(refusal.body["reason"], "FIELD_VALIDATION_FAILED", "{refusal:?}");
    let list = refusal.body["fieldList"].as_array().unwrap();
    assert!(list.iter().all(|field| field["message"].as_str().is_some_and(|text| !text.is_empty())), "{refusal:?}");
    list.iter().map(|field| field["name"].as_str().unwrap()).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn arn(world: &World, room: &str) -> String {
    world.room_arn(room).unwrap()
}

/// The ARN of a logging configuration of the script.
fn logging_arn(world: &mut World, name: &str) -> String {
    let list = call(world, "ListLoggingConfigurations", json!({}));
    let list = list["loggingConfigurations"].as_array().unwrap();
    text(&list.iter().find(|logging| logging["name"] == name).unwrap()["arn"]).to_owned()
}

fn token_at(world: &mut World, now: Timestamp, room: &str, user: &str, capabilities: &[&str]) -> String {
    let body = json!({
        "roomIdentifier": room,
        "userId": user,
        "capabilities": capabilities,
        "attributes": { "displayName": user },
    });
    text(&call_at(world, now, "CreateChatToken", body)["token"]).to_owned()
}

/// A connection of `user` to the room of this name, at the start.
fn open(world: &mut World, room: &str, user: &str, capabilities: &[&str]) -> ConnectionId {
    open_at(world, at(0.0), room, user, capabilities)
}

fn open_at(world: &mut World, now: Timestamp, room: &str, user: &str, capabilities: &[&str]) -> ConnectionId {
    let room = arn(world, room);
    let token = token_at(world, now, &room, user, capabilities);
    world.connect(now, &token).unwrap()
}

/// What a connection was sent, and with what it was closed.
fn received(world: &mut World, of: ConnectionId) -> Vec<Frame> {
    split(world.deliveries(), of).0
}

fn split(deliveries: Vec<Delivery>, of: ConnectionId) -> (Vec<Frame>, Option<(u16, String)>) {
    let (mut frames, mut closed) = (Vec::new(), None);
    for delivery in deliveries {
        match delivery {
            Delivery::Frame { to, text } if to == of => {
                assert_eq!(closed, None, "nothing comes after the close");
                frames.push(Frame::parse(&text));
            }
            Delivery::Close { to, code, reason } if to == of => closed = Some((code, reason)),
            Delivery::Frame { .. } | Delivery::Close { .. } => {}
        }
    }
    (frames, closed)
}

fn message(frame: &Frame) -> &Message {
    let Frame::Message(message) = frame else { panic!("{frame:?}") };
    message
}

fn event(frame: &Frame) -> &Event {
    let Frame::Event(event) = frame else { panic!("{frame:?}") };
    event
}

fn error(frame: &Frame) -> &Refused {
    let Frame::Error(refused) = frame else { panic!("{frame:?}") };
    refused
}

/// Everything that people say to one listener within so many seconds.
fn overheard(world: &mut World, room: &str, seconds: u32) -> Vec<Message> {
    let said = |frame: Frame| if let Frame::Message(message) = frame { Some(message) } else { None };
    seen(world, room, seconds).into_iter().filter_map(said).collect()
}

/// Everything that one listener receives within so many seconds.
fn seen(world: &mut World, room: &str, seconds: u32) -> Vec<Frame> {
    let me = open(world, room, "me", &[]);
    let mut frames = Vec::new();
    for second in 1..=seconds {
        world.advance(at(f64::from(second)));
        frames.extend(received(world, me));
    }
    frames
}
