//! A profile or a region is picked from all that there are; those that can't be used say why.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;
use tui_input::Input;

use crate::app::identity::who;
use crate::app::key::Key;
use crate::app::keys::{Command, Motion};
use crate::app::look::Look;
use crate::app::text::{self, clean, fit, width};
use crate::app::widget::edit;
use crate::app::widget::frame::boxed;
use crate::identity::facts::{Kind, Profile, REGIONS};

use super::super::{Next, Wish as Any};
use super::Wish;

/// Rows of the list, if there is the room.
const ROWS: usize = 14;
/// Columns of the dialog, if there is the room.
const COLUMNS: u16 = 78;

/// What is picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Profile,
    Region,
}

/// One of those that there are; all texts are safe to show but the value.
#[derive(Debug)]
struct Item {
    value: String,
    name: String,
    /// What there is to say beside the name, the most telling first.
    cells: Vec<String>,
    /// Why it can't be used.
    broken: Option<String>,
    is_current: bool,
}

/// The open dialog.
#[derive(Debug)]
pub struct Pick {
    what: What,
    /// Why it is open, if nobody asked for it; safe to show.
    why: String,
    input: Input,
    items: Vec<Item>,
    /// Those that match, in order.
    found: Vec<usize>,
    cursor: usize,
    /// Whether the profiles are on their way.
    waiting: bool,
    /// Why the one that was chosen is none to choose.
    refused: String,
}

impl Pick {
    /// The profiles that are known so far; `now` is the one in use.
    pub fn profiles(profiles: &[Profile], now: Option<&str>, why: &str) -> Self {
        let items = profiles.iter().map(|profile| of_profile(profile, now)).collect();
        Self { waiting: profiles.is_empty(), ..Self::new(What::Profile, why, items) }
    }

    /// The same with the cursor on this one, which is likely to be meant.
    #[must_use]
    pub fn pointing_at(mut self, name: Option<&str>) -> Self {
        let at = name.and_then(|name| self.found.iter().position(|index| self.items[*index].value == name));
        self.cursor = at.unwrap_or(self.cursor);
        self
    }

    /// The regions that Amazon IVS Chat is in; `now` is the one in use.
    pub fn regions(now: &str, why: &str) -> Self {
        let item = |name: &&str| Item {
            value: (*name).to_owned(),
            name: (*name).to_owned(),
            cells: vec![place(name).to_owned()],
            broken: None,
            is_current: *name == now,
        };
        Self::new(What::Region, why, REGIONS.iter().map(item).collect())
    }

    fn new(what: What, why: &str, items: Vec<Item>) -> Self {
        let cursor = items.iter().position(|item| item.is_current).unwrap_or_default();
        Self {
            what,
            why: clean(why).as_str().to_owned(),
            input: Input::default(),
            found: (0..items.len()).collect(),
            items,
            cursor,
            waiting: false,
            refused: String::new(),
        }
    }

