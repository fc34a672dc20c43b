//! Changes: what the open dialog asks for, what comes back, and what is different on the screen afterwards.

use crate::api::Arn;
use crate::api::model::Tags;
use crate::app::change::{Change, Done, Failed, News, Topic};
use crate::app::dialog::{Dialog, Next};
use crate::app::msg::Ticket;
use crate::app::outbox::Outbox;
use crate::app::pane::rows::{LoggingRow, RoomRow};
use crate::app::trouble::Trouble;

use super::{App, Lead, Mode};

impl App {
    /// Opens a dialog.
    pub(super) fn ask(&mut self, dialog: Dialog) {
        self.dialog.0 += 1;
        self.open_dialog(Mode::Dialog(self.dialog, Box::new(dialog)));
    }

    /// Does what the open dialog asks for.
    pub(super) fn go_on(&mut self, next: Next, outbox: &mut Outbox) {
        match next {
            Next::Stay => {}
            // What has not left yet is kept back, and stays in its form.
            Next::Leave if self.unsend(outbox) => {}
            Next::Close => self.close_dialog(),
            Next::Leave => self.leave_dialog(),
            Next::Order(order) => self.obey(order, outbox),
            Next::Send(change) => self.send(self.open_ticket(), vec![(0, *change)], outbox),
            Next::SendAll(changes) => self.send(self.open_ticket(), changes, outbox),
            Next::Run(batch) => {
                self.dialog.0 += 1;
                let before = std::mem::replace(&mut self.mode, Mode::Panes);
                let Mode::Dialog(_, before) = before else { return };
                self.mode = Mode::Dialog(self.dialog, Box::new(Dialog::Batch(batch.over(before))));
            }
            Next::Ask(wish) => self.grant(wish, outbox),
            Next::Return(dialog) => self.mode = Mode::Dialog(self.open_ticket(), dialog),
        }
    }

    /// The ticket of the open dialog, which need not be the last one made.
    pub(super) fn open_ticket(&self) -> Ticket {
        match &self.mode {
            Mode::Dialog(ticket, _) => *ticket,
            _ => self.dialog,
        }
    }

    fn send(&mut self, dialog: Ticket, changes: Vec<(usize, Change)>, outbox: &mut Outbox) {
        self.sending += changes.len();
        for (step, change) in changes {
            outbox.carry_out(dialog, step, change);
        }
    }

    /// The open dialog waits out of sight for what it sent.
    fn leave_dialog(&mut self) {
        if let Mode::Dialog(ticket, dialog) = std::mem::replace(&mut self.mode, Mode::Panes) {
            self.left.insert(ticket, dialog);
        }
        self.close_dialog();
    }

    /// A dialog that is out of sight has its answer: it goes on, is done, or keeps what was typed.
    pub(super) fn answered_out_of_sight(
        &mut self,
        ticket: Ticket,
        step: usize,
        failed: Option<&Failed>,
        outbox: &mut Outbox,
    ) {
        let next = self.left.get_mut(&ticket).map(|dialog| dialog.answered(step, failed));
        match next {
            Some(Next::Send(change)) => self.send(ticket, vec![(0, *change)], outbox),
            Some(Next::SendAll(changes)) => self.send(ticket, changes, outbox),
            Some(Next::Stay) => {}
            Some(Next::Close | Next::Leave | Next::Order(_) | Next::Run(_) | Next::Return(_) | Next::Ask(_)) | None => {
                self.left.remove(&ticket);
            }
        }
        if let Some(Failed { error, .. }) = failed {
            let doubt = if error.kind.may_have_been_done() { ", it may have been done all the same" } else { "" };
            let kept = if self.left.contains_key(&ticket) { "; F brings back what you typed" } else { "" };
            outbox.bad(format!("{}{doubt}: {}{kept}", error.operation, Trouble::new(error).brief()));
        }
    }

    /// `F`: the dialog that was left last and still waits, or was refused.
    pub(super) fn return_to_dialog(&mut self, outbox: &mut Outbox) {
        match self.left.pop_last() {
            Some((ticket, dialog)) => self.open_dialog(Mode::Dialog(ticket, dialog)),
            None => outbox.hint("no form was left while it was sent"),
        }
    }

    /// A change was carried out, or was not.
    pub(super) fn changed(&mut self, ticket: Ticket, step: usize, result: Result<Done, Failed>, outbox: &mut Outbox) {
        self.sending = self.sending.saturating_sub(1);
        let failed = match result {
            Ok(done) => {
                // First, as there may be more to say of what is different now.
                outbox.good(done.word);
                let attended = matches!(&self.mode, Mode::Dialog(open, _) if *open == ticket);
                self.take_news(ticket, done.news, attended, outbox);
                None
            }
            Err(failed) => {
                if failed.error.kind.may_have_been_done() {
                    self.look_again(&failed.topic, outbox);
                }
                Some(failed)
            }
        };
        match (&mut self.mode, &failed) {
            (Mode::Dialog(open, dialog), _) if *open == ticket => {
                let next = dialog.answered(step, failed.as_ref());
                // One word for many changes, or the last that went well would cover those that did not.
                if let Some((tone, words)) = dialog.verdict() {
                    outbox.say(tone, words);
                }
                self.go_on(next, outbox);
            }
            (_, failed) => self.answered_out_of_sight(ticket, step, failed.as_ref(), outbox),
        }
    }

