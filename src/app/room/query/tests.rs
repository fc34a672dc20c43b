//! Each part of the language, what it lets through, and what is said of what means nothing.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::app::room::people::People;
use crate::app::room::row::{Actor, Signs};
use crate::app::room::rules::RuleId;
use crate::app::text::clean;
use crate::messaging::frame::Sender;

fn message(text: &str, change: impl FnOnce(&mut Said)) -> Row {
    let attributes = [("displayName".to_owned(), "Nadia".to_owned())].into();
    let by = People::default().meet(&Sender { user_id: "user-7".into(), attributes });
    let mut said = Said {
        id: "m1".into(),
        by: Arc::clone(&by),
        text: clean(text),
        fate: Fate::Standing,
        more: None,
        signs: Signs::default(),
    };
    change(&mut said);
    Row { seq: 0, time: Timestamp::UNIX_EPOCH, body: Body::Message(said) }
}

fn says(text: &str) -> Row {
    message(text, |_| {})
}

fn notice(notice: Notice) -> Row {
    Row { seq: 0, time: Timestamp::UNIX_EPOCH, body: Body::Notice(notice) }
}

fn hit(query: &str, row: &Row) -> bool {
    Query::parse(query).unwrap().matches(row, &Facts::default())
}

fn wrong(query: &str) -> String {
    Query::parse(query).unwrap_err()
}

#[test]
fn all_words_must_be_there_in_any_order_and_case_in_text_or_name() {
    let row = says("get FREE coins now");
    assert!(hit("coins free", &row) && hit("nadia coins", &row) && hit("", &row));
    assert!(!hit("coins cheap", &row));
}

#[test]
fn a_phrase_keeps_its_order_and_its_blanks() {
    let row = says("get free coins now");
    assert!(hit("\"free coins\"", &row) && !hit("\"coins free\"", &row));
    assert!(hit("now \"get free\"", &row));
}

#[test]
fn tricks_do_not_hide_a_word_and_other_words_are_not_taken_for_it() {
    assert!(hit("free", &says("f r e e stuff")) && hit("coins", &says("c.o.i.n.s")));
    assert!(!hit("hit", &says("which it was")) && !hit("good", &says("oh god")));
}

#[test]
fn who_wrote_is_found_by_the_beginning_of_name_or_id() {
    let row = says("user-9 wrote this");
    let Body::Message(said) = &row.body else { panic!("a message") };
    let short = said.by.short().to_owned();
    for query in ["from:nad", "from:NADIA", "from:user-7", &format!("from:#{short}"), &format!("from:nadia#{short}")] {
        assert!(hit(query, &row), "{query}");
    }
    assert!(!hit("from:user-9", &row) && !hit("from:adia", &row));
    assert!(hit("from:\"Nadia\" wrote", &row));
}

#[test]
fn text_looks_at_the_text_alone() {
    assert!(hit("nadia", &says("hello")) && !hit("text:nadia", &says("hello")));
    assert!(hit("text:\"hello there\"", &says("oh, hello there")));
}

#[test]
fn every_kind_lets_its_own_through_and_no_other() {
    let deleted = Fate::Deleted { reason: clean("spam"), by: Actor::SomebodyElse, after: Duration::ZERO };
    let rows = [
        ("flagged", message("x", |said| said.signs.flag = Some(RuleId(0)))),
        ("deleted", message("x", |said| said.fate = deleted)),
        ("failed", message("x", |said| said.fate = Fate::Failed("denied".into()))),
        ("link", message("x", |said| said.signs.links = 1)),
        ("first", message("x", |said| said.signs.first = true)),
        ("event", notice(Notice::Event { id: "e".into(), text: clean("app:POLL"), ours: false })),
    ];
    for (kind, row) in &rows {
        for (other, _) in &rows {
            assert_eq!(hit(&format!("is:{other}"), row), kind == other, "is:{other} of {kind}");
        }
    }
    assert!(hit("is:standing", &rows[0].1) && !hit("is:standing", &rows[1].1));
    assert!(hit("is:standing", &rows[2].1), "what could not be deleted stands");
}

