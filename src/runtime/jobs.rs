//! Carries out jobs: each is a task that ends in a message.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::api::{Error, ErrorKind};
use crate::app::msg::LinkId;
use crate::app::outbox::{Ask, Saying};
use crate::app::{Job, Msg};
use crate::messaging::session::{self, Connect};
use crate::messaging::{Ended, Publish};

use super::journal::Keeper;
use super::people::Shelf;
use super::recording::Recorder;
use super::{Services, clipboard, file, journal, log, trial};

/// Reports of connections that may wait to be taken: beyond it the sockets are held up, and nothing is lost.
const QUEUE: usize = 64;

/// What may wait to be said over one connection; more is refused here.
const SAYINGS: usize = 16;

/// How long connections may take to close in good order when the console ends.
const FAREWELL: Duration = Duration::from_millis(500);

/// What is under way.
pub(super) struct Jobs {
    services: Services,
    keeper: Keeper,
    shelf: Shelf,
    /// Calls and timers.
    tasks: JoinSet<Msg>,
    /// Connections; they tell of their ends through `reports`, behind all that they have read.
    links: TaskTracker,
    stops: HashMap<LinkId, CancellationToken>,
    /// What is said over connections goes in here.
    mouths: HashMap<LinkId, mpsc::Sender<Publish>>,
    reports: (mpsc::Sender<Msg>, mpsc::Receiver<Msg>),
    recorder: Recorder,
}

impl Jobs {
    pub(super) fn new(services: Services) -> Self {
        let reports = mpsc::channel(QUEUE);
        Self {
            recorder: Recorder::new(reports.0.clone()),
            keeper: Keeper::new(services.journal.clone()),
            shelf: Shelf::new(services.users.clone()),
            services,
            tasks: JoinSet::new(),
            links: TaskTracker::new(),
            stops: HashMap::new(),
            mouths: HashMap::new(),
            reports,
        }
    }

    /// Starts a job. What is done to the terminal is the loop's own and nothing here.
    pub(super) fn start(&mut self, job: Job) {
        match job {
            Job::Call(ask) => self.call(*ask),
            Job::ReadJournal => {
                self.tasks.spawn(self.keeper.clone().read());
            }
            Job::ReadBook => drop(self.tasks.spawn(self.shelf.clone().read())),
            Job::KeepInBook(entry) => drop(self.tasks.spawn(self.shelf.keep(entry))),
            Job::After(delay, timer) => {
                self.tasks.spawn(async move {
                    tokio::time::sleep(delay).await;
                    Msg::Due(timer)
                });
            }
            Job::ReadFile(ticket, path) => {
                self.tasks.spawn_blocking(move || Msg::FileRead(ticket, file::read(&path)));
            }
            Job::TestRules(ticket, path, rules, protected) => {
                self.tasks.spawn_blocking(move || {
                    Msg::RulesTested(ticket, trial::run(&path, &rules, &protected).map(Box::new))
                });
            }
            Job::WriteFile(ticket, to_write) => {
                self.tasks.spawn_blocking(move || Msg::FileWritten(ticket, file::write(&to_write)));
            }
            Job::Connect(id, token) => self.connect(id, token),
            Job::Publish(saying) => self.publish(*saying),
            Job::Conclude(link, request_id, outcome) => {
                self.tasks.spawn(self.keeper.conclude(link, request_id, *outcome));
            }
            Job::Disconnect(id) => {
                self.mouths.remove(&id);
                if let Some(stop) = self.stops.remove(&id) {
                    stop.cancel();
                }
            }
            Job::Tape(room, taping) => self.recorder.carry_out(room, taping),
            Job::Copy(_) | Job::CopyToken(_) | Job::Edit(_) | Job::Suspend | Job::Quit => {}
        }
    }

    fn call(&mut self, ask: Ask) {
        if let Some(stand_in) = &self.services.stand_in {
            let answer = stand_in.answer(&ask.call);
            return self.tell(ask.reply(answer));
        }
        let client = self.services.client.clone();
        let spec = ask.call.spec;
        if client.settings().read_only.refuses(&ask.call) {
            // The client would refuse it, too, but then the journal would tell of something that never was to be.
            let error = Error { operation: spec.name, request_id: None, attempts: 0, kind: ErrorKind::ReadOnly };
            return self.tell(ask.reply(Err(error)));
        }
        // The only way out for a change: none passes the journal by.
        if let Some(deed) = ask.deed.clone() {
            self.tasks.spawn(self.keeper.clone().carry_out(client, ask, deed));
        } else if spec.effect.may_go_unwritten() {
            self.tasks.spawn(async move {
                let (answer, _) = journal::send(&client, &ask.call).await;
                ask.reply(answer)
            });
        } else {
            let kind = ErrorKind::Unwritten("a bug in ivschat: a change without a deed".to_owned());
            let error = Error { operation: spec.name, request_id: None, attempts: 0, kind };
            self.tell(ask.reply(Err(error)));
        }
    }

    /// Has a message come that is known already.
    pub(super) fn tell(&mut self, msg: Msg) {
        self.tasks.spawn(async { msg });
    }

    /// Hands a text to tmux.
    pub(super) fn copy_with_tmux(&mut self, what: String, text: String) {
        self.tasks.spawn(async move { Msg::Copied(what, clipboard::load_buffer(text).await) });
    }

