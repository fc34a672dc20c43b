//! Disconnecting a user: asked for, taken by the service, announced to the room, or not.

use std::time::Duration;

use jiff::Timestamp;

use crate::api::{Arn, Error};
use crate::app::deed::Deed;
use crate::app::msg::Timer;
use crate::app::outbox::Outbox;
use crate::app::queue::{Act, Aim, Origin, Why};
use crate::app::text::clean;
use crate::app::trouble::Trouble;

use super::deletion::{ECHO, Echo, elapsed};
use super::link::Link;
use super::live::Room;
use super::row::{Actor, Notice, Row, span};

/// Clocks are no better.
const SOON: Duration = Duration::from_secs(1);

/// A user whom this console has asked to be disconnected.
#[derive(Debug)]
pub(super) struct Leaver {
    user_id: String,
    /// When the key was pressed.
    asked: Timestamp,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// On its way to the service.
    Pending,
    /// The room was told, after this time, before the service's answer came.
    Announced(Duration),
    /// The service took it, at this time; the room has not been told yet.
    Sent(Timestamp),
    /// The answer was lost, at this time: if it was carried out, the room is told soon.
    Doubtful(Timestamp),
}

impl Stage {
    /// Whether nothing will come of it any more at `now`.
    fn is_over(self, now: Timestamp) -> bool {
        match self {
            Self::Pending | Self::Announced(_) => false,
            // A timer that comes a little early is none of an earlier disconnection of the same user.
            Self::Sent(since) | Self::Doubtful(since) => elapsed(since, now) + SOON >= ECHO,
        }
    }
}

impl Room {
    /// Disconnects a user, whether or not they are still connected. `origin` says who waits for what comes of it.
    pub fn disconnect_user(&mut self, user_id: &str, why: &Why, origin: Origin, now: Timestamp, outbox: &mut Outbox) {
        let room = self.arn.clone();
        outbox.act(disconnection(room, user_id, why, origin, now));
    }

    /// An act leaves for the service now; false if there is no need for it any more.
    pub fn leaves(&mut self, act: &Act) -> bool {
        match &act.aim {
            Aim::Message(id) => self.deletion_leaves(id),
            Aim::User(user_id) => {
                self.disconnecting(user_id, act.asked);
                true
            }
        }
    }

    /// An act was not sent, or has done nothing yet: it waits, or is given up.
    pub fn is_back(&mut self, act: &Act, given_up: bool) {
        match &act.aim {
            Aim::Message(id) => self.deletion_is_back(id, given_up),
            Aim::User(user_id) => self.leavers.retain(|leaver| *leaver.user_id != **user_id),
        }
    }

    /// The service took or refused an act.
    pub fn acted(&mut self, now: Timestamp, act: &Act, answer: Result<(), &Error>, outbox: &mut Outbox) {
        match (&act.aim, answer) {
            (Aim::Message(id), answer) => self.deleted(id, answer, outbox),
            (Aim::User(user_id), Ok(())) => self.disconnection_taken(now, user_id, outbox),
            (Aim::User(user_id), Err(error)) => self.disconnection_failed(now, user_id, error, outbox),
        }
    }

    /// What the room was told of our acts since this was last asked.
    pub fn take_echoes(&mut self) -> Vec<(Aim, Echo)> {
        std::mem::take(&mut self.echoes)
    }

    /// This user is being disconnected.
    fn disconnecting(&mut self, user_id: &str, now: Timestamp) {
        self.leavers.retain(|leaver| leaver.user_id != user_id);
        self.leavers.push(Leaver { user_id: user_id.to_owned(), asked: now, stage: Stage::Pending });
    }

