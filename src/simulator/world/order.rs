//! What is asked of a world besides the service's own calls: a raid, a flood, a moderator elsewhere, the end of all
//! sessions.

use std::collections::BTreeMap;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::messaging::frame::{Attributes, Sender};

use super::agenda::{Due, Place};
use super::id::{Id, Kind};
use super::variant::{self, Variant};
use super::{Delivery, World, frames, moderation};

/// What raiders call themselves: one of these,
const FIRST: [&str; 8] = ["coin", "lucky", "moon", "claim", "vip", "bonus", "prize", "drop"];
/// one of these and a number.
const SECOND: [&str; 6] = ["king", "4u", "_anna", "real", "bot", "xX"];

/// Users whom nobody has seen before write nearly the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Raid {
    /// How many; each writes once.
    pub users: u32,
    /// What they write.
    pub text: String,
    /// The ways in which each may write it; as it is if there are none.
    pub variants: Vec<Variant>,
    /// Within how long all have written; evenly spread.
    pub within: SignedDuration,
}

/// One user writes much.
#[derive(Debug, Clone, PartialEq)]
pub struct Flood {
    /// The user's id, which is the name, too.
    pub user: String,
    /// How many messages.
    pub messages: u32,
    /// What is written, with a number behind it so that no two are the same.
    pub text: String,
    /// Within how long; evenly spread.
    pub within: SignedDuration,
}

/// Why something that was asked for can't be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPossible {
    /// No such room.
    #[error("there is no room {0:?}; name it by its name, its id or its ARN")]
    NoRoom(String),
    /// No room was named, and there is not just one that could be meant.
    #[error("somebody listens in {0} rooms, so name the room that is meant, as \"room\"")]
    WhichRoom(usize),
    /// There is nothing to act on.
    #[error("nothing that was said in the room still stands, so name the message or the user")]
    NothingSaid,
}

/// What is going to be said because somebody asked for it.
#[derive(Debug)]
pub(super) struct Orders {
    rng: Rng,
    planned: BTreeMap<u64, Planned>,
    counted: u64,
}

#[derive(Debug)]
struct Planned {
    room: Id,
    place: Place,
    sender: Sender,
    content: String,
}

impl Orders {
    /// Nothing yet.
    pub(super) fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(!seed), planned: BTreeMap::new(), counted: 0 }
    }
}

impl World {
    /// The ARN of the room that is meant by a name, an id or an ARN; by nothing, the one room where somebody listens.
    ///
    /// # Errors
    /// If there is no such room, or more than one.
    pub fn room_meant(&self, room: Option<&str>) -> Result<String, NotPossible> {
        let Some(named) = room else {
            let mut listening = self.connections.rooms().filter(|room| self.rooms.get(*room).is_some());
            return match (listening.next(), listening.count()) {
                (Some(room), 0) => Ok(self.home.arn(Kind::Room, room)),
                (first, more) => Err(NotPossible::WhichRoom(usize::from(first.is_some()) + more)),
            };
        };
        let by_id = || Id::parse(named).filter(|id| self.rooms.get(*id).is_some());
        let found = self.existing(Kind::Room, named).ok().or_else(by_id);
        let arn = found.map(|id| self.home.arn(Kind::Room, id)).or_else(|| self.room_arn(named));
        arn.ok_or_else(|| NotPossible::NoRoom(named.to_owned()))
    }

    /// Lets a raid begin, of new users each time. Their ids, in the order in which they write.
    ///
    /// # Errors
    /// If there is no such room.
    pub fn raid(&mut self, now: Timestamp, room: Option<&str>, raid: &Raid) -> Result<Vec<String>, NotPossible> {
        let room = self.begin(now, room)?;
        let mut users = Vec::new();
        for place in 0..raid.users {
            let rng = &mut self.orders.rng;
            let sender = raider(rng);
            let content = variant::among(&raid.variants, &raid.text, rng);
            users.push(sender.user_id.clone());
            self.plan(room, self.clock + share(raid.within, place, raid.users), sender, content);
        }
        self.advance(now);
        Ok(users)
    }

    /// Lets a flood begin. Whoever disconnects the user ends it.
    ///
    /// # Errors
    /// If there is no such room.
    pub fn flood(&mut self, now: Timestamp, room: Option<&str>, flood: &Flood) -> Result<(), NotPossible> {
        let room = self.begin(now, room)?;
        for place in 0..flood.messages {
            let attributes = Attributes::from([("displayName".to_owned(), flood.user.clone())]);
            let sender = Sender { user_id: flood.user.clone(), attributes };
            let content = format!("{} {}", flood.text, place + 1);
            self.plan(room, self.clock + share(flood.within, place, flood.messages), sender, content);
        }
        self.advance(now);
        Ok(())
    }

