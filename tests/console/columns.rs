//! What the lists show of each row: as many columns as there is room for, and what has to be fetched for them.

use crate::Console;

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
