//! What is said of a message besides its text.

use std::time::Duration;

use ratatui::style::Style;

use crate::app::look::Look;
use crate::app::room::row::{Actor, Fate, Said, Stage};

use super::{LATE, after};

/// Why, by whom and how fast a message was deleted.
pub(in crate::app::room) fn epitaph(reason: &str, by: Actor, stood: Duration) -> String {
    let reason = if reason.is_empty() { "deleted".to_owned() } else { format!("deleted: {reason}") };
    match by {
        Actor::Us(echo) => format!("{reason} (you, {})", after(echo)),
        Actor::SomebodyElse => format!("{reason} (another, {} on)", after(stood)),
    }
}

/// What is being done about a message.
pub(in crate::app::room) fn note(said: &Said, look: Look) -> Option<(String, Style)> {
    Some(match &said.fate {
        Fate::Standing | Fate::Deleted { .. } => return None,
        Fate::Deleting { stage: Stage::Waiting, .. } => ("not sent yet, u cancels".to_owned(), look.busy()),
        Fate::Deleting { stage: Stage::Pending, .. } => ("deleting".to_owned(), look.busy()),
        Fate::Deleting { stage: Stage::Sent, .. } => ("sent, not yet confirmed".to_owned(), look.busy()),
        Fate::Deleting { stage: Stage::Unconfirmed, .. } => ("sent, never confirmed".to_owned(), look.bad()),
        Fate::Failed(why) => (format!("not deleted: {why}"), look.bad()),
    })
}

/// The one sign in front of a name: what was done about a message comes before what was noticed. No message can write to
/// its column.
pub(in crate::app::room) fn sign(said: &Said, watched: bool, look: Look) -> (&'static str, Style) {
    match &said.fate {
        Fate::Deleted { .. } => ("x", look.quiet()),
        Fate::Deleting { stage: Stage::Unconfirmed, .. } | Fate::Failed(_) => ("!", look.bad()),
        Fate::Deleting { .. } => ("~", look.busy()),
        Fate::Standing if said.signs.flag.is_some() => ("!", look.bad()),
        Fate::Standing if watched => ("@", look.mark()),
        Fate::Standing if said.text.altered() || said.by.name.altered() => ("^", look.busy()),
        Fate::Standing if said.written().is_some() => (">", look.good()),
        Fate::Standing if said.signs.first => ("*", look.quiet()),
        Fate::Standing => (" ", look.text()),
    }
}

/// What stands behind the text: that it is ours, that it came late, which rule has flagged it.
pub(in crate::app::room) fn tail(said: &Said, flag: Option<&str>) -> String {
    let ours = said.written().map(|echo| format!("(you, {})", after(echo)));
    let late = || (said.signs.late >= LATE).then(|| format!("({} late)", late(said)));
    let flag = flag.map(|rule| format!("!{rule}"));
    [ours.or_else(late), flag].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn late(said: &Said) -> String {
    after(Duration::from_secs(said.signs.late.into()))
}

/// What was noticed about a message, in a few words each.
pub fn facts(said: &Said, flag: Option<&str>) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(flag.map(|rule| format!("flagged: {rule}")));
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
