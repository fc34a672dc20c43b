//! The people of the built-in script, as somebody hears them who watches.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

#[test]
fn nobody_talks_to_an_empty_room() {
    let mut world = world();
    assert_eq!(world.next_change(), None);
    let me = open(&mut world, "lobby-main", "me", &[]);
    let other = open(&mut world, "lobby-main", "other", &[]);
    assert!(world.next_change().unwrap() < at(1.0));
    world.leave(me);
    assert!(world.next_change().unwrap() < at(1.0));
    world.leave(other);
    assert_eq!(world.next_change(), None);
    world.advance(at(60.0));
    assert!(world.deliveries().is_empty());
    let me = open_at(&mut world, at(60.0), "lobby-main", "me", &[]);
    world.advance(at(62.0));
    let heard = received(&mut world, me);
    assert!(heard.len() > 4);
    assert!(heard.iter().all(|frame| message(frame).send_time > Some(at(60.0))));
}

#[test]
fn the_lobby_is_busy_and_the_quiet_lobby_is_not() {
    let per_minute = |room| overheard(&mut world(), room, 60).len();
    let busy = per_minute("lobby-main");
    assert!((360..=720).contains(&busy), "{busy}");
    let quiet = overheard(&mut world(), "lobby-quiet", 600).len();
    assert!((15..=30).contains(&quiet), "{quiet}");
    assert_eq!(per_minute("staging-smoke"), 0);
    let mut world = world();
    let mut by_ten_seconds = BTreeMap::new();
    for message in overheard(&mut world, "auction-floor", 120) {
        *by_ten_seconds.entry(message.send_time.unwrap().as_second() / 5).or_insert(0) += 1;
    }
    let most = by_ten_seconds.values().max().copied().unwrap();
    assert!(most > 40, "a wave is much faster than the usual 2.6 in five seconds: {by_ten_seconds:?}");
}

#[test]
fn talk_is_varied() {
    let heard = overheard(&mut world(), "lobby-main", 60);
    let users: BTreeSet<_> = heard.iter().map(|message| &message.sender.user_id).collect();
    let texts: BTreeSet<_> = heard.iter().map(|message| &message.content).collect();
    assert!(users.len() > 30, "{}", users.len());
    assert!(texts.len() * 2 > heard.len(), "{} of {}", texts.len(), heard.len());
    assert!(heard.is_sorted_by_key(|message| message.send_time));
    let ids: BTreeSet<_> = heard.iter().map(|message| &message.id).collect();
    assert_eq!(ids.len(), heard.len());
    let nadia = heard.iter().find(|message| message.sender.user_id == "nadia.55b2e0c7").unwrap();
    assert_eq!(nadia.sender.attributes["displayName"], "Nadia");
    assert_eq!(nadia.sender.attributes["role"], "moderator");
}

#[test]
fn rooms_with_the_same_people_do_not_say_the_same() {
    let mut world = World::new(Setup { rooms: Some(15), ..Setup::default() }, at(0.0));
    let page = call(&mut world, "ListRooms", json!({}));
    let made_up = page["rooms"].as_array().unwrap().iter().filter(|room| !room["tags"]["region"].is_null());
    let names: Vec<&str> = made_up.map(|room| text(&room["name"])).collect();
    let said = |name| {
        let mut world = World::new(Setup { rooms: Some(15), ..Setup::default() }, at(0.0));
        let heard = overheard(&mut world, name, 60);
        heard.into_iter().map(|message| (message.send_time, message.content)).collect::<Vec<_>>()
    };
    assert_eq!(names.len(), 2);
    assert_ne!(said(names[0]), said(names[1]));
}

#[test]
fn the_hostile_room_is() {
    let heard = overheard(&mut world(), "hostile-lab", 400);
    let all: String = heard.iter().map(|message| message.content.as_str()).collect();
    for (what, c) in [
        ("escape", '\u{1b}'),
        ("bell", '\u{7}'),
        ("null", '\0'),
        ("delete", '\u{7f}'),
        ("C1", '\u{9b}'),
        ("newline", '\n'),
        ("carriage return", '\r'),
        ("line separator", '\u{2028}'),
        ("override", '\u{202e}'),
        ("isolate", '\u{2066}'),
        ("zero width", '\u{200b}'),
        ("byte order mark", '\u{feff}'),
        ("tag", '\u{e0069}'),
        ("mark", '\u{301}'),
        ("full width", 'Ｆ'),
    ] {
        assert!(all.contains(c), "{what}");
    }
    assert!(heard.iter().any(|message| message.content.split_whitespace().any(|word| word.len() >= 500)));
    assert!(heard.iter().any(|message| message.content.is_empty()));
    assert!(heard.iter().any(|message| message.content.contains("naïve café")), "and what must stay as it is");
    let names: String = heard.iter().map(|message| message.sender.attributes["displayName"].as_str()).collect();
    assert!(names.contains('\u{1b}') && names.contains('\n') && names.contains('\u{202e}'), "{names:?}");
}

