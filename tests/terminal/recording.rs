//! A room's feed recorded by the real program, and played again by it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use ivschat::messaging::Frame;
use ivschat::messaging::recording::{self, What};

use crate::session::Start;

/// What plain messages a recording holds, as they stand in a row.
fn texts(recording: &str) -> Vec<String> {
    let messages = recording::read(recording).frames.into_iter().filter_map(|recorded| match recorded.what {
        What::Frame(Frame::Message(message)) => Some(message.content),
        What::Frame(Frame::Event(_) | Frame::Error(_) | Frame::Unknown(_)) | What::Gap(_) => None,
    });
    messages.filter(|text| text.is_ascii() && (4..40).contains(&text.len())).collect()
}

#[test]
fn what_was_recorded_in_the_demo_is_seen_again_in_the_replay() {
    let mut console = Start::ivschat(&["--demo", "chat", "lobby-main"]).run();
    console.shows(" live  session until").keys(":record feed.jsonl<enter>").shows("REC lobby-main");
    console.until("to show somebody talking", |screen| screen.contents().matches('#').count() > 8);
    console.keys(":record stop<enter>").shows("recorded: ").hides("REC");
    let path = console.home().join("feed.jsonl");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    // What is no recording is not touched.
    fs::write(console.home().join("notes"), "mine\n").unwrap();
    console.keys(":record notes<enter>").shows("not recorded: notes: is there, and no recording");
    assert_eq!(console.file("notes"), "mine\n");
    let recorded = console.file("feed.jsonl");
    console.keys("<c-c>").ends().cleanly(0);
    let texts = texts(&recorded);
    let frames = recording::read(&recorded).frames.len();
    assert!(!texts.is_empty(), "{recorded}");

    let mut replay = Start::ivschat(&["replay", "feed.jsonl", "--speed", "max"]).size(80, 60);
    replay = replay.file("feed.jsonl", &recorded);
    let mut replay = replay.run();
    replay.shows("feed.jsonl").shows(&format!("replay over  {frames}/{frames}"));
    for text in texts.iter().rev().take(5) {
        replay.shows(text);
    }
    replay.keys("kd").shows("no service behind a replay").keys("<c-c>").ends().cleanly(0);
}

#[test]
fn a_console_that_ends_leaves_a_whole_recording() {
    let mut console = Start::ivschat(&["--demo", "chat", "lobby-main"]).run();
    console.shows(" live  session until").keys(":record feed.jsonl<enter>").shows("REC lobby-main");
    console.until("to show somebody talking", |screen| screen.contents().matches('#').count() > 3);
    console.keys("<c-c>").ends().cleanly(0);
    let recorded = console.file("feed.jsonl");
    let tape = recording::read(&recorded);
    assert!(!tape.frames.is_empty() && tape.broken == 0 && recorded.ends_with('\n'), "{recorded}");
}

#[test]
fn what_can_not_be_played_is_told_in_one_line() {
    for (file, why) in [("none", "none can't be played: there is no such file"), (".", "it is a folder")] {
        let ended = Start::ivschat(&["replay", file]).run().ends();
        ended.with_words_only(252);
        assert!(ended.written.lines().count() == 1 && ended.written.contains(why), "{}", ended.written);
    }
    let ended = Start::ivschat(&["replay", "notes"]).file("notes", "mine\n").run().ends();
    ended.with_words_only(252);
    assert!(ended.written.contains("neither recorded frames nor chat log records; line 1"), "{}", ended.written);
}
