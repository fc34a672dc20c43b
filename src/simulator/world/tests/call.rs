//! What all calls have in common: routes, permissions and the shapes of refusals.

use super::*;

/// An input of each operation that gets past every check but those under test.
fn every_call(world: &World) -> Vec<(&'static str, Request)> {
    let room = arn(world, "lobby-main");
    let logging = "arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEf123456";
    let s3 = json!({ "s3": { "bucketName": "abc" } });
    let room_body = |more: Value| {
        let mut body = json!({ "roomIdentifier": room });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let posts = [
        ("CreateChatToken", room_body(json!({ "userId": "u" }))),
        ("CreateLoggingConfiguration", json!({ "destinationConfiguration": s3 })),
        ("CreateRoom", json!({})),
        ("DeleteLoggingConfiguration", json!({ "identifier": logging })),
        ("DeleteMessage", room_body(json!({ "id": "AbCdEf123456" }))),
        ("DisconnectUser", room_body(json!({ "userId": "u" }))),
        ("GetLoggingConfiguration", json!({ "identifier": logging })),
        ("GetRoom", json!({ "identifier": room })),
        ("ListLoggingConfigurations", json!({})),
        ("ListRooms", json!({})),
        ("SendEvent", room_body(json!({ "eventName": "e" }))),
        ("UpdateLoggingConfiguration", json!({ "identifier": logging })),
        ("UpdateRoom", json!({ "identifier": room })),
        ("DeleteRoom", json!({ "identifier": room })),
    ];
    let mut calls: Vec<_> = posts.into_iter().map(|(name, body)| (name, post(name, body))).collect();
    calls.push(("ListTagsForResource", tags(Method::GET, &room)));
    calls.push(("TagResource", Request { body: Some(json!({ "tags": {} })), ..tags(Method::POST, &room) }));
    let query = vec![("tagKeys".to_owned(), "k".to_owned())];
    calls.push(("UntagResource", Request { query, ..tags(Method::DELETE, &room) }));
    calls
}

#[test]
fn all_seventeen_are_known() {
    let calls = every_call(&world());
    assert_eq!(calls.len(), 17);
    for (name, request) in calls {
        let mut world = world();
        let outcome = world.handle(at(0.0), &request);
        // The made-up logging configuration is all that may be missing.
        assert!(outcome.is_ok() || outcome.unwrap_err().status == 404 && name.contains("Logging"), "{name}");
    }
}

#[test]
fn other_routes_are_no_operations() {
    let mut world = world();
    let get = Request { method: Method::GET, ..post("ListRooms", json!({})) };
    let put = tags(Method::PUT, "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456");
    let nested = Request { path: "/ListRooms/".to_owned(), ..post("", json!({})) };
    let empty = Request { path: "/tags/".to_owned(), ..put.clone() };
    for request in [
        get,
        put,
        nested,
        empty,
        post("", json!({})),
        post("listrooms", json!({})),
        post("TagResource", json!({})),
        post("CreateStage", json!({})),
    ] {
        let refusal = world.handle(at(0.0), &request).unwrap_err();
        assert_eq!((refusal.status, refusal.error_type.as_str()), (404, "UnknownOperationException"), "{request:?}");
        assert!(refusal.body["message"].is_string());
    }
}

#[test]
fn a_body_that_is_no_object_is_refused_and_none_is_empty() {
    let mut world = world();
    for body in [json!([]), json!("x"), json!(1)] {
        let refusal = refused(&mut world, "ListRooms", body);
        assert_eq!((refusal.status, refusal.error_type.as_str()), (400, "ValidationException"));
        assert_eq!(refusal.body["reason"], "OTHER");
    }
    let request = Request { body: None, ..post("ListRooms", json!({})) };
    assert!(world.handle(at(0.0), &request).is_ok());
}

#[test]
fn required_members_must_be_there() {
    let mut world = world();
    for (name, expected) in [
        ("CreateChatToken", &["roomIdentifier", "userId"][..]),
        ("CreateLoggingConfiguration", &["destinationConfiguration"]),
        ("DeleteLoggingConfiguration", &["identifier"]),
        ("DeleteMessage", &["roomIdentifier", "id"]),
        ("DeleteRoom", &["identifier"]),
        ("DisconnectUser", &["roomIdentifier", "userId"]),
        ("GetLoggingConfiguration", &["identifier"]),
        ("GetRoom", &["identifier"]),
        ("SendEvent", &["roomIdentifier", "eventName"]),
        ("UpdateLoggingConfiguration", &["identifier"]),
        ("UpdateRoom", &["identifier"]),
    ] {
        assert_eq!(fields(&refused(&mut world, name, json!({}))), expected, "{name}");
    }
}

#[test]
fn a_denied_call_is_told_in_aws_s_words() {
    let mut world = world();
    world.deny("ListRooms");
    world.deny("NoSuchThing");
    let refusal = refused(&mut world, "ListRooms", json!({}));
    assert_eq!((refusal.status, refusal.error_type.as_str()), (403, "AccessDeniedException"));
    assert_eq!(
        refusal.body["message"],
        "User: arn:aws:iam::123456789012:user/demo is not authorized to perform: ivschat:ListRooms on resource: \
         arn:aws:ivschat:us-west-2:123456789012:room/* because no identity-based policy allows the \
         ivschat:ListRooms action",
    );
    world.allow("ListRooms");
    call(&mut world, "ListRooms", json!({}));
}

#[test]
fn every_operation_can_be_denied_and_a_denial_names_the_resource() {
    let calls = every_call(&world());
    for (name, request) in calls {
        let mut world = world();
        world.deny(name);
        let refusal = world.handle(at(0.0), &request).unwrap_err();
        assert_eq!(refusal.error_type, "AccessDeniedException", "{name}");
        let message = text(&refusal.body["message"]);
        let resource = message.split("on resource: ").nth(1).unwrap().split(' ').next().unwrap();
        let expected = match name {
            "CreateRoom" | "ListRooms" => "arn:aws:ivschat:us-west-2:123456789012:room/*".to_owned(),
            "CreateLoggingConfiguration" | "ListLoggingConfigurations" => {
                "arn:aws:ivschat:us-west-2:123456789012:logging-configuration/*".to_owned()
            }
            _ if name.contains("Logging") => {
                "arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEf123456".to_owned()
            }
            _ => arn(&world, "lobby-main"),
        };
        assert_eq!(resource, expected, "{name}");
    }
}

#[test]
fn a_denial_comes_before_the_input_is_looked_at() {
    let mut world = world();
    world.deny("GetRoom");
    assert_eq!(refused(&mut world, "GetRoom", json!({})).status, 403);
}

#[test]
fn an_account_that_is_pending_verification_may_only_look() {
    let calls = every_call(&world());
    for (name, request) in calls {
        let mut world = world();
        world.set_pending_verification(true);
        let outcome = world.handle(at(0.0), &request);
        let may = name.starts_with("Get") || name.starts_with("List") || name.ends_with("tagResource");
        if may || name == "TagResource" {
            assert_ne!(outcome.err().map(|refusal| refusal.status), Some(403), "{name}");
        } else {
            let refusal = outcome.unwrap_err();
            assert_eq!((refusal.status, refusal.error_type.as_str()), (403, "PendingVerification"), "{name}");
            assert!(refusal.body["message"].is_string());
        }
    }
}

#[test]
fn every_refusal_has_the_members_of_its_shape() {
    let mut world = strict();
    let room = arn(&world, "lobby-main");
    let unknown = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";
    let s3 = json!({ "destinationConfiguration": { "s3": { "bucketName": "abc" } } });
    let mut seen = vec![
        refused(&mut world, "GetRoom", json!({ "identifier": unknown })),
        refused(&mut world, "GetRoom", json!({})),
        refused(&mut world, "NoSuchThing", json!({})),
    ];
    for _ in 0..5 {
        call(&mut world, "UpdateRoom", json!({ "identifier": room }));
    }
    seen.push(refused(&mut world, "UpdateRoom", json!({ "identifier": room })));
    for second in 0..5 {
        call_at(&mut world, at(f64::from(second)), "CreateLoggingConfiguration", s3.clone());
    }
    seen.push(world.handle(at(9.0), &post("CreateLoggingConfiguration", s3)).unwrap_err());
    let used = logging_arn(&mut world, "cw-prod");
    seen.push(world.handle(at(9.0), &post("DeleteLoggingConfiguration", json!({ "identifier": used }))).unwrap_err());
    world.deny("GetRoom");
    seen.push(world.handle(at(9.0), &post("GetRoom", json!({}))).unwrap_err());
    world.set_pending_verification(true);
    seen.push(world.handle(at(9.0), &post("DeleteRoom", json!({}))).unwrap_err());
    for (refusal, (status, name, members)) in seen.iter().zip([
        (404, "ResourceNotFoundException", &["message", "resourceId", "resourceType"][..]),
        (400, "ValidationException", &["message", "reason", "fieldList"]),
        (404, "UnknownOperationException", &["message"]),
        (429, "ThrottlingException", &["message", "resourceId", "resourceType", "limit"]),
        (402, "ServiceQuotaExceededException", &["message", "resourceId", "resourceType", "limit"]),
        (409, "ConflictException", &["message", "resourceId", "resourceType"]),
        (403, "AccessDeniedException", &["message"]),
        (403, "PendingVerification", &["message"]),
    ]) {
        assert_eq!((refusal.status, refusal.error_type.as_str()), (status, name));
        assert_eq!(refusal.body.as_object().unwrap().keys().collect::<Vec<_>>(), members, "{name}");
    }
}
