//! Hostile text through every door: nothing that a terminal obeys, hides or reorders by reaches the screen or the
//! clipboard, and honest text of every script stays readable.

use std::collections::BTreeMap;

use ivschat::api::error::Refusal;
use ivschat::api::{Arn, ErrorKind};
use ivschat::app::Msg;
use ivschat::app::msg::Kept;
use ivschat::journal::record::{Act, End, Entry};
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use serde_json::{Value, json};

use crate::Console;
use crate::hostile::{BENIGN, corpus, leak};

const ROOM: &str = "lobby-quiet";

/// A room where nobody speaks by themselves, open and live.
fn quiet(console: Console) -> Console {
    console.keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live")
}

/// Asserts that no cell holds what a terminal should not get.
#[track_caller]
fn is_clean(console: &mut Console, place: &str, text: &str) {
    for cell in console.buffer().content() {
        if let Some(why) = leak(cell.symbol()) {
            panic!("{place} with {text:?}: {why}\n{}", console.screen());
        }
    }
    for copied in std::mem::take(&mut console.clipboard) {
        let lines = copied.replace(['\n', '\t'], " ");
        assert_eq!(leak(&lines), None, "copied from {place} with {text:?}: {copied:?}");
    }
}

fn message(n: usize, text: &str) -> Value {
    json!({
        "Type": "MESSAGE", "Id": format!("m{n}"), "RequestId": text, "Content": text, "SendTime": "2026-11-21T12:00:05Z",
        "Attributes": {text: text, "k": text},
        "Sender": {"UserId": text, "Attributes": {"displayName": text, "badge": text, text: text}},
    })
}

/// All that can come over the connection to a room with this text in it.
fn frames(n: usize, text: &str) -> Vec<String> {
    let event = |name: &str, attributes: Value| {
        json!({"Type": "EVENT", "Id": format!("e{n}"), "EventName": name, "Attributes": attributes,
            "SendTime": "2026-11-21T12:00:05Z"})
    };
    vec![
        message(n, text).to_string(),
        json!({"Type": "MESSAGE", "Id": text, "Content": "its id", "Sender": {"UserId": "u"}}).to_string(),
        event(text, json!({text: text})).to_string(),
        event("aws:DELETE_MESSAGE", json!({"MessageID": format!("m{n}"), "Reason": text})).to_string(),
        event("aws:DELETE_MESSAGE", json!({"MessageID": text, "Reason": text})).to_string(),
        event("aws:DISCONNECT_USER", json!({"UserId": text, "Reason": text})).to_string(),
        message(n + 100_000, text).to_string(),
        json!({"Type": "ERROR", "Id": text, "RequestId": text, "ErrorCode": 400, "ErrorMessage": text}).to_string(),
        json!({"Type": text}).to_string(),
        text.to_owned(),
    ]
}

#[test]
fn nothing_that_comes_over_a_connection_gets_through() {
    let mut console = quiet(Console::demo());
    for (n, text) in corpus().iter().enumerate() {
        console = console.hears(ROOM, &frames(n, text));
        is_clean(&mut console, "the feed", text);
    }
}

#[test]
fn nothing_gets_through_where_a_message_is_looked_at_or_acted_on() {
    let (long, mut corpus): (Vec<_>, Vec<_>) = corpus().into_iter().partition(|text| text.len() > 500);
    corpus.extend(long.iter().map(|text| text.chars().take(100).collect()));
    let mut console = quiet(Console::demo());
    let mut copied = 0;
    // Some at once: what they do together is not less.
    for (n, texts) in corpus.chunks(16).enumerate() {
        let text = texts.join(" ");
        console = console.hears(ROOM, &[message(n, &text).to_string()]).keys("k");
        for (place, keys, told) in [
            ("the page of a message", "i", "Message of "),
            ("the page of a message", "G", "Message of "),
            ("its JSON", "y<esc>", "JSON"),
            ("the copy menu", "yjjjj", "Copy: "),
            ("the text copied", "t", "text"),
            ("the user id copied", "yu", "user id"),
            ("the name copied", "yn", "name"),
            ("JSON copied", "yJ", "JSON"),
            ("the row copied", "yr", "row"),
            ("the command copied", "yc", "aws command"),
            ("the reasons", "D", "Delete"),
            ("the form to disconnect", "<esc>K", "Disconnect"),
            ("the card", "<esc><enter>", "User in "),
        ] {
            console = console.keys(keys).shows(told);
            copied += console.clipboard.len();
            is_clean(&mut console, place, &text);
        }
        console = console.keys("<esc>d");
        is_clean(&mut console, "a deletion", &text);
        console = console.keys("<esc>G");
    }
    assert_eq!(copied, 7 * corpus.len().div_ceil(16));
}

