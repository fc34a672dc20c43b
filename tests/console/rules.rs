//! Rules at work: what they flag, whom they spare, what they do in a room that is armed, and how they are tried.

use ivschat::api::ErrorKind;
use serde_json::json;

use crate::Console;

const RULES: &str = "
[[rule]]
name = 'coins'
words = ['free coins']

[[rule]]
name = 'wave'
repeat = { count = 3, seconds = 30 }

[[rule]]
name = 'elsewhere'
rooms = ['raid-*']
words = ['hello']
";

/// A quiet room under these rules, in which these users have said this.
fn said(rules: &str, lines: &[(&str, &str)]) -> Console {
    let mut console = Console::ruled(rules, &["role=moderator", "bot-*"]);
    console = console.keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live");
    say(&mut console, lines);
    console.wait(100)
}

fn say(console: &mut Console, lines: &[(&str, &str)]) {
    for (user, text) in lines {
        console.says_as(user, "lobby-quiet", &json!({"Action": "SEND_MESSAGE", "Content": text}));
    }
}

fn row(console: &Console, text: &str) -> String {
    let screen = console.screen();
    screen.lines().find(|row| row.contains(text)).unwrap_or_else(|| panic!("no {text:?} in\n{screen}")).to_owned()
}

#[test]
fn what_strikes_a_rule_is_marked_with_its_name_and_the_next_one_is_a_key_away() {
    let console = said(RULES, &[("ann", "hello there"), ("bob", "get F.R.E.E coins"), ("cyd", "all quiet")]);
    assert!(row(&console, "F.R.E.E").contains("!bob") && row(&console, "F.R.E.E").contains("!coins"));
    assert!(row(&console, "hello").contains(" ann") && row(&console, "all quiet").contains(" cyd"));
    let console = console.keys("n").shows("flagged: coins");
    assert!(console.reversed_row().unwrap().contains("F.R.E.E"));
    let console = console.keys("d").shows("deleted (you");
    assert_eq!(console.calls("DeleteMessage").len(), 1, "n, d: two keys");
    drop(console.keys("n").shows("no flagged message is left"));
}

#[test]
fn a_wave_is_flagged_from_its_first_message_on() {
    let lines = [("a", "first wave"), ("b", "hello"), ("c", "FIRST wave"), ("d", "first, wave!")];
    let console = said(RULES, &lines).keys("/is:flagged<enter>").shows("wave").hides("hello");
    drop(console.keys("<esc>1").shows("!3"));
    let mut console = said(RULES, &[("a", "first wave"), ("b", "hello")]).keys("/is:flagged<enter>").hides("wave");
    say(&mut console, &[("c", "FIRST wave"), ("d", "first, wave!")]);
    let screen = console.wait(100).screen();
    assert_eq!(screen.to_lowercase().matches("!wave").count(), 3, "those before it come into view, too: {screen}");
}

#[test]
fn protected_users_and_the_console_s_own_messages_are_spared() {
    let console = said(RULES, &[("bot-eu", "free coins for all"), ("ann", "free coins here")]);
    assert!(row(&console, "for all").contains(" bot-eu"), "{}", console.screen());
    assert!(row(&console, "here").contains("!ann"));
    let console = console.keys("cfree coins, said the host<enter>").wait(200).shows("said the host");
    assert!(row(&console, "said the host").contains(">ivschat"), "{}", console.screen());
}

#[test]
fn the_count_of_flagged_messages_follows_what_becomes_of_each() {
    let console = said(RULES, &[("ann", "free coins a"), ("bob", "free coins b")]).keys("1").shows("!2");
    let graceful = console.keys("0n").hangs("DeleteMessage").keys("d1").shows("!1");
    let refused = graceful.fails("DeleteMessage", ErrorKind::Unreachable("no route".to_owned()));
    let console = refused.releases("DeleteMessage").shows("!2").works("DeleteMessage").keys("0nd").wait(500);
    let console = console.keys("1").shows("!1").keys("0n").loses_echoes().keys("d1").hides("!1").hides("!2");
    drop(console.wait(6_000).shows("!1"));
}

const DELETING: &str = "
[[rule]]
name = 'coins'
words = ['free coins']
action = 'delete'
reason = 'Spam'

