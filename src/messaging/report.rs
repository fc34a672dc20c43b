//! What a session tells while it lasts; how it ends is told by [`Ended`](super::Ended).

use super::frame::Frame;

/// What a session tells while it lasts.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// The handshake is done: frames will come, and what is published is sent. Comes first, and once.
    Opened,
    /// What came since the last report, in order: at least one frame, at most
    /// [`BATCH`](super::session::BATCH).
    Frames(Vec<Frame>),
}
