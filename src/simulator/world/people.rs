//! The people of one room: who speaks next, when, and what.
//!
//! They speak only while a connection is open to hear it, and go on where they were when one is opened again. What
//! they say depends on the seed, the room and the times alone, not on what goes on elsewhere in the account.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::simulator::script::{self, Person, Span, Talk, Voice};

use super::id::Id;
use super::setup::Troubles;
use super::trouble::Trouble;
use super::wording::Wording;

/// How often somebody opens an exchange while none is going on.
const EXCHANGES: f64 = 0.15;
/// More would be made up faster than anybody could take it.
const MOST_PER_SECOND: f64 = 10_000.0;
/// Tells the random numbers of trouble from those of talk.
const TROUBLE: u64 = 0x7471_6f75_626c_6531;
/// Seconds between two lines, on average, below which a room is through the script's lines within a minute or so.
const BUSY: f64 = 0.5;
/// And those of how it is worded.
const WORDING: u64 = 0x776f_7264_696e_6773;
/// Seconds until somebody answers.
const ANSWER: Span = Span { min: 1.5, max: 5.0 };

/// What somebody says.
#[derive(Debug, Clone)]
pub(super) struct Saying {
    /// The message's id.
    pub(super) id: Id,
    pub(super) sender: Person,
    pub(super) content: String,
}

/// What somebody in a room does.
#[derive(Debug, Clone)]
pub(super) enum Doing {
    /// Somebody writes.
    Say(Saying),
    /// A moderator elsewhere deletes a message.
    Delete { message: Id, reason: String },
    /// A moderator elsewhere disconnects somebody.
    Disconnect { user_id: String, reason: String },
}

/// The people of one room.
#[derive(Debug)]
pub(super) struct People {
    talk: Arc<Talk>,
    pace: Pace,
    rng: Rng,
    ids: Rng,
    /// By voice.
    decks: Vec<Decks>,
    answers: VecDeque<Answer>,
    /// Who was disconnected, by user id, and when they come back, if they do.
    away: BTreeMap<String, Option<Timestamp>>,
    /// None before anybody has listened.
    wave: Option<Wave>,
    /// When somebody speaks next; none in a room that has been silenced.
    next_line: Option<Timestamp>,
    /// None where lines are rare enough as they are.
    wording: Option<Wording>,
    /// None in a world that has only what is asked for.
    trouble: Option<Trouble>,
}

/// Where the time between two lines comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pace {
    /// What the script says.
    Script,
    /// So many a second.
    PerSecond(f64),
}

#[derive(Debug, Clone, Copy)]
enum Wave {
    Calm { until: Timestamp },
    High { until: Timestamp },
}

/// What a voice has still to say before it says anything again.
#[derive(Debug, Default)]
struct Decks {
    lines: Deck,
    exchanges: Deck,
}

/// Where a room's random numbers start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seeds {
    /// Decides who says what.
    pub(super) talk: u64,
    /// Decides what messages are called. It differs from start to start: a service never gives an id twice, and a
    /// client that outlives a restart would take what it hears for what it has heard.
    pub(super) ids: u64,
}

impl Seeds {
    /// Those of an account made from `seed` whose clock starts at `start`.
    pub(super) fn new(seed: u64, start: Timestamp) -> Self {
        Self { talk: seed, ids: seed ^ start.as_microsecond().cast_unsigned() }
    }

    /// Those of one of its rooms.
    pub(super) fn of(self, room: Id) -> Self {
        Self { talk: self.talk ^ room.seed(), ids: self.ids ^ room.seed() }
    }
}

/// Places in a list, shuffled.
#[derive(Debug, Default)]
struct Deck(Vec<usize>);

impl Deck {
    /// The next place in a list of `count`; none if it is empty.
    fn draw(&mut self, count: usize, rng: &mut Rng) -> Option<usize> {
        if self.0.is_empty() {
            self.0.extend(0..count);
            rng.shuffle(&mut self.0);
        }
        self.0.pop()
    }
}

