//! Carries out a line: finds what its words mean, and hands that to the console.

use std::time::Duration;

use jiff::Timestamp;

use crate::api::Arn;
use crate::app::commands::words::{Word as Typed, words};
use crate::app::keys::Command;
use crate::app::plain::{Page, Place, Plain};
use crate::app::{App, Job};

use super::language::{self, Does, Found, Through};
use super::{Expected, Scope, Session, Turn};

/// Ways in which a line may go on that are told.
const COMPLETIONS: usize = 20;

/// Messages that are told once more unless somebody says how many.
const LAST: usize = 10;

/// The most seconds that a script waits in one line.
const LONGEST: f64 = 86_400.0;

/// A line in parts.
pub(super) struct Line<'a> {
    text: &'a str,
    words: Vec<Typed>,
}

impl Line<'_> {
    /// The word behind the first with this number, from 0.
    pub(super) fn word(&self, at: usize) -> Option<&str> {
        self.words.get(at + 1).map(|word| word.text.as_str())
    }

    /// The text from the word with this number on, as it was typed.
    pub(super) fn rest(&self, at: usize) -> &str {
        self.words.get(at + 1).map_or("", |word| self.text[word.start..].trim())
    }

    /// The same, without the quotes around a single word.
    pub(super) fn name(&self, at: usize) -> Option<String> {
        match self.words.len() - (at + 1).min(self.words.len()) {
            0 => None,
            1 => self.word(at).map(ToOwned::to_owned),
            _ => Some(self.rest(at).to_owned()),
        }
    }
}

impl Session {
    /// Carries a line out while nothing is asked.
    pub(super) fn run(&mut self, app: &mut App, now: Timestamp, text: &str) -> Turn {
        let text = text.strip_prefix(':').unwrap_or(text).trim();
        let line = Line { text, words: words(text).words };
        let Some(first) = line.words.first().map(|word| word.text.clone()) else { return Turn::default() };
        if self.complete(app, &line) {
            return Turn::default();
        }
        let result = match language::find(&first) {
            Ok(Found::Own(word)) => self.own(app, now, word.does, &line),
            Ok(Found::Through(_, through)) => self.through(app, now, through, text),
            Err(why) => Err(why),
        };
        match result {
            Ok(turn) => turn,
            Err(why) => {
                self.refuse(&why);
                Turn::default()
            }
        }
    }

    /// A line that ends in a question mark asks how it may go on: a word, or the name of a room. False if it is another
    /// line, such as a message that asks something.
    fn complete(&mut self, app: &App, line: &Line<'_>) -> bool {
        let Some(begun) = line.text.strip_suffix('?').filter(|begun| !begun.is_empty()) else { return false };
        let told = match begun.split_once(' ') {
            None => language::beginning_with(begun),
            Some((first, typed)) => match language::find(first) {
                Ok(Found::Own(word)) if word.does.takes_a_room() => {
                    let rooms = app.rooms_like(typed.trim()).into_iter();
                    rooms
                        .map(|(name, note)| format!("{name}, {note}").trim_end_matches([',', ' ']).to_owned())
                        .collect()
                }
                _ => return false,
            },
        };
        if told.is_empty() {
            self.refuse("nothing begins so");
        }
        for line in told.iter().take(COMPLETIONS) {
            self.say(line);
        }
        if told.len() > COMPLETIONS {
            self.say(&format!("and {} more", told.len() - COMPLETIONS));
        }
        true
    }

    fn through(&mut self, app: &mut App, now: Timestamp, through: Through, text: &str) -> Result<Turn, String> {
        let chat = || self.here.clone().map_or(Place::Rooms(None), Place::Chat);
        let plain = match through {
            // It needs no room: a recorded feed is tried.
            Through::Line if text.starts_with("rules test") => Plain::Line(text.to_owned(), Place::Here),
            Through::Line => {
                self.room()?;
                Plain::Line(text.to_owned(), chat())
            }
            Through::Key(command) => Plain::Key(command, chat()),
            Through::Anywhere(command) => Plain::Key(command, Place::Here),
        };
        Ok(app.plainly(now, plain).into())
    }

