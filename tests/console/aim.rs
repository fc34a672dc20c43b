//! Nothing is hit but what stood on the screen when the key was pressed, whatever changes behind it meanwhile.

use ivschat::api::ops::ListRooms;
use serde_json::{Value, json};

use crate::Console;
use crate::merged::{say, watching};

const ROOMS: [&str; 2] = ["lobby-quiet", "staging-smoke"];

/// Two live rooms with the same number of messages, the first of them shown.
fn two_rooms() -> Console {
    let mut console = watching(Console::demo(), &ROOMS);
    for n in 0..4 {
        for room in ROOMS {
            say(&mut console, room, &format!("{room} says {n}"));
        }
    }
    console.keys("1/").types("lobby-quiet").keys("<enter><enter>").shows("lobby-quiet says 3")
}

/// After these keys in the chat the list of rooms comes, and the shown room is not in it any more.
fn gone_from_the_list(console: Console, keys: &str) -> Console {
    let mut console = console.keys("1<esc>");
    let mut rooms: Vec<Value> = console.holds(&ListRooms::default())["rooms"].as_array().unwrap().clone();
    rooms.retain(|room| room["name"] == "staging-smoke");
    let page = json!({ "rooms": rooms });
    console.answers("ListRooms", &[page]).delays("ListRooms").keys("<c-r>0").keys(keys).arrives()
}

#[test]
fn the_chat_stays_on_its_room_when_the_list_of_rooms_loses_it() {
    let console = gone_from_the_list(two_rooms(), "k").shows("lobby-quiet says 3");
    let (room, message) = console.highlighted().unwrap();
    let console = console.keys("d");
    let calls = console.calls("DeleteMessage");
    assert_eq!((&calls[0]["roomIdentifier"], &calls[0]["id"]), (&json!(room), &json!(message)));
    assert!(console.row_of("lobby-quiet says 2") > 0);
}

#[test]
fn a_label_hits_the_room_that_it_stood_in() {
    let mut console = gone_from_the_list(two_rooms(), "x");
    let room = console.room("lobby-quiet").to_string();
    let console = console.keys("a");
    let calls = console.calls("DeleteMessage");
    assert!(calls.iter().all(|call| call["roomIdentifier"] == room), "{calls:?}");
}

#[test]
fn a_label_leaves_the_cursor_on_a_message_that_stands() {
    let console = two_rooms().keys("k");
    let selected = console.selected_message();
    let console = console.keys("xd").wait(500);
    assert_eq!(console.calls("DeleteMessage").len(), 1);
    assert_ne!(console.calls("DeleteMessage")[0]["id"], json!(selected));
    assert_eq!(console.selected_message(), selected, "what was not hit stays selected");
    // What is hit itself is left, as after any deletion.
    let console = console.keys("xa");
    assert_ne!(console.selected_message(), selected);
}

#[test]
fn many_deletions_in_one_room_leave_the_marks_of_others() {
    let console = two_rooms().keys("k<space>k<space>").keys("<c-n>").shows("staging-smoke says 3");
    let console = console.keys("k<space>k<space>dy").wait(1_000).keys("<esc>");
    assert_eq!(console.calls("DeleteMessage").len(), 2);
    console.keys("<c-p>").shows("lobby-quiet says 3").shows("2 marked");
}

#[test]
fn in_the_list_of_rooms_a_key_means_the_row_under_the_cursor() {
    let mut console = gone_from_the_list(two_rooms(), "k").keys("1w").wait(500);
    assert!(console.is_connected("lobby-quiet") && !console.is_connected("staging-smoke"));
    drop(console.keys("K").shows("Disconnect a user from staging-smoke"));
}
