//! Who the console is: it becomes somebody, is told what came of it, and asks again for what failed meanwhile.

use crate::app::dialog::who::{self as dialog, WhoDialog};
use crate::app::dialog::{Dialog, Report, report::Part};
use crate::app::identity::access::{Access, Why};
use crate::app::identity::{Ask, Generation, Lasting, Opened, Told, Who, who::SigningIn, who::Standing};
use crate::app::keys::Command;
use crate::app::msg::Msg;
use crate::app::outbox::{Copied, Job, Outbox};
use crate::app::pane::listing::Phase;
use crate::app::room::link::Link;
use crate::app::text::clean;
use crate::identity::facts::{Device, From, Profile, Source, Trouble, Wanted};

use super::{App, Mode};

impl App {
    /// The generation of who the console is.
    pub fn generation(&self) -> Generation {
        self.who.generation
    }

    /// Whether it is known who the console is, or why it is nobody.
    pub fn is_told_who(&self) -> bool {
        self.who.standing != Standing::Opening
    }

    /// The first asking: who we are, before anything else.
    pub(super) fn become_first(&self, outbox: &mut Outbox) {
        let Who { generation, wanted, .. } = &self.who;
        outbox.push(Job::Identity(Ask::Become(*generation, Box::new(wanted.clone()))));
    }

    /// Becomes somebody else. Of who it was nothing stays but what the reader has done and typed.
    pub(super) fn become_other(&mut self, wanted: Wanted, outbox: &mut Outbox) {
        for room in self.live.values_mut().filter(|room| room.is_recording()) {
            room.end_recording(outbox);
        }
        let (now, size) = (self.now, self.size);
        let fresh = Self::new(self.settings.clone(), now, size);
        let old = std::mem::replace(self, fresh);
        self.who = old.who.next(wanted);
        self.settings.open = None;
        self.wanted = None;
        self.settings.endpoint = None;
        (self.ledger, self.history, self.journal_search) = (old.ledger, old.history, old.journal_search);
        self.log = old.log;
        (self.books, self.book_trouble, self.noting) = (old.books, old.book_trouble, old.noting);
        (self.unfinished, self.sent_events, self.dice) = (old.unfinished, old.sent_events, old.dice);
        (self.dialog, self.edits, self.rest, self.queries) = (old.dialog, old.edits, old.rest, old.queries);
        self.become_first(outbox);
    }

    /// Becomes somebody else, or asks first if that would lose the outcome of something.
    pub(super) fn turn_to(&mut self, wanted: Wanted, outbox: &mut Outbox) {
        self.close_dialog();
        match self.under_way() {
            (0, _) => self.become_other(wanted, outbox),
            (pending, _) => {
                self.turning = Some(Box::new(wanted));
                self.open_dialog(Mode::Leaving(pending));
            }
        }
    }

    /// Does what was asked about: becomes somebody else, or ends.
    pub(super) fn depart(&mut self, outbox: &mut Outbox) {
        match self.turning.take() {
            Some(wanted) => self.become_other(*wanted, outbox),
            None => outbox.push(Job::Quit),
        }
    }

    /// Something came of what was asked for under an identity. Of an older one nothing is shown; but what was done is done,
    /// and the journal tells of it.
    pub(super) fn take_of(&mut self, generation: Generation, msg: Msg, outbox: &mut Outbox) {
        if generation == self.who.generation {
            return self.take(msg, outbox);
        }
        match msg {
            Msg::Over(entry, outcome, _) => self.ledger.end(self.now, entry, *outcome),
            Msg::Unwritten(why, rest) => {
                self.take_of(generation, *rest, outbox);
                outbox.bad(format!("the journal can't be written: {}", clean(&why).as_str()));
            }
            Msg::Called(called, rest) => {
                self.log.called(self.now, *called);
                self.take_of(generation, *rest, outbox);
            }
            Msg::Spent(rest) => self.take_of(generation, *rest, outbox),
            _ => {}
        }
    }

