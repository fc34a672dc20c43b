//! The terminal's own cursor, which screen readers and magnifiers follow: in every view on what is selected or typed.

use serde_json::json;

use crate::Console;
use crate::merged::{say, watching};

fn talk(width: u16, height: u16) -> Console {
    let mut console = Console::sized(width, height).keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live");
    for text in ["hello there", "free coins", "good night"] {
        console.says_as("ann", "lobby-quiet", &json!({"Action": "SEND_MESSAGE", "Content": text}));
    }
    console.wait(1_000)
}

#[test]
fn it_is_on_the_row_or_the_input_of_every_view() {
    for (width, height) in [(80, 24), (140, 40)] {
        for (keys, row) in [
            ("", "lobby-main"),
            ("jj", "auction-floor"),
            ("2", "cw-staging"),
            ("3", "="),
            ("/quiet", "/quiet"),
            ("/nothing-is-called-that<enter>", "The filter lets nothing through"),
            (":refr", ":refr"),
            ("?", "List"),
            ("?/tags", "/tags"),
            ("y", "ARN"),
            ("<c-k>eu", "eu"),
            ("c", "Name"),
            ("t", "Preset"),
            ("d", "> "),
            ("0]]]", ""),
        ] {
            let console = Console::sized(width, height).wait(1_000).keys(keys);
            let on = console.row_of_cursor().unwrap_or_else(|| panic!("{keys} has no cursor\n{}", console.screen()));
            assert!(on.contains(row), "{keys}: {on}\n{}", console.screen());
        }
        for (keys, row) in [
            ("k", "good night"),
            ("kk", "free coins"),
            ("k<enter>", "good night"),
            ("ki", "Shown as"),
            ("kD", "Message"),
            ("kK", ""),
            ("k/coins", "/coins"),
            ("kc", ""),
            ("ke", ""),
            ("k]", ""),
            ("k:note", ":note"),
        ] {
            let console = talk(width, height).keys(keys);
            let on = console.row_of_cursor().unwrap_or_else(|| panic!("{keys} has no cursor\n{}", console.screen()));
            assert!(on.contains(row), "{keys}: {on}\n{}", console.screen());
        }
    }
}

#[test]
fn it_is_on_the_message_in_tiles_and_in_the_merged_feed() {
    for keys in ["T", "A"] {
        let mut console = watching(Console::sized(140, 40), &["lobby-quiet", "night-shift"]).keys("<enter>").keys(keys);
        for room in ["lobby-quiet", "night-shift"] {
            say(&mut console, room, "is anybody here");
        }
        let console = console.keys("k");
        let on = console.row_of_cursor().unwrap();
        assert!(on.contains("is anybody here"), "{keys}: {on}\n{}", console.screen());
    }
}

#[test]
fn over_a_chat_that_rolls_by_there_is_none() {
    let console = talk(80, 24);
    assert_eq!(console.row_of_cursor(), None);
    assert!(console.keys("k").keys("G").row_of_cursor().is_none());
}
