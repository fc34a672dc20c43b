//! The log: what happened is in it, and no secret at any level.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::service::Service;
use crate::session::{Session, Start};

/// What would be found if it were written anywhere.
const CANARY: &str = "CANARYsessiontoken0123456789abcdefghijklmnopqrstuvwxyz";

fn talking(console: &mut Session) {
    console.shows(" live  session until").until("to show somebody talking", |screen| screen.contents().contains('#'));
}

/// Chat tokens of the simulator are 160 letters, digits and signs; nothing else in a log is as long.
fn longest_word(log: &str) -> &str {
    let words = log.split(|c: char| !(c.is_ascii_alphanumeric() || "#!-_.+/=".contains(c)));
    words.max_by_key(|word| word.len()).unwrap_or_default()
}

#[test]
fn requests_and_connections_are_in_it_for_its_owner_alone() {
    let service = Service::failing(&["ListTagsForResource=deny"]);
    let mut console = service.console(&["chat", "lobby-main"]).run();
    talking(&mut console);
    service.drop_connections();
    console.logs("connection=2").keys("<c-c>").ends().cleanly(0);
    let log = console.log();
    let line = |words: &[&str]| log.lines().any(|line| words.iter().all(|word| line.contains(word)));
    for words in [
        &["INFO", "started", "version=", "process="][..],
        &["INFO", "answered", "operation=\"ListRooms\"", "status=200", "ms=", "attempts=1", "request=\""],
        &["WARN", "not answered", "operation=\"ListTagsForResource\"", "AccessDenied", "request=\""],
        &["INFO", " connected", "connection=1"],
        &["INFO", " connected", "connection=2"],
        &["WARN", "disconnected", "connection=1", "why="],
        &["INFO", "closed", "connection=2"],
        &["INFO", "opened", "width=80"],
        &["INFO", "left"],
        &["INFO", "ended"],
    ] {
        assert!(line(words), "{words:?} is not in\n{log}");
    }
    assert!(!log.contains(" DEBUG ") && !log.contains(" TRACE "), "{log}");
    let folder = console.home().join("ivschat/log");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert!(fs::read_dir(&folder).unwrap().all(|file| mode(&file.unwrap().path()) == 0o600));
}

#[test]
fn no_secret_is_in_it_however_much_is_asked_for() {
    let service = Service::failing(&["GetRoom=deny", "DeleteMessage=deny"]);
    let mut console = service.console(&["chat", "lobby-main"]).env("IVSCHAT_LOG", "trace").run();
    talking(&mut console);
    console.keys("k").shows("|| paused").keys("d").shows("[not deleted").keys("<esc>");
    console.keys(":token<enter>").shows("Issue a chat token").keys("<esc>");
    service.fail("Connect=status:403");
    service.drop_connections();
    console.logs("handshake refused").keys("<c-c>").ends().cleanly(0);
    let log = console.log();
    assert!(log.contains(" TRACE "), "it is written at that level: {log}");
    assert!(!log.contains(service.secret()), "{log}");
    assert!(longest_word(&log).len() < 100, "{}", longest_word(&log));
    assert!(!log.to_lowercase().contains("sec-websocket-protocol"), "{log}");
}

#[test]
fn no_credential_that_is_refused_is_in_it() {
    let service = Service::start();
    for token in ["", CANARY] {
        let start = service.console_as(&[], service.access_key_id(), "a-secret-that-is-nobody-s/0123456789abcd");
        let start = start.env("AWS_SESSION_TOKEN", token).args(&["--log-level", "trace"]);
        let mut console = start.size(140, 40).run();
        console.shows("ListRooms, sent once: 403").keys("<c-c>").ends().cleanly(0);
        let log = console.log();
        assert!(log.contains("not answered") && !log.contains("CANARY") && !log.contains("nobody-s"), "{log}");
    }
}

#[test]
fn levels_are_asked_for_by_flag_environment_and_file_in_this_order() {
    let service = Service::start();
    let file = "log_level = \"off\"\n";
    let run = |args: &[&str], level: Option<&str>| {
        let start = service.console(args).file("ivschat/config.toml", file);
        let mut console = level
            .map_or_else(
                || service.console(args).file("ivschat/config.toml", file),
                |level| start.env("IVSCHAT_LOG", level),
            )
            .run();
        console.shows("lobby-main").keys("<c-c>").ends().cleanly(0);
        console.home().join("ivschat/log").exists().then(|| console.log())
    };
    assert_eq!(run(&[], None), None, "the file says off");
    assert!(run(&[], Some("info")).is_some_and(|log| log.contains("ListRooms")));
    assert!(run(&["--log-level", "error"], Some("info")).is_some_and(|log| !log.contains("ListRooms")));
}

#[test]
fn a_demo_writes_none_unless_asked_to() {
    let mut console = Start::ivschat(&["--demo"]).run();
    console.shows("lobby-main").keys("q").ends().cleanly(0);
    assert!(!console.home().join("ivschat").exists());
    let mut console = Start::ivschat(&["--demo", "--log-level", "info"]).run();
    console.shows("lobby-main").keys("q").ends().cleanly(0);
    assert!(console.log().contains("ListRooms"));
}

#[test]
fn where_none_can_be_written_the_console_is_as_good_and_says_so_in_the_end() {
    let service = Service::start();
    let mut console = service.console(&[]).file("ivschat/log", "a file in its place").size(140, 40).run();
    console.shows("lobby-main").keys("q");
    let ended = console.ends();
    ended.restored();
    assert_eq!(ended.code, 0);
    assert!(ended.screen.trim().starts_with("ivschat: there is no log: ") && ended.screen.lines().count() <= 2);
}
