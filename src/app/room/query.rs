//! What is asked of the rows of a feed.

use super::row::Row;

/// What is not in the row itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts<'a> {
    /// Whether it is marked.
    pub marked: bool,
    /// Whether its user is watched.
    pub watched: bool,
    /// What the room is called.
    pub room: &'a str,
}

/// A query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query(Vec<String>);

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// If it means nothing.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Self(text.split_whitespace().map(str::to_lowercase).collect()))
    }

    /// Whether a row is meant.
    pub fn matches(&self, row: &Row, _facts: &Facts) -> bool {
        let Some(said) = row.message() else { return false };
        let text = format!("{} {}", said.by.label(), said.text.as_str()).to_lowercase();
        self.0.iter().all(|word| text.contains(word))
    }
}
