//! Whether the console may change anything: what is refused says so at once, and who unlocks it types whose it is.

use std::sync::Arc;

use crate::app::commands::{Named, nearest};
use crate::app::dialog::Dialog;
use crate::app::dialog::who::{Locked, Unlock, WhoDialog};
use crate::app::identity::access::{Access, Why};
use crate::app::identity::{Ask, who};
use crate::app::keys::Command;
use crate::app::outbox::{Job, Outbox};
use crate::app::room::live;
use crate::identity::facts::{Profile, REGIONS};

use super::App;
use super::command_line::meant;

impl App {
    /// From now on changes are let through, or not. Rooms are watched with no more rights than are needed.
    pub(super) fn set_access(&mut self, access: Access, outbox: &mut Outbox) {
        self.who.access = access;
        let locked = access.is_read_only();
        outbox.push(Job::Identity(Ask::ReadOnly(locked)));
        let capabilities = if locked { Vec::new() } else { self.settings.room.capabilities.clone() };
        if capabilities == self.room_settings.capabilities {
            return;
        }
        let now = self.now;
        self.room_settings = Arc::new(live::Settings { capabilities, ..self.settings.room.clone() });
        for room in self.live.values_mut() {
            room.restrict(Arc::clone(&self.room_settings), locked, now, outbox);
        }
    }

    /// Whether this would change something and the console is read-only; then that is said.
    pub(super) fn is_locked(&self, command: Command, outbox: &mut Outbox) -> bool {
        let refused = self.who.access.is_read_only() && self.replay.is_none() && changes(command);
        if refused {
            outbox.bad(self.locked_words());
        }
        refused
    }

    pub(super) fn locked_words(&self) -> String {
        match self.who.access {
            Access::ReadOnly(Why::Replay) => "a recording is played: there is nothing to change".to_owned(),
            Access::ReadOnly(why) => format!("read-only, {}: :unlock lets changes pass", why.words()),
            Access::Write => String::new(),
        }
    }

    /// `:unlock`, and `:write` where nothing can be written.
    pub(super) fn ask_to_unlock(&mut self, outbox: &mut Outbox) {
        let why = match self.who.access {
            Access::Write => return outbox.hint("changes pass already: :lock stops them"),
            Access::ReadOnly(Why::Replay) => return outbox.hint(self.locked_words()),
            Access::ReadOnly(why) => why.words(),
        };
        let locked = Locked { profile: self.who.profile(), account: self.account(), why };
        if locked.profile.is_none() && locked.account.is_none() {
            return outbox.bad("it is not known yet whose account this is: C-r asks again");
        }
        self.ask(Dialog::Who(Box::new(WhoDialog::Unlock(Unlock::new(locked)))));
    }

    pub(super) fn unlocked(&mut self, outbox: &mut Outbox) {
        self.close_dialog();
        self.set_access(Access::Write, outbox);
        outbox.good("changes pass, until the console ends or another profile is used: :lock stops them");
    }

    /// `:lock`: what waits to be sent is refused, too.
    pub(super) fn lock(&mut self, outbox: &mut Outbox) {
        if self.who.access.is_read_only() {
            return outbox.hint("the console is read-only already");
        }
        for room in self.live.values_mut() {
            room.arm(false);
        }
        self.set_access(Access::ReadOnly(Why::Asked), outbox);
        outbox.good("read-only: :unlock lets changes pass");
    }

    /// Whose account this is: by STS, or else as the ARNs in it name it.
    pub(super) fn account(&self) -> Option<String> {
        let caller = self.who.caller.as_ref().map(|caller| caller.account.as_str());
        let room = self.rooms.rows().first().map(|row| row.summary.arn.account());
        let logging = self.logging.rows().first().map(|row| row.configuration.arn.account());
        let pinned = self.pinned.as_ref().map(crate::api::Arn::account);
        caller.or(room).or(logging).or(pinned).map(ToOwned::to_owned)
    }

    /// What `:profile` comes to with this argument.
    ///
    /// # Errors
    /// If no profile is called so, as far as that is known.
    pub(super) fn profile_act(&self, name: Option<&String>) -> Result<Option<String>, String> {
        self.may_turn()?;
        let Some(name) = name else { return Ok(None) };
        let names = || self.who.profiles.iter().map(|profile| profile.name.as_str());
        if !self.who.profiles.is_empty() && !names().any(|known| known == name) {
            return Err(format!("there is no profile {name:?}{}", meant(nearest(name, names()))));
        }
        Ok(Some(name.clone()))
    }

    /// What `:region` comes to with this argument. With an endpoint of its own the console goes anywhere.
    ///
    /// # Errors
    /// If Amazon IVS Chat is not there.
    pub(super) fn region_act(&self, name: Option<&String>) -> Result<Option<String>, String> {
        self.may_turn()?;
        let Some(name) = name else { return Ok(None) };
        if self.settings.endpoint.is_none() && !REGIONS.contains(&name.as_str()) {
            let near = meant(nearest(name, REGIONS));
            return Err(format!("Amazon IVS Chat is not in {name:?}{near}; Tab shows where it is"));
        }
        Ok(Some(name.clone()))
    }

    fn may_turn(&self) -> Result<(), String> {
        match self.who.source() {
            crate::identity::facts::Source::Fixed(name) => {
                Err(format!("this is the {name}, which has no other profile and no other region"))
            }
            _ => Ok(()),
        }
    }

    /// The profiles are read when a command is typed for the first time, so that they can be completed.
    pub(super) fn want_profiles(&mut self, outbox: &mut Outbox) {
        if self.who.profiles.is_empty() && self.may_turn().is_ok() && self.replay.is_none() {
            outbox.push(Job::Identity(Ask::Profiles(self.who.generation)));
        }
    }

    pub(super) fn known_profiles(&self) -> Vec<Named> {
        let named = |profile: &Profile| Named { name: profile.name.clone(), id: who::about(profile) };
        self.who.profiles.iter().map(named).collect()
    }
}

/// Whether a key's command would change something. What is not named here and does, is refused when it is sent.
pub(super) fn changes(command: Command) -> bool {
    matches!(
        command,
        Command::Delete
            | Command::DeleteBecause
            | Command::Purge
            | Command::Repeat
            | Command::LabelToDelete
            | Command::Write
            | Command::SendEvent
            | Command::Disconnect
            | Command::Create
            | Command::Edit
            | Command::EditText
            | Command::TagRooms
            | Command::Token
    )
}
