//! The form kit: labelled fields that are typed into, each with its limit, its help and its problem beside it.
//!
//! A [`Form`] holds what was typed and nothing of what it is for: that is a dialog's business. It is laid out as lines,
//! so that it scrolls like any page.

mod choice;
mod draw;
mod entry;
mod field;
mod number;
mod pairs;
mod prose;
mod several;
mod text;
mod told;

use std::collections::BTreeMap;

pub use choice::Choice;
pub use draw::Layout;
pub use entry::Entry;
pub use field::Field;
pub use number::Number;
pub use pairs::{Measure, Pairs};
pub use prose::Prose;
pub use several::{Item, Several};
pub use text::Text;
pub(in crate::app) use text::line as typed_line;

use crate::api::error::Problem;
use crate::app::key::Key;
use crate::app::keys::Command;

use entry::Pressed;

/// Fields, one of which takes the keys.
#[derive(Debug)]
pub struct Form {
    fields: Vec<Field>,
    focus: usize,
}

impl Form {
    /// A form with the keys in its first field.
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields, focus: 0 }
    }

    /// Whether something was typed, chosen or pasted.
    pub fn is_touched(&self) -> bool {
        self.fields.iter().any(|field| field.touched)
    }

    /// Whether what it opens with is already worth keeping, as if it had been typed.
    pub fn set_touched(&mut self, touched: bool) {
        for field in &mut self.fields {
            field.touched = touched;
        }
    }

    /// Takes a key; true if it changed what the form holds.
    pub fn press(&mut self, key: Key, command: Option<Command>) -> bool {
        match command {
            Some(Command::NextField) => self.step(true),
            Some(Command::PreviousField) => self.step(false),
            Some(_) | None => return self.type_key(key),
        }
        false
    }

    fn type_key(&mut self, key: Key) -> bool {
        let field = &mut self.fields[self.focus];
        match field.entry.press(key) {
            Pressed::Changed => {
                field.changed();
                true
            }
            Pressed::Leave(forward) => {
                self.go(forward);
                false
            }
            Pressed::Moved | Pressed::Ignored => false,
        }
    }

    /// Takes pasted text, which lands in the field that has the keys.
    pub fn paste(&mut self, text: &str) {
        let field = &mut self.fields[self.focus];
        let note = field.entry.paste(text);
        field.changed();
        field.note = note;
    }

    /// Tab: to the next stop in this field, if it has several, or else to the next field.
    fn step(&mut self, forward: bool) {
        if !self.fields[self.focus].entry.step(forward) {
            self.go(forward);
        }
    }

    fn go(&mut self, forward: bool) {
        let count = self.fields.len();
        let mut next = self.focus;
        for _ in 0..count {
            next = (next + if forward { 1 } else { count - 1 }) % count;
            if !self.fields[next].hidden {
                break;
            }
        }
        if next != self.focus {
            self.focus = next;
            self.fields[next].entry.enter(forward);
        }
    }

    /// Gives the keys to the first field that has one of these problems.
    pub fn focus_on_problem(&mut self, problems: &[Problem]) {
        if let Some(found) = problems.iter().filter_map(|problem| self.owner(&problem.member)).min() {
            self.focus = found;
        }
    }

    /// Gives the keys to this field.
    pub fn focus_on(&mut self, member: &str) {
        if let Some(found) = self.fields.iter().position(|field| field.member == member) {
            self.focus = found;
        }
    }

    /// The member of the field that has the keys.
    pub fn focused(&self) -> &'static str {
        self.fields[self.focus].member
    }

    /// Shows or hides a field. What it holds is kept.
    pub fn show(&mut self, member: &str, shown: bool) {
        self.field_mut(member).hidden = !shown;
    }

    /// All problems count from now on, also those of fields that nobody has been to.
    pub fn touch_all(&mut self) {
        for field in &mut self.fields {
            field.tried = true;
        }
    }

    /// The problems that have a field here, and those that have none.
    pub fn sort_problems<'a>(&self, problems: &'a [Problem]) -> (Vec<&'a Problem>, Vec<&'a Problem>) {
        problems.iter().partition(|problem| self.owner(&problem.member).is_some())
    }

    /// The field that a problem with `member` belongs to: of those that are shown, the one that names it most closely.
    fn owner(&self, member: &str) -> Option<usize> {
        let owners = self.fields.iter().enumerate().filter(|(_, field)| !field.hidden && field.owns(member));
        owners.max_by_key(|(_, field)| field.member.len()).map(|(index, _)| index)
    }

    /// A field's entry, to be read.
    ///
    /// # Panics
    /// If the form has no such field, as with all that ask for a field by name.
    pub fn entry(&self, member: &str) -> &Entry {
        let found = self.fields.iter().find(|field| field.member == member);
        &found.expect("a form is asked for its own fields").entry
    }

    /// A field's entry, to be filled from elsewhere: that counts as typed.
    pub fn entry_mut(&mut self, member: &str) -> &mut Entry {
        let field = self.field_mut(member);
        field.changed();
        &mut field.entry
    }

    fn field_mut(&mut self, member: &str) -> &mut Field {
        let found = self.fields.iter_mut().find(|field| field.member == member);
        found.expect("a form is asked for its own fields")
    }

    /// What a text field holds.
    pub fn text(&self, member: &str) -> &str {
        match self.entry(member) {
            Entry::Text(text) => text.value(),
            _ => unreachable!("{member} is a text"),
        }
    }

    /// What a field of several lines holds.
    pub fn prose(&self, member: &str) -> String {
        match self.entry(member) {
            Entry::Prose(prose) => prose.value(),
            _ => unreachable!("{member} is prose"),
        }
    }

    /// What a number field holds; nothing if it is empty.
    ///
    /// # Errors
    /// If it holds something that is not a whole number.
    pub fn number(&self, member: &'static str) -> Result<Option<u32>, Problem> {
        match self.entry(member) {
            Entry::Number(number) => number.value().map_err(|why| Problem::new(member, why)),
            _ => unreachable!("{member} is a number"),
        }
    }

    /// Which of a choice's values is chosen.
    pub fn choice(&self, member: &str) -> &str {
        match self.entry(member) {
            Entry::Choice(choice) => choice.value(),
            _ => unreachable!("{member} is a choice"),
        }
    }

    /// The ids that are checked, in the order in which they are listed.
    pub fn checked(&self, member: &str) -> Vec<String> {
        match self.entry(member) {
            Entry::Several(several) => several.checked(),
            _ => unreachable!("{member} is several of a list"),
        }
    }

    /// What rows of keys and values hold.
    ///
    /// # Errors
    /// If a key is there twice, or a value has no key.
    pub fn pairs(&self, member: &'static str) -> Result<BTreeMap<String, String>, Problem> {
        match self.entry(member) {
            Entry::Pairs(pairs) => pairs.value().map_err(|why| Problem::new(member, why)),
            _ => unreachable!("{member} is pairs"),
        }
    }
}
