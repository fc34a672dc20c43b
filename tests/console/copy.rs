//! The copy menu.

use ivschat::api::{Arn, ErrorKind};
use ivschat::app::Msg;
use ivschat::app::key::Key;
use ivschat::app::msg::LinkId;
use ivschat::messaging::{Frame, Report};
use ivschat::simulator::world::Setup;
use serde_json::{Value, json};

use crate::Console;

/// Somebody says something in the room that is open.
fn said(room: &Arn, user: &str, text: &str) -> Msg {
    let frame = json!({
        "Type": "MESSAGE", "Id": "AbCdEf654321", "Content": text, "Attributes": {"colour": "red"},
        "SendTime": "2026-11-21T12:00:01Z", "Sender": {"UserId": user},
    });
    Msg::Link(LinkId { room: room.clone(), serial: 1 }, Report::Frames(vec![Frame::parse(&frame.to_string())]))
}

#[test]
fn a_room_s_menu_shows_what_can_be_copied_and_a_letter_copies_it() {
    let mut console = Console::demo();
    let arn = console.room("lobby-main");
    let console =
        console.keys("/lobby-main<enter>y").shows("Copy: lobby-main").shows(&format!("a  ARN          {arn}"));
    let console = console.shows("aws ivschat get-room").keys("a").hides("Copy: ").shows("copied ARN: sent");
    assert_eq!(console.copied(), arn.as_str());
    let console = console.keys("yjj<enter>");
    assert_eq!(console.copied(), "lobby-main");
    let console = console.keys("yc");
    assert_eq!(console.copied(), format!("aws ivschat get-room --identifier {arn} --region us-west-2"));
    let console = console.keys("yr");
    assert!(console.copied().starts_with(&format!("lobby-main\t{}\t", arn.id())), "{}", console.copied());
}

#[test]
fn json_and_yaml_are_the_whole_room_once_it_is_here() {
    let console = Console::demo().keys("/lobby-main<enter>").wait(500).keys("yJ");
    let json: Value = serde_json::from_str(console.copied()).unwrap();
    assert_eq!(json["name"], "lobby-main");
    assert!(json["maximumMessageRatePerSecond"].is_number(), "{json}");
    let console = console.keys("yY");
    assert_eq!(ivschat::app::yaml::from_yaml(console.copied()), Ok(json));
}

#[test]
fn json_of_a_room_whose_details_have_not_come_says_that_it_is_the_list_s() {
    let unreachable = ErrorKind::Unreachable("no route".to_owned());
    let console = Console::prepared(80, 24, Setup::default(), None, |console| {
        console.break_operation("GetRoom", unreachable);
    });
    let console = console.keys("/lobby-main<enter>yjjj").shows("From the list").keys("J");
    let json: Value = serde_json::from_str(console.copied()).unwrap();
    assert_eq!((&json["name"], json.get("maximumMessageRatePerSecond")), (&Value::from("lobby-main"), None));
}

#[test]
fn a_logging_configuration_and_a_tag_have_their_menus() {
    let console = Console::demo().keys("2yi");
    assert_eq!(console.copied().len(), 12);
    let console = console.keys("yc");
    assert!(console.copied().starts_with("aws ivschat get-logging-configuration --identifier arn:"));
    let console = console.keys("1/lobby-main<enter>").wait(500).keys("3Gy").shows("Copy: tag team").keys("b");
    assert_eq!(console.copied(), "team=live-events");
    let console = console.keys("yc");
    assert!(console.copied().contains("tag-resource --resource-arn arn:"), "{}", console.copied());
    assert!(console.copied().contains(r#"--tags '{"team":"live-events"}'"#), "{}", console.copied());
}

#[test]
fn the_selected_message_is_copied_and_nothing_in_its_text_can_do_anything_where_it_is_pasted() {
    let silent = Setup { rate: Some(0.0), ..Setup::default() };
    let mut console = Console::prepared(80, 24, silent, Some("lobby-main"), |_| {}).wait(1000);
    let arn = console.room("lobby-main");
    let console = console.happens(said(&arn, "mallory", "it's \u{1b}[31mred\u{202e} & done\n")).keys("k");
    let id = console.selected_message();
    let console = console.keys("y").shows("Copy: message of mallory#").keys("t");
    assert_eq!(console.copied(), "it's ␛[31mred & done↵");
    let console = console.keys("yi");
    assert_eq!(console.copied(), id);
    let console = console.keys("yu");
    assert_eq!(console.copied(), "mallory");
    let console = console.keys("yJ");
    let json: Value = serde_json::from_str(console.copied()).unwrap();
    assert_eq!(json["Attributes"]["colour"], "red");
    assert_eq!(json["Content"], "it's \u{1b}[31mred\u{202e} & done\n", "all of it, escaped");
    assert_eq!((&json["Id"], &json["Sender"]["UserId"]), (&Value::from(id.as_str()), &Value::from("mallory")));
    let console = console.keys("yr");
    assert!(!console.copied().contains(|c: char| c.is_control() && c != '\t'), "{:?}", console.copied());
    let console = console.keys("yc");
    let delete =
        format!("aws ivschat delete-message --room-identifier {arn} --id {id} --reason 'Removed by a moderator'");
    assert!(console.copied().starts_with(&delete), "{}", console.copied());
    assert!(console.calls("DeleteMessage").is_empty(), "a copied command is not carried out");
}

#[test]
fn a_live_chat_stands_still_behind_the_menu_and_goes_on_after_it() {
    let console = Console::opening("lobby-main").wait(1000).keys("y").shows("Copy: lobby-main").shows("|| paused");
    let console = console.wait(5000).shows("new").keys("a").hides("|| paused").hides("Copy: ");
    console.keys("y<esc>").hides("|| paused").keys("y<c-c>").has_ended(true);
}

#[test]
fn in_the_menu_a_held_letter_and_pasted_text_copy_nothing() {
    let console = Console::demo().keys("y").paste("a").shows("Copy: ");
    let held = Msg::Held(Key::char('a'));
    console.happens(held).shows("Copy: ");
}

#[test]
fn where_there_is_nothing_to_copy_a_word_says_so() {
    let console = Console::demo().keys("/nothing-is-called-so<enter>y");
    console.shows("there is nothing to copy here").hides("Copy: ");
}
