//! Runs what is typed after `:`. Whatever can't be done is said before the line closes, so that it can be mended.

use std::sync::Arc;

use crate::api::model::Arn;
use crate::api::ops::ListRooms;
use crate::api::{Operation, Service};
use crate::app::commands::{Action, Known, Named, Order, name_of, nearest, read};
use crate::app::dialog::command_line::{CommandLine, Pressed};
use crate::app::key::{Code, Key};
use crate::app::keys::{self, Command, Context};
use crate::app::outbox::Outbox;
use crate::app::pane::listing::Row;
use crate::app::pane::rows::{RoomRow, function};
use crate::app::room::book::MOST_MINUTES;
use crate::app::screen::Focus;
use crate::app::widget::page::Scroll;

use super::{App, Mode, Tab, recording, replaying};

/// An order that can be carried out.
#[derive(Debug)]
pub(super) enum Act {
    Key(Command),
    OpenRoom(Arn),
    /// A room that is not in the part of the list that has come.
    AwaitRoom(String),
    Rooms(ListRooms),
    Tags(Arn),
    Tab(Tab),
    Filter(String),
    Purge(Vec<String>),
    WatchFor(u32),
    /// Of the room that is shown.
    Record(Arn, recording::Order),
    Replay(replaying::Order),
    Rules,
    TestRules(String),
    Arm(bool),
    Tiles(usize),
    Config,
    Group(String),
    WatchGroup(String),
    /// A profile, or all of them to pick from.
    Profile(Option<String>),
    Region(Option<String>),
    Unlock,
    Lock,
}

impl App {
    pub(super) fn open_command_line(&mut self, outbox: &mut Outbox) {
        self.want_profiles(outbox);
        let line = CommandLine::new(self.history.clone(), &self.known());
        self.open_dialog(Mode::Command(Box::new(line)));
    }

    pub(super) fn press_in_command_line(&mut self, key: Key, command: Option<Command>, outbox: &mut Outbox) {
        let known = self.known();
        let Mode::Command(line) = &mut self.mode else { return };
        let pressed = line.press(key, command, &known);
        match pressed {
            Pressed::Stay => {}
            Pressed::Close => {
                // What was typed and not run can be had back.
                let text = line.text().to_owned();
                self.history.keep(&text);
                self.close_dialog();
            }
            Pressed::Run(text) => self.run(&text, outbox),
        }
    }

    pub(super) fn paste_into_command_line(&mut self, text: &str) {
        let known = self.known();
        if let Mode::Command(line) = &mut self.mode {
            line.paste(text, &known);
        }
    }

    fn run(&mut self, text: &str, outbox: &mut Outbox) {
        match read(text).and_then(|order| self.act(order)) {
            Ok(act) => {
                self.history.keep(text);
                self.close_dialog();
                self.carry_out(act, outbox);
            }
            Err(why) => {
                if let Mode::Command(line) = &mut self.mode {
                    line.refuse(&why);
                }
            }
        }
    }

    pub(super) fn carry_out(&mut self, act: Act, outbox: &mut Outbox) {
        match act {
            // As if by Esc, which never leaves.
            Act::Key(command) => self.command(command, Key::plain(Code::Esc), outbox),
            Act::OpenRoom(arn) => self.open_room(&arn, outbox),
            Act::AwaitRoom(name) => {
                outbox.hint("the rooms are on their way: it opens as soon as it is found");
                self.wanted = Some(name);
            }
            Act::Rooms(ask) => self.query_rooms(ask, outbox),
            Act::Tags(arn) => self.show_tags(arn),
            Act::Tab(tab) => {
                self.tab = tab;
                self.scroll = Scroll::default();
                if self.areas().main.width == 0 {
                    self.focus = Focus::Main;
                }
            }
            Act::Filter(text) => self.set_filter(&text),
            Act::Purge(words) => self.purge_by_pattern(&words, outbox),
            Act::WatchFor(minutes) => self.watch_user_for(minutes, outbox),
            Act::Record(arn, order) => self.record(&arn, order, outbox),
            Act::Replay(order) => self.order_replay(order, outbox),
            Act::Rules => self.show_rules(),
            Act::TestRules(path) => self.test_rules(path, outbox),
            Act::Arm(true) => self.ask_to_arm(),
            Act::Arm(false) => self.disarm(outbox),
            Act::Tiles(count) => self.set_tiles(count, outbox),
            Act::Config => self.show_configuration(),
            Act::Group(name) => self.show_group(&name),
            Act::WatchGroup(name) => self.watch_group(&name, outbox),
            Act::Profile(Some(name)) => self.use_profile(name, outbox),
            Act::Profile(None) => self.pick_profile(outbox),
            Act::Region(Some(name)) => self.use_region(name, outbox),
            Act::Region(None) => self.pick_region(),
            Act::Unlock => self.ask_to_unlock(outbox),
            Act::Lock => self.lock(outbox),
        }
    }

