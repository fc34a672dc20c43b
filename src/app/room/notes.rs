//! Frames that are no talk: refusals, and what can't be read. A note that repeats is counted instead of flooding the feed.

use jiff::{SignedDuration, Timestamp};

use crate::app::text::clean;

use super::live::Room;
use super::row::{Body, Notice};

/// How long a line counts what is of its kind before there is another one.
const TOGETHER: SignedDuration = SignedDuration::from_secs(60);

/// The most characters that are kept of what a frame says: it may be a quarter of a megabyte, and there may be many.
const SAID: usize = 200;

/// The lines that count at present.
#[derive(Debug, Default)]
pub(super) struct Notes {
    unreadable: Option<Line>,
    refused: Option<(u16, Line)>,
}

/// A line that counts.
#[derive(Debug, Clone, Copy)]
struct Line {
    row: u64,
    since: Timestamp,
    times: u64,
}

impl Room {
    /// A frame came that can't be read.
    pub(super) fn unreadable(&mut self, now: Timestamp, why: &str) {
        let line = self.connection.notes.unreadable;
        let line = self.note(now, line, why, Notice::Unreadable);
        self.connection.notes.unreadable = line;
    }

    /// The service refused something with this code, in these words.
    pub(super) fn refused(&mut self, now: Timestamp, code: u16, message: &str) {
        let line = self.connection.notes.refused.filter(|(of, _)| *of == code).map(|(_, line)| line);
        let line = self.note(now, line, &format!("{code} {message}"), Notice::Refused);
        self.connection.notes.refused = line.map(|line| (code, line));
    }

    /// Tells what happened in the line that counts such things, or in a new one.
    fn note(
        &mut self,
        now: Timestamp,
        line: Option<Line>,
        what: &str,
        notice: fn(crate::app::text::Clean) -> Notice,
    ) -> Option<Line> {
        let what: String = what.chars().take(SAID).collect();
        if let Some(mut line) = line.filter(|line| now.duration_since(line.since) < TOGETHER)
            && let Some(row) = self.feed.row_mut(line.row)
        {
            line.times += 1;
            row.body = Body::Notice(notice(clean(&format!("{} so far, the last: {what}", line.times))));
            return Some(line);
        }
        let row = self.put(now, notice(clean(&what)))?;
        Some(Line { row, since: now, times: 1 })
    }
}
