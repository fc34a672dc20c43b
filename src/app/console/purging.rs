//! Purges by pattern: what they would hit while they are typed, what they hit, and what comes while one goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Duration;

use crate::api::Arn;
use crate::app::dialog::bulk::{Bulk, Targets};
use crate::app::dialog::{Dialog, Order, purge};
use crate::app::msg::Timer;
use crate::app::outbox::Outbox;
use crate::app::queue::{Aim, Origin, Why};
use crate::app::room::Room;
use crate::app::room::query::Query;
use crate::app::room::row::Row;
use crate::app::sweep::{MOST, Sweep, Typed, Window};
use crate::app::text::fit;

use super::moderating::sift;
use super::{App, Mode};

/// How often the time that is left is told anew.
const STEP: Duration = Duration::from_secs(10);

/// Cells of the example in a preview.
const EXAMPLE: usize = 60;

/// A purge that goes on, and up to which row it has looked at each room.
#[derive(Debug)]
pub(super) struct Running {
    window: Window,
    seen: BTreeMap<Arn, u64>,
}

impl App {
    /// `:purge`: opens the form, filled with what was typed; `stop` ends a purge that goes on.
    pub(super) fn purge_by_pattern(&mut self, words: &[String], outbox: &mut Outbox) {
        if words == ["stop"] {
            return self.stop_purge("stopped", outbox);
        }
        let Some(room) = self.shown_room() else { return outbox.hint("a purge is for a live room: open one first") };
        let name = self.name_of(room.arn());
        let live = self.live.values().filter(|room| room.is_live()).count();
        let form = purge::purge(&Typed::of(words), &format!("{name} alone"), live);
        self.ask(Dialog::Form(form));
        self.preview();
    }

    /// What the open form would hit, if it is one for a purge.
    pub(super) fn preview(&mut self) {
        let Mode::Dialog(_, dialog) = &self.mode else { return };
        let Dialog::Form(form) = dialog.as_ref() else { return };
        let Some(Order::Purge(sweep)) = form.order() else { return };
        let targets = self.swept(&sweep);
        let words = preview_words(&targets);
        if let Mode::Dialog(_, dialog) = &mut self.mode
            && let Dialog::Form(form) = dialog.as_mut()
        {
            form.note(words);
        }
    }

    /// The rooms that a purge is for.
    fn swept_rooms(&self, sweep: &Sweep) -> Vec<&Room> {
        if sweep.everywhere {
            self.live.values().filter(|room| room.is_live()).collect()
        } else {
            self.shown_room().into_iter().collect()
        }
    }

    fn swept(&self, sweep: &Sweep) -> Targets {
        let Ok(query) = Query::parse(&sweep.text) else { return Targets::default() };
        let since = self.now - sweep.past;
        let mut all = Targets::default();
        for room in self.swept_rooms(sweep) {
            // One that came late stands among newer ones.
            let rows = room.feed().from(0).filter(|row| row.time >= since && room.fits(&query, row));
            let (shown, hidden): (Vec<&Row>, Vec<&Row>) = rows.partition(|row| self.shows_row(room, row));
            let found = sift(room, shown.iter().filter_map(|row| row.message()));
            all.hit.extend(found.hit);
            all.spared.extend(found.spared);
            all.hidden += hidden.len();
            all.rooms.push(self.name_of(room.arn()));
        }
        all
    }

    /// The form is filled in: what it hits is shown, and asked about.
    pub(super) fn ask_purge(&mut self, sweep: Sweep, outbox: &mut Outbox) {
        if self.purge.is_some() && sweep.next.is_some() {
            self.resume_form();
            return outbox.bad("another purge still goes on: :purge stop ends it");
        }
        let targets = self.swept(&sweep);
        if targets.hit.is_empty() && sweep.next.is_none() {
            self.resume_form();
            return outbox.hint("no message that is held here is like that");
        }
        let rooms = self.swept_rooms(&sweep);
        let Some(first) = rooms.first().map(|room| room.arn().clone()) else { return };
        let usual = rooms.first().map(|room| room.usual()).unwrap_or_default();
        let reasons = self.settings.reasons.of(&first, &self.name_of(&first));
        let chosen = sweep.reason.and_then(|digit| reasons.get(digit - 1)).map(|reason| Why::of(reason));
        let bulk = match chosen {
            Some(why) => Bulk::asking(targets, why),
            None => Bulk::choosing(targets, self.picker(&first, &usual)),
        };
        self.resume_form();
        let before = match std::mem::replace(&mut self.mode, Mode::Panes) {
            Mode::Dialog(_, before) => Some(before),
            _ => None,
        };
        self.ask(Dialog::Bulk(Box::new(bulk.over(before).going_on(sweep))));
    }

