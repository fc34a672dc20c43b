//! Lists, details, tags, help: everything but the open room.

use ivschat::api::ErrorKind;
use ivschat::api::error::{Code, Refusal};
use ivschat::app::Msg;
use ivschat::app::key::Key;
use ivschat::simulator::world::{Quotas, Setup};

use crate::Console;

fn unreachable() -> ErrorKind {
    ErrorKind::Unreachable("connection refused".to_owned())
}

#[test]
fn the_first_screen_at_both_sizes() {
    insta::assert_snapshot!("lists_80x24", Console::demo().snapshot());
    insta::assert_snapshot!("lists_140x40", Console::sized(140, 40).snapshot());
}

#[test]
fn a_room_is_found_by_typing_part_of_its_name() {
    Console::demo().keys("/quiet").shows("lobby-quiet").hides("raid-night").keys("<enter>").shows("/quiet").shows("1/");
}

#[test]
fn the_filter_looks_at_tags_too_and_takes_words_in_any_order() {
    Console::demo().keys("/team=live lobby<enter>").shows("lobby-main").hides("hostile-lab");
}

#[test]
fn escape_drops_the_filter_one_step_at_a_time() {
    Console::demo()
        .keys("/quiet<enter>")
        .hides("raid-night")
        .keys("<esc>")
        .shows("raid-night")
        .keys("/zzz")
        .shows("The filter lets nothing through")
        .keys("<esc>")
        .shows("raid-night");
}

#[test]
fn letters_typed_into_a_filter_are_no_commands() {
    Console::demo().keys("/quiet").has_ended(false).shows("/quiet");
}

#[test]
fn pasted_text_is_text_in_a_filter_and_nothing_elsewhere() {
    Console::demo()
        .paste("q\ndq")
        .has_ended(false)
        .hides("/q")
        .keys("/")
        .paste("lobby\nquiet")
        .shows("/lobby quiet")
        .shows("1/");
}

#[test]
fn sorting_says_by_what() {
    let console = Console::demo().keys("s").shows("by name");
    assert!(console.row_of("hostile-lab") < console.row_of("lobby-quiet"));
    console.keys("s").hides("by name");
}

#[test]
fn the_cursor_stays_on_its_room_when_the_order_changes() {
    let console = Console::demo().keys("jj");
    let before = console.reversed_row().unwrap();
    let room: String = before.chars().take(30).collect();
    let after = console.keys("s").reversed_row().unwrap();
    assert!(after.starts_with(room.trim_end()), "{room} is not {after}");
}

#[test]
fn details_come_with_limits_that_the_list_does_not_have() {
    Console::demo()
        .keys("/lobby-main<enter>")
        .wait(500)
        .shows("messages a second, all clients")
        .shows("characters a message");
}

#[test]
fn json_is_what_the_service_answered() {
    let wide = Console::sized(140, 40).keys("/lobby-main<enter>0]").wait(500);
    wide.shows("\"maximumMessageLength\": 500").shows("\"arn\"");
}

#[test]
fn tags_of_the_selected_room_are_listed() {
    let console = Console::demo().keys("/lobby-main<enter>").wait(500).shows("team = live-events");
    assert!(!console.calls("ListTagsForResource").is_empty());
}

#[test]
fn passing_over_rows_costs_no_calls() {
    let before = Console::demo();
    let calls = before.calls("GetRoom").len();
    let console = before.keys("jjjj").wait(500);
    assert_eq!(console.calls("GetRoom").len(), calls + 1);
}

#[test]
fn logging_configurations_show_their_state_and_destination() {
    Console::sized(140, 40)
        .keys("2")
        .wait(500)
        .shows("cw-prod")
        .shows("ACTIVE")
        .shows("CREATE_FAILED")
        .shows("Logs to");
}

#[test]
fn a_denied_list_is_not_an_empty_one() {
    Console::prepared(140, 40, Setup::default(), None, |console| console.world.deny("ListRooms"))
        .shows("Access denied")
        .shows("ivschat:ListRooms")
        .shows(":user/demo")
        .hides("There are no rooms")
        .shows("cw-prod");
}

#[test]
fn an_empty_account_says_so() {
    let setup = Setup { rooms: Some(0), ..Setup::default() };
    Console::prepared(140, 40, setup, None, |_| {}).shows("There are no rooms in us-west-2.").hides("denied");
}

#[test]
fn a_failed_list_says_why_and_comes_back_with_a_refresh() {
    Console::prepared(80, 24, Setup::default(), None, |console| console.break_operation("ListRooms", unreachable()))
        .shows("No connection")
        .shows("connection refused")
        .works("ListRooms")
        .keys("<c-r>")
        .shows("lobby-main")
        .hides("No connection");
}

#[test]
fn a_failed_refresh_keeps_rows_and_cursor() {
    let console = Console::demo().keys("jj");
    let before = console.reversed_row();
    let console = console.fails("ListRooms", unreachable()).keys("<c-r>").shows("refresh failed").shows("lobby-main");
    let console = console.shows("connection refused");
    assert_eq!(console.reversed_row(), before);
}

#[test]
fn an_answer_that_can_not_be_read_is_no_empty_list() {
    let broken = ErrorKind::Broken("it is a web page".to_owned());
    Console::prepared(140, 40, Setup::default(), None, |console| console.break_operation("ListRooms", broken))
        .shows("An answer that can't be read")
        .shows("it is a web page")
        .shows("test-request")
        .hides("There are no rooms");
}