    /// What it is, without a screen.
    pub(super) fn title(&self) -> &'static str {
        match self.what {
            What::Profile => "use a profile",
            What::Region => "use a region",
        }
    }

    /// Why it is open, and all that there are, a line each.
    pub(super) fn told(&self) -> Vec<String> {
        let line = |item: &Item| {
            let now = if item.is_current { ", in use" } else { "" };
            let rest: Vec<&str> = item.cells.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
            match &item.broken {
                Some(why) => format!("{}{now}: can't be used, {why}", item.name),
                None => format!("{}{now}: {}", item.name, rest.join(", ")),
            }
        };
        let words = [&self.why, &self.refused].into_iter().filter(|words| !words.is_empty()).cloned();
        words.chain(self.items.iter().map(line)).collect()
    }

    /// Takes a whole name. Without a screen nobody sees which one a part of it would mean.
    pub(super) fn type_line(&mut self, line: &str) {
        self.input = Input::from(line.to_owned());
        self.find();
        self.found.retain(|at| self.items[*at].value == line);
        if self.found.is_empty() {
            self.refused = format!("{} is none of these", clean(line).as_str());
        }
    }

    /// Whether profiles are picked.
    pub fn is_of_profiles(&self) -> bool {
        self.what == What::Profile
    }

    /// Whether there is nothing to pick yet.
    pub fn is_waiting(&self) -> bool {
        self.waiting
    }

    /// The profiles came. The cursor stays on the one that it is on.
    pub fn arrived(&mut self, profiles: &[Profile], now: Option<&str>) {
        let on = self.selected().map(|item| item.value.clone());
        self.waiting = false;
        self.items = profiles.iter().map(|profile| of_profile(profile, now)).collect();
        self.find();
        let at = |item: &Item| on.as_ref().map_or(item.is_current, |on| item.value == *on);
        self.cursor = self.found.iter().position(|index| at(&self.items[*index])).unwrap_or_default();
    }

    fn selected(&self) -> Option<&Item> {
        self.items.get(*self.found.get(self.cursor)?)
    }

    pub(super) fn press(&mut self, key: Key, command: Option<Command>) -> Next {
        match command {
            Some(Command::Cancel) => return Next::Close,
            Some(Command::Accept) => {
                let Some(item) = self.selected() else { return Next::Stay };
                if let Some(why) = &item.broken {
                    self.refused = format!("{} can't be used: {why}", item.name);
                    return Next::Stay;
                }
                let value = item.value.clone();
                return Next::Ask(Any::Who(match self.what {
                    What::Profile => Wish::Profile(value),
                    What::Region => Wish::Region(value),
                }));
            }
            Some(Command::Move(motion)) => self.go(motion),
            Some(_) => {}
            None => {
                if edit::press(&mut self.input, key) {
                    self.find();
                }
            }
        }
        Next::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        edit::paste(&mut self.input, text);
        self.find();
    }

    fn go(&mut self, motion: Motion) {
        self.cursor = motion.target(self.cursor, self.found.len(), ROWS);
        self.refused.clear();
    }

    /// All words must be somewhere in the row; names that begin with what is typed come first.
    fn find(&mut self) {
        let typed = self.input.value().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let has = |item: &Item| {
            let all = format!("{} {} {}", item.value, item.name, item.cells.join(" ")).to_lowercase();
            words.iter().all(|word| all.contains(word))
        };
        let mut found: Vec<usize> = (0..self.items.len()).filter(|at| has(&self.items[*at])).collect();
        found.sort_by_key(|at| !self.items[*at].value.to_lowercase().starts_with(typed.trim()));
        self.found = found;
        self.cursor = 0;
        self.refused.clear();
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Position {
        let cells = usize::from(area(size, 0).width.saturating_sub(4));
        let head: Vec<Line> = wrapped(&self.why, cells, look.bad());
        let foot: Vec<Line> = wrapped(&self.refused, cells, look.bad());
        let rows = self.items.len().clamp(1, ROWS);
        let area = area(size, head.len() + 1 + rows + foot.len());
        frame.render_widget(Clear, area);
        let (title, many) = match self.what {
            What::Profile => (" Use a profile ", "profiles"),
            What::Region => (" Use a region ", "regions"),
        };
        let count = format!(" {} of {} {many} ", self.found.len(), self.items.len());
        let title = Line::styled(title, look.title());
        let inner = boxed(frame, area, look, true, title, Line::styled(count, look.quiet()));
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        let mut y = inner.y;
        // On a low screen what is typed and the rows come first.
        let room = usize::from(inner.height).saturating_sub(3 + foot.len());
        for line in head.iter().take(room) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
            y += 1;
        }
        let typed = fit(clean(self.input.value()).as_str(), cells.saturating_sub(3));
        frame.buffer_mut().set_line(
            inner.x,
            y,
            &Line::from(vec![Span::styled("> ", look.key()), Span::raw(typed)]),
            inner.width,
        );
        let caret = u16::try_from(self.input.visual_cursor()).unwrap_or(u16::MAX);
        let at = Position::new((inner.x + 2).saturating_add(caret).min(inner.right()), y);
        let below = u16::try_from(foot.len()).unwrap_or_default().min(inner.height.saturating_sub(2));
        let list = Rect { y: y + 1, height: inner.bottom().saturating_sub(y + 1 + below), ..inner };
        self.draw_rows(frame, list, look);
        for (line, y) in foot.iter().zip(list.bottom()..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
        at
    }

    fn draw_rows(&self, frame: &mut Frame, list: Rect, look: Look) {
        if self.found.is_empty() {
            let words = match (self.waiting, self.items.is_empty(), self.what) {
                (true, ..) => "reading ~/.aws/config and ~/.aws/credentials ...",
                (false, true, What::Profile) => "there are no profiles: aws configure sso makes one",
                (false, ..) => "nothing has these letters",
            };
            frame.buffer_mut().set_stringn(list.x, list.y, words, usize::from(list.width), look.quiet());
        }
        let name = self.items.iter().map(|item| width(&item.name)).max().unwrap_or_default().min(28);
        let count = self.items.iter().map(|item| item.cells.len()).max().unwrap_or_default();
        let widths: Vec<usize> = (0..count)
            .map(|cell| self.items.iter().filter_map(|item| item.cells.get(cell)).map(|text| width(text)).max())
            .map(|widest| widest.unwrap_or_default().min(24))
            .collect();
        let height = usize::from(list.height).max(1);
        let top = (self.cursor + 1).saturating_sub(height);
        for ((place, index), y) in self.found.iter().enumerate().skip(top).zip(list.y..list.bottom()) {
            let line = line(&self.items[*index], name, &widths, usize::from(list.width), look);
            frame.buffer_mut().set_line(list.x, y, &line, list.width);
            if place == self.cursor {
                frame.buffer_mut().set_style(Rect { y, height: 1, ..list }, look.cursor(true));
            }
        }
    }
}

