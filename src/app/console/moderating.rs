//! What is deleted and who is disconnected: one at once, many after they have been shown, all for a reason.

use std::collections::BTreeMap;

use crate::api::Arn;
use crate::app::dialog::bulk::{Bulk, Target, Targets};
use crate::app::dialog::disconnect;
use crate::app::dialog::prompt::{self, Prompt};
use crate::app::dialog::reason::Picker;
use crate::app::dialog::{Dialog, Order};
use crate::app::outbox::Outbox;
use crate::app::queue::{Aim, Origin, Why};
use crate::app::room::Room;
use crate::app::room::disconnection::disconnection;
use crate::app::room::people::Person;
use crate::app::room::row::{Row, Said};
use crate::app::screen::Focus;
use crate::app::text::fit;

use super::App;

/// Cells of a name in a dialog: whoever issues tokens may make it as long as a page.
const NAME: usize = 40;

/// What was done last, to be done again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Last {
    Deleted(Why),
    Disconnected(Why),
    Purged(Why),
}

/// What an action hits, as it is selected and marked now.
enum Selected {
    Nothing,
    One(Box<str>),
    Many(Targets),
}

impl App {
    /// `d`: deletes the selected message for the usual reason. What is more than one message is shown first.
    pub(super) fn delete_message(&mut self, outbox: &mut Outbox) {
        if self.is_held() {
            return;
        }
        let Some(why) = self.shown_room().map(Room::usual) else { return };
        self.delete_for(why, outbox);
    }

    fn delete_for(&mut self, why: Why, outbox: &mut Outbox) {
        let now = self.now;
        match self.selected_targets() {
            Selected::Nothing => outbox.hint("nothing is selected: k selects, d deletes"),
            Selected::Many(targets) => self.ask_bulk(targets, Some(why), outbox),
            Selected::One(id) => {
                let Some(room) = self.subject().and_then(|arn| self.live.get_mut(&arn)) else { return };
                room.delete_message(&id, &why, now, outbox);
                self.last_act = Some(Last::Deleted(why));
            }
        }
    }

    /// `D`: deletes the selected message, or what is marked, for a reason that is chosen first.
    pub(super) fn delete_because(&mut self, outbox: &mut Outbox) {
        let (selected, Some(room)) = (self.selected_targets(), self.shown_room()) else { return };
        let (arn, usual) = (room.arn().clone(), room.usual());
        match selected {
            Selected::Nothing => outbox.hint("nothing is selected: k selects, D deletes for a reason"),
            Selected::Many(targets) => self.ask_bulk(targets, None, outbox),
            Selected::One(id) => {
                let said = room.feed().find(&id).and_then(|seq| room.feed().row(seq)?.message());
                let Some(said) = said.filter(|said| said.is_standing()) else {
                    return outbox.hint("this message is already deleted, or on its way to be");
                };
                let target = prompt::Target::Message { id, text: said.text.as_str().to_owned() };
                let who = label(&said.by);
                self.prompt(arn, who, target, &usual);
            }
        }
    }

    /// `K`: asks why whoever wrote the selected message is to be disconnected; in the rooms' list, whom, too.
    pub(super) fn disconnect_user(&mut self, outbox: &mut Outbox) {
        let usual = Why::of(&self.settings.room.disconnect_reason);
        self.disconnect_for(&usual, outbox);
    }

    fn disconnect_for(&mut self, usual: &Why, outbox: &mut Outbox) {
        let Some(arn) = self.meant_room() else {
            return outbox.hint("K disconnects a user from a room: 1 goes to the rooms");
        };
        let room = self.live.get(&arn);
        let watched = room.filter(|room| room.is_watched());
        let watching = watched.map(|room| room.identity().user_id.clone()).unwrap_or_default();
        match (self.focus, room.and_then(|room| Some((room, room.selected()?)))) {
            (Focus::Main, None) => {
                outbox.hint("nothing is selected: k selects, K disconnects");
            }
            (Focus::Main, Some((room, said))) => {
                let user_id = said.by.user_id.to_string();
                let (messages, ourselves) = (room.messages_of(&user_id), user_id == watching);
                let who = label(&said.by);
                self.prompt(arn, who, prompt::Target::User { user_id, messages, ourselves }, usual);
            }
            (Focus::Rooms, _) => {
                let name = self.name_of(&arn);
                let reason = usual.reason.clone().unwrap_or_default();
                self.ask(Dialog::Form(disconnect::disconnect(arn, name, watching, &reason)));
            }
            (Focus::Logging | Focus::Tags, _) => {
                outbox.hint("K disconnects a user from a room: 1 goes to the rooms");
            }
        }
    }

    fn prompt(&mut self, arn: Arn, who: String, target: prompt::Target, usual: &Why) {
        let name = self.name_of(&arn);
        let picker = self.picker(&arn, usual);
        self.ask(Dialog::Prompt(Box::new(Prompt::new(arn, name, who, target, picker))));
    }

