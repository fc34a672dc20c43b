use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;

use super::*;
use crate::api::answer::Answer;
use crate::api::error::Refusal;
use crate::api::model::Capability;
use crate::api::{Error, ErrorKind};
use crate::app::msg::Ticket;
use crate::app::room::live::Settings;
use crate::app::room::row::Body;
use crate::app::room::row::Row;
use crate::app::room::seen::REMEMBERED;
use crate::app::room::writing::{Draft, Fate, Written};

const ROOM: &str = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456";

/// A room, and a network that takes its time: all that happens has its place on one line of time, and frames over one
/// connection come in order.
struct Wire {
    room: Room,
    now: Timestamp,
    /// What will happen: when, in which order, what.
    agenda: Vec<(Timestamp, u64, Msg)>,
    counted: u64,
    /// Connections that stand, and until when frames are on their way over them.
    open: BTreeMap<u64, Timestamp>,
    /// How long frames take over a connection, if not a random time.
    lags: BTreeMap<u64, i64>,
    minutes: u32,
    /// Why no token is given out.
    denied: Option<ErrorKind>,
    /// Whether handshakes get an answer.
    reachable: bool,
    /// Who asked for tokens.
    asked: Vec<String>,
    /// The numbers of connections that were made.
    made: Vec<u64>,
    words: Vec<String>,
    /// The numbers of connections that messages of ours were sent over.
    said: Vec<u64>,
    dice: fastrand::Rng,
}

fn settings(scrollback: usize) -> Settings {
    Settings { user_id: "console".into(), scrollback, ..Settings::default() }
}

impl Wire {
    /// A room whose sessions last so many minutes, live.
    fn live(minutes: u32, scrollback: usize) -> Self {
        let room = Room::new(ROOM.parse().unwrap(), clean("lobby"), Arc::new(settings(scrollback)));
        let mut wire = Self {
            room,
            now: Timestamp::from_second(1_000_000).unwrap(),
            agenda: Vec::new(),
            counted: 0,
            open: BTreeMap::new(),
            lags: BTreeMap::new(),
            minutes,
            denied: None,
            reachable: true,
            asked: Vec::new(),
            made: Vec::new(),
            words: Vec::new(),
            said: Vec::new(),
            dice: fastrand::Rng::with_seed(7),
        };
        let identity = Identity { session_minutes: Some(minutes), ..wire.room.own_identity() };
        wire.act(|room, now, outbox| room.join_as(identity, now, outbox));
        wire.wait(2_000);
        assert!(wire.room.is_live());
        wire
    }

    fn at(&mut self, milliseconds: i64, msg: Msg) {
        self.counted += 1;
        self.agenda.push((self.now + SignedDuration::from_millis(milliseconds), self.counted, msg));
    }

    fn act(&mut self, act: impl FnOnce(&mut Room, Timestamp, &mut Outbox)) {
        let mut outbox = Outbox::default();
        act(&mut self.room, self.now, &mut outbox);
        self.words.extend(outbox.word().map(|word| word.text.clone()));
        for job in outbox.into_jobs() {
            self.carry_out(job);
        }
    }

