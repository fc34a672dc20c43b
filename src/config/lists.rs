//! What the lists show: their columns, and groups of rooms.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::{Deserialize, Serialize};

use crate::api::limit;
use crate::app::pane::columns::{self, Columns, LoggingColumn, RoomColumn};

use super::path::Path;
use super::problem::Problem;
use super::reason::check_rooms;

/// Characters of a group's name: it is typed, and a filter looks for it in small letters.
const NAME: limit::Text = limit::Text { min: 1, max: 24, chars: limit::Chars::LowercaseAnd("-_") };

/// The rooms' list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rooms {
    /// Its columns in order of worth: those come first for which there is always room.
    pub columns: Vec<RoomColumn>,
}

impl Default for Rooms {
    fn default() -> Self {
        Self { columns: columns::ROOMS.iter().map(|column| column.kind).collect() }
    }
}

/// The list of logging configurations.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Logging {
    /// Its columns in order of worth.
    pub columns: Vec<LoggingColumn>,
}

impl Default for Logging {
    fn default() -> Self {
        Self { columns: columns::LOGGING.iter().map(|column| column.kind).collect() }
    }
}

/// A group of rooms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Names, ids or ARNs, with `*` for anything.
    pub rooms: Vec<String>,
}

/// The columns that were chosen.
pub fn columns(rooms: &Rooms, logging: &Logging) -> Columns {
    Columns::new(&rooms.columns, &logging.columns)
}

/// What is wrong with the columns of a list, of which one of `names` must be there, or no row could be told from another.
pub(super) fn check_columns<K: Copy + PartialEq + Debug>(
    chosen: &[K],
    names: [K; 2],
    at: &Path,
    problems: &mut Vec<Problem>,
) {
    for (place, column) in chosen.iter().enumerate() {
        if chosen[..place].contains(column) {
            problems.push(Problem::new(at.place(place), "is there already"));
        }
    }
    if !chosen.iter().any(|column| names.contains(column)) {
        problems.push(Problem::new(at.clone(), "must have name or id: no row could be told from another"));
    }
}

/// What is wrong with groups.
pub(super) fn check_groups(groups: &BTreeMap<String, Group>, at: &Path, problems: &mut Vec<Problem>) {
    for (name, group) in groups {
        let at = at.key(name);
        problems.extend(NAME.problem(name).map(|what| Problem::new(at.clone(), format!("as a name: {what}"))));
        if group.rooms.is_empty() {
            problems.push(Problem::new(at.key("rooms"), "names none"));
        } else {
            check_rooms(&group.rooms, &at.key("rooms"), problems);
        }
    }
}
