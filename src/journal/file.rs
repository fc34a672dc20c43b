//! The journal on the disk: one file a day, for its owner only, appended to under a lock and never rewritten.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustix::fs::OFlags;

use super::chain::{self, End};
use super::record::{Body, Line};

/// Bytes at the end of the journal that are read back: about 8,000 lines.
const TAIL: u64 = 8 * 1024 * 1024;

/// The name of the file that whoever writes has locked.
pub(super) const LOCK: &str = "lock";

/// What the names of the files end with.
const EXTENSION: &str = ".jsonl";

/// How long a journal that another console holds is waited for. It is held for one line, and longer only by a console that
/// was stopped in the middle of it, or whose disk hangs.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// A journal that one console writes into. Others may write into it at the same time.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    session: String,
    written: u64,
    /// How long another console is waited for.
    pub patience: Duration,
}

/// Whether a line must be on the disk before anything else happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// The system writes it when it likes: it outlives the console, not the machine.
    Handed,
    /// It is on the disk.
    Flushed,
}

/// `$XDG_STATE_HOME/ivschat/journal`, or `~/.local/state/ivschat/journal`; none if there is no home.
pub fn usual_place(variable: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let given = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = given("XDG_STATE_HOME").or_else(|| Some(given("HOME")?.join(".local/state")))?;
    Some(base.join("ivschat").join("journal"))
}

impl Journal {
    /// The journal in `folder`, as the console `session` writes it. Nothing is touched before the first line.
    pub fn new(folder: PathBuf, session: String) -> Self {
        Self { folder, session, written: 0, patience: PATIENCE }
    }

    /// Appends a line. A line before it that was cut short is ended and marked first.
    ///
    /// # Errors
    /// If it can't be written, or not for its owner alone: a symbolic link in place of the folder or a file is refused. If
    /// another console keeps the lock.
    pub fn append(&mut self, now: Timestamp, body: Body, safety: Safety) -> io::Result<()> {
        make_folder(&self.folder)?;
        // One lock for all days, or a line of yesterday's could come behind the first of today's that follows it.
        let lock = open(&self.folder.join(LOCK))?;
        wait_for(&lock, self.patience)?;
        let mut days = days(&self.folder)?;
        let today = format!("{}{EXTENSION}", now.strftime("%Y-%m-%d"));
        // A clock that was set back goes on in the newest file: the chain runs on from file to file.
        if days.last().is_none_or(|newest| *newest < today) {
            days.push(today);
        }
        let (mut file, prev) = self.end(now, &days)?;
        let line = self.next_line(now, body);
        append(&mut file, &chain::write(&line, &prev))?;
        match safety {
            Safety::Handed => Ok(()),
            // The folder too: a new file is only there when its name is.
            Safety::Flushed => file.sync_all().and_then(|()| File::open(&self.folder)?.sync_all()),
        }
    }

    fn next_line(&mut self, time: Timestamp, body: Body) -> Line {
        self.written += 1;
        Line { time, session: self.session.clone(), seq: self.written, body }
    }

    /// The newest of these files, and the hash that its next line holds: of its last line, or of that of a file before.
    /// What was cut short behind that is ended first, and said so in a line of its own.
    fn end(&mut self, now: Timestamp, days: &[String]) -> io::Result<(File, String)> {
        let (newest, earlier) = days.split_last().ok_or(io::ErrorKind::NotFound)?;
        let mut file = open(&self.folder.join(newest))?;
        let last = last_lines(&mut file)?;
        let prev = match &last.line {
            Some(line) => chain::hash(line),
            None if earlier.is_empty() => chain::START.to_owned(),
            None => self.end(now, earlier)?.1,
        };
        if last.is_whole() {
            return Ok((file, prev));
        }
        let torn = if last.torn.is_empty() { None } else { Some(chain::hash(&last.torn)) };
        let line = self.next_line(now, Body::Repair { torn });
        let mark = chain::write(&line, &prev);
        let end = if last.ended { "" } else { "\n" };
        append(&mut file, &format!("{end}{mark}"))?;
        Ok((file, chain::hash(mark.trim_end().as_bytes())))
    }
}

