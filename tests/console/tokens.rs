//! Chat tokens: asked for in a form, shown hidden, copied, written, and used to join a room.

use ivschat::api::error::{Code, Refusal};
use ivschat::api::{Arn, ErrorKind};
use serde_json::{Value, json};

use crate::Console;

/// The form for the lobby, with the keys in the user id.
fn form() -> Console {
    Console::demo().keys("/lobby-main<enter>t").shows("Issue a chat token for lobby-main").keys("<tab>")
}

fn issued() -> Console {
    form().types("nadia").keys("<tab><space><enter>").shows("Chat token for nadia")
}

fn only_call(console: &Console) -> Value {
    let calls = console.calls("CreateChatToken");
    assert_eq!(calls.len(), 1, "{calls:?}");
    calls[0].clone()
}

#[test]
fn a_token_is_issued_shown_hidden_and_revealed_on_a_key() {
    let mut console = issued();
    let room = console.room("lobby-main");
    let sent = json!({"roomIdentifier": room, "userId": "nadia", "capabilities": ["SEND_MESSAGE"]});
    assert_eq!(only_call(&console), sent);
    let token = console.tokens[0].clone();
    console = console
        .shows("issued a chat token for nadia")
        .shows("read, SEND_MESSAGE")
        .shows("12:01:0")
        .shows("within the minute")
        .shows("about 60 min left")
        .hides(&token[..20])
        .keys("r")
        .shows(&token[..70])
        .keys("r")
        .hides(&token[..20]);
    // The service holds what was shown: one connection can be made with it, and no second.
    let now = "2026-11-21T12:00:10Z".parse().unwrap();
    assert!(console.world.connect(now, &token).is_ok());
    assert!(console.world.connect(now, &token).is_err());
}

#[test]
fn the_screen_says_when_a_token_has_expired_without_a_key() {
    issued().hides("expired").wait(61_000).shows("expired, t issues another").shows("about 59 min left");
}

#[test]
fn a_preset_fills_all_but_the_user_id_and_what_was_typed_is_not_lost() {
    let console = form().types("nadia").keys("<tab><tab>").types("25").keys("<tab>").types("a=b");
    let console = console.shows("(•) custom");
    // Back to the presets: host is the configuration's own.
    let console = console.keys("<up><up><up><up><up><up>").keys("<left>").shows("(•) host");
    let console = console.shows("badge").shows("180").shows("nadia");
    let console = console.keys("<right>").shows("(•) custom").shows("25").keys("<enter>").shows("Chat token for nadia");
    let sent = only_call(&console);
    assert_eq!((&sent["sessionDurationInMinutes"], &sent["attributes"]), (&json!(25), &json!({"a": "b"})));
    assert!(sent.get("capabilities").is_none());
}

#[test]
fn the_moderator_may_do_everything() {
    let console = Console::demo().keys("/lobby-main<enter>t<right><right>").shows("(•) moderator").keys("<tab>");
    let console = console.types("mod").keys("<enter>").shows("read, SEND_MESSAGE, DELETE_MESSAGE, DISCONNECT_USER");
    assert_eq!(only_call(&console)["capabilities"].as_array().unwrap().len(), 3);
}

#[test]
fn user_ids_are_taken_as_the_service_takes_them() {
    let console = form().keys("<enter>").shows("! must not be empty");
    assert!(console.calls("CreateChatToken").is_empty());
    for (typed, sent) in [
        ("é".repeat(128), Some("é".repeat(128))),
        ("é".repeat(129), None),
        ("\u{1f389}\u{1f469}\u{200d}\u{1f680}".to_owned(), Some("\u{1f389}\u{1f469}\u{200d}\u{1f680}".to_owned())),
        ("na\u{1b}[31mdia".to_owned(), Some("na [31mdia".to_owned())),
        ("one\ntwo\n".to_owned(), Some("one two".to_owned())),
    ] {
        let console = form().paste(&typed).keys("<enter>");
        if let Some(sent) = sent {
            assert_eq!(only_call(&console)["userId"], sent);
        } else {
            let console = console.shows("! has 129 characters, at most 128 are allowed").shows("129/128");
            assert!(console.calls("CreateChatToken").is_empty());
        }
    }
}

#[test]
fn minutes_and_attributes_have_their_limits() {
    for (minutes, goes) in [("", true), ("1", true), ("180", true), ("0", false), ("181", false), ("ten", false)] {
        let console = form().types("n").keys("<tab><tab>").types(minutes).keys("<enter>");
        assert_eq!(console.calls("CreateChatToken").len(), usize::from(goes), "{minutes}:\n{}", console.screen());
    }
    for (bytes, goes) in [(1024, true), (1025, false)] {
        let console = form().types("n").keys("<tab><tab><tab>").types("key=").paste(&"v".repeat(bytes - 3));
        let console = console.shows(&format!("{bytes}/1024")).keys("<enter>");
        assert_eq!(console.calls("CreateChatToken").len(), usize::from(goes), "{}", console.screen());
    }
    let console = form().types("n").keys("<tab><tab><tab>").paste("a=1\nb=\u{1f389}\n").keys("<enter>");
    assert_eq!(only_call(&console)["attributes"], json!({"a": "1", "b": "\u{1f389}"}));
}

