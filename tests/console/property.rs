//! Whatever is typed while whatever arrives: what is hit is what was highlighted, marked or labelled in the frame that
//! was on the screen when the key was pressed, and no row moves while a message is selected.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use ivschat::app::keys::Context;
use proptest::prelude::*;
use proptest::test_runner::Config;
use ratatui::style::Modifier;
use serde_json::json;

use crate::Console;

const ROOM: &str = "staging-smoke";
const RULES: &str = "[[rule]]\nname = 'wave'\nwords = ['wave']\n";
/// What several users say, so that it folds.
const WAVES: [&str; 2] = ["wave of coins", "wave of gold"];
const USERS: [&str; 5] = ["ann", "bob", "cyd", "dan", "eve"];
/// Sizes at which the chat has the screen for itself.
const SIZES: [(u16, u16); 4] = [(80, 24), (90, 30), (99, 45), (72, 16)];

/// Something that comes over the connection, or happens to it.
#[derive(Debug, Clone)]
enum Arrival {
    /// A message that nobody else writes, of so many words more.
    Message(usize),
    /// One that others write, too.
    Repeat(usize),
    /// A moderator elsewhere deletes one that came before, counted from the last one.
    Deletion(usize),
    /// A user is disconnected elsewhere.
    Disconnection,
    /// The connection is lost and made again: a gap.
    Gap,
    /// Time passes.
    Wait(i64),
}

#[derive(Debug, Clone)]
enum Step {
    /// A key, and what arrives between the frame that the reader saw and the press.
    Key(&'static str, Vec<Arrival>),
    Arrives(Vec<Arrival>),
    Filter(&'static str),
    Resize(usize),
}

fn arrival() -> impl Strategy<Value = Arrival> {
    prop_oneof![
        6 => (0..40usize).prop_map(Arrival::Message),
        4 => (0..WAVES.len()).prop_map(Arrival::Repeat),
        3 => (0..20usize).prop_map(Arrival::Deletion),
        1 => Just(Arrival::Disconnection),
        1 => Just(Arrival::Gap),
        1 => (1..4_000i64).prop_map(Arrival::Wait),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let moves = prop::sample::select(vec!["k", "k", "j", "g", "G", "<pageup>", "<pagedown>", "n", "N", "'"]);
    let marks = prop::sample::select(vec!["<space>", "<space>", "v", "*", "o", "r"]);
    let acts = prop::sample::select(vec!["d", "d", "D", ".", "x", "X", "u"]);
    // Answers to questions, and letters of labels.
    let answers = prop::sample::select(vec!["y", "<enter>", "1", "2", "a", "s", "f", "q", "w", "m"]);
    let others = prop::sample::select(vec!["<esc>", "<esc>", "<tab>", "0", "z", "i", "/", "?"]);
    let key = prop_oneof![6 => moves, 3 => marks, 4 => acts, 4 => answers, 2 => others];
    prop_oneof![
        12 => (key, prop::collection::vec(arrival(), 0..3)).prop_map(|(key, before)| Step::Key(key, before)),
        4 => prop::collection::vec(arrival(), 1..6).prop_map(Step::Arrives),
        1 => prop::sample::select(vec!["wave", "gold", "-wave", "from:ann"]).prop_map(Step::Filter),
        1 => (0..SIZES.len()).prop_map(Step::Resize),
    ]
}

/// A row of the feed as the reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    y: usize,
    /// What it says, as far as that tells it from others; none if too little of it is on the screen.
    text: Option<String>,
    who: String,
    label: String,
    marked: bool,
    folded: bool,
    highlighted: bool,
}

/// The feed as the reader sees it.
fn frame(console: &Console) -> Vec<Seen> {
    let buffer = console.buffer();
    let inside = |y: &u16| (2..buffer.area.height - 3).contains(y);
    let rows = (0..buffer.area.height).filter(inside).filter_map(|y| {
        let row: String = (1..buffer.area.width - 1).map(|x| buffer[(x, y)].symbol()).collect();
        let cells: Vec<char> = row.chars().collect();
        let time = cells.get(2) == Some(&':') && cells.get(5) == Some(&':');
        let label: String = cells.iter().take(8).collect::<String>().trim().to_owned();
        let labelled = (1..=2).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_lowercase());
        // Only the first line of a row begins with either.
        (time || labelled).then(|| Seen {
            y: usize::from(y),
            text: told(&row),
            who: cells.iter().skip(10).collect(),
            label: if labelled { label } else { String::new() },
            marked: cells.get(8) == Some(&'+'),
            folded: is_folded(&cells),
            highlighted: (2..20).all(|x| buffer[(x, y)].modifier.contains(Modifier::REVERSED)),
        })
    });
    rows.collect()
}

/// Whether a row stands for many: `=14 from 11`, or `ann#61a1 x3`.
fn is_folded(cells: &[char]) -> bool {
    let who: String = cells.iter().skip(10).take(20).collect();
    let times = |rest: &str| rest.get(4..6) == Some(" x");
    who.starts_with('=') || who.split_once('#').is_some_and(|(_, rest)| times(rest))
}

/// What tells a message from others.
fn told(row: &str) -> Option<String> {
    if let Some(wave) = WAVES.iter().find(|wave| row.contains(**wave)) {
        return Some((*wave).to_owned());
    }
    let (at, _) = row.match_indices('q').find(|(at, _)| {
        let digits = row.as_bytes().get(at + 1..at + 5);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
    })?;
    Some(row[at..at + 5].to_owned())
}

/// The console, and what is known of the room besides.
struct Play {
    console: Option<Console>,
    /// What each message says, by id.
    said: BTreeMap<String, String>,
    order: Vec<String>,
    /// What was asked for in the dialog or by the labels that are open.
    asked: BTreeSet<String>,
    /// The letters of a label so far.
    typed: String,
    /// What was answered with yes, and is sent as fast as the quota lets it.
    accepted: BTreeSet<String>,
    /// Texts of the rows that have a mark.
    marked: BTreeSet<String>,
    filter: &'static str,
    deleted: usize,
    hits: usize,
}

impl Play {
    fn new() -> Self {
        let console = Console::ruled(RULES, &[]).keys("/staging-smoke<enter><enter>").wait(3_000).shows("live");
        let (said, order) = (BTreeMap::new(), Vec::new());
        let (asked, accepted, marked) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut play = Self {
            console: Some(console),
            said,
            order,
            asked,
            accepted,
            marked,
            typed: String::new(),
            filter: "",
            deleted: 0,
            hits: 0,
        };
        for n in 0..30 {
            play.arrive(&if n % 5 == 4 { Arrival::Repeat(n % 2) } else { Arrival::Message(n % 12) });
        }
        play
    }