#[derive(Debug)]
struct Answer {
    not_before: Timestamp,
    voice: usize,
    exchange: usize,
    line: usize,
    /// Who spoke first.
    to: String,
}

impl People {
    /// People who have not been heard yet.
    pub(super) fn new(talk: Arc<Talk>, pace: Pace, seeds: Seeds, troubles: Troubles) -> Self {
        let decks = talk.voices.iter().map(|_| Decks::default()).collect();
        let busy = talk.every.mean() < BUSY || matches!(pace, Pace::PerSecond(rate) if rate * BUSY > 1.0);
        let wording = busy.then(|| Wording::new(Rng::with_seed(seeds.talk ^ WORDING)));
        let trouble = match troubles {
            Troubles::AsScripted => {
                let seeded = |seed: u64| Rng::with_seed(seed ^ TROUBLE);
                Some(Trouble::new(&talk, seeded(seeds.talk), seeded(seeds.ids)))
            }
            Troubles::OnDemand => None,
        };
        Self {
            talk,
            pace,
            rng: Rng::with_seed(seeds.talk),
            ids: Rng::with_seed(seeds.ids),
            decks,
            answers: VecDeque::new(),
            away: BTreeMap::new(),
            wave: None,
            next_line: None,
            wording,
            trouble,
        }
    }

    /// Somebody listens from `now` on: nothing is due before.
    pub(super) fn listen(&mut self, now: Timestamp) {
        if self.next_line.is_none_or(|next| next < now) {
            self.next_line = self.gap(now).map(|gap| now + gap);
        }
        if let Some(trouble) = &mut self.trouble {
            trouble.listen(now, &self.talk);
        }
    }

    /// When somebody does something next.
    pub(super) fn next(&self) -> Option<Timestamp> {
        let trouble = self.trouble.as_ref().and_then(Trouble::next);
        self.next_line.into_iter().chain(trouble).min()
    }

    /// What is done at the time that [`People::next`] told, if anybody is there to do it.
    pub(super) fn act(&mut self, now: Timestamp) -> Option<Doing> {
        if let Some(trouble) = self.trouble.as_mut().filter(|trouble| trouble.next().is_some_and(|next| next <= now)) {
            let away = &self.away;
            return trouble.act(now, &self.talk, |person| is_here(away, person, now));
        }
        self.next_line = self.gap(now).map(|gap| now + gap);
        let (sender, content) = self.line(now)?;
        let content = match &mut self.wording {
            Some(wording) => wording.word(content, now),
            None => content,
        };
        Some(Doing::Say(Saying { id: Id::random(&mut self.ids), sender, content }))
    }

    /// A user was disconnected: whoever has this id is away for a while, or for good.
    pub(super) fn disconnect(&mut self, user_id: &str, now: Timestamp) {
        let mut regulars = self.talk.voices.iter().flat_map(|voice| &voice.people);
        let is_regular = regulars.any(|person| person.user_id == user_id);
        let trouble = self.trouble.as_mut().filter(|trouble| !is_regular && trouble.knows(user_id, &self.talk));
        let rng = match trouble {
            Some(trouble) => trouble.rng(),
            None if is_regular => &mut self.rng,
            None => return,
        };
        let returns = rng.f64() < self.talk.returns;
        let back = returns.then(|| now + self.talk.away.draw(rng));
        self.away.insert(user_id.to_owned(), back);
    }

