//! Messages of one's own: written, sent, seen coming back, refused, lost; what was typed is never lost with them.

use ivschat::api::ErrorKind;
use ivschat::api::error::Refusal;
use ivschat::api::ops::{DisconnectUser, UpdateRoom};
use ivschat::app::Msg;
use ivschat::app::key::{Code, Key};
use serde_json::{Value, json};

use crate::Console;

/// A room in which nobody talks, open.
fn quiet() -> Console {
    Console::demo().keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live")
}

/// The same after the first message, with a connection that may write.
fn writing() -> Console {
    quiet().keys("c").types("first").keys("<enter>").shows("written to lobby-quiet")
}

#[test]
fn the_first_message_joins_as_a_user_who_may_write_and_is_seen_coming_back() {
    let console = quiet().keys("c").shows("Write to lobby-quiet as ivschat-test").shows("joins the room anew");
    let console = console.types("hello, room").keys("<enter>");
    let console = console.shows("written to lobby-quiet, seen in under 0.1 s").hides("Write to");
    let tokens = console.calls("CreateChatToken");
    assert_eq!((tokens.len(), &tokens[1]["capabilities"]), (2, &json!(["SEND_MESSAGE"])));
    assert_eq!(tokens[1]["userId"], "ivschat-test");
    let [said] = console.said() else { panic!("{:?}", console.said()) };
    assert_eq!((&said["Action"], &said["Content"]), (&json!("SEND_MESSAGE"), &json!("hello, room")));
    console
        .shows("* lobby-quiet as ivschat-test (SEND_MESSA")
        .shows("from here on as ivschat-test")
        .shows("hello, room");
}

#[test]
fn a_message_of_ours_is_marked_with_its_delay_and_nobody_can_pretend_to_it() {
    let mut console = writing();
    let ours = console.row_of("first");
    let screen = console.screen();
    let row = screen.lines().nth(ours).unwrap();
    assert!(row.contains(" >ivschat-te") && row.contains("first  (you, under 0.1 s)"), "{row}");
    let forged = json!({"Action": "SEND_MESSAGE", "Content": "me too  (you, under 0.1 s)"});
    console.says_as(">mallory", "lobby-quiet", &forged);
    let console = console.wait(100).shows("me too");
    let screen = console.screen();
    let row = screen.lines().nth(console.row_of("me too")).unwrap();
    assert!(row.contains("  >mallory") && !row.contains(" >>"), "the column of the mark stays empty: {row}");
}

#[test]
fn a_message_of_ours_that_fills_its_line_is_marked_all_the_same() {
    let console = writing();
    let screen = console.screen();
    let row = screen.lines().nth(console.row_of("first")).unwrap();
    let before = row.chars().position(|c| c == 'f').unwrap();
    let console = console.keys("c").types(&"w".repeat(79 - before)).keys("<enter>").shows("written to");
    let screen = console.screen();
    let row = screen.lines().nth(console.row_of("ww")).unwrap();
    assert!(row.contains(" >ivschat-te") && row.ends_with("ww│"), "{row}");
    // Deleted, it says that instead.
    console.keys("kd").wait(100).shows("x").shows("deleted (you, under 0.1 s)");
}

