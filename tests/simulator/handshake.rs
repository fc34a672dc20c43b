//! Getting in, and not getting in.

use std::io;
use std::time::Duration;

use ivschat::simulator::server::Running;
use reqwest::Method;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::{ClientRequestBuilder, Error};

use crate::chat::{Chat, room, token};
use crate::signed::{client, control, refusal};
use crate::start;

/// The HTTP status with which a handshake is refused.
async fn status(server: &Running, token: &str) -> u16 {
    match Chat::open(server, token).await {
        Err(Error::Http(answer)) => {
            let refused = answer.status() != 200;
            assert_eq!(answer.headers().contains_key("x-amzn-requestid"), refused);
            answer.status().as_u16()
        }
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_token_is_good_once() {
    let server = start().await;
    let room = room(&server).await;
    let token = token(&server, &room, "nadia").await;
    let first = Chat::open(&server, &token).await.unwrap();
    assert_eq!(status(&server, &token).await, 403);
    drop(first);
    assert_eq!(status(&server, &token).await, 403, "also after the connection is over");
    assert_eq!(status(&server, "made-up").await, 403);
}

#[tokio::test]
async fn without_a_token_there_is_no_connection() {
    let server = start().await;
    let request = ClientRequestBuilder::new(server.messaging_endpoint.parse().unwrap());
    match connect_async(request).await {
        Err(Error::Http(answer)) => {
            assert_eq!(answer.status(), 401);
            let body = String::from_utf8(answer.into_body().unwrap()).unwrap();
            assert!(body.contains("token is missing"), "{body}");
        }
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn what_is_half_a_handshake_is_told_so() {
    let server = start().await;
    let answer = client().get(&server.endpoint).header("connection", "upgrade").header("upgrade", "websocket");
    assert_eq!(answer.send().await.unwrap().status(), 400);
    assert_eq!(refusal(client().get(&server.endpoint).send().await.unwrap()).await.0, 403);
}

#[tokio::test]
async fn handshakes_have_their_faults_too() {
    let server = start().await;
    let room = room(&server).await;
    let set = async |fault| control(&server, Method::PUT, "faults/Connect", fault).await;
    set("status:500").await;
    let kept = token(&server, &room, "nadia").await;
    assert_eq!(status(&server, &kept).await, 500);
    set("deny").await;
    assert_eq!(status(&server, &kept).await, 403);
    set("reset:before").await;
    match Chat::open(&server, &kept).await {
        Err(Error::Io(error)) => assert_eq!(error.kind(), io::ErrorKind::ConnectionReset),
        Err(Error::Protocol(ProtocolError::HandshakeIncomplete)) => {}
        other => panic!("not reset: {other:?}"),
    }
    set("hang").await;
    assert!(tokio::time::timeout(Duration::from_millis(300), Chat::open(&server, &kept)).await.is_err());
    set("slow:0.3,times=1").await;
    Chat::open(&server, &kept).await.expect("none of these used the token up");
    let lost = token(&server, &room, "nadia").await;
    set("garbage,times=1").await;
    assert_eq!(status(&server, &lost).await, 200);
    assert_eq!(status(&server, &lost).await, 403, "this one did");
}
