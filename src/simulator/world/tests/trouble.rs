//! Raids, floods and moderators elsewhere: by themselves, and when they are asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Whether somebody of a raid or a flood of the script wrote this.
fn is_raid(world: &World, room: &str, message: &Message) -> bool {
    let room = world.script.contents.rooms.iter().find(|entry| entry.name == room).unwrap();
    let people = room.talk.iter().flat_map(|talk| &talk.bursts).flat_map(|burst| &burst.people);
    let name = message.sender.attributes.get("displayName");
    people.into_iter().any(|person| person.attributes.get("displayName") == name)
}

fn seconds(seconds: f64) -> SignedDuration {
    SignedDuration::try_from_secs_f64(seconds).unwrap()
}

fn raid(users: u32, within: f64) -> Raid {
    Raid { users, text: "free coins".to_owned(), variants: Vec::new(), within: seconds(within) }
}

fn flood(messages: u32, within: f64) -> Flood {
    Flood { user: "mallory".to_owned(), messages, text: "buy".to_owned(), within: seconds(within) }
}

/// The raid's messages of the first half minute.
fn first_raid() -> Vec<Message> {
    let mut world = troubled();
    let mut heard = overheard(&mut world, "raid-night", 30);
    heard.retain(|message| is_raid(&world, "raid-night", message));
    heard
}

#[test]
fn a_scripted_raid_is_one_message_each_from_new_users_within_seconds() {
    let mut world = troubled();
    let mut heard = overheard(&mut world, "raid-night", 200);
    heard.retain(|message| is_raid(&world, "raid-night", message));
    let bursts: Vec<_> = heard
        .chunk_by(|one, next| next.send_time.unwrap().duration_since(one.send_time.unwrap()) < seconds(10.0))
        .collect();
    assert!(bursts.len() >= 2, "{bursts:?}");
    let mut all = BTreeSet::new();
    for burst in bursts {
        let (first, last) = (burst[0].send_time.unwrap(), burst[burst.len() - 1].send_time.unwrap());
        assert!(burst.len() >= 9 && last.duration_since(first) <= seconds(4.0), "{burst:?}");
        let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
        for message in burst {
            assert!(all.insert(message.sender.user_id.clone()), "{message:?} was here before");
            *texts.entry(&message.content).or_default() += 1;
        }
        let most = texts.values().max().unwrap();
        assert!(*most >= 3 && texts.len() > 1, "some write it as it is and some do not: {texts:?}");
    }
}

#[test]
fn a_raid_that_nobody_saw_the_end_of_is_forgotten() {
    let middle = first_raid()[5].send_time.unwrap();
    let mut world = troubled();
    let me = open(&mut world, "raid-night", "me", &[]);
    for second in 1..30 {
        world.advance(at(f64::from(second)).min(middle));
    }
    world.leave(me);
    world.deliveries();
    let me = open_at(&mut world, at(600.0), "raid-night", "me", &[]);
    for second in 600..640 {
        world.advance(at(f64::from(second)));
    }
    let heard: Vec<_> =
        received(&mut world, me).into_iter().filter(|frame| matches!(frame, Frame::Message(_))).collect();
    assert!(heard.len() > 20);
    for frame in heard {
        let message = message(&frame);
        assert!(message.send_time > Some(at(600.0)), "{message:?}");
        assert!(!is_raid(&world, "raid-night", message), "{message:?}");
    }
}

#[test]
fn raiders_who_are_disconnected_stop() {
    let raid = first_raid();
    let (first, last) = (raid[0].send_time.unwrap(), raid[raid.len() - 1].send_time.unwrap());
    let mut world = troubled();
    let identifier = arn(&world, "raid-night");
    let me = open(&mut world, "raid-night", "me", &[]);
    for second in 1..30 {
        world.advance(at(f64::from(second)).min(first));
    }
    for message in &raid {
        let body = json!({ "roomIdentifier": identifier, "userId": message.sender.user_id });
        call_at(&mut world, first, "DisconnectUser", body);
    }
    world.deliveries();
    world.advance(last);
    for frame in received(&mut world, me) {
        assert!(!matches!(&frame, Frame::Message(message) if is_raid(&world, "raid-night", message)), "{frame:?}");
    }
}

