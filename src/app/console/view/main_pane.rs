//! Draws the main pane: its tabs, and a live chat or a page of text.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::app::room::view as room_view;
use crate::app::screen::Focus;
use crate::app::text::{clean, fit};
use crate::app::widget::frame::boxed;

use super::super::{App, Lead, Tab};

impl App {
    pub(super) fn draw_main(&self, frame: &mut Frame, area: Rect) -> Option<Position> {
        let look = self.settings.look;
        let focused = self.focus == Focus::Main;
        let tabs = self.tab_line();
        let room = usize::from(area.width).saturating_sub(tabs.width() + 5);
        let title = self.subject_title();
        let title = if title.is_empty() { title } else { format!(" {} ", fit(&title, room)) };
        let title = Line::styled(title, look.title());
        let inner = boxed(frame, area, look, focused, title, tabs);
        if self.shown_tab() == Tab::Chat {
            let room = self.shown_room()?;
            return room_view::draw(room, frame.buffer_mut(), inner, look, focused);
        }
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        let lines = self.page(columns);
        let top = self.scroll.top(lines.len(), height);
        for (line, y) in lines.iter().skip(top).zip(inner.y..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
        self.draw_more(frame, area, top, height, lines.len());
        Some(Position::new(inner.x, inner.y))
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
        match self.shown_room().filter(|room| room.is_joined_as_another()) {
            Some(room) => format!("{name} as {}", clean(&room.identity().words()).as_str()),
            None => name,
        }
    }

    /// The tabs; the one that is shown stands out, and the chat of a room that is not watched is pale.
    fn tab_line(&self) -> Line<'static> {
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
