//! `:record`: a room's feed goes to a file while it is asked for, and the reader is told of it.

use std::collections::BTreeMap;

use ivschat::api::ops::SendEvent;
use ivschat::app::Msg;
use ivschat::app::file::Taped;
use ivschat::messaging::Frame;
use ivschat::messaging::recording::{self, Gap, What};

use crate::Console;

/// A room where nobody speaks by themselves.
fn quiet() -> Console {
    Console::demo().keys("/staging-smoke<enter><enter>").wait(1_000).shows("live").hides("REC")
}

fn tape(console: &Console, path: &str) -> recording::Tape {
    recording::read(&console.files[path].0)
}

#[test]
fn what_comes_between_record_and_stop_is_in_the_file() {
    let mut console = quiet().raid(1, "before").keys(":record /tmp/feed.jsonl<enter>");
    console = console.shows("┌ * REC staging-smoke ─").shows("recording to /tmp/feed.jsonl");
    let (room, event_name) = (console.room("staging-smoke"), "poll".to_owned());
    let event = SendEvent { room_identifier: room.clone(), event_name, attributes: BTreeMap::new() };
    console = console.raid(2, "free coins").elsewhere(&event).moderator_deletes("spam");
    console = console.keys(":record<enter>").shows("recording: 4 frames in /tmp/feed.jsonl");
    console = console.keys(":record stop<enter>").shows("recorded: 4 frames in /tmp/feed.jsonl");
    console = console.hides("REC").raid(1, "after");
    let tape = tape(&console, "/tmp/feed.jsonl");
    assert_eq!((tape.room.as_deref(), tape.name.as_deref()), (Some(room.as_str()), Some("staging-smoke")));
    let kinds = tape.frames.iter().map(|recorded| match &recorded.what {
        What::Frame(Frame::Message(message)) => message.content.as_str(),
        What::Frame(Frame::Event(event)) => event.name(),
        What::Frame(Frame::Error(_) | Frame::Unknown(_)) | What::Gap(_) => "?",
    });
    assert_eq!(kinds.collect::<Vec<_>>(), ["free coins", "free coins", "poll", "aws:DELETE_MESSAGE"]);
}

#[test]
fn no_token_gets_into_a_recording() {
    let console = quiet().keys(":record feed<enter>").keys("chello<enter>").wait(1_000).sessions_last(20);
    let console = console.sessions_end().keys("<c-r>").wait(60_000).raid(1, "free coins");
    assert!(console.tokens.len() > 2);
    let text = &console.files["feed"].0;
    assert!(text.contains("free coins"), "{text}");
    for token in &console.tokens {
        assert!(!text.contains(&token[..12]), "{text}");
    }
}

#[test]
fn a_second_recording_is_appended_and_what_is_no_recording_is_refused() {
    let mut console = quiet().keys(":rec feed<enter>").raid(1, "one").keys(":rec stop<enter>");
    console = console.keys(":rec feed<enter>").shows("recording goes on in feed").raid(1, "two");
    assert_eq!(tape(&console, "feed").frames.len(), 2);
    console = console.keys(":rec other<enter>").shows(":record stop first: it goes to feed");
    console = console.keys(":rec stop<enter>");
    console.files.insert("notes".to_owned(), ("mine\n".to_owned(), 0o644));
    console = console.keys(":rec notes<enter>").shows("not recorded: notes: is there, and no recording");
    console.hides("REC");
}

#[test]
fn a_write_error_is_told_and_ends_the_recording() {
    let mut console = quiet().keys(":record feed<enter>").shows("REC");
    let room = console.room("staging-smoke");
    let why = "feed: No space left on device".to_owned();
    let console = console.happens(Msg::Taped(room, Taped::Ended(Err(why))));
    let console = console.shows("recording ended: feed: No space left").hides("REC staging");
    console.raid(1, "free coins").keys(":record<enter>").shows("is not being recorded: :record FILE does");
}

#[test]
fn only_a_live_room_can_be_recorded() {
    Console::demo().keys(":record feed<enter>").shows("only a live room can be recorded: open one first");
    quiet().keys(":record a b<enter>").shows("put quotes around one with blanks");
    quiet().keys(":record stop<enter>").shows("is not being recorded");
    quiet().keys(":record \"a b\"<enter>").shows("recording to a b");
}

#[test]
fn a_gap_is_recorded_and_drawn_again_in_a_replay() {
    let console = quiet().keys(":record feed<enter>").raid(1, "before").wait(1_000).goes_offline().wait(5_000);
    let console = console.comes_online().wait(40_000).shows("gap of ").raid(1, "after").keys("1w").wait(1_000);
    let gaps: Vec<Gap> = tape(&console, "feed")
        .frames
        .into_iter()
        .filter_map(|recorded| match recorded.what {
            What::Gap(gap) => Some(gap),
            What::Frame(_) => None,
        })
        .collect();
    assert_eq!((gaps.len(), gaps[0].until.is_some(), gaps[1].until.is_some()), (2, true, false), "{gaps:?}");
    assert_eq!(gaps[0].why, "no connection: connection refused");
    let replay = Console::replaying(&console.files["feed"].0, "max").wait(1_000);
    replay
        .shows("before")
        .shows("after")
        .shows("gap of ")
        .shows("no connection: connection refused")
        .shows("not watched");
}
