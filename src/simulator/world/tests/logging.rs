//! Logging configurations and their states.

use super::*;

fn create(world: &mut World, name: &str) -> Value {
    let destination = json!({ "cloudWatchLogs": { "logGroupName": name } });
    call(world, "CreateLoggingConfiguration", json!({ "name": "mine", "destinationConfiguration": destination }))
}

fn state(world: &mut World, seconds: f64, arn: &Value) -> String {
    text(&call_at(world, at(seconds), "GetLoggingConfiguration", json!({ "identifier": arn }))["state"]).to_owned()
}

#[test]
fn the_script_s_are_there_in_their_states() {
    let mut world = world();
    let list = call(&mut world, "ListLoggingConfigurations", json!({}));
    let list = list["loggingConfigurations"].as_array().unwrap();
    let states: BTreeMap<_, _> = list.iter().map(|entry| (text(&entry["name"]), text(&entry["state"]))).collect();
    let expected = [
        ("cw-prod", "ACTIVE"),
        ("cw-staging", "CREATE_FAILED"),
        ("firehose-analytics", "ACTIVE"),
        ("s3-archive", "ACTIVE"),
        ("s3-legacy", "UPDATE_FAILED"),
    ];
    assert_eq!(states, BTreeMap::from(expected));
    let kinds = |name| list.iter().find(|entry| entry["name"] == name).unwrap()["destinationConfiguration"].clone();
    assert_eq!(kinds("cw-prod"), json!({ "cloudWatchLogs": { "logGroupName": "/ivs/chat/prod" } }));
    assert_eq!(kinds("s3-archive"), json!({ "s3": { "bucketName": "example-chat-archive-usw2" } }));
    assert_eq!(kinds("firehose-analytics"), json!({ "firehose": { "deliveryStreamName": "chat-analytics.v2" } }));
}

#[test]
fn a_new_one_becomes_active_and_can_then_be_attached() {
    let mut world = world();
    let made = create(&mut world, "/ivs/chat/new");
    assert_eq!(made["state"], "CREATING");
    assert_eq!(world.next_change(), Some(at(2.0)));
    let attach = json!({ "loggingConfigurationIdentifiers": [made["arn"]] });
    assert_eq!(refused(&mut world, "CreateRoom", attach.clone()).status, 409);
    assert_eq!(state(&mut world, 1.9, &made["arn"]), "CREATING");
    assert_eq!(state(&mut world, 2.0, &made["arn"]), "ACTIVE");
    assert_eq!(world.next_change(), None);
    call_at(&mut world, at(2.0), "CreateRoom", attach);
}

#[test]
fn changes_can_fail() {
    let mut world = world();
    let made = create(&mut world, "/ivs/missing");
    assert_eq!(state(&mut world, 2.0, &made["arn"]), "CREATE_FAILED");
    let change = json!({
        "identifier": made["arn"],
        "destinationConfiguration": { "s3": { "bucketName": "locked-bucket" } },
    });
    let changed = call_at(&mut world, at(2.0), "UpdateLoggingConfiguration", change);
    assert_eq!(changed["state"], "UPDATING");
    assert_eq!(changed["updateTime"], "2026-07-01T12:00:02Z");
    assert_eq!(changed["name"], "mine");
    assert_eq!(state(&mut world, 4.0, &made["arn"]), "ACTIVE");
    call_at(&mut world, at(4.0), "DeleteLoggingConfiguration", json!({ "identifier": made["arn"] }));
    assert_eq!(state(&mut world, 5.0, &made["arn"]), "DELETING");
    assert_eq!(state(&mut world, 6.0, &made["arn"]), "DELETE_FAILED");
    let change = json!({
        "identifier": made["arn"],
        "destinationConfiguration": { "firehose": { "deliveryStreamName": "missing" } },
    });
    call_at(&mut world, at(6.0), "UpdateLoggingConfiguration", change);
    assert_eq!(state(&mut world, 8.0, &made["arn"]), "UPDATE_FAILED");
}

