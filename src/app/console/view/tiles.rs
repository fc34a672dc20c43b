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

/// The least of a name that is left for what stands behind it.
const NAME: usize = 8;

impl App {
    /// Draws the tiles; returns where the cursor of the one with the focus is.
    pub(super) fn draw_tiles(&self, frame: &mut Frame) -> Option<Position> {
        let (tiles, areas) = self.tiles()?;
        let subject = self.subject();
        let top = areas.first().map_or(0, |area| area.y);
        // The tabs are where they always are, if there is room beside a name.
        let corner = areas.iter().rposition(|area| area.y == top);
        let all: Vec<(usize, Option<&Arn>, Rect)> =
            tiles.rooms().zip(areas).enumerate().map(|(place, (arn, area))| (place, arn, area)).collect();
        // The one with the focus comes last, so that the lines that it shares are its own.
        let (last, first): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, arn, _)| *arn == subject.as_ref());
        let mut cursor = None;
        for (place, arn, area) in first.into_iter().chain(last) {
            let tabs = if corner == Some(place) { self.tab_line() } else { Line::default() };
            let tabs = if tabs.width() + 30 <= usize::from(area.width) { tabs } else { Line::default() };
            match arn.and_then(|arn| self.live.get(arn)) {
                Some(room) if arn == subject.as_ref() => cursor = self.draw_tile(frame, area, room, true, tabs),
                Some(room) => drop(self.draw_tile(frame, area, room, false, tabs)),
                None => self.draw_free_tile(frame, area, tabs),
            }
        }
        cursor
    }

    fn draw_tile(&self, frame: &mut Frame, area: Rect, room: &Room, is_subject: bool, tabs: Line) -> Option<Position> {
        let look = self.settings.look;
        let focused = is_subject && self.focus == Focus::Main && !self.card_has_keys();
        let typing = focused && matches!(self.mode, Mode::Filter);
        let space = usize::from(area.width).saturating_sub(tabs.width() + 4);
        let (title, caret) = tile_title(room, typing, space, look);
        let inner = boxed(frame, area, look, focused, title, tabs);
        let labels = if is_subject { self.labels() } else { None };
        let cursor = room_view::draw(room, frame.buffer_mut(), inner, Manner { look, focused, labels });
        self.draw_tile_foot(frame, area, room, is_subject);
        if typing { Some(Position::new((area.x + 1 + caret).min(area.right() - 2), area.y)) } else { cursor }
    }

    /// Why it stands still, how its connection is if that is not well, and what came meanwhile and wants a look.
    fn draw_tile_foot(&self, frame: &mut Frame, area: Rect, room: &Room, is_subject: bool) {
        let look = self.settings.look;
        if is_subject {
            // The rest of it is in the status line.
            return self.draw_foot(frame, area, room.selected(), room.meanwhile());
        }
        let mut spans = Vec::new();
        if room.reading() != Reading::Live {
            spans.push(Span::styled(format!(" {} ", pause_words(room, true)), look.busy()));
            let missed = room.sight().missed();
            if missed.messages > 0 {
                spans.push(Span::styled(format!(" +{} new ", missed.messages), look.strong()));
            }
            if missed.flagged > 0 {
                spans.push(Span::styled(format!("({} flagged) ", missed.flagged), look.bad()));
            }
        }
        if !is_well(room.link()) {
            let words: String =
                glance::words(room.link(), self.now, look).into_iter().map(|(words, _)| words).collect();
            spans.push(Span::styled(format!(" {words} "), look.busy()));
        }
        let width = area.width.saturating_sub(4);
        frame.buffer_mut().set_line(area.x + 2, area.bottom() - 1, &Line::from(spans), width);
    }

    /// A tile without a room says how to get one.
    fn draw_free_tile(&self, frame: &mut Frame, area: Rect, tabs: Line) {
        let look = self.settings.look;
        let inner = boxed(frame, area, look, false, Line::styled(" free ", look.quiet()), tabs);
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
        self.draw_foot(frame, area, merged.selected_said(&self.live), merged.meanwhile(&self.live));
        if typing { Some(Position::new((area.x + 1 + caret).min(area.right() - 2), area.y)) } else { cursor }
    }
}

fn tile_title(room: &Room, typing: bool, space: usize, look: Look) -> (Line<'static>, u16) {
    let name = match room.is_joined_as_another() {
        true => format!("{} as {}", room.title().as_str(), clean(&room.identity().words()).as_str()),
        false => room.title().as_str().to_owned(),
    };
    let mark = Some(glance::mark(room.link(), look));
    Head { mark, name: &name, rate: room.rate(), flagged: room.flagged() }.title(room.filter(), typing, space, look)
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
