//! A panic, wherever it comes: the terminal is the shell's again before a word of it is told, or the console goes on.
//!
//! There is no panic in the program that a test could ask for. So these tests start themselves in a terminal, run the
//! console there as the program does, and panic beside it: on its own thread, in a task, on another thread.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, thread};

use clap::Parser;
use ivschat::cli::Cli;
use ivschat::open::{self, Opened};
use ivschat::runtime::log::{self, Level};
use ivschat::runtime::{self, Ending};
use tokio::time::sleep;

use crate::session::{Session, Start};

/// Tells the test that it is the one inside, and what is to happen to it.
const INSIDE: &str = "IVSCHAT_TEST_BUG";

/// Is there once it is to happen.
const GO: &str = "go";

/// What the panic says: it may quote what somebody in a chat has written.
const WORDS: &str = "out of cheese\u{1b}[2J";

fn console(bug: &str) -> Session {
    let this = env::current_exe().unwrap();
    let mut console = Start::program(this.to_str().unwrap())
        .args(&["--exact", "bugs::inside", "--nocapture", "--test-threads=1"])
        .env(INSIDE, bug)
        .env("RUST_BACKTRACE", "0")
        .size(140, 40)
        .run();
    console.shows("lobby-main").shows("team = live-events");
    console
}

fn let_it_happen(console: &Session) {
    fs::write(console.home().join(GO), "").unwrap();
}

#[test]
fn a_panic_of_the_console_itself_is_told_after_the_terminal_is_given_back() {
    let mut console = console("loop");
    let_it_happen(&console);
    let ended = console.ends();
    ended.restored();
    let (_, told) = ended.written.rsplit_once("\x1b[?1049l").unwrap();
    let place = format!("{}/ivschat/log", console.home().display());
    assert_eq!(told.matches("out of cheese").count(), 1, "once: {told}");
    assert!(told.contains("ivschat: a bug in ivschat, please report it: out of cheese␛[2J, at tests/"), "{told}");
    assert!(told.contains(&format!("The log is in {place}.")), "{told}");
    let log = console.log();
    assert!(log.contains("panic: out of cheese") && log.contains("at tests/terminal/bugs.rs"), "{log}");
    assert!(!log.contains('\x1b'), "{log}");
}

#[test]
fn a_panic_of_a_task_or_a_thread_is_written_down_and_the_console_goes_on() {
    for bug in ["task", "thread"] {
        let mut console = console(bug);
        let_it_happen(&console);
        console.logs("panic: out of cheese").keys("?").shows(" Keys ").keys("q").hides(" Keys ").keys("q");
        let ended = console.ends();
        ended.restored();
        assert!(!ended.written.contains("out of cheese"), "{bug}: {}", ended.written);
        assert_eq!(ended.code, 0, "{bug}: {}", ended.screen);
    }
}

#[test]
fn an_error_that_ends_the_console_gives_the_terminal_back() {
    let mut console = console("error");
    let_it_happen(&console);
    let ended = console.ends();
    ended.restored();
    let (_, told) = ended.written.rsplit_once("\x1b[?1049l").unwrap();
    assert!(told.contains("the console was dropped"), "{told}");
}

#[test]
fn inside() {
    let (Ok(bug), Ok(home)) = (env::var(INSIDE), env::var("HOME")) else { return };
    let home = PathBuf::from(home);
    let _log = log::start(&home.join("ivschat/log"), Level::Trace).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let args = Cli::try_parse_from(["ivschat", "--demo"]).unwrap().open;
        let opened = open::open(args, None, |name| env::var(name).ok()).await.unwrap();
        run(opened, &bug, &home).await;
    });
    runtime.shutdown_background();
}

async fn run(Opened { settings, services, drawing, simulator, .. }: Opened, bug: &str, home: &Path) {
    let console = runtime::run(settings, services, drawing);
    let happening = |home: PathBuf| async move {
        while !home.join(GO).exists() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    let time = happening(home.to_owned());
    match bug {
        // In one task, and so on one thread.
        "loop" => drop(tokio::join!(console, async {
            time.await;
            panic!("{WORDS}")
        })),
        "task" => {
            let task = tokio::spawn(async {
                time.await;
                panic!("{WORDS}")
            });
            assert_eq!(console.await.unwrap(), Ending::Left);
            assert!(task.await.unwrap_err().is_panic());
        }
        "thread" => {
            let home = home.to_owned();
            let thread = thread::spawn(move || {
                while !home.join(GO).exists() {
                    thread::sleep(Duration::from_millis(5));
                }
                panic!("{WORDS}")
            });
            assert_eq!(console.await.unwrap(), Ending::Left);
            thread.join().unwrap_err();
        }
        "error" => tokio::select! {
            ended = console => panic!("{ended:?}"),
            () = time => println!("the console was dropped"),
        },
        other => panic!("no such bug: {other}"),
    }
    drop(simulator);
}
