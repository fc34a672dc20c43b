use super::*;
use crate::app::keys;
use crate::app::look::Look;

const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";

fn targets(count: usize) -> Targets {
    let target = |n: usize| Target {
        room: ROOM.parse().unwrap(),
        aim: Aim::Message(format!("m{n}").into()),
        user: format!("u{}", n % 3),
        who: "nadia#0000".into(),
        what: format!("hello {n}"),
    };
    Targets { hit: (0..count).map(target).collect(), rooms: vec!["lobby".into()], ..Targets::default() }
}

fn press(bulk: &mut Bulk, keys: &str) -> Next {
    let mut last = Next::Stay;
    for key in Key::sequence(keys).unwrap() {
        last = bulk.press(key, keys::command(bulk.context(), key), (80, 24));
    }
    last
}

fn starts(next: &Next) -> Option<usize> {
    match next {
        Next::Order(Order::Many { acts, .. }) => Some(acts.len()),
        _ => None,
    }
}

#[test]
fn few_are_confirmed_by_a_key_and_many_by_their_number() {
    assert_eq!(starts(&press(&mut Bulk::asking(targets(FEW), Why::of("spam")), "y")), Some(FEW));
    let mut many = Bulk::asking(targets(FEW + 1), Why::of("spam"));
    for keys in ["y", "<enter>", "20<enter>", "<backspace><backspace>022<enter>", "y<enter>"] {
        assert_eq!(starts(&press(&mut many, keys)), None, "{keys}");
    }
    many.paste("21");
    assert_eq!(starts(&press(&mut many, "<c-u><enter>")), None);
    assert_eq!(starts(&press(&mut many, "21<enter>")), Some(21));
}

#[test]
fn every_one_has_a_result_and_those_that_failed_can_be_tried_again() {
    let mut bulk = Bulk::asking(targets(4), Why::default());
    press(&mut bulk, "y");
    bulk.came_to(0, &End::Sent);
    assert!(bulk.heard(&ROOM.parse().unwrap(), &Aim::Message("m0".into()), Echo::Came(Duration::from_millis(400))));
    bulk.came_to(0, &End::Taken);
    bulk.came_to(1, &End::Failed("denied".into()));
    bulk.came_to(2, &End::Elsewhere);
    assert!(!bulk.is_settled());
    assert!(matches!(press(&mut bulk, "<esc>"), Next::Order(Order::CancelRun)));
    bulk.came_to(3, &End::Cancelled);
    assert_eq!(bulk.word(), (Tone::Bad, "lobby: 2 of 4 done, 1 confirmed".to_owned()));
    let first: Vec<&str> = bulk.list().iter().map(|item| item.what.as_str()).collect();
    assert_eq!(first[..2], ["hello 1", "hello 3"], "what went wrong comes first");
    let Next::Order(Order::Many { acts, .. }) = press(&mut bulk, "r") else { panic!("it tries again") };
    assert_eq!(acts.iter().map(|(step, ..)| *step).collect::<Vec<_>>(), [1, 3]);
    bulk.came_to(1, &End::Taken);
    bulk.came_to(3, &End::Taken);
    assert!(!bulk.is_settled(), "not before the room was told");
    for n in [1, 3] {
        bulk.heard(&ROOM.parse().unwrap(), &Aim::Message(format!("m{n}").into()), Echo::Came(Duration::ZERO));
    }
    assert!(bulk.is_settled());
}

#[test]
fn an_event_that_is_missing_counts_against_what_the_service_took() {
    let mut bulk = Bulk::asking(targets(1), Why::default());
    press(&mut bulk, "y");
    bulk.came_to(0, &End::Taken);
    assert_eq!(bulk.word().0, Tone::Good);
    let room: Arn = ROOM.parse().unwrap();
    bulk.heard(&room, &Aim::Message("m0".into()), Echo::Missing);
    assert_eq!(bulk.word().0, Tone::Bad);
    assert!(!bulk.heard(&room, &Aim::Message("m7".into()), Echo::Missing), "none of these");
}

#[test]
fn on_the_lowest_screen_it_can_be_seen_what_is_hit_and_how_it_is_confirmed() {
    let bulk = Bulk::asking(targets(40), Why::of("spam"));
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(40, 10)).unwrap();
    terminal
        .draw(|frame| {
            bulk.draw(frame, (40, 10), Look::plain());
        })
        .unwrap();
    let text = terminal.backend().to_string();
    assert!(text.contains("hello 0") && text.contains("Type 40"), "{text}");
}

#[test]
fn what_the_room_was_told_of_stays_confirmed_whatever_the_answer_comes_to() {
    let mut bulk = Bulk::asking(targets(2), Why::default());
    press(&mut bulk, "y");
    bulk.came_to(0, &End::Sent);
    bulk.heard(&ROOM.parse().unwrap(), &Aim::Message("m0".into()), Echo::Came(Duration::from_millis(400)));
    bulk.came_to(0, &End::Doubtful("no answer within 15 s".into()));
    assert_eq!(bulk.items[0].end, End::Confirmed(Duration::from_millis(400)));
    assert_eq!(bulk.word().1, "lobby: 1 of 2 done, 1 confirmed");
}
