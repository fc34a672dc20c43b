//! What is new, line by line: messages with their numbers, what became of them, how the connections stand, what is asked.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::app::key::{Code, Key};
use crate::app::keys::Context;
use crate::app::outbox::Tone;
use crate::app::plain::Above;
use crate::app::room::Room;
use crate::app::room::row::{self, Actor, Body, Notice, Row, Said, Stage, span};
use crate::app::text::fit;
use crate::app::{App, Job, Msg};

use super::ear::{Ear, Manner};
use super::numbers::{Fate, Named, words};
use super::{Scope, Session};

/// From so many on, messages with the same outcome are told in one line.
const TOGETHER: usize = 3;

/// Cells of a message of which it is told how often it came.
const QUOTED: usize = 40;

/// Messages that are told when they are not held back any more; of the others it is told how many they are.
const CATCH_UP: usize = 20;

/// What was told of messages' outcomes, so that the console's words don't tell it again.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    labels: BTreeSet<String>,
}

/// An outcome: what it is, in front of the number and behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outcome {
    verb: &'static str,
    rest: String,
    bad: bool,
}

impl Session {
    /// What became of messages that have a number.
    pub(super) fn tell_outcomes(&mut self, app: &App) -> Outcomes {
        let many = !app.running_words().is_empty();
        // The last of many is told by the word for all of them.
        let quiet = many || std::mem::replace(&mut self.many, many);
        let mut outcomes: Vec<(Outcome, Vec<u64>)> = Vec::new();
        let mut told = Outcomes::default();
        let mut flagged = Vec::new();
        let mut room: Option<&Room> = None;
        for named in self.numbers.all_mut() {
            if room.is_none_or(|room| *room.arn() != named.room) {
                room = app.live_room_at(&named.room);
            }
            let Some(room) = room else { continue };
            let Some(said) = room.feed().row(named.seq).and_then(Row::message).filter(|said| said.id == named.id)
            else {
                continue;
            };
            if said.signs.flag.is_some() && !std::mem::replace(&mut named.flagged, true) {
                flagged.push(named.number);
            }
            let fate = Fate::of(&said.fate);
            if std::mem::replace(&mut named.fate, fate) == fate {
                continue;
            }
            if let Some(outcome) = outcome(said, quiet) {
                told.labels.insert(named.label.clone());
                match outcomes.iter_mut().find(|(other, _)| *other == outcome) {
                    Some((_, numbers)) => numbers.push(named.number),
                    None => outcomes.push((outcome, vec![named.number])),
                }
            }
        }
        for number in flagged {
            self.tell_again(app, number);
        }
        for (outcome, numbers) in outcomes {
            self.tell_outcome(&outcome, &numbers);
        }
        told
    }

    fn tell_outcome(&mut self, Outcome { verb, rest, bad }: &Outcome, numbers: &[u64]) {
        self.wrong += if *bad { numbers.len() } else { 0 };
        if numbers.len() < TOGETHER {
            for number in numbers {
                self.say(&format!("{verb} {number}{rest}"));
            }
        } else {
            self.say(&format!("{verb} {} messages, {}{rest}", numbers.len(), words(numbers)));
        }
    }

    /// What was said in rooms, and what happened there.
    pub(super) fn tell_rooms(&mut self, app: &App, now: Timestamp) {
        for room in app.live_rooms() {
            let arn = room.arn().clone();
            let mut ear = self.ears.remove(&arn).unwrap_or_else(|| Ear::new(room.feed()));
            self.tell_room(room, &mut ear, now);
            self.ears.insert(arn, ear);
        }
    }

