//! Draws the card of a user, framed.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::app::room::card;
use crate::app::text::fit;
use crate::app::widget::frame::boxed;

use super::super::App;

impl App {
    /// Draws the open card; returns where its cursor is.
    pub(super) fn draw_card(&self, frame: &mut Frame, area: Rect) -> Option<Position> {
        let (look, room) = (self.settings.look, self.card_room()?);
        let note = Line::styled(" Esc closes ", look.quiet());
        let title = fit(room.title().as_str(), usize::from(area.width).saturating_sub(note.width() + 14));
        let title = Line::styled(format!(" User in {title} "), look.title());
        let focused = self.focus == crate::app::screen::Focus::Main && self.card_has_keys();
        let note = if focused { note } else { Line::default() };
        let inner = boxed(frame, area, look, focused, title, note);
        card::draw(room, &self.about_card(), frame.buffer_mut(), inner, look)
    }
}
