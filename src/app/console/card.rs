//! The card of a user in the console: opened from the feed, beside it or over it, and closed to where one was.

use crate::app::outbox::{Job, Outbox};
use crate::app::room::Room;
use crate::app::room::card::{self, About, Card};
use crate::app::screen::inside;

use super::{App, Tab};

impl App {
    /// The room whose chat is shown, where a card may be open.
    pub(super) fn card_room(&self) -> Option<&Room> {
        self.shown_room().filter(|_| self.shown_tab() == Tab::Chat)
    }

    /// Whether an open card takes the keys of the main pane.
    pub(super) fn card_has_keys(&self) -> bool {
        self.card_room().is_some_and(|room| room.focused_card().is_some())
    }

    /// `Enter` in a chat: the card of who wrote the selected message.
    pub(super) fn open_card(&mut self, outbox: &mut Outbox) {
        let Some(room) = self.chat_room() else { return };
        if !room.open_card() {
            return outbox.hint("nothing is selected: k selects, Enter shows who");
        }
        // Other consoles may have noted something since.
        outbox.push(Job::ReadBook);
    }

    /// From the card to the feed; the card stays.
    pub(super) fn leave_card(&mut self) {
        if let Some(room) = self.chat_room() {
            room.focus_card(false);
        }
    }

    /// What the card shows besides what its room knows.
    pub(super) fn about_card(&self) -> About {
        let user = self.card_room().and_then(Room::card).map(Card::user).unwrap_or_default();
        let here = self.card_room().map(|room| room.arn().account());
        let there = self.live.values().filter(|room| Some(room.arn().account()) == here);
        let seen = there.filter_map(|room| {
            let messages = room.people().conduct(user).map(|conduct| conduct.messages);
            Some((room.title().as_str().to_owned(), messages.filter(|messages| *messages > 0)?))
        });
        About { rooms: seen.collect(), now: self.now }
    }

    /// The card learns what room there is for its messages.
    pub(super) fn settle_card(&mut self) {
        let area = self.areas().card;
        if area.width == 0 {
            return;
        }
        let (about, look) = (self.about_card(), self.settings.look);
        let (columns, height) = inside(area);
        let Some(room) = self.chat_room() else { return };
        let head = card::header(room, &about, look, (columns, height)).len();
        room.resize_card(columns, height.saturating_sub(head + 1));
    }
}
