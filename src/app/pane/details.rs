//! What the main pane tells of a room or a logging configuration: its details, and the JSON that it came as.

use std::collections::HashMap;

use jiff::Timestamp;
use ratatui::text::{Line, Span};
use serde_json::Value;

use crate::api::model::{LoggingConfiguration, LoggingState, ReviewHandler, Room, RoomSummary, Tags};
use crate::api::ops::{GetLoggingConfiguration, GetRoom};
use crate::api::{Arn, Error};
use crate::app::look::Look;
use crate::app::msg::Msg;
use crate::app::outbox::Outbox;
use crate::app::text::{self, clean};
use crate::app::trouble::Trouble;
use crate::app::widget::page::Page;

use super::rows::destination;

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
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Asked,
    Answered,
    Failed(Trouble),
}

/// All resources that were looked at, by ARN.
#[derive(Debug, Default)]
pub struct Details {
    entries: HashMap<Arn, Entry>,
}

impl Details {
    /// Asks for a resource, unless it has been asked for before; `again` asks all the same.
    pub fn want(&mut self, arn: &Arn, again: bool, outbox: &mut Outbox) {
        if self.entries.contains_key(arn) && !again {
            return;
        }
        self.entries.entry(arn.clone()).or_default().state = State::Asked;
        let asked = arn.clone();
        if arn.kind() == "room" {
            let get = GetRoom { identifier: arn.clone() };
            outbox.call_with_json(&get, move |answer| Msg::Room(asked, answer));
        } else {
            let get = GetLoggingConfiguration { identifier: arn.clone() };
            outbox.call_with_json(&get, move |answer| Msg::LoggingConfiguration(asked, answer));
        }
    }

    /// The answer came. If it is a failure, what was known stays.
    pub fn answered(&mut self, arn: Arn, answer: Result<(Resource, Value), Error>) {
        let entry = self.entries.entry(arn).or_default();
        match answer {
            Ok(known) => {
                entry.known = Some(known);
                entry.state = State::Answered;
            }
            Err(error) => entry.state = State::Failed(Trouble::new(&error)),
        }
    }

    /// A room in full, if it has been fetched.
    pub fn room(&self, arn: &Arn) -> Option<&Room> {
        match self.entries.get(arn)?.known.as_ref()? {
            (Resource::Room(room), _) => Some(room),
            (Resource::Logging(_), _) => None,
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
    pub fn room_page(&self, arn: &Arn, listed: Option<&RoomSummary>, page: &mut Page, look: Look) {
        let full = self.room(arn);
        let summary = full.map(|room| &room.summary).or(listed);
        self.trouble_first(arn, page, look);
        if let Some(summary) = summary {
            room_facts(summary, full, self.waiting(arn), page, look);
        } else if self.waiting(arn) {
            page.fact("ARN", clean(arn.as_str()).as_str());
            page.styled("loading", look.busy());
        }
    }

    /// The details of a logging configuration.
    pub fn logging_page(&self, arn: &Arn, listed: Option<&LoggingConfiguration>, page: &mut Page, look: Look) {
        let full = match self.entries.get(arn).and_then(|entry| entry.known.as_ref()) {
            Some((Resource::Logging(configuration), _)) => Some(configuration),
            Some((Resource::Room(_), _)) | None => None,
        };
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

    fn waiting(&self, arn: &Arn) -> bool {
        self.entries.get(arn).is_none_or(|entry| matches!(entry.state, State::Asked))
    }

    fn trouble_first(&self, arn: &Arn, page: &mut Page, look: Look) {
        if let Some(Entry { state: State::Failed(trouble), known }) = self.entries.get(arn) {
            trouble_page(trouble, page, look);
            if known.is_some() {
                page.styled("What follows is older.", look.busy());
            }
            page.blank();
        }
    }
}

/// A failure in full: what happened, the facts, what helps.
pub fn trouble_page(trouble: &Trouble, page: &mut Page, look: Look) {
    page.styled(&trouble.headline, look.bad());
    for (label, text) in &trouble.facts {
        page.fact(label, text);
    }
    page.styled(trouble.remedy, look.busy());
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
    page.heading("Logging");
    if summary.logging_configuration_identifiers.is_empty() {
        page.styled("none: what is said here is not kept", look.quiet());
    }
    for arn in &summary.logging_configuration_identifiers {
        page.text(clean(arn.as_str()).as_str());
    }
    tag_facts(&summary.tags, page, look);
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
