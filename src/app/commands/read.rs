//! What a typed line asks for, as far as the table can tell.

use super::words::words;
use super::{Action, Argument, Does, Entry, TABLE, find, nearest};
use crate::app::keys::Command;

/// What a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// What a key does.
    Key(Command),
    /// Something of its own, with what follows its name: a word each, without quotes.
    Own(Action, Vec<String>),
}

/// Reads a line.
///
/// # Errors
/// If a quote is open, there is no such command, or it takes other arguments; in words for the reader, not yet safe to
/// show, as what was typed is in them.
pub fn read(line: &str) -> Result<Order, String> {
    let found = words(line);
    if let Some(quote) = found.open {
        return Err(format!("the {quote} is not closed"));
    }
    let mut texts = found.words.into_iter().map(|word| word.text);
    let Some(name) = texts.next() else { return Err("type a command: Tab shows them".to_owned()) };
    let entry = find(&name).ok_or_else(|| unknown(&name))?;
    let arguments: Vec<String> = texts.collect();
    match (entry.does, arguments.is_empty()) {
        (Does::Key(command) | Does::Either(command, _), true) => Ok(Order::Key(command)),
        (Does::Key(_), false) => Err(format!("{} takes no argument, this is {:?}", entry.name, arguments.join(" "))),
        (Does::Own(action) | Does::Either(_, action), _) => own(entry, action, arguments),
    }
}

fn own(entry: &Entry, action: Action, arguments: Vec<String>) -> Result<Order, String> {
    match (action.argument(), arguments.len()) {
        (Argument::Room | Argument::Arn | Argument::Tab | Argument::Minutes | Argument::Tiles | Argument::Group, 1)
        | (Argument::Text | Argument::Members | Argument::Trial | Argument::Play, _)
        | (Argument::Nothing, 0)
        | (Argument::Tape | Argument::Profile | Argument::Region, 0 | 1) => Ok(Order::Own(action, arguments)),
        (Argument::Nothing, _) => Err(format!("{} takes no argument, this is {:?}", entry.name, arguments.join(" "))),
        (argument, 0) => Err(format!("{} needs {}: Tab shows what there is", entry.name, argument.usage())),
        (argument, _) => {
            Err(format!("{} takes one {}: put quotes around one with blanks in it", entry.name, argument.usage()))
        }
    }
}

fn unknown(name: &str) -> String {
    let near = nearest(name, TABLE.iter().flat_map(Entry::names));
    let near = near.map_or_else(|| "Tab shows them all".to_owned(), |near| format!("did you mean {near}?"));
    format!("there is no command {name:?}: {near}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_key_s_command_or_one_of_its_own() {
        assert_eq!(read(" zoom "), Ok(Order::Key(Command::Zoom)));
        assert_eq!(read("q"), Ok(Order::Key(Command::Quit)));
        assert_eq!(read("open"), Ok(Order::Key(Command::Open)));
        assert_eq!(read("open 'a b'"), Ok(Order::Own(Action::Open, vec!["a b".into()])));
        assert_eq!(read("rooms"), Ok(Order::Own(Action::Rooms, vec![])));
        assert_eq!(read("filter eu lob"), Ok(Order::Own(Action::Filter, vec!["eu".into(), "lob".into()])));
    }

    #[test]
    fn what_is_wrong_is_said_with_the_nearest_name() {
        let no = |line: &str| read(line).unwrap_err();
        assert_eq!(no("opne x"), "there is no command \"opne\": did you mean open?");
        assert_eq!(no("xyzzy"), "there is no command \"xyzzy\": Tab shows them all");
        assert_eq!(no("zoom in"), "zoom takes no argument, this is \"in\"");
        assert_eq!(no("tags"), "tags needs ARN: Tab shows what there is");
        assert_eq!(no("tags a b"), "tags takes one ARN: put quotes around one with blanks in it");
        assert_eq!(no("open \"a"), "the \" is not closed");
        assert_eq!(no("  "), "type a command: Tab shows them");
    }
}
