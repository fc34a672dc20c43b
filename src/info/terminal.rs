//! What the terminal says of itself, and what the console makes of it.

use serde_json::Value;

use crate::app::look::Depth;
use crate::cli::Open;
use crate::config::Config;
use crate::open;
use crate::runtime::clipboard::Clipboard;

use super::{Around, Fact};

pub(super) fn facts(
    args: &Open,
    config: &Config,
    around: Around,
    variable: &impl Fn(&str) -> Option<String>,
) -> Vec<Fact> {
    let said = |name: &str| Fact::new(name, variable(name));
    let is_set = |name: &str, variables: &[&str]| {
        Fact::new(name, variables.iter().any(|variable_name| variable(variable_name).is_some()))
    };
    let size = around.size.map(|(columns, rows)| format!("{columns}x{rows}"));
    let colours = match (open::is_plain(args.terminal.screen, variable), Depth::of_terminal(variable)) {
        (true, _) => "none",
        (false, Depth::Sixteen) => "16",
        (false, Depth::Indexed) => "256",
        (false, Depth::True) => "all",
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| Some((name, variable(name)?)));
    let locale = match locale {
        Some((name, value)) => Fact::new("locale", value).from(format!("env {name}")),
        None => Fact::new("locale", Value::Null),
    };
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(|name| Some((name, variable(name)?)));
    let editor = match editor {
        Some((name, value)) => Fact::new("editor", value).from(format!("env {name}")),
        None => Fact::new("editor", "vi").from("default"),
    };
    let clipboard = Clipboard::new(open::clipboard_choice(config.clipboard), variable);
    vec![
        said("TERM"),
        said("COLORTERM"),
        said("NO_COLOR"),
        Fact::new("size", size),
        Fact::new("colours", colours),
        is_set("tmux", &["TMUX"]),
        is_set("screen", &["STY"]),
        is_set("ssh", &["SSH_CONNECTION", "SSH_TTY"]),
        locale,
        Fact::new("clipboard", clipboard.described().map_or_else(|why| format!("none: {why}"), ToOwned::to_owned)),
        editor,
    ]
}
