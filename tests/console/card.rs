//! The card of a user: who they are, what they did and wrote, under the keys of the feed; watch flags and notes.

use ivschat::api::ops::{DeleteMessage, DisconnectUser};
use ivschat::app::Msg;
use ivschat::app::key::Key;
use ivschat::app::room::book::{Entry, Fact, Found};
use serde_json::json;

use crate::Console;

/// Somebody says this under this name.
fn says(console: &mut Console, user: &str, name: &str, text: &str) {
    let request = json!({"Action": "SEND_MESSAGE", "Content": text});
    console.says_with(user, "lobby-quiet", &[("displayName", name), ("badge", "vip")], &request);
}

/// A quiet room in which three people have talked, of whom two have the same name.
fn talk(width: u16, height: u16) -> Console {
    let mut console = Console::sized(width, height).keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live");
    for (user, name, text) in [
        ("u-1", "Nadia", "hello there"),
        ("u-2", "bob", "good morning"),
        ("u-1", "Nadia", "free coins"),
        ("u-3", "nadia", "I am the real one"),
        ("u-1", "Nadia", "free coins!"),
    ] {
        says(&mut console, user, name, text);
        console = console.wait(1_000);
    }
    console
}

/// The card of `u-1`, whose latest message is selected.
fn card() -> Console {
    talk(80, 24).keys("k<enter>").shows("User in lobby-quiet")
}

fn deleted(console: &Console) -> Vec<serde_json::Value> {
    console.calls("DeleteMessage").iter().map(|body| body["id"].clone()).collect()
}

/// The row of the card with this text, without the frame.
fn row(console: &Console, text: &str) -> String {
    let at = console.row_of(text);
    console.screen().lines().nth(at).unwrap().trim_matches(['│', ' ']).to_owned()
}

#[test]
fn the_card_tells_who_it_is_and_what_they_did() {
    let console = card();
    for told in ["Nadia#", "[vip]", "u-1", "3 messages, 12:00:", "33% repeats", "never disconnected"] {
        assert!(console.screen().contains(told), "{told}:\n{}", console.screen());
    }
    let console = console.shows("lobby-quiet 3");
    let namesake = row(&console, "same name");
    assert!(namesake.starts_with("!same name") && namesake.ends_with("u-3"), "{namesake}");
    console.hides("good morning").hides("real one").shows("hello there").shows("free coins");
}

/// Everything that a card can tell.
fn eventful(width: u16, height: u16) -> Console {
    let mut console = talk(width, height).keys("kd").wait(2_000);
    let room_identifier = console.room("lobby-quiet");
    let disconnect = DisconnectUser { room_identifier, user_id: "u-1".into(), reason: Some("spam".into()) };
    console = console.elsewhere(&disconnect).wait(14_000);
    says(&mut console, "u-1", "N4dia", "I am back, and I have more free coins for everyone who asks nicely");
    let console = console.keys("G").wait(100).keys("k<enter>w").wait(500);
    let mut console = console.keys("m").types("asked to stop, twice; next time for good").keys("<enter>");
    says(&mut console, "u-1", "N4dia", "one more");
    console.wait(100)
}

#[test]
fn the_card_with_everything_that_it_can_tell() {
    insta::assert_snapshot!("card_80x24", eventful(80, 24).snapshot());
    insta::assert_snapshot!("card_140x40", eventful(140, 40).snapshot());
}

#[test]
fn the_feed_is_where_it_was_when_the_card_closes() {
    let console = talk(80, 24).keys("kk");
    let (before, selected) = (console.screen(), console.selected_message());
    let console = console.keys("<enter>kk").shows("User in").keys("<esc>").hides("User in");
    assert_eq!((console.screen(), console.selected_message()), (before, selected));
}

#[test]
fn without_a_selected_message_there_is_no_card() {
    talk(80, 24).keys("<enter>").shows("k selects, Enter shows who").hides("User in");
}

