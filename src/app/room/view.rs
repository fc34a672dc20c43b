//! Draws a live room: only the rows that are on the screen are ever laid out.

pub(super) mod words;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use crate::app::clock::Clock;
use crate::app::look::Look;
use crate::app::text::{Clean, fit, width, wrap};

use super::fold::Fold;
use super::geometry::{SHORT, before_badges, cut_to, indent, lead, name_columns, notice_lines, text_columns};
use super::hints::Labels;
use super::live::Room;
use super::row::{Body, Fate, Notice, Row, Said, span};
use super::shown::Rows;
use super::sight::Sight;

pub use words::facts;
use words::{epitaph, note, sign};

/// Columns of the text of a deleted message that are still shown.
const REMAINS: usize = 50;
/// Seconds from which on a message is called late.
pub const LATE: u16 = 3;

/// How a room is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    /// Colours or none.
    pub look: Look,
    /// Whether keys go to it.
    pub focused: bool,
    /// Labels on its rows.
    pub labels: Option<&'a Labels>,
}

/// What is drawn: rows by the keys of a view, each of a room.
pub(super) struct Scene<'a> {
    /// The view.
    pub(super) sight: &'a Sight,
    /// Its rows.
    pub(super) rows: &'a dyn Rows,
    /// The room of a row, and the row.
    pub(super) at: &'a dyn Fn(u64) -> Option<(&'a Room, &'a Row)>,
    /// The oldest key.
    pub(super) oldest: u64,
    /// What stands in front of each row, and how many columns that takes.
    pub(super) margin: Option<(u16, &'a Margin<'a>)>,
}

/// What stands in front of the rows of a room.
pub(super) type Margin<'a> = dyn Fn(&Room) -> (String, Style) + 'a;

/// Draws the rows of a room that are on the screen; returns where the selected one begins.
pub fn draw(room: &Room, buffer: &mut Buffer, area: Rect, manner: Manner) -> Option<Position> {
    let (sight, feed) = (room.sight(), room.feed());
    let at = |seq| Some((room, feed.row(seq)?));
    let oldest = feed.first().unwrap_or_default();
    Scene { sight, rows: feed, at: &at, oldest, margin: None }.draw(buffer, area, manner)
}

impl Scene<'_> {
    /// Draws it; returns where the selected row begins.
    pub(super) fn draw(&self, buffer: &mut Buffer, area: Rect, manner: Manner) -> Option<Position> {
        let Manner { look, focused, labels } = manner;
        let margin = self.margin.map_or(0, |(columns, _)| columns).min(area.width);
        let whole = area;
        let area = Rect { x: area.x + margin, width: area.width - margin, ..area };
        let mut cursor = None;
        for (key, line) in self.sight.visible(self.rows) {
            let Some((room, row)) = (self.at)(key) else { continue };
            let mut painter = Painter { buffer: &mut *buffer, area, look, line, scene: self, room };
            if self.sight.divider() == Some(key) {
                painter.divider(whole);
            }
            let from = painter.line;
            painter.row(key, row);
            if let Some((_, words)) = self.margin {
                painter.margin(from, whole, words(room));
            }
            if self.sight.reading().selected() == Some(key) {
                painter.highlight(from, whole, look.cursor(focused));
                cursor = Some(Position::new(whole.x, whole.y + u16::try_from(from.max(0)).unwrap_or_default()));
            }
            if let Some(label) = labels.and_then(|labels| labels.at(key)) {
                painter.label(from.max(0), label);
            }
        }
        cursor
    }
}

struct Painter<'a, 's> {
    buffer: &'a mut Buffer,
    area: Rect,
    look: Look,
    /// The next line, counted from the top of the area; negative while above it.
    line: i64,
    scene: &'a Scene<'s>,
    /// The room of the row.
    room: &'a Room,
}

impl Painter<'_, '_> {
    fn lead(&self) -> usize {
        lead(usize::from(self.area.width))
    }

    fn row(&mut self, key: u64, row: &Row) {
        let lead = self.lead();
        if lead > 2 {
            self.put(0, &self.room.settings.clock.second(row.time), self.look.quiet());
        }
        if self.room.marks().has(row.seq) {
            self.put(lead - 2, "+", self.look.mark());
        }
        match (&row.body, self.scene.sight.shown().fold(key)) {
            (Body::Message(said), Some(fold)) => self.folded(said, fold),
            (Body::Message(said), None) => self.message(said),
            (Body::Notice(notice), _) => self.notice(notice),
        }
    }

