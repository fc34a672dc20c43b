//! Users whom nothing automatic and nothing in bulk may hit: moderators, hosts, bots of one's own.

use super::people::Person;

/// Who is protected, as the configuration says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Protected {
    users: Vec<Box<str>>,
    attributes: Vec<(Box<str>, Box<str>)>,
}

impl Protected {
    /// Reads the entries: a user id, or `attribute=value` for everybody whose token has that attribute with that value.
    /// In a user id a `*` at the end stands for anything.
    ///
    /// # Errors
    /// All entries that mean nothing, by their place from 1, one line each.
    pub fn parse<T: AsRef<str>>(entries: &[T]) -> Result<Self, Vec<String>> {
        let mut protected = Self::default();
        let mut problems = Vec::new();
        for (place, entry) in (1..).zip(entries) {
            let entry = entry.as_ref();
            match entry.split_once('=') {
                _ if entry.trim().is_empty() => problems.push(format!("{place} must not be empty")),
                Some((name, value)) if name.is_empty() || value.is_empty() => {
                    problems.push(format!("{place} is {entry:?}: write attribute=value, or a user id"));
                }
                // Everybody would be: then no rule and no bulk deletion would ever do anything, in silence.
                None if entry == "*" => problems.push(format!("{place} is \"*\", which protects everybody")),
                Some((name, value)) => protected.attributes.push((name.into(), value.into())),
                None => protected.users.push(entry.into()),
            }
        }
        if problems.is_empty() { Ok(protected) } else { Err(problems) }
    }

    /// Whether this user is protected.
    pub fn has(&self, person: &Person) -> bool {
        let named = |user: &str| match user.strip_suffix('*') {
            Some(start) => person.user_id.starts_with(start),
            None => *person.user_id == *user,
        };
        let has = |name: &str, value: &str| person.attributes.get(name).is_some_and(|found| found == value);
        self.users.iter().any(|user| named(user)) || self.attributes.iter().any(|(name, value)| has(name, value))
    }

    /// Whether anybody is.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.attributes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::room::people::People;
    use crate::messaging::frame::Sender;

    fn has(protected: &Protected, user_id: &str, attributes: &[(&str, &str)]) -> bool {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        protected.has(&People::default().meet(&Sender { user_id: user_id.into(), attributes }))
    }

    #[test]
    fn a_user_is_protected_by_id_or_by_an_attribute_and_never_by_name() {
        let protected = Protected::parse(&["mod-7", "bot-*", "role=moderator"]).unwrap();
        assert!(has(&protected, "mod-7", &[]) && has(&protected, "bot-eu", &[]));
        assert!(has(&protected, "u", &[("role", "moderator")]));
        for (user, attributes) in [
            ("mod-71", &[][..]),
            ("MOD-7", &[]),
            ("u", &[("displayName", "mod-7")]),
            ("u", &[("role", "Moderator")]),
            ("u", &[("badge", "moderator")]),
        ] {
            assert!(!has(&protected, user, attributes), "{user} {attributes:?}");
        }
        assert!(!has(&Protected::default(), "mod-7", &[]) && Protected::default().is_empty());
    }

    #[test]
    fn a_value_may_hold_an_equals_sign() {
        let protected = Protected::parse(&["key=a=b"]).unwrap();
        assert!(has(&protected, "u", &[("key", "a=b")]));
    }

    #[test]
    fn all_entries_that_mean_nothing_are_told_at_once() {
        let problems = Protected::parse(&["", "ok", "=x", "role=", "*"]).unwrap_err();
        let places: Vec<&str> = problems.iter().map(|problem| &problem[..1]).collect();
        assert_eq!(places, ["1", "3", "4", "5"], "{problems:?}");
    }
}
