use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::app::outbox::Outbox;
use crate::app::room::Room;
use crate::app::room::live::Settings;
use crate::app::text::clean;
use crate::messaging::Frame;

const PANE: (usize, usize) = (90, 12);

/// Some rooms and the feed of all of them.
struct Hall {
    rooms: Rooms,
    merged: Merged,
    said: i64,
}

fn arn(room: usize) -> Arn {
    format!("arn:aws:ivschat:us-west-2:123456789012:room/Room{room}").parse().unwrap()
}

impl Hall {
    fn new(rooms: usize, scrollback: usize) -> Self {
        let settings = Arc::new(Settings { scrollback, ..Settings::default() });
        let room = |n| (arn(n), Room::new(arn(n), clean(&format!("room-{n}")), Arc::clone(&settings)));
        let rooms: Rooms = (0..rooms).map(room).collect();
        let merged = Merged::new(scrollback, &rooms);
        Self { rooms, merged, said: 0 }
    }

    /// A message with the id `m<n>` comes into a room.
    fn say(&mut self, room: usize, text: &str) {
        let frame = serde_json::json!({
            "Type": "MESSAGE", "Id": format!("m{}", self.said), "Content": text, "Sender": { "UserId": "u" },
        });
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(self.said);
        self.said += 1;
        self.frame(room, now, &frame);
    }

    fn frame(&mut self, room: usize, now: Timestamp, frame: &serde_json::Value) {
        let room = self.rooms.get_mut(&arn(room)).unwrap();
        room.take(now, Frame::parse(&frame.to_string()), &mut Outbox::default());
        self.settle();
    }

    fn settle(&mut self) {
        self.merged.update(&mut self.rooms, Some(PANE));
    }

    fn go(&mut self, motion: Motion) {
        self.merged.go(&self.rooms, motion);
        self.settle();
    }

    /// The room and the id of the message that stands out.
    fn highlighted(&self) -> Option<(Arn, String)> {
        let id = self.merged.selected_said(&self.rooms)?.id.to_string();
        Some((self.merged.selected()?.0.clone(), id))
    }

    /// What an action would hit, in whichever rooms.
    fn hit(&self) -> Vec<(Arn, String)> {
        let hit = |(arn, room): (&Arn, &Room)| Some((arn.clone(), room.selected()?.id.to_string()));
        self.rooms.iter().filter_map(hit).collect()
    }

    /// Deletes what is selected, as `d` does.
    fn delete(&mut self) {
        if let Some((arn, _)) = self.highlighted() {
            self.rooms.get_mut(&arn).unwrap().delete(Timestamp::UNIX_EPOCH, &mut Outbox::default());
        }
        self.settle();
    }

    fn shown(&self) -> Vec<String> {
        let rows = self.merged.joined(&self.rooms);
        let id = |key| rows.at(key).and_then(|(_, row)| row.message()).map(|said| said.id.to_string());
        self.merged.sight.shown().from(0).filter_map(id).collect()
    }
}

fn room_of(hit: Option<(Arn, String)>) -> (usize, String) {
    let (arn, id) = hit.unwrap();
    (arn.id().trim_start_matches("Room").parse().unwrap(), id)
}

#[test]
fn rows_come_in_order_of_arrival_and_what_was_there_by_its_time() {
    let mut hall = Hall::new(3, 100);
    for room in [0, 1, 2, 1, 0] {
        hall.say(room, &format!("text {}", hall.said));
    }
    assert_eq!(hall.shown(), ["m0", "m1", "m2", "m3", "m4"]);
    hall.merged = Merged::new(100, &hall.rooms);
    assert_eq!(hall.shown(), ["m0", "m1", "m2", "m3", "m4"]);
    hall.merged = Merged::new(3, &hall.rooms);
    assert_eq!(hall.shown(), ["m2", "m3", "m4"], "the last ones, if they are too many");
    hall.say(2, "more");
    assert_eq!(hall.shown(), ["m3", "m4", "m5"]);
}

#[test]
fn memory_is_that_of_one_room() {
    let mut hall = Hall::new(5, 50);
    for n in 0..2_000 {
        hall.say(n % 5, &format!("text {n}"));
    }
    assert_eq!((hall.merged.index.len(), hall.merged.let_go()), (50, 1_950));
    hall.go(Motion::Up);
    for n in 0..2_000 {
        hall.say(n % 5, &format!("text {n}"));
    }
    let held = HELD + 50;
    assert!(hall.merged.index.len() <= held, "{}", hall.merged.index.len());
    hall.go(Motion::Bottom);
    assert_eq!(hall.merged.index.len(), 50);
    assert!(hall.rooms.values().all(|room| room.feed().len() <= 50), "rooms keep nothing for it any more");
}

