//! Logging configurations are created, changed and deleted, and afterwards the screen says what the service holds.

use ivschat::api::ops::{GetLoggingConfiguration, ListLoggingConfigurations};
use serde_json::{Value, json};

use crate::Console;

/// The logging configuration with this name, as the service holds it.
fn held(console: &mut Console, name: &str) -> Option<Value> {
    let list = console.holds(&ListLoggingConfigurations::default());
    let found = list["loggingConfigurations"].as_array().unwrap().iter().find(|found| found["name"] == name).cloned();
    let identifier = serde_json::from_value(found?["arn"].clone()).unwrap();
    Some(console.holds(&GetLoggingConfiguration { identifier }))
}

#[test]
fn one_is_created_from_the_form() {
    let mut console = Console::demo().keys("2c").types("fresh").keys("<tab><left><tab>").types("my-bucket");
    console = console.keys("<tab>").types("team=night").keys("<enter>").shows("created logging configuration fresh");
    let made = held(&mut console, "fresh").unwrap();
    assert_eq!(made["destinationConfiguration"], json!({"s3": {"bucketName": "my-bucket"}}));
    assert_eq!(made["tags"], json!({"team": "night"}));
    console.wait(500).shows("s3://my-bucket");
}

#[test]
fn exactly_one_destination_is_sent_whatever_was_typed_into_the_others() {
    let console = Console::demo().keys("2c<tab><tab>").types("/a/group").keys("<backtab><right><tab>").types("stream");
    let console = console.keys("<enter>").shows("created");
    let sent = &console.calls("CreateLoggingConfiguration")[0];
    assert_eq!(sent["destinationConfiguration"], json!({"firehose": {"deliveryStreamName": "stream"}}));
}

#[test]
fn only_what_was_changed_is_sent() {
    let mut console = Console::demo().keys("2/cw-prod<enter>e").shows("Change logging configuration cw-prod");
    console = console.keys("<tab><tab><c-u>").types("/ivs/other").keys("<enter>").shows("/ivs/chat/prod");
    console = console.shows("/ivs/other").keys("y").shows("saved logging configuration cw-prod");
    let sent = console.calls("UpdateLoggingConfiguration").pop().unwrap();
    assert_eq!(sent["destinationConfiguration"], json!({"cloudWatchLogs": {"logGroupName": "/ivs/other"}}));
    assert_eq!(sent.get("name"), None);
    let now = held(&mut console, "cw-prod").unwrap();
    assert_eq!(now["destinationConfiguration"], sent["destinationConfiguration"]);
}

#[test]
fn one_that_rooms_use_is_not_deleted_and_the_rooms_are_named() {
    let console = Console::demo().keys("2/cw-prod<enter>d").shows("Rooms that still use it").shows("lobby-main");
    let console = console.types("cw-prod").keys("<enter>");
    assert!(console.calls("DeleteLoggingConfiguration").is_empty());
}

#[test]
fn one_that_nobody_uses_is_deleted_when_its_name_was_typed() {
    let mut console = Console::demo().keys("2c").types("spare").keys("<tab><tab>").types("/spare").keys("<enter>");
    console = console.wait(20_000).keys("<c-r>").wait(500).keys("/spare<enter>d").types("spare").keys("<enter>");
    console = console.shows("deleting logging configuration spare").wait(60_000).keys("<c-r>").wait(500);
    assert_eq!(held(&mut console, "spare"), None);
}

#[test]
fn if_the_users_can_not_be_looked_up_that_is_said_and_the_service_decides() {
    use ivschat::api::ErrorKind;
    let console = Console::demo().fails("ListRooms", ErrorKind::Unreachable("refused".into()));
    let console = console.keys("2/cw-prod<enter>d").shows("could not be looked up").types("cw-prod").keys("<enter>");
    console.shows("In conflict with its state").keys("<esc>").shows("cw-prod");
}
