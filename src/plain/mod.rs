//! The console without a screen: a line asks, lines tell. The state and what is done are the console's own.
//!
//! [`Session::take`] takes one line that was typed; [`Session::tell`] says what is new since it was last asked, each thing
//! once and in a line of its own. Both are pure: what is told is read off the console's state, by the numbers of rows that
//! were told already.
//!
//! A line that begins with a number is a message, and that number is ours: whatever comes behind it, somebody else may have
//! written. Under that number the message can be acted on, and never another one.

mod answering;
mod ear;
mod language;
mod lists;
mod moderating;
mod numbers;
mod running;
mod telling;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::api::Arn;
use crate::app::key::{Code, Key};
use crate::app::pane::listing::Phase;
use crate::app::plain::{Above, Page, Plain};
use crate::app::text::clean;
use crate::app::{App, Job, Msg};

use ear::Ear;
use numbers::Numbers;

pub use language::{markdown, unsaid};

/// The size of the screen that there is not: wide enough for every pane.
pub const SIZE: (u16, u16) = (200, 60);

/// What a line came to.
#[derive(Debug, Default)]
pub struct Turn {
    /// What is to be done about it.
    pub jobs: Vec<Job>,
    /// No other line is to be taken before this time is over.
    pub rest: Option<Duration>,
}

/// What is new.
#[derive(Debug, Default)]
pub struct Told {
    /// In order; safe to show.
    pub lines: Vec<String>,
    /// What is to be done now that it is told.
    pub jobs: Vec<Job>,
}

/// What was asked for and is told when it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expected {
    /// The rooms that have all these words.
    Rooms(String),
    /// The logging configurations.
    Loggings,
    /// The tags of this.
    Tags(Arn),
    /// The same, and then the form in which they are changed.
    EditTags(Arn),
    /// A page.
    Page(Page),
}

/// Whose messages are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Scope {
    /// Those of the room that is open.
    #[default]
    Here,
    /// Those of all live rooms.
    All,
}

/// Why messages are held back and counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Holds {
    /// Somebody said so.
    by_word: bool,
    /// Something is asked.
    by_question: bool,
}

/// A console that is talked to.
#[derive(Debug, Default)]
pub struct Session {
    numbers: Numbers,
    ears: BTreeMap<Arn, Ear>,
    /// The room whose messages are told.
    here: Option<Arn>,
    scope: Scope,
    holds: Holds,
    /// Words of the console that were told.
    words: u64,
    last_word: String,
    /// What was told of a dialog.
    above: Option<Above>,
    /// Many deletions went on when this was last told.
    many: bool,
    expected: Option<Expected>,
    out: Vec<String>,
    /// Lines that could not be followed, and what went wrong.
    wrong: usize,
    over: bool,
}

impl Session {
    /// Nothing was told yet. A room that is opened at once is the one that is told.
    pub fn new() -> Self {
        Self::default()
    }

    /// The first line.
    pub fn greet(&mut self, app: &App) {
        self.say(&format!("ivschat, {}. help tells what can be said.", app.place_words()));
    }

    /// Whether another line can be taken: what it may depend on is here.
    pub fn is_ready(&self, app: &App) -> bool {
        let waits = matches!(app.above(), Above::Dialog(heard) if heard.waits);
        !waits && self.expected.is_none() && !app.is_listing()
    }

    /// Whether this line can be taken even so: it gives up what is waited for.
    pub fn may_interrupt(line: &str) -> bool {
        line.trim() == "cancel"
    }

    /// What stands before a line that is typed: nothing but a sign, or what is asked.
    pub fn prompt(&self, app: &App) -> String {
        match app.above() {
            Above::Dialog(heard) if !heard.title.is_empty() => format!("{}> ", heard.title),
            Above::Dialog(_) | Above::Leaving(_) | Above::Screen | Above::Nothing => "> ".to_owned(),
        }
    }

    /// Takes a line.
    pub fn take(&mut self, app: &mut App, now: Timestamp, line: &str) -> Turn {
        self.last_word.clear();
        if !self.is_ready(app) {
            return self.give_up(app, now);
        }
        let line = line.trim();
        match app.above() {
            Above::Nothing => self.run(app, now, line),
            Above::Dialog(heard) => self.answer(app, now, line, &heard),
            Above::Leaving(_) => self.answer_leaving(app, now, line),
            Above::Screen => Turn { jobs: app.update(now, Msg::Key(Key::plain(Code::Esc))), ..Turn::default() },
        }
    }

