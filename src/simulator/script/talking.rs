//! Checks the part of a script that says who talks, how often and what.

use std::collections::BTreeMap;

use toml::Spanned;

use super::form::{self, Pair, Text};
use super::line::Line;
use super::reading::{Crowd, Reading};
use super::{Burst, BurstKind, Moderator, Person, Span, Talk, Voice, Wave};

/// How much sooner a burst comes the first time unless the script says when, so that whoever has just begun to watch sees one.
const FIRST: f64 = 0.3;
/// How likely a moderator disconnects somebody rather than delete a message, unless the script says so.
const DISCONNECTS: f64 = 0.2;
/// The most messages of one flood: more would fill the memory before they are said.
const MOST_IN_A_FLOOD: usize = 10_000;

impl Reading<'_> {
    pub(super) fn people(&mut self, crowd: &str, form: form::Crowd) -> Vec<Person> {
        let mut people = Vec::new();
        for person in form.people {
            let span = person.span();
            let person = person.into_inner();
            let name = person.name.clone().unwrap_or_default();
            let user_id = person.id.unwrap_or_else(|| made_up_id(&name, crowd, people.len()));
            let mut attributes = person.attributes;
            let known =
                [("displayName", person.name), ("role", person.role), ("badge", person.badge), ("color", person.color)];
            attributes.extend(known.into_iter().filter_map(|(key, value)| value.map(|value| (key.to_owned(), value))));
            if !(1..=128).contains(&user_id.chars().count()) {
                self.problem(span.clone(), "a user's id has 1 to 128 characters");
            }
            if attributes.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > 1024 {
                self.problem(span, "the attributes of a user have at most 1024 bytes together");
            }
            people.push(Person { user_id, attributes });
        }
        for name in form.names {
            let user_id = made_up_id(name.get_ref(), crowd, people.len());
            let attributes = BTreeMap::from([("displayName".to_owned(), name.into_inner())]);
            people.push(Person { user_id, attributes });
        }
        people
    }

    pub(super) fn talk(&mut self, form: form::Talk) -> Talk {
        Talk {
            voices: self.voices(&form.crowd),
            every: self.span(&form.every),
            wave: form.wave.map(|wave| self.wave(&wave)),
            away: form.away.map_or(Span { min: 60.0, max: 180.0 }, |away| self.span(&away)),
            returns: form.returns.map_or(0.7, |returns| self.likelihood(&returns)),
            bursts: {
                let mut bursts: Vec<Burst> = form.raid.iter().map(|raid| self.raid(raid)).collect();
                bursts.extend(form.flood.iter().map(|flood| self.flood(flood)));
                bursts
            },
            moderators: form.moderator.iter().map(|moderator| self.moderator(moderator)).collect(),
        }
    }

    fn likelihood(&mut self, number: &Spanned<f64>) -> f64 {
        if !(0.0..=1.0).contains(number.get_ref()) {
            self.problem(number.span(), "is a likelihood from 0.0 to 1.0");
        }
        *number.get_ref()
    }

    fn wave(&mut self, form: &form::Wave) -> Wave {
        let faster = *form.faster.get_ref();
        if !(faster.is_finite() && faster >= 1.0) {
            self.problem(form.faster.span(), "is how many times faster, at least 1.0");
        }
        Wave { every: self.span(&form.every), lasts: self.span(&form.lasts), faster }
    }

    fn raid(&mut self, form: &form::Raid) -> Burst {
        let people = self.everybody(&form.crowd);
        let [least, most] = *form.users.get_ref();
        if least > most || most > people.len() {
            let message = format!("two numbers, the smaller first; the crowd has {} people", people.len());
            self.problem(form.users.span(), message);
        }
        let (first, every) = self.times(form.first.as_ref(), &form.every);
        let (within, lines) = (self.length(&form.within), self.lines(&form.lines));
        Burst { people, first, every, kind: BurstKind::Raid { users: (least, most) }, within, lines }
    }

    fn flood(&mut self, form: &form::Flood) -> Burst {
        let people = self.everybody(&form.crowd);
        let [least, most] = *form.messages.get_ref();
        if least > most || most > MOST_IN_A_FLOOD {
            let message = format!("two numbers, the smaller first, at most {MOST_IN_A_FLOOD}");
            self.problem(form.messages.span(), message);
        }
        let (first, every) = self.times(form.first.as_ref(), &form.every);
        let (within, lines) = (self.length(&form.within), self.lines(&form.lines));
        Burst { people, first, every, kind: BurstKind::Flood { messages: (least, most) }, within, lines }
    }

    fn moderator(&mut self, form: &form::Moderator) -> Moderator {
        let (first, every) = self.times(form.first.as_ref(), &form.every);
        let disconnects = form.disconnects.as_ref().map_or(DISCONNECTS, |likely| self.likelihood(likely));
        Moderator { first, every, disconnects, reasons: self.lines(&form.reasons) }
    }

    fn everybody(&mut self, names: &Spanned<Vec<Text>>) -> Vec<Person> {
        self.known_crowds(names);
        let crowds = names.get_ref().iter().filter_map(|name| self.crowds.get(name.get_ref()));
        crowds.flat_map(|crowd| crowd.people.iter().cloned()).collect()
    }

    fn times(&mut self, first: Option<&Pair>, every: &Pair) -> (Span, Span) {
        let every = self.span(every);
        let sooner = Span { min: every.min * FIRST, max: every.max * FIRST };
        (first.map_or(sooner, |first| self.span(first)), every)
    }

    fn length(&mut self, seconds: &Spanned<f64>) -> f64 {
        if !(seconds.get_ref().is_finite() && *seconds.get_ref() > 0.0) {
            self.problem(seconds.span(), "is a number of seconds above 0");
        }
        *seconds.get_ref()
    }

    fn voices(&mut self, names: &Spanned<Vec<Text>>) -> Vec<Voice> {
        self.known_crowds(names);
        let mut silent = Vec::new();
        let mut voices = Vec::new();
        for name in names.get_ref() {
            let Some(Crowd { people, lines, exchanges }) = self.crowds.get(name.get_ref()) else { continue };
            if lines.is_empty() {
                silent.push(name);
            }
            voices.push(Voice { people: people.clone(), lines: lines.clone(), exchanges: exchanges.clone() });
        }
        for name in silent {
            self.problem(name.span(), format!("[crowd.{}] has no lines to say", name.get_ref()));
        }
        voices
    }

    fn known_crowds(&mut self, names: &Spanned<Vec<Text>>) {
        self.filled(names);
        for name in names.get_ref() {
            if !self.crowds.contains_key(name.get_ref()) {
                let known: Vec<&str> = self.crowds.keys().map(String::as_str).collect();
                let message = format!("there is no [crowd.{}]; there are: {}", name.get_ref(), known.join(", "));
                self.problem(name.span(), message);
            }
        }
    }

    fn lines(&mut self, texts: &Spanned<Vec<Text>>) -> Vec<Line> {
        self.filled(texts);
        self.each_line(texts.get_ref())
    }

    pub(super) fn each_line(&mut self, texts: &[Text]) -> Vec<Line> {
        let mut lines = Vec::new();
        for text in texts {
            match Line::parse(text.get_ref(), &self.words) {
                Ok(line) => lines.push(line),
                Err(why) => self.problem(text.span(), why),
            }
        }
        lines
    }
}

/// An id of the form that AWS's own demo makes: the name, a dot and something to tell namesakes apart. It depends on
/// the script alone, so the same person has the same id in every world.
fn made_up_id(name: &str, crowd: &str, place: usize) -> String {
    let slug: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    let slug = if slug.is_empty() { "user" } else { &slug };
    let hash = format!("{crowd}/{place}/{name}")
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{slug}.{hash:08x}")
}
