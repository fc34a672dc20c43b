//! The console without a screen: what a line asks for, and what there is to be told. What is done is done as by keys.

use jiff::Timestamp;

use crate::api::Arn;
use crate::app::commands::{complete, read};
use crate::app::dialog::heard::{self, Heard};
use crate::app::dialog::{Dialog, Order as Do};
use crate::app::key::{Code, Key};
use crate::app::keys::Command;
use crate::app::outbox::{Job, Outbox, Word};
use crate::app::pane::listing::Phase;
use crate::app::pane::rows::{LoggingRow, RoomRow, TagRow};
use crate::app::queue::{Origin, Why};
use crate::app::replay::State;
use crate::app::room::Room;
use crate::app::room::disconnection::disconnection;
use crate::app::room::link::Link;
use crate::app::room::through::Through;
use crate::app::room::writing::Draft;
use crate::app::screen::Focus;
use crate::app::text::clean;
use crate::app::widget::page::TOLD;
use crate::identity::facts::Source;

use super::command_line::Act;
use super::moderating::Last;
use super::{App, Lead, Mode, Tab};

/// What a line asks for, whose words are known for what they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain {
    /// What the command line does with this text, at this place.
    Line(String, Place),
    /// What a key does at this place.
    Key(Command, Place),
    /// Open a room.
    Open(Arn),
    /// Watch a room without opening it.
    Watch(Arn),
    /// Stop watching a room.
    Close(Arn),
    /// Do something with this message of this room.
    Message(Arn, Box<str>, Deal),
    /// Delete these messages of this room, after they were told; for this reason, if one is given.
    Many(Arn, Vec<Box<str>>, Option<Why>),
    /// Disconnect the user with this id from this room.
    Disconnect(Arn, String, Why),
    /// Write a message.
    Say(Arn, String),
    /// Ask for what this page tells.
    Page(Page),
    /// Ask for the tags of a resource.
    Tags(Arn),
    /// Fill a field of the form that is open.
    Fill(String, String),
    /// Type a whole line into the dialog that is open.
    Type(String),
}

/// What is done with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deal {
    /// Delete it, for this reason or the usual one.
    Delete(Option<Why>),
    /// Disconnect whoever wrote it: for this reason, or one that is asked for.
    Disconnect(Option<Why>),
    /// Delete all messages of whoever wrote it, and disconnect them.
    Purge,
    /// Watch whoever wrote it, or stop; for so many minutes, if they are given.
    WatchUser(Option<u32>),
    /// Keep a note about whoever wrote it.
    Note,
    /// Read the notes, or take one away.
    DropNote,
    /// Show what it is made of.
    Inspect,
}

/// Where a command counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Wherever the console is.
    Here,
    /// The list of rooms, on this one.
    Rooms(Option<Arn>),
    /// The list of logging configurations, on this one.
    Logging(Option<Arn>),
    /// The tags of this.
    Tags(Arn),
    /// The chat of this room.
    Chat(Arn),
}

/// A page that can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// What a resource is.
    Details(Arn),
    /// The JSON that it came as.
    Json(Arn),
    /// What was done to it, or to everything.
    Journal(Option<Arn>),
}

/// What is over the panes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Above {
    /// Nothing: a command can be given.
    Nothing,
    /// A dialog.
    Dialog(Heard),
    /// Leaving would lose the outcome of so many changes.
    Leaving(usize),
    /// Something that only a screen shows.
    Screen,
}

/// A list: how far it has come, and its rows.
pub type List<'a, T> = (&'a Phase, &'a [T]);

impl App {
    /// Does what a line asks for.
    pub fn plainly(&mut self, now: Timestamp, plain: Plain) -> Vec<Job> {
        self.during(now, |app, outbox| app.do_plainly(plain, outbox))
    }

