//! The console as a whole: one state, one pure update, one view.

mod acting;
mod answers;
mod asking;
mod card;
mod changes;
mod chat;
mod command_line;
mod commands;
mod configuring;
mod copying;
mod detour;
mod editing;
mod following;
mod grouping;
mod keeping;
mod labels;
mod main_pane;
mod marking;
mod moderating;
mod mouse;
mod opening;
pub mod plain;
mod purging;
mod query;
mod queueing;
mod recording;
mod replaying;
mod ruling;
mod session_log;
mod spread;
mod switching;
mod timers;
mod tokens;
mod unlocking;
mod view;
mod who;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use crate::api::Arn;
use crate::api::ops::{ListLoggingConfigurations, ListRooms};
use crate::api::paging::Pages;
use crate::identity::facts::Wanted;

use super::configuration::Configuration;
use super::dialog::Dialog;
use super::dialog::command_line::{CommandLine, History};
use super::dialog::copy::CopyMenu;
use super::dialog::event::Template;
use super::dialog::help::Help;
use super::dialog::log::LogView;
use super::dialog::switch::Switch;
use super::dialog::token::Preset;
use super::groups::Groups;
use super::identity::{Who, access};
use super::key::Key;
use super::keys::{Command, Context, Keymap};
use super::ledger::Ledger;
use super::log::{self, Log};
use super::look::Look;
use super::msg::{Msg, Ticket, Timer};
use super::outbox::{Job, Outbox, Tone, Word};
use super::pane::columns::{Columns, RoomColumn};
use super::pane::details::Details;
use super::pane::hydration::Hydration;
use super::pane::journal::Search;
use super::pane::listing::Listing;
use super::pane::rows::{LoggingRow, RoomRow, TagRow};
use super::queue::{self, Queue};
use super::reasons::Reasons;
use super::replay::{Player, Replay};
use super::room::Room;
use super::room::book::Book;
use super::room::hints::Labels;
use super::room::live;
use super::screen::{self, Areas, Focus, inside};
use super::text::clean;
use super::widget::page::Scroll;
use super::widget::table::TABLE;

use detour::Detour;
use following::Following;
use moderating::Last;
use query::RoomQuery;
use spread::Spread;
use switching::ToWatch;

/// What the console is started with.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Who the console is at first.
    pub who: Wanted,
    /// Who may change anything.
    pub access: access::Settings,
    /// The region, once it is known.
    pub region: String,
    /// The endpoint of the control plane, if it is not the region's own.
    pub endpoint: Option<String>,
    /// Whether the other side of connections does not have to prove who it is.
    pub unverified: bool,
    /// Colours or none.
    pub look: Look,
    /// A room to open at once: an ARN, an id or a name.
    pub open: Option<String>,
    /// What live rooms need.
    pub room: live::Settings,
    /// Events that are sent again and again.
    pub events: Vec<Template>,
    /// The reader's own presets for chat tokens.
    pub token_presets: Vec<Preset>,
    /// The folder that is offered for a token that is written to a file.
    pub token_folder: String,
    /// The reasons that a digit chooses.
    pub reasons: Reasons,
    /// How fast deletions and disconnections leave, and after what grace.
    pub queue: queue::Settings,
    /// Groups of rooms.
    pub groups: Groups,
    /// The columns of the lists.
    pub columns: Columns,
    /// What keys do.
    pub keymap: Arc<Keymap>,
    /// The configuration file, and what is wrong with it.
    pub configuration: Configuration,
    /// Seeds the jitter of reconnects.
    pub seed: u64,
    /// A recorded feed that is played instead of watching rooms.
    pub replay: Option<Replay>,
}

/// What the main pane follows: a list, or one resource wherever the lists' cursors are.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Lead {
    Rooms,
    Logging,
    Other(Box<Detour>),
}

/// A tab of the main pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Chat,
    Details,
    Json,
    Journal,
}

