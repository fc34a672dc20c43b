use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::app::room::feed::Feed;
use crate::app::room::people::People;
use crate::app::room::row::{Body, Fate, Signs};
use crate::app::room::rules::RuleId;
use crate::app::text::clean;
use crate::messaging::frame::Sender;

const WIDTH: usize = 40;
const HEIGHT: usize = 10;

/// A feed and what is seen of it.
struct View {
    feed: Feed,
    sight: Sight,
    said: u64,
}

/// A text that takes so many lines in a pane of `WIDTH` columns.
fn text(lines: u64) -> String {
    vec!["aaaaaaaaaaaaaaa"; usize::try_from(lines).unwrap()].join(" ")
}

impl View {
    fn new(capacity: usize) -> Self {
        let mut sight = Sight::new();
        let feed = Feed::new(capacity);
        sight.resize((WIDTH, HEIGHT), &feed);
        Self { feed, sight, said: 0 }
    }

    /// The n-th message is `n % 3 + 1` lines high.
    fn filled(count: u64) -> Self {
        let mut view = Self::new(1000);
        view.say_many(count);
        view
    }

    fn say_many(&mut self, count: u64) {
        for _ in 0..count {
            self.say("u", &text(self.said % 3 + 1), Signs::default());
        }
    }

    fn say(&mut self, user: &str, text: &str, signs: Signs) {
        let by = People::default().meet(&Sender { user_id: user.into(), ..Sender::default() });
        let said = Said {
            id: format!("m{}", self.said).into(),
            by,
            text: clean(text),
            fate: Fate::Standing,
            more: None,
            signs,
        };
        let time = Timestamp::UNIX_EPOCH + SignedDuration::from_millis(i64::try_from(self.said).unwrap() * 100);
        self.said += 1;
        let Self { feed, sight, .. } = self;
        let seq = feed.push(time, Body::Message(said), &|seq| sight.keeps(seq)).unwrap();
        sight.arrived(feed, seq, None);
        for gone in feed.take_gone() {
            sight.forget(gone);
        }
    }

    fn repeat(&mut self, user: &str) {
        self.say(user, "free coins", Signs { fingerprint: 7, ..Signs::default() });
    }

    fn go(&mut self, motion: Motion) {
        self.sight.go(motion, &self.feed, None);
    }

    fn selected(&self) -> Option<u64> {
        self.sight.reading().selected()
    }

    /// What the screen shows: each row's number, once for each of its lines.
    fn screen(&self) -> Vec<u64> {
        let lines = |seq| lines_of(&self.feed, self.sight.shown(), self.sight.divider(), seq, WIDTH);
        let mut screen = Vec::new();
        for (seq, at) in self.sight.visible(&self.feed) {
            let below = usize::try_from(-at.min(0)).unwrap();
            screen.extend(std::iter::repeat_n(seq, lines(seq)).skip(below));
        }
        screen.truncate(HEIGHT);
        screen
    }
}

#[test]
fn the_first_press_stops_the_view_where_it_is_on_the_newest_message() {
    let mut view = View::filled(30);
    let before = view.screen();
    assert_eq!(before.len(), HEIGHT);
    view.go(Motion::Up);
    assert_eq!(view.selected(), Some(29));
    assert_eq!(view.screen(), before);
}

#[test]
fn nothing_moves_while_messages_come_in() {
    let mut view = View::filled(30);
    view.go(Motion::Up);
    view.go(Motion::Up);
    let before = view.screen();
    view.say_many(470);
    assert_eq!(view.screen(), before);
    assert_eq!((view.selected(), view.sight.missed().messages), (Some(28), 470));
}

#[test]
fn going_down_past_the_last_row_shows_one_more_at_a_time() {
    let mut view = View::filled(30);
    view.go(Motion::Up);
    view.say_many(10);
    view.go(Motion::Down);
    assert_eq!((view.selected(), view.sight.missed().messages), (Some(30), 9));
    view.go(Motion::PageDown);
    assert!(view.selected() > Some(31));
    view.go(Motion::Bottom);
    assert_eq!((view.selected(), view.sight.missed().messages, view.screen().last()), (None, 0, Some(&39)));
}

