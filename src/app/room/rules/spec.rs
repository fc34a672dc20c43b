//! A rule as it is written in the configuration, and all that may be wrong with it.

use serde::Deserialize;

use crate::api::limit;
use crate::app::room::phrase::Phrase;
use crate::app::room::query::expression;

use super::rule::{Action, Rule, Rules, Threshold};

/// Characters of a rule's name: it stands on the screen beside what it flags.
const NAME: limit::Text = limit::Text { min: 1, max: 24, chars: limit::Chars::AlphanumericAnd("-_") };
/// Rules that a configuration may have.
pub const MOST: usize = 500;
/// Messages of a cluster.
const COUNT: limit::Range = limit::Range { min: 2, max: 1000 };
/// Seconds of a cluster.
const SECONDS: limit::Range = limit::Range { min: 1, max: 3600 };
/// Links of one message.
const LINKS: limit::Range = limit::Range { min: 1, max: 100 };

/// A rule as it is written. Each of `words`, `pattern`, `links`, `repeat` and `flood` strikes by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// What stands beside the messages that it flags.
    pub name: String,
    /// Names, ids or ARNs of rooms, `*` for anything; none: all rooms.
    #[serde(default)]
    pub rooms: Vec<String>,
    /// Whole words or phrases.
    #[serde(default)]
    pub words: Vec<String>,
    /// A regular expression.
    pub pattern: Option<String>,
    /// So many links in one message, or more.
    pub links: Option<u32>,
    /// Hosts to which links don't count, those below them included.
    #[serde(default)]
    pub allow: Vec<String>,
    /// The same text again and again, from anybody.
    pub repeat: Option<Repeat>,
    /// Many messages of one user.
    pub flood: Option<Flood>,
    /// What it does; to flag if left out.
    #[serde(default)]
    pub action: Deed,
    /// The public reason if it deletes.
    pub reason: Option<String>,
}

/// The same text so often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// Messages.
    pub count: u32,
    /// Within this time.
    pub seconds: u32,
}

/// So many messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flood {
    /// Messages.
    pub messages: u32,
    /// Within this time.
    pub seconds: u32,
}

/// What a rule does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deed {
    /// It flags.
    #[default]
    Flag,
    /// It flags, and deletes while the room is armed.
    Delete,
}

impl Rules {
    /// The rules as they are written.
    ///
    /// # Errors
    /// All that is wrong with all of them, one line each, with place and name.
    pub fn compile(specs: &[Spec]) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let mut rules = Vec::new();
        if specs.len() > MOST {
            problems.push(format!("rule: there are {}, at most {MOST} are allowed", specs.len()));
        }
        for (index, spec) in specs.iter().enumerate() {
            let mut found = Vec::new();
            if specs[..index].iter().any(|other| other.name == spec.name) {
                found.push("name is there already: choose another".to_owned());
            }
            rules.push(spec.compile(&mut found));
            let place = format!("rule {} ({:?})", index + 1, spec.name);
            problems.extend(found.into_iter().map(|problem| format!("{place}: {problem}")));
        }
        if problems.is_empty() { Ok(Self::new(rules)) } else { Err(problems) }
    }
}

impl Spec {
    /// What is wrong with it alone, each line beginning with the key that it is about.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        self.compile(&mut problems);
        problems
    }

    fn compile(&self, problems: &mut Vec<String>) -> Rule {
        problems.extend(NAME.problem(&self.name).map(|problem| format!("name {problem}")));
        self.check_shape(problems);
        let threshold = |key: &str, number: &str, count: u32, seconds: u32, problems: &mut Vec<String>| {
            let found = [(number, COUNT, count), ("seconds", SECONDS, seconds)];
            problems.extend(
                found.iter().filter_map(|(name, range, value)| out_of(&format!("{key}.{name}"), *range, *value)),
            );
            Threshold { count: count as usize, seconds: seconds.into() }
        };
        let repeat = self.repeat.map(|repeat| threshold("repeat", "count", repeat.count, repeat.seconds, problems));
        let flood = self.flood.map(|flood| threshold("flood", "messages", flood.messages, flood.seconds, problems));
        problems.extend(self.links.and_then(|links| out_of("links", LINKS, links)));
        Rule {
            name: self.name.as_str().into(),
            rooms: self.rooms.iter().map(|room| room.as_str().into()).collect(),
            written: self.words.iter().map(|words| words.as_str().into()).collect(),
            phrases: self.phrases(problems),
            pattern: self.pattern.as_ref().and_then(|pattern| {
                let compiled = Some(pattern).filter(|pattern| !pattern.is_empty()).map(|pattern| expression(pattern));
                let compiled = compiled.unwrap_or_else(|| Err("must not be empty".to_owned()));
                compiled.map_err(|why| problems.push(format!("pattern {why}"))).ok()
            }),
            links: self.links.map(|links| links as usize),
            allow: self.allow.iter().map(|host| host.trim_start_matches("*.").to_lowercase().into()).collect(),
            repeat,
            flood,
            action: self.act(problems),
        }
    }

    /// What can't be seen from one key alone.
    fn check_shape(&self, problems: &mut Vec<String>) {
        let texts = !self.words.is_empty() || self.pattern.is_some();
        if !texts && self.links.is_none() && self.repeat.is_none() && self.flood.is_none() {
            problems.push("it looks for nothing: give words, pattern, links, repeat or flood".to_owned());
        }
        if !self.allow.is_empty() && self.links.is_none() {
            problems.push("allow means nothing without links".to_owned());
        }
        for (key, list) in [("rooms", &self.rooms), ("allow", &self.allow)] {
            let empty = (1..).zip(list).filter(|(_, entry)| entry.trim().is_empty());
            problems.extend(empty.map(|(place, _)| format!("{key} {place} must not be empty")));
        }
        // A link's host is what is compared: an address would never match, in silence.
        let odd = (1..).zip(&self.allow).filter(|(_, host)| host.contains(['/', ':', ' ']));
        problems.extend(
            odd.map(|(place, host)| format!("allow {place} is {host:?}: give the host alone, such as youtube.com")),
        );
    }

    fn phrases(&self, problems: &mut Vec<String>) -> Vec<Phrase> {
        let mut phrases = Vec::new();
        for (place, words) in (1..).zip(&self.words) {
            match Phrase::new(words) {
                Some(phrase) => phrases.push(phrase),
                None => problems.push(format!("words {place} is {words:?}, which has no letter: use pattern for it")),
            }
        }
        phrases
    }

    fn act(&self, problems: &mut Vec<String>) -> Action {
        let reason = self.reason.clone().filter(|reason| !reason.is_empty());
        let problem = reason.as_ref().and_then(|reason| limit::REASON.problem(reason));
        problems.extend(problem.map(|problem| format!("reason {problem}")));
        match self.action {
            Deed::Flag => Action::Flag,
            Deed::Delete => Action::Delete { reason },
        }
    }
}

