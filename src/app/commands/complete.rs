//! What a half-typed line may become: command names first, then what the command takes.

use std::collections::HashMap;
use std::sync::Arc;

use super::words::{quote, words};
use super::{Argument, Entry, TABLE, find};
use crate::app::keys::Keymap;
use crate::app::text::clean;
use crate::identity::facts::REGIONS;

/// Something that can be named in an argument.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Its name; may be empty, and need not be its own.
    pub name: String,
    /// What it alone is called.
    pub id: String,
}

/// What the console knows of by now.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Rooms, by id.
    pub rooms: Vec<Named>,
    /// Logging configurations, by id.
    pub loggings: Vec<Named>,
    /// Message review handlers, by ARN.
    pub handlers: Vec<Named>,
    /// Whatever can have tags, by ARN.
    pub arns: Vec<Named>,
    /// The tabs that the main pane has.
    pub tabs: Vec<&'static str>,
    /// Groups of rooms, by name.
    pub groups: Vec<String>,
    /// What keys do.
    pub keymap: Arc<Keymap>,
    /// Profiles, with what there is to say of them in place of the id.
    pub profiles: Vec<Named>,
}

/// One way to go on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidate {
    /// What takes the place of the word that is typed.
    pub insert: String,
    /// What is shown of it; safe.
    pub shown: String,
    /// What it is; safe.
    pub note: String,
    /// Whether a word is complete with it, so that a blank follows.
    pub is_whole: bool,
}

/// The ways to go on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completion {
    /// The byte of the line where the word that is typed starts.
    pub start: usize,
    /// The command whose argument is typed, if it is known.
    pub of: Option<&'static Entry>,
    /// Best first.
    pub candidates: Vec<Candidate>,
    /// Whether the first of them must be meant: it is the only one, or the only one that starts with what is typed.
    pub is_certain: bool,
}

/// How to go on after `line`, the caret being at its end.
pub fn complete(line: &str, known: &Known) -> Completion {
    let mut found = words(line);
    let last = if found.ended { None } else { found.words.pop() };
    let (typed, start) = last.map_or((String::new(), line.len()), |word| (word.text, word.start));
    let Some(first) = found.words.first() else {
        return Completion { start, of: None, ..sorted(commands(&known.keymap), &typed) };
    };
    let of = find(&first.text);
    let argument = of.and_then(Entry::argument);
    // What takes one word has it already.
    let one = argument.is_some_and(|argument| {
        matches!(
            argument,
            Argument::Room
                | Argument::Arn
                | Argument::Tab
                | Argument::Tape
                | Argument::Tiles
                | Argument::Profile
                | Argument::Region
                | Argument::Group
        )
    });
    if one && found.words.len() > 1 {
        return Completion { start, of, ..Completion::default() };
    }
    if argument == Some(Argument::Play) && found.words.len() > 1 {
        return Completion { start, of, ..Completion::default() };
    }
    let count = found.words.len();
    let found = argument.map(|argument| arguments(argument, count, &typed, known)).unwrap_or_default();
    Completion { start, of, ..found }
}

fn commands(keymap: &Keymap) -> Vec<(Candidate, String)> {
    let candidate = |entry: &Entry| {
        let key = entry.key_in(keymap).map(|key| format!(" ({key})")).unwrap_or_default();
        let candidate = Candidate {
            insert: entry.name.to_owned(),
            shown: entry.short_usage(),
            note: format!("{}{key}", entry.help),
            is_whole: entry.argument().is_some(),
        };
        (candidate, entry.names().collect::<Vec<_>>().join(" "))
    };
    TABLE.iter().map(candidate).collect()
}