#[test]
fn the_next_message_goes_over_the_same_connection_under_an_id_of_its_own() {
    let console = writing().keys("c").hides("joins the room anew").types("second").keys("<enter>");
    let console = console.shows("written to lobby-quiet").shows("first").shows("second");
    assert_eq!(console.calls("CreateChatToken").len(), 2);
    let ids: Vec<&Value> = console.said().iter().map(|said| &said["RequestId"]).collect();
    assert_eq!((ids.len(), ids[0].as_str().unwrap().len()), (2, 36));
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn the_journal_has_what_was_written_and_what_came_of_it() {
    let console = writing().keys("]]]").shows("wrote a message as ivschat-test").shows("done (").shows("first");
    let console = console.keys("[[[").swallows_what_is_said().keys("c").types("lost").keys("<enter>").wait(6_000);
    console.keys("<esc>y]]]").shows("write a message as ivschat-test").shows("unknown: neither the message nor");
}

#[test]
fn a_message_that_the_review_refuses_stays_with_the_service_s_words() {
    let console = Console::demo().keys("/kids-craft<enter><enter>").wait(3_000).shows("live").keys("c");
    let console = console.types("you stink").keys("<enter>").shows("The room's review refused it");
    let console = console.shows("Let's keep it friendly").shows("406").shows("you stink").shows("still here");
    let console = console.keys("<c-w><c-w>").types("well done").hides("friendly").keys("<enter>");
    assert_eq!(console.shows("written to kids-craft").said()[1]["Content"], "well done");
}

#[test]
fn a_message_over_the_room_s_rate_stays_and_can_be_sent_again() {
    let mut console = quiet();
    let identifier = console.room("lobby-quiet");
    let slow = UpdateRoom {
        identifier,
        name: None,
        maximum_message_rate_per_second: Some(1),
        maximum_message_length: None,
        message_review_handler: None,
        logging_configuration_identifiers: None,
    };
    let console = console.elsewhere(&slow).keys("c").types("one").keys("<enter>").shows("written").keys("c");
    let console =
        console.types("2").keys("<enter>").shows("Too many messages").shows("429").shows("Rate limit exceeded");
    console.wait(2_000).keys("<enter>").shows("written to lobby-quiet").hides("Too many");
}

#[test]
fn each_refusal_says_what_it_is_and_keeps_the_text() {
    let cases = [
        (400, "The service did not accept it"),
        (401, "The connection has expired"),
        (403, "It is not allowed"),
        (404, "The room does not exist any more"),
        (413, "It is too large"),
        (500, "The service refused it"),
    ];
    for (code, words) in cases {
        let console =
            writing().swallows_what_is_said().keys("c").types("precious").keys("<enter>").shows("sent, not back yet");
        let console = console.refuses_what_was_said(code, "in its \u{1b}[2Jown words").shows(words);
        let console = console.shows("own words").shows(&code.to_string()).shows("precious").wait(10_000);
        assert_eq!(console.said().len(), 2, "nothing is sent again by itself");
        console.shows(words).keys("<esc>").shows("Drop what you typed?").keys("<esc>").shows("precious");
    }
}

#[test]
fn a_message_that_does_not_come_back_is_neither_called_sent_nor_sent_again() {
    let console = writing().swallows_what_is_said().keys("c").types("precious").keys("<enter>").wait(4_000);
    let console =
        console.shows("sent, not back yet").wait(2_000).shows("Sent, but not seen coming back").shows("precious");
    assert_eq!(console.shows("Look before you send it again").wait(60_000).said().len(), 2);
}

#[test]
fn a_connection_lost_after_sending_is_told_and_the_text_stays() {
    let console = writing().swallows_what_is_said().keys("c").types("precious").keys("<enter>").goes_offline();
    let console = console.shows("Sent, but not seen coming back").shows("connection reset").shows("precious");
    assert_eq!(console.comes_online().wait(60_000).said().len(), 2);
}

#[test]
fn a_connection_that_can_not_be_made_is_told_and_the_text_stays() {
    let console = quiet().goes_offline().keys("c").types("precious").keys("<enter>").shows("Not sent");
    let console = console.shows("connection refused").shows("precious");
    assert!(console.said().is_empty());
    console.comes_online().keys("<enter>").wait(1_000).shows("written to lobby-quiet");
}

#[test]
fn a_denied_token_keeps_the_text() {
    let no = Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"no"}"#);
    let console = quiet().fails("CreateChatToken", ErrorKind::Refused(no)).keys("c").types("precious").keys("<enter>");
    let console = console.shows("Not sent").shows("no token").shows("precious").wait(60_000);
    assert!(console.said().is_empty());
}

#[test]
fn what_has_not_left_yet_can_be_kept_back() {
    let console =
        quiet().hangs("CreateChatToken").keys("c").types("precious").keys("<enter>").shows("joining the room");
    let console = console.keys("<esc>").shows("Not sent").shows("you stopped it").shows("precious");
    let console = console.works("CreateChatToken").wait(10_000).shows("precious");
    assert!(console.said().is_empty(), "a message that was kept back is not sent later");
    console.keys("<enter>").shows("written to lobby-quiet");
}

