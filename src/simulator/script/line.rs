//! A line that somebody may say: a text with blanks that are filled anew each time.
//!
//! `{word}` is one of a list of words, `{someone}` another person's name, `{10..50}` a whole number, `{400*ha}` a text
//! so many times over; `{{` and `}}` are braces.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use fastrand::Rng;

/// The lists that `{word}` picks from, by name.
pub(super) type Words = BTreeMap<String, Arc<[String]>>;

/// The most code points that a blank of the form `{400*ha}` may make.
const MOST_REPEATED: usize = 10_000;

/// A line, taken apart once so that saying it is quick.
#[derive(Debug, Clone)]
pub(in crate::simulator) struct Line(Vec<Part>);

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Word(Arc<[String]>),
    Someone,
    Number(i64, i64),
}

impl Line {
    /// Takes a line apart.
    ///
    /// # Errors
    /// What is wrong with a blank, in words.
    pub(super) fn parse(text: &str, words: &Words) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
                continue;
            }
            let (blank, after) = rest
                .split_once('}')
                .filter(|_| brace == "{")
                .ok_or("a brace has no partner; write {{ or }} for a brace itself")?;
            rest = after;
            match Self::blank(blank, words)? {
                Part::Text(text) => plain.push_str(&text),
                part => {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                    parts.push(part);
                }
            }
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        Ok(Self(parts))
    }

    fn blank(blank: &str, words: &Words) -> Result<Part, String> {
        if blank == "someone" {
            return Ok(Part::Someone);
        }
        if let Some(list) = words.get(blank) {
            return Ok(Part::Word(Arc::clone(list)));
        }
        if let Some((from, to)) = blank.split_once("..") {
            return match (from.parse(), to.parse()) {
                (Ok(from), Ok(to)) if from <= to => Ok(Part::Number(from, to)),
                _ => Err(format!("{{{blank}}} should be two whole numbers, the smaller first, such as {{10..50}}")),
            };
        }
        if let Some((times, what)) = blank.split_once('*') {
            let times: usize = times.parse().map_err(|_| format!("{{{blank}}} should start with a whole number"))?;
            if times.saturating_mul(what.chars().count()) > MOST_REPEATED {
                return Err(format!("{{{blank}}} makes more than {MOST_REPEATED} characters"));
            }
            return Ok(Part::Text(what.repeat(times)));
        }
        let known: Vec<&str> = words.keys().map(String::as_str).collect();
        Err(format!("no list in [words] is called {blank:?}; there are: {}", known.join(", ")))
    }

    /// The line with its blanks filled; `someone` is whose name `{someone}` stands for.
    pub(in crate::simulator) fn say(&self, rng: &mut Rng, someone: &str) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Word(list) => text.push_str(rng.choice(list.iter()).map_or("", String::as_str)),
                Part::Someone => text.push_str(someone),
                Part::Number(from, to) => {
                    // Writing to a String can't fail.
                    let _ = write!(text, "{}", rng.i64(*from..=*to));
                }
            }
        }
        text
    }
}
