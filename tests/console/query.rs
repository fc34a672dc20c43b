//! Rooms by the service's own filters: from a logging configuration to the rooms that use it, and back.

use ivschat::api::ErrorKind;
use ivschat::simulator::world::{Quotas, Setup};

use crate::Console;

#[test]
fn a_logging_configuration_opens_the_rooms_that_use_it() {
    let console = Console::sized(140, 40).keys("2/firehose<enter><enter>").shows("1 Rooms 2  logging=firehose-anal");
    let console = console.shows("lobby-eu").hides("raid-night");
    let asked = console.calls("ListRooms").last().cloned().unwrap();
    assert!(asked["loggingConfigurationIdentifier"].as_str().unwrap().contains(":logging-configuration/"), "{asked}");
    // One step back shows all of them, and the way on is where one came from.
    console.keys("<esc>").shows("1 Rooms 13").shows("raid-night").keys("<esc>").has_ended(false);
}

#[test]
fn all_rooms_come_back_with_cursor_marks_and_order() {
    let console = Console::sized(140, 40).keys("j<space>js").wait(500);
    let before = console.screen();
    let console = console.keys("2<enter>").wait(500).shows("logging=cw-staging").keys("q1").wait(500);
    let rooms = |screen: &str| screen.lines().skip(1).take(14).map(|row| row.chars().take(40).collect()).collect();
    let (before, after): (Vec<String>, Vec<String>) = (rooms(&before), rooms(&console.screen()));
    assert_eq!(before, after);
    assert_eq!(console.calls("ListRooms").len(), 2, "they were kept, not asked for again");
}

#[test]
fn a_logging_configuration_without_rooms_says_so() {
    Console::demo()
        .keys("2<enter>")
        .shows("No room has logging=cw-")
        .keys("q")
        .hides("No room has")
        .shows("lobby-main");
}

#[test]
fn the_details_of_a_logging_configuration_stay_in_reach_and_lead_to_its_rooms() {
    let console = Console::demo().keys("2/s3-archive<enter>0").wait(500).shows("Logs to").shows("s3://");
    console.keys("<enter>").shows("logging=s3-").shows("lobby-main").hides("raid-night");
}

#[test]
fn enter_on_the_details_of_a_room_opens_it() {
    Console::demo().keys("0<enter>").wait(3_000).shows("1 live");
}

#[test]
fn a_refresh_asks_for_the_same_rooms_and_all_rooms_are_asked_for_behind_it() {
    let console = Console::demo().keys("2/firehose<enter><enter><c-r>").wait(500).shows("1 Rooms 2 ");
    let calls = console.calls("ListRooms");
    assert_eq!(calls[1]["loggingConfigurationIdentifier"], calls[2]["loggingConfigurationIdentifier"]);
    let console = console.keys("<esc>").wait(500).shows("1 Rooms 13");
    assert_eq!(console.calls("ListRooms").last().unwrap().get("loggingConfigurationIdentifier"), None);
}

#[test]
fn a_query_that_is_denied_is_not_an_empty_one() {
    let no = ErrorKind::Unreachable("connection refused".to_owned());
    let console = Console::demo().fails("ListRooms", no).keys("2<enter>").shows("No connection").hides("No room has");
    console.keys("<esc>").shows("lobby-main").hides("No connection");
}

#[test]
fn all_rooms_go_on_coming_under_a_query_and_no_late_page_gets_into_the_wrong_list() {
    let setup = Setup { rooms: Some(480), quotas: Quotas::Off, ..Setup::default() };
    let console =
        Console::prepared(80, 24, setup, None, |_| {}).hangs("ListRooms").keys("<c-r>2/firehose<enter><enter>");
    // The refresh of all rooms and the query are answered only now, in the order in which they were asked.
    let console = console.shows("loading").works("ListRooms").shows("1 Rooms 2 ").hides("raid-night");
    console.keys("<esc>").shows("1 Rooms 480").hides("loading").shows("raid-night");
}
