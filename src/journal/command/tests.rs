use std::os::unix::fs::PermissionsExt;

use clap::Parser;
use tempfile::TempDir;

use super::*;
use crate::journal::file::{Journal, Safety};
use crate::journal::record::{Act, Body, Ending, Intent, Outcome, Verdict};

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

/// What came of it: the exit code, standard output and standard error.
struct Told {
    code: u8,
    out: String,
    err: String,
}

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn run(home: &TempDir, line: &[&str], is_terminal: bool) -> Told {
    let line = Line::try_parse_from(["journal"].iter().chain(line)).unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut around = Surroundings {
        out: &mut out,
        is_terminal,
        err: &mut err,
        show: &|text| text.replace(['\u{1b}', '\u{202e}'], "?"),
        usual: Some(folder(home)),
        now: now(),
    };
    let code = super::run(&line.command, &mut around).code();
    Told { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

fn folder(home: &TempDir) -> PathBuf {
    home.path().join("journal")
}

fn day(home: &TempDir, day: u8) -> PathBuf {
    folder(home).join(format!("2026-11-{day}.jsonl"))
}

fn intent(id: u64, text: &str) -> Body {
    let act = Act {
        operation: "DeleteMessage".into(),
        target: Some("arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".parse().unwrap()),
        user: Some("nadia".into()),
        reason: None,
        note: None,
        rule: None,
        text: Some(text.into()),
        input: serde_json::json!({"id": "x"}),
    };
    Body::Intent(Box::new(Intent { id, actor: None, region: "us-west-2".into(), endpoint: "localhost".into(), act }))
}

fn outcome(id: u64) -> Body {
    let outcome = Outcome { verdict: Verdict::Done, request_id: None, attempts: 1, latency_ms: 7, made: None };
    Body::Outcome(Box::new(Ending { id, outcome }))
}

/// A journal of three days with an intent and its outcome each.
fn three_days(texts: [&str; 3]) -> TempDir {
    let home = TempDir::new().unwrap();
    let mut journal = Journal::new(folder(&home), "a".to_owned());
    for ((id, text), day) in (1..).zip(texts).zip(21..) {
        let time: Timestamp = format!("2026-11-{day}T12:00:00Z").parse().unwrap();
        journal.append(time, intent(id, text), Safety::Handed).unwrap();
        journal.append(time, outcome(id), Safety::Handed).unwrap();
    }
    home
}

fn change(path: &Path, change: impl FnOnce(&str) -> String) {
    fs::write(path, change(&fs::read_to_string(path).unwrap())).unwrap();
}

#[test]
fn a_sound_journal_is_sound() {
    let home = three_days(["x"; 3]);
    let told = run(&home, &["verify"], false);
    assert_eq!((told.code, told.out.as_str(), told.err.as_str()), (0, "sound: 6 lines in 3 files\n", ""));
}

#[test]
fn what_is_wrong_is_told_with_file_and_line() {
    let home = three_days(["x"; 3]);
    change(&day(&home, 22), |text| text.replacen("nadia", "nadja", 1));
    change(&day(&home, 23), |text| text.lines().rev().flat_map(|line| [line, "\n"]).collect());
    let told = run(&home, &["verify"], false);
    let (first, second) = (day(&home, 22).display().to_string(), day(&home, 23).display().to_string());
    assert_eq!(told.code, 1);
    assert!(told.out.contains(&format!("{first}, line 1: it was changed\n")), "{}", told.out);
    assert!(told.out.contains(&format!("{second}, line 1: it does not follow the line before")), "{}", told.out);
    assert!(told.out.contains("not sound: 3 things are wrong, 6 lines in 3 files"), "{}", told.out);
}

#[test]
fn a_line_that_was_torn_and_repaired_is_told_and_sound() {
    let home = three_days(["x"; 3]);
    change(&day(&home, 23), |text| text[..text.len() - 9].to_owned());
    assert_eq!(run(&home, &["verify"], false).code, 1);
    Journal::new(folder(&home), "b".into()).append(now(), intent(1, "y"), Safety::Handed).unwrap();
    let told = run(&home, &["verify"], false);
    assert_eq!(told.code, 0, "{}", told.out);
    assert!(told.out.contains(".jsonl, line 2: it was cut short, and is repaired"), "{}", told.out);
}

#[test]
fn files_that_lie_side_by_side_follow_each_other_and_others_stand_for_themselves() {
    let home = three_days(["x"; 3]);
    let paths = [21, 22, 23].map(|number| day(&home, number).display().to_string());
    let far = run(&home, &["verify", &paths[2], &paths[0]], false);
    assert_eq!((far.code, far.out.as_str()), (0, "sound: 4 lines in 2 files\n"));
    let later = run(&home, &["verify", &paths[1]], false);
    assert_eq!(later.out, "sound: 2 lines in 1 file; what came before is not here\n");
    fs::remove_file(&paths[1]).unwrap();
    let gone = run(&home, &["verify", &paths[0], &paths[2]], false);
    assert_eq!(gone.code, 1, "the file between them is gone: {}", gone.out);
    assert_eq!(run(&home, &["verify"], false).code, 1);
}

#[test]
fn what_can_not_be_looked_at_is_told() {
    let home = TempDir::new().unwrap();
    for line in [&["verify"][..], &["verify", "/nowhere/at/all"], &["export", "--format", "csv"]] {
        let told = run(&home, line, false);
        assert_eq!((told.code, told.out.as_str()), (252, ""), "{}", told.err);
        assert!(told.err.starts_with("ivschat: /"), "{}", told.err);
    }
    fs::create_dir(folder(&home)).unwrap();
    assert!(run(&home, &["verify"], false).err.contains("no journal in it"));
    let mut around = Surroundings {
        out: &mut io::sink(),
        is_terminal: false,
        err: &mut io::sink(),
        show: &str::to_owned,
        usual: None,
        now: now(),
    };
    assert_eq!(super::run(&Command::Verify(What { paths: Vec::new() }), &mut around), Exit::Usage);
}

#[test]
fn an_export_is_for_its_owner_alone_and_writes_over_nothing() {
    let home = three_days(["x"; 3]);
    let path = home.path().join("out.csv");
    let shown = path.display().to_string();
    let line = ["export", "--format", "csv", "--output", &shown];
    let told = run(&home, &line, true);
    assert_eq!((told.code, told.out.as_str(), told.err.as_str()), (0, "", ""));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 4);
    let again = run(&home, &line, true);
    assert!(again.code == 255 && again.err.contains("exists"), "{}", again.err);
}

#[test]
fn only_standard_output_that_is_a_terminal_is_made_safe_and_an_unread_line_is_told() {
    let home = three_days(["x", "a\u{1b}[2J", "x"]);
    change(&day(&home, 21), |text| format!("{text}{{\"half"));
    let line = ["export", "--format", "csv"];
    assert!(run(&home, &line, false).out.contains("a\u{1b}[2J"));
    let told = run(&home, &line, true);
    assert!(!told.out.contains('\u{1b}') && told.out.contains("a?[2J"), "{}", told.out);
    assert!(told.code == 0 && told.err.contains("can't be read are left out (1)"), "{}", told.err);
}

#[test]
fn times_are_days_moments_and_a_while_ago() {
    let home = three_days(["first", "second", "third"]);
    for (line, texts) in [
        (&["--since", "2026-11-22"][..], &["second", "third"][..]),
        (&["--until", "2026-11-22"], &["first", "second"]),
        (&["--since", "2026-11-22T12:00:01Z"], &["third"]),
        (&["--until", "2026-11-21T12:00:00Z"], &[]),
        (&["--since", "2d", "--until", "1d"], &["first"]),
        (&["--since", "90m"], &["third"]),
        (&["--user", "nobody"], &[]),
        (&["--operation", "deletemessage", "--room", "AbCdEf123456"], &["first", "second", "third"]),
    ] {
        let told = run(&home, &[&["export", "--format", "jsonl"], line].concat(), false);
        let found: Vec<_> = told.out.lines().map(|line| line.split("\"text\":\"").nth(1).unwrap()).collect();
        let found: Vec<_> = found.iter().map(|text| text.split('"').next().unwrap()).collect();
        assert_eq!(found, texts, "{line:?}: {}", told.err);
    }
    assert!(run(&home, &["export", "--format", "csv", "--user", "nobody"], false).err.contains("no change"));
    for wrong in ["yesterday", "-3d", "2026-13-01", "7"] {
        assert!(When::parse(wrong).is_err(), "{wrong}");
    }
}
