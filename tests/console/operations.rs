//! Each operation of the control plane is carried out by keys, and after each the service holds what the screen says.

use std::collections::BTreeSet;

use ivschat::api::ops::{GetLoggingConfiguration, GetRoom, ListLoggingConfigurations, ListTagsForResource};
use ivschat::api::{Arn, Operation};
use ivschat::simulator::server::fault::OPERATIONS;
use serde_json::{Value, json};

use crate::Console;

/// The ARN of the logging configuration with this name, if it is there.
fn logging(console: &mut Console, name: &str) -> Option<Arn> {
    let list = console.holds(&ListLoggingConfigurations::default());
    let found = list["loggingConfigurations"].as_array().unwrap().iter().find(|found| found["name"] == name)?;
    Some(serde_json::from_value(found["arn"].clone()).unwrap())
}

fn holds<O: Operation>(console: &mut Console, operation: &O) -> Value {
    console.holds(operation)
}

#[test]
fn all_seventeen_by_keys() {
    // CreateRoom, and with the first screen ListRooms, ListLoggingConfigurations, GetRoom and ListTagsForResource.
    let mut console =
        Console::sized(100, 30).keys("c").types("round-trip").keys("<enter>").shows("created room round-trip");
    let room = console.room("round-trip");
    // UpdateRoom
    console =
        console.keys("e<tab><c-u>42<enter>y").shows("saved room round-trip").wait(500).shows("42 messages a second");
    assert_eq!(holds(&mut console, &GetRoom { identifier: room.clone() })["maximumMessageRatePerSecond"], 42);
    // TagResource, UntagResource
    console = console.keys("3c").types("a=1").keys("<tab>").types("b=2").keys("<enter>y").shows("a = 1").shows("b = 2");
    console = console.keys("jd").shows("removed").keys("y").wait(500).shows("a = 1").hides("b = 2");
    let tags = holds(&mut console, &ListTagsForResource { resource_arn: room.clone() });
    assert_eq!(tags["tags"], json!({"a": "1"}));
    // CreateLoggingConfiguration, UpdateLoggingConfiguration, GetLoggingConfiguration
    console = console.keys("2c").types("trip-logs").keys("<tab><tab>").types("/trip").keys("<enter>").shows("created");
    console = console.wait(20_000).keys("e<tab><tab><c-u>").types("/trip/two").keys("<enter>y").shows("saved logging");
    let logs = logging(&mut console, "trip-logs").unwrap();
    let held = holds(&mut console, &GetLoggingConfiguration { identifier: logs });
    assert_eq!(held["destinationConfiguration"], json!({"cloudWatchLogs": {"logGroupName": "/trip/two"}}));
    console = console.wait(20_000).shows("ACTIVE");
    // DeleteLoggingConfiguration
    console = console
        .keys("d")
        .types("trip-logs")
        .keys("<enter>")
        .shows("deleting")
        .wait(30_000)
        .shows("is deleted")
        .shows("2 Logging 5");
    assert_eq!(logging(&mut console, "trip-logs"), None);
    // CreateChatToken
    console = console.keys("1t<tab>").types("alice").keys("<enter>").shows("alice").keys("<esc>");
    assert_eq!(console.calls("CreateChatToken")[0]["userId"], "alice");
    // SendEvent, DeleteMessage, DisconnectUser, in a room with people.
    console =
        console.keys("/lobby-main<enter><enter>").wait(4000).keys("e").types("app:POLL").keys("<enter>").wait(500);
    console = console.shows("app:POLL").keys("k").wait(300);
    let message = console.selected_message();
    console = console.keys("d").wait(1500).shows("deleted");
    assert_eq!(console.calls("DeleteMessage")[0]["id"], message);
    console = console.keys("kK<enter>").shows("Not a ban").keys("y").wait(1500).keys("G").shows("was disconnected");
    // DeleteRoom
    console =
        console.keys("<esc>1<esc>/round<enter>d").types("round-trip").keys("<enter>").shows("deleted room round-trip");
    let called: BTreeSet<&str> = OPERATIONS.into_iter().filter(|name| !console.calls(name).is_empty()).collect();
    assert_eq!(called, OPERATIONS.into_iter().collect(), "all seventeen");
}
