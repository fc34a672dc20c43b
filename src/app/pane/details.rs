//! What the main pane tells of a room or a logging configuration: its details, and the JSON that it came as.

use std::collections::HashMap;

use jiff::Timestamp;
use ratatui::text::{Line, Span};
use serde_json::Value;

use crate::api::model::{LoggingConfiguration, LoggingState, ReviewHandler, Room, RoomSummary, Tags};
use crate::api::ops::{GetLoggingConfiguration, GetRoom};
use crate::api::{Arn, Error, Service};
use crate::app::look::Look;
use crate::app::msg::{Msg, Ticket};
use crate::app::outbox::Outbox;
use crate::app::text::{self, clean};
use crate::app::trouble::Trouble;
use crate::app::widget::page::Page;

use super::listing::Listing;
use super::logging_state;
use super::rows::{LoggingRow, destination};

/// What `GetRoom` or `GetLoggingConfiguration` answered.
#[derive(Debug, Clone)]
pub enum Resource {
    /// A room.
    Room(Room),
    /// A logging configuration.
    Logging(LoggingConfiguration),
}

impl Resource {
    /// Its ARN.
    pub fn arn(&self) -> &Arn {
        match self {
            Self::Room(room) => &room.summary.arn,
            Self::Logging(configuration) => &configuration.arn,
        }
    }
}

/// What is known of one resource.
#[derive(Debug, Default)]
struct Entry {
    known: Option<(Resource, Value)>,
    state: State,
    /// The latest asking.
    asked: Ticket,
    age: Age,
    /// The newest change of it that a list has told of.
    listed: Option<Timestamp>,
}

/// Whether what is known is still to be believed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Age {
    /// As far as we know.
    #[default]
    Current,
    /// It is to be asked for again, and holds until the answer comes.
    ToRepeat,
    /// A list says that it has changed since.
    Superseded,
}

/// What is known of a room's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// Nobody has asked.
    Unasked,
    /// The answer is on its way.
    Asked,
    /// Messages a second, and characters a message.
    Known(Option<u32>, Option<u32>),
    /// Asking for them failed.
    Failed,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Asked,
    Answered,
    Failed(Trouble),
}

impl Entry {
    /// Whether there is a reason to ask.
    fn is_lacking(&self) -> bool {
        match self.state {
            State::Asked => false,
            State::Answered | State::Failed(_) => self.age != Age::Current,
        }
    }
}

impl Resource {
    fn changed(&self) -> Option<Timestamp> {
        match self {
            Self::Room(room) => room.summary.update_time,
            Self::Logging(configuration) => configuration.update_time,
        }
    }
}

/// All resources that were looked at, by ARN.
#[derive(Debug, Default)]
pub struct Details {
    entries: HashMap<Arn, Entry>,
    /// Counts all askings.
    askings: Ticket,
}

impl Details {
    /// Asks for a resource, unless it is known or on its way; `again` asks all the same. True if it was asked for: what
    /// is neither a room nor a logging configuration is not.
    pub fn want(&mut self, arn: &Arn, again: bool, outbox: &mut Outbox) -> bool {
        let lacking = self.entries.get(arn).is_none_or(Entry::is_lacking);
        let is_known = matches!(arn.kind(), "room" | "logging-configuration");
        let is_ours = Service::of(arn) == Some(Service::IvsChat) && is_known;
        if !is_ours || (!lacking && !again) {
            return false;
        }
        let entry = self.entries.entry(arn.clone()).or_default();
        entry.state = State::Asked;
        self.askings.0 += 1;
        entry.asked = self.askings;
        let (ticket, asked) = (entry.asked, arn.clone());
        if arn.kind() == "room" {
            let get = GetRoom { identifier: arn.clone() };
            outbox.call_with_json(&get, move |answer| Msg::Room(asked, ticket, answer));
        } else {
            let get = GetLoggingConfiguration { identifier: arn.clone() };
            outbox.call_with_json(&get, move |answer| Msg::LoggingConfiguration(asked, ticket, answer));
        }
        true
    }

