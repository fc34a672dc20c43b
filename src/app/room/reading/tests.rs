use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::app::room::people::People;
use crate::app::room::row::{Body, Fate, Said, Signs};
use crate::app::text::clean;
use crate::messaging::frame::Sender;

/// A feed whose n-th message is `n % 3 + 1` lines high.
fn say(feed: &mut Feed, reading: Reading, n: u64) {
    let by = People::default().meet(&Sender { user_id: "u".into(), ..Sender::default() });
    let said = Said {
        id: format!("m{n}").into(),
        by,
        text: clean("hi"),
        fate: Fate::Standing,
        more: None,
        signs: Signs::default(),
    };
    feed.push(Timestamp::UNIX_EPOCH, Body::Message(said), reading.looking_at());
}

fn lines(row: &Row) -> usize {
    usize::try_from(row.seq % 3).unwrap() + 1
}

const WINDOW: Window = Window { height: 10, lines: &lines };

/// What the screen shows: each row's number and its lines.
fn screen(feed: &Feed, reading: Reading) -> Vec<u64> {
    let Some((top, skip)) = reading.top(feed, WINDOW) else { return Vec::new() };
    let end = reading.end(feed).unwrap();
    let rows = feed.from(top).take_while(|row| row.seq <= end);
    rows.flat_map(|row| std::iter::repeat_n(row.seq, lines(row))).skip(skip).take(WINDOW.height).collect()
}

fn filled(count: u64) -> Feed {
    let mut feed = Feed::new(1000);
    for n in 0..count {
        say(&mut feed, Reading::Live, n);
    }
    feed
}

#[test]
fn the_first_press_stops_the_view_where_it_is_on_the_newest_message() {
    let mut feed = filled(30);
    let before = screen(&feed, Reading::Live);
    let mut reading = Reading::Live;
    reading.go(Motion::Up, &mut feed, WINDOW);
    assert_eq!(reading.selected(), Some(29));
    assert_eq!(screen(&feed, reading), before);
}

#[test]
fn nothing_moves_while_messages_come_in() {
    let mut feed = filled(30);
    let mut reading = Reading::Live;
    reading.go(Motion::Up, &mut feed, WINDOW);
    reading.go(Motion::Up, &mut feed, WINDOW);
    let before = screen(&feed, reading);
    for n in 30..500 {
        say(&mut feed, reading, n);
    }
    assert_eq!(screen(&feed, reading), before);
    assert_eq!((reading.selected(), reading.unseen(&feed)), (Some(28), 470));
}

#[test]
fn going_down_past_the_last_row_shows_one_more_at_a_time() {
    let mut feed = filled(30);
    let mut reading = Reading::Live;
    reading.go(Motion::Up, &mut feed, WINDOW);
    for n in 30..40 {
        say(&mut feed, reading, n);
    }
    reading.go(Motion::Down, &mut feed, WINDOW);
    assert_eq!((reading.selected(), reading.unseen(&feed)), (Some(30), 9));
    reading.go(Motion::Bottom, &mut feed, WINDOW);
    assert_eq!(reading, Reading::Live);
}

#[test]
fn a_page_up_goes_about_a_screen_back_and_top_to_the_first() {
    let mut feed = filled(60);
    let mut reading = Reading::Live;
    reading.go(Motion::Up, &mut feed, WINDOW);
    reading.go(Motion::PageUp, &mut feed, WINDOW);
    let selected = reading.selected().unwrap();
    assert!((54..=56).contains(&selected), "{selected}");
    reading.go(Motion::Top, &mut feed, WINDOW);
    assert_eq!(reading.selected(), Some(0));
    assert_eq!(screen(&feed, reading)[0], 0);
}

#[test]
fn after_an_action_the_next_standing_message_that_was_shown_is_selected() {
    let mut feed = filled(30);
    let mut reading = Reading::Live;
    reading.go(Motion::Up, &mut feed, WINDOW);
    reading.go(Motion::Up, &mut feed, WINDOW);
    say(&mut feed, reading, 30);
    reading.select_next_standing(&feed, WINDOW);
    assert_eq!(reading.selected(), Some(29));
    reading.select_next_standing(&feed, WINDOW);
    assert_eq!(reading.selected(), Some(28), "message 30 has not been shown, so the way is back up");
}

#[test]
fn an_empty_feed_has_nothing_to_stop_on() {
    let mut feed = Feed::new(10);
    let mut reading = Reading::Live;
    for motion in [Motion::Up, Motion::PageUp, Motion::Top] {
        reading.go(motion, &mut feed, WINDOW);
        assert_eq!(reading, Reading::Live);
    }
}

proptest! {
    /// Whatever is typed while messages come in: what is selected is on the screen, and arrivals move no row.
    #[test]
    fn the_selected_row_is_always_on_the_screen(steps in prop::collection::vec(0..9usize, 1..80)) {
        let mut feed = Feed::new(40);
        let mut reading = Reading::Live;
        let mut count = 0;
        for step in steps {
            let motions = [Motion::Up, Motion::Down, Motion::PageUp, Motion::PageDown, Motion::Top, Motion::Bottom];
            if let Some(motion) = motions.get(step) {
                reading.go(*motion, &mut feed, WINDOW);
            } else {
                let before = screen(&feed, reading);
                for _ in 0..step * 5 {
                    say(&mut feed, reading, count);
                    count += 1;
                }
                if reading != Reading::Live {
                    prop_assert_eq!(screen(&feed, reading), before);
                }
            }
            if let Some(selected) = reading.selected() {
                prop_assert!(screen(&feed, reading).contains(&selected));
            }
        }
    }
}
