//! The link: sessions that are renewed, connections that are lost and found, and what is told of it.

use ivschat::api::ErrorKind;
use ivschat::api::error::Refusal;
use ivschat::api::model::Capability;
use ivschat::api::ops::{DeleteRoom, DisconnectUser};
use ivschat::app::Msg;
use ivschat::messaging::frame::{Message, Sender};
use ivschat::messaging::{Ended, Frame, Report};

use crate::Console;

/// A quiet room, open.
fn quiet(console: Console) -> Console {
    console.keys("/lobby-quiet<enter><enter>").wait(3_000).shows("live")
}

fn denied() -> ErrorKind {
    ErrorKind::Refused(Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"not today"}"#))
}

/// The connection of this room ends like that.
fn ends(mut console: Console, room: &str, why: Ended) -> Console {
    let room = console.room(room);
    let id = console.link(&room);
    console.happens(Msg::Ended(id, why))
}

fn one_row(console: &Console, text: &str) {
    let screen = console.screen();
    assert_eq!(screen.lines().filter(|row| row.contains(text)).count(), 1, "{text:?}\n{screen}");
}

#[test]
fn watching_alone_asks_for_no_capability_and_tells_nothing_of_us() {
    let console = quiet(Console::demo());
    let sent = &console.calls("CreateChatToken")[0];
    assert_eq!(sent["userId"], "ivschat-test");
    for member in ["capabilities", "attributes", "sessionDurationInMinutes"] {
        assert!(sent.get(member).is_none(), "{sent}");
    }
}

#[test]
fn who_watches_is_configurable_and_stays_so_over_renewals() {
    let console = quiet(Console::watching(|room| {
        room.user_id = "nadia".into();
        room.capabilities = vec![Capability::DeleteMessage];
        room.attributes = [("team".to_owned(), "blue".to_owned())].into();
        room.session_minutes = Some(1);
    }));
    let console = console.wait(5 * 60_000).shows("live");
    let sent = console.calls("CreateChatToken");
    assert!(sent.len() > 4, "{sent:?}");
    for sent in sent {
        assert_eq!((&sent["userId"], &sent["attributes"]["team"]), (&"nadia".into(), &"blue".into()));
        assert_eq!(
            (&sent["capabilities"], &sent["sessionDurationInMinutes"]),
            (&serde_json::json!(["DELETE_MESSAGE"]), &1.into())
        );
    }
}

#[test]
fn a_message_a_second_over_twenty_renewals_is_shown_once_each() {
    let mut console = quiet(Console::watching(|room| room.session_minutes = Some(1)));
    let speaker = console.joins("u-1", "lobby-quiet");
    let mut said = 0;
    while console.calls("CreateChatToken").len() <= 20 {
        for _ in 0..8 {
            said += 1;
            console.says(speaker, &format!("number {said} of them"));
            console = console.wait(1_000);
        }
        for n in said - 7..=said {
            one_row(&console, &format!("number {n} of them"));
        }
    }
    assert!(said > 900, "{said}");
    let console = console.hides("gap").hides("joined").wait(10_000);
    assert_eq!(console.open_links(), 1);
    let mut tokens = console.tokens.clone();
    tokens.sort_unstable();
    tokens.dedup();
    assert_eq!(tokens.len(), console.tokens.len(), "none is used twice");
}

#[test]
fn a_renewal_can_be_seen_and_is_no_event() {
    let console = quiet(Console::demo()).shows("session until 13:00Z").hangs("CreateChatToken");
    let console = console.wait((59 * 60 + 30) * 1_000).shows("live, renewing  session until 13:00Z");
    let console = console.works("CreateChatToken").wait(5_000).shows("live  session until 13:59Z");
    console.hides("gap").hides("joined").shows("1 live");
}

#[test]
fn a_renewal_in_trouble_says_when_the_session_ends_and_why() {
    let console = quiet(Console::demo()).fails("CreateChatToken", denied());
    let console = console.wait((58 * 60 + 50) * 1_000);
    let console = console.shows("~ lobby-quiet").shows("session ends in 1 min, no token: Access denied: not");
    let console = console.keys("1").shows(" ~ lobby-quiet").keys("<enter>");
    console
        .works("CreateChatToken")
        .wait(40_000)
        .shows("* lobby-quiet")
        .shows("live  session until 13:59Z")
        .hides("gap");
}

#[test]
fn a_session_that_could_not_be_renewed_stops_with_what_to_do() {
    let console = quiet(Console::demo()).fails("CreateChatToken", denied()).wait(62 * 60_000);
    let console = console.shows("no token: Access denied: not today; C-r reconnects").shows("! lobby-quiet");
    let console = console.works("CreateChatToken").keys("<c-r>").wait(2_000).shows("* lobby-quiet");
    one_row(&console, "gap of 2 min until 13:02:");
    console.shows("lobby-quiet: live again").hides("C-r reconnects").hides("joined");
}

