//! The console plays a recorded feed: what is due goes into its room, and what would need the service is refused.

use ratatui::text::Span;

use crate::app::keys::Command;
use crate::app::msg::{Ticket, Timer};
use crate::app::outbox::Outbox;
use crate::app::replay::{NO_SERVICE, Player, Speed, State};
use crate::app::room::Room;
use crate::app::text::clean;

use super::App;
use super::unlocking::changes;

/// What `:replay` asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Order {
    Speed(Speed),
    Pause,
    GoOn,
    Again,
    Tell,
}

/// What `:replay` comes to with these words.
///
/// # Errors
/// If they mean nothing.
fn read(words: &[String]) -> Result<Order, String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => Ok(Order::Tell),
        ["speed", speed] => Ok(Order::Speed(speed.parse()?)),
        ["speed"] => Err("give a speed: 10 is ten times as fast as it came, max is at once".to_owned()),
        ["pause"] => Ok(Order::Pause),
        ["go"] => Ok(Order::GoOn),
        ["again"] => Ok(Order::Again),
        _ => Err(format!("replay does not know {:?}, but speed N, pause, go, again", words.join(" "))),
    }
}

impl App {
    /// The room of a replay opens by itself.
    pub(super) fn start_replay(&mut self, outbox: &mut Outbox) {
        let Some(replay) = self.settings.replay.clone() else { return };
        let arn = replay.room();
        let mut room = Room::new(arn.clone(), clean(&replay.name), self.room_settings.clone());
        // What the reader looks for stays what they look for.
        if let Some(before) = self.live.get(&arn).and_then(Room::filter) {
            room.set_filter(before.text().0);
        }
        self.live.insert(arn.clone(), room);
        self.show_chat(&arn);
        if let Some((line, why)) = &replay.tape.first_broken {
            let lines = if replay.tape.broken == 1 { "1 line" } else { &format!("{} lines", replay.tape.broken) };
            outbox.bad(format!("{lines} can't be read, first line {line}: {why}"));
        }
        self.play(outbox);
    }

    /// The time for what comes next has come.
    pub(super) fn replay_due(&mut self, ticket: Ticket, outbox: &mut Outbox) {
        if self.replay.as_ref().is_some_and(|player| player.is_turn(ticket)) {
            self.play(outbox);
        }
    }

    /// Plays what is due, and asks to be woken for the next.
    fn play(&mut self, outbox: &mut Outbox) {
        let (Some(player), Some(replay)) = (&mut self.replay, &self.settings.replay) else { return };
        let due = player.take_due();
        if let Some(room) = self.live.get_mut(&replay.room()) {
            for recorded in due {
                room.play(recorded, outbox);
            }
            room.played(outbox);
        }
        self.now = player.clock();
        match player.wait() {
            Some((wait, ticket)) => outbox.after(wait, Timer::Replay(ticket)),
            None if player.state() == State::Over => outbox.hint("all was played: :replay again begins anew"),
            None => {}
        }
    }

    /// What `:replay` comes to here.
    ///
    /// # Errors
    /// If nothing is replayed here, or the words mean nothing.
    pub(super) fn replay_act(&self, words: &[String]) -> Result<Order, String> {
        if self.replay.is_none() {
            return Err("nothing is replayed here: start `ivschat replay FILE`".to_owned());
        }
        read(words)
    }

    pub(super) fn order_replay(&mut self, order: Order, outbox: &mut Outbox) {
        let Some(player) = &mut self.replay else { return };
        match order {
            Order::Speed(speed) => {
                player.set_speed(speed);
                outbox.good(format!("replay {speed}"));
            }
            Order::Pause => player.pause(true),
            Order::GoOn => player.pause(false),
            Order::Again => {
                player.rewind();
                self.now = player.clock();
                return self.start_replay(outbox);
            }
            Order::Tell => return outbox.hint(":replay speed N | pause | go | again"),
        }
        self.play(outbox);
    }

    /// Whether this needs the service and there is none; then that is said.
    pub(super) fn is_out_of_reach(&self, command: Command, outbox: &mut Outbox) -> bool {
        let refused = self.replay.is_some() && needs_service(command);
        if refused {
            outbox.hint(NO_SERVICE);
        }
        refused
    }

    /// How far a replay is, in place of what the connection does.
    pub(super) fn replay_status(&self, player: &Player) -> Vec<Span<'static>> {
        let look = self.settings.look;
        let (done, all) = player.progress();
        let (words, style) = match player.state() {
            State::Playing => (format!("replay {}", player.speed()), look.good()),
            State::Paused => ("replay paused".to_owned(), look.busy()),
            State::Over => ("replay over".to_owned(), look.busy()),
        };
        let mut spans = vec![Span::styled(words, style), Span::styled(format!("  {done}/{all}"), look.quiet())];
        if player.broken() > 0 {
            spans.push(Span::styled(format!("  {} unreadable", player.broken()), look.bad()));
        }
        spans
    }
}

/// Whether a key's command asks the service for something. What is not named here and does, is refused when it asks.
fn needs_service(command: Command) -> bool {
    changes(command) || matches!(command, Command::LeaveIdentity | Command::Watch | Command::Refresh)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Order, String> {
        read(&line.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn orders_are_read() {
        assert_eq!(words(""), Ok(Order::Tell));
        assert_eq!(words("speed 10"), Ok(Order::Speed(Speed::Times(10.0))));
        assert_eq!(words("speed max"), Ok(Order::Speed(Speed::AtOnce)));
        assert_eq!(
            (words("pause"), words("go"), words("again")),
            (Ok(Order::Pause), Ok(Order::GoOn), Ok(Order::Again))
        );
        for wrong in ["speed", "speed fast", "speed 1 2", "stop", "pause now"] {
            assert!(words(wrong).is_err(), "{wrong}");
        }
    }
}
