//! Keys of the reader's own, by the place where they mean something.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::app::keys::{Keymap, Wish, rebind};

use super::path::Path;
use super::problem::{Problem, suggestion};

/// One key, several, or none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Keys(pub Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;

        impl<'de> Visitor<'de> for Written {
            type Value = Keys;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a key, such as \"d\" or \"C-x\", or a list of keys")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Keys, E> {
                Ok(Keys(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some(key) = list.next_element()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }

        deserializer.deserialize_any(Written)
    }
}

/// Keys by place and by the command's name.
pub type Bindings = BTreeMap<String, BTreeMap<String, Keys>>;

/// What keys do with these in the place of the table's.
pub fn keymap(bindings: &Bindings) -> Keymap {
    Keymap::with(&wishes(bindings)).0
}

fn wishes(bindings: &Bindings) -> Vec<Wish<'_>> {
    let mut wishes = Vec::new();
    for (place, commands) in bindings {
        wishes.extend(commands.iter().map(|(name, keys)| Wish { place, name, keys: &keys.0 }));
    }
    wishes
}

/// What is wrong with these.
pub(super) fn check(bindings: &Bindings, at: &Path, problems: &mut Vec<Problem>) {
    let places = rebind::PLACES.map(|(place, _)| place);
    let (known, unknown): (Bindings, Bindings) =
        bindings.clone().into_iter().partition(|(place, _)| places.contains(&place.as_str()));
    for place in unknown.keys() {
        problems.push(Problem::new(at.key(place), format!("is not known{}", suggestion(place, &places, "known here"))));
    }
    let wishes = wishes(&known);
    for (wish, why) in Keymap::with(&wishes).1 {
        problems.push(Problem::new(at.key(wishes[wish].place).key(wishes[wish].name), why));
    }
}
