//! How a row lies in the columns of a pane, and so how many lines it takes: drawing and moving must agree on it.

use std::ops::Range;

use crate::app::text::wrap;

use super::row::{Body, Notice, Row};

/// Below this many columns a row has no time: what is said needs them more.
const NARROW: usize = 50;

/// Columns in front of the name: the time and a blank, where there is room for them, and two marks.
pub(super) fn lead(width: usize) -> usize {
    if width < NARROW { 2 } else { 10 }
}

/// Columns of the `#a1b2` behind a name.
pub(super) const SHORT: usize = 5;
/// Columns of the name, and of the badges behind it where there is room for them.
pub(super) fn name_columns(width: usize) -> usize {
    match width {
        0..60 => 12,
        60..90 => 16,
        90..110 => 24,
        _ => 32,
    }
}

/// Columns of a name that badges do not take; nothing where there is no room for badges.
pub(super) fn before_badges(width: usize) -> Option<usize> {
    match width {
        0..90 => None,
        90..110 => Some(14),
        _ => Some(20),
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
        Body::Notice(notice) => notice_lines(notice, &notice.words(), width).len(),
    }
}

/// The most lines of a line of the console's own, and of an event, which an application may make as long as a page.
const NOTICE: usize = 12;
const EVENT: usize = 3;

/// What a line of the console's own takes: a long reason is read in full. The line of an outage may get longer, but it is
/// the last one while it does.
pub(super) fn notice_lines(notice: &Notice, words: &str, width: usize) -> Vec<Range<usize>> {
    let most = match notice {
        Notice::Day(_) | Notice::Joined => 1,
        Notice::Event { .. } => EVENT,
        Notice::Gap { .. }
        | Notice::Stopped(_)
        | Notice::Disarmed(_)
        | Notice::Disconnected { .. }
        | Notice::Refused(_)
        | Notice::Unreadable(_) => NOTICE,
    };
    cut_to(wrap(words, width.saturating_sub(lead(width) + 1)), most, words.len())
}

/// So many lines at most: the last one has all that is left, for its end to be cut where that can be seen.
pub(super) fn cut_to(mut lines: Vec<Range<usize>>, most: usize, end: usize) -> Vec<Range<usize>> {
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.end = end;
        }
    }
    lines
}

pub(super) fn text_columns(width: usize) -> usize {
    width.saturating_sub(indent(width)).max(8)
}
