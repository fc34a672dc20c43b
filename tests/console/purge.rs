//! A purge by pattern: its preview while it is typed, what it hits, and what it hits while it goes on.

use std::sync::Arc;

use ivschat::app::room::protected::Protected;
use serde_json::json;

use crate::Console;

fn says(console: &mut Console, user: &str, text: &str) {
    console.says_as(user, "lobby-quiet", &json!({"Action": "SEND_MESSAGE", "Content": text}));
}

fn open() -> Console {
    let mut console = Console::configured(|settings| {
        settings.room.protected = Arc::new(Protected::parse(&["mod"]).unwrap());
    });
    console = console.keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live");
    for (user, text) in
        [("ann", "free coins here"), ("bob", "good morning"), ("cyd", "FREE coins"), ("mod", "no free coins please")]
    {
        says(&mut console, user, text);
    }
    console.wait(1_100)
}

fn reasons(console: &Console) -> Vec<String> {
    console.calls("DeleteMessage").iter().map(|call| call["reason"].as_str().unwrap_or("").to_owned()).collect()
}

#[test]
fn the_preview_counts_while_it_is_typed() {
    let console = open().keys(":").types("purge ").keys("<enter>").shows("Purge by pattern");
    let console = console.types("coins").shows("2 messages from 2 users now, 1 protected").shows("The last: ");
    let console = console.types(" here").shows("1 message from 1 user now");
    let console = console.keys("<c-u>").types("/(/").shows("!");
    assert!(console.calls("DeleteMessage").is_empty());
    console.keys("<enter>").shows("Purge by pattern").keys("<esc>y").hides("Purge by pattern");
}

#[test]
fn it_hits_what_was_shown_for_a_reason_and_nothing_else() {
    let mut console = open().keys(":").types("purge coins").keys("<enter><enter>");
    console =
        console.shows("Delete 2 messages from 2 users in lobby-quiet").shows("Protected and left alone: ").keys("1");
    says(&mut console, "dan", "free coins, too");
    let console = console.shows("Public reason: Spam").keys("y").wait(1_000).shows("All 2 done");
    assert_eq!(reasons(&console), ["Spam", "Spam"]);
}

#[test]
fn what_is_older_than_it_looks_back_is_not_hit() {
    let console = open().wait(120_000).keys(":").types("purge coins past=1m").keys("<enter>").shows("0 messages");
    let console = console.keys("<enter>").shows("no message that is held here is like that").shows("Purge by pattern");
    assert!(console.calls("DeleteMessage").is_empty());
}

#[test]
fn it_goes_back_to_the_form_with_what_was_typed() {
    let console =
        open().keys(":").types("purge coins reason=2").keys("<enter><enter>").shows("Public reason: Hate speech");
    console
        .keys("<esc>")
        .shows("Purge by pattern")
        .shows("coins")
        .types(" here")
        .keys("<enter>")
        .shows("Delete 1 message");
}

#[test]
fn for_a_while_it_hits_what_comes_and_says_how_long_that_is() {
    let mut console = open().keys(":").types("purge coins next=60s reason=1").keys("<enter><enter>");
    console = console.shows("And what comes in the next 60 s").keys("y").wait(1_000).shows("All 2 done").keys("<esc>");
    console = console.shows("purging 60 s, 0 hit, :purge stop");
    for (user, text) in [("eve", "coins!"), ("mod", "coins?"), ("bob", "hello")] {
        says(&mut console, user, text);
    }
    console = console.wait(10_000).shows("purging 50 s, 1 hit");
    assert_eq!(console.calls("DeleteMessage").len(), 3);
    console = console.wait(60_000).shows("purge over: 1 message that came").hides("purging");
    says(&mut console, "eve", "coins again");
    console = console.wait(1_000);
    assert_eq!(console.calls("DeleteMessage").len(), 3, "it is over");
    let console = console.keys("]]]").shows("purge of coins");
    drop(console);
}

#[test]
fn it_can_be_stopped_and_a_lost_connection_stops_it() {
    let begin =
        || open().keys(":").types("purge never-said next=5m reason=1").keys("<enter><enter>y").shows("purging 5 min");
    let mut console = begin().keys(":").types("purge stop").keys("<enter>").shows("purge stopped: 0").hides("purging");
    says(&mut console, "eve", "never-said");
    assert!(console.wait(1_000).calls("DeleteMessage").is_empty());
    begin().goes_offline().shows("is not live any more").hides("purging");
    begin().keys(":").types("purge stop now").keys("<enter>").shows("Purge by pattern").shows("purging");
}

#[test]
fn it_reaches_all_live_rooms_and_names_them() {
    let mut console = open().keys("<esc><esc><esc>/<c-u>lobby-main<enter><enter>").wait(3_000);
    console.says_as("zed", "lobby-main", &json!({"Action": "SEND_MESSAGE", "Content": "coins everywhere"}));
    let console = console.wait(500).keys(":").types("purge coins rooms=all reason=1").keys("<enter>");
    let console =
        console.shows("all 2 live rooms").shows("3 messages").keys("<enter>").shows("lobby-main").shows("lobby-quiet");
    let console = console.keys("y").wait(1_000).shows("All 3 done");
    assert_eq!(console.calls("DeleteMessage").len(), 3);
}
