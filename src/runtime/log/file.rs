//! The files of the log: one a day, and the next when one is full; for their owner only; the oldest go.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::app::text::clean;
use crate::journal::file::{make_folder, open};

/// Bytes of a file before the next begins.
const FULL: u64 = 4 * 1024 * 1024;

/// Files that are kept.
const KEPT: usize = 10;

/// What the names of the files end with.
const EXTENSION: &str = ".log";

/// The file that is written to. Others may write to it at the same time: each line is one write at its end.
#[derive(Debug)]
pub(super) struct Files {
    folder: PathBuf,
    name: Name,
    file: fs::File,
    full: u64,
}

/// The name of a file: its day, and which one of that day it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    day: String,
    number: u32,
}

impl Name {
    fn read(name: &str) -> Option<Self> {
        let (day, number) = name.strip_suffix(EXTENSION)?.rsplit_once('.')?;
        let is_day = day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        is_day.then_some(Self { day: day.to_owned(), number: number.parse().ok()? })
    }

    fn path(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.{}{EXTENSION}", self.day, self.number))
    }
}

impl Files {
    /// The log in this folder.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        Self::of(folder, &today(), FULL)
    }

    fn of(folder: &Path, day: &str, full: u64) -> io::Result<Self> {
        make_folder(folder)?;
        let name = all(folder)?.into_iter().rfind(|name| name.day == day);
        let name = name.unwrap_or(Name { day: day.to_owned(), number: 1 });
        let file = open(&name.path(folder))?;
        let this = Self { folder: folder.to_owned(), name, file, full };
        this.tidy();
        Ok(this)
    }

    /// Goes on to the file that a line of this day belongs into. Where that fails, the line goes where the last one went.
    fn turn(&mut self, day: &str) -> io::Result<()> {
        let next = if self.name.day != day {
            Name { day: day.to_owned(), number: 1 }
        } else if self.file.metadata()?.len() >= self.full {
            Name { number: self.name.number + 1, ..self.name.clone() }
        } else {
            return Ok(());
        };
        self.file = open(&next.path(&self.folder))?;
        self.name = next;
        self.tidy();
        Ok(())
    }

    /// Takes the oldest files away. Another console may have done so already.
    fn tidy(&self) {
        let names = all(&self.folder).unwrap_or_default();
        for name in &names[..names.len().saturating_sub(KEPT)] {
            let _ = fs::remove_file(name.path(&self.folder));
        }
    }

    fn append(&mut self, day: &str, line: &[u8]) -> io::Result<()> {
        let _ = self.turn(day);
        self.file.write_all(&shown(line))
    }
}

/// The files of a log, oldest first.
fn all(folder: &Path) -> io::Result<Vec<Name>> {
    let names = fs::read_dir(folder)?.map(|entry| Ok(Name::read(&entry?.file_name().to_string_lossy())));
    let mut names: Vec<Name> = names.collect::<io::Result<Vec<_>>>()?.into_iter().flatten().collect();
    names.sort();
    Ok(names)
}

/// A line as it may be shown: it is read in terminals, and whatever is in it is one line.
fn shown(line: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(line);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    format!("{}\n", clean(text).as_str()).into_bytes()
}

fn today() -> String {
    Timestamp::now().strftime("%Y-%m-%d").to_string()
}

impl Write for Files {
    /// Takes a whole line.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.append(&today(), line)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use tempfile::TempDir;

    use super::*;

    const DAY: &str = "2026-11-21";

    fn names(home: &TempDir) -> Vec<String> {
        all(&home.path().join("log")).unwrap().iter().map(|name| format!("{}.{}", name.day, name.number)).collect()
    }

    fn file(home: &TempDir, full: u64) -> Files {
        Files::of(&home.path().join("log"), DAY, full).unwrap()
    }

    #[test]
    fn a_full_file_is_followed_by_the_next_and_a_new_day_begins_one() {
        let home = TempDir::new().unwrap();
        let mut log = file(&home, 10);
        for line in ["12345\n", "12345\n", "3\n"] {
            log.append(DAY, line.as_bytes()).unwrap();
        }
        log.append("2026-11-22", b"4\n").unwrap();
        assert_eq!(names(&home), ["2026-11-21.1", "2026-11-21.2", "2026-11-22.1"]);
        let second = fs::read_to_string(home.path().join("log/2026-11-21.2.log")).unwrap();
        assert_eq!(second, "3\n");
        file(&home, 10).append(DAY, b"5\n").unwrap();
        let second = fs::read_to_string(home.path().join("log/2026-11-21.2.log")).unwrap();
        assert_eq!(second, "3\n5\n", "who comes later goes on in the newest of the day");
    }

    #[test]
    fn the_oldest_go_and_what_is_none_of_ours_stays() {
        let home = TempDir::new().unwrap();
        let mut log = file(&home, 1);
        fs::write(home.path().join("log/notes.txt"), "mine").unwrap();
        for _ in 0..=KEPT + 1 {
            log.append(DAY, b"x\n").unwrap();
        }
        let names = names(&home);
        assert_eq!((names.len(), names[0].as_str()), (KEPT, "2026-11-21.3"), "by number, not by letters: {names:?}");
        assert!(home.path().join("log/notes.txt").exists());
    }

    #[test]
    fn it_is_for_its_owner_alone_and_a_link_is_not_followed() {
        let home = TempDir::new().unwrap();
        drop(file(&home, 10));
        let mode = |path: &str| fs::metadata(home.path().join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("log"), mode("log/2026-11-21.1.log")), (0o700, 0o600));
        let other = TempDir::new().unwrap();
        fs::create_dir(other.path().join("log")).unwrap();
        symlink("/dev/null", other.path().join("log/2026-11-21.1.log")).unwrap();
        assert!(Files::of(&other.path().join("log"), DAY, 10).is_err());
    }

    #[test]
    fn whatever_is_in_a_line_it_is_one_line_and_no_terminal_obeys_it() {
        assert_eq!(shown("a\u{1b}[2Jb\nWARN forged\n".as_bytes()), "a␛[2Jb↵WARN forged\n".as_bytes());
        assert_eq!(shown(b"half \xff"), "half \u{fffd}\n".as_bytes());
    }
}
