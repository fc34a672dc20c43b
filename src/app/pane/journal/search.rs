//! What the Journal tab is searched by: words, all of which an entry must have somewhere.

use tui_input::Input;

use crate::api::Arn;
use crate::app::key::Key;
use crate::app::text::clean;
use crate::app::widget::edit;
use crate::journal::record::{End, Entry, Verdict};

/// The words.
#[derive(Debug, Default)]
pub struct Search {
    input: Input,
    words: Vec<String>,
}

impl Search {
    /// As they were typed, and where the caret is.
    pub fn text(&self) -> (&str, usize) {
        (self.input.value(), self.input.visual_cursor())
    }

    /// Whether everything is let through.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Other words in their place.
    pub fn set(&mut self, text: &str) {
        self.input = Input::new(text.to_owned());
        self.take_words();
    }

    /// A key is typed.
    pub fn press(&mut self, key: Key) {
        edit::press(&mut self.input, key);
        self.take_words();
    }

    /// Text is pasted.
    pub fn paste(&mut self, text: &str) {
        edit::paste(&mut self.input, text);
        self.take_words();
    }

    fn take_words(&mut self) {
        self.words = self.input.value().split_whitespace().map(str::to_lowercase).collect();
    }

    /// Whether an entry has all words. What is searched is what is shown and what was sent: `said` is the entry in words,
    /// `name` the name of what it is about.
    pub fn takes(&self, entry: &Entry, said: &str, name: Option<&str>) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let text = all_of(entry, said, name);
        self.words.iter().all(|word| text.contains(word))
    }
}

fn all_of(entry: &Entry, said: &str, name: Option<&str>) -> String {
    let act = &entry.act;
    let (request, made, outcome) = match &entry.end {
        End::Pending => (None, None, "pending".to_owned()),
        End::Lost => (None, None, "unknown".to_owned()),
        End::Over(over) => (over.request_id.as_deref(), over.made.as_ref(), verdict(&over.verdict)),
    };
    let time = entry.time.strftime("%F %H:%M:%SZ").to_string();
    let input = act.input.to_string();
    let arns = act.target.iter().chain(made).map(Arn::as_str);
    let others = [&act.user, &act.reason, &act.note, &act.rule, &act.text, &entry.actor];
    let others = others.into_iter().filter_map(|text| text.as_deref()).chain(request).chain(name).chain(arns);
    let mut text = [&time, said, &act.operation, &outcome, &input].join("\n");
    for other in others {
        text.push('\n');
        text.push_str(clean(other).as_str());
    }
    text.to_lowercase()
}

fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Done => "done".to_owned(),
        Verdict::Refused { code, message } => format!("refused {code} {message}"),
        Verdict::Failed { why } => format!("failed {why}"),
        Verdict::Unknown { why } => format!("unknown {why}"),
    }
}
