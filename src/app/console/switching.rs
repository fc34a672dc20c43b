//! The quick switch, and rooms that are watched many at once.

use std::collections::VecDeque;

use crate::api::Arn;
use crate::app::dialog::switch::{Candidate, Live, Pressed, Switch};
use crate::app::outbox::Outbox;
use crate::app::pane::rows::RoomRow;
use crate::app::room::link::Link;
use crate::app::room::{Room, glance};
use crate::app::screen::Focus;

use super::view::rate_words;
use super::{App, Mode};

/// Connections that are made at once when many rooms are to be watched: tokens have a quota that others share.
const AT_ONCE: usize = 5;

impl App {
    /// `C-k`: rooms by name.
    pub(super) fn open_switch(&mut self) {
        let live = |arn: &Arn| {
            let room = self.live.get(arn).filter(|room| room.is_watched())?;
            let rate = Some(room.rate()).filter(|rate| *rate > 0.0).map_or(String::new(), rate_words);
            Some(Live { mark: glance::mark(room.link(), self.settings.look), rate, flagged: room.flagged() })
        };
        let listed = self.query.as_ref().map_or(self.rooms.rows(), |query| query.all.rows());
        let candidate = |row: &RoomRow| {
            let arn = row.summary.arn.clone();
            Candidate { live: live(&arn), title: row.title.clone(), arn }
        };
        let mut candidates: Vec<Candidate> = listed.iter().map(candidate).collect();
        for (arn, room) in &self.live {
            if !candidates.iter().any(|candidate| candidate.arn == *arn) {
                candidates.push(Candidate { arn: arn.clone(), title: room.title().clone(), live: live(arn) });
            }
        }
        self.open_dialog(Mode::Switch(Box::new(Switch::new(candidates))));
    }

    pub(super) fn pressed_in_switch(&mut self, pressed: Pressed, outbox: &mut Outbox) {
        match pressed {
            Pressed::Stay => {}
            Pressed::Close => self.close_dialog(),
            Pressed::Open(arn) => {
                self.close_dialog();
                self.open_room(&arn, outbox);
            }
        }
    }

    /// `w`: the marked rooms, or the one under the cursor, are watched without being opened; if they all are, not any more.
    pub(super) fn watch(&mut self, outbox: &mut Outbox) {
        if self.focus != Focus::Rooms {
            return outbox.hint("w watches a room: 1 goes to the rooms");
        }
        let marked: Vec<Arn> = self.rooms.marked_shown().map(|row| row.summary.arn.clone()).collect();
        let rooms = match (marked.is_empty(), self.rooms.marked().all) {
            (true, 0) => self.meant_room().into_iter().collect(),
            (true, _) => return outbox.hint("the filter hides all that is marked: Esc drops the filter"),
            (false, _) => marked,
        };
        let many = rooms.len() > 1;
        let (now, count) = (self.now, rooms.len());
        let off: Vec<Arn> = rooms.iter().filter(|arn| !self.is_to_be_watched(arn)).cloned().collect();
        if off.is_empty() {
            self.to_watch.retain(|arn| !rooms.contains(arn));
            for arn in rooms {
                if let Some(room) = self.live.get_mut(&arn).filter(|room| room.is_watched()) {
                    room.disconnect(now, outbox);
                }
            }
            if many {
                outbox.hint(format!("{count} rooms are not watched any more"));
            }
            return;
        }
        if many {
            outbox.hint(format!("watching {count} rooms: C-n and C-p go from one to the next"));
        }
        self.watch_all(off, outbox);
    }

    /// Watches these, those that are not watched yet.
    pub(super) fn watch_all(&mut self, rooms: Vec<Arn>, outbox: &mut Outbox) {
        let off: Vec<Arn> = rooms.into_iter().filter(|arn| !self.is_to_be_watched(arn)).collect();
        self.to_watch.extend(off);
        self.watch_next(outbox);
    }

    fn is_to_be_watched(&self, arn: &Arn) -> bool {
        self.to_watch.contains(arn) || self.live.get(arn).is_some_and(Room::is_watched)
    }

    /// Rooms that wait to be watched are, a few at a time.
    pub(super) fn watch_next(&mut self, outbox: &mut Outbox) {
        while !self.to_watch.is_empty() {
            let opening = self.live.values().filter(|room| matches!(room.link(), Link::Asking | Link::Connecting(_)));
            if opening.count() >= AT_ONCE {
                return;
            }
            if let Some(arn) = self.to_watch.pop_front() {
                self.watch_room(&arn, outbox);
            }
        }
    }
}

/// Rooms that wait to be watched, in order.
pub(super) type ToWatch = VecDeque<Arn>;
