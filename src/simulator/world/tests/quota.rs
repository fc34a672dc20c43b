//! How often and how many.

use super::*;

#[test]
fn calls_are_counted_by_operation() {
    for (name, limit) in [("ListRooms", 5), ("ListLoggingConfigurations", 3)] {
        let mut world = strict();
        for _ in 0..limit {
            call(&mut world, name, json!({}));
        }
        let refusal = refused(&mut world, name, json!({}));
        assert_eq!((refusal.status, refusal.error_type.as_str()), (429, "ThrottlingException"));
        assert_eq!(refusal.body["limit"], limit);
        call_at(&mut world, at(1.0 / f64::from(limit) + 0.001), name, json!({}));
        assert!(world.handle(at(0.0), &post(name, json!({}))).is_err());
        for _ in 0..limit {
            call_at(&mut world, at(3.0), name, json!({}));
        }
        assert!(world.handle(at(3.0), &post(name, json!({}))).is_err());
        // Another operation has its own count.
        call(&mut world, "CreateRoom", json!({}));
    }
}

#[test]
fn every_operation_has_the_service_s_rate() {
    let room = arn(&world(), "lobby-main");
    let token = json!({ "roomIdentifier": room, "userId": "u" });
    let event = json!({ "roomIdentifier": room, "eventName": "e" });
    let deletion = json!({ "roomIdentifier": room, "id": "AbCdEf123456" });
    let bodies = [
        ("CreateChatToken", token.clone(), 200),
        ("SendEvent", event, 100),
        ("DisconnectUser", token, 100),
        ("DeleteMessage", deletion, 100),
    ];
    for (name, body, limit) in bodies {
        let mut world = strict();
        let passed = (0..300).filter(|_| world.handle(at(0.0), &post(name, body.clone())).is_ok()).count();
        assert_eq!(passed, limit, "{name}");
    }
    let mut world = strict();
    let passed = (0..30).filter(|_| world.handle(at(0.0), &tags(Method::GET, &room)).is_ok()).count();
    assert_eq!(passed, 10);
}

#[test]
fn quotas_can_be_scaled_and_switched_off() {
    for (quotas, expected) in [(Quotas::Off, 100), (Quotas::Times(2.0), 10), (Quotas::Times(0.2), 1)] {
        let mut world = World::new(Setup { quotas, ..Setup::default() }, at(0.0));
        let passed = (0..100).filter(|_| world.handle(at(0.0), &post("ListRooms", json!({}))).is_ok()).count();
        assert_eq!(passed, expected, "{quotas:?}");
    }
}

#[test]
fn there_are_at_most_ten_logging_configurations() {
    let body = json!({ "destinationConfiguration": { "s3": { "bucketName": "abc" } } });
    let mut world = strict();
    for second in 0..5 {
        call_at(&mut world, at(f64::from(second)), "CreateLoggingConfiguration", body.clone());
    }
    let refusal = world.handle(at(9.0), &post("CreateLoggingConfiguration", body.clone())).unwrap_err();
    assert_eq!((refusal.status, refusal.error_type.as_str()), (402, "ServiceQuotaExceededException"));
    assert_eq!(refusal.body["limit"], 10);
    let mut world = super::world();
    for _ in 0..20 {
        call(&mut world, "CreateLoggingConfiguration", body.clone());
    }
}

#[test]
fn there_are_at_most_fifty_thousand_rooms() {
    let mut world = World::new(Setup { rooms: Some(49_999), ..Setup::default() }, at(0.0));
    call(&mut world, "CreateRoom", json!({}));
    let refusal = refused(&mut world, "CreateRoom", json!({}));
    assert_eq!((refusal.status, refusal.error_type.as_str()), (402, "ServiceQuotaExceededException"));
    assert_eq!(refusal.body["limit"], 50_000);
    assert_eq!(refusal.body["resourceType"], "ROOM");
}

#[test]
fn an_account_takes_a_thousand_messages_a_second_over_all_its_rooms() {
    let mut world = strict();
    let mut connections = Vec::new();
    for room in 0..11 {
        let rate = json!({ "maximumMessageRatePerSecond": 100 });
        let made = call_at(&mut world, at(f64::from(room)), "CreateRoom", rate);
        for _ in 0..10 {
            let token = token_at(&mut world, at(f64::from(room)), text(&made["arn"]), "u", &ALL);
            connections.push(world.connect(at(f64::from(room)), &token).unwrap());
        }
    }
    let mut passed = 0;
    for connection in connections {
        for _ in 0..10 {
            world.receive(at(20.0), connection, r#"{"Action":"SEND_MESSAGE","Content":"hi"}"#);
        }
        let (frames, _) = split(world.deliveries(), connection);
        passed += frames.iter().filter(|frame| matches!(frame, Frame::Message(_))).count();
    }
    assert_eq!(passed, 1000, "of eleven hundred");
}

#[test]
fn there_are_at_most_fifty_thousand_connections() {
    let mut world = strict();
    let room = arn(&world, "staging-smoke");
    let one = open(&mut world, "staging-smoke", "u", &[]);
    let connection = world.connections.get(one).unwrap();
    let (grant, end) = (connection.grant.clone(), connection.end);
    for _ in 2..50_000 {
        let (id, rate) = (world.connections.next_id(), world.rates.connection());
        world.connections.open(id, Connection { grant: grant.clone(), rate, end });
    }
    open(&mut world, "staging-smoke", "u", &[]);
    let token = token_at(&mut world, at(0.0), &room, "u", &[]);
    let refusal = world.connect(at(0.0), &token).unwrap_err();
    assert_eq!((refusal.status, &refusal.body["limit"]), (429, &json!(50_000)));
}
