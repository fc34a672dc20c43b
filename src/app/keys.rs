//! The one table of keys: the console obeys it, and the help, the hint line and the README are made from it.

use std::fmt::Write;

use super::key::{Code, Key};
use super::screen::Focus;

/// Where a key means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// In every pane, unless the pane says otherwise.
    Everywhere,
    /// In the panes on the left.
    List,
    /// In the main pane on a live room.
    Chat,
    /// In the main pane on a page of text.
    Page,
    /// While a filter is typed.
    Filter,
    /// While the help is open.
    Help,
    /// While the copy menu is open.
    Copy,
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
}

impl Context {
    /// All of them, in the order in which the help shows them.
    pub const ALL: [Self; 19] = [
        Self::Everywhere,
        Self::List,
        Self::Chat,
        Self::Page,
        Self::Form,
        Self::Review,
        Self::Dropping,
        Self::Confirm,
        Self::Batch,
        Self::Token,
        Self::Preview,
        Self::Issued,
        Self::Path,
        Self::Overwrite,
        Self::Copy,
        Self::Command,
        Self::Filter,
        Self::Help,
        Self::Leaving,
    ];

    /// Whether it is a pane's, where the keys of everywhere count too.
    pub fn is_pane(self) -> bool {
        match self {
            Self::Everywhere | Self::List | Self::Chat | Self::Page => true,
            Self::Filter
            | Self::Help
            | Self::Leaving
            | Self::Form
            | Self::Review
            | Self::Dropping
            | Self::Confirm
            | Self::Batch
            | Self::Token
            | Self::Preview
            | Self::Issued
            | Self::Path
            | Self::Overwrite
            | Self::Copy
            | Self::Command => false,
        }
    }

    /// The context whose keys count here too.
    fn base(self) -> Option<Self> {
        (self == Self::Token).then_some(Self::Form)
    }

