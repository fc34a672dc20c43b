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
