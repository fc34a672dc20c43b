use std::os::unix::fs::symlink;
use std::thread;

use jiff::{SignedDuration, ToSpan};
use rustix::fs::Mode;
use rustix::process::umask;
use tempfile::TempDir;

use super::*;
use crate::journal::record::{self, Act, End, Ending, Intent, Outcome, Verdict};

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn intent(id: u64) -> Body {
    let act = Act {
        operation: "DeleteMessage".into(),
        target: Some("arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".parse().unwrap()),
        user: Some("nadia".into()),
        reason: Some("spam".into()),
        note: None,
        text: Some("free \u{202e}coins\u{9b}2J\n".into()),
        input: serde_json::json!({"id": "x"}),
    };
    Body::Intent(Box::new(Intent { id, actor: None, region: "us-west-2".into(), endpoint: "localhost".into(), act }))
}

fn outcome(id: u64) -> Body {
    let outcome = Outcome { verdict: Verdict::Done, request_id: None, attempts: 1, latency_ms: 7, made: None };
    Body::Outcome(Box::new(Ending { id, outcome }))
}

fn journal(home: &TempDir, session: &str) -> Journal {
    Journal::new(home.path().join("journal"), session.to_owned())
}

fn folder(home: &TempDir) -> PathBuf {
    home.path().join("journal")
}

/// All files by name, oldest first.
fn files(home: &TempDir) -> Vec<(String, Vec<u8>)> {
    let names = days(&folder(home)).unwrap();
    names.into_iter().map(|name| (name.clone(), fs::read(folder(home).join(name)).unwrap())).collect()
}

