//! A program in a pseudo-terminal with an emulator behind it: types keys, and waits for what is to be seen.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZero;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use ivschat::app::key::{Code, Key};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Action, tcflow};
use tempfile::TempDir;
use vt100::{MouseProtocolMode, Parser, Screen};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_ivschat");

/// How long anything may take before it counts as never: many times what it takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// A program in a terminal.
pub(crate) struct Session {
    pty: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    output: Arc<Output>,
    modes: String,
    /// The kernel's own console, which is sent nothing that it would print.
    bare: bool,
    /// The program's home, and the reason why it reads no settings of this machine's user.
    home: TempDir,
}

/// What the program has written.
struct Output {
    seen: Mutex<Seen>,
    more: Condvar,
}

struct Seen {
    parser: Parser,
    bytes: Vec<u8>,
    /// Nobody reads any more once this is set, and the next output comes.
    deaf: bool,
    /// There will be no more output.
    over: bool,
}

/// What is left when the program has ended.
pub(crate) struct Ended {
    pub(crate) code: u32,
    /// How long it took to end.
    pub(crate) took: Duration,
    /// All that was ever written.
    pub(crate) written: String,
    /// What is on the screen.
    pub(crate) screen: String,
    flaws: Vec<&'static str>,
}

/// How a program is started.
pub(crate) struct Start {
    command: CommandBuilder,
    size: (u16, u16),
    bare: bool,
    home: TempDir,
}

impl Start {
    /// `program` with nothing of this machine's environment but the path.
    pub(crate) fn program(program: &str) -> Self {
        let home = TempDir::new().unwrap();
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("TERM", "xterm-256color");
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        for variable in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
            command.env(variable, home.path());
        }
        command.cwd(home.path());
        Self { command, size: (80, 24), bare: false, home }
    }

    /// `ivschat` with these arguments.
    pub(crate) fn ivschat(args: &[&str]) -> Self {
        Self::program(PROGRAM).args(args)
    }

    pub(crate) fn args(mut self, args: &[&str]) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self.bare |= (name, value) == ("TERM", "linux");
        self
    }

    /// Writes a file into the home.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Puts a shell script of this name before all other programs.
    pub(crate) fn script(self, name: &str, text: &str) -> Self {
        let folder = self.home.path().join("bin");
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
        let this = self.file(&format!("bin/{name}"), &format!("#!/bin/sh\n{text}\n")).env("PATH", &path);
        std::fs::set_permissions(folder.join(name), std::fs::Permissions::from_mode(0o755)).unwrap();
        this
    }

    /// The home that it will have.
    pub(crate) fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// Columns and rows.
    pub(crate) fn size(mut self, width: u16, height: u16) -> Self {
        self.size = (width, height);
        self
    }

    pub(crate) fn run(self) -> Session {
        let (width, height) = self.size;
        let pair = native_pty_system().openpty(pty_size(width, height)).unwrap();
        let modes = modes(&*pair.master);
        let child = pair.slave.spawn_command(self.command).unwrap();
        let output = Output {
            seen: Mutex::new(Seen { parser: parser(width, height), bytes: Vec::new(), deaf: false, over: false }),
            more: Condvar::new(),
        };
        let session = Session {
            keyboard: Some(pair.master.take_writer().unwrap()),
            pty: Some(pair.master),
            child,
            output: Arc::new(output),
            modes,
            bare: self.bare,
            home: self.home,
        };
        session.listen();
        session
    }
}

fn pty_size(width: u16, height: u16) -> PtySize {
    PtySize { rows: height, cols: width, ..PtySize::default() }
}

fn parser(width: u16, height: u16) -> Parser {
    Parser::new(NonZero::new(height).unwrap(), NonZero::new(width).unwrap(), 0)
}

/// The terminal's modes, to be compared.
fn modes(pty: &dyn MasterPty) -> String {
    format!("{:?}", pty.get_termios().unwrap())
}

impl Session {
    fn listen(&self) {
        let mut reader = self.pty.as_ref().unwrap().try_clone_reader().unwrap();
        let output = Arc::clone(&self.output);
        thread::spawn(move || {
            let mut chunk = [0; 16 * 1024];
            loop {
                let read = reader.read(&mut chunk).unwrap_or(0);
                let mut seen = output.seen.lock().unwrap();
                seen.over = read == 0 || seen.deaf;
                seen.bytes.extend_from_slice(&chunk[..read]);
                seen.parser.process(&chunk[..read]);
                output.more.notify_all();
                if seen.over {
                    return;
                }
            }
        });
    }

