//! Events of the application's own: a line of the feed each, told apart by whether this console sent them.

use jiff::Timestamp;

use crate::app::text::clean;
use crate::messaging::frame::Event;

use super::live::Room;
use super::row::{Body, Notice, Row};

/// Events sent from here that may still be on their way back. Where nobody listens they never come.
const AWAITED: usize = 16;

impl Room {
    /// The service took an event from this console, and gave it this id. The event itself may have come first.
    pub fn event_sent(&mut self, id: &str) {
        let is_it = |row: &&Row| matches!(&row.body, Body::Notice(Notice::Event { id: of, .. }) if **of == *id);
        let came = self.feed.last().and_then(|last| self.feed.back_from(last).find(is_it)).map(|row| row.seq);
        let row = came.and_then(|seq| self.feed.row_mut(seq));
        if let Some(Body::Notice(Notice::Event { ours, .. })) = row.map(|row| &mut row.body) {
            *ours = true;
        } else {
            self.awaited.truncate(AWAITED - 1);
            self.awaited.insert(0, id.into());
        }
    }

    /// An event that is called `name` came.
    pub(super) fn event_came(&mut self, time: Timestamp, name: &str, event: &Event) {
        let attributes = serde_json::to_string(&event.attributes).unwrap_or_default();
        let ours = self.awaited.iter().position(|id| **id == *event.id).map(|at| self.awaited.remove(at));
        let text = clean(&format!("{name} {attributes}"));
        self.tell(time, Notice::Event { id: event.id.as_str().into(), text, ours: ours.is_some() });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::app::room::live::Settings;
    use crate::messaging::EventKind;

    fn room() -> Room {
        let settings = Settings { user_id: "me".into(), scrollback: 100, ..Settings::default() };
        let arn = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".parse().unwrap();
        Room::new(arn, clean("lobby"), Arc::new(settings))
    }

    fn comes(room: &mut Room, id: &str) {
        let kind = EventKind::Custom("app:X".into());
        let event = Event { id: id.into(), request_id: None, kind, attributes: BTreeMap::new(), send_time: None };
        room.event_came(Timestamp::UNIX_EPOCH, "app:X", &event);
    }

    fn lines(room: &Room) -> Vec<String> {
        let words = |row: &Row| match &row.body {
            Body::Notice(notice) => notice.words(),
            Body::Message(_) => String::new(),
        };
        room.feed().from(0).map(words).collect()
    }

    #[test]
    fn an_event_is_ours_whether_it_or_its_answer_comes_first_and_nobody_else_s_is() {
        let mut room = room();
        room.event_sent("first");
        for id in ["other", "first", "second"] {
            comes(&mut room, id);
        }
        room.event_sent("second");
        assert_eq!(lines(&room), ["event app:X {}", "your event app:X {}", "your event app:X {}"]);
        comes(&mut room, "first");
        assert_eq!(lines(&room)[3], "event app:X {}", "an id is awaited once");
    }

    #[test]
    fn events_that_never_come_back_are_forgotten_the_oldest_first() {
        let mut room = room();
        for n in 0..=AWAITED {
            room.event_sent(&format!("e{n}"));
        }
        comes(&mut room, "e0");
        comes(&mut room, "e1");
        assert_eq!(lines(&room), ["event app:X {}", "your event app:X {}"]);
    }
}