    fn line(&mut self, now: Timestamp) -> Option<(Person, String)> {
        let talk = Arc::clone(&self.talk);
        if let Some(answer) = self.answers.pop_front_if(|answer| answer.not_before <= now) {
            let voice = &talk.voices[answer.voice];
            let sender = self.somebody(voice, now)?;
            return Some((
                sender.clone(),
                voice.exchanges[answer.exchange][answer.line].say(&mut self.rng, &answer.to),
            ));
        }
        let place = self.voice(&talk)?;
        let voice = &talk.voices[place];
        let sender = self.somebody(voice, now)?;
        if self.answers.is_empty() && !voice.exchanges.is_empty() && self.rng.f64() < EXCHANGES {
            let content = self.open_exchange(place, voice, sender, now)?;
            return Some((sender.clone(), content));
        }
        let other = self.rng.choice(voice.people.iter()).map(Person::name).unwrap_or_default();
        let line = &voice.lines[self.decks[place].lines.draw(voice.lines.len(), &mut self.rng)?];
        Some((sender.clone(), line.say(&mut self.rng, other)))
    }

    /// The place of a voice, each as likely as it has people.
    fn voice(&mut self, talk: &Talk) -> Option<usize> {
        let mut person = self.rng.usize(..talk.voices.iter().map(|voice| voice.people.len()).sum::<usize>().max(1));
        talk.voices.iter().position(|voice| {
            let is_here = person < voice.people.len();
            person = person.saturating_sub(voice.people.len());
            is_here
        })
    }

    fn open_exchange(&mut self, place: usize, voice: &Voice, sender: &Person, now: Timestamp) -> Option<String> {
        let exchange = self.decks[place].exchanges.draw(voice.exchanges.len(), &mut self.rng)?;
        let mut not_before = now;
        for line in 1..voice.exchanges[exchange].len() {
            not_before += ANSWER.draw(&mut self.rng);
            let to = sender.name().to_owned();
            self.answers.push_back(Answer { not_before, voice: place, exchange, line, to });
        }
        Some(voice.exchanges[exchange].first()?.say(&mut self.rng, sender.name()))
    }

    /// Somebody who is here; those listed first more often.
    fn somebody<'a>(&mut self, voice: &'a Voice, now: Timestamp) -> Option<&'a Person> {
        let count = voice.people.len();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place in a short list"
        )]
        let first = (self.rng.f64().powf(1.6) * count as f64) as usize;
        (first..first + count).map(|place| &voice.people[place % count]).find(|person| is_here(&self.away, person, now))
    }

    /// How long it is from `now` to the next line; none if nobody is to speak.
    fn gap(&mut self, now: Timestamp) -> Option<SignedDuration> {
        let talk = Arc::clone(&self.talk);
        match self.pace {
            Pace::PerSecond(rate) if rate > 0.0 => {
                let mean = 1.0 / rate.min(MOST_PER_SECOND);
                Some(Span { min: 0.5 * mean, max: 1.5 * mean }.draw(&mut self.rng))
            }
            Pace::PerSecond(_) => None,
            Pace::Script => {
                let factor = talk.wave.map_or(1.0, |wave| self.wave_factor(&wave, now));
                let Span { min, max } = talk.every;
                Some(Span { min: min / factor, max: max / factor }.draw(&mut self.rng))
            }
        }
    }

    /// How many times faster than usual people speak at `now`.
    fn wave_factor(&mut self, wave_of: &script::Wave, now: Timestamp) -> f64 {
        let wave = match self.wave {
            None => Wave::Calm { until: now + wave_of.every.draw(&mut self.rng) },
            Some(Wave::Calm { until }) if until <= now => Wave::High { until: now + wave_of.lasts.draw(&mut self.rng) },
            Some(Wave::High { until }) if until <= now => Wave::Calm { until: now + wave_of.every.draw(&mut self.rng) },
            Some(wave) => wave,
        };
        self.wave = Some(wave);
        match wave {
            Wave::Calm { .. } => 1.0,
            Wave::High { .. } => wave_of.faster,
        }
    }
}

fn is_here(away: &BTreeMap<String, Option<Timestamp>>, person: &Person, now: Timestamp) -> bool {
    match away.get(&person.user_id) {
        None => true,
        Some(None) => false,
        Some(Some(back)) => *back <= now,
    }
}