    fn own(&mut self, app: &mut App, now: Timestamp, does: Does, line: &Line<'_>) -> Result<Turn, String> {
        match does {
            Does::Help => self.help(line.word(0))?,
            Does::Quit => return Ok(self.quit(app, now)),
            Does::Wait => {
                let seconds = line.word(0).and_then(|word| word.parse::<f64>().ok());
                let seconds = seconds.filter(|seconds| (0.0..=LONGEST).contains(seconds));
                let seconds = seconds.ok_or("wait needs a number of seconds")?;
                return Ok(Turn { rest: Some(Duration::from_secs_f64(seconds)), ..Turn::default() });
            }
            Does::Rooms => return Ok(self.ask_for_rooms(app, now, line)),
            Does::Loggings => self.expected = Some(Expected::Loggings),
            Does::Open => return self.open(app, now, line),
            Does::Watch => {
                let arn = self.named_room(app, line.name(0))?;
                return Ok(app.plainly(now, Plain::Watch(arn)).into());
            }
            Does::Close => {
                let arn = self.named_room(app, line.name(0))?;
                return Ok(app.plainly(now, Plain::Close(arn)).into());
            }
            Does::All => self.turn_all(app),
            Does::Status => self.tell_status(app),
            Does::Pause => self.pause(),
            Does::Resume => self.resume(app),
            Does::Last | Does::Next | Does::Flagged | Does::Reasons | Does::Filter | Does::Say => {
                return self.in_room(app, now, does, line);
            }
            Does::Event => return self.event(app, now, line),
            Does::Details | Does::Json | Does::Journal => return self.page(app, now, does, line),
            Does::Tags => {
                let arn = self.tagged(app, line.name(0))?;
                self.expected = Some(Expected::Tags(arn.clone()));
                return Ok(app.plainly(now, Plain::Tags(arn)).into());
            }
            Does::Create | Does::Edit | Does::Token => return self.form(app, now, does, line),
            Does::Delete
            | Does::DeleteRepeats
            | Does::Disconnect
            | Does::PurgeUser
            | Does::User
            | Does::Inspect
            | Does::WatchUser
            | Does::Note
            | Does::Notes
            | Does::Again
            | Does::Repeats => return self.with_message(app, now, does, line),
        }
        Ok(Turn::default())
    }

    /// What is done in the room that is open.
    fn in_room(&mut self, app: &mut App, now: Timestamp, does: Does, line: &Line<'_>) -> Result<Turn, String> {
        let arn = self.room()?;
        match does {
            Does::Last => {
                let count = line.word(0).map_or(Ok(LAST), str::parse).map_err(|_| "last needs a number")?;
                let room = app.live_room_at(&arn).ok_or("the room is not open")?;
                self.tell_last(room, count);
            }
            Does::Next => self.tell_next(app)?,
            Does::Flagged => self.tell_flagged(app)?,
            Does::Reasons => {
                for (number, reason) in (1..).zip(app.reasons_of(&arn)) {
                    self.say(&format!("{number} {reason}"));
                }
            }
            Does::Filter => {
                let text = line.rest(0);
                self.say(if text.is_empty() { "filter off: all messages are told" } else { "filter on" });
                let quoted = format!("filter {text}");
                let plain = if text.is_empty() { "filter \"\"".to_owned() } else { quoted };
                return Ok(app.plainly(now, Plain::Line(plain, Place::Chat(arn))).into());
            }
            _ => {
                let text = line.rest(0);
                if text.is_empty() {
                    return Err("say needs a text".to_owned());
                }
                return Ok(app.plainly(now, Plain::Say(arn, text.to_owned())).into());
            }
        }
        Ok(Turn::default())
    }

    fn help(&mut self, about: Option<&str>) -> Result<(), String> {
        if let Some(about) = about {
            let help = language::help_of(about)?;
            self.say(&help);
            return Ok(());
        }
        for line in language::help() {
            self.say(&line);
        }
        self.say("a line that ends in ? tells how it may go on: open lob?");
        self.say("N is the number of a message; several are 17,19-22. ROOM is a name, an id or an ARN.");
        Ok(())
    }

    fn quit(&mut self, app: &mut App, now: Timestamp) -> Turn {
        let jobs = app.plainly(now, Plain::Key(Command::Quit, Place::Here));
        self.over = jobs.iter().any(|job| matches!(job, Job::Quit));
        jobs.into()
    }

    /// The room that one is in.
    pub(super) fn room(&self) -> Result<Arn, String> {
        self.here.clone().ok_or_else(|| "no room is open: open ROOM opens one, rooms tells them".to_owned())
    }

    pub(super) fn named_room(&self, app: &App, name: Option<String>) -> Result<Arn, String> {
        match name {
            Some(name) => app.find_room(&name),
            None => self.room(),
        }
    }

    fn open(&mut self, app: &mut App, now: Timestamp, line: &Line<'_>) -> Result<Turn, String> {
        let arn = app.find_room(&line.name(0).ok_or("open needs a room: rooms tells them")?)?;
        Ok(self.enter(app, now, &arn))
    }

    /// Opens a room, and tells what is said in it from now on.
    fn enter(&mut self, app: &mut App, now: Timestamp, arn: &Arn) -> Turn {
        let was_live = app.live_room_at(arn).is_some_and(crate::app::room::Room::is_watched);
        self.here = Some(arn.clone());
        (self.scope, self.holds.by_word) = (Scope::Here, false);
        let jobs = app.plainly(now, Plain::Open(arn.clone()));
        if let Some(room) = app.live_room_at(arn).filter(|_| was_live) {
            self.say(&format!("in {}", room.title().as_str()));
            if let Some(ear) = self.ears.get_mut(arn) {
                ear.held = (0, 0);
            }
            self.tell_last(room, LAST);
        } else {
            let title = app.title_of(arn);
            self.say(&format!("opening {title}"));
        }
        jobs.into()
    }

