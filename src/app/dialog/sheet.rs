//! Lines in a dialog's frame.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Clear;

use crate::app::look::Look;
use crate::app::text::{clean, fit};
use crate::app::widget::frame::boxed;

use super::area;

/// Lines, the first of them to show, and where the caret is among all of them.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) lines: Vec<Line<'static>>,
    pub(super) top: usize,
    pub(super) caret: Option<(usize, usize)>,
}

impl Sheet {
    /// Draws the lines under a title, over everything; returns where the caret is.
    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look, title: &str) -> Position {
        let area = area(size, self.lines.len());
        frame.render_widget(Clear, area);
        let title = format!(" {} ", fit(clean(title).as_str(), usize::from(area.width.saturating_sub(6))));
        let inner = boxed(frame, area, look, true, Line::styled(title, look.title()), Line::default());
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        for (line, y) in self.lines.iter().skip(self.top).zip(inner.y..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x, y, line, inner.width);
        }
        let (column, row) = self.caret.unwrap_or_default();
        let x = inner.x + u16::try_from(column).unwrap_or_default();
        let y = inner.y + u16::try_from(row.saturating_sub(self.top)).unwrap_or_default();
        Position::new(x.min(inner.right()), y.min(inner.bottom()))
    }
}