    /// Waits no longer.
    fn give_up(&mut self, app: &mut App, now: Timestamp) -> Turn {
        if self.expected.take().is_some() {
            self.say("cancelled: it is not told");
            return Turn::default();
        }
        Turn { jobs: app.update(now, Msg::Key(Key::plain(Code::Esc))), ..Turn::default() }
    }

    /// No line will come any more: whether the console can end, as nothing is under way whose outcome would be lost.
    pub fn is_done(&self, app: &App) -> bool {
        self.over || (self.is_ready(app) && app.unfinished() == 0 && !app.is_connecting() && !app.is_playing())
    }

    /// No line will come any more. What was begun and not sent is told.
    pub fn end_of_lines(&mut self, app: &App) {
        if let Above::Dialog(heard) = app.above()
            && !heard.asks.is_empty()
        {
            self.refuse(&format!("the input ended: not done: {}", heard.title));
        }
    }

    /// How many lines could not be followed, or came to nothing.
    pub fn wrong(&self) -> usize {
        self.wrong
    }

    /// What is new since it was last told.
    pub fn tell(&mut self, app: &mut App, now: Timestamp) -> Told {
        if self.here.is_none() {
            self.here = app.room_from_the_start().cloned();
        }
        self.hold_while_asked(app);
        let told = self.tell_outcomes(app);
        self.tell_rooms(app, now);
        self.tell_words(app, &told);
        // What has come may open a form.
        let jobs = self.tell_expected(app, now);
        let more = self.tell_above(app, now);
        Told { lines: std::mem::take(&mut self.out), jobs: jobs.into_iter().chain(more).collect() }
    }

    /// While something is asked no message comes between: what came meanwhile is told afterwards.
    fn hold_while_asked(&mut self, app: &App) {
        let asks = match app.above() {
            Above::Dialog(heard) => !heard.asks.is_empty(),
            Above::Leaving(_) => true,
            Above::Nothing | Above::Screen => false,
        };
        let was = std::mem::replace(&mut self.holds.by_question, asks);
        if was && !asks && !self.holds.by_word {
            self.catch_up(app, false);
        } else if asks && !was && !self.holds.by_word {
            self.forget_held();
        }
    }

    /// What is held back is counted from now on.
    fn forget_held(&mut self) {
        for ear in self.ears.values_mut() {
            ear.held = (0, 0);
        }
    }

    /// A line came that is longer than any that somebody types.
    pub fn refuse_long_line(&mut self) {
        self.refuse("that line is too long: nothing was done");
    }

    /// Says something in a line of its own: whatever is in it, it is one line, and nothing that a terminal obeys.
    fn say(&mut self, line: &str) {
        let line = clean(line);
        let words: Vec<&str> = line.as_str().split_whitespace().collect();
        self.out.push(words.join(" "));
    }

    /// Says that something can't be done.
    fn refuse(&mut self, why: &str) {
        self.wrong += 1;
        self.say(&format!("error: {why}"));
    }

    /// Tells what was asked for, if it has come.
    fn tell_expected(&mut self, app: &mut App, now: Timestamp) -> Vec<Job> {
        let Some(expected) = self.expected.clone() else { return Vec::new() };
        let is_here = |phase: &Phase| matches!(phase, Phase::Complete | Phase::Failed(_));
        let come = match &expected {
            Expected::Rooms(_) => is_here(app.listed_rooms().0),
            Expected::Loggings => is_here(app.listed_loggings().0),
            Expected::Tags(_) | Expected::EditTags(_) => is_here(app.listed_tags().0),
            Expected::Page(page) => app.told_page(page).is_some(),
        };
        if !come {
            return Vec::new();
        }
        self.expected = None;
        match expected {
            Expected::Rooms(words) => self.tell_list_of_rooms(app, &words),
            Expected::Loggings => self.tell_loggings(app),
            Expected::Tags(arn) => self.tell_tags(app, &arn),
            Expected::EditTags(arn) => {
                let tags = crate::app::plain::Place::Tags(arn);
                return app.plainly(now, Plain::Key(crate::app::keys::Command::Edit, tags));
            }
            Expected::Page(page) => {
                for line in app.told_page(&page).unwrap_or_default() {
                    self.say(&line);
                }
            }
        }
        Vec::new()
    }
}
