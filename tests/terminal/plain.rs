//! The console without a screen, as a program: lines on a pipe, and its exit code.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

fn plain(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ivschat"));
    // Neither a person's configuration nor a terminal that they have set.
    command.args(args).args(["--demo", "--plain"]).env("IVSCHAT_CONFIG", "/dev/null").env("TERM", "dumb");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a script comes to.
fn script(args: &[&str], lines: &str) -> Output {
    let mut child = plain(args).spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_person_on_a_pipe_reads_a_room_and_deletes_a_message() {
    let mut child = plain(&["--demo-rate", "30"]).spawn().unwrap();
    let mut lines = child.stdin.take().unwrap();
    let mut told = Vec::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut until = |wanted: &dyn Fn(&str) -> bool| loop {
        let mut line = String::new();
        assert_ne!(out.read_line(&mut line).unwrap(), 0, "it ended: {told:?}");
        assert!(!line.trim_end_matches('\n').contains(char::is_control), "{line:?}");
        told.push(line.trim_end().to_owned());
        if wanted(line.trim_end()) {
            break;
        }
    };
    writeln!(lines, "open lobby-main").unwrap();
    until(&|line| line.starts_with("live lobby-main"));
    until(&|line| line.starts_with("3 "));
    writeln!(lines, "delete 3 off topic").unwrap();
    until(&|line| line.starts_with("deleting 3 "));
    until(&|line| line.starts_with("deleted 3, confirmed after "));
    writeln!(lines, "journal").unwrap();
    until(&|line| line.starts_with("Outcome: done"));
    writeln!(lines, "quit").unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_script_ends_with_its_lines_and_its_exit_code_says_whether_all_could_be_followed() {
    let good = script(&[], "rooms lobby\ncreate room\nname = fresh\nsend\ndetails fresh\n");
    let told = String::from_utf8(good.stdout).unwrap();
    assert!(good.status.success(), "{told}");
    assert!(told.contains("\nrooms: 3 of 13\n") && told.contains("\nName: fresh\n"), "{told}");
    assert!(!told.contains('\u{1b}') && good.stderr.is_empty(), "{told}");
    let bad = script(&[], "rooms\nnonsense\n");
    assert_eq!(bad.status.code(), Some(1));
    assert!(String::from_utf8(bad.stdout).unwrap().contains("\nerror: there is no word \"nonsense\""));
}

#[test]
fn what_was_begun_when_the_lines_end_is_not_done_and_told() {
    let ended = script(&[], "delete room lobby-quiet\n");
    let told = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{told}");
    assert!(told.ends_with("error: the input ended: not done: Delete room lobby-quiet\n"), "{told}");
}

#[test]
fn a_reader_that_goes_away_ends_it() {
    let mut child = plain(&[]).spawn().unwrap();
    drop(child.stdout.take());
    let mut lines = child.stdin.take().unwrap();
    // It may be gone before the line is there.
    let _ = writeln!(lines, "rooms");
    assert!(!child.wait().unwrap().success());
}
