//! The one task that owns the world, and the ways to ask something of it.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::fault::{Fault, Faults, Plan, Target};
use super::order::Order;
use super::wire::Cutter;
use crate::api::Request;
use crate::simulator::world::{Answer, ConnectionId, Delivery, Echoes, NotPossible, Refusal, World};

/// Commands that may wait before those who send more have to.
const COMMANDS: usize = 1024;
/// Commands that are carried out between two looks at the clock.
const BATCH: usize = 64;
/// Frames that may wait for one client. A client that is slower than that loses its connection.
const FRAMES: usize = 4096;
/// The shortest sleep: what the timer can tell apart.
const TICK: Duration = Duration::from_millis(1);

/// The server is gone, or going.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the simulator has stopped")]
pub struct Stopped;

/// What a connection is to send.
#[derive(Debug)]
pub(super) enum Outgoing {
    Frame(Utf8Bytes),
    Close { code: u16, reason: String },
}

/// The account's end of a connection.
#[derive(Debug)]
pub(super) struct Outbox {
    frames: mpsc::Sender<Outgoing>,
    cutter: Cutter,
    freeze: CancellationToken,
}

/// The connection's end of its [`Outbox`].
#[derive(Debug)]
pub(super) struct Inbox {
    /// Ends when the account has forgotten the connection.
    pub(super) frames: mpsc::Receiver<Outgoing>,
    /// Cancelled when the connection is to stop reading and writing.
    pub(super) freeze: CancellationToken,
}

/// Both ends for the connection that `cutter` can cut.
pub(super) fn boxes(cutter: Cutter) -> (Outbox, Inbox) {
    let (sender, receiver) = mpsc::channel(FRAMES);
    let freeze = CancellationToken::new();
    (Outbox { frames: sender, cutter, freeze: freeze.clone() }, Inbox { frames: receiver, freeze })
}

#[derive(Debug)]
enum Command {
    Strike(Target, oneshot::Sender<Option<Fault>>),
    /// With the operation that is denied meanwhile, if one is, and what becomes of its events.
    CarryOut(Request, Option<&'static str>, Echoes, oneshot::Sender<Result<Answer, Refusal>>),
    Connect(SecretString, Outbox, oneshot::Sender<Result<ConnectionId, Refusal>>),
    Text(ConnectionId, Utf8Bytes),
    Left(ConnectionId),
    SetFault(Target, Plan, oneshot::Sender<()>),
    ClearFault(Target, oneshot::Sender<bool>),
    ClearFaults(oneshot::Sender<()>),
    Count(oneshot::Sender<usize>),
    ListFaults(oneshot::Sender<Vec<(Target, Plan)>>),
    Drop(oneshot::Sender<usize>),
    Freeze(oneshot::Sender<usize>),
    Order(Order, oneshot::Sender<Result<Value, NotPossible>>),
}

/// Asks the task that owns the world.
#[derive(Debug, Clone)]
pub(super) struct Account(mpsc::Sender<Command>);

impl Account {
    /// Gives `world` to a task of its own, which ends with `end` or with the last copy of the answer.
    pub(super) fn open(world: World, faults: Faults, end: CancellationToken) -> Self {
        let (sender, receiver) = mpsc::channel(COMMANDS);
        tokio::spawn(Owner { world, faults, outboxes: HashMap::new() }.run(receiver, end));
        Self(sender)
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Result<T, Stopped> {
        let (sender, receiver) = oneshot::channel();
        self.0.send(command(sender)).await.map_err(|_| Stopped)?;
        receiver.await.map_err(|_| Stopped)
    }

    /// The fault that strikes a request for `target`, if one does.
    pub(super) async fn strike(&self, target: Target) -> Result<Option<Fault>, Stopped> {
        self.ask(|reply| Command::Strike(target, reply)).await
    }

    /// Has a request answered as if no policy allowed the operation `denied`, if one is given, and its events published
    /// or lost.
    pub(super) async fn carry_out(
        &self,
        request: Request,
        denied: Option<&'static str>,
        echoes: Echoes,
    ) -> Result<Result<Answer, Refusal>, Stopped> {
        self.ask(|reply| Command::CarryOut(request, denied, echoes, reply)).await
    }

    /// Opens a connection, to which frames go through `outbox`.
    pub(super) async fn connect(
        &self,
        token: SecretString,
        outbox: Outbox,
    ) -> Result<Result<ConnectionId, Refusal>, Stopped> {
        self.ask(|reply| Command::Connect(token, outbox, reply)).await
    }

    /// Passes on a text frame from a client.
    pub(super) async fn text(&self, from: ConnectionId, text: Utf8Bytes) -> Result<(), Stopped> {
        self.0.send(Command::Text(from, text)).await.map_err(|_| Stopped)
    }

    /// Tells that a connection is over. Nothing is to be done if nobody listens any more.
    pub(super) async fn left(&self, connection: ConnectionId) {
        let _ = self.0.send(Command::Left(connection)).await;
    }

    pub(super) async fn set_fault(&self, target: Target, plan: Plan) -> Result<(), Stopped> {
        self.ask(|reply| Command::SetFault(target, plan, reply)).await
    }

    pub(super) async fn clear_fault(&self, target: Target) -> Result<bool, Stopped> {
        self.ask(|reply| Command::ClearFault(target, reply)).await
    }

    pub(super) async fn clear_faults(&self) -> Result<(), Stopped> {
        self.ask(Command::ClearFaults).await
    }

    pub(super) async fn faults(&self) -> Result<Vec<(Target, Plan)>, Stopped> {
        self.ask(Command::ListFaults).await
    }

    pub(super) async fn count_connections(&self) -> Result<usize, Stopped> {
        self.ask(Command::Count).await
    }

    pub(super) async fn drop_connections(&self) -> Result<usize, Stopped> {
        self.ask(Command::Drop).await
    }

    pub(super) async fn freeze_connections(&self) -> Result<usize, Stopped> {
        self.ask(Command::Freeze).await
    }

    pub(super) async fn order(&self, order: Order) -> Result<Result<Value, NotPossible>, Stopped> {
        self.ask(|reply| Command::Order(order, reply)).await
    }
}

/// The task that owns the world. It never waits for a client.
#[derive(Debug)]
struct Owner {
    world: World,
    faults: Faults,
    outboxes: HashMap<ConnectionId, Outbox>,
}

impl Owner {
    async fn run(mut self, mut commands: mpsc::Receiver<Command>, end: CancellationToken) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let open = tokio::select! {
                () = end.cancelled() => false,
                () = until(self.world.next_change()) => true,
                count = commands.recv_many(&mut batch, BATCH) => count > 0,
            };
            if !open {
                return;
            }
            let now = Timestamp::now();
            self.world.advance(now);
            for command in batch.drain(..) {
                self.obey(now, command);
            }
            self.deliver();
        }
    }

