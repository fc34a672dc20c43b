//! What is asked of the rows of a feed: words, phrases, `from:`, `is:`, `room:` and regular expressions, `-` for not.

use regex::{Regex, RegexBuilder};

use crate::app::commands::nearest;
use crate::app::text::skeleton;

use super::phrase::{Bare, Phrase};
use super::row::{Body, Fate, Notice, Row, Said};

/// What a compiled expression may take of memory: a bound on what one line of typing can cost.
const EXPRESSION_BYTES: usize = 1 << 20;

/// What is not in the row itself.
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts, not a state")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts<'a> {
    /// Whether it is marked.
    pub marked: bool,
    /// Whether its user is watched.
    pub watched: bool,
    /// Whether there is a note about its user.
    pub noted: bool,
    /// Whether others say the same.
    pub repeated: bool,
    /// What the room is called.
    pub room: &'a str,
}

/// A query: all of its terms must hold. An empty one lets everything through.
#[derive(Debug, Clone, Default)]
pub struct Query {
    terms: Vec<Term>,
}

/// A part of a query.
#[derive(Debug, Clone)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    /// It is said, or it is in the name.
    Words(Needle),
    /// It is said.
    Text(Needle),
    /// Name or id begin with it.
    From(String),
    /// The room's name has it.
    Room(String),
    /// It is such a row.
    Is(Kind),
    /// The expression matches what is said.
    Expression(Regex),
}

/// Words to look for, in any case and through tricks.
#[derive(Debug, Clone)]
struct Needle {
    /// In lower case.
    plain: String,
    skeleton: String,
    phrase: Option<Phrase>,
}

/// Rows of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Flagged,
    Deleted,
    Standing,
    Failed,
    Link,
    First,
    Watched,
    Noted,
    Marked,
    Event,
    Repeat,
}

/// The kinds by their names.
const KINDS: [(&str, Kind); 11] = [
    ("flagged", Kind::Flagged),
    ("deleted", Kind::Deleted),
    ("standing", Kind::Standing),
    ("failed", Kind::Failed),
    ("link", Kind::Link),
    ("first", Kind::First),
    ("watched", Kind::Watched),
    ("noted", Kind::Noted),
    ("marked", Kind::Marked),
    ("event", Kind::Event),
    ("repeat", Kind::Repeat),
];

/// What can stand before a colon.
const FIELDS: [&str; 4] = ["from", "is", "room", "text"];

/// The language in a few lines, for whoever asks.
pub const HELP: &[(&str, &str)] = &[
    ("free coins", "both words, in text or name, through tricks with letters"),
    ("\"free coins\"", "these words in this order"),
    ("text:nadia", "in the text, not in the name"),
    ("from:nadia", "name, name#id, #id or user id begins with it"),
    ("is:flagged", "or deleted, standing, failed, marked, watched, noted"),
    ("is:link", "or first, repeat, event"),
    ("room:lobby", "the room's name has it"),
    ("/colou?rs?/", "a regular expression over the text; (?-i) minds case"),
    ("-is:deleted", "not: - goes before any of these"),
];

/// The language as Markdown, for the README.
pub fn markdown() -> String {
    let rows = HELP.iter().map(|(written, help)| format!("| `{written}` | {help} |\n"));
    format!("| typed after `/` | |\n|---|---|\n{}", rows.collect::<String>())
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// If it means nothing: where and why, counted in characters from 1; with what was typed in it, not yet safe to show.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text, at: 1 };
        let mut terms = Vec::new();
        while reader.skip_blanks() {
            terms.push(reader.term()?);
        }
        Ok(Self { terms })
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether what it lets through changes when a rule flags a row that came before.
    pub fn asks_for_flags(&self) -> bool {
        self.terms.iter().any(|term| matches!(term.test, Test::Is(Kind::Flagged)))
    }

    /// Whether what it lets through changes when somebody is watched or noted, or is not any more.
    pub fn asks_for_people(&self) -> bool {
        self.terms.iter().any(|term| matches!(term.test, Test::Is(Kind::Watched | Kind::Noted)))
    }

    /// Whether a row is meant.
    pub fn matches(&self, row: &Row, facts: &Facts) -> bool {
        self.terms.iter().all(|term| term.test.holds(row, facts) != term.negated)
    }
}

