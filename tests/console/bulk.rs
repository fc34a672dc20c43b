//! Many messages at once: what is shown before, what is hit, what came of each.

use std::sync::Arc;

use ivschat::api::ErrorKind;
use ivschat::api::error::Refusal;
use ivschat::app::room::protected::Protected;
use serde_json::json;

use crate::Console;

/// A quiet room in which so many users say the same.
fn raid(console: Console, users: usize) -> Console {
    let mut console = console.keys("/lobby-quiet<enter><enter>").wait(3_000);
    for n in 0..users {
        // No more than the room lets through.
        if n % 10 == 9 {
            console = console.wait(1_100);
        }
        console.says_as(
            &format!("raider{n}"),
            "lobby-quiet",
            &json!({"Action": "SEND_MESSAGE", "Content": "free coins"}),
        );
    }
    console.wait(500)
}

fn denied() -> ErrorKind {
    ErrorKind::Refused(Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"not for you"}"#))
}

fn ids(console: &Console) -> std::collections::BTreeSet<String> {
    console.calls("DeleteMessage").iter().map(|call| call["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_raid_of_forty_is_gone_in_four_keys_and_one_confirmation() {
    let console = raid(Console::demo(), 40).keys("kd");
    let console = console.shows("Delete 40 messages from 40 users in lobby-quiet").shows("Type 40");
    assert!(console.calls("DeleteMessage").is_empty(), "nothing is sent before it is confirmed");
    let console = console.keys("40<enter>").wait(3_000).shows("All 40 done, 40 confirmed by the room.");
    assert_eq!((ids(&console).len(), console.calls("DeleteMessage").len()), (40, 40));
    console.shows("confirmed: ").keys("<esc>").shows("deleted");
}

#[test]
fn a_wrong_number_a_paste_and_enter_delete_nothing() {
    let console = raid(Console::demo(), 25).keys("kd<enter>y24<enter>").shows("that is not how many they are");
    let console = console.keys("<c-u>").paste("25").keys("<enter>");
    assert!(console.calls("DeleteMessage").is_empty());
    console.keys("<esc>").hides("Type 25").has_ended(false);
}

#[test]
fn what_is_said_while_the_question_stands_is_not_hit() {
    let mut console = raid(Console::demo(), 5).keys("kd").shows("Delete 5 messages");
    console.says_as("late", "lobby-quiet", &json!({"Action": "SEND_MESSAGE", "Content": "free coins"}));
    let console = console.keys("y").wait(2_000).shows("All 5 done");
    assert_eq!(console.calls("DeleteMessage").len(), 5);
}

#[test]
fn protected_users_are_shown_and_left_alone() {
    let console = Console::configured(|settings| {
        settings.room.protected = Arc::new(Protected::parse(&["raider3", "raider4"]).unwrap());
    });
    let console =
        raid(console, 6).keys("kd").shows("Delete 4 messages").shows("Protected and left alone: ").shows("(2)");
    let console = console.keys("y").wait(2_000).shows("All 4 done");
    assert_eq!(console.calls("DeleteMessage").len(), 4);
}

#[test]
fn marked_messages_are_hit_for_a_reason_that_is_chosen_first() {
    let console = Console::demo().keys("/lobby-main<enter><enter>").wait(10_000).keys("kkkkk<space><space>");
    let console = console.keys("D").shows("Delete 2 messages").shows("It is asked once more").keys("3");
    assert!(console.calls("DeleteMessage").is_empty());
    let console = console.shows("Public reason: Harassment").keys("y").wait(1_000).shows("All 2 done");
    assert!(console.calls("DeleteMessage").iter().all(|call| call["reason"] == "Harassment"));
    let console = console.keys("<esc>").keys("d").wait(500);
    assert_eq!(console.calls("DeleteMessage").len(), 3, "the marks are gone: one message");
}

#[test]
fn it_can_be_cancelled_on_the_way_and_what_is_left_stands() {
    let console = raid(Console::demo(), 40).hangs("DeleteMessage").keys("kd40<enter>").wait(2_000);
    let console =
        console.shows("0 done (0 confirmed), 0 failed, 40 left").keys("<esc>").works("DeleteMessage").wait(2_000);
    let console = console.shows("24 cancelled").shows("16 done");
    assert_eq!(console.calls("DeleteMessage").len(), 16);
    let console = console.keys("r").wait(2_000).shows("All 40 done");
    assert_eq!((ids(&console).len(), console.calls("DeleteMessage").len()), (40, 40));
}

#[test]
fn it_goes_on_out_of_sight_and_what_failed_can_be_looked_at_again() {
    let console = raid(Console::demo(), 30).hangs("DeleteMessage").keys("kd30<enter>").wait(100);
    let console = console.keys("<enter>").hides("left").works("DeleteMessage").wait(2_000);
    assert_eq!(console.calls("DeleteMessage").len(), 30);
    console.shows("30 of 30 done").keys("F").shows("no form was left");
}

#[test]
fn a_denial_half_way_is_told_of_each_and_they_can_be_tried_again() {
    let console = raid(Console::demo(), 30).hangs("DeleteMessage").keys("kd30<enter>").wait(500);
    let console = console.works("DeleteMessage").fails("DeleteMessage", denied()).wait(2_000);
    let console = console.shows("failed; r tries those again").shows("failed: Access denied").works("DeleteMessage");
    let console = console.keys("r").wait(2_000).shows("All 30 done");
    assert_eq!(ids(&console).len(), 30);
}

#[test]
fn lost_answers_are_no_success_until_the_room_is_told() {
    let lost = ErrorKind::Interrupted("connection reset".to_owned());
    let console = raid(Console::demo(), 3).fails("DeleteMessage", lost).keys("kdy").wait(1_000);
    let console = console.shows("0 done").shows("nobody knows: ").works("DeleteMessage").keys("r").wait(1_000);
    console.shows("All 3 done, 3 confirmed");
}

#[test]
fn a_purge_deletes_all_of_a_user_and_then_disconnects_them() {
    let mut console = Console::demo().keys("/lobby-quiet<enter><enter>").wait(3_000);
    for n in 0..4 {
        let said = json!({"Action": "SEND_MESSAGE", "Content": format!("message {n}")});
        console.says_as("loud", "lobby-quiet", &said);
        console.says_as("other", "lobby-quiet", &said);
    }
    let console = console.keys("kk");
    let user = console.selected_author().0;
    let console = console.keys("P").shows("Purge 4 messages from 1 user, then 1 disconnection in lobby-quiet");
    let console = console.keys("1").shows("Public reason: Spam");
    assert!(console.calls("DeleteMessage").is_empty());
    let console = console.keys("y").wait(2_000).shows("All 5 done");
    assert_eq!(console.calls("DeleteMessage").len(), 4);
    let disconnected = console.calls("DisconnectUser");
    assert_eq!((disconnected.len(), disconnected[0]["userId"].as_str()), (1, Some(user.as_str())));
    assert_eq!(disconnected[0]["reason"], "Spam");
}

#[test]
fn a_protected_user_is_not_purged() {
    let console = Console::configured(|settings| {
        settings.room.protected = Arc::new(Protected::parse(&["raider*"]).unwrap());
    });
    let console = raid(console, 3).keys("kP").shows("is protected").hides("Purge");
    console.keys("d").shows("all of these are of protected users").hides("Delete 3");
}

#[test]
fn it_can_be_looked_through_on_every_size() {
    for (width, height) in [(80, 24), (140, 40), (40, 10)] {
        let console = raid(Console::demo(), 40).resize(width, height).keys("kd").shows("Type 40").shows("raider0");
        console.keys("<down><pagedown>40<enter>").wait(3_000).shows("All 40 done");
    }
}