#[test]
fn each_way_to_lose_a_connection_is_told_in_words_of_its_own() {
    let by_server = |code, reason: &str| Ended::ByServer { code, reason: reason.to_owned() };
    let refused = |status| Ended::Refused { status, body: String::new() };
    for (why, told) in [
        (by_server(1000, ""), "closed by the server (1000) in mid-session; reconnecting"),
        (by_server(1001, "maintenance"), "the server goes away (1001): maintenance; reconnecting"),
        (refused(401), "the server misses the token (401); reconnecting"),
        (refused(403), "the token was refused (403); reconnecting"),
        (refused(404), "the room is gone (404); C-r reconnects"),
        (Ended::Silent { seconds: 30 }, "no sign of life for 30 s; reconnecting"),
        (Ended::Protocol("a text frame is not UTF-8".into()), "a text frame is not UTF-8; reconnecting"),
    ] {
        let comes_back = told.ends_with("; reconnecting");
        let console = ends(quiet(Console::demo()), "lobby-quiet", why).shows(told);
        let console = console.shows(if comes_back { "~ lobby-quiet" } else { "! lobby-quiet" });
        let console = if comes_back { console.wait(31_000) } else { console.keys("<c-r>").wait(2_000) };
        let console = console.shows("* lobby-quiet").shows("gap of").hides("reconnect");
        one_row(&console, &told[..told.find(';').unwrap().min(20)]);
    }
}

#[test]
fn whoever_is_sent_away_twice_in_a_row_stays_away_and_says_so() {
    let close = || Ended::ByServer { code: 1000, reason: String::new() };
    let console = ends(quiet(Console::demo()), "lobby-quiet", close()).wait(3_000).shows("* lobby-quiet");
    let console = ends(console, "lobby-quiet", close()).wait(60_000);
    console.shows("closed by the server (1000) in mid-session; C-r reconnects").shows("! lobby-quiet");
}

#[test]
fn a_room_that_is_deleted_elsewhere_is_told_when_its_connection_is_lost() {
    let mut console = quiet(Console::demo());
    let identifier = console.room("lobby-quiet");
    let console = console.elsewhere(&DeleteRoom { identifier }).wait(1_000).shows("1 live");
    let console = console.goes_offline().comes_online().wait(2_000);
    console.shows("the room is gone: no token for it; C-r reconnects").shows("! lobby-quiet");
}

#[test]
fn being_disconnected_during_an_overlap_is_respected_by_both_connections() {
    let mut console = quiet(Console::watching(|room| room.session_minutes = Some(1)));
    while console.open_links() < 2 {
        console = console.wait(100);
    }
    let room_identifier = console.room("lobby-quiet");
    let disconnect = DisconnectUser { room_identifier, user_id: "ivschat-test".into(), reason: Some("rude".into()) };
    let console = console.elsewhere(&disconnect).wait(5 * 60_000);
    let console = console.shows("disconnected by a moderator: rude; C-r reconnects").shows("! lobby-quiet");
    assert_eq!(console.open_links(), 0);
    one_row(&console, "disconnected by a moderator: rude; C-r");
}

#[test]
fn a_burst_of_100_000_messages_is_let_go_but_for_the_last_and_keys_are_answered() {
    let mut console = quiet(Console::demo());
    let room = console.room("lobby-quiet");
    let id = console.link(&room);
    for batch in 0..400 {
        let frame = |n: usize| {
            let (id, content) = (format!("m{}", batch * 250 + n), format!("burst {}", batch * 250 + n));
            let sender = Sender { user_id: "u".into(), ..Sender::default() };
            let attributes = [].into();
            Frame::Message(Message { id, request_id: None, content, attributes, sender, send_time: None })
        };
        console = console.happens(Msg::Link(id.clone(), Report::Frames((0..250).map(frame).collect())));
        if batch == 200 {
            console = console.keys("k").shows("|| paused").keys("G").hides("paused");
        }
    }
    console.shows("burst 99999").shows(" older let go").keys("k").shows("|| paused");
}

#[test]
fn frames_that_can_not_be_read_are_one_line_and_the_talk_goes_on() {
    let mut console = quiet(Console::demo());
    let room = console.room("lobby-quiet");
    let id = console.link(&room);
    for raw in ["{", "[]", "\u{0}", r#"{"Type":"DANCE"}"#, r#"{"Type":"MESSAGE"}"#, "{\"Type\":\"\u{202e}\u{1b}[2J\"}"]
    {
        console = console.happens(Msg::Link(id.clone(), Report::Frames(vec![Frame::parse(raw)])));
    }
    one_row(&console, "a frame that can't be read");
    let mut console = console.shows(": 6 so far, the last: ");
    let client = console.joins("u-1", "lobby-quiet");
    console.says(client, "still here");
    console.shows("still here");
}

#[test]
fn the_states_of_the_link_at_80_columns() {
    let renewing = quiet(Console::demo()).hangs("CreateChatToken").wait((59 * 60 + 30) * 1_000);
    insta::assert_snapshot!("link_renewing_80x24", renewing.snapshot());
    let lost = quiet(Console::demo()).goes_offline();
    insta::assert_snapshot!("link_reconnecting_80x24", lost.snapshot());
}
