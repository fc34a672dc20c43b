//! A form without a screen: each field told in a line, and filled by a line.

use std::collections::BTreeMap;

use crate::api::error::Problem;
use crate::app::commands::nearest;
use crate::app::commands::words::words;
use crate::app::text::clean;

use super::{Entry, Field, Form};

/// Values of a choice, or items of a list, that are named in one line.
const NAMED: usize = 12;

impl Form {
    /// Each field that is shown, in a line: what it is called, what it holds, and what is wrong with it. Safe to show.
    pub fn told(&self, problems: &[Problem]) -> Vec<String> {
        let shown = self.fields.iter().enumerate().filter(|(_, field)| !field.hidden);
        let told = shown.map(|(index, field)| {
            let own = problems.iter().filter(|problem| self.owner(&problem.member) == Some(index));
            let wrong = own.filter(|_| field.touched || field.tried).map(|problem| problem.message.as_str());
            let wrong: String = wrong.fold(String::new(), |all, one| format!("{all}; wrong: {one}"));
            clean(&format!("{}: {}{wrong}", field.label, field.entry.told())).as_str().to_owned()
        });
        told.collect()
    }

    /// What there is to say of the field with this name.
    ///
    /// # Errors
    /// If there is no such field, with the nearest name.
    pub fn explain(&self, name: &str) -> Result<String, String> {
        let field = &self.fields[self.named(name)?];
        Ok(format!("{}: {} {}", field.label, field.help, field.entry.takes()))
    }

    /// Fills the field with this name.
    ///
    /// # Errors
    /// If there is no such field, or it can't hold that.
    pub fn say(&mut self, name: &str, value: &str) -> Result<(), String> {
        let found = self.named(name)?;
        let field = &mut self.fields[found];
        field.entry.say(value).map_err(|why| format!("{}: {why}", field.label))?;
        field.changed();
        field.tried = true;
        self.focus = found;
        Ok(())
    }

    /// The field that is meant: by its label or its member, or the beginning of one that no other has.
    fn named(&self, name: &str) -> Result<usize, String> {
        let name = name.trim().to_lowercase();
        let shown = || self.fields.iter().enumerate().filter(|(_, field)| !field.hidden);
        let is = |field: &Field, fits: &dyn Fn(&str) -> bool| {
            fits(&field.label.to_lowercase()) || fits(&field.member.to_lowercase())
        };
        if let Some((index, _)) = shown().find(|(_, field)| is(field, &|own| own == name)) {
            return Ok(index);
        }
        let mut begins = shown().filter(|(_, field)| is(field, &|own| own.starts_with(&name)));
        if let (Some((index, _)), None, false) = (begins.next(), begins.next(), name.is_empty()) {
            return Ok(index);
        }
        let labels: Vec<&str> = shown().map(|(_, field)| field.label).collect();
        let near = nearest(&name, labels.iter().copied());
        let near =
            near.map_or_else(|| format!("fields are: {}", labels.join(", ")), |near| format!("did you mean {near}?"));
        Err(format!("there is no field {name:?}: {near}"))
    }
}

