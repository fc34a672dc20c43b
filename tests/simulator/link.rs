//! A room's link through the real client, session and sockets: renewal, drops, silence, refusals.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use ivschat::api::client::Client;
use ivschat::api::{Arn, Settings};
use ivschat::app::Job;
use ivschat::app::Msg;
use ivschat::app::msg::{LinkId, Timer};
use ivschat::app::outbox::Outbox;
use ivschat::app::room::live::Settings as RoomSettings;
use ivschat::app::room::row::{Body, Notice, Row};
use ivschat::app::room::{Identity, Room};
use ivschat::app::text::clean;
use ivschat::messaging::session::{self, Connect};
use ivschat::messaging::way::Way;
use ivschat::simulator::server::{Options, Running, Server};
use ivschat::simulator::world::Setup;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::chat::{self, Chat};
use crate::{empty, start};

/// Long enough for a loaded machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A room that is watched as the console watches it, and what carries its jobs out.
struct Watcher {
    room: Room,
    client: Client,
    messaging: String,
    msgs: (mpsc::Sender<Msg>, mpsc::Receiver<Msg>),
    stops: HashMap<LinkId, CancellationToken>,
    /// How many times faster than a clock timers are.
    haste: u32,
    /// How soon a connection counts as dead.
    silence: Duration,
    /// Connections that were made, the last one last.
    made: Vec<LinkId>,
}

impl Watcher {
    async fn joins(server: &Running, room: &str, haste: u32) -> Self {
        let credentials = Credentials::new(&server.access_key_id, &server.secret_access_key, None, None, "test");
        let settings = Settings::new(&server.region, credentials).unwrap().at(server.endpoint.parse().unwrap());
        let known = RoomSettings { user_id: "console".into(), scrollback: 10_000, ..RoomSettings::default() };
        let arn: Arn = room.parse().unwrap();
        let mut watcher = Self {
            room: Room::new(arn, clean("lobby"), Arc::new(known)),
            client: Client::new(settings),
            messaging: server.messaging_endpoint.clone(),
            msgs: mpsc::channel(64),
            stops: HashMap::new(),
            haste,
            silence: Duration::from_secs(30),
            made: Vec::new(),
        };
        watcher.act(|room, _, outbox| room.connect(outbox));
        watcher.until(Room::is_live).await;
        watcher
    }

    fn act(&mut self, act: impl FnOnce(&mut Room, Timestamp, &mut Outbox)) {
        let mut outbox = Outbox::default();
        act(&mut self.room, Timestamp::now(), &mut outbox);
        for job in outbox.into_jobs() {
            self.carry_out(job);
        }
    }

    fn carry_out(&mut self, job: Job) {
        let msgs = self.msgs.0.clone();
        match job {
            Job::Call(ask) => {
                let client = self.client.clone();
                tokio::spawn(async move {
                    let answer = client.send(&ask.call).await;
                    let _ = msgs.send(ask.reply(answer)).await;
                });
            }
            Job::After(delay, timer) => {
                let delay = delay / self.haste;
                tokio::spawn(async move {
                    sleep(delay).await;
                    let _ = msgs.send(Msg::Due(timer)).await;
                });
            }
            Job::Connect(id, token) => {
                let mut connect = Connect::new(self.messaging.clone(), token, Way::default());
                (connect.ping_every, connect.silent_after) = (self.silence / 2, self.silence);
                let stop = CancellationToken::new();
                self.stops.insert(id.clone(), stop.clone());
                self.made.push(id.clone());
                tokio::spawn(async move {
                    let (_mouth, outgoing) = mpsc::channel(1);
                    let of = id.clone();
                    let wrap = move |report| Msg::Link(of.clone(), report);
                    let ended = session::run(connect, wrap, msgs.clone(), outgoing, stop).await;
                    let _ = msgs.send(Msg::Ended(id, ended)).await;
                });
            }
            Job::Disconnect(id) => {
                if let Some(stop) = self.stops.remove(&id) {
                    stop.cancel();
                }
            }
            other => panic!("{other:?}"),
        }
    }