impl Test {
    fn holds(&self, row: &Row, facts: &Facts) -> bool {
        match (self, &row.body) {
            (Self::Room(name), _) => facts.room.to_lowercase().contains(name),
            (Self::Is(kind), body) => kind.is_that_of(body, facts),
            (Self::Words(needle), Body::Message(said)) => {
                said.by.label().to_lowercase().contains(&needle.plain) || needle.is_in(said.text.as_str())
            }
            (Self::Text(needle), Body::Message(said)) => needle.is_in(said.text.as_str()),
            (Self::From(start), Body::Message(said)) => is_from(said, start),
            (Self::Expression(expression), Body::Message(said)) => expression.is_match(said.text.as_str()),
            (Self::Words(needle) | Self::Text(needle), Body::Notice(notice)) => {
                notice.words().to_lowercase().contains(&needle.plain)
            }
            (Self::Expression(expression), Body::Notice(notice)) => expression.is_match(&notice.words()),
            (Self::From(_), Body::Notice(_)) => false,
        }
    }
}

fn is_from(said: &Said, start: &str) -> bool {
    let begins = |text: &str| text.to_lowercase().starts_with(start);
    match start.strip_prefix('#') {
        Some(short) => said.by.short().starts_with(short),
        None => begins(&said.by.label()) || begins(&said.by.user_id),
    }
}

impl Kind {
    fn is_that_of(self, body: &Body, facts: &Facts) -> bool {
        match body {
            Body::Message(said) => self.is_that_of_message(said, facts),
            Body::Notice(notice) => {
                let event = matches!(notice, Notice::Event { .. } | Notice::Disconnected { .. });
                self == Self::Event && event || self == Self::Marked && facts.marked
            }
        }
    }

    fn is_that_of_message(self, said: &Said, facts: &Facts) -> bool {
        match self {
            Self::Flagged => said.signs.flag.is_some(),
            Self::Deleted => matches!(said.fate, Fate::Deleted { .. }),
            Self::Standing => said.is_standing(),
            Self::Failed => matches!(said.fate, Fate::Failed(_)),
            Self::Link => said.signs.links > 0,
            Self::First => said.signs.first,
            Self::Watched => facts.watched,
            Self::Noted => facts.noted,
            Self::Marked => facts.marked,
            Self::Repeat => facts.repeated,
            Self::Event => false,
        }
    }
}

impl Needle {
    fn new(text: &str) -> Self {
        Self { plain: text.to_lowercase(), skeleton: skeleton(text), phrase: Phrase::new(text) }
    }

    fn is_in(&self, text: &str) -> bool {
        if text.to_lowercase().contains(&self.plain) {
            return true;
        }
        // Most texts are done with here: what runs and words are costs more to find out.
        let Some(phrase) = self.phrase.as_ref().filter(|_| skeleton(text).contains(&self.skeleton)) else {
            return false;
        };
        Bare::of(text).holds(phrase)
    }
}

/// A regular expression as people type it: in any case, and bounded in what it may cost.
///
/// # Errors
/// Why it means nothing, in one line.
pub fn expression(text: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(text)
        .case_insensitive(true)
        .size_limit(EXPRESSION_BYTES)
        .dfa_size_limit(EXPRESSION_BYTES)
        .nest_limit(100)
        .build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "is too large: it repeats too much too often".to_owned(),
        // The crate draws an arrow below the expression; its last line says what is wrong.
        error => {
            let words = error.to_string();
            let last = words.lines().last().unwrap_or_default();
            format!("means nothing: {}", last.trim_start_matches("error: "))
        }
    })
}

/// What is still to be read.
struct Reader<'a> {
    rest: &'a str,
    /// Its first character, counted from 1.
    at: usize,
}

