//! The one table of keys: the console obeys it, and the help, the hint line and the README are made from it.

mod keymap;
pub mod rebind;
mod table;

use std::fmt::Write;

use super::key::Key;
use super::screen::Focus;

pub use keymap::{Bound, Keymap};
pub use rebind::Wish;
pub use table::TABLE;

/// Where a key means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// In every pane, unless the pane says otherwise.
    Everywhere,
    /// In the panes on the left.
    List,
    /// In the main pane on a live room.
    Chat,
    /// In the card of a user.
    Card,
    /// In the main pane on a page of text.
    Page,
    /// The Journal tab.
    Journal,
    /// While a filter is typed.
    Filter,
    /// While the help is open.
    Help,
    /// While the session log is open.
    Log,
    /// While the session log's filter is typed.
    LogFilter,
    /// While the copy menu is open.
    Copy,
    /// While a room is looked for by name.
    Switch,
    /// While leaving is being asked about.
    Leaving,
    /// In a form.
    Form,
    /// While a change is looked through.
    Review,
    /// While it is asked whether what was typed may go.
    Dropping,
    /// While a name is typed to confirm.
    Confirm,
    /// While many changes are carried out.
    Batch,
    /// When they are over.
    BatchOver,
    /// While a form waits for what there is to change.
    Fetching,
    /// While a command is typed.
    Command,
    /// In the form for a chat token, besides the keys of all forms.
    Token,
    /// While the request for a token is looked at.
    Preview,
    /// While a token is shown.
    Issued,
    /// While a file's path is typed.
    Path,
    /// While it is asked whether a file may be overwritten.
    Overwrite,
    /// While messages have labels.
    Labels,
    /// While a page is read that lies over the panes.
    Report,
    /// While a reason is chosen.
    Reason,
    /// While a reason or a note is typed.
    ReasonText,
    /// While a number is typed to confirm.
    Count,
    /// While a message is inspected, besides the keys of all such pages.
    Inspect,
    /// While a profile or a region is picked.
    Pick,
    /// While somebody signs in through a browser.
    SignIn,
    /// While an MFA code is typed.
    Code,
}

impl Context {
    /// All of them, in the order in which the help shows them.
    pub const ALL: [Self; 35] = [
        Self::Everywhere,
        Self::List,
        Self::Chat,
        Self::Card,
        Self::Labels,
        Self::Reason,
        Self::ReasonText,
        Self::Count,
        Self::Page,
        Self::Journal,
        Self::Form,
        Self::Review,
        Self::Dropping,
        Self::Confirm,
        Self::Batch,
        Self::BatchOver,
        Self::Fetching,
        Self::Token,
        Self::Preview,
        Self::Issued,
        Self::Report,
        Self::Inspect,
        Self::Path,
        Self::Overwrite,
        Self::Log,
        Self::LogFilter,
        Self::Switch,
        Self::Pick,
        Self::SignIn,
        Self::Code,
        Self::Copy,
        Self::Command,
        Self::Filter,
        Self::Help,
        Self::Leaving,
    ];

    /// Whether it is a pane's, where the keys of everywhere count too.
    pub fn is_pane(self) -> bool {
        match self {
            Self::Everywhere | Self::List | Self::Chat | Self::Card | Self::Page | Self::Journal => true,
            Self::Filter
            | Self::Help
            | Self::Log
            | Self::LogFilter
            | Self::Leaving
            | Self::Form
            | Self::Review
            | Self::Dropping
            | Self::Confirm
            | Self::Batch
            | Self::BatchOver
            | Self::Fetching
            | Self::Token
            | Self::Preview
            | Self::Issued
            | Self::Report
            | Self::Inspect
            | Self::Path
            | Self::Overwrite
            | Self::Labels
            | Self::Reason
            | Self::ReasonText
            | Self::Count
            | Self::Copy
            | Self::Switch
            | Self::Pick
            | Self::SignIn
            | Self::Code
            | Self::Command => false,
        }
    }

    /// The context whose keys count here too.
    fn base(self) -> Option<Self> {
        match self {
            Self::Token => Some(Self::Form),
            Self::Journal => Some(Self::Page),
            Self::Inspect => Some(Self::Report),
            _ => None,
        }
    }

