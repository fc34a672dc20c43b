//! What was recorded goes into a room as if it came now, at the time when it came then.

use crate::app::outbox::Outbox;
use crate::app::text::clean;
use crate::messaging::recording::{Gap, Recorded, What};

use super::live::Room;
use super::row::Notice;

impl Room {
    /// Something recorded.
    pub fn play(&mut self, Recorded { at, what }: Recorded, outbox: &mut Outbox) {
        match what {
            What::Frame(frame) => self.take(at, frame, outbox),
            What::Gap(Gap { from, until: None, why }) => self.tell(from, Notice::Stopped(clean(&why))),
            What::Gap(Gap { from, until, why }) => self.tell(from, Notice::Gap { from, until, why: clean(&why) }),
        }
    }

    /// Some of them have been played.
    pub fn played(&mut self, outbox: &mut Outbox) {
        self.count_later(outbox);
    }
}