    /// Lets somebody elsewhere delete a message: if none is named, the last one that stands. Its id.
    ///
    /// # Errors
    /// If there is no such room, or nothing was said there.
    pub fn moderator_deletes(
        &mut self,
        now: Timestamp,
        room: Option<&str>,
        message: Option<&str>,
        reason: Option<&str>,
    ) -> Result<String, NotPossible> {
        let room = self.begin(now, room)?;
        let last = || self.latest.last(room).map(|said| said.message.as_str().to_owned());
        let message = message.map(ToOwned::to_owned).or_else(last).ok_or(NotPossible::NothingSaid)?;
        self.announce_deletion(room, &message, reason, None);
        Ok(message)
    }

    /// Lets somebody elsewhere disconnect a user: if none is named, who wrote last. The user's id.
    ///
    /// # Errors
    /// If there is no such room, or nothing was said there.
    pub fn moderator_disconnects(
        &mut self,
        now: Timestamp,
        room: Option<&str>,
        user: Option<&str>,
        reason: Option<&str>,
    ) -> Result<String, NotPossible> {
        let room = self.begin(now, room)?;
        let last = || self.latest.last(room).map(|said| said.user_id.clone());
        let user = user.map(ToOwned::to_owned).or_else(last).ok_or(NotPossible::NothingSaid)?;
        self.disconnect(room, &user, reason, None);
        Ok(user)
    }

    /// Ends all sessions as if their time were up. How many there were.
    pub fn end_sessions(&mut self, now: Timestamp) -> usize {
        self.advance(now);
        let all = self.connections.all();
        for connection in &all {
            self.end_session(*connection);
        }
        all.len()
    }

    /// Sets how long a session lasts at most if its token is made from now on; none for what the request says.
    pub fn limit_sessions(&mut self, most: Option<SignedDuration>) {
        self.session = most;
    }

    /// Closes a connection whose session is over.
    pub(super) fn end_session(&mut self, to: super::ConnectionId) {
        self.leave(to);
        let reason = "Session expired".to_owned();
        self.deliveries.push(Delivery::Close { to, code: moderation::CLOSE, reason });
    }

    /// Lets somebody say what was planned.
    pub(super) fn carry_out_order(&mut self, order: u64, at: Timestamp) {
        let Some(Planned { room, sender, content, .. }) = self.orders.planned.remove(&order) else { return };
        if self.rooms.get(room).is_some() {
            let id = Id::random(&mut self.orders.rng);
            self.latest.said(room, id, &sender.user_id);
            let frame = frames::message(id, None, sender, content, Attributes::new(), at);
            self.announce(room, &frame);
        }
    }

    /// Strikes out what a user was still going to say in a room.
    pub(super) fn silence(&mut self, room: Id, user_id: &str) {
        let hers = self.orders.planned.extract_if(.., |_, it| it.room == room && it.sender.user_id == user_id);
        for (_, planned) in hers {
            self.agenda.remove(planned.place);
        }
    }

    fn begin(&mut self, now: Timestamp, room: Option<&str>) -> Result<Id, NotPossible> {
        self.advance(now);
        let arn = self.room_meant(room)?;
        self.existing(Kind::Room, &arn).map_err(|_| NotPossible::NoRoom(arn))
    }

    fn plan(&mut self, room: Id, at: Timestamp, sender: Sender, content: String) {
        self.orders.counted += 1;
        let place = self.agenda.add(at, Due::Order(self.orders.counted));
        self.orders.planned.insert(self.orders.counted, Planned { room, place, sender, content });
    }
}

/// When the message in this place of so many is due.
fn share(within: SignedDuration, place: u32, of: u32) -> SignedDuration {
    within.mul_f64(f64::from(place) / f64::from(of.max(1)))
}

/// Somebody whom nobody has seen before.
fn raider(rng: &mut Rng) -> Sender {
    let (first, second) = (FIRST[rng.usize(..FIRST.len())], SECOND[rng.usize(..SECOND.len())]);
    let name = format!("{first}{second}{}", rng.u16(..1000));
    let user_id = format!("{}.{:08x}", name.to_lowercase(), rng.u32(..));
    Sender { user_id, attributes: Attributes::from([("displayName".to_owned(), name)]) }
}
