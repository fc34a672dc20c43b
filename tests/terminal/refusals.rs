//! Where there can be no console: one plain line on standard error, and an exit code that says why.

use std::process::{Command, Output, Stdio};

use ivschat::exit::TABLE;

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
        assert_eq!(output.status.code(), Some(252), "{told}");
        assert!(told.lines().count() == 1 && told.contains("needs a terminal"), "{told}");
        assert!(["journal", "rules test", "simulate"].iter().all(|instead| told.contains(instead)), "{told}");
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
    let ended = Start::ivschat(&["--demo"]).env("TERM", "dumb").size(200, 24).run().ends();
    ended.with_words_only(252);
    assert!(ended.written.lines().count() == 1 && ended.written.contains("TERM is dumb"), "{}", ended.written);
}

#[test]
fn without_credentials_it_opens_and_says_what_to_set() {
    let mut session = Start::ivschat(&["--region", "us-west-2"]).size(200, 40).run();
    session.shows("No credentials").shows("AWS_PROFILE").shows("aws configure sso");
}

#[test]
fn without_a_region_it_opens_and_offers_those_that_there_are() {
    let start = Start::ivschat(&[]).env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").env("AWS_SECRET_ACCESS_KEY", "x");
    let mut console = start.run();
    console.shows("No region is set").shows("Use a region").shows("us-east-1").shows("Frankfurt");
    console.keys("<esc>").shows("picks a region").keys("<c-c>").ends().cleanly(0);
}

#[test]
fn a_mistake_in_the_settings_is_shown_where_it_is() {
    let settings = "region = \"us-west-2\"\n[chat]\nscrolback = 100\n";
    let mut session = Start::ivschat(&["--demo"]).file("ivschat/config.toml", settings).run();
    session.shows("lobby-main").shows("config: 1 problem, :config shows it");
    session
        .keys(":config\r")
        .shows("config.toml")
        .shows("line 3: chat.scrolback is not known: did you mean scrollback?");
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
    assert_eq!(output.status.code(), Some(252));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--demo"));
}

#[test]
fn help_fits_into_eighty_columns_and_lists_the_exit_codes() {
    for args in [&["--help"][..], &["chat", "--help"], &["replay", "--help"], &["rules", "test", "--help"]] {
        let text = String::from_utf8(piped(args).stdout).unwrap();
        let widest = text.lines().map(str::len).max().unwrap_or_default();
        assert!(widest <= 80, "{widest}: {text}");
    }
    let text = String::from_utf8(piped(&["--help"]).stdout).unwrap();
    for heading in ["Demo:", "Account:", "Files:", "Terminal:", "Exit codes:"] {
        assert!(text.lines().any(|line| line == heading), "{heading} {text}");
    }
    for (code, meaning) in TABLE {
        assert!(text.contains(&format!("  {code:>3}  {meaning}")), "{text}");
    }
}

#[test]
fn each_reason_to_refuse_has_its_exit_code_and_says_nothing_on_standard_output() {
    let unusable = [("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "x")];
    for (args, code) in [
        (&["--dmeo"][..], 252),
        (&["replay"], 252),
        (&["--demo"], 252),
        (&["rules", "test", "nowhere.jsonl"], 253),
        (&["--config", "nowhere.toml", "rules", "test", "-"], 253),
        (&["journal", "verify", "/nowhere/at/all"], 252),
        (&["simulate", "--world", "nowhere.toml"], 255),
    ] {
        let output = Command::new(PROGRAM).args(args).env_clear().envs(unusable).stdin(Stdio::null()).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {told}");
        assert!(output.stdout.is_empty() && !told.is_empty(), "{args:?}: {told}");
    }
    let settings = Start::ivschat(&["--demo"]).env("IVSCHAT_LOG", "loud").run().ends();
    settings.with_words_only(253);
    assert!(settings.written.contains("IVSCHAT_LOG is \"loud\", must be off, error"), "{}", settings.written);
}
