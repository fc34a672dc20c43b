//! The command line, and the tags of resources that no list has.

use ivschat::api::ErrorKind;
use ivschat::api::ops::{ListTagsForResource, TagResource};
use ivschat::app::commands;
use ratatui::layout::Position;
use serde_json::json;

use crate::Console;

#[test]
fn a_name_does_what_its_key_does() {
    Console::demo().keys(":zoom<enter>").hides("2 Logging").keys(":zo<tab><enter>").shows("2 Logging");
    Console::demo().keys(":quit<enter>").has_ended(true);
    Console::demo().keys(":q<enter>").has_ended(true);
    Console::demo().keys(":help<enter>").shows(" Keys ").keys("<esc>").hides(" Keys ");
    Console::demo().keys(":back<enter>").has_ended(false);
}

#[test]
fn what_is_wrong_is_said_and_the_line_stays_to_be_mended() {
    let console = Console::demo().keys(":opne lobby-eu<enter>").shows("did you mean open?").shows(":opne lobby-eu");
    let console = console.keys("<home><delete><delete><delete><delete>open<enter>").hides("did you mean");
    console.shows("joined: what was said before is not shown").hides(":open");
    Console::demo().keys(":open loby-eu<enter>").shows("no room is called").shows("did you mean lobby-eu?");
    Console::demo().keys(":tab jsno<enter>").shows("did you mean json?");
    Console::demo().keys(":whole-journal<enter>").shows("means nothing here, but in: Journal");
    Console::demo().keys(":tags lobby-eu<enter>").shows("is not an ARN").shows(":tags lobby-eu");
}

#[test]
fn tab_completes_names_and_then_arguments_and_the_list_says_what_they_are() {
    let all = format!(" {} ┐", commands::TABLE.len());
    let console = Console::demo().keys(":").shows("open [ROOM]").shows(&all);
    let console = console.keys("ope<tab>").shows("open [ROOM]").keys("lobby-e<tab>").shows(":open lobby-eu");
    console.keys("<enter>").shows("lobby-eu ─").shows("1 live");
    let console = Console::demo().keys(":rooms l<tab>").shows(":rooms logging=").keys("s3-le<tab>");
    let console = console.shows(":rooms logging=s3-legacy").keys("<enter>").shows("logging=s3-legacy");
    assert_eq!(console.calls("ListRooms").len(), 2);
    assert!(console.calls("ListRooms")[1]["loggingConfigurationIdentifier"].is_string());
}

#[test]
fn rooms_are_asked_of_the_service_and_without_any_member_all_are_back() {
    let console = Console::demo().keys(":rooms name=lobby-eu<enter>").shows("name=lobby-eu").hides("raid-night");
    console.keys(":rooms<enter>").hides("name=lobby-eu").shows("raid-night");
    Console::demo().keys(":rooms name=no/slash<enter>").shows("name ").shows(":rooms name=no/slash");
    Console::demo().keys(":rooms nmae=x<enter>").shows("did you mean name?");
    Console::demo().keys(":rooms logging=s3-legcay<enter>").shows("did you mean s3-legacy?");
}

#[test]
fn a_list_is_filtered_and_a_tab_is_turned_to() {
    Console::demo().keys(":filter lob eu<enter>").shows("2/13").shows("lobby-eu").hides("raid-night");
    Console::demo().keys(":filter \"lobby-eu\"<enter>").shows("1/13");
    Console::demo().keys(":tab json<enter>").wait(500).shows("\"arn\": ");
    Console::demo().keys("0:filter x<enter>").shows("only lists, the chat and the journal are filtered");
    Console::demo().keys(":tab chat<enter>").shows("this room is not watched");
}

#[test]
fn up_brings_back_what_was_typed_even_if_it_was_not_run() {
    let console = Console::demo().keys(":filter lob<enter>:tab deta<esc>:<up>").shows(":tab deta");
    console.keys("<up>").shows(":filter lob").keys("<down><down>").hides(":tab").keys("<enter>").hides("Commands");
}

#[test]
fn pasted_text_is_one_line_and_runs_nothing() {
    let console = Console::demo().keys(":").paste("quit\nquit\n").shows(":quit quit").has_ended(false);
    console.keys("<enter>").shows("takes no argument").has_ended(false);
}

#[test]
fn a_live_chat_stands_still_behind_the_line_and_a_message_is_only_deleted_if_one_was_selected() {
    let console = Console::opening("lobby-main").wait(3000).keys(":");
    let before = console.screen();
    let console = console.wait(5000);
    assert_eq!(console.screen(), before);
    let console = console.keys("delete<enter>").hides("paused");
    assert_ne!(console.screen(), before);
    assert!(console.calls("DeleteMessage").is_empty(), "nothing was selected");
    let console = console.keys("k:delete<enter>");
    assert_eq!(console.calls("DeleteMessage").len(), 1);
}