    /// Many messages that say the same: how many, from how many, and what.
    fn folded(&mut self, said: &Said, fold: &Fold) {
        let columns = usize::from(self.area.width);
        let count = fold.count(self.scene.oldest);
        let (mark, style) = self.mark(said);
        self.put(self.lead() - 1, mark, style);
        let who = match fold.users() {
            1 => {
                let times = format!(" x{count}");
                let room = name_columns(columns).saturating_sub(width(&times) + SHORT);
                format!("{}#{}{times}", fit(said.by.name.as_str(), room), said.by.short())
            }
            users => format!("={count} from {users}"),
        };
        self.put(self.lead(), &fit(&who, name_columns(columns)), self.look.mark());
        let cells = text_columns(columns);
        if let Fate::Deleted { reason, by, after } = &said.fate {
            let told = epitaph(reason.as_str(), *by, *after);
            let text = format!("{told}  \"{}\"", fit(said.text.as_str(), REMAINS));
            self.put(indent(columns), &fit(&text, cells), self.look.deleted());
        } else {
            let text = format!("\"{}\"", fit(said.text.as_str(), cells.saturating_sub(2)));
            self.put(indent(columns), &text, self.look.text());
            let flag = words::tail(said, self.room.flag_of(said));
            if width(&text) + width(&flag) + 2 <= cells {
                self.put(indent(columns) + width(&text) + 2, &flag, self.look.quiet());
            }
        }
        self.note(said);
        self.line += 1;
    }

    fn message(&mut self, said: &Said) {
        let columns = usize::from(self.area.width);
        let (mark, style) = self.mark(said);
        self.put(self.lead() - 1, mark, style);
        self.name(said, columns);
        let first = self.line;
        self.text(said, columns);
        let next = std::mem::replace(&mut self.line, first);
        self.note(said);
        self.line = next;
    }

    fn name(&mut self, said: &Said, columns: usize) {
        let style = match said.fate {
            Fate::Deleted { .. } => self.look.deleted(),
            _ if said.signs.flag.is_some() => self.look.bad(),
            _ => self.look.name(said.by.hue),
        };
        let badges = badges(said, columns);
        let left = name_columns(columns) - SHORT - badges.as_ref().map_or(0, |badges| width(badges) + 1);
        let name = fit(said.by.name.as_str(), left);
        let after = self.lead() + width(&name);
        self.put(self.lead(), &name, style);
        self.put(after, &format!("#{}", said.by.short()), self.look.quiet());
        if let Some(badges) = badges {
            self.put(indent(columns) - 1 - width(&badges), &badges, self.look.quiet());
        }
    }

    fn text(&mut self, said: &Said, columns: usize) {
        let (text, at) = (said.text.as_str(), indent(columns));
        let lines = wrap(text, text_columns(columns));
        let tail = words::tail(said, self.room.flag_of(said));
        let (style, tail) = match &said.fate {
            Fate::Deleted { reason, by, after } if !self.scene.sight.is_revealed() => {
                let told = epitaph(reason.as_str(), *by, *after);
                let told = format!("{told}  \"{}\"", fit(text, REMAINS));
                // In the lines that the text has had: one more would move the rows below.
                let cells = text_columns(columns);
                for (range, line) in cut_to(wrap(&told, cells), lines.len(), told.len()).into_iter().zip(self.line..) {
                    self.put_at(line, at, &fit(&told[range], cells), self.look.deleted());
                }
                self.line += i64::try_from(lines.len()).unwrap_or_default();
                return;
            }
            Fate::Deleted { reason, by, after } => {
                (self.look.deleted().add_modifier(Modifier::CROSSED_OUT), epitaph(reason.as_str(), *by, *after))
            }
            Fate::Standing | Fate::Deleting { .. } | Fate::Failed(_) => (self.look.text(), tail),
        };
        let mut end = at;
        for range in lines {
            end = at + width(&text[range.clone()]);
            self.put(at, &text[range], style);
            self.line += 1;
        }
        // Behind the last line, if there is room: a line more would move the rows below.
        if !tail.is_empty() && end + width(&tail) + 2 <= columns {
            self.line -= 1;
            self.put(end + 2, &tail, self.look.quiet());
            self.line += 1;
        }
    }

