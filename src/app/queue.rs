//! The one way out for deletions and disconnections of all rooms: in order, paced, a few on their way at a time, and
//! each can be cancelled until it is sent.
//!
//! The pace lives here, below the account's quota; the client has a pace of its own at the quota, which no act of ours
//! meets, and repeats a throttled call by itself. What is throttled all the same comes back here, and all wait longer.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::api::error::Code;
use crate::api::{Arn, Error, ErrorKind};

use super::deed::Deed;
use super::msg::Ticket;

/// Acts of one rank that are on their way at a time: few enough that cancelling means something.
const AT_ONCE: usize = 16;

/// What was not sent in this time, because a timer came late, is caught up with.
const CATCH_UP: SignedDuration = SignedDuration::from_millis(100);

/// Timers are no finer: two acts leave together rather than the console waking for each.
const GRAIN: Duration = Duration::from_millis(25);

/// The first wait after the service has said that we are too fast; it doubles.
const BACK_OFF: SignedDuration = SignedDuration::from_secs(1);

/// How often an act is sent that the service calls too fast, before that is told.
const TRIES: u32 = 6;

/// No pace is slower, acts a second.
const SLOWEST: f64 = 5.0;

/// What the reader's configuration says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How long an act waits before it is sent.
    pub grace: Duration,
    /// Acts of a kind that are sent a second at most.
    pub per_second: u32,
}

impl Default for Settings {
    /// No grace; 80 a second of the 100 that an account may send.
    fn default() -> Self {
        Self { grace: Duration::ZERO, per_second: 80 }
    }
}

/// What is hit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Aim {
    /// The message with this id is deleted.
    Message(Box<str>),
    /// The user with this id is disconnected.
    User(Box<str>),
}

/// Why, for everyone and for the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Why {
    /// Everyone in the room can read it.
    pub reason: Option<String>,
    /// Nobody is told: it stays in the journal.
    pub note: Option<String>,
    /// The rule that asked for it, if it was not a person: the journal says so.
    pub rule: Option<String>,
}

impl Why {
    /// For this public reason; an empty one is none.
    pub fn of(reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()), ..Self::default() }
    }
}

/// Where an act comes from, which says how urgent it is and who waits for what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The reader meant this one thing.
    Single,
    /// The same, and the form with this ticket waits for the answer.
    Form(Ticket),
    /// One of many, by the ticket of the dialog that shows them and its place there.
    Bulk(Ticket, usize),
    /// A rule, or a purge that goes on by itself.
    Unattended,
}

impl Origin {
    fn is_single(self) -> bool {
        match self {
            Self::Single | Self::Form(_) => true,
            Self::Bulk(..) | Self::Unattended => false,
        }
    }
}

/// Something that is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The room.
    pub room: Arn,
    /// What is hit there.
    pub aim: Aim,
    /// What the journal says of it, the public reason included.
    pub deed: Deed,
    /// Where it comes from.
    pub origin: Origin,
    /// When the key was pressed.
    pub asked: Timestamp,
}

/// An act's number, which its answer brings back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActId(pub u64);

#[derive(Debug)]
struct Item {
    id: ActId,
    act: Act,
    /// It is not sent before.
    ready: Timestamp,
    /// When it was sent last.
    sent: Timestamp,
    tries: u32,
}

/// The pace of one operation: its quota is its own.
#[derive(Debug)]
struct Lane {
    /// From when on the next one of many may go.
    turn: Timestamp,
    /// Nothing at all goes before: the service has said that we are too fast.
    shut: Timestamp,
    /// When it said so last.
    slowed: Timestamp,
    /// Acts a second, now.
    pace: f64,
    /// How often it has said so since anything was carried out.
    refusals: u32,
}

/// What has become of an act that was answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Answered {
    /// It is over, one way or the other.
    Over(Act),
    /// The service was too busy: it goes again, later.
    Later(Act),
    /// Nobody knows of it.
    Unknown,
}

/// All acts that are not over yet.
#[derive(Debug)]
pub struct Queue {
    settings: Settings,
    single: VecDeque<Item>,
    many: VecDeque<Item>,
    sent: HashMap<ActId, Item>,
    next: u64,
    deletions: Lane,
    disconnections: Lane,
    /// When a timer comes.
    alarm: Option<Timestamp>,
}

impl Queue {
    /// An empty queue.
    pub fn new(settings: Settings) -> Self {
        let lane = || Lane {
            turn: Timestamp::MIN,
            shut: Timestamp::MIN,
            slowed: Timestamp::MIN,
            pace: f64::from(settings.per_second),
            refusals: 0,
        };
        Self {
            settings,
            single: VecDeque::new(),
            many: VecDeque::new(),
            sent: HashMap::new(),
            next: 0,
            deletions: lane(),
            disconnections: lane(),
            alarm: None,
        }
    }

