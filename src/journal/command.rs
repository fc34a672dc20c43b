//! `ivschat journal`: whether the journal is as it was written, and the journal for other programs.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};

use crate::exit::Exit;

use super::export::{self, Filter, Format};
use super::record::{self, Line};
use super::verify::{Report, Walk};
use super::{chain, file};

/// What is done with the journal.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum Command {
    /// Find changed, missing, re-ordered and torn lines. Exit code 0: it is sound; 1: it is not; 252: it can't be told
    Verify(What),
    /// Write changes with their outcomes for other programs, or for people
    Export(Export),
}

/// Which journal.
#[derive(Debug, Clone, clap::Args)]
pub struct What {
    /// A journal's folder, or some of its files [default: the usual folder]
    #[arg(value_name = "FOLDER|FILE")]
    pub paths: Vec<PathBuf>,
}

/// What is exported, and where to.
#[expect(clippy::doc_markdown, reason = "what clap shows in the terminal is plain text")]
#[derive(Debug, Clone, clap::Args)]
pub struct Export {
    /// How it is written
    #[arg(long)]
    pub format: Format,
    /// Only what was asked for since then: a day (UTC), a time such as 2026-11-21T12:00Z, or so long ago, such as 7d or 90m
    #[arg(long, value_name = "WHEN", value_parser = When::parse)]
    pub since: Option<When>,
    /// Only what was asked for until then; a day is meant with its end
    #[arg(long, value_name = "WHEN", value_parser = When::parse)]
    pub until: Option<When>,
    /// Only what is about the user with this id
    #[arg(long, value_name = "USER_ID")]
    pub user: Option<String>,
    /// Only what was done in this room, or to this resource: its ARN or id
    #[arg(long, value_name = "ARN|ID")]
    pub room: Option<String>,
    /// Only this operation, such as DeleteMessage
    #[arg(long, value_name = "OPERATION")]
    pub operation: Option<String>,
    /// Write there instead of to standard output, for yourself alone; a file that exists is left as it is
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Which journal
    #[command(flatten)]
    pub what: What,
}

/// A point in time, as people say it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When {
    /// That very moment.
    At(Timestamp),
    /// All of this day, UTC.
    On(Date),
    /// So long ago.
    Ago(SignedDuration),
}

impl When {
    fn parse(text: &str) -> Result<Self, String> {
        if let Ok(day) = text.parse() {
            // A day in front of a time is a date to jiff, too.
            if text.len() == "2026-11-21".len() {
                return Ok(Self::On(day));
            }
        }
        if let Ok(time) = text.parse() {
            return Ok(Self::At(time));
        }
        let span = text.parse::<Span>().ok().filter(|span| span.is_positive());
        let ago = span.and_then(|span| span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok());
        ago.map(Self::Ago).ok_or_else(|| {
            "it is neither a day (2026-11-21), nor a time (2026-11-21T12:00Z), nor a while ago (7d, 90m)".to_owned()
        })
    }

    /// Where it begins.
    fn start(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::At(time) => Some(time),
            Self::On(day) => Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp()),
            Self::Ago(while_) => now.checked_sub(while_).ok(),
        }
    }

    /// Where it is over.
    fn end(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::On(day) => Self::On(day.checked_add(1.day()).ok()?).start(now),
            Self::At(_) | Self::Ago(_) => self.start(now),
        }
    }
}

/// Where the words go, and what makes a text from outside safe to be shown.
pub struct Surroundings<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Whether that is a terminal.
    pub is_terminal: bool,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// Makes a text safe to be shown.
    pub show: &'a dyn Fn(&str) -> String,
    /// The usual folder, if it is known.
    pub usual: Option<PathBuf>,
    /// What time it is.
    pub now: Timestamp,
}

/// Why nothing came of it, and how that is told to whoever asked.
type Failure = (Exit, String);

/// Does it, and returns how it ended.
pub fn run(command: &Command, around: &mut Surroundings<'_>) -> Exit {
    let done = match command {
        Command::Verify(what) => verify(what, around),
        Command::Export(what) => export(what, around).map(|()| Exit::Done),
    };
    done.unwrap_or_else(|(code, why)| {
        let _ = writeln!(around.err, "ivschat: {}", (around.show)(&why));
        code
    })
}

/// Files of a journal that follow each other, oldest first.
type Run = Vec<PathBuf>;

fn verify(what: &What, around: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let runs = runs(&what.paths, around.usual.as_deref())?;
    let mut walk = Walk::default();
    for run in &runs {
        walk.skip();
        for (index, path) in run.iter().enumerate() {
            let is_last = index + 1 == run.len();
            let bytes = if is_last { read_locked(path) } else { read(path) }?;
            walk.file(&path.display().to_string(), &bytes, is_last);
        }
    }
    tell(&walk.report, around).map_err(|error| (Exit::Failed, error.to_string()))?;
    Ok(if walk.report.flaws.is_empty() { Exit::Done } else { Exit::Partly })
}

fn tell(report: &Report, around: &mut Surroundings<'_>) -> io::Result<()> {
    let show = around.show;
    for place in &report.repaired {
        let line = format!("{place}: it was cut short, and is repaired: a console was killed, or the disk was full");
        writeln!(around.out, "{}", show(&line))?;
    }
    for flaw in &report.flaws {
        writeln!(around.out, "{}", show(&flaw.to_string()))?;
    }
    let lines = if report.lines == 1 { "1 line".to_owned() } else { format!("{} lines", report.lines) };
    let files = if report.files == 1 { "1 file".to_owned() } else { format!("{} files", report.files) };
    let from = if report.from_the_beginning { "" } else { "; what came before is not here" };
    match report.flaws.len() {
        0 => writeln!(around.out, "sound: {lines} in {files}{from}"),
        1 => writeln!(around.out, "not sound: 1 thing is wrong, {lines} in {files}{from}"),
        wrong => writeln!(around.out, "not sound: {wrong} things are wrong, {lines} in {files}{from}"),
    }
}

