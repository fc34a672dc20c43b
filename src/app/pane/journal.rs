//! What the main pane tells of the journal: what was done here through this console, newest first, and what came of it.

mod search;

use std::collections::HashMap;

use jiff::Timestamp;
use ratatui::style::Style;
use serde_json::Value;

use crate::api::Arn;
use crate::app::ledger::Ledger;
use crate::app::look::Look;
use crate::app::room::row::span;
use crate::app::text::clean;
use crate::app::widget::page::Page;
use crate::journal::record::{Act, End, Entry, Verdict};

pub use search::Search;

/// Changes that are laid out; the file has them all.
const SHOWN: usize = 300;

/// What the page is made of.
pub struct Journal<'a> {
    /// All changes that are known.
    pub ledger: &'a Ledger,
    /// Those of this alone, or of everything.
    pub about: Option<&'a Arn>,
    /// What the entries must have.
    pub search: &'a Search,
    /// What resources are called that are listed; not yet safe to show.
    pub name: &'a dyn Fn(&Arn) -> Option<String>,
    /// What time it is.
    pub now: Timestamp,
}

impl Journal<'_> {
    /// The page, newest first.
    pub fn page(&self, page: &mut Page, look: Look) {
        let (ledger, about) = (self.ledger, self.about);
        if let Some(why) = ledger.trouble() {
            page.styled(&format!("Earlier changes can't be read: {why}"), look.bad());
            page.blank();
        }
        let (entries, all) = self.found();
        if all == 0 {
            nothing(ledger, about, page, look);
        } else if entries.is_empty() {
            page.styled("No entry has all these words: Esc shows all again.", look.quiet());
        }
        for (index, (entry, name)) in entries.iter().take(SHOWN).enumerate() {
            if index > 0 {
                page.blank();
            }
            one(entry, name.as_deref().filter(|_| about.is_none()), about.is_none(), self.now, page, look);
        }
        if all > 0 {
            page.blank();
            let turn = if about.is_some() { "a: the journal of everything" } else { "a: of what is selected alone" };
            page.styled(turn, look.quiet());
        }
        if entries.len() > SHOWN {
            page.blank();
            let older = entries.len() - SHOWN;
            page.styled(&format!("{older} more, older ones: / searches them, too."), look.quiet());
        }
    }

    /// How many entries have all the words, and of how many.
    pub fn count(&self) -> (usize, usize) {
        let (entries, all) = self.found();
        (entries.len(), all)
    }

    /// The entries that are let through, with the names of what they are about, and how many there are in all.
    fn found(&self) -> (Vec<(&Entry, Option<String>)>, usize) {
        let entries = self.ledger.entries(self.about);
        let all = entries.len();
        let given = given_names(self.ledger);
        let name_of = |arn: &Arn| (self.name)(arn).or_else(|| given.get(arn).map(|name| (*name).to_owned()));
        let with_name = entries.into_iter().map(|entry| (entry, arn_of(entry).and_then(name_of)));
        let found = with_name.filter(|(entry, name)| {
            self.search.is_empty() || self.search.takes(entry, &words(&entry.act, entry.is_done()), name.as_deref())
        });
        (found.collect(), all)
    }
}

/// What an entry is about.
fn arn_of(entry: &Entry) -> Option<&Arn> {
    let made = match &entry.end {
        End::Over(over) => over.made.as_ref(),
        End::Pending | End::Lost => None,
    };
    entry.act.target.as_ref().or(made)
}

/// The names that resources were given last through the console: of those that are gone nothing else knows them.
fn given_names(ledger: &Ledger) -> HashMap<&Arn, &str> {
    let mut names = HashMap::new();
    for entry in ledger.entries(None).into_iter().filter(|entry| entry.is_done()) {
        let is_naming = entry.act.operation.starts_with("Create") || entry.act.operation.starts_with("Update");
        let name = text(&entry.act.input, "name").filter(|name| is_naming && !name.is_empty());
        if let (Some(arn), Some(name)) = (arn_of(entry), name) {
            names.entry(arn).or_insert(name);
        }
    }
    names
}

fn nothing(ledger: &Ledger, about: Option<&Arn>, page: &mut Page, look: Look) {
    let what =
        if about.is_some() { "Nothing was done to this through the console yet." } else { "Nothing was done yet." };
    page.styled(what, look.quiet());
    page.blank();
    page.styled("Here stand changes, deletions and disconnections, with the reason and what came of it.", look.quiet());
    let kept = match ledger.folder() {
        Some(folder) => format!("They are kept in {folder}."),
        None => "They are not kept when the console ends.".to_owned(),
    };
    page.styled(&kept, look.quiet());
    if about.is_some() {
        page.styled("a shows those of everything, rooms that are gone included.", look.quiet());
    }
}