#[test]
fn a_call_that_hangs_blocks_nothing() {
    Console::demo()
        .hangs("ListRooms")
        .keys("<c-r>")
        .shows("loading")
        .shows("lobby-main")
        .keys("/quiet<enter>")
        .shows("1/")
        .works("ListRooms")
        .hides("loading");
}

#[test]
fn an_answer_that_does_not_come_is_told() {
    Console::demo()
        .hangs("ListRooms")
        .keys("<c-r>")
        .wait(4_000)
        .shows("no answer yet")
        .shows("lobby-main")
        .works("ListRooms")
        .hides("no answer yet");
}

#[test]
fn denied_tags_are_told_in_their_pane_and_nowhere_else() {
    let no = Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"no tags for you"}"#);
    assert_eq!(no.code, Code::AccessDenied);
    Console::demo()
        .fails("ListTagsForResource", ErrorKind::Refused(no))
        .keys("j")
        .wait(500)
        .shows("Access denied")
        .hides("No tags.");
}

#[test]
fn details_that_are_denied_leave_what_the_list_knows() {
    Console::prepared(80, 24, Setup::default(), None, |console| console.world.deny("GetRoom"))
        .keys("/lobby-main<enter>")
        .wait(500)
        .shows("Access denied")
        .shows("ivschat:GetRoom");
}

#[test]
fn the_keys_of_the_pane_come_first_in_the_help_and_can_be_searched() {
    let console = Console::demo().keys("?").shows("Keys").shows("open: a room goes live");
    console
        .keys("/delete")
        .shows("delete the selected message")
        .hides("focus the rooms")
        .keys("<enter><esc>")
        .hides("/ search");
}

#[test]
fn help_looks_like_this() {
    insta::assert_snapshot!("help_80x24", Console::demo().keys("?").snapshot());
}

#[test]
fn one_step_back_at_a_time_and_then_out() {
    Console::demo()
        .keys("/lobby<enter>0z")
        .keys("q")
        .keys("q")
        .has_ended(false)
        .keys("q")
        .has_ended(false)
        .keys("<esc><esc>")
        .shows("q leaves")
        .has_ended(false)
        .keys("q")
        .has_ended(true);
}

#[test]
fn control_c_leaves_and_control_z_suspends() {
    Console::demo().keys("<c-c>").has_ended(true);
    assert!(Console::demo().keys("<c-z>").has_suspended());
}

#[test]
fn zoom_gives_the_pane_the_whole_screen_and_takes_it_back() {
    Console::demo().keys("z").hides("2 Logging").shows("lobby-main").keys("z").shows("2 Logging");
}

#[test]
fn resizing_loses_neither_selection_nor_filter() {
    let console = Console::demo().keys("/lobby<enter>j");
    let before = console.reversed_row().unwrap();
    let room: String = before.chars().take(16).collect();
    let console = console.resize(30, 8).shows("needs 40x10, this is 30x8").resize(1, 1).resize(200, 60).resize(80, 24);
    assert!(console.reversed_row().unwrap().starts_with(&room));
    console.shows("/lobby");
}

#[test]
fn no_size_panics_and_keys_on_a_tiny_screen_do_nothing() {
    let mut console = Console::demo().keys("/lobby-main<enter><enter>").wait(3000).keys("k");
    for (width, height) in [(1, 1), (40, 10), (41, 11), (79, 10), (100, 10), (500, 500), (3, 200), (200, 3)] {
        console = console.resize(width, height);
        console.screen();
    }
    console.resize(20, 5).keys("qqqq").has_ended(false);
}

#[test]
fn a_held_key_moves_but_does_not_open() {
    let held = |key: char| Msg::Held(Key::char(key));
    let console = Console::demo();
    let before = console.reversed_row();
    let console = console.happens(held('j')).happens(Msg::Held("<enter>".parse().unwrap()));
    assert_ne!(console.reversed_row(), before);
    assert!(console.calls("CreateChatToken").is_empty());
}

#[test]
fn many_rooms_come_page_by_page_and_each_is_listed_once() {
    let setup = Setup { rooms: Some(480), quotas: Quotas::Off, ..Setup::default() };
    let console = Console::prepared(80, 24, setup, None, |_| {}).wait(5_000).shows("1 Rooms 480");
    assert_eq!(console.calls("ListRooms").len(), 10);
}

#[test]
fn a_list_that_stopped_half_way_says_that_it_is_not_all() {
    // Nothing paces this console's calls, so the pretend quota stops it after a few pages.
    let setup = Setup { rooms: Some(480), ..Setup::default() };
    let console =
        Console::prepared(80, 24, setup, None, |_| {}).shows("1 Rooms 250").shows("not all").shows("Too many calls");
    // Asked again, it breaks off again, and what was here is still here, cursor and all.
    let console = console.keys("jjj");
    let before = console.reversed_row();
    let console = console.wait(60_000).keys("<c-r>").shows("1 Rooms 250").shows("not all");
    assert_eq!(console.reversed_row(), before);
}

#[test]
fn asking_again_while_an_answer_is_on_its_way_costs_no_call() {
    let console = Console::demo().hangs("ListRooms").keys("<c-r><c-r><c-r><c-r>").shows("the rooms are on their way");
    let console = console.works("ListRooms").hides("loading");
    assert_eq!(console.calls("ListRooms").len(), 2);
}
