//! One chat session over one WebSocket: connect once, pump, say why it ended.

use std::time::Duration;

use futures_util::{FutureExt, SinkExt, StreamExt};
use http::HeaderValue;
use http::header::SEC_WEBSOCKET_PROTOCOL;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout, timeout_at};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, client_async_tls_with_config, connect_async_tls_with_config,
};
use tokio_util::sync::CancellationToken;
use url::{Host, Url};

use crate::api::network::root_cause;

use super::ended::Ended;
use super::frame::{Frame, Unknown};
use super::publish::Publish;
use super::report::Report;
use super::way::{self, Way};

/// The most bytes of one frame; what is longer ends the session. A message of 500 code points takes about 4 KiB.
pub const FRAME_CAP: usize = 256 * 1024;

/// The most frames of one report.
pub const BATCH: usize = 256;

/// The most bytes of one report, but for the frame that goes beyond it: however large frames are, what waits to be taken
/// is bounded.
pub const BATCH_BYTES: usize = 1024 * 1024;

/// How long a close may take before the connection is simply dropped.
const CLOSING: Duration = Duration::from_secs(1);

/// What is needed for one connection. A token opens one, so each has its own.
#[derive(Debug, Clone)]
pub struct Connect {
    /// `wss://edge.ivschat.{region}.amazonaws.com`; `ws://` is for this machine only.
    pub url: String,
    /// The chat token: goes into `Sec-WebSocket-Protocol`, and nowhere else.
    pub token: SecretString,
    /// Through which proxy, and whom to trust.
    pub way: Way,
    /// For name, connection, TLS and handshake together; 10 s.
    pub connect_timeout: Duration,
    /// How often the server is asked for a sign of life; 15 s.
    pub ping_every: Duration,
    /// After how long without any the connection counts as dead; 30 s.
    pub silent_after: Duration,
}

impl Connect {
    /// A connection with the times above.
    pub fn new(url: impl Into<String>, token: SecretString, way: Way) -> Self {
        Self {
            url: url.into(),
            token,
            connect_timeout: way.network().handshake_timeout,
            way,
            ping_every: Duration::from_secs(15),
            silent_after: Duration::from_secs(30),
        }
    }
}

/// Connects, and then carries frames both ways until the session ends.
///
/// Each [`Report`] goes through `wrap`, which can say of which room it is, into `reports`. While nobody takes reports
/// out, no more than a batch is read from the socket: the server is held up, and nothing is lost. What was read before
/// the end is reported before this returns. When `outgoing` has no senders any more the session goes on listening;
/// when `reports` has no receiver or `stop` is cancelled, it closes the connection and ends as [`Ended::ByUs`].
pub async fn run<M>(
    connect: Connect,
    wrap: impl Fn(Report) -> M,
    reports: mpsc::Sender<M>,
    outgoing: mpsc::Receiver<Publish>,
    stop: CancellationToken,
) -> Ended {
    let limit = connect.connect_timeout;
    // Boxed because the handshake's 20 KiB would otherwise stay with the session for its whole life.
    let opening = Box::pin(timeout(limit, open(&connect)));
    let socket = match stop.run_until_cancelled(opening).await {
        None => return Ended::ByUs,
        Some(Err(_)) => return Ended::Unreachable(format!("no handshake within {} s", limit.as_secs_f32())),
        Some(Ok(Err(ended))) => return ended,
        Some(Ok(Ok(socket))) => socket,
    };
    let Connect { ping_every, silent_after, token, .. } = connect;
    // It has done its work: it is not kept in memory for the hours that a session may last.
    drop(token);
    if let Some(Ok(permit)) = stop.run_until_cancelled(reports.reserve()).await {
        permit.send(wrap(Report::Opened));
    }
    let session = Session { socket, pending: Batch::default(), heard: Instant::now(), ping_every, silent_after };
    session.pump(wrap, reports, outgoing, stop).await
}

