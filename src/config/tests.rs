use ratatui::style::Color;

use super::path::Step;
use super::*;
use crate::api::limit::SESSION_MINUTES;
use crate::app::keys::Keymap;

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(text).map_err(|error| error.to_string())
}

fn problems(text: &str) -> Vec<String> {
    Config::read(text).problems.iter().map(ToString::to_string).collect()
}

#[test]
fn all_that_is_wrong_is_told_at_once_with_its_line_and_all_else_counts() {
    let text = "region = \"eu-west-1\"\nclipbord = \"tmux\"\n\n[chat]\nscrolback = 5\nscrollback = \"many\"\ngrace_seconds = 11\n\
                watch_minutes = 30\ncapabilities = [\"SEND\", \"SEND_MESSAGE\", 5]\n[[reason]]\ntext = 5\n[[reason]]\ntext = \"Spam\"\n\
                [[reason]]\nrooms = [\"a\"]\n[nope]\na = 1\n";
    let found = Config::read(text);
    let told: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    let wanted = [
        "2: clipbord is not known: did you mean clipboard?",
        "5: chat.scrolback is not known: did you mean scrollback?",
        "6: chat.scrollback is string \"many\", must be a whole number, 0 or more",
        "7: chat.grace_seconds is 11, must be 0 to 10",
        "9: chat.capabilities 1: is \"SEND\": did you mean SEND_MESSAGE?",
        "9: chat.capabilities 3: must be one of the words for it",
        "11: reason 1: text is integer 5, must be a string",
        "14: reason 3: lacks text",
        "16: nope is not known; known here: ",
    ];
    assert_eq!(told.len(), wanted.len(), "{told:#?}");
    for (told, wanted) in told.iter().zip(wanted) {
        assert!(told.starts_with(wanted), "{told}\n{wanted}");
    }
    let Config { region, chat, reason, .. } = found.config;
    assert_eq!((region.as_deref(), chat.watch_minutes, chat.scrollback), (Some("eu-west-1"), 30, 20_000));
    assert_eq!(chat.capabilities, [Capability::SendMessage]);
    assert_eq!(reason.iter().map(|reason| reason.text.as_str()).collect::<Vec<_>>(), ["Spam"]);
}