    /// The context's heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::List => "Lists",
            Self::Chat => "Chat",
            Self::Card => "Card of a user",
            Self::Page => "Details, JSON and Journal",
            Self::Journal => "Journal",
            Self::Filter => "While typing a filter",
            Self::Help => "This help",
            Self::Log => "Session log",
            Self::LogFilter => "While typing the session log's filter",
            Self::Copy => "In the copy menu",
            Self::Switch => "Going to a room by name",
            Self::Leaving => "When asked whether to leave",
            Self::Form => "In a form",
            Self::Review => "Looking through a change",
            Self::Dropping => "When asked whether to drop what you typed",
            Self::Confirm => "Confirming by name",
            Self::Batch => "Many changes at once",
            Self::BatchOver => "Many changes that are over",
            Self::Fetching => "While a form waits for the service",
            Self::Command => "While typing a command",
            Self::Token => "In the form for a chat token",
            Self::Preview => "Looking at a token's request",
            Self::Issued => "A chat token that was issued",
            Self::Path => "Typing a file's path",
            Self::Overwrite => "When asked whether to overwrite a file",
            Self::Labels => "While messages have labels",
            Self::Report => "Reading a page over the panes",
            Self::Reason => "Choosing a reason",
            Self::ReasonText => "Typing a reason or a note",
            Self::Count => "Confirming by number",
            Self::Inspect => "Inspecting a message",
            Self::Pick => "Picking a profile or a region",
            Self::SignIn => "Signing in through a browser",
            Self::Code => "Typing an MFA code",
        }
    }
}

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Focus this pane.
    Focus(Focus),
    /// Focus the next pane.
    NextPane,
    /// Focus the pane before.
    PreviousPane,
    /// The next tab of the main pane.
    NextTab,
    /// The tab before.
    PreviousTab,
    /// Type a filter.
    Filter,
    /// Type a command.
    CommandLine,
    /// The next way to complete what is typed.
    NextCandidate,
    /// The way before.
    PreviousCandidate,
    /// Show the keys.
    Help,
    /// Show the requests and errors of this session.
    SessionLog,
    /// Ask the service again.
    Refresh,
    /// Give the focused pane the whole screen, or take it back.
    Zoom,
    /// One step back.
    Back,
    /// Leave.
    Quit,
    /// Hand the terminal back to the shell for a while.
    Suspend,
    /// Move in the focused pane.
    Move(Motion),
    /// Open what the cursor is on.
    Open,
    /// The next order.
    Sort,
    /// The journal of everything, or of what is selected.
    WholeJournal,
    /// Mark the row, or take its mark away.
    Mark,
    /// Mark the rows from the last mark to the cursor.
    MarkRange,
    /// Mark all rows shown, or take their marks away.
    MarkShown,
    /// Watch a room live without opening it, or stop.
    Watch,
    /// Find a room by a few letters of its name.
    Switch,
    /// The next live room.
    NextRoom,
    /// The live room before.
    PreviousRoom,
    /// Show two live rooms at once, four, or one again.
    Tiles,
    /// Show all live rooms in one feed, or one room again.
    Merged,
    /// Put labels on the messages: a label deletes.
    LabelToDelete,
    /// Put labels on the messages: a label selects.
    LabelToSelect,
    /// The next message that a rule has flagged.
    NextFlagged,
    /// The one before.
    PreviousFlagged,
    /// Show all messages of a folded row, or one again.
    TurnFold,
    /// Back to the message that was selected last.
    ReturnThere,
    /// Delete what is selected: a message, a room, a logging configuration, a tag.
    Delete,
    /// Delete the selected message with a reason that is typed.
    DeleteBecause,
    /// Delete all messages of a user, and disconnect them.
    Purge,
    /// Take back what is not sent yet.
    CancelLast,
    /// Do the same to what is selected now.
    Repeat,
    /// Choose the reason with this digit.
    ChooseReason,
    /// Write a private note.
    PrivateNote,
    /// Send what waits, then leave.
    SendAndLeave,
    /// Let what runs go on out of sight.
    LeaveRunning,
    /// Write a message in the room.
    Write,
    /// Send an event of the application's own to the room.
    SendEvent,
    /// Disconnect a user from the room.
    Disconnect,
    /// Create one more of what the list holds.
    Create,
    /// Change what is selected, in a form.
    Edit,
    /// Set the same tags on the marked rooms.
    TagRooms,
    /// Back to a form that was left while it was sent.
    ReturnToForm,
    /// Open the card of who wrote the selected message.
    Card,
    /// Show all that the selected message is made of.
    Inspect,
    /// From the card of a user to the feed beside it.
    BesideCard,
    /// Watch a user for a while, or stop.
    WatchUser,
    /// Keep a note about a user.
    Note,
    /// Take a note about a user away.
    DropNote,
    /// Issue a chat token.
    Token,
    /// Watch a room as oneself again.
    LeaveIdentity,
    /// Show what would be sent, or go back.
    Preview,
    /// Copy the command instead of the JSON.
    CopyCommand,
    /// Fill the form from a file.
    LoadFile,
    /// Write to a file.
    SaveFile,
    /// Show a secret, or hide it.
    Reveal,
    /// Join the room as the token's user.
    Join,
    /// To the next field of a form.
    NextField,
    /// To the field before.
    PreviousField,
    /// Change a resource as YAML in the reader's own editor.
    EditText,
    /// Show what can be copied.
    Copy,
    /// Sign in, or type an MFA code, as the credentials need it.
    SignIn,
    /// Take what is typed or asked.
    Accept,
    /// Drop what is typed or asked.
    Cancel,
}

