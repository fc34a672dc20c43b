//! What the configuration makes of the console: what is wrong with it is told, and keys, columns, times and groups are
//! the reader's.

use std::path::PathBuf;
use std::sync::Arc;

use ivschat::app::clock::{Clock, Listed};
use ivschat::app::configuration::Configuration;
use ivschat::app::groups::Groups;
use ivschat::app::keys::{Keymap, Wish};
use ivschat::app::look::{Look, Theme};
use ivschat::app::pane::columns::{Columns, LoggingColumn, RoomColumn};
use ivschat::config::place::Named;
use ivschat::config::{Config, Found, Loaded};
use jiff::tz::{self, TimeZone};
use ratatui::style::Modifier;

use crate::harness::Console;

/// The console with these keys, each written as `place.name key`.
fn bound(wishes: &[(&str, &str, &str)]) -> Console {
    let keys: Vec<Vec<String>> =
        wishes.iter().map(|(_, _, keys)| keys.split_whitespace().map(ToOwned::to_owned).collect()).collect();
    let wishes: Vec<Wish> =
        wishes.iter().zip(&keys).map(|((place, name, _), keys)| Wish { place, name, keys }).collect();
    let (keymap, refused) = Keymap::with(&wishes);
    assert_eq!(refused, []);
    Console::configured(|settings| settings.keymap = Arc::new(keymap))
}

/// The console with what this file says of itself.
fn loaded(text: &str) -> Console {
    let Found { config, problems, sources } = Config::read(text);
    let place = Some((PathBuf::from("/etc/ivschat.toml"), Named::Flag));
    let loaded = Loaded { config, place, is_there: true, problems, sources };
    Console::configured(|settings| settings.configuration = loaded.told())
}

fn grouped() -> Console {
    let own = |rooms: &[&str]| rooms.iter().map(|room| (*room).to_owned()).collect::<Vec<_>>();
    let groups = [("lobby".to_owned(), own(&["lobby-*"])), ("lobby2".to_owned(), own(&["*-eu"]))];
    Console::configured(|settings| settings.groups = Groups::new(groups))
}

#[test]
fn what_is_wrong_with_the_configuration_is_told_at_the_start_and_shown_in_full() {
    loaded("regoin = \"x\"\n[chat]\nscrollback = 1\nwatch_minuts = 3\n")
        .shows("config: 3 problems, :config shows them")
        .shows("lobby-main")
        .keys(":config<enter>")
        .shows("/etc/ivschat.toml")
        .shows("line 1: regoin is not known: did you mean region?")
        .shows("line 3: chat.scrollback is 1, must be 100 to 1000000")
        .shows("line 4: chat.watch_minuts is not known: did you mean watch_minutes?")
        .keys("q")
        .shows("lobby-main");
}

#[test]
fn a_file_that_is_not_toml_is_shown_with_the_line_and_a_caret() {
    let console = loaded("region = \"x\"\nchat = = 5\n")
        .shows("config: 1 problem, :config shows it")
        .keys(":config<enter>")
        .shows("line 2: this is not TOML")
        .shows("Nothing in it counts until");
    let screen = console.screen();
    let row = console.row_of("chat = = 5");
    let column = |row: usize, wanted: &str| screen.lines().nth(row).and_then(|line| line.find(wanted));
    let equals = column(row, "= 5");
    assert!(equals.is_some());
    assert_eq!(column(row + 1, "^"), equals, "{screen}");
}

#[test]
fn without_a_file_the_page_says_where_one_would_be() {
    let file = Some("/home/me/.config/ivschat/config.toml".to_owned());
    Console::configured(|settings| settings.configuration = Configuration { file, ..Configuration::default() })
        .hides("config:")
        .keys(":config<enter>")
        .shows("(not there: everything is");
}

#[test]
fn hints_help_and_commands_show_the_keys_that_are_bound_and_those_do_it() {
    let mut console = bound(&[("lists", "create", "C-x"), ("everywhere", "help", "A-h"), ("lists", "sort", "")])
        .shows("C-x create")
        .shows("A-h help")
        .hides(" s sort")
        .keys(":crea")
        .shows("(C-x)")
        .keys("<esc><a-h>")
        .shows("Keys")
        .keys("/sort by<enter>")
        .shows(":sort")
        .keys("<esc>c")
        .hides("Create a room");
    console = console.keys("<c-x>");
    assert!(console.screen().contains("Create"), "{}", console.screen());
}

