//! The box around a pane, with what it says of itself.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::symbols::merge::MergeStrategy;
use ratatui::text::Line;
use ratatui::widgets::Block;

use crate::app::look::Look;

/// Draws a pane's box and returns the area inside it. Neighbouring boxes share their lines.
pub fn boxed(frame: &mut Frame, area: Rect, look: Look, focused: bool, left: Line, right: Line) -> Rect {
    let block = Block::bordered()
        .merge_borders(MergeStrategy::Exact)
        .border_style(look.frame(focused))
        .title(left)
        .title(right.alignment(Alignment::Right));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    inner
}