    fn console(&self) -> &Console {
        self.console.as_ref().unwrap()
    }

    fn with(&mut self, act: impl FnOnce(Console) -> Console) {
        self.console = self.console.take().map(act);
    }

    fn is_connected(&mut self) -> bool {
        self.console.as_mut().unwrap().is_connected(ROOM)
    }

    fn hear(&mut self, frame: &serde_json::Value) {
        if !self.is_connected() {
            return;
        }
        let frame = frame.to_string();
        self.with(|console| console.hears(ROOM, &[frame]));
    }

    fn say(&mut self, text: &str) {
        if !self.is_connected() {
            return;
        }
        let id = format!("m{:011}", self.order.len());
        let user = USERS[self.order.len() % USERS.len()];
        self.said.insert(id.clone(), text.to_owned());
        self.order.push(id.clone());
        self.hear(&json!({"Type": "MESSAGE", "Id": id, "Content": text, "Sender": {"UserId": user}}));
    }

    fn arrive(&mut self, arrival: &Arrival) {
        match arrival {
            Arrival::Message(words) => self.say(&format!("q{:04}{}", self.order.len(), " word".repeat(*words))),
            Arrival::Repeat(wave) => self.say(WAVES[*wave]),
            Arrival::Deletion(back) => {
                let Some(at) = self.order.len().checked_sub(back + 1) else { return };
                let attributes = json!({"MessageID": self.order[at], "Reason": "spam"});
                self.hear(&json!({"Type": "EVENT", "Id": "e", "EventName": "aws:DELETE_MESSAGE",
                    "Attributes": attributes}));
            }
            Arrival::Disconnection => {
                self.hear(&json!({"Type": "EVENT", "Id": "e", "EventName": "aws:DISCONNECT_USER",
                    "Attributes": {"UserId": "ann", "Reason": "spam"}}));
            }
            Arrival::Gap => self.with(|console| console.goes_offline().wait(2_000).comes_online().wait(40_000)),
            Arrival::Wait(time) => self.with(|console| console.wait(*time)),
        }
    }

