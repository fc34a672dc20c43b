//! What is copied leaves by the way that the surroundings have.

use crate::session::Start;

/// The beginning of every room's ARN, as base64.
const ARN: &str = "YXJuOmF3czppdnNjaGF0OnVzLXdlc3QtMjoxMjM0NTY3ODkwMTI6cm9vb";

#[test]
fn a_terminal_is_sent_the_text_between_two_frames() {
    let mut console = Start::ivschat(&["--demo"]).run();
    console
        .shows("lobby-main")
        .keys("y")
        .shows("Copy: ")
        .keys("a")
        .shows("copied ARN: sent to the terminal's clipboard");
    let ended = console.keys("q").ends();
    ended.cleanly(0);
    let (before, after) = ended.written.split_once(&format!("\x1b]52;c;{ARN}")).expect("the sequence was sent");
    assert!(before.rfind("\x1b[?2026l") > before.rfind("\x1b[?2026h"), "it is no part of a frame");
    assert!(after.split_once("\x1b\\").is_some_and(|(rest, _)| !rest.contains('\x1b')), "it is whole");
}

#[test]
fn tmux_is_handed_the_text_where_no_list_of_processes_shows_it() {
    let mut console = Start::ivschat(&["--demo"])
        .env("TMUX", "/tmp/tmux-0/default,1,0")
        .script("tmux", "echo \"$@\" > arguments; cat > buffer")
        .run();
    console.shows("lobby-main").keys("y").shows("Copy: ").keys("a").shows("copied ARN: in tmux's buffer");
    assert_eq!(console.file("arguments"), "load-buffer -w -\n");
    assert!(console.file("buffer").starts_with("arn:aws:ivschat:"));
    let ended = console.keys("q").ends();
    assert!(!ended.written.contains("\x1b]52;"), "one way is enough");
}

#[test]
fn a_tmux_that_refuses_is_quoted() {
    let mut console = Start::ivschat(&["--demo"])
        .env("TMUX", "/tmp/tmux-0/default,1,0")
        .script("tmux", "echo 'unknown flag -w' >&2; exit 1")
        .run();
    console.shows("lobby-main").keys("ya").shows("ARN not copied: tmux load-buffer: unknown flag -w");
}

#[test]
fn the_configuration_may_forbid_it() {
    let mut console = Start::ivschat(&["--demo"]).file("ivschat/config.toml", "clipboard = \"off\"\n").run();
    console.shows("lobby-main").keys("ya").shows("ARN not copied: the configuration says");
    let ended = console.keys("q").ends();
    assert!(!ended.written.contains("\x1b]52;"));
}
