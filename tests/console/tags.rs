//! Tags of the selected resource: added, changed and removed in one form, and only what is different is sent.

use ivschat::api::ops::ListTagsForResource;
use serde_json::{Value, json};

use crate::Console;

fn held(console: &mut Console, room: &str) -> Value {
    let resource_arn = console.room(room);
    console.holds(&ListTagsForResource { resource_arn })["tags"].clone()
}

fn lobby() -> Console {
    Console::demo().keys("/lobby-main<enter>").wait(500).keys("3")
}

#[test]
fn several_are_added_changed_and_removed_at_once() {
    let mut console = lobby();
    let before = held(&mut console, "lobby-main");
    assert_eq!(before["env"], "prod");
    // The first row's value, the second row away, and two new ones.
    console = console.keys("e<c-u>").types("test").keys("<down><c-x>").keys("<down><down><down>");
    console = console.types("a=1").keys("<tab>").types("b=2").keys("<enter>");
    console = console.shows("from").shows("not there").shows("removed").keys("y").shows("saved the tags of lobby-main");
    let after = held(&mut console, "lobby-main");
    assert_eq!(after, json!({"a": "1", "b": "2", "env": "test", "stream": "main", "team": "live-events"}));
    assert_eq!(console.calls("TagResource").len(), 1);
    assert_eq!(console.calls("UntagResource").len(), 1);
    console.wait(500).shows("env = test").shows("b = 2").hides("language");
}

#[test]
fn one_is_removed_after_it_was_looked_at() {
    let mut console = lobby().keys("jd").shows("removed").keys("y").shows("saved");
    assert_eq!(held(&mut console, "lobby-main").get("language"), None);
    console = console.wait(500).hides("language");
    assert!(console.calls("TagResource").is_empty());
}

#[test]
fn a_new_one_goes_into_the_empty_row() {
    let mut console = lobby().keys("c").types("owner=me").keys("<enter>y").shows("saved").shows("owner = me");
    assert_eq!(held(&mut console, "lobby-main")["owner"], "me");
    assert_eq!(console.calls("TagResource")[0]["tags"], json!({"owner": "me"}));
}

#[test]
fn what_can_not_be_a_tag_is_said_at_once() {
    lobby().keys("c").types("aws:mine=1").shows("aws:").keys("<enter>").hides("This will be changed");
    lobby().keys("c").types("env=again").shows("is there twice");
    let fifty = (0..47).map(|n| format!("k{n}=v")).collect::<Vec<_>>().join("\n");
    lobby().keys("c").paste(&fifty).shows("51/50").shows("at most 50 are allowed");
}

#[test]
fn all_marked_ones_are_removed_together() {
    let mut console = lobby().keys("<space>j<space>d").shows("env").shows("stream").keys("y").shows("saved");
    assert_eq!(held(&mut console, "lobby-main"), json!({"language": "en", "team": "live-events"}));
    assert_eq!(console.calls("UntagResource").len(), 1);
}

#[test]
fn the_marked_rooms_get_the_same_tags_and_each_has_a_result() {
    let mut console = Console::demo().keys("<space><space>T").shows("Set tags on 2 rooms");
    console = console.types("season=autumn").keys("<tab><tab><space>").shows("[x] env").keys("<enter>");
    console = console.shows("This will be done, 4 calls in all").shows("lobby-main: take away env");
    console = console.shows("lobby-eu: set season = autumn");
    assert!(console.calls("TagResource").is_empty());
    console = console.keys("y").shows("All 4 done.").keys("<esc>").hides("All 4 done.");
    for room in ["lobby-main", "lobby-eu"] {
        let tags = held(&mut console, room);
        assert_eq!((tags.get("season"), tags.get("env")), (Some(&json!("autumn")), None), "{room}");
    }
    console.keys("g").wait(3000).shows("season = autumn");
}

