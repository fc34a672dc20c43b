//! What is shown of rules: those in force in a room, what a trial found, and what is asked before a room is armed.

use crate::api::Arn;
use crate::app::room::Room;
use crate::app::room::guard::InForce;
use crate::app::room::rules::trial::{Findings, Hits, counted};

use super::confirm::{Confirm, Subject};
use super::order::Order;
use super::report::{Part, Report};

/// The rules in force in a room.
pub fn in_force(room: &Room) -> Report {
    let name = room.title().as_str();
    let rules = room.in_force();
    let mut parts = Vec::new();
    match (rules.len(), room.rules().len()) {
        (0, 0) => {
            parts.push(Part::Text("There are no rules.".to_owned()));
            parts.push(Part::Quiet(
                "Each [[rule]] in the configuration is one; config.example.toml says what there is.".to_owned(),
            ));
        }
        (0, others) => parts.push(Part::Text(format!("None of the {others} rules is for this room."))),
        (here, all) if here == all => {}
        (here, all) => parts.push(Part::Quiet(format!("{here} of {all} rules are for this room."))),
    }
    if let Some(state) = state(room, &rules) {
        parts.push(state);
    }
    for rule in &rules {
        parts.push(Part::Heading(format!("{}  {}", rule.name, hits(rule.hits))));
        parts.push(Part::Text(rule.words.clone()));
        if rule.deletes {
            parts.push(Part::Quiet(deletes(rule)));
        }
    }
    if !room.rules().is_empty() {
        parts.push(Part::Heading("Trying them".to_owned()));
        parts.push(Part::Quiet(
            ":rules test FILE runs all rules over a recorded feed: JSON lines of frames, or the service's own chat log."
                .to_owned(),
        ));
    }
    Report::new(&format!("Rules in {name}"), parts)
}

/// Whether the room is armed, where that makes a difference.
fn state(room: &Room, rules: &[InForce]) -> Option<Part> {
    let deleted = match room.deleted_by_rules() {
        0 => String::new(),
        1 => " 1 message was deleted by rules.".to_owned(),
        count => format!(" {count} messages were deleted by rules."),
    };
    if room.is_armed() {
        return Some(Part::Bad(format!("ARMED: rules delete by themselves here. :disarm stops that.{deleted}")));
    }
    let any = rules.iter().any(|rule| rule.deletes);
    any.then(|| {
        Part::Text(format!("Not armed: rules flag and do no more. :arm lets those delete that say so.{deleted}"))
    })
}

fn deletes(rule: &InForce) -> String {
    format!("deletes in an armed room; {}", reason(rule))
}

fn reason(rule: &InForce) -> String {
    rule.reason.as_ref().map_or("no public reason".to_owned(), |reason| format!("public reason: {reason}"))
}

fn hits(count: u64) -> String {
    match count {
        0 => "no hits".to_owned(),
        1 => "1 hit".to_owned(),
        count => format!("{count} hits"),
    }
}

/// What a trial found.
pub fn findings(found: &Findings) -> Vec<Part> {
    let messages = counted(found.messages, "message");
    let mut parts = vec![Part::Text(format!("{messages}, {} flagged when they came", found.flagged))];
    parts.extend(found.rest().into_iter().map(Part::Quiet));
    if found.unreadable > 0 {
        parts.push(Part::Bad(format!("{} not readable", counted(found.unreadable, "line"))));
        parts.extend(found.problems.iter().map(|(line, why)| Part::Item(format!("line {line}: {why}"))));
    }
    for rule in &found.hits {
        parts.push(Part::Heading(format!("{}  {}", rule.name, hits(rule.count))));
        parts.push(Part::Text(rule.words.clone()));
        parts.extend(kind(rule).map(Part::Quiet));
        let examples = rule.examples.iter();
        parts.extend(examples.map(|one| Part::Item(format!("line {}  {}: {}", one.line, one.who, one.text))));
    }
    parts
}

fn kind(rule: &Hits) -> Option<String> {
    let deletes = rule.deletes.then(|| "deletes in an armed room".to_owned());
    let rooms = rule.rooms.as_ref().map(|rooms| format!("only in {rooms}: here it was tried all the same"));
    let words: Vec<String> = [deletes, rooms].into_iter().flatten().collect();
    Some(words.join("; ")).filter(|words| !words.is_empty())
}

/// Asks for the room's name before rules may delete in it.
pub fn arm(room: &Room) -> Confirm {
    let deleting: Vec<InForce> = room.in_force().into_iter().filter(|rule| rule.deletes).collect();
    let facts = deleting.iter().enumerate().map(|(index, rule)| {
        let label = if index == 0 { "Rules" } else { "" };
        (label, format!("{}: {}; {} so far; {}", rule.name, rule.words, hits(rule.hits), reason(rule)))
    });
    let subject = Subject {
        title: format!("Arm {}", room.title().as_str()),
        name: room.title().as_str().to_owned(),
        facts: facts.collect(),
        warnings: vec![
            "From then on these rules delete what strikes them as it comes, without asking.".to_owned(),
            "Protected users and you are spared. :disarm ends it, and so does leaving.".to_owned(),
        ],
    };
    let room: Arn = room.arn().clone();
    Confirm::ordering(subject, "arm it", Order::Arm { room })
}
