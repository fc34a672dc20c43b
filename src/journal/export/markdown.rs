//! A change as a paragraph that people read, and in which nothing that somebody wrote is markup.

use std::fmt::Write as _;

/// What markdown, in any of its kinds, may take for more than itself.
const MARKS: &str = "\\`*_{}[]()<>#+!|~&$^@";

/// Appends a paragraph; the first three cells are its head, and cells without a text are left out.
pub(super) fn paragraph(out: &mut String, cells: &[(&str, String)]) {
    let (head, facts) = cells.split_at(cells.len().min(3));
    let head: Vec<_> = head.iter().map(|(_, text)| escaped(text)).collect();
    let _ = writeln!(out, "\n## {}\n", head.join(" "));
    for (name, text) in facts.iter().filter(|(_, text)| !text.is_empty()) {
        let name = match *name {
            "reason" => "reason (public)",
            "note" => "note (private)",
            "latency_ms" => "latency in ms",
            "request_id" => "request id",
            other => other,
        };
        let _ = writeln!(out, "- {name}: {}", escaped(text));
    }
}

/// A text as itself. Line ends were made visible before.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        // Some kinds make links of addresses that nobody has marked as one.
        let is_address = (c == ':' && chars.peek() == Some(&'/')) || (c == '.' && ends_in_www(&out));
        if MARKS.contains(c) || is_address {
            out.push('\\');
        }
        // A line's end here would begin something new.
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

fn ends_in_www(text: &str) -> bool {
    text.len().checked_sub(3).and_then(|at| text.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}
