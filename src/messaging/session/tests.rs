use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::net::TcpListener;
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::Role;

use super::*;

type Server<S> = WebSocketStream<S>;

/// Something that goes wrong here must not hang the tests.
const PATIENCE: Duration = Duration::from_mins(1);

fn connect(address: SocketAddr) -> Connect {
    Connect::new(format!("ws://{address}"), "t0k.en#!".into(), Tls::new())
}

fn text(content: &str) -> Message {
    Message::text(format!(r#"{{"Type":"MESSAGE","Id":"M2YcHkgffEvU","Content":"{content}"}}"#))
}

fn contents(frames: &[Frame]) -> Vec<String> {
    let content = |frame: &Frame| match frame {
        Frame::Message(message) => message.content.clone(),
        other => format!("{other:?}"),
    };
    frames.iter().map(content).collect()
}

/// A server for one connection, which gives the token back as a server should.
async fn serve<F>(chat: impl FnOnce(Server<TcpStream>) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let echo = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
            let token = request.headers()[SEC_WEBSOCKET_PROTOCOL].clone();
            assert_eq!(token, "t0k.en#!");
            response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, token);
            Ok(response)
        };
        chat(accept_hdr_async(stream, echo).await.unwrap()).await;
    });
    address
}

/// A server that answers the handshake with these bytes.
async fn answer(bytes: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
    });
    address
}

/// Our end of a session under test.
struct Room {
    reports: mpsc::Receiver<Report>,
    outgoing: mpsc::Sender<Publish>,
    stop: CancellationToken,
    ended: tokio::task::JoinHandle<Ended>,
}

impl Room {
    fn join(connect: Connect) -> Self {
        Self::start(8, |reports, outgoing, stop| run(connect, std::convert::identity, reports, outgoing, stop))
    }

    /// A session over a pipe in memory, so that the clock may be stopped: with a real socket a stopped clock would
    /// jump ahead whenever bytes are under way.
    fn piped(capacity: usize) -> (Self, impl Future<Output = Server<DuplexStream>>) {
        let (near, far) = duplex(1 << 20);
        let room = Self::start(capacity, |reports, outgoing, stop| async move {
            let socket = WebSocketStream::from_raw_socket(near, Role::Client, Some(limits())).await;
            let Connect { ping_every, silent_after, .. } = connect(([127, 0, 0, 1], 1).into());
            let session = Session { socket, pending: Vec::new(), heard: Instant::now(), ping_every, silent_after };
            session.pump(std::convert::identity, reports, outgoing, stop).await
        });
        (room, WebSocketStream::from_raw_socket(far, Role::Server, None))
    }

    fn start<F>(
        capacity: usize,
        session: impl FnOnce(mpsc::Sender<Report>, mpsc::Receiver<Publish>, CancellationToken) -> F,
    ) -> Self
    where
        F: Future<Output = Ended> + Send + 'static,
    {
        let (sender, reports) = mpsc::channel(capacity);
        let (outgoing, receiver) = mpsc::channel(8);
        let stop = CancellationToken::new();
        let ended = tokio::spawn(session(sender, receiver, stop.clone()));
        Self { reports, outgoing, stop, ended }
    }

    async fn report(&mut self) -> Report {
        timeout(PATIENCE, self.reports.recv()).await.expect("a report in time").expect("the session goes on")
    }

    /// Everything that is reported until the session ends, and why it did.
    async fn rest(mut self) -> (Vec<Report>, Ended) {
        let mut reports = Vec::new();
        while let Some(report) = timeout(PATIENCE, self.reports.recv()).await.expect("an end in time") {
            reports.push(report);
        }
        (reports, self.ended.await.unwrap())
    }

    async fn ended(self) -> Ended {
        self.rest().await.1
    }
}

fn frames(reports: &[Report]) -> Vec<Frame> {
    let frames = |report: &Report| match report {
        Report::Opened => Vec::new(),
        Report::Frames(frames) => frames.clone(),
    };
    reports.iter().flat_map(frames).collect()
}

