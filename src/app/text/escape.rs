//! JSON for eyes and clipboards: what a terminal obeys, or nobody sees, is written as an escape, and nothing is lost.

use std::fmt::Write;

use unicode_segmentation::UnicodeSegmentation;

use super::clean::{is_ignorable, is_mark, push_cluster};

/// The same JSON without a character that [`clean`](super::clean) would take out or show as another: within its texts
/// these are escapes. JSON writers leave DEL, C1 controls, bidirectional controls and line separators as they are.
pub fn escape_json(json: &str) -> String {
    escape(json, |cluster, shown| push_cluster(shown, cluster))
}

/// The same with everything that can't be seen as an escape, honest joiners, too: to look into a text.
pub fn escape_all_hidden(json: &str) -> String {
    escape(json, |cluster, shown| push_cluster(shown, cluster) || cluster.chars().any(is_ignorable))
}

fn escape(json: &str, mut alters: impl FnMut(&str, &mut String) -> bool) -> String {
    if json.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)) {
        return json.to_owned();
    }
    let mut escaped = String::with_capacity(json.len());
    let mut shown = String::with_capacity(json.len());
    for cluster in json.graphemes(true) {
        // Within its texts, JSON has no line ends of its own: these are between them.
        if !alters(cluster, &mut shown) || matches!(cluster, "\n" | "\r\n" | "\r" | "\t") {
            escaped.push_str(cluster);
            continue;
        }
        for c in cluster.chars() {
            if c.is_control() || is_ignorable(c) || is_mark(c) || matches!(c, '\u{2028}' | '\u{2029}') {
                push_escape(&mut escaped, c);
            } else {
                escaped.push(c);
            }
        }
    }
    escaped
}

fn push_escape(text: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(text, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::text::{clean, is_safe};

    fn json(text: &str) -> String {
        serde_json::to_string_pretty(&serde_json::json!({ "text": text })).unwrap()
    }

    #[test]
    fn what_is_hidden_or_obeyed_is_an_escape() {
        let raw = json("a\u{202e}b\u{9b}\u{7f}\u{2028}\u{e0041}c\n👩\u{200d}👧 é");
        assert_eq!(
            escape_json(&raw),
            "{\n  \"text\": \"a\\u202eb\\u009b\\u007f\\u2028\\udb40\\udc41c\\n👩\u{200d}👧 é\"\n}"
        );
        assert!(escape_all_hidden(&raw).contains("👩\\u200d👧"));
    }

    #[test]
    fn it_means_the_same_and_every_line_is_shown_as_it_is() {
        proptest::proptest!(|(text in "\\PC*|[\\x00-\\xff\u{300}\u{2000}-\u{206f}\u{fe0f}\u{e0020}-\u{e007f}👩🏴]*")| {
            for escape in [escape_json, escape_all_hidden] {
                let escaped = escape(&json(&text));
                let back: serde_json::Value = serde_json::from_str(&escaped).unwrap();
                proptest::prop_assert_eq!(back["text"].as_str(), Some(&*text));
                for line in escaped.lines() {
                    proptest::prop_assert!(is_safe(line));
                    let shown = clean(line);
                    proptest::prop_assert_eq!(shown.as_str(), line);
                }
            }
        });
    }
}