    /// Answers go to whoever asked; that nobody waits for one any more is no concern here.
    fn obey(&mut self, now: Timestamp, command: Command) {
        match command {
            Command::Strike(target, reply) => drop(reply.send(self.faults.strike(target))),
            Command::CarryOut(request, denied, echoes, reply) => {
                self.world.set_echoes(echoes);
                drop(reply.send(self.carry_out(now, &request, denied)));
            }
            Command::Connect(token, outbox, reply) => self.connect(now, &token, outbox, reply),
            Command::Text(from, text) if self.outboxes.contains_key(&from) => self.world.receive(now, from, &text),
            // What a client said after the account let go of it.
            Command::Text(..) => {}
            Command::Left(connection) => self.forget(connection),
            Command::SetFault(target, plan, reply) => {
                self.faults.set(target, plan);
                let _ = reply.send(());
            }
            Command::ClearFault(target, reply) => drop(reply.send(self.faults.clear(target))),
            Command::ClearFaults(reply) => {
                self.faults.clear_all();
                let _ = reply.send(());
            }
            Command::ListFaults(reply) => drop(reply.send(self.faults.list())),
            Command::Count(reply) => drop(reply.send(self.outboxes.len())),
            Command::Drop(reply) => drop(reply.send(self.drop_connections())),
            Command::Freeze(reply) => {
                self.outboxes.values().for_each(|outbox| outbox.freeze.cancel());
                let _ = reply.send(self.outboxes.len());
            }
            Command::Order(order, reply) => drop(reply.send(order.carry_out(&mut self.world, now))),
        }
    }

    fn carry_out(&mut self, now: Timestamp, request: &Request, denied: Option<&str>) -> Result<Answer, Refusal> {
        let Some(operation) = denied else { return self.world.handle(now, request) };
        self.world.deny(operation);
        let answer = self.world.handle(now, request);
        self.world.allow(operation);
        answer
    }

    fn connect(
        &mut self,
        now: Timestamp,
        token: &SecretString,
        outbox: Outbox,
        reply: oneshot::Sender<Result<ConnectionId, Refusal>>,
    ) {
        let connected = self.world.connect(now, token.expose_secret());
        if let Ok(connection) = connected {
            self.outboxes.insert(connection, outbox);
        }
        // The client gave up during the handshake, so nobody else will ever say that it left.
        if let Err(Ok(connection)) = reply.send(connected) {
            self.forget(connection);
        }
    }

    /// Twice is harmless.
    fn forget(&mut self, connection: ConnectionId) {
        if self.outboxes.remove(&connection).is_some() {
            self.world.leave(connection);
        }
    }

    fn drop_connections(&mut self) -> usize {
        let all: Vec<_> = self.outboxes.keys().copied().collect();
        for connection in &all {
            self.cut(*connection);
        }
        all.len()
    }

    fn cut(&mut self, connection: ConnectionId) {
        if let Some(outbox) = self.outboxes.get(&connection) {
            outbox.cutter.reset();
        }
        self.forget(connection);
    }

    fn deliver(&mut self) {
        for delivery in self.world.deliveries() {
            match delivery {
                Delivery::Frame { to, text } => {
                    let frame = Outgoing::Frame(Utf8Bytes::from(&*text));
                    let sent = self.outboxes.get(&to).map(|outbox| outbox.frames.try_send(frame));
                    if let Some(Err(_)) = sent {
                        self.cut(to);
                    }
                }
                Delivery::Close { to, code, reason } => {
                    // The world has let go of this connection already; a frozen one is kept so that it can be cut.
                    if self.outboxes.get(&to).is_some_and(|outbox| outbox.freeze.is_cancelled()) {
                        continue;
                    }
                    let Some(outbox) = self.outboxes.remove(&to) else { continue };
                    if outbox.frames.try_send(Outgoing::Close { code, reason }).is_err() {
                        outbox.cutter.reset();
                    }
                }
            }
        }
    }
}

/// Waits until `time`, or forever if there is none.
async fn until(time: Option<Timestamp>) {
    match time {
        Some(time) => {
            let left = Duration::try_from(time.duration_since(Timestamp::now())).unwrap_or_default();
            tokio::time::sleep(left.max(TICK)).await;
        }
        None => std::future::pending().await,
    }
}
