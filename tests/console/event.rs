//! Events of the application's own: written, sent, seen coming back, and sent again.

use ivschat::api::ErrorKind;
use ivschat::api::error::Refusal;
use ivschat::api::ops::SendEvent;
use ivschat::app::Msg;
use ivschat::app::dialog::event::Template;
use ivschat::app::key::Key;
use serde_json::{Value, json};

use crate::Console;

fn quiet() -> Console {
    Console::demo().keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live")
}

/// A console that knows two templates.
fn with_templates() -> Console {
    let template = |name: &str, event: &str, attributes: &[(&str, &str)]| Template {
        name: name.to_owned(),
        event: event.to_owned(),
        attributes: attributes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
    };
    let events = vec![template("poll", "app:POLL", &[("question", "tea?")]), template("\u{1b}[2Jend", "app:END", &[])];
    Console::knowing(events).keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live")
}

#[test]
fn an_event_is_seen_coming_back_with_its_name_and_attributes() {
    let console = quiet().keys("e").shows("Send an event to lobby-quiet").types("app:POLL").keys("<tab>");
    let console = console.types("question=tea or coffee?").shows("22/4096 B").keys("<enter>");
    let mut console = console.shows("sent event app:POLL, id ").shows(", to lobby-");
    let attributes = json!({"question": "tea or coffee?"});
    let sent =
        json!({"roomIdentifier": console.room("lobby-quiet"), "eventName": "app:POLL", "attributes": attributes});
    assert_eq!(console.calls("SendEvent"), [sent]);
    console.shows("- your event app:POLL {\"question\":\"tea or coffee?\"}");
}

#[test]
fn the_word_shows_the_whole_id_on_a_small_screen_too() {
    let console = quiet().keys("e").types(&"n".repeat(100)).keys("<enter>").shows("sent event nnn");
    let screen = console.screen();
    let (_, id) = screen.split_once(", id ").expect("the id is told");
    assert!(id.chars().take(12).all(|c| c.is_ascii_alphanumeric()), "{screen}");
}

#[test]
fn an_event_from_elsewhere_is_not_ours_whatever_it_says() {
    let mut console = quiet();
    let event = SendEvent {
        room_identifier: console.room("lobby-quiet"),
        event_name: "your event \u{1b}[2J\u{202e}app:X".to_owned(),
        attributes: [("\u{7}k\n".to_owned(), "v\u{200b}\u{9b}31m".to_owned())].into(),
    };
    // That no unsafe character reaches the terminal is asserted of every screen.
    let console = console.elsewhere(&event).shows("- event your event ").shows("app:X").hides("- your event");
    // One of our own in between does not make it so either.
    let console = console.keys("e").types("app:OURS").keys("<enter>").shows("- your event app:OURS");
    console.elsewhere(&event).shows("- event your event ");
}

#[test]
fn an_event_whose_answer_comes_late_is_ours_when_it_has_come() {
    let console = quiet().hangs("SendEvent").keys("e").types("app:SLOW").keys("<enter>").shows("sending");
    let console = console.hides("- your event").works("SendEvent").shows("sent event app:SLOW");
    console.shows("- your event app:SLOW");
}

#[test]
fn an_event_that_was_sent_can_be_sent_again() {
    let console = quiet().keys("e").hides("Template").types("app:ONE").keys("<tab>").types("a=1").keys("<enter>");
    let console = console.keys("e").shows("again: app:ONE").keys("<tab><c-u>").types("app:TWO").keys("<enter>");
    // Newest first.
    let console = console.keys("e<space>").shows("app:TWO").keys("<enter>").keys("e<space><space>");
    let console = console.shows("app:ONE").keys("<enter>");
    let names: Vec<Value> = console.calls("SendEvent").iter().map(|sent| sent["eventName"].clone()).collect();
    assert_eq!(names, ["app:ONE", "app:TWO", "app:TWO", "app:ONE"]);
    assert_eq!(console.calls("SendEvent")[3]["attributes"], json!({"a": "1"}));
}

