//! What is wrong with a configuration: where, what, and what was most likely meant.

use std::fmt;
use std::ops::Range;

use toml::de::Error;

use crate::nearest::nearest;

use super::path::{Path, Step};

/// Names that are listed if none is near.
const LISTED: usize = 14;
/// Columns of the text that are shown around a place.
const EXCERPT: usize = 72;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it is about; nowhere if the file as a whole can't be read.
    pub at: Path,
    /// The line of the file, from 1; 0 if there is none.
    pub line: usize,
    /// What is wrong, without the place.
    pub what: String,
    /// The line itself and a caret below it, if that helps.
    pub excerpt: Option<(String, String)>,
}

impl Problem {
    /// Something that is wrong at this place; the line is found later.
    pub(super) fn new(at: Path, what: impl Into<String>) -> Self {
        Self { at, line: 0, what: what.into(), excerpt: None }
    }

    /// A text that is not TOML.
    pub(super) fn not_toml(error: &Error, text: &str) -> Self {
        let span = error.span().unwrap_or_default();
        let (line, excerpt) = (line_of(text, span.start), excerpt(text, &span));
        let message = error.message().lines().next().unwrap_or_default();
        Self { at: Path::default(), line, what: format!("this is not TOML: {message}"), excerpt: Some(excerpt) }
    }
}

impl Problem {
    /// What it is about and what is wrong, without the line.
    pub fn words(&self) -> String {
        match self.at.0.last() {
            None => self.what.clone(),
            Some(Step::Key(_)) => format!("{} {}", self.at, self.what),
            Some(Step::Place(_)) => format!("{}: {}", self.at, self.what),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "{}: ", self.line)?;
        }
        f.write_str(&self.words())
    }
}

/// The line, from 1, in which this place of the text is.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// The line in which this stands, and a caret under where it begins.
fn excerpt(text: &str, span: &Range<usize>) -> (String, String) {
    let at = (0..=span.start.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let begin = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    let before = text[begin..at].chars().count();
    // A long line is shown around the place.
    let skipped = before.saturating_sub(EXCERPT / 2);
    let line = text[begin..end].chars().skip(skipped).take(EXCERPT);
    let line: String = line.map(|c| if c.is_control() { ' ' } else { c }).collect();
    (line, format!("{}^", " ".repeat(before - skipped)))
}

/// What is wrong, in words for people: serde's own are for programmers.
pub(super) fn in_words(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    let names = names(message);
    if let Some(rest) = message.strip_prefix("unknown field ") {
        return format!("is not known{}", suggestion(quoted(rest), &names[1..], "known here"));
    }
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        let found = quoted(rest);
        return format!("is {found:?}{}", suggestion(found, &names[1..], "it may be"));
    }
    if let Some(key) = missing(message) {
        return format!("lacks {key}");
    }
    for start in ["invalid type: ", "invalid value: ", "invalid length "] {
        if let Some((found, expected)) = message.strip_prefix(start).and_then(|rest| rest.split_once(", expected ")) {
            return format!("is {}, must be {}", found.replace('`', ""), kind(expected));
        }
    }
    match message.strip_prefix("wanted string or table") {
        Some(_) => "must be one of the words for it, in quotes".to_owned(),
        None => message.to_owned(),
    }
}

/// What a value should be, in words for people.
fn kind(expected: &str) -> String {
    match expected {
        "usize" | "u8" | "u16" | "u32" | "u64" => "a whole number, 0 or more".to_owned(),
        "a sequence" => "a list, in [ ]".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a map" => "a table, in { }".to_owned(),
        other if other.starts_with("struct ") => "a table".to_owned(),
        other => other.replace('`', ""),
    }
}

/// The key that should be there and is not, if that is what this message says.
pub(super) fn missing(message: &str) -> Option<&str> {
    message.strip_prefix("missing field ").map(quoted)
}

/// The name that was most likely meant, or all that there are.
pub(super) fn suggestion(found: &str, names: &[&str], known: &str) -> String {
    match nearest(found, names.iter().copied()) {
        Some(near) => format!(": did you mean {near}?"),
        None if names.is_empty() => String::new(),
        None => {
            let more = if names.len() > LISTED { " ..." } else { "" };
            format!("; {known}: {}{more}", names[..names.len().min(LISTED)].join(", "))
        }
    }
}

/// Whatever stands between backticks.
fn names(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

fn quoted(text: &str) -> &str {
    names(text).first().copied().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serde_s_words_become_ours() {
        for (message, wanted) in [
            (
                "unknown field `scrolback`, expected one of `user_id`, `scrollback`",
                "is not known: did you mean scrollback?",
            ),
            ("unknown field `xyzzy`, expected `count` or `seconds`", "is not known; known here: count, seconds"),
            ("unknown variant `of`, expected one of `auto`, `off`", "is \"of\": did you mean off?"),
            ("missing field `text`", "lacks text"),
            ("invalid type: integer `5`, expected a string", "is integer 5, must be a string"),
            ("something else", "something else"),
        ] {
            assert_eq!(in_words(message), wanted);
        }
    }

    #[test]
    fn the_caret_stands_under_the_place_in_a_long_line_too() {
        assert_eq!(excerpt("a = 1\nbé = = 2\n", &(11..12)), ("bé = = 2".to_owned(), "    ^".to_owned()));
        let long = format!("{}!{}", "x".repeat(500), "y".repeat(500));
        let (line, caret) = excerpt(&long, &(500..501));
        assert_eq!(line.chars().nth(caret.chars().count() - 1), Some('!'));
        assert!(line.chars().count() <= EXCERPT);
        assert_eq!(excerpt("", &(0..0)), (String::new(), "^".to_owned()));
    }
}
