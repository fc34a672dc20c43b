//! Keeps the journal: a change is written before it is sent, and its outcome before its answer is handed on.

use std::collections::HashMap;
use std::io;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::sync::mpsc::{self, error::TrySendError};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tokio_util::task::TaskTracker;

use crate::api::client::Client;
use crate::api::{Answer, Call, Effect, Error, ErrorKind};
use crate::app::Msg;
use crate::app::deed::Deed;
use crate::app::msg::{Kept, LinkId};
use crate::app::outbox::{Ask, Saying};
use crate::journal::file::{self, Journal, Safety};
use crate::journal::record::{self, Body, Ending, Intent, Outcome};
use crate::messaging::Publish;

use super::log;

/// Lines that are read back: 1,000 changes with their outcomes.
const READ: usize = 2_000;

/// Where changes are written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// Nowhere but in the console's own memory, while it runs: a demo.
    Memory,
    /// In this folder.
    In(PathBuf),
    /// Nobody knows where: nothing is destroyed.
    Nowhere,
}

/// Writes the journal of one console. Clones write the same.
#[derive(Debug, Clone)]
pub(super) struct Keeper {
    keep: Keep,
    journal: Option<Arc<Mutex<Journal>>>,
    session: String,
    numbers: Arc<AtomicU64>,
    /// What was said over connections, by request id, until it is known what came of it.
    said: Arc<Mutex<HashMap<Box<str>, u64>>>,
    /// How long the line before is waited for.
    patience: Duration,
    /// Lines on their way to the disk.
    writes: TaskTracker,
}

impl Keeper {
    pub(super) fn new(keep: Keep) -> Self {
        let session = format!("{}-{:08x}", std::process::id(), fastrand::u32(..));
        let journal = match &keep {
            Keep::In(folder) => Some(Arc::new(Mutex::new(Journal::new(folder.clone(), session.clone())))),
            Keep::Memory | Keep::Nowhere => None,
        };
        Self {
            keep,
            journal,
            session,
            numbers: Arc::default(),
            said: Arc::default(),
            patience: IN_TURN,
            writes: TaskTracker::new(),
        }
    }

    /// Sends a change. What can't be undone is only sent if it could be written down first.
    pub(super) async fn carry_out(self, client: Client, ask: Ask, deed: Deed) -> Msg {
        let effect = ask.call.spec.effect;
        let safety = if effect == Effect::Destroys { Safety::Flushed } else { Safety::Handed };
        let id = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        let settings = client.settings();
        let intent = Intent {
            id,
            actor: None,
            region: settings.region.clone(),
            endpoint: settings.endpoint_of(ask.call.service).host().to_owned(),
            act: deed.act(&ask.call),
        };
        match self.write(Body::Intent(Box::new(intent)), safety).await {
            Err(why) if effect == Effect::Destroys => {
                let operation = ask.call.spec.name;
                let kind = ErrorKind::Unwritten(why);
                ask.reply(Err(Error { operation, request_id: None, attempts: 0, kind }))
            }
            Err(why) => {
                let (answer, _) = send(&client, &ask.call).await;
                Msg::Unwritten(why, Box::new(ask.reply(answer)))
            }
            Ok(()) => {
                let (answer, latency) = send(&client, &ask.call).await;
                let outcome = Outcome::of(&answer, latency);
                let written = self.write(Body::Outcome(Box::new(Ending { id, outcome })), safety).await;
                let msg = ask.reply(answer);
                match written {
                    Ok(()) => msg,
                    Err(why) => Msg::Unwritten(why, Box::new(msg)),
                }
            }
        }
    }

