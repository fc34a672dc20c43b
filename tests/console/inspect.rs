//! A message under the lens: nothing in it stays hidden, and none of it does anything.

use serde_json::{Value, json};

use crate::Console;

/// A quiet room in which this was said, and selected.
fn said(text: &str) -> Console {
    let mut console = Console::demo().keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live");
    console.says_as("mallory", "lobby-quiet", &json!({"Action": "SEND_MESSAGE", "Content": text}));
    console.wait(100).keys("ki")
}

#[test]
fn hidden_characters_links_and_the_skeleton_are_shown() {
    let console = said("fr\u{200b}ее \u{202e}coins https://bank.com@xn--80ak6aa92e.com/x");
    let console = console
        .shows("Message of mallory")
        .shows("Skeleton    frecoins")
        .shows("1 x U+200B zero width space")
        .shows("1 x U+202E right-to-left override")
        .shows("leads to аррӏе.com, to the network xn--80ak6aa92e.com")
        .shows("\"bank.com\" before the @ is no")
        .shows("\"Content\": \"fr\\u200bее \\u202ecoins");
    insta::assert_snapshot!("inspect_80x24", console.snapshot());
    let console = console.keys("G").shows("U+200B").shows("U+0435      е, like e  cyrillic lowercase letter x 2");
    drop(console.keys("<esc>").hides("Code points").shows("paused"));
}

#[test]
fn y_copies_the_json_and_it_is_safe_and_whole() {
    let text = "a\u{9d}52;c;cm0=\u{7}\u{202e}b";
    let console = said(text).shows("operating system command").keys("y").shows("JSON");
    let copied = console.copied().to_owned();
    assert!(copied.trim_end().lines().all(|line| line.bytes().all(|byte| (b' '..=b'~').contains(&byte))), "{copied}");
    let json: Value = serde_json::from_str(&copied).unwrap();
    assert_eq!(json["Content"], text);
}

#[test]
fn an_honest_message_has_nothing_to_hide() {
    drop(
        said("good game")
            .shows("Hidden      nothing")
            .shows("Links       none")
            .hides("U+")
            .shows("1-19 of 2")
            .keys("q")
            .shows("paused"),
    );
}

#[test]
fn the_longest_message_with_the_most_marks_is_read_to_its_end() {
    let text: String =
        (0..500).flat_map(|at| ["é", if at % 2 == 0 { "\u{301}\u{336}\u{489}\u{35c}" } else { "" }]).collect();
    let text: String = text.chars().take(500).collect();
    let frame = json!({
        "Type": "MESSAGE", "Id": "AYk6xKitV4On", "Content": text, "SendTime": "2026-11-21T12:00:05Z",
        "Sender": {"UserId": "mallory"},
    });
    let console = Console::demo().keys("/lobby-quiet<enter><enter>").wait(3_000);
    let console = console.hears("lobby-quiet", &[frame.to_string()]).keys("ki").keys("G");
    let screen = console.screen();
    let title = screen.lines().find(|line| line.contains("Message of")).unwrap();
    let counted = title.split_once("  ").unwrap().1.split(' ').collect::<Vec<_>>();
    let [range, "of", all, ..] = counted[..] else { panic!("{title}") };
    assert!(range.ends_with(&format!("-{all}")), "the last line is the end: {title}");
    assert!(all.parse::<usize>().unwrap() > 300, "{title}");
    drop(console.keys("<pageup>kkg").shows("Shown as").shows("500 code points"));
}

#[test]
fn without_a_selection_it_says_what_to_do() {
    let console = Console::demo().keys("/lobby-quiet<enter><enter>").wait(3_000);
    drop(console.keys("i").shows("nothing is selected: k selects, i inspects"));
}
