//! The open room: reading, stopping, deleting, losing the connection and finding it again.

use ivschat::api::ErrorKind;
use ivschat::api::error::Refusal;
use ivschat::api::ops::{DeleteMessage, DisconnectUser, SendEvent};
use ivschat::app::Msg;
use ivschat::app::key::Key;
use ivschat::simulator::world::Setup;

use crate::Console;

/// The busy room, open and with some talk in it.
fn lobby() -> Console {
    Console::demo().keys("/lobby-main<enter><enter>").wait(10_000).shows("live")
}

fn text_of(row: &str) -> String {
    row.trim_matches('│').trim_end().to_owned()
}

#[test]
fn opening_a_room_shows_it_live_from_now_on() {
    Console::demo()
        .keys("/lobby-main<enter><enter>")
        .shows("joined: what was said before is not shown")
        .wait(10_000)
        .shows("1 live")
        .shows("session until 13:00Z");
}

#[test]
fn the_chat_with_a_message_selected_and_one_deleted() {
    insta::assert_snapshot!("chat_80x24", lobby().keys("kkkkd").snapshot());
    let wide = Console::sized(140, 40).keys("/lobby-main<enter><enter>").wait(10_000).keys("kkkkd");
    insta::assert_snapshot!("chat_140x40", wide.snapshot());
}

#[test]
fn a_room_opens_by_arn_id_or_name() {
    Console::opening("lobby-main").wait(3000).shows("live").shows("lobby-main");
    let arn = Console::demo().room("raid-night");
    Console::opening(arn.as_str()).wait(3000).shows("live").shows("raid-night");
    Console::opening(arn.id()).wait(3000).shows("live").shows("raid-night");
}

#[test]
fn a_room_that_is_not_there_is_told() {
    Console::opening("no-such-room").shows("no room has the id or name \"no-such-room\"").shows("lobby-main");
}

#[test]
fn a_room_that_can_not_be_looked_up_is_told() {
    Console::prepared(80, 24, Setup::default(), Some("lobby-main"), |console| console.world.deny("ListRooms"))
        .shows("\"lobby-main\" can't be looked up")
        .shows("Access denied");
}

#[test]
fn a_room_opens_by_arn_even_when_the_list_is_denied() {
    let arn = Console::demo().room("lobby-main");
    Console::prepared(80, 24, Setup::default(), Some(arn.as_str()), |console| console.world.deny("ListRooms"))
        .wait(5000)
        .shows("live")
        .shows(arn.id());
}

#[test]
fn nothing_moves_while_a_message_is_selected() {
    let console = lobby().keys("kkk");
    let (before, row) = (console.reversed_row().unwrap(), console.screen());
    let console = console.wait(20_000).shows("|| paused").shows(" new");
    assert_eq!(console.reversed_row().unwrap(), before);
    let rows = |screen: &str| screen.lines().skip(2).take(19).map(ToOwned::to_owned).collect::<Vec<_>>();
    assert_eq!(rows(&console.screen()), rows(&row));
    console.keys("G").hides("paused").shows("live");
}

#[test]
fn deleting_hits_the_selected_message_and_is_confirmed_by_the_room() {
    let console = lobby().keys("kkk");
    let selected = text_of(&console.reversed_row().unwrap());
    let console = console.keys("d").shows("deleted (you, under 0.1 s)").shows(", confirmed");
    let calls = console.calls("DeleteMessage");
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0]["reason"], "Removed by a moderator");
    // The row says who was hit, in the place where it stood.
    let who = selected.split_whitespace().nth(1).unwrap();
    console.shows(&format!("x{who}"));
}

#[test]
fn after_a_deletion_the_next_message_is_selected() {
    let console = lobby().keys("kkk");
    let before = console.reversed_row().unwrap();
    let at = console.screen().lines().position(|row| row == before).unwrap();
    let console = console.keys("d");
    let after = console.reversed_row().unwrap();
    assert_eq!(console.screen().lines().position(|row| row == after), Some(at + 1));
}

#[test]
fn each_state_of_a_deletion_is_shown() {
    lobby()
        .hangs("DeleteMessage")
        .keys("kkkd")
        .shows("[deleting]")
        .works("DeleteMessage")
        .hides("[deleting]")
        .shows("(you, ");
}

#[test]
fn a_refused_deletion_says_why_and_the_message_stands() {
    let console = lobby().keys("kkk");
    let selected = console.reversed_row().unwrap();
    let start: String = selected.chars().take(34).collect();
    let no = Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"not for you"}"#);
    let console = console.fails("DeleteMessage", ErrorKind::Refused(no)).keys("d").shows("[not deleted: Access denied");
    // Only the mark has changed where the message stands.
    console
        .shows(&start.chars().take(9).collect::<String>())
        .shows(&start.chars().skip(12).collect::<String>())
        .shows("!");
}

