//! Groups of rooms, as the configuration names them.

use std::collections::BTreeMap;

use crate::api::Arn;

use super::reasons::fits;

/// How a filter asks for a group: `group:eu`.
pub const WORD: &str = "group:";

/// Groups by name, each with the names, ids or ARNs of its rooms, in which `*` stands for anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups(BTreeMap<String, Vec<String>>);

impl Groups {
    /// These groups.
    pub fn new(groups: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        Self(groups.into_iter().collect())
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there is one of this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The groups that a room is in.
    pub fn of(&self, room: &Arn, name: &str) -> impl Iterator<Item = &str> {
        let meant = move |pattern: &String| [name, room.id(), room.as_str()].iter().any(|text| fits(pattern, text));
        let groups = self.0.iter().filter(move |(_, rooms)| rooms.iter().any(meant));
        groups.map(|(group, _)| group.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_in_the_groups_that_name_it() {
        let arn: Arn = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".parse().unwrap();
        let own = |rooms: &[&str]| rooms.iter().map(|room| (*room).to_owned()).collect::<Vec<_>>();
        let groups = Groups::new([
            ("lobbies".to_owned(), own(&["lobby-*"])),
            ("ids".to_owned(), own(&["x", "AbCdEf*"])),
            ("west".to_owned(), own(&["arn:*:us-west-2:*"])),
            ("others".to_owned(), own(&["quiz"])),
        ]);
        assert_eq!(groups.of(&arn, "lobby-main").collect::<Vec<_>>(), ["ids", "lobbies", "west"]);
        assert_eq!(groups.of(&arn, "").collect::<Vec<_>>(), ["ids", "west"]);
    }
}