    /// The service took it. What it comes to is what the room is told.
    fn disconnection_taken(&mut self, now: Timestamp, user_id: &str, outbox: &mut Outbox) {
        let who = self.label_of(user_id);
        let live = self.is_live();
        let Some(at) = self.leavers.iter().position(|leaver| leaver.user_id == user_id) else { return };
        match self.leavers[at].stage {
            Stage::Announced(after) => self.confirm_leaver(at, after, outbox),
            Stage::Pending | Stage::Sent(_) | Stage::Doubtful(_) if live => {
                self.leavers[at].stage = Stage::Sent(now);
                outbox.good(format!("{who}: the service took the disconnection; the room is not told yet"));
                outbox.after(ECHO, Timer::Gone(self.arn.clone(), user_id.into()));
            }
            // Nobody listens, so nothing will come: the service's word is all there is.
            Stage::Pending | Stage::Sent(_) | Stage::Doubtful(_) => {
                self.leavers.remove(at);
                outbox.good(format!("disconnected {who} from {}", self.title.as_str()));
            }
        }
    }

    fn confirm_leaver(&mut self, at: usize, after: Duration, outbox: &mut Outbox) {
        let leaver = self.leavers.remove(at);
        outbox.good(confirmed(&self.label_of(&leaver.user_id), after));
        self.echoes.push((Aim::User(leaver.user_id.into()), Echo::Came(after)));
    }

    /// It was refused, or nobody knows whether it was carried out: then the room may still be told, but not for long, as
    /// whoever does it later is not us.
    fn disconnection_failed(&mut self, now: Timestamp, user_id: &str, error: &Error, outbox: &mut Outbox) {
        let at = self.leavers.iter().position(|leaver| leaver.user_id == user_id);
        let doubt = error.kind.may_have_been_done();
        match at.map(|at| (at, self.leavers[at].stage)) {
            // The room has said what the answer could not.
            Some((at, Stage::Announced(after))) if doubt => return self.confirm_leaver(at, after, outbox),
            Some((at, Stage::Pending | Stage::Sent(_) | Stage::Doubtful(_))) if doubt => {
                self.leavers[at].stage = Stage::Doubtful(now);
                outbox.after(ECHO, Timer::Gone(self.arn.clone(), user_id.into()));
            }
            Some((at, _)) => drop(self.leavers.remove(at)),
            None => {}
        }
        let (who, why) = (self.label_of(user_id), Trouble::new(error).brief());
        outbox.bad(if doubt {
            format!("nobody knows if disconnected: {who}: {why}")
        } else {
            format!("not disconnected: {who}: {why}")
        });
    }

    /// The event of a disconnection should be back by now.
    pub fn gone_due(&mut self, now: Timestamp, user_id: &str, outbox: &mut Outbox) {
        let over = |leaver: &Leaver| leaver.user_id == user_id && leaver.stage.is_over(now);
        let Some(at) = self.leavers.iter().position(over) else { return };
        let leaver = self.leavers.remove(at);
        if matches!(leaver.stage, Stage::Sent(_)) {
            let who = self.label_of(user_id);
            let untold = self.untold(leaver.asked);
            outbox.bad(format!("{who}: the service took the disconnection, {untold}"));
            self.echoes.push((Aim::User(user_id.into()), Echo::Missing));
        }
    }

    /// Why an event did not come that should have by now. Whoever did not listen all the time can't say that it was not sent.
    pub(super) fn untold(&self, asked: Timestamp) -> String {
        match self.link() {
            Link::Live { since, .. } if *since <= asked => {
                format!("but the room was not told within {} s", ECHO.as_secs())
            }
            Link::Off | Link::Asking | Link::Connecting(_) | Link::Live { .. } | Link::Waiting(_) | Link::Stopped => {
                "but the link was down: nobody knows if the room was told".to_owned()
            }
        }
    }