#[test]
fn a_refusal_keeps_the_form_and_its_text() {
    let denied = Refusal {
        status: 403,
        code: Code::AccessDenied,
        message: "not for you".into(),
        resource_id: None,
        resource_type: None,
        limit: None,
        fields: Vec::new(),
    };
    let console = form().fails("CreateChatToken", ErrorKind::Refused(denied)).types("nadia").keys("<enter>");
    let console = console.shows("Access denied").shows("nadia").shows("what you typed is still here");
    let console = console.works("CreateChatToken").keys("<enter>").shows("Chat token for nadia");
    assert_eq!(console.calls("CreateChatToken").len(), 2);
}

#[test]
fn a_token_that_comes_when_its_form_is_closed_is_dropped() {
    let console = form().types("n").hangs("CreateChatToken").keys("<enter>").shows("sending").keys("<esc>");
    let console = console.hides("Issue a chat token").works("CreateChatToken").shows("dropped it");
    assert!(!console.screen().contains("Chat token for"));
}

#[test]
fn the_request_can_be_looked_at_and_copied() {
    let mut console = form().types("na'dia").keys("<tab><space><c-p>").shows("\"userId\": \"na'dia\"");
    let room = console.room("lobby-main");
    console = console.shows("aws ivschat create-chat-token").keys("yc");
    let copied = &console.clipboard;
    let json: Value = serde_json::from_str(&copied[0]).unwrap();
    assert_eq!(json, json!({"roomIdentifier": room, "userId": "na'dia", "capabilities": ["SEND_MESSAGE"]}));
    assert!(
        copied[1].starts_with("aws ivschat create-chat-token --") && copied[1].contains("--capabilities SEND_MESSAGE")
    );
    let console = console.keys("<c-p>").shows("Issue a chat token").keys("<enter>").shows("Chat token for na'dia");
    assert_eq!(only_call(&console)["userId"], "na'dia");
}

#[test]
fn the_preview_says_what_is_wrong() {
    form().keys("<c-p>").shows("! userId must not be empty").keys("<esc>").shows("Issue a chat token");
}

#[test]
fn a_request_is_loaded_from_a_file() {
    let mut console = form().keys("<c-o>").shows("Load a request");
    let room = console.room("lobby-main");
    let file = json!({"roomIdentifier": room, "userId": "n", "capabilities": ["DELETE_MESSAGE"],
        "sessionDurationInMinutes": 5, "attributes": {"a": "b"}});
    console.files.insert("~/req.json".into(), (file.to_string(), 0o644));
    let console = console.types("~/req.json").keys("<enter>").shows("~/req.json is loaded").shows("(•) custom");
    let console = console.keys("<enter>").shows("Chat token for n");
    assert_eq!(only_call(&console), file);
}

#[test]
fn a_request_for_another_room_is_told_and_not_sent_there() {
    let mut console = form().keys("<c-o>");
    let (here, other) = (console.room("lobby-main"), console.room("lobby-eu"));
    let file = json!({"roomIdentifier": other, "userId": "n"}).to_string();
    console.files.insert("r".into(), (file, 0o644));
    let console = console.types("r").keys("<enter>").shows("but not its room").shows(Arn::id(&other));
    let console = console.keys("<enter>").shows("Chat token for n");
    assert_eq!(only_call(&console)["roomIdentifier"], here.as_str());
}

#[test]
fn a_file_that_can_not_be_used_says_what_and_where_and_nothing_is_lost() {
    let mut console = form().types("typed").keys("<c-o>").types("bad");
    let file = r#"{"userid": "x", "capabilities": ["SEND_MESSAGE", "FLY"]}"#;
    console.files.insert("bad".into(), (file.into(), 0o644));
    let console = console.keys("<enter>").shows("\"userid\" is not a member").shows("capabilities[1] is \"FLY\"");
    let console = console.keys("<c-u>").types("none").keys("<enter>").shows("none: there is no such file or folder");
    console.keys("<esc>").shows("Issue a chat token").shows("typed");
}

