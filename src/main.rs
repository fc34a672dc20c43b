//! The `ivschat` program: parse, build, run, report one error.

use std::env;
use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::Parser;
use ivschat::cli::{Cli, Command};
use ivschat::runtime::{self, Ending};
use ivschat::{open, simulator};

/// The exit code of a command line or an environment that can't be used.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(1, &error.to_string()),
    };
    match cli.command {
        Some(Command::Simulate(args)) => match runtime.block_on(simulator::command::run(args)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(1, &error.to_string()),
        },
        Some(Command::Chat { room }) => runtime.block_on(console(cli.open, Some(room))),
        None => runtime.block_on(console(cli.open, None)),
    }
}

async fn console(args: ivschat::cli::Open, room: Option<String>) -> ExitCode {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return fail(UNUSABLE, "the console needs a terminal for input and output");
    }
    let opened = match open::open(args, room, |name| env::var(name).ok()).await {
        Ok(opened) => opened,
        Err(error) => return fail(UNUSABLE, &error.to_string()),
    };
    let result = runtime::run(opened.settings, opened.services).await;
    if let Some(simulator) = opened.simulator {
        simulator.stop().await;
    }
    match result {
        Ok(Ending::Left) => ExitCode::SUCCESS,
        Ok(Ending::Signal(number)) => ExitCode::from(u8::try_from(128 + number).unwrap_or(1)),
        Err(error) => fail(1, &error.to_string()),
    }
}

fn fail(code: u8, why: &str) -> ExitCode {
    eprintln!("ivschat: {why}");
    ExitCode::from(code)
}
