//! The one table of commands: what can be typed after `:`. Completion, the help and the README are made from it.
//!
//! Adding a command is adding a row to [`TABLE`]: to one that does what a key does, nothing else is needed; one that
//! does something of its own needs an [`Action`], too. Whatever a pane's key does has a name here, which a test sees to.

pub mod complete;
pub mod read;
pub mod words;

use std::fmt::Write;

use super::key::Key;
use super::keys::{self, Command, Keymap, Motion};
use super::screen::Focus;

pub use crate::nearest::nearest;
pub use complete::{Candidate, Completion, Known, Named, complete};
pub use read::{Order, read};

/// What a command takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// A room's name, id or ARN.
    Room,
    /// Any of `name=`, `handler=` and `logging=`, or none.
    Members,
    /// The ARN of anything that can have tags.
    Arn,
    /// A tab of the main pane.
    Tab,
    /// A number of minutes.
    Minutes,
    /// 1, 2 or 4.
    Tiles,
    /// Any words.
    Text,
    /// A file, or `stop`.
    Tape,
    /// `speed` and a number, `pause`, `go` or `again`.
    Play,
    /// What rules are tried on, or nothing.
    Trial,
    /// A group of rooms.
    Group,
    /// A profile's name, or nothing.
    Profile,
    /// A region's name, or nothing.
    Region,
    /// Nothing.
    Nothing,
}

impl Argument {
    /// How it is written in a command's usage.
    pub fn usage(self) -> &'static str {
        match self {
            Self::Room => "ROOM",
            Self::Members => "[name=..] [handler=..] [logging=..]",
            Self::Arn => "ARN",
            Self::Tab => "NAME",
            Self::Minutes => "MINUTES",
            Self::Tiles => "1|2|4",
            Self::Text => "TEXT",
            Self::Tape => "[FILE|stop]",
            Self::Play => "[speed N|pause|go|again]",
            Self::Trial => "[test FILE]",
            Self::Group => "GROUP",
            Self::Profile | Self::Region => "[NAME]",
            Self::Nothing => "",
        }
    }
}

/// What no key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Open a room, wherever the cursor is.
    Open,
    /// Show the rooms that the service finds.
    Rooms,
    /// Show the tags of any resource.
    Tags,
    /// Show a tab of the main pane.
    Tab,
    /// Show the rules of a room, or try all rules on a recorded feed.
    Rules,
    /// Let rules that say so delete.
    Arm,
    /// Let them flag only.
    Disarm,
    /// Filter the focused list.
    Filter,
    /// Delete what is like a pattern.
    Purge,
    /// Watch a user for so many minutes.
    WatchFor,
    /// Write the shown room's feed to a file.
    Record,
    /// Say how a recorded feed is played.
    Replay,
    /// Show so many live rooms at once.
    Tiles,
    /// Show where the configuration is and what is wrong with it.
    Config,
    /// Show a group of rooms.
    Group,
    /// Watch all rooms of a group.
    WatchGroup,
    /// Become who another profile is.
    Profile,
    /// Go to another region.
    Region,
    /// Let changes pass, once that is confirmed.
    Unlock,
    /// Let none pass.
    Lock,
}

impl Action {
    /// What it takes.
    pub fn argument(self) -> Argument {
        match self {
            Self::Open => Argument::Room,
            Self::Rooms => Argument::Members,
            Self::Tags => Argument::Arn,
            Self::Tab => Argument::Tab,
            Self::Filter | Self::Purge => Argument::Text,
            Self::WatchFor => Argument::Minutes,
            Self::Record => Argument::Tape,
            Self::Replay => Argument::Play,
            Self::Rules => Argument::Trial,
            Self::Profile => Argument::Profile,
            Self::Region => Argument::Region,
            Self::Arm | Self::Disarm | Self::Config | Self::Unlock | Self::Lock => Argument::Nothing,
            Self::Tiles => Argument::Tiles,
            Self::Group | Self::WatchGroup => Argument::Group,
        }
    }
}

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// What a key does, where that key means something; it takes no argument.
    Key(Command),
    /// Something of its own, with its argument.
    Own(Action),
    /// Without an argument what a key does, with one something of its own.
    Either(Command, Action),
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What is typed.
    pub name: &'static str,
    /// What may be typed instead.
    pub aliases: &'static [&'static str],
    /// What it does.
    pub does: Does,
    /// The same in a sentence without a full stop.
    pub help: &'static str,
}

