//! Tokens and the sessions that they open.

use super::*;

#[test]
fn a_token_says_when_it_and_its_session_end() {
    let mut world = world();
    let room = arn(&world, "lobby-main");
    let body = json!({ "roomIdentifier": room, "userId": "u" });
    let answer = call(&mut world, "CreateChatToken", body);
    assert_eq!(answer["tokenExpirationTime"], "2026-07-01T12:01:00Z");
    assert_eq!(answer["sessionExpirationTime"], "2026-07-01T13:00:00Z");
    let body = json!({ "roomIdentifier": room, "userId": "u", "sessionDurationInMinutes": 180 });
    let other = call(&mut world, "CreateChatToken", body);
    assert_eq!(other["sessionExpirationTime"], "2026-07-01T15:00:00Z");
    assert_ne!(answer["token"], other["token"]);
    // RFC 7230: what may stand in a header's token, and so in Sec-WebSocket-Protocol.
    let legal = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    assert!(text(&answer["token"]).chars().all(legal), "{answer}");
}

#[test]
fn limits_are_met_at_the_edge() {
    let mut world = world();
    let room = arn(&world, "lobby-main");
    let edge = json!({
        "roomIdentifier": room, "userId": "ü".repeat(128), "sessionDurationInMinutes": 1, "capabilities": ALL,
        "attributes": { "k": "v".repeat(1023) },
    });
    call(&mut world, "CreateChatToken", edge);
    let over = json!({
        "roomIdentifier": room, "userId": "u".repeat(129), "sessionDurationInMinutes": 181,
        "capabilities": ["SEND_MESSAGE", "SHOUT"], "attributes": { "k": "é".repeat(512) },
    });
    let refusal = refused(&mut world, "CreateChatToken", over);
    assert_eq!(fields(&refusal), ["userId", "capabilities", "sessionDurationInMinutes", "attributes"]);
    let over = json!({
        "roomIdentifier": room, "userId": "", "sessionDurationInMinutes": 0, "capabilities": "SEND_MESSAGE",
        "attributes": { "k": 1 },
    });
    let refusal = refused(&mut world, "CreateChatToken", over);
    assert_eq!(fields(&refusal), ["userId", "capabilities", "sessionDurationInMinutes", "attributes.k"]);
    let unknown = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";
    let refusal = refused(&mut world, "CreateChatToken", json!({ "roomIdentifier": unknown, "userId": "u" }));
    assert_eq!(refusal.status, 404);
}

#[test]
fn a_token_is_good_once_and_for_a_minute() {
    let mut world = world();
    let room = arn(&world, "lobby-main");
    let refusal = world.connect(at(0.0), "made-up").unwrap_err();
    assert_eq!((refusal.status, refusal.error_type.as_str()), (403, "AccessDeniedException"));
    assert!(text(&refusal.body["message"]).contains("not known"));
    let token = token_at(&mut world, at(0.0), &room, "u", &[]);
    world.connect(at(59.9), &token).unwrap();
    let refusal = world.connect(at(59.9), &token).unwrap_err();
    assert!(refusal.status == 403 && text(&refusal.body["message"]).contains("used already"), "{refusal:?}");
    let token = token_at(&mut world, at(59.9), &room, "u", &[]);
    let refusal = world.connect(at(119.9), &token).unwrap_err();
    assert!(refusal.status == 403 && text(&refusal.body["message"]).contains("expired"), "{refusal:?}");
}

#[test]
fn old_tokens_are_forgotten() {
    let mut world = world();
    let room = arn(&world, "lobby-main");
    for minute in 0..60 {
        token_at(&mut world, at(f64::from(minute) * 60.0), &room, "u", &[]);
    }
    assert_eq!(format!("{:?}", world.tokens), "Tokens { known: 11, .. }");
}