    /// All that is known is to be asked for again when it is next wanted.
    pub fn outdate(&mut self) {
        for entry in self.entries.values_mut().filter(|entry| entry.age == Age::Current) {
            entry.age = Age::ToRepeat;
        }
    }

    /// A list tells when a resource was last changed. That the answer to a question is older than the list is no reason
    /// to ask twice: reads lag behind, and the next list tells again. True if what was known is not to be believed any
    /// more.
    pub fn listed(&mut self, arn: &Arn, changed: Option<Timestamp>) -> bool {
        let Some(entry) = self.entries.get_mut(arn) else { return false };
        let known = entry.known.as_ref().map(|(resource, _)| resource.changed());
        let superseded = known.is_some_and(|known| changed > known) && changed > entry.listed;
        if superseded {
            entry.age = Age::Superseded;
        }
        entry.listed = changed.max(entry.listed);
        superseded
    }

    /// What is known of a room's limits.
    pub fn limits(&self, arn: &Arn) -> Limits {
        let Some(entry) = self.entries.get(arn) else { return Limits::Unasked };
        match (&entry.state, entry.age, &entry.known) {
            (State::Failed(_), _, _) => Limits::Failed,
            (State::Asked | State::Answered, Age::Current | Age::ToRepeat, Some((Resource::Room(room), _))) => {
                Limits::Known(room.maximum_message_rate_per_second, room.maximum_message_length)
            }
            (State::Asked, _, _) => Limits::Asked,
            (State::Answered, _, _) => Limits::Unasked,
        }
    }

    /// The latest asking for a resource.
    pub fn asked(&self, arn: &Arn) -> Ticket {
        self.entries.get(arn).map(|entry| entry.asked).unwrap_or_default()
    }

    /// The answer came. If it is a failure, what was known stays. An answer to an older asking tells how it was, and is
    /// dropped: then this is false.
    pub fn answered(&mut self, arn: &Arn, ticket: Ticket, answer: Result<(Resource, Value), Error>) -> bool {
        let Some(entry) = self.entries.get_mut(arn).filter(|entry| entry.asked == ticket) else { return false };
        match answer {
            Ok(known) => {
                entry.known = Some(known);
                entry.state = State::Answered;
            }
            Err(error) => entry.state = State::Failed(Trouble::new(&error)),
        }
        entry.age = Age::Current;
        true
    }

    /// What is known of a resource is not how it is any more.
    pub fn supersede(&mut self, arn: &Arn) {
        if let Some(entry) = self.entries.get_mut(arn) {
            entry.age = Age::Superseded;
        }
    }

    /// Forgets a resource that is gone.
    pub fn forget(&mut self, arn: &Arn) {
        self.entries.remove(arn);
    }

    /// A room in full, if it has been fetched.
    pub fn room(&self, arn: &Arn) -> Option<&Room> {
        match self.entries.get(arn)?.known.as_ref()? {
            (Resource::Room(room), _) => Some(room),
            (Resource::Logging(_), _) => None,
        }
    }

    /// A logging configuration, if it has been fetched.
    pub fn logging(&self, arn: &Arn) -> Option<&LoggingConfiguration> {
        match self.entries.get(arn)?.known.as_ref()? {
            (Resource::Logging(configuration), _) => Some(configuration),
            (Resource::Room(_), _) => None,
        }
    }

    /// Why a resource could not be fetched the last time.
    pub fn trouble(&self, arn: &Arn) -> Option<&Trouble> {
        match &self.entries.get(arn)?.state {
            State::Failed(trouble) => Some(trouble),
            State::Asked | State::Answered => None,
        }
    }

    /// A resource in full, if it has been fetched.
    pub fn resource(&self, arn: &Arn) -> Option<&Resource> {
        self.entries.get(arn)?.known.as_ref().map(|(resource, _)| resource)
    }

