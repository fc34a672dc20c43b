//! The only place where things really happen: the terminal, the sockets, the clock.
//!
//! One loop feeds the console with what happens and carries out what it asks for. Calls, timers and connections live
//! in one set of tasks, each of which ends in a message; a task that panics becomes one too. Frames come through one
//! bounded channel. The screen is drawn at once when something changed and nothing is queued; under load, what queued
//! up since the last frame is the next one's batch.

mod child;
pub mod clipboard;
pub mod drawing;
pub mod editor;
mod file;
mod frame;
mod grid;
pub mod identity;
mod input;
mod jobs;
mod journal;
pub mod log;
mod people;
pub mod plain;
mod recording;
mod screen;
mod scroll;
mod sgr;
mod signals;
pub mod signs;
mod terminal;
pub mod trial;

use std::io::{self, Write as _};
use std::process::ExitStatus;

use futures_util::FutureExt;
use jiff::Timestamp;
use rustix::io::Errno;
use rustix::process::Signal as Number;
use secrecy::ExposeSecret as _;
use tokio::time::{Instant, sleep_until};

use crate::app::outbox::{Copied, Draft};
use crate::app::replay::StandIn;
use crate::app::text::clean;
use crate::app::{App, Job, Msg};
use crate::messaging::way;

use clipboard::{Clipboard, Way};
use drawing::Drawing;
use editor::{Editing, Editor};
use identity::Doors;
use input::Input;
use jobs::Jobs;
pub use journal::Keep;
pub use screen::backend;
use signals::{Signal, Signals};
use terminal::Terminal;

/// Keys that are taken before the screen shows what they did, if so many have come at once.
const KEYS: usize = 64;

/// What the console reaches the world through.
#[derive(Debug, Clone)]
pub struct Services {
    /// Who the console may become, and what the service is reached through then.
    pub doors: Doors,
    /// What answers in the service's place while a recorded feed is played; then no client is used.
    pub stand_in: Option<StandIn>,
    /// Through which proxy the connections go, and whom they trust.
    pub way: way::Way,
    /// Where changes are written down.
    pub journal: Keep,
    /// Where watch flags and notes about users are kept.
    pub users: Keep,
    /// How a text gets into the clipboard.
    pub clipboard: Clipboard,
    /// How a text is edited.
    pub editor: Editor,
}

/// How the console ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The reader left.
    Left,
    /// The lines of a script have ended, and not all of them could be followed.
    Amiss,
    /// A signal told it to, or would have if the terminal had not gone away first; the process should exit with 128 and
    /// this number.
    Signal(i32),
}

impl Ending {
    /// The terminal is gone.
    const HANGUP: Self = Self::Signal(Number::HUP.as_raw());
}

/// Runs the console in this terminal until the reader leaves. The terminal is as it was afterwards, whatever happens,
/// and what was under way is over within a second.
///
/// # Errors
/// If there is no terminal, or it fails.
pub async fn run(settings: crate::app::Settings, services: Services, drawing: Drawing) -> io::Result<Ending> {
    // Before the terminal is taken over: from then on no signal may end the process behind our back.
    let signals = Signals::listen()?;
    let mut terminal = Terminal::enter(drawing)?;
    log::opened(settings.who.profile.as_deref(), settings.endpoint.as_deref(), terminal.size()?);
    let app = App::new(settings, Timestamp::now(), terminal.size()?);
    let mut console = Loop {
        app,
        clipboard: services.clipboard.clone(),
        editor: services.editor.clone(),
        draft: None,
        editing: None,
        jobs: Jobs::new(services),
        input: Input::read(),
        signals,
        terminal: &mut terminal,
        next: Instant::now(),
        drawing,
    };
    let result = console.run().await;
    let (jobs, editing) = (console.jobs, console.editing);
    if let Some(editing) = editing {
        abandon(editing, &mut terminal).await;
    }
    // The reader has the shell back while connections are still being closed.
    let given_back = terminal.give_back();
    jobs.close().await;
    log::left(&result);
    match result {
        Ok(Ending::Left) => given_back.map(|()| Ending::Left),
        Err(error) if is_gone(&error) => Ok(Ending::HANGUP),
        other => other,
    }
}

