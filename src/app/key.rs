//! A key press, free of any terminal library, with the notation in which tests and people write it.

use std::fmt;
use std::str::FromStr;

/// What was pressed, modifiers aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character as typed: shift is in it.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Forward delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// A key press: `k`, `<enter>`, `<c-d>` (with control), `<a-x>` (with alt).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// What was pressed.
    pub code: Code,
    /// Control was held.
    pub ctrl: bool,
    /// Alt was held.
    pub alt: bool,
}

/// The named keys as they are written between angle brackets, and as people read them.
const NAMES: &[(Code, &str, &str)] = &[
    (Code::Char(' '), "space", "space"),
    (Code::Char('<'), "lt", "<"),
    (Code::Enter, "enter", "Enter"),
    (Code::Esc, "esc", "Esc"),
    (Code::Tab, "tab", "Tab"),
    (Code::BackTab, "backtab", "S-Tab"),
    (Code::Backspace, "backspace", "Backspace"),
    (Code::Delete, "delete", "Delete"),
    (Code::Up, "up", "Up"),
    (Code::Down, "down", "Down"),
    (Code::Left, "left", "Left"),
    (Code::Right, "right", "Right"),
    (Code::Home, "home", "Home"),
    (Code::End, "end", "End"),
    (Code::PageUp, "pageup", "PgUp"),
    (Code::PageDown, "pagedown", "PgDn"),
];

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// A character without modifiers.
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// A character with control.
    pub const fn ctrl(c: char) -> Self {
        Self { code: Code::Char(c), ctrl: true, alt: false }
    }

    /// Reads a key as people write it and as it is shown: `d`, `C-x`, `A-Enter`, `PgUp`; `<c-x>` will do, too.
    ///
    /// # Errors
    /// If it names no key.
    pub fn written(text: &str) -> Result<Self, NotWritten> {
        let unknown = || NotWritten(text.to_owned());
        let (mut rest, mut key) = (text, Self::char(' '));
        if let Some(inner) = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')) {
            rest = inner;
        }
        while let Some((modifier, after)) = rest.split_once('-').filter(|(_, after)| !after.is_empty()) {
            match modifier {
                "C" | "c" => key.ctrl = true,
                "A" | "a" => key.alt = true,
                _ => break,
            }
            rest = after;
        }
        let (wanted, mut chars) = (rest.to_lowercase(), rest.chars());
        let named = NAMES.iter().find(|(_, name, label)| *name == wanted || label.to_lowercase() == wanted);
        key.code = match (named, chars.next(), chars.next()) {
            (Some((code, _, _)), _, _) => *code,
            (None, Some(c), None) if !c.is_control() => Code::Char(c),
            _ => return Err(unknown()),
        };
        Ok(key)
    }

    /// Reads a row of key presses such as `/lobby<enter>`.
    ///
    /// # Errors
    /// If a `<` is not closed or names no key.
    pub fn sequence(text: &str) -> Result<Vec<Self>, NotAKey> {
        let mut keys = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = if first == '<' {
                rest.find('>').ok_or_else(|| NotAKey(rest.to_owned()))? + 1
            } else {
                first.len_utf8()
            };
            let (key, after) = rest.split_at(length);
            keys.push(key.parse()?);
            rest = after;
        }
        Ok(keys)
    }
}

/// A text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a key; write k, <enter>, <c-d> or <a-x>")]
pub struct NotAKey(pub String);

/// A text in the configuration that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a key: write d, C-x, A-x, Enter, Esc, Tab, space, Up or PgDn")]
pub struct NotWritten(pub String);

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || NotAKey(text.to_owned());
        let Some(inner) = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')) else {
            let mut chars = text.chars();
            let c = chars.next().ok_or_else(unknown)?;
            return if chars.next().is_none() { Ok(Self::char(c)) } else { Err(unknown()) };
        };
        let (ctrl, inner) = inner.strip_prefix("c-").map_or((false, inner), |inner| (true, inner));
        let (alt, inner) = inner.strip_prefix("a-").map_or((false, inner), |inner| (true, inner));
        let named = NAMES.iter().find(|(_, name, _)| *name == inner).map(|(code, _, _)| *code);
        let mut chars = inner.chars();
        let code = match (named, chars.next(), chars.next()) {
            (Some(code), _, _) => code,
            (None, Some(c), None) if ctrl || alt => Code::Char(c),
            _ => return Err(unknown()),
        };
        Ok(Self { code, ctrl, alt })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("C-")?;
        }
        if self.alt {
            f.write_str("A-")?;
        }
        match (NAMES.iter().find(|(code, _, _)| *code == self.code), self.code) {
            (Some((_, _, label)), _) => f.write_str(label),
            (None, Code::Char(c)) => write!(f, "{c}"),
            (None, other) => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_presses_is_read() {
        let keys = Key::sequence("/é<enter><c-d><lt>").unwrap();
        let expected = [Key::char('/'), Key::char('é'), Key::plain(Code::Enter), Key::ctrl('d'), Key::char('<')];
        assert_eq!(keys, expected);
    }

    #[test]
    fn a_key_is_written_as_it_is_shown() {
        for (text, wanted) in [
            ("d", Key::char('d')),
            ("D", Key::char('D')),
            ("C-x", Key::ctrl('x')),
            ("<c-x>", Key::ctrl('x')),
            ("PgUp", Key::plain(Code::PageUp)),
            ("pagedown", Key::plain(Code::PageDown)),
            ("S-Tab", Key::plain(Code::BackTab)),
            ("space", Key::char(' ')),
            ("-", Key::char('-')),
            ("C--", Key::ctrl('-')),
            ("<", Key::char('<')),
            ("C-A-Enter", Key { code: Code::Enter, ctrl: true, alt: true }),
        ] {
            assert_eq!(Key::written(text), Ok(wanted), "{text}");
        }
        for text in ["", "dd", "X-a", "Entr", "\u{1b}", "<>"] {
            assert!(Key::written(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_key_is_named() {
        for text in ["<", "<nope>", "<d>"] {
            assert!(Key::sequence(text).is_err(), "{text}");
        }
    }

    #[test]
    fn keys_are_shown_as_people_read_them() {
        let shown: Vec<_> = Key::sequence("k<c-d><pageup><space>").unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["k", "C-d", "PgUp", "space"]);
    }
}