fn out_of(key: &str, range: limit::Range, value: u32) -> Option<String> {
    let fits = (range.min..=range.max).contains(&value);
    (!fits).then(|| format!("{key} is {value}, must be {} to {}", range.min, range.max))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(text: &str) -> Result<Rules, Vec<String>> {
        #[derive(Deserialize)]
        struct File {
            rule: Vec<Spec>,
        }
        Rules::compile(&toml::from_str::<File>(text).unwrap().rule)
    }

    #[test]
    fn all_that_is_wrong_with_all_rules_is_told_at_once() {
        let long = "x".repeat(257);
        let problems = compile(&format!(
            "[[rule]]\nname = \"fine\"\nwords = [\"a\"]\n\
             [[rule]]\nname = \"two words\"\nwords = [\"ok\", \"...\"]\npattern = \"(a\"\nreason = \"{long}\"\n\
             [[rule]]\nname = \"empty\"\nallow = [\"https://a.b/\", \"\"]\nrooms = [\"\"]\n\
             [[rule]]\nname = \"fine\"\nlinks = 0\nrepeat = {{ count = 1, seconds = 0 }}\n\
             flood = {{ messages = 1001, seconds = 3601 }}\npattern = \"\"\n"
        ));
        let problems = problems.unwrap_err();
        for wanted in [
            "rule 2 (\"two words\"): name ' ' is not allowed",
            "rule 2 (\"two words\"): words 2 is \"...\", which has no letter",
            "rule 2 (\"two words\"): pattern means nothing: unclosed group",
            "rule 2 (\"two words\"): reason has 257 characters",
            "rule 3 (\"empty\"): it looks for nothing",
            "rule 3 (\"empty\"): allow means nothing without links",
            "rule 3 (\"empty\"): allow 1 is \"https://a.b/\": give the host alone",
            "rule 3 (\"empty\"): allow 2 must not be empty",
            "rule 3 (\"empty\"): rooms 1 must not be empty",
            "rule 4 (\"fine\"): name is there already",
            "rule 4 (\"fine\"): links is 0, must be 1 to 100",
            "rule 4 (\"fine\"): repeat.count is 1, must be 2 to 1000",
            "rule 4 (\"fine\"): repeat.seconds is 0, must be 1 to 3600",
            "rule 4 (\"fine\"): flood.messages is 1001",
            "rule 4 (\"fine\"): flood.seconds is 3601",
            "rule 4 (\"fine\"): pattern must not be empty",
        ] {
            assert!(problems.iter().any(|problem| problem.starts_with(wanted)), "{wanted}\n{problems:#?}");
        }
        assert_eq!(problems.len(), 16, "{problems:#?}");
    }

    #[test]
    fn a_rule_flags_unless_it_says_that_it_deletes() {
        let rules = compile(
            "[[rule]]\nname = \"a\"\nwords = [\"a\"]\nreason = \"spam\"\n\
             [[rule]]\nname = \"b\"\nwords = [\"a\"]\naction = \"delete\"\nreason = \"spam\"\n\
             [[rule]]\nname = \"c\"\nwords = [\"a\"]\naction = \"delete\"\nreason = \"\"\n",
        );
        let actions: Vec<Action> = rules.unwrap().rules().map(|(_, rule)| rule.action.clone()).collect();
        let delete = |reason: Option<&str>| Action::Delete { reason: reason.map(ToOwned::to_owned) };
        assert_eq!(actions, [Action::Flag, delete(Some("spam")), delete(None)]);
    }
}
