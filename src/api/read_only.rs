//! The switch that keeps a console from changing anything: what it stops never reaches the wire.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::operation::{Call, Effect};

/// Whether changes are refused. Clones are the same switch: who holds one sees at once what another does to it.
#[derive(Debug, Clone, Default)]
pub struct ReadOnly(Arc<AtomicBool>);

impl ReadOnly {
    /// A switch that stands so.
    pub fn new(on: bool) -> Self {
        Self(Arc::new(AtomicBool::new(on)))
    }

    /// Whether changes are refused now.
    pub fn is_on(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Has changes refused from now on, or lets them pass.
    pub fn set(&self, on: bool) {
        self.0.store(on, Ordering::SeqCst);
    }

    /// Whether this call is refused now.
    pub fn refuses(&self, call: &Call) -> bool {
        self.is_on() && changes(call)
    }
}

/// Whether a call changes something, or hands out the right to. A token that only reads along does neither: without one
/// nobody could watch.
fn changes(call: &Call) -> bool {
    match call.spec.effect {
        Effect::Reads => false,
        Effect::Issues => {
            let body = call.request.body.as_ref();
            let capabilities = body.and_then(|body| body.get("capabilities")).and_then(|list| list.as_array());
            capabilities.is_some_and(|capabilities| !capabilities.is_empty())
        }
        Effect::Changes | Effect::Destroys => true,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::api::model::Capability;
    use crate::api::ops::{CreateChatToken, CreateRoom, DeleteRoom, ListRooms, SendEvent};
    use crate::api::{Arn, Operation};

    fn arn() -> Arn {
        "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".parse().unwrap()
    }

    fn token(capabilities: Vec<Capability>) -> Call {
        let token = CreateChatToken {
            room_identifier: arn(),
            user_id: "nadia".to_owned(),
            capabilities,
            session_duration_in_minutes: None,
            attributes: BTreeMap::new(),
        };
        token.call()
    }

    #[test]
    fn what_changes_something_or_hands_out_the_right_to_is_refused_and_the_rest_is_not() {
        let switch = ReadOnly::new(true);
        let event = SendEvent { room_identifier: arn(), event_name: "x".to_owned(), attributes: BTreeMap::new() };
        for call in [
            CreateRoom::default().call(),
            DeleteRoom { identifier: arn() }.call(),
            event.call(),
            token(vec![Capability::SendMessage]),
        ] {
            assert!(switch.refuses(&call), "{}", call.spec.name);
        }
        for call in [ListRooms::default().call(), token(Vec::new())] {
            assert!(!switch.refuses(&call), "{}", call.spec.name);
        }
        switch.clone().set(false);
        assert!(!switch.refuses(&CreateRoom::default().call()), "clones are the same switch");
    }
}