    fn tell_room(&mut self, room: &Room, ear: &mut Ear, now: Timestamp) {
        let feed = room.feed();
        let hears = self.scope == Scope::All || self.here.as_ref() == Some(room.arn());
        let oldest = feed.first().unwrap_or(ear.next);
        if hears && !self.holds() && oldest > ear.next {
            self.say(&format!("missed {}: {} lines came too fast", room.title().as_str(), oldest - ear.next));
        }
        // Rows that were told may say something else now: a gap has ended.
        let known: Vec<u64> = ear.notices.iter().map(|(seq, _)| *seq).collect();
        let changed: Vec<&Row> = known.into_iter().filter_map(|seq| feed.row(seq)).collect();
        for row in changed {
            self.tell_notice(room, ear, row, hears);
        }
        for row in feed.from(ear.next) {
            match &row.body {
                Body::Notice(_) => self.tell_notice(room, ear, row, hears),
                Body::Message(said) if hears && !self.holds() => self.tell_message(room, ear, row, said, now),
                Body::Message(said) => {
                    ear.held.0 += 1;
                    ear.held.1 += usize::from(said.signs.flag.is_some());
                }
            }
        }
        ear.next = feed.next();
        if hears && !self.holds() {
            for wave in ear.waves(now, oldest) {
                let named = self.numbers.get(wave.number).ok();
                let said = named.and_then(|named| feed.row(named.seq)).and_then(Row::message);
                let text = said.map_or("", |said| said.text.as_str());
                let (number, times, from) = (wave.number, wave.times, users(wave.users));
                self.say(&format!("repeats of {number}: {times} times from {from}: {}", fit(text, QUOTED)));
            }
        }
    }

    fn tell_message(&mut self, room: &Room, ear: &mut Ear, row: &Row, said: &Said, now: Timestamp) {
        if room.filter().is_some() && !room.lets_through(row) {
            return;
        }
        match ear.hear(row.seq, row.time, said) {
            Manner::Counted => {}
            Manner::Alone => self.tell_said(room, row, said, ""),
            Manner::First(times, by) => {
                let lead = format!("repeated {times} times from {}: ", users(by));
                self.tell_said(room, row, said, &lead);
                if let Some(number) = self.numbers.of(&said.id) {
                    ear.count_under(row.seq, said, number, now);
                }
            }
        }
    }

    /// A message in a line, with its number.
    pub(super) fn tell_said(&mut self, room: &Room, row: &Row, said: &Said, lead: &str) {
        let number = self.numbers.give(Named {
            number: 0,
            room: room.arn().clone(),
            seq: row.seq,
            id: said.id.clone(),
            label: said.by.label(),
            fate: Fate::of(&said.fate),
            flagged: said.signs.flag.is_some(),
        });
        let flag = room.flag_of(said).map(|rule| format!("flagged {rule}: ")).unwrap_or_default();
        let watched = if room.people().is_watched(&said.by.user_id, row.time) { "watched: " } else { "" };
        let place = if self.scope == Scope::All { format!(" {}", room.title().as_str()) } else { String::new() };
        let ours = if said.written().is_some() { " you," } else { "" };
        let fate = match &said.fate {
            row::Fate::Deleted { .. } => "deleted: ",
            row::Fate::Standing | row::Fate::Failed(_) | row::Fate::Deleting { .. } => "",
        };
        let hidden = if said.text.altered() { "hidden characters: " } else { "" };
        let text = if said.text.as_str().trim().is_empty() { "(empty)" } else { said.text.as_str() };
        let label = said.by.label();
        self.say(&format!("{lead}{fate}{flag}{watched}{hidden}{number}{place}{ours} {label}: {text}"));
    }

    /// A message that was told, once more.
    pub(super) fn tell_again(&mut self, app: &App, number: u64) {
        let Ok(Named { room, seq, id, .. }) = self.numbers.get(number).cloned() else { return };
        let Some(room) = app.live_room_at(&room) else { return };
        let Some(row) = room.feed().row(seq) else { return };
        if let Some(said) = row.message().filter(|said| said.id == id) {
            self.tell_said(room, row, said, "");
        }
    }

