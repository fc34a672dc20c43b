//! `ivschat replay FILE`: a recorded feed, or the service's own log of one, is played through the same screen.

use ivschat::app::Msg;
use ivschat::app::key::Key;
use serde_json::json;

use crate::Console;

/// What is recorded of a raid, and of a moderator who takes a message of it from view. It takes about 10 s.
fn raid() -> String {
    let console = Console::demo().keys("/staging-smoke<enter><enter>").wait(1_000).keys(":record feed<enter>");
    let console = console.raid(3, "free coins").wait(4_000).raid(1, "one more").moderator_deletes("spam");
    console.keys(":record stop<enter>").files["feed"].0.clone()
}

/// A record as the service's logging writes it.
fn logged(id: &str, second: u32, content: &str) -> String {
    let time = format!("2023-01-05T14:33:{second:02}.894Z");
    let payload = json!({
        "Type": "MESSAGE", "Id": id, "RequestId": "", "Attributes": null, "Content": content, "SendTime": time,
        "Sender": { "UserId": "u1", "Attributes": {} },
    });
    json!({ "event_timestamp": time, "type": "MESSAGE", "version": "1.0", "payload": payload }).to_string() + "\n"
}

#[test]
fn a_recording_is_played_as_fast_as_it_came_in_a_room_named_after_its_file() {
    let console =
        Console::replaying(&raid(), "1").shows("feed.jsonl ─").shows("replay 1x").shows("replay  123456789012");
    let console = console.shows("free coins").hides("one more").hides(" live");
    let console = console.wait(8_000).shows("=3 from 3").shows("deleted: spam").shows("replay over  5/5");
    // The times are those of the recording, on the strip too, and all is selected as ever.
    console.shows("12:00Z").shows("12:00:1").keys("k").shows("|| paused");
}

#[test]
fn the_speed_is_changed_while_it_runs() {
    let log = logged("AbCdEf123451", 0, "first")
        + &logged("AbCdEf123452", 50, "second")
        + &logged("AbCdEf123453", 59, "third");
    let console = Console::replaying(&log, "1").wait(3_000).shows("first").hides("second").shows("replay 1x  1/3");
    let console = console.keys(":replay speed 100<enter>").wait(700).shows("second").shows("third");
    console.shows("replay over  3/3").shows("14:33Z");
    let console = Console::replaying(&log, "1").keys(":replay pause<enter>").wait(90_000).shows("replay paused  1/3");
    let console =
        console.keys(":replay speed max<enter>").wait(1_000).hides("second").keys(":replay go<enter>").wait(100);
    let console = console.shows("third").keys(":replay speed 1<enter>:replay again<enter>").wait(1_000);
    console.hides("third").shows("replay 1x  1/3").shows("first");
}

#[test]
fn all_at_once_is_without_waiting() {
    let log: String = (0..1200).map(|n| logged(&format!("AbCdEf12{n:04}"), n % 60, &format!("line {n}"))).collect();
    Console::replaying(&log, "max").shows("replay over  1200/1200").shows("line 1199");
}

#[test]
fn broken_lines_are_counted_and_told_and_cost_nothing_else() {
    let log = logged("AbCdEf123451", 0, "first") + "{\"received\":\n\u{1b}[2J\n" + &logged("AbCdEf123452", 1, "second");
    let console = Console::replaying(&log, "1").shows("2 lines can't be read, first line 2").shows("2 unreadable");
    console.wait(3_000).shows("first").shows("second");
}

#[test]
fn what_needs_the_service_is_refused_in_plain_words() {
    let no = "no service behind a replay";
    for keys in [
        "kd",
        "kD",
        "kK",
        "kP",
        "x",
        "c",
        "e",
        "<c-r>",
        "1d",
        "1t",
        "1w",
        "1c",
        "1e",
        "3c",
        ":token<enter>",
        ":event<enter>",
    ] {
        let console = Console::replaying(&raid(), "max").keys(keys);
        console.shows(no);
    }
    let console = Console::replaying(&raid(), "max").keys(":record feed<enter>");
    console.shows("a replay is not recorded");
    Console::demo().keys(":replay pause<enter>").shows("nothing is replayed here: start `ivschat replay FILE`");
    Console::replaying(&raid(), "max").keys(":replay stop<enter>").shows("speed N, pause, go, again");
}

#[test]
fn the_lists_have_the_one_room_and_nothing_else() {
    let console = Console::replaying(&raid(), "max").keys("<esc>1").shows("1 Rooms 1").shows("feed.jsonl");
    console.shows("2 Logging 0").keys("<enter>").shows("replay over").keys("q<esc>");
}

#[test]
fn a_filter_and_the_help_work_as_ever_and_it_can_be_left() {
    let console =
        Console::replaying(&raid(), "max").keys("/one<enter>").hides("=3 from 3").keys("<esc>?").shows("Chat");
    console.keys("<esc>").happens(Msg::Key(Key::char('q'))).keys("qqq").has_ended(true);
}
