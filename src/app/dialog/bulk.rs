//! Many messages deleted, or users disconnected, at once: what will be hit is shown first, and then what came of each.
//!
//! What is hit is fixed when the dialog opens: whatever is said later is not among it.

mod sheet;

use std::collections::BTreeSet;
use std::time::Duration;

use tui_input::Input;

use crate::api::{Arn, Error};
use crate::app::key::{Code, Key};
use crate::app::keys::{Command, Context};
use crate::app::outbox::Tone;
use crate::app::queue::{Aim, Why};
use crate::app::room::deletion::Echo;
use crate::app::screen::inside;
use crate::app::sweep::Sweep;
use crate::app::text::{Clean, clean};
use crate::app::trouble::Trouble;
use crate::app::widget::edit;
use crate::app::widget::page::Scroll;

use super::order::Order;
use super::reason::{Picked, Picker};
use super::{Dialog, Next, area};

/// More than so many are confirmed by typing how many they are.
pub const FEW: usize = 20;

/// One that is hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The room.
    pub room: Arn,
    /// What is hit there.
    pub aim: Aim,
    /// The user id of who wrote it, or who it is.
    pub user: String,
    /// Name and short id.
    pub who: String,
    /// What was said, or what becomes of them; made safe here.
    pub what: String,
}

/// All that is hit, and what is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Targets {
    /// Those that are hit, in this order.
    pub hit: Vec<Target>,
    /// Messages of protected users, which are left alone: who, and how many.
    pub spared: Vec<(String, usize)>,
    /// Messages that a filter hides, which are left alone, too.
    pub hidden: usize,
    /// The names of the rooms.
    pub rooms: Vec<String>,
}

/// What has become of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It is not sent yet.
    Waiting,
    /// It is on its way to the service.
    Sent,
    /// The service took it; the room is not told yet.
    Taken,
    /// The room was told, this long after it was asked for.
    Confirmed(Duration),
    /// The service took it, and the room was not told in time.
    Unconfirmed,
    /// Somebody else was faster, or it is not here any more.
    Elsewhere,
    /// The service refused it.
    Failed(String),
    /// Nobody knows whether it was carried out.
    Doubtful(String),
    /// It was not sent.
    Cancelled,
}

impl End {
    /// What an error comes to.
    pub fn of(error: &Error) -> Self {
        let why = Trouble::new(error).brief();
        if error.kind.may_have_been_done() { Self::Doubtful(why) } else { Self::Failed(why) }
    }

    fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Sent)
    }

    fn is_good(&self) -> bool {
        matches!(self, Self::Taken | Self::Confirmed(_) | Self::Elsewhere)
    }
}

#[derive(Debug)]
struct Item {
    room: Arn,
    aim: Aim,
    who: Clean,
    what: Clean,
    end: End,
}

/// How far all of it is.
#[derive(Debug)]
enum Stage {
    /// The reason is chosen.
    Choosing(Box<Picker>),
    /// It is asked whether it is to be done.
    Asking {
        /// How many they are, as far as it is typed.
        typed: Input,
        /// Enter was pressed on another number.
        mismatch: bool,
    },
    Running,
    Over,
}

/// Many deletions and disconnections.
#[derive(Debug)]
pub struct Bulk {
    items: Vec<Item>,
    users: usize,
    messages: usize,
    spared: Vec<(Clean, usize)>,
    hidden: usize,
    rooms: Clean,
    why: Why,
    stage: Stage,
    scroll: Scroll,
    /// The form that it came from.
    before: Option<Box<Dialog>>,
    /// A purge that goes on after that.
    then: Option<Sweep>,
}

impl Bulk {
    /// Asks whether all this is to be done for this reason.
    pub fn asking(targets: Targets, why: Why) -> Self {
        let stage = Stage::Asking { typed: Input::default(), mismatch: false };
        Self::at(stage, targets, why)
    }

    /// The same, after the reason is chosen.
    pub fn choosing(targets: Targets, picker: Picker) -> Self {
        Self::at(Stage::Choosing(Box::new(picker.asking_on())), targets, Why::default())
    }

