//! `!`: the session log.

use ivschat::api::ErrorKind;
use ivschat::app::Msg;
use ivschat::app::file::FileTrouble;
use ivschat::app::msg::Ticket;

use crate::harness::Console;

#[test]
fn requests_stand_there_with_what_they_are_about() {
    let console = Console::demo().keys("!").shows("Session log").shows("ListRooms").shows("200");
    // The newest is at the end, and under the cursor.
    let screen = console.screen();
    let lines: Vec<&str> = screen.lines().collect();
    let last = lines.iter().rposition(|line| line.contains(" 200 ")).unwrap();
    assert!(lines[last + 1..].iter().any(|line| line.contains("Request ")), "{screen}");
    console.keys("q").hides("Session log").shows("Rooms");
}

#[test]
fn a_denial_tells_all_and_its_policy_is_copied() {
    let console = Console::demo().denies("GetRoom").keys("<c-r>").wait(1_000).keys("!e");
    let console = console.shows("403").shows("Access denied").shows("errors alone").hides("ListRooms");
    let mut console = console.keys("y").wait(100);
    let copied = console.clipboard.pop().unwrap();
    assert!(copied.starts_with(r#"{ "Effect": "Allow", "Action": "ivschat:GetRoom", "Resource": "arn:aws:ivschat:"#));
    let statement: serde_json::Value = serde_json::from_str(&copied).unwrap();
    assert_eq!(statement["Action"], "ivschat:GetRoom");
}

#[test]
fn other_entries_are_copied_for_a_ticket() {
    let no = ErrorKind::Unreachable("ivschat.us-west-2.amazonaws.com: connection refused".into());
    let mut console = Console::demo().fails("ListRooms", no).keys("<c-r>").wait(500).keys("!ey").wait(100);
    let copied = console.clipboard.pop().unwrap();
    for part in ["2026-11-21T12:", "ListRooms", "no answer", "connection refused", "No connection", "ivschat doctor"] {
        assert!(copied.contains(part), "{part}: {copied}");
    }
}

#[test]
fn it_is_filtered_and_moved_in() {
    let no = ErrorKind::Unreachable("nobody".into());
    let console = Console::demo().fails("ListLoggingConfigurations", no).keys("2<c-r>").wait(500);
    let console = console.keys("!/logging nobody<enter>").shows("/logging nobody").hides("ListRooms");
    let console = console.shows("ListLoggingConfigurations").shows("No connection");
    // One step at a time: the filter, then the log.
    let console = console.keys("<esc>").shows("ListRooms").shows("Session log");
    console.keys("g").shows("200").keys("<esc>").hides("Session log");
}

#[test]
fn whatever_was_told_as_an_error_is_there() {
    let full = || "disk full".to_owned();
    let mut console = Console::demo();
    for (msg, words) in [
        (Msg::Copied("JSON".into(), Err(full())), "JSON not copied: disk full"),
        (Msg::Journal(Err(full())), "journal: disk full"),
        (Msg::FileRead(Ticket(9), Err(FileTrouble::Other(full()))), "file: disk full"),
        (Msg::Broken("out of cheese".into()), "out of cheese"),
    ] {
        console = console.happens(msg).keys("!").shows(words).keys("q");
    }
}

#[test]
fn a_chat_that_ends_is_there_with_its_reason() {
    let console = Console::demo().keys("/staging-smoke<enter><enter>").wait(1_000).shows("live");
    console.goes_offline().wait(500).keys("!").shows("chat ").shows("CreateChatToken");
}

#[test]
fn nothing_in_it_is_obeyed_and_no_token_is_kept() {
    let no = ErrorKind::Unreachable("evil\u{1b}]0;title\u{7} \u{202e}txt".into());
    let console = Console::demo().keys("/staging-smoke<enter><enter>").wait(1_000).fails("ListRooms", no);
    let mut console = console.keys("<esc><esc>1<c-r>").wait(500).keys("!");
    let screen = console.screen();
    assert!(!screen.contains('\u{1b}') && !screen.contains('\u{202e}'), "{screen}");
    console = console.keys("y").wait(100);
    let copied = console.clipboard.pop().unwrap();
    assert!(!copied.contains('\u{1b}') && !copied.contains('\u{202e}'), "{copied:?}");
    assert!(!console.tokens.is_empty());
    let tokens = console.tokens.clone();
    let screen = console.keys("g").screen();
    assert!(tokens.iter().all(|token| !screen.contains(&token[..12])));
}
