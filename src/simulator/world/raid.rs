//! A raid: many people who write nearly the same within seconds.

use std::collections::VecDeque;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::simulator::script::{Person, Raid};

/// How much sooner the first raid comes, so that whoever has just begun to watch sees one.
const FIRST: f64 = 0.3;

/// Where a raid stands.
#[derive(Debug, Default)]
pub(super) struct Raiding {
    /// When the next one starts; none before anybody has listened.
    starts: Option<Timestamp>,
    /// What is still to be said in the one that is on: when, by whom of the crowd, and what.
    parts: VecDeque<(Timestamp, usize, String)>,
}

impl Raiding {
    /// Somebody listens from `now` on: what is left of an old raid is forgotten.
    pub(super) fn listen(&mut self, now: Timestamp, raid: &Raid, rng: &mut Rng) {
        self.parts.retain(|(at, _, _)| *at >= now);
        let wait = raid.every.draw(rng);
        self.starts = match self.starts {
            None => Some(now + wait.mul_f64(FIRST)),
            Some(starts) if starts < now => Some(now + wait),
            Some(starts) => Some(starts),
        };
    }

    /// When the next part is due.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.parts.front().map(|(at, _, _)| *at).or(self.starts)
    }

    /// What is said at the time that [`Raiding::next`] told. The start of a raid only gathers those who are here.
    pub(super) fn speak(
        &mut self,
        now: Timestamp,
        raid: &Raid,
        is_here: impl Fn(&Person) -> bool,
        rng: &mut Rng,
    ) -> Option<(Person, String)> {
        if let Some((_, person, content)) = self.parts.pop_front() {
            let person = &raid.people[person];
            return is_here(person).then(|| (person.clone(), content));
        }
        self.gather(now, raid, is_here, rng);
        None
    }

    fn gather(&mut self, now: Timestamp, raid: &Raid, is_here: impl Fn(&Person) -> bool, rng: &mut Rng) {
        let mut here: Vec<usize> = (0..raid.people.len()).filter(|place| is_here(&raid.people[*place])).collect();
        rng.shuffle(&mut here);
        here.truncate(rng.usize(raid.users.0..=raid.users.1));
        let line = rng.choice(raid.lines.iter()).map(|line| line.say(rng, "")).unwrap_or_default();
        let within = SignedDuration::try_from_secs_f64(raid.within).unwrap_or(SignedDuration::ZERO);
        let mut parts: Vec<_> =
            here.into_iter().map(|person| (now + within.mul_f64(rng.f64()), person, vary(&line, rng))).collect();
        parts.sort_by_key(|(at, person, _)| (*at, *person));
        self.parts = parts.into();
        self.starts = Some(now + within + raid.every.draw(rng));
    }
}

/// The same text as different people send it: another case, another end.
fn vary(line: &str, rng: &mut Rng) -> String {
    match rng.u8(..8) {
        0 => line.to_uppercase(),
        1 => line.to_lowercase(),
        2 => format!("{line}!!"),
        3 => format!("{line} 🔥"),
        4 => format!("  {line} "),
        _ => line.to_owned(),
    }
}