#[test]
fn what_has_left_is_told_of_after_its_form_is_closed() {
    let console = writing().swallows_what_is_said().keys("c").types("precious").keys("<enter><esc>").hides("Write to");
    let console = console.keys("qqq").shows("still on the way").keys("n");
    console.wait(6_000).shows("Sent, but not seen coming back, F brings it back");
}

#[test]
fn what_failed_after_its_form_was_left_is_brought_back_and_can_be_sent_again() {
    let console = writing().swallows_what_is_said().keys("c").types("precious").keys("<tab>").types("k=v");
    let console = console.keys("<enter><esc>").refuses_what_was_said(406, "Let's keep it friendly");
    let console = console.shows("The room's review refused it, F brings it back").hides("precious");
    let console = console.keys("F").shows("Let's keep it friendly").shows("precious").shows("k");
    let console = console.delivers_what_is_said().keys("<enter>").shows("written to lobby-quiet");
    let [.., again] = console.said() else { panic!("{:?}", console.said()) };
    assert_eq!((&again["Content"], &again["Attributes"]), (&json!("precious"), &json!({"k": "v"})));
    assert_eq!(console.said().len(), 3, "only a key sends again");
}

#[test]
fn a_message_that_comes_late_is_told_and_closes_its_form() {
    let console = writing().swallows_what_is_said().keys("c").types("precious").keys("<enter>").wait(6_000);
    let console = console.shows("Sent, but not seen").returns_what_was_said();
    console.hides("Sent, but not seen").shows("written to lobby-quiet, seen in 6.").shows("precious  (you, 6.");
}

#[test]
fn a_message_that_comes_late_leaves_alone_what_was_typed_since() {
    let console = writing().swallows_what_is_said().keys("c").types("precious").keys("<enter>").wait(6_000);
    let console = console.types(", and more").hides("not seen coming back").returns_what_was_said();
    console.shows("written to lobby-quiet").shows("precious, and more").keys("<esc>").shows("Drop what you typed?");
}

#[test]
fn a_message_that_comes_late_does_not_end_the_one_that_was_sent_after_it() {
    let console = writing().swallows_what_is_said().keys("c").types("precious").keys("<enter>").wait(6_000);
    let late = console.said()[1].clone();
    let console = console.keys("<enter>").shows("sent, not back yet").returns(&late).shows("written to lobby-quiet");
    console.shows("sent, not back yet").wait(6_000).shows("Sent, but not seen");
}

#[test]
fn a_message_that_comes_late_takes_its_left_form_along() {
    let console = writing().swallows_what_is_said().keys("c").types("precious").keys("<enter><esc>").wait(6_000);
    let console = console.shows("F brings it back").returns_what_was_said().shows("written to lobby-quiet");
    console.keys("F").shows("no form was left").hides("Write to");
}

#[test]
fn a_refusal_that_comes_late_replaces_the_doubt() {
    let console = writing().swallows_what_is_said().keys("c").types("precious").keys("<enter>").wait(6_000);
    let console = console.refuses_what_was_said(429, "Rate limit exceeded").hides("not seen coming back");
    console.shows("Too many messages").shows("precious");
}

#[test]
fn attributes_go_along_and_reach_the_room() {
    let console = quiet().keys("c").types("hi").keys("<tab>").types("mood=glad").shows("8/1024 B").keys("<enter>");
    let console = console.shows("written to lobby-quiet").keys("ky").shows("text");
    assert_eq!(console.said()[0]["Attributes"], json!({"mood": "glad"}));
    // Without any, none are sent.
    assert_eq!(writing().said()[0].get("Attributes"), None);
}

#[test]
fn attributes_that_are_too_large_are_refused_by_the_service_and_kept() {
    let console = writing().keys("c").types("precious").keys("<tab>").types("k=").paste(&"v".repeat(1024));
    let console = console.shows("1025/1024 B").keys("<enter>").shows("It is too large").shows("413");
    console.shows("too large: Attributes").shows("precious").shows("1025/1024 B");
}

/// The attributes that are said when this is put into their field, or nothing if it is refused in these words.
fn attributes(put: impl FnOnce(Console) -> Console, refused: Option<&str>) -> Value {
    let console = put(writing().keys("c").types("x").keys("<tab>")).keys("<enter>");
    match refused {
        Some(words) => {
            assert_eq!(console.shows(words).said().len(), 1);
            Value::Null
        }
        None => console.shows("written to").said()[1].get("Attributes").cloned().unwrap_or_default(),
    }
}