#[test]
fn nothing_that_the_service_calls_its_resources_gets_through() {
    let mut console = Console::sized(140, 40);
    let arn = console.room(ROOM);
    let logging = "arn:aws:ivschat:us-west-2:123456789012:logging-configuration/abcdEFGH1234";
    for texts in corpus().chunks(20) {
        let room = |(n, text): (usize, &String)| {
            json!({"arn": format!("arn:aws:ivschat:us-west-2:123456789012:room/abcdEFGH12{n:02}"), "id": text,
                "name": text, "tags": {text: text}, "messageReviewHandler": {"uri": text, "fallbackResult": text},
                "createTime": "2026-11-20T12:00:00Z", "updateTime": "2026-11-20T12:00:00Z"})
        };
        let rooms = json!({"rooms": texts.iter().enumerate().map(room).collect::<Vec<_>>()});
        let tags: BTreeMap<&String, &String> = texts.iter().map(|text| (text, text)).collect();
        let text = &texts[0];
        let configurations = json!({"loggingConfigurations": [{"arn": logging, "id": text, "name": texts.join(" "),
            "state": text, "tags": tags, "destinationConfiguration": {"s3": {"bucketName": text}},
            "createTime": "2026-11-20T12:00:00Z", "updateTime": "2026-11-20T12:00:00Z"}]});
        let details = json!({"arn": arn, "id": text, "name": texts.join(" "), "tags": tags,
            "maximumMessageLength": 500, "maximumMessageRatePerSecond": 10, text: texts});
        console = console
            .answers("ListRooms", &[rooms])
            .answers("ListLoggingConfigurations", &[configurations])
            .answers("ListTagsForResource", &[json!({"tags": tags})])
            .answers("GetRoom", &[details.clone(), details])
            .keys("1<c-r>2<c-r>1")
            .wait(2_000);
        for (place, keys, back) in [
            ("the lists", "", ""),
            ("a room's copy menu", "y", "<esc>"),
            ("a room's details", "0]", ""),
            ("a room's JSON", "]", ""),
            ("the page's copy menu", "y", "<esc>"),
            ("the tags", "3jjj", ""),
            ("a tag's copy menu", "y", "<esc>"),
            ("a tag's command", "yc", ""),
            ("a tag's form", "e", "<esc>"),
            ("a tag's deletion", "d", "<esc>"),
            ("logging", "2", ""),
            ("logging's deletion", "d", "<esc>"),
            ("a room's deletion", "1d", "<esc>"),
        ] {
            console = console.keys(keys);
            is_clean(&mut console, place, &texts.join(" "));
            console = console.keys(back);
        }
    }
}

#[test]
fn nothing_that_goes_wrong_gets_through() {
    for texts in corpus().chunks(60) {
        let text = texts.join(" ");
        let body = json!({"message": text, "exceptionMessage": text, "resourceId": text, "resourceType": text,
            "fieldList": [{"name": text, "message": text}]});
        let refused =
            |status| ErrorKind::Refused(Refusal::read(status, Some(&text), &serde_json::to_vec(&body).unwrap()));
        for kind in [
            refused(400),
            refused(403),
            ErrorKind::Broken(text.clone()),
            ErrorKind::Redirected { status: 301, location: Some(text.clone()) },
            ErrorKind::Unreachable(text.clone()),
            ErrorKind::Interrupted(text.clone()),
            ErrorKind::Unsendable(text.clone()),
        ] {
            let mut console = Console::demo().fails("ListRooms", kind.clone()).keys("<c-r>").wait(1_000);
            is_clean(&mut console, "a list that failed", &text);
            let console =
                quiet(Console::demo()).fails("DeleteMessage", kind).hears(ROOM, &[message(1, "x").to_string()]);
            let mut console = console.keys("kd").wait(1_000);
            is_clean(&mut console, "a deletion that failed", &text);
            let mut console = console.keys("[");
            is_clean(&mut console, "its entry in the journal", &text);
        }
    }
}

#[test]
fn nothing_that_is_typed_pasted_or_configured_gets_through() {
    for texts in corpus().chunks(30) {
        let text = texts.join(" ");
        let mut console = Console::watching(|room| {
            room.reason.clone_from(&text);
            room.disconnect_reason.clone_from(&text);
        });
        for (place, keys) in [("the command line", ":"), ("a filter", "/"), ("a form", "c"), ("a tag's form", "3c")] {
            console = console.keys(keys).paste(&text);
            is_clean(&mut console, place, &text);
            console = console.keys("<enter>");
            is_clean(&mut console, place, &text);
            console = console.keys("<esc><esc>y<esc>");
        }
        let console = quiet(console.keys("<esc>1")).hears(ROOM, &[message(1, "x").to_string()]);
        let mut console = console.keys("kD");
        is_clean(&mut console, "the configured reason", &text);
        let mut console = console.keys("<esc>K");
        is_clean(&mut console, "the configured reason", &text);
    }
}

