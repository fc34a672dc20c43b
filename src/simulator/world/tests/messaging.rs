//! What clients say and what comes of it.

use super::*;

const SEND: &str = r#"{"Action":"SEND_MESSAGE","RequestId":"r1","Content":"hi","Attributes":{"k":"v"}}"#;
const DELETE: &str = r#"{"Action":"DELETE_MESSAGE","RequestId":"r2","Id":"AbCdEf123456","Reason":"spam"}"#;
const DISCONNECT: &str = r#"{"Action":"DISCONNECT_USER","RequestId":"r3","UserId":"b","Reason":"spam"}"#;

/// The code of the ERROR frame that a request is answered with; none if it is accepted.
fn code(world: &mut World, now: Timestamp, from: ConnectionId, request: &str) -> Option<u16> {
    world.receive(now, from, request);
    received(world, from).iter().find_map(|frame| match frame {
        Frame::Error(refused) => Some(refused.code),
        Frame::Message(_) | Frame::Event(_) => None,
        Frame::Unknown(unknown) => panic!("{unknown:?}"),
    })
}

fn send(content: &str) -> String {
    json!({ "Action": "SEND_MESSAGE", "Content": content }).to_string()
}

#[test]
fn a_message_goes_to_the_whole_room_and_back_to_its_sender() {
    let mut world = world();
    let (a, b) = (open(&mut world, "staging-smoke", "a", &ALL), open(&mut world, "staging-smoke", "b", &[]));
    let elsewhere = open(&mut world, "hostile-lab", "c", &[]);
    world.receive(at(0.5), a, SEND);
    let deliveries = world.deliveries();
    let [Delivery::Frame { text: one, .. }, Delivery::Frame { text: other, .. }] = &deliveries[..] else {
        panic!("{deliveries:?}")
    };
    assert!(Arc::ptr_eq(one, other), "written once, shared by all");
    assert!(split(deliveries.clone(), elsewhere).0.is_empty());
    for to in [a, b] {
        let (frames, _) = split(deliveries.clone(), to);
        let message = message(&frames[0]);
        assert_eq!(message.request_id.as_deref(), Some("r1"));
        assert_eq!(message.content, "hi");
        assert_eq!(message.sender.user_id, "a");
        assert_eq!(message.sender.attributes["displayName"], "a");
        assert_eq!(message.attributes["k"], "v");
        assert_eq!(message.send_time, Some(at(0.5)));
        assert!(message.id.len() == 12 && message.id.chars().all(|c| c.is_ascii_alphanumeric()));
    }
}

#[test]
fn a_deletion_is_an_event_to_all() {
    let mut world = world();
    let (a, b) = (open(&mut world, "staging-smoke", "a", &ALL), open(&mut world, "staging-smoke", "b", &[]));
    world.receive(at(0.0), a, DELETE);
    let frames = received(&mut world, b);
    let event = event(&frames[0]);
    assert_eq!(event.request_id.as_deref(), Some("r2"));
    let kind = EventKind::DeleteMessage { message_id: "AbCdEf123456".into(), reason: Some("spam".into()) };
    assert_eq!(event.kind, kind);
    assert_eq!((event.attributes["MessageID"].as_str(), event.attributes["MessageId"].as_str()), {
        ("AbCdEf123456", "AbCdEf123456")
    });
    assert_ne!(event.id, "AbCdEf123456");
}

#[test]
fn a_disconnection_is_an_event_to_all_and_closes_all_of_the_user_s_connections() {
    let mut world = world();
    let a = open(&mut world, "staging-smoke", "a", &ALL);
    let both = [open(&mut world, "staging-smoke", "b", &[]), open(&mut world, "staging-smoke", "b", &[])];
    let elsewhere = open(&mut world, "hostile-lab", "b", &[]);
    world.receive(at(0.0), a, DISCONNECT);
    let deliveries = world.deliveries();
    for to in both {
        let (frames, closed) = split(deliveries.clone(), to);
        assert_eq!(frames.len(), 1);
        assert_eq!(closed, Some((1000, "Disconnected by moderator".to_owned())));
    }
    let (frames, closed) = split(deliveries.clone(), a);
    let kind = EventKind::DisconnectUser { user_id: "b".into(), reason: Some("spam".into()) };
    assert_eq!((event(&frames[0]).kind.clone(), event(&frames[0]).request_id.as_deref()), (kind, Some("r3")));
    assert_eq!(closed, None);
    assert_eq!(split(deliveries, elsewhere), (Vec::new(), None));
    world.receive(at(0.0), both[0], SEND);
    world.receive(at(0.0), a, SEND);
    assert_eq!(world.deliveries().len(), 1, "the closed ones neither speak nor hear");
    // It is not a ban.
    open(&mut world, "staging-smoke", "b", &[]);
}