    fn turn_all(&mut self, app: &App) {
        self.scope = if self.scope == Scope::Here { Scope::All } else { Scope::Here };
        self.say(match (self.scope, app.live_rooms().count()) {
            (Scope::All, 0) => "all: no room is live yet",
            (Scope::All, _) => "all: messages of all live rooms are told",
            (Scope::Here, _) => "one: only messages of the room that is open are told",
        });
    }

    fn pause(&mut self) {
        self.holds.by_word = true;
        self.forget_held();
        self.say("paused: messages are counted; resume tells them");
    }

    fn resume(&mut self, app: &App) {
        if !std::mem::take(&mut self.holds.by_word) {
            return self.say("nothing is paused");
        }
        self.catch_up(app, true);
    }

    fn ask_for_rooms(&mut self, app: &mut App, now: Timestamp, line: &Line<'_>) -> Turn {
        let asks_service = line.word(0).is_some_and(|word| word.contains('='));
        if asks_service {
            self.expected = Some(Expected::Rooms(String::new()));
            return app.plainly(now, Plain::Line(line.text.to_owned(), Place::Rooms(None))).into();
        }
        self.expected = Some(Expected::Rooms(line.rest(0).to_owned()));
        // As on the command line: without a word to the service, all rooms.
        app.plainly(now, Plain::Line("rooms".to_owned(), Place::Rooms(None))).into()
    }

    fn page(&mut self, app: &mut App, now: Timestamp, does: Does, line: &Line<'_>) -> Result<Turn, String> {
        let page = match does {
            Does::Journal if line.word(0) == Some("all") => Page::Journal(None),
            Does::Journal => Page::Journal(self.here.clone()),
            Does::Json => Page::Json(self.any(app, line.name(0))?),
            _ => Page::Details(self.any(app, line.name(0))?),
        };
        self.expected = Some(Expected::Page(page.clone()));
        Ok(app.plainly(now, Plain::Page(page)).into())
    }

    /// A room, or else a logging configuration.
    fn any(&self, app: &App, name: Option<String>) -> Result<Arn, String> {
        let Some(name) = name else { return self.room() };
        app.find_room(&name).or_else(|why| app.find_logging(&name).map_err(|_| why))
    }

    fn tagged(&self, app: &App, name: Option<String>) -> Result<Arn, String> {
        match name {
            Some(arn) if arn.starts_with("arn:") => app.find_arn(&arn),
            name => self.any(app, name),
        }
    }

    fn form(&mut self, app: &mut App, now: Timestamp, does: Does, line: &Line<'_>) -> Result<Turn, String> {
        let key = |command, place| Plain::Key(command, place);
        let plain = match (does, line.word(0)) {
            (Does::Create, Some("room") | None) => key(Command::Create, Place::Rooms(None)),
            (Does::Create, Some("logging")) => key(Command::Create, Place::Logging(None)),
            (Does::Create, Some(other)) => return Err(format!("create room, or create logging, not {other:?}")),
            (Does::Edit, Some("tags")) => {
                let arn = self.tagged(app, line.name(1))?;
                self.expected = Some(Expected::EditTags(arn.clone()));
                Plain::Tags(arn)
            }
            (Does::Edit, Some("logging")) => {
                let arn = app.find_logging(&line.name(1).ok_or("edit logging needs a name")?)?;
                key(Command::Edit, Place::Logging(Some(arn)))
            }
            (Does::Edit, Some("room")) => key(Command::Edit, Place::Rooms(Some(self.named_room(app, line.name(1))?))),
            (Does::Edit, _) => key(Command::Edit, Place::Rooms(Some(self.named_room(app, line.name(0))?))),
            _ => key(Command::Token, Place::Rooms(Some(self.named_room(app, line.name(0))?))),
        };
        Ok(app.plainly(now, plain).into())
    }

    fn event(&mut self, app: &mut App, now: Timestamp, line: &Line<'_>) -> Result<Turn, String> {
        let arn = self.room()?;
        let mut jobs = app.plainly(now, Plain::Key(Command::SendEvent, Place::Chat(arn)));
        if let Some(name) = line.word(0) {
            jobs.extend(app.plainly(now, Plain::Fill("eventName".to_owned(), name.to_owned())));
            jobs.extend(app.plainly(now, Plain::Fill("attributes".to_owned(), line.rest(1).to_owned())));
            jobs.extend(super::answering::accept(app, now));
        }
        Ok(jobs.into())
    }
}

impl From<Vec<Job>> for Turn {
    fn from(jobs: Vec<Job>) -> Self {
        Self { jobs, rest: None }
    }
}
