//! Who may import whom: reads the `use` lines of every layer and fails on an arrow that points upward.

#![allow(clippy::unwrap_used, reason = "a test that can't go on should say where")]

use std::fs;
use std::path::{Path, PathBuf};

/// A layer's folder or file, and the paths of ours that its code may name, longest first. What is not allowed is
/// forbidden.
const MAY: &[(&str, &[&str])] = &[
    ("exit.rs", &[]),
    ("api", &["api"]),
    ("messaging", &["messaging", "api::network"]),
    ("journal", &["journal", "exit", "api"]),
    ("identity", &["identity", "api::credentials", "api::endpoint", "api::error", "api::service", "nearest"]),
    ("app", &["app", "identity::facts", "journal::record", "api", "messaging", "nearest"]),
    ("simulator", &["simulator", "api", "messaging"]),
    ("plain", &["plain", "app", "api"]),
    ("nearest.rs", &[]),
    ("runtime", &["runtime", "plain", "app", "identity", "journal", "api", "messaging"]),
    (
        "config",
        &[
            "config",
            "nearest",
            "runtime::log",
            "app::keys",
            "app::look",
            "app::clock",
            "app::configuration",
            "app::identity::access",
            "app::pane::columns",
            "app::room::rules",
            "app::room::protected",
            "app::room::people",
            "api",
        ],
    ),
    (
        "cli.rs",
        &[
            "cli",
            "exit",
            "api::network",
            "simulator::command",
            "journal::command",
            "app::look",
            "app::replay",
            "runtime::drawing",
            "runtime::log",
        ],
    ),
];

/// The files that know a socket: only the layers that really do things may name them.
const SOCKETS: &[&str] = &["api::client", "messaging::session"];
const MAY_NAME_SOCKETS: &[&str] = &["runtime", "open.rs", "doctor", "doctor.rs"];

fn sources(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut files: Vec<PathBuf> =
        fs::read_dir(path).unwrap().flat_map(|entry| sources(&entry.unwrap().path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files
}

/// Every path into our own crate that a file names, such as `api::client::Client`.
fn named(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut found = Vec::new();
    for line in code {
        for (at, _) in line.match_indices("crate::") {
            let path = &line[at + "crate::".len()..];
            let end = path.find(|c: char| !(c.is_alphanumeric() || "_:{, }".contains(c))).unwrap_or(path.len());
            let path = &path[..end];
            match path.split_once('{') {
                Some((head, group)) => {
                    found.extend(group.split(',').map(|item| format!("{head}{}", item.trim_matches([' ', '}']))));
                }
                None => found.push(path.split(" as ").next().unwrap_or(path).trim_end().to_owned()),
            }
        }
    }
    found
}

fn layer_of(file: &Path, root: &Path) -> String {
    let inside = file.strip_prefix(root).unwrap();
    inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned()
}

fn is_under(path: &str, module: &str) -> bool {
    path == module || path.starts_with(&format!("{module}::"))
}

#[test]
fn no_layer_imports_one_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in sources(&root) {
        let layer = layer_of(&file, &root);
        let text = fs::read_to_string(&file).unwrap();
        for path in named(&text) {
            let allowed = MAY.iter().find(|(name, _)| *name == layer).map(|(_, may)| *may);
            if allowed.is_some_and(|may| !may.iter().any(|module| is_under(&path, module))) {
                wrong.push(format!("{}: {path}", file.display()));
            }
            let own = SOCKETS.iter().any(|socket| layer == socket.split("::").next().unwrap());
            let socket = SOCKETS.iter().any(|socket| is_under(&path, socket));
            if socket && !own && !MAY_NAME_SOCKETS.contains(&layer.as_str()) {
                wrong.push(format!("{}: {path} knows a socket", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that point upward:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let silent: Vec<_> = sources(&root)
        .into_iter()
        .filter(|file| file.file_name().is_some_and(|name| name != "tests.rs"))
        .filter(|file| !fs::read_to_string(file).unwrap().starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn paths_are_read_from_code_not_from_comments() {
    let text =
        "use crate::api::{client::Client, Arn};\n// use crate::app::App;\nlet x = crate::app::text::clean(\"\");";
    assert_eq!(named(text), ["api::client::Client", "api::Arn", "app::text::clean"]);
}
