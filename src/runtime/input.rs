//! The terminal's events as the console's messages.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::app::Msg;
use crate::app::key::{Code, Key};

/// What an event means to the console, if anything.
pub(super) fn message(event: Event) -> Option<Msg> {
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
