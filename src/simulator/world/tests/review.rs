//! Message review, of clients and of the script's people alike.

use super::*;

fn send(world: &mut World, from: ConnectionId, content: &str) -> Result<String, (u16, String)> {
    let request = json!({ "Action": "SEND_MESSAGE", "RequestId": "r", "Content": content }).to_string();
    world.receive(at(0.0), from, &request);
    match &received(world, from)[0] {
        Frame::Message(message) => Ok(message.content.clone()),
        Frame::Error(refused) => Err((refused.code, refused.message.clone())),
        frame @ (Frame::Event(_) | Frame::Unknown(_)) => panic!("{frame:?}"),
    }
}

fn quiet_room(world: &mut World, function: &str, fallback: &str) -> ConnectionId {
    let uri = format!("arn:aws:lambda:us-west-2:123456789012:function:{function}");
    let identifier = arn(world, "staging-smoke");
    let handler = json!({ "uri": uri, "fallbackResult": fallback });
    call(world, "UpdateRoom", json!({ "identifier": identifier, "messageReviewHandler": handler }));
    open(world, "staging-smoke", "me", &ALL)
}

#[test]
fn a_handler_denies_replaces_or_lets_through() {
    let mut world = world();
    let me = quiet_room(&mut world, "family-filter", "ALLOW");
    assert_eq!(send(&mut world, me, "hello there"), Ok("hello there".into()));
    assert_eq!(send(&mut world, me, "you STINK!"), Err((406, "Let's keep it friendly".into())));
    assert_eq!(send(&mut world, me, "distinkt words only"), Ok("distinkt words only".into()));
    assert_eq!(send(&mut world, me, "what the Heck, call 555-0199"), Ok("what the ***, call ***-0199".into()));
}

#[test]
fn a_handler_that_takes_too_long_leaves_it_to_the_room() {
    for (fallback, expected) in [("ALLOW", Ok(())), ("DENY", Err(406))] {
        let mut world = world();
        let me = quiet_room(&mut world, "family-filter", fallback);
        let outcome = send(&mut world, me, "a potato");
        assert_eq!(outcome.map(|_| ()).map_err(|(code, _)| code), expected, "{fallback}");
    }
}

#[test]
fn a_verdict_that_is_too_long_for_the_room_is_none() {
    let mut world = world();
    let me = quiet_room(&mut world, "family-filter", "DENY");
    let identifier = arn(&world, "staging-smoke");
    call(&mut world, "UpdateRoom", json!({ "identifier": identifier, "maximumMessageLength": 4 }));
    assert_eq!(send(&mut world, me, "heck"), Ok("***".into()));
    call(&mut world, "UpdateRoom", json!({ "identifier": identifier, "maximumMessageLength": 3 }));
    assert_eq!(send(&mut world, me, "555"), Ok("***".into()));
    for (with, expected) in [("two", Ok("two".to_owned())), ("four", Err(406)), ("", Err(406))] {
        let script = format!(
            "[[handler]]\nname = \"f\"\nreplace = [\"a\"]\nwith = \"{with}\"\n\
             [[room]]\nname = \"r\"\nlength = 3\nhandler = \"f\"\nfallback = \"DENY\"\n"
        );
        let script = Script::parse(&script).unwrap();
        let mut world = World::new(Setup { script, ..Setup::default() }, at(0.0));
        let me = open(&mut world, "r", "me", &ALL);
        assert_eq!(send(&mut world, me, "a").map_err(|(code, _)| code), expected, "{with}");
    }
}

#[test]
fn a_handler_that_the_script_does_not_know_lets_everything_through() {
    let mut world = world();
    let me = quiet_room(&mut world, "somebody-elses:live", "DENY");
    assert_eq!(send(&mut world, me, "you stink"), Ok("you stink".into()));
    let me = quiet_room(&mut world, "family-filter:live", "DENY");
    assert_eq!(send(&mut world, me, "you stink").map_err(|(code, _)| code), Err(406));
}

#[test]
fn people_of_the_script_are_reviewed_too() {
    let mut world = world();
    let heard = overheard(&mut world, "kids-craft", 600);
    let denied = ["dummy", "stink", "stupid", "poop", "potato", "heck", "555"];
    assert!(heard.len() > 100);
    for message in &heard {
        assert!(denied.iter().all(|word| !message.content.contains(word)), "{}", message.content);
    }
    assert!(heard.iter().any(|message| message.content.contains("***")));
}