impl<'a> Reader<'a> {
    /// Goes on to the next term; false if there is none.
    fn skip_blanks(&mut self) -> bool {
        let blanks = self.rest.len() - self.rest.trim_start().len();
        self.take(blanks);
        !self.rest.is_empty()
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        self.at += taken.chars().count();
        taken
    }

    fn wrong<T>(at: usize, why: &str) -> Result<T, String> {
        Err(format!("character {at}: {why}"))
    }

    fn term(&mut self) -> Result<Term, String> {
        let at = self.at;
        let negated = self.rest.starts_with('-');
        self.take(usize::from(negated));
        if negated && self.rest.chars().next().is_none_or(char::is_whitespace) {
            return Self::wrong(at, "- needs something behind it: -spam, -is:deleted, or \"-\" for itself");
        }
        let test = match self.rest.chars().next() {
            Some('"') => Test::Words(Needle::new(&self.value("\"")?)),
            Some('/') => self.expression()?,
            _ => self.word()?,
        };
        Ok(Term { negated, test })
    }

    /// A word, or a field and its value.
    fn word(&mut self) -> Result<Test, String> {
        let at = self.at;
        let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
        let Some((field, _)) = self.rest[..end].split_once(':') else {
            return Ok(Test::Words(Needle::new(self.take(end))));
        };
        let field = field.to_lowercase();
        if !FIELDS.contains(&field.as_str()) {
            let near = nearest(&field, FIELDS).filter(|_| field.len() > 1 && field.len() < 7);
            return match near {
                Some(near) => Self::wrong(at, &format!("there is no {field}: but {near}: (quotes make it a word)")),
                None => Ok(Test::Words(Needle::new(self.take(end)))),
            };
        }
        self.take(field.len() + 1);
        let from = self.at;
        let value = self.value(&format!("{field}:"))?;
        match field.as_str() {
            "from" => Ok(Test::From(value.to_lowercase())),
            "room" => Ok(Test::Room(value.to_lowercase())),
            "text" => Ok(Test::Text(Needle::new(&value))),
            _ => Self::kind(from, &value),
        }
    }

    fn kind(at: usize, name: &str) -> Result<Test, String> {
        let name = name.to_lowercase();
        if let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == name) {
            return Ok(Test::Is(*kind));
        }
        let names = KINDS.map(|(name, _)| name);
        match nearest(&name, names) {
            Some(near) => Self::wrong(at, &format!("there is no is:{name}: did you mean is:{near}?")),
            None => Self::wrong(at, &format!("there is no is:{name}, but {}", names.join(", "))),
        }
    }

    /// A word, or a phrase in quotes.
    fn value(&mut self, before: &str) -> Result<String, String> {
        let at = self.at;
        let value = if self.rest.starts_with('"') {
            self.take(1);
            let Some(end) = self.rest.find('"') else { return Self::wrong(at, "this \" is not closed") };
            let value = self.take(end);
            self.take(1);
            value
        } else {
            self.take(self.rest.find(char::is_whitespace).unwrap_or(self.rest.len()))
        };
        if value.trim().is_empty() {
            return Self::wrong(at, &format!("{before} needs something behind it"));
        }
        Ok(value.to_owned())
    }

    /// From a slash to one with a blank or nothing behind it: slashes inside need no care.
    fn expression(&mut self) -> Result<Test, String> {
        let at = self.at;
        self.take(1);
        let ends = |index: &usize| self.rest[index + 1..].chars().next().is_none_or(char::is_whitespace);
        let Some(end) = self.rest.match_indices('/').map(|(index, _)| index).find(ends) else {
            return Self::wrong(at, "this / is not closed: /expression/");
        };
        let text = self.take(end);
        self.take(1);
        if text.is_empty() {
            return Self::wrong(at, "there is no expression between the slashes");
        }
        expression(text).map(Test::Expression).or_else(|why| Self::wrong(at, &format!("the expression {why}")))
    }
}

#[cfg(test)]
mod tests;
