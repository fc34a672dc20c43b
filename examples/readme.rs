//! Makes what the README shows of the program from the program: `cargo run --example readme` draws
//! `assets/screen.svg` and writes the table of keys.

#![allow(clippy::unwrap_used, dead_code, reason = "a tool for the authors, on the tests' console")]

use std::fs;

#[path = "../tests/console/harness.rs"]
mod harness;
#[path = "../tests/console/svg.rs"]
mod svg;

fn main() {
    let project = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    fs::write(format!("{project}assets/screen.svg"), svg::picture()).unwrap();
    let path = format!("{project}README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once("<!-- keys -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /keys -->").unwrap();
    let keys = ivschat::app::keys::markdown();
    fs::write(path, format!("{before}<!-- keys -->\n{keys}<!-- /keys -->{after}")).unwrap();
    println!("wrote assets/screen.svg and the keys in README.md");
}
