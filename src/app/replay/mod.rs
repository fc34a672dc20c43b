//! A recorded feed played through the console: what is played, how fast, and what answers in the service's place. Pure.

mod player;
mod speed;
mod stand_in;

use std::sync::Arc;

use crate::api::Arn;
use crate::messaging::recording::Tape;

pub use player::{Player, State};
pub use speed::Speed;
pub use stand_in::StandIn;

/// Said of whatever would need the service.
pub const NO_SERVICE: &str = "no service behind a replay";

/// The room of a file that does not say which room it is of: chat log records do not.
const SOMEWHERE: &str = "arn:aws:ivschat:replay:000000000000:room/replay000000";

/// What is to be played.
#[derive(Debug, Clone)]
pub struct Replay {
    /// The file's name, which is the room's, too.
    pub name: String,
    /// What it holds; at least one frame.
    pub tape: Arc<Tape>,
    /// How fast it begins.
    pub speed: Speed,
}

impl Replay {
    /// The room that was recorded, as far as the file says which.
    ///
    /// # Panics
    /// Never: the other ARN is one.
    pub fn room(&self) -> Arn {
        let recorded = self.tape.room.as_ref().and_then(|room| room.parse().ok());
        recorded.unwrap_or_else(|| SOMEWHERE.parse().expect("a test parses it"))
    }

    /// What answers in the service's place.
    pub fn stand_in(&self) -> StandIn {
        StandIn { room: self.room(), name: self.name.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_room_has_one_made_up() {
        let mut replay = Replay { name: "log.jsonl".into(), tape: Arc::new(Tape::default()), speed: Speed::default() };
        assert_eq!(replay.room().as_str(), SOMEWHERE);
        let room = Some("arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".to_owned());
        replay.tape = Arc::new(Tape { room: room.clone(), ..Tape::default() });
        assert_eq!(Some(replay.room().as_str()), room.as_deref());
        replay.tape = Arc::new(Tape { room: Some("nonsense".into()), ..Tape::default() });
        assert_eq!(replay.room().as_str(), SOMEWHERE);
    }
}
