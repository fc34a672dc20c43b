use std::os::unix::fs::symlink;
use std::process::{Child, Command, Stdio};
use std::thread;

use jiff::{SignedDuration, ToSpan};
use rustix::fs::Mode;
use rustix::process::umask;
use tempfile::TempDir;

use super::*;
use crate::journal::record::{self, Act, End, Ending, Intent, Outcome, Verdict};
use crate::journal::verify::{self, Flaw, Report, Wrong};

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
        rule: None,
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

fn report(files: &[(String, Vec<u8>)]) -> Report {
    verify::verify(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
}

/// How many lines there are, or the first thing that is wrong.
fn verify(files: &[(String, Vec<u8>)]) -> Result<usize, Flaw> {
    let report = report(files);
    report.flaws.first().map_or(Ok(report.lines), |flaw| Err(flaw.clone()))
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
    assert_eq!(verify(&files).unwrap_err().place.file, "2026-11-23.jsonl");
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
    assert!(check(&[lines[0], lines[1], lines[1], lines[2], lines[3]]).is_err());
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

/// Cuts the file at each byte from `from` on, and appends a line each time.
fn cut_and_append(journal: &mut Journal, path: &Path, from: usize, mut check: impl FnMut(&mut Journal, usize)) {
    let whole = fs::read(path).unwrap();
    for cut in from..whole.len() {
        fs::write(path, &whole[..cut]).unwrap();
        append(journal, noon(), outcome(1));
        check(journal, cut);
    }
}

#[test]
fn a_repair_that_was_cut_short_itself_is_repaired_wherever_it_was_cut() {
    let home = TempDir::new().unwrap();
    let mut journal = journal(&home, "a");
    append(&mut journal, noon(), intent(1));
    append(&mut journal, noon(), intent(2));
    let path = folder(&home).join("2026-11-21.jsonl");
    let whole = fs::read(&path).unwrap();
    let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    // In its first bytes, behind an object in it, and where nothing but its end is missing.
    let inner = String::from_utf8(whole.clone()).unwrap().rfind("\"}").unwrap();
    for torn in [first + 4, inner - 30, whole.len() - 1] {
        fs::write(&path, &whole[..torn]).unwrap();
        append(&mut journal, noon(), outcome(1));
        cut_and_append(&mut journal, &path, torn, |journal, cut| {
            verify(&files(&home)).unwrap_or_else(|flaw| panic!("torn at {torn}, cut at {cut}: {flaw}"));
            if torn == first + 4 && cut == torn + 9 {
                cut_and_append(journal, &path, cut, |_, again| {
                    verify(&files(&home)).unwrap_or_else(|flaw| panic!("at {torn}, {cut} and {again}: {flaw}"));
                });
            }
        });
    }
}

#[test]
fn each_changed_byte_is_found_before_and_in_and_behind_what_was_repaired() {
    let home = TempDir::new().unwrap();
    let mut journal = journal(&home, "a");
    append(&mut journal, noon(), intent(1));
    let path = folder(&home).join("2026-11-21.jsonl");
    let mut torn = fs::read(&path).unwrap();
    torn.extend(b"{\"time\":\"2026\n{\"ti");
    fs::write(&path, &torn).unwrap();
    append(&mut journal, noon(), outcome(1));
    let repaired = files(&home);
    assert_eq!(verify(&repaired), Ok(5));
    for at in 0..repaired[0].1.len() {
        for flip in [1, 0x20, 0x80] {
            let mut changed = repaired.clone();
            changed[0].1[at] ^= flip;
            assert!(verify(&changed).is_err(), "byte {at}, changed by {flip:#x}");
        }
    }
}

#[test]
fn a_change_to_the_last_line_is_not_repaired_away() {
    let home = TempDir::new().unwrap();
    let mut journal = journal(&home, "a");
    append(&mut journal, noon(), intent(1));
    append(&mut journal, noon(), intent(2));
    let path = folder(&home).join("2026-11-21.jsonl");
    let changed = fs::read_to_string(&path).unwrap().replacen("\"id\":2", "\"id\":3", 1);
    fs::write(&path, changed).unwrap();
    append(&mut journal, noon(), outcome(1));
    assert_eq!(verify(&files(&home)).unwrap_err().place.line, 2);
}

/// A journal of two lines, a third that was cut short with its repair, and the line behind that.
fn repaired(home: &TempDir) -> Vec<(String, Vec<u8>)> {
    let mut journal = journal(home, "a");
    append(&mut journal, noon(), intent(1));
    append(&mut journal, noon(), intent(2));
    let path = folder(home).join("2026-11-21.jsonl");
    let mut torn = fs::read(&path).unwrap();
    torn.extend(b"{\"time\":\"2026");
    fs::write(&path, &torn).unwrap();
    append(&mut journal, noon(), outcome(1));
    files(home)
}

#[test]
fn what_was_repaired_is_told_and_is_no_flaw() {
    let home = TempDir::new().unwrap();
    let report = report(&repaired(&home));
    assert_eq!((report.lines, report.flaws.as_slice(), report.from_the_beginning), (5, [].as_slice(), true));
    assert_eq!(report.repaired.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2026-11-21.jsonl, line 3"]);
}

#[test]
fn each_line_that_is_taken_out_is_found_around_a_repair_too() {
    let home = TempDir::new().unwrap();
    let whole = repaired(&home);
    let text = String::from_utf8(whole[0].1.clone()).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    // Without its first line a journal goes on from one that is gone, without its last it is one that ended earlier.
    for out in 1..lines.len() - 1 {
        let left: String = lines.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, line)| *line).collect();
        let report = report(&[(whole[0].0.clone(), left.into_bytes())]);
        assert_eq!(report.flaws.len(), 1, "line {out} taken out: {report:?}");
    }
}

#[test]
fn a_repair_of_the_first_kind_which_named_what_was_cut_short_in_place_of_the_line_before_is_still_one() {
    let line = |seq, body| Line { time: noon(), session: "a".into(), seq, body };
    let first = chain::write(&line(1, intent(1)), chain::START);
    let torn = "{\"time\":\"20";
    let repair = chain::write(&line(2, Body::Repair { torn: None }), &chain::hash(torn.as_bytes()));
    let last = chain::write(&line(3, intent(2)), &chain::hash(repair.trim_end().as_bytes()));
    let text = format!("{first}{torn}\n{repair}{last}");
    let report = report(&[("day".to_owned(), text.into_bytes())]);
    assert_eq!((report.flaws.as_slice(), report.repaired.len()), ([].as_slice(), 1));
}

#[test]
fn all_that_is_wrong_is_told_with_its_place_and_nothing_twice() {
    let home = TempDir::new().unwrap();
    let mut journal = journal(&home, "a");
    for id in 1..=8 {
        append(&mut journal, noon(), intent(id));
    }
    let text = String::from_utf8(files(&home)[0].1.clone()).unwrap();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    lines[1] = lines[1].replace("nadia", "nadja");
    lines.remove(4);
    lines[5].truncate(30);
    lines[5].push('\n');
    let last = lines.last_mut().unwrap();
    last.truncate(40);
    let found = report(&[("day".to_owned(), lines.concat().into_bytes())]).flaws;
    let found: Vec<_> = found.into_iter().map(|flaw| (flaw.place.line, flaw.wrong)).collect();
    assert_eq!(found, [(2, Wrong::Changed), (5, Wrong::Astray), (6, Wrong::CutShort)]);
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
    assert_eq!(verify(&files).unwrap_err().place.line, 1);
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
    let mut other = Journal { patience: Duration::ZERO, ..journal(&home, "b") };
    let error = other.append(noon(), intent(2), Safety::Handed).unwrap_err();
    assert!(error.to_string().contains("another console holds it"), "{error}");
    lock.unlock().unwrap();
    assert_eq!(verify(&files(&home)), Ok(1), "nothing was written meanwhile");
    append(&mut other, noon(), intent(2));
}

/// Tells a test that it is the process inside.
const INSIDE: &str = "IVSCHAT_TEST_INSIDE";

/// Runs `test` of this file once more, as a process of its own that writes into this journal.
fn another_process(test: &str, home: &TempDir) -> Child {
    let mut inside = Command::new(std::env::current_exe().unwrap());
    inside.args(["--exact", &format!("journal::file::tests::{test}")]);
    inside.env(INSIDE, home.path()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// The journal that the process inside writes into, if this is one.
fn inside() -> Option<PathBuf> {
    std::env::var_os(INSIDE).map(|home| PathBuf::from(home).join("journal"))
}

#[test]
fn a_console_that_is_killed_loses_one_line_at_most_and_the_next_one_repairs_it() {
    if let Some(folder) = inside() {
        let mut journal = Journal::new(folder, "killed".into());
        for id in 1.. {
            append(&mut journal, noon(), intent(id));
        }
    }
    let home = TempDir::new().unwrap();
    let mut next = journal(&home, "next");
    for round in 1..=5 {
        let mut killed =
            another_process("a_console_that_is_killed_loses_one_line_at_most_and_the_next_one_repairs_it", &home);
        let path = folder(&home).join("2026-11-21.jsonl");
        let length = || fs::metadata(&path).map_or(0, |found| found.len());
        let before = length();
        while length() < before + 20_000 {
            thread::sleep(Duration::from_millis(1));
            assert!(killed.try_wait().unwrap().is_none(), "it ended by itself");
        }
        killed.kill().unwrap();
        killed.wait().unwrap();
        let flaws = report(&files(&home)).flaws;
        assert!(flaws.iter().all(|flaw| flaw.wrong == Wrong::CutShort), "{flaws:?}");
        // Its lock went with it.
        append(&mut next, noon(), outcome(round));
        let report = report(&files(&home));
        assert!(report.flaws.is_empty() && report.repaired.len() <= usize::try_from(round).unwrap(), "{report:?}");
    }
}

#[test]
fn two_processes_write_at_once_and_the_chain_holds() {
    if let Some(folder) = inside() {
        let mut journal = Journal::new(folder, std::process::id().to_string());
        for id in 1..=100 {
            append(&mut journal, noon(), intent(id));
        }
        return;
    }
    let home = TempDir::new().unwrap();
    let both = [(); 2].map(|()| another_process("two_processes_write_at_once_and_the_chain_holds", &home));
    for mut process in both {
        assert!(process.wait().unwrap().success());
    }
    assert_eq!(verify(&files(&home)), Ok(200));
}

#[test]
fn files_are_appended_to_whoever_else_writes() {
    let home = TempDir::new().unwrap();
    append(&mut journal(&home, "a"), noon(), intent(1));
    let file = open(&folder(&home).join("2026-11-21.jsonl")).unwrap();
    let flags = rustix::fs::fcntl_getfl(&file).unwrap();
    assert!(flags.contains(OFlags::APPEND), "{flags:?}");
}
