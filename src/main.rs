//! The `ivschat` program: parse, build, run, report one error.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use ivschat::app::text::clean;
use ivschat::cli::{Cli, Command, Open, Rules, Terminal};
use ivschat::config::{Config, EXAMPLE};
use ivschat::exit::Exit;
use ivschat::info::{self, Around};
use ivschat::journal::command::Surroundings;
use ivschat::open::{OpenError, Opened};
use ivschat::runtime::{self, Ending, log, trial};
use ivschat::{doctor, journal, open, simulator};
use jiff::Timestamp;
use tokio::time::timeout;

/// How long the simulator of a demo may take to stop.
const PATIENCE: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    log::tell_of_bugs();
    // What a panic has to say was said when it came, once the terminal was given back.
    panic::catch_unwind(run).unwrap_or(Exit::Failed).into()
}

fn run() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misread(&error),
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(Exit::Failed, &error.to_string()),
    };
    let exit = match cli.command {
        Some(Command::Simulate(args)) => match runtime.block_on(simulator::command::run(args)) {
            Ok(()) => Exit::Done,
            Err(error) => fail(Exit::Failed, &error.to_string()),
        },
        Some(Command::Chat { room, open }) => {
            let open = open.or(cli.open);
            let way = Way::of(&open);
            runtime.block_on(console(way, open::open(open, Some(room), |name| env::var(name).ok())))
        }
        Some(Command::Replay { file, speed, config, screen }) => {
            let terminal = Terminal { screen: screen.or(cli.open.terminal.screen), ..cli.open.terminal };
            let open = Open { config: config.or(cli.open.config), terminal, ..cli.open };
            let way = Way::of(&open);
            runtime.block_on(console(way, async { open::replay(&file, speed, &open, |name| env::var(name).ok()) }))
        }
        Some(Command::Journal { command, journal_dir }) => journal(&command, journal_dir.or(cli.open.journal_dir)),
        Some(Command::Doctor { json, open }) => runtime.block_on(examine(open.or(cli.open), json)),
        Some(Command::Config { check: Some(file), config, .. }) => check_config(file.or(config).or(cli.open.config)),
        Some(Command::Config { .. }) => print(EXAMPLE),
        Some(Command::Info { json, open }) => info(json, &open.or(cli.open)),
        Some(Command::Rules { what: Rules::Test { file, config } }) => test_rules(&file, config.or(cli.open.config)),
        None => runtime.block_on(console(Way::of(&cli.open), open::open(cli.open, None, |name| env::var(name).ok()))),
    };
    // Whatever still runs, such as the look-up of a name that nobody answers, must not keep the shell waiting.
    runtime.shutdown_background();
    exit
}

/// The command line can't be read, or asks for help. Pasted arguments are echoed, but nothing in them is obeyed.
fn misread(error: &clap::Error) -> Exit {
    // The text without styles lacks escape sequences of the arguments, too: only the arguments tell of them.
    let is_hostile = |argument: std::ffi::OsString| clean(&argument.to_string_lossy()).altered();
    if !error.use_stderr() || !env::args_os().any(is_hostile) {
        // Whoever reads it may have had enough: that is no error.
        let _ = error.print();
        return if error.use_stderr() { Exit::Usage } else { Exit::Done };
    }
    let told = error.render().to_string();
    let lines: Vec<_> = told.lines().map(|line| clean(line).as_str().to_owned()).collect();
    let _ = writeln!(io::stderr(), "{}", lines.join("\n"));
    Exit::Usage
}

/// Tells each finding when it is there, since some take a while, or all of them as JSON.
async fn examine(args: Open, json: bool) -> Exit {
    let tell = |check: &doctor::Check| {
        if !json {
            // Whoever reads it may have had enough: that is no error.
            let _ = writeln!(io::stdout(), "{check}");
        }
    };
    let report = doctor::run(&args, |name| env::var(name).ok(), tell).await;
    let _ = writeln!(io::stdout(), "{}", if json { report.json() } else { report.summary() });
    report.exit()
}

fn journal(command: &journal::command::Command, folder: Option<PathBuf>) -> Exit {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let out = io::stdout();
    let mut around = Surroundings {
        is_terminal: out.is_terminal(),
        out: &mut out.lock(),
        err: &mut io::stderr(),
        show: &|text| clean(text).as_str().to_owned(),
        usual: folder.or_else(|| journal::file::usual_place(variable)),
        now: Timestamp::now(),
    };
    journal::command::run(command, &mut around)
}

/// How the console is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Screen,
    Plain,
}

impl Way {
    fn of(open: &Open) -> Self {
        if open.plain { Self::Plain } else { Self::Screen }
    }
}

