//! How lines are written and tied together, so that one changed byte is found. Pure.

use std::fmt::{self, Write as _};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::record::{Body, Line};

/// What the very first line has in place of the hash of the line before.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Digits of a line's own check: enough to find damage; against forgery there is the chain.
const CHECK: usize = 16;

/// SHA-256 of a line without its end, in hexadecimal.
pub fn hash(line: &[u8]) -> String {
    let mut text = String::with_capacity(START.len());
    for byte in Sha256::digest(line) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The line as it is written, with its end: the members, then `prev`, the hash of the line before, then `check`, the start of
/// the hash of all that stands before it, without which nothing would vouch for the last line.
///
/// # Panics
/// Never: a line is a JSON object with text keys.
pub fn write(line: &Line, prev: &str) -> String {
    let json = serde_json::to_string(line).expect("a line of the journal is a JSON object");
    let members = json.strip_suffix('}').unwrap_or(&json);
    let text = plain(&format!("{members},\"prev\":\"{prev}\""));
    let check = hash(text.as_bytes());
    format!("{text},\"check\":\"{}\"}}\n", &check[..CHECK])
}

/// Escapes what a terminal obeys or reorders by: people look into files with `cat`. In JSON such characters stand in texts
/// only, so an escape is the same text.
fn plain(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric() {
            text.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

/// Reads a line, if it is one.
pub fn read(line: &[u8]) -> Option<Line> {
    serde_json::from_slice(line).ok()
}

/// What is wrong with a journal, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for Flaw {}

/// Checks the files of a journal, oldest first, and says how many lines they have. The first file may go on from one that is
/// not here any more.
///
/// # Errors
/// The first line that is not as it was written.
pub fn verify<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<usize, Flaw> {
    let mut before: Option<String> = None;
    let mut count = 0;
    for (file, bytes) in files {
        let flaw = |line, what| Flaw { file: file.to_owned(), line, what };
        if bytes.is_empty() {
            continue;
        }
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        let (last, lines) = lines.split_last().unwrap_or((&bytes, &[]));
        for (index, line) in lines.iter().enumerate() {
            let repaired = || lines.get(index + 1).is_some_and(|next| is_repair_of(next, line));
            match prev_of(line) {
                Some(prev) if before.as_ref().is_none_or(|before| *before == prev) => {}
                Some(_) => {
                    return Err(flaw(index + 1, "it does not follow the line before: lines are missing or changed"));
                }
                None if repaired() => {}
                None => return Err(flaw(index + 1, "it was changed")),
            }
            before = Some(hash(line));
            count += 1;
        }
        if !last.is_empty() {
            return Err(flaw(lines.len() + 1, "it is cut short; the next change repairs that"));
        }
    }
    Ok(count)
}

/// The hash that a line holds of the line before, if the line is as it was written.
fn prev_of(line: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Tie {
        prev: String,
    }
    let text = str::from_utf8(line).ok()?;
    read(line)?;
    let (members, check) = text.strip_suffix("\"}")?.rsplit_once(",\"check\":\"")?;
    let tie: Tie = serde_json::from_slice(line).ok()?;
    (check.len() == CHECK && hash(members.as_bytes()).starts_with(check)).then_some(tie.prev)
}

fn is_repair_of(line: &[u8], torn: &[u8]) -> bool {
    let repair = read(line).is_some_and(|line| line.body == Body::Repair);
    repair && prev_of(line) == Some(hash(torn))
}
