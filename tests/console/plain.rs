//! The console without a screen: lines in, lines out, and the same calls over the wire.

use ivschat::api::ErrorKind;
use ivschat::api::error::Refusal;
use serde_json::json;

use crate::Console;

/// A quiet room that is open, in which this was said.
fn quiet(said: &[&str]) -> Console {
    let mut console = Console::plain().types_line("open lobby-quiet").wait(500);
    for (n, text) in said.iter().enumerate() {
        console = says(console, &format!("user-{n}"), text);
    }
    console
}

fn says(mut console: Console, user: &str, text: &str) -> Console {
    console.says_with(user, "lobby-quiet", &[], &json!({ "Action": "SEND_MESSAGE", "Content": text }));
    console.wait(50)
}

/// What was told that begins with this.
fn with(console: &mut Console, beginning: &str) -> Vec<String> {
    console.told().into_iter().filter(|line| line.starts_with(beginning)).collect()
}

#[test]
fn rooms_are_told_one_a_line_and_found_by_their_words() {
    let mut console = Console::plain().types_line("rooms lobby");
    let told = console.told();
    assert!(told[0].starts_with("ivschat, simulator us-west-2 RW."), "{told:?}");
    assert_eq!(told[1], "rooms: 3 of 13");
    assert!(told[2].starts_with("lobby-main, id "), "{told:?}");
    assert_eq!(told.len(), 5);
}

#[test]
fn each_message_is_told_once_with_a_number_that_means_it_for_good() {
    let mut console = quiet(&["hello", "free coins"]);
    let told = console.told();
    assert!(told.iter().any(|line| line == "live lobby-quiet: what was said before is not told"), "{told:?}");
    let messages: Vec<&String> = told.iter().filter(|line| line.starts_with(char::is_numeric)).collect();
    assert_eq!(messages.len(), 2, "{told:?}");
    assert!(messages[0].starts_with("1 user-0#") && messages[0].ends_with(": hello"), "{messages:?}");
    assert!(messages[1].starts_with("2 user-1#") && messages[1].ends_with(": free coins"), "{messages:?}");
    console = says(console, "user-9", "later").types_line("delete 2 spamming").wait(500);
    let deleted = console.calls("DeleteMessage");
    assert_eq!(deleted.len(), 1);
    assert_eq!(deleted[0]["reason"], "spamming");
    let told = console.told();
    assert!(told.iter().any(|line| line.starts_with("deleting 2 user-1#") && line.ends_with("free coins")), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("deleted 2, confirmed after ")), "{told:?}");
    assert_eq!(told.iter().filter(|line| line.starts_with("deleted")).count(), 1, "{told:?}");
    let mut console = console.types_line("delete 2").types_line("delete 77").types_line("delete 0");
    assert_eq!(
        console.told(),
        ["error: 2 is deleted already", "error: no message was told as 77", "error: no message was told as 0"]
    );
    assert_eq!((console.calls("DeleteMessage").len(), console.went_wrong()), (1, 3));
}

#[test]
fn a_digit_is_the_reason_of_the_room_and_no_reason_the_usual_one() {
    let mut console = quiet(&["a", "b", "c"]).types_line("delete 1 2").types_line("delete 2 0").types_line("delete 3");
    let reasons: Vec<serde_json::Value> =
        console.calls("DeleteMessage").into_iter().map(|call| call["reason"].clone()).collect();
    assert_eq!(reasons, [json!("Hate speech"), json!(null), json!("Removed by a moderator")]);
    console = console.types_line("delete 1 9");
    assert!(with(&mut console, "error: ").len() == 1);
}

#[test]
fn what_fails_is_told_with_its_number_and_why() {
    let refused = Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"no"}"#);
    let console = quiet(&["hello"]).fails("DeleteMessage", ErrorKind::Refused(refused));
    let mut console = console.types_line("delete 1").wait(500);
    let told = with(&mut console, "not deleted 1: ");
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(console.went_wrong(), 1);
    let mut console = console.works("DeleteMessage").loses_echoes().types_line("delete 1").wait(6_000);
    let told = console.told();
    assert!(told.iter().any(|line| line.starts_with("not confirmed 1")), "{told:?}");
}

