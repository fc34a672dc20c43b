//! Hostile text through the real program: in all bytes that it writes to its terminal there is nothing but text and the
//! sequences by which it draws.

use serde_json::json;

use crate::hostile::{BENIGN, corpus, leak_in_bytes};
use crate::session::Start;

/// A recording of a room in which only hostile users speak.
fn feed() -> String {
    let line = |(n, text): (usize, &String)| {
        json!({"received": "2026-11-21T12:00:00Z", "room": "arn:aws:ivschat:us-west-2:123456789012:room/abcdEFGH1234",
            "frame": {"Type": "MESSAGE", "Id": format!("m{n}"), "Content": text, "SendTime": "2026-11-21T12:00:00Z",
                "Attributes": {text: text}, "Sender": {"UserId": text, "Attributes": {"displayName": text}}}})
        .to_string()
    };
    let mut texts = corpus();
    texts.extend(BENIGN.iter().map(|text| (*text).to_owned()));
    texts.iter().enumerate().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn a_recorded_feed_writes_nothing_but_text_and_the_drawing_of_it() {
    let mut console = Start::ivschat(&["replay", "feed.jsonl", "--speed", "max"]).file("feed.jsonl", &feed()).run();
    console.shows("replay over");
    // All of it passes over the screen, and some of it is looked at.
    console.keys("kg").shows("|| paused");
    for _ in 0..12 {
        console.keys("i").shows("Message of").keys("<esc>").hides("Message of");
        console.keys("<enter>").shows("User in").keys("<esc>").hides("User in");
        console.keys("<pagedown><pagedown><pagedown>");
    }
    let ended = console.keys("<c-c>").ends();
    assert_eq!(leak_in_bytes(&ended.written), None);
    ended.cleanly(0);
}

#[test]
fn what_is_told_without_a_screen_holds_nothing_either() {
    let rules = "[[rule]]\nname = \"any\"\npattern = \".\"\n";
    let mut trial = Start::ivschat(&["rules", "test", "feed.jsonl", "--config", "c.toml"])
        .file("feed.jsonl", &feed())
        .file("c.toml", rules)
        .run();
    let ended = trial.ends();
    assert!(ended.written.contains("line "), "{}", ended.written);
    assert_eq!(leak_in_bytes(&ended.written), None);
    for text in ["a\u{1b}[2J", "\u{1b}]0;x\u{7}", "\u{9b}2J", "a\u{202e}b", "\u{200b}x"] {
        let endpoint = vec!["--region", "us-west-2", "--endpoint-url", text];
        for args in [endpoint, vec![text], vec!["chat", text, text], vec!["replay", text]] {
            let ended = Start::ivschat(&args).run().ends();
            assert!(!ended.written.is_empty(), "{args:?}");
            assert_eq!(leak_in_bytes(&ended.written), None, "{args:?}: {:?}", ended.written);
        }
        let config =
            format!("{text} = 1\nregion = \"{}\"\n", text.escape_unicode().to_string().replace("\\u{", "\\\\u{"));
        let ended = Start::ivschat(&["config", "--check", "c.toml"]).file("c.toml", &config).run().ends();
        assert!(ended.written.contains("c.toml"), "{:?}", ended.written);
        assert_eq!(leak_in_bytes(&ended.written), None, "{:?}", ended.written);
    }
}