impl Tab {
    /// Its name on the frame.
    fn name(self) -> &'static str {
        match self {
            Self::Chat => "Chat",
            Self::Details => "Details",
            Self::Json => "JSON",
            Self::Journal => "Journal",
        }
    }

    /// Its name as it is typed.
    fn word(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Details => "details",
            Self::Json => "json",
            Self::Journal => "journal",
        }
    }
}

/// What takes the keys before the panes do.
#[derive(Debug)]
enum Mode {
    /// Nothing: the panes have them.
    Panes,
    /// The filter of the focused list is typed.
    Filter,
    /// A command is typed.
    Command(Box<CommandLine>),
    /// The help is open.
    Help(Help),
    /// The session log is open.
    Log(Box<LogView>),
    /// The copy menu is open.
    Copy(CopyMenu),
    /// A room is looked for by name.
    Switch(Box<Switch>),
    /// Leaving would lose the outcome of this many changes: really?
    Leaving(usize),
    /// Messages have labels.
    Labels(Labels),
    /// A dialog, and the ticket by which it gets its answers.
    Dialog(Ticket, Box<Dialog>),
}

/// The console.
#[derive(Debug)]
pub struct App {
    settings: Settings,
    who: Who,
    /// Who it is to become, when it has been said what becomes of what is under way.
    turning: Option<Box<Wanted>>,
    room_settings: Arc<live::Settings>,
    /// In a replay, the time in there.
    now: Timestamp,
    replay: Option<Player>,
    size: (u16, u16),
    focus: Focus,
    zoom: bool,
    lead: Lead,
    mode: Mode,
    tab: Tab,
    scroll: Scroll,
    rooms: Listing<RoomRow>,
    room_pages: Pages<ListRooms>,
    /// What the rooms' list is narrowed to by the service.
    query: Option<RoomQuery>,
    /// How many queries there have been.
    queries: u64,
    logging: Listing<LoggingRow>,
    logging_pages: Pages<ListLoggingConfigurations>,
    tags: Listing<TagRow>,
    tags_of: Option<Arn>,
    details: Details,
    hydration: Hydration,
    following: Following,
    live: BTreeMap<Arn, Room>,
    /// How many of them the main pane shows.
    spread: Spread,
    /// Rooms that are to be watched as soon as others are connected.
    to_watch: ToWatch,
    /// What is kept about users, by account.
    books: BTreeMap<Box<str>, Arc<Book>>,
    /// What was wrong with it when it was read last.
    book_trouble: String,
    /// Notes on their way to be kept or taken away, by their ids, and the dialogs that wait for it.
    noting: BTreeMap<Box<str>, Ticket>,
    /// An opened room that the list does not show: the main pane stays on it until the list's cursor moves.
    pinned: Option<Arn>,
    /// The room that was asked for at the start and has not been found yet.
    wanted: Option<String>,
    /// What is in the reader's editor, and how often anything was.
    edited: Option<editing::Edited>,
    /// Texts whose editor was left while something was wrong with them, by what they are of.
    unfinished: BTreeMap<Arn, String>,
    edits: Ticket,
    rest: Ticket,
    /// The last dialog's.
    dialog: Ticket,
    /// What is to be edited as soon as it is fetched, and with what, unless a key is pressed before.
    editing: Option<(Arn, editing::Tool)>,
    /// Dialogs that were left while what they sent was on its way.
    left: BTreeMap<Ticket, Box<Dialog>>,
    /// Changes that were sent and not answered yet.
    sending: usize,
    /// Deletions and disconnections that are not over yet.
    queue: Queue,
    /// The console ends as soon as they are.
    parting: bool,
    /// A purge that goes on.
    purge: Option<purging::Running>,
    /// What `.` does again.
    last_act: Option<Last>,
    word: Option<Word>,
    /// How many there have been.
    words: u64,
    last_delete: Option<Timestamp>,
    /// Events that were sent lately, newest first.
    sent_events: VecDeque<Template>,
    ledger: Ledger,
    /// Requests and errors since the console started.
    log: Log,
    /// Whether the journal is shown of everything, not of the subject alone.
    whole_journal: bool,
    journal_search: Search,
    dice: fastrand::Rng,
    /// Commands that were typed.
    history: History,
    /// Resources that no list has and whose tags were shown, the last one first.
    seen: Vec<Arn>,
}

