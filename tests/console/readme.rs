//! What the README shows of the program is what the program is.

use std::fs;
use std::path::PathBuf;

use ivschat::app::room::query;
use ivschat::app::{commands, keys};
use ivschat::exit;
use ivschat::plain;

use crate::svg;

fn project(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)
}

#[test]
fn the_keys_are_those_of_the_table() {
    is_in_the_readme("keys", &keys::markdown());
}

#[test]
fn the_commands_are_those_of_the_table() {
    is_in_the_readme("commands", &commands::markdown());
}

#[test]
fn the_filter_is_what_the_chat_understands() {
    is_in_the_readme("filter", &query::markdown());
}

#[test]
fn the_words_without_a_screen_are_those_of_the_table() {
    is_in("docs/plain.md", "words", &plain::markdown());
}

#[test]
fn the_exit_codes_are_those_of_the_program() {
    is_in_the_readme("exit", &exit::markdown());
}

#[test]
fn the_keys_of_the_example_are_those_of_the_table() {
    let example = fs::read_to_string(project("config.example.toml")).unwrap();
    let (_, rest) = example.split_once("# >>> keys\n").unwrap();
    let (shown, _) = rest.split_once("# <<< keys\n").unwrap();
    assert_eq!(shown, keys::rebind::example(), "config.example.toml is out of date: cargo run --example readme");
}

fn is_in_the_readme(name: &str, table: &str) {
    is_in("README.md", name, table);
}

fn is_in(file: &str, name: &str, table: &str) {
    let readme = fs::read_to_string(project(file)).unwrap();
    let (_, rest) = readme.split_once(&format!("<!-- {name} -->\n")).unwrap();
    let (shown, _) = rest.split_once(&format!("<!-- /{name} -->")).unwrap();
    assert_eq!(shown.trim(), table.trim(), "the {name} of {file} should be:\n\n{table}");
}

#[test]
fn the_picture_is_of_this_program() {
    let shown = fs::read_to_string(project("assets/screen.svg")).unwrap();
    assert!(shown == svg::picture(), "assets/screen.svg is out of date: cargo run --example readme");
}
