//! The pretend account behind HTTP and WebSocket, on one port of the loopback interface.
//!
//! Whatever is not the WebSocket handshake on `/` nor under `/_simulator` goes to the control plane, signed with one of
//! the [`credentials`]. [`fault`] tells what can be made to go wrong.

mod account;
mod answer;
mod control_plane;
mod controls;
pub mod credentials;
pub mod fault;
mod misbehave;
pub mod order;
mod signature;
mod websocket;
mod wire;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::any;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

pub use account::Stopped;

use super::world::{NotPossible, Setup, World};
use account::Account;
use credentials::Credentials;
use fault::{Faults, Plan, Target};
use order::Order;
use signature::Keyring;
use wire::{Cutter, Port};

/// How long [`Running::stop`] waits for clients to take their leave before it cuts them off.
const PATIENCE: Duration = Duration::from_secs(3);

/// How a server is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Whether `listen` may be an address that other machines can reach. Everybody who reaches it may do everything:
    /// the keys are published.
    pub allow_remote: bool,
    /// Whose signatures are good. The first are what [`Running`] hands out; nothing can be signed without any.
    pub credentials: Vec<Credentials>,
    /// What goes wrong from the start.
    pub faults: Vec<(Target, Plan)>,
}

impl Default for Options {
    /// Any free port of 127.0.0.1, the published credentials, no faults.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            allow_remote: false,
            credentials: Credentials::published(),
            faults: Vec::new(),
        }
    }
}

/// What all connections share.
#[derive(Debug, Clone)]
struct Shared {
    account: Account,
    keyring: Arc<Keyring>,
    /// Cancelled when the server starts to say goodbye.
    stopping: CancellationToken,
    /// The tasks of the WebSocket connections.
    tracker: TaskTracker,
}

/// The simulator's server.
#[derive(Debug)]
pub struct Server;

impl Server {
    /// Starts to serve the account that `setup` describes, on tasks of the Tokio runtime that this is called in.
    ///
    /// # Errors
    /// If the address can't be listened on, or is reachable from elsewhere without leave.
    pub async fn start(setup: Setup, options: Options) -> io::Result<Running> {
        let Options { listen, allow_remote, credentials, faults } = options;
        if !listen.ip().is_loopback() && !allow_remote {
            let why = format!("{listen} can be reached from other machines");
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
        }
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let mut in_force = Faults::default();
        for (target, plan) in faults {
            in_force.set(target, plan);
        }
        let end = CancellationToken::new();
        let region = setup.region.clone();
        let handed_out = credentials.first().cloned().unwrap_or_else(|| Credentials::lasting("", ""));
        let world = World::new(setup, Timestamp::now());
        let shared = Shared {
            account: Account::open(world, in_force, end.clone()),
            keyring: Arc::new(Keyring { region: region.clone(), credentials }),
            stopping: end.child_token(),
            tracker: TaskTracker::new(),
        };
        let serving = tokio::spawn(serve(Port { listener, end: end.clone() }, shared.clone()));
        Ok(Running {
            endpoint: format!("http://{address}"),
            messaging_endpoint: format!("ws://{address}"),
            region,
            secret_access_key: handed_out.secret_access_key.expose_secret().to_owned(),
            access_key_id: handed_out.access_key_id,
            shared,
            serving,
            end: end.drop_guard(),
        })
    }
}

async fn serve(port: Port, shared: Shared) -> io::Result<()> {
    let stopping = shared.stopping.clone();
    let routes = Router::new()
        .route("/", any(websocket::root))
        .merge(controls::routes())
        .fallback(control_plane::control_plane)
        .with_state(shared);
    let service = routes.into_make_service_with_connect_info::<Cutter>();
    axum::serve(port, service).with_graceful_shutdown(stopping.cancelled_owned()).await
}

/// A server at work. Dropping it resets all connections and stops it; [`Running::stop`] is the polite way.
pub struct Running {
    /// Where the control plane is, such as `http://127.0.0.1:4870`.
    pub endpoint: String,
    /// Where the messaging API is, such as `ws://127.0.0.1:4870`.
    pub messaging_endpoint: String,
    /// The region to sign for.
    pub region: String,
    /// Credentials to sign with: pretend ones that are published.
    pub access_key_id: String,
    /// Credentials to sign with: pretend ones that are published.
    pub secret_access_key: String,
    shared: Shared,
    serving: JoinHandle<io::Result<()>>,
    end: DropGuard,
}

impl fmt::Debug for Running {
    /// Without the secret key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

impl Running {
    /// Closes all connections with code 1001, lets answers that are under way go out, and stops. What is not over after
    /// three seconds is cut off.
    pub async fn stop(self) {
        let Self { shared, serving, end, .. } = self;
        shared.stopping.cancel();
        shared.tracker.close();
        let farewell = async { tokio::join!(serving, shared.tracker.wait()) };
        let _ = tokio::time::timeout(PATIENCE, farewell).await;
        drop(end);
    }

    /// Puts a fault in force, in place of the one that `target` had.
    ///
    /// # Errors
    /// If the server has stopped.
    pub async fn set_fault(&self, target: Target, plan: Plan) -> Result<(), Stopped> {
        self.shared.account.set_fault(target, plan).await
    }

    /// Takes a fault away. Whether there was one.
    ///
    /// # Errors
    /// If the server has stopped.
    pub async fn clear_fault(&self, target: Target) -> Result<bool, Stopped> {
        self.shared.account.clear_fault(target).await
    }

    /// The faults in force.
    ///
    /// # Errors
    /// If the server has stopped.
    pub async fn faults(&self) -> Result<Vec<(Target, Plan)>, Stopped> {
        self.shared.account.faults().await
    }

    /// How many WebSocket connections there are.
    ///
    /// # Errors
    /// If the server has stopped.
    pub async fn count_connections(&self) -> Result<usize, Stopped> {
        self.shared.account.count_connections().await
    }

    /// Resets all WebSocket connections, without a close frame. How many there were.
    ///
    /// # Errors
    /// If the server has stopped.
    pub async fn drop_connections(&self) -> Result<usize, Stopped> {
        self.shared.account.drop_connections().await
    }

    /// Makes all WebSocket connections half-open: they stay, but nothing is read, sent or answered. New ones are not affected.
    /// How many there were.
    ///
    /// # Errors
    /// If the server has stopped.
    pub async fn freeze_connections(&self) -> Result<usize, Stopped> {
        self.shared.account.freeze_connections().await
    }

    /// Carries out an order. What came of it, in the form of the route's answer.
    ///
    /// # Errors
    /// If the server has stopped. What can't be is in the inner error.
    pub async fn order(&self, order: Order) -> Result<Result<Value, NotPossible>, Stopped> {
        self.shared.account.order(order).await
    }
}
