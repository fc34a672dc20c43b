//! How lines are written and tied together, so that one changed byte is found. Pure.

use std::fmt::Write as _;
use std::ops::Range;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::record::Line;

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
pub fn plain(json: &str) -> String {
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

/// What a line says of its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tie {
    /// The hash of the line before.
    pub prev: String,
    /// What kind of line it is.
    pub kind: String,
    /// In a repair, the hash of what was cut short between the line before and this one.
    #[serde(default)]
    pub torn: Option<String>,
}

impl Tie {
    /// That of a line, if it is as it was written. A line of a kind that we do not know yet has one, too.
    pub fn of(line: &[u8]) -> Option<Self> {
        let (members, check) = parts(line)?;
        let tie = serde_json::from_slice(line).ok()?;
        hash(members).starts_with(check).then_some(tie)
    }

    /// Whether the line says that what stands before it was cut short.
    pub fn is_repair(&self) -> bool {
        self.kind == "repair"
    }
}

/// What a line's check vouches for, and the check.
fn parts(line: &[u8]) -> Option<(&[u8], &str)> {
    let text = str::from_utf8(line).ok()?;
    let (members, check) = text.strip_suffix("\"}")?.rsplit_once(",\"check\":\"")?;
    let is_check = check.len() == CHECK && check.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_check.then_some((members.as_bytes(), check))
}

/// Whether a line was cut short: it has not got as far as its check. One whose check is there and wrong was changed.
pub fn is_torn(line: &[u8]) -> bool {
    parts(line).is_none()
}

/// The end of a file, as the next line needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The last line that was not cut short; none if there is no such line in the file.
    pub line: Option<Range<usize>>,
    /// What was cut short behind it: a line, or several, if what was to repair it was cut short too.
    pub torn: Range<usize>,
    /// Whether the last of them has a line's end behind it.
    pub ended: bool,
}

impl End {
    /// The end of these bytes; none if it can't be told without what stands before them.
    pub fn of(bytes: &[u8], from_start: bool) -> Option<Self> {
        let text = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let ended = bytes.is_empty() || text.len() < bytes.len();
        let (mut end, mut torn) = (text.len(), text.len());
        loop {
            let start = match text[..end].iter().rposition(|byte| *byte == b'\n') {
                Some(at) => at + 1,
                None if from_start => 0,
                None => return None,
            };
            if !is_torn(&text[start..end]) {
                return Some(Self { line: Some(start..end), torn: torn..text.len(), ended });
            }
            torn = start;
            if start == 0 {
                return Some(Self { line: None, torn: 0..text.len(), ended });
            }
            end = start - 1;
        }
    }
}