    pub(super) fn picker(&self, arn: &Arn, usual: &Why) -> Picker {
        Picker::new(self.settings.reasons.of(arn, &self.name_of(arn)), usual)
    }

    /// `P`: all messages here of whoever wrote the selected one, and then the user.
    pub(super) fn purge(&mut self, outbox: &mut Outbox) {
        let usual = self.shown_room().map(Room::usual).unwrap_or_default();
        self.purge_for(&usual, outbox);
    }

    fn purge_for(&mut self, usual: &Why, outbox: &mut Outbox) {
        let Some((room, said)) = self.shown_room().and_then(|room| Some((room, room.selected()?))) else {
            return outbox.hint("nothing is selected: k selects, P purges");
        };
        let by = &said.by;
        if room.is_protected(by) {
            return outbox.bad(format!("{} is protected: d deletes a single message all the same", label(by)));
        }
        let theirs =
            |row: &&Row| row.message().is_some_and(|other| other.by.user_id == by.user_id && other.is_standing());
        let rows = room.feed().from(0).filter(theirs);
        let (shown, hidden): (Vec<&Row>, Vec<&Row>) = rows.partition(|row| self.shows_row(room, row));
        let mut targets = sift(room, shown.iter().filter_map(|row| row.message()));
        targets.hidden = hidden.len();
        targets.rooms = vec![self.name_of(room.arn())];
        let user = by.user_id.to_string();
        let whom = Target {
            room: room.arn().clone(),
            aim: Aim::User(by.user_id.clone()),
            who: label(by),
            what: "disconnected after that; not a ban".to_owned(),
            user,
        };
        targets.hit.push(whom);
        let picker = self.picker(&room.arn().clone(), usual);
        self.ask(Dialog::Bulk(Box::new(Bulk::choosing(targets, picker))));
    }

    /// `.`: the last thing again, to what is selected now, with the questions that it asks anyway.
    pub(super) fn repeat(&mut self, outbox: &mut Outbox) {
        if self.is_held() {
            return;
        }
        match self.last_act.clone() {
            None => outbox.hint("nothing was done yet that could be done again"),
            Some(Last::Deleted(why)) => self.delete_for(why, outbox),
            Some(Last::Disconnected(why)) => self.disconnect_for(&why, outbox),
            Some(Last::Purged(why)) => self.purge_for(&why, outbox),
        }
    }

    /// What is marked, else the folded row, else the message.
    fn selected_targets(&self) -> Selected {
        let Some(room) = self.shown_room() else { return Selected::Nothing };
        if let Some(targets) = self.marked_in_all_rooms() {
            return Selected::Many(targets);
        }
        let ids = room.targets();
        // In a card the marks of the feed beside it are not meant.
        let single = room.marks().is_empty() || room.focused_card().is_some();
        match ids.as_slice() {
            [] if single => Selected::Nothing,
            [id] if single => Selected::One(id.clone()),
            _ => Selected::Many(self.targets(room, &ids, room.hidden_marks())),
        }
    }

    /// What is marked in the merged feed, in whichever rooms; none if nothing is, or something else is shown.
    fn marked_in_all_rooms(&self) -> Option<Targets> {
        let merged = self.merged().filter(|_| !self.card_has_keys())?;
        let mut targets = Targets::default();
        for room in self.live.values().filter(|room| !room.marks().is_empty()) {
            let here = self.targets(room, &room.targets(), 0);
            targets.hit.extend(here.hit);
            targets.spared.extend(here.spared);
            targets.rooms.extend(here.rooms);
        }
        targets.hidden = merged.marked(&self.live).2;
        (!targets.rooms.is_empty()).then_some(targets)
    }

    /// Whether a row of a room is not hidden by the filter of what is shown.
    pub(super) fn shows_row(&self, room: &Room, row: &Row) -> bool {
        match self.merged() {
            Some(merged) => merged.lets_through(room, row),
            None => room.lets_through(row),
        }
    }

    /// A folded row, by its label: what it stands for is shown first. False if it is a single message.
    pub(super) fn delete_cluster(&mut self, arn: &Arn, seq: u64, outbox: &mut Outbox) -> bool {
        let Some(room) = self.live.get(arn) else { return false };
        let (ids, usual) = (room.cluster(seq), room.usual());
        if ids.len() < 2 {
            return false;
        }
        let targets = self.targets(room, &ids, 0);
        self.ask_bulk(targets, Some(usual), outbox);
        true
    }

    /// Those of these messages that stand, without those of protected users.
    pub(super) fn targets(&self, room: &Room, ids: &[Box<str>], hidden: usize) -> Targets {
        let said = |id: &str| room.feed().find(id).and_then(|seq| room.feed().row(seq)?.message());
        let mut targets = sift(room, ids.iter().filter_map(|id| said(id)));
        targets.hidden = hidden;
        targets.rooms = vec![self.name_of(room.arn())];
        targets
    }