#[test]
fn the_cursor_is_in_the_line_at_every_size() {
    for (width, height) in [(40, 10), (80, 24), (140, 40)] {
        let console = Console::sized(width, height).keys(":open lobby<left>");
        assert_eq!(console.cursor(), Position::new(1 + 1 + 9, height - 2));
        let console = console.shows(":open lobby").types(&"x".repeat(200));
        assert!(console.cursor().x < width, "{:?}", console.cursor());
        insta::assert_snapshot!(
            format!("command_line_{width}x{height}"),
            Console::sized(width, height).keys(":mark").snapshot()
        );
    }
}

#[test]
fn the_tags_of_a_channel_are_shown_and_changed_like_those_of_a_room_and_one_step_leads_back() {
    let console = Console::demo().keys("j2").wait(500);
    let before = console.snapshot();
    let channel = console.ivs_arn("channel");
    let mut console = console.keys(":tags ").paste(channel.as_str()).keys("<enter>").wait(500);
    console = console.shows(&format!("channel {}", channel.id())).shows("Service").shows("stream = main");
    console = console.shows("stream      main");
    assert_eq!(console.calls("GetLoggingConfiguration").len(), 1, "that of the list: a channel is not one");
    console = console.keys("c").shows(&format!("Tags of channel {}", channel.id())).types("owner=me");
    console = console.keys("<enter>y").shows("saved").wait(500).shows("owner = me");
    let held = console.holds(&ListTagsForResource { resource_arn: channel.clone() });
    assert_eq!(held["tags"]["owner"], "me");
    console = console.keys("d").shows("removed").keys("<esc><esc>");
    console = console.keys("0e").shows("only its tags can be changed here").keys("y").shows("aws ivs list-tags");
    let console = console.keys("<esc><esc>").wait(500).hides("channel ");
    let lines = |screen: &str| screen.lines().take(20).map(ToOwned::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&console.snapshot()), lines(&before));
    // It is known from now on.
    console.keys(":tags chan<tab>").shows(&format!(":tags {channel}"));
}

#[test]
fn where_only_one_pane_is_shown_it_says_whose_tags_these_are() {
    let console = Console::sized(40, 10);
    let channel = console.ivs_arn("channel");
    let console = console.keys(":tags ").paste(channel.as_str()).keys("<enter>").wait(500);
    console.shows("of channel").shows("stream = main").keys("q").shows("1 Rooms");
}

#[test]
fn a_room_s_tags_are_shown_without_leaving_the_place() {
    let mut console = Console::demo();
    let room = console.room("raid-night");
    let console = console.keys(":tags raid-n<tab>").shows(&format!(":tags {room}")).keys("<enter>").wait(500);
    let console = console.shows("raid-night ─").shows("Limits");
    console.keys("q").wait(500).shows("lobby-main ─");
}

#[test]
fn what_can_not_be_asked_here_is_refused_in_plain_words() {
    let other = "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdEf123456";
    let console = Console::demo().keys(":tags ").paste(other).keys("<enter>");
    let console = console.shows("it is in eu-west-1, this is us-west-2").shows("--region eu-west-1");
    assert!(console.calls("ListTagsForResource").len() < 2);
    Console::demo().keys(":tags arn:aws:s3:us-west-2:1:bucket/x<enter>").shows("\"s3\" is another service");
    Console::demo().keys(":open arn:aws:ivs:us-west-2:1:channel/x<enter>").shows("is not a room");
}

#[test]
fn a_room_that_has_not_come_yet_opens_when_it_is_found() {
    let console = Console::demo().hangs("ListRooms").keys("<c-r>:open lobby-eu<enter>").shows("1 live");
    let console = console.keys("q:open lobby-new<enter>").shows("the rooms are on their way");
    console.works("ListRooms").shows("no room has the id or name \"lobby-new\"");
}

#[test]
fn a_denial_names_the_other_service_s_action() {
    let console = Console::demo();
    let channel = console.ivs_arn("stream-key");
    let mut console = console.keys(":tags ").paste(channel.as_str()).keys("<enter>");
    console = console.denies("ListTagsForResource").wait(500).keys("z");
    console.shows("Access denied").shows("ivs:ListTagsForResource");
}

#[test]
fn a_change_of_a_channel_s_tags_that_fails_is_told_in_its_form() {
    let console = Console::demo();
    let channel = console.ivs_arn("channel");
    let console = console.keys(":tags ").paste(channel.as_str()).keys("<enter>").wait(500);
    let console = console.fails("TagResource", ErrorKind::Unreachable("refused".into())).keys("c").types("a=1");
    let mut console = console.keys("<enter>y").shows("No connection").works("TagResource").keys("<enter>y");
    console = console.shows("saved");
    console = console.elsewhere(&TagResource { resource_arn: channel, tags: [("b".into(), "2".into())].into() });
    let console = console.keys("<c-r>").wait(500).shows("b = 2");
    assert_eq!(console.calls("TagResource").last().unwrap()["tags"], json!({"a": "1"}));
}
