//! Deletions on their way: the grace period, taking them back, what the service refuses, leaving while some wait.

use std::time::Duration;

use ivschat::api::ErrorKind;
use ivschat::api::error::Refusal;
use ivschat::api::ops::DeleteMessage;

use crate::Console;

fn graceful() -> Console {
    let console = Console::configured(|settings| settings.queue.grace = Duration::from_secs(3));
    console.keys("/lobby-main<enter><enter>").wait(10_000).keys("kkk")
}

fn too_fast() -> ErrorKind {
    ErrorKind::Refused(Refusal::read(429, Some("ThrottlingException"), br#"{"message":"slow down"}"#))
}

#[test]
fn in_its_grace_period_a_deletion_can_be_taken_back() {
    let console = graceful();
    let id = console.selected_message();
    let console = console.keys("d").shows("[not sent yet, u cancels]").wait(1_000);
    let console = console.keys("u").shows("cancelled: it was not sent").hides("u cancels").wait(5_000);
    assert!(console.calls("DeleteMessage").is_empty());
    let console = console.keys("u").shows("nothing is waiting");
    assert_eq!(console.selected_message(), id, "it stands, and can be selected");
    let console = console.keys("d").wait(2_800);
    assert!(console.calls("DeleteMessage").is_empty());
    let console = console.wait(300).shows("deleted");
    assert_eq!(console.calls("DeleteMessage").len(), 1);
}

#[test]
fn a_disconnection_waits_and_can_be_taken_back_too() {
    let console = graceful().keys("K1").shows("disconnects in 3 s, u cancels").keys("u").shows("cancelled").wait(5_000);
    assert!(console.calls("DisconnectUser").is_empty());
    let console = console.keys("K1").wait(3_500).shows("disconnected ").shows("confirmed: 3.0 s");
    assert_eq!(console.calls("DisconnectUser").len(), 1);
}

#[test]
fn the_latest_is_taken_back_first() {
    let console = graceful();
    let first = console.selected_message();
    let console = console.keys("ddu").wait(4_000);
    let calls = console.calls("DeleteMessage");
    assert_eq!((calls.len(), calls[0]["id"].as_str()), (1, Some(first.as_str())));
}

#[test]
fn what_somebody_else_deletes_meanwhile_is_not_sent_and_not_called_ours() {
    let mut console = graceful();
    let (room_identifier, id) = (console.room("lobby-main"), console.selected_message());
    let console = console.keys("d").elsewhere(&DeleteMessage { room_identifier, id, reason: Some("mine".into()) });
    let console = console.shows("deleted: mine").hides("(you").wait(5_000);
    assert!(console.calls("DeleteMessage").is_empty(), "no call is spent on it");
}

#[test]
fn leaving_with_deletions_that_wait_asks_and_can_send_them_first() {
    let console = graceful().keys("ddq").keys("<c-c>").shows("2 not sent yet, 0 on the way").has_ended(false);
    let console = console.keys("n").has_ended(false).hides("not sent yet, 0").keys("<c-c>s").has_ended(true);
    assert_eq!(console.calls("DeleteMessage").len(), 2);
    let console = graceful().keys("d<c-c>y").has_ended(true);
    assert!(console.calls("DeleteMessage").is_empty(), "dropped");
}

#[test]
fn what_is_too_fast_for_the_service_waits_and_goes_again() {
    let console = Console::demo().keys("/lobby-main<enter><enter>").wait(10_000).keys("kkk");
    let console = console.fails("DeleteMessage", too_fast()).keys("d").shows("too fast for the service");
    let console = console.shows("not sent yet, u cancels").works("DeleteMessage").wait(1_500).shows("deleted");
    assert_eq!(console.calls("DeleteMessage").len(), 2);
}

#[test]
fn a_service_that_stays_too_busy_is_told_in_the_end() {
    let console = Console::demo().keys("/lobby-main<enter><enter>").wait(10_000).keys("kkk");
    let console = console.fails("DeleteMessage", too_fast()).keys("d").wait(60_000).shows("not deleted");
    assert_eq!(console.calls("DeleteMessage").len(), 6);
}

#[test]
fn the_time_from_key_to_event_counts_the_grace_too() {
    graceful().keys("d").wait(4_000).shows("confirmed: 3.0 s");
}
