//! What keys do: each command goes to the pane that has the focus, or changes which one that is.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::app::dialog::help::Help;
use crate::app::key::{Code, Key};
use crate::app::keys::{Command, Context, Motion};
use crate::app::outbox::{Job, Outbox};
use crate::app::pane::columns;
use crate::app::room::Room;
use crate::app::room::hints::Purpose;
use crate::app::room::reading::Direction;
use crate::app::screen::{Focus, inside};
use crate::app::widget::page::Scroll;

use super::detour::has_details;
use super::editing::Tool;
use super::marking::Marking;
use super::{App, Lead, Mode, Tab};

/// Two presses of a destructive key closer than this are the terminal repeating a held key, not a person.
const HELD: SignedDuration = SignedDuration::from_millis(80);

impl App {
    /// Where keys mean what they mean now.
    pub fn context(&self) -> Context {
        match (&self.mode, self.focus) {
            (Mode::Filter, _) => Context::Filter,
            (Mode::Help(_), _) => Context::Help,
            (Mode::Log(view), _) => view.context(),
            (Mode::Copy(_), _) => Context::Copy,
            (Mode::Switch(_), _) => Context::Switch,
            (Mode::Leaving(_), _) => Context::Leaving,
            (Mode::Dialog(_, dialog), _) => dialog.context(),
            (Mode::Command(_), _) => Context::Command,
            (Mode::Labels(_), _) => Context::Labels,
            (Mode::Panes, _) => self.pane_context(),
        }
    }

    /// Where keys mean what they mean when nothing is over the panes.
    pub(super) fn pane_context(&self) -> Context {
        match self.focus {
            Focus::Main if self.card_has_keys() => Context::Card,
            Focus::Main if self.shown_tab() == Tab::Chat => Context::Chat,
            Focus::Main if self.shown_tab() == Tab::Journal => Context::Journal,
            Focus::Main => Context::Page,
            Focus::Rooms | Focus::Logging | Focus::Tags => Context::List,
        }
    }

    /// Whether a held key goes on doing what it did: it types, or it moves.
    pub(super) fn may_repeat(&self, key: Key) -> bool {
        match self.settings.keymap.command(self.context(), key) {
            Some(
                Command::Move(_)
                | Command::NextField
                | Command::PreviousField
                | Command::NextCandidate
                | Command::PreviousCandidate,
            ) => true,
            Some(_) => false,
            None => {
                matches!(self.mode, Mode::Filter | Mode::Command(_) | Mode::Help(_) | Mode::Log(_) | Mode::Dialog(..))
            }
        }
    }

    pub(super) fn press(&mut self, key: Key, outbox: &mut Outbox) {
        let command = self.settings.keymap.command(self.context(), key);
        match (&mut self.mode, command) {
            (_, Some(Command::Suspend)) => outbox.push(Job::Suspend),
            (Mode::Leaving(_), Some(Command::Quit)) if self.turning.is_some() => outbox.push(Job::Quit),
            (Mode::Leaving(_), Some(Command::Accept | Command::Quit)) => self.depart(outbox),
            (Mode::Leaving(_), Some(Command::SendAndLeave)) => self.part(outbox),
            (Mode::Leaving(_), Some(Command::Cancel)) => {
                self.parting = false;
                self.turning = None;
                self.close_dialog();
            }
            (Mode::Filter, command) => self.press_in_filter(key, command),
            (Mode::Command(_), command) => self.press_in_command_line(key, command, outbox),
            (Mode::Labels(_), command) => self.press_label(key, command, outbox),
            (Mode::Help(help), command) => {
                let (_, height) = inside(crate::app::dialog::help::area(self.size));
                if help.press(key, command, height) {
                    self.close_dialog();
                }
                if command == Some(Command::Quit) {
                    self.leave(outbox);
                }
            }
            (Mode::Log(_), command) => self.press_in_log(key, command, outbox),
            (Mode::Dialog(_, dialog), command) => {
                let next = dialog.press(key, command, self.size);
                self.go_on(next, outbox);
                self.preview();
            }
            (Mode::Switch(switch), command) => {
                let pressed = switch.press(key, command);
                self.pressed_in_switch(pressed, outbox);
            }
            (Mode::Copy(menu), command) => {
                let pressed = menu.press(key, command);
                self.pressed_in_copy_menu(pressed, command, outbox);
            }
            (Mode::Panes, Some(command)) => self.command(command, key, outbox),
            (Mode::Leaving(_), _) | (Mode::Panes, None) => {}
        }
    }