    /// Says something over a connection. It is written down first, but said all the same if that fails.
    pub(super) async fn publish(
        self,
        saying: Saying,
        mouth: Option<mpsc::Sender<Publish>>,
        region: String,
        endpoint: String,
    ) -> Msg {
        let Saying { link, publish, deed } = saying;
        let request_id: Box<str> = publish.request_id().into();
        let id = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        let intent = Intent { id, actor: None, region, endpoint, act: deed.act_of(&publish) };
        let written = self.write(Body::Intent(Box::new(intent)), Safety::Handed).await;
        if written.is_ok() {
            self.said.lock().unwrap_or_else(PoisonError::into_inner).insert(request_id.clone(), id);
        }
        let taken = match mouth.map(|mouth| mouth.try_send(publish)) {
            Some(Ok(())) => Ok(()),
            Some(Err(TrySendError::Full(_))) => Err("the connection takes no more just now".to_owned()),
            Some(Err(TrySendError::Closed(_))) | None => Err("the connection is gone".to_owned()),
        };
        let msg = Msg::Published(link, request_id, taken);
        match written {
            Ok(()) => msg,
            Err(why) => Msg::Unwritten(why, Box::new(msg)),
        }
    }

    /// Writes what came of what was said. That has begun when this returns: the console may end before it is awaited.
    pub(super) fn conclude(
        &self,
        link: LinkId,
        request_id: Box<str>,
        outcome: Outcome,
    ) -> impl Future<Output = Msg> + use<> {
        let id = self.said.lock().unwrap_or_else(PoisonError::into_inner).remove(&request_id);
        let writing = id.map(|id| self.begin(Body::Outcome(Box::new(Ending { id, outcome })), Safety::Handed));
        async move {
            let written = match writing {
                Some(writing) => finish(writing).await,
                None => Ok(()),
            };
            // Known already: it is over.
            let msg = Msg::Published(link, request_id, Ok(()));
            match written {
                Ok(()) => msg,
                Err(why) => Msg::Unwritten(why, Box::new(msg)),
            }
        }
    }

    /// Writes a line, on a thread that may wait for the disk. Once begun it is finished, whoever waits for it.
    async fn write(&self, body: Body, safety: Safety) -> Result<(), String> {
        finish(self.begin(body, safety)).await
    }

    fn begin(&self, body: Body, safety: Safety) -> Result<Option<Writing>, String> {
        let journal = match (&self.keep, &self.journal) {
            (Keep::In(_), Some(journal)) => Arc::clone(journal),
            (Keep::Memory, _) => return Ok(None),
            (Keep::Nowhere | Keep::In(_), _) => return Err(NO_PLACE.to_owned()),
        };
        let patience = self.patience;
        let append = move || {
            // The line before may hang.
            let free = file::within(patience, || Ok(unlocked(&journal)))?;
            let mut journal = free.ok_or_else(|| io::Error::other(HANGS))?;
            journal.append(Timestamp::now(), body, safety)
        };
        Ok(Some(self.writes.spawn_blocking(append)))
    }

    /// What the journal says of changes that are not this console's.
    pub(super) async fn read(self) -> Msg {
        let folder = match &self.keep {
            Keep::Memory => return Msg::Journal(Ok(Kept::default())),
            Keep::Nowhere => return Msg::Journal(Err(NO_PLACE.to_owned())),
            Keep::In(folder) => folder.clone(),
        };
        let shown = folder.display().to_string();
        let load = move || file::load(&folder, READ, &self.session);
        let lines = tokio::task::spawn_blocking(load).await.map_err(io::Error::other).and_then(|lines| lines);
        Msg::Journal(match lines {
            Ok(lines) => Ok(Kept { folder: Some(shown), entries: record::entries(lines) }),
            Err(error) => Err(format!("{shown}: {error}")),
        })
    }

    /// Waits for lines that are being written, but no longer than `limit`.
    pub(super) async fn close(self, limit: Duration) {
        self.writes.close();
        let _ = timeout(limit, self.writes.wait()).await;
    }
}

/// A line on its way to the disk.
type Writing = JoinHandle<io::Result<()>>;

async fn finish(writing: Result<Option<Writing>, String>) -> Result<(), String> {
    let Some(writing) = writing? else { return Ok(()) };
    let written = timeout(HANGING, writing).await.map_err(|_| HANGS.to_owned())?;
    written.map_err(io::Error::other).and_then(|written| written).map_err(|error| error.to_string())
}

