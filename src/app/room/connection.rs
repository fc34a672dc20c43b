//! The connection of a room that is watched: asks for tokens, opens, renews and closes it, and tells in the feed what was
//! missed.

use std::sync::Arc;

use jiff::Timestamp;

use crate::api::Error;
use crate::api::ops::ChatToken;
use crate::app::msg::{LinkId, Msg, Timer};
use crate::app::outbox::{Job, Outbox};
use crate::app::text::clean;
use crate::messaging::{Ended, Frame, Report};

use super::identity::Identity;
use super::link::{Link, Next, Renewal, Session, Step};
use super::live::{Room, Settings};
use super::outage;
use super::row::Notice;

/// Minutes of a session that does not say how long it lasts: the service's own choice.
const SESSION_MINUTES: u32 = 60;

/// The code of an ERROR frame that says that the session is not valid any more.
const UNAUTHORISED: u16 = 401;

impl Room {
    /// Starts to watch, or starts again.
    pub fn connect(&mut self, outbox: &mut Outbox) {
        self.close_links(outbox);
        self.connection.serial = self.connection.count();
        self.connection.link = Link::Asking;
        self.connection.thrown_out = None;
        self.outage_goes_on();
        self.ask_for_token(self.link_id(), outbox);
    }

    pub(super) fn ask_for_token(&self, id: LinkId, outbox: &mut Outbox) {
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
        self.cut_short("the room was joined as somebody else", outbox);
        self.identity = identity;
        self.connection.forget_failures();
        // What was said while nobody was connected is missing, but only if somebody was before.
        if self.connection.joined && self.connection.outage.is_none() {
            let why = clean(&format!("from here on as {}", self.identity.words()));
            self.outage(now, Notice::Gap { from: now, until: None, why });
        }
        self.connect(outbox);
    }

    /// The console's own user may do more from now on, or less. More takes a connection anew, for which a token has the right;
    /// less does not, as nothing is said over it that the console does not say.
    pub fn restrict(&mut self, settings: Arc<Settings>, locked: bool, now: Timestamp, outbox: &mut Outbox) {
        let is_own = !self.is_joined_as_another();
        self.settings = settings;
        if is_own && !locked && self.is_watched() {
            self.join_as(self.own_identity(), now, outbox);
        } else if is_own {
            self.identity = self.own_identity();
        } else if locked {
            self.identity.capabilities.clear();
        }
    }