    /// Opens a dialog. A live chat stands still behind it, as if a message were selected.
    pub(super) fn open_dialog(&mut self, dialog: Mode) {
        self.mode = dialog;
        if let Some(room) = self.subject().and_then(|arn| self.live.get_mut(&arn)) {
            room.hold(|holds| holds.dialog = true);
        }
        self.hold_merged(|holds| holds.dialog = true);
    }

    /// Closes it, and a chat that was live goes on.
    pub(super) fn close_dialog(&mut self) {
        self.mode = Mode::Panes;
        for room in self.live.values_mut().filter(|room| room.sight().holds().dialog) {
            room.hold(|holds| holds.dialog = false);
        }
        self.hold_merged(|holds| holds.dialog = false);
    }

    fn press_in_filter(&mut self, key: Key, command: Option<Command>) {
        match command {
            Some(Command::Accept) => self.mode = Mode::Panes,
            Some(Command::Cancel) => {
                self.set_filter("");
                self.mode = Mode::Panes;
            }
            Some(Command::Move(motion)) => self.go(motion),
            Some(_) => {}
            None => match self.focus {
                Focus::Main => {
                    if let Some(search) = self.shown_search() {
                        search.press(key);
                        self.scroll = Scroll::default();
                    } else if let Some(mut chat) = self.chat() {
                        chat.type_filter(key);
                    }
                }
                Focus::Rooms => self.rooms.type_key(key),
                Focus::Logging => self.logging.type_key(key),
                Focus::Tags => self.tags.type_key(key),
            },
        }
    }

    /// Pasted text goes where text is typed and nowhere else.
    pub(super) fn paste(&mut self, text: &str) {
        match (&mut self.mode, self.focus) {
            (Mode::Help(help), _) => help.paste(text),
            (Mode::Log(view), _) => view.paste(text),
            (Mode::Switch(switch), _) => switch.paste(text),
            (Mode::Command(_), _) => self.paste_into_command_line(text),
            (Mode::Dialog(_, dialog), _) => {
                dialog.paste(text);
                self.preview();
            }
            (Mode::Filter, Focus::Rooms) => self.rooms.paste(text),
            (Mode::Filter, Focus::Main) => {
                if let Some(search) = self.shown_search() {
                    search.paste(text);
                    self.scroll = Scroll::default();
                } else if let Some(mut chat) = self.chat() {
                    chat.paste_filter(text);
                }
            }
            (Mode::Filter, Focus::Logging) => self.logging.paste(text),
            (Mode::Filter, Focus::Tags) => self.tags.paste(text),
            (Mode::Panes | Mode::Copy(_) | Mode::Leaving(_) | Mode::Labels(_), _) => {}
        }
    }

    pub(super) fn command(&mut self, command: Command, key: Key, outbox: &mut Outbox) {
        if !self.is_out_of_reach(command, outbox) && !self.is_locked(command, outbox) {
            self.do_command(command, key, outbox);
        }
    }

    fn do_command(&mut self, command: Command, key: Key, outbox: &mut Outbox) {
        match command {
            Command::Focus(focus) => self.focus_on(focus),
            Command::NextPane | Command::PreviousPane => self.focus_on(self.focus.step(command == Command::NextPane)),
            Command::NextTab | Command::PreviousTab => self.turn_tab(command == Command::NextTab),
            Command::Filter => self.mode = Mode::Filter,
            Command::CommandLine | Command::SessionLog | Command::Help => self.open_over(command, outbox),
            Command::Refresh => self.refresh(outbox),
            Command::Zoom => self.zoom = !self.zoom,
            Command::Back => self.back(key, outbox),
            Command::Quit => self.leave(outbox),
            Command::Move(motion) => self.go(motion),
            Command::Open => self.open(outbox),
            Command::Sort | Command::WholeJournal => self.arrange(command),
            Command::Mark | Command::MarkRange | Command::MarkShown => self.mark(marking(command), outbox),
            Command::Watch => self.watch(outbox),
            Command::Token => self.issue_token(outbox),
            Command::LeaveIdentity | Command::SignIn => self.change_identity(command, outbox),
            Command::Copy => self.copy(outbox),
            Command::Create | Command::Edit | Command::EditText | Command::TagRooms => self.change(command, outbox),
            Command::ReturnToForm => self.return_to_dialog(outbox),
            Command::Suspend => outbox.push(Job::Suspend),
            Command::LabelToDelete
            | Command::LabelToSelect
            | Command::NextFlagged
            | Command::PreviousFlagged
            | Command::TurnFold
            | Command::Reveal
            | Command::ReturnThere
            | Command::Inspect => self.look_at_messages(command, outbox),
            Command::Card | Command::BesideCard | Command::WatchUser | Command::Note | Command::DropNote => {
                self.about_user(command, outbox);
            }
            Command::Delete
            | Command::DeleteBecause
            | Command::Purge
            | Command::CancelLast
            | Command::Repeat
            | Command::Write
            | Command::SendEvent
            | Command::Disconnect => self.act_in_room(command, outbox),
            Command::Tiles | Command::Merged | Command::Switch | Command::NextRoom | Command::PreviousRoom => {
                self.spread_command(command, outbox);
            }
            // Only dialogs know these.
            Command::NextCandidate
            | Command::PreviousCandidate
            | Command::ChooseReason
            | Command::PrivateNote
            | Command::SendAndLeave
            | Command::LeaveRunning
            | Command::Preview
            | Command::CopyCommand
            | Command::LoadFile
            | Command::SaveFile
            | Command::Join
            | Command::NextField
            | Command::PreviousField
            | Command::Accept
            | Command::Cancel => {}
        }
    }

