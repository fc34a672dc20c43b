//! What moderators keep about users: in a file of their own, for their own eyes, from one console to the next.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::service::Service;
use crate::session::{Session, Start};

const FILE: &str = "ivschat/users.jsonl";

/// Watches who wrote a message of the busy room, and notes something about them; returns their short id.
fn keep(console: &mut Session) -> String {
    console.shows(" live  session until").until("to show somebody talking", |screen| screen.contents().contains('#'));
    console.keys("k").shows("|| paused").keys("W").shows("is watched for 15 min");
    let screen = console.screen();
    let before = &screen[..screen.find(" is watched").unwrap()];
    let short = before[before.rfind('#').unwrap()..].to_owned();
    console.keys("<enter>").shows("User in lobby-main").keys("m").shows("Note on ");
    console.keys("asked<enter>").shows(": asked");
    short
}

#[test]
fn a_watch_and_a_note_outlive_the_console() {
    let service = Service::start();
    let mut console = service.console(&["chat", "lobby-main"]).run();
    let short = keep(&mut console);
    console.keys("<c-c>").ends().cleanly(0);
    let path = console.home().join(FILE);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let kept = fs::read_to_string(&path).unwrap();
    assert_eq!(kept.lines().count(), 2, "{kept}");

    let mut next = service.console(&["chat", "lobby-main"]).file(FILE, &kept).run();
    let marked = |screen: &str| screen.lines().any(|row| row.contains(" @") && row.contains(&short));
    next.until("to mark them", |screen| marked(&screen.contents()));
    next.keys("<c-c>").ends().cleanly(0);
}

#[test]
fn a_demo_keeps_it_in_memory_only() {
    let mut console = Start::ivschat(&["--demo", "chat", "lobby-main"]).run();
    keep(&mut console);
    console.keys("<c-c>").ends().cleanly(0);
    assert!(!console.home().join("ivschat").exists());
}