#[test]
fn a_request_is_saved_and_nothing_is_overwritten_unasked() {
    let mut console = form().types("nadia").keys("<c-s>").shows("Save the request").types("r.json");
    console.files.insert("r.json".into(), ("old".into(), 0o644));
    console = console.keys("<enter>").shows("r.json is there already. Overwrite it?").keys("<esc>");
    assert_eq!(console.files["r.json"].0, "old");
    console = console.shows("Save the request").keys("<enter>y").shows("saved the request as r.json");
    let saved: Value = serde_json::from_str(&console.files["r.json"].0).unwrap();
    assert_eq!((&saved["userId"], console.files["r.json"].1), (&json!("nadia"), 0o644));
    console
        .shows("Issue a chat token")
        .shows("nadia")
        .keys("<c-s>")
        .types("/none/x")
        .keys("<enter>")
        .shows("no such file");
}

#[test]
fn an_empty_form_is_saved_as_a_skeleton() {
    let console = form().keys("<c-s>").shows("a skeleton is saved").types("s").keys("<enter>");
    let saved: Value = serde_json::from_str(&console.files["s"].0).unwrap();
    let skeleton = json!({"roomIdentifier": "", "userId": "", "capabilities": ["SEND_MESSAGE"],
        "sessionDurationInMinutes": 0, "attributes": {"KeyName": ""}});
    assert_eq!(saved, skeleton);
    // And what was saved is loaded again, with what is still missing said at its field.
    console.keys("<c-o>").types("s").keys("<enter>").keys("<enter>").shows("! must be a whole number, 1 to 180");
}

#[test]
fn a_token_is_copied_only_when_asked_for() {
    let console = issued();
    assert!(console.clipboard.is_empty());
    let console = console.keys("y").shows("copied the token");
    assert_eq!(console.clipboard, [console.tokens[0].clone()]);
    console.hides("wrote");
}

#[test]
fn a_token_is_written_to_a_private_file_with_a_harmless_name() {
    let console =
        form().types("../na/dia").keys("<enter>").keys("w").shows("/run/user/1000/ivschat-token-___na_dia.txt");
    let console = console.keys("<enter>").shows("wrote the token for you alone (0600)").shows("Written to");
    let (text, mode) = console.files["/run/user/1000/ivschat-token-___na_dia.txt"].clone();
    assert_eq!((text, mode), (format!("{}\n", console.tokens[0]), 0o600));
    let console = console.keys("w<enter>").shows("Overwrite it?").keys("<esc><esc>").shows("Chat token for");
    console.keys("<esc>").hides("Chat token for");
}

#[test]
fn the_room_is_joined_as_the_token_s_user_until_it_is_left() {
    let console =
        Console::sized(140, 40).keys("/lobby-main<enter><enter>").wait(3000).shows("live").keys("t<right><tab>");
    let console = console.types("nadia").keys("<enter>").shows("Chat token for nadia").keys("j");
    let console = console.shows("lobby-main as nadia (SEND_MESSAGE)").shows("from here on as nadia").shows("1 live");
    let users = |console: &Console| -> Vec<Value> {
        console.calls("CreateChatToken").iter().map(|call| call["userId"].clone()).collect()
    };
    assert_eq!(users(&console), ["ivschat-test", "nadia", "nadia"]);
    // Each connection needs a token of its own, for the same user.
    let console = console.goes_offline().comes_online().wait(5000).shows("1 live");
    assert_eq!(users(&console)[3], "nadia");
    let console = console.keys("J").hides("as nadia (SEND_MESSAGE) ").shows("1 live");
    assert_eq!(users(&console)[4], "ivschat-test");
    console.keys("J").shows("you watch this room as yourself");
}

#[test]
fn a_token_stands_on_no_screen_unless_revealed_and_in_no_log() {
    let mut console = issued();
    let token = console.tokens[0].clone();
    let start = &token[..12];
    for keys in ["y", "w", "<esc>", "r", "r", "w<enter>", "<esc>"] {
        console = console.keys(keys);
        if keys != "r" {
            console = console.hides(start);
        }
    }
    console = console.keys("0]]]").hides(start);
    let traces = console.traces();
    assert!(traces.contains("CreateChatToken") && !traces.contains(start), "a token is in a log");
    // The canary sings where it is meant to.
    assert!(console.files.values().any(|(text, _)| text.contains(start)));
}

#[test]
fn tokens_are_for_rooms() {
    Console::demo().keys("2t").shows("t issues a chat token for a room").hides("Issue a chat token");
    Console::demo().keys("/lobby-main<enter>0t").shows("Issue a chat token for lobby-main");
}

#[test]
fn the_form_and_the_token_on_both_sizes() {
    for (width, height) in [(80, 24), (140, 40)] {
        let open = || Console::sized(width, height).keys("/lobby-main<enter>t<right><tab>").types("nadia");
        insta::assert_snapshot!(format!("token_form_{width}x{height}"), open().snapshot());
        insta::assert_snapshot!(format!("token_{width}x{height}"), open().keys("<enter>").snapshot());
        insta::assert_snapshot!(format!("token_preview_{width}x{height}"), open().keys("<c-p>").snapshot());
    }
}
