//! Tags of rooms, of logging configurations and of Amazon IVS's own resources.

use super::*;

fn with_body(arn: &str, body: Value) -> Request {
    Request { body: Some(body), ..tags(Method::POST, arn) }
}

fn without(arn: &str, keys: &[&str]) -> Request {
    let query = keys.iter().map(|key| ("tagKeys".to_owned(), (*key).to_owned())).collect();
    Request { query, ..tags(Method::DELETE, arn) }
}

fn of(world: &mut World, arn: &str) -> Value {
    world.handle(at(0.0), &tags(Method::GET, arn)).unwrap().body.unwrap()["tags"].clone()
}

#[test]
fn tags_are_added_changed_and_removed() {
    let mut world = world();
    let room = arn(&world, "night-shift");
    assert_eq!(of(&mut world, &room), json!({ "team": "care", "env": "prod", "hours": "22-06" }));
    let more = with_body(&room, json!({ "tags": { "env": "staging", "a b/ü": "" } }));
    assert_eq!(world.handle(at(0.0), &more), Ok(Answer { status: 200, body: Some(json!({})) }));
    let expected = json!({ "a b/ü": "", "env": "staging", "hours": "22-06", "team": "care" });
    assert_eq!(of(&mut world, &room), expected);
    assert_eq!(call(&mut world, "GetRoom", json!({ "identifier": room }))["tags"], expected);
    for _ in 0..2 {
        let answer = world.handle(at(0.0), &without(&room, &["a b/ü", "env", "never-there"]));
        assert_eq!(answer, Ok(Answer { status: 200, body: Some(json!({})) }));
    }
    assert_eq!(of(&mut world, &room), json!({ "hours": "22-06", "team": "care" }));
}

#[test]
fn logging_configurations_have_tags_too() {
    let mut world = world();
    let logging = logging_arn(&mut world, "s3-legacy");
    world.handle(at(0.0), &with_body(&logging, json!({ "tags": { "k": "v" } }))).unwrap();
    assert_eq!(of(&mut world, &logging), json!({ "k": "v" }));
    let whole = call(&mut world, "GetLoggingConfiguration", json!({ "identifier": logging }));
    assert_eq!(whole["tags"], json!({ "k": "v" }));
}

#[test]
fn amazon_ivs_has_its_own_words_for_refusals() {
    let mut world = world();
    let channel = world.ivs_arns().find(|arn| arn.contains(":channel/")).unwrap().to_owned();
    assert_eq!(of(&mut world, &channel)["stream"], "main");
    let unknown = channel.replace(":channel/", ":channel/x");
    let refusal = world.handle(at(0.0), &tags(Method::GET, &unknown)).unwrap_err();
    assert_eq!((refusal.status, refusal.error_type.as_str()), (404, "ResourceNotFoundException"));
    assert_eq!(refusal.body.as_object().unwrap().keys().collect::<Vec<_>>(), ["exceptionMessage"]);
    world.deny("ListTagsForResource");
    let refusal = world.handle(at(0.0), &tags(Method::GET, &channel)).unwrap_err();
    assert!(text(&refusal.body["exceptionMessage"]).contains("perform: ivs:ListTagsForResource on"), "{refusal:?}");
}

#[test]
fn what_is_no_arn_or_not_there_is_refused() {
    let mut world = world();
    for (arn, status) in [
        ("lobby-main", 400),
        ("arn:aws:s3:us-west-2:123456789012:bucket/x", 400),
        ("arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456", 404),
        ("arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEf123456", 404),
        ("arn:aws:ivschat:eu-west-1:123456789012:room/AbCdEf123456", 404),
    ] {
        for request in [tags(Method::GET, arn), with_body(arn, json!({ "tags": {} })), without(arn, &["k"])] {
            assert_eq!(world.handle(at(0.0), &request).unwrap_err().status, status, "{request:?}");
        }
    }
}

#[test]
fn an_arn_that_was_not_encoded_is_another_route() {
    let mut world = world();
    let path = format!("/tags/{}", arn(&world, "lobby-main"));
    let refusal = world.handle(at(0.0), &Request { path, ..tags(Method::GET, "") }).unwrap_err();
    assert_eq!((refusal.status, refusal.error_type.as_str()), (404, "UnknownOperationException"));
}

#[test]
fn limits_are_met_at_the_edge() {
    let mut world = world();
    let room = arn(&world, "staging-smoke");
    let many = |count: usize| (0..count).map(|n| (format!("k{n}"), json!("v"))).collect::<serde_json::Map<_, _>>();
    let edge = json!({ "tags": { "ü".repeat(128): "ü".repeat(256) } });
    world.handle(at(0.0), &with_body(&room, edge)).unwrap();
    for (body, expected) in [
        (json!({}), "tags".to_owned()),
        (json!({ "tags": { "k".repeat(129): "" } }), format!("tags.{}", "k".repeat(129))),
        (json!({ "tags": { "": "" } }), "tags.".to_owned()),
        (json!({ "tags": { "k": "v".repeat(257) } }), "tags.k".to_owned()),
        (json!({ "tags": { "k": 1 } }), "tags.k".to_owned()),
        (json!({ "tags": { "aws:k": "v" } }), "tags.aws:k".to_owned()),
        (json!({ "tags": { "AWS:k": "v" } }), "tags.AWS:k".to_owned()),
        (json!({ "tags": many(51) }), "tags".to_owned()),
        (json!({ "tags": many(48) }), "tags".to_owned()),
    ] {
        let refusal = world.handle(at(0.0), &with_body(&room, body)).unwrap_err();
        assert_eq!(fields(&refusal), [expected.as_str()]);
    }
    world.handle(at(0.0), &with_body(&room, json!({ "tags": many(47) }))).unwrap();
    assert_eq!(of(&mut world, &room).as_object().unwrap().len(), 50);
    world.handle(at(0.0), &with_body(&room, json!({ "tags": { "k0": "changed" } }))).unwrap();
    let keys = vec!["k"; 51];
    for keys in [&[][..], &keys[..], &[""]] {
        let refusal = world.handle(at(0.0), &without(&room, keys)).unwrap_err();
        assert_eq!(fields(&refusal), ["tagKeys"]);
    }
}

#[test]
fn tags_at_birth_have_the_same_limits_and_need_the_permission_to_tag() {
    let mut world = world();
    let refusal = refused(&mut world, "CreateRoom", json!({ "tags": { "aws:k": "v" } }));
    assert_eq!(fields(&refusal), ["tags.aws:k"]);
    world.deny("TagResource");
    let refusal = refused(&mut world, "CreateRoom", json!({ "tags": { "k": "v" } }));
    assert!(text(&refusal.body["message"]).contains("perform: ivschat:TagResource on"), "{refusal:?}");
    call(&mut world, "CreateRoom", json!({}));
}
