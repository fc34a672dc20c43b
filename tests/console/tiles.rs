//! Several live rooms at once, the way from one to the next, and rooms that are watched many at a time.

use crate::Console;
use crate::merged::{say, watching};

/// Rooms in which nobody talks but the test.
const ROOMS: [&str; 3] = ["lobby-quiet", "staging-smoke", "night-shift"];

fn tiled(keys: &str) -> Console {
    watching(Console::demo(), &ROOMS).keys("<enter>").keys(keys)
}

#[test]
fn two_tiles_show_two_rooms_and_each_stands_still_by_itself() {
    let mut console = tiled("T");
    for room in ROOMS {
        say(&mut console, room, &format!("in {room}"));
    }
    let console = console.keys("k");
    let mut console = console;
    for n in 0..3 {
        say(&mut console, "night-shift", &format!("held back {n}"));
        say(&mut console, "lobby-quiet", &format!("comes in {n}"));
    }
    console.shows("comes in 2").hides("held back").shows("+3 new").keys("G").shows("held back 2");
}

#[test]
fn the_focus_goes_from_tile_to_tile_and_keys_go_to_the_one_that_has_it() {
    let mut console = tiled("T");
    for room in ROOMS {
        say(&mut console, room, &format!("in {room}"));
    }
    let mut hit = Vec::new();
    for _ in 0..2 {
        console = console.keys("kd").wait(1000);
        hit.push(console.calls("DeleteMessage").last().unwrap()["roomIdentifier"].as_str().unwrap().to_owned());
        console = console.keys("<c-n>");
    }
    hit.sort();
    hit.dedup();
    assert_eq!(hit.len(), 2, "one in each of the two rooms");
}

#[test]
fn tiles_look_like_this() {
    for (size, name) in [((80, 24), "80x24"), ((140, 40), "140x40")] {
        let mut console = watching(Console::sized(size.0, size.1), &ROOMS).keys("<enter>T");
        for room in ROOMS {
            say(&mut console, room, "hello everyone in here");
        }
        insta::assert_snapshot!(format!("two_tiles_{name}"), console.snapshot());
        insta::assert_snapshot!(format!("four_tiles_{name}"), console.keys("Tk").snapshot());
    }
}

#[test]
fn a_free_tile_says_how_to_fill_it_and_takes_the_next_room_that_is_watched() {
    let console = tiled("TT").shows(" free ").shows("w in the rooms' list");
    watching(console, &["kids-craft"]).keys("0").hides(" free ").shows("* kids-craft");
}

#[test]
fn a_screen_too_small_shows_one_room_and_says_so_until_it_is_larger() {
    let console = Console::sized(80, 10).keys("/night-shift<enter><enter>T");
    let console = console.shows("too small for 2 rooms").hides(" free ");
    console.resize(80, 24).shows(" free ").resize(80, 10).hides(" free ").keys("TT").resize(80, 24).hides(" free ");
}

#[test]
fn tiles_can_be_asked_for_by_number() {
    let console = tiled(":tiles 4<enter>").shows(" free ").keys(":tiles 1<enter>").hides("lobby-quiet");
    console.keys(":tiles 3<enter>").shows("is not 1, 2 or 4");
}

#[test]
fn a_room_that_is_opened_takes_the_place_of_the_one_with_the_focus() {
    let console = tiled("T").shows("* night-shift").shows("* lobby-quiet").hides("staging-smoke");
    let console = console.keys("<c-k>staging<enter>").wait(500);
    console.shows("* staging-smoke").shows("* lobby-quiet").hides("night-shift").keys("<c-n>kd").hides("bug");
}

#[test]
fn the_next_live_room_is_one_key_away_in_chat_and_lists() {
    let order = ["lobby-quiet", "staging-smoke", "night-shift"];
    let mut console = tiled("").shows("┌ * night-shift");
    for room in order {
        console = console.keys("<c-n>").shows(&format!("┌ * {room}"));
    }
    console = console.keys("<c-p>").shows("┌ * staging-smoke").keys("1<c-n>");
    assert!(console.reversed_row().unwrap().contains("night-shift"), "{}", console.screen());
    Console::demo().keys("<c-n>").shows("no room is live");
}

#[test]
fn the_quick_switch_finds_rooms_by_some_letters_live_ones_first() {
    let console = tiled("<c-k>").shows("Go to a room").shows("13 of 13 rooms");
    let row = console.row_of(" > ");
    let first: Vec<String> = console.screen().lines().skip(row + 1).take(3).map(ToOwned::to_owned).collect();
    for room in ROOMS {
        assert!(first.iter().any(|line| line.contains(room)), "{}", console.screen());
    }
    let console = console.keys("lomn").shows("1 of 13 rooms").keys("<enter>").wait(500).shows("┌ * lobby-main");
    console.keys("<c-k>zzz<enter>").shows("no room has these letters").keys("<esc>").shows("┌ * lobby-main");
}

#[test]
fn twenty_rooms_are_watched_with_one_key_a_few_at_a_time_and_left_with_one() {
    let mut console = Console::sized(140, 60);
    for n in 0..7 {
        let create = ivschat::api::ops::CreateRoom { name: Some(format!("extra-{n}")), ..Default::default() };
        console = console.elsewhere(&create);
    }
    let console = console.keys("<c-r>").wait(500).shows("Rooms 20").hangs("CreateChatToken").keys("*w").wait(500);
    let asking = console.screen().lines().filter(|line| line.starts_with("│+~")).count();
    assert_eq!(asking, 5, "{}", console.screen());
    let console = console.works("CreateChatToken").wait(1000).shows("20 live");
    assert_eq!(console.calls("CreateChatToken").len(), 20);
    console.keys("w").wait(500).hides(" live  1");
}
