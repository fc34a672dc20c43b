//! A moderator's way through the console, from the shell and back.

use ivschat::simulator::World;
use ivschat::simulator::world::Setup;
use jiff::Timestamp;

use crate::service::Service;
use crate::session::{Session, Start};

/// Finds a room, reads it, deletes a message while it floods, looks around, and leaves.
fn journey(mut console: Session) {
    console.shows("lobby-eu").keys("/lobby-main").shows("1 Rooms 1/").hides("lobby-eu").keys("<enter><enter>");
    console
        .shows("1 live")
        .shows(" live  session until")
        .until("to show somebody talking", |screen| screen.contents().contains('#'));
    console.keys("k").shows("|| paused");
    let selected = console.row_of_cursor();
    let user = user_of(&selected).unwrap_or_else(|| panic!("the cursor is on a message: {selected:?}"));
    console.shows(" new ");
    assert_eq!(console.row_of_cursor(), selected, "the selection moves under the reader");
    console.keys("d").shows(&format!("{user}, confirmed: ")).shows("deleted (you, ");
    console.keys("G").hides("|| paused").shows(" live  session until");
    look_around(&mut console);
    leave(console);
}

/// The four digits behind a name.
fn user_of(row: &str) -> Option<&str> {
    let at = row.find('#')?;
    row.get(at..at + 5).filter(|user| user[1..].chars().all(|c| c.is_ascii_hexdigit()))
}

fn look_around(console: &mut Session) {
    console.keys("]").shows("100 messages a second").keys("]").shows("\"maximumMessageRatePerSecond\": 100");
    console.keys("3").shows("team = live-events");
    console.keys("?").shows(" Keys ").shows("Lists").keys("/shell").shows("back to the shell").hides("Lists");
    console.keys("<esc>").shows("Lists").keys("q").hides(" Keys ");
}

/// Back to the rooms, out of the filter, and out.
fn leave(mut console: Session) {
    console.keys("q").shows("Enter open").keys("q").shows("lobby-eu").keys("q");
    console.ends().cleanly(0);
}

#[test]
fn a_moderator_s_way_through_the_demo_on_a_small_screen() {
    journey(Start::ivschat(&["--demo"]).run());
}

#[test]
fn a_moderator_s_way_through_the_demo_on_a_large_screen() {
    journey(Start::ivschat(&["--demo"]).size(140, 40).run());
}

#[test]
fn a_moderator_s_way_through_a_service() {
    let service = Service::start();
    journey(service.console(&[]).run());
    assert_eq!(service.connections(), 0, "leaving closes the connection");
}

#[test]
fn a_room_is_opened_from_the_command_line() {
    let service = Service::start();
    let mut console = service.console(&["chat", "lobby-main"]).run();
    console.shows(" lobby-main ").shows("joined: what was said before is not shown").shows("k select");
    console.keys("<c-c>").ends().cleanly(0);
}

#[test]
fn the_tags_of_a_channel_are_asked_with_the_other_service_s_signature() {
    let account = World::new(Setup::default(), Timestamp::now());
    let channel = account.ivs_arns().find(|arn| arn.contains(":channel/")).unwrap();
    let service = Service::start();
    let mut console = service.console(&[]).run();
    // The service takes no signature for ivschat here.
    console.shows("lobby-eu").keys(&format!(":tags {channel}<enter>")).shows("stream = main").shows("channel ");
    console
        .keys("e")
        .shows("Tags of channel ")
        .keys("<down><down>")
        .keys("<c-u>elsewhere<enter>y")
        .shows("saved the tags");
    console.shows("= elsewhere").keys("q").hides("Service").shows("lobby-main").keys("q").ends().cleanly(0);
}

#[test]
fn a_flood_keeps_no_key_waiting() {
    let mut console = Start::ivschat(&["--demo", "--demo-rate", "1000", "chat", "lobby-main"]).run();
    console.shows(" live  session until");
    for _ in 0..5 {
        console.keys("k").shows("|| paused").shows(" new ").keys("G").hides("|| paused");
    }
    console.keys("k").shows("|| paused");
    let selected = console.row_of_cursor();
    // What the flood adds to the status line may leave no room for the word about it; the row has it.
    console.keys("d").shows("deleted (you, ");
    assert_ne!(console.row_of_cursor(), selected, "the next message is selected");
    console.keys("<c-c>").ends().cleanly(0);
}

#[test]
fn a_message_that_is_written_reaches_everybody_else_in_the_room() {
    let service = Service::start();
    let mut reader = service.console(&["chat", "lobby-quiet"]).run();
    reader.shows("joined: what was said before is not shown").shows(" live  session until");
    let mut writer = service.console(&["chat", "lobby-quiet"]).run();
    writer.shows(" live  session until").keys("c").shows("joins the room anew");
    writer.keys("hello<space>over<space>there<enter>").shows("written to lobby-quiet, seen in");
    writer.shows("hello over there");
    reader.shows("hello over there");
    for console in [&mut reader, &mut writer] {
        console.keys("<c-c>").ends().cleanly(0);
    }
    // What was done is on the disk, with what came of it.
    let journal = writer.journal();
    let lines: Vec<serde_json::Value> = journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [intent, outcome] = &lines[..] else { panic!("{journal}") };
    assert_eq!((&intent["operation"], &intent["text"]), (&"SendMessage".into(), &"hello over there".into()));
    assert_eq!((&outcome["outcome"], &outcome["id"]), (&"done".into(), &intent["id"]));
}
