//! The only place where things really happen: the terminal, the sockets, the clock.
//!
//! One loop feeds the console with what happens and carries out what it asks for. Calls, timers and connections live
//! in one set of tasks, each of which ends in a message; a task that panics becomes one too. Frames come through one
//! bounded channel. The screen is drawn at once when something changed and nothing is queued; under load, what queued
//! up since the last frame is the next one's batch.

mod input;
mod jobs;
mod screen;
mod terminal;

use std::io;
use std::time::Duration;

use crossterm::event::EventStream;
use futures_util::StreamExt;
use jiff::Timestamp;
use tokio::time::{Instant, sleep_until};

use crate::api::client::Client;
use crate::app::{App, Job, Msg};
use crate::messaging::tls::Tls;

use jobs::Jobs;
use terminal::{Signals, Terminal};

/// The shortest time between two frames that nobody asked for by a key: chat that rolls by faster can't be read, and
/// the line and the processor have better things to do.
const FRAME: Duration = Duration::from_millis(33);

/// What the console reaches the world through.
#[derive(Debug, Clone)]
pub struct Services {
    /// The control plane.
    pub client: Client,
    /// The messaging API's URL.
    pub messaging: String,
    /// Certificate roots of the connections.
    pub tls: Tls,
}

/// How the console ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The reader left.
    Left,
    /// A signal told it to; the process should exit with 128 and this number.
    Signal(i32),
}

/// Runs the console in this terminal until the reader leaves. The terminal is as it was afterwards, whatever happens.
///
/// # Errors
/// If there is no terminal, or it fails or goes away.
pub async fn run(settings: crate::app::Settings, services: Services) -> io::Result<Ending> {
    let mut terminal = Terminal::enter()?;
    let app = App::new(settings, Timestamp::now(), crossterm::terminal::size()?);
    let result = Loop::new(app, services)?.run(&mut terminal).await;
    terminal.leave()?;
    result
}

/// What one turn of the loop means for the next.
enum Turn {
    /// Something may have changed; draw when the time is right.
    Changed,
    /// A key was pressed: its effect is drawn at once.
    Pressed,
    /// It is over.
    Over(Ending),
}

struct Loop {
    app: App,
    jobs: Jobs,
    events: EventStream,
    signals: Signals,
    drawn: Instant,
}

impl Loop {
    fn new(app: App, services: Services) -> io::Result<Self> {
        Ok(Self {
            app,
            jobs: Jobs::new(services),
            events: EventStream::new(),
            signals: Signals::new()?,
            drawn: Instant::now(),
        })
    }

    async fn run(mut self, terminal: &mut Terminal) -> io::Result<Ending> {
        terminal.draw(&self.app)?;
        let first = self.app.start();
        if let Some(ending) = self.carry_out(first, terminal)? {
            return Ok(ending);
        }
        let mut dirty = true;
        loop {
            match self.turn(dirty, terminal).await? {
                Turn::Over(ending) => return Ok(ending),
                Turn::Changed => dirty = true,
                Turn::Pressed => {
                    self.drawn = Instant::now();
                    terminal.draw(&self.app)?;
                    dirty = false;
                }
            }
            if dirty && self.drawn.elapsed() >= FRAME {
                self.drawn = Instant::now();
                terminal.draw(&self.app)?;
                dirty = false;
            }
        }
    }

    /// Waits for the next thing, keys before frames: a flood must not keep the reader waiting.
    async fn turn(&mut self, dirty: bool, terminal: &mut Terminal) -> io::Result<Turn> {
        tokio::select! {
            biased;
            signal = self.signals.next() => Ok(Turn::Over(Ending::Signal(signal))),
            event = self.events.next() => match event {
                Some(Ok(event)) => match input::message(event) {
                    Some(msg) => self.take(msg, terminal).map(|ending| ending.map_or(Turn::Pressed, Turn::Over)),
                    None => Ok(Turn::Changed),
                },
                Some(Err(error)) => Err(error),
                None => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the terminal is gone")),
            },
            () = sleep_until(self.drawn + FRAME), if dirty => Ok(Turn::Changed),
            msg = self.jobs.next() => self.take(msg, terminal).map(|ending| ending.map_or(Turn::Changed, Turn::Over)),
        }
    }

    fn take(&mut self, msg: Msg, terminal: &mut Terminal) -> io::Result<Option<Ending>> {
        let jobs = self.app.update(Timestamp::now(), msg);
        self.carry_out(jobs, terminal)
    }

    fn carry_out(&mut self, jobs: Vec<Job>, terminal: &mut Terminal) -> io::Result<Option<Ending>> {
        for job in jobs {
            match job {
                Job::Quit => return Ok(Some(Ending::Left)),
                Job::Suspend => {
                    let (width, height) = terminal.suspend()?;
                    let more = self.app.update(Timestamp::now(), Msg::Resize(width, height));
                    self.jobs.start_all(more);
                }
                other => self.jobs.start(other),
            }
        }
        Ok(None)
    }
}
