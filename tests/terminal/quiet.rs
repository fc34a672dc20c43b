//! What the terminal gets to see when nothing happens, and when its size does not stand still.

use std::time::Duration;

use rustix::process::Signal;

use crate::session::{Session, Start};

/// How long nothing is to be written.
const QUIET: Duration = Duration::from_secs(3);

/// The clock in the strip.
fn clock(console: &Session) -> String {
    console.screen().lines().next().unwrap_or_default().split_whitespace().last().unwrap_or_default().to_owned()
}

#[test]
fn an_idle_screen_is_not_written_to() {
    let mut console = Start::ivschat(&["--demo"]).run();
    console.shows("100 messages a second").shows("cw-staging").shows("team = live-events");
    // The last of the answers may still be on its way to the screen.
    while console.writes_more_than(console.written(), Duration::from_millis(500)) {}
    let quiet = |console: &Session| {
        let (before, minute) = (console.written(), clock(console));
        (!console.writes_more_than(before, QUIET), minute != clock(console))
    };
    let (mut is_quiet, minute_passed) = quiet(&console);
    if minute_passed {
        (is_quiet, _) = quiet(&console);
    }
    assert!(is_quiet, "an idle screen was written to");
    console.keys("q").ends().cleanly(0);
}

#[test]
fn no_size_is_too_small_or_too_fast_for_it() {
    let mut console = Start::ivschat(&["--demo", "--demo-rate", "200", "chat", "lobby-main"]).run();
    console.shows(" live  session until").keys("k").shows("|| paused").keys("G").hides("|| paused");
    let sizes =
        [(1, 1), (500, 500), (2, 50), (500, 1), (1, 500), (40, 10), (39, 9), (100, 24), (99, 24), (200, 60), (80, 2)];
    for (round, (width, height)) in sizes.iter().cycle().take(400).enumerate() {
        console.resize(*width, *height);
        if round % 7 == 0 {
            console.keys("k");
        }
    }
    console
        .resize(80, 24)
        .shows("? help")
        .keys("k")
        .shows("|| paused")
        .keys("G")
        .hides("|| paused")
        .shows(" live  session until");
    console.resize(30, 5).shows("needs 40x10, this is 30x5").resize(140, 40).shows("1 Rooms").shows("session until");
    console.keys("<c-c>").ends().cleanly(0);
}

#[test]
fn a_size_that_was_another_in_between_is_drawn_from_nothing() {
    let mut console = Start::ivschat(&["--demo"]).run();
    console.shows("lobby-main").shows("? help").scramble().hides("? help");
    console.signal(Signal::WINCH);
    console.shows("lobby-main").shows("? help").keys("q").ends().cleanly(0);
}

#[test]
fn a_frame_is_one_piece() {
    let mut console = Start::ivschat(&["--demo"]).run();
    console.shows("lobby-main").keys("?").shows(" Keys ").keys("q").hides(" Keys ").keys("q");
    let ended = console.ends();
    ended.cleanly(0);
    // Outside of frames nothing is written but what takes the terminal over and gives it back: no text, and the cursor
    // is never moved.
    let mut frames = ended.written.split("\x1b[?2026h");
    let before = frames.next().unwrap_or_default();
    let after: String = frames.filter_map(|frame| frame.split_once("\x1b[?2026l")).map(|(_, after)| after).collect();
    // The shape of the cursor has a blank in its sequence.
    let after = after.replace("\x1b[0 q", "");
    for outside in [before, &after] {
        assert!(!outside.contains([' ', 'H']), "{outside:?}");
    }
    assert!(before.contains("\x1b[?1049h") && after.contains("\x1b[?1049l"));
}