[[rule]]
name = 'wave'
repeat = { count = 3, seconds = 30 }
action = 'delete'
";

fn deleted(console: &Console) -> Vec<serde_json::Value> {
    console.calls("DeleteMessage")
}

/// The room is armed by its name.
fn armed(console: Console) -> Console {
    console.keys(":arm<enter>").shows("To arm it, type lobby-quiet").keys("lobby-quiet<enter>").shows("ARMED")
}

#[test]
fn no_rule_deletes_in_a_room_that_nobody_has_armed() {
    let console = said(DELETING, &[("ann", "free coins")]).hides("ARMED");
    assert!(row(&console, "free coins").contains("!ann"));
    assert!(deleted(&console).is_empty());
}

#[test]
fn arming_asks_for_the_room_s_name_and_says_which_rules_will_delete() {
    let console = said(DELETING, &[("ann", "free coins")]).keys(":arm<enter>");
    let console = console
        .shows("coins: \"free coins\"; 1 hit so far")
        .shows("public reason: Spam")
        .shows("wave: the same text, 3 in 30 s");
    let console = console.keys("lobby<enter>").shows("that is not its name").paste("lobby-quiet").shows("type it");
    let mut console = console.keys("<esc>").hides("ARMED");
    say(&mut console, &[("bob", "free coins for bob")]);
    assert!(deleted(&console.wait(500)).is_empty());
}

#[test]
fn in_an_armed_room_what_comes_is_deleted_with_the_rule_s_reason_and_its_name_in_the_journal() {
    let mut console = armed(said(DELETING, &[("ann", "free coins of before")]));
    say(&mut console, &[("bob", "free coins for bob"), ("bot-eu", "free coins by a bot"), ("cyd", "hello")]);
    let console = console.wait(500).shows("deleted: Spam (you");
    assert_eq!(deleted(&console)[0]["reason"], "Spam");
    assert_eq!(deleted(&console).len(), 1, "neither what came before, nor what is protected, nor what strikes nothing");
    assert!(row(&console, "deleted: Spam").contains("xbob"), "{}", console.screen());
    assert!(row(&console, "of before").contains("!ann"));
    drop(console.keys("]]]").shows("Rule        coins"));
}

#[test]
fn the_earlier_messages_of_a_wave_go_with_it() {
    let mut console = armed(said(DELETING, &[]));
    say(&mut console, &[("a", "a wave"), ("b", "hello"), ("c", "A wave"), ("d", "a, wave!")]);
    let console = console.wait(500);
    assert_eq!(deleted(&console).len(), 3, "{}", console.screen());
    drop(console.shows("hello"));
}

#[test]
fn what_was_said_before_the_room_was_armed_is_left_to_people_also_if_it_belongs_to_a_wave() {
    let mut console = armed(said(DELETING, &[("a", "a wave"), ("b", "a wave")]));
    say(&mut console, &[("c", "a wave"), ("d", "a wave")]);
    let console = console.wait(500);
    assert_eq!(deleted(&console).len(), 2, "those of c and d: {}", console.screen());
}

#[test]
fn a_rule_that_deletes_too_much_disarms_its_room_and_that_stays_on_the_screen() {
    let rules = format!("rule_deletions_per_minute = 10\n{DELETING}");
    let mut console = armed(said(&rules, &[]));
    let coins: Vec<String> = (0..8).map(|n| format!("free coins, number {n}")).collect();
    let all = |texts: &[String]| texts.iter().map(|text| ("ann".to_owned(), text.clone())).collect::<Vec<_>>();
    let says = |console: &mut Console, lines: &[(String, String)]| {
        for (user, text) in lines {
            say(console, &[(user.as_str(), text.as_str())]);
        }
    };
    says(&mut console, &all(&coins));
    // A minute later the count begins anew.
    let mut console = console.wait(61_000).shows("ARMED");
    says(&mut console, &all(&coins));
    let mut console = console.wait(1_000).shows("ARMED").hides("DISARMED");
    says(&mut console, &all(&coins));
    let console = console.wait(10_000).shows("DISARMED: rules deleted 10 within a minute, coins the last");
    assert_eq!(deleted(&console).len(), 18);
    drop(console.keys("1").hides("ARMED lobby-quiet"));
}