#[test]
fn an_action_hits_the_room_of_what_stands_out_and_goes_on_to_the_next() {
    let mut hall = Hall::new(3, 100);
    for room in [0, 1, 2, 0, 1, 2] {
        hall.say(room, &format!("text {}", hall.said));
    }
    hall.go(Motion::Up);
    hall.go(Motion::Up);
    assert_eq!(room_of(hall.highlighted()), (1, "m4".to_owned()));
    assert_eq!(hall.hit(), [hall.highlighted().unwrap()]);
    hall.say(0, "in between");
    hall.delete();
    assert_eq!(room_of(hall.highlighted()), (2, "m5".to_owned()), "the next one below");
    hall.delete();
    hall.delete();
    assert_eq!(room_of(hall.highlighted()), (2, "m2".to_owned()), "then above, what is shown");
}

#[test]
fn what_is_selected_in_a_room_s_own_view_is_not_hit_through_the_merged_feed() {
    let mut hall = Hall::new(2, 100);
    hall.say(0, "one");
    hall.say(1, "two");
    hall.rooms.get_mut(&arn(0)).unwrap().go(Motion::Up);
    assert!(hall.hit().is_empty() && hall.rooms[&arn(0)].targets().is_empty());
    for room in hall.rooms.values_mut() {
        room.look_through(None);
    }
    assert_eq!(room_of(hall.hit().pop()), (0, "m0".to_owned()), "in its own view it is again");
}

#[test]
fn a_row_that_its_room_hides_is_hit_all_the_same() {
    let mut hall = Hall::new(2, 100);
    for text in ["same", "same", "same", "other"] {
        hall.say(0, text);
    }
    hall.rooms.get_mut(&arn(0)).unwrap().set_filter("nothing-has-this");
    hall.go(Motion::Up);
    hall.go(Motion::Up);
    assert_eq!(room_of(hall.highlighted()), (0, "m2".to_owned()));
    assert_eq!(hall.hit(), [hall.highlighted().unwrap()]);
    let ids = |ids: &[&str]| ids.iter().map(|id| Box::from(*id)).collect::<Vec<Box<str>>>();
    assert_eq!(hall.rooms[&arn(0)].targets(), ids(&["m0", "m1", "m2"]), "the folded row stands for all");
}

#[test]
fn repeats_fold_within_a_room_only() {
    let mut hall = Hall::new(2, 100);
    for room in [0, 1, 0, 1, 0, 1] {
        hall.say(room, "free coins");
    }
    assert_eq!(hall.shown(), ["m4", "m5"]);
    hall.go(Motion::Up);
    let ids: Vec<Box<str>> = ["m1", "m3", "m5"].map(Box::from).to_vec();
    assert_eq!((hall.rooms[&arn(1)].targets(), hall.rooms[&arn(0)].targets()), (ids, vec![]));
}

#[test]
fn marks_are_the_rooms_own_and_those_that_the_filter_hides_are_not_hit() {
    let mut hall = Hall::new(2, 100);
    for room in [0, 1, 0, 1] {
        hall.say(room, &format!("text {}", hall.said));
    }
    hall.go(Motion::Top);
    hall.merged.mark(&mut hall.rooms);
    hall.settle();
    hall.go(Motion::Bottom);
    assert!(hall.merged.reading().looking_at().is_some(), "marks hold the view");
    hall.go(Motion::Up);
    assert!(hall.merged.mark_range(&mut hall.rooms));
    hall.settle();
    assert_eq!(hall.merged.marked(&hall.rooms), (4, 2, 0));
    assert_eq!(hall.rooms[&arn(0)].targets().len(), 2);
    hall.merged.set_filter(&hall.rooms, "room:room-1 3");
    hall.settle();
    assert_eq!(hall.merged.marked(&hall.rooms), (4, 2, 3));
    assert_eq!((hall.rooms[&arn(0)].targets().len(), hall.rooms[&arn(1)].targets().len()), (0, 1));
    hall.merged.clear_marks(&mut hall.rooms);
    hall.settle();
    assert_eq!(hall.merged.marked(&hall.rooms), (0, 0, 0));
}

