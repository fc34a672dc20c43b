//! Trouble in a room: raids, floods, and the moderators elsewhere who see to some of it.
//!
//! It has random numbers of its own, so that a room's people say the same with it and without.

use std::collections::VecDeque;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::simulator::script::{Burst, BurstKind, Moderator, Person, Talk};

use super::id::Id;
use super::people::{Doing, Saying};
use super::variant;

/// How many messages of a raid or a flood moderators still look back at.
const LOOK_BACK: usize = 200;

/// What goes wrong in one room, and who does something about it.
#[derive(Debug)]
pub(super) struct Trouble {
    rng: Rng,
    ids: Rng,
    /// By place in [`Talk::bursts`].
    bursts: Vec<Bursting>,
    /// By place in [`Talk::moderators`]: when each looks next; none before anybody has listened.
    looks: Vec<Option<Timestamp>>,
    /// What raiders and flooders wrote that nobody has dealt with, the latest last.
    open: VecDeque<(Id, String)>,
}

/// Where a raid or a flood stands.
#[derive(Debug, Default)]
struct Bursting {
    /// When the next one starts; none before anybody has listened.
    starts: Option<Timestamp>,
    /// What is still to be said in the one that is on: when, by whom, and what.
    parts: VecDeque<(Timestamp, Person, String)>,
}

impl Trouble {
    /// Trouble that has not begun.
    pub(super) fn new(talk: &Talk, rng: Rng, ids: Rng) -> Self {
        let bursts = talk.bursts.iter().map(|_| Bursting::default()).collect();
        Self { rng, ids, bursts, looks: vec![None; talk.moderators.len()], open: VecDeque::new() }
    }

    /// Somebody listens from `now` on: what is left of an old burst is forgotten.
    pub(super) fn listen(&mut self, now: Timestamp, talk: &Talk) {
        for (bursting, burst) in self.bursts.iter_mut().zip(&talk.bursts) {
            bursting.parts.retain(|(at, _, _)| *at >= now);
            let wait = if bursting.starts.is_none() { burst.first } else { burst.every }.draw(&mut self.rng);
            bursting.starts = Some(bursting.starts.filter(|starts| *starts >= now).unwrap_or(now + wait));
        }
        for (look, moderator) in self.looks.iter_mut().zip(&talk.moderators) {
            let wait = if look.is_none() { moderator.first } else { moderator.every }.draw(&mut self.rng);
            *look = Some(look.filter(|look| *look >= now).unwrap_or(now + wait));
        }
    }

    /// When something happens next.
    pub(super) fn next(&self) -> Option<Timestamp> {
        let looks = self.looks.iter().copied().flatten();
        self.bursts.iter().filter_map(Bursting::next).chain(looks).min()
    }

    /// What happens at the time that [`Trouble::next`] told. The start of a burst only gathers those who take part.
    pub(super) fn act(&mut self, now: Timestamp, talk: &Talk, is_here: impl Fn(&Person) -> bool) -> Option<Doing> {
        if let Some(place) = self.bursts.iter().position(|burst| burst.next().is_some_and(|next| next <= now)) {
            let (sender, content) = self.bursts[place].go_on(now, &talk.bursts[place], is_here, &mut self.rng)?;
            let id = Id::random(&mut self.ids);
            if self.open.len() == LOOK_BACK {
                self.open.pop_front();
            }
            self.open.push_back((id, sender.user_id.clone()));
            return Some(Doing::Say(Saying { id, sender, content }));
        }
        let place = self.looks.iter().position(|look| look.is_some_and(|look| look <= now))?;
        let moderator = &talk.moderators[place];
        self.looks[place] = Some(now + moderator.every.draw(&mut self.rng));
        self.moderate(moderator)
    }

    /// Deals with one of the open messages, if there is any: the moderator takes no other.
    fn moderate(&mut self, moderator: &Moderator) -> Option<Doing> {
        if self.open.is_empty() {
            return None;
        }
        let (message, user_id) = self.open.remove(self.rng.usize(..self.open.len()))?;
        let reason = self.rng.choice(moderator.reasons.iter())?.say(&mut self.rng, "");
        if self.rng.f64() >= moderator.disconnects {
            return Some(Doing::Delete { message, reason });
        }
        self.open.retain(|(_, of)| *of != user_id);
        Some(Doing::Disconnect { user_id, reason })
    }

    /// Whether this user takes part in what goes on, or may.
    pub(super) fn knows(&self, user_id: &str, talk: &Talk) -> bool {
        let mut parts = self.bursts.iter().flat_map(|burst| &burst.parts);
        let mut flooders = talk.bursts.iter().flat_map(|burst| &burst.people);
        parts.any(|(_, person, _)| person.user_id == user_id) || flooders.any(|person| person.user_id == user_id)
    }

    /// Its random numbers.
    pub(super) fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }
}

impl Bursting {
    fn next(&self) -> Option<Timestamp> {
        self.parts.front().map(|(at, _, _)| *at).or(self.starts)
    }

    fn go_on(
        &mut self,
        now: Timestamp,
        burst: &Burst,
        is_here: impl Fn(&Person) -> bool,
        rng: &mut Rng,
    ) -> Option<(Person, String)> {
        if let Some((_, person, content)) = self.parts.pop_front() {
            return is_here(&person).then_some((person, content));
        }
        self.gather(now, burst, is_here, rng);
        None
    }

    fn gather(&mut self, now: Timestamp, burst: &Burst, is_here: impl Fn(&Person) -> bool, rng: &mut Rng) {
        let line = rng.choice(burst.lines.iter());
        let say = |rng: &mut Rng| line.map(|line| line.say(rng, "")).unwrap_or_default();
        let said: Vec<(Person, String)> = match burst.kind {
            BurstKind::Raid { users } => {
                let text = say(rng);
                let mut crowd: Vec<&Person> = burst.people.iter().collect();
                rng.shuffle(&mut crowd);
                crowd.truncate(rng.usize(users.0..=users.1));
                crowd.into_iter().map(|person| (stranger(person, rng), variant::any(&text, rng))).collect()
            }
            BurstKind::Flood { messages } => {
                let here: Vec<&Person> = burst.people.iter().filter(|person| is_here(person)).collect();
                let count = rng.usize(messages.0..=messages.1);
                let person = rng.choice(here);
                person
                    .into_iter()
                    .flat_map(|person| std::iter::repeat_n(person, count))
                    .map(|person| (person.clone(), say(rng)))
                    .collect()
            }
        };
        let within = SignedDuration::try_from_secs_f64(burst.within).unwrap_or(SignedDuration::ZERO);
        let mut parts: Vec<_> =
            said.into_iter().map(|(person, text)| (now + within.mul_f64(rng.f64()), person, text)).collect();
        parts.sort_by_key(|(at, _, _)| *at);
        self.parts = parts.into();
        self.starts = Some(now + within + burst.every.draw(rng));
    }
}

/// The same person under an id that nobody has seen yet: whoever raids makes new accounts.
fn stranger(person: &Person, rng: &mut Rng) -> Person {
    let name = person.user_id.rsplit_once('.').map_or(person.user_id.as_str(), |(name, _)| name);
    Person { user_id: format!("{name}.{:08x}", rng.u32(..)), attributes: person.attributes.clone() }
}
