//! A purge by pattern: its preview while it is typed, what it hits, and what it hits while it goes on.

use std::sync::Arc;

use ivschat::api::model::Capability;
use ivschat::app::room::protected::Protected;
use serde_json::json;

use crate::Console;

fn says(console: &mut Console, user: &str, text: &str) {
    console.says_as(user, "lobby-quiet", &json!({"Action": "SEND_MESSAGE", "Content": text}));
}

fn open() -> Console {
    let mut console = Console::configured(|settings| {
        settings.room.protected = Arc::new(Protected::parse(&["mod"]).unwrap());
        settings.room.capabilities = vec![Capability::SendMessage];
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

#[test]
fn while_it_goes_on_it_leaves_alone_what_the_filter_hides_and_what_the_reader_writes() {
    let mut console = open().keys("/-from:eve<enter>").shows("good morning");
    console = console.keys(":").types("purge coins next=60s reason=1").keys("<enter><enter>");
    console = console.shows("but not what you write or the filter hides").keys("y").wait(1_000).keys("<esc>");
    let before = console.calls("DeleteMessage").len();
    for (user, text) in [("eve", "coins by eve"), ("dan", "coins by dan")] {
        says(&mut console, user, text);
    }
    let console = console.keys("cno coins, says the host<enter>").wait(1_000).shows("no coins, says the host");
    assert_eq!(console.calls("DeleteMessage").len(), before + 1, "dan's alone");
    drop(console.shows("1 hit").hides("deleted: Spam (you, under 0.1 s)  \"no coins"));
}

#[test]
fn a_message_that_came_late_does_not_hide_those_before_it() {
    let late = json!({"Type": "MESSAGE", "Id": "LateLateLate", "RequestId": "", "Attributes": {}, "Content": "late one",
        "SendTime": "2026-11-21T11:00:00Z", "Sender": {"UserId": "late", "Attributes": {}}});
    let console = open().hears("lobby-quiet", &[late.to_string()]);
    drop(console.keys(":").types("purge coins past=1m").keys("<enter>").shows("2 messages from 2 users now"));
}
