//! The files of recordings: each is appended to by a task of its own, so that no disk keeps the console waiting.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::api::Arn;
use crate::app::Msg;
use crate::app::file::{PRIVATE, Taped, Taping};
use crate::messaging::recording;

use super::file::{expand, words};

/// Lines that may wait for the disk: seconds of the busiest room. A disk that is slower than that ends the recording.
const LINES: usize = 4096;
/// Lines that are written at once.
const BATCH: usize = 256;
/// The longest first line of a file that is looked at.
const FIRST_LINE: u64 = 64 * 1024;

/// Why a recording ends that nobody ended and that could be written.
const TOO_SLOW: &str = "the disk is too slow, so the recording ends here";

/// Where the lines of one recording go in.
struct Sink {
    lines: mpsc::Sender<String>,
    /// Cancelled when a line found no room.
    overrun: CancellationToken,
}

/// All recordings that go on.
pub(super) struct Recorder {
    files: HashMap<Arn, Sink>,
    writers: TaskTracker,
    reports: mpsc::Sender<Msg>,
}

impl Recorder {
    /// None yet; what becomes of them is told through `reports`.
    pub(super) fn new(reports: mpsc::Sender<Msg>) -> Self {
        Self { files: HashMap::new(), writers: TaskTracker::new(), reports }
    }

    /// Does something to the file of a room's recording. Waits for nothing.
    pub(super) fn carry_out(&mut self, room: Arn, taping: Taping) {
        match taping {
            Taping::Begin { path, header } => {
                let (sender, lines) = mpsc::channel(LINES);
                let overrun = CancellationToken::new();
                self.files.insert(room.clone(), Sink { lines: sender, overrun: overrun.clone() });
                let reports = self.reports.clone();
                self.writers.spawn(async move {
                    let ended = write(&room, path, header, lines, &reports).await;
                    let ended = if overrun.is_cancelled() { ended.and(Err(TOO_SLOW.to_owned())) } else { ended };
                    // Nobody takes it if the console has ended.
                    let _ = reports.send(Msg::Taped(room, Taped::Ended(ended))).await;
                });
            }
            Taping::Line(line) => {
                let Some(sink) = self.files.get(&room) else { return };
                if let Err(mpsc::error::TrySendError::Full(_)) = sink.lines.try_send(line) {
                    // What was taken is still written; a gap that nobody sees would be worse than an end.
                    sink.overrun.cancel();
                    self.files.remove(&room);
                }
            }
            Taping::End => drop(self.files.remove(&room)),
        }
    }

    /// Writes what is still to be written.
    pub(super) async fn close(self) {
        let Self { files, writers, reports } = self;
        drop(files);
        drop(reports);
        writers.close();
        writers.wait().await;
    }
}

/// Opens the file, and appends lines to it until there are no more or one can't be written.
async fn write(
    room: &Arn,
    path: String,
    header: String,
    mut lines: mpsc::Receiver<String>,
    reports: &mpsc::Sender<Msg>,
) -> Result<(), String> {
    let opened = spawn_blocking(move || open(&path, &header)).await;
    let Opened { file, path, appended } = opened.map_err(|panic| panic.to_string())??;
    let _ = reports.send(Msg::Taped(room.clone(), Taped::Began { path: path.clone(), appended })).await;
    append_all(file, &mut lines).await.map_err(|error| format!("{path}: {}", words(&error)))
}

async fn append_all(file: File, lines: &mut mpsc::Receiver<String>) -> io::Result<()> {
    let mut batch = Vec::with_capacity(BATCH);
    let mut file = file;
    while lines.recv_many(&mut batch, BATCH).await > 0 {
        let mut text = std::mem::take(&mut batch).join("\n");
        text.push('\n');
        file = spawn_blocking(move || append(file, &text)).await.map_err(io::Error::other)??;
    }
    spawn_blocking(move || file.sync_all()).await.map_err(io::Error::other)?
}