fn arguments(argument: Argument, words: usize, typed: &str, known: &Known) -> Completion {
    match argument {
        Argument::Room => sorted(by_name(&known.rooms, ""), typed),
        Argument::Arn => sorted(known.arns.iter().map(by_arn).collect(), typed),
        Argument::Tab => sorted(known.tabs.iter().map(|tab| plain(tab, "")).collect(), typed),
        Argument::Members => members(typed, known),
        Argument::Profile => sorted(known.profiles.iter().map(by_profile).collect(), typed),
        Argument::Region => sorted(REGIONS.map(|region| plain(region, "")).to_vec(), typed),
        Argument::Text | Argument::Minutes | Argument::Nothing => Completion::default(),
        Argument::Group => sorted(known.groups.iter().map(|group| plain(group, "")).collect(), typed),
        Argument::Tiles => sorted(["1", "2", "4"].map(|count| plain(count, "")).to_vec(), typed),
        Argument::Play => sorted(played(), typed),
        Argument::Tape => sorted(vec![plain("stop", "end the recording")], typed),
        Argument::Trial if words > 1 => Completion::default(),
        Argument::Trial => sorted(vec![plain("test", "all rules on a recorded feed: then the file")], typed),
    }
}

fn members(typed: &str, known: &Known) -> Completion {
    match typed.split_once('=') {
        Some(("logging", value)) => sorted(by_name(&known.loggings, "logging="), value),
        Some(("handler", value)) => {
            let handlers = known.handlers.iter().map(|handler| {
                let (mut candidate, names) = by_arn(handler);
                candidate.insert = format!("handler={}", candidate.insert);
                (candidate, names)
            });
            sorted(handlers.collect(), value)
        }
        Some(_) => Completion::default(),
        None => {
            let member = |name: &str, note: &str| {
                let (candidate, names) = plain(name, note);
                (Candidate { is_whole: false, ..candidate }, names)
            };
            let all = vec![
                member("name=", "the whole name of a room"),
                member("handler=", "the ARN of a message review handler"),
                member("logging=", "the name, id or ARN of a logging configuration"),
            ];
            sorted(all, typed)
        }
    }
}

fn played() -> Vec<(Candidate, String)> {
    let all = [
        ("speed", "how many times as fast as it came; max is at once"),
        ("pause", "stand still"),
        ("go", "go on"),
        ("again", "begin anew"),
    ];
    all.map(|(word, note)| plain(word, note)).to_vec()
}

fn plain(text: &str, note: &str) -> (Candidate, String) {
    let candidate =
        Candidate { insert: text.to_owned(), shown: text.to_owned(), note: note.to_owned(), is_whole: true };
    (candidate, text.to_owned())
}

/// By name where that says which is meant, else by id with the name beside it.
fn by_name(all: &[Named], before: &str) -> Vec<(Candidate, String)> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for named in all {
        *times.entry(&named.name).or_default() += 1;
    }
    let candidate = |named: &Named| {
        let name = clean(&named.name);
        let tells = !named.name.is_empty() && times.get(named.name.as_str()) == Some(&1) && !name.altered();
        let (name, id) = (name.as_str().to_owned(), clean(&named.id).as_str().to_owned());
        let names = format!("{} {}", named.name, named.id);
        let insert = format!("{before}{}", quote(if tells { &named.name } else { &named.id }));
        let (shown, note) = if tells { (name, id) } else { (id, name) };
        (Candidate { insert, shown, note, is_whole: true }, names)
    };
    all.iter().map(candidate).collect()
}

/// The whole ARN goes in; what tells it from others is shown.
fn by_arn(named: &Named) -> (Candidate, String) {
    let short = named.id.splitn(6, ':').last().unwrap_or_default();
    let candidate = Candidate {
        insert: named.id.clone(),
        shown: clean(short).as_str().to_owned(),
        note: clean(&named.name).as_str().to_owned(),
        is_whole: true,
    };
    (candidate, format!("{} {short} {}", named.id, named.name))
}

fn by_profile(profile: &Named) -> (Candidate, String) {
    let candidate = Candidate {
        insert: quote(&profile.name),
        shown: clean(&profile.name).as_str().to_owned(),
        note: clean(&profile.id).as_str().to_owned(),
        is_whole: true,
    };
    (candidate, profile.name.clone())
}

