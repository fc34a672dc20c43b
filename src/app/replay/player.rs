//! Where the playing of a recorded feed stands: what is due, when the next is, and what time it is in there.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::app::msg::Ticket;
use crate::messaging::recording::{Recorded, Tape};

use super::{Replay, Speed};

/// Frames that are played at once before the keys have their turn.
const CHUNK: usize = 500;
/// The shortest wait for a frame that is not due yet.
const TICK: Duration = Duration::from_millis(1);

/// Whether it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It does.
    Playing,
    /// It waits for the reader.
    Paused,
    /// All was played.
    Over,
}

/// A recorded feed that is being played.
#[derive(Debug)]
pub struct Player {
    tape: Arc<Tape>,
    /// The place of the frame that comes next.
    next: usize,
    speed: Speed,
    state: State,
    /// The time outside, as it was told last.
    real: Timestamp,
    /// A time outside, and the time in there that it was then: from there on both go on.
    anchor: (Timestamp, Timestamp),
    /// That of the timer for what is due next; older ones are dropped.
    turn: Ticket,
}

impl Player {
    /// One that begins at `real` with the first frame's time.
    pub fn new(replay: &Replay, real: Timestamp) -> Self {
        let begins = replay.tape.frames.first().map_or(real, |first| first.at);
        Self {
            tape: Arc::clone(&replay.tape),
            next: 0,
            speed: replay.speed,
            state: State::Playing,
            real,
            anchor: (real, begins),
            turn: Ticket::default(),
        }
    }

    /// Takes the time outside, which is `real` now; the time in there.
    pub fn tick(&mut self, real: Timestamp) -> Timestamp {
        self.real = self.real.max(real);
        self.clock()
    }

    /// The time in there: it stands still while nothing is played.
    pub fn clock(&self) -> Timestamp {
        let (real, then) = self.anchor;
        match (self.state, self.speed) {
            (State::Playing, Speed::Times(times)) => {
                let passed = self.real.duration_since(real).mul_f64(times);
                let end = self.tape.frames.last().map_or(then, |last| last.at);
                then.saturating_add(passed).unwrap_or(end).min(end)
            }
            (State::Playing, Speed::AtOnce) | (State::Paused | State::Over, _) => then,
        }
    }

    /// What is due now, not too much at once. Whoever takes it has to play it.
    pub fn take_due(&mut self) -> Vec<Recorded> {
        if self.state != State::Playing {
            return Vec::new();
        }
        let clock = self.clock();
        let rest = &self.tape.frames[self.next..];
        let due = rest.iter().take(CHUNK).take_while(|recorded| match self.speed {
            Speed::AtOnce => true,
            Speed::Times(_) => recorded.at <= clock,
        });
        let due: Vec<Recorded> = due.cloned().collect();
        self.next += due.len();
        if let (Speed::AtOnce, Some(last)) = (self.speed, due.last()) {
            self.anchor = (self.real, last.at);
        }
        if self.next == self.tape.frames.len() {
            self.set_state(State::Over);
        }
        due
    }

    /// How long it is until something is due, and the ticket of the timer for it; none while nothing is played.
    pub fn wait(&mut self) -> Option<(Duration, Ticket)> {
        let next = self.tape.frames.get(self.next).filter(|_| self.state == State::Playing)?;
        self.turn.0 += 1;
        let left = match self.speed {
            Speed::AtOnce => Duration::ZERO,
            Speed::Times(times) => {
                let left = next.at.duration_since(self.clock()).max(SignedDuration::ZERO);
                // Chat that was recorded for a year at the slowest speed still fits.
                Duration::try_from_secs_f64(left.as_secs_f64() / times).unwrap_or(Duration::MAX).max(TICK)
            }
        };
        Some((left, self.turn))
    }

    /// Whether this is the timer that was asked for last.
    pub fn is_turn(&self, ticket: Ticket) -> bool {
        self.turn == ticket
    }

    /// Goes on as fast as this.
    pub fn set_speed(&mut self, speed: Speed) {
        self.anchor = (self.real, self.clock());
        self.speed = speed;
    }

    /// Stands still, or goes on if there is more to play.
    pub fn pause(&mut self, pause: bool) {
        match (self.state, pause) {
            (State::Playing, true) => self.set_state(State::Paused),
            (State::Paused, false) => self.set_state(State::Playing),
            (State::Playing | State::Over, false) | (State::Paused | State::Over, true) => {}
        }
    }

    fn set_state(&mut self, state: State) {
        self.anchor = (self.real, self.clock());
        self.state = state;
    }