    /// Puts an act at the end. What the reader has waited for already, by confirming it, needs no grace.
    pub fn put(&mut self, act: Act) {
        self.next += 1;
        let grace = if act.origin.is_single() { self.settings.grace } else { Duration::ZERO };
        let ready = act.asked + grace;
        let item = Item { id: ActId(self.next), ready, sent: Timestamp::MIN, tries: 0, act };
        self.row(item.act.origin).push_back(item);
    }

    fn row(&mut self, origin: Origin) -> &mut VecDeque<Item> {
        if origin.is_single() { &mut self.single } else { &mut self.many }
    }

    fn lane(&mut self, aim: &Aim) -> &mut Lane {
        match aim {
            Aim::Message(_) => &mut self.deletions,
            Aim::User(_) => &mut self.disconnections,
        }
    }

    /// The next act that may leave now: what was meant singly goes before what is one of many.
    pub fn release(&mut self, now: Timestamp) -> Option<(ActId, Act)> {
        let item = self.next_single(now).or_else(|| self.next_of_many(now))?;
        let (id, act) = (item.id, item.act.clone());
        self.sent.insert(id, Item { sent: now, tries: item.tries + 1, ..item });
        Some((id, act))
    }

    fn next_single(&mut self, now: Timestamp) -> Option<Item> {
        if self.on_their_way(true) >= AT_ONCE {
            return None;
        }
        // A clock that was put back must not hold an act for longer than it was meant to wait.
        let latest = now + self.settings.grace;
        let (deletions, disconnections) = (self.deletions.is_open(now), self.disconnections.is_open(now));
        let may_go = |item: &Item| {
            let open = if matches!(item.act.aim, Aim::Message(_)) { deletions } else { disconnections };
            open && (item.ready <= now || item.ready > latest)
        };
        let at = self.single.iter().position(may_go)?;
        let item = self.single.remove(at)?;
        // It does not wait for its turn, as that is what the headroom is for; those behind it do.
        self.lane(&item.act.aim).take_turn(now);
        Some(item)
    }

    /// Strictly in order: whom a purge disconnects must not go before their messages.
    fn next_of_many(&mut self, now: Timestamp) -> Option<Item> {
        if self.on_their_way(false) >= AT_ONCE {
            return None;
        }
        let aim = self.many.front()?.act.aim.clone();
        let lane = self.lane(&aim);
        if !lane.is_open(now) || lane.turn_at(now) > now {
            return None;
        }
        lane.take_turn(now);
        self.many.pop_front()
    }

    fn on_their_way(&self, single: bool) -> usize {
        self.sent.values().filter(|item| item.act.origin.is_single() == single).count()
    }

    /// After what time something may leave, if a timer is needed for that and none is set.
    pub fn wake(&mut self, now: Timestamp) -> Option<Duration> {
        let many = self.many.front().filter(|_| self.on_their_way(false) < AT_ONCE).map(|item| item.act.aim.clone());
        let many = many.map(|aim| {
            let lane = self.lane(&aim);
            lane.turn_at(now).max(lane.shut).max(now + GRAIN)
        });
        let (deletions, disconnections) = (self.deletions.shut, self.disconnections.shut);
        let ready = |item: &Item| match item.act.aim {
            Aim::Message(_) => item.ready.max(deletions),
            Aim::User(_) => item.ready.max(disconnections),
        };
        let single = self.single.iter().map(ready).min().filter(|_| self.on_their_way(true) < AT_ONCE);
        let single = single.map(|ready| ready.max(now + GRAIN));
        let at = single.into_iter().chain(many).min()?;
        if self.alarm.is_some_and(|alarm| alarm <= at && alarm > now) {
            return None;
        }
        self.alarm = Some(at);
        Some(at.duration_since(now).unsigned_abs())
    }

    /// The timer has come.
    pub fn woken(&mut self) {
        self.alarm = None;
    }

    /// An act was answered.
    pub fn answered(&mut self, id: ActId, answer: Result<(), &Error>, now: Timestamp) -> Answered {
        let Some(item) = self.sent.remove(&id) else { return Answered::Unknown };
        let full = f64::from(self.settings.per_second);
        let throttled = answer.err().is_some_and(is_throttled);
        self.lane(&item.act.aim).learn(throttled, item.sent, now, full);
        if throttled && item.tries < TRIES {
            let act = item.act.clone();
            // Where it was: before all that came after it.
            let row = self.row(act.origin);
            let at = row.iter().position(|other| other.id > item.id).unwrap_or(row.len());
            row.insert(at, item);
            return Answered::Later(act);
        }
        Answered::Over(item.act)
    }

