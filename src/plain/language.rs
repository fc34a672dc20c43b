//! What can be said: the words that only this console has, and the commands of the command line that mean something here.

use std::fmt::Write;

use crate::app::commands::{self, Entry, nearest};
use crate::app::keys::Command;

/// What a word of this console's own does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    Rooms,
    Loggings,
    Open,
    Watch,
    Close,
    All,
    Status,
    Say,
    Event,
    Delete,
    DeleteRepeats,
    Disconnect,
    PurgeUser,
    User,
    Inspect,
    WatchUser,
    Note,
    Notes,
    Again,
    Repeats,
    Next,
    Flagged,
    Last,
    Pause,
    Resume,
    Filter,
    Details,
    Json,
    Tags,
    Journal,
    Create,
    Edit,
    Token,
    Reasons,
    Wait,
    Help,
    Quit,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) usage: &'static str,
    pub(super) does: Does,
    /// What it does, in a sentence without a full stop.
    pub(super) help: &'static str,
}

const fn row(
    name: &'static str,
    aliases: &'static [&'static str],
    usage: &'static str,
    does: Does,
    help: &'static str,
) -> Word {
    Word { name, aliases, usage, does, help }
}

/// The words of this console's own. N is the number of a message as it was told; several are `17,19-22`.
pub(super) const WORDS: &[Word] = &[
    row(
        "rooms",
        &[],
        "[WORDS | name=.. handler=.. logging=..]",
        Does::Rooms,
        "tell the rooms, or those that have all these words",
    ),
    row("open", &["o", "chat", "switch", "go"], "ROOM", Does::Open, "watch a room and tell what is said in it"),
    row("watch", &["w"], "ROOM", Does::Watch, "watch a room without telling what is said in it"),
    row("close", &[], "[ROOM]", Does::Close, "watch the room no longer"),
    row("all", &["merged"], "", Does::All, "tell what is said in all live rooms, or in one again"),
    row("status", &["live"], "", Does::Status, "which rooms are live, what is flagged and what is under way"),
    row(
        "delete",
        &[],
        "N [REASON]",
        Does::Delete,
        "delete this message, for the usual reason, its digit or your own words; several are confirmed; also: delete room NAME, delete logging NAME",
    ),
    row(
        "delete-repeats",
        &[],
        "N [REASON]",
        Does::DeleteRepeats,
        "delete all that repeat this message, after they were told",
    ),
    row(
        "disconnect",
        &["kick"],
        "N [REASON] | user ID [REASON]",
        Does::Disconnect,
        "disconnect a user from the room; without a reason you are asked",
    ),
    row(
        "purge-user",
        &[],
        "N",
        Does::PurgeUser,
        "delete all messages of who wrote this one, then disconnect them; confirmed first",
    ),
    row("next", &["n", "next-flagged"], "", Does::Next, "tell the next flagged message that nobody has acted on"),
    row("flagged", &[], "", Does::Flagged, "tell all flagged messages that nobody has acted on"),
    row("again", &[], "N", Does::Again, "tell this message once more"),
    row("last", &[], "[COUNT]", Does::Last, "tell the last messages once more, 10 unless you say"),
    row("repeats", &["fold", "unfold"], "N", Does::Repeats, "tell each message that repeats this one"),
    row("pause", &[], "", Does::Pause, "hold messages back, and count them"),
    row("resume", &[], "", Does::Resume, "tell messages again"),
    row(
        "filter",
        &["f"],
        "[WORDS]",
        Does::Filter,
        "tell only messages like this: words, /regex/, from:name, is:flagged; nothing tells all",
    ),
    row("say", &["write"], "TEXT", Does::Say, "write a message in the room"),
    row("event", &[], "[NAME key=value ..]", Does::Event, "send an event of the application's own to the room"),
    row("user", &["card"], "N", Does::User, "who wrote this, and what they have done here"),
    row("inspect", &["raw"], "N", Does::Inspect, "the message's JSON, hidden characters, links and code points"),
    row("watch-user", &[], "N [MINUTES]", Does::WatchUser, "say watched before what this user writes, or stop"),
    row("note", &[], "N", Does::Note, "keep a note about who wrote this"),
    row("notes", &["drop-note"], "N", Does::Notes, "read the notes about who wrote this, or take one away"),
    row("reasons", &[], "", Does::Reasons, "the public reasons that have a digit in this room"),
    row("details", &[], "[ROOM]", Does::Details, "what the room is set to"),
    row("json", &[], "[ROOM]", Does::Json, "the JSON that the room came as"),
    row("tags", &[], "[ROOM or ARN]", Does::Tags, "the tags of a room, or of anything by its ARN"),
    row("journal", &["whole-journal"], "[all]", Does::Journal, "what was done in this room, or to everything"),
    row("logging", &["focus-logging"], "", Does::Loggings, "tell the logging configurations"),
    row("create", &["new"], "room | logging", Does::Create, "fill in a new room, or a new logging configuration"),
    row("edit", &["e"], "room [NAME] | logging NAME | tags [NAME]", Does::Edit, "change what it is set to"),
    row("token", &["t"], "[ROOM]", Does::Token, "issue a chat token for the room"),
    row("wait", &[], "SECONDS", Does::Wait, "take the next line after so many seconds; for scripts"),
    row("help", &["h", "?"], "[WORD]", Does::Help, "what can be said, or what a word does"),
    row("quit", &["q", "exit"], "", Does::Quit, "leave"),
];