#[test]
fn a_moderator_can_disconnect_themselves() {
    let mut world = world();
    let a = open(&mut world, "staging-smoke", "b", &ALL);
    world.receive(at(0.0), a, DISCONNECT);
    let (frames, closed) = split(world.deliveries(), a);
    assert_eq!((frames.len(), closed.is_some()), (1, true));
}

#[test]
fn each_action_needs_its_capability() {
    let requests = [("SEND_MESSAGE", SEND), ("DELETE_MESSAGE", DELETE), ("DISCONNECT_USER", DISCONNECT)];
    for (held, _) in requests {
        let mut world = world();
        let me = open(&mut world, "staging-smoke", "me", &[held]);
        for (needed, request) in requests {
            let expected = (held != needed).then_some(403);
            assert_eq!(code(&mut world, at(0.0), me, request), expected, "{held} for {needed}");
        }
    }
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &[]);
    assert_eq!(code(&mut world, at(0.0), me, SEND), Some(403));
}

#[test]
fn what_is_malformed_is_400() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &ALL);
    for request in [
        "",
        "ping",
        "[]",
        "{}",
        r#"{"Action":"DANCE"}"#,
        r#"{"Action":"SEND_MESSAGE"}"#,
        r#"{"Action":"SEND_MESSAGE","Content":""}"#,
        r#"{"Action":"SEND_MESSAGE","Content":1}"#,
        r#"{"Action":"SEND_MESSAGE","Content":"x","Attributes":{"k":1}}"#,
        r#"{"Action":"DELETE_MESSAGE"}"#,
        r#"{"Action":"DELETE_MESSAGE","Id":"short"}"#,
        r#"{"Action":"DELETE_MESSAGE","Id":"not alphanum"}"#,
        r#"{"Action":"DISCONNECT_USER"}"#,
        r#"{"Action":"DISCONNECT_USER","UserId":""}"#,
    ] {
        assert_eq!(code(&mut world, at(0.0), me, request), Some(400), "{request}");
    }
    world.receive(at(0.0), me, r#"{"Action":"SEND_MESSAGE","RequestId":"r9"}"#);
    assert_eq!(error(&received(&mut world, me)[0]).request_id.as_deref(), Some("r9"));
}

#[test]
fn the_mobile_demos_spelling_is_taken() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &ALL);
    assert_eq!(code(&mut world, at(0.0), me, r#"{"action":"SEND_MESSAGE","requestId":"r","content":"hi"}"#), None);
}

#[test]
fn a_message_is_as_long_as_its_room_takes_counted_in_code_points() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &ALL);
    assert_eq!(code(&mut world, at(0.0), me, &send(&"é".repeat(100))), None);
    assert_eq!(code(&mut world, at(0.0), me, &send(&"é".repeat(101))), Some(400));
    let identifier = arn(&world, "staging-smoke");
    call(&mut world, "UpdateRoom", json!({ "identifier": identifier, "maximumMessageLength": 500 }));
    assert_eq!(code(&mut world, at(0.0), me, &send(&"👩".repeat(500))), None);
    assert_eq!(code(&mut world, at(0.0), me, &send(&"👩".repeat(501))), Some(400));
}

