//! A thousand deletions through the whole console, the real client and HTTP: each is confirmed or explained, and the
//! service never has to say that there are too many.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_credential_types::Credentials;
use ivschat::api::Settings;
use ivschat::api::client::Client;
use ivschat::app::identity::{Generation, Opened, Told};
use ivschat::app::key::Key;
use ivschat::app::look::Look;
use ivschat::app::room::live;
use ivschat::app::{self, App, Job, Msg};
use ivschat::identity::facts::{From, Source};
use ivschat::messaging::session::{self, Connect};
use ivschat::messaging::way::Way;
use ivschat::simulator::server::order::{Order, RaidOrder};
use ivschat::simulator::server::{Options, Running, Server};
use ivschat::simulator::world::{Quotas, Setup};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::{chat, empty};

/// Long enough for a loaded machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// The console with its jobs carried out.
struct Console {
    app: App,
    client: Client,
    messaging: String,
    msgs: (mpsc::UnboundedSender<Msg>, mpsc::UnboundedReceiver<Msg>),
    /// Requests that were sent to delete something, as far as they were answered.
    requests: Arc<AtomicU32>,
    stop: CancellationToken,
}

impl Console {
    async fn watching(server: &Running, room: &str) -> Self {
        let credentials = Credentials::new(&server.access_key_id, &server.secret_access_key, None, None, "test");
        let settings = Settings::new(&server.region, credentials).unwrap().at(server.endpoint.parse().unwrap());
        let known = live::Settings { user_id: "console".into(), scrollback: 10_000, ..live::Settings::default() };
        let app = app::Settings {
            region: server.region.clone(),
            look: Look::plain(),
            open: Some(room.to_owned()),
            room: known,
            seed: 1,
            ..app::Settings::default()
        };
        let mut console = Self {
            app: App::new(app, Timestamp::now(), (140, 40)),
            client: Client::new(settings),
            messaging: server.messaging_endpoint.clone(),
            msgs: mpsc::unbounded_channel(),
            requests: Arc::default(),
            stop: CancellationToken::new(),
        };
        let jobs = console.app.start();
        console.carry_out(jobs);
        let (source, region, region_from) = (Source::Fixed("simulator"), server.region.clone(), From::Fixed);
        let opened = Told::Opened(Ok(Opened { source, region, region_from, endpoint: None }));
        console.happens(Msg::Identity(Generation(1), opened));
        console.until(|screen| screen.contains("live  session")).await;
        console
    }

    fn carry_out(&mut self, jobs: Vec<Job>) {
        for job in jobs {
            let msgs = self.msgs.0.clone();
            match job {
                Job::Call(ask) => {
                    let (client, requests) = (self.client.clone(), Arc::clone(&self.requests));
                    tokio::spawn(async move {
                        let answer = client.send(&ask.call).await;
                        let attempts = answer.as_ref().map_or_else(|error| error.attempts, |answer| answer.attempts);
                        if ask.call.spec.name == "DeleteMessage" {
                            requests.fetch_add(attempts, Ordering::Relaxed);
                        }
                        let _ = msgs.send(ask.reply(answer));
                    });
                }
                Job::After(delay, timer) => {
                    tokio::spawn(async move {
                        sleep(delay).await;
                        let _ = msgs.send(Msg::Due(timer));
                    });
                }
                Job::Connect(id, token) => {
                    let connect = Connect::new(self.messaging.clone(), token, Way::default());
                    let stop = self.stop.clone();
                    tokio::spawn(async move {
                        let (reports, mut heard) = mpsc::channel(64);
                        let (_mouth, outgoing) = mpsc::channel(1);
                        let onward = msgs.clone();
                        tokio::spawn(async move {
                            while let Some(msg) = heard.recv().await {
                                let _ = onward.send(msg);
                            }
                        });
                        let of = id.clone();
                        let wrap = move |report| Msg::Link(of.clone(), report);
                        let ended = session::run(connect, wrap, reports, outgoing, stop).await;
                        let _ = msgs.send(Msg::Ended(id, ended));
                    });
                }
                _ => {}
            }
        }
    }

    fn happens(&mut self, msg: Msg) {
        let jobs = self.app.update(Timestamp::now(), msg);
        self.carry_out(jobs);
    }

    fn requests(&self) -> u32 {
        self.requests.load(Ordering::Relaxed)
    }

    async fn keys(&mut self, keys: &str) {
        for key in Key::sequence(keys).unwrap() {
            // No faster than a person, or it is a held key.
            sleep(Duration::from_millis(100)).await;
            self.happens(Msg::Key(key));
        }
    }

    fn screen(&self) -> String {
        let mut terminal = Terminal::new(TestBackend::new(140, 40)).unwrap();
        terminal.draw(|frame| self.app.view(frame)).unwrap();
        terminal.backend().to_string()
    }

    /// Lets things happen until the screen is like this.
    async fn until(&mut self, wanted: impl Fn(&str) -> bool) {
        while !wanted(&self.screen()) {
            let msg = timeout(PATIENCE, self.msgs.1.recv()).await;
            self.happens(msg.unwrap_or_else(|_| panic!("nothing happens:\n{}", self.screen())).unwrap());
            while let Ok(msg) = self.msgs.1.try_recv() {
                self.happens(msg);
            }
        }
    }

    /// The console on a service with these quotas, which deletes a raid of so many as one.
    async fn deletes(quotas: Quotas, users: u32) -> (Self, Running) {
        let server = Server::start(Setup { quotas, ..empty() }, Options::default()).await.unwrap();
        let room = chat::room(&server).await;
        let mut console = Self::watching(&server, &room).await;
        let text = "free coins".to_owned();
        let raid = RaidOrder { users, text, seconds: 0.5, variants: Vec::new(), ..RaidOrder::default() };
        server.order(Order::Raid(raid)).await.unwrap().unwrap();
        console.until(|screen| screen.contains(&format!("={users} from {users}"))).await;
        console.keys("kd").await;
        console.until(|screen| screen.contains(&format!("Type {users}"))).await;
        console.keys(&format!("{users}<enter>")).await;
        (console, server)
    }
}

#[tokio::test]
async fn a_thousand_are_confirmed_one_by_one_and_none_is_too_many() {
    let (mut console, server) = Console::deletes(Quotas::Times(1.0), 1_000).await;
    console.until(|screen| screen.contains("All 1000 done, 1000 confirmed by the room.")).await;
    assert_eq!(console.requests(), 1_000, "the service refuses what is more than 100 a second: nothing was repeated");
    console.stop.cancel();
    server.stop().await;
}

#[tokio::test]
async fn where_others_take_half_of_the_quota_it_slows_down_and_ends_all_the_same() {
    let (mut console, server) = Console::deletes(Quotas::Times(0.3), 120).await;
    console.until(|screen| screen.contains("All 120 done, 120 confirmed by the room.")).await;
    assert!(console.requests() > 120, "some were refused, or this shows nothing: {}", console.requests());
    assert!(console.requests() < 4 * 120, "{}", console.requests());
    console.stop.cancel();
    server.stop().await;
}
