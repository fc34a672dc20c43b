//! The terminal: taken over for the console, and given back as it was, whatever happens.

use std::io::{BufWriter, Stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{io, panic, thread};

use crossterm::event::{
    DisableBracketedPaste, EnableBracketedPaste, KeyboardEnhancementFlags, PopKeyboardEnhancementFlags,
    PushKeyboardEnhancementFlags,
};
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
    size,
};
use crossterm::{cursor, execute};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::app::App;

use super::screen::Screen;

/// The terminal while the console has it.
#[derive(Debug)]
pub(super) struct Terminal {
    inner: ratatui::Terminal<Screen<BufWriter<Stdout>>>,
    claim: Claim,
}

/// Whether the terminal is ours: it is given back once, by whoever comes first, as what is undone belongs to the shell.
#[derive(Debug, Clone)]
struct Claim(Arc<AtomicBool>);

impl Terminal {
    /// Takes the terminal over. From here on a panic of this thread gives it back before it is reported; one of a task
    /// becomes a message and leaves the screen alone.
    ///
    /// # Errors
    /// If this is no terminal.
    pub(super) fn enter() -> io::Result<Self> {
        let claim = Claim(Arc::new(AtomicBool::new(false)));
        claim.take_over()?;
        let (claimed, ours) = (claim.clone(), thread::current().id());
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() == ours || !claimed.0.load(Ordering::SeqCst) {
                let _ = claimed.give_back();
                report(info);
            }
        }));
        match ratatui::Terminal::new(Screen::of_terminal()) {
            Ok(inner) => Ok(Self { inner, claim }),
            Err(error) => {
                claim.give_back()?;
                Err(error)
            }
        }
    }

    pub(super) fn draw(&mut self, app: &App) -> io::Result<()> {
        self.inner.draw(|frame| app.view(frame)).map(drop)
    }

    /// Gives the terminal back.
    pub(super) fn leave(self) -> io::Result<()> {
        self.claim.give_back()
    }

    /// Stops the process as the shell would, with the terminal given back; on return it is taken over anew.
    pub(super) fn suspend(&mut self) -> io::Result<(u16, u16)> {
        self.claim.give_back()?;
        // The whole group: what started us, such as cargo, must stop too, or the shell never gets its turn.
        rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
        self.claim.take_over()?;
        self.inner.clear()?;
        size()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.claim.give_back();
    }
}

impl Claim {
    fn take_over(&self) -> io::Result<()> {
        enable_raw_mode()?;
        self.0.store(true, Ordering::SeqCst);
        execute!(
            io::stdout(),
            EnterAlternateScreen,
            // What a terminal draws wider than we count must not run over into the next row.
            DisableLineWrap,
            EnableBracketedPaste,
            // Where it is known it tells a held key from a pressed one; elsewhere it is ignored.
            PushKeyboardEnhancementFlags(
                KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES | KeyboardEnhancementFlags::REPORT_EVENT_TYPES
            ),
        )
    }

    fn give_back(&self) -> io::Result<()> {
        if !self.0.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        let escapes = execute!(
            io::stdout(),
            PopKeyboardEnhancementFlags,
            DisableBracketedPaste,
            EnableLineWrap,
            LeaveAlternateScreen,
            cursor::Show
        );
        disable_raw_mode()?;
        escapes
    }
}

/// The signals that end the console.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    quit: Signal,
}

impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    /// The number of the next one.
    pub(super) async fn next(&mut self) -> i32 {
        tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt().as_raw_value(),
            _ = self.terminate.recv() => SignalKind::terminate().as_raw_value(),
            _ = self.hangup.recv() => SignalKind::hangup().as_raw_value(),
            _ = self.quit.recv() => SignalKind::quit().as_raw_value(),
        }
    }
}