    fn do_plainly(&mut self, plain: Plain, outbox: &mut Outbox) {
        let now = self.now;
        match plain {
            Plain::Line(text, place) => {
                self.stand(place);
                match read(&text).and_then(|order| self.act(order)) {
                    Ok(act) => self.carry_out(act, outbox),
                    Err(why) => outbox.bad(why),
                }
            }
            Plain::Key(command, place) => {
                self.stand(place);
                self.command(command, Key::plain(Code::Esc), outbox);
            }
            Plain::Open(arn) => self.open_room(&arn, outbox),
            Plain::Watch(arn) => self.watch_room(&arn, outbox),
            Plain::Close(arn) => {
                if let Some(room) = self.live.get_mut(&arn) {
                    room.disconnect(now, outbox);
                }
            }
            Plain::Message(arn, id, deal) => self.deal(&arn, &id, deal, outbox),
            Plain::Many(arn, ids, why) => {
                let Some(room) = self.live.get(&arn) else { return };
                let (targets, usual) = (self.targets(room, &ids, 0), room.usual());
                self.put_subject(&arn);
                self.ask_bulk(targets, Some(why.unwrap_or(usual)), outbox);
            }
            Plain::Disconnect(arn, user, why) => self.disconnect_plainly(arn, &user, why, outbox),
            Plain::Say(arn, content) => self.say_plainly(arn, content, outbox),
            Plain::Page(page) => self.turn_page(&page, outbox),
            Plain::Tags(arn) => {
                self.show_tags(arn.clone());
                self.list_tags(&arn, outbox);
            }
            Plain::Fill(name, value) => {
                if let Mode::Dialog(_, dialog) = &mut self.mode
                    && let Err(why) = dialog.say(&name, &value)
                {
                    outbox.bad(why);
                }
            }
            Plain::Type(line) => {
                if let Mode::Dialog(_, dialog) = &mut self.mode {
                    dialog.type_line(&line);
                }
            }
        }
    }

    /// Goes to where a command counts.
    fn stand(&mut self, place: Place) {
        self.leave_merged();
        match place {
            Place::Here => {}
            Place::Rooms(at) => {
                self.focus_on(Focus::Rooms);
                if let Some(arn) = at {
                    self.put_subject(&arn);
                }
            }
            Place::Logging(at) => {
                self.focus_on(Focus::Logging);
                if let Some(arn) = at {
                    self.logging.select(arn.as_str());
                }
            }
            Place::Tags(arn) => self.show_tags(arn),
            Place::Chat(arn) => self.show_chat(&arn),
        }
    }

    /// Does something with a message, whatever is selected and whatever a filter hides: it was named.
    fn deal(&mut self, arn: &Arn, id: &str, deal: Deal, outbox: &mut Outbox) {
        let now = self.now;
        let Some(room) = self.live.get(arn) else { return outbox.bad("the room is not open any more") };
        let Some(seq) = room.feed().find(id) else { return outbox.bad("the message is not here any more") };
        let Some(said) = room.feed().row(seq).and_then(|row| row.message()) else { return };
        let (usual, user) = (room.usual(), said.by.user_id.to_string());
        match deal {
            Deal::Delete(why) => {
                let why = why.unwrap_or(usual);
                if let Some(room) = self.live.get_mut(arn) {
                    room.delete_message(id, &why, now, outbox);
                }
                self.last_act = Some(Last::Deleted(why));
            }
            Deal::Disconnect(Some(why)) => self.disconnect_plainly(arn.clone(), &user, why, outbox),
            Deal::Disconnect(None) => self.looking_at(arn, seq, outbox, Self::disconnect_user),
            Deal::Purge => self.looking_at(arn, seq, outbox, Self::purge),
            Deal::WatchUser(None) => self.looking_at(arn, seq, outbox, Self::watch_user),
            Deal::WatchUser(Some(minutes)) => {
                self.looking_at(arn, seq, outbox, |app, outbox| app.watch_user_for(minutes, outbox));
            }
            Deal::Note => self.looking_at(arn, seq, outbox, Self::note_user),
            Deal::DropNote => self.looking_at(arn, seq, outbox, Self::drop_note),
            Deal::Inspect => self.looking_at(arn, seq, outbox, Self::inspect),
        }
    }