    /// Cancels what was put in last and is not sent; of many, all that is left of them.
    pub fn cancel_last(&mut self) -> Vec<Act> {
        let last = |row: &VecDeque<Item>| row.iter().map(|item| item.id).max();
        if last(&self.single) > last(&self.many) {
            let at = self.single.iter().enumerate().max_by_key(|(_, item)| item.id).map(|(at, _)| at);
            return at.and_then(|at| self.single.remove(at)).map(|item| item.act).into_iter().collect();
        }
        match self.many.iter().max_by_key(|item| item.id).map(|item| item.act.origin) {
            Some(Origin::Bulk(run, _)) => self.cancel_run(run),
            Some(_) => self.cancel(|origin| origin == Origin::Unattended),
            None => Vec::new(),
        }
    }

    /// Cancels what is left of the many acts of this dialog.
    pub fn cancel_run(&mut self, run: Ticket) -> Vec<Act> {
        self.cancel(|origin| matches!(origin, Origin::Bulk(ticket, _) if ticket == run))
    }

    /// Cancels all that is not sent.
    pub fn cancel_all(&mut self) -> Vec<Act> {
        self.cancel(|_| true)
    }

    fn cancel(&mut self, which: impl Fn(Origin) -> bool) -> Vec<Act> {
        let mut cancelled = Vec::new();
        for row in [&mut self.single, &mut self.many] {
            let (out, stay) = std::mem::take(row).into_iter().partition(|item| which(item.act.origin));
            *row = stay;
            let out: VecDeque<Item> = out;
            cancelled.extend(out.into_iter().map(|item| item.act));
        }
        cancelled
    }

    /// Nothing waits for a grace period any more.
    pub fn hurry(&mut self) {
        for item in &mut self.single {
            item.ready = Timestamp::MIN;
        }
    }

    /// Acts that are not sent yet.
    pub fn waiting(&self) -> usize {
        self.single.len() + self.many.len()
    }

    /// Acts that are on their way to the service.
    pub fn sent(&self) -> usize {
        self.sent.len()
    }

    /// Whether this is to be hit already.
    pub fn holds(&self, room: &Arn, aim: &Aim) -> bool {
        let is = |item: &Item| item.act.aim == *aim && item.act.room == *room;
        self.single.iter().chain(&self.many).chain(self.sent.values()).any(is)
    }
}

impl Lane {
    fn is_open(&self, now: Timestamp) -> bool {
        // A wait that is longer than any is from before the clock was put back.
        self.shut <= now || self.shut > now + BACK_OFF * 64
    }

    fn turn_at(&self, now: Timestamp) -> Timestamp {
        if self.turn > now + SignedDuration::from_mins(1) { now } else { self.turn }
    }

    fn take_turn(&mut self, now: Timestamp) {
        let space = SignedDuration::from_secs_f64(1.0 / self.pace);
        self.turn = self.turn_at(now).max(now - CATCH_UP) + space;
    }

    /// Too fast: half the pace, after a while in which nothing goes. As many as were on their way say the same thing,
    /// and count once. Well answered: a little faster again.
    fn learn(&mut self, throttled: bool, sent: Timestamp, now: Timestamp, full: f64) {
        if !throttled {
            self.pace = (self.pace + full / 500.0).min(full);
            self.refusals = 0;
        } else if sent >= self.slowed {
            self.slowed = now;
            self.pace = (self.pace / 2.0).max(SLOWEST.min(full));
            self.shut = now + BACK_OFF * 2_i32.pow(self.refusals.min(4));
            self.refusals += 1;
        }
    }
}

/// Whether the service says that we are too fast, and so has done nothing.
pub fn is_throttled(error: &Error) -> bool {
    match &error.kind {
        ErrorKind::Refused(refusal) => refusal.status == 429 || refusal.code == Code::Throttling,
        ErrorKind::Invalid(_)
        | ErrorKind::Unreachable(_)
        | ErrorKind::Interrupted(_)
        | ErrorKind::TimedOut(_)
        | ErrorKind::Broken(_)
        | ErrorKind::Redirected { .. }
        | ErrorKind::TooLarge { .. }
        | ErrorKind::Untrusted(_)
        | ErrorKind::Unsendable(_)
        | ErrorKind::Unsigned(_)
        | ErrorKind::Unwritten(_)
        | ErrorKind::ReadOnly => false,
    }
}

#[cfg(test)]
mod tests;