    /// What arrives moves nothing while a message is selected or marked, and hits nothing.
    fn arrivals(&mut self, arrivals: &[Arrival]) {
        let before = frame(self.console());
        let held = self.console().context() == Context::Chat && before.iter().any(|row| row.highlighted);
        for arrival in arrivals {
            self.arrive(arrival);
        }
        if held {
            let place = |rows: &[Seen]| -> Vec<_> {
                let places = rows.iter().map(|row| (row.y, row.highlighted, row.marked));
                places.collect()
            };
            let after = frame(self.console());
            assert_eq!(place(&before), place(&after), "rows moved\n{}", self.console().screen());
            for (before, after) in before.iter().zip(&after) {
                // A deleted one tells its end first, and may have no room for what it said.
                assert!(after.text.is_none() || before.text == after.text, "{before:?} became {after:?}");
            }
        }
        self.hit_only(&BTreeSet::new());
        self.looks_right();
    }

    fn ids_of(&self, text: &str) -> impl Iterator<Item = String> {
        let says = |said: &String| said.split(' ').next() == text.split(' ').next() && said.starts_with(text);
        self.said.iter().filter(|(_, said)| says(said)).map(|(id, _)| id.clone()).collect::<Vec<_>>().into_iter()
    }

    /// What an act would hit, as the reader sees it.
    fn aimed_at(&self, frame: &[Seen]) -> BTreeSet<String> {
        let passes = |text: &&String| match self.filter {
            "" => true,
            "-wave" => !text.contains("wave"),
            "wave" | "gold" => text.contains(self.filter),
            _ => self.ids_of(text).any(|id| self.order.iter().position(|other| *other == id).unwrap() % 5 == 0),
        };
        if !self.marked.is_empty() {
            return self.marked.iter().filter(passes).flat_map(|text| self.ids_of(text)).collect();
        }
        let Some(row) = frame.iter().find(|row| row.highlighted) else { return BTreeSet::new() };
        // One of those that are alike: the one that the console says it is.
        let one = self.console().selected();
        match (&row.text, row.folded, one) {
            (Some(text), true, _) => self.ids_of(text).collect(),
            (None, true, Some(id)) => self.ids_of(&self.said[&id]).collect(),
            (_, _, one) => one.into_iter().collect(),
        }
    }

    /// The messages that a row with a label can be: what failed about one may cover what it says, never who said it.
    fn labelled(&self, row: &Seen) -> Vec<String> {
        if let Some(text) = &row.text {
            return self.ids_of(text).collect();
        }
        let by = USERS.iter().position(|user| row.who.starts_with(user));
        let ids = self.order.iter().enumerate().filter(|(at, _)| Some(at % USERS.len()) == by);
        ids.map(|(_, id)| id.clone()).collect()
    }

    fn key(&mut self, key: &'static str, before: &[Arrival]) {
        let seen = frame(self.console());
        let (context, aimed) = (self.console().context(), self.aimed_at(&seen));
        self.arrivals(before);
        // An answer may have closed the dialog, and a connection's end the room.
        let context = if self.console().context() == context { context } else { self.console().context() };
        let allowed = match context {
            Context::Chat => {
                self.typed.clear();
                self.asked = if matches!(key, "d" | "D" | ".") { aimed } else { BTreeSet::new() };
                self.asked.clone()
            }
            // In the card of a user there is one message to a row, and no mark counts.
            Context::Card => {
                let acts = matches!(key, "d" | "D" | ".");
                self.asked = self.console().selected().into_iter().filter(|_| acts).collect();
                self.asked.clone()
            }
            Context::Labels => {
                self.typed.push_str(&key.to_lowercase());
                let labelled = seen.iter().filter(|row| row.label == self.typed);
                self.asked = labelled.flat_map(|row| self.labelled(row)).collect();
                self.asked.clone()
            }
            _ => self.asked.clone(),
        };
        self.with(|console| console.keys(key));
        if self.console().context() == Context::Batch || context == Context::Batch {
            let asked = self.asked.clone();
            self.accepted.extend(asked);
        }
        self.hit_only(&allowed);
        self.remember_marks(context, key, &seen);
        self.looks_right();
    }