    /// Does something with this row as if it were selected.
    fn looking_at(&mut self, arn: &Arn, seq: u64, outbox: &mut Outbox, act: impl FnOnce(&mut Self, &mut Outbox)) {
        self.stand(Place::Chat(arn.clone()));
        let through = Through { selected: Some(seq), cluster: vec![seq], ..Through::default() };
        if let Some(room) = self.live.get_mut(arn) {
            room.look_through(Some(through));
        }
        act(self, outbox);
        if let Some(room) = self.live.get_mut(arn) {
            room.look_through(None);
        }
    }

    fn disconnect_plainly(&mut self, arn: Arn, user: &str, why: Why, outbox: &mut Outbox) {
        outbox.act(disconnection(arn, user, &why, Origin::Single, self.now));
        self.last_act = Some(Last::Disconnected(why));
    }

    fn say_plainly(&mut self, room: Arn, content: String, outbox: &mut Outbox) {
        // It is nobody's dialog, so that what comes of it is told as a word.
        self.dialog.0 += 1;
        self.obey(Do::Write { room, draft: Draft { content, ..Draft::default() } }, outbox);
    }

    fn turn_page(&mut self, page: &Page, outbox: &mut Outbox) {
        self.journal_search.set("");
        match page {
            Page::Details(arn) | Page::Json(arn) => {
                self.point_at(arn);
                self.tab = if matches!(page, Page::Json(_)) { Tab::Json } else { Tab::Details };
                self.details.want(arn, true, outbox);
            }
            Page::Journal(about) => {
                if let Some(arn) = about {
                    self.point_at(arn);
                }
                (self.tab, self.whole_journal) = (Tab::Journal, about.is_none());
            }
        }
    }

    fn point_at(&mut self, arn: &Arn) {
        self.leave_merged();
        if arn.kind() == "logging-configuration" && self.logging.select(arn.as_str()) {
            self.lead = Lead::Logging;
        } else {
            self.lead = Lead::Rooms;
            self.put_subject(arn);
        }
    }

    /// The page that was turned to, each line for itself; none while it is on its way.
    pub fn told_page(&self, page: &Page) -> Option<Vec<String>> {
        match page {
            Page::Details(arn) | Page::Json(arn) if self.details.waiting(arn) => None,
            Page::Details(_) | Page::Json(_) | Page::Journal(_) => {
                let lines = heard::told(&self.page(TOLD));
                // Keys mean nothing here.
                let keys = |line: &String| !(line.starts_with("a: ") || line.starts_with("a shows "));
                Some(lines.into_iter().filter(keys).collect())
            }
        }
    }

    /// What is over the panes.
    pub fn above(&self) -> Above {
        match &self.mode {
            Mode::Panes => Above::Nothing,
            Mode::Dialog(_, dialog) => Above::Dialog(dialog.spoken(self.now)),
            Mode::Leaving(count) => Above::Leaving(*count),
            Mode::Filter
            | Mode::Command(_)
            | Mode::Help(_)
            | Mode::Log(_)
            | Mode::Copy(_)
            | Mode::Switch(_)
            | Mode::Labels(_) => Above::Screen,
        }
    }

    /// What there is to say of a field of the form that is open.
    ///
    /// # Errors
    /// If there is no such field.
    pub fn explain(&self, field: &str) -> Result<String, String> {
        match &self.mode {
            Mode::Dialog(_, dialog) => dialog.explain(field),
            _ => Err("no form is open".to_owned()),
        }
    }

    /// How many words there have been, and the last one.
    pub fn said(&self) -> (u64, Option<&Word>) {
        (self.words, self.word.as_ref())
    }

    /// Whether what the open dialog does goes on when it is closed.
    pub fn may_go_on_unseen(&self) -> bool {
        matches!(&self.mode, Mode::Dialog(_, dialog) if matches!(**dialog, Dialog::Bulk(_)))
    }

    /// Words of many deletions that go on out of sight: they change with each of them.
    pub fn running_words(&self) -> Vec<String> {
        let open = if let Mode::Dialog(_, dialog) = &self.mode { Some(dialog) } else { None };
        let running = self.left.values().chain(open).filter_map(|dialog| match dialog.as_ref() {
            Dialog::Bulk(bulk) if bulk.is_under_way() => Some(bulk.word().1),
            _ => None,
        });
        running.collect()
    }

