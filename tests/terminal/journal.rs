//! The journal that the real program writes: intent before outcome, and no secret in it.

use std::fs;
use std::path::Path;

use ivschat::journal::chain;
use ivschat::journal::file::{Journal, Safety};
use ivschat::journal::record::{Act, Body, Intent, Line, Verdict};
use ivschat::journal::verify::verify;
use jiff::Timestamp;

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
    // The event may be here before the answer, and until that has come there is an outcome to lose.
    console.shows("confirmed: ").shows("deleted (you, ").keys("]]]").shows("done (").keys("<c-c>").ends().cleanly(0);
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

/// Another program has said something hostile, and it was deleted.
fn hostile(home: &Path) {
    let act = Act {
        operation: "DeleteMessage".into(),
        target: None,
        user: Some("crypt0".into()),
        reason: None,
        note: None,
        rule: None,
        text: Some("a\u{1b}[2J\u{9b}31mb\u{202e}c\u{2028}d".into()),
        input: serde_json::Value::Null,
    };
    let intent = Intent { id: 1, actor: None, region: "us-west-2".into(), endpoint: "localhost".into(), act };
    let mut journal = Journal::new(home.join("ivschat/journal"), "earlier".into());
    journal.append(Timestamp::now(), Body::Intent(Box::new(intent)), Safety::Handed).unwrap();
}

#[test]
fn an_export_to_a_terminal_moves_nothing_in_it() {
    for format in ["csv", "jsonl", "markdown"] {
        let start = Start::ivschat(&["journal", "export", "--format", format]).size(200, 60);
        hostile(start.home());
        let ended = start.run().ends();
        ended.with_words_only(0);
        assert!(ended.written.contains("crypt0") && ended.written.contains("2J"), "{}", ended.written);
        assert!(!ended.written.contains(['\u{9b}', '\u{202e}', '\u{2028}']), "{:?}", ended.written);
    }
}

#[test]
fn a_journal_is_verified_and_the_exit_code_says_what_was_found() {
    let verify = |change: &dyn Fn(&Path)| {
        let start = Start::ivschat(&["journal", "verify"]).size(200, 60);
        hostile(start.home());
        change(&start.home().join("ivschat/journal"));
        start.run().ends()
    };
    let sound = verify(&|_| {});
    sound.with_words_only(0);
    assert!(sound.written.contains("sound: 1 line in 1 file"), "{}", sound.written);
    let changed = verify(&|folder| {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        for file in files.filter(|file| file.extension().is_some()) {
            let text = fs::read_to_string(&file).unwrap();
            fs::write(&file, text.replace("crypt0", "crypt1")).unwrap();
        }
    });
    changed.with_words_only(1);
    assert!(changed.written.contains(".jsonl, line 1: it was changed"), "{}", changed.written);
    let none = verify(&|folder| fs::remove_dir_all(folder).unwrap());
    none.with_words_only(252);
}
