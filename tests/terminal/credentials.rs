//! A program that gives credentials, in a console on a real terminal: it must not touch the terminal, nor wait for an answer.

use super::session::Start;

/// A console whose profile has a program that writes to the terminal, asks, and then fails.
fn start() -> Start {
    let start =
        Start::ivschat(&["--profile", "vault", "--region", "us-west-2", "--endpoint-url", "http://127.0.0.1:9"])
            .size(100, 40)
            .script("helper", "(echo SCRIBBLE > /dev/tty) 2> /dev/null\nread answer\necho 'vault: locked' >&2\nexit 3");
    let program = start.home().join("bin/helper").display().to_string();
    start.file(".aws/config", &format!("[profile vault]\ncredential_process = {program} --pin CANARY-pin\n"))
}

#[test]
fn a_program_that_asks_reaches_neither_the_screen_nor_the_keyboard() {
    let mut session = start().run();
    session.shows("helper").shows("vault: locked");
    let ended = session.keys("q").ends();
    ended.cleanly(0);
    assert!(!ended.written.contains("SCRIBBLE"), "{}", ended.written);
    assert!(!ended.written.contains("CANARY"), "{}", ended.written);
}
