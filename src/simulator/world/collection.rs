//! Resources of one kind, in the order in which the service lists them: last changed first.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Bound;

use jiff::{Timestamp, Unit};
use serde_json::{Map, Value, json};

use super::id::{Home, Id, Kind};

/// A resource's tags.
pub(super) type Tags = BTreeMap<String, String>;

/// What rooms and logging configurations have in common, with their own in `detail`.
#[derive(Debug)]
pub(super) struct Resource<T> {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) tags: Tags,
    pub(super) detail: T,
    /// Tells changes within a millisecond apart.
    change: u64,
}

/// A place in the list. It stays a place when its resource moves or goes, so a page can start behind it.
pub(super) type Position = (Reverse<Timestamp>, Reverse<u64>);

impl<T> Resource<T> {
    fn position(&self) -> Position {
        (Reverse(self.updated), Reverse(self.change))
    }

    /// The members that rooms and logging configurations have in common, `kind` telling which this is.
    pub(super) fn members(&self, home: &Home, kind: Kind) -> Map<String, Value> {
        let members = [
            ("arn", json!(home.arn(kind, self.id))),
            ("createTime", json!(self.created.to_string())),
            ("id", json!(self.id.as_str())),
            ("name", json!(self.name)),
            ("tags", json!(self.tags)),
            ("updateTime", json!(self.updated.to_string())),
        ];
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Some of the list.
#[derive(Debug)]
pub(super) struct Page<'a, T> {
    pub(super) items: Vec<&'a Resource<T>>,
    /// Where the next page starts; none if this is the last.
    pub(super) rest: Option<Position>,
}

/// All resources of one kind.
#[derive(Debug)]
pub(super) struct Collection<T> {
    by_id: BTreeMap<Id, Resource<T>>,
    newest_first: BTreeMap<Position, Id>,
    changes: u64,
}

impl<T> Default for Collection<T> {
    fn default() -> Self {
        Self { by_id: BTreeMap::new(), newest_first: BTreeMap::new(), changes: 0 }
    }
}

impl<T> Collection<T> {
    /// Puts a resource in. Times are kept to the millisecond, as the service writes them.
    pub(super) fn insert(&mut self, id: Id, name: String, times: (Timestamp, Timestamp), tags: Tags, detail: T) {
        self.changes += 1;
        let (created, updated) = (to_millisecond(times.0), to_millisecond(times.1));
        let resource = Resource { id, name, created, updated, tags, detail, change: self.changes };
        self.newest_first.insert(resource.position(), id);
        self.by_id.insert(id, resource);
    }

    /// Takes a resource out.
    pub(super) fn remove(&mut self, id: Id) -> Option<Resource<T>> {
        let resource = self.by_id.remove(&id)?;
        self.newest_first.remove(&resource.position());
        Some(resource)
    }

    /// Notes that a resource was changed.
    pub(super) fn touch(&mut self, id: Id, now: Timestamp) {
        if let Some(resource) = self.by_id.get_mut(&id) {
            self.newest_first.remove(&resource.position());
            self.changes += 1;
            resource.change = self.changes;
            resource.updated = to_millisecond(now);
            self.newest_first.insert(resource.position(), id);
        }
    }

    pub(super) fn get(&self, id: Id) -> Option<&Resource<T>> {
        self.by_id.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: Id) -> Option<&mut Resource<T>> {
        self.by_id.get_mut(&id)
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// All resources, last changed first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Resource<T>> {
        self.newest_first.values().map(|id| &self.by_id[id])
    }

    /// At most `most` resources that `keep` wants, from behind `after` on.
    pub(super) fn page(
        &self,
        after: Option<Position>,
        most: usize,
        keep: impl Fn(&Resource<T>) -> bool,
    ) -> Page<'_, T> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut wanted = self
            .newest_first
            .range((start, Bound::Unbounded))
            .map(|(_, id)| &self.by_id[id])
            .filter(|resource| keep(resource));
        let items: Vec<_> = wanted.by_ref().take(most).collect();
        let rest = wanted.next().and(items.last().map(|last| last.position()));
        Page { items, rest }
    }
}

fn to_millisecond(time: Timestamp) -> Timestamp {
    time.round(jiff::TimestampRound::new().smallest(Unit::Millisecond).mode(jiff::RoundMode::Floor)).unwrap_or(time)
}