#[test]
fn a_deletion_whose_event_never_comes_is_not_called_done() {
    // The answer comes after the connection is gone, so the event can't.
    lobby()
        .hangs("DeleteMessage")
        .keys("kkkd")
        .goes_offline()
        .works("DeleteMessage")
        .shows("[sent, not yet confirmed]")
        .wait(6_000)
        .shows("[sent, never confirmed]")
        .hides("(you, ");
}

#[test]
fn nobody_says_that_the_room_was_not_told_who_did_not_listen() {
    let console = Console::sized(140, 40).keys("/staging-smoke<enter><enter>").wait(1_000).raid(2, "free coins");
    let console = console.loses_echoes().keys("kd").goes_offline().comes_online().wait(6_000);
    let console = console.shows("but the link was down: nobody knows").hides("the room was not told");
    // The same of a user.
    let console = console.wait(40_000).keys("K1").goes_offline().comes_online().wait(6_000);
    console.shows("but the link was down: nobody knows").hides("the room was not told");
}

#[test]
fn a_deletion_that_was_given_up_long_ago_is_not_claimed_when_somebody_else_deletes() {
    let mut console = Console::demo().keys("/staging-smoke<enter><enter>").wait(1_000).raid(2, "free coins");
    console = console.keys("k");
    let (room_identifier, id) = (console.room("staging-smoke"), console.selected_message());
    let console = console.loses_echoes().keys("d").wait(90_000).shows("[sent, never confirmed]");
    let delete = DeleteMessage { room_identifier, id, reason: Some("mine".into()) };
    console.publishes_echoes().elsewhere(&delete).shows("deleted: mine").hides("(you, ");
}

#[test]
fn a_deletion_by_somebody_else_is_shown_and_not_claimed() {
    // What another moderator does to a message comes as the same event, with nothing asked for here.
    let console = lobby().keys("kkk");
    let id = console.selected_message();
    let mut console = console.wait(500);
    let room_identifier = console.room("lobby-main");
    let delete = DeleteMessage { room_identifier, id, reason: Some("spam".into()) };
    console.elsewhere(&delete).shows("deleted: spam").hides("(you, ");
}

#[test]
fn a_held_d_deletes_once() {
    let console = lobby().keys("kkk").keys("d");
    let console = (0..20).fold(console, |console, _| console.wait(33).happens(Msg::Held(Key::char('d'))));
    assert_eq!(console.calls("DeleteMessage").len(), 1);
    // Terminals that can't tell a held key send it again and again as if pressed.
    let console = (0..20).fold(console.wait(1000), |console, _| console.wait(33).happens(Msg::Key(Key::char('d'))));
    assert_eq!(console.calls("DeleteMessage").len(), 2);
}

#[test]
fn d_without_a_selection_deletes_nothing_and_says_how() {
    let console = lobby().keys("d").shows("nothing is selected: k selects, d deletes");
    assert!(console.calls("DeleteMessage").is_empty());
}

#[test]
fn pasting_into_a_room_deletes_nothing() {
    let console = lobby().keys("k").paste("ddddd");
    assert!(console.calls("DeleteMessage").is_empty());
}

#[test]
fn leaving_with_a_deletion_under_way_asks_first() {
    lobby()
        .hangs("DeleteMessage")
        .keys("kkd")
        .keys("<c-c>")
        .shows("1 change is still on the way")
        .has_ended(false)
        .keys("n")
        .hides("still on the way")
        .keys("<c-c>y")
        .has_ended(true);
}

#[test]
fn a_lost_connection_comes_back_with_a_new_token_and_the_gap_is_drawn() {
    let quiet = Console::demo().keys("/lobby-quiet<enter><enter>").wait(10_000).shows("1 live");
    let console =
        quiet.goes_offline().shows("connection lost: connection reset; reconnecting").shows("reconnecting at");
    let console =
        console.wait(20_000).comes_online().wait(31_000).shows("gap of").shows(": no connection: connection refused ");
    assert!(console.calls("CreateChatToken").len() >= 2);
    console.shows("1 live");
}

#[test]
fn a_denied_token_is_told_and_not_asked_for_again() {
    let console = Console::demo();
    let no = Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"no"}"#);
    let console = console.fails("CreateChatToken", ErrorKind::Refused(no)).keys("/lobby-main<enter><enter>");
    let console = console.wait(120_000).shows("no token: Access denied").shows("stopped: C-r reconnects");
    assert_eq!(console.calls("CreateChatToken").len(), 1);
    console.works("CreateChatToken").keys("<c-r>").wait(2_000).shows("live");
}

