//! The reader's own keys: read, checked against the rules of the house, and put in the place of the table's.

use std::fmt::Write;

use super::super::commands::nearest;
use super::super::key::{Code, Key};
use super::keymap::{Keymap, name_in_file};
use super::{Command, Context, TABLE};

/// The places whose keys can be others, by their names in the configuration. In a dialog all keys stay what they are.
pub const PLACES: [(&str, Context); 6] = [
    ("everywhere", Context::Everywhere),
    ("lists", Context::List),
    ("chat", Context::Chat),
    ("card", Context::Card),
    ("page", Context::Page),
    ("journal", Context::Journal),
];

/// What must be within reach of a key in every pane.
const ESSENTIAL: [Command; 4] = [Command::Quit, Command::Help, Command::Back, Command::CommandLine];

/// What hits somebody, or is one key away from it.
const DESTRUCTIVE: [Command; 5] =
    [Command::Delete, Command::DeleteBecause, Command::Disconnect, Command::Purge, Command::LabelToDelete];

/// Keys for one command in one place, as they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish<'a> {
    /// The place, such as `chat`.
    pub place: &'a str,
    /// The command's name, such as `delete`.
    pub name: &'a str,
    /// The keys, such as `d` or `C-x`; none leaves it without.
    pub keys: &'a [String],
}

/// A wish that may come true.
struct Granted {
    /// Which wish.
    wish: usize,
    /// The row of the table.
    row: usize,
    keys: Vec<Key>,
}

impl Keymap {
    /// The table with these wishes, as far as they can be granted; and which can't be, by their place among them, each
    /// with why.
    pub fn with(wishes: &[Wish]) -> (Self, Vec<(usize, String)>) {
        let (mut granted, mut refused) = (Vec::new(), Vec::new());
        for (wish, wanted) in wishes.iter().enumerate() {
            match read(wanted) {
                Ok((row, keys)) => granted.push(Granted { wish, row, keys }),
                Err(why) => refused.extend(why.into_iter().map(|why| (wish, why))),
            }
        }
        // Whatever is taken back gives a key back, and that may be in the way of another wish.
        loop {
            let mut keymap = Self::default();
            for one in &granted {
                keymap.bind(one.row, one.keys.clone());
            }
            let clashes = keymap.clashes(&granted);
            if clashes.is_empty() {
                return (keymap, refused);
            }
            granted.retain(|one| !clashes.iter().any(|(wish, _)| *wish == one.wish));
            refused.extend(clashes);
        }
    }

    /// Which of these can't be with the others, and why.
    fn clashes(&self, granted: &[Granted]) -> Vec<(usize, String)> {
        let own = granted.iter().filter_map(|one| Some((one.wish, self.taken(one)?)));
        let clashes: Vec<(usize, String)> = own.collect();
        if clashes.is_empty() { self.unreachable(granted) } else { clashes }
    }

    /// What else has a key of this wish.
    fn taken(&self, one: &Granted) -> Option<String> {
        let row = &TABLE[one.row];
        let other_of = |key: &Key, context: Context| {
            let here = self.rows().iter().enumerate().filter(move |(_, bound)| bound.row.context == context);
            here.filter(move |(index, bound)| *index != one.row && bound.keys.contains(key))
                .map(|(_, bound)| bound.row)
                .next()
        };
        for key in &one.keys {
            if let Some(other) = other_of(key, row.context) {
                let name = name_in_file(other.command).unwrap_or("something else");
                return Some(format!("{key} is {name} there already: give {name} another key, too"));
            }
        }
        if row.context != Context::Everywhere {
            return None;
        }
        // What means something else in a pane never gets through to everywhere.
        let hidden = |context: Context| {
            let covered = |key: &Key| other_of(key, context).is_some_and(|other| other.command != row.command);
            // The table's own are as they should be.
            one.keys.iter().any(|key| !row.keys.contains(key)) && one.keys.iter().all(covered)
        };
        let (place, context) = PLACES.iter().skip(1).find(|(_, context)| hidden(*context))?;
        let key = one.keys.first()?;
        let name = other_of(key, *context).and_then(|other| name_in_file(other.command)).unwrap_or("something else");
        Some(format!("{key} is {name} in {place}"))
    }

    /// The wishes that leave a pane without a way to leave, to go back, to the help or to a command.
    fn unreachable(&self, granted: &[Granted]) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for command in ESSENTIAL {
            let without = PLACES.iter().skip(1).find(|(_, context)| {
                let mut rows = self.rows().iter().filter(|bound| bound.row.command == command);
                !rows.any(|bound| bound.keys.iter().any(|key| self.command(*context, *key) == Some(command)))
            });
            let Some((place, context)) = without else { continue };
            let usual = || TABLE.iter().filter(move |row| row.command == command);
            let blamed = granted.iter().filter(|one| {
                let row = &TABLE[one.row];
                let covers = one.keys.iter().any(|key| usual().any(|row| row.keys.contains(key)));
                row.command == command || (covers && [*context, Context::Everywhere].contains(&row.context))
            });
            let name = name_in_file(command).unwrap_or("it");
            found.extend(blamed.map(|one| (one.wish, format!("then no key would be {name} in {place}"))));
        }
        found
    }
}