    fn tell_notice(&mut self, room: &Room, ear: &mut Ear, row: &Row, hears: bool) {
        let Body::Notice(notice) = &row.body else { return };
        let title = room.title().as_str();
        let of = if hears && self.scope == Scope::Here { String::new() } else { format!(" in {title}") };
        let words = match notice {
            Notice::Joined => format!("live {title}: what was said before is not told"),
            Notice::Day(date) => format!("day{of}: {}", date.strftime("%A, %F")),
            // It is ourselves who change who we are.
            Notice::Gap { until: None, why, .. } if why.as_str().starts_with("from here on as ") => {
                format!("joining {title} anew: {}", why.as_str())
            }
            Notice::Gap { until: None, why, .. } => format!("lost {title}: {}; trying again", why.as_str()),
            Notice::Gap { .. } => format!("back {title}: {}", notice.words()),
            Notice::Stopped(why) => format!("stopped {title}: {}", why.as_str()),
            Notice::Disconnected { who, reason, by } => {
                let why = Some(reason.as_str()).filter(|why| !why.is_empty()).map(|why| format!(": {why}"));
                let by = match by {
                    Actor::Us(after) => format!(", confirmed after {}", span(after.as_secs_f64())),
                    Actor::SomebodyElse => " by somebody else".to_owned(),
                };
                format!("disconnected {}{of}{by}{}", who.as_str(), why.unwrap_or_default())
            }
            Notice::Event { .. } | Notice::Disarmed(_) => format!("{}{of}", notice.words()),
            // How often it came is no news.
            Notice::Refused(_) => "the service refused something".to_owned(),
            Notice::Unreadable(_) => format!("unreadable frame{of}"),
        };
        // Of rooms that are not listened to, only what concerns the connection, or what we did.
        let ours = match notice {
            Notice::Joined | Notice::Gap { .. } | Notice::Stopped(_) | Notice::Disarmed(_) => true,
            Notice::Disconnected { by, .. } => matches!(by, Actor::Us(_)),
            Notice::Event { ours, .. } => *ours,
            Notice::Day(_) | Notice::Refused(_) | Notice::Unreadable(_) => false,
        };
        if ear.is_news(row.seq, &words) && (hears || ours) {
            self.say(&words);
        }
    }

    /// What the console says of itself.
    pub(super) fn tell_words(&mut self, app: &App, told: &Outcomes) {
        let (count, word) = app.said();
        if count == self.words {
            return;
        }
        self.words = count;
        let Some(word) = word else { return };
        let of_outcome = told.labels.iter().any(|label| word.text.contains(label.as_str()));
        // The line of the room itself tells it, or the line that was just typed.
        let of_room = word.text.starts_with("disconnected ") && word.text.contains(", confirmed: ");
        let running = app.running_words().contains(&word.text);
        if of_outcome || of_room || running || word.text == self.last_word {
            return;
        }
        self.last_word.clone_from(&word.text);
        match word.tone {
            Tone::Bad => self.refuse(&word.text),
            Tone::Good | Tone::Hint => self.say(&without_keys(&word.text)),
        }
    }

    /// What a dialog says that it has not said before, and what it asks.
    pub(super) fn tell_above(&mut self, app: &mut App, now: Timestamp) -> Vec<Job> {
        let above = app.above();
        if self.above.as_ref() == Some(&above) {
            return Vec::new();
        }
        let before = self.above.replace(above.clone());
        let heard = match above {
            Above::Nothing | Above::Screen => return Vec::new(),
            Above::Leaving(count) => {
                let s = if count == 1 { "" } else { "s" };
                self.say(&format!("not over yet: {count} change{s}. send sends them and leaves, yes leaves, no stays"));
                return Vec::new();
            }
            Above::Dialog(heard) => heard,
        };
        let before = match before {
            Some(Above::Dialog(before)) if before.title == heard.title => before,
            _ => {
                self.say(&heard.title);
                crate::app::dialog::heard::Heard::default()
            }
        };
        for line in heard.lines.iter().filter(|line| !before.lines.contains(line)) {
            self.say(line);
        }
        // A wait is no answer to what was asked before: it is asked again if it comes back.
        let asked_again = before.asks.is_empty() || heard.asks != before.asks || heard.lines != before.lines;
        if !heard.asks.is_empty() && asked_again && heard.asks != before.asks {
            self.say(&format!("say: {}", heard.asks));
        }
        let key = match app.context() {
            // It was read, and there is nothing to be answered.
            _ if heard.asks.is_empty() && !heard.waits => Key::plain(Code::Esc),
            // Many deletions go on out of sight: their end is told.
            Context::Batch if heard.waits && app.may_go_on_unseen() => Key::plain(Code::Enter),
            _ => return Vec::new(),
        };
        let jobs = app.update(now, Msg::Key(key));
        self.above = Some(app.above());
        jobs
    }

