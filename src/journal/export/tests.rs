use std::time::Duration;

use super::*;
use crate::api::{Answer, Arn};
use crate::journal::record::{Act, Intent, Outcome};

const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";

fn show(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '\u{202e}' || c == '\u{2028}' { '?' } else { c }).collect()
}

fn deletion(text: &str) -> Whole {
    let act = Act {
        operation: "DeleteMessage".into(),
        target: Some(ROOM.parse().unwrap()),
        user: Some("nadia".into()),
        reason: Some("Spam, as \"ever\"".into()),
        note: Some("second time\ntoday".into()),
        rule: Some("coins".into()),
        text: Some(text.into()),
        input: serde_json::json!({"id": "m1", "roomIdentifier": ROOM}),
    };
    let answer = Answer { status: 200, request_id: Some("req-1".into()), attempts: 1, body: Vec::new() };
    Whole {
        time: "2026-11-21T12:00:00.5Z".parse().unwrap(),
        session: "4-abcd".into(),
        intent: Intent {
            id: 7,
            actor: Some("arn:aws:sts::123456789012:assumed-role/mod/me".into()),
            region: "us-west-2".into(),
            endpoint: "ivschat.us-west-2.amazonaws.com".into(),
            act,
        },
        end: End::Over(Outcome::of(&Ok(answer), Duration::from_millis(40))),
    }
}

#[test]
fn a_csv_has_a_row_for_each_change_and_all_that_is_known_of_it() {
    let csv = export(&[deletion("free coins")], Format::Csv, false, show);
    let (head, rows) = csv.split_once('\n').unwrap();
    assert_eq!(head, COLUMNS.join(","));
    assert_eq!(
        rows,
        format!(
            "2026-11-21T12:00:00.5Z,DeleteMessage,done,{ROOM},nadia,\"Spam, as \"\"ever\"\"\",\"second time\ntoday\",\
             coins,free coins,,40,1,req-1,,arn:aws:sts::123456789012:assumed-role/mod/me,us-west-2,\
             ivschat.us-west-2.amazonaws.com,4-abcd/7,\
             \"{{\"\"id\"\":\"\"m1\"\",\"\"roomIdentifier\"\":\"\"{ROOM}\"\"}}\"\n"
        )
    );
}

#[test]
fn no_cell_is_a_formula() {
    for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"] {
        let csv = export(&[deletion(text)], Format::Csv, false, show);
        assert!(csv.contains(&format!("'{text}")), "{csv}");
    }
    let csv = export(&[deletion("1-1=0")], Format::Csv, false, show);
    assert!(csv.contains(",1-1=0,"), "{csv}");
}

#[test]
fn what_goes_to_a_terminal_holds_nothing_that_moves_it_and_what_goes_to_a_file_is_to_the_letter() {
    let hostile = "a\u{1b}[2J\u{9b}b\u{202e}c\u{2028}d\ne";
    let changes = [deletion(hostile)];
    let file = export(&changes, Format::Csv, false, show);
    assert!(file.contains(&format!("\"{hostile}\"")), "{file:?}");
    for format in [Format::Csv, Format::Jsonl, Format::Markdown] {
        let text = export(&changes, format, true, show);
        let bad = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2028}');
        assert!(!text.contains(bad), "{text:?}");
    }
    let json = export(&changes, Format::Jsonl, true, show);
    let object: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(object["text"], hostile, "by escapes it is to the letter, too");
    assert_eq!(json.lines().count(), 1);
}

#[test]
fn markdown_is_not_written_by_those_who_chat() {
    let text = "# big\n- *x* [a](http://evil) <b>hi</b> www.evil.example `q` | \\";
    let markdown = export(&[deletion(text)], Format::Markdown, false, show);
    let line = markdown.lines().find(|line| line.starts_with("- text: ")).unwrap();
    assert_eq!(line, r"- text: \# big?- \*x\* \[a\]\(http\://evil\) \<b\>hi\</b\> www\.evil.example \`q\` \| \\");
    assert!(markdown.contains("\n## 2026-11-21T12:00:00.5Z DeleteMessage done\n"), "{markdown}");
    assert!(markdown.contains("\n- reason (public): Spam, as \"ever\"\n- note (private): second time?today\n"));
}

#[test]
fn a_change_whose_outcome_was_never_written_is_unknown() {
    let change = Whole { end: End::Lost, ..deletion("x") };
    let object: Value = serde_json::from_str(&export(&[change], Format::Jsonl, false, show)).unwrap();
    assert_eq!((object["outcome"].as_str(), object.get("latency_ms")), (Some("unknown"), None));
    assert!(object["error"].as_str().unwrap().contains("ended before"));
}

#[test]
fn changes_are_chosen_by_time_user_room_and_operation() {
    let change = deletion("x");
    let time = |text: &str| Some(text.parse().unwrap());
    let takes = |filter: Filter| filter.takes(&change);
    assert!(takes(Filter::default()));
    assert!(takes(Filter { since: time("2026-11-21T12:00:00Z"), ..Filter::default() }));
    assert!(!takes(Filter { since: time("2026-11-21T12:00:01Z"), ..Filter::default() }));
    assert!(takes(Filter { until: time("2026-11-21T12:00:01Z"), ..Filter::default() }));
    assert!(!takes(Filter { until: time("2026-11-21T12:00:00.5Z"), ..Filter::default() }), "then, not before");
    for (user, taken) in [("nadia", true), ("nad", false)] {
        assert_eq!(takes(Filter { user: Some(user.into()), ..Filter::default() }), taken);
    }
    for (room, taken) in [(ROOM, true), ("AbCdEf123456", true), ("AbCdEf", false)] {
        assert_eq!(takes(Filter { room: Some(room.into()), ..Filter::default() }), taken);
    }
    for (operation, taken) in [("deletemessage", true), ("DeleteRoom", false)] {
        assert_eq!(takes(Filter { operation: Some(operation.into()), ..Filter::default() }), taken);
    }
}

#[test]
fn a_room_is_found_by_its_making_too() {
    let mut change = deletion("x");
    change.intent.act.target = None;
    if let End::Over(over) = &mut change.end {
        over.made = Some(ROOM.parse::<Arn>().unwrap());
    }
    assert!(Filter { room: Some("AbCdEf123456".into()), ..Filter::default() }.takes(&change));
}
