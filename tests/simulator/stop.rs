//! How a server ends.

use std::time::{Duration, Instant};

use ivschat::simulator::server::fault::{Fault, Plan, Target};
use ivschat::simulator::server::{Options, Server};
use reqwest::Method;
use tokio_tungstenite::tungstenite::Message;

use crate::chat::{Chat, SOON, room};
use crate::{empty, signed, start};

#[tokio::test]
async fn stopping_says_goodbye_and_frees_the_port() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    let address = server.endpoint.trim_start_matches("http://").parse().unwrap();
    let reading = tokio::spawn(async move { nadia.closed().await });
    let start = Instant::now();
    server.stop().await;
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(reading.await.unwrap(), (1001, "the simulator stops".to_owned()));
    Server::start(empty(), Options { listen: address, ..Options::default() }).await.expect("the port is free again");
}

#[tokio::test]
async fn stopping_does_not_wait_for_requests_that_hang() {
    let server = start().await;
    server.set_fault(Target::Every, Plan { fault: Fault::Hang(None), times: Some(1) }).await.unwrap();
    let call = tokio::spawn(signed::client().execute(signed::request(&server, Method::POST, "/ListRooms", "{}")));
    // The fault is gone once it has struck: then the request hangs.
    while server.faults().await != Ok(Vec::new()) {
        tokio::task::yield_now().await;
    }
    let start = Instant::now();
    server.stop().await;
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(call.await.unwrap().is_err());
}

#[tokio::test]
async fn dropping_cuts_everything_at_once() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    drop(server);
    let end = tokio::time::timeout(SOON, nadia.read()).await.unwrap();
    assert!(!matches!(end, Some(Ok(Message::Text(_) | Message::Close(_)))), "{end:?}");
}

#[tokio::test]
async fn only_the_loopback_interface_is_served() {
    let listen = "0.0.0.0:0".parse().unwrap();
    let error = Server::start(empty(), Options { listen, ..Options::default() }).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
    let options = Options { listen, allow_remote: true, ..Options::default() };
    Server::start(empty(), options).await.unwrap().stop().await;
}