    /// Whether messages are held back and counted.
    fn holds(&self) -> bool {
        self.holds.by_word || self.holds.by_question
    }

    /// Messages are told again: the last of those that came meanwhile. `always` says so even if none did.
    pub(super) fn catch_up(&mut self, app: &App, always: bool) {
        let rooms: Vec<&Room> = app
            .live_rooms()
            .filter(|room| self.scope == Scope::All || self.here.as_ref() == Some(room.arn()))
            .collect();
        for room in rooms {
            let Some(ear) = self.ears.get_mut(room.arn()) else { continue };
            let (held, flagged) = std::mem::take(&mut ear.held);
            let flagged = if flagged > 0 { format!(", {flagged} flagged") } else { String::new() };
            let (title, last) = (room.title().as_str(), held.min(CATCH_UP));
            match held {
                0 if !always => continue,
                0 => self.say(&format!("resumed {title}: nothing came meanwhile")),
                held if always || held > last => {
                    self.say(&format!("resumed {title}: {held} came meanwhile{flagged}; the last {last}:"));
                }
                _ => {}
            }
            self.tell_last(room, last);
        }
    }

    /// The last so many messages of a room, once more.
    pub(super) fn tell_last(&mut self, room: &Room, count: usize) {
        let rows: Vec<&Row> =
            room.feed().back_from(u64::MAX - 1).filter(|row| row.message().is_some()).take(count).collect();
        for row in rows.into_iter().rev().filter(|row| room.filter().is_none() || room.lets_through(row)) {
            if let Some(said) = row.message() {
                self.tell_said(room, row, said, "");
            }
        }
    }
}

impl Fate {
    pub(super) fn of(fate: &row::Fate) -> Self {
        match fate {
            row::Fate::Standing => Self::Standing,
            row::Fate::Deleting { stage: Stage::Waiting, .. } => Self::Waiting,
            row::Fate::Deleting { stage: Stage::Pending | Stage::Sent, .. } => Self::Leaving,
            row::Fate::Deleting { stage: Stage::Unconfirmed, .. } => Self::Unconfirmed,
            row::Fate::Failed(_) => Self::Failed,
            row::Fate::Deleted { .. } => Self::Deleted,
        }
    }
}

/// What there is to tell of what became of a message; `quiet` if what went well is told elsewhere.
fn outcome(said: &Said, quiet: bool) -> Option<Outcome> {
    let good = |verb, rest: String| Some(Outcome { verb, rest, bad: false });
    let bad = |verb, rest: String| Some(Outcome { verb, rest, bad: true });
    match &said.fate {
        row::Fate::Deleting { stage: Stage::Waiting, .. } | row::Fate::Deleted { by: Actor::Us(_), .. } if quiet => {
            None
        }
        row::Fate::Standing => good("kept", ": it was not sent".to_owned()),
        row::Fate::Deleting { stage: Stage::Waiting, .. } => {
            good("waiting", ": not sent yet, cancel takes it back".into())
        }
        row::Fate::Deleting { stage: Stage::Pending | Stage::Sent, .. } => None,
        row::Fate::Deleting { stage: Stage::Unconfirmed, .. } => {
            bad("not confirmed", ": nobody knows whether it is deleted".to_owned())
        }
        row::Fate::Failed(why) => bad("not deleted", format!(": {why}")),
        row::Fate::Deleted { by: Actor::Us(after), .. } => {
            good("deleted", format!(", confirmed after {}", span(after.as_secs_f64())))
        }
        row::Fate::Deleted { by: Actor::SomebodyElse, reason, .. } => {
            let why = Some(reason.as_str()).filter(|why| !why.is_empty()).map(|why| format!(": {why}"));
            good("deleted", format!(" by somebody else{}", why.unwrap_or_default()))
        }
    }
}

fn users(count: usize) -> String {
    if count == 1 { "1 user".to_owned() } else { format!("{count} users") }
}

/// Pointers to keys mean nothing without a screen: of a sentence that ends in one the beginning stays.
fn without_keys(word: &str) -> String {
    let word = word.replace(", u cancels", ", cancel takes it back").replace("F brings it back", "form brings it back");
    word.replace(": @ marks them", "")
}
