//! What is due when a timer that somebody asked for runs out.

use std::time::Duration;

use crate::app::msg::{Ticket, Timer};
use crate::app::outbox::Outbox;
use crate::app::screen::Focus;

use super::App;
use super::asking::SLOW;

impl App {
    pub(super) fn due(&mut self, timer: Timer, outbox: &mut Outbox) {
        match timer {
            Timer::Rest(ticket) => self.rested(ticket, outbox),
            Timer::Hydrate(ticket) => self.hydration.rested(ticket, &mut self.details, outbox),
            // What may leave leaves after each update.
            Timer::Queue => self.queue.woken(),
            Timer::Purge => self.purge_due(outbox),
            Timer::Follow(arn) => self.follow_due(&arn, outbox),
            Timer::Minute => {
                self.look_after_credentials(outbox);
                self.next_minute(outbox);
            }
            Timer::Replay(ticket) => self.replay_due(ticket, outbox),
            // What is shown is reckoned from the time when it is drawn, which is now.
            Timer::TokenExpires(_) => {}
            Timer::WatchEnds => self.end_watches(),
            Timer::Slow(list, ticket) => self.is_slow(list, ticket),
            Timer::Rate(arn) => {
                let now = self.now;
                if let Some(room) = self.live.get_mut(&arn) {
                    room.rate_due(now, outbox);
                }
            }
            Timer::Reconnect(id) => {
                if let Some(room) = self.live.get_mut(&id.room) {
                    room.reconnect_due(&id, outbox);
                }
            }
            Timer::Renew(id) => {
                if let Some(room) = self.live.get_mut(&id.room) {
                    room.renewal_due(&id, outbox);
                }
            }
            Timer::Overlap(id) => {
                let now = self.now;
                if let Some(room) = self.live.get_mut(&id.room) {
                    room.overlap_due(now, &id, outbox);
                }
            }
            Timer::Unseen(arn, request_id) => {
                if let Some(room) = self.live.get_mut(&arn) {
                    room.unseen_due(&request_id, outbox);
                }
            }
            Timer::Gone(arn, user) => {
                let now = self.now;
                if let Some(room) = self.live.get_mut(&arn) {
                    room.gone_due(now, &user, outbox);
                }
            }
            Timer::Echo(arn, message) => {
                if let Some(room) = self.live.get_mut(&arn) {
                    room.echo_due(&message, outbox);
                }
            }
        }
    }

    pub(super) fn is_slow(&mut self, list: Focus, ticket: Ticket) {
        let since = self.now - SLOW;
        match list {
            Focus::Rooms => {
                self.rooms.is_slow(ticket, since);
                if let Some(query) = &mut self.query {
                    query.all.is_slow(ticket, since);
                }
            }
            Focus::Logging => self.logging.is_slow(ticket, since),
            Focus::Tags => self.tags.is_slow(ticket, since),
            Focus::Main => {}
        }
    }

    pub(super) fn next_minute(&self, outbox: &mut Outbox) {
        let past = u64::try_from(self.now.as_second().rem_euclid(60)).unwrap_or_default();
        outbox.after(Duration::from_secs(60 - past), Timer::Minute);
    }

    /// The cursor has rested on a row.
    pub(super) fn rested(&mut self, ticket: Ticket, outbox: &mut Outbox) {
        if let Some(arn) = self.subject().filter(|_| ticket == self.rest) {
            self.details.want(&arn, false, outbox);
            self.list_tags(&arn, outbox);
        }
    }
}
