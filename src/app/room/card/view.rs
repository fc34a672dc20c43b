//! Draws the card of a user: who they are, what they did, what is kept about them, and what they wrote.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use crate::app::look::Look;
use crate::app::room::book::{Note, time_left, when};
use crate::app::room::live::Room;
use crate::app::room::people::Conduct;
use crate::app::room::people::conduct::{Happened, Moment};
use crate::app::room::row::{Fate, Row, Said, span};
use crate::app::room::view::clock;
use crate::app::room::view::words::{epitaph, note, sign};
use crate::app::text::{Clean, clean, fit, width, wrap};

use super::{Card, Item, TIME, text_columns};

/// From this width on, facts stand side by side.
const WIDE: usize = 66;
/// Columns of a fact's name.
const LABEL: usize = 10;
/// Columns of the `#a1b2` behind a name.
const SHORT: usize = 5;
/// Lines that the messages have at least.
const LEAST: usize = 5;
/// Others with the same name that are named.
const NAMESAKES: usize = 5;

/// What a card shows besides what its room knows.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Rooms in which the user was seen, and their messages there.
    pub rooms: Vec<(String, u32)>,
    /// The time.
    pub now: Timestamp,
}

/// The lines above the messages, for so many columns and lines in all.
pub fn header(room: &Room, about: &About, look: Look, (columns, lines): (usize, usize)) -> Vec<Line<'static>> {
    let Some(card) = room.card() else { return Vec::new() };
    let mut head = Head { room, card, about, look, columns, lines: Vec::new() };
    head.who();
    head.did();
    head.warnings();
    // Who it is comes before everything else.
    let limit = lines.saturating_sub(LEAST + 1).max(lines.min(6) / 3);
    head.kept(limit);
    let mut done = head.lines;
    done.truncate(limit);
    done
}

/// Draws the open card; returns where its selected message begins.
pub fn draw(room: &Room, about: &About, buffer: &mut Buffer, area: Rect, look: Look) -> Option<Position> {
    let card = room.card()?;
    let head = header(room, about, look, (usize::from(area.width), usize::from(area.height)));
    for (line, y) in head.iter().zip(area.y..) {
        buffer.set_line(area.x, y, line, area.width);
    }
    let y = area.y + u16::try_from(head.len()).unwrap_or_default();
    if y >= area.bottom() {
        return None;
    }
    rule(card, buffer, Rect { y, height: 1, ..area }, look);
    let rows = Rect { y: y + 1, height: area.bottom() - y - 1, ..area };
    draw_rows(room, card, buffer, rows, look)
}

/// The line between what is known and what was written.
fn rule(card: &Card, buffer: &mut Buffer, area: Rect, look: Look) {
    let columns = usize::from(area.width);
    let count = card.rows.len();
    let s = if count == 1 { "" } else { "s" };
    let words = format!("── {count} message{s} ");
    let rest = "─".repeat(columns.saturating_sub(width(&words)));
    buffer.set_stringn(area.x, area.y, format!("{words}{rest}"), columns, look.quiet());
    if card.newer() > 0 {
        let news = format!(" +{} new  G shows ", card.newer());
        let x = columns.saturating_sub(width(&news) + 1);
        buffer.set_stringn(area.x + u16::try_from(x).unwrap_or_default(), area.y, news, columns - x, look.strong());
    }
}

fn draw_rows(room: &Room, card: &Card, buffer: &mut Buffer, area: Rect, look: Look) -> Option<Position> {
    let columns = usize::from(area.width);
    let moments = room.people().conduct(&card.user).map_or(&[][..], |conduct| &conduct.moments);
    let mut cursor = None;
    let mut line = 0;
    for item in card.items(room.feed(), moments) {
        let from = line;
        line += item.lines(columns);
        if line <= card.top {
            continue;
        }
        let mut painter = Painter { buffer: &mut *buffer, area, look, top: card.top };
        if from >= card.top + usize::from(area.height) {
            break;
        }
        match item {
            Item::Message(row) => painter.message(room, row, from),
            Item::Moment(moment) => painter.moment(room, moment, from),
        }
        if item.seq().is_some() && item.seq() == card.selected {
            painter.highlight(from, line, look.cursor(card.focused));
            let y = area.y + u16::try_from(from.saturating_sub(card.top)).unwrap_or_default();
            cursor = Some(Position::new(area.x, y));
        }
    }
    if card.rows.is_empty() {
        buffer.set_stringn(area.x, area.y, "nothing of theirs is held any more", columns, look.quiet());
    }
    cursor
}

