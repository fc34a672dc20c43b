//! What was found: lines for a person, JSON for a program, and an exit code for both.

use std::fmt;

use serde_json::{Value, json};

use crate::app::text::{clean, escape_json};
use crate::exit::Exit;

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// All is well.
    Ok,
    /// It works, and somebody should know.
    Warn,
    /// It does not work.
    Fail(Blame),
}

/// Who is to do something about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// Who sits here: the configuration, the credentials, the network.
    Ours,
    /// Who gives permissions: the service said no.
    Service,
}

impl Mark {
    fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail(_) => "fail",
        }
    }
}

/// One thing that was looked at. All texts are safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub what: &'static str,
    /// How it went.
    pub mark: Mark,
    /// What was found.
    pub words: String,
    /// What helps, if something is to be done.
    pub remedy: Option<String>,
}

impl Check {
    /// A finding.
    pub fn new(what: &'static str, mark: Mark, words: impl fmt::Display) -> Self {
        Self { what, mark, words: safe(&words.to_string()), remedy: None }
    }

    /// The same, with what helps.
    #[must_use]
    pub fn with_remedy(self, remedy: impl fmt::Display) -> Self {
        Self { remedy: Some(safe(&remedy.to_string())), ..self }
    }

    fn json(&self) -> Value {
        json!({ "check": self.what, "mark": self.mark.name(), "words": self.words, "remedy": self.remedy })
    }
}

/// One line, whatever the text is made of.
fn safe(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| clean(line.trim()).as_str().to_owned()).collect();
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.mark {
            Mark::Ok => "ok  ",
            Mark::Warn => "warn",
            Mark::Fail(_) => "FAIL",
        };
        write!(f, "{mark}  {:<14}  {}", self.what, self.words)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n                      -> {remedy}"),
            None => Ok(()),
        }
    }
}

/// Everything that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order in which it was looked at.
    pub checks: Vec<Check>,
}

impl Report {
    fn count(&self, is: impl Fn(Mark) -> bool) -> usize {
        self.checks.iter().filter(|check| is(check.mark)).count()
    }

    /// What it comes to, in a line.
    pub fn summary(&self) -> String {
        let failed = self.count(|mark| matches!(mark, Mark::Fail(_)));
        let (ok, warned) = (self.count(|mark| mark == Mark::Ok), self.count(|mark| mark == Mark::Warn));
        format!("{ok} ok, {warned} to know, {failed} failed")
    }

    /// What the shell is told: what is to be put right here comes before what the service refuses.
    pub fn exit(&self) -> Exit {
        if self.count(|mark| mark == Mark::Fail(Blame::Ours)) > 0 {
            Exit::Settings
        } else if self.count(|mark| mark == Mark::Fail(Blame::Service)) > 0 {
            Exit::Refused
        } else {
            Exit::Done
        }
    }

    /// The same for a program, with nothing in it that a terminal would obey.
    pub fn json(&self) -> String {
        let checks: Vec<_> = self.checks.iter().map(Check::json).collect();
        let ok = self.exit() == Exit::Done;
        let value = json!({ "version": env!("CARGO_PKG_VERSION"), "ok": ok, "checks": checks });
        escape_json(&serde_json::to_string_pretty(&value).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(marks: &[Mark]) -> Report {
        Report { checks: marks.iter().map(|mark| Check::new("x", *mark, "a\u{1b}[31m\nb")).collect() }
    }

    #[test]
    fn what_is_ours_to_put_right_decides_the_exit_code() {
        assert_eq!(report(&[Mark::Ok, Mark::Warn]).exit(), Exit::Done);
        assert_eq!(report(&[Mark::Fail(Blame::Service), Mark::Ok]).exit(), Exit::Refused);
        assert_eq!(report(&[Mark::Fail(Blame::Service), Mark::Fail(Blame::Ours)]).exit(), Exit::Settings);
        assert_eq!(report(&[Mark::Ok, Mark::Warn, Mark::Fail(Blame::Ours)]).summary(), "1 ok, 1 to know, 1 failed");
    }

    #[test]
    fn nothing_in_it_is_obeyed() {
        let report = report(&[Mark::Warn]);
        assert_eq!(report.checks[0].words, "a␛[31m; b");
        assert!(!report.json().contains('\u{1b}'));
    }
}