/// Appends all of a text or nothing: a full disk leaves no half a line behind.
fn append(mut file: File, text: &str) -> io::Result<File> {
    let length = file.metadata()?.len();
    file.write_all(text.as_bytes()).inspect_err(|_| {
        let _ = file.set_len(length);
    })?;
    Ok(file)
}

/// A file that is open to be appended to.
struct Opened {
    file: File,
    path: String,
    appended: bool,
}

/// Opens a file that is not there, or holds a recording, and appends the header to it.
fn open(path: &str, header: &str) -> Result<Opened, String> {
    let path = expand(path);
    let shown = path.display().to_string();
    let told = |error: io::Error| format!("{shown}: {}", words(&error));
    look(&path).map_err(|why| format!("{shown}: {why}"))?;
    let (file, created) = create(&path).map(|file| (file, true)).or_else(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Ok((reopen(&path).map_err(told)?, false)),
        _ => Err(told(error)),
    })?;
    let mut file = file;
    let end = if created { End::Empty } else { end_of(&mut file).map_err(told)? };
    let text = match end {
        End::Empty | End::Whole => format!("{header}\n"),
        End::Torn => format!("\n{header}\n"),
        End::Foreign => {
            return Err(format!("{shown}: is there, and no recording: give another name"));
        }
    };
    let file = append(file, &text).map_err(told)?;
    Ok(Opened { file, path: shown, appended: matches!(end, End::Whole | End::Torn) })
}

/// What can't be a recording is told by its kind, and a pipe is not opened: nobody may read it.
fn look(path: &Path) -> Result<(), String> {
    let Ok(found) = fs::symlink_metadata(path) else { return Ok(()) };
    let kind = found.file_type();
    if kind.is_symlink() {
        Err("is a symbolic link, which is not followed: give another name".to_owned())
    } else if kind.is_dir() {
        Err("is a folder: give the name of a file".to_owned())
    } else if kind.is_fifo() || kind.is_socket() || kind.is_char_device() || kind.is_block_device() {
        Err("is there, and not a file: give another name".to_owned())
    } else {
        Ok(())
    }
}

/// Makes a file that is not there, for its owner only.
fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create_new(true).mode(PRIVATE).custom_flags(flags()).open(path)
}

fn reopen(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).custom_flags(flags()).open(path)
}