#[test]
fn other_members_that_are_too_large_are_413() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &ALL);
    let attributes = |bytes: usize| json!({ "Action": "SEND_MESSAGE", "Content": "x", "Attributes": { "k": "v".repeat(bytes - 1) } });
    let request_id =
        |length: usize| json!({ "Action": "SEND_MESSAGE", "Content": "x", "RequestId": "r".repeat(length) });
    let reason =
        |length: usize| json!({ "Action": "DELETE_MESSAGE", "Id": "AbCdEf123456", "Reason": "é".repeat(length) });
    let user = |length: usize| json!({ "Action": "DISCONNECT_USER", "UserId": "é".repeat(length) });
    let why = |length: usize| json!({ "Action": "DISCONNECT_USER", "UserId": "u", "Reason": "é".repeat(length) });
    for (fits, over) in [
        (attributes(1024), attributes(1025)),
        (request_id(128), request_id(129)),
        (reason(256), reason(257)),
        (user(128), user(129)),
        (why(256), why(257)),
    ] {
        assert_eq!(code(&mut world, at(0.0), me, &fits.to_string()), None, "{fits}");
        assert_eq!(code(&mut world, at(0.0), me, &over.to_string()), Some(413), "{over}");
    }
}

#[test]
fn a_connection_makes_ten_requests_a_second() {
    let mut world = strict();
    let me = open(&mut world, "lobby-main", "me", &ALL);
    for _ in 0..10 {
        assert_eq!(code(&mut world, at(0.0), me, SEND), None);
    }
    world.receive(at(0.0), me, SEND);
    let frames = received(&mut world, me);
    assert_eq!((error(&frames[0]).code, error(&frames[0]).request_id.as_deref()), (429, Some("r1")));
    assert_eq!(code(&mut world, at(0.0), me, "what is malformed counts too"), Some(429));
    assert_eq!(code(&mut world, at(0.11), me, SEND), None);
}

#[test]
fn a_room_takes_so_many_messages_a_second_from_all_its_clients() {
    let mut world = strict();
    let clients = [open(&mut world, "staging-smoke", "a", &ALL), open(&mut world, "staging-smoke", "b", &ALL)];
    let mut codes = Vec::new();
    for turn in 0..8 {
        codes.push(code(&mut world, at(0.0), clients[turn % 2], SEND));
    }
    assert_eq!(codes.iter().filter(|code| code.is_none()).count(), 5, "{codes:?}");
    assert!(codes[5..].iter().all(|code| *code == Some(429)), "{codes:?}");
    assert_eq!(code(&mut world, at(0.21), clients[0], SEND), None);
    let identifier = arn(&world, "staging-smoke");
    let more = json!({ "identifier": identifier, "maximumMessageRatePerSecond": 100 });
    call_at(&mut world, at(0.21), "UpdateRoom", more);
    assert_eq!(code(&mut world, at(0.21), clients[0], SEND), None);
}

#[test]
fn deletions_over_both_ways_share_a_quota() {
    let mut world = strict();
    let room = arn(&world, "lobby-main");
    let delete = post("DeleteMessage", json!({ "roomIdentifier": room, "id": "AbCdEf123456" }));
    let me = open(&mut world, "lobby-main", "me", &ALL);
    assert_eq!(code(&mut world, at(0.0), me, DELETE), None);
    let passed = (0..150).filter(|_| world.handle(at(0.0), &delete).is_ok()).count();
    assert_eq!(passed, 99);
    assert_eq!(code(&mut world, at(0.0), me, DELETE), Some(429));
    assert_eq!(code(&mut world, at(0.0), me, DISCONNECT), None, "which disconnections have of their own");
    assert_eq!(code(&mut world, at(1.0), me, DELETE), None);
}

#[test]
fn without_quotas_nothing_is_counted() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &ALL);
    assert!((0..500).all(|_| code(&mut world, at(0.0), me, SEND).is_none()));
}

#[test]
fn words_can_be_put_into_mouths() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &[]);
    let room = arn(&world, "staging-smoke");
    let sender = Sender { user_id: "nadia.55b2".into(), attributes: Attributes::new() };
    let id = world.say(at(1.0), &room, sender.clone(), "hello").unwrap();
    let frames = received(&mut world, me);
    let message = message(&frames[0]);
    assert_eq!((&message.id, message.content.as_str(), &message.sender), (&id, "hello", &sender));
    assert_eq!(world.say(at(1.0), "lobby", sender, "hello"), None);
}