/// Ends the editor. It may not have put the terminal in order: we take it over, to give it back as it was.
async fn abandon(editing: Editing, terminal: &mut Terminal) {
    let kept = editing.abandon().await;
    let _ = terminal.take_again();
    let _ = terminal.give_back();
    // The terminal may be gone.
    let _ = writeln!(io::stderr(), "ivschat: {}", clean(&kept).as_str());
}

/// Whether this is what using a terminal that has gone away comes to: writing to it, or opening it anew as `/dev/tty`.
fn is_gone(error: &io::Error) -> bool {
    let gone = [Errno::IO, Errno::NXIO].map(|errno| Some(errno.raw_os_error()));
    gone.contains(&error.raw_os_error()) || error.kind() == io::ErrorKind::BrokenPipe
}

/// What one turn of the loop means for the next.
enum Turn {
    /// Something may have changed; draw when the time is right.
    Changed,
    /// A key was pressed: its effect is drawn at once.
    Pressed,
    /// It is over.
    Over(Ending),
}

/// How the editor ended; waits for ever if there is none.
async fn ended(editing: &mut Option<Editing>) -> Option<io::Result<ExitStatus>> {
    match editing {
        Some(editing) => Some(editing.ended().await),
        None => std::future::pending().await,
    }
}

struct Loop<'a> {
    app: App,
    clipboard: Clipboard,
    editor: Editor,
    /// A text that waits for the editor to start.
    draft: Option<Draft>,
    editing: Option<Editing>,
    jobs: Jobs,
    input: Input,
    signals: Signals,
    terminal: &'a mut Terminal,
    /// When the next frame may be drawn that no key asked for.
    next: Instant,
    drawing: Drawing,
}

