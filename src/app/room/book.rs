//! What moderators keep about users beyond a session: watch flags that end by themselves, and notes. One book an account.
//!
//! A book is made from lines, each a fact with its time. The same lines make the same book whatever order they are read
//! in, and a line that is read twice changes nothing: so two consoles can append to one file.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::app::text::{Clean, clean};

/// Characters of a note.
pub const NOTE: usize = 2_000;
/// Minutes that a user may be watched.
pub const MOST_MINUTES: u32 = 1440;

/// What is kept, and in whose name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeping {
    /// Who writes: the login name.
    pub author: String,
    /// How many minutes a user is watched unless somebody says otherwise.
    pub watch_minutes: u32,
}

impl Default for Keeping {
    fn default() -> Self {
        Self { author: "you".to_owned(), watch_minutes: 15 }
    }
}

/// A line of the book: who kept what about whom, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub time: Timestamp,
    /// The account: the same user id in another one may be somebody else.
    pub account: Box<str>,
    /// The user's id.
    pub user: Box<str>,
    /// Who wrote the line.
    pub by: Box<str>,
    /// What is kept.
    #[serde(flatten)]
    pub fact: Fact,
}

/// What is kept about a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// They are watched until then.
    Watched(Timestamp),
    /// They are not watched any more.
    Unwatched {},
    /// A note.
    Noted {
        /// By which it can be taken away.
        id: Box<str>,
        /// As it was typed: not safe to show.
        text: String,
    },
    /// The note with this id is taken away.
    Dropped {
        /// The note's.
        id: Box<str>,
    },
}

/// The lines of a book as they were found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Where, to be told; none if they are not kept beyond this session.
    pub place: Option<String>,
    /// Those that could be read.
    pub entries: Vec<Entry>,
    /// How many could not.
    pub unreadable: usize,
}

/// A user is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// Until then.
    pub until: Timestamp,
    /// By whom.
    pub by: Clean,
}

/// A note about a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// By which it can be taken away.
    pub id: Box<str>,
    /// When it was written.
    pub at: Timestamp,
    /// By whom.
    pub by: Clean,
    /// The text, line by line, safe to show.
    pub lines: Vec<Clean>,
}

/// What is kept about one user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Page {
    watch: Option<Watch>,
    /// When that was last set or taken back.
    watch_set: Option<Timestamp>,
    /// The oldest first.
    notes: Vec<Note>,
    dropped: BTreeSet<Box<str>>,
}

/// What is kept about the users of one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Book {
    pages: HashMap<Box<str>, Page>,
    /// Who has a flag that was not taken out: few among many.
    flagged: BTreeSet<Box<str>>,
}

impl Book {
    /// Takes a line of this account in.
    pub fn take(&mut self, entry: &Entry) {
        let page = self.pages.entry(entry.user.clone()).or_default();
        match &entry.fact {
            Fact::Watched(until) => page.set_watch(entry, Some(*until)),
            Fact::Unwatched {} => page.set_watch(entry, None),
            Fact::Noted { id, text } => page.note(entry, id, text),
            Fact::Dropped { id } => {
                page.notes.retain(|note| note.id != *id);
                page.dropped.insert(id.clone());
            }
        }
        if page.watch.is_some() {
            self.flagged.insert(entry.user.clone());
        } else {
            self.flagged.remove(&entry.user);
        }
    }

    /// The watch flag of a user, if it has not ended by `now`.
    pub fn watch(&self, user_id: &str, now: Timestamp) -> Option<&Watch> {
        self.pages.get(user_id)?.watch.as_ref().filter(|watch| watch.until > now)
    }

    /// Whether a user has a flag that was not taken out yet.
    pub fn has_watch(&self, user_id: &str) -> bool {
        self.flagged.contains(user_id)
    }

    /// Takes the flags out that have ended by `now`.
    pub fn end_watches(&mut self, now: Timestamp) {
        let Self { pages, flagged } = self;
        flagged.retain(|user| {
            let Some(page) = pages.get_mut(user) else { return false };
            page.watch.take_if(|watch| watch.until <= now);
            page.watch.is_some()
        });
    }

    /// The notes about a user, the oldest first.
    pub fn notes(&self, user_id: &str) -> &[Note] {
        self.pages.get(user_id).map_or(&[], |page| &page.notes)
    }

    /// How many users are watched at `now`.
    pub fn watched(&self, now: Timestamp) -> usize {
        self.watches(now).count()
    }

    /// The users who are watched at `now`, and until when.
    pub fn watches(&self, now: Timestamp) -> impl Iterator<Item = (&str, Timestamp)> {
        let until = move |user: &str| self.watch(user, now).map(|watch| watch.until);
        self.flagged.iter().filter_map(move |user| Some((&**user, until(user)?)))
    }
}

impl Page {
    fn set_watch(&mut self, entry: &Entry, until: Option<Timestamp>) {
        if self.watch_set.is_none_or(|set| set <= entry.time) {
            self.watch_set = Some(entry.time);
            self.watch = until.map(|until| Watch { until, by: clean(&entry.by) });
        }
    }

