//! The Journal tab: what was done through the console, and what came of it.

use ivschat::api::error::Refusal;
use ivschat::api::ops::DeleteRoom;
use ivschat::api::{Error, ErrorKind};
use ivschat::app::Msg;
use ivschat::app::msg::Kept;
use ivschat::journal::record::{Act, End, Entry, Outcome};
use std::time::Duration;

use crate::Console;

/// The busy room, open and with some talk in it, and a message selected.
fn lobby() -> Console {
    Console::demo().keys("/lobby-main<enter><enter>").wait(10_000).shows("live").keys("kkk")
}

fn denied() -> ErrorKind {
    ErrorKind::Refused(Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"not for you"}"#))
}

/// A change that another console made.
fn earlier(console: &mut Console, room: &str, end: End) -> Entry {
    let act = Act {
        operation: "DisconnectUser".into(),
        target: Some(console.room(room)),
        user: Some("crypt0\u{1b}[2J".into()),
        reason: Some("spam".into()),
        note: Some("second time today".into()),
        rule: None,
        text: None,
        input: serde_json::json!({}),
    };
    Entry { time: "2026-11-20T23:15:00Z".parse().unwrap(), actor: None, act, end }
}

fn kept(entries: Vec<Entry>) -> Msg {
    Msg::Journal(Ok(Kept { folder: Some("/home/me/journal".into()), entries }))
}

#[test]
fn a_deletion_is_pending_then_done_in_the_journal() {
    let console = lobby().hangs("DeleteMessage").keys("d").keys("[").shows("delete a message of ").shows("pending");
    console
        .shows("Removed by a moderator (public)")
        .works("DeleteMessage")
        .hides("pending")
        .shows("deleted a message of ")
        .shows("done (")
        .shows("test-request")
        .shows("12:00:");
}

#[test]
fn the_original_text_of_a_deleted_message_stays_in_the_journal() {
    let console = lobby();
    let row = console.reversed_row().unwrap();
    let said: String = row.trim_matches('│').split_whitespace().skip(2).collect::<Vec<_>>().join(" ");
    assert!(!said.is_empty());
    console.keys("d[").shows(&said);
}

#[test]
fn a_denied_deletion_is_refused_in_the_journal() {
    lobby()
        .fails("DeleteMessage", denied())
        .keys("d[")
        .shows("delete a message of ")
        .shows("refused: AccessDeniedException: not for you")
        .hides("done (");
}

#[test]
fn an_answer_that_is_lost_is_unknown_in_the_journal() {
    lobby()
        .fails("DeleteMessage", ErrorKind::Interrupted("reset".into()))
        .keys("d[")
        .shows("unknown: the connection broke: reset");
}

#[test]
fn the_journal_of_a_room_is_about_that_room_and_a_shows_all() {
    let mut console = Console::sized(140, 40);
    let entries = vec![earlier(&mut console, "lobby-eu", End::Lost)];
    let console = console.happens(kept(entries)).keys("/lobby-main<enter>0]]").shows("Nothing was done to this");
    console
        .shows("kept in /home/me/journal")
        .keys("a")
        .shows("2026-11-20 23:15:00Z  disconnect crypt0␛[2J")
        .shows("unknown: the console ended before it came")
        .shows("second time today")
        .shows("spam (public)")
        .shows(" everything ─")
        .shows("room/")
        .keys("a")
        .shows("Nothing was done to this");
}

#[test]
fn what_was_done_to_a_room_that_is_gone_is_still_there() {
    let mut console = Console::sized(140, 40);
    let room = console.room("lobby-eu");
    let entries = vec![earlier(&mut console, "lobby-eu", End::Lost)];
    let console = console.happens(kept(entries)).elsewhere(&DeleteRoom { identifier: room.clone() });
    console.keys("<c-r>").hides("lobby-eu").keys("0]]a").shows(room.id()).shows("disconnect crypt0");
}

#[test]
fn a_logging_configuration_has_a_journal_and_the_demo_says_that_it_keeps_none() {
    Console::sized(140, 40).keys("20]]").shows("Nothing was done to this").shows("not kept when the console ends");
}