    /// Follows the marks as the reader sees them, and, where they reach beyond the screen, as the keys mean them.
    fn remember_marks(&mut self, context: Context, key: &str, seen: &[Seen]) {
        let screen = self.console().screen();
        let now = frame(self.console());
        if self.console().context() == Context::Chat && !screen.contains(" marked") {
            self.marked.clear();
        }
        if context == Context::Chat && matches!(key, "v" | "*") && screen.contains(" marked") {
            // All that was shown when the view stopped: at least the frame, at most what had come by then.
            let last = seen.iter().rev().find_map(|row| row.text.clone());
            let last = last.and_then(|text| self.ids_of(&text).last());
            let end = last.and_then(|id| self.order.iter().position(|other| *other == id));
            let end = end.map_or(self.order.len(), |end| end + 1);
            let texts = self.order[..end].iter().map(|id| self.said[id].split(" word").next().unwrap().to_owned());
            self.marked.extend(texts.collect::<Vec<_>>());
        }
        let texts = |marked| {
            let rows = now.iter().filter(move |row| row.label.is_empty() && row.marked == marked);
            rows.filter_map(|row| row.text.clone()).collect::<Vec<_>>()
        };
        if key == "<space>" {
            let gone = texts(false);
            self.marked.retain(|text| !gone.contains(text));
        }
        self.marked.extend(texts(true));
    }

    /// What is highlighted is what the console says that an act hits.
    fn looks_right(&self) {
        if !matches!(self.console().context(), Context::Chat | Context::Card) {
            return;
        }
        let highlighted = self.console().reversed_row().and_then(|row| told(&row));
        if let (Some(text), Some(id)) = (highlighted, self.console().selected()) {
            let said = &self.said[&id];
            assert!(said.starts_with(&text), "{id} says {said:?}\n{}", self.console().screen());
        }
    }

    /// Whatever was deleted since the last look was meant.
    fn hit_only(&mut self, allowed: &BTreeSet<String>) {
        let calls = self.console().calls("DeleteMessage");
        for call in &calls[mem::replace(&mut self.deleted, calls.len())..] {
            let id = call["id"].as_str().unwrap();
            self.hits += 1;
            assert!(
                allowed.contains(id) || self.accepted.contains(id),
                "{id} ({:?}) was hit, not one of {allowed:?}\n{}",
                self.said.get(id),
                self.console().screen()
            );
        }
        assert!(self.console().calls("DeleteRoom").is_empty() && self.console().calls("DisconnectUser").is_empty());
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Key(key, before) => self.key(key, before),
            Step::Arrives(arrivals) => self.arrivals(arrivals),
            Step::Filter(text) => {
                if self.console().context() == Context::Chat {
                    self.with(|console| console.keys("/<c-u>").types(text).keys("<enter>"));
                    self.filter = text;
                    self.hit_only(&BTreeSet::new());
                    self.looks_right();
                }
            }
            Step::Resize(size) => {
                let before = self.console().selected();
                let (width, height) = SIZES[*size];
                self.with(|console| console.resize(width, height));
                assert_eq!(self.console().selected(), before, "a resize selects nothing else");
                self.hit_only(&BTreeSet::new());
                self.looks_right();
            }
        }
        // A step back drops the filter, too.
        if !self.filter.is_empty() && !self.console().screen().contains(&format!("/{}", self.filter)) {
            self.filter = "";
        }
        if self.console().context() == Context::Leaving {
            self.with(|console| console.keys("n"));
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 40, failure_persistence: None, ..Config::default() })]

    #[test]
    fn what_is_hit_is_what_was_highlighted(steps in prop::collection::vec(step(), 1..60)) {
        let mut play = Play::new();
        for step in &steps {
            play.take(step);
        }
    }
}

/// The property would hold of a console that never deletes anything: this one does.
#[test]
fn the_keys_of_the_property_hit_something() {
    let mut play = Play::new();
    for key in ["k", "d", "k", "<space>", "<space>", "d", "y", "<esc>", "<esc>", "x", "a"] {
        play.key(key, &[Arrival::Message(1), Arrival::Repeat(0), Arrival::Deletion(0)]);
        play.arrivals(&[Arrival::Wait(500)]);
    }
    assert!(play.hits >= 3, "{} hits\n{}", play.hits, play.console().screen());
}
