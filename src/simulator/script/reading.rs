//! Checks a script as it stands in the file and turns it into what it says.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use jiff::SignedDuration;
use toml::Spanned;

use super::error::{ScriptError, ScriptProblem};
use super::form::{self, File, Pair, Tags, Text};
use super::line::{Line, Words};
use super::{
    Ages, Contents, DestinationEntry, Generated, HandlerEntry, LoggingEntry, LoggingStart, OtherEntry, Person,
    RoomEntry, Span,
};

const DAY: i64 = 24 * 60 * 60;

/// Reads a script and checks all of it.
pub(super) fn read(text: &str) -> Result<Contents, ScriptError> {
    let file: File = toml::from_str(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        ScriptError { problems: vec![ScriptProblem::at(text, span, error.message())] }
    })?;
    let mut reading = Reading { text, problems: Vec::new(), words: Words::new(), crowds: BTreeMap::new() };
    let contents = reading.contents(file);
    if reading.problems.is_empty() {
        return Ok(contents);
    }
    reading.problems.sort_by_key(|problem| (problem.line, problem.column));
    Err(ScriptError { problems: reading.problems })
}

/// People who talk alike, before it is known where.
pub(super) struct Crowd {
    pub(super) people: Vec<Person>,
    pub(super) lines: Vec<Line>,
    pub(super) exchanges: Vec<Vec<Line>>,
}

/// A script that is being checked.
pub(super) struct Reading<'a> {
    text: &'a str,
    problems: Vec<ScriptProblem>,
    pub(super) words: Words,
    pub(super) crowds: BTreeMap<String, Crowd>,
}