/// How a command of the command line is carried out here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Through {
    /// As it was typed, in the chat of this room.
    Line,
    /// As its key does it in the chat of this room.
    Key(Command),
    /// As its key does it wherever one is.
    Anywhere(Command),
}

/// The commands of the command line that mean the same here.
pub(super) const THROUGH: &[(&str, Through)] = &[
    ("purge", Through::Line),
    ("rules", Through::Line),
    ("arm", Through::Line),
    ("disarm", Through::Line),
    ("record", Through::Line),
    ("replay", Through::Line),
    ("refresh", Through::Key(Command::Refresh)),
    ("profile", Through::Line),
    ("region", Through::Line),
    ("unlock", Through::Line),
    ("lock", Through::Line),
    ("sign-in", Through::Anywhere(Command::SignIn)),
    ("leave-identity", Through::Key(Command::LeaveIdentity)),
    ("cancel", Through::Anywhere(Command::CancelLast)),
    ("form", Through::Anywhere(Command::ReturnToForm)),
];

/// The commands that need a screen, or something selected on it.
const SCREEN: &[&str] = &[
    "config",
    "group",
    "watch-group",
    "tab",
    "edit-text",
    "tag-rooms",
    "delete-because",
    "repeat",
    "label",
    "label-to-select",
    "previous-flagged",
    "reveal",
    "return",
    "next-room",
    "previous-room",
    "tiles",
    "beside-card",
    "copy",
    "sort",
    "mark",
    "mark-range",
    "mark-shown",
    "back",
    "zoom",
    "suspend",
    "session-log",
    "focus-rooms",
    "focus-tags",
    "focus-main",
    "next-pane",
    "previous-pane",
    "next-tab",
    "previous-tab",
    "down",
    "up",
    "half-page-down",
    "half-page-up",
    "page-down",
    "page-up",
    "top",
    "bottom",
];