async fn open(connect: &Connect) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, Ended> {
    let unreachable = |why: &str| Ended::Unreachable(why.to_owned());
    let url = Url::parse(&connect.url).map_err(|error| unreachable(&format!("the URL is malformed: {error}")))?;
    let connector = match url.scheme() {
        "wss" => Connector::Rustls(connect.way.tls().await.map_err(|error| unreachable(&error.to_string()))?),
        "ws" if is_loopback(&url) => Connector::Plain,
        "ws" => return Err(unreachable("ws:// is only for this machine; wss:// is needed")),
        other => return Err(unreachable(&format!("{other}:// is not a WebSocket"))),
    };
    let request = handshake(&url, &connect.token)?;
    let opened = match connect.way.hop(&url) {
        Some(proxy) => {
            let stream = way::tunnel(&proxy, &url).await.map_err(Ended::Unreachable)?;
            client_async_tls_with_config(request, stream, Some(limits()), Some(connector)).await
        }
        None => connect_async_tls_with_config(request, Some(limits()), true, Some(connector)).await,
    };
    opened.map(|(socket, _response)| socket).map_err(|error| handshake_failed(&error))
}

fn handshake(url: &Url, token: &SecretString) -> Result<http::Request<()>, Ended> {
    let mut request = url.as_str().into_client_request().map_err(|error| handshake_failed(&error))?;
    let mut token = HeaderValue::from_str(token.expose_secret())
        .map_err(|_| Ended::Unreachable("the token holds characters that no header may hold".to_owned()))?;
    token.set_sensitive(true);
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, token);
    Ok(request)
}

