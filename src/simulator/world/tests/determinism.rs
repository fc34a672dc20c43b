//! The same setup, start and calls give the same account, whatever the steps in which its time passes.

use proptest::prelude::*;

use super::*;

/// Something that a client or the console does.
#[derive(Debug, Clone)]
enum Step {
    Wait(u16),
    Create,
    Open(usize),
    Leave(usize),
    Send(usize),
    Disconnect(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1_u16..3000).prop_map(Step::Wait),
        1 => Just(Step::Create),
        2 => (0_usize..5).prop_map(Step::Open),
        1 => (0_usize..8).prop_map(Step::Leave),
        2 => (0_usize..8).prop_map(Step::Send),
        1 => (0_usize..8).prop_map(Step::Disconnect),
    ]
}

const ROOMS: [&str; 5] = ["lobby-main", "raid-night", "kids-craft", "auction-floor", "names"];

/// Everything that comes of the steps, written down.
fn record(seed: u64, steps: &[Step], pieces: u32) -> Vec<String> {
    let mut world = World::new(Setup { seed, ..Setup::default() }, at(0.0));
    let mut seconds = 0.0;
    let mut open: Vec<ConnectionId> = Vec::new();
    let mut record = vec![format!("{:?}", call(&mut world, "ListRooms", json!({})))];
    for step in steps {
        let now = at(seconds);
        let chosen = |place: &usize| open.get(place % open.len().max(1)).copied();
        match step {
            Step::Wait(milliseconds) => {
                let from = seconds;
                seconds += f64::from(*milliseconds) / 1000.0;
                for piece in 1..=pieces {
                    world.advance(at(from + (seconds - from) * f64::from(piece) / f64::from(pieces)));
                }
            }
            Step::Create => record.push(format!("{:?}", world.handle(now, &post("CreateRoom", json!({}))))),
            Step::Open(room) => open.push(open_at(&mut world, now, ROOMS[*room], "me", &ALL)),
            Step::Leave(place) => {
                if let Some(connection) = chosen(place) {
                    world.leave(connection);
                    open.retain(|known| *known != connection);
                }
            }
            Step::Send(place) => {
                if let Some(from) = chosen(place) {
                    world.receive(now, from, r#"{"Action":"SEND_MESSAGE","Content":"hi"}"#);
                }
            }
            Step::Disconnect(place) => {
                if let Some(from) = chosen(place) {
                    world.receive(now, from, r#"{"Action":"DISCONNECT_USER","UserId":"nadia.55b2e0c7"}"#);
                }
            }
        }
        record.extend(world.deliveries().iter().map(|delivery| format!("{delivery:?}")));
    }
    record
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_same_seed_and_calls_give_the_same(seed: u64, steps in prop::collection::vec(step(), 1..30)) {
        prop_assert_eq!(record(seed, &steps, 1), record(seed, &steps, 1));
    }

    #[test]
    fn time_may_pass_in_any_steps(seed: u64, steps in prop::collection::vec(step(), 1..30), pieces in 2_u32..9) {
        prop_assert_eq!(record(seed, &steps, 1), record(seed, &steps, pieces));
    }
}

#[test]
fn another_seed_gives_another_account() {
    let steps = [Step::Open(0), Step::Wait(2000)];
    assert_ne!(record(1, &steps, 1), record(2, &steps, 1));
}

#[test]
fn what_goes_on_elsewhere_does_not_change_what_a_room_says() {
    let heard = |busy: bool| {
        let mut world = world();
        if busy {
            open(&mut world, "hostile-lab", "other", &[]);
            call(&mut world, "CreateRoom", json!({}));
        }
        overheard(&mut world, "lobby-main", 10)
    };
    assert_eq!(heard(false), heard(true));
}

#[test]
fn another_start_says_the_same_under_other_names() {
    let heard = |start: f64| {
        let mut world = World::new(Setup { quotas: Quotas::Off, ..Setup::default() }, at(start));
        let listener = open_at(&mut world, at(start), "lobby-main", "me", &[]);
        world.advance(at(start + 5.0));
        let said: Vec<Message> = received(&mut world, listener).iter().map(|frame| message(frame).clone()).collect();
        (arn(&world, "lobby-main"), said)
    };
    let ((room, first), (same_room, second)) = (heard(0.0), heard(3600.0));
    let contents = |said: &[Message]| said.iter().map(|message| message.content.clone()).collect::<Vec<_>>();
    assert_eq!((room, contents(&first)), (same_room, contents(&second)));
    assert!(first.iter().zip(&second).all(|(first, second)| first.id != second.id), "an id came twice");
}
