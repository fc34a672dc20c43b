//! The terminal: taken over for the console, and given back as it was, whatever happens.

use std::io::{self, Stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{panic, thread};

use crossterm::event::{
    DisableBracketedPaste, EnableBracketedPaste, KeyboardEnhancementFlags, PopKeyboardEnhancementFlags,
    PushKeyboardEnhancementFlags,
};
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode, size,
};
use crossterm::{cursor, execute};
use ratatui::layout::{Rect, Size};

use crate::app::App;

use super::screen::Screen;

/// The terminal while the console has it.
#[derive(Debug)]
pub(super) struct Terminal {
    inner: ratatui::Terminal<Screen<Stdout>>,
    claim: Claim,
}

/// Whether the terminal is ours: it is given back once, by whoever comes first, as what is undone belongs to the shell.
#[derive(Debug, Clone)]
struct Claim(Arc<AtomicBool>);

impl Terminal {
    /// Takes the terminal over; `scrolls` if it may be asked to move rows. From here on a panic of this thread gives it back before it is reported; one of a task
    /// becomes a message and leaves the screen alone.
    ///
    /// # Errors
    /// If this is no terminal.
    pub(super) fn enter(scrolls: bool) -> io::Result<Self> {
        // What is coloured is decided by the look. Left to itself the library leaves colours out where `NO_COLOR` is set,
        // and writes a reset in their place, which takes the bar of the selection with it (0.29).
        crossterm::style::force_color_output(true);
        let inner = ratatui::Terminal::new(Screen::of_terminal(size()?.into(), scrolls))?;
        let claim = Claim(Arc::new(AtomicBool::new(false)));
        let (claimed, ours) = (claim.clone(), thread::current().id());
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() == ours || !claimed.0.load(Ordering::SeqCst) {
                let _ = claimed.give_back();
                report(info);
            }
        }));
        let terminal = Self { inner, claim };
        terminal.claim.take_over()?;
        Ok(terminal)
    }

    /// Columns and rows, as far as the console has been told.
    pub(super) fn size(&self) -> io::Result<(u16, u16)> {
        self.inner.size().map(|Size { width, height }| (width, height))
    }

    /// The terminal has another size: the next frame is of that size, and drawn from nothing, even if the size is again
    /// what it was. What terminals do to a screen between two sizes, nobody knows.
    pub(super) fn resize(&mut self, width: u16, height: u16) -> io::Result<()> {
        self.inner.backend_mut().resize(Size { width, height });
        if self.claim.holds() { self.inner.resize(Rect { x: 0, y: 0, width, height }) } else { Ok(()) }
    }

    /// Draws the console, unless the terminal is given back; returns how many bytes that took.
    pub(super) fn draw(&mut self, app: &App) -> io::Result<usize> {
        if !self.claim.holds() {
            return Ok(0);
        }
        self.inner.draw(|frame| app.view(frame))?;
        Ok(self.inner.backend().sent())
    }

    /// Sends the terminal an escape sequence that changes nothing on its screen; false if the terminal is given back.
    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<bool> {
        let ours = self.claim.holds();
        if ours {
            self.inner.backend_mut().aside(bytes)?;
        }
        Ok(ours)
    }

    /// Gives the terminal back; [`Terminal::take_again`] takes it over anew.
    pub(super) fn give_back(&mut self) -> io::Result<()> {
        self.claim.give_back()
    }

    /// Takes the terminal over after somebody else had it, and returns its size: nothing that it shows is ours any
    /// more, and who continues us may have stopped us without our giving it back.
    pub(super) fn take_again(&mut self) -> io::Result<(u16, u16)> {
        self.claim.give_back()?;
        self.claim.take_over()?;
        let (width, height) = size()?;
        self.resize(width, height)?;
        self.inner.clear()?;
        Ok((width, height))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.claim.give_back();
    }
}

impl Claim {
    fn holds(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

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
            // A panic may have come in the middle of a frame.
            EndSynchronizedUpdate,
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
