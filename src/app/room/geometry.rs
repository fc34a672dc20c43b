//! How a row lies in the columns of a pane, and so how many lines it takes: drawing and moving must agree on it.

use crate::app::text::wrap;

use super::row::{Body, Row};

/// Below this many columns a row has no time: what is said needs them more.
const NARROW: usize = 50;

/// Columns in front of the name: the time and a blank, where there is room for them, and two marks.
pub(super) fn lead(width: usize) -> usize {
    if width < NARROW { 2 } else { 10 }
}

/// Columns of the `#a1b2` behind a name.
pub(super) const SHORT: usize = 5;
/// Columns of the name.
pub(super) fn name_columns(width: usize) -> usize {
    match width {
        0..60 => 12,
        60..90 => 16,
        _ => 20,
    }
}

/// The first column of the text.
pub(super) fn indent(width: usize) -> usize {
    lead(width) + name_columns(width) + 1
}

/// Lines that a row takes. A deleted message keeps the height that it had, or the rows below it would move.
pub(super) fn lines(row: &Row, width: usize) -> usize {
    match &row.body {
        Body::Message(said) => wrap(said.text.as_str(), text_columns(width)).len(),
        Body::Notice(_) => 1,
    }
}

pub(super) fn text_columns(width: usize) -> usize {
    width.saturating_sub(indent(width)).max(8)
}