    /// What is being done about a message, over the end of its first line: a line more would move the rows below.
    fn note(&mut self, said: &Said) {
        let Some((note, style)) = note(said, self.look) else { return };
        let columns = usize::from(self.area.width);
        let note = format!(" [{}]", fit(&note, text_columns(columns).saturating_sub(3)));
        self.put(columns.saturating_sub(width(&note)), &note, style);
    }

    /// The one sign in front of a name.
    fn mark(&self, said: &Said) -> (&'static str, Style) {
        sign(said, self.room.people().has_watch(&said.by.user_id), self.look)
    }

    /// A line of the console's own. Its mark is in a column that no message can write to.
    fn notice(&mut self, notice: &Notice) {
        let style = match notice {
            Notice::Joined | Notice::Event { .. } | Notice::Disconnected { .. } | Notice::Day(_) => self.look.quiet(),
            Notice::Gap { .. } | Notice::Unreadable(_) | Notice::Refused(_) => self.look.busy(),
            Notice::Stopped(_) | Notice::Disarmed(_) => self.look.bad(),
        };
        let lead = self.lead();
        self.put(lead - 1, "-", style);
        let columns = usize::from(self.area.width);
        let room = columns.saturating_sub(lead + 1);
        let mut words = notice.words();
        if matches!(notice, Notice::Day(_)) {
            words = format!("{words} {}", "─".repeat(room.saturating_sub(width(&words) + 1)));
        }
        for range in notice_lines(notice, &words, columns) {
            self.put(lead + 1, &fit(&words[range], room), style);
            self.line += 1;
        }
    }

    /// The line between what was seen before and what came while the reader had stopped.
    fn divider(&mut self, whole: Rect) {
        let words = "── new since you stopped ";
        let rest = usize::from(whole.width).saturating_sub(width(words));
        let line = format!("{words}{}", "─".repeat(rest));
        let row = std::mem::replace(&mut self.area, whole);
        self.put(0, &line, self.look.busy());
        self.area = row;
        self.line += 1;
    }

    /// What stands in front of a row.
    fn margin(&mut self, from: i64, whole: Rect, (words, style): (String, Style)) {
        let row = std::mem::replace(&mut self.area, whole);
        let next = std::mem::replace(&mut self.line, from);
        self.put(0, &words, style);
        (self.area, self.line) = (row, next);
    }

    /// A label takes the place of the time, or of the marks where there is none.
    fn label(&mut self, line: i64, (done, left): (&str, &str)) {
        self.line = line;
        let at = usize::from(self.lead() > 2);
        // What the time is drawn in would make a label pale.
        let bright = |style: Style| style.remove_modifier(Modifier::DIM);
        self.put(0, &" ".repeat(self.lead() - 2 * at), bright(self.look.text()));
        self.put(at, done, self.look.quiet());
        self.put(at + width(done), left, bright(self.look.key()).add_modifier(Modifier::REVERSED));
    }

    fn put(&mut self, column: usize, text: &str, style: Style) {
        self.put_at(self.line, column, text, style);
    }

    fn put_at(&mut self, line: i64, column: usize, text: &str, style: Style) {
        let Some(y) = u16::try_from(line).ok().filter(|y| *y < self.area.height) else { return };
        let Some(x) = u16::try_from(column).ok().filter(|x| *x < self.area.width) else { return };
        let room = usize::from(self.area.width - x);
        self.buffer.set_stringn(self.area.x + x, self.area.y + y, text, room, style);
    }

    fn highlight(&mut self, from: i64, whole: Rect, style: Style) {
        let height = i64::from(whole.height);
        let (from, to) = (from.clamp(0, height), self.line.clamp(0, height));
        let y = whole.y + u16::try_from(from).unwrap_or_default();
        let rows = u16::try_from(to - from).unwrap_or_default();
        self.buffer.set_style(Rect { y, height: rows, ..whole }, style);
    }
}

/// What the user's token says they are, at the end of the name's columns: no name can write there, as the short id comes
/// before it.
fn badges(said: &Said, columns: usize) -> Option<String> {
    let before = before_badges(columns)?;
    let badges: Vec<&str> = said.by.badges().iter().map(Clean::as_str).collect();
    let room = name_columns(columns).saturating_sub(before + 3);
    (!badges.is_empty()).then(|| format!("[{}]", fit(&badges.join(" "), room)))
}

/// The time of day in UTC, to the second.
pub fn clock(time: Timestamp) -> String {
    Clock::default().second(time)
}

/// How a note about a length of time reads.
fn after(duration: std::time::Duration) -> String {
    span(duration.as_secs_f64())
}