fn verify(files: &[(String, Vec<u8>)]) -> Result<usize, chain::Flaw> {
    chain::verify(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
}

fn append(journal: &mut Journal, now: Timestamp, body: Body) {
    journal.append(now, body, Safety::Handed).unwrap();
}

#[test]
fn lines_are_chained_over_days_and_read_back_as_they_were() {
    let home = TempDir::new().unwrap();
    let mut journal = journal(&home, "a");
    append(&mut journal, noon(), intent(1));
    append(&mut journal, noon(), outcome(1));
    append(&mut journal, noon() + 24.hours(), intent(2));
    let files = files(&home);
    assert_eq!(verify(&files), Ok(3));
    assert_eq!(
        files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["2026-11-21.jsonl", "2026-11-22.jsonl"]
    );
    assert!(String::from_utf8(files[0].1.clone()).unwrap().contains(chain::START), "the first line says that it is");
    let lines = load(&folder(&home), 10, "b").unwrap();
    let bodies: Vec<_> = lines.iter().map(|line| line.body.clone()).collect();
    assert_eq!(bodies, [intent(1), outcome(1), intent(2)]);
    assert_eq!(lines.iter().map(|line| line.seq).collect::<Vec<_>>(), [1, 2, 3]);
    let entries = record::entries(lines);
    assert!(entries[0].is_done());
    assert_eq!(entries[1].end, End::Lost, "an intent without an outcome is unknown");
    let newest = load(&folder(&home), 1, "b").unwrap();
    assert_eq!(newest[0].body, intent(2));
    assert_eq!(load(&folder(&home), 10, "a").unwrap(), [], "one's own lines are known already");
}

#[test]
fn a_day_that_is_missing_in_between_is_found() {
    let home = TempDir::new().unwrap();
    let mut journal = journal(&home, "a");
    for day in 0..3 {
        append(&mut journal, noon() + SignedDuration::from_hours(24 * day), intent(1));
    }
    let mut files = files(&home);
    files.remove(1);
    assert_eq!(verify(&files).unwrap_err().file, "2026-11-23.jsonl");
}

#[test]
fn a_clock_that_was_set_back_goes_on_in_the_newest_file() {
    let home = TempDir::new().unwrap();
    let mut journal = journal(&home, "a");
    append(&mut journal, noon(), intent(1));
    append(&mut journal, noon() - 24.hours(), outcome(1));
    let files = files(&home);
    assert_eq!((files.len(), verify(&files)), (1, Ok(2)));
}

#[test]
fn each_changed_byte_is_found() {
    let home = TempDir::new().unwrap();
    let mut journal = journal(&home, "a");
    for body in [intent(1), outcome(1), intent(2)] {
        append(&mut journal, noon(), body);
    }
    let whole = files(&home);
    assert_eq!(verify(&whole), Ok(3));
    for at in 0..whole[0].1.len() {
        for flip in [1, 0x20, 0x80] {
            let mut changed = whole.clone();
            changed[0].1[at] ^= flip;
            assert!(verify(&changed).is_err(), "byte {at}, changed by {flip:#x}");
        }
    }
}

#[test]
fn a_line_that_is_taken_out_or_moved_is_found() {
    let home = TempDir::new().unwrap();
    let mut journal = journal(&home, "a");
    for id in 1..=4 {
        append(&mut journal, noon(), intent(id));
    }
    let whole = String::from_utf8(files(&home)[0].1.clone()).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let name = "day".to_owned();
    let check = |lines: &[&str]| verify(&[(name.clone(), lines.concat().into_bytes())]);
    assert_eq!(check(&lines), Ok(4));
    assert!(check(&[lines[0], lines[2], lines[3]]).is_err());
    assert!(check(&[lines[0], lines[2], lines[1], lines[3]]).is_err());
}

#[test]
fn a_torn_line_is_ended_and_marked_wherever_it_was_cut() {
    let home = TempDir::new().unwrap();
    let mut journal = journal(&home, "a");
    append(&mut journal, noon(), intent(1));
    append(&mut journal, noon(), intent(2));
    let path = folder(&home).join("2026-11-21.jsonl");
    let whole = fs::read(&path).unwrap();
    let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for cut in first + 1..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        assert!(verify(&files(&home)).is_err(), "cut at {cut}: it is cut short until it is repaired");
        append(&mut journal, noon(), outcome(1));
        let repaired = fs::read(&path).unwrap();
        assert_eq!(&repaired[..cut], &whole[..cut], "nothing is taken away");
        assert_eq!(verify(&files(&home)), Ok(4), "cut at {cut}");
        let entries = record::entries(load(&folder(&home), 10, "b").unwrap());
        assert!(entries[0].is_done(), "what came after it is read");
    }
}

#[test]
fn a_torn_end_of_yesterday_is_repaired_before_today_begins() {
    let home = TempDir::new().unwrap();
    let mut journal = journal(&home, "a");
    append(&mut journal, noon(), intent(1));
    let path = folder(&home).join("2026-11-21.jsonl");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    append(&mut journal, noon() + 24.hours(), intent(2));
    assert_eq!(verify(&files(&home)), Ok(3));
}

#[test]
fn a_damaged_line_is_not_taken_for_a_torn_one() {
    let home = TempDir::new().unwrap();
    let mut journal = journal(&home, "a");
    append(&mut journal, noon(), intent(1));
    append(&mut journal, noon(), intent(2));
    let mut files = files(&home);
    files[0].1[0] = b'x';
    assert_eq!(verify(&files).unwrap_err().line, 1);
}

#[test]
fn two_consoles_write_at_once_and_the_chain_holds() {
    let home = TempDir::new().unwrap();
    thread::scope(|scope| {
        for session in ["a", "b"] {
            let mut journal = journal(&home, session);
            scope.spawn(move || {
                for id in 0..100 {
                    append(&mut journal, noon(), intent(id));
                }
            });
        }
    });
    assert_eq!(verify(&files(&home)), Ok(200));
    for session in ["a", "b"] {
        let seqs: Vec<u64> = load(&folder(&home), 1_000, session).unwrap().iter().map(|line| line.seq).collect();
        assert_eq!(seqs, (1..=100).collect::<Vec<_>>(), "each console's lines stand in their order");
    }
}

