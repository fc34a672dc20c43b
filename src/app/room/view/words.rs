//! What is said of a message besides its text.

use std::time::Duration;

use ratatui::style::Style;

use crate::app::look::Look;
use crate::app::room::row::{Actor, Fate, Said, Stage};

use super::{LATE, after};

/// Why, by whom and how fast a message was deleted.
pub(super) fn epitaph(reason: &str, by: Actor, stood: Duration) -> String {
    let reason = if reason.is_empty() { "deleted".to_owned() } else { format!("deleted: {reason}") };
    match by {
        Actor::Us(echo) => format!("{reason} (you, {})", after(echo)),
        Actor::SomebodyElse => format!("{reason} (another, {} on)", after(stood)),
    }
}

/// What is being done about a message.
pub(super) fn note(said: &Said, look: Look) -> Option<(String, Style)> {
    Some(match &said.fate {
        Fate::Standing | Fate::Deleted { .. } => return None,
        Fate::Deleting { stage: Stage::Waiting, .. } => ("not sent yet, u cancels".to_owned(), look.busy()),
        Fate::Deleting { stage: Stage::Pending, .. } => ("deleting".to_owned(), look.busy()),
        Fate::Deleting { stage: Stage::Sent, .. } => ("sent, not yet confirmed".to_owned(), look.busy()),
        Fate::Deleting { stage: Stage::Unconfirmed, .. } => ("sent, never confirmed".to_owned(), look.bad()),
        Fate::Failed(why) => (format!("not deleted: {why}"), look.bad()),
    })
}

/// What stands behind the text: that it is ours, that it came late.
pub(super) fn tail(said: &Said) -> String {
    match said.written() {
        Some(echo) => format!("(you, {})", after(echo)),
        None if said.signs.late >= LATE => format!("({} late)", late(said)),
        None => String::new(),
    }
}

fn late(said: &Said) -> String {
    after(Duration::from_secs(said.signs.late.into()))
}

/// What was noticed about a message, in a few words each.
pub fn facts(said: &Said) -> Vec<String> {
    let mut facts = Vec::new();
    if said.signs.flag.is_some() {
        facts.push("flagged".to_owned());
    }
    if said.text.altered() || said.by.name.altered() {
        facts.push("hidden characters".to_owned());
    }
    if said.signs.first {
        facts.push("first message".to_owned());
    }
    match said.signs.links {
        0 => {}
        1 => facts.push("1 link".to_owned()),
        links => facts.push(format!("{links} links")),
    }
    if said.signs.late >= LATE {
        facts.push(format!("{} late", late(said)));
    }
    facts
}
