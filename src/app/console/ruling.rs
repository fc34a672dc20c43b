//! Rules as the reader deals with them: looked at, tried on a recorded feed, armed and disarmed.

use std::sync::Arc;

use crate::api::Arn;
use crate::app::dialog::report::{Part, Report};
use crate::app::dialog::{Dialog, rules};
use crate::app::msg::Ticket;
use crate::app::outbox::{Job, Outbox};
use crate::app::room::Room;
use crate::app::room::guard::InForce;
use crate::app::room::rules::Findings;

use super::{App, Mode};

impl App {
    /// `:rules`: those in force in the shown room.
    pub(super) fn show_rules(&mut self) {
        if let Some(report) = self.shown_room().map(rules::in_force) {
            self.ask(Dialog::Report(Box::new(report)));
        }
    }

    /// Whether there is anything to try.
    pub(super) fn may_test(&self) -> Result<(), String> {
        if self.room_settings.rules.is_empty() {
            return Err("there are no rules: each [[rule]] in the configuration is one".to_owned());
        }
        Ok(())
    }

    /// `:rules test FILE`: all rules on a recorded feed.
    pub(super) fn test_rules(&mut self, path: String, outbox: &mut Outbox) {
        let report = Report::waiting(&format!("Rules tried on {path}"), "reading it ...");
        self.ask(Dialog::Report(Box::new(report)));
        let live = &self.room_settings;
        outbox.push(Job::TestRules(self.dialog, path, Arc::clone(&live.rules), Arc::clone(&live.protected)));
    }

    /// What came of it. Whoever has closed the page does not want to know.
    pub(super) fn rules_tested(&mut self, ticket: Ticket, found: Result<Box<Findings>, String>) {
        if let Mode::Dialog(open, dialog) = &mut self.mode
            && *open == ticket
            && let Dialog::Report(report) = dialog.as_mut()
        {
            report.arrived(match found {
                Ok(found) => rules::findings(&found),
                Err(why) => vec![Part::Bad(format!("The rules could not be tried: {why}"))],
            });
        }
    }

    /// Whether the shown room can be armed.
    pub(super) fn may_arm(&self) -> Result<(), String> {
        let Some(room) = self.shown_room().filter(|room| room.is_watched()) else {
            return Err("a live room is armed: open one".to_owned());
        };
        if room.is_armed() {
            return Err(format!("{} is armed already: disarm ends it", room.title().as_str()));
        }
        if !room.in_force().iter().any(|rule: &InForce| rule.deletes) {
            return Err("no rule here deletes: one with action = \"delete\" in the configuration would".to_owned());
        }
        Ok(())
    }

    /// `:arm`: asks for the room's name.
    pub(super) fn ask_to_arm(&mut self) {
        if let Some(confirm) = self.shown_room().map(rules::arm) {
            self.ask(Dialog::Confirm(Box::new(confirm)));
        }
    }

    /// It was typed.
    pub(super) fn arm(&mut self, arn: &Arn, outbox: &mut Outbox) {
        match self.live.get_mut(arn).filter(|room| room.is_watched()) {
            Some(room) => {
                room.arm(true);
                outbox.good("rules delete by themselves now: :disarm ends it");
            }
            None => outbox.bad("not armed: the room is not watched any more"),
        }
    }

    /// Whether the shown room is armed.
    pub(super) fn may_disarm(&self) -> Result<(), String> {
        match self.shown_room() {
            Some(room) if room.is_armed() => Ok(()),
            Some(_) | None => Err(match self.armed().collect::<Vec<_>>().as_slice() {
                [] => "no room is armed".to_owned(),
                armed => format!("this room is not armed, but {}: open it first", armed.join(", ")),
            }),
        }
    }

    /// `:disarm`: at once.
    pub(super) fn disarm(&mut self, outbox: &mut Outbox) {
        if let Some(room) = self.subject().and_then(|arn| self.live.get_mut(&arn)) {
            room.arm(false);
            outbox.good("not armed any more: rules flag and do no more");
        }
    }

    /// The rooms in which rules may delete.
    pub(super) fn armed(&self) -> impl Iterator<Item = &str> {
        self.live.values().filter(|room: &&Room| room.is_armed()).map(|room| room.title().as_str())
    }
}
