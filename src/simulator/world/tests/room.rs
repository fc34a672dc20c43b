//! Rooms, their lists and their limits.

use super::*;

fn names(page: &Value) -> Vec<&str> {
    page["rooms"].as_array().unwrap().iter().map(|room| text(&room["name"])).collect()
}

#[test]
fn a_new_room_has_the_defaults() {
    let mut world = world();
    let room = call(&mut world, "CreateRoom", json!({}));
    assert_eq!(room["maximumMessageRatePerSecond"], 10);
    assert_eq!(room["maximumMessageLength"], 500);
    assert_eq!(room["name"], "");
    assert_eq!(room["tags"], json!({}));
    assert_eq!(room["loggingConfigurationIdentifiers"], json!([]));
    assert_eq!(room.get("messageReviewHandler"), None);
    assert_eq!(room["createTime"], "2026-07-01T12:00:00Z");
    let id = text(&room["id"]);
    assert!(id.len() == 12 && id.chars().all(|c| c.is_ascii_alphanumeric()), "{id}");
    assert_eq!(room["arn"], format!("arn:aws:ivschat:us-west-2:123456789012:room/{id}"));
    assert_eq!(call(&mut world, "GetRoom", json!({ "identifier": room["arn"] })), room);
}

#[test]
fn a_new_room_has_what_the_request_says() {
    let mut world = world();
    let logging = logging_arn(&mut world, "cw-prod");
    let uri = "arn:aws:lambda:us-west-2:123456789012:function:my-filter";
    let asked = json!({
        "name": "my-room", "maximumMessageRatePerSecond": 100, "maximumMessageLength": 1,
        "messageReviewHandler": { "uri": uri }, "tags": { "team": "a b/ü" },
        "loggingConfigurationIdentifiers": [logging],
    });
    let room = call(&mut world, "CreateRoom", asked.clone());
    for (member, value) in asked.as_object().unwrap() {
        if member != "messageReviewHandler" {
            assert_eq!(&room[member], value, "{member}");
        }
    }
    assert_eq!(room["messageReviewHandler"], json!({ "uri": uri, "fallbackResult": "ALLOW" }));
}

#[test]
fn names_need_not_be_unique() {
    let mut world = world();
    let one = call(&mut world, "CreateRoom", json!({ "name": "twice" }));
    let other = call(&mut world, "CreateRoom", json!({ "name": "twice" }));
    assert_ne!(one["arn"], other["arn"]);
    let page = call(&mut world, "ListRooms", json!({ "name": "twice" }));
    assert_eq!(page["rooms"].as_array().unwrap().len(), 2);
}

#[test]
fn a_list_is_a_summary_with_the_last_change_first() {
    let mut world = world();
    let page = call(&mut world, "ListRooms", json!({}));
    assert_eq!(names(&page)[..2], ["lobby-main", "lobby-eu"]);
    assert_eq!(page.get("nextToken"), None);
    let rooms = page["rooms"].as_array().unwrap();
    assert!(rooms.iter().all(|room| room.get("maximumMessageLength").is_none()));
    assert!(rooms.is_sorted_by_key(|room| std::cmp::Reverse(text(&room["updateTime"]).parse::<Timestamp>().unwrap())));
    let quiet = arn(&world, "lobby-quiet");
    call(&mut world, "UpdateRoom", json!({ "identifier": quiet }));
    let page = call(&mut world, "ListRooms", json!({}));
    assert_eq!((names(&page)[0], names(&page).len()), ("lobby-quiet", 13));
}

#[test]
fn an_update_leaves_what_it_does_not_name() {
    let mut world = world();
    let identifier = arn(&world, "kids-craft");
    let before = call(&mut world, "GetRoom", json!({ "identifier": identifier }));
    let after = call_at(&mut world, at(60.0), "UpdateRoom", json!({ "identifier": identifier, "name": "craft" }));
    for (member, value) in before.as_object().unwrap() {
        match member.as_str() {
            "name" => assert_eq!(after["name"], "craft"),
            "updateTime" => assert_eq!(after["updateTime"], "2026-07-01T12:01:00Z"),
            _ => assert_eq!(&after[member], value, "{member}"),
        }
    }
}

