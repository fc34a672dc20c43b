//! The connection of a room that is watched: asks for tokens, opens and closes it, and tells in the feed what was missed.

use jiff::Timestamp;
use secrecy::SecretString;

use crate::api::Error;
use crate::api::ops::ChatToken;
use crate::app::msg::{LinkId, Msg, Timer};
use crate::app::outbox::{Job, Outbox};
use crate::app::text::{Clean, clean};
use crate::app::trouble::Trouble;
use crate::messaging::{Ended, Report};

use super::identity::Identity;
use super::link::{Connection, Link, Next};
use super::live::Room;
use super::row::{Body, Notice};

impl Room {
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
}