    fn note(&mut self, entry: &Entry, id: &str, text: &str) {
        if self.dropped.contains(id) || self.notes.iter().any(|note| *note.id == *id) {
            return;
        }
        let lines = text.lines().map(clean).collect();
        let at = self.notes.partition_point(|note| (note.at, &*note.id) < (entry.time, id));
        self.notes.insert(at, Note { id: id.into(), at: entry.time, by: clean(&entry.by), lines });
    }
}

/// When something was, as far as it is worth telling: the time of day if it was today, else the day. In UTC.
pub fn when(at: Timestamp, now: Timestamp) -> String {
    let (day, today) = (at.strftime("%Y-%m-%d").to_string(), now.strftime("%Y-%m-%d").to_string());
    if day == today { at.strftime("%H:%M").to_string() } else { day }
}

/// How long it is until something ends, as coarsely as people say it: nothing of it moves from second to second.
pub fn time_left(until: Timestamp, now: Timestamp) -> String {
    let seconds = until.duration_since(now).max(SignedDuration::ZERO).unsigned_abs().as_secs();
    match seconds.div_ceil(60) {
        0 | 1 => "under 1 min".to_owned(),
        minutes if minutes < 120 => format!("{minutes} min"),
        minutes => format!("{} h", minutes.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn entry(second: i64, fact: Fact) -> Entry {
        Entry { time: at(second), account: "1".into(), user: "u-1".into(), by: "nadia".into(), fact }
    }

    fn noted(id: &str, text: &str) -> Fact {
        Fact::Noted { id: id.into(), text: text.into() }
    }

    fn book(entries: &[Entry]) -> Book {
        let mut book = Book::default();
        for entry in entries {
            book.take(entry);
        }
        book
    }

    #[test]
    fn the_same_lines_make_the_same_book_in_whatever_order_and_however_often() {
        let entries = vec![
            entry(1, Fact::Watched(at(900))),
            entry(2, noted("a", "one")),
            entry(3, Fact::Unwatched {}),
            entry(4, noted("b", "two\nlines")),
            entry(5, Fact::Dropped { id: "a".into() }),
            entry(6, Fact::Watched(at(1_800))),
        ];
        let whole = book(&entries);
        assert_eq!(whole.notes("u-1").iter().map(|note| &*note.id).collect::<Vec<_>>(), ["b"]);
        assert_eq!(whole.notes("u-1")[0].lines.len(), 2);
        assert_eq!(whole.watch("u-1", at(1_000)).map(|watch| watch.until), Some(at(1_800)));
        proptest::proptest!(|(order in proptest::sample::subsequence((0..6).collect::<Vec<usize>>(), 0..6))| {
            let mut mixed: Vec<Entry> = order.iter().rev().map(|index| entries[*index].clone()).collect();
            mixed.extend(entries.iter().rev().cloned());
            proptest::prop_assert_eq!(book(&mixed), whole.clone());
        });
    }

    #[test]
    fn a_watch_ends_by_itself_and_can_be_taken_back() {
        let mut book = book(&[entry(0, Fact::Watched(at(900)))]);
        assert!(book.watch("u-1", at(899)).is_some() && book.watch("u-1", at(900)).is_none());
        assert_eq!((book.watched(at(10)), book.watched(at(900))), (1, 0));
        book.end_watches(at(899));
        assert!(book.has_watch("u-1"));
        let mut later = book.clone();
        later.end_watches(at(900));
        assert!(!later.has_watch("u-1") && book.has_watch("u-1"));
        book.take(&entry(10, Fact::Unwatched {}));
        assert_eq!(book.watched(at(11)), 0);
    }

    #[test]
    fn what_was_typed_is_kept_as_it_was_and_shown_safely() {
        let line = serde_json::to_string(&entry(0, noted("a", "x\u{1b}[2J\n\u{202e}y"))).unwrap();
        let read: Entry = serde_json::from_str(&line).unwrap();
        assert_eq!(read, entry(0, noted("a", "x\u{1b}[2J\n\u{202e}y")));
        let book = book(&[read]);
        let lines: Vec<&str> = book.notes("u-1")[0].lines.iter().map(Clean::as_str).collect();
        assert_eq!(lines, ["x␛[2J", "y"]);
        for fact in [Fact::Unwatched {}, Fact::Watched(at(5)), Fact::Dropped { id: "a".into() }] {
            let line = serde_json::to_string(&entry(0, fact.clone())).unwrap();
            assert_eq!(serde_json::from_str::<Entry>(&line).unwrap().fact, fact, "{line}");
        }
    }

    #[test]
    fn time_left_is_told_coarsely() {
        for (seconds, told) in
            [(-5, "under 1 min"), (60, "under 1 min"), (61, "2 min"), (900, "15 min"), (86_400, "24 h")]
        {
            assert_eq!(time_left(at(seconds), at(0)), told);
        }
    }
}
