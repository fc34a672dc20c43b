//! A room that is watched: takes what the connection brings, and carries out what the reader asks for.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::api::ops::ChatToken;
use crate::api::{Arn, Error};
use crate::app::keys::Motion;
use crate::app::msg::{LinkId, Msg, Timer};
use crate::app::outbox::{Job, Outbox};
use crate::app::text::{Clean, clean};
use crate::app::trouble::Trouble;
use crate::messaging::frame::{Event, EventKind, Message, Refused};
use crate::messaging::{Ended, Frame, Report};

use super::disconnection::Leaver;
use super::feed::Feed;
use super::geometry::lines as lines_of;
use super::identity::Identity;
use super::link::{Connection, Link, Next};
use super::people::{Naming, People};
use super::rate::Rate;
use super::reading::{Reading, Window};
use super::row::{Body, Notice, Row, Said};
use super::writing::{Outgoing, Written};

/// How often a room's rate is counted anew while anybody talks.
const RATE: Duration = Duration::from_secs(2);

/// What a room needs to know of the console's settings.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// As whom the console watches, unless it has joined a room as another.
    pub user_id: String,
    /// The reason that a deletion gives, which everyone in the room can read.
    pub reason: String,
    /// The reason that stands in the form for a disconnection; everyone in the room can read it, too.
    pub disconnect_reason: String,
    /// Rows that are kept.
    pub scrollback: usize,
    /// Where names and badges are in a token's attributes.
    pub naming: Arc<Naming>,
}

/// A watched room.
#[derive(Debug)]
pub struct Room {
    pub(super) arn: Arn,
    title: Clean,
    pub(super) settings: Arc<Settings>,
    identity: Identity,
    pub(super) feed: Feed,
    pub(super) reading: Reading,
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
    rate: Rate,
    rate_timer: bool,
    connection: Connection,
    serial: u64,
    gap: Option<u64>,
    /// Whether a connection has ever opened.
    joined: bool,
    /// The room was told that our user is disconnected: the close that follows is meant.
    pub(super) thrown_out: bool,
    size: (usize, usize),
}

impl Room {
    /// A room that nobody watches yet.
    pub fn new(arn: Arn, title: Clean, settings: Arc<Settings>) -> Self {
        Self {
            arn,
            title,
            feed: Feed::new(settings.scrollback),
            identity: Identity::of(&settings),
            reading: Reading::Live,
            people: People::new(Arc::clone(&settings.naming)),
            settings,
            leavers: Vec::new(),
            awaited: Vec::new(),
            outgoing: Vec::new(),
            doubtful: Vec::new(),
            written: Vec::new(),
            rate: Rate::default(),
            rate_timer: false,
            connection: Connection::new(),
            serial: 0,
            gap: None,
            joined: false,
            thrown_out: false,
            size: (80, 20),
        }
    }

    /// The room's ARN.
    pub fn arn(&self) -> &Arn {
        &self.arn
    }

    /// Its name, or its id.
    pub fn title(&self) -> &Clean {
        &self.title
    }

    /// What the list says that it is called.
    pub fn set_title(&mut self, title: Clean) {
        self.title = title;
    }

    /// What was said.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Where the reader is.
    pub fn reading(&self) -> Reading {
        self.reading
    }

    /// What the connection is doing.
    pub fn link(&self) -> &Link {
        &self.connection.link
    }

    /// Messages a second.
    pub fn rate(&self) -> f64 {
        self.rate.per_second()
    }

    /// Starts to watch, or starts again.
    pub fn connect(&mut self, outbox: &mut Outbox) {
        self.serial += 1;
        self.connection.link = Link::Asking;
        self.thrown_out = false;
        let id = self.link_id();
        outbox.call(&self.identity.token(&self.arn), move |token| Msg::Token(id, token));
    }

    /// As whom the room is watched.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Whether it is watched as somebody other than the console's own user.
    pub fn is_joined_as_another(&self) -> bool {
        self.identity != self.own_identity()
    }

    /// The console's own user, who reads along.
    pub fn own_identity(&self) -> Identity {
        Identity::of(&self.settings)
    }