#[test]
fn names_collide_and_are_missing_empty_and_endless() {
    let heard = overheard(&mut world(), "names", 600);
    let people: BTreeMap<_, _> = heard
        .iter()
        .map(|message| (message.sender.user_id.as_str(), message.sender.attributes.get("displayName")))
        .collect();
    let named = |name: &str| people.values().filter(|known| known.is_some_and(|known| known == name)).count();
    assert_eq!(named("Nadia"), 3);
    assert!(named("Nаdia") == 1 && named("") == 1);
    assert!(people.values().any(Option::is_none));
    assert!(people.values().flatten().any(|name| name.chars().count() > 150));
    assert!(people.keys().any(|id| id.chars().count() >= 127));
}

#[test]
fn many_languages_are_spoken_each_by_its_own_people() {
    let heard = overheard(&mut world(), "lobby-eu", 120);
    let said_by = |range: std::ops::RangeInclusive<char>| {
        heard.iter().filter(move |message| message.content.chars().any(|c| range.contains(&c))).count()
    };
    let scripts = ['α'..='ω', 'а'..='я', 'ぁ'..='ん', 'ا'..='ي', 'अ'..='ह', '🏻'..='🏿', '🇦'..='🇿'];
    assert!(scripts.into_iter().all(|script| said_by(script) > 0));
    assert!(heard.iter().any(|message| message.content.contains('\u{200d}')), "a family");
    let greek = |text: &str| text.chars().filter(|c| ('α'..='ω').contains(c)).count() > 2;
    for message in heard.iter().filter(|message| greek(&message.content)) {
        let name = &message.sender.attributes["displayName"];
        assert!(name.chars().any(|c| "νλάγριηί".contains(c)), "{name}: {}", message.content);
    }
}

#[test]
fn whoever_is_disconnected_is_away_for_a_while() {
    let mut world = world();
    let identifier = arn(&world, "lobby-main");
    let me = open(&mut world, "lobby-main", "me", &[]);
    let body = json!({ "roomIdentifier": identifier, "userId": "pixelpaula.unknown" });
    call(&mut world, "DisconnectUser", body);
    let regulars = ["nadia.55b2e0c7", "marv1n", "quietkoala"];
    let users = |world: &mut World, from: u32, to: u32| {
        let mut users = BTreeSet::new();
        for second in from..to {
            world.advance(at(f64::from(second)));
            for frame in received(world, me) {
                if let Frame::Message(message) = frame {
                    users.insert(message.sender.user_id);
                }
            }
        }
        users
    };
    let before = users(&mut world, 1, 60);
    let ids: Vec<&String> = before.iter().filter(|id| regulars.iter().any(|regular| id.starts_with(regular))).collect();
    assert_eq!(ids.len(), 3, "{before:?}");
    for id in &ids {
        let body = json!({ "roomIdentifier": identifier, "userId": id });
        call_at(&mut world, at(60.0), "DisconnectUser", body);
    }
    world.deliveries();
    let meanwhile = users(&mut world, 61, 119);
    assert!(ids.iter().all(|id| !meanwhile.contains(*id)));
    let after = users(&mut world, 119, 600);
    assert!(ids.iter().any(|id| after.contains(*id)), "most come back");
}

#[test]
fn a_clock_that_jumps_makes_no_flood() {
    let mut world = world();
    let me = open(&mut world, "lobby-main", "me", &[]);
    world.advance(at(6.0 * 3600.0 / 8.0));
    let heard = received(&mut world, me);
    assert!((10..100).contains(&heard.len()), "{}", heard.len());
    assert!(heard.iter().all(|frame| message(frame).send_time > Some(at(6.0 * 3600.0 / 8.0 - 5.0))));
    // And one that goes back stands still.
    world.advance(at(0.0));
    assert!(world.deliveries().is_empty());
    let room = arn(&world, "lobby-main");
    world.say(at(0.0), &room, Sender::default(), "now");
    assert_eq!(message(&received(&mut world, me)[0]).send_time, Some(at(6.0 * 3600.0 / 8.0)));
    assert!(world.next_change().unwrap() > at(6.0 * 3600.0 / 8.0));
}

#[test]
fn the_rate_of_the_busiest_room_can_be_set() {
    for (rate, expected) in
        [(0.0, 0..=0), (1.0, 7..=13), (50.0, 480..=520), (1000.0, 9_900..=10_100), (f64::NAN, 0..=0)]
    {
        let mut world = World::new(Setup { rate: Some(rate), ..Setup::default() }, at(0.0));
        let heard = overheard(&mut world, "lobby-main", 10).len();
        assert!(expected.contains(&heard), "{rate}: {heard}");
        let mut quiet = World::new(Setup { rate: Some(rate), ..Setup::default() }, at(0.0));
        assert!(overheard(&mut quiet, "lobby-quiet", 15).len() < 2);
    }
}

#[test]
fn a_rate_without_bounds_is_bounded() {
    let mut world = World::new(Setup { rate: Some(f64::INFINITY), ..Setup::default() }, at(0.0));
    let heard = overheard(&mut world, "lobby-main", 1).len();
    assert!((9_900..=10_100).contains(&heard), "{heard}");
}

#[test]
fn the_built_in_people_keep_to_the_service_s_limits() {
    for room in ["lobby-main", "lobby-eu", "hostile-lab", "names", "speedrun-any"] {
        for message in overheard(&mut world(), room, 300) {
            assert!(message.content.chars().count() <= 500, "{}", message.content);
            assert!((1..=128).contains(&message.sender.user_id.chars().count()));
        }
    }
}