    /// If it is not wanted after all, the form that it came from is there again, with what was typed.
    #[must_use]
    pub fn over(self, before: Option<Box<Dialog>>) -> Self {
        Self { before, ..self }
    }

    /// What comes from now on is hit, too, for as long as this says.
    #[must_use]
    pub fn going_on(self, sweep: Sweep) -> Self {
        Self { then: Some(sweep).filter(|sweep| sweep.next.is_some()), ..self }
    }

    fn at(stage: Stage, targets: Targets, why: Why) -> Self {
        let is_message = |target: &&Target| matches!(target.aim, Aim::Message(_));
        let users: BTreeSet<&str> = targets.hit.iter().map(|target| target.user.as_str()).collect();
        Self {
            users: users.len(),
            messages: targets.hit.iter().filter(is_message).count(),
            spared: targets.spared.iter().map(|(who, count)| (clean(who), *count)).collect(),
            hidden: targets.hidden,
            rooms: clean(&targets.rooms.join(", ")),
            items: targets.hit.into_iter().map(Item::new).collect(),
            why,
            stage,
            scroll: Scroll::default(),
            before: None,
            then: None,
        }
    }

    pub(super) fn context(&self) -> Context {
        match &self.stage {
            Stage::Choosing(picker) => picker.context(),
            Stage::Asking { .. } if self.items.len() > FEW => Context::Count,
            Stage::Asking { .. } => Context::Review,
            Stage::Running => Context::Batch,
            Stage::Over => Context::BatchOver,
        }
    }

    pub(super) fn press(&mut self, key: Key, command: Option<Command>, size: (u16, u16)) -> Next {
        if let Some(Command::Move(motion)) = command {
            let lines = self.list().len();
            let height = inside(area(size, usize::MAX >> 1)).1.saturating_sub(self.around(size));
            self.scroll.go(motion, lines, height);
            return Next::Stay;
        }
        match &mut self.stage {
            Stage::Choosing(picker) => {
                let came_to = picker.press(key, command);
                self.picked(came_to)
            }
            Stage::Asking { .. } => self.press_asking(key, command),
            Stage::Running => match command {
                Some(Command::Cancel) if self.count(|end| *end == End::Waiting) == 0 => Next::Leave,
                Some(Command::Cancel) => Next::Order(Order::CancelRun),
                Some(Command::LeaveRunning) => Next::Leave,
                Some(_) | None => Next::Stay,
            },
            Stage::Over => match command {
                Some(Command::Cancel) => Next::Close,
                Some(Command::Accept) if self.count(|end| !end.is_good()) > 0 => self.run(|end| !end.is_good()),
                Some(_) | None => Next::Stay,
            },
        }
    }

    fn picked(&mut self, picked: Picked) -> Next {
        match picked {
            Picked::Nothing => Next::Stay,
            Picked::Closed => self.give_up(),
            Picked::For(why) => {
                self.why = why;
                self.stage = Stage::Asking { typed: Input::default(), mismatch: false };
                Next::Stay
            }
        }
    }

    fn give_up(&mut self) -> Next {
        self.before.take().map_or(Next::Close, Next::Return)
    }

    fn press_asking(&mut self, key: Key, command: Option<Command>) -> Next {
        let wanted = self.items.len();
        let Stage::Asking { typed, mismatch } = &mut self.stage else { return Next::Stay };
        match command {
            Some(Command::Cancel) => return self.give_up(),
            Some(Command::Accept) if wanted <= FEW || typed.value() == wanted.to_string() => {
                return self.run(|end| *end == End::Waiting);
            }
            Some(Command::Accept) => *mismatch = true,
            None if wanted > FEW => {
                let is_digit = matches!(key.code, Code::Char(c) if c.is_ascii_digit());
                if (is_digit || key.ctrl || !matches!(key.code, Code::Char(_))) && edit::press(typed, key) {
                    *mismatch = false;
                }
            }
            Some(_) | None => {}
        }
        Next::Stay
    }

