//! All the ways in which the console ends or stops: the terminal is as it was after each.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::session::{PROGRAM, Session, Start};

fn demo() -> Session {
    let mut console = Start::ivschat(&["--demo"]).run();
    console.shows("lobby-main");
    console
}

#[test]
fn q_leaves() {
    let mut console = demo();
    console.keys("q").ends().cleanly(0);
}

#[test]
fn control_c_leaves() {
    let mut console = demo();
    console.keys("<c-c>").ends().cleanly(0);
}

#[test]
fn signals_end_it_with_their_number_and_in_good_order() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129), (Signal::QUIT, 131)] {
        let mut console = demo();
        console.keys("<enter>").shows(" live  session until");
        console.signal(signal);
        console.ends().cleanly(code);
    }
}

#[test]
fn a_terminal_that_takes_nothing_does_not_keep_a_signal_from_ending_it() {
    let mut console = Start::ivschat(&["--demo", "--demo-rate", "1000", "chat", "lobby-main"]).run();
    console.shows(" live  session until");
    console.hold_output();
    console.signal(Signal::TERM);
    assert_eq!(console.exit_code(), 143);
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let mut console = demo();
    console.hang_up();
    assert_eq!(console.exit_code(), 129);
}

#[test]
fn a_terminal_that_goes_away_ends_it_even_if_nobody_says_so() {
    // The shell is told of the hang-up, takes no notice, and does not pass it on.
    let script = format!("trap : HUP; (exec '{PROGRAM}' --demo); echo $? > code");
    // On so large a screen the help is shown whole: no key behind the one that shows it leads to output, so nothing but
    // the hang-up itself can tell.
    let mut shell = Start::program("sh").args(&["-c", &script]).size(140, 120).run();
    shell.shows("team = live-events");
    let start = Instant::now();
    shell.hang_up();
    shell.exit_code();
    // Not only when it next has something to write, which may be a minute later.
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert_eq!(shell.file("code").trim(), "129");
}

#[test]
fn a_terminal_that_goes_away_burns_no_time() {
    // crossterm reads nothing from a terminal that is gone, again and again, for as long as the program lives.
    let script = format!("trap : HUP; (exec '{PROGRAM}' --demo chat lobby-main); echo $? > code; times > times");
    let mut shell = Start::program("sh").args(&["-c", &script]).run();
    shell.shows(" live  session until");
    shell.hang_up();
    shell.exit_code();
    assert_eq!(shell.file("code").trim(), "129");
    // The second line is the children's: what the user's code took, and the system for it.
    let spent: f64 = shell.file("times").lines().nth(1).unwrap().split_whitespace().map(seconds).sum();
    assert!(spent < 5.0, "{spent} s");
}

/// Seconds of `0m1.23s`.
fn seconds(told: &str) -> f64 {
    let (minutes, seconds) = told.split_once('m').unwrap();
    60.0 * minutes.parse::<f64>().unwrap() + seconds.trim_end_matches('s').parse::<f64>().unwrap()
}

#[test]
fn who_is_told_to_end_while_stopped_leaves_the_shell_s_terminal_alone() {
    let script = format!(
        "set -m; sh -c 'echo $$ > pid; exec {PROGRAM} --demo'; echo stopped; read go; kill -TERM %1; fg; echo ended $?"
    );
    let mut shell = Start::program("sh").args(&["-c", &script]).run();
    shell.shows("lobby-main").keys("<c-z>").shows("stopped").keys("<enter>").shows("ended 143");
    let ended = shell.ends();
    ended.restored();
    assert_eq!(ended.written.matches("\x1b[?1049l").count(), 1, "it is given back once: {:?}", ended.written);
    assert_eq!(ended.written.matches("\x1b[?1049h").count(), 1, "and not taken again");
}

#[test]
fn it_stops_for_the_shell_and_comes_back() {
    stops_and_comes_back(|console| {
        console.keys("<c-z>");
    });
}

#[test]
fn it_stops_when_told_to_from_outside_and_comes_back() {
    stops_and_comes_back(|console| {
        let pid = console.file("pid").trim().parse().unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, Signal::TSTP).unwrap();
    });
}

fn stops_and_comes_back(stop: impl Fn(&mut Session)) {
    let script =
        format!("set -m; sh -c 'echo $$ > pid; exec {PROGRAM} --demo'; echo stopped; read go; fg; echo ended $?");
    let mut shell = Start::program("sh").args(&["-c", &script]).run();
    shell.shows("lobby-main");
    stop(&mut shell);
    shell.shows("stopped").until("to be the shell's", |screen| {
        !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
    });
    assert!(shell.has_its_modes_back(), "the shell has the terminal as it was");
    shell.keys("<enter>").until("to be the console's", vt100::Screen::alternate_screen);
    shell.shows("lobby-main").shows("? help").keys("?").shows(" Keys ").keys("qq").shows("ended 0");
    shell.ends().restored();
}

#[test]
fn without_a_shell_there_is_nothing_to_stop_for() {
    let mut console = demo();
    console.keys("<c-z>?").shows(" Keys ");
    console.signal(Signal::TSTP);
    console.keys("q").hides(" Keys ").keys("q").ends().cleanly(0);
}

#[test]
fn leaving_is_quick_whatever_is_under_way() {
    let mut console = Start::ivschat(&["--demo", "--demo-rate", "1000", "chat", "lobby-main"]).run();
    console.shows(" live  session until");
    let start = Instant::now();
    console.keys("<c-c>").ends().cleanly(0);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