#[tokio::test]
async fn it_opens_with_the_token_and_carries_frames_both_ways() {
    let address = serve(|mut server| async move {
        server.send(text("hello")).await.unwrap();
        let said = server.next().await.unwrap().unwrap().into_text().unwrap();
        server.send(text(&said.replace('"', "'"))).await.unwrap();
        server.next().await;
    })
    .await;
    let mut room = Room::join(connect(address));
    assert_eq!(room.report().await, Report::Opened);
    assert_eq!(contents(&frames(&[room.report().await])), ["hello"]);
    let publish = Publish::DeleteMessage { request_id: "r1".into(), id: "M2YcHkgffEvU".into(), reason: None };
    room.outgoing.send(publish).await.unwrap();
    assert_eq!(
        contents(&frames(&[room.report().await])),
        ["{'Action':'DELETE_MESSAGE','RequestId':'r1','Id':'M2YcHkgffEvU'}"]
    );
}

#[tokio::test]
async fn a_close_by_the_server_ends_with_its_words_after_all_frames() {
    let close = CloseFrame { code: CloseCode::Away, reason: "moderated".into() };
    let address = serve(|mut server| async move {
        server.send(text("last")).await.unwrap();
        server.close(Some(close)).await.unwrap();
        let reply = server.next().await.unwrap().unwrap();
        assert!(reply.is_close(), "{reply:?}");
    })
    .await;
    let (reports, ended) = Room::join(connect(address)).rest().await;
    assert_eq!(contents(&frames(&reports)), ["last"]);
    assert_eq!(ended, Ended::ByServer { code: 1001, reason: "moderated".into() });
}

#[tokio::test]
async fn a_close_without_a_code_is_1005() {
    let address = serve(|mut server| async move { server.close(None).await.unwrap() }).await;
    assert_eq!(Room::join(connect(address)).ended().await, Ended::ByServer { code: 1005, reason: String::new() });
}

#[tokio::test]
async fn a_cancelled_session_closes_with_1000() {
    let (closed, close) = tokio::sync::oneshot::channel();
    let address = serve(|mut server| async move {
        closed.send(server.next().await.unwrap().unwrap()).unwrap();
        let _ = server.flush().await;
    })
    .await;
    let mut room = Room::join(connect(address));
    assert_eq!(room.report().await, Report::Opened);
    room.stop.cancel();
    assert_eq!(room.ended().await, Ended::ByUs);
    let Message::Close(Some(frame)) = close.await.unwrap() else { panic!("no close") };
    assert_eq!(u16::from(frame.code), 1000);
}

#[tokio::test]
async fn a_refused_handshake_tells_status_and_words() {
    let address = answer("HTTP/1.1 403 Forbidden\r\ncontent-length: 11\r\n\r\ntoken  used").await;
    let ended = Room::join(connect(address)).ended().await;
    assert_eq!(ended, Ended::Refused { status: 403, body: "token used".into() });
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_from_one_that_is_closed() {
    let address = serve(|mut server| async move {
        server.send(text("last")).await.unwrap();
        // Dropped without a close.
    })
    .await;
    let (reports, ended) = Room::join(connect(address)).rest().await;
    assert_eq!(contents(&frames(&reports)), ["last"]);
    assert_eq!(ended, Ended::Broken("the connection ended without a close".into()));
}

#[tokio::test(start_paused = true)]
async fn it_pings_every_15_s_and_a_server_that_answers_is_not_silent() {
    let (room, server) = Room::piped(8);
    let (mut server, start) = (server.await, Instant::now());
    for ping in 1..=10 {
        let message = server.next().await.unwrap().unwrap();
        assert!(message.is_ping(), "{message:?}");
        assert_eq!(start.elapsed().as_secs(), 15 * ping);
        server.flush().await.unwrap();
    }
    assert!(!room.ended.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_dead_after_30_s() {
    let (room, server) = Room::piped(8);
    let (_server, start) = (server.await, Instant::now());
    assert_eq!(room.ended().await, Ended::Silent { seconds: 30 });
    assert_eq!(start.elapsed().as_secs(), 30);
}