#[test]
fn what_somebody_else_deletes_is_told() {
    let mut console = quiet(&["hello"]).moderator_deletes("rude");
    assert_eq!(with(&mut console, "deleted"), ["deleted 1 by somebody else: rude"]);
}

#[test]
fn a_raid_is_one_message_and_a_count_and_can_be_deleted_as_one() {
    let mut console = quiet(&["hello"]).raid(30, "free coins at example.com");
    let told = console.told();
    let raid: Vec<&String> =
        told.iter().filter(|line| line.contains("free coins") && !line.starts_with("repeats of")).collect();
    assert_eq!(raid.len(), 3, "two before it is one, then one for all: {told:?}");
    assert!(raid[2].starts_with("repeated 3 times from 3 users: 4 "), "{raid:?}");
    assert!(told.contains(&"repeats of 4: 20 times from 20 users: free coins at example.com".to_owned()), "{told:?}");
    let mut console = console.wait(6_000).types_line("delete-repeats 4 2");
    let told = console.told();
    assert!(told.contains(&"Delete 30 messages from 30 users in lobby-quiet".to_owned()), "{told:?}");
    assert!(told.contains(&"and 10 more".to_owned()), "{told:?}");
    assert_eq!(told.last().unwrap(), "say: type how many they are: 30; or cancel");
    let console = console.types_line("29");
    assert!(console.calls("DeleteMessage").is_empty());
    let mut console = console.types_line("30").wait(5_000);
    assert_eq!(console.calls("DeleteMessage").len(), 30);
    let told = console.told();
    assert!(told.contains(&"lobby-quiet: 30 of 30 done, 30 confirmed".to_owned()), "{told:?}");
    assert!(told.iter().all(|line| !line.starts_with("deleted")), "one line tells of them all: {told:?}");
}

#[test]
fn several_are_told_and_confirmed_before_any_is_deleted() {
    let mut console = quiet(&["a", "b", "c"]).types_line("delete 1,3 off topic");
    let told = console.told();
    assert!(told.contains(&"Delete 2 messages from 2 users in lobby-quiet".to_owned()), "{told:?}");
    assert_eq!(told.last().unwrap(), "say: yes does it, no leaves them alone");
    let mut console = console.types_line("maybe").types_line("no");
    assert!(console.told()[0].starts_with("error: that is no answer here"));
    assert!(console.calls("DeleteMessage").is_empty());
    let mut console = console.types_line("delete 1,3").types_line("yes").wait(1_000);
    assert_eq!(console.calls("DeleteMessage").len(), 2);
    assert!(console.told().contains(&"lobby-quiet: 2 of 2 done, 2 confirmed".to_owned()));
}

#[test]
fn a_user_is_disconnected_by_a_message_and_a_reason_or_asked_for_one() {
    let mut console = quiet(&["hello"]).types_line("disconnect 1 spam").wait(500);
    let told = console.told();
    assert!(told.iter().any(|line| line.starts_with("disconnecting user-0#")), "{told:?}");
    let done: Vec<&String> = told.iter().filter(|line| line.starts_with("disconnected user-0#")).collect();
    assert_eq!(done.len(), 1, "{told:?}");
    assert!(done[0].contains("confirmed after"), "{done:?}");
    let mut console = console.types_line("disconnect 1");
    let told = console.told();
    assert!(told[0].starts_with("Disconnect user-0#"), "{told:?}");
    assert!(told.contains(&"2 Hate speech".to_owned()), "{told:?}");
    let console = console.types_line("2").wait(500);
    let calls = console.calls("DisconnectUser");
    assert_eq!((calls.len(), &calls[1]["reason"]), (2, &json!("Hate speech")));
}

