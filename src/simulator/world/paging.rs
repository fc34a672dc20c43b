//! Tokens of pages: opaque to clients, and good only for the question that they came with.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::collection::Position;
use super::input::{self, Input};

/// Rooms on a page, if a request does not say.
pub(super) const DEFAULT_PAGE: u32 = 50;

/// Writes the token of the page behind `position` of the list that answers `question`.
pub(super) fn token(position: Position, question: &str) -> String {
    let (Reverse(updated), Reverse(change)) = position;
    let place = format!("{:016x}{change:016x}", updated.as_millisecond().cast_unsigned());
    let seal = seal(&place, question);
    format!("{place}{seal:016x}")
}

/// The position that a token names, if it was written for this question.
pub(super) fn position(token: &str, question: &str) -> Option<Position> {
    if token.len() != 48 || !token.is_ascii() {
        return None;
    }
    let (place, sealed) = token.split_at(32);
    let number = |text| u64::from_str_radix(text, 16).ok();
    if number(sealed)? != seal(place, question) {
        return None;
    }
    let updated = Timestamp::from_millisecond(number(&place[..16])?.cast_signed()).ok()?;
    Some((Reverse(updated), Reverse(number(&place[16..])?)))
}

/// Not a secret: it only tells tokens from other texts and one question's from another's.
fn seal(place: &str, question: &str) -> u64 {
    place
        .bytes()
        .chain(question.bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Reads an input's `nextToken`; one that was not written for this question is a problem of the input.
pub(super) fn read(input: &mut Input<'_>, question: &str) -> Option<Position> {
    let token = input.text("nextToken", input::NEXT_TOKEN).filter(|token| !token.is_empty())?;
    let position = position(token, question);
    if position.is_none() {
        input.problem("nextToken", "The token is not valid for this request");
    }
    position
}
