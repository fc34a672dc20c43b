//! A field of a form: what it is called, what it is for, and what is typed into it.

use super::Entry;

/// A labelled entry.
#[derive(Debug)]
pub struct Field {
    /// The member of the operation's input that it fills, as the service model spells it.
    pub(super) member: &'static str,
    pub(super) label: &'static str,
    pub(super) help: &'static str,
    pub(super) entry: Entry,
    pub(super) hidden: bool,
    /// Something was typed into it.
    pub(super) touched: bool,
    /// Its problems count whether or not anything was typed into it.
    pub(super) tried: bool,
    /// What became of the last paste.
    pub(super) note: Option<&'static str>,
}

impl Field {
    /// A field for `member`, under `label`; `help` is the sentence that is shown while it has the keys.
    pub fn new(member: &'static str, label: &'static str, help: &'static str, entry: impl Into<Entry>) -> Self {
        Self { member, label, help, entry: entry.into(), hidden: false, touched: false, tried: false, note: None }
    }

    pub(super) fn changed(&mut self) {
        self.touched = true;
        self.note = None;
    }

    /// Whether a problem with `member` is a problem of this field: `tags.team` is one of `tags`.
    pub(super) fn owns(&self, member: &str) -> bool {
        let Some(rest) = member.strip_prefix(self.member) else {
            return member.eq_ignore_ascii_case(self.member);
        };
        rest.is_empty() || rest.starts_with(['.', '['])
    }
}
