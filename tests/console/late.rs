//! Answers that come late, out of order or after somebody went on: they tell what came of it, and change nothing under
//! anybody's fingers.

use ivschat::api::ErrorKind;
use ivschat::api::ops::{GetRoom, ListTagsForResource, UpdateRoom};
use serde_json::json;

use crate::Console;

#[test]
fn a_late_answer_does_not_change_what_the_next_key_hits() {
    let mut console = Console::demo().keys("/lobby-main<enter><enter>").wait(4000).keys("k1<esc>");
    console = console
        .hangs("UpdateRoom")
        .keys("e<c-u>")
        .types("renamed")
        .keys("<enter>y<esc>")
        .hides("sending ...")
        .shows("1 sending");
    console = console.keys("/raid<enter><enter>").wait(4000).keys("k");
    let selected = console.selected_message();
    console = console.works("UpdateRoom").shows("saved room renamed").shows("raid-night ─");
    assert_eq!(console.selected_message(), selected);
    let room = console.room("raid-night");
    console = console.keys("d");
    let sent = console.calls("DeleteMessage").pop().unwrap();
    assert_eq!((&sent["roomIdentifier"], &sent["id"]), (&json!(room), &json!(selected)));
}

#[test]
fn a_late_creation_does_not_turn_the_panes() {
    let console =
        Console::demo().hangs("CreateLoggingConfiguration").keys("2c<tab><tab>").types("/g").keys("<enter><esc>1");
    let console = console.works("CreateLoggingConfiguration").shows("created logging configuration");
    let console = console.keys("<enter>").wait(500).shows("lobby-main ─").shows("Chat");
    let rooms = console.calls("CreateChatToken");
    assert!(rooms.iter().all(|call| call["roomIdentifier"].as_str().unwrap().contains(":room/")), "{rooms:?}");
}

#[test]
fn leaving_a_form_while_it_is_sent_does_not_stop_half_of_it() {
    let mut console = Console::demo().keys("/lobby-main<enter>").wait(500).keys("3e<c-u>").types("test");
    console = console
        .keys("<down><c-x>")
        .hangs("UntagResource")
        .keys("<enter>y<esc>")
        .hides("sending ...")
        .shows("1 sending");
    console = console.works("UntagResource").shows("saved the tags of lobby-main");
    let resource_arn = console.room("lobby-main");
    let tags = console.holds(&ListTagsForResource { resource_arn })["tags"].clone();
    assert_eq!((&tags["env"], tags.get("language")), (&json!("test"), None));
}

#[test]
fn what_was_typed_into_a_form_that_was_left_is_kept_if_it_is_refused() {
    let console = Console::demo().keys("c").types("precious").hangs("CreateRoom").keys("<enter><esc>");
    let console = console.fails("CreateRoom", ErrorKind::Unreachable("refused".into())).releases("CreateRoom");
    let console = console.shows("F brings back what you typed").keys("F").shows("precious").shows("No connection");
    console.works("CreateRoom").keys("<enter>").shows("created room precious").keys("F").shows("no form was left");
}

#[test]
fn an_older_list_of_tags_is_not_taken_for_the_newer() {
    // Two calls, after each of which the list is asked for: the first answer is of between the two.
    let console = Console::demo().keys("/lobby-main<enter>").wait(500).keys("3e<c-u>").types("test");
    let console = console.keys("<down><c-x>").delays("ListTagsForResource").keys("<enter>y").shows("saved");
    console.arrives().shows("env = test").hides("env = prod").hides("language");
}

#[test]
fn a_room_that_was_fetched_before_an_edit_is_not_what_is_edited() {
    let mut console = Console::demo().keys("/lobby-eu<enter>").wait(500).delays("GetRoom").keys("<c-r>");
    let identifier = console.room("lobby-eu");
    let update = UpdateRoom { maximum_message_length: Some(321), ..UpdateRoom::new(identifier.clone()) };
    console = console.elsewhere(&update).keys("e").arrives().shows("Change room lobby-eu").shows("321");
    assert_eq!(console.holds(&GetRoom { identifier })["maximumMessageLength"], 321);
}

#[test]
fn a_room_that_could_not_be_fetched_again_keeps_its_newer_row() {
    let mut console = Console::demo().keys("/lobby-eu<enter>").wait(500);
    let identifier = console.room("lobby-eu");
    let rename = UpdateRoom { name: Some("lobby-eu-2".into()), ..UpdateRoom::new(identifier) };
    console = console.elsewhere(&rename).fails("GetRoom", ErrorKind::Unreachable("refused".into()));
    console.keys("<c-r>").wait(2000).shows("lobby-eu-2");
}

#[test]
fn a_list_that_was_narrowed_knows_what_was_changed_meanwhile() {
    let console = Console::demo().keys("2/s3-arch<enter><enter>").shows("logging=s3-arch").keys("/lobby-eu<enter>d");
    let console = console.types("lobby-eu").keys("<enter>").shows("deleted room lobby-eu").keys("<esc><esc>");
    console.keys("1").hides("logging=").hides("lobby-eu ").shows("lobby-main");
    let console = Console::demo().keys("2/s3-arch<enter><enter>c").types("elsewhere").keys("<enter>").shows("created");
    console.shows("logging=s3-arch").keys("<esc><esc>1").hides("logging=").shows("elsewhere");
}

#[test]
fn a_name_that_would_turn_the_terminal_around_is_made_safe_wherever_it_is_told() {
    let mut console = Console::demo().keys("/lobby-eu<enter>e<tab><c-u>9");
    let answer = json!({"arn": console.room("lobby-eu"), "id": "x", "name": "evil\u{202e}\u{1b}[31m"});
    console = console.answers("UpdateRoom", &[answer]).keys("<enter>y");
    // The harness looks at every cell of every screen.
    console.shows("saved room evil");
}

#[test]
fn a_lone_empty_page_is_no_room_that_uses_it() {
    let arn = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";
    let pages = [json!({"rooms": [], "nextToken": "more"}), json!({"rooms": [{"arn": arn, "name": "user"}]})];
    let console = Console::demo().keys("2/cw-prod<enter>").answers("ListRooms", &pages).keys("d");
    console.shows("Rooms that still use it: 1.").shows("user");
}

#[test]
fn a_paste_into_rows_keeps_a_value_that_waits_for_its_key() {
    let console = Console::demo().keys("c<tab><tab><tab><tab><tab>").types("=waiting").paste("a=1\nb=2");
    console.shows("waiting").shows("a").shows("the value \"waiting\" has no key");
}
