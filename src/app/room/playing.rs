//! What was recorded goes into a room as if it came now, at the time when it came then.

use crate::app::outbox::Outbox;
use crate::messaging::recording::Recorded;

use super::live::Room;

impl Room {
    /// A recorded frame.
    pub fn play(&mut self, Recorded { at, frame }: Recorded, outbox: &mut Outbox) {
        self.take(at, frame, outbox);
    }

    /// Some of them have been played.
    pub fn played(&mut self, outbox: &mut Outbox) {
        self.count_later(outbox);
    }
}