struct Painter<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
    look: Look,
    /// The line that is at the top of the area.
    top: usize,
}

impl Painter<'_> {
    fn message(&mut self, room: &Room, row: &Row, from: usize) {
        let Some(said) = row.message() else { return };
        let columns = usize::from(self.area.width);
        self.put(from, 0, &room.settings.clock.second(row.time), self.look.quiet());
        // Of whom all of them are is known: that they are watched says nothing on a row.
        let (mark, style) = sign(said, false, self.look);
        self.put(from, 9, mark, style);
        self.text(room, said, from);
        if let Some((note, style)) = note(said, self.look) {
            let note = format!(" [{}]", fit(&note, text_columns(columns).saturating_sub(3)));
            self.put(from, columns.saturating_sub(width(&note)), &note, style);
        }
    }

    fn text(&mut self, room: &Room, said: &Said, from: usize) {
        let (text, cells) = (said.text.as_str(), text_columns(usize::from(self.area.width)));
        let style = match &said.fate {
            Fate::Deleted { reason, by, after } if !room.sight().is_revealed() => {
                let told = format!("{}  \"{text}\"", epitaph(reason.as_str(), *by, *after));
                // In the lines that the text has had: one more would move the rows below.
                let lines = wrap(text, cells).len();
                for (index, range) in wrap(&told, cells).into_iter().enumerate().take(lines) {
                    let end = if index + 1 == lines { told.len() } else { range.end };
                    self.put(from + index, TIME, &fit(&told[range.start..end], cells), self.look.deleted());
                }
                return;
            }
            Fate::Deleted { .. } => self.look.deleted().add_modifier(Modifier::CROSSED_OUT),
            Fate::Standing | Fate::Deleting { .. } | Fate::Failed(_) => self.look.text(),
        };
        for (index, range) in wrap(text, cells).into_iter().enumerate() {
            self.put(from + index, TIME, &text[range], style);
        }
    }

    /// Something that happened. Its sign is in a column that no message can write to.
    fn moment(&mut self, room: &Room, moment: &Moment, from: usize) {
        self.put(from, 0, &room.settings.clock.second(moment.at), self.look.quiet());
        let style = match moment.what {
            Happened::Disconnected { .. } => self.look.quiet(),
            Happened::Back(_) => self.look.busy(),
        };
        self.put(from, 9, "-", style);
        let words = moment.words();
        for (range, line) in wrap(&words, text_columns(usize::from(self.area.width))).into_iter().zip(from..) {
            self.put(line, TIME, &words[range], style);
        }
    }

    fn put(&mut self, line: usize, column: usize, text: &str, style: Style) {
        let Some(y) = line.checked_sub(self.top).filter(|y| *y < usize::from(self.area.height)) else { return };
        let (Ok(y), Ok(x)) = (u16::try_from(y), u16::try_from(column)) else { return };
        let room = usize::from(self.area.width.saturating_sub(x));
        self.buffer.set_stringn(self.area.x + x, self.area.y + y, text, room, style);
    }

    fn highlight(&mut self, from: usize, to: usize, style: Style) {
        let height = usize::from(self.area.height);
        let (from, to) = (from.saturating_sub(self.top).min(height), to.saturating_sub(self.top).min(height));
        let line = |line: usize| u16::try_from(line).unwrap_or_default();
        let rows = Rect { y: self.area.y + line(from), height: line(to - from), ..self.area };
        self.buffer.set_style(rows, style);
    }
}

/// What is known of a user, a line each. Its height does not change with what comes in: rows below must not move.
struct Head<'a> {
    room: &'a Room,
    card: &'a Card,
    about: &'a About,
    look: Look,
    columns: usize,
    lines: Vec<Line<'static>>,
}

