//! What the lists show of each row: as many columns as there is room for, and what has to be fetched for them.

use std::collections::BTreeSet;

use ivschat::api::ErrorKind;
use ivschat::api::error::Refusal;
use ivschat::api::ops::UpdateRoom;
use ivschat::simulator::world::{Quotas, Setup};

use crate::Console;

/// The rooms that `GetRoom` was called for, in order.
fn asked(console: &Console) -> Vec<String> {
    console.calls("GetRoom").iter().map(|call| call["identifier"].to_string()).collect()
}

#[test]
fn zoomed_lists_are_tables() {
    insta::assert_snapshot!("rooms_table_80x24", Console::demo().keys("z").snapshot());
    insta::assert_snapshot!("rooms_table_140x40", Console::sized(140, 40).keys("z").wait(10_000).snapshot());
    insta::assert_snapshot!("logging_table_80x24", Console::demo().keys("2z").snapshot());
}

#[test]
fn a_header_row_tells_the_columns_and_takes_no_row_away() {
    let console = Console::sized(80, 12).keys("z").shows("NAME").shows("LIMITS").shows("REVIEW").hides("CREATED");
    // The last row is still reached and seen, below the header.
    let console = console.keys("G").shows("8uINq6ADvorF").shows("NAME");
    assert!(console.reversed_row().unwrap().contains("8uINq6ADvorF"));
    console.keys("z").hides("LIMITS");
}

#[test]
fn sorting_goes_through_the_columns_that_are_shown() {
    let orders = |console: Console, presses: usize| {
        let mut console = console;
        let mut found = Vec::new();
        for _ in 0..presses {
            console = console.keys("s");
            let screen = console.screen();
            let word = screen.lines().nth(1).and_then(|title| title.split(" by ").nth(1));
            found.push(word.and_then(|rest| rest.split_whitespace().next()).unwrap_or("-").to_owned());
        }
        found
    };
    assert_eq!(orders(Console::demo(), 3), ["name", "-", "name"]);
    assert_eq!(orders(Console::demo().keys("z"), 5), ["name", "review", "logging", "tags", "-"]);
    let wide = Console::sized(140, 40).keys("z");
    assert_eq!(orders(wide, 7), ["name", "review", "logging", "tags", "id", "created", "-"]);
    assert_eq!(orders(Console::demo().keys("2z"), 5), ["name", "state", "destination", "id", "-"]);
}

#[test]
fn rooms_with_equal_values_stay_in_the_service_s_order() {
    let console = Console::demo().keys("zss").shows("by review");
    let at = |name: &str| console.row_of(name);
    assert!(at("kids-craft") < at("speedrun-any") && at("speedrun-any") < at("lobby-main"));
    assert!(at("lobby-main") < at("lobby-eu") && at("lobby-eu") < at("staging-smoke"));
}

#[test]
fn tables_stand_still_while_nothing_happens() {
    let console = Console::sized(140, 40).keys("z").wait(10_000);
    let before: Vec<String> = console.screen().lines().skip(1).map(ToOwned::to_owned).collect();
    let after: Vec<String> = console.wait(45_000).screen().lines().skip(1).map(ToOwned::to_owned).collect();
    assert_eq!(before, after);
}

#[test]
fn limits_are_fetched_once_for_each_room_in_view() {
    let console = Console::sized(140, 40).wait(10_000).shows("lobby-main                 100/s 500");
    let calls = asked(&console);
    assert_eq!(calls.len(), 13);
    assert_eq!(calls.iter().collect::<BTreeSet<_>>().len(), 13);
    // Neither the cursor nor the zoom asks again for what is known.
    assert_eq!(asked(&console.keys("jjjzzj").wait(5_000)).len(), 13);
}

#[test]
fn a_pane_without_the_column_fetches_nothing_for_it() {
    assert_eq!(asked(&Console::demo().wait(10_000)).len(), 1);
    assert_eq!(asked(&Console::demo().keys("z").wait(10_000)).len(), 13);
}

#[test]
fn at_most_two_are_under_way_and_a_cell_says_so() {
    let console = Console::demo().hangs("GetRoom").keys("z").wait(30_000);
    assert_eq!(console.screen().matches(" .. ").count(), 2);
    console.works("GetRoom").wait(5_000).hides(" .. ");
}

#[test]
fn passing_over_hundreds_of_rows_fetches_only_where_it_ends() {
    let setup = Setup { rooms: Some(1_000), quotas: Quotas::Off, ..Setup::default() };
    let console = Console::prepared(140, 40, setup, None, |_| {}).wait(10_000);
    let before = asked(&console).len();
    let console = console.keys("<c-d><c-d><c-d><c-d><c-d><c-d><c-d><c-d><c-d><c-d><c-d><c-d>");
    assert_eq!(asked(&console).len(), before, "nothing has rested");
    let console = console.wait(10_000);
    let rows = console.screen().lines().filter(|row| row.contains("/s ")).count();
    assert_eq!(asked(&console).len(), before + rows);
}

#[test]
fn a_denial_is_shown_and_stops_the_asking_until_a_refresh() {
    let no = Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"no"}"#);
    let console = Console::demo().fails("GetRoom", ErrorKind::Refused(no)).keys("z").wait(60_000);
    assert_eq!(asked(&console).len(), 3, "one for the details, two of the others");
    assert_eq!(console.screen().matches(" ! ").count(), 2);
    let console = console.keys("zz").wait(60_000);
    assert_eq!(asked(&console).len(), 3);
    let console = console.works("GetRoom").keys("<c-r>").wait(10_000).hides(" ! ");
    assert_eq!(console.screen().matches("/s ").count(), 13);
}

#[test]
fn a_refresh_brings_limits_that_were_changed_elsewhere() {
    let mut console = Console::demo().keys("z").wait(10_000).hides("7/s");
    let update = UpdateRoom {
        identifier: console.room("lobby-eu"),
        name: None,
        maximum_message_rate_per_second: Some(7),
        maximum_message_length: None,
        message_review_handler: None,
        logging_configuration_identifiers: None,
    };
    console.elsewhere(&update).keys("<c-r>").wait(10_000).shows("7/s 500");
}

#[test]
fn after_a_failure_the_asking_goes_on_with_the_first_answer() {
    let away = ErrorKind::Unreachable("connection refused".to_owned());
    let console = Console::demo().fails("GetRoom", away).keys("z").wait(60_000);
    assert_eq!(asked(&console).len(), 3);
    let console = console.works("GetRoom").wait(10_000);
    assert_eq!(asked(&console).len(), 3, "nobody has asked for anything");
    let console = console.keys("G").wait(10_000);
    assert_eq!(console.screen().matches("/s ").count(), 11, "two failed and say so until a refresh");
}
