//! Who has been seen in a room: a name to show, always with a short form of the id, as names are not unique.

use std::collections::HashMap;
use std::sync::Arc;

use crate::app::text::{Clean, clean};
use crate::messaging::frame::{Attributes, Sender};

/// Attributes in which applications keep the name to show, the first that is filled counts.
const NAME_ATTRIBUTES: [&str; 4] = ["displayName", "displayname", "username", "name"];

/// People that are remembered; beyond it the book is started anew, and rows keep those that they show.
const CAPACITY: usize = 50_000;

/// A user as a row shows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id in the user's token.
    pub user_id: Box<str>,
    /// The display name, or the id if there is none.
    pub name: Clean,
    /// Four hexadecimal digits made from the whole id: equal names with different digits are different users.
    pub short: [u8; 4],
    /// Picks the colour of the name.
    pub hue: u64,
    /// The attributes in the user's token.
    pub attributes: Attributes,
}

impl Person {
    fn new(sender: &Sender) -> Self {
        let name = NAME_ATTRIBUTES.iter().find_map(|name| sender.attributes.get(*name));
        let name = name.map(|name| name.trim()).filter(|name| !name.is_empty()).unwrap_or(&sender.user_id);
        let hash = fnv(&sender.user_id);
        let digit = |shift: u32| b"0123456789abcdef"[usize::try_from(hash >> shift & 0xf).unwrap_or_default()];
        Self {
            user_id: sender.user_id.as_str().into(),
            name: clean(name),
            short: [digit(12), digit(8), digit(4), digit(0)],
            hue: hash >> 16,
            attributes: sender.attributes.clone(),
        }
    }

    /// The four digits.
    pub fn short(&self) -> &str {
        std::str::from_utf8(&self.short).unwrap_or_default()
    }

    /// Name and short id, such as `nadia#a1b2`.
    pub fn label(&self) -> String {
        format!("{}#{}", self.name.as_str(), self.short())
    }
}

/// FNV-1a, folded: the digits must be the same on every machine and in every version, as people quote them.
fn fnv(text: &str) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash ^ hash >> 32
}

/// The people of a room, one entry a user and name.
#[derive(Debug, Default)]
pub struct People {
    seen: HashMap<Box<str>, Arc<Person>>,
}

impl People {
    /// The sender of a message. Changed attributes make a new entry: older rows keep the name that they came with.
    pub fn meet(&mut self, sender: &Sender) -> Arc<Person> {
        let known = self.seen.get(sender.user_id.as_str());
        if let Some(known) = known.filter(|known| known.attributes == sender.attributes) {
            return Arc::clone(known);
        }
        let person = Person::new(sender);
        if self.seen.len() >= CAPACITY {
            self.seen.clear();
        }
        let person = Arc::new(person);
        self.seen.insert(person.user_id.clone(), Arc::clone(&person));
        person
    }

    /// A user by id, if seen before.
    pub fn find(&self, user_id: &str) -> Option<&Arc<Person>> {
        self.seen.get(user_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(user_id: &str, name: &str) -> Sender {
        Sender { user_id: user_id.into(), attributes: [("displayName".to_owned(), name.to_owned())].into() }
    }

    #[test]
    fn equal_names_of_different_users_differ_in_their_digits() {
        let mut people = People::default();
        let (one, other) = (people.meet(&sender("u-1", "nadia")), people.meet(&sender("u-2", "nadia")));
        assert_eq!(one.name, other.name);
        assert_ne!(one.short(), other.short());
    }

    #[test]
    fn the_digits_stay_the_same_for_good() {
        assert_eq!(Person::new(&sender("nadia.55b2", "nadia")).label(), "nadia#e237");
    }

    #[test]
    fn a_blank_name_gives_way_to_the_id() {
        assert_eq!(Person::new(&sender("u-1", "  ")).name.as_str(), "u-1");
    }
}
