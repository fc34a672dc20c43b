//! What is around us on this machine: the clipboard, the terminal, the folder of the journal.

use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use crate::cli::Open;
use crate::config::Config;
use crate::journal::file;
use crate::open;
use crate::runtime::clipboard::Clipboard;
use crate::runtime::signs::Signs;

use super::Findings;

/// The way that a copied text takes.
pub(super) fn clipboard(config: &Config, variable: impl Fn(&str) -> Option<String>, report: &mut impl Findings) {
    let choice = open::clipboard_choice(config.clipboard);
    match Clipboard::new(choice, variable).described() {
        Ok(way) => report.ok("clipboard", way),
        Err(why) => report.warn("clipboard", why, "clipboard = \"auto\", or mark the text with the mouse"),
    }
}

/// What the terminal says of itself.
pub(super) fn terminal(variable: impl Fn(&str) -> Option<String>, report: &mut impl Findings) {
    let term = variable("TERM").unwrap_or_default();
    if term.is_empty() || term == "dumb" {
        let words = if term.is_empty() { "TERM is not set" } else { "TERM is dumb" };
        return report.warn(
            "terminal",
            words,
            "the console needs one that can move its cursor, such as xterm-256color",
        );
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(&variable).unwrap_or_default();
    let signs = match Signs::new(None, &variable) {
        Signs::Unicode if locale.is_empty() => "no locale, taken for UTF-8".to_owned(),
        Signs::Unicode => locale,
        Signs::Plain => "boxes drawn with ASCII".to_owned(),
        Signs::Ascii => "no UTF-8: drawn with ASCII".to_owned(),
    };
    let facts = [
        Some(term),
        variable("COLORTERM"),
        variable("NO_COLOR").map(|_| "NO_COLOR".to_owned()),
        variable("TMUX").map(|_| "tmux".to_owned()),
        variable("STY").map(|_| "screen".to_owned()),
        variable("SSH_CONNECTION").map(|_| "over SSH".to_owned()),
        Some(signs),
    ];
    report.ok("terminal", facts.into_iter().flatten().collect::<Vec<_>>().join(", "));
}

/// Whether changes can be written down: what can't be is not done.
pub(super) fn journal(args: &Open, variable: impl Fn(&str) -> Option<String>, report: &mut impl Findings) {
    if args.demo && args.journal_dir.is_none() {
        return report.ok("journal", "of a demo it is not kept");
    }
    let Some(folder) = args.journal_dir.clone().or_else(|| file::usual_place(variable)) else {
        return report.fail("journal", "there is no place for it", "set HOME, or give --journal-dir");
    };
    let nearest = existing(&folder);
    match access(&nearest, Access::WRITE_OK | Access::EXEC_OK) {
        Ok(()) if nearest.is_dir() => report.ok("journal", folder.display()),
        Ok(()) => report.fail("journal", format!("{} is no folder", nearest.display()), "give --journal-dir"),
        Err(error) => {
            let why = std::io::Error::from(error).to_string();
            let why = why.split(" (os error").next().unwrap_or_default().to_owned();
            let remedy =
                "give the folder back to its owner, or name another with --journal-dir: without it no change is sent";
            report.fail("journal", format!("{}: {why}", nearest.display()), remedy);
        }
    }
}

/// The folder itself, or the one in which it would be made.
fn existing(folder: &Path) -> PathBuf {
    folder.ancestors().find(|path| path.exists()).map_or_else(|| PathBuf::from("/"), Path::to_path_buf)
}
