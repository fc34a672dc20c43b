//! Labels on the messages of the shown room: one or two letters reach any of them.

use crate::app::key::{Code, Key};
use crate::app::keys::Command;
use crate::app::outbox::Outbox;
use crate::app::room::hints::{Ground, Labels, Purpose, Typed};

use super::moderating::Last;
use super::{App, Mode, Tab};

impl App {
    /// Puts labels on the messages that are on the screen; the view stands still until one is typed.
    pub(super) fn put_labels(&mut self, purpose: Purpose, outbox: &mut Outbox) {
        let Some(ground) = self.ground() else { return };
        let Some(mut chat) = self.chat() else { return };
        chat.hold(|holds| holds.hints = true);
        let labels = Labels::new(purpose, ground, &chat.on_screen(purpose == Purpose::Delete));
        if labels.is_empty() {
            chat.hold(|holds| holds.hints = false);
            return outbox.hint("there is no message here to put a label on");
        }
        self.mode = Mode::Labels(labels);
    }

    /// What labels would stand in now.
    fn ground(&self) -> Option<Ground> {
        if self.merged().is_some() {
            return Some(Ground::Merged);
        }
        self.shown_room().filter(|_| self.shown_tab() == Tab::Chat).map(|room| Ground::Room(room.arn().clone()))
    }

    /// The labels on the messages, if there are any.
    pub(super) fn labels(&self) -> Option<&Labels> {
        match &self.mode {
            Mode::Labels(labels) => Some(labels),
            _ => None,
        }
    }

    pub(super) fn press_label(&mut self, key: Key, command: Option<Command>, outbox: &mut Outbox) {
        let Mode::Labels(labels) = &mut self.mode else { return };
        let (purpose, ground) = (labels.purpose, labels.ground.clone());
        let typed = match (command, key.code) {
            (Some(_), _) => return self.take_labels_away(),
            (None, Code::Char(letter)) if !key.ctrl && !key.alt => labels.press(letter),
            (None, _) => Typed::Nothing,
        };
        match typed {
            Typed::Part => {}
            Typed::Nothing => {
                self.take_labels_away();
                outbox.hint("no message has that label: nothing was done");
            }
            Typed::Row(_) if self.ground() != Some(ground) => {
                self.take_labels_away();
                outbox.hint("the chat on the screen is another one now: nothing was done");
            }
            Typed::Row(seq) => {
                self.choose(seq, purpose, outbox);
                self.take_labels_away();
            }
        }
    }

    fn choose(&mut self, key: u64, purpose: Purpose, outbox: &mut Outbox) {
        let now = self.now;
        match purpose {
            Purpose::Select => {
                if let Some(mut chat) = self.chat() {
                    chat.select(key);
                }
            }
            Purpose::Delete => {
                let Some((arn, seq)) = self.aim(key) else { return };
                if self.delete_cluster(&arn, seq, outbox) {
                    return;
                }
                if let Some(room) = self.live.get_mut(&arn) {
                    room.delete_labelled(seq, now, outbox);
                    self.last_act = Some(Last::Deleted(room.usual()));
                }
            }
        }
    }

    /// The screen has another size. A label that is not on it any more must not be typed.
    pub(super) fn resize(&mut self, size: (u16, u16)) {
        if std::mem::replace(&mut self.size, size) != size && self.labels().is_some() {
            self.take_labels_away();
        }
    }

    fn take_labels_away(&mut self) {
        if matches!(self.mode, Mode::Labels(_)) {
            self.mode = Mode::Panes;
        }
        self.hold_merged(|holds| holds.hints = false);
        for room in self.live.values_mut() {
            if room.sight().holds().hints {
                room.hold(|holds| holds.hints = false);
            }
        }
    }
}
