//! Rules as they are applied: what each of them looks for in a message.

use regex::Regex;

use jiff::Timestamp;

use crate::api::Arn;
use crate::app::room::phrase::{Bare, Phrase};
use crate::app::text::{Link, links};

use super::RuleId;

/// Words of a rule that are told.
const LISTED: usize = 4;

/// What a message is to the rules.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// Its row's number.
    pub seq: u64,
    /// When it was said.
    pub at: Timestamp,
    /// Who said it.
    pub user_id: &'a str,
    /// What was said, as it is shown.
    pub text: &'a str,
    /// What its text is but for tricks; 0 if there is nothing to compare.
    pub fingerprint: u64,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// It flags.
    Flag,
    /// It flags, and deletes while the room is armed.
    Delete {
        /// The public reason.
        reason: Option<String>,
    },
}

/// So many within so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Threshold {
    pub(super) count: usize,
    pub(super) seconds: i64,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// What stands beside the messages that it flags.
    pub name: Box<str>,
    pub(super) rooms: Vec<Box<str>>,
    /// Words and phrases as they are written.
    pub(super) written: Vec<Box<str>>,
    pub(super) phrases: Vec<Phrase>,
    pub(super) pattern: Option<Regex>,
    pub(super) links: Option<usize>,
    pub(super) allow: Vec<Box<str>>,
    pub(super) repeat: Option<Threshold>,
    pub(super) flood: Option<Threshold>,
    /// What it does.
    pub action: Action,
}

/// All rules.
#[derive(Debug, Default)]
pub struct Rules {
    rules: Vec<Rule>,
}

/// A text as the rules look at it: made once for all of them.
pub(super) struct Looked<'a> {
    text: &'a str,
    bare: Bare,
    letters: String,
    links: Vec<Link>,
}

impl<'a> Looked<'a> {
    pub(super) fn at(text: &'a str) -> Self {
        let bare = Bare::of(text);
        let letters = bare.text();
        Self { text, bare, letters, links: links(text) }
    }
}

impl Rules {
    pub(super) fn new(rules: Vec<Rule>) -> Self {
        Self { rules }
    }

    /// No rules.
    pub fn none() -> Self {
        Self::default()
    }

    /// The name of a rule.
    pub fn name(&self, id: RuleId) -> &str {
        self.get(id).map_or("", |rule| &rule.name)
    }

    /// A rule.
    pub fn get(&self, id: RuleId) -> Option<&Rule> {
        self.rules.get(usize::from(id.0))
    }

    /// All of them, in the order in which they are written.
    pub fn rules(&self) -> impl Iterator<Item = (RuleId, &Rule)> {
        (0..).map(RuleId).zip(&self.rules)
    }

