//! The journal that the real program writes: intent before outcome, and no secret in it.

use std::fs;

use ivschat::journal::chain;
use ivschat::journal::record::{Body, Line, Verdict};
use ivschat::journal::verify::verify;

use crate::service::Service;
use crate::session::{Session, Start};

/// Selects a message of the busy room and deletes it.
fn delete(console: &mut Session) {
    console.shows(" live  session until").until("to show somebody talking", |screen| screen.contents().contains('#'));
    console.keys("k").shows("|| paused").keys("d");
}

/// The files of the journal in the usual place, oldest first.
fn files(console: &Session) -> Vec<(String, Vec<u8>)> {
    let folder = console.home().join("ivschat/journal");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_name() != "lock")
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

fn lines(files: &[(String, Vec<u8>)]) -> Vec<Line> {
    let lines = files.iter().flat_map(|(_, bytes)| bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()));
    lines.map(|line| chain::read(line).unwrap()).collect()
}

#[test]
fn a_deletion_is_written_before_it_is_sent_and_its_outcome_after_and_no_secret_with_it() {
    let service = Service::start();
    let mut console = service.console(&["chat", "lobby-main"]).run();
    delete(&mut console);
    console.shows("confirmed: ").shows("deleted (you, ").keys("<c-c>").ends().cleanly(0);
    let files = files(&console);
    let report = verify(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    assert_eq!((report.lines, report.flaws), (2, vec![]));
    let lines = lines(&files);
    let [Line { body: Body::Intent(intent), .. }, Line { body: Body::Outcome(ending), .. }] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    assert_eq!(
        (intent.id, intent.act.operation.as_str(), intent.region.as_str()),
        (ending.id, "DeleteMessage", "us-west-2")
    );
    assert_eq!(intent.act.reason.as_deref(), Some("Removed by a moderator"));
    assert!(intent.act.user.is_some() && intent.act.text.is_some() && intent.act.target.is_some());
    assert_eq!((&ending.outcome.verdict, ending.outcome.attempts), (&Verdict::Done, 1));
    assert!(ending.outcome.request_id.is_some());
    let text: String = files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect();
    assert!(!text.contains(service.secret()), "the secret key is in the journal");
    assert!(!text.contains(service.access_key_id()), "the access key is in the journal");
    // Watching the room took a token: neither it nor its request is a change.
    assert!(!text.to_lowercase().contains("token"), "{text}");
}

#[test]
fn a_journal_that_can_not_be_written_stops_the_deletion() {
    let service = Service::start();
    let mut console = service.console(&["chat", "lobby-main"]).file("ivschat/journal", "in the way").run();
    delete(&mut console);
    console.shows("Not sent, because the journal").keys("<c-c>").ends().cleanly(0);
    assert!(!console.screen().contains("deleted (you"));
}

#[test]
fn an_outcome_that_never_came_is_unknown_at_the_next_start() {
    let service = Service::failing(&["DeleteMessage=hang"]);
    let mut console = service.console(&["chat", "lobby-main"]).run();
    delete(&mut console);
    console.shows("[deleting]");
    console.keys("<c-c>").shows("y leave").keys("y").ends().cleanly(0);
    let lines = lines(&files(&console));
    assert!(matches!(lines.as_slice(), [Line { body: Body::Intent(_), .. }]), "{lines:?}");
    let folder = console.home().join("ivschat/journal");
    let mut next = service.console(&["chat", "lobby-main", "--journal-dir", folder.to_str().unwrap()]).run();
    next.shows(" live  session until").keys("[").shows("delete a message of ").shows("unknown: the console ended");
    next.keys("<c-c>").ends().cleanly(0);
}

#[test]
fn a_demo_writes_no_journal() {
    let mut console = Start::ivschat(&["--demo", "chat", "lobby-main"]).run();
    delete(&mut console);
    console.shows("confirmed: ").keys("[").shows("done (").keys("<c-c>").ends().cleanly(0);
    assert!(!console.home().join("ivschat").exists());
}
