//! Marking rows of the focused list, for what is to be done to several at once.

use crate::app::outbox::Outbox;
use crate::app::pane::listing::{Listing, Marked, Row};
use crate::app::room::marks::MOST;
use crate::app::screen::Focus;

use super::App;

/// What a key does to marks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Marking {
    /// The row under the cursor.
    One,
    /// From the last mark to the cursor.
    Range,
    /// All rows shown.
    Shown,
    /// None any more.
    None,
}

impl App {
    pub(super) fn mark(&mut self, what: Marking, outbox: &mut Outbox) {
        let done = match self.focus {
            Focus::Rooms => {
                // Marking goes down a row, and what is open follows the cursor as with any motion.
                self.pinned = None;
                mark(&mut self.rooms, what)
            }
            Focus::Logging => mark(&mut self.logging, what),
            Focus::Tags => mark(&mut self.tags, what),
            Focus::Main => return self.mark_messages(what, outbox),
        };
        if !done {
            outbox.hint("a range starts at a mark: space marks a row");
        }
    }

    fn mark_messages(&mut self, what: Marking, outbox: &mut Outbox) {
        let Some(mut chat) = self.chat() else { return };
        match what {
            Marking::One if !chat.mark() => outbox.hint("nothing is selected: k selects, space marks"),
            Marking::Range if !chat.mark_range() => outbox.hint("a range starts at a mark: space marks a message"),
            Marking::Shown => match chat.mark_shown() {
                0 => {}
                left => outbox.bad(format!("{left} more can't be marked: {MOST} is the most")),
            },
            Marking::None => chat.clear_marks(),
            Marking::One | Marking::Range => {}
        }
    }

    /// The marks of the focused list.
    pub(super) fn marked(&self) -> Marked {
        match self.focus {
            Focus::Rooms => self.rooms.marked(),
            Focus::Logging => self.logging.marked(),
            Focus::Tags => self.tags.marked(),
            Focus::Main => Marked::default(),
        }
    }
}

fn mark<T: Row>(list: &mut Listing<T>, what: Marking) -> bool {
    match what {
        Marking::One => list.mark(),
        Marking::Range => return list.mark_range(),
        Marking::Shown => list.mark_shown(),
        Marking::None => list.unmark(),
    }
    true
}