    /// The JSON that a resource came as, if it has been fetched.
    pub fn json(&self, arn: &Arn) -> Option<&Value> {
        self.entries.get(arn)?.known.as_ref().map(|(_, json)| json)
    }

    /// The details of a room: at once what the list knows, then all of it.
    pub fn room_page(
        &self,
        arn: &Arn,
        listed: Option<&RoomSummary>,
        logging: &Listing<LoggingRow>,
        page: &mut Page,
        look: Look,
    ) {
        let full = self.room(arn);
        let summary = full.map(|room| &room.summary).or(listed);
        self.trouble_first(arn, page, look);
        if let Some(summary) = summary {
            room_facts(summary, full, self.waiting(arn), page, look);
            room_logging(summary, logging, page, look);
            tag_facts(&summary.tags, page, look);
        } else if self.waiting(arn) {
            page.fact("ARN", clean(arn.as_str()).as_str());
            page.styled("loading", look.busy());
        }
    }

    /// The details of a logging configuration.
    pub fn logging_page(&self, arn: &Arn, listed: Option<&LoggingConfiguration>, page: &mut Page, look: Look) {
        let full = self.logging(arn);
        self.trouble_first(arn, page, look);
        if let Some(configuration) = full.or(listed) {
            logging_facts(configuration, page, look);
        }
    }

    /// The JSON that the resource came as.
    pub fn json_page(&self, arn: &Arn, page: &mut Page, look: Look, width: usize) {
        self.trouble_first(arn, page, look);
        let known = self.entries.get(arn).and_then(|entry| entry.known.as_ref());
        match known {
            Some((_, json)) => json_lines(json, page, look, width),
            None if self.waiting(arn) => page.styled("loading", look.busy()),
            None => {}
        }
    }

    /// Whether it was asked for and is not answered.
    pub fn waiting(&self, arn: &Arn) -> bool {
        self.entries.get(arn).is_none_or(|entry| matches!(entry.state, State::Asked))
    }

    fn trouble_first(&self, arn: &Arn, page: &mut Page, look: Look) {
        if let Some(Entry { state: State::Failed(trouble), known, .. }) = self.entries.get(arn) {
            trouble_page(trouble, page, look);
            if known.is_some() {
                page.styled("What follows is older.", look.busy());
            }
            page.blank();
        }
    }
}

/// The parts of an ARN: all that is known here of a resource of Amazon IVS, but for its tags.
pub fn arn_page(arn: &Arn, page: &mut Page, look: Look) {
    page.fact_styled("Kind", clean(arn.kind()).as_str(), look.strong());
    page.fact("ID", clean(arn.id()).as_str());
    page.fact("ARN", clean(arn.as_str()).as_str());
    page.fact("Service", clean(arn.service()).as_str());
    page.fact("Region", clean(arn.region()).as_str());
    page.fact("Account", clean(arn.account()).as_str());
}

/// A failure in full: what happened, the facts, what helps.
pub fn trouble_page(trouble: &Trouble, page: &mut Page, look: Look) {
    page.styled(&trouble.headline, look.bad());
    for (label, text) in &trouble.facts {
        page.fact(label, text);
    }
    page.styled(&trouble.remedy, look.busy());
    if let Some(help) = &trouble.help {
        page.code(&help.text);
    }
}

fn room_facts(summary: &RoomSummary, full: Option<&Room>, waiting: bool, page: &mut Page, look: Look) {
    let name = clean(&summary.name);
    page.fact_styled("Name", if summary.name.is_empty() { "(none)" } else { name.as_str() }, look.strong());
    page.fact("ID", clean(summary.arn.id()).as_str());
    page.fact("ARN", clean(summary.arn.as_str()).as_str());
    page.fact("Created", &moment(summary.create_time));
    page.fact("Changed", &moment(summary.update_time));
    page.heading("Limits");
    let unknown = if waiting { "loading" } else { "not told" };
    let number = |value: Option<u32>, unit: &str| value.map_or(unknown.to_owned(), |value| format!("{value} {unit}"));
    page.fact(
        "Rate",
        &number(full.and_then(|room| room.maximum_message_rate_per_second), "messages a second, all clients"),
    );
    page.fact("Length", &number(full.and_then(|room| room.maximum_message_length), "characters a message"));
    page.heading("Message review");
    handler_facts(summary.message_review_handler.as_ref(), page, look);
}

