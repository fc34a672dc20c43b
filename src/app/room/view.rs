//! Draws a live room: only the rows that are on the screen are ever laid out.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::look::Look;
use crate::app::text::{fit, width, wrap};

use super::geometry::{SHORT, TIME, indent, lines, name_columns, text_columns};
use super::live::Room;
use super::reading::Window;
use super::row::{Actor, Body, Fate, Notice, Row, Said, Stage, span};

/// Columns of the text of a deleted message that are still shown.
const REMAINS: usize = 50;

/// Draws the rows that are on the screen; returns where the selected one begins.
pub fn draw(room: &Room, buffer: &mut Buffer, area: Rect, look: Look, focused: bool) -> Option<Position> {
    let (columns, height) = (usize::from(area.width), usize::from(area.height));
    let measure = |row: &Row| lines(row, columns);
    let reading = room.reading();
    let (top, skip) = reading.top(room.feed(), Window { height, lines: &measure })?;
    let end = reading.end(room.feed())?;
    let mut painter = Painter { buffer, area, look, line: -i64::try_from(skip).unwrap_or_default() };
    let mut cursor = None;
    for row in room.feed().from(top).take_while(|row| row.seq <= end) {
        let from = painter.line;
        painter.row(row);
        if reading.selected() == Some(row.seq) {
            painter.highlight(from, look.cursor(focused));
            cursor = Some(Position::new(area.x, area.y + u16::try_from(from.max(0)).unwrap_or_default()));
        }
        if painter.line >= i64::from(area.height) {
            break;
        }
    }
    cursor
}

struct Painter<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
    look: Look,
    /// The next line, counted from the top of the area; negative while above it.
    line: i64,
}

impl Painter<'_> {
    fn row(&mut self, row: &Row) {
        self.put(0, &clock(row.time), self.look.quiet());
        match &row.body {
            Body::Message(said) => self.message(said),
            Body::Notice(notice) => self.notice(notice),
        }
    }

    fn message(&mut self, said: &Said) {
        let columns = usize::from(self.area.width);
        let (mark, style) = self.mark(said);
        self.put(9, mark, style);
        let gone = matches!(said.fate, Fate::Deleted { .. });
        let name_style = if gone { self.look.deleted() } else { self.look.name(said.by.hue) };
        let name = fit(said.by.name.as_str(), name_columns(columns) - SHORT);
        let after = TIME + width(&name);
        self.put(TIME, &name, name_style);
        self.put(after, &format!("#{}", said.by.short()), self.look.quiet());
        let first = self.line;
        self.text(said, columns);
        let next = std::mem::replace(&mut self.line, first);
        self.note(said);
        self.line = next;
    }

    fn text(&mut self, said: &Said, columns: usize) {
        let (text, at) = (said.text.as_str(), indent(columns));
        let lines = wrap(text, text_columns(columns));
        if let Fate::Deleted { reason, by } = &said.fate {
            let told = epitaph(reason.as_str(), *by);
            let remains = fit(text, REMAINS);
            self.put(at, &fit(&format!("{told}  \"{remains}\""), text_columns(columns)), self.look.deleted());
            self.line += i64::try_from(lines.len()).unwrap_or_default();
            return;
        }
        let mut end = at;
        for range in lines {
            end = at + width(&text[range.clone()]);
            self.put(at, &text[range], self.look.text());
            self.line += 1;
        }
        // Behind the last line, if there is room: the mark in front of the name says it anyway.
        if let Some(after) = said.written() {
            let note = format!("  (you, {})", span(after.as_secs_f64()));
            if end + width(&note) <= columns {
                self.line -= 1;
                self.put(end, &note, self.look.quiet());
                self.line += 1;
            }
        }
    }

    /// What is being done about a message, over the end of its first line: a line more would move the rows below.
    fn note(&mut self, said: &Said) {
        let (note, style) = match &said.fate {
            Fate::Standing | Fate::Deleted { .. } => return,
            Fate::Deleting { stage: Stage::Pending, .. } => ("deleting".to_owned(), self.look.busy()),
            Fate::Deleting { stage: Stage::Sent, .. } => ("sent, not yet confirmed".to_owned(), self.look.busy()),
            Fate::Deleting { stage: Stage::Unconfirmed, .. } => ("sent, never confirmed".to_owned(), self.look.bad()),
            Fate::Failed(why) => (format!("not deleted: {why}"), self.look.bad()),
        };
        let columns = usize::from(self.area.width);
        let note = format!(" [{}]", fit(&note, text_columns(columns).saturating_sub(3)));
        self.put(columns.saturating_sub(width(&note)), &note, style);
    }

    fn mark(&self, said: &Said) -> (&'static str, Style) {
        match &said.fate {
            Fate::Deleted { .. } => ("x", self.look.quiet()),
            Fate::Deleting { stage: Stage::Unconfirmed, .. } | Fate::Failed(_) => ("!", self.look.bad()),
            Fate::Deleting { .. } => ("~", self.look.busy()),
            Fate::Standing if said.text.altered() || said.by.name.altered() => ("^", self.look.busy()),
            // In a column that no message can write to.
            Fate::Standing if said.written().is_some() => (">", self.look.good()),
            Fate::Standing => (" ", self.look.text()),
        }
    }

    /// A line of the console's own. Its mark is in a column that no message can write to.
    fn notice(&mut self, notice: &Notice) {
        let style = match notice {
            Notice::Joined | Notice::Event { .. } | Notice::Disconnected { .. } => self.look.quiet(),
            Notice::Gap { .. } | Notice::Unreadable(_) | Notice::Refused(_) => self.look.busy(),
            Notice::Stopped(_) => self.look.bad(),
        };
        self.put(9, "-", style);
        let words = fit(&notice.words(), usize::from(self.area.width).saturating_sub(TIME + 1));
        self.put(TIME + 1, &words, style);
        self.line += 1;
    }

    fn put(&mut self, column: usize, text: &str, style: Style) {
        let Some(y) = u16::try_from(self.line).ok().filter(|y| *y < self.area.height) else { return };
        let Some(x) = u16::try_from(column).ok().filter(|x| *x < self.area.width) else { return };
        let room = usize::from(self.area.width - x);
        self.buffer.set_stringn(self.area.x + x, self.area.y + y, text, room, style);
    }

    fn highlight(&mut self, from: i64, style: Style) {
        let height = i64::from(self.area.height);
        let (from, to) = (from.clamp(0, height), self.line.clamp(0, height));
        let y = self.area.y + u16::try_from(from).unwrap_or_default();
        let rows = u16::try_from(to - from).unwrap_or_default();
        self.buffer.set_style(Rect { y, height: rows, ..self.area }, style);
    }
}

/// Why, by whom and how fast a message was deleted.
fn epitaph(reason: &str, by: Actor) -> String {
    let reason = if reason.is_empty() { "deleted".to_owned() } else { format!("deleted: {reason}") };
    match by {
        Actor::Us(after) => format!("{reason} (you, {})", span(after.as_secs_f64())),
        Actor::SomebodyElse => reason,
    }
}

/// The time of day in UTC, to the second.
pub fn clock(time: Timestamp) -> String {
    let second = time.as_second().rem_euclid(86_400);
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}
