//! The terminal: taken over for the console, and given back as it was, whatever happens.

use std::io::{self, Stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, KeyboardEnhancementFlags,
    PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use crossterm::style::{Attribute, Print, SetAttribute, force_color_output};
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode, size,
};
use crossterm::{cursor, execute};
use ratatui::layout::{Rect, Size};

use crate::app::App;

use super::drawing::Drawing;
use super::frame::Whole;
use super::log::Panics;
use super::screen::Screen;

/// Has the terminal tell of presses and of the wheel, and not of every movement: over SSH each is a packet.
const MOUSE: &str = "\x1b[?1000h\x1b[?1006h";

/// Gives the whole screen back to scrolling. It moves the cursor, which the alternate screen's end puts back.
const WHOLE_SCREEN: &str = "\x1b[r";

/// The terminal while the console has it.
#[derive(Debug)]
pub(super) struct Terminal {
    inner: ratatui::Terminal<Screen<Whole<Stdout>>>,
    claim: Claim,
    panics: Panics,
}

/// Whether the terminal is ours: it is given back once, by whoever comes first, as what is undone belongs to the shell.
#[derive(Debug, Clone)]
struct Claim {
    held: Arc<AtomicBool>,
    drawing: Drawing,
}

impl Terminal {
    /// Takes the terminal over. From here on a panic of this thread gives it back before it is reported; one of a task
    /// becomes a message and leaves the screen alone.
    ///
    /// # Errors
    /// If this is no terminal.
    pub(super) fn enter(drawing: Drawing) -> io::Result<Self> {
        // Whether there are colours is the look's to say. Where crossterm leaves them out, it writes a full reset in
        // place of each, and the selection goes with it.
        force_color_output(true);
        let inner = ratatui::Terminal::new(Screen::of_terminal(size()?.into(), drawing))?;
        let claim = Claim { held: Arc::new(AtomicBool::new(false)), drawing };
        let (claimed, ours) = (claim.clone(), thread::current().id());
        let panics = Panics::wait_for(move || {
            let is_ours = thread::current().id() == ours;
            if is_ours {
                let _ = claimed.give_back();
            }
            is_ours || !claimed.holds()
        });
        let terminal = Self { inner, claim, panics };
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
        self.panics.restore();
    }
}

impl Claim {
    fn holds(&self) -> bool {
        self.held.load(Ordering::SeqCst)
    }

    fn take_over(&self) -> io::Result<()> {
        enable_raw_mode()?;
        self.held.store(true, Ordering::SeqCst);
        execute!(
            io::stdout(),
            EnterAlternateScreen,
            // What a terminal draws wider than we count must not run over into the next row.
            DisableLineWrap,
            EnableBracketedPaste,
        )?;
        if self.drawing.mouse {
            execute!(io::stdout(), Print(MOUSE))?;
        }
        if !self.drawing.bare {
            // Where it is known it tells a held key from a pressed one; elsewhere it is ignored.
            let flags =
                KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES | KeyboardEnhancementFlags::REPORT_EVENT_TYPES;
            execute!(io::stdout(), PushKeyboardEnhancementFlags(flags))?;
        }
        Ok(())
    }

    /// Undoes what we did, and what an editor of ours may have left behind.
    fn give_back(&self) -> io::Result<()> {
        if !self.held.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        let escapes = self.undo();
        disable_raw_mode()?;
        escapes
    }

    fn undo(&self) -> io::Result<()> {
        // A panic may have come in the middle of a frame.
        execute!(io::stdout(), EndSynchronizedUpdate, SetAttribute(Attribute::Reset), Print(WHOLE_SCREEN))?;
        if !self.drawing.bare {
            execute!(io::stdout(), PopKeyboardEnhancementFlags, cursor::SetCursorStyle::DefaultUserShape)?;
        }
        execute!(
            io::stdout(),
            DisableMouseCapture,
            DisableFocusChange,
            DisableBracketedPaste,
            EnableLineWrap,
            LeaveAlternateScreen,
            cursor::Show
        )
    }
}