#[test]
fn a_deleted_one_goes_after_a_while() {
    let mut world = world();
    let made = create(&mut world, "/ivs/chat/new");
    world.advance(at(2.0));
    let delete = post("DeleteLoggingConfiguration", json!({ "identifier": made["arn"] }));
    assert_eq!(world.handle(at(2.0), &delete).unwrap(), Answer { status: 204, body: None });
    assert_eq!(state(&mut world, 3.0, &made["arn"]), "DELETING");
    let get = post("GetLoggingConfiguration", json!({ "identifier": made["arn"] }));
    let refusal = world.handle(at(4.0), &get).unwrap_err();
    assert_eq!((refusal.status, refusal.error_type.as_str()), (404, "ResourceNotFoundException"));
}

#[test]
fn in_transition_or_in_use_is_a_conflict() {
    let mut world = world();
    let made = create(&mut world, "/ivs/chat/new");
    for operation in ["UpdateLoggingConfiguration", "DeleteLoggingConfiguration"] {
        let refusal = refused(&mut world, operation, json!({ "identifier": made["arn"] }));
        assert_eq!((refusal.status, refusal.error_type.as_str()), (409, "ConflictException"));
        assert!(text(&refusal.body["message"]).contains("CREATING"));
        assert_eq!(refusal.body["resourceId"], made["arn"]);
    }
    let used = logging_arn(&mut world, "cw-prod");
    let refusal = refused(&mut world, "DeleteLoggingConfiguration", json!({ "identifier": used }));
    assert_eq!(refusal.status, 409);
    call(&mut world, "UpdateLoggingConfiguration", json!({ "identifier": used, "name": "renamed" }));
}

#[test]
fn there_is_exactly_one_destination_and_it_is_named_within_limits() {
    let mut world = world();
    let s3 = json!({ "bucketName": "abc" });
    let cloudwatch = json!({ "logGroupName": "/a" });
    let member = "destinationConfiguration";
    for (destination, expected) in [
        (json!(null), member),
        (json!({}), member),
        (json!({ "s3": s3, "cloudWatchLogs": cloudwatch }), member),
        (json!("s3"), member),
        (json!({ "s3": {} }), "destinationConfiguration.s3.bucketName"),
        (json!({ "s3": { "bucketName": "ab" } }), "destinationConfiguration.s3.bucketName"),
        (json!({ "s3": { "bucketName": "a".repeat(64) } }), "destinationConfiguration.s3.bucketName"),
        (json!({ "s3": { "bucketName": "Upper" } }), "destinationConfiguration.s3.bucketName"),
        (
            json!({ "cloudWatchLogs": { "logGroupName": "a".repeat(513) } }),
            "destinationConfiguration.cloudWatchLogs.logGroupName",
        ),
        (
            json!({ "cloudWatchLogs": { "logGroupName": "a b" } }),
            "destinationConfiguration.cloudWatchLogs.logGroupName",
        ),
        (
            json!({ "firehose": { "deliveryStreamName": "a".repeat(65) } }),
            "destinationConfiguration.firehose.deliveryStreamName",
        ),
    ] {
        let body = json!({ "destinationConfiguration": destination });
        let refusal = refused(&mut world, "CreateLoggingConfiguration", body);
        assert!(fields(&refusal).contains(&expected), "{destination}: {refusal:?}");
    }
    for destination in [
        json!({ "s3": { "bucketName": "a".repeat(63) } }),
        json!({ "cloudWatchLogs": { "logGroupName": "#./-_Az0".repeat(64) } }),
        json!({ "firehose": { "deliveryStreamName": "a".repeat(64) } }),
        json!({ "s3": { "bucketName": "abc" }, "firehose": null }),
    ] {
        call(&mut world, "CreateLoggingConfiguration", json!({ "destinationConfiguration": destination }));
    }
}

#[test]
fn the_list_comes_in_pages() {
    let mut world = world();
    let first = call(&mut world, "ListLoggingConfigurations", json!({ "maxResults": 3 }));
    let more = json!({ "maxResults": 3, "nextToken": first["nextToken"] });
    let second = call(&mut world, "ListLoggingConfigurations", more);
    let count = |page: &Value| page["loggingConfigurations"].as_array().unwrap().len();
    assert_eq!((count(&first), count(&second)), (3, 2));
    assert_eq!(second.get("nextToken"), None);
}