#[test]
fn what_the_row_does_not_know_comes_with_the_facts() {
    let row = says("x");
    let with = |query: &str, facts: Facts| Query::parse(query).unwrap().matches(&row, &facts);
    assert!(with("is:marked", Facts { marked: true, ..Facts::default() }));
    assert!(with("is:watched", Facts { watched: true, ..Facts::default() }));
    assert!(with("is:noted", Facts { noted: true, ..Facts::default() }));
    assert!(with("is:repeat", Facts { repeated: true, ..Facts::default() }));
    assert!(with("room:LOBBY", Facts { room: "eu-lobby", ..Facts::default() }));
    assert!(!with("is:marked is:watched", Facts { marked: true, ..Facts::default() }));
    assert!(!with("room:arena", Facts { room: "eu-lobby", ..Facts::default() }));
}

#[test]
fn an_expression_is_over_the_text_in_any_case_with_slashes_and_blanks_in_it() {
    let row = says("see https://Example.com/free coins");
    assert!(hit("/example\\.com/", &row) && hit("/free coins$/", &row) && hit(r"/https?://\S+/free/", &row));
    assert!(!hit("/(?-i)example/", &row) && !hit("/nadia/", &row));
    assert!(hit("/^see/ coins", &row));
}

#[test]
fn a_minus_turns_any_of_them_round() {
    let row = says("free coins");
    for query in ["-free", "-\"free coins\"", "-from:nadia", "-/coins/", "coins -is:standing"] {
        assert!(!hit(query, &row), "{query}");
    }
    for query in ["-cheap", "coins -is:deleted", "-room:lobby", "well-known -x"] {
        let row = says("free coins, well-known");
        assert!(hit(query, &row), "{query}");
    }
}

#[test]
fn rows_of_the_console_s_own_are_found_by_their_words_and_are_from_nobody() {
    let row = notice(Notice::Refused(clean("429 too many requests")));
    assert!(hit("refused 429", &row) && hit("/too\\s+many/", &row));
    assert!(!hit("from:4", &row) && !hit("is:flagged", &row) && !hit("is:event", &row));
}

#[test]
fn what_means_nothing_is_said_with_its_place() {
    for (query, place, why) in [
        ("a \"b c", 3, "this \" is not closed"),
        ("a -", 3, "- needs something behind it"),
        ("is:flaged", 4, "did you mean is:flagged?"),
        ("x is:xyzzy", 6, "but flagged, deleted, standing"),
        ("form:nadia", 1, "there is no form: but from:"),
        ("é from: x", 8, "from: needs something behind it"),
        ("\"\"", 1, "needs something behind it"),
        ("a /b", 3, "this / is not closed"),
        ("//", 1, "no expression between"),
        ("a /(/", 3, "the expression means nothing: unclosed group"),
        ("/(a{1000}){1000}/", 1, "the expression is too large"),
    ] {
        let said = wrong(query);
        assert!(said.starts_with(&format!("character {place}: ")) && said.contains(why), "{query}: {said}");
    }
}

#[test]
fn the_help_has_every_kind_and_field_and_each_of_its_examples_means_something() {
    let help: String = HELP.iter().flat_map(|(written, help)| [written, " ", help, " "]).collect();
    let words: Vec<&str> = help.split(|c: char| !c.is_alphanumeric()).collect();
    for (name, _) in KINDS {
        assert!(words.contains(&name), "{name}");
    }
    for field in FIELDS {
        assert!(help.contains(&format!("{field}:")), "{field}");
    }
    for (written, _) in HELP {
        assert!(Query::parse(written).is_ok(), "{written}");
    }
}

#[test]
fn a_colon_in_a_word_is_no_field() {
    assert!(hit("https://example.com", &says("at https://example.com/x")));
    assert!(hit("\"form:a\"", &says("a form:a")) && hit(":)", &says("hello :)")) && hit("12:30", &says("at 12:30")));
}
