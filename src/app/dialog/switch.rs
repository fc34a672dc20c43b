//! The quick switch: rooms by a few letters of their names, live ones first.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;
use tui_input::Input;

use crate::api::Arn;
use crate::app::key::Key;
use crate::app::keys::{Command, Motion};
use crate::app::look::Look;
use crate::app::text::{Clean, clean, fit, width};
use crate::app::widget::edit;
use crate::app::widget::frame::boxed;

/// Rows of the list, if there is the room.
const ROWS: u16 = 14;
/// Columns of the dialog, if there is the room.
const COLUMNS: u16 = 66;
/// Columns of a rate, and of what waits for somebody.
const RATE: usize = 6;
const FLAGGED: usize = 5;

/// A room that can be switched to.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The room.
    pub arn: Arn,
    /// Its name, or its id.
    pub title: Clean,
    /// What there is to say of its connection, if it is watched.
    pub live: Option<Live>,
}

/// What is said of a room that is watched.
#[derive(Debug, Clone)]
pub struct Live {
    /// The mark of its connection.
    pub mark: (&'static str, Style),
    /// How much is said, in words.
    pub rate: String,
    /// Flagged messages that wait for somebody.
    pub flagged: usize,
}

/// The open dialog. What it says of rooms is what there was when it opened: nothing moves under the eye.
#[derive(Debug)]
pub struct Switch {
    input: Input,
    candidates: Vec<Candidate>,
    /// Those that match, best first.
    found: Vec<usize>,
    cursor: usize,
}

/// What a key press came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// The dialog stays.
    Stay,
    /// It closes.
    Close,
    /// It closes, and this room is opened.
    Open(Arn),
}

