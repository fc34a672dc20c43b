//! A panic: written into the log, and told in one message once the terminal is the shell's again.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write as _};
use std::panic::{self, PanicHookInfo};
use std::path::PathBuf;
use std::sync::Arc;
use std::{fmt, thread};

use tracing::error;

use crate::app::text::clean;

type Hook = dyn Fn(&PanicHookInfo<'_>) + Send + Sync;

/// What a panic means while the console has the terminal.
#[derive(Clone)]
pub(in crate::runtime) struct Panics {
    before: Arc<Hook>,
}

impl fmt::Debug for Panics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Panics").finish_non_exhaustive()
    }
}

impl Panics {
    /// From now on a panic is told once `gives_back` says that the screen is the shell's. Otherwise it is only written
    /// down: it is a task's, which becomes a message.
    pub(in crate::runtime) fn wait_for(gives_back: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        let before: Arc<Hook> = Arc::from(panic::take_hook());
        let this = Self { before: Arc::clone(&before) };
        panic::set_hook(Box::new(move |info| if gives_back() { before(info) } else { write_down(info) }));
        this
    }

    /// Panics mean again what they meant before.
    pub(in crate::runtime) fn restore(&self) {
        let before = Arc::clone(&self.before);
        // Setting a hook in a panic would be a panic in a panic.
        if !thread::panicking() {
            panic::set_hook(Box::new(move |info| before(info)));
        }
    }
}

/// Has panics written into the log, and told in one message that says where the log is.
pub(super) fn tell(folder: Option<PathBuf>) {
    panic::set_hook(Box::new(move |info| {
        write_down(info);
        let log = folder.as_ref().map(|folder| format!(" The log is in {}.", folder.display())).unwrap_or_default();
        let words = format!("ivschat: a bug in ivschat, please report it: {}.{log}", words(info));
        // What it says may hold a text that somebody else has written.
        let _ = writeln!(io::stderr(), "{}", clean(&words).as_str());
    }));
}

fn write_down(info: &PanicHookInfo<'_>) {
    let thread = thread::current();
    let trace = Backtrace::capture();
    let trace = (trace.status() == BacktraceStatus::Captured).then(|| trace.to_string());
    error!(target: super::CONSOLE, thread = thread.name(), trace, "panic: {}", words(info));
}

/// What happened, and where.
fn words(info: &PanicHookInfo<'_>) -> String {
    let what = info.payload_as_str().unwrap_or("no reason given");
    info.location().map_or_else(|| what.to_owned(), |place| format!("{what}, at {place}"))
}