    /// The context's heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::List => "Lists",
            Self::Chat => "Chat",
            Self::Page => "Details, JSON and Journal",
            Self::Filter => "While typing a filter",
            Self::Help => "This help",
            Self::Copy => "In the copy menu",
            Self::Leaving => "When asked whether to leave",
            Self::Form => "In a form",
            Self::Review => "Looking through a change",
            Self::Dropping => "When asked whether to drop what you typed",
            Self::Confirm => "Confirming by name",
            Self::Batch => "Many changes at once",
            Self::Command => "While typing a command",
            Self::Token => "In the form for a chat token",
            Self::Preview => "Looking at a token's request",
            Self::Issued => "A chat token that was issued",
            Self::Path => "Typing a file's path",
            Self::Overwrite => "When asked whether to overwrite a file",
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
    /// Delete what is selected: a message, a room, a logging configuration, a tag.
    Delete,
    /// Delete the selected message with a reason that is typed.
    DeleteBecause,
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

const ESC: Key = Key::plain(Code::Esc);
const ENTER: Key = Key::plain(Code::Enter);
const UP: Key = Key::plain(Code::Up);
const DOWN: Key = Key::plain(Code::Down);
const PAGE_UP: Key = Key::plain(Code::PageUp);
const PAGE_DOWN: Key = Key::plain(Code::PageDown);

const fn row(
    context: Context,
    keys: &'static [Key],
    command: Command,
    hint: Option<&'static str>,
    help: &'static str,
) -> Binding {
    Binding { context, keys, command, hint, help }
}

/// All keys.
pub const TABLE: &[Binding] = {
    use Command as C;
    use Context::{
        Batch, Chat, Command as Line, Confirm, Copy, Dropping, Everywhere, Filter, Form, Help, Issued, Leaving, List,
        Overwrite, Page, Path, Preview, Review, Token,
    };
    use Motion as M;
    &[
        row(List, &[ENTER], C::Open, Some("open"), "open: a room goes live; of a logging configuration, its rooms"),
        row(List, &[Key::char('/')], C::Filter, Some("filter"), "filter this list: all columns, all words"),
        row(List, &[Key::char('c')], C::Create, Some("create"), "create a room, a logging configuration or a tag"),
        row(List, &[Key::char('e')], C::Edit, Some("edit"), "change what is selected, in a form"),
        row(
            List,
            &[Key::char('d')],
            C::Delete,
            Some("delete"),
            "delete what is selected; its name must be typed first",
        ),
        row(List, &[Key::char('K')], C::Disconnect, None, "disconnect a user from the selected room, by user id"),
        row(List, &[Key::char('t')], C::Token, Some("token"), "issue a chat token for the room"),
        row(List, &[Key::char('w')], C::Watch, Some("watch"), "watch a room live without opening it, or stop watching"),
        row(List, &[Key::char('j'), DOWN], C::Move(M::Down), None, "down"),
        row(List, &[Key::char('k'), UP], C::Move(M::Up), None, "up"),
        row(List, &[Key::char('g'), Key::plain(Code::Home)], C::Move(M::Top), None, "to the first row"),
        row(List, &[Key::char('G'), Key::plain(Code::End)], C::Move(M::Bottom), None, "to the last row"),
        row(List, &[Key::ctrl('d')], C::Move(M::HalfPageDown), None, "half a page down"),
        row(List, &[Key::ctrl('u')], C::Move(M::HalfPageUp), None, "half a page up"),
        row(List, &[PAGE_DOWN, Key::ctrl('f')], C::Move(M::PageDown), None, "a page down"),
        row(List, &[PAGE_UP, Key::ctrl('b')], C::Move(M::PageUp), None, "a page up"),
        row(List, &[Key::char('s')], C::Sort, Some("sort"), "sort by the next column that is shown"),
        row(List, &[Key::char('T')], C::TagRooms, None, "set the same tags on the marked rooms, or take them away"),
        row(List, &[Key::char(' ')], C::Mark, Some("mark"), "mark the row, or take its mark away, and go down"),
        row(List, &[Key::char('v')], C::MarkRange, None, "mark the rows from the last mark to the cursor"),
        row(List, &[Key::char('*')], C::MarkShown, None, "mark all rows shown; again: take their marks away"),
        row(List, &[Key::char('q'), ESC], C::Back, None, "back: zoom, filter, marks, the service's filter; q leaves"),
        row(List, &[Key::char('E')], C::EditText, None, "edit as YAML in $VISUAL or $EDITOR"),
        row(
            Chat,
            &[Key::char('k'), UP],
            C::Move(M::Up),
            Some("select"),
            "select the message above; the first press freezes the view",
        ),
        row(Chat, &[Key::char('j'), DOWN], C::Move(M::Down), None, "select the message below"),
        row(Chat, &[Key::char('d')], C::Delete, Some("delete"), "delete the selected message, with the default reason"),
        row(
            Chat,
            &[Key::char('D')],
            C::DeleteBecause,
            Some("reason"),
            "delete the selected message, with a typed reason",
        ),
        row(
            Chat,
            &[Key::char('K')],
            C::Disconnect,
            Some("disconnect"),
            "disconnect who wrote the selected message; asks for a reason first",
        ),
        row(Chat, &[Key::char('c')], C::Write, Some("write"), "write a message in the room"),
        row(Chat, &[Key::char('e')], C::SendEvent, Some("event"), "send an event of the application's own to the room"),
        row(Chat, &[Key::char('G'), Key::plain(Code::End)], C::Move(M::Bottom), Some("live"), "back to live"),
        row(Chat, &[Key::char('t')], C::Token, Some("token"), "issue a chat token for the room"),
        row(Chat, &[Key::char('J')], C::LeaveIdentity, None, "in a room joined as another: watch it as yourself again"),
        row(Chat, &[Key::char('g'), Key::plain(Code::Home)], C::Move(M::Top), None, "to the oldest message held"),
        row(Chat, &[PAGE_UP, Key::ctrl('b')], C::Move(M::PageUp), None, "a page up"),
        row(Chat, &[PAGE_DOWN, Key::ctrl('f')], C::Move(M::PageDown), None, "a page down"),
        row(Page, &[ENTER], C::Open, Some("open"), "open: the room goes live; of a logging configuration, its rooms"),
        row(Page, &[Key::char('j'), DOWN], C::Move(M::Down), Some("down"), "down"),
        row(Page, &[Key::char('k'), UP], C::Move(M::Up), Some("up"), "up"),
        row(Page, &[Key::char('g'), Key::plain(Code::Home)], C::Move(M::Top), None, "to the start"),
        row(Page, &[Key::char('G'), Key::plain(Code::End)], C::Move(M::Bottom), None, "to the end"),
        row(Page, &[PAGE_DOWN, Key::ctrl('f'), Key::ctrl('d')], C::Move(M::PageDown), None, "a page down"),
        row(Page, &[PAGE_UP, Key::ctrl('b'), Key::ctrl('u')], C::Move(M::PageUp), None, "a page up"),
        row(Page, &[Key::char('E')], C::EditText, None, "edit as YAML in $VISUAL or $EDITOR"),
        row(Page, &[Key::char('a')], C::WholeJournal, None, "in the journal: of everything, or of this alone"),
        row(Page, &[Key::char('e')], C::Edit, Some("edit"), "change what is shown, in a form"),
        row(Page, &[Key::char('t')], C::Token, Some("token"), "issue a chat token for the room"),
        row(Form, &[ENTER], C::Accept, Some("send"), "send the form; a change is shown to be looked through first"),
        row(Form, &[Key::plain(Code::Tab)], C::NextField, Some("next"), "to the next field"),
        row(Form, &[Key::plain(Code::BackTab)], C::PreviousField, Some("back"), "to the field before"),
        row(
            Form,
            &[ESC, Key::ctrl('c')],
            C::Cancel,
            Some("cancel"),
            "close the form; asks first if something was typed",
        ),
        row(Review, &[Key::char('y')], C::Accept, Some("yes"), "send the change"),
        row(Review, &[ESC, Key::char('n'), Key::ctrl('c')], C::Cancel, Some("back"), "back to the form"),
        row(Dropping, &[Key::char('y')], C::Accept, Some("drop"), "drop what was typed"),
        row(Dropping, &[ESC, Key::char('n'), Key::ctrl('c')], C::Cancel, Some("go on"), "go on typing"),
        row(Confirm, &[ENTER], C::Accept, Some("delete"), "delete it, if what was typed is its name"),
        row(Confirm, &[ESC, Key::ctrl('c')], C::Cancel, Some("leave it"), "leave it alone"),
        row(Batch, &[Key::char('r')], C::Accept, Some("retry"), "when it is over, try again what is not done"),
        row(Batch, &[ESC, Key::char('q'), Key::ctrl('c')], C::Cancel, Some("cancel"), "cancel what is left, or close"),
        row(Batch, &[Key::char('j'), DOWN], C::Move(M::Down), None, "down"),
        row(Batch, &[Key::char('k'), UP], C::Move(M::Up), None, "up"),
        row(Batch, &[PAGE_DOWN], C::Move(M::PageDown), None, "a page down"),
        row(Batch, &[PAGE_UP], C::Move(M::PageUp), None, "a page up"),
        row(Token, &[Key::ctrl('p')], C::Preview, Some("preview"), "show the request as JSON and as an aws command"),
        row(Token, &[Key::ctrl('o')], C::LoadFile, Some("load"), "load the request from a JSON file"),
        row(
            Token,
            &[Key::ctrl('s')],
            C::SaveFile,
            Some("save"),
            "save the request as a JSON file; of an empty form, a skeleton",
        ),
        row(Preview, &[Key::char('y')], C::Copy, Some("copy JSON"), "copy the request as JSON"),
        row(Preview, &[Key::char('c')], C::CopyCommand, Some("copy command"), "copy the aws command"),
        row(Preview, &[Key::ctrl('p')], C::Preview, None, "back to the form"),
        row(Preview, &[ESC, Key::char('q'), Key::ctrl('c')], C::Cancel, Some("back"), "back to the form"),
        row(Preview, &[Key::char('j'), DOWN], C::Move(M::Down), Some("down"), "down"),
        row(Preview, &[Key::char('k'), UP], C::Move(M::Up), Some("up"), "up"),
        row(Preview, &[PAGE_DOWN, Key::ctrl('f')], C::Move(M::PageDown), None, "a page down"),
        row(Preview, &[PAGE_UP, Key::ctrl('b')], C::Move(M::PageUp), None, "a page up"),
        row(Issued, &[Key::char('r')], C::Reveal, Some("show or hide"), "show the token, or hide it again"),
        row(Issued, &[Key::char('y')], C::Copy, Some("copy"), "copy the token into the clipboard"),
        row(Issued, &[Key::char('w')], C::SaveFile, Some("write"), "write the token to a file that only you can read"),
        row(
            Issued,
            &[Key::char('j')],
            C::Join,
            Some("join"),
            "join the room as the token's user; J in the chat goes back",
        ),
        row(
            Issued,
            &[ESC, Key::char('q'), Key::ctrl('c')],
            C::Cancel,
            Some("close"),
            "close it; the token is gone then",
        ),
        row(Path, &[ENTER], C::Accept, Some("take it"), "read or write this file"),
        row(Path, &[ESC, Key::ctrl('c')], C::Cancel, Some("back"), "back, without a file"),
        row(Overwrite, &[Key::char('y')], C::Accept, Some("overwrite"), "overwrite the file"),
        row(Overwrite, &[ESC, Key::char('n'), Key::ctrl('c')], C::Cancel, Some("back"), "back to the path"),
        row(Filter, &[ENTER], C::Accept, Some("keep"), "keep the filter"),
        row(Filter, &[ESC, Key::ctrl('c')], C::Cancel, Some("clear"), "drop the filter"),
        row(Filter, &[DOWN], C::Move(M::Down), None, "down, while typing goes on"),
        row(Filter, &[UP], C::Move(M::Up), None, "up, while typing goes on"),
        row(Line, &[ENTER], C::Accept, Some("run"), "run the command"),
        row(Line, &[Key::plain(Code::Tab)], C::NextCandidate, Some("complete"), "complete; again: the next way"),
        row(Line, &[Key::plain(Code::BackTab)], C::PreviousCandidate, None, "the way before"),
        row(Line, &[UP], C::Move(M::Up), Some("earlier"), "the command before this one, as it was typed"),
        row(Line, &[DOWN], C::Move(M::Down), None, "the command after it"),
        row(Line, &[ESC, Key::ctrl('c')], C::Cancel, Some("close"), "close the line; Up brings it back"),
        row(Help, &[Key::char('/')], C::Filter, Some("search"), "search the keys"),
        row(Help, &[Key::char('j'), DOWN], C::Move(M::Down), Some("down"), "down"),
        row(Help, &[Key::char('k'), UP], C::Move(M::Up), Some("up"), "up"),
        row(Help, &[PAGE_DOWN, Key::ctrl('f'), Key::ctrl('d')], C::Move(M::PageDown), None, "a page down"),
        row(Help, &[PAGE_UP, Key::ctrl('b'), Key::ctrl('u')], C::Move(M::PageUp), None, "a page up"),
        row(Help, &[ESC, Key::char('q'), Key::char('?')], C::Back, Some("close"), "close the help"),
        row(
            Copy,
            &[ENTER],
            C::Accept,
            Some("copy"),
            "copy the marked line; the letter before a line copies it at once",
        ),
        row(Copy, &[Key::char('j'), DOWN], C::Move(M::Down), Some("down"), "down"),
        row(Copy, &[Key::char('k'), UP], C::Move(M::Up), Some("up"), "up"),
        row(Copy, &[ESC, Key::char('q'), Key::char('y')], C::Back, Some("close"), "close the menu"),
        row(Leaving, &[Key::char('y')], C::Accept, Some("leave"), "leave all the same"),
        row(Leaving, &[Key::char('n'), ESC], C::Cancel, Some("stay"), "stay"),
        row(Everywhere, &[Key::char('1')], C::Focus(Focus::Rooms), None, "focus the rooms"),
        row(Everywhere, &[Key::char('2')], C::Focus(Focus::Logging), None, "focus the logging configurations"),
        row(Everywhere, &[Key::char('3')], C::Focus(Focus::Tags), None, "focus the tags"),
        row(Everywhere, &[Key::char('0')], C::Focus(Focus::Main), None, "focus the main pane"),
        row(Everywhere, &[Key::plain(Code::Tab)], C::NextPane, Some("pane"), "focus the next pane"),
        row(Everywhere, &[Key::plain(Code::BackTab)], C::PreviousPane, None, "focus the pane before"),
        row(Everywhere, &[Key::char(']')], C::NextTab, Some("tab"), "next tab of the main pane"),
        row(Everywhere, &[Key::char('[')], C::PreviousTab, None, "tab before"),
        row(
            Everywhere,
            &[Key::ctrl('r')],
            C::Refresh,
            None,
            "ask the service again; in a room that stopped, reconnect",
        ),
        row(Everywhere, &[Key::char('z')], C::Zoom, Some("zoom"), "give this pane the whole screen, or take it back"),
        row(Everywhere, &[Key::char('y')], C::Copy, Some("copy"), "copy: ARN, id, JSON, the aws command ..."),
        row(Everywhere, &[Key::char(':')], C::CommandLine, Some("command"), "type a command; Tab completes it"),
        row(Everywhere, &[Key::char('F')], C::ReturnToForm, None, "back to the form that was left while it was sent"),
        row(Everywhere, &[Key::char('?')], C::Help, Some("help"), "the keys, searchable"),
        row(Everywhere, &[Key::char('q'), ESC], C::Back, None, "one step back; q with nothing to go back from leaves"),
        row(Everywhere, &[Key::ctrl('c')], C::Quit, None, "leave"),
        row(Everywhere, &[Key::ctrl('z')], C::Suspend, None, "back to the shell for a while (fg returns)"),
    ]
};

/// What `key` asks for in `context`. Where something is typed or asked, all keys belong to that, but for leaving.
pub fn command(context: Context, key: Key) -> Option<Command> {
    let find = |context| TABLE.iter().find(|row| row.context == context && row.keys.contains(&key));
    let own = find(context).or_else(|| find(context.base()?));
    let shared = find(Context::Everywhere).filter(|row| match row.command {
        Command::Suspend => true,
        Command::Quit => context.is_pane() || matches!(context, Context::Help | Context::Copy | Context::Leaving),
        _ => context.is_pane(),
    });
    own.or(shared).map(|row| row.command)
}

/// Whether a key does this in the pane with this context.
pub fn is_bound(context: Context, wanted: Command) -> bool {
    let here = |row: &&Binding| row.context == context || row.context == Context::Everywhere;
    TABLE.iter().filter(here).any(|row| row.command == wanted)
}

/// Where else keys do this, by the contexts' headings.
pub fn bound_in(wanted: Command) -> Option<&'static str> {
    TABLE.iter().find(|row| row.command == wanted && row.context.is_pane()).map(|row| row.context.title())
}

/// The first key that does this in a pane.
pub fn key_of(wanted: Command) -> Option<Key> {
    let row = TABLE.iter().find(|row| row.command == wanted && row.context.is_pane())?;
    row.keys.first().copied()
}

/// The rows of `context` for the hint line, its own first.
pub fn hints(context: Context) -> impl Iterator<Item = (Key, &'static str)> {
    let own = TABLE.iter().filter(move |row| row.context == context);
    let own = own.chain(TABLE.iter().filter(move |row| context.base() == Some(row.context)));
    let shared = TABLE.iter().filter(move |row| context.is_pane() && row.context == Context::Everywhere);
    own.chain(shared).filter_map(|row| Some((*row.keys.first()?, row.hint?)))
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
            assert_ne!(*key, ENTER);
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