impl Switch {
    /// The dialog with these rooms. Those that are watched come first; else their order stays.
    pub fn new(mut candidates: Vec<Candidate>) -> Self {
        candidates.sort_by_key(|candidate| candidate.live.is_none());
        let found = (0..candidates.len()).collect();
        Self { input: Input::default(), candidates, found, cursor: 0 }
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key, command: Option<Command>) -> Pressed {
        match command {
            Some(Command::Cancel) => Pressed::Close,
            Some(Command::Accept) => match self.selected() {
                Some(candidate) => Pressed::Open(candidate.arn.clone()),
                None => Pressed::Stay,
            },
            Some(Command::Move(motion)) => {
                self.go(motion);
                Pressed::Stay
            }
            // The table has no more rows for it.
            Some(_) => Pressed::Stay,
            None => {
                self.change(|input| {
                    edit::press(input, key);
                });
                Pressed::Stay
            }
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.change(|input| edit::paste(input, text));
    }

    fn change(&mut self, change: impl FnOnce(&mut Input)) {
        let before = self.input.value().to_owned();
        change(&mut self.input);
        if self.input.value() != before {
            self.find();
        }
    }

    fn pattern(&self) -> Pattern {
        Pattern::new(self.input.value(), CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy)
    }

    /// Works out anew what matches: live rooms first, then by how well.
    fn find(&mut self) {
        let (pattern, mut matcher, mut buffer) = (self.pattern(), Matcher::new(Config::DEFAULT), Vec::new());
        let mut score = |candidate: &Candidate| {
            let by = |text: &str, buffer: &mut Vec<char>, matcher: &mut Matcher| {
                pattern.score(Utf32Str::new(text, buffer), matcher)
            };
            let name = by(candidate.title.as_str(), &mut buffer, &mut matcher);
            // Whoever pastes an id means it, but a few letters of a name are in many ids.
            name.or_else(|| (candidate.arn.id() == self.input.value().trim()).then_some(0))
        };
        let mut found: Vec<(bool, u32, usize)> = Vec::new();
        for (index, candidate) in self.candidates.iter().enumerate() {
            if let Some(score) = score(candidate) {
                found.push((candidate.live.is_none(), u32::MAX - score, index));
            }
        }
        found.sort_unstable();
        self.found = found.into_iter().map(|(_, _, index)| index).collect();
        self.cursor = 0;
    }

    fn go(&mut self, motion: Motion) {
        self.cursor = motion.target(self.cursor, self.found.len(), usize::from(ROWS));
    }

    fn selected(&self) -> Option<&Candidate> {
        self.candidates.get(*self.found.get(self.cursor)?)
    }

    /// Draws it over the panes; returns where the caret is.
    pub fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Option<Position> {
        let area = area(size);
        frame.render_widget(Clear, area);
        let count = format!(" {} of {} rooms ", self.found.len(), self.candidates.len());
        let title = Line::styled(" Go to a room ", look.title());
        let inner = boxed(frame, area, look, true, title, Line::styled(count, look.quiet()));
        let columns = usize::from(inner.width);
        frame.buffer_mut().set_string(inner.x, inner.y, " > ", look.key());
        let typed = fit(clean(self.input.value()).as_str(), columns.saturating_sub(4));
        frame.buffer_mut().set_string(inner.x + 3, inner.y, &typed, look.text());
        let list = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        if self.found.is_empty() {
            let words = if self.candidates.is_empty() { "no room is listed yet" } else { "no room has these letters" };
            frame.buffer_mut().set_stringn(list.x + 3, list.y, words, columns.saturating_sub(4), look.quiet());
        }
        self.draw_list(frame, list, look);
        let caret = u16::try_from(self.input.visual_cursor()).unwrap_or(u16::MAX);
        Some(Position::new((inner.x + 3).saturating_add(caret).min(inner.right().saturating_sub(1)), inner.y))
    }

    fn draw_list(&self, frame: &mut Frame, list: Rect, look: Look) {
        let (pattern, mut matcher) = (self.pattern(), Matcher::new(Config::DEFAULT));
        let height = usize::from(list.height).max(1);
        let top = (self.cursor + 1).saturating_sub(height);
        let visible = self.found.iter().enumerate().skip(top).take(height);
        for ((place, index), y) in visible.zip(list.y..list.bottom()) {
            let candidate = &self.candidates[*index];
            let mut places = Vec::new();
            pattern.indices(Utf32Str::new(candidate.title.as_str(), &mut Vec::new()), &mut matcher, &mut places);
            let line = line(candidate, &places, usize::from(list.width), look);
            frame.buffer_mut().set_line(list.x, y, &line, list.width);
            if place == self.cursor {
                frame.buffer_mut().set_style(Rect { y, height: 1, ..list }, look.cursor(true));
            }
        }
    }
}

/// A room: the mark of its connection, its name with the letters that match, how much is said and waits, its id.
fn line(candidate: &Candidate, places: &[u32], columns: usize, look: Look) -> Line<'static> {
    let (mark, style) = candidate.live.as_ref().map_or((" ", look.text()), |live| live.mark);
    let numbers = RATE + 1 + FLAGGED;
    let beside = columns.saturating_sub(3 + numbers);
    let id = clean(candidate.arn.id());
    // The id is for names that are not unique: it gives way to the name.
    let id_room = beside.saturating_sub(24).min(width(id.as_str()));
    let name_room = beside.saturating_sub(id_room + usize::from(id_room > 0));
    let mut spans = vec![Span::raw(" "), Span::styled(mark, style), Span::raw(" ")];
    let name = fit(candidate.title.as_str(), name_room);
    let pad = name_room.saturating_sub(width(&name));
    for (at, letter) in name.chars().enumerate() {
        let hit = u32::try_from(at).is_ok_and(|at| places.contains(&at));
        let style = if hit { look.key().add_modifier(Modifier::UNDERLINED) } else { look.text() };
        spans.push(Span::styled(letter.to_string(), style));
    }
    spans.push(Span::raw(" ".repeat(pad)));
    let rate = candidate.live.as_ref().map_or("", |live| live.rate.as_str());
    spans.push(Span::styled(format!("{rate:>RATE$} "), look.quiet()));
    let flagged = candidate.live.as_ref().map_or(0, |live| live.flagged);
    let flagged = if flagged > 0 { format!("!{}", flagged.min(999)) } else { String::new() };
    spans.push(Span::styled(format!("{flagged:<FLAGGED$}"), look.bad()));
    if id_room > 0 {
        spans.push(Span::styled(format!(" {}", fit(id.as_str(), id_room)), look.quiet()));
    }
    Line::from(spans)
}