/// What the first word of a line is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Found {
    Own(&'static Word),
    Through(&'static Entry, Through),
}

/// Looks a word up.
///
/// # Errors
/// If it means nothing here, with what might be meant.
pub(super) fn find(name: &str) -> Result<Found, String> {
    let name = name.to_lowercase();
    if let Some(word) = WORDS.iter().find(|word| names(word).any(|known| known == name)) {
        return Ok(Found::Own(word));
    }
    let entry = commands::find(&name);
    let through = entry.and_then(|entry| {
        let (_, through) = THROUGH.iter().find(|(known, _)| *known == entry.name)?;
        Some(Found::Through(entry, *through))
    });
    if let Some(found) = through {
        return Ok(found);
    }
    if let Some(entry) = entry {
        return Err(format!("{} needs a screen: help tells what can be said", entry.name));
    }
    let known = WORDS.iter().flat_map(names).chain(THROUGH.iter().map(|(name, _)| *name));
    let near = nearest(&name, known);
    let near = near.map_or_else(|| "help tells what can be said".to_owned(), |near| format!("did you mean {near}?"));
    Err(format!("there is no word {name:?}: {near}"))
}

/// The words that begin so, with what they do.
pub(super) fn beginning_with(typed: &str) -> Vec<String> {
    let own = WORDS.iter().filter(|word| names(word).any(|name| name.starts_with(typed)));
    let own = own.map(|word| format!("{}: {}", word.usage(), word.help));
    let through = THROUGH.iter().filter(|(name, _)| name.starts_with(typed));
    let through = through.filter_map(|(name, _)| commands::find(name));
    own.chain(through.map(|entry| format!("{}: {}", entry.usage(), entry.help))).collect()
}

impl Does {
    /// Whether what follows is the name of a room.
    pub(super) fn takes_a_room(self) -> bool {
        matches!(self, Self::Open | Self::Watch | Self::Close | Self::Details | Self::Json | Self::Tags | Self::Token)
    }
}

fn names(word: &Word) -> impl Iterator<Item = &'static str> {
    std::iter::once(word.name).chain(word.aliases.iter().copied())
}

impl Word {
    /// Name and usage.
    pub(super) fn usage(&self) -> String {
        format!("{} {}", self.name, self.usage).trim_end().to_owned()
    }
}

/// The help: a line for each word.
pub(super) fn help() -> Vec<String> {
    let own = WORDS.iter().map(|word| format!("{}: {}", word.usage(), word.help));
    let through = THROUGH.iter().filter_map(|(name, _)| commands::find(name));
    own.chain(through.map(|entry| format!("{}: {}", entry.usage(), entry.help))).collect()
}

/// What a word does, in a line.
///
/// # Errors
/// If it means nothing here.
pub(super) fn help_of(name: &str) -> Result<String, String> {
    Ok(match find(name)? {
        Found::Own(word) => {
            let also = word.aliases.join(", ");
            let also = if also.is_empty() { String::new() } else { format!("; also: {also}") };
            format!("{}: {}{also}", word.usage(), word.help)
        }
        Found::Through(entry, _) => format!("{}: {}", entry.usage(), entry.help),
    })
}

/// The words as Markdown, for the documentation.
pub fn markdown() -> String {
    let mut text = String::from("| line | |\n|---|---|\n");
    for line in help() {
        let (usage, help) = line.split_once(": ").unwrap_or((&line, ""));
        let _ = writeln!(text, "| `{}` | {} |", usage.replace('|', "\\|"), help.replace('|', "\\|"));
    }
    text
}

/// Commands of the command line of which nobody has said whether they mean something without a screen.
pub fn unsaid() -> Vec<&'static str> {
    let known = |name: &&str| {
        WORDS.iter().flat_map(names).any(|known| known == *name)
            || THROUGH.iter().any(|(known, _)| known == name)
            || SCREEN.contains(name)
    };
    commands::TABLE.iter().map(|entry| entry.name).filter(|name| !known(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_a_word_goes_through_or_needs_a_screen() {
        assert_eq!(unsaid(), Vec::<&str>::new());
        for name in SCREEN.iter().chain(THROUGH.iter().map(|(name, _)| name)) {
            assert!(commands::find(name).is_some(), "{name} is no command any more");
        }
    }

    #[test]
    fn no_word_means_two_things() {
        let names: Vec<&str> = WORDS.iter().flat_map(names).chain(THROUGH.iter().map(|(name, _)| *name)).collect();
        for (index, name) in names.iter().enumerate() {
            assert!(!names[index + 1..].contains(name), "{name} is there twice");
        }
        for word in WORDS {
            assert!(!word.help.ends_with('.'), "{}", word.name);
        }
    }

    #[test]
    fn what_is_unknown_is_said_with_the_nearest_word() {
        let why = |name: &str| find(name).map(|_| ()).unwrap_err();
        assert_eq!(why("delte"), "there is no word \"delte\": did you mean delete?");
        assert_eq!(why("xyzzy"), "there is no word \"xyzzy\": help tells what can be said");
        assert_eq!(why("zoom"), "zoom needs a screen: help tells what can be said");
    }
}