    /// Types keys in the notation of the key table, such as `/lobby<enter>`.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in Key::sequence(keys).unwrap() {
            self.keyboard.as_mut().unwrap().write_all(&bytes(key)).unwrap();
        }
        self
    }

    /// Sends what a terminal sends that is no key.
    pub(crate) fn sends(&mut self, sequence: &str) -> &mut Self {
        self.keyboard.as_mut().unwrap().write_all(sequence.as_bytes()).unwrap();
        self
    }

    /// Waits as long as a person does between two presses: the console takes what comes faster for a key that is held,
    /// and a held key deletes nothing.
    pub(crate) fn pause(&mut self) -> &mut Self {
        thread::sleep(Duration::from_millis(120));
        self
    }

    /// Waits until the screen holds `text`.
    pub(crate) fn shows(&mut self, text: &str) -> &mut Self {
        self.until(&format!("to show {text:?}"), |screen| screen.contents().contains(text))
    }

    /// Waits until the screen does not hold `text` any more.
    pub(crate) fn hides(&mut self, text: &str) -> &mut Self {
        self.until(&format!("to hide {text:?}"), |screen| !screen.contents().contains(text))
    }

    /// Waits until the screen is as `condition` wants it.
    pub(crate) fn until(&mut self, what: &str, condition: impl Fn(&Screen) -> bool) -> &mut Self {
        drop(self.wait(what, |seen| condition(seen.parser.screen())));
        self
    }

    fn wait(&self, what: &str, condition: impl Fn(&Seen) -> bool) -> MutexGuard<'_, Seen> {
        let patience = |seen: &mut Seen| !condition(seen) && !seen.over;
        let seen = self.output.seen.lock().unwrap();
        let (seen, _) = self.output.more.wait_timeout_while(seen, LIMIT, patience).unwrap();
        if !condition(&seen) {
            let (screen, over) = (seen.parser.screen().contents(), seen.over);
            drop(seen);
            panic!("waited for the screen {what}; the program has ended: {over}\n{screen}");
        }
        seen
    }

    /// What is on the screen.
    pub(crate) fn screen(&self) -> String {
        self.output.seen.lock().unwrap().parser.screen().contents()
    }

    /// The row that the terminal's own cursor is on.
    pub(crate) fn row_of_cursor(&self) -> String {
        let seen = self.output.seen.lock().unwrap();
        let screen = seen.parser.screen();
        let (row, _) = screen.cursor_position();
        screen.rows(0, screen.size().1.get()).nth(usize::from(row)).unwrap_or_default()
    }

    /// Bytes written so far.
    pub(crate) fn written(&self) -> usize {
        self.output.seen.lock().unwrap().bytes.len()
    }

    /// Waits for output beyond the first `bytes`, but not longer than `limit`; whether there was some.
    pub(crate) fn writes_more_than(&self, bytes: usize, limit: Duration) -> bool {
        let seen = self.output.seen.lock().unwrap();
        let (seen, _) =
            self.output.more.wait_timeout_while(seen, limit, |seen| seen.bytes.len() <= bytes && !seen.over).unwrap();
        seen.bytes.len() > bytes
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        let (rows, columns) = (NonZero::new(height).unwrap(), NonZero::new(width).unwrap());
        self.output.seen.lock().unwrap().parser.screen_mut().set_size(rows, columns);
        self.pty.as_ref().unwrap().resize(pty_size(width, height)).unwrap();
        self
    }

    /// Has the terminal lose what it shows, as one does that is resized there and back.
    pub(crate) fn scramble(&mut self) -> &mut Self {
        self.output.seen.lock().unwrap().parser.process(b"\x1b[2J");
        self
    }

    /// Whether the terminal's modes are those from before the start.
    pub(crate) fn has_its_modes_back(&self) -> bool {
        modes(&**self.pty.as_ref().unwrap()) == self.modes
    }

    /// The id of what was started.
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_raw(self.child.process_id().unwrap().cast_signed()).unwrap()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Takes the terminal away, as a closed window or a lost SSH connection does.
    pub(crate) fn hang_up(&mut self) {
        self.output.seen.lock().unwrap().deaf = true;
        // The help is drawn: the output that the reader waits for before it lets go of the terminal.
        self.keys("?");
        self.keyboard = None;
        self.pty = None;
    }

    /// Waits until the program has ended.
    pub(crate) fn ends(&mut self) -> Ended {
        let start = Instant::now();
        let code = self.exit_code();
        let took = start.elapsed();
        let seen = self.wait("to be over", |seen| seen.over);
        let screen = seen.parser.screen();
        let written = String::from_utf8_lossy(&seen.bytes).into_owned();
        let mut flaws = Vec::new();
        let mut flaw = |is: bool, what| {
            if is {
                flaws.push(what);
            }
        };
        flaw(screen.alternate_screen(), "the alternate screen is left on");
        flaw(screen.hide_cursor(), "the cursor is left hidden");
        flaw(screen.bracketed_paste(), "bracketed paste is left on");
        flaw(written.rfind("\x1b[?7l") > written.rfind("\x1b[?7h"), "line wrap is left off");
        flaw(written.rfind("\x1b[?2026h") > written.rfind("\x1b[?2026l"), "a frame is left open");
        let mouse = screen.mouse_protocol_mode() != MouseProtocolMode::None;
        flaw(mouse, "the mouse is left on");
        flaw(written.rfind("\x1b[?1004h") > written.rfind("\x1b[?1004l"), "focus reports are left on");
        flaw(region(&written), "a scroll region is left set");
        flaw(
            written.contains("\x1b[?1049h") && !written.contains("\x1b[0 q") && !self.bare,
            "the cursor keeps its shape",
        );
        flaw(written.rfind("\x1b[>") > written.rfind("\x1b[<"), "the keyboard is left changed");
        flaw(self.pty.is_some() && !self.has_its_modes_back(), "the terminal's modes are left changed");
        Ended { code, took, screen: screen.contents(), written, flaws }
    }

    /// Holds up the terminal's output, as a connection does that has gone dead without a word: writes do not return.
    pub(crate) fn hold_output(&self) {
        let tty = self.pty.as_ref().unwrap().tty_name().unwrap();
        tcflow(File::options().read(true).write(true).open(tty).unwrap(), Action::OOff).unwrap();
    }

    /// The program's home.
    pub(crate) fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// A file in the program's home.
    pub(crate) fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.home.path().join(name)).unwrap()
    }

    /// All lines of the program's journal.
    pub(crate) fn journal(&self) -> String {
        let folder = self.home.path().join("ivschat").join("journal");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let files = files.filter(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
        files.map(|file| std::fs::read_to_string(file).unwrap()).collect()
    }

    /// All that is in the program's log.
    pub(crate) fn log(&self) -> String {
        let files = std::fs::read_dir(self.home.path().join("ivschat/log")).unwrap().map(|file| file.unwrap().path());
        files.map(|file| std::fs::read_to_string(file).unwrap()).collect()
    }

    /// Waits until the program's log has these words.
    pub(crate) fn logs(&mut self, words: &str) -> &mut Self {
        let deadline = Instant::now() + LIMIT;
        while !self.log().contains(words) {
            assert!(Instant::now() < deadline, "waited for {words:?} in the log:\n{}", self.log());
            // A file tells nobody of what is new in it; so we look.
            thread::sleep(Duration::from_millis(5));
        }
        self
    }

    /// Waits until the program has ended, without a look at the terminal.
    pub(crate) fn exit_code(&mut self) -> u32 {
        let deadline = Instant::now() + LIMIT;
        loop {
            match self.child.try_wait().unwrap() {
                Some(status) if status.signal().is_some() => panic!("ended by a signal: {status:?}"),
                Some(status) => return status.exit_code(),
                None if Instant::now() > deadline => panic!("the program does not end:\n{}", self.screen()),
                // The kernel tells nobody but our parent; so we look.
                None => thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A test that failed leaves no program behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    /// Fails unless the program ended with this code and left the terminal as it was, with nothing on its screen.
    pub(crate) fn cleanly(&self, code: u32) {
        assert_eq!(self.code, code, "{}", self.screen);
        self.restored();
        assert_eq!(self.screen.trim(), "", "something was written after the end");
    }

    /// Fails unless the terminal is as it was.
    pub(crate) fn restored(&self) {
        assert!(self.flaws.is_empty(), "{:?}", self.flaws);
    }

    /// Fails unless the program ended with this code without ever touching the terminal but for lines of text.
    pub(crate) fn with_words_only(&self, code: u32) {
        assert_eq!(self.code, code, "{}", self.screen);
        self.restored();
        assert!(!self.written.contains('\x1b'), "{:?}", self.written);
    }
}

/// Whether only a part of the screen scrolls in the end.
fn region(written: &str) -> bool {
    let sequences = written.split("\x1b[").skip(1);
    let regions = sequences.filter_map(|rest| rest.split_once('r')).map(|(parameters, _)| parameters);
    let is_region = |parameters: &&str| parameters.bytes().all(|byte| byte.is_ascii_digit() || byte == b';');
    regions.filter(is_region).last().is_some_and(|parameters| !parameters.is_empty())
}

/// What a terminal sends for a key.
fn bytes(key: Key) -> Vec<u8> {
    let mut bytes = String::new();
    match key.code {
        Code::Char(c) if key.ctrl => bytes.push(char::from(u8::try_from(c).unwrap() & 0x1f)),
        Code::Char(c) => bytes.push(c),
        Code::Enter => bytes.push('\r'),
        Code::Esc => bytes.push('\x1b'),
        Code::Tab => bytes.push('\t'),
        Code::Backspace => bytes.push('\x7f'),
        Code::Up => bytes.push_str("\x1b[A"),
        Code::Down => bytes.push_str("\x1b[B"),
        Code::PageUp => bytes.push_str("\x1b[5~"),
        Code::PageDown => bytes.push_str("\x1b[6~"),
        Code::BackTab | Code::Delete | Code::Left | Code::Right | Code::Home | Code::End => {
            panic!("no test needs {key} yet")
        }
    }
    bytes.into_bytes()
}
