//! A bare chat client that speaks JSON.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use ivschat::simulator::server::Running;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{ClientRequestBuilder, Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::signed::{self, post};

/// Long enough for a loaded machine, short for a person.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// One connection to a room.
#[derive(Debug)]
pub(crate) struct Chat(pub(crate) WebSocketStream<MaybeTlsStream<TcpStream>>);

/// A room of its own for a test; its ARN.
pub(crate) async fn room(server: &Running) -> String {
    let input = json!({"maximumMessageRatePerSecond": 100}).to_string();
    let room = signed::json(post(server, "CreateRoom", &input).await.unwrap()).await;
    room["arn"].as_str().unwrap().to_owned()
}

/// A fresh token for `user` with all capabilities.
pub(crate) async fn token(server: &Running, room: &str, user: &str) -> String {
    let input = json!({
        "roomIdentifier": room,
        "userId": user,
        "capabilities": ["SEND_MESSAGE", "DELETE_MESSAGE", "DISCONNECT_USER"],
        "attributes": {"displayName": user},
    });
    let token = signed::json(post(server, "CreateChatToken", &input.to_string()).await.unwrap()).await;
    token["token"].as_str().unwrap().to_owned()
}

impl Chat {
    pub(crate) async fn open(server: &Running, token: &str) -> Result<Self, Error> {
        let uri = server.messaging_endpoint.parse().unwrap();
        let request = ClientRequestBuilder::new(uri).with_sub_protocol(token);
        let (socket, answer) = connect_async(request).await?;
        assert_eq!(answer.headers()["sec-websocket-protocol"], token, "the token comes back as it was");
        Ok(Self(socket))
    }

    /// A connection of `user` to `room`.
    pub(crate) async fn join(server: &Running, room: &str, user: &str) -> Self {
        Self::open(server, &token(server, room, user).await).await.unwrap()
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next message of the protocol, whatever it is; `None` after the end.
    pub(crate) async fn read(&mut self) -> Option<Result<Message, Error>> {
        tokio::time::timeout(SOON, self.0.next()).await.expect("something within seconds")
    }

    /// The next frame.
    pub(crate) async fn next(&mut self) -> Value {
        match self.read().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            other => panic!("not a frame: {other:?}"),
        }
    }

    /// The code and reason with which the server closes.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        match self.read().await {
            Some(Ok(Message::Close(Some(close)))) => (close.code.into(), close.reason.to_string()),
            other => panic!("not a close frame: {other:?}"),
        }
    }
}
