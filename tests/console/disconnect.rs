//! Disconnecting a user, and deleting a message for a typed reason: who is hit, what everyone is told, what comes back.

use ivschat::api::ErrorKind;
use ivschat::api::error::Refusal;
use ivschat::api::ops::DisconnectUser;
use ivschat::app::Msg;
use ivschat::app::key::{Code, Key};
use serde_json::{Value, json};

use crate::Console;

/// The busy room, open, with a message selected.
fn selected() -> Console {
    Console::demo().keys("/lobby-main<enter><enter>").wait(10_000).shows("live").keys("kkk")
}

fn denied() -> ErrorKind {
    ErrorKind::Refused(Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"not for you"}"#))
}

#[test]
fn the_author_of_the_selected_message_is_disconnected_and_the_room_confirms_it() {
    let console = selected();
    let (user, label) = console.selected_author();
    // The room talks on behind the question, and the one who was meant stays the one who is hit.
    let console = console.keys("K").wait(20_000).shows(&format!("Disconnect {label} from lobby-main")).shows(&user);
    let console = console.shows("Not a ban").shows("everyone in the room can read it");
    assert!(console.calls("DisconnectUser").is_empty(), "nothing is sent before a reason is chosen");
    let console = console.keys("1").shows(&format!("disconnected {label}, confirmed: ")).hides("Whom");
    let mut console = console.shows("|| paused");
    let sent = json!({"roomIdentifier": console.room("lobby-main"), "userId": user, "reason": "Spam"});
    assert_eq!(console.calls("DisconnectUser"), [sent]);
    console.keys("G").shows(&format!("{label} was disconnected (you, under 0.1 s): Spam"));
}

/// The number in front of `word` on the screen.
fn number_before(console: &Console, word: &str) -> usize {
    let screen = console.screen();
    let at = screen.find(word).unwrap_or_else(|| panic!("{word:?} is not on the screen:\n{screen}"));
    let number = screen[..at].trim_end().rsplit(' ').next().unwrap();
    number.parse().unwrap_or_else(|_| panic!("{number:?} is no number:\n{screen}"))
}

#[test]
fn the_form_counts_the_messages_of_the_one_who_is_hit() {
    let console = selected();
    let (_, label) = console.selected_author();
    // High enough for all that was said.
    let mut rows = console.resize(80, 200);
    let shown = rows.screen().matches(&format!(" {label} ")).count();
    rows = rows.keys("K").resize(80, 24).shows(&label);
    assert!(shown > 1, "somebody talkative");
    assert_eq!(number_before(&rows, " messages here"), shown);
}

#[test]
fn the_configured_reason_is_beside_y_and_can_be_typed_over() {
    let open = || {
        let console = Console::disconnecting_for("Against the rules").keys("/lobby-main<enter><enter>").wait(10_000);
        console.keys("kkkK").shows(" y  Against the rules")
    };
    let sent = |console: Console| console.keys("y").shows("confirmed").calls("DisconnectUser")[0].clone();
    assert_eq!(sent(open())["reason"], "Against the rules");
    assert_eq!(sent(open().keys("/<c-u>").types("flooding").keys("<enter>"))["reason"], "flooding");
    assert_eq!(sent(open().keys("/<c-u><enter>")).get("reason"), None);
    // What was not typed is not asked about.
    open().keys("<esc>").hides("Public reason").hides("Drop what you typed?");
}

#[test]
fn without_a_reason_none_is_sent() {
    let console = selected().keys("K0").shows("confirmed");
    assert_eq!(console.calls("DisconnectUser")[0].get("reason"), None);
}

#[test]
fn a_user_is_disconnected_by_id_from_the_list_of_rooms() {
    let console = Console::demo().keys("/lobby-quiet<enter>K").shows("User id").types("u-77").keys("<tab>");
    let console = console.types("spam").keys("<enter>").shows("user id u-77").keys("y");
    let mut console = console.shows("disconnected u-77 from lobby-quiet");
    let sent = json!({"roomIdentifier": console.room("lobby-quiet"), "userId": "u-77", "reason": "spam"});
    assert_eq!(console.calls("DisconnectUser"), [sent]);
}

#[test]
fn no_single_key_held_or_pasted_disconnects_or_deletes() {
    for open in ["K", "D"] {
        let console = selected().keys(open).keys("<enter><enter><enter>").keys(open).shows(" y  ");
        let console = console.paste("y").paste("1").happens(Msg::Held(Key::char('y')));
        let console = console.happens(Msg::Held(Key::char('1'))).happens(Msg::Held(Key::plain(Code::Enter)));
        assert!(console.calls("DisconnectUser").is_empty() && console.calls("DeleteMessage").is_empty());
        let key = Key::char(open.chars().next().unwrap());
        selected().happens(Msg::Held(key)).hides("Public reason").paste(open).hides("Public reason");
    }
}

#[test]
fn nothing_selected_is_told() {
    let console = Console::demo().keys("/lobby-main<enter><enter>").wait(10_000);
    console.keys("K").shows("nothing is selected: k selects").keys("D").shows("nothing is selected: k selects");
}

#[test]
fn a_refused_disconnection_says_why_and_a_full_stop_brings_its_reason_back() {
    let console = selected().fails("DisconnectUser", denied()).keys("K/<c-u>").types("flooding").keys("<enter>y");
    let console = console.shows("not disconnected: ").shows(": Access denie").hides("Public reason");
    let console = console.works("DisconnectUser").keys(".").shows(" y  flooding").keys("y").shows("confirmed");
    assert_eq!(console.calls("DisconnectUser")[1]["reason"], "flooding");
}