    /// What comes over the panes and says more about them.
    fn open_over(&mut self, command: Command, outbox: &mut Outbox) {
        match command {
            Command::CommandLine => self.open_command_line(outbox),
            Command::SessionLog => self.open_log(),
            _ => self.open_dialog(Mode::Help(Help::new(self.context(), Arc::clone(&self.settings.keymap)))),
        }
    }

    /// In which order, or how much, is listed.
    fn arrange(&mut self, command: Command) {
        if command == Command::Sort { self.sort() } else { self.turn_journal() }
    }

    /// What is made and changed in a form.
    fn change(&mut self, command: Command, outbox: &mut Outbox) {
        match command {
            Command::Create => self.create(outbox),
            Command::Edit => self.edit(outbox),
            Command::EditText => self.fetch_to_edit(Tool::Editor, outbox),
            Command::TagRooms => self.tag_rooms(outbox),
            _ => {}
        }
    }

    /// How messages are found and seen.
    fn look_at_messages(&mut self, command: Command, outbox: &mut Outbox) {
        match command {
            Command::LabelToDelete => self.put_labels(Purpose::Delete, outbox),
            Command::LabelToSelect => self.put_labels(Purpose::Select, outbox),
            Command::NextFlagged => self.seek_flagged(Direction::Down, outbox),
            Command::PreviousFlagged => self.seek_flagged(Direction::Up, outbox),
            Command::TurnFold => self.turn_fold(outbox),
            Command::Reveal => self.turn_reveal(outbox),
            Command::ReturnThere => self.return_there(outbox),
            Command::Inspect => self.inspect(outbox),
            _ => {}
        }
    }

    /// What is done to messages and users, and said to them.
    fn act_in_room(&mut self, command: Command, outbox: &mut Outbox) {
        match command {
            Command::Delete if self.focus == Focus::Main => self.delete_message(outbox),
            Command::Delete => self.delete(outbox),
            Command::DeleteBecause => self.delete_because(outbox),
            Command::Purge => self.purge(outbox),
            Command::CancelLast => self.cancel_last(outbox),
            Command::Repeat => self.repeat(outbox),
            Command::Write => self.write(outbox),
            Command::SendEvent => self.send_event(outbox),
            Command::Disconnect => self.disconnect_user(outbox),
            _ => {}
        }
    }

    /// Moves in the focused pane.
    pub(super) fn go(&mut self, motion: Motion) {
        match self.focus {
            Focus::Rooms => {
                self.rooms.go(motion);
                self.pinned = None;
            }
            Focus::Logging => self.logging.go(motion),
            Focus::Tags => self.tags.go(motion),
            Focus::Main if self.card_has_keys() => {
                if let Some(room) = self.chat_room() {
                    room.go_in_card(motion);
                }
            }
            Focus::Main if self.shown_tab() == Tab::Chat => {
                if let Some(mut chat) = self.chat() {
                    chat.go(motion);
                }
            }
            Focus::Main => {
                let (width, height) = inside(self.areas().main);
                let lines = self.page(width).len();
                self.scroll.go(motion, lines, height);
            }
        }
    }

    /// The live room whose chat is shown.
    pub(super) fn chat_room(&mut self) -> Option<&mut Room> {
        let arn = self.subject().filter(|_| self.shown_tab() == Tab::Chat)?;
        self.live.get_mut(&arn)
    }

