//! Carries out jobs: each is a task that ends in a message.

use std::collections::HashMap;

use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::msg::LinkId;
use crate::app::{Job, Msg};
use crate::messaging::session::{self, Connect};

use super::Services;

/// Reports of connections that may wait to be taken: beyond it the sockets are held up, and nothing is lost.
const QUEUE: usize = 64;

/// The tasks under way.
pub(super) struct Jobs {
    services: Services,
    tasks: JoinSet<Msg>,
    reports: (mpsc::Sender<Msg>, mpsc::Receiver<Msg>),
    links: HashMap<LinkId, CancellationToken>,
}

impl Jobs {
    pub(super) fn new(services: Services) -> Self {
        Self { services, tasks: JoinSet::new(), reports: mpsc::channel(QUEUE), links: HashMap::new() }
    }

    pub(super) fn start_all(&mut self, jobs: Vec<Job>) {
        for job in jobs {
            self.start(job);
        }
    }

    /// Starts a job. Leaving and suspending are the loop's own and nothing here.
    pub(super) fn start(&mut self, job: Job) {
        match job {
            Job::Call(ask) => {
                let client = self.services.client.clone();
                self.tasks.spawn(async move {
                    let answer = client.send(&ask.call).await;
                    ask.reply(answer)
                });
            }
            Job::After(delay, timer) => {
                self.tasks.spawn(async move {
                    tokio::time::sleep(delay).await;
                    Msg::Due(timer)
                });
            }
            Job::Connect(id, token) => self.connect(id, token),
            Job::Disconnect(id) => {
                if let Some(stop) = self.links.remove(&id) {
                    stop.cancel();
                }
            }
            Job::Suspend | Job::Quit => {}
        }
    }

    fn connect(&mut self, id: LinkId, token: SecretString) {
        let stop = CancellationToken::new();
        self.links.insert(id.clone(), stop.clone());
        let connect = Connect::new(self.services.messaging.clone(), token, self.services.tls.clone());
        let reports = self.reports.0.clone();
        self.tasks.spawn(async move {
            // Nothing is published yet: a session without senders goes on listening.
            let (_, outgoing) = mpsc::channel(1);
            let of = id.clone();
            let ended =
                session::run(connect, move |report| Msg::Link(of.clone(), report), reports, outgoing, stop).await;
            Msg::Ended(id, ended)
        });
    }

    /// The next thing that happened. Reports come before the ends of their connections.
    pub(super) async fn next(&mut self) -> Msg {
        let msg = tokio::select! {
            biased;
            Some(report) = self.reports.1.recv() => report,
            Some(ended) = self.tasks.join_next() => ended.unwrap_or_else(|panic| Msg::Broken(panic.to_string())),
        };
        if let Msg::Ended(id, _) = &msg {
            self.links.remove(id);
        }
        msg
    }
}
