//! A service that is away, denies, hangs or talks nonsense: told where it happened, while the rest works.

use std::time::Duration;

use crate::service::Service;

#[test]
fn a_service_that_dies_leaves_a_gap_and_is_found_again() {
    let mut service = Service::start();
    let mut console = service.console(&["chat", "lobby-main"]).run();
    console.shows(" live  session until").until("to show somebody talking", |screen| screen.contents().contains('#'));
    service.kill();
    console.shows("reconnecting").hides("1 live");
    // Keys answer meanwhile.
    console.keys("?").shows(" Keys ").keys("q").hides(" Keys ").keys("]").shows("ARN ").keys("[").shows("k select");
    service.revive();
    console.shows("gap of ").shows(" live  session until");
    console.keys("<c-c>").ends().cleanly(0);
    assert_eq!(service.connections(), 0);
}

#[test]
fn denied_tags_are_told_in_their_pane_and_nowhere_else() {
    let service = Service::failing(&["ListTagsForResource=deny"]);
    let mut console = service.console(&[]).size(140, 40).run();
    console
        .shows("Access denied")
        .shows("ivschat:ListTagsForResource")
        .shows("lobby-eu")
        .shows("100 messages a second");
    service.mend("ListTagsForResource");
    console.keys("3<c-r>").shows("team = live-events").hides("Access denied").keys("<c-c>").ends().cleanly(0);
}

#[test]
fn denied_rooms_are_never_an_empty_list() {
    let service = Service::failing(&["ListRooms=deny"]);
    let mut console = service.console(&[]).size(140, 40).run();
    console.shows("Access denied").shows("ivschat:ListRooms").hides("There are no rooms");
    console.keys("2").shows("cw-prod").shows("cloudwatch").keys("0").shows("Logs to");
    console.keys("<c-c>").ends().cleanly(0);
}

#[test]
fn a_denied_deletion_leaves_the_message_and_says_so() {
    let service = Service::failing(&["DeleteMessage=deny"]);
    let mut console = service.console(&["chat", "lobby-main"]).run();
    console.shows(" live  session until").until("to show somebody talking", |screen| screen.contents().contains('#'));
    console.keys("k").shows("|| paused").keys("d").shows("[not deleted: Access denied").shows("G live");
    service.mend("DeleteMessage");
    console.shows(" new ").keys("j").pause().keys("d").shows("confirmed: ");
    // The event may be here before the answer, and until that has come there is an outcome to lose.
    console.keys("]]]").shows("done (").keys("<c-c>").ends().cleanly(0);
}

#[test]
fn a_wrong_secret_is_told_as_what_it_is_and_not_shown() {
    let service = Service::start();
    let secret = "a-secret-that-is-nobody-s/0123456789abcd";
    let mut console = service.console_as(&[], "AKIAIOSFODNN7EXAMPLE", secret).size(140, 40).run();
    console.shows("The signature was not accepted").shows("AWS_SECRET_ACCESS_KEY").keys("<c-c>");
    let ended = console.ends();
    ended.cleanly(0);
    assert!(!ended.written.contains(secret));
}

#[test]
fn an_unknown_key_is_told_as_what_it_is() {
    let service = Service::start();
    let mut console = service.console_as(&[], "AKIANOBODYKNOWSTHIS0", "secret").size(140, 40).run();
    console.shows("The access key is not known").keys("<c-c>").ends().cleanly(0);
}

#[test]
fn a_service_that_hangs_keeps_neither_keys_nor_leaving_waiting() {
    let service = Service::failing(&["ListRooms=hang", "Connect=hang"]);
    let mut console = service.console(&[]).size(140, 40).run();
    console.shows("loading").keys("?").shows(" Keys ").keys("q").hides(" Keys ").keys("20").shows("Logs to");
    console.keys("<c-c>");
    let ended = console.ends();
    ended.cleanly(0);
    assert!(ended.took < Duration::from_secs(5), "{:?}", ended.took);
}

#[test]
fn a_handshake_that_hangs_does_not_keep_leaving_waiting() {
    let service = Service::failing(&["Connect=hang"]);
    let mut console = service.console(&["chat", "lobby-main"]).run();
    console.shows("connecting").keys("<c-c>");
    let ended = console.ends();
    ended.cleanly(0);
    assert!(ended.took < Duration::from_secs(5), "{:?}", ended.took);
}

#[test]
fn an_answer_that_is_none_is_told_with_its_operation() {
    for garbage in ["html", "truncated", "empty", "shape"] {
        let service = Service::failing(&[&format!("ListRooms=garbage:{garbage}")]);
        let mut console = service.console(&[]).size(140, 40).run();
        console.shows("An answer that can't be read").shows("ListRooms").shows("cw-prod");
        console.keys("<c-c>").ends().cleanly(0);
    }
}

#[test]
fn no_chat_token_is_ever_written() {
    let service = Service::start();
    let mut console = service.console(&["chat", "lobby-main"]).size(200, 50).run();
    console.shows(" live  session until").until("to show somebody talking", |screen| screen.contents().contains('#'));
    console.keys("]").shows("ARN ").keys("]").shows("\"arn\"").keys("q?").shows(" Keys ").keys("q");
    service.fail("Connect=status:403");
    service.drop_connections();
    console.keys("0[[").shows("reconnecting").keys("<c-c>");
    let ended = console.ends();
    ended.cleanly(0);
    // The simulator's tokens are 160 letters, digits and some signs; nothing else here is as long.
    let words = ended.written.split(|c: char| !(c.is_ascii_alphanumeric() || "#!-_.".contains(c)));
    let longest = words.max_by_key(|word| word.len()).unwrap();
    assert!(longest.len() < 100, "{longest}");
    assert!(!ended.written.contains(service.secret()));
}
