//! The file as a tree whose every part knows where it stands, so that whatever is wrong can be shown and left out.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer, Error};

use super::path::{Path, Step};

/// What was read, part by part.
#[derive(Debug, Clone)]
pub(super) struct Tree<'t> {
    root: Spanned<DeTable<'t>>,
}

impl Default for Tree<'_> {
    fn default() -> Self {
        Self { root: Spanned::new(0..0, DeTable::new()) }
    }
}

impl<'t> Tree<'t> {
    /// Reads the text as TOML.
    ///
    /// # Errors
    /// All that is not TOML, by the place in the text.
    pub(super) fn read(text: &'t str) -> Result<Self, Vec<Error>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() { Ok(Self { root }) } else { Err(errors) }
    }

    /// What it means to this type.
    ///
    /// # Errors
    /// The first thing that means nothing to it.
    pub(super) fn meaning<T: DeserializeOwned>(&self) -> Result<T, Error> {
        T::deserialize(Deserializer::from(self.root.clone()))
    }

    /// The way to the smallest part that holds this range of the text.
    pub(super) fn find(&self, wanted: &Range<usize>) -> Option<Path> {
        let mut best: Option<(usize, Path)> = None;
        each_in_table(self.root.get_ref(), &Path::default(), &mut |span, path| {
            let holds = span.start <= wanted.start && span.end >= wanted.end;
            if holds && best.as_ref().is_none_or(|(length, _)| span.len() <= *length) {
                best = Some((span.len(), path.clone()));
            }
        });
        best.map(|(_, path)| path)
    }

    /// Where this stands in the text, or the nearest thing that holds it, with the way to what was found.
    pub(super) fn span(&self, path: &Path) -> Option<(Path, Range<usize>)> {
        let mut wanted = path.clone();
        while !wanted.0.is_empty() {
            let mut found = None;
            each_in_table(self.root.get_ref(), &Path::default(), &mut |span, at| {
                // The key comes before its value, and tells where to look.
                if *at == wanted && found.is_none() {
                    found = Some(span);
                }
            });
            if let Some(span) = found {
                return Some((wanted, span));
            }
            wanted = wanted.parent();
        }
        None
    }

    /// The way in this tree to what `path` leads to in `rest`, which is this tree without some of its parts.
    pub(super) fn original(&self, rest: &Self, path: &Path) -> Path {
        let found = rest.span(path).and_then(|(held, span)| Some((held, self.find(&span)?)));
        found.map_or_else(|| path.clone(), |(held, way)| Path([way.0.as_slice(), &path.0[held.0.len()..]].concat()))
    }

    /// All ways to keys and entries, with where they stand.
    pub(super) fn paths(&self) -> Vec<(Path, usize)> {
        let mut found: Vec<(Path, usize)> = Vec::new();
        each_in_table(self.root.get_ref(), &Path::default(), &mut |span, path| {
            if found.last().is_none_or(|(last, _)| last != path) {
                found.push((path.clone(), span.start));
            }
        });
        found
    }

    /// What has to go if this can't be used: of a `[[list]]` the whole entry, as half a rule could do what nobody
    /// wanted; elsewhere the key alone.
    pub(super) fn unit(&self, path: &Path) -> Path {
        let path = &self.span(path).map_or_else(|| path.clone(), |(held, _)| held);
        let mut holder = None;
        for (index, step) in path.0.iter().enumerate() {
            let way = Path(path.0[..=index].to_vec());
            if matches!(step, Step::Place(_)) && self.is_table(&way) {
                holder = Some(way);
                break;
            }
        }
        holder.unwrap_or_else(|| path.clone())
    }

    fn is_table(&self, path: &Path) -> bool {
        let mut value: Option<&DeValue> = None;
        for step in &path.0 {
            value = match (step, value) {
                (Step::Key(key), None) => self.root.get_ref().get(key.as_str()).map(Spanned::get_ref),
                (Step::Key(key), Some(DeValue::Table(table))) => table.get(key.as_str()).map(Spanned::get_ref),
                (Step::Place(place), Some(DeValue::Array(list))) => list.get(*place).map(Spanned::get_ref),
                _ => return false,
            };
        }
        matches!(value, Some(DeValue::Table(_)))
    }

    /// Takes these away.
    pub(super) fn remove(&mut self, mut paths: Vec<Path>) {
        paths.sort();
        paths.dedup();
        // From behind, as what goes changes the places of what follows.
        for path in paths.iter().rev() {
            remove_from_table(self.root.get_mut(), &path.0);
        }
    }
}

fn each_in_table(table: &DeTable, path: &Path, visit: &mut impl FnMut(Range<usize>, &Path)) {
    for (key, value) in table {
        let path = path.key(key.get_ref());
        visit(key.span(), &path);
        each(value, &path, visit);
    }
}

fn each(value: &Spanned<DeValue>, path: &Path, visit: &mut impl FnMut(Range<usize>, &Path)) {
    visit(value.span(), path);
    match value.get_ref() {
        DeValue::Table(table) => each_in_table(table, path, visit),
        DeValue::Array(list) => {
            for (place, entry) in list.iter().enumerate() {
                each(entry, &path.place(place), visit);
            }
        }
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
    }
}

fn remove_from_table(table: &mut DeTable, path: &[Step]) {
    match path {
        [Step::Key(key)] => {
            table.remove(key.as_str());
        }
        [Step::Key(key), rest @ ..] => {
            if let Some(value) = table.get_mut(key.as_str()) {
                remove_from(value.get_mut(), rest);
            }
        }
        _ => {}
    }
}

fn remove_from(value: &mut DeValue, path: &[Step]) {
    match (value, path) {
        (DeValue::Table(table), path) => remove_from_table(table, path),
        (DeValue::Array(list), [Step::Place(place), rest @ ..]) => {
            if rest.is_empty() {
                let kept = list.iter().enumerate().filter(|(index, _)| index != place);
                *list = kept.map(|(_, entry)| entry.clone()).collect();
            } else if let Some(entry) = list.get_mut(*place) {
                remove_from(entry.get_mut(), rest);
            }
        }
        _ => {}
    }
}