#[test]
fn a_template_fills_the_fields_and_nothing_typed_is_lost() {
    let console = with_templates().keys("e").shows("( ) poll").keys("<tab>").types("mine").keys("<tab>");
    let console = console.types("k=v").keys("<backtab><backtab><backtab>");
    // Through the templates, one of them changed, and around again.
    let console = console.keys("<space>").shows("app:POLL").shows("tea?").hides("mine");
    let console = console.keys("<tab>").types("-2").keys("<backtab><space>").shows("app:END").hides("tea?");
    let console = console.keys("<space>").shows("mine").shows("k").hides("app:END").keys("<right>");
    let console = console.shows("app:POLL-2").shows("tea?").keys("<enter>");
    let sent = &console.calls("SendEvent")[0];
    assert_eq!((&sent["eventName"], &sent["attributes"]), (&json!("app:POLL-2"), &json!({"question": "tea?"})));
}

#[test]
fn a_refused_event_keeps_what_was_typed() {
    let no = Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"not for you"}"#);
    let console = quiet().fails("SendEvent", ErrorKind::Refused(no)).keys("e").types("app:X").keys("<enter>");
    let console = console.shows("Access denied").shows("ivschat:SendEvent").shows("app:X").works("SendEvent");
    assert_eq!(console.keys("<enter>").shows("sent event app:X").calls("SendEvent").len(), 2);
}

#[test]
fn an_event_whose_answer_is_lost_is_not_sent_again_by_itself() {
    let lost = ErrorKind::Interrupted("connection reset".to_owned());
    let console = quiet().fails("SendEvent", lost).keys("e").types("app:X").keys("<enter>").wait(30_000);
    let console = console.shows("It may have been carried out all the same: look before you send it again.");
    assert_eq!(console.shows("app:X").calls("SendEvent").len(), 1);
}

#[test]
fn neither_a_held_key_nor_a_paste_sends_an_event() {
    use ivschat::app::key::Code;
    quiet().happens(Msg::Held(Key::char('e'))).hides("Send an event").paste("e").hides("Send an event");
    let console = quiet().keys("e").types("app:X").paste("\n").happens(Msg::Held(Key::plain(Code::Enter)));
    assert!(console.calls("SendEvent").is_empty());
}

/// What is sent when this is put where `path` leads to, or nothing if it is refused in these words.
fn sent(path: &str, put: impl FnOnce(Console) -> Console, refused: Option<&str>) -> Value {
    let console = put(quiet().keys("e").keys(path));
    match refused {
        Some(words) => {
            let console = console.keys("<enter>").shows(words);
            assert!(console.calls("SendEvent").is_empty());
            Value::Null
        }
        None => console.keys("<enter>").calls("SendEvent")[0].clone(),
    }
}

#[test]
fn the_name_takes_what_the_service_takes() {
    let longest = "n".repeat(100);
    sent("", |console| console, Some("must not be empty"));
    assert_eq!(sent("", |console| console.types(&longest), None)["eventName"], longest);
    sent("", |console| console.types(&"n".repeat(101)), Some("has 101 characters, at most 100"));
    assert_eq!(sent("", |console| console.types("👩‍👩‍👧"), None)["eventName"], "👩‍👩‍👧");
    assert_eq!(sent("", |console| console.paste("a\u{1b}b"), None)["eventName"], "a b");
    assert_eq!(sent("", |console| console.paste("a\nb\n"), None)["eventName"], "a b");
}

#[test]
fn the_attributes_take_what_the_service_takes() {
    let attributes = |put: &dyn Fn(Console) -> Console| sent("x<tab>", put, None)["attributes"].clone();
    assert_eq!(attributes(&|console| console), Value::Null);
    let longest = "v".repeat(4095);
    assert_eq!(attributes(&|console| console.keys("k=").paste(&longest)), json!({"k": longest}));
    let over = "é".repeat(2048);
    sent("x<tab>", |console| console.keys("k=").paste(&over), Some("has 4097 bytes, at most 4096 are allowed"));
    assert_eq!(attributes(&|console| console.types("😀=👩‍👩‍👧")), json!({"😀": "👩‍👩‍👧"}));
    assert_eq!(attributes(&|console| console.keys("k=").paste("a\u{7}b")), json!({"k": "a b"}));
    assert_eq!(attributes(&|console| console.paste("a=1\nb=2\n")), json!({"a": "1", "b": "2"}));
    sent("x<tab>", |console| console.types("=v"), Some("has no key"));
    sent("x<tab>", |console| console.types("k=1").keys("<tab>").types("k=2"), Some("is there twice"));
}