#[test]
fn a_page_up_goes_about_a_screen_back_and_top_to_the_first() {
    let mut view = View::filled(60);
    view.go(Motion::Up);
    view.go(Motion::PageUp);
    assert!((54..=56).contains(&view.selected().unwrap()), "{:?}", view.selected());
    view.go(Motion::Top);
    assert_eq!((view.selected(), view.screen()[0]), (Some(0), 0));
}

#[test]
fn after_an_action_the_next_standing_message_that_was_shown_is_selected() {
    let mut view = View::filled(30);
    view.go(Motion::Up);
    view.go(Motion::Up);
    view.say_many(1);
    view.sight.select_next_unhandled(&view.feed);
    assert_eq!(view.selected(), Some(29));
    view.sight.select_next_unhandled(&view.feed);
    assert_eq!(view.selected(), Some(28), "message 30 has not been shown, so the way is back up");
}

#[test]
fn an_empty_feed_has_nothing_to_stop_on() {
    let mut view = View::new(10);
    for motion in [Motion::Up, Motion::PageUp, Motion::Top] {
        view.go(motion);
        assert_eq!(view.sight.reading(), Reading::Live);
    }
}

#[test]
fn the_line_that_divides_stands_above_what_came_meanwhile() {
    let mut view = View::filled(30);
    view.go(Motion::Up);
    view.go(Motion::Bottom);
    assert_eq!(view.sight.divider(), None, "nothing came");
    view.go(Motion::Up);
    view.say_many(2);
    view.go(Motion::Bottom);
    assert_eq!(view.sight.divider(), Some(30));
}

#[test]
fn a_hold_alone_stops_the_view_with_nothing_selected() {
    let mut view = View::filled(30);
    let before = view.screen();
    view.sight.hold(Holds { dialog: true, ..Holds::default() }, &view.feed, None);
    view.say_many(5);
    assert_eq!((view.screen(), view.selected()), (before, None));
    view.go(Motion::Up);
    view.sight.hold(Holds::default(), &view.feed, None);
    assert_eq!(view.selected(), Some(29), "a selected message still holds it");
    view.go(Motion::Bottom);
    assert_eq!(view.screen().last(), Some(&34));
}

#[test]
fn rows_that_are_looked_at_outlive_the_ring() {
    let mut view = View::new(50);
    view.say_many(50);
    view.go(Motion::Up);
    let before = view.screen();
    view.say_many(500);
    assert_eq!(view.screen(), before);
    assert!(view.feed.row(49).is_some());
}

#[test]
fn repeats_fold_into_the_newest_of_them() {
    let mut view = View::filled(3);
    for user in ["a", "b", "c", "a"] {
        view.repeat(user);
        view.say_many(1);
    }
    let rows: Vec<u64> = view.sight.shown().from(0).collect();
    assert_eq!(rows, [0, 1, 2, 4, 6, 8, 9, 10], "3, 5 and 7 are told by 9");
    let fold = view.sight.shown().fold(9).unwrap();
    assert_eq!((fold.count(0), fold.users()), (4, 3));
}

#[test]
fn a_stopped_view_folds_nothing_until_it_goes_on() {
    let mut view = View::filled(3);
    for user in ["a", "b", "c"] {
        view.repeat(user);
    }
    view.go(Motion::Up);
    let before = view.screen();
    for user in ["d", "e"] {
        view.repeat(user);
    }
    assert_eq!(view.screen(), before);
    assert_eq!(view.sight.shown().fold(5).unwrap().count(0), 3, "what was not shown is not counted");
    view.go(Motion::Down);
    assert_eq!(view.selected(), Some(6), "later ones stand by themselves");
    view.go(Motion::Bottom);
    assert_eq!(view.sight.shown().from(0).collect::<Vec<_>>(), [0, 1, 2, 7]);
    assert_eq!(view.sight.shown().fold(7).unwrap().count(0), 5);
}