impl Head<'_> {
    fn conduct(&self) -> Option<&Conduct> {
        self.room.people().conduct(&self.card.user)
    }

    /// A fact on one line; a sign in front calls it out.
    fn fact(&mut self, label: &str, value: &str, style: Style) {
        let label = format!(" {label:<LABEL$}");
        let room = self.columns.saturating_sub(width(&label) + 1);
        let spans = vec![Span::styled(label, self.look.quiet()), Span::styled(fit(value, room), style)];
        self.lines.push(Line::from(spans));
    }

    fn call_out(&mut self, label: &str, value: &str) {
        self.fact(label, value, self.look.bad());
        if let Some(first) = self.lines.last_mut().and_then(|line| line.spans.first_mut()) {
            *first = Span::styled(format!("!{}", &first.content[1..]), self.look.bad());
        }
    }

    /// Name, badges, watch flag, and the whole id.
    fn who(&mut self) {
        let (look, book, user) = (self.look, self.room.people().book(), &self.card.user);
        let person = self.room.people().find(user);
        let mut behind: Vec<Span> = Vec::new();
        for badge in person.map_or(&[][..], |person| person.badges()) {
            behind.push(Span::styled(format!(" [{}]", badge.as_str()), look.strong()));
        }
        if !book.notes(user).is_empty() {
            behind.push(Span::styled(" noted", look.mark()));
        }
        let watched = if self.columns >= WIDE { "watched, " } else { "" };
        let watch = book.watch(user, self.about.now);
        let watch = watch
            .map(|watch| format!("@ {watched}{} left ", time_left(watch.until, self.about.now)))
            .unwrap_or_default();
        let behind = Line::from(behind);
        // The name gives way: the short id and the rest are short.
        let room = self.columns.saturating_sub(behind.width() + width(&watch) + SHORT + 2).max(8);
        let mut line = Line::raw(" ");
        if let Some(person) = person {
            line.push_span(Span::styled(fit(person.name.as_str(), room), look.name(person.hue)));
            line.push_span(Span::styled(format!("#{}", person.short()), look.quiet()));
        }
        line.spans.extend(behind.spans);
        let gap = self.columns.saturating_sub(line.width() + width(&watch)).max(1);
        line.push_span(Span::raw(" ".repeat(gap)));
        line.push_span(Span::styled(watch, look.mark()));
        self.lines.push(line);
        self.user_id();
    }

    /// The whole of it: it is what counts.
    fn user_id(&mut self) {
        let id = clean(&self.card.user);
        let ranges = wrap(id.as_str(), self.columns.saturating_sub(LABEL + 2));
        for (index, range) in ranges.into_iter().enumerate() {
            self.fact(if index == 0 { "user id" } else { "" }, &id.as_str()[range], self.look.strong());
        }
    }

    fn did(&mut self) {
        let Some(conduct) = self.conduct() else {
            return self.fact("seen", "not since people were forgotten: there were too many", self.look.quiet());
        };
        let (text, now) = (self.look.text(), self.about.now);
        let time = |time: Option<Timestamp>| time.map(clock).unwrap_or_default();
        let (first, last) = (time(conduct.first), time(conduct.last));
        let s = if conduct.messages == 1 { "" } else { "s" };
        let count = format!("{} message{s}", conduct.messages);
        let between = |first: &str, last: &str| {
            if first == last { format!("{count} at {first}") } else { format!("{count}, {first} to {last}") }
        };
        let pace = format!("{} {:.1} a minute", graph(conduct, now), conduct.per_minute(now));
        let shares =
            format!("{}% repeats, {}% with links", conduct.percent(conduct.repeats), conduct.percent(conduct.links));
        let deleted = format!("{} by you, {} by others", conduct.deleted_by_us, conduct.deleted_by_others);
        if self.columns >= WIDE {
            self.fact("wrote", &format!("{}   {pace}", between(&first, &last)), text);
            self.fact("of these", &format!("{shares}; deleted: {deleted}"), text);
        } else {
            let minute = |time: &str| time.get(..5).unwrap_or_default().to_owned();
            self.fact("wrote", &between(&minute(&first), &minute(&last)), text);
            self.fact("pace", &pace, text);
            self.fact("of these", &shares, text);
            self.fact("deleted", &deleted, text);
        }
    }

    /// What should make one look twice; each has its line whether there is anything to tell or not.
    fn warnings(&mut self) {
        let conduct = self.conduct();
        let count = conduct.map_or(0, |conduct| conduct.disconnects);
        let away = conduct.is_some_and(Conduct::is_away);
        if let Some(after) = conduct.and_then(Conduct::back_after) {
            let of =
                if count == 1 { "a disconnection".to_owned() } else { format!("the last of {count} disconnections") };
            let away = if away { "; away again" } else { "" };
            self.call_out("back", &format!("{} after {of}{away}", span(after.as_secs_f64())));
        } else {
            let times = match count {
                0 => "never disconnected".to_owned(),
                1 => "disconnected once".to_owned(),
                count => format!("disconnected {count} times"),
            };
            let away = if away { ", not back" } else { "" };
            self.fact("left", &format!("{times}{away}"), self.look.text());
        }
        let people = self.room.people();
        let others: Vec<String> = people
            .namesakes(&self.card.user)
            .take(NAMESAKES + 1)
            .map(|other| format!("#{} {}", other.short(), clean(&other.user_id).as_str()))
            .collect();
        match others.len() {
            0 => self.fact("same name", "nobody else's is like it", self.look.quiet()),
            count => {
                let more = if count > NAMESAKES { " and more" } else { "" };
                let shown = others[..count.min(NAMESAKES)].join(", ");
                self.call_out("same name", &format!("{shown}{more}"));
            }
        }
    }

    /// What is kept, and where else they were seen.
    fn kept(&mut self, limit: usize) {
        let rooms: Vec<String> = self.about.rooms.iter().map(|(room, count)| format!("{room} {count}")).collect();
        let names: Vec<String> = self.names();
        let names = if names.is_empty() { "no other name".to_owned() } else { format!("also {}", names.join(", ")) };
        if self.columns >= WIDE {
            self.fact("seen in", &format!("{}; {names}", rooms.join(", ")), self.look.text());
        } else {
            self.fact("seen in", &rooms.join(", "), self.look.text());
            self.fact("called", &names, self.look.text());
        }
        let notes: Vec<Note> = self.room.people().book().notes(&self.card.user).iter().rev().cloned().collect();
        for (index, note) in notes.iter().enumerate() {
            if index > 0 && self.lines.len() + 1 >= limit {
                self.fact("", &format!("and {} more: M shows them", notes.len() - index), self.look.quiet());
                break;
            }
            self.note(note, limit);
        }
    }

    /// The names that the user had besides the one of now.
    fn names(&self) -> Vec<String> {
        let now = self.room.people().find(&self.card.user).map(|person| person.name.as_str());
        let names = self.conduct().map_or(&[][..], |conduct| &conduct.names);
        names.iter().map(Clean::as_str).filter(|name| Some(*name) != now).map(ToOwned::to_owned).collect()
    }

    fn note(&mut self, note: &Note, limit: usize) {
        let when = when(note.at, self.about.now);
        let words: Vec<&str> = note.lines.iter().map(|line| line.as_str().trim()).collect();
        let text = format!("{when} {}: {}", note.by.as_str(), words.join(" "));
        let room = self.columns.saturating_sub(LABEL + 2);
        let ranges = wrap(&text, room);
        let fits = limit.saturating_sub(self.lines.len() + 1).clamp(1, 3);
        for (index, range) in ranges.iter().take(fits).enumerate() {
            // What does not fit is cut where that can be seen.
            let end = if index + 1 == fits { text.len() } else { range.end };
            self.fact(if index == 0 { "note" } else { "" }, &text[range.start..end], self.look.mark());
        }
    }
}

/// Messages by the minute as little bars, the latest on the right.
fn graph(conduct: &Conduct, now: Timestamp) -> String {
    const BARS: [char; 7] = ['▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let minutes = conduct.minutes(now);
    let most = usize::from(minutes.iter().copied().max().unwrap_or_default()).max(BARS.len());
    let bar = |count: u16| match usize::from(count) {
        0 => '▁',
        count => BARS[(count * BARS.len()).div_ceil(most) - 1],
    };
    minutes.into_iter().map(bar).collect()
}
