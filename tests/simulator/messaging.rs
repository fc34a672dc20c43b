//! Frames both ways, and every way in which a connection ends.

use std::io;

use futures_util::SinkExt;
use ivschat::simulator::server::Running;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{ClientRequestBuilder, Error, Message, error::ProtocolError};
use tokio_tungstenite::{MaybeTlsStream, client_async};

use crate::chat::{Chat, SOON, room, token};
use crate::signed::{control, json, post};
use crate::start;

fn hello(request: &str) -> Value {
    json!({"Action": "SEND_MESSAGE", "RequestId": request, "Content": "hello"})
}

async fn call(server: &Running, operation: &str, input: Value) -> Value {
    let answer = post(server, operation, &input.to_string()).await.unwrap();
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.unwrap();
    if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
}

#[tokio::test]
async fn everybody_in_the_room_sees_what_is_said_and_done() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    let mut tom = Chat::join(&server, &room, "tom").await;
    nadia.send(hello("r1")).await;
    let echo = nadia.next().await;
    assert_eq!(
        (&echo["Type"], &echo["RequestId"], &echo["Content"]),
        (&json!("MESSAGE"), &json!("r1"), &json!("hello"))
    );
    assert_eq!(echo["Sender"], json!({"UserId": "nadia", "Attributes": {"displayName": "nadia"}}));
    assert_eq!(tom.next().await["Id"], echo["Id"]);
    tom.send(json!({"Action": "DELETE_MESSAGE", "RequestId": "r2", "Id": echo["Id"], "Reason": "spam"})).await;
    let deleted = nadia.next().await;
    assert_eq!(deleted["EventName"], "aws:DELETE_MESSAGE");
    assert_eq!((&deleted["Attributes"]["MessageID"], &deleted["Attributes"]["Reason"]), (&echo["Id"], &json!("spam")));
    assert_eq!(tom.next().await["RequestId"], "r2");
}

#[tokio::test]
async fn what_the_control_plane_does_reaches_the_room() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    let mut tom = Chat::join(&server, &room, "tom").await;
    let input = json!({"roomIdentifier": room, "eventName": "app:poll", "attributes": {"question": "tea?"}});
    let sent = call(&server, "SendEvent", input).await;
    let event = nadia.next().await;
    assert_eq!((&event["Id"], &event["EventName"]), (&sent["id"], &json!("app:poll")));
    assert_eq!(tom.next().await["Attributes"], json!({"question": "tea?"}));
    call(&server, "DisconnectUser", json!({"roomIdentifier": room, "userId": "tom", "reason": "enough"})).await;
    assert_eq!(nadia.next().await["EventName"], "aws:DISCONNECT_USER");
    assert_eq!(tom.next().await["Attributes"], json!({"UserId": "tom", "Reason": "enough"}));
    let (code, reason) = tom.closed().await;
    assert_eq!(code, 1000, "{reason}");
    assert!(tom.read().await.is_none());
}

#[tokio::test]
async fn errors_come_as_frames() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    nadia.send(json!({"Action": "SHOUT", "RequestId": "r1"})).await;
    let error = nadia.next().await;
    assert_eq!(
        (&error["Type"], &error["ErrorCode"], &error["RequestId"]),
        (&json!("ERROR"), &json!(400), &json!("r1"))
    );
    nadia.0.send(Message::text("not JSON")).await.unwrap();
    assert_eq!(nadia.next().await["ErrorCode"], 400);
    nadia.send(hello("r2")).await;
    assert_eq!(nadia.next().await["Content"], "hello", "and the connection goes on");
}

#[tokio::test]
async fn binary_frames_end_the_connection() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    nadia.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(nadia.closed().await.0, 1003);
}

#[tokio::test]
async fn a_frame_over_the_cap_costs_the_connection() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    // The server may be gone before the whole frame is written.
    let _ = nadia.0.send(Message::text("x".repeat(1024 * 1024))).await;
    assert!(!matches!(nadia.read().await, Some(Ok(Message::Text(_)))));
}