    /// What an order comes to here and now.
    ///
    /// # Errors
    /// If it can't be done, in words for the reader that are not yet safe to show.
    pub(super) fn act(&self, order: Order) -> Result<Act, String> {
        match order {
            Order::Key(command) => self.key_act(command),
            Order::Own(Action::Open, words) => self.room_act(&words.concat()),
            Order::Own(Action::Rooms, words) => self.rooms_act(&words),
            Order::Own(Action::Tags, words) => self.tags_act(&words.concat()),
            Order::Own(Action::Tab, words) => self.tab_act(&words.concat()),
            Order::Own(Action::Filter, _) if self.pane_context() == Context::Page => {
                Err("only lists, the chat and the journal are filtered: Esc, then 1, 2 or 3 goes to a list".to_owned())
            }
            Order::Own(Action::Purge | Action::Arm, _) if self.who.access.is_read_only() => Err(self.locked_words()),
            Order::Own(Action::Purge, words) => Ok(Act::Purge(words)),
            Order::Own(Action::Tiles, words) => self.tiles_act(&words.concat()),
            Order::Own(Action::WatchFor, words) => minutes(&words.concat()).map(Act::WatchFor),
            Order::Own(Action::Replay, words) => Ok(Act::Replay(self.replay_act(&words)?)),
            Order::Own(Action::Record, words) => {
                let (arn, order) = self.record_act(words.first().map(String::as_str))?;
                Ok(Act::Record(arn, order))
            }
            Order::Own(Action::Rules, words) => self.trial_act(&words),
            Order::Own(Action::Arm, _) => self.may_arm().map(|()| Act::Arm(true)),
            Order::Own(Action::Disarm, _) => self.may_disarm().map(|()| Act::Arm(false)),
            Order::Own(Action::Config, _) => Ok(Act::Config),
            Order::Own(Action::Group, words) => self.group(&words.concat()).map(Act::Group),
            Order::Own(Action::WatchGroup, words) => self.group(&words.concat()).map(Act::WatchGroup),
            Order::Own(Action::Profile, words) => self.profile_act(words.first()).map(Act::Profile),
            Order::Own(Action::Region, words) => self.region_act(words.first()).map(Act::Region),
            Order::Own(Action::Unlock, _) => Ok(Act::Unlock),
            Order::Own(Action::Lock, _) => Ok(Act::Lock),
            Order::Own(Action::Filter, words) => Ok(Act::Filter(words.join(" "))),
        }
    }

    fn key_act(&self, command: Command) -> Result<Act, String> {
        if command == Command::Write && self.who.access.is_read_only() && self.replay.is_none() {
            // Nothing can be written, so it is the console that is to be made writable.
            return Ok(Act::Unlock);
        }
        if keys::is_bound(self.pane_context(), command) {
            return Ok(Act::Key(command));
        }
        let name = name_of(command).unwrap_or("this");
        let place = keys::bound_in(command).unwrap_or("dialogs");
        Err(format!("{name} means nothing here, but in: {place}"))
    }