    /// Watches the room as somebody from now on: the connection is dropped, and made again with a token for them.
    pub fn join_as(&mut self, identity: Identity, now: Timestamp, outbox: &mut Outbox) {
        outbox.push(Job::Disconnect(self.link_id()));
        self.cut_short("the room was joined as somebody else", outbox);
        self.identity = identity;
        self.connection = Connection::new();
        // What was said while nobody was connected is missing, but only if somebody was before.
        if self.joined || self.gap.is_some() {
            self.gap_opens(now, clean(&format!("from here on as {}", self.identity.words())));
        }
        self.connect(outbox);
    }

    /// Stops watching. What was said stays.
    pub fn disconnect(&mut self, now: Timestamp, outbox: &mut Outbox) {
        outbox.push(Job::Disconnect(self.link_id()));
        self.cut_short("the room is not watched any more", outbox);
        self.serial += 1;
        // Whoever comes back comes as themselves.
        self.identity = self.own_identity();
        self.connection.link = Link::Off;
        self.gap = None;
        self.joined = false;
        self.tell(now, Notice::Stopped(clean("not watched any more")));
    }

    /// Whether the room is live, or trying to be.
    pub fn is_watched(&self) -> bool {
        match self.connection.link {
            Link::Asking | Link::Connecting(_) | Link::Live { .. } | Link::Waiting(_) => true,
            Link::Off | Link::Stopped => false,
        }
    }

    /// Connects again if the connection ended for good, or at once if it waits for its turn.
    pub fn revive(&mut self, outbox: &mut Outbox) {
        if !self.is_watched() || matches!(self.connection.link, Link::Waiting(_)) {
            self.connect(outbox);
        }
    }

    /// Whether frames come in.
    pub fn is_live(&self) -> bool {
        self.connection.is_live()
    }

    pub(super) fn link_id(&self) -> LinkId {
        LinkId { room: self.arn.clone(), serial: self.serial }
    }

    /// The token came, or did not.
    pub fn token(
        &mut self,
        now: Timestamp,
        id: &LinkId,
        token: Result<ChatToken, Error>,
        dice: f64,
        outbox: &mut Outbox,
    ) {
        if id.serial != self.serial || self.connection.link != Link::Asking {
            return;
        }
        match token {
            Ok(ChatToken { token, session_expiration_time, .. }) => self.open(token, session_expiration_time, outbox),
            Err(error) => {
                let trouble = Trouble::new(&error);
                let next = self.connection.without_token(now, error.is_denied(), dice);
                self.lost(now, &format!("no chat token: {}", trouble.brief()), next, outbox);
            }
        }
    }

    fn open(&mut self, token: SecretString, until: Option<Timestamp>, outbox: &mut Outbox) {
        self.connection.link = Link::Connecting(until);
        outbox.push(Job::Connect(self.link_id(), token));
    }

    /// The time to connect again has come.
    pub fn reconnect_due(&mut self, id: &LinkId, outbox: &mut Outbox) {
        if id.serial == self.serial && matches!(self.connection.link, Link::Waiting(_)) {
            self.connect(outbox);
        }
    }

    /// The connection says something.
    pub fn report(&mut self, now: Timestamp, id: &LinkId, report: Report, outbox: &mut Outbox) {
        if id.serial != self.serial {
            return;
        }
        match report {
            Report::Opened => {
                self.opened(now);
                self.send_waiting(outbox);
            }
            Report::Frames(frames) => {
                for frame in frames {
                    self.take(now, frame, outbox);
                }
                self.count_later(outbox);
            }
        }
    }

    fn opened(&mut self, now: Timestamp) {
        let until = match self.connection.link {
            Link::Connecting(until) => until,
            Link::Off | Link::Asking | Link::Live { .. } | Link::Waiting(_) | Link::Stopped => None,
        };
        self.connection.link = Link::Live { since: now, until };
        let gap = self.gap.take().and_then(|seq| self.feed.row_mut(seq));
        if let Some(Body::Notice(Notice::Gap { until, .. })) = gap.map(|row| &mut row.body) {
            *until = Some(now);
        }
        // A first connection may come after attempts that failed: it has a gap before it and is still the first.
        if !std::mem::replace(&mut self.joined, true) {
            self.tell(now, Notice::Joined);
        }
    }