    fn happens(&mut self, msg: Msg) {
        match msg {
            Msg::Token(id, token) => self.act(|room, now, outbox| room.token(now, &id, token, 0.5, outbox)),
            Msg::Link(id, report) => self.act(|room, now, outbox| room.report(now, &id, report, outbox)),
            Msg::Ended(id, why) => self.act(|room, now, outbox| room.ended(now, &id, &why, 0.5, outbox)),
            Msg::Due(Timer::Renew(id)) => self.act(|room, _, outbox| room.renewal_due(&id, outbox)),
            Msg::Due(Timer::Overlap(id)) => self.act(|room, now, outbox| room.overlap_due(now, &id, outbox)),
            Msg::Due(Timer::Reconnect(id)) => self.act(|room, _, outbox| room.reconnect_due(&id, outbox)),
            Msg::Due(_) => {}
            other => panic!("{other:?}"),
        }
    }

    /// Lets things happen until this is so.
    async fn until(&mut self, wanted: impl Fn(&Room) -> bool) {
        while !wanted(&self.room) {
            let msg = timeout(PATIENCE, self.msgs.1.recv()).await;
            self.happens(msg.unwrap_or_else(|_| panic!("still {:?}: {:?}", self.room.link(), self.rows())).unwrap());
        }
    }

    /// Lets things happen for so long.
    async fn run(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Ok(msg) = tokio::time::timeout_at(end, self.msgs.1.recv()).await {
            self.happens(msg.unwrap());
        }
    }

    /// Messages and the console's own lines, in order.
    fn rows(&self) -> Vec<String> {
        let words = |row: &Row| match &row.body {
            Body::Message(said) => said.text.as_str().to_owned(),
            Body::Notice(notice) => notice.words(),
        };
        self.room.feed().from(0).map(words).collect()
    }

    /// The console's own lines.
    fn notices(&self) -> Vec<String> {
        self.rows().into_iter().filter(|row| !row.starts_with("message ")).collect()
    }

    /// Asserts that so many messages are here, each once, and that nothing tells of a loss.
    fn has_each_once(&self, said: usize) {
        let mut shown: Vec<String> = self.rows().into_iter().filter(|row| row.starts_with("message ")).collect();
        shown.sort_by_key(|row| row["message ".len()..].parse::<usize>().unwrap());
        let wanted: Vec<String> = (1..=said).map(|n| format!("message {n}")).collect();
        assert_eq!(shown, wanted);
        assert_eq!(self.notices(), [Notice::Joined.words()]);
    }
}

async fn says(speaker: &mut Chat, n: usize) {
    speaker.send(json!({ "Action": "SEND_MESSAGE", "Content": format!("message {n}") })).await;
}

#[tokio::test]
async fn twenty_renewals_under_talk_lose_nothing_and_double_nothing() {
    let server = start().await;
    let room = chat::room(&server).await;
    let mut watcher = Watcher::joins(&server, &room, 4).await;
    let mut speaker = Chat::join(&server, &room, "speaker").await;
    let mut said = 0;
    for renewal in 1..=20 {
        // The time has come: the rest goes its own way, while somebody talks.
        let id = watcher.made.last().unwrap().clone();
        watcher.act(|room, _, outbox| room.renewal_due(&id, outbox));
        while watcher.made.len() <= renewal || watcher.stops.len() > 1 {
            said += 1;
            says(&mut speaker, said).await;
            watcher.run(Duration::from_millis(25)).await;
        }
    }
    let last = format!("message {said}");
    watcher
        .until(|room| {
            room.feed()
                .last()
                .and_then(|last| room.feed().row(last)?.message())
                .is_some_and(|said| said.text.as_str() == last)
        })
        .await;
    assert!(said > 100, "{said}");
    assert_eq!(watcher.made.len(), 21);
    watcher.has_each_once(said);
    server.stop().await;
}

#[tokio::test]
async fn a_session_that_the_server_would_end_is_renewed_in_time() {
    let setup = Setup { session: Some(SignedDuration::from_secs(5)), ..empty() };
    let server = Server::start(setup, Options::default()).await.unwrap();
    let room = chat::room(&server).await;
    let mut watcher = Watcher::joins(&server, &room, 1).await;
    let (mut said, mut speaker) = (0, Chat::join(&server, &room, "speaker").await);
    while watcher.made.len() < 4 {
        said += 1;
        if said % 30 == 0 {
            // Sessions of speakers end, too.
            speaker = Chat::join(&server, &room, "speaker").await;
        }
        says(&mut speaker, said).await;
        watcher.run(Duration::from_millis(100)).await;
    }
    watcher.run(Duration::from_secs(3)).await;
    watcher.has_each_once(said);
    assert!(watcher.room.is_live());
    server.stop().await;
}

