//! Draws live rooms in tiles, each with its own title and foot, and the merged feed.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::api::Arn;
use crate::app::look::Look;
use crate::app::room::looking::Filter;
use crate::app::room::merged::{Merged, view as merged_view};
use crate::app::room::reading::Reading;
use crate::app::room::view::Manner;
use crate::app::room::{Room, glance, view as room_view};
use crate::app::screen::Focus;
use crate::app::text::{clean, fit, width};
use crate::app::widget::frame::boxed;

use super::super::{App, Mode};
use super::bars::{is_well, pause_words};
use super::cells::rate_words;
use super::main_pane::facts_of;

/// The least of a name that is left for what stands behind it.
const NAME: usize = 8;

/// A tile on the screen.
struct Tile<'a> {
    area: Rect,
    /// What it shows; nothing if it is free.
    room: Option<&'a Room>,
    is_subject: bool,
    tabs: Line<'static>,
    /// Cells that its title may take.
    space: usize,
    /// Cells that its foot may take: of a line that it shares with the tile below, the right half.
    foot: usize,
}

impl App {
    /// Draws the tiles; returns where the cursor of the one with the focus is.
    pub(super) fn draw_tiles(&self, frame: &mut Frame) -> Option<Position> {
        let mut tiles = self.placed_tiles()?;
        // The one with the focus comes last, so that the lines that it shares are its own.
        tiles.sort_by_key(|tile| tile.is_subject);
        let mut cursor = None;
        for tile in &tiles {
            cursor = self.draw_tile(frame, tile).filter(|_| tile.is_subject);
        }
        for tile in &tiles {
            self.draw_shared_line(frame, tile);
        }
        cursor
    }

