//! The signals that end, stop and continue the console.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{io, process};

use rustix::process::{Signal as Number, getpgrp, getsid, kill_current_process_group, kill_process};
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};
use tokio::sync::mpsc;

/// How long the console may take to end once it is told to. It takes less, unless the terminal takes no output any more
/// and a write never returns: whoever told it would wait in vain.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// End; the number is the signal's.
    End(i32),
    /// Stop until continued.
    Stop,
    /// Go on: the shell has had the terminal meanwhile.
    Continue,
}

impl Signal {
    /// Whether a terminal sends it for a key.
    fn is_the_keyboards(self) -> bool {
        let keys = [Number::INT, Number::QUIT].map(Number::as_raw);
        matches!(self, Self::End(number) if keys.contains(&number))
    }
}

/// The signals that have come.
#[derive(Debug)]
pub(super) struct Signals {
    come: mpsc::UnboundedReceiver<Signal>,
    /// Whether the keyboard's signals are meant for somebody else.
    keyboard_away: Arc<AtomicBool>,
}

impl Signals {
    /// Listens from now on.
    pub(super) fn listen() -> io::Result<Self> {
        let mut sources = Sources::open()?;
        let (sender, come) = mpsc::unbounded_channel();
        let keyboard_away = Arc::new(AtomicBool::new(false));
        let away = Arc::clone(&keyboard_away);
        tokio::spawn(async move {
            while let Some(signal) = sources.next().await {
                if signal.is_the_keyboards() && away.load(Ordering::SeqCst) {
                    continue;
                }
                if sender.send(signal).is_err() {
                    return;
                }
                if let Signal::End(number) = signal {
                    tokio::time::sleep(PATIENCE).await;
                    process::exit(128 + number);
                }
            }
        });
        Ok(Self { come, keyboard_away })
    }

    /// Whether the keyboard is somebody else's from now on: C-c in an editor is not meant for us, but comes to all who
    /// have the terminal.
    pub(super) fn lend_keyboard(&self, away: bool) {
        self.keyboard_away.store(away, Ordering::SeqCst);
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> Option<Signal> {
        self.come.recv().await
    }
}

/// Where they come from.
struct Sources {
    interrupt: Stream,
    terminate: Stream,
    hangup: Stream,
    quit: Stream,
    stop: Stream,
    go_on: Stream,
}

impl Sources {
    fn open() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
            stop: signal(SignalKind::from_raw(Number::TSTP.as_raw()))?,
            go_on: signal(SignalKind::from_raw(Number::CONT.as_raw()))?,
        })
    }

    async fn next(&mut self) -> Option<Signal> {
        let end = |number: Number| Signal::End(number.as_raw());
        tokio::select! {
            // An end before all else: a terminal that goes away sends both an end and a continue.
            biased;
            some = self.interrupt.recv() => some.map(|()| end(Number::INT)),
            some = self.terminate.recv() => some.map(|()| end(Number::TERM)),
            some = self.hangup.recv() => some.map(|()| end(Number::HUP)),
            some = self.quit.recv() => some.map(|()| end(Number::QUIT)),
            some = self.stop.recv() => some.map(|()| Signal::Stop),
            some = self.go_on.recv() => some.map(|()| Signal::Continue),
        }
    }
}

/// Whether there is a shell that would continue us: one that controls jobs gives each a process group of its own.
/// Without one, stopping would be for good.
pub(super) fn can_stop() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

/// Asks for what `C-z` asks for where a terminal is not raw. It goes to the whole group: what started us, such as
/// cargo, must stop too, or the shell never gets its turn. We are told of it as [`Signal::Stop`].
pub(super) fn ask_to_stop() -> io::Result<()> {
    Ok(kill_current_process_group(Number::TSTP)?)
}

/// Stops this process. It goes on after this when it is continued, and is told of that as [`Signal::Continue`].
pub(super) fn stop() -> io::Result<()> {
    Ok(kill_process(rustix::process::getpid(), Number::STOP)?)
}
