//! A room that is watched: takes what the connection brings, and carries out what the reader asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::api::Arn;
use crate::api::model::Capability;
use crate::app::clock::Clock;
use crate::app::msg::Timer;
use crate::app::outbox::Outbox;
use crate::app::queue::Aim;
use crate::app::text::Clean;
use crate::messaging::Frame;
use crate::messaging::frame::{Event, EventKind, Message};

use super::book::Keeping;
use super::card::Card;
use super::deletion::Echo;
use super::disconnection::Leaver;
use super::feed::Feed;
use super::guard::{Brake, Guard};
use super::identity::Identity;
use super::link::{Connection, Link};
use super::looking::Filter;
use super::marks::Marks;
use super::people::{Heard, Naming, People};
use super::protected::Protected;
use super::rate::Rate;
use super::recording::Recording;
use super::row::{Body, Notice, Said};
use super::rules::{Rules, Watcher};
use super::sight::Sight;
use super::through::Through;
use super::writing::{Outgoing, Written};

/// How often a room's rate is counted anew while anybody talks.
const RATE: Duration = Duration::from_secs(2);

/// From this long after the first message on, whoever has not been seen is marked: before, everyone would be.
const NEWCOMERS: SignedDuration = SignedDuration::from_secs(60);

/// What a room needs to know of the console's settings.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// As whom the console watches, unless it has joined a room as another.
    pub user_id: String,
    /// What that user may do besides reading along, which needs no capability.
    pub capabilities: Vec<Capability>,
    /// What the service sends along with each message of that user.
    pub attributes: BTreeMap<String, String>,
    /// How long a session of that user lasts; the service's 60 minutes if not given.
    pub session_minutes: Option<u32>,
    /// The reason that a deletion gives, which everyone in the room can read.
    pub reason: String,
    /// The reason that stands in the form for a disconnection; everyone in the room can read it, too.
    pub disconnect_reason: String,
    /// In which zone, and how, moments are told.
    pub clock: Clock,
    /// Rows that are kept.
    pub scrollback: usize,
    /// Where names and badges are in a token's attributes.
    pub naming: Arc<Naming>,
    /// What flags messages.
    pub rules: Arc<Rules>,
    /// How much rules may delete by themselves.
    pub brake: Brake,
    /// Users whom no rule and nothing in bulk hits.
    pub protected: Arc<Protected>,
    /// What is kept about users, and in whose name.
    pub keeping: Keeping,
}

/// A watched room.
#[derive(Debug)]
pub struct Room {
    pub(super) arn: Arn,
    pub(super) title: Clean,
    pub(super) settings: Arc<Settings>,
    pub(super) identity: Identity,
    pub(super) feed: Feed,
    pub(super) sight: Sight,
    pub(super) marks: Marks,
    /// Rows of watched users that came in while the view stood still.
    pub(super) watched_missed: Vec<u64>,
    /// The card of a user, if one is open.
    pub(super) card: Option<Card>,
    /// What the merged feed shows of it, while that is what is looked at.
    pub(super) through: Option<Through>,
    /// Whether the merged feed is to go on to its next message.
    pub(super) went_on: bool,
    /// Rows that were flagged after they came, until the merged feed takes that in.
    pub(super) late_flags: Vec<u64>,
    /// Whether what is kept about users has changed, until the merged feed takes that in.
    pub(super) new_book: bool,
    pub(super) filter: Option<Filter>,
    /// The rows that a rule has flagged and that stand.
    pub(super) flagged: BTreeSet<u64>,
    /// What flags them, and may do more.
    pub(super) guard: Guard,
    /// When the first message came.
    since: Option<Timestamp>,
    /// The day of the last row, in UTC.
    day: Option<Date>,
    pub(super) people: People,
    /// Users whom this console has asked to be disconnected.
    pub(super) leavers: Vec<Leaver>,
    /// The ids of events that this console sent and that have not come back yet, newest first.
    pub(super) awaited: Vec<Box<str>>,
    /// Messages of our own on their way.
    pub(super) outgoing: Vec<Outgoing>,
    /// Messages of our own that did not come back in time, newest first.
    pub(super) doubtful: Vec<Outgoing>,
    /// What has come of messages of our own, until the console takes it.
    pub(super) written: Vec<Written>,
    /// Events of our own acts that came, or did not, until the console takes it.
    pub(super) echoes: Vec<(Aim, Echo)>,
    rate: Rate,
    rate_timer: bool,
    pub(super) recording: Option<Recording>,
    pub(super) connection: Connection,
}

impl Room {
    /// A room that nobody watches yet.
    pub fn new(arn: Arn, title: Clean, settings: Arc<Settings>) -> Self {
        let guard = Guard::new(Watcher::new(&settings.rules, title.as_str(), &arn));
        Self {
            arn,
            title,
            guard,
            feed: Feed::new(settings.scrollback),
            identity: Identity::of(&settings),
            sight: Sight::new(),
            marks: Marks::default(),
            watched_missed: Vec::new(),
            card: None,
            through: None,
            went_on: false,
            late_flags: Vec::new(),
            new_book: false,
            filter: None,
            flagged: BTreeSet::new(),
            since: None,
            day: None,
            people: People::new(Arc::clone(&settings.naming)),
            settings,
            leavers: Vec::new(),
            awaited: Vec::new(),
            outgoing: Vec::new(),
            doubtful: Vec::new(),
            written: Vec::new(),
            echoes: Vec::new(),
            rate: Rate::default(),
            rate_timer: false,
            recording: None,
            connection: Connection::new(),
        }
    }

