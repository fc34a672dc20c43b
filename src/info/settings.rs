//! Every setting as it counts, and who says so: a flag, a variable, a line of the file, or nobody.

use serde_json::Value;

use crate::api::limit;
use crate::cli::{Color, Open};
use crate::config::path::{Path, Step};
use crate::config::{Config, Loaded};

use super::Fact;

/// What no longer says where something is from.
const BUILT_IN: &str = "default";

pub(super) fn facts(args: &Open, loaded: &Loaded, variable: &impl Fn(&str) -> Option<String>) -> Vec<Fact> {
    let mut facts = outer(args, loaded, variable);
    let written = serde_json::to_value(&loaded.config).unwrap_or_default();
    each(&written, &Path::default(), &mut |path, value| {
        let name = path.to_string();
        if facts.iter().any(|fact| fact.name == name) || is_left_to_the_theme(path, value) {
            return;
        }
        facts.push(Fact { name, value: value.clone(), source: Some(source(loaded, path)) });
    });
    facts.extend(lists(loaded));
    facts
}

/// What something besides the file can say, the first that does counting.
fn outer(args: &Open, loaded: &Loaded, variable: &impl Fn(&str) -> Option<String>) -> Vec<Fact> {
    let Config { region, endpoint_url, messaging_endpoint_url, theme, mouse, ascii, log_level, .. } = &loaded.config;
    let first = |name: &str, flag: Option<Value>, variables: &[&str], usual: Value| {
        let dashed = format!("flag --{}", name.replace('_', "-"));
        let set = || variables.iter().find_map(|name| Some((Value::from(variable(name)?), format!("env {name}"))));
        let found = flag.map(|value| (value, dashed)).or_else(set);
        let (value, source) = found.unwrap_or_else(|| (usual, source(loaded, &Path::keys([name]))));
        Fact::new(name, value).from(source)
    };
    let url = |url: &Option<String>| url.as_deref().map(without_login).map(Value::from);
    let text = |text: &Option<String>| text.clone().map(Value::from);
    let yes = |flag: bool| flag.then_some(Value::Bool(true));
    let named = |value: &Value| Value::from(value.as_str().map(without_login));
    let endpoints = ["AWS_ENDPOINT_URL_IVSCHAT", "AWS_ENDPOINT_URL"];
    let level = serde_json::to_value(log_level).unwrap_or_default();
    let asked_level = args.log_level.and_then(|level| serde_json::to_value(level).ok());
    let mut facts = vec![
        first("profile", text(&args.profile), &["AWS_PROFILE"], Value::Null),
        first("region", text(&args.region), &["AWS_REGION", "AWS_DEFAULT_REGION"], text(region).into()),
        first("endpoint_url", url(&args.endpoint_url), &endpoints, url(endpoint_url).into()),
        first(
            "messaging_endpoint_url",
            url(&args.messaging_endpoint_url),
            &["IVSCHAT_MESSAGING_ENDPOINT_URL"],
            url(messaging_endpoint_url).into(),
        ),
        first("theme", args.terminal.screen.theme.map(|theme| theme.name().into()), &[], theme.name().into()),
        first("color", args.terminal.screen.color.map(|when| colour_word(when).into()), &[], "auto".into()),
        first("mouse", yes(args.terminal.mouse), &[], (*mouse).into()),
        first("ascii", yes(args.terminal.ascii), &[], (*ascii).into()),
        first("log_level", asked_level, &["IVSCHAT_LOG"], level),
        first("max_fps", args.terminal.max_fps.map(Value::from), &[], Value::Null),
        first("no_scroll_regions", yes(args.terminal.no_scroll_regions), &[], false.into()),
    ];
    // What neither a flag nor a variable nor the file says, the profile may.
    for fact in facts.iter_mut().filter(|fact| ["region", "endpoint_url"].contains(&fact.name.as_str())) {
        if fact.value.is_null() {
            fact.source = Some("left to the profile".to_owned());
        }
    }
    for fact in facts.iter_mut().filter(|fact| fact.name.ends_with("_url")) {
        fact.value = named(&fact.value);
    }
    facts
}

/// What is counted, not shown: how many there are, and where the first is.
fn lists(loaded: &Loaded) -> Vec<Fact> {
    let Config { reason, event_template, token_preset, rule, .. } = &loaded.config;
    let counts = [
        ("reason", reason.len()),
        ("event_template", event_template.len()),
        ("token_preset", token_preset.len()),
        ("rule", rule.len()),
    ];
    let fact = |(name, count): (&str, usize)| {
        let at = source(loaded, &Path::keys([name]).place(0));
        Fact::new(name, count).from(at)
    };
    counts.into_iter().map(fact).collect()
}

/// The line of the file, if it is there.
fn source(loaded: &Loaded, path: &Path) -> String {
    let place = loaded.place.as_ref().map(|(path, _)| path.display().to_string()).unwrap_or_default();
    loaded.sources.get(path).map_or_else(|| BUILT_IN.to_owned(), |line| format!("{place}:{line}"))
}

/// A colour that is not set is the theme's: that there are fifteen of them helps nobody.
fn is_left_to_the_theme(path: &Path, value: &Value) -> bool {
    value.is_null() && path.first() == Some("colours")
}

/// All values, tables opened; what a token carries is one value.
fn each(value: &Value, path: &Path, visit: &mut impl FnMut(&Path, &Value)) {
    let is_map = path.0.last() == Some(&Step::Key("attributes".to_owned()));
    match value {
        Value::Object(members) if !is_map => {
            for (key, value) in members {
                each(value, &path.key(key), visit);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            visit(path, value);
        }
    }
}

/// An address without a name and a password that may be in it.
fn without_login(address: &str) -> String {
    let Ok(mut url) = url::Url::parse(address) else { return address.chars().take(limit::HANDLER_URI.max).collect() };
    if url.username().is_empty() && url.password().is_none() {
        return address.to_owned();
    }
    // An address that can have neither has neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}

fn colour_word(when: Color) -> &'static str {
    match when {
        Color::Auto => "auto",
        Color::Always => "always",
        Color::Never => "never",
    }
}