#[tokio::test]
async fn each_drop_is_one_line_and_each_connection_has_a_token_of_its_own() {
    let server = start().await;
    let room = chat::room(&server).await;
    let mut watcher = Watcher::joins(&server, &room, 100).await;
    for drop in 1..=12 {
        assert_eq!(server.drop_connections().await.unwrap(), 1);
        watcher.until(|room| !room.is_live()).await;
        // A token that was used before would be refused, and be told as the reason.
        watcher.until(Room::is_live).await;
        assert_eq!(watcher.made.len(), 1 + drop);
    }
    let notices = watcher.notices();
    assert_eq!(notices.len(), 13, "{notices:?}");
    assert!(
        notices[1..].iter().all(|row| row.starts_with("gap of ") && row.contains("connection lost: ")),
        "{notices:?}"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_half_open_connection_is_noticed_told_and_replaced() {
    let server = start().await;
    let room = chat::room(&server).await;
    let mut watcher = Watcher::joins(&server, &room, 10).await;
    watcher.silence = Duration::from_secs(1);
    // The next connection is as impatient as that.
    server.drop_connections().await.unwrap();
    watcher.until(|room| !room.is_live()).await;
    watcher.until(Room::is_live).await;
    assert_eq!(server.freeze_connections().await.unwrap(), 1);
    watcher.until(|room| !room.is_live()).await;
    assert_eq!(watcher.notices().last().map(String::as_str), Some("no sign of life for 1 s; reconnecting"));
    watcher.until(Room::is_live).await;
    let told = watcher.notices().pop().unwrap();
    assert!(told.starts_with("gap of ") && told.ends_with(": no sign of life for 1 s"), "{told}");
    server.stop().await;
}

#[tokio::test]
async fn a_refused_handshake_says_which_refusal_it_was() {
    let server = start().await;
    let room = chat::room(&server).await;
    let mut watcher = Watcher::joins(&server, &room, 100).await;
    for (fault, words) in [
        ("status:401,times=1", "the server misses the token (401)"),
        ("deny,times=1", "the token was refused (403): The chat token does not allow to connect"),
        ("status:503,times=1", "the server failed (503)"),
    ] {
        server.set_fault("Connect".parse().unwrap(), fault.parse().unwrap()).await.unwrap();
        server.drop_connections().await.unwrap();
        watcher.until(|room| !room.is_live()).await;
        watcher.until(Room::is_live).await;
        let told = watcher.notices().pop().unwrap();
        assert!(told.starts_with("gap of ") && told.contains(words), "{told}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_room_joined_as_somebody_is_renewed_as_them_and_a_moderator_s_disconnection_ends_it() {
    let server = start().await;
    let room = chat::room(&server).await;
    let mut watcher = Watcher::joins(&server, &room, 4).await;
    let nadia = Identity { user_id: "nadia".into(), ..watcher.room.own_identity() };
    watcher.act(|room, now, outbox| room.join_as(nadia, now, outbox));
    watcher.until(Room::is_live).await;
    let id = watcher.made.last().unwrap().clone();
    watcher.act(|room, _, outbox| room.renewal_due(&id, outbox));
    while watcher.made.len() < 3 {
        watcher.run(Duration::from_millis(25)).await;
    }
    let mut moderator = Chat::join(&server, &room, "moderator").await;
    moderator.send(json!({ "Action": "DISCONNECT_USER", "UserId": "nadia", "Reason": "rude" })).await;
    watcher.until(|room| !room.is_watched()).await;
    watcher.run(Duration::from_millis(500)).await;
    let told = watcher.notices().pop().unwrap();
    assert_eq!(told, "disconnected by a moderator: rude; C-r reconnects");
    assert_eq!(server.count_connections().await.unwrap(), 1, "the moderator's");
    server.stop().await;
}
