//! `ivschat info`: the version, the places, every setting with where it comes from, and what is known of the terminal.
//! No secret is in it.

mod settings;
mod terminal;

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::app::text::{clean, width};
use crate::cli::Open;
use crate::config::Loaded;
use crate::config::place::Named;
use crate::journal::file;
use crate::runtime::log;

/// Whatever the reader has to be told in a report of a problem.
#[derive(Debug, Default)]
pub struct Info {
    /// Parts of it, in order. Whoever knows more adds one.
    pub sections: Vec<Section>,
    /// What is wrong with the configuration, one line each.
    pub problems: Vec<String>,
}

/// A part of it.
#[derive(Debug)]
pub struct Section {
    /// Its heading, and its name in JSON.
    pub title: &'static str,
    /// What there is to say.
    pub facts: Vec<Fact>,
}

/// One thing that is so.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What it is called.
    pub name: String,
    /// What it is; null if it is not set.
    pub value: Value,
    /// Who says so: a flag, a variable, a line of the file, or nobody.
    pub source: Option<String>,
}

impl Fact {
    /// Something that just is so.
    pub fn new(name: &str, value: impl Into<Value>) -> Self {
        Self { name: name.to_owned(), value: value.into(), source: None }
    }

    /// The same, as this says it.
    #[must_use]
    pub fn from(self, source: impl Into<String>) -> Self {
        Self { source: Some(source.into()), ..self }
    }
}

/// What is known of the world.
#[derive(Debug, Clone, Copy, Default)]
pub struct Around {
    /// Columns and rows, if there is a terminal.
    pub size: Option<(u16, u16)>,
}

/// Gathers all of it; `variable` looks the environment up.
pub fn gather(args: &Open, loaded: &Loaded, around: Around, variable: impl Fn(&str) -> Option<String>) -> Info {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let program = Section {
        title: "program",
        facts: vec![
            Fact::new("version", env!("CARGO_PKG_VERSION")),
            Fact::new("system", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        ],
    };
    let settings = Section { title: "settings", facts: settings::facts(args, loaded, &variable) };
    let terminal = Section { title: "terminal", facts: terminal::facts(args, &loaded.config, around, &variable) };
    Info { sections: vec![program, places(args, loaded, &variable), settings, terminal], problems: loaded.lines() }
}

fn places(args: &Open, loaded: &Loaded, variable: &impl Fn(&str) -> Option<String>) -> Section {
    let shown = |path: Option<PathBuf>| path.map_or(Value::Null, |path| path.display().to_string().into());
    let config = match &loaded.place {
        Some((path, named)) => {
            let source = match named {
                Named::Flag => "flag --config",
                Named::Variable => "env IVSCHAT_CONFIG",
                Named::Usual if loaded.is_there => "default",
                Named::Usual => "default, not there",
            };
            Fact::new("config", path.display().to_string()).from(source)
        }
        None => Fact::new("config", Value::Null),
    };
    let journal = file::usual_place(variable);
    let state = journal.as_ref().and_then(|journal| journal.parent()).map(PathBuf::from);
    let journal = match &args.journal_dir {
        Some(folder) => Fact::new("journal", shown(Some(folder.clone()))).from("flag --journal-dir"),
        None => Fact::new("journal", shown(journal)).from("default"),
    };
    let facts = vec![
        config,
        Fact::new("state", shown(state)).from("default"),
        journal,
        Fact::new("log", shown(log::usual_place(variable))).from("default"),
    ];
    Section { title: "places", facts }
}

impl Info {
    /// For people: whatever it holds is made safe to show.
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        for section in &self.sections {
            lines.push(section.title.to_owned());
            let names = section.facts.iter().map(|fact| width(&fact.name)).max().unwrap_or_default();
            for fact in &section.facts {
                let pad = " ".repeat(names - width(&fact.name));
                let source = fact.source.as_ref().map(|source| format!("  ({source})")).unwrap_or_default();
                lines.push(format!("  {}{pad}  {}{source}", fact.name, written(&fact.value)));
            }
            lines.push(String::new());
        }
        if self.problems.is_empty() {
            lines.pop();
        } else {
            lines.push("problems of the configuration".to_owned());
            lines.extend(self.problems.iter().map(|problem| format!("  {problem}")));
        }
        lines.iter().map(|line| clean(line).as_str().trim_end().to_owned() + "\n").collect()
    }

    /// For programs: a member for each part, in it for each thing its value and who says so.
    pub fn json(&self) -> Value {
        let fact = |fact: &Fact| (fact.name.clone(), json!({ "value": fact.value, "source": fact.source }));
        let facts = |section: &Section| section.facts.iter().map(fact).collect::<serde_json::Map<_, _>>();
        let sections = self.sections.iter().map(|section| (section.title.to_owned(), facts(section).into()));
        let mut all: serde_json::Map<String, Value> = sections.collect();
        all.insert("problems".to_owned(), self.problems.clone().into());
        all.into()
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) if text.is_empty() => "none".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.is_empty() => "none".to_owned(),
        Value::Object(members) if members.is_empty() => "none".to_owned(),
        Value::Bool(is) => if *is { "yes" } else { "no" }.to_owned(),
        Value::Array(list) => list.iter().map(written).collect::<Vec<_>>().join(", "),
        Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests;