    /// The room is told that a user was disconnected, whoever asked for it.
    pub(super) fn disconnection_announced(
        &mut self,
        (time, now): (Timestamp, Timestamp),
        user_id: &str,
        reason: Option<&str>,
        outbox: &mut Outbox,
    ) {
        if user_id == self.identity().user_id {
            self.we_are_thrown_out(reason.unwrap_or_default(), outbox);
        }
        let who = self.label_of(user_id);
        let by = match self.leavers.iter().position(|leaver| leaver.user_id == user_id) {
            Some(at) => {
                let after = elapsed(self.leavers[at].asked, now);
                match self.leavers[at].stage {
                    Stage::Pending => {
                        self.leavers[at].stage = Stage::Announced(after);
                        outbox.good(confirmed(&who, after));
                    }
                    Stage::Announced(_) | Stage::Sent(_) | Stage::Doubtful(_) => self.confirm_leaver(at, after, outbox),
                }
                Actor::Us(after)
            }
            None => Actor::SomebodyElse,
        };
        let reason = clean(reason.unwrap_or_default());
        self.people.disconnected(user_id, time, by, &reason);
        self.tell(time, Notice::Disconnected { who: clean(&who), reason, by });
    }

    /// Messages of a user that are here.
    pub fn messages_of(&self, user_id: &str) -> usize {
        let by = |row: &&Row| row.message().is_some_and(|said| *said.by.user_id == *user_id);
        self.feed.from(0).filter(by).count()
    }

    /// Name and short id of a user, or the id of one never seen here; safe to show.
    fn label_of(&self, user_id: &str) -> String {
        let seen = self.people.find(user_id).map(|person| person.label());
        seen.unwrap_or_else(|| clean(user_id).as_str().to_owned())
    }
}

/// The disconnection of a user from a room that need not be watched.
pub fn disconnection(room: Arn, user_id: &str, why: &Why, origin: Origin, now: Timestamp) -> Act {
    let deed = Deed {
        target: Some(room.clone()),
        user: Some(user_id.to_owned()),
        reason: why.reason.clone(),
        note: why.note.clone(),
        rule: why.rule.clone(),
        text: None,
    };
    Act { room, aim: Aim::User(user_id.into()), deed, origin, asked: now }
}

