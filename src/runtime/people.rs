//! Keeps what moderators note about users: one file of JSON lines for its owner only, appended to under a lock by any number of consoles.

use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::OFlags;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use crate::app::Msg;
use crate::app::room::book::{Entry, Found};

use super::Keep;

/// The file's name.
const FILE: &str = "users.jsonl";

/// Bytes that are read at most: more than moderators type in a lifetime.
const MOST: u64 = 256 * 1024 * 1024;

/// How long another console may hold the file before that is told.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it is looked whether the file is free.
const LOOK: Duration = Duration::from_millis(10);

/// Why nothing is kept.
const NO_PLACE: &str = "it has no place: set HOME or XDG_STATE_HOME";

/// Where it is kept. Clones keep it in the same place.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    keep: Keep,
    /// Lines on their way to the disk.
    writes: TaskTracker,
}

impl Shelf {
    pub(super) fn new(keep: Keep) -> Self {
        Self { keep, writes: TaskTracker::new() }
    }

    /// All that is kept.
    pub(super) async fn read(self) -> Msg {
        let folder = match self.keep {
            Keep::Memory => return Msg::Book(Ok(Found::default())),
            Keep::Nowhere => return Msg::Book(Err(NO_PLACE.to_owned())),
            Keep::In(folder) => folder,
        };
        let path = folder.join(FILE);
        let place = path.display().to_string();
        let read = tokio::task::spawn_blocking(move || load(&path)).await.map_err(io::Error::other);
        Msg::Book(read.and_then(|found| found).map_err(|error| format!("{place}: {error}")))
    }

    /// Keeps a line. That has begun when this returns: the console may end before it is awaited.
    pub(super) fn keep(&self, entry: Box<Entry>) -> impl Future<Output = Msg> + use<> {
        let line = entry.clone();
        let writing = match &self.keep {
            Keep::Memory => None,
            Keep::Nowhere => Some(Err(NO_PLACE.to_owned())),
            Keep::In(folder) => {
                let folder = folder.clone();
                Some(Ok(self.writes.spawn_blocking(move || append(&folder, &line))))
            }
        };
        async move {
            let kept = match writing {
                None => Ok(()),
                Some(Err(why)) => Err(why),
                Some(Ok(writing)) => {
                    let written = writing.await.map_err(io::Error::other).and_then(|written| written);
                    written.map_err(|error| error.to_string())
                }
            };
            Msg::BookKept(entry, kept)
        }
    }

    /// Waits for lines that are being written, but no longer than `limit`.
    pub(super) async fn close(self, limit: Duration) {
        self.writes.close();
        let _ = timeout(limit, self.writes.wait()).await;
    }
}

fn load(path: &Path) -> io::Result<Found> {
    let place = Some(path.display().to_string());
    let file = match OpenOptions::new().read(true).custom_flags(no_links()).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found { place, ..Found::default() }),
        other => other?,
    };
    let mut bytes = Vec::new();
    file.take(MOST).read_to_end(&mut bytes)?;
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let (mut entries, mut unreadable) = (Vec::new(), 0);
    for line in lines {
        match serde_json::from_slice(line) {
            Ok(entry) => entries.push(entry),
            Err(_) => unreadable += 1,
        }
    }
    Ok(Found { place, entries, unreadable })
}

/// Appends a line, all of it or nothing, and has it on the disk.
fn append(folder: &Path, entry: &Entry) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut file = open(&folder.join(FILE))?;
    wait_for(&file)?;
    let length = file.metadata()?.len();
    let mut line = serde_json::to_string(entry)?;
    line.push('\n');
    if !ends_a_line(&mut file, length)? {
        // A console that was killed while it wrote: its half of a line must not swallow ours.
        line.insert(0, '\n');
    }
    file.write_all(line.as_bytes()).inspect_err(|_| {
        let _ = file.set_len(length);
    })?;
    file.sync_all()
}

fn ends_a_line(file: &mut File, length: u64) -> io::Result<bool> {
    if length == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == [b'\n'])
}

/// The file to append to, for its owner only whatever the umask; a symbolic link is refused.
fn open(path: &PathBuf) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options.read(true).append(true).create(true).mode(0o600).custom_flags(no_links()).open(path);
    let file = file.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other(format!("{} is not a file", path.display())));
    }
    if found.permissions().mode() & 0o777 != 0o600 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

fn wait_for(file: &File) -> io::Result<()> {
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if start.elapsed() > PATIENCE => {
                return Err(io::Error::other("another console holds it and does not let go"));
            }
            Err(TryLockError::WouldBlock) => thread::sleep(LOOK),
        }
    }
}

fn no_links() -> i32 {
    OFlags::NOFOLLOW.bits().cast_signed()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::app::room::book::Fact;

    fn entry(n: usize) -> Entry {
        let fact = Fact::Noted { id: format!("n{n}").into(), text: "a\nb \u{1b}[2J".into() };
        Entry { time: jiff::Timestamp::UNIX_EPOCH, account: "1".into(), user: "u".into(), by: "me".into(), fact }
    }

    #[test]
    fn what_is_kept_by_many_consoles_at_once_is_there_again_for_its_owner_only() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state/ivschat");
        thread::scope(|scope| {
            for console in 0..4 {
                let folder = &folder;
                scope.spawn(move || (0..10).for_each(|n| append(folder, &entry(console * 10 + n)).unwrap()));
            }
        });
        let found = load(&folder.join(FILE)).unwrap();
        assert_eq!((found.entries.len(), found.unreadable), (40, 0));
        assert!((0..40).all(|n| found.entries.contains(&entry(n))));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join(FILE))), (0o700, 0o600));
    }

    #[test]
    fn half_a_line_costs_no_other_and_is_counted() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(FILE);
        fs::write(&path, "{\"time\":\"20").unwrap();
        append(home.path(), &entry(1)).unwrap();
        append(home.path(), &entry(2)).unwrap();
        let found = load(&path).unwrap();
        assert_eq!((found.entries, found.unreadable), (vec![entry(1), entry(2)], 1));
    }

    #[test]
    fn a_file_that_is_not_there_is_empty_and_a_link_is_not_followed() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(FILE);
        assert_eq!(load(&path).unwrap().entries, []);
        std::os::unix::fs::symlink(home.path().join("elsewhere"), &path).unwrap();
        assert!(load(&path).is_err() && append(home.path(), &entry(1)).is_err());
        assert!(!home.path().join("elsewhere").exists());
    }

    #[tokio::test]
    async fn without_a_place_that_is_told_and_a_demo_keeps_it_in_memory() {
        let kept = Shelf::new(Keep::Nowhere).keep(Box::new(entry(1))).await;
        assert!(matches!(&kept, Msg::BookKept(_, Err(why)) if why.contains("set HOME")), "{kept:?}");
        let kept = Shelf::new(Keep::Memory).keep(Box::new(entry(1))).await;
        assert!(matches!(&kept, Msg::BookKept(_, Ok(()))), "{kept:?}");
    }

    #[tokio::test]
    async fn a_line_that_has_begun_is_written_though_nobody_waits_for_it() {
        let home = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(Keep::In(home.path().to_owned()));
        drop(shelf.keep(Box::new(entry(1))));
        shelf.clone().close(Duration::from_secs(10)).await;
        let read = shelf.read().await;
        assert!(matches!(&read, Msg::Book(Ok(found)) if found.entries == [entry(1)]), "{read:?}");
    }
}