    fn placed_tiles(&self) -> Option<Vec<Tile<'_>>> {
        let (tiles, areas) = self.tiles()?;
        let subject = self.subject();
        let edge = |of: fn(Rect) -> u16, areas: &[Rect]| areas.iter().copied().map(of).max().unwrap_or_default();
        let (right, bottom) = (edge(Rect::right, &areas), edge(Rect::bottom, &areas));
        let top = areas.first().map_or(0, |area| area.y);
        let place = |(arn, area): (Option<&Arn>, Rect)| {
            let columns = usize::from(area.width);
            // The tabs are where they always are, if there is room beside a name.
            let tabs = if area.y == top && area.right() == right { self.tab_line() } else { Line::default() };
            let tabs = if tabs.width() + 30 <= columns { tabs } else { Line::default() };
            Tile {
                area,
                room: arn.and_then(|arn| self.live.get(arn)),
                is_subject: arn.is_some() && arn == subject.as_ref(),
                space: columns.saturating_sub(tabs.width() + 4),
                foot: if area.bottom() == bottom { columns.saturating_sub(4) } else { columns / 2 - 2 },
                tabs,
            }
        };
        let mut placed: Vec<Tile> = tiles.rooms().zip(areas.clone()).map(place).collect();
        // The foot of the tile above needs some of the line only if it says something.
        let feet: Vec<(u16, u16, usize)> = placed
            .iter()
            .map(|tile| {
                (tile.area.x, tile.area.bottom(), tile.room.map_or(0, |room| self.tile_foot(room, tile).width()))
            })
            .collect();
        for tile in &mut placed {
            let above = feet.iter().find(|(x, bottom, _)| (*x, *bottom) == (tile.area.x, tile.area.y + 1));
            if let Some((_, _, foot)) = above {
                tile.space = usize::from(tile.area.width).saturating_sub(foot + 5);
            }
        }
        Some(placed)
    }

    fn draw_tile(&self, frame: &mut Frame, tile: &Tile) -> Option<Position> {
        let (look, area) = (self.settings.look, tile.area);
        let Some(room) = tile.room else {
            self.draw_free_tile(frame, tile);
            return None;
        };
        let focused = self.has_focus(tile);
        let (head, caret) = self.tile_head(tile, room);
        let inner = boxed(frame, area, look, focused, head, tile.tabs.clone());
        let labels = if tile.is_subject { self.labels() } else { None };
        let cursor = room_view::draw(room, frame.buffer_mut(), inner, Manner { look, focused, labels });
        let typing = focused && matches!(self.mode, Mode::Filter);
        if typing { Some(Position::new((area.x + 1 + caret).min(area.right() - 2), area.y)) } else { cursor }
    }

    fn has_focus(&self, tile: &Tile) -> bool {
        tile.is_subject && self.focus == Focus::Main && !self.card_has_keys()
    }

    fn tile_head(&self, tile: &Tile, room: &Room) -> (Line<'static>, u16) {
        let look = self.settings.look;
        let name = if room.is_joined_as_another() {
            format!("{} as {}", room.title().as_str(), clean(&room.identity().words()).as_str())
        } else {
            room.title().as_str().to_owned()
        };
        let mark = Some(glance::mark(room.link(), look));
        let typing = self.has_focus(tile) && matches!(self.mode, Mode::Filter);
        let head = Head { mark, name: &name, rate: room.rate(), flagged: room.flagged() };
        head.title(room.filter(), typing, tile.space, look)
    }

    /// Neighbours share a line: the title of the one below is on its left, the foot of the one above on its right.
    fn draw_shared_line(&self, frame: &mut Frame, tile: &Tile) {
        let Some(room) = tile.room else { return };
        let (buffer, area) = (frame.buffer_mut(), tile.area);
        let (head, _) = self.tile_head(tile, room);
        let width = u16::try_from(head.width()).unwrap_or_default().min(area.width.saturating_sub(2));
        for x in area.x + 1..area.x + 1 + width {
            buffer[(x, area.y)].reset();
            if self.has_focus(tile) {
                buffer[(x, area.y)].set_style(self.settings.look.frame(true));
            }
        }
        buffer.set_line(area.x + 1, area.y, &head, width);
        let foot = self.tile_foot(room, tile);
        let width = u16::try_from(foot.width().min(tile.foot)).unwrap_or_default();
        let x = area.right().saturating_sub(width + 2);
        for x in x..x + width {
            buffer[(x, area.bottom() - 1)].reset();
        }
        buffer.set_line(x, area.bottom() - 1, &foot, width);
    }

    /// What came meanwhile and wants a look, or what was noticed about what is selected; of a tile without the focus, why
    /// it stands still and how its connection is, which is in the status line else.
    fn tile_foot(&self, room: &Room, tile: &Tile) -> Line<'static> {
        let look = self.settings.look;
        if tile.is_subject {
            let (words, style) = match (room.meanwhile(), facts_of(room)) {
                (Some(came), _) if came.flagged => (format!("n ! {}", came.words), look.bad()),
                (Some(came), _) => (format!("@ {}", came.words), look.mark()),
                (None, facts) if facts.is_empty() => return Line::default(),
                (None, facts) => (facts.join(", "), look.quiet()),
            };
            return Line::styled(format!(" {} ", fit(&words, tile.foot.saturating_sub(2))), style);
        }
        let mut parts = Vec::new();
        if room.reading() != Reading::Live {
            let missed = room.sight().missed();
            // In half a line there is no room for more words.
            let words = match (missed.messages, room.marks().is_empty()) {
                (0, _) => pause_words(room, true),
                (new, true) => format!("|| +{new} new"),
                (new, false) => format!("|| {} marked +{new}", room.marks().len()),
            };
            parts.push((words, look.busy()));
            if missed.flagged > 0 {
                parts.push((format!("!{}", missed.flagged), look.bad()));
            }
            if room.watched_missed() > 0 {
                parts.push((format!("@{}", room.watched_missed()), look.mark()));
            }
        }
        if !is_well(room.link()) {
            let words = glance::words(room.link(), self.now, look).into_iter().map(|(words, _)| words);
            parts.push((words.collect(), look.busy()));
        }
        let mut spans = Vec::new();
        let mut left = tile.foot.saturating_sub(1);
        for (words, style) in parts {
            let words = fit(&words, left.saturating_sub(1));
            left = left.saturating_sub(width(&words) + 1);
            spans.push(Span::styled(format!(" {words}"), style));
        }
        if !spans.is_empty() {
            spans.push(Span::raw(" "));
        }
        Line::from(spans)
    }

    /// A tile without a room says how to get one.
    fn draw_free_tile(&self, frame: &mut Frame, tile: &Tile) {
        let look = self.settings.look;
        let head = Line::styled(" free ", look.quiet());
        let inner = boxed(frame, tile.area, look, false, head, tile.tabs.clone());
        let lines =
            ["No other room is live.", "w in the rooms' list (1) watches one more,", "C-k opens one by its name."];
        for (line, y) in lines.into_iter().zip(inner.y + inner.height.saturating_sub(3) / 2..inner.bottom()) {
            let words = fit(line, usize::from(inner.width).saturating_sub(2));
            frame.buffer_mut().set_string(inner.x + 1, y, words, look.quiet());
        }
    }

    /// Draws all live rooms in one feed; returns where the cursor is.
    pub(super) fn draw_merged(&self, frame: &mut Frame, area: Rect, merged: &Merged) -> Option<Position> {
        let look = self.settings.look;
        let focused = self.focus == Focus::Main && !self.card_has_keys();
        let typing = focused && matches!(self.mode, Mode::Filter);
        let tabs = self.tab_line();
        let space = usize::from(area.width).saturating_sub(tabs.width() + 4);
        let rate: f64 = self.live.values().map(Room::rate).sum();
        let flagged: usize = self.live.values().map(Room::flagged).sum();
        let name = match self.live_count() {
            1 => "All of 1 live room".to_owned(),
            live => format!("All of {live} live rooms"),
        };
        let head = Head { mark: None, name: &name, rate, flagged };
        let (title, caret) = head.title(merged.filter(), typing, space, look);
        let inner = boxed(frame, area, look, focused, title, tabs);
        let manner = Manner { look, focused, labels: self.labels() };
        let cursor = merged_view::draw(merged, &self.live, frame.buffer_mut(), inner, manner);
        let facts = merged.selected().and_then(|(arn, _)| self.live.get(arn)).map(facts_of);
        self.draw_foot(frame, area, &facts.unwrap_or_default(), merged.meanwhile(&self.live));
        if typing { Some(Position::new((area.x + 1 + caret).min(area.right() - 2), area.y)) } else { cursor }
    }
}

