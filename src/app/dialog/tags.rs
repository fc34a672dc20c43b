//! The form for the tags of one resource: all of them at once, and only what is different is sent.

use std::collections::BTreeMap;

use crate::api::Arn;
use crate::api::error::Problem;
use crate::api::limit;
use crate::api::model::Tags;
use crate::api::ops::{TagResource, UntagResource};
use crate::app::change::{Change, Done, News, Topic};
use crate::app::deed::Deed;
use crate::app::widget::form::{Field, Form, Pairs};

use super::form::{Difference, FormDialog, Plan, Purpose};

const TAGS: &str = "tags";

/// The form for the tags of the resource that is called `name`, with the caret on the tag `at` if there is one.
pub fn edit(arn: Arn, name: String, tags: Tags, at: Option<&str>) -> FormDialog {
    let old = own_tags(tags);
    let mut pairs = Pairs::tags(&old);
    match at {
        Some(key) => pairs.go_to(key),
        None => pairs.go_to_end(),
    }
    FormDialog::new(Edit { arn, name, old }, form(pairs))
}

/// The same, with these tags already taken away, to be looked through.
pub fn remove(arn: Arn, name: String, tags: Tags, keys: &[String]) -> FormDialog {
    let old = own_tags(tags);
    let rest: Tags = old.iter().filter(|(key, _)| !keys.contains(key)).map(own).collect();
    FormDialog::new(Edit { arn, name, old }, form(Pairs::tags(&rest))).reviewing()
}

fn form(pairs: Pairs) -> Form {
    let help = "key = value, 50 at most; key 128, value 256 characters. Tab goes on, C-x takes a row away, pasted \
                lines of key=value become rows.";
    Form::new(vec![Field::new(TAGS, "Tags", help, pairs)])
}

/// AWS's own tags can't be changed and don't count: they are not offered.
fn own_tags(tags: Tags) -> Tags {
    tags.into_iter().filter(|(key, _)| !limit::is_reserved(key)).collect()
}

#[derive(Debug)]
struct Edit {
    arn: Arn,
    name: String,
    old: Tags,
}

impl Purpose for Edit {
    fn title(&self) -> String {
        format!("Tags of {}", self.name)
    }

    fn verb(&self) -> &'static str {
        "save"
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let new = form.pairs(TAGS).map_err(|problem| vec![problem])?;
        if new.len() > limit::TAGS_PER_RESOURCE {
            let words = format!("are {}, at most {} are allowed", new.len(), limit::TAGS_PER_RESOURCE);
            return Err(vec![Problem::new(TAGS, words)]);
        }
        let set: BTreeMap<String, String> =
            new.iter().filter(|(key, value)| self.old.get(*key) != Some(*value)).map(own).collect();
        let gone: Vec<String> = self.old.keys().filter(|key| !new.contains_key(*key)).cloned().collect();
        let differences = self.differences(&set, &gone);
        let mut changes = Vec::new();
        // What goes makes room for what comes.
        if !gone.is_empty() {
            changes.push(self.untag(gone)?);
        }
        if !set.is_empty() {
            changes.push(self.tag(set)?);
        }
        Ok(Plan { changes, differences, batch: None })
    }
}

fn own((key, value): (&String, &String)) -> (String, String) {
    (key.clone(), value.clone())
}

impl Edit {
    fn deed(&self) -> Deed {
        Deed { target: Some(self.arn.clone()), ..Deed::default() }
    }

    fn done(&self, set: Tags, gone: Vec<String>) -> impl FnOnce() -> Done + Send + use<> {
        let (of, name) = (self.arn.clone(), self.name.clone());
        move || Done { word: format!("saved the tags of {name}"), news: News::Tags { of, set, gone } }
    }

    fn tag(&self, tags: Tags) -> Result<Change, Vec<Problem>> {
        let operation = TagResource { resource_arn: self.arn.clone(), tags: tags.clone() };
        let done = self.done(tags, Vec::new());
        Change::checked(&operation, self.deed(), Topic::Tags(self.arn.clone()), |_| done())
    }

    fn untag(&self, tag_keys: Vec<String>) -> Result<Change, Vec<Problem>> {
        let operation = UntagResource { resource_arn: self.arn.clone(), tag_keys: tag_keys.clone() };
        let done = self.done(Tags::new(), tag_keys);
        Change::checked(&operation, self.deed(), Topic::Tags(self.arn.clone()), |_| done())
    }

    fn differences(&self, set: &Tags, gone: &[String]) -> Vec<Difference> {
        let absent = "(not there)".to_owned();
        let shown = |value: &String| if value.is_empty() { "(empty)".to_owned() } else { value.clone() };
        let changed = set.iter().map(|(key, value)| Difference {
            label: key.clone(),
            old: self.old.get(key).map_or_else(|| absent.clone(), shown),
            new: shown(value),
            note: "",
        });
        let removed = gone.iter().map(|key| Difference {
            label: key.clone(),
            old: self.old.get(key).map(shown).unwrap_or_default(),
            new: "(removed)".to_owned(),
            note: "",
        });
        changed.chain(removed).collect()
    }
}
