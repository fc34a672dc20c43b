//! The reader's own editor: it has the terminal and the keys while it runs, and whatever happens the text is kept.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;
use std::{fs, io};

use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};
use tempfile::TempPath;
use tokio::process::Child;
use tokio::time::timeout;

use crate::app::Msg;
use crate::app::msg::Ticket;
use crate::app::outbox::Draft;

use super::child;

/// The most bytes of an edited text: many times what any document of ours has.
const LIMIT: u64 = 1024 * 1024;

/// How long an editor may take to end once it is told to; the console's own end must not wait for it any longer.
const PATIENCE: Duration = Duration::from_millis(700);

/// How texts are edited here.
#[derive(Debug, Clone)]
pub struct Editor {
    /// A command, as a shell reads it.
    command: String,
    /// Where the texts lie meanwhile.
    folder: PathBuf,
}

impl Editor {
    /// Looks around in the environment: `VISUAL`, else `EDITOR`, else `vi`; texts lie in `XDG_RUNTIME_DIR`, else where
    /// temporary files do.
    pub fn new(variable: impl Fn(&str) -> Option<String>) -> Self {
        let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let folder = variable("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_absolute() && path.is_dir());
        Self {
            command: variable("VISUAL").or_else(|| variable("EDITOR")).unwrap_or_else(|| "vi".to_owned()),
            folder: folder.unwrap_or_else(std::env::temp_dir),
        }
    }

    /// Writes the text into a file that nobody else can read, and starts the editor on it. The terminal must have been
    /// given back.
    pub(super) fn start(&self, draft: Draft) -> Result<Editing, Box<Msg>> {
        let Draft { ticket, name, text } = draft;
        let failed = |why: String| Box::new(Msg::Edited(ticket, Err(why)));
        let file = write(&self.folder, &name, &text)
            .map_err(|error| failed(format!("no file to edit in {}: {error}", self.folder.display())))?;
        // As git does it: the command may have words and quotes of its own.
        let script = format!("exec {} \"$1\"", self.command);
        // Before it starts: from then on they may be its own.
        let modes = tcgetattr(io::stdin()).ok();
        let started = child::command("sh").args(["-c", &script, "sh"]).arg(&file).spawn();
        match started {
            Ok(child) => Ok(Editing { ticket, file, child, modes }),
            Err(error) => Err(failed(format!("{}: no editor, as sh: {error}", kept(file)))),
        }
    }
}

fn write(folder: &Path, name: &str, text: &str) -> io::Result<TempPath> {
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).take(40).collect();
    // Such files are 0600 whatever the umask.
    let mut file = tempfile::Builder::new().prefix(&format!("ivschat-{name}-")).suffix(".yaml").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    Ok(file.into_temp_path())
}

/// Keeps the file, and says where it is. These words come first: a narrow screen cuts the others.
fn kept(file: TempPath) -> String {
    match file.keep() {
        Ok(path) => format!("text kept in {}", path.display()),
        Err(error) => format!("text lost, {error}"),
    }
}

/// An editor at work.
#[derive(Debug)]
pub(super) struct Editing {
    ticket: Ticket,
    file: TempPath,
    child: Child,
    /// The terminal's modes before it started.
    modes: Option<Termios>,
}

impl Editing {
    /// Waits until the editor has ended.
    pub(super) async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// What came of it. The terminal has its modes back, and keys that the editor did not read are gone: they were not
    /// meant for us.
    pub(super) fn finish(self, status: io::Result<ExitStatus>) -> Msg {
        restore(self.modes.as_ref());
        let text = match status {
            Ok(status) if status.success() => read(&self.file),
            Ok(status) => Err(format!("the editor failed, {status}")),
            Err(error) => Err(format!("the editor got lost: {error}")),
        };
        Msg::Edited(self.ticket, text.map_err(|why| format!("{}: {why}", kept(self.file))))
    }

    /// The console ends while the editor runs: the editor is told to end, too, and its text stays. Says where.
    pub(super) async fn abandon(mut self) -> String {
        let pid = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        if let Some(pid) = pid {
            // It may have ended by now.
            let _ = kill_process(pid, Signal::TERM);
        }
        if timeout(PATIENCE, self.child.wait()).await.is_err() {
            let _ = self.child.start_kill();
            let _ = self.child.wait().await;
        }
        restore(self.modes.as_ref());
        kept(self.file)
    }
}

fn restore(modes: Option<&Termios>) {
    if let Some(modes) = modes {
        // Without a terminal there is nothing to restore.
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, modes);
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }
}

fn read(path: &Path) -> Result<String, String> {
    let length = fs::metadata(path).map_err(|error| format!("the edited file can't be read: {error}"))?.len();
    if length > LIMIT {
        return Err(format!("the edited file has {length} bytes, at most {LIMIT} are read"));
    }
    fs::read_to_string(path).map_err(|error| format!("the edited file can't be read: {error}"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use tempfile::TempDir;

    use super::*;

    fn draft(text: &str) -> Draft {
        Draft { ticket: Ticket(7), name: "lobby ../x".to_owned(), text: text.to_owned() }
    }

    fn editor(command: &str, folder: &TempDir) -> Editor {
        Editor { command: command.to_owned(), folder: folder.path().to_owned() }
    }

    async fn edited(command: &str, folder: &TempDir) -> Result<String, String> {
        let mut editing = editor(command, folder).start(draft("name: lobby\n")).unwrap();
        let mode = fs::metadata(&editing.file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let status = editing.ended().await;
        match editing.finish(status) {
            Msg::Edited(Ticket(7), result) => result,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn what_the_editor_leaves_comes_back_and_the_file_goes() {
        let folder = TempDir::new().unwrap();
        let text = edited("sed -i -e 's/lobby/a  b/'", &folder).await;
        assert_eq!(text.as_deref(), Ok("name: a  b\n"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn if_the_editor_fails_the_text_is_kept_where_the_words_say() {
        for command in ["sh -c 'echo more >> \"$0\"; exit 3'", "/no/such/editor", "sh -c 'kill -9 $$'"] {
            let folder = TempDir::new().unwrap();
            let why = edited(command, &folder).await.unwrap_err();
            let path = why.strip_prefix("text kept in ").and_then(|rest| rest.split(": ").next()).unwrap();
            assert!(fs::read_to_string(path).unwrap().starts_with("name: lobby\n"), "{why}");
            assert!(
                path.contains("/ivschat-lobbyx-") && Path::new(path).extension().is_some_and(|is| is == "yaml"),
                "{why}"
            );
        }
    }

    #[tokio::test]
    async fn what_is_no_text_is_kept_too() {
        let folder = TempDir::new().unwrap();
        let why = edited("sh -c 'printf \"\\377\" > \"$0\"'", &folder).await.unwrap_err();
        assert!(why.contains("can't be read") && why.contains("kept in"), "{why}");
    }

    #[tokio::test]
    async fn an_editor_that_is_told_to_end_leaves_its_text() {
        let folder = TempDir::new().unwrap();
        let editing = editor("sh -c 'trap \"\" TERM; exec sleep 60' ", &folder).start(draft("x")).unwrap();
        assert!(editing.abandon().await.contains("kept in"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn visual_comes_before_editor_before_vi() {
        let both = |name: &str| Some(name.to_lowercase()).filter(|_| name != "XDG_RUNTIME_DIR");
        assert_eq!(Editor::new(both).command, "visual");
        assert_eq!(Editor::new(|name| (name == "EDITOR").then(|| "code --wait".to_owned())).command, "code --wait");
        assert_eq!(Editor::new(|_| Some(" ".to_owned())).command, "vi");
    }
}