#[test]
fn the_keys_of_the_feed_hit_the_message_that_is_selected_in_the_card() {
    let console = card();
    assert!(console.reversed_row().unwrap().contains("free coins!"));
    let first = console.selected_message();
    let console = console.keys("d").shows("deleted (you, ");
    assert_eq!(deleted(&console), std::slice::from_ref(&first));
    // On to the next one that stands, above as there is none below; the one of somebody else is passed over.
    let console = console.wait(200);
    assert!(console.reversed_row().unwrap().contains("free coins"), "{:?}", console.reversed_row());
    assert_ne!(console.selected_message(), first);
    let console = console.keys("g");
    assert!(console.reversed_row().unwrap().contains("hello there"));
    let greeting = console.selected_message();
    let console = console.keys("D").shows("Delete a message of Nadia#").keys("<enter>").shows("hello there").keys("y");
    assert_eq!(deleted(&console), [first, greeting]);
}

#[test]
fn what_comes_in_is_counted_and_shown_when_asked_for() {
    let mut console = card().keys("k");
    let selected = console.selected_message();
    says(&mut console, "u-1", "Nadia", "one more");
    says(&mut console, "u-2", "bob", "not mine");
    says(&mut console, "u-1", "Nadia", "and another");
    let console = console.wait(100).shows("+2 new  G shows").hides("one more");
    assert_eq!(console.selected_message(), selected);
    let console = console.keys("G").shows("one more").shows("and another").hides("+2 new").hides("not mine");
    assert!(console.reversed_row().unwrap().contains("and another"));
}

#[test]
fn who_comes_back_after_a_disconnection_is_called_out() {
    let mut console = card();
    let room = console.room("lobby-quiet");
    let disconnect = DisconnectUser { room_identifier: room, user_id: "u-1".into(), reason: Some("spam".into()) };
    let mut console =
        console.elsewhere(&disconnect).shows("disconnected: spam (another)").shows("disconnected once, not back");
    console = console.wait(14_000);
    says(&mut console, "u-1", "Nadia", "I am back");
    let console = console.wait(100).shows("14 s after a disconnection").shows("back 14 s after that");
    assert!(row(&console, "14 s after a disc").starts_with("!back"));
}

#[test]
fn the_card_asks_to_disconnect_its_own_user() {
    let console = card().keys("kK").shows("from lobby-quiet").shows("Disconnect Nadia#").keys("y");
    assert_eq!(console.calls("DisconnectUser")[0]["userId"], "u-1");
    console.shows("disconnected (you, ");
}

#[test]
fn a_purge_from_the_card_is_of_its_own_user() {
    let console = card().keys("gP").shows("Purge 3 messages from 1 user, then 1 disconnection in lobby-quiet");
    assert!(deleted(&console).is_empty(), "it is shown first");
    console.keys("<esc>").shows("User in lobby-quiet");
}

#[test]
fn marks_in_the_feed_are_not_hit_from_the_card() {
    let console = talk(80, 24).keys("kk ").shows("1 marked").keys("k<enter>").shows("User in");
    let selected = console.selected_message();
    let console = console.keys("d").wait(200);
    assert_eq!(deleted(&console), [selected.as_str()]);
}

#[test]
fn deletions_are_counted_by_whose_they_are() {
    let mut console = card();
    let delete = DeleteMessage {
        room_identifier: console.room("lobby-quiet"),
        id: console.selected_message(),
        reason: Some("links".into()),
    };
    let console = console.elsewhere(&delete).keys("kd").wait(200);
    console.shows("deleted: 1 by you, 1 by others").shows("deleted: links (another, ");
}

#[test]
fn a_card_stands_beside_the_feed_where_there_is_room() {
    let console = talk(140, 40).keys("kk");
    let feed = |console: &Console| -> Vec<String> {
        console.screen().lines().skip(2).take(34).map(|line| line.chars().skip(43).collect()).collect()
    };
    let before = feed(&console);
    let console = console.keys("<enter>").shows("User in lobby-quiet").shows("1 Rooms").shows("good morning");
    assert_eq!(feed(&console), before, "no row of the feed moves");
    // Back in the feed the card stays, and shows whom it showed.
    let console = console.keys("<tab>k").shows("User in").shows("u-3").keys("d").wait(200);
    assert_eq!(deleted(&console).len(), 1);
    console.keys("<enter>").shows("u-1").keys("<esc>").hides("User in").shows("2 Logging");
}

#[test]
fn a_paste_or_a_held_key_does_nothing_to_a_message() {
    let console = card().paste("dddyyy").happens(Msg::Held(Key::char('d')));
    assert!(deleted(&console).is_empty());
}