#[test]
fn the_first_room_has_a_flood_a_raid_and_a_moderator_within_two_minutes() {
    let mut world = troubled();
    let seen = seen(&mut world, "lobby-main", 120);
    let mut by_user: BTreeMap<&str, Vec<&Message>> = BTreeMap::new();
    let mut messages = BTreeMap::new();
    for frame in &seen {
        if let Frame::Message(message) = frame {
            by_user.entry(&message.sender.user_id).or_default().push(message);
            messages.insert(message.id.as_str(), message);
        }
    }
    let flood = by_user.values().find(|said| said.len() >= 9 && is_raid(&world, "lobby-main", said[0])).unwrap();
    assert!(flood[8].send_time.unwrap().duration_since(flood[0].send_time.unwrap()) <= seconds(5.0));
    let raiders = by_user.values().filter(|said| said.len() == 1 && is_raid(&world, "lobby-main", said[0]));
    assert!(raiders.count() >= 14);
    let mut deletions = 0;
    for frame in &seen {
        let Frame::Event(event) = frame else { continue };
        assert!(!event.attributes["Reason"].is_empty());
        if matches!(event.kind, EventKind::DeleteMessage { .. }) {
            deletions += 1;
            let deleted = messages[event.attributes["MessageID"].as_str()];
            assert!(is_raid(&world, "lobby-main", deleted), "no moderator hits a regular: {deleted:?}");
        }
    }
    assert!(deletions >= 2);
}

#[test]
fn people_say_the_same_with_trouble_and_without() {
    let calm = overheard(&mut world(), "lobby-main", 60);
    let mut world = troubled();
    let mut heard = overheard(&mut world, "lobby-main", 60);
    assert!(heard.len() > calm.len());
    heard.retain(|message| !is_raid(&world, "lobby-main", message));
    assert!(heard == calm, "they differ");
}

#[test]
fn a_raid_comes_when_it_is_asked_for() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &[]);
    let users = world.raid(at(10.0), Some("staging-smoke"), &raid(40, 4.0)).unwrap();
    assert_eq!(received(&mut world, me).len(), 1, "it begins at once");
    world.advance(at(12.0));
    assert_eq!(received(&mut world, me).len(), 20);
    world.advance(at(14.0));
    assert_eq!(received(&mut world, me).len(), 19);
    assert_eq!(world.next_change(), Some(at(3600.0)), "nothing is left but the end of the session");
    assert_eq!(users.iter().collect::<BTreeSet<_>>().len(), 40, "each is somebody else");
    let again = world.raid(at(15.0), None, &raid(40, 0.0)).unwrap();
    assert!(again.iter().all(|user| !users.contains(user)));
    let heard = received(&mut world, me);
    let said: Vec<_> = heard.iter().map(|frame| message(frame).sender.user_id.clone()).collect();
    assert_eq!(said, again);
    assert!(heard.iter().all(|frame| message(frame).content == "free coins"));
}

#[test]
fn a_raid_s_users_may_each_write_in_their_own_way() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &[]);
    let order = Raid { variants: vec![Variant::Homoglyphs, Variant::Width], ..raid(30, 0.0) };
    world.raid(at(0.0), None, &order).unwrap();
    let texts: BTreeSet<_> = received(&mut world, me).iter().map(|frame| message(frame).content.clone()).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(!texts.contains("free coins"));
}

#[test]
fn a_flood_ends_with_its_user() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &[]);
    world.flood(at(0.0), None, &flood(12, 6.0)).unwrap();
    world.advance(at(2.9));
    let heard = received(&mut world, me);
    assert_eq!(heard.len(), 6);
    assert_eq!((message(&heard[0]).content.as_str(), message(&heard[5]).content.as_str()), ("buy 1", "buy 6"));
    let body = json!({ "roomIdentifier": arn(&world, "staging-smoke"), "userId": "mallory" });
    call_at(&mut world, at(3.0), "DisconnectUser", body);
    world.advance(at(10.0));
    let rest = received(&mut world, me);
    assert_eq!(rest.len(), 2, "the seventh, which was due, and the event: {rest:?}");
}

