//! Rules at work: what they flag, whom they spare, what they do in a room that is armed, and how they are tried.

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
}

#[test]
fn protected_users_and_the_console_s_own_messages_are_spared() {
    let console = said(RULES, &[("bot-eu", "free coins for all"), ("ann", "free coins here")]);
    assert!(row(&console, "for all").contains(" bot-eu"), "{}", console.screen());
    assert!(row(&console, "here").contains("!ann"));
    let console = console.keys("cfree coins, said the host<enter>").wait(200).shows("said the host");
    assert!(row(&console, "said the host").contains(">ivschat"), "{}", console.screen());
}
