use super::*;
use crate::api::ErrorKind;

struct Word(&'static str);

impl Row for Word {
    const ORDERS: &'static [&'static str] = &["as listed", "name"];

    fn id(&self) -> &str {
        self.0
    }

    fn haystack(&self) -> &str {
        self.0
    }

    fn compare(&self, other: &Self, _order: usize) -> Ordering {
        self.0.cmp(other.0)
    }
}

fn listing(words: &[&'static str]) -> Listing<Word> {
    let mut listing = Listing::new();
    listing.resize(10);
    let ticket = listing.begin();
    assert!(listing.page(ticket, words.iter().map(|word| Word(word)), true));
    listing
}

fn shown(listing: &Listing<Word>) -> Vec<&str> {
    listing.shown().map(Row::id).collect()
}

#[test]
fn the_first_rows_show_before_the_last_page_is_here() {
    let mut listing = Listing::new();
    let ticket = listing.begin();
    listing.page(ticket, [Word("a")], false);
    assert_eq!((shown(&listing), listing.phase()), (vec!["a"], &Phase::Loading));
}

#[test]
fn a_refresh_replaces_the_rows_only_when_it_is_complete() {
    let mut listing = listing(&["a", "b"]);
    let ticket = listing.begin();
    listing.page(ticket, [Word("c")], false);
    assert_eq!(shown(&listing), ["a", "b"]);
    listing.page(ticket, [Word("a")], true);
    assert_eq!(shown(&listing), ["c", "a"]);
}

#[test]
fn a_failed_refresh_loses_nothing() {
    let mut listing = listing(&["a", "b"]);
    listing.go(Motion::Down);
    let ticket = listing.begin();
    let kind = ErrorKind::Unreachable("connection refused".into());
    listing.fail(ticket, &Error { operation: "ListRooms", request_id: None, attempts: 3, kind });
    assert_eq!(shown(&listing), ["a", "b"]);
    assert_eq!(listing.selected().map(Row::id), Some("b"));
    assert!(matches!(listing.phase(), Phase::Failed(_)));
}

#[test]
fn a_late_page_of_an_older_asking_is_dropped() {
    let mut listing = listing(&["a"]);
    let old = listing.begin();
    let new = listing.begin();
    assert!(!listing.page(old, [Word("old")], true));
    assert!(listing.page(new, [Word("new")], true));
    assert_eq!(shown(&listing), ["new"]);
}

#[test]
fn a_row_that_comes_twice_is_listed_once() {
    assert_eq!(shown(&listing(&["a", "b", "a"])), ["a", "b"]);
}

#[test]
fn the_filter_takes_all_words_in_any_order_and_keeps_the_cursor_on_its_row() {
    let mut listing = listing(&["lobby-main", "lobby-eu", "quiet"]);
    listing.go(Motion::Down);
    listing.set_filter("eu LOB");
    assert_eq!(shown(&listing), ["lobby-eu"]);
    listing.set_filter("");
    assert_eq!(listing.selected().map(Row::id), Some("lobby-eu"));
}

#[test]
fn sorting_keeps_the_cursor_on_its_row() {
    let mut listing = listing(&["c", "a", "b"]);
    listing.sort(&[1]);
    assert_eq!((shown(&listing), listing.order()), (vec!["a", "b", "c"], Some("name")));
    assert_eq!(listing.selected().map(Row::id), Some("c"));
}

#[test]
fn marks_outlive_filter_order_and_refresh_and_hidden_rows_are_never_hit() {
    let mut listing = listing(&["c", "a", "b", "ab"]);
    listing.mark();
    listing.mark();
    listing.mark();
    assert_eq!(listing.marked(), Marked { all: 3, hidden: 0 });
    assert_eq!(listing.selected().map(Row::id), Some("ab"));
    listing.set_filter("a");
    assert_eq!(listing.marked(), Marked { all: 3, hidden: 2 });
    assert_eq!(listing.marked_shown().map(Row::id).collect::<Vec<_>>(), ["a"]);
    listing.sort(&[1]);
    listing.set_filter("");
    assert_eq!(listing.marked_shown().map(Row::id).collect::<Vec<_>>(), ["a", "b", "c"]);
    let ticket = listing.begin();
    listing.page(ticket, [Word("new"), Word("b"), Word("a")], true);
    assert_eq!(listing.marked(), Marked { all: 2, hidden: 0 }, "what is gone is not marked");
    listing.unmark();
    assert_eq!(listing.marked_shown().count(), 0);
}
