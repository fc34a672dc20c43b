//! The keys as they are bound: those of the table, or where the reader has others, those.

use super::super::commands::name_of;
use super::super::key::Key;
use super::{Binding, Command, Context, TABLE};

/// A row of the table with the keys that it has now.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The row.
    pub row: &'static Binding,
    /// Any of these keys; none if only its name does it.
    pub keys: Vec<Key>,
}

/// All keys as they are bound.
#[derive(Debug, Clone)]
pub struct Keymap {
    rows: Vec<Bound>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self { rows: TABLE.iter().map(|row| Bound { row, keys: row.keys.to_vec() }).collect() }
    }
}

impl Keymap {
    /// All rows.
    pub fn rows(&self) -> &[Bound] {
        &self.rows
    }

    /// What `key` asks for in `context`. Where something is typed or asked, all keys belong to that, but for leaving.
    pub fn command(&self, context: Context, key: Key) -> Option<Command> {
        let find = |context| self.rows.iter().find(|bound| bound.row.context == context && bound.keys.contains(&key));
        let own = find(context).or_else(|| find(context.base()?));
        let shared = find(Context::Everywhere).filter(|bound| match bound.row.command {
            Command::Suspend => true,
            Command::Quit => context.is_pane() || matches!(context, Context::Help | Context::Copy | Context::Leaving),
            _ => context.is_pane(),
        });
        own.or(shared).map(|bound| bound.row.command)
    }

    /// The first key that does this in a pane.
    pub fn key_of(&self, wanted: Command) -> Option<Key> {
        let rows = self.rows.iter().filter(|bound| bound.row.command == wanted && bound.row.context.is_pane());
        let mut rows = rows;
        rows.find_map(|bound| bound.keys.first()).copied()
    }

    /// The rows of `context` for the hint line, its own first.
    pub fn hints(&self, context: Context) -> impl Iterator<Item = &Bound> {
        let own = self.rows.iter().filter(move |bound| bound.row.context == context);
        let own = own.chain(self.rows.iter().filter(move |bound| context.base() == Some(bound.row.context)));
        // What means something else here is not told of.
        let taken =
            move |key: &Key| self.rows.iter().any(|bound| bound.row.context == context && bound.keys.contains(key));
        let shared =
            self.rows.iter().filter(move |bound| context.is_pane() && bound.row.context == Context::Everywhere);
        let shared = shared.filter(move |bound| !bound.keys.iter().any(taken));
        own.chain(shared).filter(|bound| bound.row.hint.is_some() && !bound.keys.is_empty())
    }

    /// The row for what is called so in this place.
    pub(super) fn place_of(context: Context, name: &str) -> Option<usize> {
        TABLE.iter().position(|row| row.context == context && name_in_file(row.command) == Some(name))
    }

    pub(super) fn bind(&mut self, row: usize, keys: Vec<Key>) {
        self.rows[row].keys = keys;
    }
}

/// What a command is called in the configuration: as after `:`, and the line itself as what it is.
pub(super) fn name_in_file(command: Command) -> Option<&'static str> {
    name_of(command).or((command == Command::CommandLine).then_some("command-line"))
}
