//! `:record`: the feed of the room that is shown goes to a file, on demand.

use crate::api::Arn;
use crate::app::outbox::Outbox;

use super::App;

/// What `:record` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Order {
    /// Begin, into this file.
    Begin(String),
    /// End.
    End,
    /// Tell how far it is.
    Tell,
}

impl App {
    /// What `:record` comes to with this argument, and of which room.
    ///
    /// # Errors
    /// If no live room is shown.
    pub(super) fn record_act(&self, argument: Option<&str>) -> Result<(Arn, Order), String> {
        if self.replay.is_some() {
            return Err("a replay is not recorded: it comes from a file already".to_owned());
        }
        let room = self.shown_room().ok_or("only a live room can be recorded: open one first")?;
        let order = match argument {
            None => Order::Tell,
            Some("stop") => Order::End,
            Some("") => return Err("give the name of a file, or stop".to_owned()),
            Some(path) => Order::Begin(path.to_owned()),
        };
        Ok((room.arn().clone(), order))
    }

    pub(super) fn record(&mut self, arn: &Arn, order: Order, outbox: &mut Outbox) {
        let now = self.now;
        let Some(room) = self.live.get_mut(arn) else { return };
        match order {
            Order::Begin(path) => room.begin_recording(path, now, outbox),
            Order::End => room.end_recording(outbox),
            Order::Tell => room.tell_recording(outbox),
        }
    }
}