impl App {
    /// A console that has not asked for anything yet, on a screen of this size.
    pub fn new(settings: Settings, now: Timestamp, size: (u16, u16)) -> Self {
        let replay = settings.replay.as_ref().map(|replay| Player::new(replay, now));
        let mut app = Self {
            room_settings: Arc::new(settings.room.clone()),
            who: Who::new(settings.who.clone()),
            turning: None,
            wanted: settings.open.clone(),
            dice: fastrand::Rng::with_seed(settings.seed),
            now: replay.as_ref().map_or(now, Player::clock),
            replay,
            queue: Queue::new(settings.queue),
            parting: false,
            purge: None,
            last_act: None,
            settings,
            size,
            focus: Focus::Rooms,
            zoom: false,
            lead: Lead::Rooms,
            mode: Mode::Panes,
            tab: Tab::Chat,
            scroll: Scroll::default(),
            rooms: Listing::new(),
            room_pages: Pages::new(ListRooms::default()),
            query: None,
            queries: 0,
            logging: Listing::new(),
            logging_pages: Pages::new(ListLoggingConfigurations::default()),
            tags: Listing::new(),
            tags_of: None,
            details: Details::default(),
            hydration: Hydration::default(),
            following: Following::default(),
            live: BTreeMap::new(),
            spread: Spread::One,
            to_watch: ToWatch::new(),
            books: BTreeMap::new(),
            book_trouble: String::new(),
            noting: BTreeMap::new(),
            pinned: None,
            edited: None,
            unfinished: BTreeMap::new(),
            edits: Ticket::default(),
            rest: Ticket::default(),
            dialog: Ticket::default(),
            editing: None,
            left: BTreeMap::new(),
            sending: 0,
            word: None,
            words: 0,
            last_delete: None,
            sent_events: VecDeque::new(),
            ledger: Ledger::default(),
            log: Log::default(),
            whole_journal: false,
            journal_search: Search::default(),
            history: History::default(),
            seen: Vec::new(),
        };
        app.size = app.above_banner(size);
        app
    }

    /// The first asks: who we are, and what the journal and the book of users say. The lists follow once the first is known.
    pub fn start(&mut self) -> Vec<Job> {
        let mut outbox = Outbox::default();
        self.become_first(&mut outbox);
        self.next_minute(&mut outbox);
        outbox.push(Job::ReadJournal);
        outbox.push(Job::ReadBook);
        self.start_replay(&mut outbox);
        self.tell_of_configuration(&mut outbox);
        self.settle(None, &mut outbox);
        self.hear(&outbox);
        self.leave_with(outbox)
    }

    /// Takes one thing that happened at `now`, and says what is to be done about it.
    pub fn update(&mut self, now: Timestamp, msg: Msg) -> Vec<Job> {
        // A pointer has done its work when the next key is pressed; what was done, or failed, stays until the next.
        if matches!(msg, Msg::Key(_)) && self.word.as_ref().is_some_and(|word| word.tone == Tone::Hint) {
            self.word = None;
        }
        self.during(now, |app, outbox| {
            app.log.begin(app.now, app.bare(&msg));
            app.take(msg, outbox);
        })
    }

    /// Whatever is done is done like this: what it asks for leaves, and the panes learn what is different.
    fn during(&mut self, now: Timestamp, act: impl FnOnce(&mut Self, &mut Outbox)) -> Vec<Job> {
        self.now = self.replay.as_mut().map_or(now, |replay| replay.tick(now));
        let mut outbox = Outbox::default();
        let subject = self.subject();
        act(self, &mut outbox);
        self.take_written(&mut outbox);
        self.take_echoes(&mut outbox);
        self.run_purge(&mut outbox);
        self.run_queue(&mut outbox);
        self.settle(subject.as_ref(), &mut outbox);
        self.hear(&outbox);
        self.leave_with(outbox)
    }

