//! Where there can be no console: one plain line on standard error, and 2.

use std::process::{Command, Output, Stdio};

use crate::session::{PROGRAM, Start};

/// Runs `ivschat` without a terminal.
fn piped(args: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(args).env_clear().env("TERM", "xterm-256color").stdin(Stdio::null());
    command.output().unwrap()
}

#[test]
fn without_a_terminal_there_is_one_line_and_no_escape_sequence() {
    for args in [&["--demo"][..], &["--demo", "chat", "lobby-main"], &[]] {
        let output = piped(args);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.lines().count() == 1 && told.contains("needs a terminal"), "{told}");
        assert!(!told.contains('\x1b') && output.stdout.is_empty(), "{told:?}");
    }
}

#[test]
fn with_its_input_or_output_closed_there_is_one_line() {
    for redirection in ["<&-", ">&-", "</dev/null", "| cat"] {
        let script = format!("'{PROGRAM}' --demo {redirection}; true");
        let mut shell = Start::program("sh").args(&["-c", &script]).run();
        let ended = shell.shows("needs a terminal").ends();
        ended.with_words_only(0);
        assert_eq!(ended.written.lines().count(), 1, "{redirection}: {:?}", ended.written);
    }
}

#[test]
fn a_terminal_that_can_not_move_its_cursor_is_refused() {
    let ended = Start::ivschat(&["--demo"]).env("TERM", "dumb").run().ends();
    ended.with_words_only(2);
    assert!(ended.written.lines().count() == 1 && ended.written.contains("TERM is dumb"), "{}", ended.written);
}

#[test]
fn without_credentials_it_opens_and_says_what_to_set() {
    let mut session = Start::ivschat(&["--region", "us-west-2"]).size(200, 40).run();
    session.shows("No credentials").shows("AWS_PROFILE").shows("aws configure sso");
}

#[test]
fn without_a_region_it_says_so() {
    let start = Start::ivschat(&[]).env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").env("AWS_SECRET_ACCESS_KEY", "x");
    let ended = start.size(200, 24).run().ends();
    ended.with_words_only(2);
    for word in ["No region is set", "AWS_REGION", "us-east-1", "--demo"] {
        assert!(ended.written.contains(word), "{word}: {}", ended.written);
    }
}

#[test]
fn a_mistake_in_the_settings_is_shown_where_it_is() {
    let settings = "region = \"us-west-2\"\n[chat]\nscrolback = 100\n";
    let ended = Start::ivschat(&["--demo"]).file("ivschat/config.toml", settings).run().ends();
    ended.with_words_only(2);
    for word in ["config.toml", "line 3, column 1", "scrolback = 100", "^^^^^^^^^", "unknown field"] {
        assert!(ended.written.contains(word), "{word}: {}", ended.written);
    }
}

#[test]
fn help_and_version_are_told_without_a_terminal() {
    let help = piped(&["--help"]);
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(help.status.success() && help.stderr.is_empty());
    for word in ["--demo", "chat", "simulate", "AWS_ACCESS_KEY_ID", "NO_COLOR"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    let version = piped(&["--version"]);
    assert_eq!(String::from_utf8(version.stdout).unwrap(), format!("ivschat {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn an_unknown_flag_is_a_mistake_in_the_command_line() {
    let output = piped(&["--dmeo"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--demo"));
}