fn export(what: &Export, around: &mut Surroundings<'_>) -> Result<(), Failure> {
    let moment = |name: &str| (Exit::Usage, format!("--{name} is further away than any calendar reaches"));
    let since = what.since.map(|when| when.start(around.now).ok_or_else(|| moment("since"))).transpose()?;
    let until = what.until.map(|when| when.end(around.now).ok_or_else(|| moment("until"))).transpose()?;
    let filter =
        Filter { since, until, user: what.user.clone(), room: what.room.clone(), operation: what.operation.clone() };
    let (lines, unread) = lines(&what.what.paths, since, around.usual.as_deref())?;
    let mut changes = record::wholes(lines);
    changes.retain(|change| filter.takes(change));
    // Several consoles write, and files may be given in any order.
    changes.sort_by_key(|change| change.time);
    let to_terminal = what.output.is_none() && around.is_terminal;
    let text = export::export(&changes, what.format, to_terminal, around.show);
    match &what.output {
        Some(path) => create(path, &text).map_err(|error| (Exit::Failed, format!("{}: {error}", path.display())))?,
        None => match around.out.write_all(text.as_bytes()).and_then(|()| around.out.flush()) {
            // Whoever reads has had enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            other => other.map_err(|error| (Exit::Failed, error.to_string()))?,
        },
    }
    // A filter that was mistyped looks like a quiet week otherwise.
    if changes.is_empty() {
        let _ = writeln!(around.err, "ivschat: no change in the journal is like that");
    }
    if unread > 0 {
        let _ = writeln!(
            around.err,
            "ivschat: lines that can't be read are left out ({unread}); try `ivschat journal verify`"
        );
    }
    Ok(())
}

/// The lines of a journal, and how many can't be read.
fn lines(paths: &[PathBuf], since: Option<Timestamp>, usual: Option<&Path>) -> Result<(Vec<Line>, usize), Failure> {
    let first = since.map(|since| since.strftime("%Y-%m-%d").to_string());
    let (mut lines, mut unread) = (Vec::new(), 0);
    for path in runs(paths, usual)?.into_iter().flatten() {
        // The lines of a file are of its day or, if the clock was set back, of an earlier one.
        let day = path.file_stem().filter(|_| is_day(&path)).and_then(|day| day.to_str());
        if day.is_some_and(|day| first.as_deref().is_some_and(|first| day < first)) {
            continue;
        }
        for line in read(&path)?.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match chain::read(line) {
                Some(line) => lines.push(line),
                None => unread += 1,
            }
        }
    }
    Ok((lines, unread))
}

/// A new file for its owner alone.
fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

/// The files that are meant: those of a folder follow each other, and those that are given one by one if none is between
/// them where they lie.
fn runs(paths: &[PathBuf], usual: Option<&Path>) -> Result<Vec<Run>, Failure> {
    if paths.is_empty() {
        let usual = usual.ok_or_else(|| (Exit::Usage, NO_PLACE.to_owned()))?;
        return Ok(vec![folder(usual)?]);
    }
    let (mut runs, mut single) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_dir() { runs.push(folder(path)?) } else { single.push(path.clone()) }
    }
    single.sort();
    single.dedup();
    let mut run = Run::new();
    for path in single {
        if run.last().is_some_and(|before| !follows(before, &path)) {
            runs.push(std::mem::take(&mut run));
        }
        run.push(path);
    }
    if !run.is_empty() {
        runs.push(run);
    }
    Ok(runs)
}

const NO_PLACE: &str = "which journal? Name its folder, or set HOME or XDG_STATE_HOME";

fn folder(folder: &Path) -> Result<Run, Failure> {
    let days = file::days(folder).map_err(|error| (Exit::Usage, format!("{}: {error}", folder.display())))?;
    if days.is_empty() {
        return Err((Exit::Usage, format!("{}: there is no journal in it", folder.display())));
    }
    Ok(days.into_iter().map(|day| folder.join(day)).collect())
}

/// Whether this file is the next one behind that.
fn follows(before: &Path, path: &Path) -> bool {
    if before.parent() != path.parent() || !is_day(before) || !is_day(path) {
        return false;
    }
    let place = path.parent().filter(|place| !place.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let days = file::days(place).unwrap_or_default();
    let at = |path: &Path| days.iter().position(|day| path.file_name().is_some_and(|name| *name == **day));
    at(before).is_some_and(|before| at(path) == Some(before + 1))
}

fn is_day(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(file::is_day)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let mut open = || File::open(path)?.read_to_end(&mut bytes);
    open().map_err(|error| (Exit::Usage, format!("{}: {error}", path.display())))?;
    Ok(bytes)
}

/// Reads the file that consoles write into, while none does: no longer than that, as a deletion waits for it. Where the lock
/// can't be had the journal is a copy, or its console hangs.
fn read_locked(path: &Path) -> Result<Vec<u8>, Failure> {
    let _lock = path.parent().and_then(lock);
    read(path)
}

/// Keeps consoles from writing while this is held, if they let go in time.
fn lock(folder: &Path) -> Option<File> {
    let lock = File::open(folder.join(file::LOCK)).ok()?;
    let taken = file::within(Duration::from_secs(2), || match lock.try_lock_shared() {
        Ok(()) => Ok(Some(())),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error),
    });
    taken.ok().flatten().map(|()| lock)
}

#[cfg(test)]
mod tests;
