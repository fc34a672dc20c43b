//! Makes what the README shows of the program from the program: `cargo run --example readme` draws
//! `assets/screen.svg` and writes the tables of keys, commands and words.

#![allow(clippy::unwrap_used, dead_code, reason = "a tool for the authors, on the tests' console")]

use std::fs;

#[path = "../tests/console/harness.rs"]
mod harness;
#[path = "../tests/console/persona.rs"]
mod persona;
#[path = "../tests/console/svg.rs"]
mod svg;

fn main() {
    let project = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    fs::write(format!("{project}assets/screen.svg"), svg::picture()).unwrap();
    let path = format!("{project}README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let readme = with(&readme, "keys", &ivschat::app::keys::markdown());
    let readme = with(&readme, "exit", &ivschat::exit::markdown());
    let readme = with(&readme, "filter", &ivschat::app::room::query::markdown());
    fs::write(path, with(&readme, "commands", &ivschat::app::commands::markdown())).unwrap();
    let path = format!("{project}config.example.toml");
    let example = fs::read_to_string(&path).unwrap();
    let (before, rest) = example.split_once("# >>> keys\n").unwrap();
    let (_, after) = rest.split_once("# <<< keys\n").unwrap();
    let keys = ivschat::app::keys::rebind::example();
    fs::write(path, format!("{before}# >>> keys\n{keys}# <<< keys\n{after}")).unwrap();
    let path = format!("{project}docs/plain.md");
    let plain = fs::read_to_string(&path).unwrap();
    fs::write(path, with(&plain, "words", &ivschat::plain::markdown())).unwrap();
    println!("wrote assets/screen.svg, and what README.md, config.example.toml and docs/plain.md show of the program");
}

/// The text with this table between its marks.
fn with(text: &str, name: &str, table: &str) -> String {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&start).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    format!("{before}{start}{table}{end}{after}")
}