#[test]
fn a_room_that_was_made_has_its_making_in_its_journal() {
    let mut console = Console::sized(140, 40);
    let answer = format!(r#"{{"arn":"{}","token":"hidden"}}"#, console.room("lobby-eu"));
    let answer = ivschat::api::Answer { status: 200, request_id: None, attempts: 1, body: answer.into_bytes() };
    let outcome = Outcome::of(&Ok(answer), Duration::from_millis(1234));
    assert!(!format!("{outcome:?}").contains("hidden"), "of an answer only the ARN is kept");
    let mut entry = earlier(&mut console, "lobby-eu", End::Over(outcome));
    (entry.act.target, entry.act.operation) = (None, "CreateRoom".into());
    console.happens(kept(vec![entry])).keys("/lobby-eu<enter>0]]").shows("created a room").shows("done (1.2 s)");
}

#[test]
fn a_journal_that_can_not_be_read_is_told() {
    Console::sized(140, 40)
        .happens(Msg::Journal(Err("/home/me/journal: Permission denied".into())))
        .keys("0]]")
        .shows("Earlier changes can't be read: /home/me/journal: Permission denied");
}

#[test]
fn a_change_that_could_not_be_written_down_is_told_whatever_else_is() {
    lobby()
        .happens(Msg::Unwritten("disk full".into(), Box::new(Msg::Resize(80, 24))))
        .shows("can't be written: disk full");
}

#[test]
fn a_deletion_that_was_not_sent_for_want_of_a_journal_says_so() {
    lobby()
        .fails("DeleteMessage", ErrorKind::Unwritten("disk full".into()))
        .keys("d")
        .shows("Not sent, because the journal")
        .keys("[")
        .shows("failed: not sent, because the journal");
}

#[test]
fn a_server_error_leaves_open_whether_it_was_done_on_the_screen_and_in_the_journal() {
    let kind = ErrorKind::Refused(Refusal::read(500, Some("InternalServerException"), br#"{"message":"oops"}"#));
    lobby()
        .fails("DeleteMessage", kind)
        .keys("d")
        .shows("deleted or not, nobody knows")
        .hides("not deleted")
        .keys("[")
        .shows("unknown");
}

#[test]
fn a_signature_that_is_explained_by_the_session_token_is_not_written_down() {
    let words = br#"{"message":"The Canonical String should have been x-amz-security-token:CANARY"}"#;
    // The last one is made up: a name that AWS may think of tomorrow.
    for name in ["InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature", "SignatureAgedException"]
    {
        let kind = ErrorKind::Refused(Refusal::read(403, Some(name), words));
        let error = Error { operation: "DeleteRoom", request_id: None, attempts: 1, kind };
        let outcome = Outcome::of(&Err(error), Duration::ZERO);
        assert!(!serde_json::to_string(&outcome).unwrap().contains("CANARY"), "{name}");
    }
}

/// The journal of everything, with three changes that other consoles made, one of them to a room that is gone.
fn three() -> Console {
    let mut console = Console::sized(140, 40);
    let mut tags = earlier(&mut console, "lobby-main", End::Lost);
    (tags.act.operation, tags.act.user, tags.act.note) = ("TagResource".into(), None, None);
    tags.act.input = serde_json::json!({"tags": {"env": "prod", "team": "live-events"}});
    let mut change = earlier(&mut console, "raid-night", End::Lost);
    (change.act.operation, change.act.user, change.act.note) = ("UpdateRoom".into(), None, None);
    change.act.input = serde_json::json!({"identifier": "x", "name": "raid-day", "maximumMessageLength": 200});
    let entries = vec![earlier(&mut console, "lobby-eu", End::Lost), tags, change];
    console.happens(kept(entries)).keys("0]]a").shows(" everything ")
}

#[test]
fn the_journal_is_searched_by_words_in_all_fields_and_the_count_is_shown() {
    let console = three().keys("/").shows("3 of 3").keys("SECOND crypt0").shows("/SECOND crypt0").shows("1 of 3");
    let console = console.shows("disconnect crypt0").hides("raid-day").keys("<enter>").shows("1 of 3");
    let console = console.keys("<esc>").hides("1 of 3").hides("SECOND").shows("raid-day");
    let console = console.keys("/team<enter>").shows("1 of 3").shows("set tags").keys("/ nothing-like-this");
    let console = console.shows("0 of 3").shows("No entry has all these words").keys("<esc>").shows("raid-day");
    console.keys(":filter crypt0<enter>").shows("1 of 3").keys("q").hides("1 of 3").shows(" everything ");
}

#[test]
fn a_pasted_search_is_typed_and_the_hint_line_names_both_keys_of_the_journal() {
    three().shows("a all").shows("/ search").keys("/").paste("spam\nprod").shows("/spam prod").shows("1 of 3");
}

#[test]
fn entries_name_the_room_and_what_was_set_to_what() {
    three()
        .shows("On          lobby-main")
        .shows("env = prod")
        .shows("team = live-events")
        .shows("name = raid-day")
        .shows("maximumMessageLength = 200")
        .hides("identifier = x");
}

#[test]
fn a_room_that_is_gone_keeps_the_name_that_it_was_given_here() {
    let mut console = Console::sized(140, 40);
    let gone = "arn:aws:ivschat:us-west-2:123456789012:room/GoneGoneGone";
    let answer = format!(r#"{{"arn":"{gone}"}}"#);
    let answer = ivschat::api::Answer { status: 200, request_id: None, attempts: 1, body: answer.into_bytes() };
    let mut made = earlier(&mut console, "lobby-eu", End::Over(Outcome::of(&Ok(answer), Duration::ZERO)));
    (made.act.operation, made.act.target) = ("CreateRoom".into(), None);
    made.act.input = serde_json::json!({"name": "pop-up"});
    let mut later = earlier(&mut console, "lobby-eu", End::Lost);
    later.act.target = Some(gone.parse().unwrap());
    console
        .happens(kept(vec![made, later]))
        .keys("0]]a/GoneGone dis<enter>")
        .shows("On          pop-up")
        .shows("1 of 2");
}
