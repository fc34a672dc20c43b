//! Encrypted connections: whom the client and the session trust, and how they say that they don't.

#![allow(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

use std::convert::identity;
use std::sync::Arc;

use aws_credential_types::Credentials;
use futures_util::StreamExt;
use ivschat::api::Settings;
use ivschat::api::client::Client;
use ivschat::api::error::ErrorKind;
use ivschat::api::ops::ListRooms;
use ivschat::messaging::session::{Connect, run};
use ivschat::messaging::tls::Tls;
use ivschat::messaging::{Ended, Report};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_util::sync::CancellationToken;

/// A listener with a certificate of its own making for `localhost`, which offers these protocols.
async fn listen(protocols: &[&str]) -> (TcpListener, TlsAcceptor, CertificateDer<'static>, u16) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
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
    (listener, TlsAcceptor::from(Arc::new(config)), certificate, port)
}

/// A client that trusts `roots` besides those of this machine.
fn client(url: &str, roots: Vec<CertificateDer<'static>>) -> Client {
    let credentials = Credentials::from_keys("AKIDEXAMPLE", "hidden-secret", None);
    let settings = Settings::new("us-west-2", credentials).unwrap();
    Client::new(Settings { endpoint: url.parse().unwrap(), extra_roots: roots, ..settings })
}

async fn web_service() -> (u16, CertificateDer<'static>) {
    let (listener, acceptor, certificate, port) = listen(&["http/1.1"]).await;
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
    (port, certificate)
}

async fn chat_service() -> (u16, CertificateDer<'static>) {
    let (listener, acceptor, certificate, port) = listen(&["h2", "http/1.1"]).await;
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
    (port, certificate)
}

#[tokio::test]
async fn the_client_trusts_an_extra_root() {
    let (port, certificate) = web_service().await;
    let client = client(&format!("https://localhost:{port}"), vec![certificate]);
    assert!(client.call(&ListRooms::default()).await.unwrap().rooms.is_empty());
}

#[tokio::test]
async fn the_client_refuses_a_stranger() {
    let (port, _) = web_service().await;
    let client = client(&format!("https://localhost:{port}"), Vec::new());
    let error = client.call(&ListRooms::default()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable("certificate: UnknownIssuer".into()));
}

#[tokio::test]
async fn the_client_refuses_another_name() {
    let (port, certificate) = web_service().await;
    let client = client(&format!("https://127.0.0.1:{port}"), vec![certificate]);
    let error = client.call(&ListRooms::default()).await.unwrap_err();
    assert!(matches!(&error.kind, ErrorKind::Unreachable(why) if why.starts_with("certificate")), "{error}");
}

#[tokio::test]
async fn a_session_trusts_an_extra_root_and_asks_for_no_http2() {
    let (port, certificate) = chat_service().await;
    let connect = Connect::new(format!("wss://localhost:{port}"), "t0ken".into(), Tls::new(vec![certificate]));
    let ((sender, mut reports), (_keep, outgoing)) = (mpsc::channel(8), mpsc::channel(1));
    let stop = CancellationToken::new();
    let session = tokio::spawn(run(connect, identity, sender, outgoing, stop.clone()));
    assert_eq!(reports.recv().await, Some(Report::Opened));
    stop.cancel();
    assert_eq!(session.await.unwrap(), Ended::ByUs);
}

#[tokio::test]
async fn a_session_refuses_a_stranger() {
    let (port, _) = chat_service().await;
    let connect = Connect::new(format!("wss://localhost:{port}"), "t0ken".into(), Tls::default());
    let ((sender, _reports), (_keep, outgoing)) = (mpsc::channel(8), mpsc::channel(1));
    let ended = run(connect, identity, sender, outgoing, CancellationToken::new()).await;
    assert_eq!(ended, Ended::Unreachable("certificate: UnknownIssuer".into()));
}
