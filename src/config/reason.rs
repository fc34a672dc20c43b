//! Reasons that a digit chooses, and the rooms in which they are offered.

use serde::Deserialize;

use crate::api::limit;

use super::path::Path;
use super::problem::Problem;

/// Reasons that have a digit.
const DIGITS: usize = 9;

/// A reason for a deletion or disconnection, which a digit chooses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// What everyone in the room is told.
    pub text: String,
    /// The rooms in which it is offered, by name, id or ARN, with `*` for anything; in all if left out.
    pub rooms: Option<Vec<String>>,
}

/// What is wrong with these.
pub(super) fn check(reasons: &[Reason], at: &Path, problems: &mut Vec<Problem>) {
    let mut everywhere = 0;
    for (place, reason) in reasons.iter().enumerate() {
        reason.check(&at.place(place), problems);
        everywhere += usize::from(reason.rooms.is_none());
        if reason.rooms.is_none() && everywhere > DIGITS {
            let what = format!("{everywhere} are for all rooms by now, at most {DIGITS} have a digit");
            problems.push(Problem::new(at.place(place), what));
        }
    }
}

impl Reason {
    fn check(&self, at: &Path, problems: &mut Vec<Problem>) {
        let empty = Some("must not be empty".to_owned()).filter(|_| self.text.trim().is_empty());
        let text = empty.or_else(|| limit::REASON.problem(&self.text));
        problems.extend(text.map(|what| Problem::new(at.key("text"), what)));
        if let Some(rooms) = &self.rooms {
            check_rooms(rooms, &at.key("rooms"), problems);
        }
    }
}

/// What is wrong with names, ids or ARNs of rooms that are given.
pub(super) fn check_rooms(rooms: &[String], at: &Path, problems: &mut Vec<Problem>) {
    if rooms.is_empty() {
        problems.push(Problem::new(at.clone(), "names none: leave it out for all rooms"));
    }
    for (place, _) in rooms.iter().enumerate().filter(|(_, room)| room.trim().is_empty()) {
        problems.push(Problem::new(at.place(place), "must not be empty"));
    }
}