#[test]
fn a_form_whose_disconnection_is_refused_keeps_what_was_typed() {
    let open = Console::demo().keys("/lobby-quiet<enter>K").types("u-77").keys("<tab>").types("spam");
    let console = open.fails("DisconnectUser", denied()).keys("<enter>y");
    let console = console.shows("Access denied").shows("ivschat:DisconnectUser").shows("spam");
    console.works("DisconnectUser").keys("<enter>y").shows("disconnected u-77 from lobby-quiet").hides("Public reason");
}

#[test]
fn a_disconnection_whose_answer_is_lost_says_so() {
    let lost = ErrorKind::Interrupted("connection reset".to_owned());
    selected().fails("DisconnectUser", lost).keys("Ky").shows("nobody knows if disconnected: ");
}

#[test]
fn a_disconnection_that_the_room_is_never_told_of_is_not_called_done() {
    let console = selected().hangs("DisconnectUser").keys("Ky");
    // The service's answer comes while the room listens, its event is lost with the connection.
    let console = console.goes_offline().works("DisconnectUser").shows("disconnected ").hides("confirmed");
    console.hides("was disconnected");
}

#[test]
fn somebody_else_s_disconnection_is_not_called_ours() {
    let mut console = selected().keys("G");
    let room_identifier = console.room("lobby-main");
    let disconnect = DisconnectUser { room_identifier, user_id: "u-1".into(), reason: Some("rude".into()) };
    console.elsewhere(&disconnect).shows("u-1 was disconnected: rude").hides("(you");
}

#[test]
fn throwing_oneself_out_is_told_before() {
    let console = Console::demo().keys("/lobby-quiet<enter><enter>").wait(3_000).keys("1K").types("ivschat-test");
    console.keys("<enter>").shows("This is you").keys("y").wait(1_000).shows("disconnected by a moderator");
}

#[test]
fn a_message_is_deleted_for_a_typed_reason() {
    let console = selected();
    let (id, label) = (console.selected_message(), console.selected_author().1);
    let console = console.keys("D").shows(&format!("Delete a message of {label}")).shows("Removed by a moderator");
    let console = console.wait(5_000).shows("no way back").keys("/<c-u>").types("insults").keys("<enter>y");
    let console = console.shows(&format!("deleted {label}, confirmed")).shows("deleted: insults (you");
    let calls = console.calls("DeleteMessage");
    assert_eq!((&calls[0]["id"], &calls[0]["reason"], calls.len()), (&json!(id), &json!("insults"), 1));
    assert_ne!(console.selected_message(), id, "the cursor goes on, as after d");
}

#[test]
fn the_longest_message_and_the_longest_reason_can_be_looked_through_on_a_small_screen() {
    let mut console = Console::demo().keys("/lobby-quiet<enter><enter>").wait(3_000);
    let content = "long ".repeat(56);
    let user = "u".repeat(128);
    console.says_as(&user, "lobby-quiet", &json!({"Action": "SEND_MESSAGE", "Content": content}));
    let console = console.keys("kD/<c-u>").types(&format!("{}end", "r".repeat(253)));
    let console = console.shows("uuu").shows("rrrend").keys("<enter>").shows(" 1  Spam").keys("<esc>y");
    let console = console.keys("K/").types(&format!("{}end", "r".repeat(253)));
    console.shows("uuu").shows("rrrend").keys("<enter>").shows(" 1  Spam");
}

#[test]
fn a_message_refused_its_deletion_stands_and_says_why() {
    let console = selected().fails("DeleteMessage", denied()).keys("Dy");
    console.shows("[not deleted: Access denied").hides("Public reason");
}

/// What is sent as the reason when this is put into the empty field, or nothing if it is refused in these words.
fn reason(put: impl FnOnce(Console) -> Console, refused: Option<&str>) -> Value {
    let console = put(selected().keys("D/<c-u>"));
    match refused {
        Some(words) => {
            let console = console.shows(words).keys("<enter>y").shows(words);
            assert!(console.calls("DeleteMessage").is_empty());
            Value::Null
        }
        None => console.keys("<enter>y").calls("DeleteMessage")[0]["reason"].clone(),
    }
}

#[test]
fn the_reason_takes_what_the_service_takes() {
    let longest = "x".repeat(256);
    assert_eq!(reason(|console| console, None), Value::Null);
    assert_eq!(reason(|console| console.types(&longest), None), json!(longest));
    reason(|console| console.types(&"x".repeat(257)), Some("has 257 characters, at most 256"));
    assert_eq!(reason(|console| console.types("👩‍👩‍👧 no"), None), json!("👩‍👩‍👧 no"));
    assert_eq!(reason(|console| console.paste("a\u{7}b"), None), json!("a b"));
    assert_eq!(reason(|console| console.paste("two\nlines\n"), None), json!("two lines"));
}

#[test]
fn the_user_id_takes_what_the_service_takes() {
    let open = || Console::demo().keys("/lobby-quiet<enter>K");
    let console = open().keys("<enter>").shows("must not be empty");
    assert!(console.calls("DisconnectUser").is_empty());
    let sent = |console: Console| console.keys("<enter>y").calls("DisconnectUser")[0]["userId"].clone();
    let longest = "u".repeat(128);
    assert_eq!(sent(open().types(&longest)), json!(longest));
    open().types(&"u".repeat(129)).shows("has 129 characters, at most 128").keys("<enter>").hides("Not a ban");
    assert_eq!(sent(open().types("👩‍👩‍👧")), json!("👩‍👩‍👧"));
    assert_eq!(sent(open().paste("u-1\n")), json!("u-1"));
    assert_eq!(sent(open().paste("a\u{1b}b\nc")), json!("a b c"));
}
