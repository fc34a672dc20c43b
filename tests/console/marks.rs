//! Marking rows, for what is to be done to several at once.

use crate::Console;

/// The names of the rooms with a mark, from the top.
fn marked(console: &Console) -> Vec<String> {
    let screen = console.screen();
    let rows = screen.lines().filter(|row| row.starts_with("│+"));
    rows.filter_map(|row| row.trim_start_matches("│+").split_whitespace().find(|word| *word != "*"))
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn space_marks_and_goes_down_and_takes_the_mark_away_again() {
    let console = Console::demo().keys("<space><space>").shows("2 marked");
    assert_eq!(marked(&console), ["lobby-main", "lobby-eu"]);
    assert!(console.reversed_row().unwrap().contains("auction-floor"));
    let console = console.keys("k<space>").shows("1 marked");
    assert_eq!(marked(&console), ["lobby-main"]);
}

#[test]
fn v_marks_the_range_and_says_where_it_would_start() {
    let console = Console::demo().keys("v").shows("a range starts at a mark: space marks a row").hides("marked");
    let console = console.keys("j<space>jjv").shows("4 marked");
    assert_eq!(marked(&console), ["lobby-eu", "auction-floor", "raid-night", "speedrun-any"]);
}

#[test]
fn a_star_marks_what_the_filter_shows_and_nothing_else() {
    let console = Console::sized(140, 40).keys("/lobby<enter>*").shows("3/13  3 marked");
    let console = console.keys("/<c-u>kids<enter><space>").shows("4 marked, 3 hidden");
    let console = console.keys("<esc>").shows("4 marked").hides("hidden");
    assert_eq!(marked(&console), ["lobby-main", "lobby-eu", "lobby-quiet", "kids-craft"]);
    console.keys("*").shows("13 marked").keys("*").hides("marked");
}

#[test]
fn marks_survive_order_and_refresh() {
    let console = Console::demo().keys("<space>jj<space>s").shows("by name");
    assert_eq!(marked(&console), ["lobby-main", "raid-night"]);
    let console = console.keys("<c-r>").wait(500).shows("1 Rooms 13 +2");
    assert_eq!(marked(&console), ["lobby-main", "raid-night"]);
}

#[test]
fn a_narrow_title_still_tells_of_hidden_marks_and_the_filter() {
    Console::demo().keys("*/lobby<enter>").shows("3/13 +13, 10 hidden");
}

#[test]
fn a_step_back_drops_the_filter_before_the_marks_and_both_before_leaving() {
    let console = Console::demo().keys("<space>/lobby<enter>").shows("3/13 +1 /lobby");
    let console = console.keys("q").hides("/lobby").shows("1 marked").keys("q").hides("marked").has_ended(false);
    console.keys("q").has_ended(true);
}

#[test]
fn a_held_space_marks_once() {
    let held = ivschat::app::Msg::Held("<space>".parse().unwrap());
    Console::demo().keys("<space>").happens(held).shows("1 marked");
}