/// The row that is meant, and the keys, if they may be used for it.
fn read(wanted: &Wish) -> Result<(usize, Vec<Key>), Vec<String>> {
    let Some((_, context)) = PLACES.iter().find(|(place, _)| *place == wanted.place) else {
        return Err(vec![String::from("is in no place that is known")]);
    };
    let row = Keymap::place_of(*context, wanted.name).ok_or_else(|| vec![unknown(*context, wanted.name)])?;
    let (mut keys, mut problems) = (Vec::new(), Vec::new());
    for text in wanted.keys {
        match Key::written(text) {
            Ok(key) => {
                problems.extend(unfit(TABLE[row].command, key));
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
            Err(error) => problems.push(error.to_string()),
        }
    }
    if problems.is_empty() { Ok((row, keys)) } else { Err(problems) }
}

fn unknown(context: Context, name: &str) -> String {
    let elsewhere = PLACES.iter().find(|(_, other)| Keymap::place_of(*other, name).is_some());
    if let Some((place, _)) = elsewhere {
        return format!("has no key in this place, but in {place}");
    }
    let names = TABLE.iter().filter(|row| row.context == context).filter_map(|row| name_in_file(row.command));
    let near =
        nearest(name, names).map_or("; :help shows all commands".to_owned(), |near| format!(": did you mean {near}?"));
    format!("is no command{near}")
}

/// Why this key may not do that, wherever it is.
fn unfit(command: Command, key: Key) -> Option<String> {
    if let Some(other) = sent_as(key) {
        return Some(format!("{key} can't be told from {other} in a terminal"));
    }
    if DESTRUCTIVE.contains(&command) && moves(key) {
        return Some(format!("{key} moves or opens: a slip of it must not delete or disconnect"));
    }
    let types = matches!(key.code, Code::Char(_)) && !key.ctrl && !key.alt;
    if command == Command::Suspend && types {
        return Some(format!("{key} is typed in texts: it needs Ctrl or Alt"));
    }
    None
}

/// What a terminal sends instead.
fn sent_as(key: Key) -> Option<&'static str> {
    let Code::Char(c) = key.code else { return None };
    match c {
        'i' if key.ctrl => Some("Tab"),
        'm' if key.ctrl => Some("Enter"),
        '[' if key.ctrl => Some("Esc"),
        c if key.ctrl && c.is_uppercase() => Some("the same with a small letter"),
        _ => None,
    }
}

/// Whether people press this key to go somewhere, here or in other programs.
fn moves(key: Key) -> bool {
    match key.code {
        Code::Char(c) if key.ctrl => "dufbnpjkhl".contains(c),
        Code::Char(c) => !key.alt && " hjklgG".contains(c),
        Code::Backspace | Code::Delete => false,
        Code::Enter
        | Code::Esc
        | Code::Tab
        | Code::BackTab
        | Code::Up
        | Code::Down
        | Code::Left
        | Code::Right
        | Code::Home
        | Code::End
        | Code::PageUp
        | Code::PageDown => true,
    }
}

