//! Carries out jobs: each is a task that ends in a message.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::api::{Error, ErrorKind};
use crate::app::identity::Generation;
use crate::app::msg::LinkId;
use crate::app::outbox::{Ask, Saying};
use crate::app::{Job, Msg};
use crate::messaging::session::{self, Connect};
use crate::messaging::{Ended, Publish};

use super::identity::{Being, NOT_OPEN};
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
    /// Who the console is.
    pub(super) being: Being,
    keeper: Keeper,
    shelf: Shelf,
    /// What has to do with nobody, and changes, which are seen through whoever the console becomes.
    tasks: JoinSet<Msg>,
    /// Reads and timers of who the console is; over as soon as it is somebody else.
    pub(super) bound: JoinSet<Msg>,
    /// Connections; they tell of their ends through `reports`, behind all that they have read.
    links: TaskTracker,
    pub(super) stops: HashMap<LinkId, CancellationToken>,
    /// What is said over connections goes in here.
    pub(super) mouths: HashMap<LinkId, mpsc::Sender<Publish>>,
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
            being: Being::new(services.doors.clone()),
            services,
            tasks: JoinSet::new(),
            bound: JoinSet::new(),
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
                let outlives = timer.outlives_identity();
                let task = async move {
                    tokio::time::sleep(delay).await;
                    Msg::Due(timer)
                };
                if outlives { drop(self.tasks.spawn(task)) } else { drop(self.bind(task)) }
            }
            Job::Identity(ask) => self.identity(ask),
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

    /// Does this for who the console is now: what comes of it says so, and it is over when the console is somebody else.
    pub(super) fn bind(&mut self, task: impl Future<Output = Msg> + Send + 'static) -> AbortHandle {
        let generation = self.being.generation;
        self.bound.spawn(async move { Msg::Of(generation, Box::new(task.await)) })
    }

    /// Does this for who the console is now, and sees it through.
    fn see_through(&mut self, task: impl Future<Output = Msg> + Send + 'static) {
        let generation = self.being.generation;
        self.tasks.spawn(async move { Msg::Of(generation, Box::new(task.await)) });
    }

    fn call(&mut self, ask: Ask) {
        if let Some(stand_in) = &self.services.stand_in {
            let answer = stand_in.answer(&ask.call);
            return self.tell(ask.reply(answer));
        }
        let spec = ask.call.spec;
        let refuse = |kind| Err(Error { operation: spec.name, request_id: None, attempts: 0, kind });
        let Some(client) = self.being.reached.as_ref().map(|reached| reached.client.clone()) else {
            return self.tell(ask.reply(refuse(ErrorKind::Unsigned(NOT_OPEN.to_owned()))));
        };
        if client.settings().read_only.refuses(&ask.call) {
            // The client would refuse it, too, but then the journal would tell of something that never was to be.
            return self.tell(ask.reply(refuse(ErrorKind::ReadOnly)));
        }
        // The only way out for a change: none passes the journal by.
        if let Some(deed) = ask.deed.clone() {
            self.see_through(self.keeper.clone().carry_out(client, ask, deed));
        } else if spec.effect.may_go_unwritten() {
            self.bind(async move {
                let (answer, _) = journal::send(&client, &ask.call).await;
                ask.reply(answer)
            });
        } else {
            let kind = ErrorKind::Unwritten("a bug in ivschat: a change without a deed".to_owned());
            self.tell(ask.reply(refuse(kind)));
        }
    }

    /// Has a message come that is known already.
    pub(super) fn tell(&mut self, msg: Msg) {
        let generation = self.being.generation;
        self.tasks.spawn(async move { Msg::Of(generation, Box::new(msg)) });
    }

    /// Hands a text to tmux.
    pub(super) fn copy_with_tmux(&mut self, what: String, text: String) {
        self.tasks.spawn(async move { Msg::Copied(what, clipboard::load_buffer(text).await) });
    }

    fn connect(&mut self, id: LinkId, token: SecretString) {
        let Some(reached) = &self.being.reached else {
            return self.tell(Msg::Ended(id, Ended::Unreachable(NOT_OPEN.to_owned())));
        };
        let stop = CancellationToken::new();
        self.stops.insert(id.clone(), stop.clone());
        let connect = Connect::new(reached.messaging.clone(), token, self.services.way.clone());
        let reports = self.reports.0.clone();
        let (mouth, outgoing) = mpsc::channel(SAYINGS);
        self.mouths.insert(id.clone(), mouth);
        let generation = self.being.generation;
        let of = move |msg| Msg::Of(generation, Box::new(msg));
        self.links.spawn(async move {
            let here = id.clone();
            let wrap = move |report| {
                log::reported(&here, &report);
                of(Msg::Link(here.clone(), report))
            };
            let session = session::run(connect, wrap, reports.clone(), outgoing, stop);
            // A connection that is gone must never look live, least of all for a bug of ours.
            let bug = |_| Ended::Broken("a bug in ivschat, please report it".to_owned());
            let ended = AssertUnwindSafe(session).catch_unwind().await.unwrap_or_else(bug);
            log::ended(&id, &ended);
            // Nobody takes it if the console has ended.
            let _ = reports.send(of(Msg::Ended(id, ended))).await;
        });
    }

    /// Says something, once it is written down.
    fn publish(&mut self, saying: Saying) {
        let refused = match &self.being.reached {
            Some(reached) if !reached.client.settings().read_only.is_on() => None,
            Some(_) => Some("the console is read-only: :unlock lets changes pass"),
            None => Some(NOT_OPEN),
        };
        let reached = match (&self.being.reached, refused) {
            (Some(reached), None) => reached,
            (_, why) => {
                let (request_id, why) = (saying.publish.request_id().into(), why.unwrap_or_default().to_owned());
                return self.tell(Msg::Published(saying.link, request_id, Err(why)));
            }
        };
        let mouth = self.mouths.get(&saying.link).cloned();
        let region = reached.client.settings().region.clone();
        let messaging = &reached.messaging;
        let host = Url::parse(messaging).ok().and_then(|url| Some(url.host_str()?.to_owned()));
        let endpoint = host.unwrap_or_else(|| messaging.clone());
        self.see_through(self.keeper.clone().publish(saying, mouth, region, endpoint));
    }

    /// The next thing that happened. Answers and timers come before reports: they are few, and a flood of reports must
    /// not keep them waiting.
    pub(super) async fn next(&mut self) -> Msg {
        let msg = tokio::select! {
            biased;
            Some(ended) = self.tasks.join_next() => ended.unwrap_or_else(|panic| Msg::Broken(panic.to_string())),
            Some(ended) = self.bound.join_next() => match ended {
                Ok(msg) => msg,
                // Somebody gave it up: there is nothing to tell.
                Err(error) if error.is_cancelled() => Msg::Of(Generation::default(), Box::new(Msg::Broken(String::new()))),
                Err(panic) => Msg::Broken(panic.to_string()),
            },
            opened = self.being.opened() => opened,
            Some(report) = self.reports.1.recv() => report,
        };
        if let Msg::Of(generation, ended) = &msg
            && let Msg::Ended(id, _) = ended.as_ref()
            && *generation == self.being.generation
        {
            self.stops.remove(id);
            self.mouths.remove(id);
        }
        msg
    }

    /// Drops what is under way, and closes the connections as far as that is done quickly.
    pub(super) async fn close(self) {
        let Self { tasks, bound, links, stops, reports, keeper, shelf, recorder, .. } = self;
        drop((tasks, bound));
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
    use std::sync::Arc;
    use std::time::Instant;

    use aws_credential_types::Credentials;
    use tokio::net::TcpListener;

    use super::*;
    use crate::api::Settings;
    use crate::api::client::Client;
    use crate::app::deed::Deed;
    use crate::app::identity::{Ask, Told};
    use crate::app::msg::{Ticket, Timer};
    use crate::identity::Identity;
    use crate::identity::facts::Source;
    use crate::messaging::way::Way;
    use crate::runtime::Keep;
    use crate::runtime::clipboard::{Choice, Clipboard};
    use crate::runtime::editor::Editor;
    use crate::runtime::identity::{Doors, Reached, Whose};

    fn jobs(messaging: String) -> Jobs {
        let credentials = Credentials::new("AKID", "secret", None, None, "test");
        let identity = Identity::fixed("test", credentials.clone(), "us-west-2");
        let client = Client::new(Settings::new("us-west-2", credentials).unwrap());
        let reached = Reached { identity: identity.clone(), client, endpoint: None, messaging };
        let (here, whose) = (reached.clone(), Whose::Fixed(identity));
        let doors = Doors { whose, connect: Arc::new(move |_| Ok(here.clone())) };
        let clipboard = Clipboard::new(Choice::Off, |_| None);
        let editor = Editor::new(|_| None);
        let mut jobs = Jobs::new(Services {
            doors,
            stand_in: None,
            way: Way::default(),
            journal: Keep::Memory,
            users: Keep::Memory,
            clipboard,
            editor,
        });
        jobs.being.reached = Some(reached);
        jobs
    }

    /// What a message says, whoever it is of.
    fn bare(msg: Msg) -> Msg {
        match msg {
            Msg::Of(_, msg) => *msg,
            other => other,
        }
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
        let msg = bare(jobs.next().await);
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
    async fn what_was_under_way_for_somebody_else_is_over_and_says_whose_it_was() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut jobs = jobs(format!("ws://{}", listener.local_addr().unwrap()));
        jobs.start(Job::Connect(link(), "token".into()));
        jobs.start(Job::After(Duration::ZERO, Timer::Rest(Ticket(1))));
        jobs.start(Job::After(Duration::from_hours(1), Timer::Minute));
        let (_held, _) = listener.accept().await.unwrap();
        jobs.start(Job::Identity(Ask::Become(Generation(2), Box::default())));
        assert!(jobs.bound.is_empty() && jobs.stops.is_empty() && jobs.mouths.is_empty());
        assert_eq!(jobs.tasks.len(), 1, "the minute's timer goes on");
        // The same room may be there for both.
        jobs.start(Job::After(Duration::from_hours(1), Timer::Queue));
        let (mut opened, mut ended) = (false, false);
        while !(opened && ended) {
            match jobs.next().await {
                Msg::Identity(Generation(2), Told::Opened(Ok(who))) => {
                    opened = true;
                    assert_eq!(who.source, Source::Fixed("test"));
                    jobs.start(Job::Connect(link(), "token".into()));
                }
                Msg::Of(Generation(0), msg) => ended = matches!(*msg, Msg::Ended(..)),
                other => panic!("{other:?}"),
            }
        }
        assert!(jobs.stops.contains_key(&link()), "the end of the old connection is not that of the new one");
    }

    #[tokio::test]
    async fn nothing_is_said_while_the_console_is_read_only() {
        let mut jobs = jobs(String::new());
        jobs.start(Job::Identity(Ask::ReadOnly(true)));
        let publish = Publish::DeleteMessage { request_id: "r-1".into(), id: "m-1".into(), reason: None };
        jobs.start(Job::Publish(Box::new(Saying { link: link(), publish, deed: Deed::default() })));
        let msg = bare(jobs.next().await);
        assert!(matches!(&msg, Msg::Published(_, _, Err(why)) if why.contains("read-only")), "{msg:?}");
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