    fn seek_flagged(&mut self, direction: Direction, outbox: &mut Outbox) {
        let seen = |room: &&Room| self.merged().is_some() || self.subject().as_ref() == Some(room.arn());
        let ruled = self.live.values().filter(seen).any(|room| !room.in_force().is_empty());
        let Some(mut chat) = self.chat() else { return };
        if !chat.seek_flagged(direction) {
            outbox.hint(match (ruled, direction, chat.is_selected()) {
                (false, _, _) => "no rule is in force here that could flag anything: see :rules",
                (true, _, false) => "no flagged message is left here",
                (true, Direction::Down, true) => "no flagged message is left below: N looks above",
                (true, Direction::Up, true) => "no flagged message is left above: n looks below",
            });
        }
    }

    fn turn_fold(&mut self, outbox: &mut Outbox) {
        let Some(mut chat) = self.chat() else { return };
        if !chat.turn_fold() {
            outbox.hint("o opens a folded row, such as =14 from 11: k selects one");
        }
    }

    fn turn_reveal(&mut self, outbox: &mut Outbox) {
        let Some(mut chat) = self.chat() else { return };
        let revealed = chat.turn_reveal();
        outbox.hint(if revealed { "deleted messages are shown: r hides them" } else { "deleted messages are hidden" });
    }

    fn return_there(&mut self, outbox: &mut Outbox) {
        let Some(mut chat) = self.chat() else { return };
        if !chat.return_to_last() {
            outbox.hint("no message that was selected is still here");
        }
    }

    fn sort(&mut self) {
        match self.focus {
            Focus::Rooms => self.rooms.sort(&columns::room_orders(&self.room_columns())),
            Focus::Logging => self.logging.sort(&columns::logging_orders(&self.logging_columns())),
            Focus::Tags => self.tags.sort(&[1]),
            Focus::Main => {}
        }
    }

    /// Whether this press of a destructive key is a held key repeating itself. Every repeat counts as the last press,
    /// so that a key held for long acts once.
    pub(super) fn is_held(&mut self) -> bool {
        let last = self.last_delete.replace(self.now);
        last.is_some_and(|last: Timestamp| self.now.duration_since(last) < HELD)
    }

    pub(super) fn set_filter(&mut self, text: &str) {
        match self.focus {
            Focus::Rooms => self.rooms.set_filter(text),
            Focus::Logging => self.logging.set_filter(text),
            Focus::Tags => self.tags.set_filter(text),
            Focus::Main => {
                if let Some(search) = self.shown_search() {
                    search.set(text);
                    self.scroll = Scroll::default();
                } else if let Some(mut chat) = self.chat() {
                    chat.set_filter(text);
                }
            }
        }
    }

    fn has_filter(&self) -> bool {
        let filter = match self.focus {
            Focus::Rooms => self.rooms.filter(),
            Focus::Logging => self.logging.filter(),
            Focus::Tags => self.tags.filter(),
            Focus::Main if self.shown_tab() == Tab::Journal => return !self.journal_search.is_empty(),
            Focus::Main => return self.chat_filter().is_some(),
        };
        !filter.0.is_empty()
    }

    pub(super) fn focus_on(&mut self, focus: Focus) {
        self.focus = focus;
        match focus {
            Focus::Rooms => self.lead = Lead::Rooms,
            Focus::Logging => self.lead = Lead::Logging,
            Focus::Tags | Focus::Main => {}
        }
    }

