//! What happens inside a room by call.

use super::*;

#[test]
fn a_deletion_is_an_event_with_an_empty_request_id() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &[]);
    let room = arn(&world, "staging-smoke");
    let body = json!({ "roomIdentifier": room, "id": "AbCdEf123456", "reason": "r".repeat(256) });
    let answer = call(&mut world, "DeleteMessage", body);
    let deliveries = world.deliveries();
    let Delivery::Frame { text: raw, .. } = &deliveries[0] else { panic!("{deliveries:?}") };
    assert!(raw.contains(r#""RequestId":"""#), "{raw}");
    let (frames, _) = split(deliveries, me);
    let event = event(&frames[0]);
    assert_eq!(
        event.kind,
        EventKind::DeleteMessage { message_id: "AbCdEf123456".into(), reason: Some("r".repeat(256)) }
    );
    assert_eq!(event.id, text(&answer["id"]));
    assert_eq!(event.request_id, None);
    assert_eq!(event.send_time, Some(at(0.0)));
}

#[test]
fn a_disconnection_closes_and_answers_nothing_even_if_nobody_is_there() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &[]);
    let room = arn(&world, "staging-smoke");
    for user in ["nobody", "me"] {
        let body = json!({ "roomIdentifier": room, "userId": user });
        assert_eq!(call(&mut world, "DisconnectUser", body), json!({}));
    }
    let (frames, closed) = split(world.deliveries(), me);
    let kinds: Vec<_> = frames.iter().map(|frame| event(frame).kind.clone()).collect();
    let expected = |user: &str| EventKind::DisconnectUser { user_id: user.into(), reason: None };
    assert_eq!(kinds, [expected("nobody"), expected("me")]);
    assert_eq!(closed, Some((1000, "Disconnected by moderator".to_owned())));
}

#[test]
fn an_event_of_the_application_s_own_goes_to_the_room() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &[]);
    let room = arn(&world, "staging-smoke");
    let body = json!({
        "roomIdentifier": room, "eventName": "ü".repeat(100), "attributes": { "k": "v".repeat(4095) },
    });
    let answer = call(&mut world, "SendEvent", body);
    let frames = received(&mut world, me);
    assert_eq!(event(&frames[0]).kind, EventKind::Custom("ü".repeat(100)));
    assert_eq!(event(&frames[0]).attributes["k"].len(), 4095);
    assert_eq!(event(&frames[0]).id, text(&answer["id"]));
}

#[test]
fn limits_are_met_one_over() {
    let mut world = world();
    let room = arn(&world, "staging-smoke");
    for (name, body, expected) in [
        ("DeleteMessage", json!({ "id": "AbCdEf12345", "reason": "" }), &["id", "reason"][..]),
        ("DeleteMessage", json!({ "id": "AbCdEf-12345", "reason": "r".repeat(257) }), &["id", "reason"]),
        ("DisconnectUser", json!({ "userId": "u".repeat(129), "reason": 1 }), &["userId", "reason"]),
        (
            "SendEvent",
            json!({ "eventName": "", "attributes": { "k": "é".repeat(2048) } }),
            &["eventName", "attributes"],
        ),
        ("SendEvent", json!({ "eventName": "e".repeat(101) }), &["eventName"]),
    ] {
        let mut body = body;
        body["roomIdentifier"] = json!(room);
        assert_eq!(fields(&refused(&mut world, name, body)), expected, "{name}");
    }
}

#[test]
fn the_room_must_be_there() {
    let mut world = world();
    let room = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";
    let body = json!({ "roomIdentifier": room, "id": "AbCdEf123456", "userId": "u", "eventName": "e" });
    for name in ["DeleteMessage", "DisconnectUser", "SendEvent"] {
        assert_eq!(refused(&mut world, name, body.clone()).status, 404, "{name}");
    }
}