#[test]
fn an_update_replaces_the_logging_list_and_an_empty_uri_takes_the_handler_away() {
    let mut world = world();
    let identifier = arn(&world, "kids-craft");
    let firehose = logging_arn(&mut world, "firehose-analytics");
    let change = json!({ "identifier": identifier, "loggingConfigurationIdentifiers": [firehose] });
    assert_eq!(call(&mut world, "UpdateRoom", change)["loggingConfigurationIdentifiers"], json!([firehose]));
    let change = json!({ "identifier": identifier, "loggingConfigurationIdentifiers": [] });
    assert_eq!(call(&mut world, "UpdateRoom", change)["loggingConfigurationIdentifiers"], json!([]));
    let change = json!({ "identifier": identifier, "messageReviewHandler": { "uri": "" } });
    assert_eq!(call(&mut world, "UpdateRoom", change).get("messageReviewHandler"), None);
}

#[test]
fn a_deleted_room_is_gone() {
    let mut world = world();
    let identifier = arn(&world, "lobby-quiet");
    let answer = world.handle(at(0.0), &post("DeleteRoom", json!({ "identifier": identifier }))).unwrap();
    assert_eq!(answer, Answer { status: 204, body: None });
    for operation in ["GetRoom", "UpdateRoom", "DeleteRoom"] {
        let refusal = refused(&mut world, operation, json!({ "identifier": identifier }));
        assert_eq!((refusal.status, refusal.error_type.as_str()), (404, "ResourceNotFoundException"));
        assert_eq!(refusal.body["resourceId"], identifier);
        assert_eq!(refusal.body["resourceType"], "ROOM");
    }
}

#[test]
fn pages_hold_every_room_once() {
    for most in [1, 3, 7, 50] {
        let mut world = World::new(Setup { rooms: Some(61), quotas: Quotas::Off, ..Setup::default() }, at(0.0));
        let mut ids = Vec::new();
        let mut token = Value::Null;
        loop {
            let page = call(&mut world, "ListRooms", json!({ "maxResults": most, "nextToken": token }));
            let rooms = page["rooms"].as_array().unwrap();
            assert!(rooms.len() <= most);
            ids.extend(rooms.iter().map(|room| text(&room["id"]).to_owned()));
            token = page["nextToken"].clone();
            if token.is_null() {
                break;
            }
        }
        assert_eq!(ids.len(), 61, "{most}");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 61, "{most}");
    }
}

#[test]
fn a_page_has_fifty_rooms_unless_fewer_are_asked_for() {
    let mut world = World::new(Setup { rooms: Some(51), ..Setup::default() }, at(0.0));
    let page = call(&mut world, "ListRooms", json!({}));
    assert_eq!(page["rooms"].as_array().unwrap().len(), 50);
    let rest = call(&mut world, "ListRooms", json!({ "nextToken": page["nextToken"] }));
    assert_eq!(rest["rooms"].as_array().unwrap().len(), 1);
    assert_eq!(rest.get("nextToken"), None);
}

#[test]
fn a_page_goes_on_although_its_last_room_is_gone_or_new_ones_came() {
    let mut world = world();
    let page = call(&mut world, "ListRooms", json!({ "maxResults": 3 }));
    let last = page["rooms"][2]["arn"].clone();
    call(&mut world, "DeleteRoom", json!({ "identifier": last }));
    call(&mut world, "CreateRoom", json!({ "name": "new" }));
    let rest = call(&mut world, "ListRooms", json!({ "nextToken": page["nextToken"] }));
    let rest = names(&rest);
    assert!(!rest.contains(&"new") && rest.len() == 10, "{rest:?}");
}