    fn connect(&mut self, id: LinkId, token: SecretString) {
        let stop = CancellationToken::new();
        self.stops.insert(id.clone(), stop.clone());
        let connect = Connect::new(self.services.messaging.clone(), token, self.services.way.clone());
        let reports = self.reports.0.clone();
        let (mouth, outgoing) = mpsc::channel(SAYINGS);
        self.mouths.insert(id.clone(), mouth);
        self.links.spawn(async move {
            let of = id.clone();
            let wrap = move |report| {
                log::reported(&of, &report);
                Msg::Link(of.clone(), report)
            };
            let session = session::run(connect, wrap, reports.clone(), outgoing, stop);
            // A connection that is gone must never look live, least of all for a bug of ours.
            let bug = |_| Ended::Broken("a bug in ivschat, please report it".to_owned());
            let ended = AssertUnwindSafe(session).catch_unwind().await.unwrap_or_else(bug);
            log::ended(&id, &ended);
            // Nobody takes it if the console has ended.
            let _ = reports.send(Msg::Ended(id, ended)).await;
        });
    }

    /// Says something, once it is written down.
    fn publish(&mut self, saying: Saying) {
        if self.services.client.settings().read_only.is_on() {
            let refused = Err("the console is read-only: :unlock lets changes pass".to_owned());
            return self.tell(Msg::Published(saying.link, saying.publish.request_id().into(), refused));
        }
        let mouth = self.mouths.get(&saying.link).cloned();
        let region = self.services.client.settings().region.clone();
        let messaging = &self.services.messaging;
        let host = Url::parse(messaging).ok().and_then(|url| Some(url.host_str()?.to_owned()));
        let endpoint = host.unwrap_or_else(|| messaging.clone());
        self.tasks.spawn(self.keeper.clone().publish(saying, mouth, region, endpoint));
    }

    /// The next thing that happened. Answers and timers come before reports: they are few, and a flood of reports must
    /// not keep them waiting.
    pub(super) async fn next(&mut self) -> Msg {
        let msg = tokio::select! {
            biased;
            Some(ended) = self.tasks.join_next() => ended.unwrap_or_else(|panic| Msg::Broken(panic.to_string())),
            Some(report) = self.reports.1.recv() => report,
        };
        if let Msg::Ended(id, _) = &msg {
            self.stops.remove(id);
            self.mouths.remove(id);
        }
        msg
    }

    /// Drops what is under way, and closes the connections as far as that is done quickly.
    pub(super) async fn close(self) {
        let Self { tasks, links, stops, reports, keeper, shelf, recorder, .. } = self;
        drop(tasks);
        // Connections that wait for their reports to be taken must not.
        drop(reports);
        for stop in stops.into_values() {
            stop.cancel();
        }
        links.close();
        // An outcome that has come is still written; one that has not reads as unknown.
        let (links, recorder) = (timeout(FAREWELL, links.wait()), timeout(FAREWELL, recorder.close()));
        let (_, _, (), ()) = tokio::join!(links, recorder, keeper.close(FAREWELL), shelf.close(FAREWELL));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use aws_credential_types::Credentials;
    use tokio::net::TcpListener;

    use super::*;
    use crate::api::Settings;
    use crate::api::client::Client;
    use crate::app::msg::Timer;
    use crate::identity::facts::Wanted;
    use crate::identity::{Identity, Surroundings, transport};
    use crate::messaging::way::Way;
    use crate::runtime::Keep;
    use crate::runtime::clipboard::{Choice, Clipboard};
    use crate::runtime::editor::Editor;

    fn jobs(messaging: String) -> Jobs {
        let credentials = Credentials::new("AKID", "secret", None, None, "test");
        let client = Client::new(Settings::new("us-west-2", credentials.clone()).unwrap());
        let clipboard = Clipboard::new(Choice::Off, |_| None);
        let editor = Editor::new(|_| None);
        Jobs::new(Services {
            client,
            stand_in: None,
            messaging,
            way: Way::default(),
            journal: Keep::Memory,
            users: Keep::Memory,
            clipboard,
            editor,
            identity: Identity::fixed("test", credentials, "us-west-2"),
            wanted: Wanted::default(),
            around: Surroundings::of_process(transport::usual()),
        })
    }

    fn link() -> LinkId {
        LinkId { room: "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".parse().unwrap(), serial: 1 }
    }

    #[tokio::test]
    async fn a_task_that_panics_becomes_a_message() {
        let mut jobs = jobs(String::new());
        jobs.tasks.spawn(async { panic!("out of cheese") });
        let msg = jobs.next().await;
        assert!(matches!(&msg, Msg::Broken(why) if why.contains("out of cheese")), "{msg:?}");
    }

    #[tokio::test]
    async fn a_connection_that_can_not_be_made_is_told_and_forgotten() {
        let mut jobs = jobs("nonsense".to_owned());
        jobs.start(Job::Connect(link(), "token".into()));
        let msg = jobs.next().await;
        assert!(matches!(&msg, Msg::Ended(id, Ended::Unreachable(_)) if *id == link()), "{msg:?}");
        assert!(jobs.stops.is_empty());
    }

    #[tokio::test]
    async fn a_flood_of_reports_does_not_keep_an_answer_waiting() {
        let mut jobs = jobs(String::new());
        for _ in 0..QUEUE {
            jobs.reports.0.try_send(Msg::Paste(String::new())).unwrap();
        }
        jobs.tasks.spawn(async { Msg::Due(Timer::Minute) });
        tokio::task::yield_now().await;
        assert!(matches!(jobs.next().await, Msg::Due(Timer::Minute)));
    }

    #[tokio::test]
    async fn closing_does_not_wait_for_a_handshake_that_hangs() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut jobs = jobs(format!("ws://{}", listener.local_addr().unwrap()));
        jobs.start(Job::Connect(link(), "token".into()));
        jobs.start(Job::After(Duration::from_hours(1), Timer::Minute));
        let (_held, _) = listener.accept().await.unwrap();
        let start = Instant::now();
        jobs.close().await;
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }
}
