//! What stands at the other end: an API and a chat with certificates of their own making, and a proxy.

use std::convert::identity;
use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use futures_util::StreamExt;
use ivschat::api::client::Client;
use ivschat::api::network::Flags;
use ivschat::api::{Network, Settings};
use ivschat::messaging::session::{Connect, run};
use ivschat::messaging::way::Way;
use ivschat::messaging::{Ended, Report};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_util::sync::CancellationToken;

/// A host of AWS's: whatever proxy it is reached through decides where it is.
pub(crate) const API: &str = "ivschat.us-west-2.amazonaws.com";
pub(crate) const CHAT: &str = "edge.ivschat.us-west-2.amazonaws.com";

/// Something that listens, and the certificate that it shows.
pub(crate) struct Fake {
    pub(crate) port: u16,
    pub(crate) certificate: CertificateDer<'static>,
}

/// A listener with a certificate of its own making for `host`, which offers these protocols.
async fn listen(host: &str, protocols: &[&str]) -> (TcpListener, TlsAcceptor, Fake) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), host.to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let mut config = rustls::ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, TlsAcceptor::from(Arc::new(config)), Fake { port, certificate })
}

/// An API that knows of no rooms.
pub(crate) async fn api() -> Fake {
    let (listener, acceptor, fake) = listen(API, &["http/1.1"]).await;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Whoever does not trust us hangs up here.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 8192]).await.unwrap();
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{\"rooms\":[]}";
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    fake
}

/// A chat in which nobody speaks.
pub(crate) async fn chat() -> Fake {
    let (listener, acceptor, fake) = listen(CHAT, &["h2", "http/1.1"]).await;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let echo = |request: &Request, mut response: Response| {
                let token = request.headers()["sec-websocket-protocol"].clone();
                response.headers_mut().insert("sec-websocket-protocol", token);
                Ok(response)
            };
            let mut socket = accept_hdr_async(stream, echo).await.unwrap();
            while let Some(Ok(_)) = socket.next().await {}
        }
    });
    fake
}

/// A proxy that carries everything to one port, or answers with something else.
#[derive(Clone)]
pub(crate) struct Proxy {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// One that carries everything to `port`.
    pub(crate) async fn to(port: u16) -> Self {
        Self::start(Some(port), "HTTP/1.1 200 Connection established\r\n\r\n").await
    }

    /// One that answers with this.
    pub(crate) async fn saying(answer: &'static str) -> Self {
        Self::start(None, answer).await
    }

    async fn start(target: Option<u16>, answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self { port: listener.local_addr().unwrap().port(), asked: Arc::default() };
        let here = proxy.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let head = head(&mut stream).await;
                here.asked.lock().unwrap().push(head);
                tokio::spawn(async move {
                    let _ = stream.write_all(answer.as_bytes()).await;
                    if let Some(port) = target {
                        let mut beyond = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                        let _ = copy_bidirectional(&mut stream, &mut beyond).await;
                    }
                });
            }
        });
        proxy
    }

    /// The heads of the requests that came.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn head(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut bytes).await.unwrap_or_default() == 0 {
            break;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The network of an environment in which these variables are set.
pub(crate) fn network(given: &[(&str, &str)], flags: &Flags) -> Network {
    let variable = |name: &str| given.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
    Network::read(flags, variable).unwrap()
}

/// A client over this network.
pub(crate) fn client(url: &str, network: Network) -> Client {
    let credentials = Credentials::from_keys("AKIDEXAMPLE", "hidden-secret", None);
    let mut settings = Settings::new("us-west-2", credentials).unwrap().over(network).unwrap();
    settings.endpoint = url.parse().unwrap();
    settings.retry.transient = std::time::Duration::from_millis(1);
    Client::new(settings)
}

/// Joins a chat over this network and leaves it as soon as it is open.
pub(crate) async fn join(url: &str, network: Network) -> (Option<Report>, Ended) {
    let connect = Connect::new(url, "hidden-t0ken".into(), Way::new(network));
    let ((sender, mut reports), (_keep, outgoing)) = (mpsc::channel(8), mpsc::channel(1));
    let stop = CancellationToken::new();
    let session = tokio::spawn(run(connect, identity, sender, outgoing, stop.clone()));
    let first = reports.recv().await;
    stop.cancel();
    (first, session.await.unwrap())
}
