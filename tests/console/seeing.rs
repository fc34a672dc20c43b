//! Looking at a busy room: labels, marks, the filter of the feed, repeats that fold, and a view that stands still.

use serde_json::json;

use crate::Console;

/// A quiet room in which these users have said this.
fn said(lines: &[(&str, &str)]) -> Console {
    let mut console = Console::demo().keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live");
    for (user, text) in lines {
        console.says_as(user, "lobby-quiet", &json!({"Action": "SEND_MESSAGE", "Content": text}));
    }
    console.wait(100)
}

fn talk() -> Console {
    said(&[("ann", "hello there"), ("bob", "free coins"), ("cyd", "good morning"), ("dan", "all quiet")])
}

fn deleted(console: &Console) -> usize {
    console.calls("DeleteMessage").len()
}

#[test]
fn a_label_deletes_its_message_and_the_view_goes_on_as_it_was() {
    let console = talk().keys("x").shows("a label deletes its message");
    let screen = console.screen();
    let row = screen.lines().find(|row| row.contains("free coins")).unwrap();
    let label = row.trim_start_matches('│').trim().chars().next().unwrap();
    assert_eq!(label, 'd', "the third from below has the third letter: {row}");
    let console = console.keys("d").shows("deleted (you, ").hides("paused").hides("a label deletes");
    assert_eq!(deleted(&console), 1);
    let screen = console.screen();
    let row = screen.lines().find(|row| row.contains("free coins")).unwrap();
    assert!(row.contains("xbob"), "{row}");
}

#[test]
fn a_letter_that_is_no_label_and_escape_do_nothing() {
    for key in ["m", "<esc>", "<enter>", "4"] {
        let console = talk().keys("x").keys(key).hides("a label deletes").hides("paused");
        assert_eq!(deleted(&console), 0, "{key}");
    }
}

#[test]
fn a_label_can_also_select() {
    let console = talk().keys("Xs").shows("|| paused");
    assert!(console.reversed_row().unwrap().contains("good morning"), "{:?}", console.reversed_row());
    assert_eq!(deleted(&console), 0);
}

#[test]
fn labels_go_when_the_screen_has_another_size() {
    let console = talk().keys("x").resize(80, 16).hides("a label deletes").keys("s");
    assert_eq!(deleted(&console), 0, "a row that is not on the screen any more is not hit");
}

#[test]
fn a_message_whose_beginning_is_above_the_screen_has_no_label() {
    let frame = |id: String, user: &str, text: &str| {
        json!({"Type": "MESSAGE", "Id": id, "Content": text, "Sender": {"UserId": user}}).to_string()
    };
    let mut frames = vec![frame("m".to_owned(), "ann", &"long ".repeat(60))];
    frames.extend(('a'..='p').map(|letter| frame(format!("m{letter}"), "bob", &format!("short {letter}{letter}x"))));
    let console =
        said(&[]).hears("lobby-quiet", &frames).hides("ann").shows("long long").keys("x").shows("a label deletes");
    assert_eq!(
        console.screen().lines().nth(2).unwrap().split_whitespace().nth(1),
        Some("long"),
        "{}",
        console.screen()
    );
}

#[test]
fn a_paste_is_no_label() {
    let console = talk().keys("x").paste("a").shows("a label deletes");
    assert_eq!(deleted(&console), 0);
}

#[test]
fn marks_hold_the_view_and_escape_takes_them_away_first() {
    let console = talk().keys("k k ").shows("2 marked");
    let screen = console.screen();
    let marked: Vec<&str> = screen.lines().filter(|row| row.contains("+ ")).collect();
    assert_eq!(marked.len(), 2, "{screen}");
    let console = console.keys("G").shows("2 marked").shows("|| paused");
    let console = console.keys("<esc>").hides("marked").hides("paused");
    drop(console.keys("v").shows("a range starts at a mark"));
}

#[test]
fn a_range_and_all_that_is_shown_can_be_marked() {
    let console = talk().keys("kk ").keys("kkkv").shows("3 marked");
    let console = console.keys("<esc>*").shows("4 marked").keys("*").hides("marked");
    drop(console);
}

#[test]
fn the_feed_is_filtered_by_words_and_by_user_and_what_is_hidden_is_not_hit() {
    let console = talk().keys("/coins<enter>").shows("/coins").shows("free coins").hides("good morning");
    let console = console.keys("kd").shows("deleted (you");
    assert_eq!(console.calls("DeleteMessage").len(), 1);
    let console = console.keys("kd");
    assert_eq!(console.calls("DeleteMessage").len(), 1, "only one message is shown");
    console.keys("<esc><esc>").shows("good morning").hides("/coins");
}

#[test]
fn marks_that_the_filter_hides_are_counted() {
    talk().keys("*").keys("/coins<enter>").shows("4 marked, 3 hidden");
}

#[test]
fn repeats_fold_into_one_row_that_opens_and_closes() {
    let raid =
        [("ann", "hi"), ("r1", "free coins"), ("r2", "FREE coins!!"), ("r3", "free  coins"), ("r1", "free coins")];
    let console = said(&raid).shows("=4 from 3").shows("\"free coins\"");
    assert_eq!(console.screen().matches("coins").count(), 1);
    let console = console.keys("ko").hides("=4 from 3");
    assert_eq!(console.screen().matches("oins").count(), 4);
    drop(console.keys("o").shows("=4 from 3"));
    said(&[("r1", "wow"), ("r1", "wow"), ("r1", "wow")]).shows(" x3");
}

#[test]
fn a_dialog_holds_the_view_and_its_end_lets_it_go_on() {
    let mut console = talk().keys("?");
    console.says_as("eve", "lobby-quiet", &json!({"Action": "SEND_MESSAGE", "Content": "meanwhile"}));
    let console = console.wait(100).hides("meanwhile");
    console.keys("<esc>").shows("meanwhile").shows("new since you stopped");
}

#[test]
fn what_was_deleted_can_be_shown_again() {
    let long = "this is a long text whose end is cut when it is deleted, as can be seen here";
    let console = said(&[("ann", long)]).keys("kd").shows("deleted").hides("seen here");
    console.keys("r").shows("seen here").keys("r").hides("seen here");
}

#[test]
fn the_way_back_to_what_was_selected_last() {
    let console = talk().keys("kkk<esc>").hides("paused").keys("'").shows("paused");
    assert!(console.reversed_row().unwrap().contains("free coins"));
}

#[test]
fn what_says_next_to_nothing_folds_for_its_own_user_alone() {
    let crowd = |text: &str| ["a", "b", "c", "d", "e"].map(|user| (user, text.to_owned()));
    for (text, folds) in [("gg", false), ("LOL!!", false), ("\u{1f525}", false), ("kekw", true), ("free coins", true)] {
        let lines = crowd(text);
        let lines: Vec<(&str, &str)> = lines.iter().map(|(user, text)| (*user, text.as_str())).collect();
        let console = said(&lines);
        assert_eq!(console.screen().contains("=5 from 5"), folds, "{text}: {}", console.screen());
    }
    said(&[("ann", "gg"), ("bob", "gg"), ("ann", "gg"), ("ann", "GG")]).shows("x3 \"GG\"");
}