    /// Stops watching. What was said stays.
    pub fn disconnect(&mut self, now: Timestamp, outbox: &mut Outbox) {
        self.close_links(outbox);
        self.cut_short("the room is not watched any more", outbox);
        // Whoever watches it again has not said that rules may delete.
        self.arm(false);
        // Whoever comes back comes as themselves.
        self.identity = self.own_identity();
        self.connection.serial = self.connection.count();
        self.connection.link = Link::Off;
        self.connection.given_up = false;
        self.connection.forget_failures();
        self.outage_ends(now, outbox);
        self.connection.joined = false;
        let why = clean("not watched any more");
        self.record_gap(now, None, why.as_str(), outbox);
        self.tell(now, Notice::Stopped(why));
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

    /// The connection that counts: what is said goes over it.
    pub(super) fn link_id(&self) -> LinkId {
        self.numbered(self.connection.serial)
    }

    pub(super) fn numbered(&self, serial: u64) -> LinkId {
        LinkId { room: self.arn.clone(), serial }
    }

    /// Closes whatever is open or being made.
    fn close_links(&mut self, outbox: &mut Outbox) {
        let first = match self.connection.link {
            Link::Connecting(_) | Link::Live { .. } => Some(self.connection.serial),
            Link::Off | Link::Asking | Link::Waiting(_) | Link::Stopped => None,
        };
        let old = self.connection.old.take().map(|old| old.serial);
        for serial in first.into_iter().chain(self.connection.second.take()).chain(old) {
            outbox.push(Job::Disconnect(self.numbered(serial)));
        }
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
        let first = id.serial == self.connection.serial && self.connection.link == Link::Asking;
        let second = self.connection.second == Some(id.serial);
        match token {
            _ if !first && !second => {}
            Ok(ChatToken { token, session_expiration_time, .. }) => {
                let session = Session::new(now, session_expiration_time, self.session_minutes(), dice);
                if first {
                    self.connection.link = Link::Connecting(session);
                } else {
                    self.connection.renewing(Step::Connecting(session));
                }
                outbox.push(Job::Connect(id.clone(), token));
            }
            Err(error) if first => {
                let next = self.connection.without_token(now, outage::is_for_good(&error), dice);
                self.lost(now, &outage::without_token(&error), next, outbox);
            }
            Err(error) => self.renewal_failed(now, &outage::without_token(&error), dice, outbox),
        }
    }

    fn session_minutes(&self) -> u32 {
        self.identity.session_minutes.unwrap_or(SESSION_MINUTES)
    }

    /// The time to connect again has come.
    pub fn reconnect_due(&mut self, id: &LinkId, outbox: &mut Outbox) {
        if id.serial == self.connection.serial && matches!(self.connection.link, Link::Waiting(_)) {
            self.connect(outbox);
        }
    }

    /// The connection says something.
    pub fn report(&mut self, now: Timestamp, id: &LinkId, report: Report, outbox: &mut Outbox) {
        let first = id.serial == self.connection.serial;
        let old = self.connection.old.is_some_and(|old| old.serial == id.serial);
        match report {
            Report::Opened if first => {
                self.opened(now, outbox);
                self.send_waiting(outbox);
            }
            Report::Opened if self.connection.second == Some(id.serial) => self.take_over(now, id, outbox),
            Report::Frames(frames) if first || old => {
                for frame in frames {
                    self.take_once(now, id, frame, outbox);
                }
                self.count_later(outbox);
            }
            Report::Opened | Report::Frames(_) => {}
        }
    }

    /// What comes over two connections is taken from the one that is faster.
    fn take_once(&mut self, now: Timestamp, id: &LinkId, frame: Frame, outbox: &mut Outbox) {
        let two = self.connection.old.is_some();
        let new = self.connection.seen.is_new(&frame, id.serial, two);
        if let Some(old) = &mut self.connection.old {
            old.heard = true;
            old.met |= !new;
        }
        match frame {
            frame if new => {
                if let Frame::Error(refused) = &frame {
                    self.connection.invalid |= refused.code == UNAUTHORISED && refused.request_id.is_none();
                }
                self.take(now, frame, outbox);
            }
            // Only the connection that a message of ours went out by may bring it with its request's id.
            Frame::Message(message) => self.came_back(now, &message, outbox),
            Frame::Event(_) | Frame::Error(_) | Frame::Unknown(_) => {}
        }
    }

    fn opened(&mut self, now: Timestamp, outbox: &mut Outbox) {
        let session = match self.connection.link {
            Link::Connecting(session) => session,
            Link::Off | Link::Asking | Link::Live { .. } | Link::Waiting(_) | Link::Stopped => {
                Session::new(now, None, self.session_minutes(), 0.0)
            }
        };
        self.connection.opened(now, session);
        self.renew_later(now, session, outbox);
        if std::mem::take(&mut self.connection.given_up) {
            outbox.good(format!("{}: live again", self.title.as_str()));
        }
        let told = self.outage_ends(now, outbox);
        // A first connection may come after attempts that failed: it has a gap before it and is still the first.
        if !std::mem::replace(&mut self.connection.joined, true) || !told {
            self.tell(now, Notice::Joined);
        }
    }

    /// A connection is over.
    pub fn ended(&mut self, now: Timestamp, id: &LinkId, why: &Ended, dice: f64, outbox: &mut Outbox) {
        if self.connection.second == Some(id.serial) {
            let why = outage::ended(why, &self.connection, now);
            self.renewal_failed(now, &why, dice, outbox);
        } else if self.connection.old.is_some_and(|old| old.serial == id.serial) {
            self.old_ended(now, why, outbox);
        } else if id.serial == self.connection.serial {
            let words = outage::ended(why, &self.connection, now);
            let step = match self.connection.renewal() {
                Some(Renewal::UnderWay { step, .. }) => Some(*step),
                Some(Renewal::NotDue) | None => None,
            };
            let next = self.connection.ended(now, why, dice);
            self.lost_with(outage::last_sign(now, why), &words, (next, step), outbox);
        }
    }

    fn lost(&mut self, now: Timestamp, why: &str, next: Next, outbox: &mut Outbox) {
        self.lost_with(now, why, (next, None), outbox);
    }

    /// Draws the loss into the feed, once for each outage, and comes back if it should. A second connection that is
    /// being made takes the place of the one that is lost.
    fn lost_with(&mut self, since: Timestamp, why: &str, (next, step): (Next, Option<Step>), outbox: &mut Outbox) {
        let why = clean(why);
        self.cut_short(why.as_str(), outbox);
        if let Some(old) = self.connection.old.take() {
            outbox.push(Job::Disconnect(self.numbered(old.serial)));
        }
        match next {
            Next::Again(wait) => {
                self.outage(since, Notice::Gap { from: since, until: None, why });
                if !self.connection.adopt(step) {
                    outbox.after(wait, Timer::Reconnect(self.link_id()));
                }
            }
            Next::Stay => {
                self.drop_second(outbox);
                self.connection.given_up = true;
                outbox.bad(format!("{}: {}", self.title.as_str(), why.as_str()));
                self.outage(since, Notice::Stopped(why));
            }
        }
    }

    /// Our own user was disconnected, with this reason: the close that follows is meant, and so it is for a connection
    /// that is being made.
    pub(super) fn we_are_thrown_out(&mut self, reason: &str, outbox: &mut Outbox) {
        self.connection.thrown_out = Some(clean(reason));
        self.drop_second(outbox);
    }
}

#[cfg(test)]
mod tests;