#[test]
fn a_token_is_good_for_its_own_question_only() {
    let mut world = world();
    let page = call(&mut world, "ListRooms", json!({ "maxResults": 1 }));
    let token = text(&page["nextToken"]);
    assert!(token.len() <= 1024);
    let spoilt = token.replace(|c: char| c.is_ascii_digit(), "7");
    for body in [
        json!({ "nextToken": "made up" }),
        json!({ "nextToken": spoilt }),
        json!({ "nextToken": "é".repeat(24) }),
        json!({ "nextToken": "x".repeat(1025) }),
        json!({ "nextToken": 7 }),
        json!({ "nextToken": token, "name": "lobby-main" }),
    ] {
        assert_eq!(fields(&refused(&mut world, "ListRooms", body.clone())), ["nextToken"], "{body}");
    }
    let refusal = refused(&mut world, "ListLoggingConfigurations", json!({ "nextToken": token }));
    assert_eq!(fields(&refusal), ["nextToken"]);
}

#[test]
fn filters_count_together() {
    let mut world = world();
    let uri = "arn:aws:lambda:us-west-2:123456789012:function:link-guard";
    let page = call(&mut world, "ListRooms", json!({ "messageReviewHandlerUri": uri }));
    assert_eq!(names(&page), ["speedrun-any"]);
    let logging = logging_arn(&mut world, "firehose-analytics");
    let page = call(&mut world, "ListRooms", json!({ "loggingConfigurationIdentifier": logging }));
    assert_eq!(names(&page), ["lobby-eu", "auction-floor"]);
    let both = json!({ "loggingConfigurationIdentifier": logging, "name": "auction-floor" });
    assert_eq!(names(&call(&mut world, "ListRooms", both)), ["auction-floor"]);
    assert_eq!(names(&call(&mut world, "ListRooms", json!({ "name": "lobby" }))), Vec::<&str>::new());
    let unknown = "arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEf123456";
    let refusal = refused(&mut world, "ListRooms", json!({ "loggingConfigurationIdentifier": unknown }));
    assert_eq!(refusal.status, 404);
}

#[test]
fn limits_are_met_at_the_edge() {
    let mut world = world();
    let uri = |length: usize| {
        let start = "arn:aws:lambda:us-west-2:123456789012:function:";
        format!("{start}{}", "f".repeat(length - start.len()))
    };
    let body = json!({
        "name": "n".repeat(128), "maximumMessageRatePerSecond": 1, "maximumMessageLength": 500,
        "messageReviewHandler": { "uri": uri(170), "fallbackResult": "DENY" },
    });
    call(&mut world, "CreateRoom", body);
    let body = json!({
        "name": "n".repeat(129), "maximumMessageRatePerSecond": 0, "maximumMessageLength": 501,
        "messageReviewHandler": { "uri": uri(171), "fallbackResult": "MAYBE" },
        "loggingConfigurationIdentifiers": [1, "lobby"],
    });
    let refusal = refused(&mut world, "CreateRoom", body);
    let expected = [
        "name",
        "maximumMessageRatePerSecond",
        "maximumMessageLength",
        "messageReviewHandler.uri",
        "messageReviewHandler.fallbackResult",
        "loggingConfigurationIdentifiers",
        "loggingConfigurationIdentifiers",
    ];
    assert_eq!(fields(&refusal), expected);
    assert_eq!(fields(&refused(&mut world, "CreateRoom", json!({ "maximumMessageRatePerSecond": 101 }))).len(), 1);
    assert_eq!(fields(&refused(&mut world, "CreateRoom", json!({ "name": "no spaces" }))), ["name"]);
    for most in [0, 51] {
        assert_eq!(fields(&refused(&mut world, "ListRooms", json!({ "maxResults": most }))), ["maxResults"]);
    }
}

#[test]
fn wrong_types_are_named_and_null_is_none() {
    let mut world = world();
    let body = json!({
        "name": 1, "maximumMessageRatePerSecond": "10", "maximumMessageLength": 1.5, "messageReviewHandler": [],
        "tags": [], "loggingConfigurationIdentifiers": {},
    });
    assert_eq!(fields(&refused(&mut world, "CreateRoom", body)).len(), 6);
    let body = json!({ "name": null, "tags": null, "messageReviewHandler": null, "unknown": 1 });
    assert_eq!(call(&mut world, "CreateRoom", body)["name"], "");
}