#[test]
fn a_folded_row_opens_and_closes_with_the_selection_in_place() {
    let mut view = View::filled(2);
    for user in ["a", "b", "c"] {
        view.repeat(user);
    }
    view.go(Motion::Up);
    assert!(view.sight.turn_fold(&view.feed));
    assert_eq!(view.sight.shown().from(0).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    assert_eq!(view.selected(), Some(4));
    assert!(view.sight.turn_fold(&view.feed));
    assert_eq!(view.sight.shown().from(0).collect::<Vec<_>>(), [0, 1, 4]);
}

#[test]
fn a_filter_shows_what_passes_and_keeps_the_selection_or_the_nearest() {
    let mut view = View::filled(30);
    view.go(Motion::Up);
    let even = |seq: u64, _: &Row| seq.is_multiple_of(2);
    view.sight.sift(&view.feed, Some(&even));
    assert_eq!(view.selected(), Some(28));
    assert!(view.sight.shown().from(0).all(|seq| seq.is_multiple_of(2)));
    view.sight.sift(&view.feed, None);
    assert_eq!((view.selected(), view.sight.shown().from(0).count()), (Some(28), 30));
}

#[test]
fn the_next_flagged_message_is_found_on_the_screen_above_it_and_below_what_was_shown() {
    let flagged = |row: &Row| row.message().is_some_and(|said| said.signs.flag.is_some());
    let flag = Signs { flag: Some(RuleId(0)), ..Signs::default() };
    let mut view = View::filled(5);
    view.say("u", "bad", flag);
    view.say_many(40);
    let seek = |view: &mut View, direction| view.sight.seek(direction, &view.feed, None, &flagged);
    assert!(seek(&mut view, Direction::Down));
    assert_eq!(view.selected(), Some(5), "nothing is on the screen, so above it");
    assert!(!seek(&mut view, Direction::Up));
    view.say_many(3);
    view.say("u", "bad", flag);
    assert_eq!((view.sight.missed().flagged, view.sight.missed().newest_flagged), (1, Some(49)));
    assert!(seek(&mut view, Direction::Down));
    assert_eq!((view.selected(), view.sight.missed().flagged), (Some(49), 0));
    assert!(seek(&mut view, Direction::Up));
    assert_eq!(view.selected(), Some(5));
}

#[derive(Debug, Clone)]
enum Step {
    Say,
    Repeat(u8),
    Go(Motion),
    Resize(usize),
    Turn,
}

fn step() -> impl Strategy<Value = Step> {
    let motions =
        [Motion::Up, Motion::Down, Motion::HalfPageUp, Motion::PageUp, Motion::PageDown, Motion::Top, Motion::Bottom];
    prop_oneof![
        4 => Just(Step::Say),
        3 => (0..5u8).prop_map(Step::Repeat),
        4 => proptest::sample::select(motions.to_vec()).prop_map(Step::Go),
        1 => (1..20usize).prop_map(Step::Resize),
        1 => Just(Step::Turn),
    ]
}

proptest! {
    /// Whatever comes in, a stopped screen does not move, and what is selected is on it.
    #[test]
    fn a_stopped_screen_stands_still(steps in prop::collection::vec(step(), 1..120)) {
        let mut view = View::new(40);
        for step in steps {
            let before = (view.screen(), view.selected());
            let stopped = view.sight.reading() != Reading::Live;
            let comes_in = matches!(step, Step::Say | Step::Repeat(_));
            match step {
                Step::Say => view.say_many(1),
                Step::Repeat(user) => view.repeat(&user.to_string()),
                Step::Go(motion) => view.go(motion),
                Step::Resize(height) => view.sight.resize((WIDTH, height), &view.feed),
                Step::Turn => { view.sight.turn_fold(&view.feed); }
            }
            if stopped && comes_in {
                prop_assert_eq!(&before, &(view.screen(), view.selected()));
            }
            if let Some(seq) = view.selected() {
                prop_assert!(view.sight.visible(&view.feed).iter().any(|(row, _)| *row == seq));
                prop_assert!(view.feed.row(seq).is_some());
            }
        }
    }
}
