//! The session log: opened, read, copied from, closed.

use crate::app::dialog::log::{LogView, Pressed};
use crate::app::key::Key;
use crate::app::keys::Command;
use crate::app::outbox::{Job, Outbox};

use super::{App, Mode};

impl App {
    /// `!`: what was asked of the service, and what went wrong.
    pub(super) fn open_log(&mut self) {
        self.open_dialog(Mode::Log(Box::default()));
    }

    pub(super) fn press_in_log(&mut self, key: Key, command: Option<Command>, outbox: &mut Outbox) {
        let Mode::Log(view) = &mut self.mode else { return };
        let view: &mut LogView = view;
        match view.press(key, command, &self.log, self.size) {
            Pressed::Stay => {}
            Pressed::Close => self.close_dialog(),
            Pressed::Copy(copied) => outbox.push(Job::Copy(copied)),
        }
    }
}