#[test]
fn an_identifier_is_the_arn_of_a_room() {
    let mut world = world();
    let whole = arn(&world, "lobby-main");
    let id = whole.rsplit('/').next().unwrap();
    let logging = logging_arn(&mut world, "cw-prod");
    for bad in [json!(id), json!("lobby-main"), json!(logging), json!(""), json!(null), json!(12), json!([whole])] {
        let refusal = refused(&mut world, "GetRoom", json!({ "identifier": bad }));
        assert_eq!(fields(&refusal), ["identifier"], "{bad}");
    }
    for foreign in [
        format!("arn:aws:ivschat:eu-west-1:123456789012:room/{id}"),
        format!("arn:aws:ivschat:us-west-2:999999999999:room/{id}"),
        "arn:aws:ivschat:us-west-2:123456789012:room/short".to_owned(),
    ] {
        let refusal = refused(&mut world, "GetRoom", json!({ "identifier": foreign }));
        assert_eq!(refusal.status, 404, "{foreign}");
    }
}

#[test]
fn logging_of_a_room_must_be_active_and_there_and_at_most_three() {
    let mut world = world();
    let failed = logging_arn(&mut world, "cw-staging");
    let body = json!({ "loggingConfigurationIdentifiers": [failed] });
    let refusal = refused(&mut world, "CreateRoom", body);
    assert_eq!((refusal.status, refusal.error_type.as_str()), (409, "ConflictException"));
    assert_eq!(refusal.body["resourceId"], failed);
    let room = arn(&world, "lobby-main");
    let body = json!({ "identifier": room, "loggingConfigurationIdentifiers": [failed] });
    assert_eq!(fields(&refused(&mut world, "UpdateRoom", body)), ["loggingConfigurationIdentifiers"]);
    let unknown = "arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEf123456";
    let refusal = refused(&mut world, "CreateRoom", json!({ "loggingConfigurationIdentifiers": [unknown] }));
    assert_eq!(refusal.status, 404);
    let good = logging_arn(&mut world, "cw-prod");
    let four = json!({ "loggingConfigurationIdentifiers": [good, good, good, good] });
    assert_eq!(fields(&refused(&mut world, "CreateRoom", four)), ["loggingConfigurationIdentifiers"]);
}

#[test]
fn what_is_attached_may_stay_while_it_changes() {
    let mut world = world();
    let (room, logging) = (arn(&world, "night-shift"), logging_arn(&mut world, "cw-prod"));
    let attach = json!({ "identifier": room, "loggingConfigurationIdentifiers": [logging] });
    call(&mut world, "UpdateRoom", attach.clone());
    call(&mut world, "UpdateLoggingConfiguration", json!({ "identifier": logging, "name": "renamed" }));
    call(&mut world, "UpdateRoom", attach);
}

#[test]
fn a_handler_that_may_not_be_called_is_refused_in_the_service_s_words() {
    let mut world = world();
    let uri = "arn:aws:lambda:us-west-2:123456789012:function:missing-permission";
    let refusal = refused(&mut world, "CreateRoom", json!({ "messageReviewHandler": { "uri": uri } }));
    assert_eq!(fields(&refusal), ["messageReviewHandler.uri"]);
    assert!(text(&refusal.body["message"]).contains("invalid lambda permission"));
}

#[test]
fn rooms_are_made_up_or_left_out_to_have_as_many_as_wanted() {
    let count = |rooms| World::new(Setup { rooms, ..Setup::default() }, at(0.0)).rooms.len();
    assert_eq!(count(None), 13);
    assert_eq!(count(Some(0)), 0);
    assert_eq!(count(Some(2)), 2);
    assert_eq!(count(Some(480)), 480);
    let mut world = World::new(Setup { rooms: Some(40), ..Setup::default() }, at(0.0));
    let page = call(&mut world, "ListRooms", json!({}));
    let made_up = page["rooms"].as_array().unwrap().iter().filter(|room| !room["tags"]["region"].is_null());
    assert_eq!(made_up.count(), 27);
    assert!(overheard(&mut world, "lobby-main", 2).len() > 2);
}