    fn carry_out(&mut self, job: Job) {
        let lag = self.dice.i64(20..400);
        match job {
            Job::Call(ask) => {
                let body = ask.call.request.body.clone().unwrap();
                self.asked.push(body["userId"].as_str().unwrap().to_owned());
                let until = self.now + SignedDuration::from_mins(self.minutes.into());
                let body = format!(r#"{{"token":"t{}","sessionExpirationTime":"{until}"}}"#, self.asked.len());
                let error = |kind| Error { operation: "CreateChatToken", request_id: None, attempts: 1, kind };
                let answer = Answer { status: 200, request_id: None, attempts: 1, body: body.into_bytes() };
                let msg = ask.reply(self.denied.clone().map_or(Ok(answer), |kind| Err(error(kind))));
                self.at(lag, msg);
            }
            Job::After(delay, timer) => self.at(i64::try_from(delay.as_millis()).unwrap() + 1, Msg::Due(timer)),
            Job::Connect(id, _) if self.reachable => {
                self.made.push(id.serial);
                self.open.insert(id.serial, self.now);
                let close = Ended::ByServer { code: 1000, reason: String::new() };
                let lasts = i64::from(self.minutes) * 60_000;
                self.at(lasts, Msg::Ended(id.clone(), close));
                self.over(&id, Msg::Link(id.clone(), Report::Opened));
            }
            Job::Connect(id, _) => self.at(lag, Msg::Ended(id, Ended::Unreachable("connection refused".into()))),
            Job::Disconnect(id) => {
                // What has not been read by then never is.
                self.open.remove(&id.serial);
                self.agenda.retain(|(_, _, msg)| !matches!(msg, Msg::Link(of, _) if *of == id));
                self.at(lag, Msg::Ended(id, Ended::ByUs));
            }
            Job::Publish(saying) => self.said.push(saying.link.serial),
            Job::Conclude(..) => {}
            other => panic!("{other:?}"),
        }
    }

    /// Something comes over a connection, behind what is on its way already.
    fn over(&mut self, id: &LinkId, msg: Msg) {
        let lag = self.lags.get(&id.serial).copied().unwrap_or_else(|| self.dice.i64(20..400));
        let when = (self.now + SignedDuration::from_millis(lag)).max(self.open[&id.serial]);
        self.open.insert(id.serial, when);
        self.counted += 1;
        self.agenda.push((when, self.counted, msg));
    }

    /// The service says something to all that listen.
    fn say(&mut self, frame: &Frame) {
        let open: Vec<u64> = self.open.keys().copied().collect();
        for serial in open {
            let id = self.room.numbered(serial);
            self.over(&id.clone(), Msg::Link(id, Report::Frames(vec![frame.clone()])));
        }
    }

    fn drop_all(&mut self) {
        for serial in std::mem::take(&mut self.open).into_keys() {
            let id = self.room.numbered(serial);
            self.agenda.retain(|(_, _, msg)| !matches!(msg, Msg::Link(of, _) if *of == id));
            self.at(0, Msg::Ended(id, Ended::Broken("reset".into())));
        }
    }

    fn wait(&mut self, milliseconds: i64) {
        let until = self.now + SignedDuration::from_millis(milliseconds);
        loop {
            let next = self.agenda.iter().enumerate().min_by_key(|(_, (when, order, _))| (*when, *order));
            let Some(at) = next.filter(|(_, (when, _, _))| *when <= until).map(|(at, _)| at) else { break };
            let (when, _, msg) = self.agenda.swap_remove(at);
            self.now = when;
            self.happens(msg);
        }
        self.now = until;
    }

    /// Lets time pass until the next session is asked for.
    fn wait_for_renewal(&mut self) {
        let Link::Live { session, .. } = self.room.link() else { panic!("{:?}", self.room.link()) };
        let left = session.renew.duration_since(self.now).as_millis();
        self.wait(i64::try_from(left).unwrap() + 2);
        assert!(matches!(self.renewal(), Some(Renewal::UnderWay { step: Step::Asking, .. })), "{:?}", self.room.link());
    }

    fn happens(&mut self, msg: Msg) {
        let dice = self.dice.f64();
        match msg {
            Msg::Token(id, token) => self.act(|room, now, outbox| room.token(now, &id, token, dice, outbox)),
            Msg::Link(id, report) => self.act(|room, now, outbox| room.report(now, &id, report, outbox)),
            Msg::Ended(id, Ended::ByServer { .. }) if !self.open.contains_key(&id.serial) => {}
            Msg::Ended(id, why) => {
                self.open.remove(&id.serial);
                self.act(|room, now, outbox| room.ended(now, &id, &why, dice, outbox));
            }
            Msg::Due(Timer::Renew(id)) => self.act(|room, _, outbox| room.renewal_due(&id, outbox)),
            Msg::Due(Timer::Overlap(id)) => self.act(|room, now, outbox| room.overlap_due(now, &id, outbox)),
            Msg::Due(Timer::Reconnect(id)) => self.act(|room, _, outbox| room.reconnect_due(&id, outbox)),
            Msg::Due(_) => {}
            other => panic!("{other:?}"),
        }
    }

    /// What the feed shows: the ids of messages, and the words of the console's own lines.
    fn rows(&self) -> Vec<String> {
        let words = |row: &Row| match &row.body {
            Body::Message(said) => said.id.to_string(),
            Body::Notice(notice) => notice.words(),
        };
        self.room.feed().from(0).map(words).collect()
    }

    /// The console's own lines.
    fn notices(&self) -> Vec<String> {
        self.rows().into_iter().filter(|row| !row.starts_with("m-")).collect()
    }

    fn renewal(&self) -> Option<&Renewal> {
        match self.room.link() {
            Link::Live { renewal, .. } => Some(renewal),
            _ => None,
        }
    }
}

fn message(n: usize) -> Frame {
    Frame::parse(&format!(r#"{{"Type":"MESSAGE","Id":"m-{n}","Content":"hi","Sender":{{"UserId":"u"}}}}"#))
}

fn event(n: usize) -> Frame {
    Frame::parse(&format!(r#"{{"Type":"EVENT","Id":"e-{n}","EventName":"app:{n}"}}"#))
}

fn thrown_out() -> Frame {
    Frame::parse(
        r#"{"Type":"EVENT","Id":"e","EventName":"aws:DISCONNECT_USER","Attributes":{"UserId":"console","Reason":"rude"}}"#,
    )
}

fn denied() -> ErrorKind {
    ErrorKind::Refused(Refusal::read(403, Some("AccessDeniedException"), br#"{"message":"not for you"}"#))
}

/// One message a second, and an event now and then, until so many sessions have been renewed; how many of each.
fn talk(wire: &mut Wire, renewals: usize) -> (usize, usize) {
    let (mut messages, mut events) = (0, 0);
    while wire.made.len() <= renewals {
        wire.say(&message(messages));
        messages += 1;
        if messages % 7 == 0 {
            wire.say(&event(events));
            events += 1;
        }
        wire.wait(1_000);
    }
    wire.wait(10_000);
    (messages, events)
}

#[test]
fn over_twenty_renewals_nothing_is_lost_and_nothing_doubled() {
    let mut wire = Wire::live(1, 20_000);
    let (messages, events) = talk(&mut wire, 20);
    let rows = wire.rows();
    let mut shown: Vec<&String> = rows.iter().filter(|row| row.starts_with("m-")).collect();
    assert_eq!(shown.len(), messages, "none is doubled, none is lost");
    shown.sort_unstable();
    shown.dedup();
    assert_eq!(shown.len(), messages);
    let notices = wire.notices();
    assert_eq!(notices.len(), 1 + events, "no line tells of a renewal: {notices:?}");
    assert_eq!(notices.iter().filter(|row| row.starts_with("joined")).count(), 1);
    assert_eq!(wire.open.len(), 1, "the old connection is closed");
    assert_eq!(wire.asked.len(), 21, "a token for each connection");
}

#[test]
fn what_the_ring_has_let_go_is_not_doubled_either() {
    let mut wire = Wire::live(1, 3);
    let (messages, events) = talk(&mut wire, 20);
    let feed = wire.room.feed();
    let all = usize::try_from(feed.let_go()).unwrap() + feed.len();
    assert_eq!(all, 1 + messages + events);
}

#[test]
fn an_old_connection_that_lags_behind_is_heard_out() {
    for (lag, renewals) in [(5_000, 3), (12_000, 3)] {
        let mut wire = Wire::live(2, 20_000);
        // Every other connection is slow.
        for serial in (1..20).step_by(2) {
            wire.lags.insert(serial, lag);
        }
        let (messages, _) = talk(&mut wire, renewals);
        wire.wait(lag);
        let shown = wire.rows().iter().filter(|row| row.starts_with("m-")).count();
        assert_eq!(shown, messages, "{lag} ms");
        assert!(wire.notices().iter().all(|row| !row.contains("gap")), "{:?}", wire.notices());
    }
}

#[test]
fn an_old_connection_that_was_dead_at_the_renewal_leaves_a_gap() {
    let mut wire = Wire::live(60, 100);
    wire.wait_for_renewal();
    wire.wait(3_000);
    // Nothing comes any more over the first one, and nobody talks: it is not called superfluous before it is known to live.
    assert_eq!(wire.open.len(), 2);
    wire.wait(17_000);
    let id = wire.room.numbered(1);
    wire.at(0, Msg::Ended(id, Ended::Silent { seconds: 30 }));
    wire.wait(1_000);
    let [_, gap] = &wire.notices()[..] else { panic!("{:?}", wire.notices()) };
    assert!(gap.starts_with("gap of 1") && gap.ends_with(": no sign of life for 30 s"), "{gap}");
    assert!(wire.room.is_live());
}

#[test]
fn an_old_connection_in_a_quiet_room_is_closed_once_it_has_shown_that_it_lives() {
    let mut wire = Wire::live(60, 100);
    wire.wait_for_renewal();
    wire.wait(50_000);
    assert_eq!((wire.open.len(), wire.notices().len()), (1, 1));
}

#[test]
fn silence_began_with_the_last_sign_of_life() {
    let mut wire = Wire::live(60, 100);
    let id = wire.room.link_id();
    wire.wait(60_000);
    wire.at(0, Msg::Ended(id, Ended::Silent { seconds: 30 }));
    wire.wait(5_000);
    let [_, gap] = &wire.notices()[..] else { panic!("{:?}", wire.notices()) };
    assert!(gap.starts_with("gap of 3") && gap.ends_with(": no sign of life for 30 s"), "{gap}");
}

#[test]
fn a_message_of_ours_is_waited_for_on_the_connection_that_it_left_by() {
    let mut wire = Wire::live(60, 100);
    let nadia = Identity { capabilities: vec![Capability::SendMessage], ..wire.room.identity().clone() };
    wire.act(|room, now, outbox| room.join_as(nadia, now, outbox));
    wire.wait(2_000);
    wire.wait_for_renewal();
    let draft = Draft { content: "hi".into(), attributes: BTreeMap::new() };
    wire.act(|room, now, outbox| room.write(Ticket(1), "r-1".into(), draft, now, outbox));
    let left_by = wire.said[0];
    wire.say(&message(1));
    wire.wait(900);
    wire.say(&message(2));
    wire.wait(3_000);
    assert!(wire.room.link_id().serial != left_by && wire.open.contains_key(&left_by), "it may still be refused there");
    let id = wire.room.numbered(left_by);
    let refused = Frame::parse(r#"{"Type":"ERROR","RequestId":"r-1","ErrorCode":429,"ErrorMessage":"slow down"}"#);
    wire.over(&id.clone(), Msg::Link(id, Report::Frames(vec![refused])));
    wire.wait(5_000);
    assert!(matches!(&wire.room.take_written()[..], [Written { fate: Fate::Refused(_), .. }]));
    assert!(!wire.open.contains_key(&left_by));
}

#[test]
fn a_message_of_ours_is_known_by_the_copy_that_names_its_request() {
    let mut wire = Wire::live(60, 100);
    let nadia = Identity { capabilities: vec![Capability::SendMessage], ..wire.room.identity().clone() };
    wire.act(|room, now, outbox| room.join_as(nadia, now, outbox));
    wire.wait(2_000);
    let draft = Draft { content: "hi".into(), attributes: BTreeMap::new() };
    wire.act(|room, now, outbox| room.write(Ticket(1), "r-1".into(), draft, now, outbox));
    for request in ["", r#""RequestId":"r-1","#] {
        let copy = format!(
            r#"{{"Type":"MESSAGE","Id":"AbCdEf123456",{request}"Content":"hi","Sender":{{"UserId":"console"}}}}"#
        );
        wire.say(&Frame::parse(&copy));
        wire.wait(500);
    }
    assert!(matches!(&wire.room.take_written()[..], [Written { fate: Fate::Seen(_), .. }]));
    assert_eq!(wire.rows().iter().filter(|row| *row == "AbCdEf123456").count(), 1);
}

#[test]
fn an_unreadable_frame_that_comes_over_both_connections_is_told_once() {
    let mut wire = Wire::live(1, 100);
    while wire.open.len() < 2 {
        wire.wait(100);
    }
    wire.wait(1_000);
    assert!(wire.room.connection.old.is_some());
    wire.say(&Frame::parse("?"));
    wire.wait(900);
    let [_, told] = &wire.notices()[..] else { panic!("{:?}", wire.notices()) };
    assert!(told.starts_with("a frame that can't be read") && !told.contains("so far"), "{told}");
}

#[test]
fn a_room_that_was_joined_as_somebody_stays_so() {
    let mut wire = Wire::live(1, 100);
    let capabilities = vec![Capability::SendMessage];
    let nadia = Identity { user_id: "nadia".into(), capabilities, ..wire.room.identity().clone() };
    wire.act(|room, now, outbox| room.join_as(nadia, now, outbox));
    wire.wait(5 * 60_000);
    assert!(wire.made.len() > 5 && wire.room.is_live());
    assert!(wire.asked[1..].iter().all(|user| user == "nadia"), "{:?}", wire.asked);
    assert!(wire.room.is_joined_as_another());
}

#[test]
fn a_renewal_that_fails_is_tried_again_while_the_old_connection_lives() {
    let mut wire = Wire::live(60, 100);
    wire.denied = Some(denied());
    wire.wait(59 * 60_000);
    let Some(Renewal::UnderWay { trouble: Some(trouble), .. }) = wire.renewal() else {
        panic!("{:?}", wire.room.link())
    };
    assert!(trouble.as_str().contains("Access denied"), "{trouble:?}");
    assert!((3..20).contains(&wire.asked.len()), "with back-off: {}", wire.asked.len());
    assert_eq!(wire.notices().len(), 1, "nothing is missing yet: {:?}", wire.notices());
    wire.denied = None;
    wire.wait(40_000);
    assert_eq!(wire.renewal(), Some(&Renewal::NotDue));
    wire.wait(5 * 60_000);
    assert_eq!((wire.notices().len(), wire.open.len()), (1, 1), "{:?}", wire.notices());
}

#[test]
fn a_session_that_could_not_be_renewed_ends_with_one_line() {
    let mut wire = Wire::live(1, 100);
    wire.denied = Some(denied());
    wire.wait(3 * 60_000);
    assert_eq!(wire.room.link(), &Link::Stopped);
    let told = "no token: Access denied: not for you; C-r reconnects";
    assert_eq!(wire.notices()[1..], [told]);
    assert_eq!(wire.words.last().map(String::as_str), Some("lobby: no token: Access denied: not for you"));
    wire.denied = None;
    wire.act(|room, _, outbox| room.revive(outbox));
    assert!(wire.notices()[1].ends_with("; reconnecting"), "{:?}", wire.notices());
    wire.wait(2_000);
    let [_, gap] = &wire.notices()[..] else { panic!("{:?}", wire.notices()) };
    assert!(gap.starts_with("gap of 2 min until 13:4"), "{gap}");
}

#[test]
fn a_second_handshake_that_fails_is_no_outage() {
    let mut wire = Wire::live(60, 100);
    wire.reachable = false;
    wire.wait(59 * 60_000);
    let Some(Renewal::UnderWay { trouble: Some(trouble), .. }) = wire.renewal() else {
        panic!("{:?}", wire.room.link())
    };
    assert_eq!(trouble.as_str(), "no connection: connection refused");
    assert_eq!(wire.notices().len(), 1);
}

#[test]
fn a_connection_that_is_lost_while_the_next_is_made_is_replaced_by_it() {
    let mut wire = Wire::live(60, 100);
    wire.wait_for_renewal();
    let asked = wire.asked.len();
    wire.drop_all();
    wire.wait(2_000);
    assert!(wire.room.is_live());
    assert_eq!(wire.asked.len(), asked, "the token that was on its way is used");
    let [_, gap] = &wire.notices()[..] else { panic!("{:?}", wire.notices()) };
    assert!(gap.starts_with("gap of ") && gap.ends_with("connection lost: reset"), "{gap}");
}

#[test]
fn who_is_disconnected_during_a_renewal_stays_out() {
    // The event comes while the token is asked for, while the handshake is under way, and when both are open.
    for delay in (0..1_500).step_by(30) {
        let mut wire = Wire::live(60, 100);
        wire.wait_for_renewal();
        wire.wait(delay);
        wire.say(&thrown_out());
        wire.wait(400);
        for serial in std::mem::take(&mut wire.open).into_keys() {
            let close = Ended::ByServer { code: 1000, reason: String::new() };
            let id = wire.room.numbered(serial);
            wire.open.insert(serial, wire.now);
            wire.at(0, Msg::Ended(id, close));
        }
        wire.wait(10 * 60_000);
        assert_eq!(wire.room.link(), &Link::Stopped, "after {delay} ms");
        assert!(wire.open.is_empty(), "after {delay} ms");
        let told = "disconnected by a moderator: rude; C-r reconnects";
        assert_eq!(wire.notices().last().map(String::as_str), Some(told), "after {delay} ms");
    }
}

#[test]
fn a_hundred_drops_are_a_hundred_lines_and_each_connection_has_a_token_of_its_own() {
    let mut wire = Wire::live(60, 1_000);
    for drop in 1..=100 {
        wire.drop_all();
        wire.wait(1);
        assert!(wire.notices()[drop].ends_with("connection lost: reset; reconnecting"), "{:?}", wire.notices());
        // The connection holds for more than a minute, so that the first wait is short again.
        wire.wait(62_000);
        assert!(wire.room.is_live(), "drop {drop}");
    }
    assert_eq!((wire.asked.len(), wire.made.len()), (101, 101));
    let notices = wire.notices();
    assert_eq!(notices.len(), 101);
    assert!(notices[1..].iter().all(|row| row.starts_with("gap of ") && row.contains(" until ")), "{notices:?}");
}

#[test]
fn an_outage_of_many_attempts_is_one_line() {
    let mut wire = Wire::live(60, 100);
    wire.reachable = false;
    wire.drop_all();
    wire.wait(3 * 60_000);
    assert!(wire.asked.len() > 8, "{}", wire.asked.len());
    let told = "no connection: connection refused; reconnecting";
    assert_eq!(wire.notices()[1..], [told], "the latest reason counts");
    wire.reachable = true;
    wire.wait(31_000);
    let [_, gap] = &wire.notices()[..] else { panic!("{:?}", wire.notices()) };
    assert!(gap.starts_with("gap of 3 min until 13:"), "{gap}");
}

#[test]
fn a_room_that_is_not_watched_any_more_closes_both_connections() {
    let mut wire = Wire::live(1, 100);
    while wire.open.len() < 2 {
        wire.wait(100);
    }
    wire.wait(500);
    assert_eq!(wire.open.len(), 2);
    wire.act(Room::disconnect);
    assert!(wire.open.is_empty());
    wire.wait(10 * 60_000);
    assert!(wire.open.is_empty() && wire.room.link() == &Link::Off);
}

#[test]
fn a_burst_of_100_000_messages_leaves_as_much_as_the_ring_holds_and_counts_the_rest() {
    let mut wire = Wire::live(60, 500);
    let id = wire.room.link_id();
    for batch in 0..1_000 {
        let frames = (0..100).map(|n| message(batch * 100 + n)).collect();
        wire.act(|room, now, outbox| room.report(now, &id, Report::Frames(frames), outbox));
    }
    assert_eq!((wire.room.feed().len(), wire.room.feed().let_go()), (500, 100_001 - 500));
    assert_eq!(wire.room.connection.seen.len(), REMEMBERED);
    assert!(wire.agenda.len() < 10, "no timer for each message: {}", wire.agenda.len());
}

#[test]
fn frames_that_can_not_be_read_are_counted_in_one_line_a_minute() {
    let mut wire = Wire::live(60, 100);
    for n in 0..1_000 {
        let huge = format!(r#"{{"Type":"{n}{}"}}"#, "x".repeat(100_000));
        wire.say(&Frame::parse(if n % 10 == 0 { &huge } else { "{" }));
        wire.wait(100);
    }
    wire.wait(1_000);
    let notices = wire.notices();
    assert_eq!(notices.len(), 3, "{notices:?}");
    assert!(notices.iter().all(|row| row.len() < 300), "{notices:?}");
    let counted =
        |row: &String| row.split_once(" so far").map(|(row, _)| row.rsplit_once(' ').unwrap().1.parse::<u64>());
    let all: u64 = notices[1..].iter().filter_map(counted).map(Result::unwrap).sum();
    assert_eq!(all, 1_000);
}

#[test]
fn a_refusal_that_repeats_is_counted_and_another_one_is_told() {
    let mut wire = Wire::live(60, 100);
    let refusal = |code: u16| Frame::parse(&format!(r#"{{"Type":"ERROR","ErrorCode":{code},"ErrorMessage":"no"}}"#));
    for code in [429, 429, 429, 403] {
        wire.say(&refusal(code));
        wire.wait(500);
    }
    let told = ["the service refused: 3 so far, the last: 429 no", "the service refused: 403 no"];
    assert_eq!(wire.notices()[1..], told);
}

#[test]
fn a_session_that_the_service_calls_invalid_is_made_anew() {
    let mut wire = Wire::live(60, 100);
    wire.say(&Frame::parse(r#"{"Type":"ERROR","ErrorCode":401,"ErrorMessage":"expired"}"#));
    wire.wait(1_000);
    let id = wire.room.link_id();
    wire.at(0, Msg::Ended(id, Ended::ByServer { code: 1000, reason: String::new() }));
    wire.wait(10_000);
    assert!(wire.room.is_live());
    assert_eq!(wire.made.len(), 2);
}
