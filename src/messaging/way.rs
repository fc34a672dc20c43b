//! How a session gets to the service: through which proxy, and whom it trusts to be there.

use std::sync::Arc;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tower_service::Service as _;
use url::Url;

use crate::api::network::{self, Hop, Network};

/// The way to the service. The certificate roots of this machine are read from disk when the first `wss` connection
/// needs them; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Way {
    network: Network,
    tls: Arc<OnceCell<Arc<ClientConfig>>>,
}

impl Way {
    /// The way over this network. Nothing is read yet.
    pub fn new(network: Network) -> Self {
        Self { network, tls: Arc::default() }
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The TLS of a `wss` connection. No protocol is negotiated: HTTP/2, where it is offered, has no upgrade to a
    /// WebSocket.
    ///
    /// # Errors
    /// If this machine has no roots at all, or an extra one is malformed.
    pub(super) async fn tls(&self) -> Result<Arc<ClientConfig>, rustls::Error> {
        let read = || async {
            let network = self.network.clone();
            let read = tokio::task::spawn_blocking(move || network::tls(&network).map(Arc::new));
            read.await.expect("reading roots does not panic")
        };
        self.tls.get_or_try_init(read).await.cloned()
    }

    /// The proxy that a connection to this URL goes through, if any.
    pub fn hop(&self, url: &Url) -> Option<Hop> {
        self.network.proxies.hop(url)
    }
}

/// A connection to the host of `url` through a proxy, which carries the bytes and does not see into them.
///
/// # Errors
/// Why there is none, with the name of the proxy and without its password.
pub(super) async fn tunnel(hop: &Hop, url: &Url) -> Result<TcpStream, String> {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    let target = Uri::builder().scheme("https").authority(format!("{host}:{port}")).path_and_query("/").build();
    let target = target.map_err(|error| format!("the URL is malformed: {error}"))?;
    let mut straight = HttpConnector::new();
    straight.set_nodelay(true);
    let tunnel = Tunnel::new(hop.uri().clone(), straight);
    let mut tunnel = match hop.password() {
        Some(password) => tunnel.with_auth(password.clone()),
        None => tunnel,
    };
    let opened = tunnel.call(target).await;
    opened.map(TokioIo::into_inner).map_err(|error| {
        let why = network::root_cause(&error);
        format!("{host} through the proxy {hop}: {why}")
    })
}
