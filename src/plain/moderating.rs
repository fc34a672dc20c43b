//! Acts on messages by their numbers: each means the message that it was told with, or nothing any more.

use jiff::Timestamp;

use crate::api::Arn;
use crate::api::limit;
use crate::app::App;
use crate::app::keys::Command;
use crate::app::plain::{Deal, Place, Plain};
use crate::app::queue::Why;
use crate::app::room::row::{Fate, Row};
use crate::app::text::fit;

use super::language::Does;
use super::numbers::{self, Named};
use super::running::Line;
use super::{Session, Turn};

/// Cells of a message that is told back.
const QUOTED: usize = 120;

impl Session {
    /// What is done with messages, by their numbers.
    pub(super) fn with_message(
        &mut self,
        app: &mut App,
        now: Timestamp,
        does: Does,
        line: &Line<'_>,
    ) -> Result<Turn, String> {
        let first = line.word(0).ok_or("which message? give its number")?;
        match (does, first) {
            (Does::Delete, "room" | "logging") => return delete_thing(app, now, line),
            (Does::Disconnect, "user") => {
                let (arn, user) = (self.room()?, line.word(1).ok_or("which user? give the id")?.to_owned());
                let why = why(app, &arn, line.rest(2))?.unwrap_or_default();
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
            Does::Disconnect => Deal::Disconnect(why(app, &named.room, line.rest(1))?),
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
        let why = why(app, &named.room, reason)?;
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
        let why = why(app, &room, reason)?;
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
        let rows = found.ok_or_else(|| format!("{} is not repeated", named.number))?;
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
        let why = why(app, &named.room, reason)?;
        Ok(app.plainly(now, Plain::Many(named.room.clone(), ids, why)).into())
    }
}

fn delete_thing(app: &mut App, now: Timestamp, line: &Line<'_>) -> Result<Turn, String> {
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
fn why(app: &App, room: &Arn, typed: &str) -> Result<Option<Why>, String> {
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

fn said_by(app: &App, named: &Named) -> String {
    let row = app.live_room_at(&named.room).and_then(|room| room.feed().row(named.seq));
    row.and_then(Row::message).map(|said| said.text.as_str().to_owned()).unwrap_or_default()
}
