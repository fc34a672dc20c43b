//! Draws the console: strip, lists, main pane, status line, hint line.

mod banner;
mod bars;
mod card;
mod cells;
mod lists;
mod main_pane;
mod strip;
mod tiles;

use ratatui::Frame;
use ratatui::layout::Position;
use ratatui::text::Line;

use crate::app::keys::Context;
use crate::app::screen::{Focus, SMALLEST, is_large_enough};

pub(super) use cells::rate_words;

use super::{App, Mode};

impl App {
    /// Draws everything. The terminal's own cursor goes to the selected row, to where text is typed, or to where reading
    /// begins: screen readers and magnifiers follow it. Over a chat that rolls by there is none.
    pub fn view(&self, frame: &mut Frame) {
        self.draw_console(frame);
        self.draw_banner(frame);
    }

    fn draw_console(&self, frame: &mut Frame) {
        let size = self.above_banner((frame.area().width, frame.area().height));
        if !is_large_enough(size.0, size.1) {
            let words = format!("needs {}x{}, this is {}x{}", SMALLEST.0, SMALLEST.1, size.0, size.1);
            frame.render_widget(Line::raw(words), frame.area());
            return;
        }
        let areas = self.areas();
        self.draw_strip(frame, areas.strip);
        let mut cursor: Option<Position> = None;
        let (card, in_card) = (areas.card, self.pane_context() == Context::Card);
        if card.width > 0 && !in_card {
            self.draw_card(frame, card);
        }
        // The focused pane comes last, so that the lines that it shares with its neighbours are its own.
        let order = [Focus::Rooms, Focus::Logging, Focus::Tags, Focus::Main];
        let (last, first): (Vec<_>, Vec<_>) = order.into_iter().partition(|focus| *focus == self.focus);
        for focus in first.into_iter().chain(last) {
            let area = match focus {
                Focus::Rooms => areas.rooms,
                Focus::Logging => areas.logging,
                Focus::Tags => areas.tags,
                Focus::Main => areas.main,
            };
            let covered = focus == Focus::Main && areas.card == area;
            if area.width > 0 && !covered {
                let at = self.draw_pane(frame, focus, area);
                cursor = if focus == self.focus { at } else { cursor };
            }
        }
        if card.width > 0 && in_card {
            cursor = self.draw_card(frame, card);
        }
        self.draw_status(frame, areas.status);
        self.draw_hints(frame, areas.hints);
        match &self.mode {
            Mode::Help(help) => cursor = Some(help.draw(frame, self.size, self.settings.look)),
            Mode::Command(line) => cursor = Some(line.draw(frame, areas.status, self.settings.look)),
            Mode::Switch(switch) => cursor = switch.draw(frame, self.size, self.settings.look),
            Mode::Log(view) => cursor = view.draw(frame, &self.log, self.size, self.settings.look),
            Mode::Copy(menu) => cursor = menu.draw(frame, self.size, self.settings.look),
            Mode::Dialog(_, dialog) => cursor = dialog.draw(frame, self.size, self.settings.look, self.now),
            Mode::Leaving(_) => cursor = Some(areas.status.as_position()),
            Mode::Panes | Mode::Filter | Mode::Labels(_) => {}
        }
        if let Some(at) = cursor {
            frame.set_cursor_position(at);
        }
    }

    fn draw_pane(&self, frame: &mut Frame, focus: Focus, area: ratatui::layout::Rect) -> Option<Position> {
        match focus {
            Focus::Rooms => self.draw_rooms(frame, area),
            Focus::Logging => self.draw_logging(frame, area),
            Focus::Tags => self.draw_tags(frame, area),
            Focus::Main => self.draw_main(frame, area),
        }
    }
}
