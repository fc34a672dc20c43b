//! What the terminal is sent, by what it is and what its reader wants.

use std::time::Duration;

use serde_json::json;

use crate::hostile::corpus;
use crate::session::{Session, Start};

fn run(start: Start) -> Session {
    let mut console = start.run();
    console.shows("lobby-main").shows("team = live-events");
    console
}

fn demo() -> Start {
    Start::ivschat(&["--demo"])
}

/// The numbers that set colours and the rest of how text looks.
fn looks(written: &str) -> Vec<String> {
    let sequences = written.split("\x1b[").skip(1).filter_map(|rest| rest.split_once('m'));
    let is_look = |parameters: &str| parameters.bytes().all(|byte| byte.is_ascii_digit() || byte == b';');
    sequences.map(|(parameters, _)| parameters.to_owned()).filter(|parameters| is_look(parameters)).collect()
}

#[test]
fn without_colours_the_selection_is_still_seen() {
    let mut console = run(demo().env("NO_COLOR", "1").size(140, 40));
    console.keys("j").until("to have a bar on the second row", |screen| {
        let is_reverse = |row: u16| (2..30).all(|column| screen.cell(row, column).is_some_and(vt100::Cell::inverse));
        is_reverse(3) && !is_reverse(2)
    });
    console.keys("<enter>").shows(" live  session until").keys("k").shows("|| paused");
    let ended = console.keys("<c-c>").ends();
    ended.cleanly(0);
    for look in looks(&ended.written) {
        let known = |number: &str| ["", "0", "1", "2", "4", "7", "22", "24", "27", "39", "49", "59"].contains(&number);
        assert!(look.split(';').all(known), "{look}");
        assert!(!look.starts_with(';'), "a reset in place of a colour");
    }
}

#[test]
fn colours_are_the_sixteen_that_every_terminal_has() {
    let mut console = run(Start::ivschat(&["--demo", "chat", "lobby-main"]).size(140, 40));
    console.shows(" live  session until").keys("k").shows("|| paused").keys("d").shows("confirmed: ");
    let ended = console.keys("<c-c>").ends();
    ended.cleanly(0);
    let looks = looks(&ended.written);
    assert!(looks.iter().any(|look| look.split(';').any(|number| number == "36")), "there are colours");
    assert!(looks.iter().all(|look| look.split(';').all(|number| number != "38" && number != "5")), "{looks:?}");
}

#[test]
fn where_the_locale_is_not_utf_8_every_byte_is_ascii_whatever_is_said() {
    let line = |(n, text): (usize, String)| {
        json!({"received": "2026-11-21T12:00:00Z", "room": "arn:aws:ivschat:us-west-2:123456789012:room/abcdEFGH1234",
            "frame": {"Type": "MESSAGE", "Id": format!("m{n}"), "Content": text, "SendTime": "2026-11-21T12:00:00Z",
                "Sender": {"UserId": format!("u{n}"), "Attributes": {"displayName": text}}}})
        .to_string()
    };
    let mut texts = corpus();
    // The second byte of this letter is a control of eight bits that begins a sequence.
    texts.push("ś2J ねこ 👩\u{200d}👧 é".to_owned());
    let feed = texts.into_iter().enumerate().map(line).collect::<Vec<_>>().join("\n") + "\n";
    let start = Start::ivschat(&["replay", "feed.jsonl", "--speed", "max"]).file("feed.jsonl", &feed);
    let mut console = start.env("LANG", "C").env("LC_ALL", "POSIX").run();
    console.shows("replay over").shows("?2J ???? ?? ?").keys("kg").shows("|| paused").keys("?").shows(" Keys ");
    console.keys("q").hides(" Keys ");
    let ended = console.keys("<c-c>").ends();
    ended.cleanly(0);
    assert!(ended.written.is_ascii());
}

#[test]
fn ascii_signs_are_for_those_who_want_them_and_for_the_linux_console() {
    for start in [
        Start::ivschat(&["--demo", "--ascii"]),
        demo().file("ivschat/config.toml", "ascii = true\n"),
        demo().env("TERM", "linux").env("LANG", "en_GB.UTF-8"),
    ] {
        let mut console = run(start);
        console
            .shows("+ 1 Rooms 13 ---")
            .shows("Chat | Details")
            .until("to have no other lines", |screen| !screen.contents().contains(['│', '─', '┌']));
        console.keys("<c-c>").ends().cleanly(0);
    }
    let mut console = run(demo().env("TERM", "linux").file("ivschat/config.toml", "ascii = false\n"));
    console.shows("┌ 1 Rooms 13 ──").keys("<c-c>").ends().cleanly(0);
}

#[test]
fn the_linux_console_is_not_sent_what_it_would_print() {
    let ended = run(demo().env("TERM", "linux")).keys("<c-c>").ends();
    ended.cleanly(0);
    assert!(!ended.written.contains("\x1b[>") && !ended.written.contains("\x1b[<") && !ended.written.contains(" q"));
}

#[test]
fn the_mouse_is_the_terminal_s_unless_asked_for() {
    let ended = run(demo()).keys("<c-c>").ends();
    assert!(!ended.written.contains("\x1b[?1000h") && !ended.written.contains("\x1b[?1003h"));
    for start in [Start::ivschat(&["--demo", "--mouse"]), demo().file("ivschat/config.toml", "mouse = true\n")] {
        let mut console = run(start);
        // Pressed and let go over the fourth room, as xterm tells it.
        console
            .sends("\x1b[<0;5;6M\x1b[<0;5;6m")
            .until("to have selected it", |screen| screen.cell(5, 10).is_some_and(vt100::Cell::inverse));
        console
            .sends("\x1b[<64;5;6M")
            .until("to have scrolled", |screen| screen.cell(2, 10).is_some_and(vt100::Cell::inverse));
        let ended = console.keys("<c-c>").ends();
        ended.cleanly(0);
        assert!(!ended.written.contains("\x1b[?1003h"), "movements are not asked for");
    }
}

#[test]
fn what_is_pasted_is_no_key() {
    let mut console = run(demo());
    console.sends("\x1b[200~dq:q\r\x1b[201~");
    assert!(!console.writes_more_than(console.written(), Duration::from_millis(300)), "nothing happens");
    console.keys("/").sends("\x1b[200~quiet\x1b[201~").shows("/quiet").keys("<enter><c-c>").ends().cleanly(0);
}