#[test]
fn a_room_is_made_by_lines_and_deleted_by_its_name() {
    let mut console = Console::plain().types_line("create room");
    assert!(console.told().iter().any(|line| line == "Name: empty"));
    let mut console = console.types_line("name = not/a/name").types_line("send");
    let told = console.told();
    assert!(told.iter().any(|line| line.starts_with("Name: not/a/name; wrong: ")), "{told:?}");
    assert!(console.calls("CreateRoom").is_empty());
    let mut console = console.types_line("name = fresh").types_line("tags = team=live \"note=a b\"").types_line("send");
    assert_eq!(console.calls("CreateRoom")[0]["name"], "fresh");
    assert_eq!(console.calls("CreateRoom")[0]["tags"], json!({ "team": "live", "note": "a b" }));
    assert!(console.told().iter().any(|line| line.contains("fresh") && line.contains("created")));
    let mut console = console.wait(500).types_line("delete room fresh");
    let told = console.told();
    assert_eq!(told.last().unwrap(), "say: to delete it, type: delete fresh; or cancel");
    let mut console = console.types_line("yes");
    assert!(console.told().contains(&"that is not its name".to_owned()));
    assert!(console.calls("DeleteRoom").is_empty());
    let console = console.types_line("delete fresh").wait(500);
    assert_eq!(console.calls("DeleteRoom").len(), 1);
}

#[test]
fn a_change_is_looked_through_before_it_is_sent() {
    let mut console = Console::plain().types_line("edit room lobby-quiet").types_line("name = lobby-calm");
    console.told();
    let mut console = console.types_line("save");
    let told = console.told();
    assert!(told.contains(&"from: lobby-quiet".to_owned()) && told.contains(&"to: lobby-calm".to_owned()), "{told:?}");
    assert!(console.calls("UpdateRoom").is_empty());
    let console = console.types_line("yes").wait(500);
    assert_eq!(console.calls("UpdateRoom")[0]["name"], "lobby-calm");
}

#[test]
fn a_message_and_an_event_are_sent_in_a_line() {
    let mut console = quiet(&[]).types_line("say  hello \"everyone\"").wait(1_000);
    assert_eq!(console.said()[0]["Content"], "hello \"everyone\"");
    let told = console.told();
    assert!(told.iter().any(|line| line.starts_with("1 you, ") && line.ends_with(": hello \"everyone\"")), "{told:?}");
    let console = console.types_line("event app:POLL question=\"why not\"").wait(500);
    let event = &console.calls("SendEvent")[0];
    assert_eq!((&event["eventName"], &event["attributes"]), (&json!("app:POLL"), &json!({ "question": "why not" })));
}

#[test]
fn paused_messages_are_counted_and_told_afterwards() {
    let mut console = quiet(&[]).types_line("pause");
    console.told();
    for n in 0..25 {
        console = says(console, &format!("u{n}"), &format!("line number {n}")).wait(200);
    }
    assert_eq!(console.told(), Vec::<String>::new());
    let mut console = console.types_line("resume");
    let told = console.told();
    assert_eq!(told[0], "resumed lobby-quiet: 25 came meanwhile; the last 20:");
    assert_eq!(told.len(), 21);
    assert!(told[1].starts_with("1 u5#") && told[20].ends_with("line number 24"), "{told:?}");
}

