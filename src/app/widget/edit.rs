//! Keys and pasted text into a line of text.

use tui_input::{Input, InputRequest};

use crate::app::key::{Code, Key};

/// Carries out what a key does to a line of text; false if it does nothing.
pub fn press(input: &mut Input, key: Key) -> bool {
    let Some(request) = request(key) else { return false };
    input.handle(request);
    true
}

/// Inserts pasted text; line ends and other controls become blanks.
pub fn paste(input: &mut Input, text: &str) {
    let at = input.cursor();
    let safe = |c: char| if c.is_control() { ' ' } else { c };
    // At once: key by key a long text would take minutes.
    let (before, after) = (input.value().chars().take(at), input.value().chars().skip(at));
    let value: String = before.chain(text.chars().map(safe)).chain(after).collect();
    *input = Input::new(value).with_cursor(at + text.chars().count());
}

fn request(key: Key) -> Option<InputRequest> {
    Some(match (key.code, key.ctrl) {
        (Code::Char(c), false) if !key.alt => InputRequest::InsertChar(c),
        (Code::Backspace, false) | (Code::Char('h'), true) => InputRequest::DeletePrevChar,
        (Code::Delete, _) => InputRequest::DeleteNextChar,
        (Code::Left, false) | (Code::Char('b'), true) => InputRequest::GoToPrevChar,
        (Code::Right, false) | (Code::Char('f'), true) => InputRequest::GoToNextChar,
        (Code::Left, true) => InputRequest::GoToPrevWord,
        (Code::Right, true) => InputRequest::GoToNextWord,
        (Code::Home, _) | (Code::Char('a'), true) => InputRequest::GoToStart,
        (Code::End, _) | (Code::Char('e'), true) => InputRequest::GoToEnd,
        (Code::Char('w') | Code::Backspace, true) => InputRequest::DeletePrevWord,
        (Code::Char('u'), true) => InputRequest::DeleteLine,
        (Code::Char('k'), true) => InputRequest::DeleteTillEnd,
        _ => return None,
    })
}