/// Where it is on a screen of this size: high up, so that the list has the room below.
fn area((columns, rows): (u16, u16)) -> Rect {
    let width = columns.saturating_sub(4).min(COLUMNS);
    let body = rows.saturating_sub(3);
    let height = (ROWS + 3).min(body);
    Rect { x: (columns - width) / 2, y: 1 + (body - height) / 3, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keys::{Context, command};

    fn candidate(name: &str, live: bool) -> Candidate {
        let arn = format!("arn:aws:ivschat:us-west-2:123456789012:room/{name}").parse().unwrap();
        let live = live.then(|| Live { mark: ("*", Style::new()), rate: "2/s".to_owned(), flagged: 0 });
        Candidate { arn, title: clean(name), live }
    }

    fn switch() -> Switch {
        let names = [("lobby-main", false), ("lobby-eu", true), ("late-night-lobby", false), ("Über", true)];
        Switch::new(names.into_iter().map(|(name, live)| candidate(name, live)).collect())
    }

    fn press(switch: &mut Switch, keys: &str) -> Pressed {
        let mut last = Pressed::Stay;
        for key in Key::sequence(keys).unwrap() {
            last = switch.press(key, command(Context::Switch, key));
        }
        last
    }

    fn names(switch: &Switch) -> Vec<&str> {
        switch.found.iter().map(|index| switch.candidates[*index].title.as_str()).collect()
    }

    #[test]
    fn live_rooms_come_first_and_then_the_best_match() {
        let mut switch = switch();
        assert_eq!(names(&switch), ["lobby-eu", "Über", "lobby-main", "late-night-lobby"]);
        press(&mut switch, "lobby");
        assert_eq!(names(&switch), ["lobby-eu", "lobby-main", "late-night-lobby"]);
        press(&mut switch, "m");
        assert_eq!(names(&switch), ["lobby-main"]);
        assert_eq!(press(&mut switch, "<enter>"), Pressed::Open(candidate("lobby-main", false).arn));
    }

    #[test]
    fn letters_need_not_stand_together_and_accents_and_case_do_not_matter() {
        let mut switch = switch();
        press(&mut switch, "lnl");
        assert_eq!(names(&switch), ["late-night-lobby"]);
        press(&mut switch, "<c-u>uber");
        assert_eq!(names(&switch), ["Über"]);
    }

    #[test]
    fn nothing_found_opens_nothing_and_escape_closes() {
        let mut switch = switch();
        assert_eq!(press(&mut switch, "zzz<enter>"), Pressed::Stay);
        assert_eq!(press(&mut switch, "<esc>"), Pressed::Close);
        assert_eq!(press(&mut Switch::new(Vec::new()), "<enter>"), Pressed::Stay);
    }

    #[test]
    fn five_thousand_rooms_are_searched_and_the_cursor_stays_among_them() {
        let mut switch = Switch::new((0..5_000).map(|n| candidate(&format!("room-{n}"), n % 250 == 0)).collect());
        press(&mut switch, "r49");
        assert!(switch.found.len() > 50 && names(&switch).iter().all(|name| name.contains('4')));
        press(&mut switch, "<down><down><up>");
        assert_eq!(switch.cursor, 1);
        press(&mut switch, "99<down><down>");
        assert_eq!((names(&switch), switch.cursor), (vec!["room-4999"], 0));
    }

    #[test]
    fn no_size_panics() {
        for size in [(40, 10), (80, 24), (300, 100)] {
            let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(size.0, size.1)).unwrap();
            let mut switch =
                Switch::new((0..50).map(|n| candidate(&format!("{}{n}", "名".repeat(50)), true)).collect());
            switch.go(Motion::Bottom);
            terminal.draw(|frame| assert!(switch.draw(frame, size, Look::plain()).is_some())).unwrap();
        }
    }
}
