//! What is wrong with rules, by the place of each.

use crate::app::room::rules::{MOST, Spec};

use super::path::Path;
use super::problem::Problem;

/// What is wrong with these.
pub(super) fn check(rules: &[Spec], at: &Path, problems: &mut Vec<Problem>) {
    for (place, rule) in rules.iter().enumerate() {
        let at = at.place(place);
        if place >= MOST {
            problems.push(Problem::new(at.clone(), format!("at most {MOST} rules are allowed")));
        }
        if rules[..place].iter().any(|other| other.name == rule.name) {
            problems.push(Problem::new(at.key("name"), format!("{:?} is there already: choose another", rule.name)));
        }
        problems.extend(rule.problems().into_iter().map(|what| told(&at, &what)));
    }
}

/// A rule tells of itself in lines that begin with the key, and with an entry's place from 1.
fn told(at: &Path, what: &str) -> Problem {
    const KEYS: [&str; 8] = ["name", "rooms", "words", "pattern", "links", "allow", "action", "reason"];
    let (first, rest) = what.split_once(' ').unwrap_or((what, ""));
    let (key, below) = first.split_once('.').map_or((first, None), |(key, below)| (key, Some(below)));
    if let Some(below) = below {
        return Problem::new(at.key(key).key(below), rest);
    }
    if !KEYS.contains(&key) {
        return Problem::new(at.clone(), what);
    }
    let entry =
        rest.split_once(' ').and_then(|(place, rest)| Some((place.parse::<usize>().ok()?.checked_sub(1)?, rest)));
    match entry {
        Some((place, rest)) => Problem::new(at.key(key).place(place), rest),
        None => Problem::new(at.key(key), rest),
    }
}