    /// What is different now is shown as it is now. Cursor and panes move only for somebody who waits for it: a late answer
    /// must not change what the next key hits.
    fn take_news(&mut self, ticket: Ticket, news: News, attended: bool, outbox: &mut Outbox) {
        match news {
            News::Room(room) => {
                let arn = room.summary.arn.clone();
                self.put_room(&RoomRow::from(room.summary).within(&self.settings.groups), true);
                self.details.want(&arn, true, outbox);
                if attended {
                    self.show_fresh(Lead::Rooms, &arn);
                }
            }
            News::RoomGone(arn) => {
                let now = self.now;
                if let Some(mut room) = self.live.remove(&arn) {
                    room.disconnect(now, outbox);
                    if room.is_recording() {
                        room.end_recording(outbox);
                    }
                }
                self.details.forget(&arn);
                self.rooms.remove(arn.as_str());
                if let Some(query) = &mut self.query {
                    query.all.remove(arn.as_str());
                }
                self.pinned = self.pinned.take().filter(|pinned| *pinned != arn);
            }
            News::Logging(configuration) => {
                let arn = configuration.arn.clone();
                self.logging.put(&LoggingRow::from(*configuration), true);
                self.details.want(&arn, true, outbox);
                if attended {
                    self.show_fresh(Lead::Logging, &arn);
                }
            }
            News::LoggingGoing(arn) => {
                self.follow_deletion(&arn, outbox);
                self.list_logging(outbox);
            }
            News::Tags { of, set, gone } => {
                self.patch_tags(&of, set, &gone);
                self.tags_changed(&of, outbox);
            }
            News::EventSent(arn, id, event) => self.event_sent(&arn, &id, event),
            News::Token(token) => self.issued(ticket, *token, outbox),
            News::Nothing => {}
        }
    }

    /// A room's row is this now, in all lists that there are of rooms. A new one is no part of a narrowed list, of which
    /// only the service knows what belongs to it.
    pub(super) fn put_room(&mut self, row: &RoomRow, may_be_new: bool) {
        match &mut self.query {
            Some(query) => {
                query.all.put(row, may_be_new);
                self.rooms.put(row, false);
            }
            None => self.rooms.put(row, may_be_new),
        }
    }

    /// A room's row has these tags now: they were set, and what is listed may lag behind.
    fn patch_tags(&mut self, arn: &Arn, set: Tags, gone: &[String]) {
        let query = self.query.as_ref().and_then(|query| query.all.find(arn.as_str()));
        let Some(row) = self.rooms.find(arn.as_str()).or(query) else { return };
        let mut summary = row.summary.clone();
        summary.tags.retain(|key, _| !gone.contains(key));
        summary.tags.extend(set);
        self.put_room(&RoomRow::from(summary).within(&self.settings.groups), false);
    }

    /// Puts the cursor on what was made or changed.
    fn show_fresh(&mut self, lead: Lead, arn: &Arn) {
        if matches!(&self.lead, Lead::Other(detour) if detour.arn == *arn) {
            // It is shown already, and the way back is not to be lost.
            return;
        }
        match &lead {
            Lead::Rooms => {
                self.pinned = (!self.rooms.select(arn.as_str())).then(|| arn.clone());
            }
            Lead::Logging => {
                self.logging.select(arn.as_str());
            }
            Lead::Other(_) => {}
        }
        self.lead = lead;
    }

    /// The tags of a resource are others now. What is looked at is asked for at once, the rest when it is looked at:
    /// several hundred rooms that were tagged are not to be fetched one by one.
    fn tags_changed(&mut self, arn: &Arn, outbox: &mut Outbox) {
        if self.tags_of.as_ref() == Some(arn) {
            self.list_tags(arn, outbox);
        }
        if self.subject().as_ref() == Some(arn) {
            self.details.want(arn, true, outbox);
        } else {
            self.details.supersede(arn);
            self.hydration.look_again();
        }
    }

    /// Nobody knows whether a change was carried out: look.
    fn look_again(&mut self, topic: &Topic, outbox: &mut Outbox) {
        match topic {
            Topic::Rooms => self.list_rooms(outbox),
            Topic::Logging => self.list_logging(outbox),
            Topic::Resource(arn) => {
                self.details.want(arn, true, outbox);
            }
            Topic::Tags(arn) => self.tags_changed(arn, outbox),
            Topic::Nothing => {}
        }
    }
}
