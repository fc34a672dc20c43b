//! Makes a configuration of a text: all that is wrong with it is found at once, and what is left is used.

use std::collections::BTreeMap;

use super::path::Path;
use super::problem::{Problem, in_words, line_of, missing};
use super::tree::Tree;
use super::{Config, profile};

/// The line of each key and entry that is used, from 1.
pub type Sources = BTreeMap<Path, usize>;

/// What was found in a text.
#[derive(Debug, Default)]
pub struct Found {
    /// What can be used of it.
    pub config: Config,
    /// What is wrong with it, in the order of its lines.
    pub problems: Vec<Problem>,
    /// In which lines its keys are.
    pub sources: Sources,
}

impl Config {
    /// Reads a configuration as far as it goes. What is not TOML at all is as good as nothing.
    pub fn read(text: &str) -> Found {
        // Some editors begin a file with it.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match Tree::read(text) {
            Ok(tree) => read_tree(&tree, text),
            Err(errors) => {
                let mut problems: Vec<_> = errors.iter().map(|error| Problem::not_toml(error, text)).collect();
                // The first in a line makes others of what comes after it.
                problems.dedup_by_key(|problem| problem.line);
                Found { problems, ..Found::default() }
            }
        }
    }
}

fn read_tree(tree: &Tree, text: &str) -> Found {
    let (mut rest, mut problems) = (tree.clone(), Vec::new());
    let mut config = understand(&mut rest, tree, &mut problems);
    // What was taken away has changed the places of what is left: the text knows where things really are.
    let broken: Vec<Path> = problems.iter().map(|problem| tree.unit(&problem.at)).collect();
    // Of what has lost a key it would be told that it lacks one.
    let found = config.check().into_iter();
    let found = found.filter(|problem| !broken.contains(&tree.original(&rest, &problem.at)));
    problems.extend(found.map(|problem| Problem { at: tree.original(&rest, &problem.at), ..problem }));
    let mut kept = tree.clone();
    if !problems.is_empty() {
        kept.remove(problems.iter().map(|problem| tree.unit(&problem.at)).collect());
        config = understand(&mut kept, tree, &mut Vec::new());
        if !config.check().is_empty() {
            (config, kept) = (Config::default(), Tree::default());
        }
    }
    for problem in &mut problems {
        problem.line = tree.span(&problem.at).map_or(0, |(_, span)| line_of(text, span.start));
    }
    problems.sort_by_key(|problem| problem.line);
    profile::protect(&mut config.profile, &mut problems);
    let sources = kept.paths().into_iter().map(|(path, at)| (path, line_of(text, at))).collect();
    Found { config, problems, sources }
}

/// Takes away, bit by bit, what means nothing, and tells of it by its place in `tree`.
fn understand(rest: &mut Tree, tree: &Tree, problems: &mut Vec<Problem>) -> Config {
    loop {
        let error = match rest.meaning() {
            Ok(config) => return config,
            Err(error) => error,
        };
        let found = error.span().and_then(|span| Some((rest.find(&span)?, tree.find(&span)?)));
        let Some((at, told)) = found else {
            // Nothing to take away: nothing can be used.
            problems.push(Problem::new(Path::default(), in_words(error.message())));
            return Config::default();
        };
        let taken = missing(error.message()).map(|key| told.key(key));
        if !taken.is_some_and(|taken| problems.iter().any(|problem| problem.at == taken)) {
            problems.push(Problem::new(told, in_words(error.message())));
        }
        rest.remove(vec![at]);
    }
}