    fn run(&mut self, which: impl Fn(&End) -> bool) -> Next {
        self.stage = Stage::Running;
        self.scroll = Scroll::default();
        let mut acts = Vec::new();
        for (step, item) in self.items.iter_mut().enumerate().filter(|(_, item)| which(&item.end)) {
            item.end = End::Waiting;
            acts.push((step, item.room.clone(), item.aim.clone()));
        }
        Next::Order(Order::Many { acts, why: self.why.clone(), then: self.then.take() })
    }

    /// A pasted number shows that somebody can copy, not that somebody has counted.
    pub(super) fn paste(&mut self, text: &str) {
        if let Stage::Choosing(picker) = &mut self.stage {
            picker.paste(text);
        }
    }

    /// What has become of one of them.
    pub fn came_to(&mut self, step: usize, end: &End) {
        if let Some(item) = self.items.get_mut(step) {
            // The event may come before the answer, which then can't say anything better, nor worse if it is lost.
            if !matches!(item.end, End::Confirmed(_)) {
                item.end = end.clone();
            }
        }
        if matches!(self.stage, Stage::Running) && self.count(End::is_open) == 0 {
            self.stage = Stage::Over;
            self.scroll = Scroll::default();
        }
    }

    /// A room was told of an act of ours, or was not; false if that is none of these.
    pub fn heard(&mut self, room: &Arn, aim: &Aim, echo: Echo) -> bool {
        let Some(step) = self.items.iter().position(|item| item.aim == *aim && item.room == *room) else {
            return false;
        };
        match (echo, &self.items[step].end) {
            (Echo::Came(after), End::Sent | End::Taken | End::Unconfirmed | End::Doubtful(_)) => {
                self.came_to(step, &End::Confirmed(after));
            }
            (Echo::Missing, End::Taken) => self.came_to(step, &End::Unconfirmed),
            (Echo::Came(_) | Echo::Missing, _) => {}
        }
        true
    }

    fn count(&self, which: impl Fn(&End) -> bool) -> usize {
        self.items.iter().filter(|item| which(&item.end)).count()
    }

    pub(super) fn is_all_done(&self) -> bool {
        self.items.iter().all(|item| item.end.is_good())
    }

    /// Whether all of it went well and was confirmed, so that nobody need look at it again.
    pub fn is_settled(&self) -> bool {
        let settled = self.count(|end| matches!(end, End::Confirmed(_) | End::Elsewhere));
        matches!(self.stage, Stage::Over) && settled == self.items.len()
    }

    /// How it stands, in one word for all of it.
    pub fn word(&self) -> (Tone, String) {
        let (good, all) = (self.count(End::is_good), self.items.len());
        let tone = if good == all { Tone::Good } else { Tone::Hint };
        let tone = if matches!(self.stage, Stage::Over) && good < all { Tone::Bad } else { tone };
        let confirmed = self.count(|end| matches!(end, End::Confirmed(_)));
        (tone, format!("{}: {good} of {all} done, {confirmed} confirmed", self.rooms.as_str()))
    }

    /// What will be done, such as `40 messages from 38 users`.
    fn what(&self) -> String {
        let people = self.items.len() - self.messages;
        let s = |count: usize| if count == 1 { "" } else { "s" };
        let messages =
            format!("{} message{} from {} user{}", self.messages, s(self.messages), self.users, s(self.users));
        match (self.messages, people) {
            (_, 0) => messages,
            (0, people) => format!("{people} user{}", s(people)),
            (_, people) => format!("{messages}, then {people} disconnection{}", s(people)),
        }
    }

    fn title(&self) -> String {
        if self.items.is_empty() {
            return format!("Purge what comes in {}", self.rooms.as_str());
        }
        let verb = if self.messages == self.items.len() { "Delete" } else { "Purge" };
        format!("{verb} {} in {}", self.what(), self.rooms.as_str())
    }
}

impl Item {
    fn new(target: Target) -> Self {
        let (who, what) = (clean(&target.who), clean(&target.what));
        Self { room: target.room, aim: target.aim, who, what, end: End::Waiting }
    }
}

#[cfg(test)]
mod tests;
