//! Whether a journal is as it was written: each line by its own check, and their order by the hash of the line before. Pure.

use std::fmt;

use super::chain::{self, START, Tie};

/// A line of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}", self.file, self.line)
    }
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is not as it was written.
    Changed,
    /// It was written behind another line than the one that stands before it.
    Astray,
    /// It was cut short, and nothing behind it says so.
    Torn,
    /// It is the last one, and cut short.
    CutShort,
    /// It repairs what is not there.
    Mended,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Changed => "it was changed",
            Self::Astray => "it does not follow the line before: lines are missing, changed or in another order",
            Self::Torn => "it was cut short or changed, and no repair behind it vouches for it",
            Self::CutShort => "it is cut short; the next change repairs that",
            Self::Mended => "it repairs a line that was cut short, and that line is missing",
        })
    }
}

/// What is wrong with a journal, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub place: Place,
    /// What.
    pub wrong: Wrong,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.wrong)
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that were looked at.
    pub files: usize,
    /// Lines in them.
    pub lines: usize,
    /// Whether the first line is the first that was ever written: what came before is not here otherwise.
    pub from_the_beginning: bool,
    /// Lines that were cut short, as when a console was killed, and the line behind says so.
    pub repaired: Vec<Place>,
    /// What is wrong, in the order of the lines.
    pub flaws: Vec<Flaw>,
}

/// Checks the files of a journal, oldest first. The first may go on from one that is not here any more.
pub fn verify<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Report {
    let mut walk = Walk::default();
    let mut files = files.into_iter().peekable();
    while let Some((file, bytes)) = files.next() {
        walk.file(file, bytes, files.peek().is_none());
    }
    walk.report
}

/// One walk over the lines, file by file.
#[derive(Debug, Default)]
pub struct Walk {
    /// What was found so far.
    pub report: Report,
    /// The hash of the line before; none if it is not known.
    before: Option<String>,
}

impl Walk {
    /// The next file is not the one that follows: what it goes on from is not here.
    pub fn skip(&mut self) {
        self.before = None;
    }

    /// The next file; `is_last` if it ends the journal.
    pub fn file(&mut self, file: &str, bytes: &[u8], is_last: bool) {
        let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        // What stands behind the last line's end.
        let rest = lines.pop().unwrap_or_default();
        // Where what was cut short begins.
        let mut torn = 0;
        for (index, line) in lines.iter().enumerate() {
            self.report.from_the_beginning |= self.report.lines == 0 && is_first(line);
            self.report.lines += 1;
            match Tie::of(line) {
                Some(tie) => self.line(file, index, &tie, &lines[torn..index], chain::hash(line)),
                None if chain::is_torn(line) => continue,
                None => {
                    self.torn(file, torn, index);
                    self.flaw(file, index, Wrong::Changed);
                    self.before = None;
                }
            }
            torn = index + 1;
        }
        self.report.files += 1;
        self.report.lines += usize::from(!rest.is_empty());
        if is_last && (torn < lines.len() || !rest.is_empty()) {
            self.flaw(file, torn, Wrong::CutShort);
        } else if !rest.is_empty() {
            self.torn(file, torn, lines.len() + 1);
        } else {
            self.torn(file, torn, lines.len());
        }
    }

    /// A line that is as it was written, behind some that were cut short.
    fn line(&mut self, file: &str, index: usize, tie: &Tie, torn: &[&[u8]], hash: String) {
        let from = index - torn.len();
        let named = if torn.is_empty() { None } else { Some(chain::hash(&torn.join(&b'\n'))) };
        // Before a repair named the line before and what was cut short each for itself, it named what was cut short alone.
        let is_old = tie.torn.is_none() && named.as_ref() == Some(&tie.prev);
        if !torn.is_empty() && tie.is_repair() && (is_old || tie.torn == named) {
            self.report.repaired.push(Place { file: file.to_owned(), line: from + 1 });
        } else {
            self.torn(file, from, index);
        }
        if torn.is_empty() && tie.torn.is_some() {
            self.flaw(file, index, Wrong::Mended);
        } else if !is_old && self.before.as_ref().is_some_and(|before| *before != tie.prev) {
            self.flaw(file, index, Wrong::Astray);
        }
        self.before = Some(hash);
    }

    /// These lines were cut short, and nothing says so.
    fn torn(&mut self, file: &str, from: usize, to: usize) {
        if from < to {
            self.flaw(file, from, Wrong::Torn);
            self.before = None;
        }
    }

    fn flaw(&mut self, file: &str, index: usize, wrong: Wrong) {
        self.report.flaws.push(Flaw { place: Place { file: file.to_owned(), line: index + 1 }, wrong });
    }
}

fn is_first(line: &[u8]) -> bool {
    Tie::of(line).is_some_and(|tie| tie.prev == START)
}