/// The newest lines of a journal, at most `limit`, oldest first; of `session` none. A line that can't be read is left out.
/// A journal that has not begun has no lines.
///
/// # Errors
/// If a file can't be read.
pub fn load(folder: &Path, limit: usize, session: &str) -> io::Result<Vec<Line>> {
    let days = match days(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let (mut lines, mut left) = (Vec::new(), TAIL);
    for day in days.iter().rev() {
        let mut file = OpenOptions::new().read(true).custom_flags(no_links()).open(folder.join(day))?;
        let (bytes, from_start) = tail(&mut file, left)?;
        left = left.saturating_sub(bytes.len() as u64);
        // What the cap cuts through is no line.
        let whole = bytes.split(|byte| *byte == b'\n').skip(usize::from(!from_start));
        let mut found: Vec<Line> = whole.filter_map(chain::read).filter(|line| line.session != session).collect();
        found.reverse();
        lines.append(&mut found);
        if left == 0 || lines.len() >= limit {
            break;
        }
    }
    lines.truncate(limit);
    lines.reverse();
    Ok(lines)
}

/// The names of a journal's files, oldest first.
///
/// # Errors
/// If the folder can't be read.
pub fn days(folder: &Path) -> io::Result<Vec<String>> {
    let mut days = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if is_day(&name) {
            days.push(name);
        }
    }
    days.sort();
    Ok(days)
}

/// Whether a file of this name is one of a journal's.
pub(super) fn is_day(name: &str) -> bool {
    let is_day = |day: &str| day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    name.strip_suffix(EXTENSION).is_some_and(is_day)
}

/// Makes a folder, for its owner only whatever the umask.
///
/// # Errors
/// If it can't be made, or is a symbolic link.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let found = fs::symlink_metadata(folder)?;
    if !found.is_dir() {
        return Err(io::Error::other(format!("{} is a symbolic link, which is not followed", folder.display())));
    }
    private(found.permissions().mode(), 0o700, |mode| fs::set_permissions(folder, mode))
}

/// A file to append to, for its owner only whatever the umask.
///
/// # Errors
/// If it can't be opened, or is no file: a symbolic link is refused.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options.read(true).append(true).create(true).mode(0o600).custom_flags(no_links()).open(path);
    let file = file.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other(format!("{} is not a file", path.display())));
    }
    private(found.permissions().mode(), 0o600, |mode| file.set_permissions(mode))?;
    Ok(file)
}

fn private(mode: u32, wanted: u32, set: impl FnOnce(Permissions) -> io::Result<()>) -> io::Result<()> {
    if mode & 0o777 == wanted { Ok(()) } else { set(Permissions::from_mode(wanted)) }
}

fn no_links() -> i32 {
    OFlags::NOFOLLOW.bits().cast_signed()
}

/// How often it is looked whether the journal is free.
const LOOK: Duration = Duration::from_millis(5);

/// What `attempt` gives, as soon as it gives something within `limit`; it is asked at least once. Blocks its thread.
///
/// # Errors
/// What `attempt` fails with.
pub fn within<T>(limit: Duration, mut attempt: impl FnMut() -> io::Result<Option<T>>) -> io::Result<Option<T>> {
    let start = Instant::now();
    loop {
        let got = attempt()?;
        if got.is_some() || start.elapsed() >= limit {
            return Ok(got);
        }
        thread::sleep(LOOK);
    }
}

/// Takes the lock, if it is free within `limit`.
fn wait_for(lock: &File, limit: Duration) -> io::Result<()> {
    let taken = within(limit, || match lock.try_lock() {
        Ok(()) => Ok(Some(())),
        Err(TryLockError::Error(error)) => Err(error),
        Err(TryLockError::WouldBlock) => Ok(None),
    })?;
    let held = || io::Error::new(io::ErrorKind::TimedOut, "another console holds it and does not let go");
    taken.ok_or_else(held)
}

/// Appends all of a text or nothing: what a full disk has taken of it is taken back.
fn append(file: &mut File, text: &str) -> io::Result<()> {
    let length = file.metadata()?.len();
    file.write_all(text.as_bytes()).inspect_err(|_| {
        let _ = file.set_len(length);
    })
}

/// The end of a file.
struct Last {
    /// The last line that was not cut short, if there is one.
    line: Option<Vec<u8>>,
    /// What was cut short behind it.
    torn: Vec<u8>,
    /// Whether there is a line's end behind it.
    ended: bool,
}

impl Last {
    fn is_whole(&self) -> bool {
        self.ended && self.torn.is_empty()
    }
}

fn last_lines(file: &mut File) -> io::Result<Last> {
    let mut reach = 64 * 1024;
    loop {
        let (bytes, from_start) = tail(file, reach)?;
        if let Some(End { line, torn, ended }) = End::of(&bytes, from_start) {
            return Ok(Last { line: line.map(|line| bytes[line].to_vec()), torn: bytes[torn].to_vec(), ended });
        }
        reach *= 4;
    }
}

/// The last `reach` bytes of a file, and whether that is all of it.
fn tail(file: &mut File, reach: u64) -> io::Result<(Vec<u8>, bool)> {
    let length = file.metadata()?.len();
    let start = length.saturating_sub(reach);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(reach).read_to_end(&mut bytes)?;
    Ok((bytes, start == 0))
}

#[cfg(test)]
mod tests;
