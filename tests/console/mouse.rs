//! The mouse selects and scrolls, and nothing else.

use ivschat::app::Msg;
use ivschat::app::mouse::{Deed, Mouse};
use serde_json::json;

use crate::Console;
use crate::merged::{say, watching};

/// Does this with the mouse where this text is on the screen.
fn at(console: Console, deed: Deed, text: &str) -> Console {
    let screen = console.screen();
    let found = screen.lines().zip(0..).find_map(|(line, row)| {
        let before = line.split_once(text)?.0;
        Some((u16::try_from(before.chars().count()).unwrap(), row))
    });
    let (column, row) = found.unwrap_or_else(|| panic!("there is no {text}\n{screen}"));
    console.happens(Msg::Mouse(Mouse { deed, column, row }))
}

fn click(console: Console, text: &str) -> Console {
    at(console, Deed::Click, text)
}

fn talk(width: u16, height: u16) -> Console {
    let mut console = Console::sized(width, height).keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live");
    for n in 0..60 {
        console.says_as("ann", "lobby-quiet", &json!({"Action": "SEND_MESSAGE", "Content": format!("line {n}.")}));
        console = console.wait(700);
    }
    console
}

#[test]
fn a_click_selects_the_row_and_gives_its_pane_the_keys() {
    for (width, height) in [(80, 24), (140, 40)] {
        let console = click(Console::sized(width, height).wait(1_000), "staging-smoke");
        assert!(console.reversed_row().unwrap().contains("staging-smoke"), "{}", console.screen());
        let console = click(console, "s3-legacy");
        assert!(console.reversed_row().unwrap().contains("s3-legacy"), "{}", console.screen());
        let console = console.keys("c").shows("Create a logging configuration");
        assert!(console.calls("DeleteRoom").is_empty());
    }
}

#[test]
fn a_click_in_a_chat_stops_it_on_that_message() {
    for (width, height) in [(80, 24), (140, 40)] {
        let console = click(talk(width, height), "line 57.").shows("|| paused");
        assert!(console.reversed_row().unwrap().contains("line 57."), "{}", console.screen());
        let console = click(console, "line 52.");
        assert!(console.reversed_row().unwrap().contains("line 52."), "{}", console.screen());
        assert!(console.calls("DeleteMessage").is_empty());
    }
}

#[test]
fn the_wheel_scrolls_what_is_under_it_and_the_keys_stay_where_they_are() {
    let console = at(talk(140, 40), Deed::WheelUp, "line 50.").shows("|| paused");
    assert!(console.reversed_row().unwrap().contains("line 57."), "{}", console.screen());
    let console = at(console.keys("1"), Deed::WheelUp, "line 50.");
    let console = at(console, Deed::WheelDown, "line 50.").keys("0");
    assert!(console.reversed_row().unwrap().contains("line 57."), "{}", console.screen());
    let console = at(Console::sized(140, 40).wait(1_000).keys("2"), Deed::WheelDown, "lobby-main");
    assert!(console.reversed_row().unwrap().contains("cw-staging"), "the keys stay: {}", console.screen());
}

#[test]
fn among_tiles_a_click_goes_to_its_room() {
    let mut console = watching(Console::sized(140, 40), &["lobby-quiet", "night-shift"]).keys("<enter>T");
    for room in ["lobby-quiet", "night-shift"] {
        say(&mut console, room, &format!("in {room}"));
    }
    for room in ["lobby-quiet", "night-shift", "lobby-quiet"] {
        console = click(console, &format!("in {room}"));
        assert!(console.reversed_row().unwrap().contains(&format!("in {room}")), "{}", console.screen());
    }
    let console = console.keys("A");
    let console = click(console, "in night-shift");
    assert!(console.reversed_row().unwrap().contains("in night-shift"), "{}", console.screen());
}

#[test]
fn a_dialog_and_what_is_typed_take_no_notice() {
    for keys in ["d", "c", "/lob", ":del", "y", "t", "<c-k>", "?"] {
        let console = Console::demo().wait(1_000).keys(keys);
        let (before, calls) = (console.screen(), console.calls("ListRooms").len());
        let mut console = console;
        for deed in [Deed::Click, Deed::WheelUp] {
            for (column, row) in [(3, 3), (40, 12), (20, 20), (70, 22), (0, 0), (79, 23), (500, 500)] {
                console = console.happens(Msg::Mouse(Mouse { deed, column, row }));
            }
        }
        assert_eq!(console.screen(), before, "{keys}");
        assert_eq!(console.calls("ListRooms").len(), calls);
    }
}

#[test]
fn the_help_scrolls() {
    let console = Console::demo().keys("?");
    let top = console.screen();
    let console = at(console, Deed::WheelDown, "Esc close");
    assert_ne!(console.screen(), top);
    let console = console.happens(Msg::Mouse(Mouse { deed: Deed::WheelUp, column: 5, row: 5 }));
    assert_eq!(console.screen(), top);
}