fn confirmed(who: &str, after: Duration) -> String {
    format!("disconnected {who}, confirmed: {}", span(after.as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::api::ErrorKind;
    use crate::app::outbox::Job;
    use crate::app::room::live::Settings;
    use crate::app::room::row::Body;
    use crate::messaging::frame::Event;
    use crate::messaging::{Frame, Report};

    const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(millisecond).unwrap()
    }

    /// A live room in which `u-1` is being disconnected since 0.
    fn room() -> Room {
        let settings = Settings { user_id: "console".into(), scrollback: 100, ..Settings::default() };
        let mut room = Room::new(ROOM.parse().unwrap(), clean("lobby"), Arc::new(settings));
        let mut outbox = Outbox::default();
        room.connect(&mut outbox);
        let id = room.link_id();
        room.report(at(0), &id, Report::Opened, &mut outbox);
        room.disconnecting("u-1", at(0));
        room
    }

    fn announce(room: &mut Room, now: Timestamp, outbox: &mut Outbox) -> String {
        let id = room.link_id();
        let frame = Frame::Event(Event::disconnect_user("e".into(), "u-1", Some("spam")));
        room.report(now, &id, Report::Frames(vec![frame]), outbox);
        match room.feed.back_from(u64::MAX - 1).next().map(|row| &row.body) {
            Some(Body::Notice(notice)) => notice.words(),
            other => panic!("{other:?}"),
        }
    }

    fn word(outbox: &Outbox) -> &str {
        outbox.word().map_or("", |word| &word.text)
    }

    #[test]
    fn an_event_that_never_comes_is_told_once_and_a_late_one_is_not_called_ours() {
        let (mut room, mut outbox) = (room(), Outbox::default());
        room.disconnection_taken(at(0), "u-1", &mut outbox);
        assert!(word(&outbox).contains("not told yet"), "{}", word(&outbox));
        room.gone_due(at(5_000), "u-1", &mut outbox);
        assert!(word(&outbox).contains("the room was not told within 5 s"), "{}", word(&outbox));
        let jobs = outbox.into_jobs();
        assert!(matches!(&jobs[..], [Job::After(_, Timer::Gone(_, user))] if &**user == "u-1"), "{jobs:?}");
        let mut outbox = Outbox::default();
        room.gone_due(at(5_000), "u-1", &mut outbox);
        assert_eq!(word(&outbox), "");
        assert_eq!(announce(&mut room, at(60_000), &mut outbox), "u-1 was disconnected: spam");
    }

    #[test]
    fn event_and_answer_may_come_in_either_order() {
        for event_first in [true, false] {
            let (mut room, mut outbox) = (room(), Outbox::default());
            if !event_first {
                room.disconnection_taken(at(0), "u-1", &mut outbox);
            }
            assert_eq!(announce(&mut room, at(400), &mut outbox), "u-1 was disconnected (you, 0.4 s): spam");
            if event_first {
                room.disconnection_taken(at(0), "u-1", &mut outbox);
            }
            assert_eq!(word(&outbox), "disconnected u-1, confirmed: 0.4 s");
            let mut later = Outbox::default();
            room.gone_due(at(5_000), "u-1", &mut later);
            assert_eq!(word(&later), "", "what was confirmed is not missed");
        }
    }

    #[test]
    fn a_refused_disconnection_is_not_ours_when_another_one_comes() {
        let (mut room, mut outbox) = (room(), Outbox::default());
        room.disconnection_failed(at(0), "u-1", &error(ErrorKind::Unwritten("no disk".into())), &mut outbox);
        assert_eq!(announce(&mut room, at(400), &mut outbox), "u-1 was disconnected: spam");
    }

    fn error(kind: ErrorKind) -> Error {
        Error { operation: "DisconnectUser", request_id: None, attempts: 1, kind }
    }

    fn timed_out() -> Error {
        error(ErrorKind::TimedOut(Duration::from_secs(15)))
    }

    #[test]
    fn what_the_room_was_told_of_outweighs_an_answer_that_is_lost() {
        let (mut room, mut outbox) = (room(), Outbox::default());
        announce(&mut room, at(400), &mut outbox);
        room.disconnection_failed(at(15_000), "u-1", &timed_out(), &mut outbox);
        assert_eq!(word(&outbox), "disconnected u-1, confirmed: 0.4 s");
        assert_eq!(room.take_echoes(), [(Aim::User("u-1".into()), Echo::Came(Duration::from_millis(400)))]);
    }

    #[test]
    fn a_doubtful_disconnection_is_ours_for_a_while_and_then_anybody_s() {
        for (later, line) in
            [(1_000, "u-1 was disconnected (you, 1.0 s): spam"), (60_000, "u-1 was disconnected: spam")]
        {
            let (mut room, mut outbox) = (room(), Outbox::default());
            room.disconnection_failed(at(500), "u-1", &timed_out(), &mut outbox);
            if later > 5_000 {
                room.gone_due(at(5_500), "u-1", &mut outbox);
            }
            assert!(word(&outbox).starts_with("nobody knows"), "{}", word(&outbox));
            assert_eq!(announce(&mut room, at(later), &mut outbox), line);
            assert!(room.leavers.is_empty());
        }
    }

    #[test]
    fn the_timer_of_an_earlier_disconnection_says_nothing_of_the_next() {
        let (mut room, mut outbox) = (room(), Outbox::default());
        room.disconnection_taken(at(0), "u-1", &mut outbox);
        announce(&mut room, at(400), &mut outbox);
        room.disconnecting("u-1", at(4_800));
        room.disconnection_taken(at(4_900), "u-1", &mut outbox);
        room.gone_due(at(5_000), "u-1", &mut outbox);
        assert!(word(&outbox).contains("not told yet"), "{}", word(&outbox));
        assert_eq!(announce(&mut room, at(5_200), &mut outbox), "u-1 was disconnected (you, 0.4 s): spam");
    }
}
