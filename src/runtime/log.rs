//! The log: what happened in this program, for whoever looks for the cause of something. Never a secret, at any level.

mod file;
mod panics;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tracing::{error, info, trace, warn};
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Layer as _, Registry};

use crate::api::{Answer, Error, ErrorKind};
use crate::app::msg::LinkId;
use crate::messaging::{Ended, Report};

use super::Ending;
use file::Files;
pub(super) use panics::Panics;

/// Lines that may wait for the disk; beyond it they are lost, and how many is told. The console waits for no disk.
const LINES: usize = 20_000;

/// What lines are called by: about the console as a whole, about requests, and about connections.
const CONSOLE: &str = "ivschat";
const CALLS: &str = "ivschat::calls";
const LINKS: &str = "ivschat::connections";

/// How much is written down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing, and there is no file.
    Off,
    /// Bugs and what was lost.
    Error,
    /// What was refused or failed, too.
    Warn,
    /// Requests and connections, too.
    #[default]
    Info,
    /// How the console came to it, too.
    Debug,
    /// Everything.
    Trace,
}

impl Level {
    /// The level that is called that.
    ///
    /// # Errors
    /// What it must be instead.
    pub fn named(name: &str) -> Result<Self, &'static str> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "off" => Self::Off,
            "error" => Self::Error,
            "warn" => Self::Warn,
            "info" => Self::Info,
            "debug" => Self::Debug,
            "trace" => Self::Trace,
            _ => return Err("must be off, error, warn, info, debug or trace"),
        })
    }

    fn filter(self) -> LevelFilter {
        match self {
            Self::Off => LevelFilter::OFF,
            Self::Error => LevelFilter::ERROR,
            Self::Warn => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
            Self::Trace => LevelFilter::TRACE,
        }
    }
}

/// A log that is being written. Once this is dropped all of it is on the disk.
#[derive(Debug)]
pub struct Log {
    lines: NonBlocking,
    _worker: WorkerGuard,
}

/// Writes a log of this program into `folder` from now on, and tells of a panic where it is.
///
/// # Errors
/// If it can't be written, or there is one already.
pub fn start(folder: &Path, level: Level) -> io::Result<Option<Log>> {
    if level == Level::Off {
        return Ok(None);
    }
    let files = Files::open(folder)?;
    panics::tell(Some(folder.to_owned()));
    let lines = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(LINES).thread_name("log");
    let (lines, worker) = lines.finish(files);
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(lines.clone()).with_filter(only(level));
    tracing::subscriber::set_global_default(Registry::default().with(layer)).map_err(io::Error::other)?;
    info!(target: CONSOLE, version = env!("CARGO_PKG_VERSION"), process = std::process::id(), "started");
    Ok(Some(Log { lines, _worker: worker }))
}

/// Tells of panics in words of ours from now on, as long as there is no log: what a panic says may quote what somebody
/// else has written, and it goes to a terminal.
pub fn tell_of_bugs() {
    panics::tell(None);
}

/// Where it is kept unless something else is said: beside the journal.
pub fn usual_place(variable: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    Some(crate::journal::file::usual_place(variable)?.with_file_name("log"))
}

impl Drop for Log {
    fn drop(&mut self) {
        let lost = self.lines.error_counter().dropped_lines();
        if lost > 0 {
            error!(target: CONSOLE, lost, "lines of this log were lost, as the disk was too slow");
        }
        info!(target: CONSOLE, "ended");
    }
}

/// What is let through. Details are ours alone: libraries write whole requests down, with tokens in their headers, where
/// they are asked for more than what everybody may know. What is not named here is a library, also one that comes later.
fn only(level: Level) -> Targets {
    let level = level.filter();
    Targets::new().with_default(level.min(LevelFilter::INFO)).with_target("ivschat", level)
}

/// The console has the terminal, and looks at this.
pub(super) fn opened(profile: Option<&str>, endpoint: Option<&str>, (width, height): (u16, u16)) {
    info!(target: CONSOLE, profile, endpoint, width, height, "opened");
}