fn line(item: &Item, name: usize, widths: &[usize], columns: usize, look: Look) -> Line<'static> {
    let mark = if item.is_current { "* " } else { "  " };
    let shown = fit(&item.name, name);
    let mut spans = vec![Span::styled(mark, look.good()), Span::styled(pad(&shown, name), look.text())];
    if let Some(why) = &item.broken {
        let left = columns.saturating_sub(name + 4);
        spans.push(Span::styled(format!("  {}", fit(&format!("broken: {why}"), left)), look.bad()));
        return Line::from(spans);
    }
    for (text, cells) in item.cells.iter().zip(widths).filter(|(_, cells)| **cells > 0) {
        spans.push(Span::styled(format!("  {}", pad(&fit(text, *cells), *cells)), look.quiet()));
    }
    Line::from(spans)
}

fn pad(text: &str, cells: usize) -> String {
    format!("{text}{}", " ".repeat(cells.saturating_sub(width(text))))
}

fn wrapped(text: &str, cells: usize, style: ratatui::style::Style) -> Vec<Line<'static>> {
    if text.is_empty() {
        return Vec::new();
    }
    text::wrap(text, cells).into_iter().map(|range| Line::styled(text[range].to_owned(), style)).collect()
}

fn of_profile(profile: &Profile, now: Option<&str>) -> Item {
    let safe = |text: &str| clean(text).as_str().to_owned();
    let broken = match &profile.kind {
        Kind::Broken(why) => Some(safe(why)),
        Kind::Static | Kind::Sso { .. } | Kind::Login | Kind::AssumeRole { .. } | Kind::Process | Kind::WebIdentity => {
            None
        }
    };
    let or_blank = |text: &Option<String>| text.as_deref().map(safe).unwrap_or_default();
    Item {
        value: profile.name.clone(),
        name: safe(&profile.name),
        cells: vec![safe(&who::kind(&profile.kind)), or_blank(&profile.account), or_blank(&profile.region)],
        broken,
        is_current: now == Some(profile.name.as_str()),
    }
}

