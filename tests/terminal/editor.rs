//! The reader's own editor: it gets terminal and keys, and whatever becomes of it the console gets them back.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::service::Service;
use crate::session::{PROGRAM, Session, Start};

/// What an editor does to a terminal, and a word to wait for.
const TAKES_OVER: &str = "stty raw -echo; printf '\\033[?1049h\\033[?25lEDITING'";

/// A console whose editor is this script, on a room whose details are here.
fn console(editor: &str) -> Session {
    let mut console = Start::ivschat(&["--demo"]).script("ed.sh", editor).env("EDITOR", "ed.sh").run();
    console.shows("lobby-main").keys("/lobby-main<enter>").shows("characters a message");
    console
}

#[test]
fn the_editor_gets_terminal_and_keys_and_the_console_gets_the_text() {
    let script =
        "trap '' INT; echo EDITING; read answer; echo \"$answer\" > answer; sed -i 's/Length: .*/Length: 77/' \"$1\"";
    let mut console = console(script);
    console.keys("E").shows("EDITING").until("to be the editor's", |screen| !screen.alternate_screen());
    assert!(console.has_its_modes_back(), "the editor has the terminal as it was");
    // Neither ends the console: they are the editor's.
    console
        .keys("<c-c>")
        .keys("qq<enter>")
        .shows("This will be changed")
        .shows("77")
        .keys("y")
        .shows("saved room lobby-main");
    assert!(console.file("answer").ends_with("qq\n"), "{:?}", console.file("answer"));
    // The keys are the console's again.
    let ended = console.keys("?").shows(" Keys ").keys("q").hides(" Keys ").keys("<c-c>").ends();
    ended.restored();
    assert_eq!(ended.code, 0);
}

#[test]
fn what_is_wrong_comes_back_into_the_editor_until_it_is_left_alone() {
    let script = "cp \"$1\" seen; grep -q '^# !' \"$1\" || sed -i 's/Length: .*/Length: 777/' \"$1\"";
    let mut console = console(script);
    console.keys("E").shows("nothing changed, E goes on with the text: maximumMessageLength is 777");
    let seen = console.file("seen");
    assert!(seen.starts_with("# ! line ") && seen.contains("\nmaximumMessageLength: 777\n"), "{seen}");
    console.keys("<c-c>").ends().cleanly(0);
}

#[test]
fn an_editor_that_is_killed_leaves_a_console_and_a_terminal_in_order() {
    let mut console = console(&format!("{TAKES_OVER}; kill -9 $$"));
    console.keys("E").shows("text kept in ").shows("lobby-main").keys("<c-c>").ends().cleanly(0);
}

#[test]
fn an_editor_that_is_not_there_is_told() {
    let mut console = Start::ivschat(&["--demo"]).env("VISUAL", "no-such-editor").run();
    console.shows("lobby-main").keys("/lobby-main<enter>").shows("characters a message");
    console.keys("E").shows("text kept in ").keys("<c-c>").ends().restored();
}

#[test]
fn a_signal_ends_the_editor_too_and_says_where_the_text_is() {
    for editor in ["exec sleep 600", "trap '' TERM; exec sleep 600"] {
        let mut console = console(&format!("{TAKES_OVER}; {editor}"));
        console.keys("E").shows("EDITING");
        console.signal(Signal::TERM);
        let ended = console.ends();
        ended.restored();
        assert_eq!(ended.code, 143, "{}", ended.screen);
        assert!(ended.screen.contains("ivschat: text kept in "), "{}", ended.screen);
    }
}

#[test]
fn a_terminal_that_goes_away_ends_the_console_while_the_editor_has_it() {
    let mut console = console("echo EDITING; exec sleep 600");
    console.keys("E").shows("EDITING").hang_up();
    assert_eq!(console.exit_code(), 129);
}

#[test]
fn a_resize_meanwhile_is_seen_afterwards() {
    let mut console = console("echo EDITING; read answer");
    console.keys("E").shows("EDITING").resize(140, 40);
    console.keys("<enter>").shows("nothing was changed");
    console
        .until("to be as wide as the terminal", |screen| screen.rows(0, 140).next().is_some_and(|row| row.len() > 100));
}

#[test]
fn an_editor_that_stops_for_the_shell_stops_the_console_too_and_both_come_back() {
    let script = format!("set -m; {PROGRAM} --demo; echo stopped; read go; fg; echo ended $?");
    let mut shell = Start::program("sh")
        .args(&["-c", &script])
        .script("ed.sh", "echo EDITING; kill -TSTP 0; echo AGAIN; read answer")
        .env("EDITOR", "ed.sh")
        .run();
    shell.shows("lobby-main").keys("/lobby-main<enter>").shows("characters a message");
    shell.keys("E").shows("stopped").keys("<enter>").shows("AGAIN");
    shell.until("to be the editor's", |screen| !screen.alternate_screen());
    shell.keys("<enter>").shows("nothing was changed").keys("<c-c>").shows("ended 0");
    shell.ends().restored();
}

#[test]
fn a_room_is_kept_live_while_the_editor_has_the_terminal() {
    let service = Service::start();
    let mut console = service
        .console(&["chat", "lobby-main"])
        .script("ed.sh", "echo EDITING; read answer")
        .env("EDITOR", "ed.sh")
        .run();
    console.shows(" live  session until").keys("]").shows("characters a message").keys("E").shows("EDITING");
    service.drop_connections();
    let deadline = Instant::now() + Duration::from_secs(30);
    while service.connections() == 0 {
        assert!(Instant::now() < deadline, "it does not connect again");
        // The service tells nobody who is not connected to it.
        std::thread::sleep(Duration::from_millis(5));
    }
    console.keys("<enter>").shows("nothing was changed").keys("<c-c>");
    assert_eq!(console.ends().code, 0);
}