impl Entry {
    /// What it holds, in words; not yet safe to show.
    fn told(&self) -> String {
        let or_empty = |text: String| if text.is_empty() { "empty".to_owned() } else { text };
        match self {
            Self::Text(text) => or_empty(text.value().to_owned()),
            Self::Number(number) => match number.typed() {
                "" => format!("not given, which means {}", number.default()),
                typed => typed.to_owned(),
            },
            Self::Choice(choice) => {
                let words = choice.options().iter().find(|(value, _)| value == choice.value());
                words.map(|(_, words)| words.clone()).unwrap_or_default()
            }
            Self::Several(several) => {
                let on = several.items().filter(|(_, on)| *on).map(|(item, _)| item.label.as_str());
                let on: Vec<&str> = on.collect();
                if on.is_empty() { "none".to_owned() } else { on.join(", ") }
            }
            Self::Pairs(pairs) => match pairs.value() {
                Ok(pairs) if pairs.is_empty() => "none".to_owned(),
                Ok(pairs) => {
                    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key} = {value}")).collect();
                    pairs.join(", ")
                }
                Err(why) => why,
            },
            Self::Prose(prose) => or_empty(prose.value()),
        }
    }

    /// How it is filled.
    fn takes(&self) -> String {
        match self {
            Self::Text(_) | Self::Prose(_) => "Takes a text.".to_owned(),
            Self::Number(_) => "Takes a whole number.".to_owned(),
            Self::Choice(choice) => {
                let words: Vec<&str> = choice.options().iter().map(|(_, words)| words.as_str()).collect();
                format!("Takes one of: {}.", listed(&words))
            }
            Self::Several(several) => {
                let labels: Vec<&str> = several.items().map(|(item, _)| item.label.as_str()).collect();
                if labels.is_empty() {
                    return "There is nothing to choose from.".to_owned();
                }
                format!("Takes any of these, blanks between them, or none: {}.", listed(&labels))
            }
            Self::Pairs(_) => {
                "Takes key=value key=value, with quotes around what has blanks in it, or none.".to_owned()
            }
        }
    }

    fn say(&mut self, value: &str) -> Result<(), String> {
        match self {
            Self::Text(text) => text.set(value),
            Self::Prose(prose) => prose.set(value),
            Self::Number(number) if value.is_empty() => number.set(None),
            Self::Number(number) => {
                let typed = value.parse().map_err(|_| format!("{value:?} is not a whole number"))?;
                number.set(Some(typed));
            }
            Self::Choice(choice) => {
                let wanted = value.to_lowercase();
                let is = |fits: &dyn Fn(&str) -> bool| {
                    let options = choice.options().iter();
                    let mut found =
                        options.filter(|(value, words)| fits(&words.to_lowercase()) || fits(&value.to_lowercase()));
                    found.next().filter(|_| found.next().is_none()).map(|(value, _)| value.clone())
                };
                let found =
                    is(&|own| own == wanted).or_else(|| is(&|own| !wanted.is_empty() && own.starts_with(&wanted)));
                let words: Vec<&str> = choice.options().iter().map(|(_, words)| words.as_str()).collect();
                let found = found.ok_or_else(|| format!("{value:?} is not one of: {}", listed(&words)))?;
                choice.choose(&found);
            }
            Self::Several(several) => {
                let typed = words(value).words.into_iter().map(|word| word.text).filter(|word| word != "none");
                let mut ids = Vec::new();
                for word in typed {
                    let word = word.trim_matches(',').to_owned();
                    let is = |item: &&super::Item| item.id == word || item.label.as_str().eq_ignore_ascii_case(&word);
                    let found = several.items().map(|(item, _)| item).find(is);
                    let found = found.ok_or_else(|| format!("there is no {word:?} to choose"))?;
                    let on = several.items().any(|(item, on)| on && item.id == found.id);
                    if !found.open && !on {
                        return Err(format!("{word:?} can't be chosen: {}", found.note.as_str()));
                    }
                    ids.push(found.id.clone());
                }
                several.check(&ids);
            }
            Self::Pairs(pairs) => pairs.set(&self::pairs(value)?),
        }
        Ok(())
    }
}

fn pairs(text: &str) -> Result<BTreeMap<String, String>, String> {
    let found = words(text);
    if let Some(quote) = found.open {
        return Err(format!("the {quote} is not closed"));
    }
    let typed = found.words.into_iter().map(|word| word.text).filter(|word| word != "none");
    let pair = |word: String| {
        let (key, value) = word.split_once('=').ok_or_else(|| format!("{word:?} is not key=value"))?;
        Ok((key.to_owned(), value.to_owned()))
    };
    typed.map(pair).collect()
}

fn listed(words: &[&str]) -> String {
    let more = words.len().saturating_sub(NAMED);
    let named = words.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}
