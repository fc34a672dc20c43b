//! What comes from the terminal: its events as the console's messages, and the news that it is gone.

use std::{io, thread};

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::{mpsc, oneshot};

use crate::app::Msg;
use crate::app::key::{Code, Key};

/// Events that may wait to be taken; beyond it they wait in the terminal.
const QUEUE: usize = 256;

/// The events of the terminal, read by a thread of its own: reading the rest of an escape sequence may block, and when
/// the terminal goes away crossterm reads nothing for ever, as fast as it can (crossterm #793). Neither may happen in
/// the loop.
#[derive(Debug)]
pub(super) struct Input {
    events: mpsc::Receiver<io::Result<Event>>,
    gone: oneshot::Receiver<()>,
}

impl Input {
    /// Starts to read.
    pub(super) fn read() -> Self {
        let (sender, events) = mpsc::channel(QUEUE);
        thread::spawn(move || while sender.blocking_send(event::read()).is_ok() {});
        let (told, gone) = oneshot::channel();
        thread::spawn(move || {
            wait_for_hangup();
            // Nobody listens if the console has ended.
            let _ = told.send(());
        });
        Self { events, gone }
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
            let Some(event) = event else { return Ok(None) };
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
        Event::FocusGained | Event::FocusLost | Event::Mouse(_) => None,
    }
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

    #[test]
    fn a_held_key_is_told_from_a_pressed_one_and_a_release_is_nothing() {
        let event = |kind| Event::Key(KeyEvent::new_with_kind(KeyCode::Char('d'), KeyModifiers::NONE, kind));
        assert!(matches!(message(event(KeyEventKind::Press)), Some(Msg::Key(key)) if key == Key::char('d')));
        assert!(matches!(message(event(KeyEventKind::Repeat)), Some(Msg::Held(_))));
        assert!(message(event(KeyEventKind::Release)).is_none());
    }

    #[test]
    fn control_and_shifted_tab_are_read() {
        let ctrl = Event::Key(KeyEvent::new(KeyCode::Char('r'), KeyModifiers::CONTROL));
        assert!(matches!(message(ctrl), Some(Msg::Key(key)) if key == Key::ctrl('r')));
        let back = Event::Key(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT));
        assert!(matches!(message(back), Some(Msg::Key(key)) if key.code == Code::BackTab));
    }
}