const fn row(name: &'static str, aliases: &'static [&'static str], does: Does, help: &'static str) -> Entry {
    Entry { name, aliases, does, help }
}

/// All commands.
pub const TABLE: &[Entry] = {
    use Command as C;
    use Does::{Either, Key, Own};
    use Motion as M;
    &[
        row("open", &["o"], Either(C::Open, Action::Open), "open a room by name, id or ARN, or what the cursor is on"),
        row("rooms", &[], Own(Action::Rooms), "only the rooms that the service finds by these; without any, all rooms"),
        row("tags", &[], Own(Action::Tags), "the tags of a room, a logging configuration, a channel, a stream key ..."),
        row("tab", &[], Own(Action::Tab), "show this tab of the main pane"),
        row("filter", &["f"], Either(C::Filter, Action::Filter), "filter the focused list, the chat or the journal"),
        row("rules", &[], Own(Action::Rules), "the rules in force in this room; or all rules tried on a recorded feed"),
        row("arm", &[], Own(Action::Arm), "let the rules that say so delete by themselves in this room"),
        row("disarm", &[], Own(Action::Disarm), "let rules flag and do no more in this room"),
        row("create", &["new"], Key(C::Create), "create a room, a logging configuration or a tag"),
        row("edit", &["e"], Key(C::Edit), "change what is selected, in a form"),
        row("edit-text", &[], Key(C::EditText), "edit as YAML in $VISUAL or $EDITOR"),
        row("tag-rooms", &[], Key(C::TagRooms), "set the same tags on the marked rooms, or take them away"),
        row("form", &[], Key(C::ReturnToForm), "back to the form that was left while it was sent"),
        row("delete", &[], Key(C::Delete), "delete what is selected: a list asks first, a chat does not"),
        row("delete-because", &[], Key(C::DeleteBecause), "delete the selected message, with a reason that is chosen"),
        row(
            "purge",
            &[],
            Own(Action::Purge),
            "delete what is like this: words, /regex/ past=10m next=60s reason=1 rooms=all",
        ),
        row("purge-user", &[], Key(C::Purge), "delete all messages of the user here, then disconnect them"),
        row("cancel", &[], Key(C::CancelLast), "take back what was asked for last and is not sent yet"),
        row("repeat", &[], Key(C::Repeat), "do the last thing again, to what is selected now"),
        row("label", &["x"], Key(C::LabelToDelete), "put a label on each message: typing it deletes the message"),
        row(
            "label-to-select",
            &[],
            Key(C::LabelToSelect),
            "put a label on each message: typing it selects the message",
        ),
        row("next-flagged", &["n"], Key(C::NextFlagged), "the next flagged message that nobody has acted on"),
        row("previous-flagged", &[], Key(C::PreviousFlagged), "the flagged message before"),
        row("fold", &["unfold"], Key(C::TurnFold), "show all messages of a folded row, or one again"),
        row("reveal", &[], Key(C::Reveal), "show the texts of deleted messages, or hide them again"),
        row("return", &[], Key(C::ReturnThere), "back to the message that was selected last"),
        row("disconnect", &["kick"], Key(C::Disconnect), "disconnect a user from the room; this is not a ban"),
        row("write", &["say"], Key(C::Write), "write a message in the room"),
        row("event", &[], Key(C::SendEvent), "send an event of the application's own to the room"),
        row("token", &["t"], Key(C::Token), "issue a chat token for the room"),
        row("leave-identity", &[], Key(C::LeaveIdentity), "watch the room as oneself again"),
        row(
            "watch",
            &["w"],
            Either(C::Watch, Action::WatchFor),
            "watch a room live without opening it, or stop; with minutes, watch the selected message's user",
        ),
        row("switch", &["go"], Key(C::Switch), "go to a room by a few letters of its name, live ones first"),
        row("next-room", &[], Key(C::NextRoom), "the next live room; among tiles, the next tile"),
        row("previous-room", &[], Key(C::PreviousRoom), "the live room before; among tiles, the tile before"),
        row("tiles", &[], Either(C::Tiles, Action::Tiles), "two live rooms at once, four, one again"),
        row("merged", &["all"], Key(C::Merged), "all live rooms in one feed, or one room again"),
        row("card", &["user"], Key(C::Card), "the card of who wrote the selected message"),
        row(
            "inspect",
            &["raw"],
            Key(C::Inspect),
            "the selected message's JSON, hidden characters, links and code points",
        ),
        row("beside-card", &[], Key(C::BesideCard), "from the card of a user to the feed"),
        row("watch-user", &[], Key(C::WatchUser), "watch the selected message's user for a while, or stop"),
        row("note", &[], Key(C::Note), "keep a note about the card's user"),
        row("drop-note", &["notes"], Key(C::DropNote), "read the notes about the card's user, or take one away"),
        row("record", &["rec"], Own(Action::Record), "write what comes into the shown room to a file, until stop"),
        row("replay", &[], Own(Action::Replay), "in `ivschat replay FILE`: how fast it is played, pause, go on, again"),
        row("profile", &["ctx"], Own(Action::Profile), "use this profile of ~/.aws/config, in its region; or pick one"),
        row("region", &[], Own(Action::Region), "go to this region; or pick one"),
        row("sign-in", &["login"], Key(C::SignIn), "sign in: through a browser, with an MFA code ..."),
        row("unlock", &["read-write"], Own(Action::Unlock), "let changes pass, once whose they are is typed"),
        row("lock", &["read-only"], Own(Action::Lock), "let no changes pass: read-only"),
        row("copy", &["y"], Key(C::Copy), "copy: ARN, id, JSON, the aws command ..."),
        row("sort", &[], Key(C::Sort), "sort by the next column that is shown"),
        row("mark", &[], Key(C::Mark), "mark the row, or take its mark away, and go down"),
        row("mark-range", &[], Key(C::MarkRange), "mark the rows from the last mark to the cursor"),
        row("mark-shown", &[], Key(C::MarkShown), "mark all rows shown; again: take their marks away"),
        row("refresh", &["r"], Key(C::Refresh), "ask the service again; in a room that stopped, reconnect"),
        row("session-log", &["log", "errors"], Key(C::SessionLog), "requests and errors since the start"),
        row("help", &["h"], Key(C::Help), "the keys and the commands, searchable"),
        row("group", &[], Own(Action::Group), "show the rooms of a group alone, until the filter is dropped"),
        row("watch-group", &[], Own(Action::WatchGroup), "watch all rooms of a group live without opening them"),
        row("config", &[], Own(Action::Config), "where the configuration is, and what is wrong with it"),
        row("quit", &["q"], Key(C::Quit), "leave"),
        row("back", &[], Key(C::Back), "one step back"),
        row("zoom", &[], Key(C::Zoom), "give this pane the whole screen, or take it back"),
        row("whole-journal", &[], Key(C::WholeJournal), "the journal of everything, or of this alone"),
        row("suspend", &[], Key(C::Suspend), "back to the shell for a while (fg returns)"),
        row("focus-rooms", &[], Key(C::Focus(Focus::Rooms)), "focus the rooms"),
        row("focus-logging", &["logging"], Key(C::Focus(Focus::Logging)), "focus the logging configurations"),
        row("focus-tags", &[], Key(C::Focus(Focus::Tags)), "focus the tags"),
        row("focus-main", &["main"], Key(C::Focus(Focus::Main)), "focus the main pane"),
        row("next-pane", &[], Key(C::NextPane), "focus the next pane"),
        row("previous-pane", &[], Key(C::PreviousPane), "focus the pane before"),
        row("next-tab", &[], Key(C::NextTab), "next tab of the main pane"),
        row("previous-tab", &[], Key(C::PreviousTab), "tab before"),
        row("down", &[], Key(C::Move(M::Down)), "down a row; in a chat, the message below"),
        row("up", &[], Key(C::Move(M::Up)), "up a row; in a chat, the message above"),
        row("half-page-down", &[], Key(C::Move(M::HalfPageDown)), "half a page down"),
        row("half-page-up", &[], Key(C::Move(M::HalfPageUp)), "half a page up"),
        row("page-down", &[], Key(C::Move(M::PageDown)), "a page down"),
        row("page-up", &[], Key(C::Move(M::PageUp)), "a page up"),
        row("top", &[], Key(C::Move(M::Top)), "to the first row; in a chat, to the oldest message held"),
        row("bottom", &["live"], Key(C::Move(M::Bottom)), "to the last row; in a chat, back to live"),
    ]
};

impl Entry {
    /// Name and argument, such as `open [ROOM]`.
    pub fn usage(&self) -> String {
        match self.does {
            Does::Key(_) => self.name.to_owned(),
            Does::Own(action) => format!("{} {}", self.name, action.argument().usage()).trim_end().to_owned(),
            Does::Either(_, action) => format!("{} [{}]", self.name, action.argument().usage()),
        }
    }

    /// The same in a few cells, for a list.
    pub fn short_usage(&self) -> String {
        match self.argument() {
            Some(Argument::Members | Argument::Play) => format!("{} [..]", self.name),
            Some(
                Argument::Room
                | Argument::Arn
                | Argument::Tab
                | Argument::Text
                | Argument::Tape
                | Argument::Minutes
                | Argument::Tiles
                | Argument::Trial
                | Argument::Group
                | Argument::Profile
                | Argument::Region
                | Argument::Nothing,
            )
            | None => self.usage(),
        }
    }

    /// What it takes, if it takes something.
    pub fn argument(&self) -> Option<Argument> {
        match self.does {
            Does::Key(_) => None,
            Does::Own(action) | Does::Either(_, action) => {
                Some(action.argument()).filter(|argument| *argument != Argument::Nothing)
            }
        }
    }

    /// What it does without an argument, if that is what a key does.
    pub fn key_command(&self) -> Option<Command> {
        match self.does {
            Does::Key(command) | Does::Either(command, _) => Some(command),
            Does::Own(_) => None,
        }
    }

    /// The key that does the same as the keys are built in.
    pub fn key(&self) -> Option<Key> {
        keys::key_of(self.key_command()?)
    }

    /// The key that does the same as the keys are bound.
    pub fn key_in(&self, keymap: &Keymap) -> Option<Key> {
        keymap.key_of(self.key_command()?)
    }

    /// Its name, then its aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

/// The command with this name or alias.
pub fn find(name: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.names().any(|known| known == name))
}

/// The stable name of what a key does, such as `next-pane`; none for what only dialogs do.
pub fn name_of(command: Command) -> Option<&'static str> {
    TABLE.iter().find(|entry| entry.key_command() == Some(command)).map(|entry| entry.name)
}

