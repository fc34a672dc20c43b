//! Labels on the messages that are on the screen: one or two letters reach any of them.

use crate::api::Arn;

/// The letters of labels, those under the fingers first. None is a digit, which means a reason elsewhere.
const LETTERS: &str = "asdfghjklqwertyuiopzxcvbnm";

/// What the labels stand in: a row's number means something else in each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// A room's own view.
    Room(Arn),
    /// The merged feed.
    Merged,
}

/// What a label is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The message is deleted.
    Delete,
    /// The message is selected.
    Select,
}

/// The labels of the rows on the screen, and what was typed of one.
#[derive(Debug)]
pub struct Labels {
    /// What they are for.
    pub purpose: Purpose,
    /// What they stand in.
    pub ground: Ground,
    rows: Vec<(u64, String)>,
    typed: String,
}

/// What a letter came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// It is a label's: this row is meant.
    Row(u64),
    /// More is to come.
    Part,
    /// No label begins like this.
    Nothing,
}

impl Labels {
    /// Labels for these rows, given from the top of the screen down: the newest get the easiest.
    pub fn new(purpose: Purpose, ground: Ground, rows: &[u64]) -> Self {
        let labels = labels(rows.len());
        let rows = rows.iter().rev().copied().zip(labels).collect();
        Self { purpose, ground, rows, typed: String::new() }
    }

    /// Whether there is nothing to label.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The label of a row: what is typed of it, and what is left; none if something else was typed.
    pub fn at(&self, seq: u64) -> Option<(&str, &str)> {
        let (_, label) = self.rows.iter().find(|(row, _)| *row == seq)?;
        label.starts_with(&self.typed).then(|| label.split_at(self.typed.len()))
    }

    /// A letter was typed.
    pub fn press(&mut self, letter: char) -> Typed {
        self.typed.extend(letter.to_lowercase());
        if let Some((seq, _)) = self.rows.iter().find(|(_, label)| *label == self.typed) {
            return Typed::Row(*seq);
        }
        if self.rows.iter().any(|(_, label)| label.starts_with(&self.typed)) { Typed::Part } else { Typed::Nothing }
    }
}

/// So many labels, none of which begins another.
fn labels(count: usize) -> Vec<String> {
    let letters: Vec<char> = LETTERS.chars().collect();
    // So many letters begin labels of two.
    let long = count.saturating_sub(letters.len()).div_ceil(letters.len() - 1).min(letters.len());
    let (short, first) = letters.split_at(letters.len() - long);
    let pairs = first.iter().flat_map(|first| letters.iter().map(move |second| format!("{first}{second}")));
    short.iter().map(char::to_string).chain(pairs).take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_begins_another_and_there_is_one_for_each_row() {
        for count in [0, 1, 20, 26, 27, 60, 300, 676] {
            let labels = labels(count);
            assert_eq!(labels.len(), count);
            for (index, label) in labels.iter().enumerate() {
                assert!(label.len() <= 2);
                assert!(!labels.iter().enumerate().any(|(other, text)| other != index && text.starts_with(label)));
            }
        }
    }

    #[test]
    fn a_label_is_found_by_its_letters() {
        let rows: Vec<u64> = (100..130).collect();
        let mut hints = Labels::new(Purpose::Delete, Ground::Merged, &rows);
        assert_eq!(hints.at(129), Some(("", "a")));
        let (_, label) = hints.at(100).map(|(typed, left)| (typed.to_owned(), left.to_owned())).unwrap();
        let letters: Vec<char> = label.chars().collect();
        assert_eq!(hints.press(letters[0]), Typed::Part);
        assert_eq!(hints.at(129), None, "labels that are ruled out go");
        assert_eq!(hints.press(letters[1]), Typed::Row(100));
        assert_eq!(Labels::new(Purpose::Delete, Ground::Merged, &[1]).press('z'), Typed::Nothing);
    }
}