impl Reading<'_> {
    pub(super) fn problem(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.problems.push(ScriptProblem::at(self.text, span, message));
    }

    fn contents(&mut self, file: File) -> Contents {
        for (name, list) in &file.words {
            self.filled(list);
            let list = list.get_ref().iter().map(|word| word.get_ref().clone()).collect();
            self.words.insert(name.get_ref().clone(), list);
        }
        for (name, crowd) in file.crowd {
            let lines = self.each_line(&crowd.lines);
            let exchanges = crowd.exchanges.iter().map(|lines| self.each_line(lines)).collect();
            let people = self.people(name.get_ref(), crowd);
            if people.is_empty() {
                self.problem(name.span(), "a crowd needs people or names");
            }
            self.crowds.insert(name.into_inner(), Crowd { people, lines, exchanges });
        }
        let logging: Vec<_> = file.logging.into_iter().map(|entry| self.logging(entry)).collect();
        let handlers: Vec<_> = file.handler.into_iter().map(|entry| self.handler(entry)).collect();
        let logging_names: Vec<&str> = logging.iter().map(|entry| entry.name.as_str()).collect();
        let handler_names: Vec<&str> = handlers.iter().map(|entry| entry.name.as_str()).collect();
        let rooms = file.room.into_iter().map(|room| self.room(room, &logging_names, &handler_names)).collect();
        let others = file.ivs.into_iter().map(|entry| self.other(entry)).collect();
        let generated = self.generated(file.generated);
        Contents { logging, handlers, rooms, others, generated }
    }

    fn logging(&mut self, form: form::Logging) -> LoggingEntry {
        self.name(&form.name);
        let given = [
            form.s3.map(|name| DestinationEntry::S3(name.into_inner())),
            form.cloudwatch.map(|name| DestinationEntry::CloudWatchLogs(name.into_inner())),
            form.firehose.map(|name| DestinationEntry::Firehose(name.into_inner())),
        ];
        let mut given = given.into_iter().flatten();
        let destination = given.next();
        if destination.is_none() || given.next().is_some() {
            self.problem(form.name.span(), "needs exactly one of s3, cloudwatch and firehose");
        }
        LoggingEntry {
            ages: self.ages(form.created.as_ref(), form.updated.as_ref()),
            tags: self.tags(form.tags),
            state: form.state.map_or(LoggingStart::Active, |state| self.state(&state)),
            destination: destination.unwrap_or(DestinationEntry::S3(String::new())),
            name: form.name.into_inner(),
        }
    }

    fn state(&mut self, state: &Text) -> LoggingStart {
        match state.get_ref().as_str() {
            "ACTIVE" => LoggingStart::Active,
            "CREATE_FAILED" => LoggingStart::CreateFailed,
            "UPDATE_FAILED" => LoggingStart::UpdateFailed,
            "DELETE_FAILED" => LoggingStart::DeleteFailed,
            _ => {
                self.problem(state.span(), "use ACTIVE, CREATE_FAILED, UPDATE_FAILED or DELETE_FAILED");
                LoggingStart::Active
            }
        }
    }

    fn handler(&mut self, form: form::Handler) -> HandlerEntry {
        let is_function = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let name = form.name.get_ref();
        if name.is_empty() || name.len() > 64 || !name.chars().all(is_function) {
            self.problem(form.name.span(), "a function's name has 1 to 64 letters, digits, - and _");
        }
        let lower = |words: Vec<String>| words.iter().map(|word| word.to_lowercase()).collect();
        HandlerEntry {
            name: form.name.into_inner(),
            deny: lower(form.deny),
            reason: form.reason,
            replace: lower(form.replace),
            with: form.with,
            times_out: lower(form.times_out),
        }
    }

    fn room(&mut self, form: form::Room, logging: &[&str], handlers: &[&str]) -> RoomEntry {
        self.name(&form.name);
        if form.logging.len() > 3 {
            self.problem(form.logging[3].span(), "a room has at most 3 logging configurations");
        }
        let fallback_deny = match form.fallback.as_ref().map(|text| text.get_ref().as_str()) {
            Some("DENY") => true,
            Some("ALLOW") | None => false,
            Some(_) => {
                self.problem(form.fallback.as_ref().map_or(0..0, Spanned::span), "use ALLOW or DENY");
                false
            }
        };
        RoomEntry {
            rate: self.within(form.rate.as_ref(), 1..=100, 10),
            length: self.within(form.length.as_ref(), 1..=500, 500),
            handler: form.handler.and_then(|name| self.place(&name, handlers, "handler")),
            fallback_deny,
            logging: form.logging.iter().filter_map(|name| self.place(name, logging, "logging")).collect(),
            ages: self.ages(form.created.as_ref(), form.updated.as_ref()),
            tags: self.tags(form.tags),
            talk: form.talk.map(|talk| Arc::new(self.talk(talk))),
            name: form.name.into_inner(),
        }
    }

    fn other(&mut self, form: form::Other) -> OtherEntry {
        let kinds = ["channel", "stream-key", "playback-key", "recording-configuration"];
        if !kinds.contains(&form.kind.get_ref().as_str()) {
            self.problem(form.kind.span(), format!("use one of: {}", kinds.join(", ")));
        }
        OtherEntry { kind: form.kind.into_inner(), tags: self.tags(form.tags) }
    }

    fn generated(&mut self, form: Option<form::Generated>) -> Generated {
        let Some(form) = form else {
            return Generated {
                first: vec!["room".to_owned()],
                second: vec!["generated".to_owned()],
                tags: BTreeMap::new(),
                talk: None,
            };
        };
        let mut parts = |list: &Spanned<Vec<Text>>| -> Vec<String> {
            self.filled(list);
            list.get_ref().iter().for_each(|part| self.name(part));
            list.get_ref().iter().map(|part| part.get_ref().clone()).collect()
        };
        let (first, second) = (parts(&form.first), parts(&form.second));
        let mut tags = BTreeMap::new();
        for (key, values) in form.tags {
            self.filled(&values);
            tags.insert(key.into_inner(), values.into_inner().into_iter().map(Spanned::into_inner).collect());
        }
        Generated { first, second, tags, talk: form.talk.map(|talk| Arc::new(self.talk(talk))) }
    }

    pub(super) fn filled<T>(&mut self, list: &Spanned<Vec<T>>) {
        if list.get_ref().is_empty() {
            self.problem(list.span(), "must not be empty");
        }
    }

    fn place(&mut self, name: &Text, known: &[&str], table: &str) -> Option<usize> {
        let place = known.iter().position(|known| known == name.get_ref());
        if place.is_none() {
            let message = format!("no [[{table}]] is called {:?}; there are: {}", name.get_ref(), known.join(", "));
            self.problem(name.span(), message);
        }
        place
    }

    fn name(&mut self, name: &Text) {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if name.get_ref().len() > 128 || !name.get_ref().chars().all(allowed) {
            self.problem(name.span(), "a name has at most 128 letters, digits, - and _");
        }
    }

    fn tags(&mut self, tags: Tags) -> BTreeMap<String, String> {
        let mut read = BTreeMap::new();
        for (key, value) in tags {
            if !(1..=128).contains(&key.get_ref().chars().count()) || value.get_ref().chars().count() > 256 {
                self.problem(key.span(), "a tag's key has 1 to 128 characters, its value at most 256");
            }
            read.insert(key.into_inner(), value.into_inner());
        }
        read
    }

    fn within(&mut self, number: Option<&Spanned<u32>>, range: RangeInclusive<u32>, default: u32) -> u32 {
        let Some(number) = number else { return default };
        if !range.contains(number.get_ref()) {
            self.problem(number.span(), format!("must be {} to {}", range.start(), range.end()));
        }
        *number.get_ref()
    }

    pub(super) fn span(&mut self, pair: &Pair) -> Span {
        let [min, max] = *pair.get_ref();
        if !(min.is_finite() && max.is_finite() && 0.0 <= min && min <= max && max > 0.0) {
            self.problem(pair.span(), "two numbers of seconds, the smaller first, such as [2.0, 5.0]");
        }
        Span { min, max }
    }

    fn ages(&mut self, created: Option<&Text>, updated: Option<&Text>) -> Ages {
        let created_age = created.map_or(SignedDuration::from_secs(30 * DAY), |text| self.age(text));
        let updated_age = updated.map_or(created_age, |text| self.age(text));
        if let (Some(updated), true) = (updated, updated_age > created_age) {
            self.problem(updated.span(), "was changed before it was made; updated must be the shorter time");
        }
        Ages { created: created_age, updated: updated_age }
    }

    fn age(&mut self, text: &Text) -> SignedDuration {
        age(text.get_ref()).unwrap_or_else(|| {
            self.problem(text.span(), "write how long ago, such as \"45s\", \"20m\", \"3h\" or \"400d\"");
            SignedDuration::ZERO
        })
    }
}

fn age(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().next_back()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => DAY,
        _ => return None,
    };
    let count: u16 = text.strip_suffix(unit)?.parse().ok()?;
    Some(SignedDuration::from_secs(i64::from(count) * seconds))
}