    pub(super) fn room_act(&self, wanted: &str) -> Result<Act, String> {
        if wanted.starts_with("arn:") {
            let arn = self.own_arn(wanted)?;
            let is_room = arn.service() == Service::IvsChat.signing_name() && arn.kind() == "room";
            return if is_room { Ok(Act::OpenRoom(arn)) } else { Err(format!("{arn} is not a room")) };
        }
        let all = self.query.iter().flat_map(|query| query.all.rows()).chain(self.rooms.rows());
        let mut found: Vec<&RoomRow> =
            all.clone().filter(|row| row.summary.arn.id() == wanted || row.summary.name == wanted).collect();
        found.sort_by_key(|row| row.id());
        found.dedup_by_key(|row| row.id());
        match found.as_slice() {
            [row] => Ok(Act::OpenRoom(row.summary.arn.clone())),
            [] if self.query.is_none() && self.rooms.is_asking() => Ok(Act::AwaitRoom(wanted.to_owned())),
            [] => {
                let near = nearest(wanted, all.map(|row| row.summary.name.as_str()));
                Err(format!("no room is called {wanted:?}{}", meant(near)))
            }
            several => Err(format!("{} rooms are called {wanted:?}: give the id, Tab shows them", several.len())),
        }
    }

    fn rooms_act(&self, words: &[String]) -> Result<Act, String> {
        let mut ask = ListRooms::default();
        for word in words {
            let (member, value) = word.split_once('=').unwrap_or((word, ""));
            if value.is_empty() {
                let near = nearest(member, ["name", "handler", "logging"]);
                return Err(format!("{word:?} is not one of name=.., handler=.., logging=..{}", meant(near)));
            }
            match member {
                "name" => ask.name = Some(value.to_owned()),
                "handler" => ask.message_review_handler_uri = Some(self.handler(value)),
                "logging" => ask.logging_configuration_identifier = Some(self.logging_arn(value)?),
                other => {
                    let near = nearest(other, ["name", "handler", "logging"]);
                    let near = near.map_or(" but by name, handler or logging".to_owned(), |_| meant(near));
                    return Err(format!("rooms are not found by {other:?}{near}"));
                }
            }
        }
        match ask.problems().first() {
            Some(problem) => Err(format!("{} {}", problem.member, problem.message)),
            None => Ok(Act::Rooms(ask)),
        }
    }

    /// A handler's ARN, which may be given by the function's name if a room has it.
    fn handler(&self, value: &str) -> String {
        let known = self.known().handlers.into_iter().find(|handler| handler.name == value);
        known.map_or_else(|| value.to_owned(), |handler| handler.id)
    }

    pub(super) fn logging_arn(&self, value: &str) -> Result<Arn, String> {
        if value.starts_with("arn:") {
            return self.own_arn(value);
        }
        let all = self.logging.rows().iter().map(|row| &row.configuration);
        let found: Vec<_> = all.clone().filter(|one| one.arn.id() == value || one.name == value).collect();
        match found.as_slice() {
            [one] => Ok(one.arn.clone()),
            [] => {
                let near = nearest(value, all.map(|one| one.name.as_str()));
                Err(format!("no logging configuration is called {value:?}{}", meant(near)))
            }
            several => Err(format!("{} logging configurations are called {value:?}: give the id", several.len())),
        }
    }

    fn trial_act(&self, words: &[String]) -> Result<Act, String> {
        match words {
            [] if self.shown_room().is_none() => {
                Err("the rules in force are those of a live room: open one, or give test FILE".to_owned())
            }
            [] => Ok(Act::Rules),
            [test, ..] if test != "test" => Err(format!("{test:?} means nothing here: rules, or rules test FILE")),
            [_] => Err("test needs a file: rules test FILE".to_owned()),
            [_, file] => self.may_test().map(|()| Act::TestRules(file.clone())),
            [..] => Err("test takes one file: put quotes around a name with blanks in it".to_owned()),
        }
    }

    fn tags_act(&self, wanted: &str) -> Result<Act, String> {
        let arn = self.own_arn(wanted)?;
        match Service::of(&arn) {
            Some(_) => Ok(Act::Tags(arn)),
            None => Err(format!("{:?} is another service: tags are shown of ivschat and ivs resources", arn.service())),
        }
    }

