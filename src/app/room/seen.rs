//! What has come already: a message or an event that comes over two connections is taken once.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashSet, VecDeque};
use std::hash::{Hash, Hasher};

use crate::messaging::Frame;

/// Ids that are remembered: more than two connections can lie apart by what is queued of both.
pub const REMEMBERED: usize = 8_192;

/// The ids of messages and events that came last, as hashes: the ids are the service's own, nobody can choose them to
/// fall together.
#[derive(Debug, Default)]
pub struct Seen {
    known: HashSet<u64>,
    order: VecDeque<u64>,
    /// Frames without an id that came over one of two connections, and over which: the other one brings them too.
    nameless: VecDeque<(u64, u64)>,
}

/// Frames without an id that may wait for their twins.
const NAMELESS: usize = 256;

impl Seen {
    /// Whether a frame comes for the first time. `over` is the connection that it came over; `two` says whether there is
    /// another one.
    pub fn is_new(&mut self, frame: &Frame, over: u64, two: bool) -> bool {
        match frame {
            Frame::Message(message) => self.insert(hash(("message", &message.id))),
            Frame::Event(event) => self.insert(hash(("event", &event.id))),
            Frame::Unknown(unknown) if two => self.is_new_nameless(hash(&unknown.raw), over),
            // A refusal goes to the connection that asked, and to no other.
            Frame::Error(_) | Frame::Unknown(_) => true,
        }
    }

    fn insert(&mut self, id: u64) -> bool {
        if !self.known.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }

    /// Each frame that came over one of two connections pairs off with one like it over the other.
    fn is_new_nameless(&mut self, id: u64, over: u64) -> bool {
        if let Some(twin) = self.nameless.iter().position(|(of, by)| *of == id && *by != over) {
            self.nameless.remove(twin);
            return false;
        }
        if self.nameless.len() >= NAMELESS {
            self.nameless.pop_front();
        }
        self.nameless.push_back((id, over));
        true
    }

    /// There is one connection again: nothing waits for a twin.
    pub fn one_is_left(&mut self) {
        self.nameless.clear();
    }

    /// Ids that are remembered now.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether nothing has come.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

fn hash(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: &str, id: &str) -> Frame {
        Frame::parse(&format!(r#"{{"Type":"{kind}","Id":"{id}","EventName":"app:X","Content":"hi"}}"#))
    }

    #[test]
    fn messages_and_events_are_new_once_and_told_apart() {
        let mut seen = Seen::default();
        for kind in ["MESSAGE", "EVENT"] {
            assert!(seen.is_new(&frame(kind, "AbCdEf123456"), 1, false), "{kind}");
            assert!(!seen.is_new(&frame(kind, "AbCdEf123456"), 2, true), "{kind}");
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut seen = Seen::default();
        for n in 0..3 * REMEMBERED {
            assert!(seen.is_new(&frame("MESSAGE", &n.to_string()), 1, false));
        }
        assert_eq!((seen.len(), seen.order.len()), (REMEMBERED, REMEMBERED));
        assert!(!seen.is_new(&frame("MESSAGE", &(2 * REMEMBERED).to_string()), 1, false));
        for n in 0..3 * NAMELESS {
            seen.is_new(&Frame::parse(&n.to_string()), 1, true);
        }
        assert_eq!(seen.nameless.len(), NAMELESS);
    }

    #[test]
    fn a_frame_without_an_id_pairs_off_with_the_one_of_the_other_connection() {
        let mut seen = Seen::default();
        let odd = Frame::parse("?");
        let taken = [(1, true), (1, true), (2, false), (2, false), (2, true), (1, false), (1, true)];
        for (over, new) in taken {
            assert_eq!(seen.is_new(&odd, over, true), new);
        }
        seen.one_is_left();
        assert!(seen.is_new(&odd, 2, false) && seen.is_new(&odd, 2, false), "one connection repeats nothing");
    }
}