/// The journal, unless a line is just being written.
fn unlocked(journal: &Mutex<Journal>) -> Option<MutexGuard<'_, Journal>> {
    match journal.try_lock() {
        Ok(journal) => Some(journal),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// How long a line may take: a disk that is slow is waited for, one that hangs is not. The line may still be written then,
/// and reads as a change whose outcome is unknown.
const HANGING: Duration = Duration::from_secs(10);

/// How long a line waits for this console's own lines before it. A bulk has thirty of them on their way, and a slow disk
/// takes a tenth of a second for each: it must not refuse what is merely in line.
const IN_TURN: Duration = Duration::from_secs(8);

/// Why a line was not written.
const HANGS: &str = "the disk does not answer";

/// Why there is no journal.
const NO_PLACE: &str = "it has no place: set HOME or XDG_STATE_HOME, or give --journal-dir";

/// Sends a call; its answer, and how long it took.
pub(super) async fn send(client: &Client, call: &Call) -> (Result<Answer, Error>, Duration) {
    let start = Instant::now();
    let answer = answer(call.spec.name, client.send(call)).await;
    let took = start.elapsed();
    log::answered(call.spec.name, &answer, took);
    (answer, took)
}

/// The answer to a call, also if sending it comes to a bug of ours: whoever asked waits for an answer.
async fn answer(
    operation: &'static str,
    sending: impl Future<Output = Result<Answer, Error>>,
) -> Result<Answer, Error> {
    let bug = |_| {
        let kind = ErrorKind::Interrupted("a bug in ivschat, please report it".to_owned());
        Err(Error { operation, request_id: None, attempts: 0, kind })
    };
    AssertUnwindSafe(sending).catch_unwind().await.unwrap_or_else(bug)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc as std_mpsc;
    use std::{fs, thread};

    use aws_credential_types::Credentials;
    use tempfile::TempDir;
    use tokio::net::TcpListener;

    use super::*;
    use crate::api::ops::{CreateRoom, DeleteRoom};
    use crate::api::{Operation, Settings, retry};
    use crate::app::Job;
    use crate::app::outbox::Outbox;
    use crate::journal::record::{Act, End, Verdict};

    /// A change whose answer becomes the words of its error.
    fn ask<O: Operation>(operation: &O) -> Ask {
        let mut outbox = Outbox::default();
        outbox.change(operation, Deed::default(), |answer| {
            Msg::Broken(answer.err().map(|error| error.to_string()).unwrap_or_default())
        });
        match outbox.into_jobs().pop() {
            Some(Job::Call(ask)) => *ask,
            other => panic!("{other:?}"),
        }
    }

    /// A service that breaks every connection, and how often it was called.
    async fn service() -> (Client, Arc<AtomicU64>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut settings = Settings::new("us-west-2", Credentials::new("AKID", "CANARY", None, None, "test")).unwrap();
        settings.endpoint = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        settings.retry = retry::Settings { attempts: 1, ..retry::Settings::default() };
        let calls = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&calls);
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        (Client::new(settings), calls)
    }

    async fn carry_out<O: Operation>(keep: Keep, client: &Client, operation: &O) -> Msg {
        Keeper::new(keep).carry_out(client.clone(), ask(operation), Deed::default()).await
    }

    fn room() -> DeleteRoom {
        DeleteRoom { identifier: "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf123456".parse().unwrap() }
    }

    #[tokio::test]
    async fn whoever_asked_gets_an_answer_even_if_sending_panics() {
        let answer = answer("CreateRoom", async { panic!("out of cheese") }).await;
        let error = answer.unwrap_err();
        assert!(error.kind.may_have_been_done() && error.to_string().contains("a bug in ivschat"), "{error}");
    }

    #[tokio::test]
    async fn what_can_not_be_undone_is_not_sent_if_it_can_not_be_written_down() {
        let home = TempDir::new().unwrap();
        fs::write(home.path().join("file"), "").unwrap();
        let (client, calls) = service().await;
        for keep in [Keep::In(home.path().join("file")), Keep::Nowhere] {
            let msg = carry_out(keep, &client, &room()).await;
            assert!(matches!(&msg, Msg::Broken(why) if why.contains("the journal can't be written")), "{msg:?}");
        }
        assert_eq!(calls.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn other_changes_go_ahead_and_that_they_are_not_written_down_is_told() {
        let (client, calls) = service().await;
        let msg = carry_out(Keep::Nowhere, &client, &CreateRoom::default()).await;
        assert!(matches!(&msg, Msg::Unwritten(why, _) if why.contains("--journal-dir")), "{msg:?}");
        assert!(calls.load(Ordering::Relaxed) > 0);
    }

    #[tokio::test]
    async fn the_outcome_is_written_before_the_answer_is_handed_on() {
        let home = TempDir::new().unwrap();
        let folder = home.path().join("journal");
        let (client, _) = service().await;
        carry_out(Keep::In(folder.clone()), &client, &room()).await;
        let entries = record::entries(file::load(&folder, 10, "another").unwrap());
        let [record::Entry { act: Act { operation, .. }, end: End::Over(outcome), .. }] = entries.as_slice() else {
            panic!("{entries:?}")
        };
        assert_eq!(operation, "DeleteRoom");
        assert!(
            matches!(outcome.verdict, Verdict::Unknown { .. }),
            "it was sent, and the answer was lost: {outcome:?}"
        );
        let name =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.extension().is_some());
        let text = fs::read_to_string(name.unwrap()).unwrap();
        assert!(!text.contains("CANARY") && !text.contains("AKID"), "{text}");
    }

    #[tokio::test]
    async fn while_somebody_keeps_the_lock_nothing_is_destroyed_and_the_rest_goes_on() {
        let home = TempDir::new().unwrap();
        let (client, calls) = service().await;
        let keeper = Keeper::new(Keep::In(home.path().to_owned()));
        keeper.journal.as_ref().unwrap().lock().unwrap().patience = Duration::ZERO;
        let lock = fs::File::create(home.path().join("lock")).unwrap();
        lock.lock().unwrap();
        let msg = keeper.clone().carry_out(client.clone(), ask(&room()), Deed::default()).await;
        assert!(matches!(&msg, Msg::Broken(why) if why.contains("another console")), "{msg:?}");
        assert_eq!(calls.load(Ordering::Relaxed), 0);
        let msg = keeper.carry_out(client, ask(&CreateRoom::default()), Deed::default()).await;
        assert!(matches!(&msg, Msg::Unwritten(why, _) if why.contains("another console")), "{msg:?}");
        assert!(calls.load(Ordering::Relaxed) > 0);
    }

    #[tokio::test]
    async fn what_hangs_in_one_line_does_not_hold_up_the_next_for_ever() {
        let home = TempDir::new().unwrap();
        let (client, _) = service().await;
        let keeper = Keeper { patience: Duration::ZERO, ..Keeper::new(Keep::In(home.path().to_owned())) };
        let journal = Arc::clone(keeper.journal.as_ref().unwrap());
        let ((hangs, hanging), (end, ended)) = (std_mpsc::channel(), std_mpsc::channel::<()>());
        let line = thread::spawn(move || {
            let _line = journal.lock().unwrap();
            hangs.send(()).unwrap();
            ended.recv().unwrap_err();
        });
        hanging.recv().unwrap();
        let msg = keeper.carry_out(client, ask(&room()), Deed::default()).await;
        assert!(matches!(&msg, Msg::Broken(why) if why.contains(HANGS)), "{msg:?}");
        drop(end);
        line.join().unwrap();
    }

    #[tokio::test]
    async fn a_console_s_own_changes_are_not_read_back() {
        let home = TempDir::new().unwrap();
        let (client, _) = service().await;
        let keeper = Keeper::new(Keep::In(home.path().join("journal")));
        keeper.clone().carry_out(client, ask(&room()), Deed::default()).await;
        let msg = keeper.read().await;
        assert!(matches!(&msg, Msg::Journal(Ok(kept)) if kept.entries.is_empty() && kept.folder.is_some()), "{msg:?}");
    }
}