#[test]
fn nothing_in_the_journal_gets_through() {
    let mut console = Console::sized(140, 40);
    let target = console.room(ROOM);
    for texts in corpus().chunks(10) {
        let entry = |text: &String| Entry {
            time: Timestamp::UNIX_EPOCH,
            actor: Some(text.as_str().into()),
            act: Act {
                operation: text.as_str().into(),
                target: Some(Arn::clone(&target)),
                user: Some(text.as_str().into()),
                reason: Some(text.as_str().into()),
                note: Some(text.as_str().into()),
                rule: Some(text.as_str().into()),
                text: Some(text.as_str().into()),
                input: json!({text: text}),
            },
            end: End::Lost,
        };
        let kept = Kept { folder: Some(texts.join(" ")), entries: texts.iter().map(entry).collect() };
        console = quiet(Console::sized(140, 40)).happens(Msg::Journal(Ok(kept))).keys("0[");
        for keys in ["", "a", "<pagedown>", "G"] {
            console = console.keys(keys);
            is_clean(&mut console, "the journal", &texts.join(" "));
        }
    }
}

#[test]
fn honest_text_of_every_script_is_shown_as_it_was() {
    let mut console = quiet(Console::sized(140, 60));
    for (n, text) in BENIGN.iter().enumerate() {
        assert_eq!(leak(text), None);
        let frame = json!({"Type": "MESSAGE", "Id": format!("m{n}"), "Content": text, "Sender": {"UserId": "u"}});
        console = console.hears(ROOM, &[frame.to_string()]);
    }
    // A wide sign has a blank cell behind it.
    let squash = |text: &str| text.split_whitespace().collect::<String>();
    let screen = squash(&console.screen());
    for text in BENIGN {
        assert!(screen.contains(&squash(text)), "{text} is not on the screen:\n{}", console.screen());
    }
    assert!(!console.screen().contains(" ^"), "no row is marked for hidden characters:\n{}", console.screen());
}

/// The columns of a row that only the console writes to: the time, a blank and the sign.
fn gutters(buffer: &Buffer) -> Vec<String> {
    let inside = buffer.area.height - 3;
    let gutter = |y| (1..=10).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (2..inside).map(gutter).filter(|gutter| !gutter.trim().is_empty()).collect()
}

#[test]
fn no_text_forges_a_line_of_the_consoles_own() {
    let mut console = quiet(Console::demo()).hears(ROOM, &[]);
    // Old lines of the console's own leave the screen.
    let filler: Vec<String> = (0..30).map(|n| message(n, &format!("filler {n}")).to_string()).collect();
    console = console.hears(ROOM, &filler);
    let forged = |gutter: &String| gutter.ends_with('-') || gutter.ends_with('─');
    assert!(!gutters(&console.buffer()).iter().any(forged), "{}", console.screen());
    for (n, text) in corpus().iter().enumerate() {
        console = console.hears(ROOM, &[message(100 + n, text).to_string()]);
        let found = gutters(&console.buffer()).into_iter().find(forged);
        assert_eq!(found, None, "{text:?}\n{}", console.screen());
    }
    let console = console.hears(ROOM, &frames(9_000, "x")[2..3]);
    assert!(gutters(&console.buffer()).iter().any(forged), "an event is such a line:\n{}", console.screen());
}

#[test]
fn a_cell_of_20_000_marks_and_a_message_of_20_000_rows_cost_no_more_than_others() {
    let mut console = quiet(Console::demo());
    for (n, text) in
        ["z\u{301}".replace('\u{301}', &"\u{301}".repeat(20_000)), "line\n".repeat(20_000)].iter().enumerate()
    {
        console = console.hears(ROOM, &[message(n, text).to_string()]);
        is_clean(&mut console, "the feed", "much");
        let bytes: usize = console.buffer().content().iter().map(|cell| cell.symbol().len()).sum();
        assert!(bytes < 80 * 24 * 4, "{bytes} bytes of cells");
        // What is laid out of it is bounded: it is walked through in a few pages.
        console = console.keys("k").keys(&"<pageup>".repeat(12)).shows("^z").keys("G");
    }
}
