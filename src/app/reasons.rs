//! The reasons that a room's moderators choose from by a digit. Whichever is chosen is public: the service sends it to
//! everyone in the room.

use crate::api::Arn;

/// Reasons that a digit can choose.
pub const MOST: usize = 9;

/// What is offered if nothing is configured.
const USUAL: [&str; 6] =
    ["Spam", "Hate speech", "Harassment", "Personal information", "Links are not allowed", "Off-topic"];

/// A reason, and where it is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What everyone in the room is told, at most 256 characters.
    pub text: String,
    /// Names, ids or ARNs of rooms, in which `*` stands for anything; none means every room.
    pub rooms: Vec<String>,
}

/// All reasons, in the order in which they are numbered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reasons(Vec<Reason>);

impl Default for Reasons {
    fn default() -> Self {
        Self(USUAL.iter().map(|text| Reason { text: (*text).to_owned(), rooms: Vec::new() }).collect())
    }
}

impl Reasons {
    /// These, or the usual ones if there are none.
    pub fn new(reasons: Vec<Reason>) -> Self {
        if reasons.is_empty() { Self::default() } else { Self(reasons) }
    }

    /// Those of a room, of which the first has the number 1. There are no more than there are digits.
    pub fn of(&self, room: &Arn, name: &str) -> Vec<String> {
        let meant = |pattern: &String| [name, room.id(), room.as_str()].iter().any(|text| fits(pattern, text));
        let offered = self.0.iter().filter(|reason| reason.rooms.is_empty() || reason.rooms.iter().any(meant));
        offered.map(|reason| reason.text.clone()).take(MOST).collect()
    }
}

/// Whether a text is what a pattern says, in which `*` stands for anything, nothing included.
pub fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn() -> Arn {
        "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".parse().unwrap()
    }

    fn reason(text: &str, rooms: &[&str]) -> Reason {
        Reason { text: text.to_owned(), rooms: rooms.iter().map(|room| (*room).to_owned()).collect() }
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, wanted) in [
            ("lobby-*", "lobby-main", true),
            ("lobby-*", "lobby-", true),
            ("lobby-*", "a-lobby-main", false),
            ("*-main", "lobby-main", true),
            ("l*b*y", "lobby", true),
            ("l*b*b*b*y", "lobby", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("lobby", "lobby-main", false),
            ("", "", true),
            ("*ü*", "grün", true),
        ] {
            assert_eq!(fits(pattern, text), wanted, "{pattern} {text}");
        }
    }

    #[test]
    fn a_room_is_offered_its_own_reasons_in_the_order_of_the_file() {
        let reasons = Reasons::new(vec![
            reason("eu only", &["lobby-eu", "*:eu-*"]),
            reason("spam", &[]),
            reason("lobby", &["x", "lobby-*"]),
            reason("by id", &["AbCdEf*"]),
        ]);
        assert_eq!(reasons.of(&arn(), "lobby-main"), ["spam", "lobby", "by id"]);
        assert_eq!(reasons.of(&arn(), ""), ["spam", "by id"]);
    }

    #[test]
    fn no_more_are_offered_than_there_are_digits_and_some_always() {
        let many = (0..12).map(|n| reason(&n.to_string(), &[])).collect();
        assert_eq!(Reasons::new(many).of(&arn(), "x").len(), MOST);
        assert_eq!(Reasons::new(Vec::new()).of(&arn(), "x")[0], "Spam");
    }
}
