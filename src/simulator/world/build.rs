//! Makes the account that a setup describes.

use std::collections::BTreeMap;
use std::sync::Arc;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::simulator::script::{Contents, Generated, LoggingStart, RoomEntry, Talk};

use super::id::{Home, Id};
use super::logging::{Logging, State};
use super::people::{Pace, People, Seeds};
use super::room::{Fallback, Handler, Room};
use super::setup::{Setup, Troubles};
use super::{Echoes, World, agenda, collection, connection, latest, order, policy, quota, token};

impl World {
    /// A pretend account as `setup` describes it, `now` being when its clock starts.
    pub fn new(setup: Setup, now: Timestamp) -> Self {
        let mut world = Self {
            home: Home { region: setup.region, account: setup.account },
            clock: now,
            rng: Rng::with_seed(setup.seed),
            rates: quota::Rates::new(setup.quotas),
            script: setup.script,
            rooms: collection::Collection::default(),
            logging: collection::Collection::default(),
            others: BTreeMap::new(),
            tokens: token::Tokens::default(),
            connections: connection::Connections::default(),
            policy: policy::Policy::default(),
            agenda: agenda::Agenda::default(),
            deliveries: Vec::new(),
            session: setup.session,
            echoes: Echoes::Published,
            latest: latest::Latest::default(),
            orders: order::Orders::new(setup.seed),
        };
        let contents = Arc::clone(&world.script.contents);
        let seeds = Seeds::new(setup.seed, now);
        let logging = world.make_logging(&contents);
        let busiest = busiest(&contents.rooms);
        for (place, entry) in contents.rooms.iter().enumerate().take(setup.rooms.unwrap_or(usize::MAX)) {
            let pace = setup.rate.filter(|_| Some(place) == busiest).map_or(Pace::Script, Pace::PerSecond);
            world.make_room(entry, &contents, &logging, (pace, setup.troubles), seeds);
        }
        for _ in contents.rooms.len()..setup.rooms.unwrap_or(0) {
            world.make_up_room(&contents.generated, setup.troubles, seeds);
        }
        for entry in &contents.others {
            let id = Id::random(&mut world.rng);
            let Home { region, account } = &world.home;
            let arn = format!("arn:aws:ivs:{region}:{account}:{}/{id}", entry.kind);
            world.others.insert(arn, entry.tags.clone());
        }
        // Resources are the same at each start; events, operations and tokens of a new start have names of their own.
        world.rng = Rng::with_seed(seeds.ids);
        world
    }

    fn make_logging(&mut self, contents: &Contents) -> Vec<Id> {
        let mut ids = Vec::new();
        for entry in &contents.logging {
            let id = Id::random(&mut self.rng);
            let state = match entry.state {
                LoggingStart::Active => State::Active,
                LoggingStart::CreateFailed => State::CreateFailed,
                LoggingStart::UpdateFailed => State::UpdateFailed,
                LoggingStart::DeleteFailed => State::DeleteFailed,
            };
            let times = (self.clock - entry.ages.created, self.clock - entry.ages.updated);
            let logging = Logging { destination: entry.destination.clone(), state };
            self.logging.insert(id, entry.name.clone(), times, entry.tags.clone(), logging);
            ids.push(id);
        }
        ids
    }

    fn make_room(
        &mut self,
        entry: &RoomEntry,
        contents: &Contents,
        logging: &[Id],
        mood: (Pace, Troubles),
        seeds: Seeds,
    ) {
        let fallback = if entry.fallback_deny { Fallback::Deny } else { Fallback::Allow };
        let handler = entry.handler.map(|place| &contents.handlers[place]);
        let handler = handler.map(|handler| Handler { uri: self.home.function(&handler.name), fallback });
        let times = (self.clock - entry.ages.created, self.clock - entry.ages.updated);
        let id = Id::random(&mut self.rng);
        let room = Room {
            rate: self.rates.room(entry.rate),
            length: entry.length,
            handler,
            logging: entry.logging.iter().map(|place| logging[*place]).collect(),
            people: entry.talk.as_ref().map(|talk| people(talk, mood, seeds, id)),
            talk: None,
        };
        self.rooms.insert(id, entry.name.clone(), times, entry.tags.clone(), room);
    }

    fn make_up_room(&mut self, generated: &Generated, troubles: Troubles, seeds: Seeds) {
        let id = Id::random(&mut self.rng);
        let mut word = |list: &[String]| self.rng.choice(list).cloned().unwrap_or_default();
        let (first, second) = (word(&generated.first), word(&generated.second));
        let tags = generated.tags.iter().map(|(key, values)| (key.clone(), word(values))).collect();
        let name = format!("{first}-{second}-{:03}", self.rng.u16(..1000));
        let created = SignedDuration::from_mins(self.rng.i64(60 * 24..60 * 24 * 400));
        // Behind the script's rooms, which are the ones to look at first.
        let updated = SignedDuration::from_mins(self.rng.i64(60 * 24..=created.as_mins()));
        let room = Room {
            rate: self.rates.room(10 * self.rng.u32(1..=10)),
            length: 100 * self.rng.u32(1..=5),
            handler: None,
            logging: Vec::new(),
            people: generated.talk.as_ref().map(|talk| people(talk, (Pace::Script, troubles), seeds, id)),
            talk: None,
        };
        self.rooms.insert(id, name, (self.clock - created, self.clock - updated), tags, room);
    }
}

fn people(talk: &Arc<Talk>, (pace, troubles): (Pace, Troubles), seeds: Seeds, room: Id) -> People {
    People::new(Arc::clone(talk), pace, seeds.of(room), troubles)
}

/// The place of the room whose people talk most.
fn busiest(rooms: &[RoomEntry]) -> Option<usize> {
    let gaps = rooms.iter().enumerate().filter_map(|(place, room)| Some((place, room.talk.as_ref()?.every.mean())));
    gaps.min_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(place, _)| place)
}