    /// What a message says of who the console is now.
    pub(super) fn bare<'a>(&self, msg: &'a Msg) -> &'a Msg {
        match msg {
            Msg::Of(generation, msg) if *generation == self.who.generation => self.bare(msg),
            Msg::Spent(msg) => self.bare(msg),
            other => other,
        }
    }

    /// What became of the identity that was asked for.
    pub(super) fn told(&mut self, generation: Generation, told: Told, outbox: &mut Outbox) {
        if generation != self.who.generation {
            return;
        }
        match told {
            Told::Opened(Ok(opened)) => self.opened(opened, outbox),
            Told::Opened(Err(trouble)) => self.in_trouble(&trouble, outbox),
            Told::Credentials(Ok(lasting)) => self.has_credentials(lasting, outbox),
            Told::Credentials(Err(trouble)) => {
                self.who.looking = false;
                self.in_trouble(&trouble, outbox);
            }
            Told::Caller(Ok(caller)) => self.who.caller = Some(caller),
            // What is not known is not claimed; why, is for `doctor` to say.
            Told::Caller(Err(_)) => {}
            Told::Device(device) => self.may_sign_in_at(device, outbox),
            Told::SignedIn(Ok(())) => {
                self.who.signing_in = SigningIn::No;
                self.close_who_dialog(|dialog| matches!(dialog, WhoDialog::SignIn(_)));
                outbox.good("signed in");
                self.look(outbox);
            }
            Told::SignedIn(Err(trouble)) => {
                self.who.signing_in = SigningIn::No;
                match self.who_dialog() {
                    Some(WhoDialog::SignIn(sheet)) => sheet.failed(&trouble),
                    _ => outbox.bad(format!("not signed in: {trouble}")),
                }
            }
            Told::Code(Ok(())) => {
                self.close_who_dialog(|dialog| matches!(dialog, WhoDialog::Code(_)));
                self.look(outbox);
            }
            Told::Code(Err(trouble)) => match self.who_dialog() {
                Some(WhoDialog::Code(prompt)) => prompt.refused(&trouble),
                _ => outbox.bad(trouble.to_string()),
            },
            Told::Profiles(Ok(profiles)) => self.profiles_came(&profiles),
            Told::Profiles(Err(trouble)) => {
                self.close_who_dialog(|dialog| matches!(dialog, WhoDialog::Pick(pick) if pick.is_waiting()));
                outbox.bad(trouble.to_string());
            }
        }
    }

    fn opened(&mut self, opened: Opened, outbox: &mut Outbox) {
        match &self.who.opened {
            // Another region, another source: that is somebody else, and nothing that is shown is theirs.
            Some(before) if *before != opened => {
                let wanted = self.who.wanted.clone();
                return self.become_other(wanted, outbox);
            }
            Some(_) => {
                // What it is reached through is new.
                outbox.push(Job::Identity(Ask::ReadOnly(self.who.access.is_read_only())));
                return self.look(outbox);
            }
            None => {}
        }
        let first = self.who.generation == Generation(1);
        self.who.treatment = self.settings.access.treatment(&opened.source);
        let access = match self.replay {
            Some(_) => Access::ReadOnly(Why::Replay),
            None => self.who.carried.take().unwrap_or_else(|| self.settings.access.access(&opened.source, first)),
        };
        self.settings.region.clone_from(&opened.region);
        self.settings.endpoint.clone_from(&opened.endpoint);
        self.who.standing = Standing::Unknown;
        if !first {
            outbox.hint(turned(&opened));
        }
        self.who.opened = Some(opened);
        self.set_access(access, outbox);
        self.list_rooms(outbox);
        self.list_logging(outbox);
        if let Some(arn) = self.wanted.as_ref().and_then(|text| text.parse().ok()) {
            self.wanted = None;
            self.open_room(&arn, outbox);
        }
        self.look(outbox);
    }

    /// Looks how the credentials stand, unless that has been asked already.
    pub(super) fn look(&mut self, outbox: &mut Outbox) {
        if self.who.opened.is_some() && !self.who.looking && self.replay.is_none() {
            self.who.looking = true;
            outbox.push(Job::Identity(Ask::Look(self.who.generation)));
        }
    }

    /// A new minute: credentials that run out are looked after, as new ones may be had without anybody's help.
    pub(super) fn look_after_credentials(&mut self, outbox: &mut Outbox) {
        if self.who.is_running_out(self.now) {
            self.look(outbox);
        }
    }

    fn has_credentials(&mut self, lasting: Lasting, outbox: &mut Outbox) {
        self.who.looking = false;
        let before = std::mem::replace(&mut self.who.standing, Standing::Good(lasting));
        if self.who.caller.is_none() && !matches!(self.who.source(), Source::Fixed(_)) {
            outbox.push(Job::Identity(Ask::Caller(self.who.generation)));
        }
        match before {
            Standing::Bad(_) => {
                self.close_who_dialog(|dialog| matches!(dialog, WhoDialog::Code(_)));
                self.ask_again(outbox);
            }
            Standing::Opening | Standing::Unknown | Standing::Good(_) => {}
        }
    }

    /// Reads that failed are asked again, and rooms that wait for a token ask for one. What changes something is not
    /// repeated by itself.
    fn ask_again(&mut self, outbox: &mut Outbox) {
        if matches!(self.rooms.phase(), Phase::Failed(_) | Phase::Unasked) {
            self.list_rooms(outbox);
        }
        if matches!(self.logging.phase(), Phase::Failed(_) | Phase::Unasked) {
            self.list_logging(outbox);
        }
        self.details.outdate();
        if let Some(arn) = self.subject() {
            self.details.want(&arn, true, outbox);
            if matches!(self.tags.phase(), Phase::Failed(_)) {
                self.list_tags(&arn, outbox);
            }
        }
        for room in self.live.values_mut().filter(|room| matches!(room.link(), Link::Waiting(_))) {
            room.revive(outbox);
        }
    }

    /// There are no credentials. What is shown stays; who has not got anywhere yet is shown the way on.
    fn in_trouble(&mut self, trouble: &Trouble, outbox: &mut Outbox) {
        let fresh = matches!(self.who.standing, Standing::Opening | Standing::Unknown);
        let same = self.who.trouble() == Some(trouble);
        let nothing_typed = matches!(self.mode, Mode::Panes);
        self.who.standing = Standing::Bad(Box::new(trouble.clone()));
        match trouble {
            _ if !fresh || !nothing_typed => {}
            Trouble::CodeWanted(_) => return self.sign_in(outbox),
            Trouble::UnknownProfile { .. } | Trouble::NothingFound { .. } => {
                return outbox.push(Job::Identity(Ask::Profiles(self.who.generation)));
            }
            Trouble::NoRegion | Trouble::UnknownRegion { .. } => {
                let near = match trouble {
                    Trouble::UnknownRegion { near, .. } => near.clone(),
                    _ => None,
                };
                let pick = dialog::Pick::regions("", &trouble.headline()).pointing_at(near.as_deref());
                return self.ask(Dialog::Who(Box::new(WhoDialog::Pick(pick))));
            }
            _ => {}
        }
        if !fresh && !same {
            outbox.bad(trouble.headline());
        }
    }

    /// A room's identity is left, or the console's own is to be good again.
    pub(super) fn change_identity(&mut self, command: Command, outbox: &mut Outbox) {
        if command == Command::SignIn { self.sign_in(outbox) } else { self.leave_identity(outbox) }
    }

    /// `L`: signs in, as the trouble there is needs it.
    pub(super) fn sign_in(&mut self, outbox: &mut Outbox) {
        if self.replay.is_some() {
            return outbox.hint("a recording is played: there is nobody to sign in as");
        }
        match self.who.trouble().cloned() {
            Some(Trouble::CodeWanted(code) | Trouble::CodeRefused { code, .. }) => {
                self.ask(Dialog::Who(Box::new(WhoDialog::Code(dialog::CodePrompt::new(code)))));
            }
            Some(Trouble::SignedOut { .. } | Trouble::NotSignedIn { .. }) => self.begin_sign_in(outbox),
            Some(trouble) => self.ask(Dialog::Report(Box::new(explained(&trouble)))),
            None if self.who.signing_in != SigningIn::No => self.begin_sign_in(outbox),
            None if self.who.until().is_some() && self.who.profile().is_some() => self.begin_sign_in(outbox),
            None => outbox.hint("there are credentials: nobody has to sign in"),
        }
    }

    /// Asks where to sign in, or shows where if that is known.
    fn begin_sign_in(&mut self, outbox: &mut Outbox) {
        let profile = self.who.profile().unwrap_or_default();
        let mut sheet = dialog::SignIn::new(&profile);
        match &self.who.signing_in {
            SigningIn::No => {
                self.who.signing_in = SigningIn::Asking;
                outbox.push(Job::Identity(Ask::SignIn(self.who.generation)));
            }
            SigningIn::Asking => {}
            SigningIn::Waiting(device) => sheet.at(device.clone()),
        }
        self.ask(Dialog::Who(Box::new(WhoDialog::SignIn(sheet))));
    }

    fn may_sign_in_at(&mut self, device: Device, outbox: &mut Outbox) {
        self.who.signing_in = SigningIn::Waiting(device.clone());
        match self.who_dialog() {
            Some(WhoDialog::SignIn(sheet)) => sheet.at(device),
            _ => outbox.hint("L shows where to sign in"),
        }
    }

    /// `:profile`: all profiles, to pick one.
    pub(super) fn pick_profile(&mut self, outbox: &mut Outbox) {
        outbox.push(Job::Identity(Ask::Profiles(self.who.generation)));
        let pick = dialog::Pick::profiles(&self.who.profiles, self.who.profile().as_deref(), "");
        self.ask(Dialog::Who(Box::new(WhoDialog::Pick(pick))));
    }

    /// `:region`: all regions, to pick one.
    pub(super) fn pick_region(&mut self) {
        let pick = dialog::Pick::regions(&self.settings.region, "");
        self.ask(Dialog::Who(Box::new(WhoDialog::Pick(pick))));
    }

    fn profiles_came(&mut self, profiles: &[Profile]) {
        let now = self.who.profile();
        let why = self.who.trouble().map(Trouble::headline).unwrap_or_default();
        let fresh = self.who.profiles.is_empty() && matches!(self.mode, Mode::Panes);
        self.who.profiles = profiles.to_vec();
        let astray = matches!(self.who.trouble(), Some(Trouble::UnknownProfile { .. } | Trouble::NothingFound { .. }));
        match self.who_dialog() {
            Some(WhoDialog::Pick(pick)) if pick.is_of_profiles() => pick.arrived(profiles, now.as_deref()),
            _ if profiles.is_empty() || !fresh => {}
            // Whoever can't be who they wanted to be picks who they can be.
            _ if astray => {
                let near = match self.who.trouble() {
                    Some(Trouble::UnknownProfile { near, .. }) => near.first().cloned(),
                    _ => None,
                };
                let pick = dialog::Pick::profiles(profiles, None, &why).pointing_at(near.as_deref());
                self.ask(Dialog::Who(Box::new(WhoDialog::Pick(pick))));
            }
            _ => {}
        }
    }

    /// A dialog about the identity has something to be done.
    pub(super) fn grant_who(&mut self, wish: dialog::Wish, outbox: &mut Outbox) {
        let generation = self.who.generation;
        match wish {
            dialog::Wish::Profile(name) => self.use_profile(name, outbox),
            dialog::Wish::Region(name) => self.use_region(name, outbox),
            dialog::Wish::GiveUp => {
                self.close_dialog();
                self.who.signing_in = SigningIn::No;
                outbox.push(Job::Identity(Ask::GiveUp));
                outbox.hint("not signed in: L signs in");
            }
            dialog::Wish::Leave => {
                self.close_dialog();
                outbox.hint("signing in goes on: L shows where");
            }
            dialog::Wish::SignIn => {
                self.close_dialog();
                self.begin_sign_in(outbox);
            }
            dialog::Wish::Code(code) => outbox.push(Job::Identity(Ask::Code(generation, code))),
            dialog::Wish::Unlock => self.unlocked(outbox),
        }
    }

    /// Becomes who this profile is, in the profile's own region.
    pub(super) fn use_profile(&mut self, name: String, outbox: &mut Outbox) {
        let wanted = Wanted { profile: Some(name), region: None, switched: true, ..self.who.wanted.clone() };
        self.turn_to(wanted, outbox);
    }

    /// Stays who it is, in another region.
    pub(super) fn use_region(&mut self, name: String, outbox: &mut Outbox) {
        let profile = self.who.wanted.profile.clone();
        self.turn_to(Wanted { profile, region: Some(name), ..self.who.wanted.clone() }, outbox);
    }

    /// `C-r` while there are no credentials: the files may have changed, or the network is back.
    pub(super) fn try_again(&mut self, outbox: &mut Outbox) -> bool {
        if self.who.trouble().is_none() || self.replay.is_some() {
            return false;
        }
        let Who { generation, wanted, .. } = &self.who;
        outbox.push(Job::Identity(Ask::Again(*generation, Box::new(wanted.clone()))));
        if self.who.opened.is_none() {
            self.who.standing = Standing::Opening;
        }
        outbox.hint("trying again");
        true
    }

    fn who_dialog(&mut self) -> Option<&mut WhoDialog> {
        match &mut self.mode {
            Mode::Dialog(_, dialog) => match dialog.as_mut() {
                Dialog::Who(who) => Some(who),
                _ => None,
            },
            _ => None,
        }
    }

    fn close_who_dialog(&mut self, which: impl FnOnce(&WhoDialog) -> bool) {
        if self.who_dialog().is_some_and(|dialog| which(dialog)) {
            self.close_dialog();
        }
    }
}

