//! A shift as a moderator: what the live room shows while it is busy, in full, in columns, and with the keys that count.

use ivschat::api::ops::{DeleteMessage, DisconnectUser};
use serde_json::json;

use crate::Console;
use crate::merged::{say, watching};

const RULES: &str = "[[rule]]\nname = \"coins\"\nwords = [\"free coins\"]\n";

fn quiet(console: Console) -> Console {
    console.keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live")
}

fn says(console: &mut Console, user: &str, attributes: &[(&str, &str)], text: &str) {
    console.says_with(user, "lobby-quiet", attributes, &json!({ "Action": "SEND_MESSAGE", "Content": text }));
}

fn row(console: &Console, text: &str) -> String {
    console.screen().lines().nth(console.row_of(text)).unwrap().to_owned()
}

#[test]
fn badges_stand_in_a_column_behind_the_name_where_there_is_room() {
    let talk = |width: u16| {
        let mut console = quiet(Console::sized(width, 30)).keys("z");
        says(&mut console, "u-1", &[("displayName", "Ann"), ("badge", "vip")], "one");
        says(&mut console, "u-2", &[("displayName", "a name that is far too long"), ("role", "moderator")], "two");
        says(&mut console, "u-3", &[("displayName", "Cyd")], "three");
        console.wait(100)
    };
    let wide = talk(120);
    let end = |text: &str| row(&wide, text).chars().position(|c| c == ']').unwrap();
    assert!(row(&wide, "one").contains("[vip] one") && row(&wide, "two").contains("[moderat"), "{}", wide.screen());
    assert!(row(&wide, "two").contains('#'), "the short id stays: {}", row(&wide, "two"));
    assert_eq!(end("one"), end("two"), "{}", wide.screen());
    talk(80).hides("[vip]").shows("Ann#");
}

#[test]
fn a_long_reason_of_a_disconnection_is_read_in_full() {
    let reason = "you were asked three times by two moderators to stop advertising your own channel in this room, and \
                  you went on with it; write to the address in the description if you think that this is wrong";
    let mut console = quiet(Console::demo());
    says(&mut console, "u-1", &[("displayName", "Ann")], "hello");
    let room_identifier = console.room("lobby-quiet");
    let disconnect = DisconnectUser { room_identifier, user_id: "u-1".into(), reason: Some(reason.into()) };
    let mut console = console.elsewhere(&disconnect).wait(100);
    says(&mut console, "u-2", &[("displayName", "Bob")], "and now?");
    let console = console.wait(100).shows("Ann#");
    let below = console.row_of("and now?");
    let rows: Vec<String> = console.screen().lines().map(|row| row.trim_matches(['│', ' ']).to_owned()).collect();
    let told = rows[console.row_of("was disconnected")..below].join(" ");
    assert!(told.contains(reason), "{told}");
    // What is below it is hit, and nothing else.
    let console = console.keys("k").keys("kj");
    assert!(console.reversed_row().unwrap().contains("and now?"), "{}", console.screen());
    drop(console.keys("<esc>k").keys("k<enter>").shows("wrong (another)"));
}

#[test]
fn a_long_reason_of_a_deletion_takes_the_lines_that_the_message_had() {
    let mut console = quiet(Console::demo());
    says(&mut console, "u-1", &[("displayName", "Ann")], &"come and see my own channel today ".repeat(5));
    says(&mut console, "u-2", &[("displayName", "Bob")], "below");
    let before = console.row_of("below");
    let mut console = console.keys("kk");
    let (room_identifier, id) = (console.room("lobby-quiet"), console.selected_message());
    let reason = Some("no advertising in here, as the rules say in detail; see the description".into());
    let console = console.elsewhere(&DeleteMessage { room_identifier, id, reason }).wait(500);
    let rows: Vec<String> = console.screen().lines().map(|row| row.trim_matches(['│', ' ']).to_owned()).collect();
    let told = rows[console.row_of("deleted: no")..before].join(" ");
    assert!(told.contains("the rules say in detail; see the description (another, "), "{told}");
    assert_eq!(console.row_of("below"), before, "rows below do not move");
}

#[test]
fn what_came_meanwhile_tells_of_watched_users_as_of_flagged_messages() {
    let mut console = quiet(Console::ruled(RULES, &[]));
    says(&mut console, "u-1", &[("displayName", "Ann")], "hello");
    let mut console = console.keys("kW").wait(100);
    says(&mut console, "u-1", &[("displayName", "Ann")], "hello again");
    let mut console = console.wait(100).shows("+1 new (1 watched)").shows("@ Ann#").shows("hello again");
    says(&mut console, "u-2", &[("displayName", "Bob")], "free coins");
    let console = console.wait(100).shows("(1 flagged, 1 watched)").shows("! Bob#").shows("n goes there");
    // Whoever goes down to a message has seen it.
    drop(console.keys("j").shows("+1 new (1 flagged)").hides("watched)"));
}

