//! Runs the console without a screen: lines come from the standard input, and lines go to the standard output.
//!
//! Nothing but lines is ever written: no cursor moves and no colour, as whoever reads may be a program that speaks.

use std::io::{self, BufRead, IsTerminal, Read as _, Write};
use std::thread;

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::app::outbox::Copied;
use crate::app::{App, Job, Msg};
use crate::plain::{SIZE, Session};

use super::clipboard::Way;
use super::jobs::Jobs;
use super::signals::{self, Signal, Signals};
use super::{Ending, Services, is_gone, log};

/// Lines that may wait to be taken; beyond it they wait in the pipe.
const QUEUE: usize = 64;

/// Bytes of a line; what is longer is no line that anybody typed.
const LONGEST: u64 = 65_536;

/// Messages that are taken before what is new is told: what came together is told together.
const BATCH: usize = 64;

/// Why nothing is copied where only a terminal's own sequence could do it.
const NO_CLIPBOARD: &str = "without a screen only the clipboard of tmux is reached";

/// Runs the console until the lines end, or a line ends it.
///
/// # Errors
/// If input or output fail.
pub async fn run(settings: crate::app::Settings, services: Services) -> io::Result<Ending> {
    let signals = Signals::listen()?;
    log::opened(settings.who.profile.as_deref(), settings.endpoint.as_deref(), SIZE);
    let app = App::new(settings, Timestamp::now(), SIZE);
    let talks = io::stdin().is_terminal();
    let mut console = Loop {
        clipboard: services.clipboard.clone(),
        jobs: Jobs::new(services),
        lines: read(),
        next: None,
        ended: false,
        session: Session::new(),
        signals,
        talks,
        prompt: Prompt::Owed,
        rest: None,
        app,
    };
    let result = console.run().await;
    let wrong = console.session.wrong();
    console.jobs.close().await;
    let result = match result {
        // Somebody who talks has been told; a script can only look at this.
        Ok(Ending::Left) if wrong > 0 && !talks => Ok(Ending::Amiss),
        Err(error) if is_gone(&error) => Ok(Ending::HANGUP),
        other => other,
    };
    log::left(&result);
    result
}

/// A line that was typed; none in place of one that is too long.
type Line = Option<String>;

/// The lines of the standard input, read by a thread of its own.
fn read() -> mpsc::Receiver<io::Result<Line>> {
    let (sender, lines) = mpsc::channel(QUEUE);
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(line) = next_line(&mut input).transpose() {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// The next line, as what can be read of it. What is too long is dropped as a whole: its rest is no line of its own.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut bytes = Vec::new();
    if input.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.len() as u64 == LONGEST && !bytes.ends_with(b"\n") {
        while !bytes.ends_with(b"\n") {
            bytes.clear();
            if input.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
        }
        return Ok(Some(None));
    }
    Ok(Some(Some(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned())))
}

/// What stands before a line that somebody types: once for each line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prompt {
    /// It is to be written as soon as a line can be taken.
    Owed,
    /// It was written, and nothing behind it.
    Written,
    /// It was written, and other lines came between; or somebody has answered.
    Past,
}

struct Loop {
    app: App,
    session: Session,
    clipboard: super::clipboard::Clipboard,
    jobs: Jobs,
    lines: mpsc::Receiver<io::Result<Line>>,
    /// A line that waits until what it may depend on is here.
    next: Option<String>,
    /// No line will come any more.
    ended: bool,
    signals: Signals,
    /// Whether somebody types, rather than a script.
    talks: bool,
    prompt: Prompt,
    /// When the next line may be taken.
    rest: Option<Instant>,
}

impl Loop {
    async fn run(&mut self) -> io::Result<Ending> {
        let first = self.app.start();
        if let Some(ending) = self.carry_out(first)? {
            return Ok(ending);
        }
        // Whose console it is comes before whatever is said.
        while !self.app.is_told_who() {
            let ending = tokio::select! {
                biased;
                Some(signal) = self.signals.next() => obey(signal)?,
                msg = self.jobs.next() => {
                    let jobs = self.app.update(Timestamp::now(), msg);
                    self.carry_out(jobs)?
                }
            };
            if let Some(ending) = ending {
                return Ok(ending);
            }
        }
        self.session.greet(&self.app);
        loop {
            if let Some(ending) = self.tell()? {
                return Ok(ending);
            }
            if let Some(ending) = self.take_line()? {
                return Ok(ending);
            }
            if self.ended && self.next.is_none() && self.rest.is_none() && self.session.is_done(&self.app) {
                return Ok(Ending::Left);
            }
            self.ask()?;
            if let Some(ending) = self.turn().await? {
                return Ok(ending);
            }
        }
    }