    /// Begins anew.
    pub fn rewind(&mut self) {
        let begins = self.tape.frames.first().map_or(self.real, |first| first.at);
        self.next = 0;
        self.state = State::Playing;
        self.anchor = (self.real, begins);
    }

    /// Whether it goes on.
    pub fn state(&self) -> State {
        self.state
    }

    /// How fast.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// How many frames have been played, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        (self.next, self.tape.frames.len())
    }

    /// How many lines of the file can't be read.
    pub fn broken(&self) -> usize {
        self.tape.broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messaging::Frame;
    use crate::messaging::recording::What;

    fn at(seconds: f64) -> Timestamp {
        let start: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        start + SignedDuration::try_from_secs_f64(seconds).unwrap()
    }

    /// The same moment, years later.
    fn later(seconds: f64) -> Timestamp {
        at(seconds) + SignedDuration::from_hours(24 * 1000)
    }

    fn player(times: &[f64], speed: Speed) -> Player {
        let frame = |time: &f64| Recorded { at: at(*time), what: What::Frame(Frame::parse("{}")) };
        let tape = Tape { frames: times.iter().map(frame).collect(), ..Tape::default() };
        Player::new(&Replay { name: "f".into(), tape: Arc::new(tape), speed }, later(0.0))
    }

    fn due(player: &mut Player, real: f64) -> usize {
        player.tick(later(real));
        player.take_due().len()
    }

    #[test]
    fn frames_come_at_their_times_from_the_first_on() {
        let mut player = player(&[100.0, 101.0, 103.0], Speed::default());
        assert_eq!(due(&mut player, 0.0), 1);
        assert_eq!(player.wait().unwrap().0, Duration::from_secs(1));
        assert_eq!((due(&mut player, 0.9), due(&mut player, 1.0)), (0, 1));
        assert_eq!(player.tick(later(2.5)), at(102.5));
        assert_eq!((due(&mut player, 9.0), player.state(), player.wait()), (1, State::Over, None));
        assert_eq!(player.tick(later(99.0)), at(103.0), "time stands still when all was played");
    }

    #[test]
    fn the_speed_can_change_while_it_runs() {
        let mut player = player(&[0.0, 10.0, 20.0], Speed::Times(10.0));
        assert_eq!((due(&mut player, 0.0), player.wait().unwrap().0), (1, Duration::from_secs(1)));
        assert_eq!(due(&mut player, 1.5), 1);
        player.set_speed(Speed::Times(0.5));
        assert_eq!(player.tick(later(1.5)), at(15.0), "it goes on from where it is");
        assert_eq!(player.wait().unwrap().0, Duration::from_secs(10));
        player.set_speed(Speed::AtOnce);
        assert_eq!((player.wait().unwrap().0, due(&mut player, 1.5)), (Duration::ZERO, 1));
        assert_eq!(player.tick(later(1.5)), at(20.0));
    }

    #[test]
    fn a_pause_stops_the_time_and_a_stale_timer_means_nothing() {
        let mut player = player(&[0.0, 10.0], Speed::default());
        assert_eq!(due(&mut player, 0.0), 1);
        let (_, turn) = player.wait().unwrap();
        player.tick(later(4.0));
        player.pause(true);
        assert_eq!((player.tick(later(50.0)), player.wait(), due(&mut player, 60.0)), (at(4.0), None, 0));
        player.pause(false);
        assert_eq!(player.wait().unwrap().0, Duration::from_secs(6));
        assert!(!player.is_turn(turn));
        assert_eq!(due(&mut player, 66.0), 1);
        player.pause(true);
        assert_eq!(player.state(), State::Over, "what is over can't be paused");
        player.rewind();
        assert_eq!((player.clock(), player.progress(), due(&mut player, 66.0)), (at(0.0), (0, 2), 1));
    }

    #[test]
    fn at_once_leaves_the_keys_their_turn() {
        let times: Vec<f64> = (0..1200).map(f64::from).collect();
        let mut player = player(&times, Speed::AtOnce);
        let mut chunks = Vec::new();
        while player.wait().is_some() {
            chunks.push(due(&mut player, 0.0));
        }
        assert_eq!(chunks, [CHUNK, CHUNK, 200]);
    }

    #[test]
    fn a_clock_outside_that_goes_back_does_no_harm() {
        let mut player = player(&[0.0, 10.0], Speed::default());
        player.tick(later(5.0));
        assert_eq!(player.tick(later(-100.0)), at(5.0));
    }
}