    /// Shows what is to be hit, and asks: why, if that is not known, and whether.
    pub(super) fn ask_bulk(&mut self, targets: Targets, why: Option<Why>, outbox: &mut Outbox) {
        let Some(first) = targets.hit.first() else {
            return outbox.hint(match (targets.spared.len(), targets.hidden) {
                (0, 0) => "none of these messages stands any more",
                (0, _) => "the filter hides all that is marked: Esc drops the filter",
                (_, _) => "all of these are of protected users: d deletes a single message all the same",
            });
        };
        let bulk = if let Some(why) = why {
            Bulk::asking(targets, why)
        } else {
            let arn = first.room.clone();
            let usual = self.live.get(&arn).map(Room::usual).unwrap_or_default();
            Bulk::choosing(targets, self.picker(&arn, &usual))
        };
        self.ask(Dialog::Bulk(Box::new(bulk)));
    }

    /// A dialog has something to be deleted, or somebody to be disconnected.
    pub(super) fn obey_moderator(&mut self, order: Order, outbox: &mut Outbox) {
        let now = self.now;
        match order {
            Order::Delete { room, message, why } => {
                self.close_dialog();
                match self.live.get_mut(&room) {
                    Some(room) => room.delete_message(&message, &why, now, outbox),
                    None => outbox.bad("not deleted: the room is not open any more"),
                }
                self.last_act = Some(Last::Deleted(why));
            }
            Order::Disconnect { room, user, why, form } => {
                let origin = if form { Origin::Form(self.open_ticket()) } else { Origin::Single };
                outbox.act(disconnection(room, &user, &why, origin, now));
                if !form {
                    self.close_dialog();
                    match self.settings.queue.grace.as_secs() {
                        0 => outbox.hint("disconnecting ..."),
                        grace => outbox.hint(format!("not sent yet: disconnects in {grace} s, u cancels")),
                    }
                }
                self.last_act = Some(Last::Disconnected(why));
            }
            Order::Many { acts, why, then } => {
                if let Some(sweep) = then {
                    self.begin_window(sweep, &why, outbox);
                }
                if acts.is_empty() {
                    return self.close_dialog();
                }
                self.do_many(acts, &why, outbox);
            }
            Order::Purge(sweep) => self.ask_purge(sweep, outbox),
            Order::CancelRun => self.cancel_run(self.open_ticket(), outbox),
            Order::Write { .. } | Order::Note { .. } | Order::DropNote { .. } | Order::Arm { .. } => {}
        }
    }

    fn do_many(&mut self, acts: Vec<(usize, Arn, Aim)>, why: &Why, outbox: &mut Outbox) {
        let (now, ticket) = (self.now, self.open_ticket());
        let purge = acts.iter().any(|(_, _, aim)| matches!(aim, Aim::User(_)));
        let mut gone = Vec::new();
        for (step, arn, aim) in acts {
            let origin = Origin::Bulk(ticket, step);
            match &aim {
                Aim::Message(id) => {
                    let room = self.live.get_mut(&arn);
                    if !room.is_some_and(|room| room.delete_one_of_many(id, why, origin, now, outbox)) {
                        gone.push(origin);
                    }
                }
                Aim::User(user) => outbox.act(disconnection(arn, user, why, origin, now)),
            }
        }
        for origin in gone {
            self.tell_gone(origin, outbox);
        }
        for room in self.live.values_mut() {
            room.leave_doomed();
        }
        self.last_act = Some(if purge { Last::Purged(why.clone()) } else { Last::Deleted(why.clone()) });
    }
}

/// What is hit of these messages, and what is left alone.
pub(super) fn sift<'a>(room: &Room, messages: impl Iterator<Item = &'a Said>) -> Targets {
    let mut targets = Targets::default();
    let mut spared: BTreeMap<Box<str>, (String, usize)> = BTreeMap::new();
    for said in messages.filter(|said| said.is_standing()) {
        if room.is_protected(&said.by) {
            spared.entry(said.by.user_id.clone()).or_insert_with(|| (label(&said.by), 0)).1 += 1;
        } else {
            targets.hit.push(target(room, said));
        }
    }
    targets.spared = spared.into_values().collect();
    targets
}

fn target(room: &Room, said: &Said) -> Target {
    Target {
        room: room.arn().clone(),
        aim: Aim::Message(said.id.clone()),
        who: label(&said.by),
        what: said.text.as_str().to_owned(),
        user: said.by.user_id.to_string(),
    }
}

/// Name and short id, the name cut if need be, never the id.
fn label(person: &Person) -> String {
    format!("{}#{}", fit(person.name.as_str(), NAME), person.short())
}