/// The console gives the terminal back.
pub(super) fn left(result: &io::Result<Ending>) {
    match result {
        Ok(Ending::Left) => info!(target: CONSOLE, "left"),
        Ok(Ending::Amiss) => info!(target: CONSOLE, "the lines ended, not all could be followed"),
        Ok(Ending::Signal(number)) => info!(target: CONSOLE, number, "told to end by a signal"),
        Err(error) => error!(target: CONSOLE, why = error.to_string(), "ended by an error"),
    }
}

/// A request is over.
pub(super) fn answered(operation: &str, answer: &Result<Answer, Error>, took: Duration) {
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match answer {
        Ok(Answer { status, request_id, attempts, .. }) => {
            info!(target: CALLS, operation, status, ms, attempts, request = request_id.as_deref(), "answered");
        }
        Err(Error { attempts, request_id, kind, .. }) => {
            warn!(target: CALLS, operation, ms, attempts, request = request_id.as_deref(), why = why(kind), "not answered");
        }
    }
}

/// Why there is no answer. What the service says of a signature it does not accept quotes the request with its token.
fn why(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::Refused(refusal) if refusal.code.to_string().contains("Signature") => refusal.code.to_string(),
        other => other.to_string(),
    }
}

/// A connection has something to say.
pub(super) fn reported(link: &LinkId, report: &Report) {
    let (room, connection) = (link.room.id(), link.serial);
    match report {
        Report::Opened => info!(target: LINKS, room, connection, "connected"),
        Report::Frames(frames) => trace!(target: LINKS, room, connection, frames = frames.len(), "received"),
    }
}

/// A connection is over.
pub(super) fn ended(link: &LinkId, ended: &Ended) {
    let (room, connection) = (link.room.id(), link.serial);
    match ended {
        Ended::ByUs => info!(target: LINKS, room, connection, "closed"),
        // Who answers in place of the service may quote what it was asked, token and all.
        Ended::Refused { status, .. } => warn!(target: LINKS, room, connection, status, "handshake refused"),
        other => warn!(target: LINKS, room, connection, why = other.to_string(), "disconnected"),
    }
}

#[cfg(test)]
mod tests {
    use tracing::Level as Of;

    use super::*;
    use crate::api::error::Refusal;

    #[test]
    fn details_are_ours_alone_whatever_is_asked_for() {
        for level in [Level::Debug, Level::Trace] {
            let targets = only(level);
            let libraries = ["tungstenite", "hyper", "h2", "reqwest", "rustls", "aws_config", "a_crate_to_come"];
            for target in libraries.into_iter().flat_map(|name| [name.to_owned(), format!("{name}::protocol")]) {
                assert!(targets.would_enable(&target, &Of::INFO) && !targets.would_enable(&target, &Of::DEBUG));
            }
            assert!(targets.would_enable("ivschat::runtime", &Of::DEBUG));
        }
        assert!(!only(Level::Warn).would_enable("hyper", &Of::INFO));
        assert!(!only(Level::Warn).would_enable("ivschat", &Of::INFO));
        assert!(only(Level::Trace).would_enable("ivschat::api", &Of::TRACE));
    }

    #[test]
    fn what_is_said_of_a_signature_is_not_repeated_as_it_quotes_the_request() {
        let body = br#"{"message":"The Canonical String should have been 'x-amz-security-token:CANARY'"}"#;
        for (name, is_told) in
            [("SignatureDoesNotMatch", false), ("IncompleteSignatureException", false), ("AccessDeniedException", true)]
        {
            let told = why(&ErrorKind::Refused(Refusal::read(403, Some(name), body)));
            assert_eq!((told.contains("CANARY"), told.is_empty()), (is_told, false), "{name}: {told}");
        }
        let token = "CANARY".to_owned();
        let quoted = Ended::Refused { status: 403, body: token };
        assert!(quoted.to_string().contains("CANARY"), "so it must not be told in these words");
    }

    #[test]
    fn levels_are_called_what_everybody_calls_them() {
        let names = ["off", "error", "warn", "INFO", "debug", "trace"];
        assert!(names.iter().all(|name| Level::named(name).is_ok()));
        assert_eq!(Level::named("info"), Ok(Level::default()));
        assert!(Level::named("loud").is_err());
    }
}