fn one(entry: &Entry, name: Option<&str>, with_target: bool, now: Timestamp, page: &mut Page, look: Look) {
    let same_day = entry.time.strftime("%F").to_string() == now.strftime("%F").to_string();
    let time = entry.time.strftime(if same_day { "%H:%M:%SZ" } else { "%F %H:%M:%SZ" });
    let said = words(&entry.act, entry.is_done());
    page.styled(&format!("{time}  {said}"), look.strong());
    let (outcome, style) = outcome(&entry.end, look);
    page.fact_styled("Outcome", &outcome, style);
    let act = &entry.act;
    if let Some(name) = name {
        page.fact("On", clean(name).as_str());
    }
    if let Some(target) = act.target.as_ref().filter(|_| with_target) {
        page.fact(if name.is_some() { "ARN" } else { "On" }, clean(target.as_str()).as_str());
    }
    for (label, value) in values(act) {
        page.fact(label, clean(&value).as_str());
    }
    let reason = act.reason.as_ref().map(|reason| format!("{reason} (public)"));
    for (label, value) in [
        // Where the words do not name the user already.
        ("User", act.user.as_ref().filter(|user| !said.contains(clean(user).as_str()))),
        ("Reason", reason.as_ref()),
        ("Note", act.note.as_ref()),
        ("Rule", act.rule.as_ref()),
        ("Text", act.text.as_ref()),
        ("By", entry.actor.as_ref()),
    ] {
        if let Some(value) = value {
            page.fact(label, clean(value).as_str());
        }
    }
    if let End::Over(over) = &entry.end
        && let Some(id) = &over.request_id
    {
        page.fact_styled("Request", clean(id).as_str(), look.quiet());
    }
}

fn outcome(end: &End, look: Look) -> (String, Style) {
    let over = match end {
        End::Pending => return ("pending".to_owned(), look.busy()),
        End::Lost => return ("unknown: the console ended before it came".to_owned(), look.busy()),
        End::Over(over) => over,
    };
    #[expect(clippy::cast_precision_loss, reason = "a latency of 285,000 years may be rounded")]
    let latency = span(over.latency_ms as f64 / 1000.0);
    let (text, style) = match &over.verdict {
        Verdict::Done => (format!("done ({latency})"), look.good()),
        Verdict::Refused { code, message } if message.is_empty() => (format!("refused: {code}"), look.bad()),
        Verdict::Refused { code, message } => (format!("refused: {code}: {message}"), look.bad()),
        Verdict::Failed { why } => (format!("failed: {why}"), look.bad()),
        Verdict::Unknown { why } => (format!("unknown: {why}"), look.busy()),
    };
    (clean(&text).as_str().to_owned(), style)
}

/// What an act is, in words: in the past if it was done, else as what it was meant to be.
fn words(act: &Act, done: bool) -> String {
    let tense = |past: &'static str, meant: &'static str| if done { past } else { meant };
    let (create, change) = (tense("created", "create"), tense("changed", "change"));
    let delete = tense("deleted", "delete");
    let user = act.user.as_deref().unwrap_or("somebody");
    let members = |skip: &str| keys(&act.input).filter(|key| *key != skip).collect::<Vec<_>>().join(", ");
    let name = text(&act.input, "name").map(|name| format!(" {name:?}")).unwrap_or_default();
    let said = match act.operation.as_str() {
        "CreateRoom" => format!("{create} a room{name}"),
        "UpdateRoom" => format!("{change} the room: {}", members("identifier")),
        "DeleteRoom" => format!("{delete} the room"),
        "CreateLoggingConfiguration" => format!("{create} a logging configuration{name}"),
        "UpdateLoggingConfiguration" => format!("{change} the logging configuration: {}", members("identifier")),
        "DeleteLoggingConfiguration" => format!("{delete} the logging configuration"),
        "TagResource" => {
            let tags = act.input.get("tags").map(|tags| keys(tags).collect::<Vec<_>>().join(", "));
            format!("{} tags: {}", tense("set", "set"), tags.unwrap_or_default())
        }
        "UntagResource" => format!("{} tags: {}", tense("removed", "remove"), removed(&act.input)),
        "DeleteMessage" => format!("{delete} a message of {user}"),
        "DisconnectUser" => format!("{} {user}", tense("disconnected", "disconnect")),
        "SendMessage" => format!("{} a message as {user}", tense("wrote", "write")),
        "SendEvent" => {
            let event = text(&act.input, "eventName").unwrap_or_default();
            format!("{} the event {event}", tense("sent", "send"))
        }
        "CreateChatToken" => format!("{} a token for {user}", tense("issued", "issue")),
        other => other.to_owned(),
    };
    clean(&said).as_str().to_owned()
}

/// What was set: tags, or members of a resource that was changed.
fn values(act: &Act) -> Vec<(&'static str, String)> {
    let (label, members) = match act.operation.as_str() {
        "TagResource" => ("Tag", act.input.get("tags")),
        "UpdateRoom" | "UpdateLoggingConfiguration" => ("Now", Some(&act.input)),
        _ => return Vec::new(),
    };
    let members = members.and_then(Value::as_object).into_iter().flatten();
    let members = members.filter(|(key, _)| label == "Tag" || *key != "identifier");
    members
        .map(|(key, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (label, format!("{key} = {value}"))
        })
        .collect()
}

fn text<'a>(input: &'a Value, member: &str) -> Option<&'a str> {
    input.get(member).and_then(Value::as_str)
}

fn keys(object: &Value) -> impl Iterator<Item = &str> {
    object.as_object().into_iter().flatten().map(|(key, _)| key.as_str())
}

fn removed(input: &Value) -> String {
    let members = input.get("query").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    members.filter_map(|member| member.strip_prefix("tagKeys=")).collect::<Vec<_>>().join(", ")
}