/// Where a region is (AWS General Reference).
fn place(region: &str) -> &'static str {
    match region {
        "us-east-1" => "N. Virginia",
        "us-west-2" => "Oregon",
        "eu-west-1" => "Ireland",
        "eu-central-1" => "Frankfurt",
        "ap-northeast-1" => "Tokyo",
        "ap-northeast-2" => "Seoul",
        "ap-south-1" => "Mumbai",
        _ => "",
    }
}

/// Where it is on a screen of this size: high up, with room for so many lines.
fn area((columns, rows): (u16, u16), lines: usize) -> Rect {
    let width = columns.saturating_sub(2).min(COLUMNS);
    let body = rows.saturating_sub(3);
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX).min(body);
    Rect { x: (columns - width) / 2, y: 1 + (body - height) / 3, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Key;
    use crate::app::keys::{Context, command};

    fn profiles() -> Vec<Profile> {
        let profile = |name: &str, kind, region: Option<&str>| Profile {
            name: name.into(),
            kind,
            region: region.map(Into::into),
            account: Some("123456789012".into()),
        };
        vec![
            profile("dev", Kind::Static, None),
            profile("old", Kind::Broken("no secret key".into()), None),
            profile("prod", Kind::Sso { session: "corp".into() }, Some("eu-west-1")),
        ]
    }

    fn press(pick: &mut Pick, keys: &str) -> Option<String> {
        let mut last = None;
        for key in Key::sequence(keys).unwrap() {
            last = match pick.press(key, command(Context::Pick, key)) {
                Next::Ask(Any::Who(Wish::Profile(name) | Wish::Region(name))) => Some(name),
                Next::Stay | Next::Close => None,
                other => panic!("{other:?}"),
            };
        }
        last
    }

    #[test]
    fn what_is_typed_is_looked_for_in_all_that_is_shown() {
        let mut pick = Pick::profiles(&profiles(), Some("dev"), "");
        assert_eq!(press(&mut pick, "corp<enter>"), Some("prod".into()));
        assert_eq!(press(&mut pick, "<c-u>d<enter>"), Some("dev".into()), "a beginning comes first");
        assert_eq!(press(&mut pick, "<c-u>zzz<enter>"), None);
    }

    #[test]
    fn a_broken_profile_says_why_and_is_none_to_use() {
        let mut pick = Pick::profiles(&profiles(), None, "");
        assert_eq!(press(&mut pick, "<down><enter>"), None);
        assert_eq!(pick.refused, "old can't be used: no secret key");
        assert_eq!(press(&mut pick, "<down><enter>"), Some("prod".into()));
    }

    #[test]
    fn the_cursor_begins_on_what_is_in_use_and_stays_when_the_profiles_come() {
        let mut pick = Pick::regions("eu-west-1", "");
        assert_eq!(press(&mut pick, "<enter>"), Some("eu-west-1".into()));
        let mut pick = Pick::profiles(&profiles(), Some("prod"), "");
        press(&mut pick, "<up><up>");
        let mut more = profiles();
        more.insert(0, Profile { name: "a".into(), kind: Kind::Process, region: None, account: None });
        pick.arrived(&more, Some("prod"));
        assert_eq!(press(&mut pick, "<enter>"), Some("dev".into()));
    }

    #[test]
    fn no_size_panics() {
        for size in [(40, 10), (80, 24), (300, 100)] {
            let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(size.0, size.1)).unwrap();
            let mut many = profiles();
            many.extend((0..60).map(|n| Profile { name: "名".repeat(n), ..profiles()[2].clone() }));
            let mut pick = Pick::profiles(&many, None, &"why ".repeat(60));
            pick.go(Motion::Bottom);
            terminal.draw(|frame| assert!(pick.draw(frame, size, Look::plain()).x < size.0)).unwrap();
        }
    }
}