fn limits() -> WebSocketConfig {
    WebSocketConfig::default().max_message_size(Some(FRAME_CAP)).max_frame_size(Some(FRAME_CAP))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Frames that were read and not yet reported.
#[derive(Debug, Default)]
struct Batch {
    frames: Vec<Frame>,
    bytes: usize,
}

impl Batch {
    fn push(&mut self, frame: Frame, bytes: usize) {
        self.frames.push(frame);
        self.bytes += bytes;
    }

    fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    fn is_full(&self) -> bool {
        self.frames.len() >= BATCH || self.bytes >= BATCH_BYTES
    }

    fn take(&mut self) -> Vec<Frame> {
        std::mem::take(self).frames
    }
}

/// A connection that stands.
struct Session<S> {
    socket: WebSocketStream<S>,
    pending: Batch,
    /// When anything last came.
    heard: Instant,
    ping_every: Duration,
    silent_after: Duration,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    async fn pump<M>(
        mut self,
        wrap: impl Fn(Report) -> M,
        reports: mpsc::Sender<M>,
        mut outgoing: mpsc::Receiver<Publish>,
        stop: CancellationToken,
    ) -> Ended {
        let mut pings = interval_at(Instant::now() + self.ping_every, self.ping_every);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let ended = loop {
            let full = self.pending.is_full();
            let moved = tokio::select! {
                biased;
                () = stop.cancelled() => Err(Ended::ByUs),
                permit = reports.reserve(), if !self.pending.is_empty() => match permit {
                    Ok(permit) => {
                        permit.send(wrap(Report::Frames(self.pending.take())));
                        if full {
                            // We were the ones who did not listen.
                            self.heard = Instant::now();
                        }
                        Ok(())
                    }
                    Err(_) => Err(Ended::ByUs),
                },
                () = reports.closed() => Err(Ended::ByUs),
                next = self.socket.next(), if !full => self.take_ready(next),
                () = sleep_until(self.heard + self.silent_after), if !full => Err(self.silent()),
                Some(publish) = outgoing.recv() => self.say(Message::text(publish.to_text()), &stop).await,
                _ = pings.tick() => self.say(Message::Ping(Vec::new().into()), &stop).await,
            };
            if let Err(ended) = moved {
                break ended;
            }
        };
        self.finish(ended, wrap, reports, stop).await
    }

    /// Takes what came, and whatever else can be had without waiting, so that a burst is reported in batches.
    fn take_ready(&mut self, first: Option<Result<Message, tungstenite::Error>>) -> Result<(), Ended> {
        self.heard = Instant::now();
        let mut next = Some(first);
        while let Some(message) = next {
            self.take(message)?;
            next = if self.pending.is_full() { None } else { self.socket.next().now_or_never() };
        }
        Ok(())
    }

    fn take(&mut self, message: Option<Result<Message, tungstenite::Error>>) -> Result<(), Ended> {
        match message {
            Some(Ok(Message::Text(text))) => self.pending.push(Frame::parse(&text), text.len()),
            Some(Ok(Message::Binary(bytes))) => {
                let why = format!("it is binary, {} bytes", bytes.len());
                let raw = String::from_utf8_lossy(&bytes).into_owned();
                self.pending.push(Frame::Unknown(Unknown { why, raw }), bytes.len());
            }
            Some(Ok(Message::Close(close))) => return Err(closed(close)),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            Some(Err(error)) => return Err(broken(&error)),
            None => return Err(Ended::Broken("the connection ended without a close".to_owned())),
        }
        Ok(())
    }

    /// Writes a frame. A connection that takes nothing until it counts as silent is as dead as a silent one; if it was we
    /// who did not listen, it has the time of a ping.
    async fn say(&mut self, message: Message, stop: &CancellationToken) -> Result<(), Ended> {
        let limit = (self.heard + self.silent_after).max(Instant::now() + self.ping_every);
        let sending = timeout_at(limit, self.socket.send(message));
        match stop.run_until_cancelled(sending).await {
            None => Err(Ended::ByUs),
            Some(Err(_)) => Err(self.silent()),
            // Why it can't be written is better told by what can still be read: often a close is waiting there.
            Some(Ok(Err(_) | Ok(()))) => Ok(()),
        }
    }

    fn silent(&self) -> Ended {
        Ended::Silent { seconds: self.heard.elapsed().as_secs() }
    }

    /// Reports what is left, unless nobody wants it, and closes in good order as far as the other side takes part.
    async fn finish<M>(
        mut self,
        ended: Ended,
        wrap: impl Fn(Report) -> M,
        reports: mpsc::Sender<M>,
        stop: CancellationToken,
    ) -> Ended {
        if !self.pending.is_empty()
            && let Some(Ok(permit)) = stop.run_until_cancelled(reports.reserve()).await
        {
            permit.send(wrap(Report::Frames(self.pending.take())));
        }
        let goodbye = async {
            match &ended {
                Ended::ByUs => {
                    let normal = CloseFrame { code: CloseCode::Normal, reason: "".into() };
                    let _ = self.socket.close(Some(normal)).await;
                    // Dropped with unread frames, the connection would be reset and the close be lost.
                    while let Some(Ok(_)) = self.socket.next().await {}
                }
                Ended::ByServer { .. } => drop(self.socket.flush().await),
                Ended::Refused { .. }
                | Ended::Unreachable(_)
                | Ended::Broken(_)
                | Ended::Silent { .. }
                | Ended::Protocol(_) => {}
            }
        };
        // Either way it is over.
        let _ = timeout(CLOSING, goodbye).await;
        ended
    }
}

fn closed(close: Option<CloseFrame>) -> Ended {
    match close {
        Some(CloseFrame { code, reason }) => Ended::ByServer { code: code.into(), reason: reason.to_string() },
        // The code that stands for "no code" (RFC 6455, 7.4.1).
        None => Ended::ByServer { code: 1005, reason: String::new() },
    }
}

fn handshake_failed(error: &tungstenite::Error) -> Ended {
    match error {
        tungstenite::Error::Http(response) => {
            let body = String::from_utf8_lossy(response.body().as_deref().unwrap_or_default()).into_owned();
            let body = body.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
            Ended::Refused { status: response.status().as_u16(), body }
        }
        tungstenite::Error::Protocol(ProtocolError::HandshakeIncomplete) => {
            Ended::Unreachable("the server hung up during the handshake".to_owned())
        }
        tungstenite::Error::Protocol(error) => Ended::Protocol(error.to_string()),
        other => Ended::Unreachable(root_cause(other)),
    }
}

fn broken(error: &tungstenite::Error) -> Ended {
    match error {
        tungstenite::Error::Capacity(error) => Ended::Protocol(error.to_string()),
        tungstenite::Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)
        | tungstenite::Error::ConnectionClosed
        | tungstenite::Error::AlreadyClosed => Ended::Broken("the connection ended without a close".to_owned()),
        tungstenite::Error::Protocol(error) => Ended::Protocol(error.to_string()),
        tungstenite::Error::Utf8(_) => Ended::Protocol("a text frame is not UTF-8".to_owned()),
        other => Ended::Broken(root_cause(other)),
    }
}

#[cfg(test)]
mod tests;