#[test]
fn a_session_ends_when_the_token_said() {
    let mut world = world();
    let room = arn(&world, "staging-smoke");
    let body = json!({ "roomIdentifier": room, "userId": "u", "sessionDurationInMinutes": 2 });
    let answer = call(&mut world, "CreateChatToken", body);
    let me = world.connect(at(30.0), text(&answer["token"])).unwrap();
    assert_eq!(world.next_change(), Some(at(120.0)));
    world.advance(at(119.9));
    assert!(world.deliveries().is_empty());
    world.advance(at(120.0));
    assert_eq!(split(world.deliveries(), me), (Vec::new(), Some((1000, "Session expired".to_owned()))));
    assert_eq!(world.next_change(), None);
    world.receive(at(121.0), me, "{}");
    assert!(world.deliveries().is_empty());
}

#[test]
fn a_request_that_comes_too_late_is_answered_with_401_before_the_close() {
    let mut world = world();
    let room = arn(&world, "staging-smoke");
    let body = json!({
        "roomIdentifier": room, "userId": "u", "sessionDurationInMinutes": 1, "capabilities": ["SEND_MESSAGE"],
    });
    let answer = call(&mut world, "CreateChatToken", body);
    let me = world.connect(at(0.0), text(&answer["token"])).unwrap();
    world.receive(at(60.0), me, r#"{"Action":"SEND_MESSAGE","RequestId":"r1","Content":"late"}"#);
    let (frames, closed) = split(world.deliveries(), me);
    assert_eq!((error(&frames[0]).code, error(&frames[0]).request_id.as_deref()), (401, Some("r1")));
    assert_eq!(frames.len(), 1);
    assert!(closed.is_some());
}

#[test]
fn a_deleted_room_takes_no_connections_but_keeps_those_it_has() {
    let mut world = world();
    let me = open(&mut world, "lobby-main", "me", &ALL);
    let room = arn(&world, "lobby-main");
    let token = token_at(&mut world, at(0.0), &room, "late", &[]);
    call(&mut world, "DeleteRoom", json!({ "identifier": room }));
    assert_eq!(world.connect(at(0.0), &token).unwrap_err().status, 404);
    assert_eq!(world.next_change(), Some(at(3600.0)));
    world.advance(at(5.0));
    assert!(world.deliveries().is_empty(), "its people are gone with it");
    for request in [
        r#"{"Action":"SEND_MESSAGE","RequestId":"r1","Content":"anybody?"}"#,
        r#"{"Action":"DELETE_MESSAGE","RequestId":"r1","Id":"AbCdEf123456"}"#,
        r#"{"Action":"DISCONNECT_USER","RequestId":"r1","UserId":"u"}"#,
    ] {
        world.receive(at(5.0), me, request);
        assert_eq!(error(&received(&mut world, me)[0]).code, 404, "{request}");
    }
    world.advance(at(3600.0));
    assert!(split(world.deliveries(), me).1.is_some(), "until its session ends");
}

#[test]
fn an_account_that_is_pending_verification_has_no_chat() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &ALL);
    let room = arn(&world, "staging-smoke");
    let token = token_at(&mut world, at(0.0), &room, "late", &[]);
    world.set_pending_verification(true);
    assert_eq!(world.connect(at(0.0), &token).unwrap_err().error_type, "PendingVerification");
    world.receive(at(0.0), me, r#"{"Action":"SEND_MESSAGE","Content":"hi"}"#);
    assert_eq!(error(&received(&mut world, me)[0]).code, 403);
    world.set_pending_verification(false);
    world.connect(at(0.0), &token).unwrap();
}

#[test]
fn who_left_gets_nothing_more() {
    let mut world = world();
    let (me, other) = (open(&mut world, "staging-smoke", "a", &ALL), open(&mut world, "staging-smoke", "b", &[]));
    world.leave(other);
    world.leave(other);
    world.receive(at(0.0), me, r#"{"Action":"SEND_MESSAGE","Content":"hi"}"#);
    world.receive(at(0.0), other, r#"{"Action":"SEND_MESSAGE","Content":"ghost"}"#);
    let deliveries = world.deliveries();
    assert_eq!(deliveries.len(), 1);
    assert!(split(deliveries, other).0.is_empty());
}

#[test]
fn nothing_of_a_token_is_printed() {
    let mut world = world();
    let room = arn(&world, "lobby-main");
    let token = token_at(&mut world, at(0.0), &room, "u", &[]);
    assert!(!format!("{world:?}{:?}", world.tokens).contains(&token[..8]));
}
