//! Draws the main pane: its tabs, and a live chat or a page of text.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::app::room::looking::{Filter, Meanwhile};
use crate::app::room::view::Manner;
use crate::app::room::{Room, glance, view as room_view};
use crate::app::screen::Focus;
use crate::app::text::{clean, fit, width};
use crate::app::widget::frame::boxed;

use super::super::{App, Lead, Mode, Tab};

impl App {
    pub(super) fn draw_main(&self, frame: &mut Frame, area: Rect) -> Option<Position> {
        if self.tiles().is_some() {
            return self.draw_tiles(frame);
        }
        if let Some(merged) = self.merged() {
            return self.draw_merged(frame, area, merged);
        }
        let look = self.settings.look;
        let focused = self.focus == Focus::Main && !self.card_has_keys();
        let tabs = self.tab_line();
        let room = usize::from(area.width).saturating_sub(tabs.width() + 5);
        let (title, caret) = self.main_title(room);
        let inner = boxed(frame, area, look, focused, title, tabs);
        if self.shown_tab() == Tab::Chat {
            let room = self.shown_room()?;
            let manner = Manner { look, focused, labels: self.labels() };
            let cursor = room_view::draw(room, frame.buffer_mut(), inner, manner);
            self.draw_foot(frame, area, &facts_of(room), room.meanwhile());
            let typing = focused && matches!(self.mode, Mode::Filter);
            return if typing {
                Some(Position::new((area.x + 1 + caret).min(area.right() - 2), area.y))
            } else {
                cursor
            };
        }
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        let lines = self.page(columns);
        let top = self.scroll.top(lines.len(), height);
        for (line, y) in lines.iter().skip(top).zip(inner.y..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
        self.draw_more(frame, area, top, height, lines.len());
        let typing = focused && matches!(self.mode, Mode::Filter);
        Some(if typing {
            Position::new((area.x + 1 + caret).min(area.right() - 2), area.y)
        } else {
            Position::new(inner.x, inner.y)
        })
    }

    /// What is shown, the filter of a chat or the words of a search, and where in it the caret is.
    fn main_title(&self, room: usize) -> (Line<'static>, u16) {
        let look = self.settings.look;
        let title = self.subject_title();
        // How a watched room's connection stands, whichever tab is shown.
        let mark = self.shown_room().map(|room| glance::mark(room.link(), look)).filter(|(mark, _)| *mark != " ");
        let mark = mark.map_or(Span::raw(""), |(mark, style)| Span::styled(format!(" {mark}"), style));
        let room = room.saturating_sub(mark.width());
        let chat = self.shown_room().filter(|_| self.shown_tab() == Tab::Chat);
        let typing = self.focus == Focus::Main && matches!(self.mode, Mode::Filter);
        let filter = chat.and_then(|room| room.filter());
        let search = self.search_words();
        let (text, caret) = match (&search, filter) {
            (Some((text, caret, _)), _) => (*text, *caret),
            (None, filter) => filter.map_or(("", 0), Filter::text),
        };
        let found = search.as_ref().map_or(String::new(), |(_, _, found)| format!(" {found} "));
        let filtered = typing || filter.is_some() || search.is_some();
        let title = if title.is_empty() {
            title
        } else if filtered {
            format!(" {} ", fit(&title, room / 2))
        } else {
            format!(" {} ", fit(&title, room))
        };
        let caret = u16::try_from(mark.width() + width(&title) + 1 + caret).unwrap_or(u16::MAX);
        let left = room.saturating_sub(width(&title) + width(&found));
        let text =
            if filtered { format!("/{} ", fit(clean(text).as_str(), left.saturating_sub(1))) } else { String::new() };
        let wrong = filter.is_some_and(|filter| filter.problem().is_some());
        let style = if wrong { look.bad() } else { look.busy() };
        let found = Span::styled(found, look.quiet());
        (Line::from(vec![mark, Span::styled(title, look.title()), Span::styled(text, style), found]), caret)
    }

    /// On the frame's last line: what was noticed about the selected message, and what came meanwhile and wants a look.
    pub(super) fn draw_foot(&self, frame: &mut Frame, area: Rect, facts: &[String], meanwhile: Option<Meanwhile>) {
        let look = self.settings.look;
        let (y, room_for) = (area.bottom() - 1, usize::from(area.width).saturating_sub(4));
        let (meanwhile, style) = match meanwhile {
            None => (String::new(), look.text()),
            Some(came) => {
                // The way there is told whatever the message is like.
                let way = if came.flagged { "  n goes there " } else { " " };
                let words = fit(&format!(" {} {}", came.sign(), came.words), room_for.saturating_sub(width(way)));
                (words + way, if came.flagged { look.bad() } else { look.mark() })
            }
        };
        let facts = if facts.is_empty() { String::new() } else { format!(" {} ", facts.join(", ")) };
        if width(&facts) + width(&meanwhile) <= room_for {
            frame.buffer_mut().set_string(area.x + 2, y, facts, look.quiet());
        }
        let x = area.right().saturating_sub(u16::try_from(width(&meanwhile)).unwrap_or_default() + 2);
        frame.buffer_mut().set_string(x, y, meanwhile, style);
    }

    /// How much of a page is above and below what is shown.
    fn draw_more(&self, frame: &mut Frame, area: Rect, top: usize, height: usize, lines: usize) {
        if lines > height {
            let more = format!(" {}-{} of {lines} ", top + 1, (top + height).min(lines));
            let x = area.right().saturating_sub(u16::try_from(more.len()).unwrap_or_default() + 1);
            frame.buffer_mut().set_string(x, area.bottom() - 1, more, self.settings.look.quiet());
        }
    }

    fn subject_title(&self) -> String {
        if self.whole_journal && self.shown_tab() == Tab::Journal {
            return "everything".to_owned();
        }
        let Some(arn) = self.subject() else { return String::new() };
        let room = self.rooms.find(arn.as_str()).map(|row| &row.title);
        let title = room.or_else(|| self.logging.find(arn.as_str()).map(|row| &row.title));
        let unlisted = || match &self.lead {
            Lead::Other(detour) => clean(&detour.title()).as_str().to_owned(),
            Lead::Rooms | Lead::Logging => clean(arn.id()).as_str().to_owned(),
        };
        let name = title.map_or_else(unlisted, |title| title.as_str().to_owned());
        let name = match self.shown_room().filter(|room| room.is_joined_as_another()) {
            Some(room) => format!("{name} as {}", clean(&room.identity().words()).as_str()),
            None => name,
        };
        // First, as of a long title the end is cut.
        if self.shown_room().is_some_and(Room::is_recording) { format!("REC {name}") } else { name }
    }

    /// The tabs; the one that is shown stands out, and the chat of a room that is not watched is pale.
    pub(super) fn tab_line(&self) -> Line<'static> {
        let look = self.settings.look;
        let shown = self.shown_tab();
        let mut spans = Vec::new();
        for tab in self.tabs() {
            if !spans.is_empty() {
                spans.push(Span::styled("│", look.quiet()));
            }
            let name = format!(" {} ", tab.name());
            spans.push(Span::styled(name, if *tab == shown { look.cursor(true) } else { look.quiet() }));
        }
        Line::from(spans)
    }
}

/// What was noticed about the message of a room that is selected.
pub(super) fn facts_of(room: &Room) -> Vec<String> {
    room.selected().map(|said| room_view::facts(said, room.flag_of(said))).unwrap_or_default()
}
