//! The messaging API over WebSocket: handshake with a token, frames both ways, and the end.

use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::UPGRADE;
use secrecy::SecretString;

use super::Shared;
use super::account::{Inbox, Outgoing, boxes};
use super::answer::{refusal, refuse};
use super::control_plane::control_plane;
use super::fault::Target;
use super::misbehave::{Permission, misbehave};
use super::wire::Cutter;
use crate::simulator::world::{ConnectionId, Refusal};

/// The largest frame in bytes that a client may send; a larger one costs the connection. Not documented by AWS.
const FRAME_CAP: usize = 128 * 1024;
/// How long a client has to answer a close frame.
const PARTING: Duration = Duration::from_secs(2);
/// The most bytes that the reason of a close frame may have (RFC 6455, section 5.5).
const REASON_CAP: usize = 123;

/// The server goes away (RFC 6455, section 7.4.1).
const GOING_AWAY: u16 = 1001;
/// The client sent a binary frame (RFC 6455, section 7.4.1).
const UNSUPPORTED_DATA: u16 = 1003;

/// Answers whatever comes to `/`: the handshake, or a request that means nothing to the control plane.
pub(super) async fn root(
    shared: State<Shared>,
    cutter: ConnectInfo<Cutter>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request,
) -> Response {
    match upgrade {
        Ok(upgrade) => handshake(shared.0, cutter.0, upgrade).await,
        Err(rejection) if request.headers().contains_key(UPGRADE) => rejection.into_response(),
        Err(_) => control_plane(shared, cutter, request).await,
    }
}

async fn handshake(shared: Shared, cutter: Cutter, upgrade: WebSocketUpgrade) -> Response {
    let fault = shared.account.strike(Target::Connect).await.ok().flatten();
    let honest = async |permission| match connect(&shared, &cutter, upgrade, permission).await {
        Ok(response) => response,
        Err(refusal) => refuse(&refusal),
    };
    misbehave(fault, &shared, &cutter, honest).await
}

/// Opens the connection if the token is good. The token is sent back as it came, or clients would not go on.
async fn connect(
    shared: &Shared,
    cutter: &Cutter,
    mut upgrade: WebSocketUpgrade,
    permission: Permission,
) -> Result<Response, Refusal> {
    if permission == Permission::Denied {
        return Err(refusal(403, "AccessDeniedException", "The chat token does not allow to connect"));
    }
    let mut token = upgrade
        .requested_protocols()
        .next()
        .filter(|token| !token.is_empty())
        .cloned()
        .ok_or_else(|| refusal(401, "NotAuthorizedException", "The chat token is missing"))?;
    let (outbox, inbox) = boxes(cutter.clone());
    let connection = shared.account.connect(secret(&token), outbox).await??;
    token.set_sensitive(true);
    upgrade.set_selected_protocol(token);
    let client = Client { shared: shared.clone(), connection, cutter: cutter.clone() };
    let lost = client.clone();
    let upgrade = upgrade.max_message_size(FRAME_CAP).max_frame_size(FRAME_CAP);
    let upgrade = upgrade.on_failed_upgrade(move |_| lost.leave_soon());
    let tracker = shared.tracker.clone();
    Ok(upgrade.on_upgrade(move |socket| tracker.track_future(client.serve(socket, inbox))))
}

fn secret(token: &HeaderValue) -> SecretString {
    String::from_utf8_lossy(token.as_bytes()).into_owned().into()
}

/// The server's side of one connection.
#[derive(Debug, Clone)]
struct Client {
    shared: Shared,
    connection: ConnectionId,
    cutter: Cutter,
}

impl Client {
    /// For where nothing can be awaited.
    fn leave_soon(self) {
        self.shared.tracker.clone().spawn(async move { self.shared.account.left(self.connection).await });
    }

    /// Passes frames on in both directions until one side has had enough.
    async fn serve(self, mut socket: WebSocket, mut inbox: Inbox) {
        let freeze = inbox.freeze.clone();
        let end = tokio::select! {
            end = self.pump(&mut socket, &mut inbox) => end,
            () = freeze.cancelled() => End::Frozen,
        };
        match end {
            End::Gone => {}
            End::Close { code, reason } => part(&mut socket, code, &reason).await,
            End::Frozen => self.play_dead(&mut inbox).await,
        }
        self.shared.account.left(self.connection).await;
    }

    async fn pump(&self, socket: &mut WebSocket, inbox: &mut Inbox) -> End {
        loop {
            tokio::select! {
                outgoing = inbox.frames.recv() => match outgoing {
                    Some(Outgoing::Frame(text)) => {
                        if socket.send(Message::Text(text)).await.is_err() {
                            return End::Gone;
                        }
                    }
                    Some(Outgoing::Close { code, reason }) => return End::Close { code, reason },
                    None => return End::Gone,
                },
                incoming = socket.recv() => match incoming {
                    Some(Ok(Message::Text(text))) => {
                        if self.shared.account.text(self.connection, text).await.is_err() {
                            return End::Gone;
                        }
                    }
                    Some(Ok(Message::Binary(_))) => {
                        return End::Close { code: UNSUPPORTED_DATA, reason: "frames must be text".to_owned() };
                    }
                    // Pings are answered below this, and so is a close frame, by reading on until there is no more.
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_))) => {}
                    Some(Err(_)) | None => return End::Gone,
                },
                () = self.shared.stopping.cancelled() => {
                    return End::Close { code: GOING_AWAY, reason: "the simulator stops".to_owned() };
                }
            }
        }
    }

    /// A half-open connection: the socket stays, nothing is read, written or answered until it is cut.
    async fn play_dead(&self, inbox: &mut Inbox) {
        let discard = async {
            while inbox.frames.recv().await.is_some() {}
            // The account has let go of the connection, but the peer is not to learn of it.
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = self.cutter.cut() => {}
            () = self.shared.stopping.cancelled() => {}
            () = discard => {}
        }
    }
}

/// Why a connection is served no longer.
#[derive(Debug)]
enum End {
    /// The client closed it, or it broke, or the account let go of it.
    Gone,
    /// The server closes it.
    Close { code: u16, reason: String },
    /// It is to look alive.
    Frozen,
}

/// Says goodbye and waits for the client's answer, for a while.
async fn part(socket: &mut WebSocket, code: u16, reason: &str) {
    let reason = &reason[..reason.floor_char_boundary(REASON_CAP)];
    let close = Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from(reason) }));
    let farewell = async {
        if socket.send(close).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    let _ = tokio::time::timeout(PARTING, farewell).await;
}
