//! Walks through an answer that comes in pages, without sending anything itself.

use std::collections::HashSet;

use super::error::{Error, ErrorKind};
use super::operation::{Operation, Paged};

/// Where a walk through pages stands: which operation is to be sent next, if any.
///
/// ```
/// # use ivschat::api::{ops::{ListRooms, RoomPage}, paging::Pages};
/// let mut pages = Pages::new(ListRooms::default());
/// assert_eq!(pages.next(), Some(&ListRooms::default()));
/// pages.accept(&RoomPage { rooms: vec![], next_token: Some("2".into()) })?;
/// assert_eq!(pages.next().and_then(|op| op.next_token.as_deref()), Some("2"));
/// pages.accept(&RoomPage { rooms: vec![], next_token: None })?;
/// assert_eq!(pages.next(), None);
/// # Ok::<(), ivschat::api::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Pages<O> {
    next: Option<O>,
    used: HashSet<String>,
}

impl<O: Paged> Pages<O> {
    /// A walk that starts with `first`.
    pub fn new(first: O) -> Self {
        Self { next: Some(first), used: HashSet::new() }
    }

    /// The operation to send now; none once the last page is in. It stays the same until a page is accepted, so a
    /// failed page can be asked for again.
    pub fn next(&self) -> Option<&O> {
        self.next.as_ref()
    }

    /// Takes the page that [`next`](Self::next) asked for. A page without items but with a token is not the last.
    ///
    /// # Errors
    /// If its token was given before, which would go round in circles for ever. The walk is over then.
    pub fn accept(&mut self, page: &O::Output) -> Result<(), Error> {
        let Some((asked, token)) = self.next.take().zip(O::next_token(page)) else { return Ok(()) };
        if !self.used.insert(token.to_owned()) {
            let kind = ErrorKind::Broken("the token of its next page was given before".to_owned());
            return Err(Error { operation: <O as Operation>::SPEC.name, request_id: None, attempts: 1, kind });
        }
        self.next = Some(asked.after(token));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ops::{ListRooms, RoomPage};

    fn page(next_token: Option<&str>) -> RoomPage {
        RoomPage { rooms: Vec::new(), next_token: next_token.map(ToOwned::to_owned) }
    }

    #[test]
    fn each_page_is_asked_for_once_with_the_filters_of_the_first() {
        let mut pages = Pages::new(ListRooms { name: Some("lobby".into()), ..ListRooms::default() });
        let mut asked = Vec::new();
        for number in 1..=200 {
            let op = pages.next().expect("not the last page").clone();
            assert_eq!(op.name.as_deref(), Some("lobby"));
            asked.push(op.next_token);
            let token = number.to_string();
            pages.accept(&page((number < 200).then_some(token.as_str()))).unwrap();
        }
        assert_eq!(pages.next(), None);
        assert_eq!(asked[0], None);
        assert_eq!(asked[199].as_deref(), Some("199"));
    }

    #[test]
    fn an_empty_token_ends_the_walk() {
        let mut pages = Pages::new(ListRooms::default());
        pages.accept(&page(Some(""))).unwrap();
        assert_eq!(pages.next(), None);
    }

    #[test]
    fn a_token_that_comes_again_is_an_error_and_the_end() {
        for circle in [&["a", "a"][..], &["a", "b", "a"]] {
            let mut pages = Pages::new(ListRooms::default());
            let (last, before) = circle.split_last().unwrap();
            for token in before {
                pages.accept(&page(Some(token))).unwrap();
            }
            let error = pages.accept(&page(Some(last))).unwrap_err();
            assert!(matches!(error.kind, ErrorKind::Broken(_)), "{error}");
            assert_eq!(pages.next(), None);
        }
    }

    #[test]
    fn a_page_that_failed_is_asked_for_again() {
        let mut pages = Pages::new(ListRooms::default());
        pages.accept(&page(Some("2"))).unwrap();
        assert_eq!(pages.next(), pages.clone().next());
        assert_eq!(pages.next().unwrap().next_token.as_deref(), Some("2"));
    }
}