#[test]
fn being_disconnected_by_a_moderator_is_told_and_respected() {
    let mut console = lobby();
    let room_identifier = console.room("lobby-main");
    let disconnect = DisconnectUser { room_identifier, user_id: "ivschat-test".into(), reason: Some("test".into()) };
    let console = console
        .elsewhere(&disconnect)
        .wait(120_000)
        .shows("disconnected by a moderator: test; C-r reconnects")
        .shows("stopped: C-r reconnects");
    assert_eq!(console.calls("CreateChatToken").len(), 1);
}

#[test]
fn a_session_that_runs_out_is_renewed() {
    let console = lobby().wait(61 * 60 * 1000).shows("live");
    assert_eq!(console.calls("CreateChatToken").len(), 2);
}

#[test]
fn an_event_of_the_application_is_shown_as_one() {
    let mut console = lobby();
    let room_identifier = console.room("lobby-main");
    let attributes = [("question".to_owned(), "left or right?".to_owned())].into();
    let event = SendEvent { room_identifier, event_name: "app:POLL".into(), attributes };
    console.elsewhere(&event).shows("event app:POLL {\"question\":\"left or right?\"}");
}

#[test]
fn a_disconnected_user_is_named_with_the_short_id() {
    let mut console = lobby();
    let room_identifier = console.room("lobby-main");
    let user_id = "nobody-here".to_owned();
    let disconnect = DisconnectUser { room_identifier, user_id, reason: Some("spam".into()) };
    console.elsewhere(&disconnect).shows("nobody-here was disconnected: spam");
}

#[test]
fn watching_keeps_a_room_live_without_opening_it() {
    Console::demo()
        .keys("/lobby-main<enter>w")
        .wait(5_000)
        .shows("1 live")
        .shows("* lobby-main")
        .shows("/s")
        .keys("w")
        .wait(1_000)
        .hides("1 live");
}

#[test]
fn two_rooms_can_be_live_at_once() {
    Console::demo().keys("/lobby-main<enter><enter>q").keys("<esc>/raid<enter><enter>").wait(3_000).shows("2 live");
}

#[test]
fn hostile_text_reaches_neither_screen_nor_layout() {
    // The harness checks each cell of each screen.
    let mut console = Console::demo().keys("/hostile<enter><enter>");
    for _ in 0..60 {
        console = console.wait(1_000);
        console.screen();
    }
    let console = console.keys("kkkk").wait(1_000);
    assert!(console.screen().lines().filter(|row| row.starts_with('│')).all(|row| row.ends_with('│')));
}

#[test]
fn equal_names_are_told_apart() {
    let console = Console::demo().keys("/names<enter><enter>").wait(60_000);
    let screen = console.screen();
    let labels: std::collections::BTreeSet<&str> =
        screen.split_whitespace().filter(|word| word.contains('#')).map(|word| word.trim_start_matches('x')).collect();
    let names: Vec<&str> = labels.iter().filter_map(|label| label.split_once('#').map(|(name, _)| name)).collect();
    let distinct: std::collections::BTreeSet<&str> = names.iter().copied().collect();
    assert!(distinct.len() < names.len(), "no name came with two ids: {labels:?}");
}

#[test]
fn a_live_chat_stands_still_behind_the_help_and_goes_on_after_it() {
    let behind = |console: &Console| {
        console.screen().lines().skip(2).map(|row| row.chars().skip(100).collect()).collect::<Vec<String>>()
    };
    let console = Console::sized(140, 40).keys("/lobby-main<enter><enter>").wait(10_000).keys("?");
    let before = behind(&console);
    let console = console.wait(10_000).shows("|| paused");
    assert_eq!(behind(&console)[..36], before[..36]);
    console.keys("<esc>").hides("paused").shows("live");
}

#[test]
fn a_deletion_whose_answer_is_lost_is_not_called_failed_and_can_be_tried_again() {
    let lost = ErrorKind::Interrupted("connection reset".to_owned());
    let console =
        lobby().fails("DeleteMessage", lost).keys("kkkd").shows("nobody knows").shows("[sent, never confirmed]");
    let console = console.works("DeleteMessage").keys("kd").hides("never confirmed").shows("(you, ");
    let ids: Vec<_> = console.calls("DeleteMessage").iter().map(|call| call["id"].clone()).collect();
    assert_eq!((ids.len(), &ids[0]), (2, &ids[1]));
}

#[test]
fn a_room_that_opens_at_the_second_try_has_a_gap_and_a_beginning() {
    let console = Console::demo().goes_offline().keys("/lobby-quiet<enter><enter>").wait(3_000).shows("reconnecting");
    console.comes_online().wait(40_000).shows("gap of").shows("joined: what was said before is not shown");
}