    /// Those that are in force in a room.
    pub fn of_room(&self, title: &str, arn: &Arn) -> Vec<RuleId> {
        self.rules().filter(|(_, rule)| rule.is_for(title, arn)).map(|(id, _)| id).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

impl Rule {
    fn is_for(&self, title: &str, arn: &Arn) -> bool {
        let named = |pattern: &str| [title, arn.id(), arn.as_str()].iter().any(|name| is_like(name, pattern));
        self.rooms.is_empty() || self.rooms.iter().any(|pattern| named(pattern))
    }

    /// Whether what is said strikes by itself, whatever came before.
    pub(super) fn strikes(&self, looked: &Looked) -> bool {
        let foreign = || looked.links.iter().filter(|link| !self.allows(link)).count();
        self.links.is_some_and(|links| foreign() >= links)
            || self.phrases.iter().any(|phrase| looked.bare.says(phrase))
            || self
                .pattern
                .as_ref()
                .is_some_and(|pattern| pattern.is_match(looked.text) || pattern.is_match(&looked.letters))
    }

    /// Whether a link leads to a host that is allowed, or to one below it.
    fn allows(&self, link: &Link) -> bool {
        let hosts = [Some(&link.host), link.ascii.as_ref()];
        let is_below = |host: &str, allowed: &str| {
            host.strip_suffix(allowed).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        self.allow.iter().any(|allowed| hosts.iter().flatten().any(|host| is_below(host, allowed)))
    }

    /// Whether it deletes by itself while the room is armed.
    pub fn deletes(&self) -> bool {
        match self.action {
            Action::Flag => false,
            Action::Delete { .. } => true,
        }
    }

    /// What it looks for, in a few words.
    pub fn words(&self) -> String {
        let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let many = |what: &str, at: Threshold| format!("{what}, {} in {} s", at.count, at.seconds);
        let parts = [
            Some(listed(&self.written)).filter(|words| !words.is_empty()),
            self.pattern.as_ref().map(|pattern| format!("what matches {pattern}")),
            self.links.map(|links| format!("{} or more", plural(links, "link"))),
            self.repeat.map(|repeat| many("the same text", repeat)),
            self.flood.map(|flood| many("one user's messages", flood)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    /// The rooms that it is for, as they are written; none if for all.
    pub fn rooms(&self) -> impl Iterator<Item = &str> {
        self.rooms.iter().map(|room| &**room)
    }
}

/// The first of these words, and how many more there are.
fn listed(words: &[Box<str>]) -> String {
    let first = words.iter().take(LISTED).map(|words| format!("{words:?}")).collect::<Vec<_>>().join(", ");
    match words.len().saturating_sub(LISTED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// Whether a name is like a pattern, in which `*` stands for anything.
fn is_like(name: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    // No star at all: the whole name.
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some((_, behind)) = rest.split_once(part) else { return false };
        rest = behind;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rules {
        Rules::compile(&[toml::from_str(&format!("name = \"r\"\n{text}")).unwrap()]).unwrap()
    }

    fn strikes(rule_text: &str, text: &str) -> bool {
        rule(rule_text).rules[0].strikes(&Looked::at(text))
    }

    #[test]
    fn words_are_whole_and_are_found_through_tricks() {
        let words = "words = [\"free coins\", \"airdrop\"]";
        for text in ["get FREE coins", "f r e e coins", "a i r d r o p", "Airdrop!!!", "freeee coins"] {
            assert!(strikes(words, text), "{text}");
        }
        for text in ["airdrops", "free my coins", "carefree coins", ""] {
            assert!(!strikes(words, text), "{text}");
        }
    }

    #[test]
    fn a_pattern_is_tried_on_the_text_as_shown_and_on_its_letters() {
        let pattern = r"pattern = '\bfree\s+coins?\b'";
        assert!(strikes(pattern, "FREE   coin") && strikes(pattern, "free... coins"));
        assert!(!strikes(pattern, "freecoins"));
        assert!(strikes("pattern = '#\\d+$'", "ticket #12"), "signs are in the text as shown");
    }

    #[test]
    fn links_to_hosts_that_are_allowed_do_not_count_and_those_below_them_neither() {
        let links = "links = 1\nallow = [\"youtube.com\"]";
        for text in
            ["https://evil.example/x", "notyoutube.com", "https://youtube.com.evil.example", "https://yоutube.com"]
        {
            assert!(strikes(links, text), "{text}");
        }
        for text in ["https://www.YouTube.com/watch?v=1", "see youtube.com", "no link"] {
            assert!(!strikes(links, text), "{text}");
        }
        assert!(
            !strikes("links = 2", "https://a.example") && strikes("links = 2", "https://a.example https://b.example")
        );
    }

    #[test]
    fn a_rule_is_for_rooms_by_name_id_or_arn() {
        let arn: Arn = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl".parse().unwrap();
        let is_for = |rooms: &str| !rule(&format!("links = 1\nrooms = {rooms}")).of_room("lobby-eu-1", &arn).is_empty();
        for rooms in
            ["[]", "['*']", "['lobby-*']", "['*-1']", "['l*y-*1']", "['AbCdEfGhIjKl']", "['x', '*:123456789012:*']"]
        {
            assert!(is_for(rooms), "{rooms}");
        }
        for rooms in ["['lobby']", "['Lobby-*']", "['*-2']", "['eu*']", "['lobby-eu-1*1']"] {
            assert!(!is_for(rooms), "{rooms}");
        }
    }
}