    /// What was said last is the word that stands.
    fn hear(&mut self, outbox: &Outbox) {
        if let Some(word) = outbox.word() {
            self.log.said(self.now, word);
            self.word = Some(word.clone());
            self.words += 1;
        }
    }

    /// The jobs leave, and changes among them are entered into the ledger.
    fn leave_with(&mut self, outbox: Outbox) -> Vec<Job> {
        let mut jobs = outbox.into_jobs();
        self.ledger.enter(self.now, &mut jobs);
        log::stamp(self.now, &mut jobs);
        jobs
    }

    fn take(&mut self, msg: Msg, outbox: &mut Outbox) {
        match msg {
            Msg::Key(key) => self.key(key, outbox),
            Msg::Held(key) if self.may_repeat(key) => self.key(key, outbox),
            Msg::Paste(text) => self.paste(&text),
            Msg::Mouse(mouse) => self.point(mouse),
            Msg::Resize(width, height) => self.resize(self.above_banner((width, height))),
            Msg::Due(timer) => self.due(timer, outbox),
            Msg::Changed(dialog, step, result) => self.changed(dialog, step, result, outbox),
            Msg::Users(dialog, asked, page) => self.found_users(dialog, asked, page, outbox),
            Msg::FileRead(dialog, text) => self.file_read(dialog, text),
            Msg::RulesTested(dialog, found) => self.rules_tested(dialog, found),
            Msg::FileWritten(dialog, written) => self.file_written(dialog, written, outbox),
            Msg::Broken(what) => outbox.bad(format!("a bug in ivschat, please report it: {}", clean(&what).as_str())),
            Msg::Held(_) => {}
            Msg::Rooms(..)
            | Msg::Logging(..)
            | Msg::Room(..)
            | Msg::LoggingConfiguration(..)
            | Msg::Tags(..)
            | Msg::Token(..)
            | Msg::Link(..)
            | Msg::Ended(..)
            | Msg::Published(..)
            | Msg::Taped(..)
            | Msg::Acted(..)
            | Msg::Copied(..)
            | Msg::Edited(..) => self.answer(msg, outbox),
            Msg::Called(called, answer) => {
                self.log.called(self.now, *called);
                self.take(*answer, outbox);
            }
            Msg::Over(entry, outcome, answer) => {
                self.ledger.end(self.now, entry, *outcome);
                self.take(*answer, outbox);
            }
            Msg::Unwritten(why, rest) => {
                self.take(*rest, outbox);
                // Last, so that no word of success covers it.
                outbox.bad(format!("the journal can't be written: {}", clean(&why).as_str()));
            }
            Msg::Book(found) => self.book_came(found, outbox),
            Msg::BookKept(entry, kept) => self.book_kept(&entry, kept, outbox),
            Msg::Journal(kept) => self.ledger.found(kept),
            Msg::Identity(generation, told) => self.told(generation, told, outbox),
            Msg::Of(generation, msg) => self.take_of(generation, *msg, outbox),
            Msg::Spent(msg) => {
                self.look(outbox);
                self.take(*msg, outbox);
            }
        }
    }

    fn key(&mut self, key: Key, outbox: &mut Outbox) {
        if !screen::is_large_enough(self.size.0, self.size.1) {
            // Nothing is shown, so nothing can be meant but to leave.
            if self.settings.keymap.command(Context::Everywhere, key) == Some(Command::Quit) {
                self.leave(outbox);
            }
            return;
        }
        self.press(key, outbox);
    }

    /// The resource that the main pane shows and whose tags are listed.
    fn subject(&self) -> Option<Arn> {
        match &self.lead {
            Lead::Rooms => {
                let selected = self.rooms.selected().map(|row| row.summary.arn.clone());
                self.pinned.clone().or(selected)
            }
            Lead::Logging => self.logging.selected().map(|row| row.configuration.arn.clone()),
            Lead::Other(detour) => Some(detour.arn.clone()),
        }
    }

