//! Every field of the forms for rooms and logging configurations takes what it may take, and says of the rest what is
//! wrong with it; and nothing that was typed is lost by accident.

use serde_json::json;

use crate::Console;

/// What is put into a field, and what comes of it.
enum Put<'a> {
    Typed(&'a str),
    Pasted(&'a str),
}

/// The form opened with `open`, with `put` in the field that `path` leads to.
fn field(open: &str, path: &str, put: &Put) -> Console {
    let console = Console::sized(100, 40).keys(open).keys(path);
    match put {
        Put::Typed(text) => console.types(text),
        Put::Pasted(text) => console.paste(text),
    }
}

/// The input is accepted: the form is gone and the call went out.
#[track_caller]
fn taken(open: &str, path: &str, put: &Put, operation: &str) -> serde_json::Value {
    let console = field(open, path, put).keys("<enter>").shows("created");
    console.calls(operation).pop().unwrap()
}

/// The input is refused here, in these words, and nothing is sent.
#[track_caller]
fn refused(open: &str, path: &str, put: &Put, operation: &str, words: &str) {
    let console = field(open, path, put).shows(words).keys("<enter>").shows(words);
    assert!(console.calls(operation).is_empty());
}

const FAMILY: &str = "👩‍👩‍👧";

#[test]
fn the_name_of_a_room() {
    let longest = "a".repeat(128);
    assert_eq!(taken("c", "", &Put::Typed(&longest), "CreateRoom")["name"], longest);
    refused("c", "", &Put::Typed(&"a".repeat(129)), "CreateRoom", "has 129 characters, at most 128 are allowed");
    refused("c", "", &Put::Typed(FAMILY), "CreateRoom", "is not allowed; allowed are letters");
    refused("c", "", &Put::Pasted("a\u{7}b"), "CreateRoom", "' ' is not allowed");
    refused("c", "", &Put::Pasted("two\nlines"), "CreateRoom", "' ' is not allowed");
    field("c", "", &Put::Pasted("two\nlines")).shows("line ends and control characters became blanks");
    // What copying a whole line brings along is no second line.
    assert_eq!(taken("c", "", &Put::Pasted("lobby\n"), "CreateRoom")["name"], "lobby");
}

#[test]
fn the_rate_and_the_length_of_a_room() {
    let fields = [("<tab>", "maximumMessageRatePerSecond", 100), ("<tab><tab>", "maximumMessageLength", 500)];
    for (path, member, max) in fields {
        let words = format!("must be a whole number, 1 to {max}");
        assert_eq!(taken("c", path, &Put::Typed(&max.to_string()), "CreateRoom")[member], max);
        assert_eq!(taken("c", path, &Put::Pasted(" 12\n"), "CreateRoom")[member], 12);
        for wrong in ["0", &(max + 1).to_string(), "-1", "1.5", "ten", "99999999999999999999", FAMILY] {
            refused("c", path, &Put::Typed(wrong), "CreateRoom", &words);
        }
        refused("c", path, &Put::Pasted("1\n2"), "CreateRoom", &words);
        refused("c", path, &Put::Pasted("1\u{1b}[31m"), "CreateRoom", &words);
    }
}

#[test]
fn the_review_handler_of_a_room() {
    let path = "<tab><tab><tab>";
    let longest = format!("arn:aws:lambda:us-west-2:123456789012:function:{}", "f".repeat(64));
    let sent = taken("c", path, &Put::Typed(&longest), "CreateRoom");
    assert_eq!(sent["messageReviewHandler"], json!({"uri": longest, "fallbackResult": "ALLOW"}));
    let too_long = format!("arn:{}", "x".repeat(167));
    refused("c", path, &Put::Typed(&too_long), "CreateRoom", "has 171 characters, at most 170 are allowed");
}

#[test]
fn the_tags_of_a_new_room() {
    let path = "<tab><tab><tab><tab><tab>";
    let sent = taken("c", path, &Put::Typed(&format!("{}={}", "k".repeat(128), "v".repeat(256))), "CreateRoom");
    assert_eq!(sent["tags"]["k".repeat(128)], "v".repeat(256));
    refused("c", path, &Put::Typed(&format!("{}=v", "k".repeat(129))), "CreateRoom", "has 129 characters");
    refused("c", path, &Put::Typed(&format!("k={}", "v".repeat(257))), "CreateRoom", "has 257 characters");
    refused("c", path, &Put::Typed("aws:x=1"), "CreateRoom", "aws:");
    refused("c", path, &Put::Typed("=1"), "CreateRoom", "has no key");
    assert_eq!(taken("c", path, &Put::Typed("mood=😀"), "CreateRoom")["tags"], json!({"mood": "😀"}));
    assert_eq!(taken("c", path, &Put::Pasted("a=1\nb = 2\n"), "CreateRoom")["tags"], json!({"a": "1", "b": "2"}));
    assert_eq!(taken("c", path, &Put::Pasted(r#"{"a": "x=y"}"#), "CreateRoom")["tags"], json!({"a": "x=y"}));
    let fifty = (0..50).map(|n| format!("k{n}=v")).collect::<Vec<_>>().join("\n");
    assert_eq!(taken("c", path, &Put::Pasted(&fifty), "CreateRoom")["tags"].as_object().unwrap().len(), 50);
    refused("c", path, &Put::Pasted(&(fifty + "\nk50=v")), "CreateRoom", "50 are allowed");
}

#[test]
fn more_than_three_logging_configurations_are_refused() {
    // The built-in world has three that can be attached: all of them are allowed.
    let path = "<tab><tab><tab><tab><space><down><space><down>";
    let sent = taken("c", path, &Put::Typed(" "), "CreateRoom");
    assert_eq!(sent["loggingConfigurationIdentifiers"].as_array().unwrap().len(), 3);
}

#[test]
fn the_destinations_of_a_logging_configuration() {
    let create = "CreateLoggingConfiguration";
    let cases = [
        ("<tab><left><tab>", "a.bucket-1", "s3", "bucketName", 63, "b"),
        ("<tab><tab>", "/ivs/chat#1", "cloudWatchLogs", "logGroupName", 512, "g"),
        ("<tab><right><tab>", "stream.a_b", "firehose", "deliveryStreamName", 64, "s"),
    ];
    for (path, text, kind, member, max, letter) in cases {
        assert_eq!(
            taken("2c", path, &Put::Typed(text), create)["destinationConfiguration"],
            json!({kind: {member: text}})
        );
        let longest = letter.repeat(max);
        assert_eq!(
            taken("2c", path, &Put::Typed(&longest), create)["destinationConfiguration"],
            json!({kind: {member: longest}})
        );
        let words = format!("has {} characters, at most {max} are allowed", max + 1);
        refused("2c", path, &Put::Typed(&letter.repeat(max + 1)), create, &words);
        refused("2c", path, &Put::Typed(FAMILY), create, "is not allowed");
        refused("2c", path, &Put::Pasted("a\u{0}bcd"), create, "is not allowed");
        refused("2c", path, &Put::Pasted("abc\ndef"), create, "is not allowed");
        // Nothing is told only once somebody has tried to send it.
        let console =
            Console::sized(100, 40).keys("2c").keys(path).hides("at least").hides("must not be empty").keys("<enter>");
        let told = console.screen().contains("must not be empty");
        assert!(told && console.calls(create).is_empty(), "{}", console.screen());
    }
}

#[test]
fn esc_asks_before_it_drops_what_was_typed() {
    let console = Console::demo().keys("c").types("precious").keys("<esc>").shows("Drop what you typed?");
    let console = console.keys("<esc>").shows("precious").keys("<esc>y").hides("precious");
    console.keys("c<esc>").hides("Create a room").hides("Drop what you typed?");
}

#[test]
fn a_held_key_types_but_does_not_send() {
    use ivschat::app::Msg;
    use ivschat::app::key::{Code, Key};
    let console = Console::demo().keys("c").happens(Msg::Held(Key::char('x'))).shows("x");
    let console = console.happens(Msg::Held(Key::plain(Code::Enter)));
    assert!(console.calls("CreateRoom").is_empty());
}

#[test]
fn a_form_works_on_the_smallest_screen() {
    let console = Console::sized(40, 10).keys("c").types("tiny").keys("<tab><tab><tab><tab><tab>").types("a=b");
    let console = console.shows("Tags").shows("a").keys("<enter>").shows("created room tiny");
    assert_eq!(console.calls("CreateRoom"), [json!({"name": "tiny", "tags": {"a": "b"}})]);
}

#[test]
fn a_live_chat_stands_still_behind_a_form() {
    let console = Console::demo().keys("<enter>").wait(3000).keys("1c").types("x");
    let before = console.screen();
    let console = console.wait(5000);
    let rows = |screen: &str| screen.lines().skip(3).take(2).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rows(&before), rows(&console.screen()));
}

#[test]
fn garbage_of_any_size_is_told_and_nothing_breaks() {
    let garbage: String = "\u{1b}[2J\u{202e}\u{0}x\n=".repeat(20_000);
    for path in ["", "<tab>", "<tab><tab><tab>", "<tab><tab><tab><tab><tab>"] {
        let console = Console::demo().keys("c").keys(path).paste(&garbage).keys("<enter>").shows("! ");
        assert!(console.calls("CreateRoom").is_empty());
        console.keys("<c-u>").resize(1, 1).resize(200, 60).shows("Create a room");
    }
}

#[test]
fn no_size_takes_the_text_out_of_a_form() {
    let console = Console::demo().keys("c").types("kept");
    let console = [(1, 1), (40, 10), (500, 500), (39, 9), (80, 24)]
        .iter()
        .fold(console, |console, (w, h)| console.resize(*w, *h));
    console.shows("kept").keys("<enter>").shows("created room kept");
}