    fn resume_form(&mut self) {
        if let Mode::Dialog(_, dialog) = &mut self.mode
            && let Dialog::Form(form) = dialog.as_mut()
        {
            form.resume();
        }
    }

    /// What comes from now on is purged, too, for a while.
    pub(super) fn begin_window(&mut self, sweep: Sweep, why: &Why, outbox: &mut Outbox) {
        let (Some(next), Ok(query)) = (sweep.next, Query::parse(&sweep.text)) else { return };
        let rooms = self.swept_rooms(&sweep);
        let seen = rooms.iter().map(|room| (room.arn().clone(), room.feed().last().map_or(0, |seq| seq + 1))).collect();
        // The journal tells what the reader did not press a key for.
        let note = format!("purge of {}", sweep.text);
        let note = why.note.as_ref().map_or_else(|| note.clone(), |own| format!("{own}; {note}"));
        let why = Why { note: Some(note), ..why.clone() };
        let window = Window { query, why, until: self.now + next, hit: 0, sweep };
        self.purge = Some(Running { window, seen });
        outbox.after(next.min(STEP), Timer::Purge);
    }

    /// Hits what has come, and ends when it is time.
    pub(super) fn run_purge(&mut self, outbox: &mut Outbox) {
        let Some(mut purge) = self.purge.take() else { return };
        let Running { window, seen } = &mut purge;
        let mut lost = None;
        for (arn, seen) in seen.iter_mut() {
            let Some(room) = self.live.get(arn).filter(|room| room.is_live()) else {
                lost = Some(arn.clone());
                continue;
            };
            // What a filter hides is never hit, and nobody means what they write themselves.
            let is_meant = |row: &&Row| {
                let in_time = row.time <= window.until && room.fits(&window.query, row);
                in_time && self.shows_row(room, row) && row.message().is_some_and(|said| !room.is_own(said))
            };
            let new = room.feed().from(*seen).filter(is_meant);
            let new = sift(room, new.filter_map(Row::message)).hit;
            *seen = room.feed().last().map_or(*seen, |last| last + 1);
            let Some(room) = self.live.get_mut(arn) else { continue };
            for target in new.into_iter().take(MOST.saturating_sub(window.hit)) {
                let Aim::Message(id) = &target.aim else { continue };
                let hit = room.delete_one_of_many(id, &window.why, Origin::Unattended, self.now, outbox);
                window.hit += usize::from(hit);
            }
        }
        let over = match lost {
            // What was missed is not known, and when it is back nobody may be looking.
            Some(arn) => Some(format!("ended, as {} is not live any more", self.name_of(&arn))),
            None if window.hit >= MOST => Some(format!("ended, as it has hit {MOST}")),
            None if self.now >= window.until => Some("over".to_owned()),
            None => None,
        };
        self.purge = Some(purge);
        if let Some(why) = over {
            self.stop_purge(&why, outbox);
        }
    }

    /// The time that is left is told anew.
    pub(super) fn purge_due(&self, outbox: &mut Outbox) {
        if let Some(Running { window, .. }) = &self.purge {
            let left = window.until.duration_since(self.now).unsigned_abs();
            outbox.after(left.min(STEP).max(Duration::from_millis(1)), Timer::Purge);
        }
    }

    pub(super) fn stop_purge(&mut self, how: &str, outbox: &mut Outbox) {
        match self.purge.take() {
            Some(Running { window, .. }) => {
                let s = if window.hit == 1 { "" } else { "s" };
                outbox.good(format!("purge {how}: {} message{s} that came were hit", window.hit));
            }
            None => outbox.hint("no purge goes on"),
        }
    }

    /// What is said of a purge that goes on, on the status line.
    pub(super) fn purge_words(&self) -> Option<String> {
        let window = &self.purge.as_ref()?.window;
        Some(format!("purging {}, {} hit, :purge stop", window.left(self.now), window.hit))
    }
}

fn preview_words(targets: &Targets) -> String {
    let users: BTreeSet<&str> = targets.hit.iter().map(|target| target.user.as_str()).collect();
    let s = |count: usize| if count == 1 { "" } else { "s" };
    let mut words = format!(
        "{} message{} from {} user{} now",
        targets.hit.len(),
        s(targets.hit.len()),
        users.len(),
        s(users.len())
    );
    let spared: usize = targets.spared.iter().map(|(_, count)| count).sum();
    for (count, what) in [(spared, "protected"), (targets.hidden, "hidden by the filter")] {
        if count > 0 {
            let _ = write!(words, ", {count} {what}");
        }
    }
    if let Some(last) = targets.hit.last() {
        let _ = write!(words, ". The last: {}", fit(&format!("{}  {}", last.who, last.what), EXAMPLE));
    }
    words
}