#[test]
fn the_attributes_take_what_the_service_takes() {
    assert_eq!(attributes(|console| console, None), Value::Null);
    let longest = "v".repeat(1023);
    assert_eq!(attributes(|console| console.types("k=").paste(&longest), None), json!({"k": longest}));
    assert_eq!(attributes(|console| console.types("😀=👩‍👩‍👧"), None), json!({"😀": "👩‍👩‍👧"}));
    assert_eq!(attributes(|console| console.types("k=").paste("a\u{7}b"), None), json!({"k": "a b"}));
    assert_eq!(attributes(|console| console.paste("a=1\nb=2\n"), None), json!({"a": "1", "b": "2"}));
    attributes(|console| console.types("=v"), Some("has no key"));
    attributes(|console| console.types("k=1").keys("<tab>").types("k=2"), Some("is there twice"));
}

#[test]
fn a_message_of_somebody_else_under_our_request_s_id_is_not_ours() {
    let mut console = writing().swallows_what_is_said().keys("c").types("precious").keys("<enter>");
    let request_id = console.said()[1]["RequestId"].clone();
    console.says_as(
        "mallory",
        "lobby-quiet",
        &json!({"Action": "SEND_MESSAGE", "RequestId": request_id, "Content": "!"}),
    );
    console.wait(100).shows("sent, not back yet").wait(6_000).shows("not seen coming back");
}

#[test]
fn being_disconnected_while_a_message_is_on_its_way_keeps_it() {
    let mut console = writing().swallows_what_is_said().keys("c").types("precious").keys("<enter>");
    let room_identifier = console.room("lobby-quiet");
    let disconnect = DisconnectUser { room_identifier, user_id: "ivschat-test".into(), reason: None };
    console.elsewhere(&disconnect).shows("not seen coming back").shows("disconnected by a moderator").shows("precious");
}

#[test]
fn neither_a_held_key_nor_a_paste_writes_a_message() {
    quiet().happens(Msg::Held(Key::char('c'))).hides("Write to").paste("c").hides("Write to");
    let console = quiet().keys("c").paste("one\ntwo\n").happens(Msg::Held(Key::plain(Code::Enter))).shows("two");
    assert!(console.said().is_empty());
}

/// What is said when this is put into the field, or nothing if it is refused in these words.
fn said(put: impl FnOnce(Console) -> Console, refused: Option<&str>) -> Value {
    let console = put(quiet().keys("c"));
    match refused {
        Some(words) => {
            let console = console.keys("<enter>").shows(words);
            assert!(console.said().is_empty() && console.calls("CreateChatToken").len() == 1);
            Value::Null
        }
        None => console.keys("<enter>").shows("written to").said()[0]["Content"].clone(),
    }
}

#[test]
fn c_u_clears_the_line_up_to_the_caret_as_in_every_other_field() {
    let cleared = |console: Console| console.types("one").keys("<c-j>").types("you stink").keys("<c-u>").types("two");
    assert_eq!(said(cleared, None), json!("one\ntwo"));
}

#[test]
fn the_message_takes_what_the_room_takes() {
    Console::demo().keys("/kids-craft<enter><enter>").wait(3_000).keys("c").shows("0/120");
    let longest = "m".repeat(280);
    said(|console| console, Some("must not be empty"));
    assert_eq!(said(|console| console.shows("0/280").types(&longest), None), json!(longest));
    said(|console| console.types(&"m".repeat(281)), Some("has 281 characters, at most 280"));
    assert_eq!(said(|console| console.types("👩‍👩‍👧 hi"), None), json!("👩‍👩‍👧 hi"));
    assert_eq!(said(|console| console.types("one").keys("<c-j>").types("two"), None), json!("one\ntwo"));
    assert_eq!(said(|console| console.paste("one\r\ntwo\n\nthree"), None), json!("one\ntwo\n\nthree"));
    assert_eq!(said(|console| console.paste("a\u{1b}[31mb\u{7}"), None), json!("a [31mb "));
}
