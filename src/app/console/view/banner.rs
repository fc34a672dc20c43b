//! The red line at the bottom of every frame while the other side does not have to prove who it is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Line;

use super::super::App;

/// What it says, the shorter one where there is less room.
const WORDS: [&str; 2] = [
    " TLS NOT VERIFIED (--no-verify-ssl): whoever is in between can read and change everything ",
    " TLS NOT VERIFIED (--no-verify-ssl) ",
];

impl App {
    /// What is left of a screen of this size for the console.
    pub(in crate::app::console) fn above_banner(&self, (width, height): (u16, u16)) -> (u16, u16) {
        (width, height.saturating_sub(u16::from(self.settings.unverified)))
    }

    /// Drawn last, so that nothing covers it.
    pub(super) fn draw_banner(&self, frame: &mut Frame) {
        let area = frame.area();
        if !self.settings.unverified || area.height == 0 {
            return;
        }
        let area = Rect { y: area.bottom() - 1, height: 1, ..area };
        let words = WORDS.into_iter().find(|words| words.len() <= usize::from(area.width)).unwrap_or(WORDS[1]);
        let style = self.settings.look.bad().add_modifier(Modifier::REVERSED);
        let line = format!("{words:^width$}", width = usize::from(area.width));
        frame.render_widget(Line::styled(line, style), area);
    }
}