    /// The connection is over.
    pub fn ended(&mut self, now: Timestamp, id: &LinkId, why: &Ended, dice: f64, outbox: &mut Outbox) {
        if id.serial != self.serial {
            return;
        }
        let next = self.connection.ended(now, why, self.thrown_out, dice);
        self.lost(now, &why.to_string(), next, outbox);
    }

    /// Draws the loss into the feed, once for each outage, and comes back if it should.
    fn lost(&mut self, now: Timestamp, why: &str, next: Next, outbox: &mut Outbox) {
        let why = clean(why);
        self.cut_short(why.as_str(), outbox);
        match next {
            Next::Again(wait) => {
                self.gap_opens(now, why);
                outbox.after(wait, Timer::Reconnect(self.link_id()));
            }
            Next::Stay => {
                // The gap that was open is told by the row that ends it.
                self.gap = None;
                self.joined = false;
                outbox.bad(format!("{}: {}", self.title.as_str(), why.as_str()));
                self.tell(now, Notice::Stopped(why));
            }
        }
    }

    fn gap_opens(&mut self, now: Timestamp, why: Clean) {
        match self.gap.and_then(|seq| self.feed.row_mut(seq)).map(|row| &mut row.body) {
            // Of an outage the latest reason counts: what keeps us out now.
            Some(Body::Notice(Notice::Gap { why: last, .. })) => *last = why,
            _ => self.gap = self.put(now, Notice::Gap { from: now, until: None, why }),
        }
    }

    pub(super) fn tell(&mut self, now: Timestamp, notice: Notice) {
        self.put(now, notice);
    }

    fn put(&mut self, now: Timestamp, notice: Notice) -> Option<u64> {
        self.feed.push(now, Body::Notice(notice), self.reading.looking_at())
    }

    fn take(&mut self, now: Timestamp, frame: Frame, outbox: &mut Outbox) {
        match frame {
            Frame::Message(message) => {
                self.message(now, &message);
                self.came_back(now, &message, outbox);
            }
            Frame::Event(event) => self.event(now, &event, outbox),
            Frame::Error(refused) => {
                self.was_refused(now, &refused, outbox);
                let Refused { code, message, .. } = refused;
                self.tell(now, Notice::Refused(clean(&format!("{code} {message}"))));
            }
            Frame::Unknown(unknown) => self.tell(now, Notice::Unreadable(clean(&unknown.why))),
        }
    }

    fn message(&mut self, now: Timestamp, message: &Message) {
        self.rate.count(now);
        let said = Said::new(message, self.people.meet(&message.sender));
        self.feed.push(message.send_time.unwrap_or(now), Body::Message(said), self.reading.looking_at());
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

    /// Moves over messages.
    pub fn go(&mut self, motion: Motion) {
        let (width, height) = self.size;
        let lines = |row: &Row| lines_of(row, width);
        self.reading.go(motion, &mut self.feed, Window { height, lines: &lines });
    }

    pub(super) fn select_next_standing(&mut self) {
        let (width, height) = self.size;
        let lines = |row: &Row| lines_of(row, width);
        self.reading.select_next_standing(&self.feed, Window { height, lines: &lines });
    }

    /// Counts the rate anew.
    pub fn rate_due(&mut self, now: Timestamp, outbox: &mut Outbox) {
        self.rate_timer = false;
        self.rate.forget(now);
        self.count_later(outbox);
    }

    fn count_later(&mut self, outbox: &mut Outbox) {
        if !self.rate_timer && !self.rate.is_quiet() {
            self.rate_timer = true;
            outbox.after(RATE, Timer::Rate(self.arn.clone()));
        }
    }

    /// The pane has this many columns and lines now.
    pub fn resize(&mut self, width: usize, height: usize) {
        if self.size != (width, height) {
            self.size = (width, height);
            let lines = |row: &Row| lines_of(row, width);
            self.reading.resize(&self.feed, Window { height, lines: &lines });
        }
    }

    /// The selected message.
    pub fn selected(&self) -> Option<&Said> {
        self.feed.row(self.reading.selected()?)?.message()
    }
}