/// Where a room's messages are logged to: what the list of logging configurations knows of it, or else its ARN.
fn room_logging(summary: &RoomSummary, logging: &Listing<LoggingRow>, page: &mut Page, look: Look) {
    page.heading("Logging");
    if summary.logging_configuration_identifiers.is_empty() {
        page.styled("none: what is said here is not kept", look.quiet());
    }
    for arn in &summary.logging_configuration_identifiers {
        match logging.find(arn.as_str()) {
            Some(row) => {
                let words =
                    format!("{}  {}  {}", row.title.as_str(), clean(row.state()).as_str(), row.destination.as_str());
                let is_active = row.configuration.state == Some(LoggingState::Active);
                page.styled(
                    &words,
                    if is_active { look.text() } else { state_style(row.configuration.state.as_ref(), look) },
                );
            }
            None => page.text(clean(arn.as_str()).as_str()),
        }
    }
}

fn handler_facts(handler: Option<&ReviewHandler>, page: &mut Page, look: Look) {
    match handler.filter(|handler| !handler.uri.is_empty()) {
        None => page.styled("none", look.quiet()),
        Some(handler) => {
            page.fact("Handler", clean(&handler.uri).as_str());
            let fallback = handler.fallback_result.as_ref().map_or("ALLOW", |result| result.as_str());
            page.fact("Fallback", clean(fallback).as_str());
        }
    }
}

fn logging_facts(configuration: &LoggingConfiguration, page: &mut Page, look: Look) {
    let name = clean(&configuration.name);
    page.fact_styled("Name", if configuration.name.is_empty() { "(none)" } else { name.as_str() }, look.strong());
    let state = configuration.state.as_ref();
    page.fact_styled("State", clean(state.map_or("not told", LoggingState::as_str)).as_str(), state_style(state, look));
    page.fact("Logs to", clean(&destination(configuration.destination_configuration.as_ref())).as_str());
    page.fact("ID", clean(configuration.arn.id()).as_str());
    page.fact("ARN", clean(configuration.arn.as_str()).as_str());
    page.fact("Created", &moment(configuration.create_time));
    page.fact("Changed", &moment(configuration.update_time));
    logging_state::explain(configuration, page, look);
    tag_facts(&configuration.tags, page, look);
}

/// The style of a logging configuration's state.
pub fn state_style(state: Option<&LoggingState>, look: Look) -> ratatui::style::Style {
    match state {
        Some(LoggingState::Active) => look.good(),
        Some(LoggingState::Creating | LoggingState::Updating | LoggingState::Deleting) => look.busy(),
        Some(LoggingState::CreateFailed | LoggingState::UpdateFailed | LoggingState::DeleteFailed) => look.bad(),
        Some(LoggingState::Unknown(_)) | None => look.text(),
    }
}

fn tag_facts(tags: &Tags, page: &mut Page, look: Look) {
    page.heading("Tags");
    if tags.is_empty() {
        page.styled("none", look.quiet());
    }
    for (key, value) in tags {
        page.fact(clean(key).as_str(), clean(value).as_str());
    }
}

/// A moment to the second, in UTC.
fn moment(time: Option<Timestamp>) -> String {
    time.map_or("not told".to_owned(), |time| time.strftime("%Y-%m-%d %H:%M:%SZ").to_string())
}

