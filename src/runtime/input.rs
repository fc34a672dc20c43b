//! What comes from the terminal: its events as the console's messages, and the news that it is gone.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use std::{io, thread};

use crossterm::event::{
    self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Signal, getpid, kill_process};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use crate::app::Msg;
use crate::app::key::{Code, Key};
use crate::app::mouse::{Deed, Mouse};

/// Events that may wait to be taken; beyond it they wait in the terminal.
const QUEUE: usize = 256;

/// How long the reading thread may take to stop.
const PATIENCE: Duration = Duration::from_secs(1);

/// The events of the terminal, read by a thread of its own: reading the rest of an escape sequence may block, and when
/// the terminal goes away crossterm reads nothing for ever, as fast as it can (crossterm #793). Neither may happen in
/// the loop.
#[derive(Debug)]
pub(super) struct Input {
    events: mpsc::Receiver<io::Result<Event>>,
    gone: oneshot::Receiver<()>,
    gate: Arc<Gate>,
}

/// What the reading thread passes before each event: closed, it leaves the terminal to somebody else.
#[derive(Debug)]
struct Gate {
    state: Mutex<State>,
    changed: Condvar,
    /// The last closing at which the thread was seen waiting.
    waiting: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    /// How often it was closed: it may be opened and closed again before the thread wakes up.
    closings: u64,
}

impl Gate {
    fn new() -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), waiting: watch::Sender::new(0) }
    }

    fn pass(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.closed {
            self.waiting.send_replace(state.closings);
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Closes it; returns which closing this is.
    fn close(&self) -> u64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.closed = true;
        state.closings += 1;
        self.changed.notify_all();
        state.closings
    }

    fn open(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = false;
        self.changed.notify_all();
    }
}

impl Input {
    /// Starts to read.
    pub(super) fn read() -> Self {
        let (sender, events) = mpsc::channel(QUEUE);
        let gate = Arc::new(Gate::new());
        let reading = Arc::clone(&gate);
        thread::spawn(move || {
            loop {
                reading.pass();
                if sender.blocking_send(event::read()).is_err() {
                    return;
                }
            }
        });
        let (told, gone) = oneshot::channel();
        thread::spawn(move || {
            wait_for_hangup();
            // Nobody listens if the console has ended.
            let _ = told.send(());
        });
        Self { events, gone, gate }
    }

    /// Leaves the terminal's input to somebody else: once this returns true, nothing is read until [`Input::resume`].
    /// What has been read and not taken is dropped: it was typed for whoever comes next, and can't be handed over.
    pub(super) async fn pause(&mut self) -> bool {
        let closing = self.gate.close();
        // The thread waits for an event: this one is harmless, and it comes at once.
        let nudged = kill_process(getpid(), Signal::WINCH).is_ok();
        let mut waiting = self.gate.waiting.subscribe();
        let parked = async {
            loop {
                tokio::select! {
                    seen = waiting.wait_for(|seen| *seen == closing) => return seen.is_ok(),
                    event = self.events.recv() => if event.is_none() { return false },
                }
            }
        };
        let paused = timeout(PATIENCE, parked).await.unwrap_or(false) && nudged;
        while self.events.try_recv().is_ok() {}
        if !paused {
            self.gate.open();
        }
        paused
    }

    /// Reads again.
    pub(super) fn resume(&self) {
        self.gate.open();
    }

    /// The next event that means something; none if the terminal is gone.
    ///
    /// # Errors
    /// If the terminal can't be read.
    pub(super) async fn next(&mut self) -> io::Result<Option<Msg>> {
        loop {
            let event = tokio::select! {
                biased;
                _ = &mut self.gone => return Ok(None),
                event = self.events.recv() => event,
            };
            // It ends by nothing else.
            let Some(event) = event else { return Err(io::Error::other("a bug in ivschat: reading keys has ended")) };
            if let Some(msg) = message(event?) {
                return Ok(Some(msg));
            }
        }
    }
}

/// Returns when the terminal is gone. Asking for no event leaves those that are always told: hang-up and error.
fn wait_for_hangup() {
    let stdin = io::stdin();
    loop {
        let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
        match poll(&mut fds, None) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            Ok(_) | Err(_) => return,
        }
    }
}