#[test]
fn a_symbolic_link_is_refused_and_what_it_points_to_stays_as_it_was() {
    for name in ["journal", "journal/2026-11-21.jsonl", "journal/lock"] {
        let home = TempDir::new().unwrap();
        let target = home.path().join("target");
        if name == "journal" {
            fs::create_dir(&target).unwrap();
        } else {
            fs::create_dir(folder(&home)).unwrap();
            fs::write(&target, "mine").unwrap();
        }
        symlink(&target, home.path().join(name)).unwrap();
        journal(&home, "a").append(noon(), intent(1), Safety::Flushed).unwrap_err();
        if target.is_dir() {
            assert_eq!(fs::read_dir(&target).unwrap().count(), 0);
        } else {
            assert_eq!(fs::read_to_string(&target).unwrap(), "mine", "{name}");
        }
    }
}

#[test]
fn only_its_owner_may_read_it_whatever_the_umask() {
    // The umask is the whole process's; other tests here make their files for their owner alone, too.
    let before = umask(Mode::empty());
    let home = TempDir::new().unwrap();
    let written = journal(&home, "a").append(noon(), intent(1), Safety::Flushed);
    umask(before);
    written.unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder(&home)), 0o700);
    assert_eq!(mode(folder(&home).join("2026-11-21.jsonl")), 0o600);
    assert_eq!(mode(folder(&home).join("lock")), 0o600);
}

#[test]
fn what_others_could_read_is_closed_to_them() {
    let home = TempDir::new().unwrap();
    fs::create_dir(folder(&home)).unwrap();
    fs::set_permissions(folder(&home), Permissions::from_mode(0o755)).unwrap();
    let path = folder(&home).join("2026-11-21.jsonl");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    append(&mut journal(&home, "a"), noon(), intent(1));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder(&home)), mode(&path)), (0o700, 0o600));
}

#[test]
fn a_folder_that_can_not_be_made_is_told() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("file"), "").unwrap();
    let mut journal = Journal::new(home.path().join("file").join("journal"), "a".to_owned());
    journal.append(noon(), intent(1), Safety::Handed).unwrap_err();
}

#[test]
fn nothing_in_a_file_moves_the_terminal_that_it_is_looked_at_in() {
    let home = TempDir::new().unwrap();
    append(&mut journal(&home, "a"), noon(), intent(1));
    let text = String::from_utf8(files(&home)[0].1.clone()).unwrap();
    assert!(text.trim_end().chars().all(|c| !c.is_control() && c != '\u{202e}'), "{text:?}");
    assert_eq!(load(&folder(&home), 1, "b").unwrap()[0].body, intent(1), "and it says what it said");
}

#[test]
fn a_journal_that_has_not_begun_is_empty() {
    let home = TempDir::new().unwrap();
    assert_eq!(load(&folder(&home), 10, "a").unwrap(), []);
}

#[test]
fn the_usual_place_is_the_xdg_one_everywhere() {
    let home = |name: &str| (name == "HOME").then(|| "/home/me".to_owned());
    assert_eq!(usual_place(home), Some(PathBuf::from("/home/me/.local/state/ivschat/journal")));
    let relative = |name: &str| (name == "XDG_STATE_HOME").then(|| "state".to_owned());
    assert_eq!(usual_place(relative), None, "a relative one does not count");
}

#[test]
fn a_console_that_holds_the_journal_and_does_not_let_go_is_told_of() {
    let home = TempDir::new().unwrap();
    journal(&home, "a").append(noon(), intent(1), Safety::Handed).unwrap();
    let lock = File::open(folder(&home).join("lock")).unwrap();
    lock.lock().unwrap();
    let error = journal(&home, "b").append(noon(), intent(2), Safety::Handed).unwrap_err();
    assert!(error.to_string().contains("another console holds it"), "{error}");
    lock.unlock().unwrap();
    journal(&home, "b").append(noon(), intent(2), Safety::Handed).unwrap();
}
