//! Stands where a form will be as soon as the service has said what there is to change: it takes the keys meanwhile, as
//! those that are typed ahead are meant for the form and for nothing else.

use ratatui::Frame;
use ratatui::layout::Position;
use ratatui::text::Line;
use ratatui::widgets::Clear;

use crate::app::look::Look;
use crate::app::text::{Clean, clean, fit};
use crate::app::widget::frame::boxed;

use super::area;

/// Waiting for the service.
#[derive(Debug)]
pub struct Fetching {
    name: Clean,
}

impl Fetching {
    /// Waiting for the resource that is called `name`.
    pub fn new(name: &str) -> Self {
        Self { name: clean(name) }
    }

    /// What it waits for; safe to show.
    pub(super) fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Position {
        let area = area(size, 1);
        frame.render_widget(Clear, area);
        let title = fit(self.name.as_str(), usize::from(area.width.saturating_sub(6)));
        let inner = boxed(frame, area, look, true, Line::styled(format!(" {title} "), look.title()), Line::default());
        let words = "asking the service for what it is now ... (Esc leaves it)";
        let line = Line::styled(fit(words, usize::from(inner.width.saturating_sub(2))), look.busy());
        frame.buffer_mut().set_line(inner.x + 1, inner.y, &line, inner.width.saturating_sub(1));
        Position::new(inner.x + 1, inner.y)
    }
}
