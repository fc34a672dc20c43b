//! The reason that everyone is told: chosen by a digit, per room, typed, with a note that nobody is told; done again.

use ivschat::app::Msg;
use ivschat::app::key::Key;
use ivschat::app::reasons::{Reason, Reasons};
use serde_json::json;

use crate::Console;

fn selected() -> Console {
    Console::demo().keys("/lobby-main<enter><enter>").wait(10_000).shows("live").keys("kkk")
}

fn sent(console: &Console) -> Vec<serde_json::Value> {
    console.calls("DeleteMessage").into_iter().map(|call| call["reason"].clone()).collect()
}

#[test]
fn a_digit_sends_at_once_and_the_question_names_room_user_and_text() {
    let console = selected();
    let (id, label) = (console.selected_message(), console.selected_author().1);
    let console = console.keys("D").shows(&format!("Delete a message of {label} in lobby-main"));
    let console = console.shows("everyone in the room can read it").shows(" 2  Hate speech").keys("2");
    let console = console.hides("Public reason").shows("deleted: Hate speech (you");
    let calls = console.calls("DeleteMessage");
    assert_eq!((&calls[0]["id"], &calls[0]["reason"]), (&json!(id), &json!("Hate speech")));
    assert_ne!(console.selected_message(), id, "on to the next");
}

#[test]
fn a_digit_without_a_reason_sends_nothing_and_zero_sends_none() {
    let console = selected().keys("D9").shows("Public reason");
    assert!(console.calls("DeleteMessage").is_empty());
    let console = console.keys("0").hides("Public reason");
    assert_eq!(console.calls("DeleteMessage")[0].get("reason"), None);
}

#[test]
fn each_room_has_the_reasons_that_are_configured_for_it() {
    let reason = |text: &str, rooms: &[&str]| Reason {
        text: text.to_owned(),
        rooms: rooms.iter().map(|room| (*room).to_owned()).collect(),
    };
    let console = Console::configured(|settings| {
        let all = vec![reason("No spoilers", &["lobby-m*"]), reason("Elsewhere", &["other-*"]), reason("Spam", &[])];
        settings.reasons = Reasons::new(all);
    });
    let console = console.keys("/lobby-main<enter><enter>").wait(10_000).keys("kkkD");
    let console = console.shows(" 1  No spoilers").shows(" 2  Spam").hides("Elsewhere").keys("2");
    assert_eq!(sent(&console), ["Spam"]);
}

#[test]
fn a_note_goes_into_the_journal_and_to_nobody_else() {
    let console = selected().keys("D;").types("third time, ask Nadia").keys("<enter>1").wait(1_000);
    let calls = console.calls("DeleteMessage");
    assert_eq!(calls[0]["reason"], "Spam");
    assert!(!calls[0].to_string().contains("third time"), "{}", calls[0]);
    console.keys("]]]").shows("third time, ask Nadia");
}

#[test]
fn what_is_typed_is_not_lost_and_not_taken_for_a_choice() {
    let console = selected().keys("D;").types("1 y").keys("<tab><esc>").shows("Drop what you typed?").keys("n");
    let console = console.shows("1 y").paste("1").happens(Msg::Held(Key::char('1')));
    assert!(console.calls("DeleteMessage").is_empty());
    let console = console.keys("<esc>y").hides("Public reason");
    assert!(console.calls("DeleteMessage").is_empty());
}

#[test]
fn a_reason_that_looks_like_another_says_what_it_holds() {
    selected().keys("D/<c-u>").paste("sp\u{200b}am").shows("U+200B");
}

#[test]
fn a_full_stop_does_the_last_thing_again_to_what_is_selected_now() {
    let console = selected().keys(".").shows("nothing was done yet").keys("D2");
    let (id, label) = (console.selected_message(), console.selected_author().1);
    let console = console.keys(".").shows(&format!("deleted {label}, confirmed"));
    let calls = console.calls("DeleteMessage");
    assert_eq!((&calls[1]["id"], &calls[1]["reason"]), (&json!(id), &json!("Hate speech")));
    // A disconnection asks each time, with the last reason at hand.
    let console = console.keys("K3").keys(".").shows(" y  Harassment");
    assert_eq!(console.calls("DisconnectUser").len(), 1);
    assert_eq!(console.keys("y").calls("DisconnectUser").len(), 2);
}

#[test]
fn a_full_stop_that_is_held_acts_once() {
    let console = selected().keys("D2").keys(".");
    let held = console.calls("DeleteMessage").len();
    let console = (0..10).fold(console, |console, _| console.wait(30).happens(Msg::Key(Key::char('.'))));
    assert!(console.calls("DeleteMessage").len() <= held + 1, "{}", console.calls("DeleteMessage").len());
}
