//! Chat tokens: the form, what it brings, and joining a room as somebody.

use std::time::Duration;

use crate::api::ops::{ChatToken, CreateChatToken};
use crate::app::dialog::token::TokenForm;
use crate::app::dialog::token_result::Issued;
use crate::app::dialog::{Dialog, Wish};
use crate::app::file::FileTrouble;
use crate::app::msg::{Ticket, Timer};
use crate::app::outbox::{Job, Outbox};
use crate::app::room::Identity;
use crate::app::screen::Focus;
use crate::app::text::clean;

use super::{App, Lead, Mode, Tab};

/// How long after a token's end the screen says so: a timer must not come before what it is for.
const AFTERWARDS: Duration = Duration::from_millis(20);

impl App {
    /// `t`: a token for the room that is shown.
    pub(super) fn issue_token(&mut self, outbox: &mut Outbox) {
        let Some(arn) = self.meant_room() else {
            return outbox.hint("t issues a chat token for a room: 1 goes to the rooms");
        };
        let name = self.name_of(&arn);
        let form = TokenForm::new(arn, &name, &self.settings.token_presets, self.place());
        self.ask(Dialog::Token(Box::new(form)));
    }

    /// A token came for the form with this ticket. If that is closed nobody wants it, and it is dropped.
    pub(super) fn issued(
        &mut self,
        ticket: Ticket,
        (request, token): (CreateChatToken, ChatToken),
        outbox: &mut Outbox,
    ) {
        if !matches!(&self.mode, Mode::Dialog(open, _) if *open == ticket) {
            let user = clean(&request.user_id);
            return outbox.hint(format!("issued a token for {}, and dropped it, as its form is closed", user.as_str()));
        }
        let room = self.name_of(&request.room_identifier);
        let issued = Issued::new(request, token, room, self.settings.token_folder.clone());
        self.dialog.0 += 1;
        if let Some(until) = issued.expires() {
            let left = Duration::try_from(until.duration_since(self.now)).unwrap_or_default();
            outbox.after(left + AFTERWARDS, Timer::TokenExpires(self.dialog));
        }
        self.mode = Mode::Dialog(self.dialog, Box::new(Dialog::Issued(Box::new(issued))));
    }

    /// Does what a dialog asks for besides changes.
    pub(super) fn grant(&mut self, wish: Wish, outbox: &mut Outbox) {
        match wish {
            Wish::Read(path) => outbox.push(Job::ReadFile(self.dialog, path)),
            Wish::Write(file) => outbox.push(Job::WriteFile(self.dialog, file)),
            Wish::Copy(copied) => outbox.push(Job::Copy(copied)),
            Wish::CopyToken(token) => outbox.push(Job::CopyToken(token)),
            Wish::Join(request) => self.join(*request, outbox),
            Wish::Who(wish) => self.grant_who(wish, outbox),
        }
    }

    /// A file was read for a dialog, or was not.
    pub(super) fn file_read(&mut self, ticket: Ticket, text: Result<String, FileTrouble>) {
        if let Mode::Dialog(open, dialog) = &mut self.mode
            && *open == ticket
        {
            dialog.file_read(text);
        }
    }

    /// A file was written for a dialog, or was not. It may have been closed meanwhile: what was done is told all the same.
    pub(super) fn file_written(&mut self, ticket: Ticket, written: Result<String, FileTrouble>, outbox: &mut Outbox) {
        match &mut self.mode {
            Mode::Dialog(open, dialog) if *open == ticket => {
                if let Some(word) = dialog.file_written(written) {
                    outbox.good(clean(&word).as_str());
                }
            }
            _ => match written {
                Ok(path) => outbox.good(format!("wrote {}", clean(&path).as_str())),
                Err(FileTrouble::Exists) => outbox.bad("not written: there is a file of this name"),
                Err(FileTrouble::Other(why)) => outbox.bad(format!("not written: {}", clean(&why).as_str())),
            },
        }
    }

    fn join(&mut self, request: CreateChatToken, outbox: &mut Outbox) {
        self.close_dialog();
        let (arn, now) = (request.room_identifier.clone(), self.now);
        self.live_room(&arn).join_as(Identity::from(request), now, outbox);
        self.show_chat(&arn);
    }

    /// `J`: the room that was joined as another is watched as the console's own user again.
    pub(super) fn leave_identity(&mut self, outbox: &mut Outbox) {
        let now = self.now;
        let shown = self.subject().and_then(|arn| self.live.get_mut(&arn));
        match shown.filter(|room| room.is_joined_as_another()) {
            Some(room) => {
                let own = room.own_identity();
                room.join_as(own, now, outbox);
            }
            None => outbox.hint("you watch this room as yourself: t issues a token, with which j joins as another"),
        }
    }

    /// Shows a watched room's chat.
    pub(super) fn show_chat(&mut self, arn: &crate::api::Arn) {
        self.leave_merged();
        self.lead = Lead::Rooms;
        self.pinned = (!self.rooms.select(arn.as_str())).then(|| arn.clone());
        self.focus = Focus::Main;
        self.tab = Tab::Chat;
    }
}
