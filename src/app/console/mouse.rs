//! The mouse in the console: a click selects, the wheel scrolls. Nothing is done by either, and dialogs take none.

use ratatui::layout::{Position, Rect};

use crate::app::dialog::help;
use crate::app::keys::Motion;
use crate::app::mouse::{Deed, Mouse};
use crate::app::pane::listing::{Listing, Row};
use crate::app::screen::{self, Focus, inside};
use crate::app::widget::table::TABLE;

use super::{App, Mode, Tab};

/// Rows that a notch of the wheel goes.
const NOTCH: usize = 3;

impl App {
    /// Something was done with the mouse.
    pub(super) fn point(&mut self, Mouse { deed, column, row }: Mouse) {
        if !screen::is_large_enough(self.size.0, self.size.1) {
            return;
        }
        let motion = match deed {
            Deed::Click => None,
            Deed::WheelUp => Some(Motion::Up),
            Deed::WheelDown => Some(Motion::Down),
        };
        let at = Position::new(column, row);
        match (&mut self.mode, motion) {
            (Mode::Panes, Some(motion)) => self.turn_wheel(motion, at),
            (Mode::Panes, None) => self.click(at),
            (Mode::Help(help), Some(motion)) => {
                let (_, height) = inside(help::area(self.size));
                (0..NOTCH).for_each(|_| help.go(motion, height));
            }
            // What is typed or asked stays as it is.
            (
                Mode::Filter
                | Mode::Command(_)
                | Mode::Help(_)
                | Mode::Log(_)
                | Mode::Copy(_)
                | Mode::Switch(_)
                | Mode::Leaving(_)
                | Mode::Labels(_)
                | Mode::Dialog(..),
                _,
            ) => {}
        }
    }

    /// The pane that is under the pointer, and its area. Of two that share a line it is the one with the focus.
    fn pane_at(&self, at: Position) -> Option<(Focus, Rect)> {
        let areas = self.areas();
        let panes = [
            (Focus::Rooms, areas.rooms),
            (Focus::Logging, areas.logging),
            (Focus::Tags, areas.tags),
            (Focus::Main, areas.main),
        ];
        let (focused, others): (Vec<_>, Vec<_>) = panes.into_iter().partition(|(focus, _)| *focus == self.focus);
        let card = Some(areas.card).filter(|card| card.contains(at)).map(|card| (Focus::Main, card));
        card.or_else(|| focused.into_iter().chain(others).find(|(_, area)| area.contains(at)))
    }

    /// Scrolls what is under the pointer; the keys stay where they are.
    fn turn_wheel(&mut self, motion: Motion, at: Position) {
        let Some((pane, area)) = self.pane_at(at) else { return };
        let is_card = area == self.areas().card;
        // A card beside the feed that has no keys shows no cursor to move, and the feed behind one that has stands still.
        if pane == Focus::Main && is_card != self.card_has_keys() {
            return;
        }
        let keys = std::mem::replace(&mut self.focus, pane);
        (0..NOTCH).for_each(|_| self.go(motion));
        self.focus = keys;
    }

    /// Gives the keys to the pane under the pointer, and selects what is there.
    fn click(&mut self, at: Position) {
        let Some((pane, area)) = self.pane_at(at) else { return };
        if area == self.areas().card {
            return;
        }
        let line = usize::from(at.y.saturating_sub(area.y + 1));
        let row = line.checked_sub(usize::from(inside(area).0 >= TABLE));
        let inside = at.y > area.y && at.y + 1 < area.bottom();
        let row = row.filter(|_| inside);
        match pane {
            Focus::Rooms => {
                if row.is_some_and(|row| select(&mut self.rooms, row)) {
                    self.pinned = None;
                }
            }
            Focus::Logging => drop(row.map(|row| select(&mut self.logging, row))),
            Focus::Tags => drop(row.map(|row| select(&mut self.tags, row))),
            Focus::Main => {
                self.leave_card();
                self.click_in_main(at);
            }
        }
        self.focus_on(pane);
    }

    /// Among tiles the room of the tile becomes the subject; the message under the pointer is selected.
    fn click_in_main(&mut self, at: Position) {
        let tile = self.tiles().and_then(|(tiles, areas)| {
            let placed = tiles.rooms().zip(areas).find(|(_, area)| area.contains(at));
            placed.map(|(room, area)| (room.cloned(), area))
        });
        let area = match tile {
            Some((Some(room), area)) => {
                self.put_subject(&room);
                area
            }
            Some((None, _)) => return,
            None => self.areas().main,
        };
        let inside = at.y > area.y && at.y + 1 < area.bottom();
        if !inside || self.shown_tab() != Tab::Chat {
            return;
        }
        if let Some(mut chat) = self.chat()
            && let Some(key) = chat.at_line(i64::from(at.y - area.y - 1))
        {
            chat.select(key);
        }
    }
}

/// Puts the cursor of a list on the row in this line, if there is one.
fn select<T: Row>(list: &mut Listing<T>, line: usize) -> bool {
    let id = list.visible().nth(line).map(|(_, row)| row.id().to_owned());
    id.is_some_and(|id| list.select(&id))
}
