//! Carries out a line: finds what its words mean, and hands that to the console.

use std::time::Duration;

use jiff::Timestamp;

use crate::api::Arn;
use crate::api::limit;
use crate::app::commands::words::{Word as Typed, words};
use crate::app::keys::Command;
use crate::app::plain::{Deal, Page, Place, Plain};
use crate::app::queue::Why;
use crate::app::room::row::{Fate, Row};
use crate::app::text::fit;
use crate::app::{App, Job};

use super::language::{self, Does, Found, Through};
use super::numbers::{self, Named};
use super::{Expected, Session, Turn};

/// Cells of a message that is told back.
const QUOTED: usize = 120;

/// Ways in which a line may go on that are told.
const COMPLETIONS: usize = 20;

/// Messages that are told once more unless somebody says how many.
const LAST: usize = 10;

/// The most seconds that a script waits in one line.
const LONGEST: f64 = 86_400.0;

/// A line in parts.
struct Line<'a> {
    text: &'a str,
    words: Vec<Typed>,
}

impl Line<'_> {
    /// The word behind the first with this number, from 0.
    fn word(&self, at: usize) -> Option<&str> {
        self.words.get(at + 1).map(|word| word.text.as_str())
    }

    /// The text from the word with this number on, as it was typed.
    fn rest(&self, at: usize) -> &str {
        self.words.get(at + 1).map_or("", |word| self.text[word.start..].trim())
    }

    /// The same, without the quotes around a single word.
    fn name(&self, at: usize) -> Option<String> {
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
            Does::Rooms => return self.ask_for_rooms(app, now, line),
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
            Does::Last => {
                let count = line.word(0).map_or(Ok(LAST), str::parse).map_err(|_| "last needs a number")?;
                let arn = self.room()?;
                let room = app.live_room_at(&arn).ok_or("the room is not open")?;
                self.tell_last(room, count);
            }
            Does::Next => self.tell_next(app)?,
            Does::Flagged => self.tell_flagged(app)?,
            Does::Reasons => {
                for (number, reason) in (1..).zip(app.reasons_of(&self.room()?)) {
                    self.say(&format!("{number} {reason}"));
                }
            }
            Does::Filter => {
                let arn = self.room()?;
                let text = line.rest(0);
                self.say(if text.is_empty() { "filter off: all messages are told" } else { "filter on" });
                let quoted = format!("filter {text}");
                let plain = if text.is_empty() { "filter \"\"".to_owned() } else { quoted };
                return Ok(app.plainly(now, Plain::Line(plain, Place::Chat(arn))).into());
            }
            Does::Say => {
                let (arn, text) = (self.room()?, line.rest(0));
                if text.is_empty() {
                    return Err("say needs a text".to_owned());
                }
                return Ok(app.plainly(now, Plain::Say(arn, text.to_owned())).into());
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

    fn named_room(&self, app: &App, name: Option<String>) -> Result<Arn, String> {
        match name {
            Some(name) => app.find_room(&name),
            None => self.room(),
        }
    }

    fn open(&mut self, app: &mut App, now: Timestamp, line: &Line<'_>) -> Result<Turn, String> {
        let arn = app.find_room(&line.name(0).ok_or("open needs a room: rooms tells them")?)?;
        Ok(self.enter(app, now, arn))
    }

    /// Opens a room, and tells what is said in it from now on.
    pub(super) fn enter(&mut self, app: &mut App, now: Timestamp, arn: Arn) -> Turn {
        let was_live = app.live_room_at(&arn).is_some_and(crate::app::room::Room::is_watched);
        self.here = Some(arn.clone());
        (self.all, self.paused) = (false, false);
        let jobs = app.plainly(now, Plain::Open(arn.clone()));
        if let Some(room) = app.live_room_at(&arn).filter(|_| was_live) {
            self.say(&format!("in {}", room.title().as_str()));
            if let Some(ear) = self.ears.get_mut(&arn) {
                ear.held = (0, 0);
            }
            self.tell_last(room, LAST);
        } else {
            let title = app.title_of(&arn);
            self.say(&format!("opening {title}"));
        }
        jobs.into()
    }

    fn turn_all(&mut self, app: &App) {
        self.all = !self.all;
        self.say(match (self.all, app.live_rooms().count()) {
            (true, 0) => "all: no room is live yet",
            (true, _) => "all: messages of all live rooms are told",
            (false, _) => "one: only messages of the room that is open are told",
        });
    }

    fn pause(&mut self) {
        self.paused = true;
        self.forget_held();
        self.say("paused: messages are counted; resume tells them");
    }

    fn resume(&mut self, app: &App) {
        if !std::mem::take(&mut self.paused) {
            return self.say("nothing is paused");
        }
        self.catch_up(app, true);
    }

    fn ask_for_rooms(&mut self, app: &mut App, now: Timestamp, line: &Line<'_>) -> Result<Turn, String> {
        let asks_service = line.word(0).is_some_and(|word| word.contains('='));
        if asks_service {
            self.expected = Some(Expected::Rooms(String::new()));
            return Ok(app.plainly(now, Plain::Line(line.text.to_owned(), Place::Rooms(None))).into());
        }
        self.expected = Some(Expected::Rooms(line.rest(0).to_owned()));
        // As on the command line: without a word to the service, all rooms.
        Ok(app.plainly(now, Plain::Line("rooms".to_owned(), Place::Rooms(None))).into())
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

    /// What is done with messages, by their numbers.
    fn with_message(&mut self, app: &mut App, now: Timestamp, does: Does, line: &Line<'_>) -> Result<Turn, String> {
        let first = line.word(0).ok_or("which message? give its number")?;
        match (does, first) {
            (Does::Delete, "room" | "logging") => return self.delete_thing(app, now, line),
            (Does::Disconnect, "user") => {
                let (arn, user) = (self.room()?, line.word(1).ok_or("which user? give the id")?.to_owned());
                let why = self.why(app, &arn, line.rest(2))?.unwrap_or_default();
                self.say(&format!("disconnecting {user} from {}", app.title_of(&arn)));
                return Ok(app.plainly(now, Plain::Disconnect(arn, user, why)).into());
            }
            _ => {}
        }
        let numbers = numbers::read(first).ok_or_else(|| format!("{first:?} is not the number of a message"))?;
        match (does, numbers.as_slice()) {
            (Does::Delete, [number]) => self.delete_one(app, now, *number, line.rest(1)),
            (Does::Delete, several) => self.delete_several(app, now, several, line.rest(1)),
            (Does::Again, several) => {
                for number in several {
                    let _ = self.standing_of(app, *number)?;
                    self.tell_again(app, *number);
                }
                Ok(Turn::default())
            }
            (_, [number]) => self.with_one(app, now, does, *number, line),
            _ => Err("one message at a time".to_owned()),
        }
    }

    fn with_one(
        &mut self,
        app: &mut App,
        now: Timestamp,
        does: Does,
        number: u64,
        line: &Line<'_>,
    ) -> Result<Turn, String> {
        let (named, _) = self.standing_of(app, number)?;
        let deal = match does {
            Does::DeleteRepeats | Does::Repeats => return self.with_repeats(app, now, does, &named, line.rest(1)),
            Does::User => {
                self.tell_user(app, &named);
                return Ok(Turn::default());
            }
            Does::Disconnect => Deal::Disconnect(self.why(app, &named.room, line.rest(1))?),
            Does::PurgeUser => Deal::Purge,
            Does::Inspect => Deal::Inspect,
            Does::Note => Deal::Note,
            Does::Notes => Deal::DropNote,
            _ => {
                let minutes =
                    line.word(1).map(str::parse).transpose().map_err(|_| "how many minutes? give a number")?;
                Deal::WatchUser(minutes)
            }
        };
        if matches!(deal, Deal::Disconnect(Some(_))) {
            self.say(&format!("disconnecting {} from {}", named.label, app.title_of(&named.room)));
        }
        Ok(app.plainly(now, Plain::Message(named.room, named.id, deal)).into())
    }

    /// The message with this number, and whether it can still be deleted.
    fn standing_of(&self, app: &App, number: u64) -> Result<(Named, Result<(), String>), String> {
        let named = self.numbers.get(number)?.clone();
        let row = app.live_room_at(&named.room).and_then(|room| room.feed().row(named.seq));
        let said = row.and_then(Row::message).filter(|said| said.id == named.id);
        let said = said.ok_or_else(|| format!("{number} is not here any more"))?;
        let standing = match &said.fate {
            Fate::Deleted { .. } => Err(format!("{number} is deleted already")),
            Fate::Deleting { .. } if !said.is_standing() => Err(format!("{number} is being deleted already")),
            Fate::Deleting { .. } | Fate::Standing | Fate::Failed(_) => Ok(()),
        };
        Ok((named, standing))
    }

    fn delete_one(&mut self, app: &mut App, now: Timestamp, number: u64, reason: &str) -> Result<Turn, String> {
        let (named, standing) = self.standing_of(app, number)?;
        standing?;
        let why = self.why(app, &named.room, reason)?;
        let text = said_by(app, &named);
        self.say(&format!("deleting {number} {}: {}", named.label, fit(&text, QUOTED)));
        Ok(app.plainly(now, Plain::Message(named.room, named.id, Deal::Delete(why))).into())
    }

    /// Several are told first, and confirmed.
    fn delete_several(&mut self, app: &mut App, now: Timestamp, numbers: &[u64], reason: &str) -> Result<Turn, String> {
        let mut ids = Vec::new();
        let mut room: Option<Arn> = None;
        for number in numbers {
            let (named, standing) = self.standing_of(app, *number)?;
            if room.get_or_insert_with(|| named.room.clone()) != &named.room {
                return Err("these are messages of several rooms: name those of one".to_owned());
            }
            match standing {
                Ok(()) => ids.push(named.id),
                Err(why) => self.say(&format!("left out: {why}")),
            }
        }
        let room = room.ok_or("which messages? give their numbers")?;
        let why = self.why(app, &room, reason)?;
        Ok(app.plainly(now, Plain::Many(room, ids, why)).into())
    }

    fn with_repeats(
        &mut self,
        app: &mut App,
        now: Timestamp,
        does: Does,
        named: &Named,
        reason: &str,
    ) -> Result<Turn, String> {
        let found = self.ears.get(&named.room).and_then(|ear| ear.repeats(named.number));
        let (rows, _) = found.ok_or_else(|| format!("{} is not repeated", named.number))?;
        let room = app.live_room_at(&named.room).ok_or("the room is not open any more")?;
        let here: Vec<&Row> = rows.into_iter().filter_map(|seq| room.feed().row(seq)).collect();
        if does == Does::Repeats {
            for row in here {
                if let Some(said) = row.message() {
                    self.tell_said(room, row, said, "");
                }
            }
            return Ok(Turn::default());
        }
        let ids = here.into_iter().filter_map(Row::message).map(|said| said.id.clone()).collect();
        let why = self.why(app, &named.room, reason)?;
        Ok(app.plainly(now, Plain::Many(named.room.clone(), ids, why)).into())
    }

    fn delete_thing(&mut self, app: &mut App, now: Timestamp, line: &Line<'_>) -> Result<Turn, String> {
        let name = line.name(1);
        let plain = if line.word(0) == Some("room") {
            let arn = app.find_room(&name.ok_or("which room? give its name")?)?;
            Plain::Key(Command::Delete, Place::Rooms(Some(arn)))
        } else {
            let arn = app.find_logging(&name.ok_or("which logging configuration? give its name")?)?;
            Plain::Key(Command::Delete, Place::Logging(Some(arn)))
        };
        Ok(app.plainly(now, plain).into())
    }

    /// Why: a digit is that of a reason of the room, other words are the reason. Everyone in the room can read it.
    fn why(&self, app: &App, room: &Arn, typed: &str) -> Result<Option<Why>, String> {
        if typed.is_empty() {
            return Ok(None);
        }
        if let Ok(digit @ 0..=9) = typed.parse::<usize>() {
            let reasons = app.reasons_of(room);
            return match digit.checked_sub(1).map(|at| reasons.get(at)) {
                None => Ok(Some(Why::default())),
                Some(Some(reason)) => Ok(Some(Why::of(reason))),
                Some(None) => Err(format!("no reason has the digit {digit}: reasons tells them")),
            };
        }
        match limit::REASON.problem(typed) {
            Some(problem) => Err(format!("the reason {problem}")),
            None => Ok(Some(Why::of(typed))),
        }
    }
}

fn said_by(app: &App, named: &Named) -> String {
    let row = app.live_room_at(&named.room).and_then(|room| room.feed().row(named.seq));
    row.and_then(Row::message).map(|said| said.text.as_str().to_owned()).unwrap_or_default()
}

impl From<Vec<Job>> for Turn {
    fn from(jobs: Vec<Job>) -> Self {
        Self { jobs, rest: None }
    }
}
