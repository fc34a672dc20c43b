//! Tests of the world as the console and the server see it.

use http::Method;
use serde_json::json;

use crate::messaging::Frame;

use super::*;

const START: &str = "2026-07-01T12:00:00Z";

fn at(seconds: f64) -> Timestamp {
    let start: Timestamp = START.parse().unwrap();
    start + SignedDuration::try_from_secs_f64(seconds).unwrap()
}

fn world() -> World {
    World::new(Setup::default(), at(0.0))
}

fn post(name: &str, body: Value) -> Request {
    Request { method: Method::POST, path: format!("/{name}"), query: Vec::new(), body: Some(body) }
}

fn token(world: &mut World, now: Timestamp, room: &str, user: &str, capabilities: &[&str]) -> String {
    let body = json!({ "roomIdentifier": room, "userId": user, "capabilities": capabilities });
    let answer = world.handle(now, &post("CreateChatToken", body)).unwrap();
    answer.body.unwrap()["token"].as_str().unwrap().to_owned()
}

fn open(world: &mut World, now: Timestamp, room: &str, user: &str) -> ConnectionId {
    let room = world.room_arn(room).unwrap();
    let token = token(world, now, &room, user, &["SEND_MESSAGE", "DELETE_MESSAGE", "DISCONNECT_USER"]);
    world.connect(now, &token).unwrap()
}

fn frames(world: &mut World, of: ConnectionId) -> Vec<Frame> {
    let deliveries = world.deliveries().into_iter();
    deliveries
        .filter_map(|delivery| match delivery {
            Delivery::Frame { to, text } if to == of => Some(Frame::parse(&text)),
            Delivery::Frame { .. } | Delivery::Close { .. } => None,
        })
        .collect()
}

#[test]
fn a_listener_hears_people_talk() {
    let mut world = world();
    assert_eq!(world.next_change(), None);
    let me = open(&mut world, at(0.0), "lobby-main", "me");
    assert!(world.next_change().is_some());
    world.advance(at(4.0));
    let frames = frames(&mut world, me);
    assert!(frames.len() > 10, "{frames:?}");
    assert!(frames.iter().all(|frame| matches!(frame, Frame::Message(_))));
    world.leave(me);
    assert_eq!(world.next_change(), None);
}