    /// An ARN of the region that this console is for.
    pub(super) fn own_arn(&self, text: &str) -> Result<Arn, String> {
        let arn: Arn = text.parse().map_err(|_| {
            format!("{text:?} is not an ARN, such as arn:aws:ivs:{}:ACCOUNT:channel/ID", self.settings.region)
        })?;
        if arn.region() == self.settings.region {
            return Ok(arn);
        }
        let (there, here) = (arn.region(), &self.settings.region);
        Err(format!("it is in {there}, this is {here}: start another with --region {there}"))
    }

    fn tab_act(&self, wanted: &str) -> Result<Act, String> {
        let tabs = self.tabs();
        match tabs.iter().find(|tab| tab.name().eq_ignore_ascii_case(wanted)) {
            Some(Tab::Chat) if self.shown_room().is_none() => {
                Err("this room is not watched: open shows its chat".to_owned())
            }
            Some(tab) => Ok(Act::Tab(*tab)),
            None => {
                let names: Vec<String> = tabs.iter().map(|tab| tab.name().to_lowercase()).collect();
                let near = nearest(wanted, names.iter().map(String::as_str));
                Err(format!("there is no tab {wanted:?}, but {}{}", names.join(", "), meant(near)))
            }
        }
    }

    fn tiles_act(&self, wanted: &str) -> Result<Act, String> {
        match wanted {
            _ if self.shown_room().is_none() => Err("tiles show live rooms: open one first".to_owned()),
            "1" => Ok(Act::Tiles(1)),
            "2" => Ok(Act::Tiles(2)),
            "4" => Ok(Act::Tiles(4)),
            other => Err(format!("{other:?} is not 1, 2 or 4")),
        }
    }

    /// What arguments can be completed to.
    pub(super) fn known(&self) -> Known {
        let all_rooms = self.query.as_ref().map_or(self.rooms.rows(), |query| query.all.rows());
        let rooms: Vec<Named> = all_rooms.iter().map(|row| named(&row.summary.name, &row.summary.arn)).collect();
        let loggings = self.logging.rows().iter().map(|row| named(&row.configuration.name, &row.configuration.arn));
        let reviewed = all_rooms.iter().filter_map(|row| row.summary.message_review_handler.as_ref());
        let mut handlers: Vec<Named> = reviewed
            .filter(|handler| !handler.uri.is_empty())
            .map(|handler| Named { name: function(&handler.uri).to_owned(), id: handler.uri.clone() })
            .collect();
        handlers.sort_by(|one, other| one.id.cmp(&other.id));
        handlers.dedup();
        let others = self.seen.iter().map(|arn| Named { name: String::new(), id: arn.as_str().to_owned() });
        let configurations = self.logging.rows().iter().map(|row| &row.configuration);
        let arns = others
            .chain(configurations.map(|one| Named { name: one.name.clone(), id: one.arn.as_str().to_owned() }))
            .chain(all_rooms.iter().map(|row| Named { name: row.summary.name.clone(), id: row.id().to_owned() }))
            .collect();
        let tabs = self.tabs().iter().map(|tab| tab.word()).collect();
        let keymap = Arc::clone(&self.settings.keymap);
        let groups = self.settings.groups.names().map(ToOwned::to_owned).collect();
        let profiles = self.known_profiles();
        Known { rooms, loggings: loggings.collect(), handlers, arns, tabs, groups, keymap, profiles }
    }
}

fn named(name: &str, arn: &Arn) -> Named {
    Named { name: name.to_owned(), id: arn.id().to_owned() }
}

fn minutes(text: &str) -> Result<u32, String> {
    let minutes = text.strip_suffix("min").unwrap_or(text).trim().parse().ok();
    let minutes = minutes.filter(|minutes| (1..=MOST_MINUTES).contains(minutes));
    minutes.ok_or_else(|| format!("{text:?} is not a number of minutes, 1 to {MOST_MINUTES}"))
}

pub(super) fn meant(near: Option<&str>) -> String {
    near.map(|near| format!(": did you mean {near}?")).unwrap_or_default()
}