#[test]
fn a_lost_connection_and_its_return_are_told() {
    let mut console = quiet(&[]).goes_offline();
    let told = with(&mut console, "lost lobby-quiet: ");
    assert_eq!(told.len(), 1, "{told:?}");
    let mut console = console.comes_online().wait(60_000);
    let told = with(&mut console, "back lobby-quiet: gap of ");
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn what_needs_a_screen_and_what_is_unknown_is_said_so() {
    let mut console = Console::plain();
    console.told();
    let mut console = console.types_line("zoom").types_line("opne x").types_line("open nowhere").types_line(":status");
    assert_eq!(
        console.told(),
        [
            "error: zoom needs a screen: help tells what can be said",
            "error: there is no word \"opne\": did you mean open?",
            "error: no room is called \"nowhere\"",
            "no room is live",
        ]
    );
}

#[test]
fn a_line_that_ends_in_a_question_mark_tells_how_it_may_go_on() {
    let mut console = quiet(&[]);
    console.told();
    let mut console = console.types_line("open lobby-q?").types_line("delete-r?");
    let told = console.told();
    assert!(told[0].starts_with("lobby-quiet, "), "{told:?}");
    assert!(told[1].starts_with("delete-repeats N [REASON]: "), "{told:?}");
    let console = console.types_line("say how are you?").wait(500);
    assert_eq!(console.said()[0]["Content"], "how are you?");
}

#[test]
fn what_is_asked_is_not_talked_over() {
    let mut console = quiet(&["hello"]).types_line("delete room lobby-eu");
    console.told();
    console = says(console, "late", "are you there");
    assert_eq!(console.told(), Vec::<String>::new());
    let mut console = console.types_line("cancel");
    let told = console.told();
    assert!(told.len() == 1 && told[0].ends_with(": are you there"), "{told:?}");
}

#[test]
fn a_room_that_was_named_at_the_start_and_a_recording_are_told() {
    let mut console = Console::opening("lobby-quiet").without_a_screen();
    console = says(console, "u", "hello");
    assert!(console.told().iter().any(|line| line.starts_with("1 u#")));
}

#[test]
fn flagged_messages_are_told_so_and_found_again() {
    let rule = "[[rule]]\nname = 'coins'\nwords = ['free coins']\n";
    let mut console = Console::ruled(rule, &[]).without_a_screen().types_line("open lobby-quiet").wait(500);
    for text in ["hello", "free coins here", "bye"] {
        console = says(console, "u", text);
    }
    assert_eq!(with(&mut console, "flagged coins: 2 u#").len(), 1);
    let mut console = console.types_line("next").types_line("next");
    let told = console.told();
    assert!(
        told[0].starts_with("flagged coins: 2 u#") && told[1].starts_with("no flagged message is left"),
        "{told:?}"
    );
    let mut console = console.types_line("delete 2").wait(500).types_line("flagged");
    assert!(console.told().contains(&"flagged: 0".to_owned()));
}

#[test]
fn a_line_waits_for_what_it_may_depend_on_and_cancel_gives_that_up() {
    let console = Console::plain().hangs("GetRoom").types_line("details lobby-quiet");
    assert!(console.would_wait());
    let console = console.types_line("cancel");
    assert!(!console.would_wait());
    let mut console = console.releases("GetRoom");
    assert!(console.told().iter().all(|line| !line.starts_with("Name: ")), "nobody waits for it");
}

#[test]
fn details_tags_and_the_journal_are_told_in_lines_that_say_what_they_are() {
    let mut console = quiet(&["hello"]).types_line("delete 1").wait(500).types_line("details").wait(100);
    let told = console.told();
    assert!(told.contains(&"Name: lobby-quiet".to_owned()), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("Limits: ")), "{told:?}");
    let mut console = console.types_line("journal");
    let told = console.told();
    assert!(told.iter().any(|line| line.starts_with("Outcome: ")), "{told:?}");
    let mut console = console.types_line("tags");
    assert!(console.told()[0].starts_with("tags of lobby-quiet: "));
}

#[test]
fn nobody_can_forge_a_line_or_a_number() {
    let mut console = quiet(&["hello"]);
    console.told();
    let names = ["99 admin", "x\n98 admin#0000: done", "\u{202e}nimda 79", "\u{1b}[2K97 admin", "deleted 1, confirmed"];
    for (n, name) in names.iter().enumerate() {
        let text = format!("bye\r\n96 admin#0000: {n}\u{1b}]0;title\u{7}\u{2028}95 root\u{9b}2J");
        let said = json!({ "Action": "SEND_MESSAGE", "Content": text });
        console.says_with(&format!("evil-{n}"), "lobby-quiet", &[("displayName", name)], &said);
        console = console.wait(50);
    }
    let told = console.told();
    assert_eq!(told.len(), names.len(), "a line for each, and no other: {told:?}");
    for (n, line) in told.iter().enumerate() {
        let ours = format!("{} ", n + 2);
        assert!(line.starts_with(&ours) || line.starts_with(&format!("hidden characters: {ours}")), "{line:?}");
    }
    let mut console = console.types_line("delete 99").types_line("delete 96");
    assert!(with(&mut console, "error: no message was told as").len() == 2);
    assert!(console.calls("DeleteMessage").is_empty());
}

#[test]
fn leaving_with_something_under_way_is_asked_about() {
    let console = quiet(&["hello"]).hangs("DeleteMessage").types_line("delete 1").types_line("quit").has_ended(false);
    let console = console.types_line("no").has_ended(false);
    console.types_line("quit").types_line("yes").has_ended(true);
}