#[test]
fn whoever_leaves_when_all_is_sent_does_leave_however_much_an_armed_rule_finds() {
    let mut console = armed(said(DELETING, &[])).hangs("DeleteMessage");
    let coins = |n: u32| format!("free coins, number {n}");
    for n in 0..10 {
        say(&mut console, &[("ann", &coins(n))]);
    }
    let mut console = console.wait(1_000).keys("<c-c>").shows("s send, then leave").keys("s");
    for n in 10..20 {
        say(&mut console, &[("ann", &coins(n))]);
    }
    let console = console.releases("DeleteMessage").wait(3_000).has_ended(true);
    assert_eq!(deleted(&console).len(), 10, "nothing was added to what the reader wanted sent");
}

#[test]
fn an_armed_room_does_not_move_what_the_reader_has_selected() {
    let mut console = armed(said(DELETING, &[("ann", "one"), ("bob", "two")])).keys("kk");
    assert!(console.reversed_row().unwrap().contains("one"));
    say(&mut console, &[("cyd", "free coins")]);
    let console = console.wait(500);
    assert_eq!(deleted(&console).len(), 1);
    assert!(console.reversed_row().unwrap().contains("one"), "{}", console.screen());
}

#[test]
fn armed_is_seen_everywhere_until_it_is_disarmed_or_nobody_watches() {
    let console = armed(said(DELETING, &[])).keys("1").shows("ARMED lobby-quiet").keys("0");
    let console = console.keys(":arm<enter>").shows("is armed already").keys("<esc>");
    let mut console = console.keys(":disarm<enter>").shows("not armed any more").hides("ARMED");
    say(&mut console, &[("bob", "free coins")]);
    let console = console.wait(500);
    assert!(deleted(&console).is_empty());
    let console = console.keys(":disarm<enter>").shows("no room is armed").keys("<esc>");
    let console = armed(console).keys("1w").hides("ARMED");
    drop(console.keys("w").wait(3_000).hides("ARMED"));
}

#[test]
fn a_room_without_a_rule_that_deletes_can_not_be_armed() {
    drop(said(RULES, &[]).keys(":arm<enter>").shows("no rule here deletes"));
    drop(Console::demo().keys(":arm<enter>").shows("a live room is armed: open one"));
}

#[test]
fn the_rules_in_force_are_shown_with_what_they_have_struck() {
    let console = said(RULES, &[("ann", "free coins"), ("bob", "hello")]).keys(":rules<enter>");
    let console = console.shows("Rules in lobby-quiet").shows("2 of 3 rules are for this room");
    let console = console.shows("coins  1 hit").shows("wave  no hits").hides("elsewhere").hides("Not armed");
    let console = console.keys("<esc>").hides("Rules in").shows("free coins");
    drop(console);
    drop(said(DELETING, &[]).keys(":rules<enter>").shows("Not armed").shows("public reason: Spam"));
    drop(Console::demo().keys("/lobby-quiet<enter><enter>:rules<enter>").shows("There are no rules"));
}

#[test]
fn all_rules_are_tried_on_a_recorded_feed() {
    let message = |id: u32, user: &str, text: &str| {
        json!({"Type": "MESSAGE", "Id": format!("m{id}"), "Content": text, "Sender": {"UserId": user}}).to_string()
    };
    let lines = [message(1, "ann", "hello"), message(2, "bob", "free coins\u{1b}[2J"), "nonsense".to_owned()];
    let mut console = said(RULES, &[]);
    console.files.insert("feed.jsonl".to_owned(), (lines.join("\n"), 0o644));
    let console = console.keys(":rules test feed.jsonl<enter>").shows("Rules tried on feed.jsonl");
    let console = console.shows("2 messages, 2 flagged").shows("1 line not readable").shows("line 3:");
    let console = console.keys("<pagedown>").shows("line 2  bob#").shows("free coins").shows("only in raid-*");
    let console = console.keys("q").hides("Rules tried");
    let console = console.keys(":rules test other.jsonl<enter>").shows("could not be tried: other.jsonl").keys("q");
    drop(console.keys(":rules test<enter>").shows("test needs a file"));
    drop(Console::demo().keys(":rules test feed.jsonl<enter>").shows("there are no rules"));
}