async fn console(way: Way, opening: impl Future<Output = Result<Opened, OpenError>>) -> Exit {
    if let Some(why) = no_terminal().filter(|_| way == Way::Screen) {
        return fail(Exit::Usage, why);
    }
    let opened = match opening.await {
        Ok(opened) => opened,
        Err(error) => return fail(error.exit(), &error.to_string()),
    };
    // Without one the console is as good, and its screen is not the place to say so.
    let log = opened.log.0.map(|folder| log::start(&folder, opened.log.1));
    let result = match way {
        Way::Screen => runtime::run(opened.settings, opened.services, opened.drawing).await,
        Way::Plain => runtime::plain::run(opened.settings, opened.services).await,
    };
    if let Some(simulator) = opened.simulator {
        // What is not over by then is cut off.
        let _ = timeout(PATIENCE, simulator.stop()).await;
    }
    if let Some(Err(error)) = &log {
        let _ = writeln!(io::stderr(), "ivschat: there is no log: {}", clean(&error.to_string()).as_str());
    }
    match result {
        Ok(Ending::Left) => Exit::Done,
        Ok(Ending::Amiss) => Exit::Partly,
        Ok(Ending::Signal(number)) => Exit::Signal(number),
        Err(error) => fail(Exit::Failed, &error.to_string()),
    }
}

/// Tries the rules on a recorded feed, and tells what came of it.
fn test_rules(file: &str, config: Option<PathBuf>) -> Exit {
    let (rules, protected) = match open::rules(config, |name| env::var(name).ok()) {
        Ok((rules, protected, problems)) => {
            tell(&problems);
            (rules, protected)
        }
        Err(error) => return fail(Exit::Settings, &error.to_string()),
    };
    if rules.is_empty() {
        return fail(Exit::Settings, "there are no rules: each [[rule]] in the configuration is one");
    }
    let found = match file {
        "-" => trial::run_on_input(&rules, &protected),
        path => trial::run(path, &rules, &protected),
    };
    match found {
        Ok(found) => {
            // Whoever reads it may have had enough: that is no error.
            let _ = writeln!(io::stdout().lock(), "{}", found.lines().join("\n"));
            if found.flagged == 0 { Exit::Partly } else { Exit::Done }
        }
        Err(why) => fail(Exit::Usage, &why),
    }
}

/// Why there is no terminal to draw on, if so.
fn no_terminal() -> Option<&'static str> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        Some(
            "the console needs a terminal for input and output: --plain works without one, line by line; there are also \
             `ivschat journal`, `rules test` and `simulate`",
        )
    } else if env::var_os("TERM").is_some_and(|term| term == "dumb") {
        Some(
            "the console needs a terminal that can move its cursor, and TERM is dumb: --plain works without that; there \
             are also `ivschat journal`, `rules test` and `simulate`",
        )
    } else {
        None
    }
}

/// Tells all that is wrong with the configuration.
fn check_config(file: Option<PathBuf>) -> Exit {
    let loaded = match Config::load(file, |name| env::var(name).ok()) {
        Ok(loaded) => loaded,
        Err(error) => return fail(Exit::Settings, &error.to_string()),
    };
    let path = loaded.place.as_ref().map(|(path, _)| path.display().to_string()).unwrap_or_default();
    match loaded.lines().as_slice() {
        [] if loaded.is_there => print(&format!("{path}: all of it is understood\n")),
        [] => print(&format!("{path}: there is no such file, everything is as built in\n")),
        lines => {
            let lines: Vec<_> = lines.iter().map(|line| clean(line).as_str().to_owned() + "\n").collect();
            print(&lines.concat());
            Exit::Partly
        }
    }
}

/// Tells what counts and where it comes from.
fn info(json: bool, args: &Open) -> Exit {
    let variable = |name: &str| env::var(name).ok();
    let loaded = match Config::load(args.config.clone(), variable) {
        Ok(loaded) => loaded,
        Err(error) => return fail(Exit::Settings, &error.to_string()),
    };
    let size = crossterm::terminal::size().ok().filter(|_| io::stdout().is_terminal());
    let info = info::gather(args, &loaded, Around { size }, variable);
    if json { print(&format!("{:#}\n", info.json())) } else { print(&info.text()) }
}

/// Whoever reads it may have had enough: that is no error.
fn print(text: &str) -> Exit {
    let _ = io::stdout().lock().write_all(text.as_bytes());
    Exit::Done
}

/// Tells of what is wrong and keeps nothing from being done.
fn tell(problems: &[String]) {
    for problem in problems {
        let _ = writeln!(io::stderr(), "ivschat: {}", clean(problem).as_str());
    }
}

fn fail(exit: Exit, why: &str) -> Exit {
    // If it can't be told, the exit code has to do: `eprintln!` would panic where the terminal is gone.
    // It may tell of a file or a variable that somebody else has written.
    let lines: Vec<_> = why.lines().map(|line| clean(line).as_str().to_owned()).collect();
    let _ = writeln!(io::stderr(), "ivschat: {}", lines.join("\n"));
    exit
}