    /// The watched room that the main pane shows.
    fn shown_room(&self) -> Option<&Room> {
        self.live.get(&self.subject()?)
    }

    /// The id of the message that an action would hit, if one is selected.
    pub fn selected_message(&self) -> Option<&str> {
        self.shown_room()?.selected().map(|said| &*said.id)
    }

    /// The room and the id of the message that stands out on the screen, as the view itself knows it: an action must hit
    /// this one, and no other.
    pub fn highlighted(&self) -> Option<(&Arn, &str)> {
        if let Some(merged) = self.merged() {
            return Some((merged.selected()?.0, &merged.selected_said(&self.live)?.id));
        }
        let room = self.shown_room()?;
        let row = room.feed().row(room.reading().selected()?)?;
        Some((room.arn(), &row.message()?.id))
    }

    /// The user id, and name with short id, of who wrote that message.
    pub fn selected_author(&self) -> Option<(String, String)> {
        let said = self.shown_room()?.selected()?;
        Some((said.by.user_id.to_string(), said.by.label()))
    }

    /// The tab that is shown: a room that is not watched has no chat.
    fn shown_tab(&self) -> Tab {
        match self.tab {
            Tab::Chat if self.shown_room().is_none() => Tab::Details,
            tab if self.tabs().contains(&tab) => tab,
            Tab::Chat | Tab::Details | Tab::Json | Tab::Journal => Tab::Details,
        }
    }

    fn areas(&self) -> Areas {
        let areas = screen::areas(self.size.0, self.size.1, self.focus, self.zoom);
        match self.card_room().and_then(Room::card) {
            Some(card) => areas.with_card(self.focus, card.is_focused()),
            None => areas,
        }
    }

    /// After each update: panes learn their size, and a new subject gets its page from the top and, after a rest, its
    /// details and tags.
    fn settle(&mut self, before: Option<&Arn>, outbox: &mut Outbox) {
        let areas = self.areas();
        let height = |area| {
            let (width, height) = inside(area);
            height.saturating_sub(usize::from(width >= TABLE))
        };
        if areas.rooms.width > 0 {
            self.rooms.resize(height(areas.rooms));
        }
        if areas.logging.width > 0 {
            self.logging.resize(height(areas.logging));
        }
        if areas.tags.width > 0 {
            self.tags.resize(height(areas.tags));
        }
        self.watch_next(outbox);
        self.settle_spread();
        let (subject, tiled) = (self.subject(), self.tiles().is_some());
        let alone = |_: &&mut Room| areas.main.width > 0 && !tiled;
        if let Some(room) = subject.as_ref().and_then(|arn| self.live.get_mut(arn)).filter(alone) {
            let (width, height) = inside(areas.main);
            room.resize(width, height);
        }
        self.settle_card();
        if subject.as_ref() != before {
            self.scroll = Scroll::default();
            self.tags.clear();
            self.tags_of = None;
            self.rest.0 += 1;
            outbox.after(asking::REST, Timer::Rest(self.rest));
        }
        self.see_rooms(outbox);
    }

    /// The rows in view get their limits, if that column is shown.
    fn see_rooms(&mut self, outbox: &mut Outbox) {
        let shown = self.room_columns().iter().any(|column| column.kind == RoomColumn::Limits);
        let rows = self.rooms.visible().filter(|_| shown);
        self.hydration.see(rows.map(|(_, row)| &row.summary.arn), outbox);
    }

    /// Rooms that are live now.
    fn live_count(&self) -> usize {
        self.live.values().filter(|room| matches!(room.link(), super::room::link::Link::Live { .. })).count()
    }

    /// The time of day to the minute, with its zone.
    fn clock(&self) -> String {
        self.room_settings.clock.minute(self.now)
    }
}