#[test]
fn what_has_no_key_can_still_be_asked_for_by_its_name() {
    bound(&[("lists", "sort", "")]).keys("s").hides("by name").keys(":sort<enter>").shows("by name");
}

#[test]
fn a_group_is_shown_alone_and_watched_as_one() {
    let console = grouped().keys(":group lobby<enter>").shows("group:lobby").shows("lobby-main").hides("names");
    // The other group's name begins with it.
    let console = console.keys("<esc>:group lobby2<enter>").shows("lobby-eu").hides("lobby-main");
    let mut console = console.keys("<esc>:watch-group lobby<enter>").wait(2000);
    assert!(console.is_connected("lobby-main") && console.is_connected("lobby-eu"));
    assert!(!console.is_connected("names"));
    console.keys(":group lobbi<enter>").shows("did you mean lobby?").keys("<esc>").shows("live");
}

#[test]
fn the_filter_of_a_group_goes_with_other_words() {
    grouped().keys("/group:lobby main<enter>").shows("lobby-main").hides("lobby-eu").keys("<esc>").shows("lobby-eu");
    Console::demo().keys(":group x<enter>").shows("there are no groups");
}

#[test]
fn lists_have_the_columns_that_were_chosen() {
    let rooms = [RoomColumn::Id, RoomColumn::Name, RoomColumn::Tags];
    let console = Console::configured(|settings| {
        settings.columns = Columns::new(&rooms, &[LoggingColumn::State, LoggingColumn::Name]);
    });
    let console = console.keys("z");
    let screen = console.screen();
    let header = screen.lines().find(|line| line.contains("NAME")).unwrap();
    let place = |title: &str| header.find(title);
    assert!(place("ID") < place("NAME") && place("NAME") < place("TAGS"), "{header}");
    assert!(!header.contains("LIVE") && !header.contains("CREATED"), "{header}");
    console.keys("s").shows("by name").keys("s").shows("by tags");
}

#[test]
fn moments_are_told_in_the_zone_that_was_chosen_and_the_strip_says_which() {
    let zone = TimeZone::fixed(tz::offset(2));
    let clock = Clock::new(Some(zone), Listed::Dates);
    let console = Console::watching(|room| room.clock = clock.clone()).shows("14:00 +02").keys("<enter>").wait(5000);
    console.shows("14:00:0").hides("12:00:0");
    Console::demo().shows("12:00Z");
    let ago = Clock::new(None, Listed::Ago);
    let console = Console::watching(|room| room.clock = ago.clone()).keys("z");
    let screen = console.resize(140, 40).screen();
    let ago = ["min", " h ", " d ", "mon", " y "].iter().any(|unit| screen.contains(unit));
    assert!(ago && !screen.contains("2026-"), "{screen}");
}

#[test]
fn the_selection_can_be_seen_in_every_theme() {
    for theme in Theme::ALL {
        let console = Console::configured(|settings| settings.look = Look::new(theme)).keys("j");
        let before = console.reversed_row().unwrap_or_default();
        let console = console.keys("j");
        assert_ne!(console.reversed_row().unwrap_or_default(), before, "{theme:?}: the bar goes with the cursor");
        let chat = console.keys("kk<enter>").wait(8000).keys("k");
        assert!(chat.reversed_row().is_some(), "{theme:?}\n{}", chat.screen());
        let colourless = matches!(theme, Theme::HighContrast | Theme::Monochrome);
        let coloured = chat
            .buffer()
            .content
            .iter()
            .any(|cell| cell.fg != ratatui::style::Color::Reset || cell.bg != ratatui::style::Color::Reset);
        assert_eq!(coloured, !colourless, "{theme:?}");
        let dim = chat.buffer().content.iter().any(|cell| cell.modifier.contains(Modifier::DIM));
        assert_eq!(dim, theme != Theme::HighContrast, "{theme:?}");
    }
}