#[test]
fn the_copy_menu_is_of_the_message_in_the_card() {
    let console = card().keys("ky").shows("Copy: message of Nadia#").keys("u");
    assert_eq!(console.copied(), "u-1");
}

#[test]
fn a_watched_user_is_marked_until_the_flag_ends_by_itself() {
    let mut console = card().keys("w").shows("@ watched, 15 min left").keys("<esc>");
    let marked = |console: &Console| console.screen().matches(" @Nadia#").count();
    assert_eq!(marked(&console), 2 + 1, "{}", console.screen());
    says(&mut console, "u-1", "Nadia", "still here");
    let console = console.wait(100).shows("+1 new (1 watched)").keys("1").shows("@1").keys("0");
    let console = console.wait(14 * 60_000).keys("<enter>").shows("under 1 min left");
    let console = console.wait(60_000).hides("@ watched").keys("<esc>");
    assert_eq!(marked(&console), 0);
}

#[test]
fn a_watch_is_taken_back_and_can_be_longer() {
    let console = talk(80, 24).keys("kW").shows("is watched for 15 min: @ marks them").keys("W");
    let console = console.shows("is not watched any more").hides(" @Nadia");
    let console = console.keys(":watch 30<enter>").shows("is watched for 30 min");
    console.keys(":watch 0<enter>").shows("is not a number of minutes, 1 to 1440");
}

#[test]
fn what_other_consoles_kept_is_there_when_the_card_opens() {
    let mut console = talk(80, 24);
    let account = console.room("lobby-quiet").account().into();
    let fact = Fact::Noted { id: "n".into(), text: "threatened \u{202e}bob\u{1b}[2J".into() };
    let time = "2026-11-20T09:00:00Z".parse().unwrap();
    console.kept.push(Entry { time, account, user: "u-1".into(), by: "ann".into(), fact });
    console.keys("k<enter>").shows("noted").shows("2026-11-20 ann: threatened bob␛[2J");
}

#[test]
fn a_note_is_kept_with_time_and_author_and_can_be_taken_away() {
    let console = card().keys("m").shows("Note on Nadia#").types("asked to stop").keys("<enter>");
    let console = console.shows("12:00 you: asked to stop").hides("Note on");
    let [Entry { user, by, fact: Fact::Noted { text, .. }, .. }] = &console.kept[..] else {
        panic!("{:?}", console.kept)
    };
    assert_eq!((&**user, &**by, text.as_str()), ("u-1", "you", "asked to stop"));
    let console = console.keys("<esc>").keys("/is:noted<enter>").shows("free coins").hides("good morning");
    let console = console.keys("k<enter>").shows("asked to stop").keys("M").shows("asked to stop").shows("no way back");
    console.keys("y").shows("the note is taken away").hides("asked to stop");
}

#[test]
fn a_note_that_can_not_be_kept_stays_in_its_form() {
    let mut console = card().keys("m").types("asked to stop");
    console.disk = Some("users.jsonl: no space left on device".to_owned());
    let mut console = console.keys("<enter>").shows("Not kept").shows("no space left").shows("asked to stop");
    console.disk = None;
    console.keys("<enter>").shows("12:00 you: asked to stop").hides("Not kept");
}

#[test]
fn a_watch_that_can_not_be_kept_counts_and_says_so() {
    let mut console = card();
    console.disk = Some("no space left on device".to_owned());
    console.keys("w").shows("@ watched, 15 min left").shows("but not kept");
}

#[test]
fn what_can_not_be_read_is_told_once() {
    let found = || Found { place: Some("/state/users.jsonl".into()), entries: Vec::new(), unreadable: 2 };
    let console = card().happens(Msg::Book(Ok(found()))).shows("2 lines of /state/users.jsonl can't be read");
    console.keys("w").happens(Msg::Book(Ok(found()))).hides("can't be read");
}

#[test]
fn an_open_card_fits_every_size() {
    let mut console = eventful(140, 40);
    for (width, height) in [(40, 10), (60, 12), (80, 24), (99, 30), (100, 15), (100, 31), (120, 50), (300, 100)] {
        for keys in ["g", "G", "<tab>", "<enter>", "z", "z"] {
            console = console.resize(width, height).keys(keys);
            console.buffer();
        }
        console = console.shows("N4dia#325b");
    }
    console.resize(140, 40).keys("1").shows("User in").keys("3").hides("User in").keys("0").shows("User in");
}
