//! The form for the same tags on several rooms at once: what is set, what is taken away, and on which rooms.

use std::collections::BTreeMap;

use crate::api::error::Problem;
use crate::api::limit;
use crate::api::model::Tags;
use crate::api::ops::{TagResource, UntagResource};
use crate::api::{Arn, Operation};
use crate::app::change::{Change, Done, News, Topic};
use crate::app::deed::Deed;
use crate::app::widget::form::{Field, Form, Item, Pairs, Several};

use super::batch::{self, Batch};
use super::form::{FormDialog, Plan, Purpose};

const SET: &str = "tags";
const REMOVE: &str = "tagKeys";

/// A room that is to be tagged.
#[derive(Debug, Clone)]
pub struct Room {
    /// Its ARN.
    pub arn: Arn,
    /// What it is called.
    pub name: String,
    /// Its tags, as the list has them.
    pub tags: Tags,
}

/// The form for these rooms; `hidden` more are marked, but a filter hides them, and they are left alone.
pub fn edit(rooms: Vec<Room>, hidden: usize) -> FormDialog {
    let set = Field::new(
        SET,
        "Set",
        "Tags that all of them get, as key = value; a tag that is there gets this value. Pasted lines become rows.",
        Pairs::tags(&Tags::new()),
    );
    let items = keys(&rooms).into_iter().map(|(key, count)| {
        let note = format!("on {count} of {}", rooms.len());
        Item::new(key.clone(), &key, &note)
    });
    let remove = Several::new(items.collect(), &[], None, "none of them has a tag");
    let remove = Field::new(REMOVE, "Take away", "Space checks the keys of tags that are to go.", remove);
    FormDialog::new(Edit { rooms, hidden }, Form::new(vec![set, remove]))
}

/// The keys that can be taken away, and on how many rooms each is.
fn keys(rooms: &[Room]) -> BTreeMap<String, usize> {
    let mut keys = BTreeMap::new();
    for key in rooms.iter().flat_map(|room| room.tags.keys()).filter(|key| !limit::is_reserved(key)) {
        *keys.entry(key.clone()).or_default() += 1;
    }
    keys
}

#[derive(Debug)]
struct Edit {
    rooms: Vec<Room>,
    hidden: usize,
}

impl Purpose for Edit {
    fn title(&self) -> String {
        let hidden = match self.hidden {
            0 => String::new(),
            hidden => format!(" ({hidden} that the filter hides are left alone)"),
        };
        match self.rooms.as_slice() {
            [room] => format!("Set tags on {}{hidden}", room.name),
            rooms => format!("Set tags on {} rooms{hidden}", rooms.len()),
        }
    }

    fn verb(&self) -> &'static str {
        "do"
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let set = form.pairs(SET).map_err(|problem| vec![problem])?;
        let remove = form.checked(REMOVE);
        let problems = self.problems(&set, &remove);
        if !problems.is_empty() {
            return Err(problems);
        }
        let items: Vec<batch::Item> = self.rooms.iter().flat_map(|room| room.items(&set, &remove)).collect();
        let batch = (!items.is_empty()).then(|| Batch::new(&self.title(), items));
        Ok(Plan { batch, ..Plan::default() })
    }
}

impl Edit {
    fn problems(&self, set: &Tags, remove: &[String]) -> Vec<Problem> {
        let any = self.rooms.first().filter(|_| !set.is_empty());
        let tag = any.map(|room| TagResource { resource_arn: room.arn.clone(), tags: set.clone() });
        let mut problems = tag.map(|tag| tag.problems()).unwrap_or_default();
        let both = remove.iter().filter(|key| set.contains_key(*key));
        problems.extend(both.map(|key| Problem::new(REMOVE, format!("{key:?} is to be set and to be taken away"))));
        problems.extend(self.rooms.iter().filter_map(|room| {
            let counts = |key: &&String| !limit::is_reserved(key) && !remove.contains(key) && !set.contains_key(*key);
            let kept = room.tags.keys().filter(counts).count();
            let count = kept + set.len();
            let words =
                || format!("would be {count} on {}, at most {} are allowed", room.name, limit::TAGS_PER_RESOURCE);
            (count > limit::TAGS_PER_RESOURCE).then(|| Problem::new(SET, words()))
        }));
        problems
    }
}

impl Room {
    /// What has to be done to this room. What the list says of its tags may be old: what is to be set is set.
    fn items(&self, set: &Tags, remove: &[String]) -> Vec<batch::Item> {
        let remove: Vec<String> = remove.iter().filter(|key| self.tags.contains_key(*key)).cloned().collect();
        let mut items = Vec::new();
        // What goes makes room for what comes.
        if !remove.is_empty() {
            let label = format!("{}: take away {}", self.name, remove.join(", "));
            let untag = UntagResource { resource_arn: self.arn.clone(), tag_keys: remove.clone() };
            items.push(self.item(&label, untag, Tags::new(), remove));
        }
        if !set.is_empty() {
            let told: Vec<String> = set.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            let label = format!("{}: set {}", self.name, told.join(", "));
            let tag = TagResource { resource_arn: self.arn.clone(), tags: set.clone() };
            let item = self.item(&label, tag, set.clone(), Vec::new());
            items.push(if items.is_empty() { item } else { item.after_the_one_before() });
        }
        items
    }

    fn item<O: Operation>(&self, label: &str, operation: O, set: Tags, gone: Vec<String>) -> batch::Item {
        let (arn, name) = (self.arn.clone(), self.name.clone());
        batch::Item::new(label, move || {
            let deed = Deed { target: Some(arn.clone()), ..Deed::default() };
            let (word, news) = (
                format!("changed the tags of {name}"),
                News::Tags { of: arn.clone(), set: set.clone(), gone: gone.clone() },
            );
            Change::new(&operation, deed, Topic::Tags(arn.clone()), move |_| Done { word, news })
        })
    }
}