#[test]
fn the_merged_feed_tells_of_watched_users_too() {
    let mut console = watching(Console::ruled(RULES, &[]), &["lobby-quiet", "staging-smoke"]).keys("<enter>A");
    say(&mut console, "lobby-quiet", "hello");
    let mut console = console.wait(100).keys("kW").wait(100);
    say(&mut console, "lobby-quiet", "hello again");
    let mut console = console.wait(100).shows("+1 new (1 watched)").shows("@ lobby-quiet: ");
    say(&mut console, "staging-smoke", "free coins");
    drop(console.wait(100).shows("(1 flagged, 1 watched)").shows("! staging-smoke: "));
}

#[test]
fn a_filter_for_watched_or_noted_users_follows_what_is_kept_about_them() {
    let mut console = quiet(Console::demo());
    says(&mut console, "u-1", &[("displayName", "Ann")], "from ann");
    says(&mut console, "u-2", &[("displayName", "Bob")], "from bob");
    let console = console.keys("kkW<esc>").keys("/is:watched<enter>").shows("from ann").hides("from bob");
    // Not watched any more: what is read stays where it is until nothing is selected.
    let console = console.keys("kW").shows("from ann").keys("<esc>").hides("from ann");
    let console = console.keys("/<c-u>is:noted<enter>").hides("from bob").keys("/<c-u><enter>");
    let console = console.keys("k<enter>m").types("a note").keys("<enter>").wait(200).keys("<esc><esc>");
    drop(console.keys("/is:noted<enter>").shows("from bob").hides("from ann"));
}

#[test]
fn labels_are_as_bright_as_what_is_urgent() {
    let mut console = quiet(Console::demo());
    says(&mut console, "u-1", &[("displayName", "Ann")], "hello");
    let console = console.keys("x");
    let (y, buffer) = (u16::try_from(console.row_of("hello")).unwrap(), console.buffer());
    let label = (0..buffer.area.width).find(|x| buffer[(*x, y)].modifier.contains(ratatui::style::Modifier::REVERSED));
    let label = &buffer[(label.unwrap(), y)];
    assert!(!label.modifier.contains(ratatui::style::Modifier::DIM), "{label:?}");
}

#[test]
fn the_hints_are_of_what_can_be_done_now() {
    let mut console = quiet(Console::demo());
    says(&mut console, "u-1", &[("displayName", "Ann")], "hello");
    let hints = |console: &Console| console.screen().lines().last().unwrap().to_owned();
    assert!(hints(&console).contains("k select") && !hints(&console).contains("d delete"), "{}", hints(&console));
    let console = console.keys("k");
    for hint in ["d delete", "D reason", "K disconnect", "P purge", "Enter user", "space mark"] {
        assert!(hints(&console).contains(hint), "{hint}: {}", hints(&console));
    }
    assert!(!hints(&console).contains("k select"));
    console.shows("G live").keys("i").hides("G live");
}

#[test]
fn a_list_that_is_over_says_close_and_offers_no_second_try_of_what_is_done() {
    let mut console = quiet(Console::demo());
    for n in 0..3 {
        says(&mut console, &format!("u-{n}"), &[("displayName", &"n".repeat(n + 1))], &format!("text {n}"));
    }
    let console = console.keys("k*d").shows("y does it");
    let columns = ["text 0", "text 1", "text 2"].map(|text| row(&console, text).find("text").unwrap());
    assert!(columns.iter().all(|column| *column == columns[0]), "{columns:?}");
    let console = console.keys("y").wait(500).shows("All 3 done, 3 confirmed").shows("Esc close");
    let hints = console.screen().lines().last().unwrap().to_owned();
    assert!(!hints.contains("again") && !hints.contains("out of sight"), "{hints}");
    drop(console.keys("<enter>").hides("All 3 done"));
}

#[test]
fn n_without_any_rule_says_so() {
    drop(quiet(Console::demo()).keys("n").shows("no rule is in force here"));
    drop(quiet(Console::ruled(RULES, &[])).keys("n").shows("no flagged message is left here"));
}

#[test]
fn a_purge_of_what_comes_alone_does_not_pretend_to_hit_anything_now() {
    let console = quiet(Console::demo()).keys(":purge zzz next=30s<enter>").shows("all live rooms: this one");
    console
        .keys("<enter>")
        .shows("Purge what comes in lobby-quiet")
        .shows("Nothing that is here now")
        .hides("0 messages");
}
