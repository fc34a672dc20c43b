//! All live rooms in one feed: what stands out there is what is hit, in its own room.

use proptest::prelude::*;
use serde_json::json;

use crate::Console;

/// Rooms in which nobody talks but the test.
const ROOMS: [&str; 3] = ["lobby-quiet", "staging-smoke", "night-shift"];

/// Rooms that are watched without being opened.
pub(crate) fn watching(mut console: Console, rooms: &[&str]) -> Console {
    for room in rooms {
        console = console.keys("1/").types(room).keys("<enter>w<esc>").wait(200);
    }
    console
}

/// Three rooms live and merged.
fn merged() -> Console {
    watching(Console::demo(), &ROOMS).keys("<enter>A").shows("live rooms")
}

pub(crate) fn say(console: &mut Console, room: &str, text: &str) {
    console.says_as(&format!("user-{room}"), room, &json!({ "Action": "SEND_MESSAGE", "Content": text }));
}

/// The row that stands out, without the frame.
fn selected_row(console: &Console) -> String {
    console.reversed_row().expect("a message is selected")
}

/// What the last deletion over the wire named.
fn deleted(console: &Console) -> (String, String) {
    let calls = console.calls("DeleteMessage");
    let call = calls.last().expect("something was deleted");
    (call["roomIdentifier"].as_str().unwrap().to_owned(), call["id"].as_str().unwrap().to_owned())
}

/// Selects the row with this text, from the newest up.
fn selecting(mut console: Console, text: &str) -> Console {
    console = console.keys("Gk");
    for _ in 0..40 {
        if selected_row(&console).contains(text) {
            return console;
        }
        console = console.keys("k");
    }
    panic!("{text:?} can't be selected:\n{}", console.screen());
}

#[test]
fn from_the_list_one_key_shows_all_that_is_watched() {
    let console = Console::demo().keys("A").shows("no room is live yet");
    let mut console = watching(console, &ROOMS).keys("1gA").shows("All of 3 live rooms");
    say(&mut console, "night-shift", "hello from the night");
    let console = console.wait(200).shows("hello from the night").keys("k").shows("paused");
    console.keys("1A").shows("All of 3 live rooms").keys("A").hides("All of 3 live rooms");
}

#[test]
fn a_deletion_names_the_room_and_the_message_that_stand_out_each_time() {
    let mut console = merged();
    for n in 0..4 {
        for room in ROOMS {
            say(&mut console, room, &format!("{room} says {n}"));
        }
    }
    for (room, n) in [(ROOMS[1], 2), (ROOMS[0], 1), (ROOMS[2], 3), (ROOMS[1], 0)] {
        let text = format!("{room} says {n}");
        console = selecting(console, &text);
        let id = console.selected_message();
        // Others go on talking between the look and the key.
        for other in ROOMS {
            say(&mut console, other, &format!("{other} goes on"));
        }
        assert!(selected_row(&console).contains(&text), "{}", console.screen());
        console = console.keys("d").wait(1000);
        let arn = console.room(room).to_string();
        assert_eq!(deleted(&console), (arn, id), "{text}");
    }
    assert_eq!(console.calls("DeleteMessage").len(), 4);
}

#[test]
fn after_an_action_it_goes_on_to_the_next_message_whatever_room_that_is_in() {
    let mut console = merged();
    for (n, room) in ROOMS.iter().enumerate() {
        say(&mut console, room, &format!("number {n}"));
    }
    console = selecting(console, "number 0").keys("d").wait(1000);
    assert!(selected_row(&console).contains("number 1"), "{}", console.screen());
    console = console.keys("d").wait(1000);
    assert!(selected_row(&console).contains("number 2"), "{}", console.screen());
    let console = console.keys("d").wait(1000);
    let rooms: Vec<String> =
        console.calls("DeleteMessage").iter().map(|call| call["roomIdentifier"].as_str().unwrap().to_owned()).collect();
    let mut wanted = console;
    let wanted: Vec<String> = ROOMS.iter().map(|room| wanted.room(room).to_string()).collect();
    assert_eq!(rooms, wanted);
}

#[test]
fn a_label_deletes_in_the_room_of_its_message() {
    let mut console = merged();
    for (n, room) in ROOMS.iter().enumerate() {
        say(&mut console, room, &format!("number {n}"));
    }
    // The newest has the first letter, and so on upwards.
    let console = console.keys("xs").wait(1000);
    let (room, _) = deleted(&console);
    let mut console = console.shows("deleted");
    assert_eq!(room, console.room(ROOMS[1]).to_string());
}

#[test]
fn prompts_name_the_room_of_the_message_that_stands_out() {
    let mut console = merged();
    for room in ROOMS {
        say(&mut console, room, &format!("in {room}"));
    }
    for room in ROOMS {
        for key in ["D", "K", "c", "e", "t"] {
            console = selecting(console, &format!("in {room}")).keys(key).wait(300);
            // The frame of the feed is the first of them.
            let screen = console.screen();
            let title = screen.lines().skip(2).find(|line| line.contains('┌')).unwrap_or_default();
            assert!(title.contains(room), "{key} in {room}:\n{screen}");
            console = console.keys("<esc>").wait(300);
        }
    }
}

#[test]
fn the_filter_is_over_all_rooms_and_knows_their_names() {
    let mut console = merged();
    for room in ROOMS {
        say(&mut console, room, "cheap coins");
        say(&mut console, room, "good evening");
    }
    let console = console.keys("/coins<enter>").hides("good evening");
    assert_eq!(console.screen().matches("cheap coins").count(), 3);
    let console = console.keys("<esc>/room:night good<enter>").hides("cheap coins");
    assert_eq!(console.screen().matches("good evening").count(), 1, "{}", console.screen());
    console.keys("<esc>").shows("cheap coins");
}