    /// Waits for the next thing, lines before frames: a flood must not keep the reader waiting.
    async fn turn(&mut self) -> io::Result<Option<Ending>> {
        let rest = self.rest;
        tokio::select! {
            biased;
            Some(signal) = self.signals.next() => obey(signal),
            line = self.lines.recv(), if self.next.is_none() && !self.ended => {
                match line.transpose()? {
                    Some(None) => self.session.refuse_long_line(),
                    Some(Some(line)) => {
                        // The reader's own line end has ended the line of the prompt.
                        self.prompt = Prompt::Past;
                        self.next = Some(line);
                    }
                    None => {
                        self.ended = true;
                        self.session.end_of_lines(&self.app);
                    }
                }
                Ok(None)
            }
            () = sleep_until(rest.unwrap_or_else(Instant::now)), if rest.is_some() => {
                self.rest = None;
                Ok(None)
            }
            msg = self.jobs.next() => {
                let mut msg = Some(msg);
                for _ in 0..BATCH {
                    let Some(next) = msg else { break };
                    if let Some(ending) = self.hear(next)? {
                        return Ok(Some(ending));
                    }
                    msg = self.jobs.next().now_or_never();
                }
                msg.map_or(Ok(None), |last| self.hear(last))
            }
        }
    }

    fn hear(&mut self, msg: Msg) -> io::Result<Option<Ending>> {
        let jobs = self.app.update(Timestamp::now(), msg);
        self.carry_out(jobs)
    }

    /// Takes the line that waits, if it may be taken now.
    fn take_line(&mut self) -> io::Result<Option<Ending>> {
        let ready = self.rest.is_none() && self.session.is_ready(&self.app);
        let Some(line) = self.next.take_if(|line| ready || Session::may_interrupt(line)) else { return Ok(None) };
        let turn = self.session.take(&mut self.app, Timestamp::now(), &line);
        self.rest = turn.rest.map(|rest| Instant::now() + rest);
        if let Some(ending) = self.carry_out(turn.jobs)? {
            return Ok(Some(ending));
        }
        self.prompt = Prompt::Owed;
        self.tell()
    }

    /// Says what is new.
    fn tell(&mut self) -> io::Result<Option<Ending>> {
        let told = self.session.tell(&mut self.app, Timestamp::now());
        if !told.lines.is_empty() {
            let mut out = io::stdout().lock();
            let begin = if self.prompt == Prompt::Written { "\n" } else { "" };
            writeln!(out, "{begin}{}", told.lines.join("\n"))?;
            out.flush()?;
            if self.prompt == Prompt::Written {
                self.prompt = Prompt::Past;
            }
        }
        self.carry_out(told.jobs)
    }

    /// What stands before a line that is typed. A script needs none.
    fn ask(&mut self) -> io::Result<()> {
        if self.talks && self.prompt == Prompt::Owed && self.session.is_ready(&self.app) {
            let mut out = io::stdout().lock();
            write!(out, "{}", self.session.prompt(&self.app))?;
            out.flush()?;
            self.prompt = Prompt::Written;
        }
        Ok(())
    }

    fn carry_out(&mut self, jobs: Vec<Job>) -> io::Result<Option<Ending>> {
        for job in jobs {
            match job {
                Job::Quit => {
                    // What there is still to say is said.
                    return self.tell().map(|_| Some(Ending::Left));
                }
                Job::Suspend if signals::can_stop() => signals::ask_to_stop()?,
                Job::Copy(Copied { what, text }) => match self.clipboard.way() {
                    Ok(Way::Tmux) => self.jobs.copy_with_tmux(what, text),
                    Ok(Way::Terminal(_)) => self.jobs.tell(Msg::Copied(what, Err(NO_CLIPBOARD.to_owned()))),
                    Err(why) => self.jobs.tell(Msg::Copied(what, Err(why))),
                },
                Job::CopyToken(_) => {
                    let why = "show tells it, write keeps it in a file".to_owned();
                    self.jobs.tell(Msg::Copied("the token".to_owned(), Err(why)));
                }
                Job::Edit(draft) => {
                    let why = "an editor needs a screen".to_owned();
                    self.jobs.tell(Msg::Edited(draft.ticket, Err(why)));
                }
                other => self.jobs.start(other),
            }
        }
        Ok(None)
    }
}

/// Does what a signal asks for. Nothing is to be put in order: the terminal is as it was.
fn obey(signal: Signal) -> io::Result<Option<Ending>> {
    match signal {
        Signal::End(number) => return Ok(Some(Ending::Signal(number))),
        Signal::Stop if signals::can_stop() => signals::stop()?,
        Signal::Stop | Signal::Continue => {}
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_for_a_line_is_dropped_as_a_whole() {
        let long = "x".repeat(200_000);
        let text = format!("open a\r\n{long}delete 1\nstatus\n\u{fffd}end");
        let mut input = io::Cursor::new(text.into_bytes());
        let mut lines = Vec::new();
        while let Some(line) = next_line(&mut input).unwrap() {
            lines.push(line);
        }
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(lines, [some("open a"), None, some("status"), some("\u{fffd}end")]);
    }
}
