//! A room's feed goes to a file, on demand: what is asked of the runtime, and what the reader is told.

use jiff::Timestamp;

use crate::app::file::{Taped, Taping};
use crate::app::outbox::{Job, Outbox};
use crate::app::text::{Clean, clean};
use crate::messaging::Frame;
use crate::messaging::recording::{self, Gap};

use super::live::Room;

/// Said where there is nothing to end or to tell of.
const NOT_RECORDED: &str = "this room is not being recorded: :record FILE does";

/// A recording that goes on.
#[derive(Debug)]
pub(super) struct Recording {
    path: Clean,
    frames: u64,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The file is being opened; what comes meanwhile is written behind it.
    Opening,
    Running,
    Ending,
}

impl Recording {
    fn words(&self) -> String {
        let Self { path, frames, .. } = self;
        let frames = if *frames == 1 { "1 frame".to_owned() } else { format!("{frames} frames") };
        format!("{frames} in {}", path.as_str())
    }
}

impl Room {
    /// Whether what comes is being written to a file.
    pub fn is_recording(&self) -> bool {
        self.recording.as_ref().is_some_and(|recording| recording.state != State::Ending)
    }

    /// Writes what comes from now on to a file.
    pub fn begin_recording(&mut self, path: String, now: Timestamp, outbox: &mut Outbox) {
        if let Some(recording) = &self.recording {
            let path = recording.path.as_str();
            return outbox.bad(match recording.state {
                State::Opening | State::Running => format!(":record stop first: it goes to {path}"),
                State::Ending => format!("{path} is still being written: try again"),
            });
        }
        self.recording = Some(Recording { path: clean(&path), frames: 0, state: State::Opening });
        let header = recording::header(self.arn.as_str(), self.title.as_str(), now);
        outbox.push(Job::Tape(self.arn.clone(), Taping::Begin { path, header }));
    }

    /// Writes no more.
    pub fn end_recording(&mut self, outbox: &mut Outbox) {
        match &mut self.recording {
            Some(recording) if recording.state != State::Ending => {
                recording.state = State::Ending;
                outbox.push(Job::Tape(self.arn.clone(), Taping::End));
            }
            Some(_) => {}
            None => outbox.hint(NOT_RECORDED),
        }
    }

    /// Tells how far a recording is.
    pub fn tell_recording(&self, outbox: &mut Outbox) {
        match &self.recording {
            Some(recording) => outbox.hint(format!("recording: {}", recording.words())),
            None => outbox.hint(NOT_RECORDED),
        }
    }

    /// A frame came that the reader is shown.
    pub(super) fn record(&mut self, now: Timestamp, frame: &Frame, outbox: &mut Outbox) {
        if let Some(recording) = self.recording.as_mut().filter(|recording| recording.state != State::Ending) {
            recording.frames += 1;
            let line = recording::line(self.arn.as_str(), now, frame);
            outbox.push(Job::Tape(self.arn.clone(), Taping::Line(line)));
        }
    }

    /// Nothing came from `from` on, for this reason; `until` when, if it does again.
    pub(super) fn record_gap(&self, from: Timestamp, until: Option<Timestamp>, why: &str, outbox: &mut Outbox) {
        if self.is_recording() {
            let gap = Gap { from, until, why: why.to_owned() };
            outbox.push(Job::Tape(self.arn.clone(), Taping::Line(recording::gap(self.arn.as_str(), &gap))));
        }
    }

    /// Something has become of the file.
    pub fn taped(&mut self, taped: Taped, outbox: &mut Outbox) {
        let Some(recording) = &mut self.recording else { return };
        match taped {
            Taped::Began { path, appended } => {
                recording.path = clean(&path);
                if recording.state == State::Opening {
                    recording.state = State::Running;
                }
                let how = if appended { "recording goes on in" } else { "recording to" };
                outbox.good(format!("{how} {}", recording.path.as_str()));
            }
            Taped::Ended(Ok(())) => {
                outbox.good(format!("recorded: {}", recording.words()));
                self.recording = None;
            }
            Taped::Ended(Err(why)) => {
                let what = if recording.state == State::Opening { "not recorded" } else { "recording ended" };
                outbox.bad(format!("{what}: {}", clean(&why).as_str()));
                self.recording = None;
            }
        }
    }
}