#[test]
fn gaps_and_joins_say_in_which_room_they_are() {
    let console = merged();
    let row = console.row_of("joined");
    assert!(ROOMS.iter().any(|room| console.screen().lines().nth(row).unwrap().contains(room)), "{}", console.screen());
    let console = console.goes_offline().wait(500);
    for room in ROOMS {
        let screen = console.screen();
        assert!(screen.lines().any(|line| line.contains(room) && line.contains("reconnecting")), "{screen}");
    }
    console.shows("0 of 3 rooms live");
}

#[test]
fn it_stands_still_while_a_message_is_selected_and_counts_what_comes() {
    let mut console = merged();
    for n in 0..30 {
        say(&mut console, ROOMS[n % 3], &format!("number {n}"));
        console = console.wait(500);
    }
    let console = console.keys("kk");
    let before = console.screen();
    let mut console = console;
    for n in 0..10 {
        say(&mut console, ROOMS[n % 3], &format!("later {n}"));
        console = console.wait(500);
    }
    let rows = |screen: &str| screen.lines().skip(2).take(18).map(ToOwned::to_owned).collect::<Vec<_>>();
    assert_eq!(rows(&before), rows(&console.screen()));
    // There is somebody on the night shift, too.
    let new = console.screen().split("   +").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().to_owned();
    assert!((10..15).contains(&new.parse::<usize>().unwrap()), "{new}");
    console.keys("G").shows("later 9").shows("new since you stopped");
}

#[test]
fn what_is_marked_in_several_rooms_is_shown_by_room_and_deleted_in_each() {
    let mut console = merged();
    for room in ROOMS {
        say(&mut console, room, &format!("in {room}"));
    }
    for room in [ROOMS[0], ROOMS[2]] {
        console = selecting(console, &format!("in {room}")).keys(" ");
    }
    let console = console.shows("2 marked in 2 rooms").keys("d").wait(300);
    let screen = console.screen();
    assert!(
        ROOMS[0].len() + ROOMS[2].len() > 0 && [ROOMS[0], ROOMS[2]].iter().all(|room| screen.contains(room)),
        "{screen}"
    );
    let mut console = console.keys("y").wait(3000);
    let hit: Vec<String> =
        console.calls("DeleteMessage").iter().map(|call| call["roomIdentifier"].as_str().unwrap().to_owned()).collect();
    let mut wanted = vec![console.room(ROOMS[0]).to_string(), console.room(ROOMS[2]).to_string()];
    wanted.sort();
    let mut hit = hit;
    hit.sort();
    assert_eq!(hit, wanted, "{}", console.screen());
}

#[test]
fn the_merged_feed_looks_like_this() {
    let mut console = merged();
    for (n, room) in ROOMS.iter().cycle().take(7).enumerate() {
        say(&mut console, room, &format!("number {n}"));
    }
    insta::assert_snapshot!("merged_80x24", console.keys("kk d").snapshot());
}

#[test]
fn other_panes_show_what_they_always_show_and_the_way_back_leads_to_the_same_message() {
    let mut console = merged();
    for room in ROOMS {
        say(&mut console, room, &format!("in {room}"));
    }
    let console = selecting(console, "in staging-smoke");
    let before = console.highlighted();
    let console = console.keys("2j0").shows("Logs to").keys("1j0").shows("All of 3 live rooms");
    assert_eq!(console.highlighted(), before);
    let mut console = console.keys("d").wait(1000);
    assert_eq!(deleted(&console).0, console.room("staging-smoke").to_string());
}

#[test]
fn leaving_it_shows_the_room_of_what_was_selected() {
    let mut console = merged();
    for room in ROOMS {
        say(&mut console, room, &format!("in {room}"));
    }
    let console = selecting(console, "in staging-smoke").keys("A");
    console.shows("┌ * staging-smoke").hides("in night-shift").keys("A").shows("in night-shift");
}

#[derive(Debug, Clone)]
enum Step {
    Say(usize),
    Keys(&'static str),
}

fn step() -> impl Strategy<Value = Step> {
    let keys = [
        "k",
        "k",
        "k",
        "j",
        "G",
        "d",
        "d",
        "g",
        " ",
        "o",
        "r",
        "'",
        "A",
        "T",
        "<c-n>",
        "<c-p>",
        "/1<enter>",
        "<esc>",
        "n",
        "<pageup>",
        "*",
        "x<esc>",
        "0",
    ];
    prop_oneof![
        2 => (0..3usize).prop_map(Step::Say),
        3 => proptest::sample::select(keys.to_vec()).prop_map(Step::Keys),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever was pressed before, in one room, in tiles or in the merged feed: a deletion hits the message that stood
    /// out when the key was pressed, in its room, or nothing.
    #[test]
    fn what_is_deleted_is_what_stood_out(steps in prop::collection::vec(step(), 1..40)) {
        let mut console = merged();
        let mut said = 0;
        for step in steps {
            let keys = match step {
                Step::Say(room) => {
                    say(&mut console, ROOMS[room], &format!("number {said}"));
                    said += 1;
                    continue;
                }
                Step::Keys(keys) => keys,
            };
            let (before, calls) = (console.highlighted(), console.calls("DeleteMessage").len());
            console = console.keys(keys);
            let now = console.calls("DeleteMessage");
            if now.len() > calls {
                prop_assert_eq!((keys, now.len()), ("d", calls + 1));
                prop_assert_eq!(Some(deleted(&console)), before);
            }
        }
    }
}