#[test]
fn of_a_rule_with_something_wrong_nothing_is_left() {
    // A rule for one room that lost its `rooms` would be a rule for all.
    let text = "[[rule]]\nname = \"a\"\nroms = [\"lobby\"]\nwords = [\"x\"]\naction = \"delete\"\n\
                [[rule]]\nname = \"b\"\nwords = [\"y\"]\n[[rule]]\nname = \"c\"\npattern = \"(\"\nwords = [\"z\"]\n";
    let found = Config::read(text);
    let told: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    assert_eq!(told[0], "3: rule 1: roms is not known: did you mean rooms?");
    assert!(told[1].starts_with("11: rule 3: pattern means nothing: "), "{told:?}");
    assert_eq!(found.config.rule.iter().map(|rule| rule.name.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn what_is_wrong_with_a_value_is_told_in_the_line_where_it_is_even_behind_what_was_left_out() {
    let text = "[[reason]]\nrooms = []\n[[reason]]\ntext = \" \"\n[[token_preset]]\nnmae = \"x\"\n[[token_preset]]\nname = \"a b\"\n";
    assert_eq!(
        problems(text),
        [
            "1: reason 1: lacks text",
            "4: reason 2: text must not be empty",
            "5: token_preset 1: lacks name",
            "6: token_preset 1: nmae is not known: did you mean name?",
            "8: token_preset 2: name ' ' is not allowed; allowed are letters and digits without accents, and - _",
        ]
    );
}

#[test]
fn what_is_not_toml_is_shown_with_a_caret_and_everything_is_as_built_in() {
    let found = Config::read("region = \"eu-west-1\"\nchat = = 5\n");
    assert_eq!(found.config, Config::default());
    let problem = &found.problems[0];
    assert!(problem.to_string().starts_with("2: this is not TOML: "), "{problem}");
    assert_eq!(problem.excerpt, Some(("chat = = 5".to_owned(), "       ^".to_owned())));
    assert!(Config::read("a = 1\na = 2\n").problems[0].to_string().starts_with("2: this is not TOML: duplicate key"));
    let lost = Loaded { problems: found.problems, ..Loaded::default() };
    assert_eq!(lost.profile("prod").read_only, Some(true), "it may have been a protected one");
    assert_eq!(Loaded::default().profile("prod").read_only, None);
    for text in ["\u{feff}region = \"x\"", "\0", "[", "[[[", "=", "'''", "a.b.c", "\u{1b}[2J", "[chat", "[]"] {
        Config::read(text);
    }
}

#[test]
fn one_that_says_where_to_go_is_not_passed_over() {
    let load = |text: &str| {
        let Found { config, problems, sources } = Config::read(text);
        Loaded { config, problems, sources, ..Loaded::default() }.leads_somewhere().map_err(|error| error.to_string())
    };
    assert!(load("[chat]\nscrollback = 1").is_ok());
    assert!(load("endpoint_url = 5").unwrap_err().contains("endpoint_url is integer 5, must be a string"));
}

#[test]
fn values_are_checked_against_the_limits_of_the_service() {
    let long = "x".repeat(257);
    let nine = "[[reason]]\ntext = \"fine\"\n".repeat(9);
    assert_eq!(parse(&nine).unwrap().reason.len(), 9);
    let text = format!(
        "[chat]\nuser_id = \"\"\nscrollback = 1\nname_attributes = [\"a\", \" \"]\nwatch_minutes = 0\n\
         delete_reason = \"{long}\"\ndisconnect_reason = \"{long}\"\nactions_per_second = 101\nsession_minutes = 181\n\
         capabilities = [\"SEND_MESSAGE\", \"SEND_MESSAGE\"]\nattributes = {{ a = \"{}\" }}\nprotected = [\"mod-7\", \"=x\"]\n\
         {nine}[[reason]]\ntext = \"tenth\"\n[[reason]]\ntext = \"{long}\"\nrooms = []\n[[reason]]\ntext = \"x\"\nrooms = [\"\"]\n\
         [[event_template]]\nname = \"\"\nevent = \"{}\"\nattributes = {{ a = \"{}\" }}\n\
         [[token_preset]]\nname = \"custom\"\n[[token_preset]]\nname = \"x\"\nsession_minutes = 181\n[[token_preset]]\nname = \"x\"\n\
         [[rule]]\nname = \"b\"\n[[rule]]\nname = \"c\"\nwords = [\"ok\", \"...\"]\nrepeat = {{ count = 1, seconds = 5 }}\n",
        // Two bytes each: bytes count, not characters.
        "é".repeat(512),
        "x".repeat(101),
        "y".repeat(4096),
    );
    let told = problems(&text);
    let most = SESSION_MINUTES.max;
    for wanted in [
        "2: chat.user_id must not be empty",
        "3: chat.scrollback is 1, must be 100 to 1000000",
        "4: chat.name_attributes 2: must not be empty",
        "5: chat.watch_minutes is 0, must be 1 to 1440",
        "6: chat.delete_reason has 257",
        "7: chat.disconnect_reason has 257",
        "8: chat.actions_per_second is 101, must be 1 to 100",
        &format!("9: chat.session_minutes is 181, must be 1 to {most}"),
        "10: chat.capabilities 2: is there already",
        "11: chat.attributes has 1025 bytes",
        "12: chat.protected 2: is \"=x\": write attribute=value",
        "31: reason 10: 10 are for all rooms by now, at most 9 have a digit",
        "34: reason 11: text has 257 characters",
        "35: reason 11: rooms names none",
        "38: reason 12: rooms 1: must not be empty",
        "40: event_template 1: name must not be empty",
        "41: event_template 1: event has 101 characters",
        "42: event_template 1: attributes has 4097 bytes",
        "44: token_preset 1: name \"custom\" is what the form calls",
        "47: token_preset 2: session_minutes is 181",
        "49: token_preset 3: name \"x\" is there already",
        "50: rule 1: it looks for nothing",
        "54: rule 2: words 2: is \"...\", which has no letter",
        "55: rule 2: repeat.count is 1, must be 2 to 1000",
    ] {
        assert!(told.iter().any(|told| told.starts_with(wanted)), "{wanted}\n{told:#?}");
    }
    assert_eq!(told.len(), 24, "{told:#?}");
    let config = Config::read(&text).config;
    assert_eq!(config.chat.protected, ["mod-7"], "who is protected stays so");
    assert_eq!((config.reason.len(), config.token_preset.len(), config.rule.len()), (9, 0, 0));
    assert_eq!(parse("[chat]\ndisconnect_reason = \"\"").unwrap().chat.disconnect_reason, "");
}

#[test]
fn a_file_that_was_named_must_be_there_and_the_usual_one_need_not() {
    let folder = tempfile::tempdir().unwrap();
    let home = |name: &str| (name == "XDG_CONFIG_HOME").then(|| folder.path().display().to_string());
    let loaded = Config::load(None, home).unwrap();
    assert_eq!((loaded.config, loaded.is_there), (Config::default(), false));
    assert!(Config::load(Some(folder.path().join("none.toml")), home).is_err());
    fs::create_dir(folder.path().join("ivschat")).unwrap();
    let file = folder.path().join("ivschat/config.toml");
    fs::write(&file, "region = \"eu-west-1\"\nx = 1\n").unwrap();
    let loaded = Config::load(None, home).unwrap();
    assert_eq!((loaded.config.region.as_deref(), loaded.is_there), (Some("eu-west-1"), true));
    let wanted = format!("{}:2: x is not known; known here: ", file.display());
    assert!(loaded.lines()[0].starts_with(&wanted), "{:?}", loaded.lines());
    assert_eq!(fs::read_to_string(&file).unwrap(), "region = \"eu-west-1\"\nx = 1\n", "it is never written to");
}

/// The example with every key that it shows, as if its reader had taken all comment signs away.
fn example_in_full() -> String {
    let is_code = |line: &&str| line.contains(" = ") || line.starts_with('[');
    let lines = EXAMPLE.lines().map(|line| line.strip_prefix("# ").filter(is_code).unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_changes_nothing_and_shows_every_key_and_no_other() {
    assert_eq!(parse(EXAMPLE), Ok(Config::default()));
    assert_eq!(problems(&example_in_full()), Vec::<String>::new(), "every key that it shows is known");
    let sources = Config::read(&example_in_full()).sources;
    let shown = |table: &str, key: &str| {
        sources.keys().any(|path| match path.0.as_slice() {
            [Step::Key(one)] => table.is_empty() && one == key,
            [Step::Key(one), Step::Key(other)] | [Step::Key(one), Step::Place(_) | Step::Key(_), Step::Key(other)] => {
                one == table && other == key
            }
            _ => false,
        })
    };
    for (table, keys) in shape::tables() {
        for key in keys {
            assert!(shown(table, key), "config.example.toml does not show {table}.{key}");
        }
    }
}

#[test]
fn what_the_example_shows_as_built_in_is_what_is_built_in() {
    let (shown, usual) = (parse(&example_in_full()).unwrap(), Config::default());
    let Chat { user_id, attributes, session_minutes, disconnect_reason, protected, .. } = shown.chat.clone();
    // These are nothing if left out, and shown with an example, or with what the service does.
    assert!(user_id.is_some() && !attributes.is_empty() && !disconnect_reason.is_empty() && !protected.is_empty());
    assert_eq!(session_minutes, Some(60));
    let usual_chat = Chat { user_id, attributes, session_minutes, disconnect_reason, protected, ..usual.chat };
    assert_eq!(shown.chat, usual_chat);
    assert_eq!((shown.clipboard, shown.theme, shown.list_times), (usual.clipboard, usual.theme, usual.list_times));
    assert_eq!((shown.time_zone, shown.rooms, shown.logging), (usual.time_zone, usual.rooms, usual.logging));
    for (role, colour) in shown.colours.roles() {
        assert_eq!(Theme::Terminal.colour(role), Some(colour).filter(|colour| *colour != Color::Reset), "{role:?}");
    }
    for (bound, usual) in keys::keymap(&shown.keys).rows().iter().zip(Keymap::default().rows()) {
        assert_eq!(bound.keys, usual.keys, "{:?} in {:?}", bound.row.command, bound.row.context);
    }
}

#[test]
fn keys_columns_groups_colours_and_zones_are_checked_with_everything_else() {
    let found = Config::read(
        "time_zone = \"Mars/Olympus\"\nlist_times = \"agoo\"\ntheme = \"dark\"\n[colours]\nbad = \"redish\"\nbusy = 214\n\
         [rooms]\ncolumns = [\"live\", \"live\"]\n[logging]\ncolumns = [\"name\", \"stat\"]\n[group.EU]\nrooms = [\"eu-*\"]\n\
         [group.none]\nrooms = []\n[group.ok]\nrooms = [\"lobby-*\"]\n[keys.chat]\ndelete = \"Enter\"\nreveal = [\"C-o\", \"oo\"]\n\
         fold = \"A-o\"\nwrite = 5\n[keys.caht]\ndelete = \"x\"\n[keys.everywhere]\nquit = []\n",
    );
    let told: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    let wanted = [
        "1: time_zone is \"Mars/Olympus\", must be utc, local or a zone",
        "2: list_times is \"agoo\": did you mean ago?",
        "3: theme is \"dark\"; it may be: terminal, light, high-contrast, monochrome",
        "5: colours.bad is string \"redish\", must be a colour: red, ",
        "8: rooms.columns must have name or id",
        "8: rooms.columns 2: is there already",
        "10: logging.columns 2: is \"stat\": did you mean state?",
        "11: group.EU as a name: 'E' is not allowed",
        "14: group.none.rooms names none",
        "18: keys.chat.delete Enter moves or opens",
        "19: keys.chat.reveal \"oo\" is not a key",
        "21: keys.chat.write is integer 5, must be a key",
        "22: keys.caht is not known: did you mean chat?",
        "25: keys.everywhere.quit then no key would be quit in lists",
    ];
    for wanted in wanted {
        assert!(told.iter().any(|told| told.starts_with(wanted)), "{wanted}\n{told:#?}");
    }
    assert_eq!(told.len(), wanted.len(), "{told:#?}");
    let config = found.config;
    assert_eq!(config.group.keys().collect::<Vec<_>>(), ["ok"]);
    assert_eq!(config.keys["chat"].keys().collect::<Vec<_>>(), ["fold"], "what can be bound is");
    assert_eq!((config.rooms, config.logging.columns.len()), (Rooms::default(), 1));
    assert_eq!(config.colours.roles().count(), 1);
}
