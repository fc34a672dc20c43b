//! What the main pane tells of the journal: what was done here through this console, newest first, and what came of it.

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

/// Changes that are laid out; the file has them all.
const SHOWN: usize = 300;

/// The page of what was done to `about`, or to everything.
pub fn page(ledger: &Ledger, about: Option<&Arn>, now: Timestamp, page: &mut Page, look: Look) {
    if let Some(why) = ledger.trouble() {
        page.styled(&format!("Earlier changes can't be read: {why}"), look.bad());
        page.blank();
    }
    let entries = ledger.entries(about);
    if entries.is_empty() {
        nothing(ledger, about, page, look);
    }
    for (index, entry) in entries.iter().take(SHOWN).enumerate() {
        if index > 0 {
            page.blank();
        }
        one(entry, about.is_none(), now, page, look);
    }
    if !entries.is_empty() {
        page.blank();
        let turn = if about.is_some() { "a: the journal of everything" } else { "a: of what is selected alone" };
        page.styled(turn, look.quiet());
    }
    if entries.len() > SHOWN {
        page.blank();
        page.styled(&format!("{} older ones are in the files.", entries.len() - SHOWN), look.quiet());
    }
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

fn one(entry: &Entry, with_target: bool, now: Timestamp, page: &mut Page, look: Look) {
    let same_day = entry.time.strftime("%F").to_string() == now.strftime("%F").to_string();
    let time = entry.time.strftime(if same_day { "%H:%M:%SZ" } else { "%F %H:%M:%SZ" });
    let said = words(&entry.act, entry.is_done());
    page.styled(&format!("{time}  {said}"), look.strong());
    let (outcome, style) = outcome(&entry.end, look);
    page.fact_styled("Outcome", &outcome, style);
    let act = &entry.act;
    if let Some(target) = act.target.as_ref().filter(|_| with_target) {
        page.fact("On", clean(target.as_str()).as_str());
    }
    let reason = act.reason.as_ref().map(|reason| format!("{reason} (public)"));
    for (label, value) in [
        // Where the words do not name the user already.
        ("User", act.user.as_ref().filter(|user| !said.contains(clean(user).as_str()))),
        ("Reason", reason.as_ref()),
        ("Note", act.note.as_ref()),
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