#[test]
fn what_failed_of_many_can_be_tried_again_and_the_rest_is_not_repeated() {
    use ivschat::api::ErrorKind;
    let console = Console::demo().fails("UntagResource", ErrorKind::Unreachable("refused".into()));
    let console = console.keys("<space><space>T").types("a=1").keys("<tab><tab><space><enter>y");
    let console = console.shows("0 done, 2 failed, 2 cancelled").shows("failed: No connection").works("UntagResource");
    let console = console.keys("r").shows("All 4 done.");
    assert_eq!(console.calls("TagResource").len(), 2);
}

#[test]
fn many_can_be_cancelled_and_what_was_typed_is_still_there_if_it_was_not_wanted() {
    let console = Console::demo().keys("*T").types("a=1").keys("<enter>").shows("13 calls in all");
    let console = console.keys("<esc>").shows("Set tags on 13 rooms").shows("a").hangs("TagResource").keys("<enter>y");
    let console =
        console.shows("0 of 13 done").keys("<esc>").works("TagResource").shows("4 done, 0 failed, 9 cancelled");
    assert_eq!(console.calls("TagResource").len(), 4);
}

#[test]
fn rooms_that_the_filter_hides_are_never_tagged() {
    let console = Console::demo().keys("<space>").keys("/raid<enter>T").shows("the filter hides all that is marked");
    let console = console.keys("<esc>/lobby-eu<enter><space>T").shows("Set tags on lobby-eu (1 that the filter hides");
    let console = console.types("a=1").keys("<enter>y").shows("All 1 done.");
    assert_eq!(console.calls("TagResource").len(), 1);
}

#[test]
fn a_room_that_would_have_too_many_tags_is_named() {
    let many = (0..48).map(|n| format!("k{n}=v")).collect::<Vec<_>>().join("\n");
    let console = Console::demo().keys("<space><space>T").paste(&many).shows("would be 52 on lobby-main");
    console.keys("<enter>").hides("calls in all");
}

#[test]
fn a_list_that_is_not_here_is_not_edited_as_if_it_were_empty() {
    let console = Console::demo().hangs("ListTagsForResource").keys("j").wait(500).keys("3c");
    console.shows("the tags are not here yet").hides("Tags of");
}

#[test]
fn if_the_second_call_fails_it_is_said_that_the_first_went_through() {
    use ivschat::api::ErrorKind;
    let mut console = lobby().fails("TagResource", ErrorKind::Unreachable("refused".into()));
    console = console.keys("e<c-u>").types("test").keys("<down><c-x><enter>y").shows("1 of the changes went through");
    assert_eq!(held(&mut console, "lobby-main").get("language"), None);
    console = console.works("TagResource").keys("<enter>y").shows("saved");
    assert_eq!(held(&mut console, "lobby-main")["env"], "test");
}

#[test]
fn what_can_not_be_seen_is_named_before_it_is_sent() {
    let console = lobby().keys("c").types("ctl=").paste("y\u{202e}z\u{200b}q").keys("<enter>");
    console.shows("It holds what can't be seen: U+202E U+200B");
}

#[test]
fn pasted_lines_become_rows_however_the_terminal_ends_them() {
    let mut console = lobby().keys("c").paste("a=b\rc = d\rbare\r").keys("<enter>y").shows("saved");
    let tags = held(&mut console, "lobby-main");
    assert_eq!((&tags["a"], &tags["c"], &tags["bare"]), (&json!("b"), &json!("d"), &json!("")));
    console.wait(500).shows("3 Tags 7");
}

#[test]
fn a_failure_among_many_is_not_covered_by_the_last_that_went_well() {
    use ivschat::api::ErrorKind;
    let console = Console::demo().keys("<space><space>T").types("a=1").keys("<tab><tab><space><enter>");
    let console = console.fails("UntagResource", ErrorKind::Unreachable("refused".into())).keys("y");
    console.shows("Set tags on 2 rooms: 0 of 4 done").keys("<esc>").shows("0 of 4 done");
}