/// What an event means to the console, if anything.
fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(event) => {
            let key = key(event)?;
            match event.kind {
                KeyEventKind::Press => Some(Msg::Key(key)),
                KeyEventKind::Repeat => Some(Msg::Held(key)),
                KeyEventKind::Release => None,
            }
        }
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(width, height) => Some(Msg::Resize(width, height)),
        Event::Mouse(event) => mouse(event),
        Event::FocusGained | Event::FocusLost => None,
    }
}

/// What was done with the mouse, if it is one of the things that mean something. With a key held it is the terminal's.
fn mouse(event: MouseEvent) -> Option<Msg> {
    let deed = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Deed::Click,
        MouseEventKind::ScrollUp => Deed::WheelUp,
        MouseEventKind::ScrollDown => Deed::WheelDown,
        _ => return None,
    };
    let plain = event.modifiers.is_empty();
    plain.then_some(Msg::Mouse(Mouse { deed, column: event.column, row: event.row }))
}

fn key(event: KeyEvent) -> Option<Key> {
    let code = match event.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    let held = |modifier| event.modifiers.contains(modifier);
    Some(Key { code, ctrl: held(KeyModifiers::CONTROL), alt: held(KeyModifiers::ALT) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_gate_that_is_closed_again_at_once_still_holds_the_thread_and_says_so() {
        let gate = Arc::new(Gate::new());
        let first = gate.close();
        let passing = Arc::clone(&gate);
        let thread = thread::spawn(move || passing.pass());
        let mut waiting = gate.waiting.subscribe();
        waiting.wait_for(|seen| *seen == first).await.unwrap();
        gate.open();
        let second = gate.close();
        // It may have slipped through between the two, and then it is not held.
        while *waiting.borrow_and_update() != second && !thread.is_finished() {
            thread::yield_now();
        }
        let held = !thread.is_finished();
        assert_eq!(
            held,
            *waiting.borrow_and_update() == second,
            "either it says that it is held, or it has gone through"
        );
        gate.open();
        thread.join().unwrap();
    }

    #[tokio::test]
    async fn a_reading_thread_that_ends_is_a_bug_and_not_a_terminal_that_is_gone() {
        let (sender, events) = mpsc::channel(1);
        let (_told, gone) = oneshot::channel();
        let mut input = Input { events, gone, gate: Arc::new(Gate::new()) };
        drop(sender);
        let error = input.next().await.unwrap_err();
        assert!(error.to_string().contains("a bug in ivschat"), "{error}");
    }

    #[test]
    fn a_held_key_is_told_from_a_pressed_one_and_a_release_is_nothing() {
        let event = |kind| Event::Key(KeyEvent::new_with_kind(KeyCode::Char('d'), KeyModifiers::NONE, kind));
        assert!(matches!(message(event(KeyEventKind::Press)), Some(Msg::Key(key)) if key == Key::char('d')));
        assert!(matches!(message(event(KeyEventKind::Repeat)), Some(Msg::Held(_))));
        assert!(message(event(KeyEventKind::Release)).is_none());
    }

    #[test]
    fn of_the_mouse_only_a_click_and_the_wheel_mean_something() {
        let event = |kind| Event::Mouse(MouseEvent { kind, column: 7, row: 3, modifiers: KeyModifiers::NONE });
        let click = message(event(MouseEventKind::Down(MouseButton::Left)));
        assert!(matches!(click, Some(Msg::Mouse(Mouse { deed: Deed::Click, column: 7, row: 3 }))), "{click:?}");
        assert!(matches!(message(event(MouseEventKind::ScrollUp)), Some(Msg::Mouse(_))));
        let nothing = [MouseEventKind::Moved, MouseEventKind::Down(MouseButton::Right)];
        assert!(nothing.into_iter().all(|kind| message(event(kind)).is_none()));
    }

    #[test]
    fn control_and_shifted_tab_are_read() {
        let ctrl = Event::Key(KeyEvent::new(KeyCode::Char('r'), KeyModifiers::CONTROL));
        assert!(matches!(message(ctrl), Some(Msg::Key(key)) if key == Key::ctrl('r')));
        let back = Event::Key(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT));
        assert!(matches!(message(back), Some(Msg::Key(key)) if key.code == Code::BackTab));
    }
}