/// JSON with its members standing out. What is too long for a line goes on in the next, further in.
fn json_lines(json: &Value, page: &mut Page, look: Look, width: usize) {
    let pretty = serde_json::to_string_pretty(json).unwrap_or_default();
    for line in pretty.lines() {
        let line = clean(line);
        let text = line.as_str().trim_start();
        let indent = line.as_str().len() - text.len();
        let (member, value) = text.split_once("\": ").map_or(("", text), |(member, value)| (member, value));
        let mut member = if member.is_empty() { Vec::new() } else { vec![format!("{member}\""), ": ".to_owned()] };
        let used: usize = indent + member.iter().map(|part| text::width(part)).sum::<usize>();
        let mut left = " ".repeat(indent);
        for range in text::wrap(value, width.saturating_sub(used)) {
            let blank = std::mem::replace(&mut left, " ".repeat(used));
            let mut spans = vec![Span::raw(blank)];
            let styles = [look.key(), look.quiet()];
            spans.extend(
                std::mem::take(&mut member).into_iter().zip(styles).map(|(part, style)| Span::styled(part, style)),
            );
            spans.push(Span::styled(value[range].to_owned(), look.text()));
            page.line(Line::from(spans));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ErrorKind;

    const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";

    #[expect(clippy::unnecessary_wraps, reason = "what is handed over may be a failure")]
    fn answer(rate: u32, changed: &str) -> Result<(Resource, Value), Error> {
        let json = serde_json::json!({
            "arn": ROOM, "maximumMessageRatePerSecond": rate, "maximumMessageLength": 500, "updateTime": changed,
        });
        Ok((Resource::Room(serde_json::from_value(json.clone()).unwrap()), json))
    }

    #[expect(clippy::unnecessary_wraps, reason = "a summary may have no time")]
    fn at(text: &str) -> Option<Timestamp> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn limits_are_asked_for_once_until_the_list_tells_of_a_change() {
        let (mut details, mut outbox, arn) = (Details::default(), Outbox::default(), ROOM.parse().unwrap());
        assert_eq!(details.limits(&arn), Limits::Unasked);
        assert!(details.want(&arn, false, &mut outbox));
        assert!(!details.want(&arn, false, &mut outbox), "it is on its way");
        assert_eq!(details.limits(&arn), Limits::Asked);
        details.answered(&arn, details.asked(&arn), answer(10, "2026-11-21T10:00:00Z"));
        details.listed(&arn, at("2026-11-21T10:00:00Z"));
        assert!(!details.want(&arn, false, &mut outbox), "nothing has changed");
        assert_eq!(details.limits(&arn), Limits::Known(Some(10), Some(500)));

        details.listed(&arn, at("2026-11-21T11:00:00Z"));
        assert_eq!(details.limits(&arn), Limits::Unasked, "what was known is not believed any more");
        assert!(details.want(&arn, false, &mut outbox));
        assert_eq!(details.limits(&arn), Limits::Asked);
        // The read lags behind: asking again and again would not help.
        details.answered(&arn, details.asked(&arn), answer(10, "2026-11-21T10:00:00Z"));
        details.listed(&arn, at("2026-11-21T11:00:00Z"));
        assert!(!details.want(&arn, false, &mut outbox));
    }

    #[test]
    fn a_refresh_asks_again_and_what_is_known_holds_until_then() {
        let (mut details, mut outbox, arn) = (Details::default(), Outbox::default(), ROOM.parse().unwrap());
        details.want(&arn, false, &mut outbox);
        details.answered(&arn, details.asked(&arn), answer(10, "2026-11-21T10:00:00Z"));
        details.outdate();
        assert!(details.want(&arn, false, &mut outbox));
        assert_eq!(details.limits(&arn), Limits::Known(Some(10), Some(500)));
        let kind = ErrorKind::Unreachable("connection refused".into());
        details.answered(
            &arn,
            details.asked(&arn),
            Err(Error { operation: "GetRoom", request_id: None, attempts: 3, kind }),
        );
        assert_eq!(details.limits(&arn), Limits::Failed);
        assert!(!details.want(&arn, false, &mut outbox), "until the next refresh");
    }
}