#[test]
fn a_room_that_is_gone_takes_its_rows_along_and_none_of_them_becomes_another_s() {
    let mut hall = Hall::new(2, 100);
    for room in [0, 1, 0, 1] {
        hall.say(room, &format!("text {}", hall.said));
    }
    hall.go(Motion::Up);
    assert_eq!(room_of(hall.highlighted()), (1, "m3".to_owned()));
    let gone = hall.rooms.remove(&arn(1)).unwrap();
    hall.settle();
    assert_eq!((hall.highlighted(), hall.hit()), (None, vec![]));
    let anew = Room::new(arn(1), clean("room-1"), Arc::new(Settings { scrollback: 100, ..Settings::default() }));
    drop(gone);
    hall.rooms.insert(arn(1), anew);
    for _ in 0..3 {
        hall.say(1, "anew");
    }
    assert_eq!((hall.highlighted(), hall.hit()), (None, vec![]), "what was selected is none of these");
}

#[derive(Debug, Clone)]
enum Step {
    Say(usize, u8),
    DeleteElsewhere(usize, i64),
    Go(Motion),
    RoomGo(usize, Motion),
    RoomFilter(usize, &'static str),
    Filter(&'static str),
    Mark,
    Delete,
    Fold,
    Unmark,
}

fn step() -> impl Strategy<Value = Step> {
    let motions = [Motion::Up, Motion::Up, Motion::Down, Motion::PageUp, Motion::Top, Motion::Bottom];
    let motion = || proptest::sample::select(motions.to_vec());
    let filter = || proptest::sample::select(vec!["", "1", "-2", "is:deleted", "room:room-1"]);
    prop_oneof![
        6 => (0..3usize, 0..4u8).prop_map(|(room, text)| Step::Say(room, text)),
        1 => (0..3usize, 0..60i64).prop_map(|(room, id)| Step::DeleteElsewhere(room, id)),
        6 => motion().prop_map(Step::Go),
        1 => (0..3usize, motion()).prop_map(|(room, motion)| Step::RoomGo(room, motion)),
        1 => (0..3usize, filter()).prop_map(|(room, filter)| Step::RoomFilter(room, filter)),
        1 => filter().prop_map(Step::Filter),
        1 => Just(Step::Mark),
        2 => Just(Step::Delete),
        1 => Just(Step::Fold),
        1 => Just(Step::Unmark),
    ]
}

proptest! {
    /// Whatever happens, what stands out is what an action would hit, in its room and in no other; and while nobody
    /// presses a key it stays the same.
    #[test]
    fn the_merged_selection_and_the_rooms_agree(steps in prop::collection::vec(step(), 1..100)) {
        let mut hall = Hall::new(3, 20);
        for step in steps {
            let before = hall.highlighted();
            let by_itself = matches!(step, Step::Say(..) | Step::DeleteElsewhere(..) | Step::RoomGo(..) | Step::RoomFilter(..));
            match step {
                Step::Say(room, text) => hall.say(room, &format!("text {text}")),
                Step::DeleteElsewhere(room, id) => {
                    let event = serde_json::json!({
                        "Type": "EVENT", "Id": format!("e{id}"), "EventName": "aws:DELETE_MESSAGE",
                        "Attributes": { "MessageID": format!("m{id}"), "Reason": "" },
                    });
                    hall.frame(room, Timestamp::UNIX_EPOCH, &event);
                }
                Step::Go(motion) => hall.go(motion),
                Step::RoomGo(room, motion) => hall.rooms.get_mut(&arn(room)).unwrap().go(motion),
                Step::RoomFilter(room, filter) => hall.rooms.get_mut(&arn(room)).unwrap().set_filter(filter),
                Step::Filter(filter) => hall.merged.set_filter(&hall.rooms, filter),
                Step::Mark => drop(hall.merged.mark(&mut hall.rooms)),
                Step::Delete => hall.delete(),
                Step::Fold => drop(hall.merged.turn_fold(&hall.rooms)),
                Step::Unmark => hall.merged.clear_marks(&mut hall.rooms),
            }
            hall.settle();
            prop_assert_eq!(hall.hit(), hall.highlighted().into_iter().collect::<Vec<_>>());
            if by_itself {
                prop_assert_eq!(before, hall.highlighted());
            }
            let (_, in_rooms, _) = hall.merged.marked(&hall.rooms);
            if in_rooms == 0 && let Some((at, id)) = hall.highlighted() {
                let targets = hall.rooms[&at].targets();
                prop_assert!(targets.contains(&id.into_boxed_str()), "{targets:?}");
            }
            for (at, room) in &hall.rooms {
                let visible = hall.merged.on_screen(&hall.rooms, false);
                let still = hall.merged.reading() != Reading::Live;
                for key in visible.into_iter().filter(|_| still) {
                    let here = hall.merged.at(key).filter(|(of, _)| *of == at);
                    prop_assert!(here.is_none_or(|(_, seq)| room.feed().row(seq).is_some()));
                }
            }
        }
    }
}
