//! Where something stands in the file: the keys and places that lead to it.

use std::fmt;

/// A step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The value of this key.
    Key(String),
    /// The entry with this place in a list, from 0.
    Place(usize),
}

/// The way to a value, such as `chat.scrollback` or `rule 2: pattern`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The way along these keys.
    pub fn keys<'a>(keys: impl IntoIterator<Item = &'a str>) -> Self {
        Self(keys.into_iter().map(|key| Step::Key(key.to_owned())).collect())
    }

    /// One step further, to this key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        Self([self.0.as_slice(), &[Step::Key(key.to_owned())]].concat())
    }

    /// One step further, to the entry with this place, from 0.
    #[must_use]
    pub fn place(&self, place: usize) -> Self {
        Self([self.0.as_slice(), &[Step::Place(place)]].concat())
    }

    /// The way to what holds it.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0[..self.0.len().saturating_sub(1)].to_vec())
    }

    /// The first key.
    pub fn first(&self) -> Option<&str> {
        match self.0.first() {
            Some(Step::Key(key)) => Some(key),
            Some(Step::Place(_)) | None => None,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = "";
        for step in &self.0 {
            match step {
                Step::Key(key) => write!(f, "{before}{key}")?,
                // People count from 1.
                Step::Place(place) => write!(f, " {}", place + 1)?,
            }
            before = if matches!(step, Step::Key(_)) { "." } else { ": " };
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_written_as_people_would_say_it() {
        assert_eq!(Path::keys(["chat", "scrollback"]).to_string(), "chat.scrollback");
        assert_eq!(Path::keys(["rule"]).place(1).key("pattern").to_string(), "rule 2: pattern");
        assert_eq!(Path::keys(["chat", "protected"]).place(0).to_string(), "chat.protected 1");
    }
}