/// The table as Markdown, for the README.
pub fn markdown() -> String {
    let mut text = String::from("| command | | key |\n|---|---|---|\n");
    for entry in TABLE {
        let names: Vec<String> = entry.aliases.iter().map(|alias| format!("`:{alias}`")).collect();
        let key = entry.key().map(|key| format!("`{key}`")).unwrap_or_default();
        let names = [vec![format!("`:{}`", entry.usage())], names].concat().join(" ");
        let _ = writeln!(text, "| {names} | {} | {key} |", entry.help);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_pane_s_key_does_has_a_name() {
        for binding in keys::TABLE.iter().filter(|row| row.context.is_pane()) {
            // The line itself is there already when a name can be typed.
            let known = name_of(binding.command).is_some() || binding.command == Command::CommandLine;
            assert!(known, "{:?} needs a row in commands::TABLE", binding.command);
        }
    }

    #[test]
    fn no_name_means_two_things_and_all_are_kebab_case() {
        let names: Vec<&str> = TABLE.iter().flat_map(Entry::names).collect();
        for (index, name) in names.iter().enumerate() {
            assert!(!names[index + 1..].contains(name), "{name} is there twice");
            assert!(name.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase())));
        }
    }

    #[test]
    fn every_sentence_has_no_full_stop() {
        for entry in TABLE {
            assert!(!entry.help.ends_with('.') || entry.help.ends_with("..."), "{}", entry.name);
        }
    }
}