    /// The room's ARN.
    pub fn arn(&self) -> &Arn {
        &self.arn
    }

    /// What it knows of the console's settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its name, or its id.
    pub fn title(&self) -> &Clean {
        &self.title
    }

    /// Who has been seen in it.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// What the list says that it is called.
    pub fn set_title(&mut self, title: Clean) {
        if self.title != title {
            self.title = title;
            self.rules_by_name();
        }
    }

    /// What was said.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// What the connection is doing.
    pub fn link(&self) -> &Link {
        &self.connection.link
    }

    /// Messages a second.
    pub fn rate(&self) -> f64 {
        self.rate.per_second()
    }

    pub(super) fn tell(&mut self, now: Timestamp, notice: Notice) {
        self.put(now, notice);
    }

    pub(super) fn put(&mut self, now: Timestamp, notice: Notice) -> Option<u64> {
        self.add(now, Body::Notice(notice))
    }

    /// Adds a row, and a line for a new day before it.
    fn add(&mut self, time: Timestamp, body: Body) -> Option<u64> {
        self.begin_day(time);
        self.push(time, body)
    }

    /// Whatever comes next was said at this time.
    pub(super) fn begin_day(&mut self, time: Timestamp) {
        let day = self.settings.clock.day(time);
        if self.day.replace(day).is_some_and(|before| before < day) {
            self.push(time, Body::Notice(Notice::Day(day)));
        }
    }

    pub(super) fn push(&mut self, time: Timestamp, body: Body) -> Option<u64> {
        let Self { feed, sight, marks, card, through, .. } = self;
        let elsewhere = |seq| kept_elsewhere(card.as_ref(), through.as_ref(), seq);
        let seq = feed.push(time, body, &|seq| marks.has(seq) || sight.keeps(seq) || elsewhere(seq))?;
        self.came(seq);
        self.came_to_card(seq);
        Some(seq)
    }

    pub(super) fn take(&mut self, now: Timestamp, frame: Frame, outbox: &mut Outbox) {
        self.record(now, &frame, outbox);
        match frame {
            Frame::Message(message) => {
                self.message(now, &message, outbox);
                self.came_back(now, &message, outbox);
            }
            Frame::Event(event) => self.event(now, &event, outbox),
            Frame::Error(refused) => {
                self.was_refused(now, &refused, outbox);
                self.refused(now, refused.code, &refused.message);
            }
            Frame::Unknown(unknown) => self.unreadable(now, &unknown.why),
        }
    }

    fn message(&mut self, now: Timestamp, message: &Message, outbox: &mut Outbox) {
        self.rate.count(now);
        let known = self.people.find(&message.sender.user_id).is_some();
        let mut said = Said::new(message, self.people.meet(&message.sender), now);
        let since = *self.since.get_or_insert(now);
        said.signs.first = !known && now.duration_since(since) >= NEWCOMERS;
        let at = message.send_time.unwrap_or(now);
        let heard = Heard { fingerprint: said.signs.fingerprint, link: said.signs.links > 0, at };
        // What is here already, as it came over two connections, counts once.
        if self.hear(now, at, said, outbox) {
            self.people.heard(&message.sender.user_id, heard);
        }
    }

    fn event(&mut self, now: Timestamp, event: &Event, outbox: &mut Outbox) {
        let time = event.send_time.unwrap_or(now);
        match &event.kind {
            EventKind::DeleteMessage { message_id, reason } => {
                self.deletion_announced(now, message_id, reason.as_deref(), outbox);
            }
            EventKind::DisconnectUser { user_id, reason } => {
                self.disconnection_announced((time, now), user_id, reason.as_deref(), outbox);
            }
            EventKind::Custom(name) => self.event_came(time, name, event),
        }
    }

    /// Counts the rate anew.
    pub fn rate_due(&mut self, now: Timestamp, outbox: &mut Outbox) {
        self.rate_timer = false;
        self.rate.forget(now);
        self.count_later(outbox);
    }

    pub(super) fn count_later(&mut self, outbox: &mut Outbox) {
        if !self.rate_timer && !self.rate.is_quiet() {
            self.rate_timer = true;
            outbox.after(RATE, Timer::Rate(self.arn.clone()));
        }
    }
}

/// Whether a row must outlive the scrollback for the sake of a card or of the merged feed.
pub(super) fn kept_elsewhere(card: Option<&Card>, through: Option<&Through>, seq: u64) -> bool {
    card.is_some_and(|card| card.keeps(seq)) || through.is_some_and(|through| through.keeps(seq))
}