/// Those that fit to what is typed, each with the names that it may be known by: what starts with it, then what has a
/// word that does, then what is described with one.
fn sorted(all: Vec<(Candidate, String)>, typed: &str) -> Completion {
    let typed = typed.to_lowercase();
    let mut fits: Vec<(u8, Candidate)> = all
        .into_iter()
        .filter_map(|(candidate, names)| Some((rank(&names, &candidate.note, &typed)?, candidate)))
        .collect();
    fits.sort_by_key(|(rank, _)| *rank);
    let first = fits.iter().filter(|(rank, _)| *rank == 0).count();
    let is_certain = fits.len() == 1 || (first == 1 && !typed.is_empty());
    let candidates = fits.into_iter().map(|(_, candidate)| candidate).collect();
    Completion { candidates, is_certain, ..Completion::default() }
}

fn rank(names: &str, note: &str, typed: &str) -> Option<u8> {
    let (names, note) = (names.to_lowercase(), note.to_lowercase());
    let word = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(typed));
    if names.split(' ').any(|name| name.starts_with(typed)) {
        Some(0)
    } else if word(&names) {
        Some(1)
    } else {
        word(&note).then_some(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, id: &str) -> Named {
        Named { name: name.into(), id: id.into() }
    }

    fn known() -> Known {
        let channel = "arn:aws:ivs:us-west-2:123456789012:channel/Ch1";
        Known {
            rooms: vec![named("lobby", "r1"), named("twin", "r2"), named("twin", "r3"), named("", "r4")],
            loggings: vec![named("cw-prod", "l1")],
            handlers: vec![named("guard", "arn:aws:lambda:us-west-2:123456789012:function:guard")],
            arns: vec![named("lobby", "arn:aws:ivschat:us-west-2:123456789012:room/r1"), named("", channel)],
            tabs: vec!["details", "json"],
            ..Known::default()
        }
    }

    fn inserts(line: &str) -> Vec<String> {
        complete(line, &known()).candidates.into_iter().map(|candidate| candidate.insert).collect()
    }

    #[test]
    fn commands_that_start_so_come_before_those_with_such_a_word_and_such_a_description() {
        assert!(complete("ope", &known()).is_certain && !complete("mark", &known()).is_certain);
        let found = inserts("pa");
        assert_eq!(found[..2], ["page-down", "page-up"]);
        assert!(found.iter().position(|name| name == "next-pane") < found.iter().position(|name| name == "zoom"));
        assert_eq!(inserts("q")[0], "quit");
        assert_eq!(inserts("").len(), TABLE.len());
    }

    #[test]
    fn a_name_that_two_rooms_have_is_offered_by_id() {
        assert_eq!(inserts("open "), ["lobby", "r2", "r3", "r4"]);
        let twins = complete("open tw", &known()).candidates;
        assert_eq!((twins[0].insert.as_str(), twins[0].note.as_str()), ("r2", "twin"));
        assert!(inserts("open lobby ").is_empty(), "it takes one room");
    }

    #[test]
    fn arns_are_found_by_kind_and_name_and_go_in_as_a_whole() {
        let (room, channel) = (&known().arns[0].id, &known().arns[1].id);
        assert_eq!(inserts("tags lob"), [room.as_str()]);
        assert_eq!(inserts("tags chan"), [channel.as_str()]);
        assert_eq!(inserts("tags arn:aws:ivs:"), [channel.as_str()]);
    }

    #[test]
    fn members_come_first_and_then_what_they_may_be() {
        assert_eq!(inserts("rooms "), ["name=", "handler=", "logging="]);
        assert_eq!(inserts("rooms name=x logging=cw"), ["logging=cw-prod"]);
        assert_eq!(inserts("rooms handler=gu"), [format!("handler={}", known().handlers[0].id)]);
        assert_eq!(complete("rooms name=x lo", &known()).start, 13);
    }

    #[test]
    fn what_takes_nothing_or_is_unknown_has_no_candidates() {
        assert!(inserts("zoom ").is_empty() && inserts("nonsense x").is_empty() && inserts("filter x").is_empty());
        assert_eq!(inserts("tab j"), ["json"]);
    }
}