    /// The tabs that the subject has.
    pub(super) fn tabs(&self) -> &'static [Tab] {
        match &self.lead {
            Lead::Rooms => &[Tab::Chat, Tab::Details, Tab::Json, Tab::Journal],
            Lead::Logging => &[Tab::Details, Tab::Json, Tab::Journal],
            Lead::Other(detour) if has_details(&detour.arn) => &[Tab::Details, Tab::Json, Tab::Journal],
            Lead::Other(_) => &[Tab::Details, Tab::Journal],
        }
    }

    fn turn_tab(&mut self, forward: bool) {
        let shown = self.shown_tab();
        let open: Vec<Tab> =
            self.tabs().iter().copied().filter(|tab| *tab != Tab::Chat || self.shown_room().is_some()).collect();
        let at = open.iter().position(|tab| *tab == shown).unwrap_or_default();
        self.tab = open[(at + if forward { 1 } else { open.len() - 1 }) % open.len()];
        self.scroll = Scroll::default();
    }

    /// The journal of the subject, or of everything: what was done to a room that is gone has no other place.
    fn turn_journal(&mut self) {
        self.whole_journal = !self.whole_journal;
        self.scroll = crate::app::widget::page::Scroll::default();
    }

    /// Asks again for what the focused pane shows; for a list, for what its selected row shows elsewhere, too.
    fn refresh(&mut self, outbox: &mut Outbox) {
        if self.try_again(outbox) {
            return;
        }
        match self.focus {
            // A key that is held must not spend the quota: the asking that is under way is as good as another.
            Focus::Rooms if self.rooms.is_asking() => return outbox.hint("the rooms are on their way"),
            Focus::Logging if self.logging.is_asking() => {
                return outbox.hint("the logging configurations are on their way");
            }
            Focus::Tags if self.tags.is_asking() => return outbox.hint("the tags are on their way"),
            Focus::Rooms => {
                self.details.outdate();
                self.hydration.refresh();
                self.list_rooms(outbox);
            }
            Focus::Logging => self.list_logging(outbox),
            Focus::Tags => {}
            Focus::Main => return self.refresh_main(outbox),
        }
        if let Some(arn) = self.subject() {
            self.details.want(&arn, true, outbox);
            self.list_tags(&arn, outbox);
        }
    }

    fn refresh_main(&mut self, outbox: &mut Outbox) {
        if self.shown_tab() == Tab::Journal {
            return outbox.push(Job::ReadJournal);
        }
        let Some(arn) = self.subject() else { return self.list_rooms(outbox) };
        let chat = self.shown_tab() == Tab::Chat;
        match self.live.get_mut(&arn) {
            Some(room) if chat => room.revive(outbox),
            Some(_) | None => {
                self.details.want(&arn, true, outbox);
            }
        }
    }

    /// One step back in the chat: from the marks, then from the selection; false if there is neither.
    fn back_in_chat(&mut self) -> bool {
        let Some(room) = self.chat_room() else { return false };
        if room.focused_card().is_some() {
            room.close_card();
            return true;
        }
        let card = room.card().is_some();
        let Some(mut chat) = self.chat() else { return false };
        if chat.has_marks() {
            chat.clear_marks();
        } else if chat.is_selected() {
            chat.go(Motion::Bottom);
        } else if card {
            if let Some(room) = self.chat_room() {
                room.close_card();
            }
        } else {
            return false;
        }
        true
    }

    /// One step back, always: from the selection to live, from the zoom, from the main pane to its list, from a filter,
    /// from the marks, from the service's filter. With nothing left, `q` leaves.
    fn back(&mut self, key: Key, outbox: &mut Outbox) {
        if self.focus == Focus::Main && self.shown_tab() == Tab::Chat && self.back_in_chat() {
            // The selection, or the marks, are gone.
        } else if self.zoom {
            self.zoom = false;
        } else if self.has_filter() {
            self.set_filter("");
        } else if self.marked().all > 0 {
            // Behind the filter, so that filtering anew loses no marks.
            self.mark(Marking::None, outbox);
        } else if self.focus == Focus::Rooms && self.drop_query(outbox) {
            // All rooms are shown again.
        } else if matches!(self.focus, Focus::Main | Focus::Tags) {
            self.back_to_list();
        } else if key.code == Code::Esc {
            outbox.hint("nothing to go back from: q leaves");
        } else {
            self.leave(outbox);
        }
    }

    /// Leaves, or asks first if that would lose the outcome of something.
    pub(super) fn leave(&mut self, outbox: &mut Outbox) {
        match self.under_way() {
            (0, _) => outbox.push(Job::Quit),
            (pending, _) => self.open_dialog(Mode::Leaving(pending)),
        }
    }

    fn open(&mut self, outbox: &mut Outbox) {
        match (self.focus, self.subject()) {
            (Focus::Rooms, Some(arn)) => self.open_room(&arn, outbox),
            (Focus::Main, Some(arn)) if self.lead == Lead::Rooms => self.open_room(&arn, outbox),
            (Focus::Main, Some(_)) if matches!(self.lead, Lead::Other(_)) => self.open_detour(outbox),
            (Focus::Logging | Focus::Main, Some(_)) => self.query_rooms_of_logging(outbox),
            (Focus::Tags, _) | (_, None) => {}
        }
    }
}

fn marking(command: Command) -> Marking {
    match command {
        Command::MarkRange => Marking::Range,
        Command::MarkShown => Marking::Shown,
        _ => Marking::One,
    }
}