/// A way to move in a pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// Up a row.
    Up,
    /// Down a row.
    Down,
    /// Up half a page.
    HalfPageUp,
    /// Down half a page.
    HalfPageDown,
    /// Up a page.
    PageUp,
    /// Down a page.
    PageDown,
    /// To the first row.
    Top,
    /// To the last row; in a live room, back to live.
    Bottom,
}

impl Motion {
    /// Where it leads from `from` among `count` rows, of which `height` fit into the pane.
    pub fn target(self, from: usize, count: usize, height: usize) -> usize {
        let half = (height / 2).max(1);
        let target = match self {
            Self::Up => from.saturating_sub(1),
            Self::Down => from + 1,
            Self::HalfPageUp => from.saturating_sub(half),
            Self::HalfPageDown => from + half,
            Self::PageUp => from.saturating_sub(height),
            Self::PageDown => from + height,
            Self::Top => 0,
            Self::Bottom => count,
        };
        target.min(count.saturating_sub(1))
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where.
    pub context: Context,
    /// Any of these keys.
    pub keys: &'static [Key],
    /// What is done.
    pub command: Command,
    /// The word on the hint line; rows without one are left to the help.
    pub hint: Option<&'static str>,
    /// What it does, in a sentence without a full stop.
    pub help: &'static str,
}

/// What `key` asks for in `context` as the keys are built in.
pub fn command(context: Context, key: Key) -> Option<Command> {
    Keymap::default().command(context, key)
}

/// Whether this means something in the pane with this context.
pub fn is_bound(context: Context, wanted: Command) -> bool {
    let here = |row: &&Binding| [Some(context), context.base(), Some(Context::Everywhere)].contains(&Some(row.context));
    TABLE.iter().filter(here).any(|row| row.command == wanted)
}

/// Where else this means something, by the contexts' headings.
pub fn bound_in(wanted: Command) -> Option<&'static str> {
    TABLE.iter().find(|row| row.command == wanted && row.context.is_pane()).map(|row| row.context.title())
}

/// The first key that does this in a pane as the keys are built in.
pub fn key_of(wanted: Command) -> Option<Key> {
    let row = TABLE.iter().find(|row| row.command == wanted && row.context.is_pane())?;
    row.keys.first().copied()
}

/// The table as Markdown, for the README.
pub fn markdown() -> String {
    let mut text = String::new();
    for context in Context::ALL {
        let _ = writeln!(text, "| {} | |\n|---|---|", context.title());
        for row in TABLE.iter().filter(|row| row.context == context) {
            let keys: Vec<_> = row.keys.iter().map(|key| format!("`{key}`")).collect();
            let _ = writeln!(text, "| {} | {} |", keys.join(" "), row.help);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Code;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for (index, row) in TABLE.iter().enumerate() {
            for key in row.keys {
                let twin =
                    TABLE[index + 1..].iter().find(|other| other.context == row.context && other.keys.contains(key));
                assert!(twin.is_none(), "{key} is bound twice in {:?}", row.context);
            }
        }
    }

    #[test]
    fn deleting_is_on_no_motion_key_and_not_on_enter() {
        let rows = TABLE.iter().filter(|row| row.command == Command::Delete);
        for key in rows.flat_map(|row| row.keys) {
            assert!(!key.ctrl, "{key}: a missed Ctrl must not delete");
            for motion in ['j', 'k', 'g', 'G'] {
                assert_ne!(*key, Key::char(motion));
            }
            assert_ne!(*key, Key::plain(Code::Enter));
        }
        assert_eq!(command(Context::Chat, Key::ctrl('d')), None, "Ctrl-d is not bound where d deletes");
    }

    #[test]
    fn a_pane_comes_before_everywhere() {
        assert_eq!(command(Context::Help, Key::char('q')), Some(Command::Back));
        assert_eq!(command(Context::List, Key::char('1')), Some(Command::Focus(Focus::Rooms)));
        assert_eq!(command(Context::Filter, Key::char('1')), None);
    }
}