/// The keys as they are built in, as the configuration would write them, each line with a comment sign before it.
pub fn example() -> String {
    let mut text = String::new();
    for (place, context) in PLACES {
        let _ = writeln!(text, "# [keys.{place}]");
        for row in TABLE.iter().filter(|row| row.context == context) {
            let keys: Vec<String> = row.keys.iter().map(|key| format!("{:?}", key.to_string())).collect();
            let keys = if keys.len() == 1 { keys.concat() } else { format!("[{}]", keys.join(", ")) };
            let _ = writeln!(text, "# {} = {keys}", name_in_file(row.command).unwrap_or_default());
        }
        text.push_str("#\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use Context::{Chat, Everywhere, List};

    /// Binds these, each written as `place.name key key`.
    fn bind(wishes: &[&str]) -> (Keymap, Vec<String>) {
        let split: Vec<(&str, &str, Vec<String>)> = wishes
            .iter()
            .map(|wish| {
                let mut words = wish.split(' ');
                let (place, name) = words.next().unwrap().split_once('.').unwrap();
                (place, name, words.map(ToOwned::to_owned).collect())
            })
            .collect();
        let wishes: Vec<Wish> = split.iter().map(|(place, name, keys)| Wish { place, name, keys }).collect();
        let (keymap, refused) = Keymap::with(&wishes);
        (keymap, refused.into_iter().map(|(wish, why)| format!("{wish}: {why}")).collect())
    }

    #[test]
    fn a_key_of_one_s_own_takes_the_place_of_the_table_s() {
        let (keymap, refused) = bind(&["chat.delete C-x A-d", "lists.sort o", "chat.fold C-o"]);
        assert_eq!(refused, Vec::<String>::new());
        assert_eq!(keymap.command(Chat, Key::char('d')), None);
        assert_eq!(keymap.command(Chat, Key::ctrl('x')), Some(Command::Delete));
        assert_eq!(keymap.command(List, Key::char('d')), Some(Command::Delete), "lists have their own");
        assert_eq!(keymap.command(List, Key::char('o')), Some(Command::Sort));
        assert!(keymap.hints(Chat).any(|bound| bound.keys[0] == Key::ctrl('x') && bound.row.hint == Some("delete")));
    }

    #[test]
    fn two_may_change_their_places_and_one_may_not_take_another_s() {
        let (keymap, refused) = bind(&["chat.delete x", "chat.label d"]);
        assert_eq!(refused, Vec::<String>::new());
        assert_eq!(keymap.command(Chat, Key::char('x')), Some(Command::Delete));
        let (keymap, refused) = bind(&["chat.delete x"]);
        assert_eq!(refused, ["0: x is label there already: give label another key, too"]);
        assert_eq!(keymap.command(Chat, Key::char('d')), Some(Command::Delete), "it stays what it was");
        let (_, refused) = bind(&["chat.reveal d", "chat.delete D"]);
        assert_eq!(refused.len(), 2, "{refused:?}");
        assert_eq!(bind(&["everywhere.zoom d"]).1, ["0: d is delete in lists"]);
    }

    #[test]
    fn nothing_that_hits_somebody_is_on_a_key_that_moves() {
        for (wish, moved) in
            [("chat.delete", true), ("lists.delete", true), ("card.purge-user", true), ("chat.label", true)]
        {
            for key in ["Enter", "j", "k", "Up", "PgDn", "C-d", "space", "Tab"] {
                let (_, refused) = bind(&[&format!("{wish} {key}")]);
                assert_eq!(
                    refused.len() == 1 && refused[0].contains("moves or opens"),
                    moved,
                    "{wish} {key} {refused:?}"
                );
            }
        }
    }

    #[test]
    fn the_way_out_stays_within_reach() {
        assert_eq!(bind(&["everywhere.quit"]).1, ["0: then no key would be quit in lists"]);
        assert_eq!(bind(&["everywhere.help"]).1, ["0: then no key would be help in lists"]);
        assert_eq!(bind(&["chat.reveal ?"]).1, ["0: then no key would be help in chat"]);
        assert_eq!(bind(&["chat.reveal :", "lists.sort o"]).1, ["0: then no key would be command-line in chat"]);
        assert_eq!(bind(&["everywhere.help A-h", "chat.reveal ?"]).1, Vec::<String>::new(), "help has another key");
        assert_eq!(bind(&["everywhere.quit C-q"]).1, Vec::<String>::new());
        let (keymap, _) = bind(&["everywhere.suspend"]);
        assert_eq!(keymap.command(Everywhere, Key::ctrl('z')), None, "this one may go");
    }

    #[test]
    fn what_means_nothing_is_told_with_what_was_meant() {
        let (_, refused) = bind(&[
            "chat.delte d",
            "chat.sort o",
            "chat.delete Entr",
            "chat.reveal C-i",
            "everywhere.suspend Z",
            "lists.xyzzy o",
            "nowhere.delete d",
        ]);
        for wanted in [
            "0: is no command: did you mean delete?",
            "1: has no key in this place, but in lists",
            "2: \"Entr\" is not a key",
            "3: C-i can't be told from Tab",
            "4: Z is typed in texts",
            "5: is no command; :help",
            "6: is in no place that is known",
        ] {
            assert!(refused.iter().any(|why| why.starts_with(wanted)), "{wanted} {refused:#?}");
        }
        assert_eq!(refused.len(), 7);
    }

    #[test]
    fn every_key_of_a_pane_can_be_another() {
        for row in TABLE.iter().filter(|row| row.context.is_pane()) {
            assert!(PLACES.iter().any(|(_, context)| *context == row.context), "{:?}", row.context);
            assert!(name_in_file(row.command).is_some(), "{:?}", row.command);
            for key in row.keys {
                assert_eq!(Key::written(&key.to_string()).as_ref(), Ok(key));
            }
            let twins = TABLE.iter().filter(|other| other.context == row.context && other.command == row.command);
            assert_eq!(twins.count(), 1, "{:?} has two rows in {:?}", row.command, row.context);
        }
    }
}