/// What a frame says of what it shows.
struct Head<'a> {
    mark: Option<(&'static str, Style)>,
    name: &'a str,
    rate: f64,
    flagged: usize,
}

impl Head<'_> {
    /// The title in so many cells, and where in it the caret of the filter is.
    fn title(&self, filter: Option<&Filter>, typing: bool, space: usize, look: Look) -> (Line<'static>, u16) {
        let rate = if self.rate > 0.0 { format!(" {} ", rate_words(self.rate)) } else { String::new() };
        let flagged = if self.flagged > 0 { format!("!{} ", self.flagged) } else { String::new() };
        let (text, caret) = filter.map_or(("", 0), Filter::text);
        let filtered = typing || filter.is_some();
        let wanted = if filtered { (width(text) + 2).min(space / 2).max(12) } else { 0 };
        let mark = self.mark.map_or(0, |_| 2);
        let name = space.saturating_sub(mark + 2 + width(&rate) + width(&flagged) + wanted).max(NAME);
        let mut spans = vec![Span::raw(" ")];
        if let Some((mark, style)) = self.mark {
            spans.push(Span::styled(format!("{mark} "), style));
        }
        spans.push(Span::styled(format!("{} ", fit(self.name, name)), look.title()));
        spans.push(Span::styled(rate, look.quiet()));
        spans.push(Span::styled(flagged, look.bad()));
        let before: usize = spans.iter().map(|span| width(&span.content)).sum();
        if filtered {
            let wrong = filter.is_some_and(|filter| filter.problem().is_some());
            let style = if wrong { look.bad() } else { look.busy() };
            let left = space.saturating_sub(before + 2);
            spans.push(Span::styled(format!("/{} ", fit(clean(text).as_str(), left)), style));
        }
        (Line::from(spans), u16::try_from(before + 1 + caret).unwrap_or(u16::MAX))
    }
}