/// What is said after a switch.
fn turned(opened: &Opened) -> String {
    let who = match &opened.source {
        Source::Profile(name) => format!("profile {name}"),
        other => other.name().to_owned(),
    };
    let whose = match opened.region_from {
        From::Profile => ", the profile's own region",
        From::Variable(_) => ", as the environment says: the profile has no region",
        From::Configuration => ", as the configuration says: the profile has no region",
        From::Asked | From::Instance | From::Fixed => "",
    };
    format!("now {who} in {}{whose}", opened.region)
}

/// A trouble at length, with the command that helps to be copied.
fn explained(trouble: &Trouble) -> Report {
    let mut parts = vec![Part::Bad(trouble.headline())];
    parts.extend(trouble.why().into_iter().map(Part::Item));
    parts.push(Part::Text(format!("{}.", trouble.remedy())));
    let command = trouble.command();
    if let Some(command) = &command {
        parts.push(Part::Code(command.clone()));
        parts.push(Part::Quiet("y copies the command. C-r tries again, :profile picks another.".to_owned()));
    } else {
        parts.push(Part::Quiet("C-r tries again, :profile picks another.".to_owned()));
    }
    let report = Report::new("No credentials", parts);
    match command {
        Some(text) => report.with_copy(Copied { what: "the command".to_owned(), text }),
        None => report,
    }
}
