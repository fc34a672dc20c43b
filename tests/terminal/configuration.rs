//! The configuration as the program reads it: from a real file, by any number of consoles, and never written to.

use std::fs;
use std::process::{Command, Output, Stdio};

use ivschat::config::EXAMPLE;

use crate::session::{PROGRAM, Start};

/// What is wrong with this is told, and its key for the help counts.
const FILE: &str = "regoin = \"x\"\n[chat]\nscrollback = 1\n[keys.everywhere]\nhelp = [\"?\", \"H\"]\n";

fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(PROGRAM);
    command.args(args).env_clear().env("TERM", "xterm").env("HOME", "/nonexistent").stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn two_consoles_read_one_file_at_once_and_write_nothing_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, FILE).unwrap();
    let args = ["--demo", "--config", file.to_str().unwrap()];
    let (mut one, mut other) = (Start::ivschat(&args).run(), Start::ivschat(&args).run());
    for console in [&mut one, &mut other] {
        console.shows("config: 2 problems").keys(":config<enter>").shows("line 1: regoin").keys("qH").shows("Keys");
    }
    for console in [&mut one, &mut other] {
        console.keys("q<c-c>").ends().cleanly(0);
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), FILE);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing stands beside it");
}

#[test]
fn a_file_that_is_not_toml_keeps_no_console_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, "chat = = 5\n").unwrap();
    let mut console = Start::ivschat(&["--demo", "--config", file.to_str().unwrap()]).run();
    console.shows("config: 1 problem").shows("lobby-main").keys(":config<enter>").shows("chat = = 5").shows("       ^");
    console.keys("q<c-c>").ends().cleanly(0);
}

#[test]
fn with_no_color_the_selection_is_still_a_bar() {
    for flags in [&["--demo"][..], &["--demo", "--color", "always"]] {
        let mut console = Start::ivschat(flags).env("NO_COLOR", "1").run();
        console.shows("lobby-eu").keys("j").until("a reversed row", |screen| {
            (0..24).any(|row| (2..20).all(|column| screen.cell(row, column).is_some_and(vt100::Cell::inverse)))
        });
        console.keys("<c-c>").ends().cleanly(0);
    }
}

#[test]
fn the_default_is_printed_and_a_file_is_checked() {
    assert_eq!(run(&["config", "--print-default"]), (Some(0), EXAMPLE.to_owned(), String::new()));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    let path = file.to_str().unwrap();
    fs::write(&file, FILE).unwrap();
    let (code, told, _) = run(&["config", "--check", path]);
    let wanted =
        format!("{path}:1: regoin is not known: did you mean region?\n{path}:3: chat.scrollback is 1, must be");
    assert!(code == Some(1) && told.starts_with(&wanted), "{told}");
    let (code, _, error) = run(&["rules", "test", "/dev/null", "--config", path]);
    assert!(code == Some(253) && error.contains(&format!("{path}:1: regoin")) && error.contains("no rules"), "{error}");
    fs::write(&file, EXAMPLE).unwrap();
    assert_eq!(run(&["config", "--check", path]).0, Some(0));
    assert_eq!(run(&["config", "--check", "/none/config.toml"]).0, Some(253));
    assert_eq!(run(&["config"]).0, Some(252), "it is one or the other");
}

#[test]
fn info_tells_where_each_value_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, FILE).unwrap();
    let path = file.to_str().unwrap();
    let (code, told, _) = run(&["info", "--json", "--config", path, "--theme", "light"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(code, Some(0));
    assert_eq!(told["settings"]["theme"]["source"], "flag --theme");
    assert_eq!(told["settings"]["keys.everywhere.help"]["source"], format!("{path}:5"));
    assert_eq!(told["terminal"]["TERM"]["value"], "xterm");
    assert_eq!(told["problems"].as_array().map(Vec::len), Some(2));
}