#[test]
fn a_moderator_elsewhere_takes_what_stands_last() {
    let mut world = world();
    let me = open(&mut world, "staging-smoke", "me", &ALL);
    assert_eq!(world.moderator_deletes(at(0.0), None, None, None), Err(NotPossible::NothingSaid));
    world.flood(at(0.0), None, &flood(3, 0.0)).unwrap();
    let ids: Vec<_> = received(&mut world, me).iter().map(|frame| message(frame).id.clone()).collect();
    assert_eq!(world.moderator_deletes(at(0.0), None, None, Some("spam")).unwrap(), ids[2]);
    assert_eq!(world.moderator_deletes(at(0.0), None, Some(&ids[0]), None).unwrap(), ids[0]);
    assert_eq!(world.moderator_deletes(at(0.0), None, None, None).unwrap(), ids[1]);
    let heard = received(&mut world, me);
    assert_eq!(event(&heard[0]).attributes["Reason"], "spam");
    assert_eq!(event(&heard[2]).attributes["MessageID"], ids[1]);
    world.receive(at(0.0), me, r#"{"Action":"SEND_MESSAGE","Content":"hi"}"#);
    assert_eq!(world.moderator_disconnects(at(0.0), None, None, Some("bye")).unwrap(), "me");
    assert!(split(world.deliveries(), me).1.is_some(), "the console's own user can be hit, too");
    assert_eq!(world.moderator_deletes(at(0.0), Some("staging-smoke"), None, None), Err(NotPossible::NothingSaid));
}

#[test]
fn a_room_is_meant_by_name_id_arn_or_by_being_the_only_one() {
    let mut world = world();
    let staging = arn(&world, "staging-smoke");
    let id = staging.rsplit('/').next().unwrap();
    for named in ["staging-smoke", staging.as_str(), id] {
        assert_eq!(world.room_meant(Some(named)).unwrap(), staging);
    }
    assert_eq!(world.room_meant(Some("nowhere")), Err(NotPossible::NoRoom("nowhere".to_owned())));
    assert_eq!(world.room_meant(None), Err(NotPossible::WhichRoom(0)));
    open(&mut world, "staging-smoke", "me", &[]);
    assert_eq!(world.room_meant(None).unwrap(), staging);
    open(&mut world, "lobby-quiet", "me", &[]);
    assert_eq!(world.room_meant(None), Err(NotPossible::WhichRoom(2)));
}

#[test]
fn sessions_can_be_short_and_be_ended() {
    let mut world = World::new(Setup { session: Some(seconds(20.0)), ..calm() }, at(0.0));
    let room = arn(&world, "staging-smoke");
    let asks = json!({ "roomIdentifier": room, "userId": "u" });
    let answer = call(&mut world, "CreateChatToken", asks.clone());
    assert_eq!(answer["sessionExpirationTime"], "2026-07-01T12:00:20Z", "and the answer says so");
    let me = world.connect(at(1.0), text(&answer["token"])).unwrap();
    world.advance(at(19.9));
    assert!(world.deliveries().is_empty());
    world.advance(at(20.0));
    assert_eq!(split(world.deliveries(), me).1, Some((1000, "Session expired".to_owned())));
    world.limit_sessions(None);
    let answer = call_at(&mut world, at(20.0), "CreateChatToken", asks);
    assert_eq!(answer["sessionExpirationTime"], "2026-07-01T13:00:20Z");
    let (me, other) = (
        world.connect(at(21.0), text(&answer["token"])).unwrap(),
        open_at(&mut world, at(21.0), "lobby-quiet", "other", &[]),
    );
    assert_eq!(world.end_sessions(at(22.0)), 2);
    let deliveries = world.deliveries();
    for connection in [me, other] {
        assert_eq!(split(deliveries.clone(), connection).1, Some((1000, "Session expired".to_owned())));
    }
    assert_eq!((world.end_sessions(at(23.0)), world.next_change()), (0, None));
}

#[test]
fn a_lost_echo_is_a_yes_that_nobody_hears_of() {
    let mut world = world();
    let room = arn(&world, "staging-smoke");
    let (me, other) = (open(&mut world, "staging-smoke", "me", &ALL), open(&mut world, "staging-smoke", "other", &[]));
    world.set_echoes(Echoes::Lost);
    let deletes = json!({ "roomIdentifier": room, "id": "AbCdEf123456" });
    assert!(call(&mut world, "DeleteMessage", deletes.clone())["id"].is_string());
    call(&mut world, "SendEvent", json!({ "roomIdentifier": room, "eventName": "poll" }));
    call(&mut world, "DisconnectUser", json!({ "roomIdentifier": room, "userId": "other" }));
    let deliveries = world.deliveries();
    assert_eq!(split(deliveries.clone(), me), (Vec::new(), None));
    assert!(split(deliveries, other).1.is_some(), "who is disconnected is so");
    world.receive(at(0.0), me, r#"{"Action":"DELETE_MESSAGE","Id":"AbCdEf123456"}"#);
    assert_eq!(received(&mut world, me).len(), 1, "requests over a connection are not calls");
    world.set_echoes(Echoes::Published);
    call(&mut world, "DeleteMessage", deletes);
    assert_eq!(received(&mut world, me).len(), 1);
}
