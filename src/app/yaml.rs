//! YAML, for copying and for editing: the only place that knows the crate behind it.

use serde_json::Value;

/// Why a text is not YAML, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotYaml {
    /// Counted from 1; 0 if there is no saying where.
    pub line: usize,
    /// Counted from 1; 0 if there is no saying where.
    pub column: usize,
    /// What is wrong; it may quote the text.
    pub message: String,
}

/// A JSON value as YAML, with a line end behind it. Texts that YAML would read as something else are quoted.
pub fn to_yaml(value: &Value) -> String {
    // Texts stay on one line each, or a long one would be folded.
    let options = serde_saphyr::ser_options! { compact_list_indent: false, prefer_block_scalars: false };
    // JSON has nothing that YAML can't hold.
    let text = serde_saphyr::to_string_with_options(value, options).unwrap_or_else(|_| value.to_string());
    if text.ends_with('\n') { text } else { text + "\n" }
}

/// The one document in a text, as JSON.
///
/// # Errors
/// If it is not YAML, holds a member twice, or more than one document.
pub fn from_yaml(text: &str) -> Result<Value, NotYaml> {
    // `name: yes` means a text, as YAML 1.2 has it.
    let options = serde_saphyr::options! { with_snippet: false, strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let at = error.location();
        let number = |n: Option<u64>| n.and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
        let message = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
        // The place is told apart from the words.
        let message =
            at.and_then(|at| message.strip_suffix(&format!(" at line {}, column {}", at.line(), at.column())));
        let message = message.map_or_else(|| error.render(), ToOwned::to_owned);
        NotYaml { line: number(at.map(|at| at.line())), column: number(at.map(|at| at.column())), message }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_that_look_like_something_else_are_quoted() {
        for text in
            ["yes", "no", "on", "off", "null", "~", "01", "1e3", "0x1f", "1_000", "12:30", "true", "", " x", "- a"]
        {
            let yaml = to_yaml(&json!({ "name": text }));
            assert_eq!(from_yaml(&yaml), Ok(json!({ "name": text })), "{yaml}");
            assert!(!yaml.contains(&format!(": {text}\n")), "{yaml}");
        }
        for text in
            ["on: x", "a #b", "@a", "*a", "&a", "!a", "%a", "{a}", "[a]", "a\nb\n", "\u{1b}[31m", "\u{85}", "'", "é"]
        {
            let yaml = to_yaml(&json!({ "name": text }));
            assert_eq!(from_yaml(&yaml), Ok(json!({ "name": text })), "{yaml}");
        }
    }

    #[test]
    fn members_keep_their_order_and_lists_their_depth() {
        let room = json!({"name": "lobby", "handler": {"uri": "", "fallback": "ALLOW"}, "logs": ["a", "b"], "tags": {}, "none": []});
        let yaml = to_yaml(&room);
        assert_eq!(
            yaml,
            "name: lobby\nhandler:\n  uri: \"\"\n  fallback: ALLOW\nlogs:\n  - a\n  - b\ntags: {}\nnone: []\n"
        );
    }

    #[test]
    fn yes_is_a_text_and_a_long_text_is_one_line() {
        assert_eq!(from_yaml("a: yes\nb: true"), Ok(json!({"a": "yes", "b": true})));
        let long = json!({ "a": "word ".repeat(60) });
        assert_eq!(to_yaml(&long).lines().count(), 1);
        assert_eq!(from_yaml(&to_yaml(&long)), Ok(long));
    }

    #[test]
    fn what_is_not_yaml_is_told_with_its_place() {
        let error = from_yaml("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
        assert!(error.line >= 2 && error.column >= 1 && !error.message.is_empty(), "{error:?}");
        let error = from_yaml("name: a\nname: b\n").unwrap_err();
        let twice = NotYaml { line: 2, column: 1, message: "duplicate mapping key: name not allowed here".to_owned() };
        assert_eq!(error, twice);
        assert!(from_yaml("a: 1\n---\nb: 2\n").is_err(), "two documents");
        assert_eq!(from_yaml("# nothing\n"), Ok(Value::Null));
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_written_as_it_is() {
        let yaml = to_yaml(&json!({ "text": "\u{1b}]52;c;x\u{7}\u{9b}\u{202e}" }));
        assert!(!yaml.contains(|c: char| c.is_control() && c != '\n'), "{yaml:?}");
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in any::<String>(), key in "[a-z ]{1,8}") {
            let value = json!({ key: [text] });
            prop_assert_eq!(from_yaml(&to_yaml(&value)), Ok(value));
        }
    }
}