#[tokio::test]
async fn pings_are_answered() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    nadia.0.send(Message::Ping("are you there".into())).await.unwrap();
    assert_eq!(nadia.read().await.unwrap().unwrap(), Message::Pong("are you there".into()));
}

#[tokio::test]
async fn a_client_s_close_is_answered_and_forgotten() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    let close = CloseFrame { code: CloseCode::Normal, reason: "bye".into() };
    nadia.0.close(Some(close)).await.unwrap();
    assert_eq!(nadia.closed().await, (1000, "bye".to_owned()));
    assert!(nadia.read().await.is_none());
    wait_for(&server, 0).await;
}

/// Waits until the server counts so many connections. What it cuts it does not count again.
async fn wait_for(server: &Running, connections: usize) {
    let counted = async {
        while server.count_connections().await != Ok(connections) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SOON, counted).await.expect("the count within seconds");
}

#[tokio::test]
async fn dropped_connections_end_without_a_word() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    let mut tom = Chat::join(&server, &room, "tom").await;
    let answer = control(&server, Method::POST, "connections/drop", "").await;
    assert_eq!(json(answer).await, json!({"connections": 2}));
    for chat in [&mut nadia, &mut tom] {
        match chat.read().await {
            Some(Err(Error::Io(error))) => assert_eq!(error.kind(), io::ErrorKind::ConnectionReset),
            Some(Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake))) => {}
            other => panic!("not cut: {other:?}"),
        }
    }
    let mut again = Chat::join(&server, &room, "nadia").await;
    again.send(hello("r1")).await;
    assert_eq!(again.next().await["Content"], "hello");
}

#[tokio::test]
async fn frozen_connections_stay_open_and_silent() {
    let server = start().await;
    let room = room(&server).await;
    let mut nadia = Chat::join(&server, &room, "nadia").await;
    assert_eq!(server.freeze_connections().await, Ok(1));
    nadia.0.send(Message::Ping("are you there".into())).await.unwrap();
    nadia.send(hello("r1")).await;
    let mut tom = Chat::join(&server, &room, "tom").await;
    tom.send(hello("r2")).await;
    assert_eq!(tom.next().await["RequestId"], "r2", "and what Nadia said was not heard");
    // Everything that Nadia could have got was under way before this answer.
    call(&server, "DisconnectUser", json!({"roomIdentifier": room, "userId": "nadia"})).await;
    assert_eq!(tom.next().await["EventName"], "aws:DISCONNECT_USER");
    let silence =
        tokio::time::timeout(std::time::Duration::from_millis(300), futures_util::StreamExt::next(&mut nadia.0));
    assert!(silence.await.is_err(), "not even the end is told");
    assert_eq!(server.drop_connections().await, Ok(2));
    assert!(matches!(nadia.read().await, Some(Err(_))));
}

/// A connection whose own buffer is as small as can be.
async fn narrow(server: &Running, token: &str) -> Chat {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let address = server.messaging_endpoint.trim_start_matches("ws://").parse().unwrap();
    let stream = socket.connect(address).await.unwrap();
    let uri = server.messaging_endpoint.parse().unwrap();
    let request = ClientRequestBuilder::new(uri).with_sub_protocol(token);
    Chat(client_async(request, MaybeTlsStream::Plain(stream)).await.unwrap().0)
}

#[tokio::test]
async fn a_client_that_never_reads_loses_its_line_and_holds_up_nobody() {
    let server = start().await;
    let room = room(&server).await;
    let mut lazy = narrow(&server, &token(&server, &room, "lazy").await).await;
    let mut tom = Chat::join(&server, &room, "tom").await;
    let long = json!({"Action": "SEND_MESSAGE", "Content": "x".repeat(500)});
    let mut sent = 0;
    while server.count_connections().await == Ok(2) {
        tom.send(long.clone()).await;
        tom.next().await;
        sent += 1;
        assert!(sent < 100_000, "the queue has no end");
    }
    assert!(sent > 4096, "it may be slow for a while: {sent}");
    let end = async { while let Some(Ok(Message::Text(_))) = lazy.read().await {} };
    tokio::time::timeout(SOON, end).await.expect("what was sent, then the end");
}
