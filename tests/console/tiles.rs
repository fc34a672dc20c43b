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