/// Never through a link, and never waiting for the other end of a pipe.
fn flags() -> i32 {
    (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed()
}

/// What a file that was there ends with.
#[derive(Clone, Copy)]
enum End {
    Empty,
    /// It is a recording.
    Whole,
    /// It is a recording whose last line was cut short.
    Torn,
    /// It is something else.
    Foreign,
}

fn end_of(file: &mut File) -> io::Result<End> {
    let found = file.metadata()?;
    if !found.is_file() {
        return Ok(End::Foreign);
    }
    if found.len() == 0 {
        return Ok(End::Empty);
    }
    let mut first = Vec::new();
    BufReader::new(Read::by_ref(file).take(FIRST_LINE)).read_until(b'\n', &mut first)?;
    if !std::str::from_utf8(&first).is_ok_and(|line| recording::is_header(line.trim_end())) {
        return Ok(End::Foreign);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(if last == *b"\n" { End::Whole } else { End::Torn })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::time::Duration;

    use jiff::Timestamp;
    use tempfile::TempDir;
    use tokio::time::timeout;

    use super::*;

    const HEADER: &str =
        r#"{"ivschat":"recording","version":1,"room":"r","name":"n","started":"2026-11-21T12:00:00Z"}"#;

    fn room() -> Arn {
        "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".parse().unwrap()
    }

    fn begin(folder: &TempDir, name: &str) -> Taping {
        Taping::Begin { path: folder.path().join(name).display().to_string(), header: HEADER.to_owned() }
    }

    async fn told(reports: &mut mpsc::Receiver<Msg>) -> Taped {
        match timeout(Duration::from_secs(10), reports.recv()).await.unwrap() {
            Some(Msg::Taped(of, taped)) if of == room() => taped,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn lines_are_appended_in_order_to_a_file_that_is_its_owner_s_alone() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("feed.jsonl");
        let (sender, mut reports) = mpsc::channel(8);
        let mut recorder = Recorder::new(sender);
        for appended in [false, true] {
            recorder.carry_out(room(), begin(&folder, "feed.jsonl"));
            let began = told(&mut reports).await;
            assert_eq!(began, Taped::Began { path: path.display().to_string(), appended });
            for number in 0..600 {
                recorder.carry_out(room(), Taping::Line(format!("{{\"n\":{number}}}")));
            }
            recorder.carry_out(room(), Taping::End);
            assert_eq!(told(&mut reports).await, Taped::Ended(Ok(())));
        }
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), lines[0], lines[1], lines[601]), (1202, HEADER, "{\"n\":0}", HEADER));
        assert_eq!(lines[1201], "{\"n\":599}");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[tokio::test]
    async fn what_was_taken_is_written_when_the_console_ends() {
        let folder = TempDir::new().unwrap();
        let (sender, reports) = mpsc::channel(8);
        let mut recorder = Recorder::new(sender);
        recorder.carry_out(room(), begin(&folder, "feed.jsonl"));
        recorder.carry_out(room(), Taping::Line("{}".to_owned()));
        drop(reports);
        recorder.close().await;
        let text = fs::read_to_string(folder.path().join("feed.jsonl")).unwrap();
        assert_eq!(text, format!("{HEADER}\n{{}}\n"));
    }

    #[test]
    fn only_a_recording_is_appended_to_and_nothing_is_reached_through_a_link() {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        fs::write(path("notes"), "mine\n").unwrap();
        fs::write(path("whole"), format!("{HEADER}\n")).unwrap();
        symlink(path("whole"), path("link")).unwrap();
        fs::create_dir(path("folder")).unwrap();
        for (name, why) in [
            ("notes", "no recording"),
            ("link", "symbolic link"),
            ("folder", "folder"),
            ("none/x", "no such file or folder"),
        ] {
            let no = open(&path(name), HEADER).err().unwrap();
            assert!(no.contains(why) && no.contains(name), "{no}");
        }
        assert_eq!(fs::read_to_string(path("notes")).unwrap(), "mine\n");
        assert_eq!(fs::read_to_string(path("whole")).unwrap(), format!("{HEADER}\n"));
    }

    #[test]
    fn a_line_that_was_cut_short_is_ended_first() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("feed").display().to_string();
        fs::write(&path, format!("{HEADER}\n{{\"received\":\"20")).unwrap();
        assert!(open(&path, HEADER).unwrap().appended);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(recording::read(&text).broken, 1);
        assert!(text.ends_with(&format!("20\n{HEADER}\n")), "{text}");
        fs::write(&path, "").unwrap();
        assert!(!open(&path, HEADER).unwrap().appended, "an empty file has nothing to lose");
    }

    #[tokio::test]
    async fn a_write_error_is_told_and_ends_the_recording() {
        if !Path::new("/dev/full").exists() {
            return;
        }
        let (lines, mut waiting) = mpsc::channel(1);
        lines.send("{}".to_owned()).await.unwrap();
        drop(lines);
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let error = append_all(full, &mut waiting).await.unwrap_err();
        assert!(error.to_string().contains("space"), "{error}");
    }

    #[tokio::test]
    async fn a_disk_that_does_not_keep_up_ends_the_recording() {
        let folder = TempDir::new().unwrap();
        let (sender, mut reports) = mpsc::channel(8);
        let mut recorder = Recorder::new(sender);
        recorder.carry_out(room(), begin(&folder, "feed.jsonl"));
        // Nobody writes: this test has one thread, and does not let go of it.
        for _ in 0..=LINES {
            recorder.carry_out(room(), Taping::Line(Timestamp::UNIX_EPOCH.to_string()));
        }
        assert!(matches!(told(&mut reports).await, Taped::Began { .. }));
        assert_eq!(told(&mut reports).await, Taped::Ended(Err(TOO_SLOW.to_owned())));
    }
}