impl Loop<'_> {
    async fn run(&mut self) -> io::Result<Ending> {
        self.draw()?;
        let first = self.app.start();
        if let Some(ending) = self.carry_out(first)? {
            return Ok(ending);
        }
        let mut dirty = true;
        loop {
            if let Some(draft) = self.draft.take() {
                self.edit(draft).await?;
            }
            let turn = match self.turn(dirty).await? {
                Turn::Pressed => self.pressed()?,
                other => other,
            };
            match turn {
                Turn::Over(ending) => return Ok(ending),
                Turn::Changed => dirty = true,
                Turn::Pressed => {}
            }
            if matches!(turn, Turn::Pressed) || (dirty && Instant::now() >= self.next) {
                self.draw()?;
                dirty = false;
            }
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        let bytes = self.terminal.draw(&self.app)?;
        self.next = Instant::now() + self.drawing.pause(bytes);
        Ok(())
    }

    /// Waits for the next thing, keys before frames: a flood must not keep the reader waiting.
    async fn turn(&mut self, dirty: bool) -> io::Result<Turn> {
        tokio::select! {
            biased;
            Some(signal) = self.signals.next() => self.signal(signal),
            event = self.input.next() => self.event(event?),
            Some(status) = ended(&mut self.editing) => self.edited(status),
            () = sleep_until(self.next), if dirty => Ok(Turn::Changed),
            msg = self.jobs.next() => self.take(msg).map(|ending| ending.map_or(Turn::Changed, Turn::Over)),
        }
    }

    /// A key was pressed. Those behind it are taken before anything is drawn, or a held key would run on after it is
    /// let go; and then one answer, as keys must not keep the answers waiting for ever either.
    fn pressed(&mut self) -> io::Result<Turn> {
        for _ in 1..KEYS {
            if self.draft.is_some() {
                return Ok(Turn::Pressed);
            }
            let Some(event) = self.input.next().now_or_never() else { break };
            if let Turn::Over(ending) = self.event(event?)? {
                return Ok(Turn::Over(ending));
            }
        }
        match self.jobs.next().now_or_never() {
            Some(msg) => self.take(msg).map(|ending| ending.map_or(Turn::Pressed, Turn::Over)),
            None => Ok(Turn::Pressed),
        }
    }

    fn event(&mut self, event: Option<Msg>) -> io::Result<Turn> {
        let Some(msg) = event else { return Ok(Turn::Over(Ending::HANGUP)) };
        if let Msg::Resize(width, height) = msg {
            self.terminal.resize(width, height)?;
        }
        self.take(msg).map(|ending| ending.map_or(Turn::Pressed, Turn::Over))
    }

    fn signal(&mut self, signal: Signal) -> io::Result<Turn> {
        match signal {
            Signal::End(number) => return Ok(Turn::Over(Ending::Signal(number))),
            Signal::Stop if signals::can_stop() => {
                self.terminal.give_back()?;
                signals::stop()?;
            }
            // The terminal is the editor's, before and after.
            Signal::Continue if self.editing.is_some() => {}
            Signal::Stop => {}
            Signal::Continue => {
                let (width, height) = self.terminal.take_again()?;
                return self.event(Some(Msg::Resize(width, height)));
            }
        }
        Ok(Turn::Changed)
    }

    fn take(&mut self, msg: Msg) -> io::Result<Option<Ending>> {
        let jobs = self.app.update(Timestamp::now(), msg);
        self.carry_out(jobs)
    }

    fn carry_out(&mut self, jobs: Vec<Job>) -> io::Result<Option<Ending>> {
        for job in jobs {
            match job {
                Job::Quit => return Ok(Some(Ending::Left)),
                Job::Suspend if signals::can_stop() => {
                    // First, as the shell takes the terminal as soon as what it started has stopped.
                    self.terminal.give_back()?;
                    signals::ask_to_stop()?;
                }
                Job::Copy(copied) => self.copy(copied)?,
                Job::CopyToken(token) => {
                    let text = token.expose_secret().to_owned();
                    self.copy(Copied { what: "the token".to_owned(), text })?;
                }
                Job::Edit(draft) if self.draft.is_none() && self.editing.is_none() => self.draft = Some(draft),
                Job::Edit(draft) => {
                    let why = "another text is being edited".to_owned();
                    self.jobs.tell(Msg::Edited(draft.ticket, Err(why)));
                }
                other => self.jobs.start(other),
            }
        }
        Ok(None)
    }

    /// Gives keys and terminal to the reader's editor. What comes from the connections is taken meanwhile, as ever.
    async fn edit(&mut self, draft: Draft) -> io::Result<()> {
        if !self.input.pause().await {
            let why = "the keyboard can't be handed over".to_owned();
            self.jobs.tell(Msg::Edited(draft.ticket, Err(why)));
            return Ok(());
        }
        self.signals.lend_keyboard(true);
        self.terminal.give_back()?;
        match self.editor.start(draft) {
            Ok(editing) => self.editing = Some(editing),
            Err(msg) => {
                self.take_keyboard_back()?;
                self.jobs.tell(*msg);
            }
        }
        Ok(())
    }

    fn edited(&mut self, status: io::Result<ExitStatus>) -> io::Result<Turn> {
        let Some(editing) = self.editing.take() else { return Ok(Turn::Changed) };
        let msg = editing.finish(status);
        if let Some(ending) = self.take_keyboard_back()? {
            return Ok(Turn::Over(ending));
        }
        self.take(msg).map(|ending| ending.map_or(Turn::Pressed, Turn::Over))
    }

    fn take_keyboard_back(&mut self) -> io::Result<Option<Ending>> {
        let (width, height) = self.terminal.take_again()?;
        self.signals.lend_keyboard(false);
        self.input.resume();
        self.take(Msg::Resize(width, height))
    }

    fn copy(&mut self, Copied { what, text }: Copied) -> io::Result<()> {
        match self.clipboard.way() {
            Ok(Way::Tmux) => self.jobs.copy_with_tmux(what, text),
            Ok(Way::Terminal(wrapping)) => {
                let sent = match clipboard::osc52(&text, wrapping) {
                    Ok(bytes) if self.terminal.send(&bytes)? => Ok(clipboard::SENT),
                    Ok(_) => Err("the terminal is somebody else's just now".to_owned()),
                    Err(why) => Err(why),
                };
                self.jobs.tell(Msg::Copied(what, sent));
            }
            Err(why) => self.jobs.tell(Msg::Copied(what, Err(why))),
        }
        Ok(())
    }
}