    /// Rooms that are, or were, watched.
    pub fn live_rooms(&self) -> impl Iterator<Item = &Room> {
        self.live.values()
    }

    /// One of them.
    pub fn live_room_at(&self, arn: &Arn) -> Option<&Room> {
        self.live.get(arn)
    }

    /// The rooms that are listed.
    pub fn listed_rooms(&self) -> List<'_, RoomRow> {
        (self.rooms.phase(), self.rooms.rows())
    }

    /// The logging configurations.
    pub fn listed_loggings(&self) -> List<'_, LoggingRow> {
        (self.logging.phase(), self.logging.rows())
    }

    /// The tags that were asked for.
    pub fn listed_tags(&self) -> List<'_, TagRow> {
        (self.tags.phase(), self.tags.rows())
    }

    /// What a resource is called.
    pub fn title_of(&self, arn: &Arn) -> String {
        self.name_of(arn)
    }

    /// Whether a list is on its way that was never whole.
    pub fn is_listing(&self) -> bool {
        (self.rooms.is_asking() && !self.rooms.is_whole()) || self.room_pages_are_new()
    }

    fn room_pages_are_new(&self) -> bool {
        // A service's filter makes a list anew, which shrinks until it is whole.
        self.query.is_some() && self.rooms.is_asking()
    }

    /// The room that is called so, by name, id or ARN.
    ///
    /// # Errors
    /// If there is none, or there are several.
    pub fn find_room(&self, wanted: &str) -> Result<Arn, String> {
        match self.room_act(wanted)? {
            Act::OpenRoom(arn) => Ok(arn),
            _ => Err("the rooms are on their way: say it again when they are here".to_owned()),
        }
    }

    /// How the name of a room may go on, each with what tells it from others: as the command line completes it.
    pub fn rooms_like(&self, typed: &str) -> Vec<(String, String)> {
        let found = complete(&format!("open {typed}"), &self.known());
        found.candidates.into_iter().map(|candidate| (candidate.insert, candidate.note)).collect()
    }

    /// The logging configuration that is called so.
    ///
    /// # Errors
    /// If there is none, or there are several.
    pub fn find_logging(&self, wanted: &str) -> Result<Arn, String> {
        self.logging_arn(wanted)
    }

    /// An ARN of this region.
    ///
    /// # Errors
    /// If it is none, or of another region.
    pub fn find_arn(&self, wanted: &str) -> Result<Arn, String> {
        self.own_arn(wanted)
    }

    /// The reasons that a digit chooses in this room, the first of which has the number 1.
    pub fn reasons_of(&self, arn: &Arn) -> Vec<String> {
        self.settings.reasons.of(arn, &self.name_of(arn))
    }

    /// Who the console is and where, as far as that is known.
    pub fn place_words(&self) -> String {
        let source = self.who.source();
        let name = if source == Source::Nothing { "" } else { source.name() };
        let account = self.who.caller.as_ref().map(|caller| caller.account.as_str()).unwrap_or_default();
        let words = [name, account, &self.settings.region, self.who.access.letters()];
        let words = words.into_iter().filter(|word| !word.is_empty()).map(|word| clean(word).as_str().to_owned());
        words.collect::<Vec<_>>().join(" ")
    }

    /// Changes whose outcome would be lost.
    pub fn unfinished(&self) -> usize {
        self.under_way().0 + self.awaited_echoes()
    }

    /// Deletions that the service took and of which the room has not been told.
    fn awaited_echoes(&self) -> usize {
        self.live.values().map(Room::awaited_acts).sum()
    }

    /// The room that was named when the console was started, or whose recording is played, as soon as it is here.
    pub fn room_from_the_start(&self) -> Option<&Arn> {
        let named = self.settings.open.is_some() || self.replay.is_some();
        self.live.keys().next().filter(|_| named)
    }

    /// Whether a recorded feed is being played.
    pub fn is_playing(&self) -> bool {
        self.replay.as_ref().is_some_and(|player| player.state() == State::Playing)
    }

    /// Whether a room is being connected to.
    pub fn is_connecting(&self) -> bool {
        self.live.values().any(|room| matches!(room.link(), Link::Asking | Link::Connecting(_)))
    }
}
