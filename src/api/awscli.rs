//! A call as the AWS CLI would make it: a command line for tickets, runbooks and the curious. Pure.
//!
//! It holds text that other people wrote, and it will be pasted into a shell. So it holds no character that is not
//! seen, the shell gets back exactly the words that are meant, and the CLI takes each of them for what it is.

use std::fmt::{self, Write as _};

use http::Method;
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::operation::Call;

/// Where a command goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The profile whose account is meant, unless the environment says it.
    pub profile: Option<String>,
    /// The region.
    pub region: String,
    /// The endpoint, if it is not the region's own.
    pub endpoint: Option<String>,
}

/// A command of the AWS CLI (version 1 or 2). Its [`Display`](fmt::Display) is a line for any POSIX shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    words: Vec<String>,
}

impl Command {
    /// The command that makes this call.
    pub fn of(call: &Call, place: &Place) -> Self {
        let input = input(call);
        let mut words = vec!["aws".to_owned(), call.service.signing_name().to_owned(), kebab(call.spec.name)];
        if input.values().all(can_be_a_word) {
            for (member, value) in &input {
                push_member(&mut words, member, value);
            }
        } else {
            // The CLI has no way to quote: what it would read as something else goes in as JSON, as a whole.
            words.extend(["--cli-input-json".to_owned(), json(&Value::Object(input))]);
        }
        if let Some(profile) = &place.profile {
            words.extend(["--profile".to_owned(), profile.clone()]);
        }
        words.extend(["--region".to_owned(), place.region.clone()]);
        if let Some(endpoint) = &place.endpoint {
            words.extend(["--endpoint-url".to_owned(), endpoint.clone()]);
        }
        Self { words }
    }

    /// The words, as the shell hands them to the program.
    pub fn words(&self) -> &[String] {
        &self.words
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted: Vec<String> = self.words.iter().map(|word| quote(word)).collect();
        f.write_str(&quoted.join(" "))
    }
}

/// The operation's input as the service model has it, wherever its members travel: in the body, in the path, in the
/// query.
fn input(call: &Call) -> Map<String, Value> {
    let request = &call.request;
    let mut input = Map::new();
    if let Some(label) = request.path.strip_prefix("/tags/") {
        let arn = percent_decode_str(label).decode_utf8_lossy().into_owned();
        input.insert("resourceArn".to_owned(), Value::String(arn));
    }
    if request.method == Method::DELETE {
        let keys = request.query.iter().map(|(_, value)| Value::String(value.clone()));
        input.insert("tagKeys".to_owned(), keys.collect());
    }
    if let Some(Value::Object(body)) = &request.body {
        input.extend(body.iter().map(|(member, value)| (member.clone(), value.clone())));
    }
    input
}

/// `maximumMessageLength` as `maximum-message-length`.
fn kebab(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len() + 8);
    for (index, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && index > 0 {
            kebab.push('-');
        }
        kebab.push(c.to_ascii_lowercase());
    }
    kebab
}

fn push_member(words: &mut Vec<String>, member: &str, value: &Value) {
    let option = format!("--{}", kebab(member));
    match value {
        Value::String(text) if text.starts_with('-') => words.push(format!("{option}={text}")),
        Value::String(text) => words.extend([option, text.clone()]),
        Value::Array(items) => match plain_items(items) {
            Some(items) => {
                words.push(option);
                words.extend(items.map(ToOwned::to_owned));
            }
            None => words.extend([option, json(value)]),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => words.extend([option, json(value)]),
    }
}

/// The items of a list, if each can be a word of its own. The CLI reads a lone word that starts with `[` as JSON, one
/// that starts with `-` as an option.
fn plain_items(items: &[Value]) -> Option<impl Iterator<Item = &str>> {
    let fits = |item: &Value| {
        let text = item.as_str().unwrap_or_default().trim_start();
        !text.is_empty() && !text.starts_with(['[', '{', '-']) && can_be_a_word(item)
    };
    (!items.is_empty() && items.iter().all(fits)).then(|| items.iter().filter_map(Value::as_str))
}

/// Whether the CLI takes the value for what it is, and the reader sees all of it. Of a value that starts like a URL the
/// CLI fetches the file, and a lone `--` ends the options.
fn can_be_a_word(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let fetched = ["file://", "fileb://", "http://", "https://"];
            !fetched.iter().any(|scheme| text.starts_with(scheme)) && text != "--" && !text.chars().any(is_hidden)
        }
        // As JSON they start with a bracket, and what is hidden in them is escaped.
        Value::Array(_) | Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Whether nobody would see a character on the line, or a terminal would act on it. What holds emoji together may stay.
fn is_hidden(c: char) -> bool {
    let joins = matches!(c, '\u{200d}' | '\u{fe0f}');
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}')
        || (!joins && CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c))
}

/// JSON on one line, with what is hidden written as `\u001b`.
fn json(value: &Value) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        // Hidden characters only occur inside of texts, where an escape is allowed.
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// A word as a POSIX shell reads it back.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,=".contains(c);
    if !word.is_empty() && !word.starts_with('=') && word.chars().all(plain) {
        return word.to_owned();
    }
    // Between single quotes nothing has a meaning, history's `!` included, but the quote itself.
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;
