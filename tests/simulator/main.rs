//! The simulator from outside: over HTTP and WebSocket, with other people's clients.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected has failed")]

mod bulk;
mod chat;
mod faults;
mod handshake;
mod http;
mod link;
mod messaging;
mod orders;
#[cfg(unix)]
mod program;
mod read_only;
mod sdk;
mod signed;
mod stop;

use ivschat::simulator::script::Script;
use ivschat::simulator::server::{Options, Running, Server};
use ivschat::simulator::world::{Quotas, Setup};

/// An account with nothing in it and no limits of rate, so that a test finds only what it put there.
fn empty() -> Setup {
    let script = Script::parse("").expect("an empty script is one");
    Setup { script, rooms: Some(0), quotas: Quotas::Off, ..Setup::default() }
}

/// A server with an empty account.
async fn start() -> Running {
    Server::start(empty(), Options::default()).await.expect("a free port")
}
