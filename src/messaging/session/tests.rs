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
    Connect::new(format!("ws://{address}"), "t0k.en#!".into(), Way::default())
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
        let (room, far) = Self::piped_raw(capacity);
        (room, WebSocketStream::from_raw_socket(far, Role::Server, None))
    }

    /// The same, with a server that is to write its frames byte by byte.
    fn piped_raw(capacity: usize) -> (Self, DuplexStream) {
        let (near, far) = duplex(1 << 20);
        (Self::over(near, capacity), far)
    }

    fn over(near: DuplexStream, capacity: usize) -> Self {
        Self::start(capacity, |reports, outgoing, stop| async move {
            let socket = WebSocketStream::from_raw_socket(near, Role::Client, Some(limits())).await;
            let Connect { ping_every, silent_after, .. } = connect(([127, 0, 0, 1], 1).into());
            let session =
                Session { socket, pending: Batch::default(), heard: Instant::now(), ping_every, silent_after };
            session.pump(std::convert::identity, reports, outgoing, stop).await
        })
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
async fn a_close_by_the_server_is_answered_and_ends_with_its_words_after_all_frames() {
    let (room, server) = Room::piped(8);
    let mut server = server.await;
    server.send(text("last")).await.unwrap();
    let close = CloseFrame { code: CloseCode::Away, reason: "moderated".into() };
    server.close(Some(close.clone())).await.unwrap();
    assert_eq!(server.next().await.unwrap().unwrap(), Message::Close(Some(close)));
    let (reports, ended) = room.rest().await;
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

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_nothing_any_more_is_dead_too() {
    let (near, _far) = duplex(64);
    let mut room = Room::over(near, 8);
    let content = "x".repeat(1024);
    let publish = Publish::SendMessage { request_id: "r1".into(), content, attributes: [].into() };
    room.outgoing.send(publish).await.unwrap();
    assert_eq!(timeout(PATIENCE, &mut room.ended).await.unwrap().unwrap(), Ended::Silent { seconds: 30 });
}

#[tokio::test(start_paused = true)]
async fn a_server_that_goes_away_without_a_word_is_noticed_within_45_s_whenever_it_does() {
    for lives in 1..40 {
        let (mut room, server) = Room::piped(8);
        let mut server = server.await;
        // It answers pings, and talks to the last.
        let talk = async {
            loop {
                tokio::select! {
                    _ = server.next() => server.flush().await.unwrap(),
                    () = tokio::time::sleep(Duration::from_millis(700)) => server.send(text("hi")).await.unwrap(),
                }
            }
        };
        let _ = timeout(Duration::from_secs(lives), talk).await;
        let died = Instant::now();
        while timeout(PATIENCE, room.reports.recv()).await.unwrap().is_some() {}
        assert!(matches!(room.ended.await.unwrap(), Ended::Silent { .. }));
        assert!(died.elapsed() <= Duration::from_secs(45), "{:?}", died.elapsed());
    }
}

#[tokio::test]
async fn a_ping_of_the_server_is_answered() {
    let (_room, server) = Room::piped(8);
    let mut server = server.await;
    server.send(Message::Ping("x".into())).await.unwrap();
    assert_eq!(server.next().await.unwrap().unwrap(), Message::Pong("x".into()));
}

#[tokio::test]
async fn a_frame_up_to_the_cap_is_taken_and_one_over_it_is_the_end() {
    let (room, server) = Room::piped(8);
    let mut server = server.await;
    let frame = |bytes: usize| Message::text("x".repeat(bytes));
    server.send(frame(FRAME_CAP)).await.unwrap();
    server.send(frame(FRAME_CAP + 1)).await.unwrap();
    let (reports, ended) = room.rest().await;
    let [Frame::Unknown(unknown)] = &frames(&reports)[..] else { panic!("{reports:?}") };
    assert_eq!(unknown.raw.len(), FRAME_CAP);
    assert!(matches!(&ended, Ended::Protocol(what) if what.contains("262145")), "{ended}");
}

#[tokio::test]
async fn fragments_that_grow_beyond_the_cap_are_the_end() {
    let (room, mut server) = Room::piped_raw(8);
    // A text frame of 65,536 bytes that is not the last of its message, and four more of the kind.
    let fragment = |first: u8| [&[first, 127, 0, 0, 0, 0, 0, 1, 0, 0][..], &vec![b'x'; 65_536]].concat();
    let _ = server.write_all(&fragment(0x01)).await;
    for _ in 0..4 {
        let _ = server.write_all(&fragment(0x00)).await;
    }
    let ended = room.ended().await;
    assert!(matches!(&ended, Ended::Protocol(what) if what.contains("327680")), "{ended}");
}

#[tokio::test]
async fn what_is_no_frame_or_announces_a_gibibyte_is_the_end() {
    for (bytes, what) in [
        (&[0x83_u8, 0][..], "opcode"),
        (&[0xf1, 0], "Reserved bits"),
        (&[0x81, 1, 0xff], "UTF-8"),
        (&[0x81, 127, 0, 0, 0, 0, 64, 0, 0, 0], "1073741824"),
    ] {
        let (room, mut server) = Room::piped_raw(8);
        server.write_all(bytes).await.unwrap();
        let ended = room.ended().await;
        assert!(matches!(&ended, Ended::Protocol(text) if text.contains(what)), "{what}: {ended}");
    }
}

#[tokio::test]
async fn a_binary_frame_is_noted_and_the_session_goes_on() {
    let (mut room, server) = Room::piped(8);
    let mut server = server.await;
    server.send(Message::binary(b"\xff\x00hi".to_vec())).await.unwrap();
    server.send(text("next")).await.unwrap();
    let mut taken = Vec::new();
    while taken.len() < 2 {
        taken.extend(frames(&[room.report().await]));
    }
    let [Frame::Unknown(unknown), Frame::Message(message)] = &taken[..] else { panic!("{taken:?}") };
    assert_eq!((unknown.why.as_str(), unknown.raw.as_str()), ("it is binary, 4 bytes", "\u{fffd}\0hi"));
    assert_eq!(message.content, "next");
}

#[tokio::test]
async fn a_burst_arrives_whole_in_order_and_in_few_reports() {
    // There is room for each frame to be reported alone.
    let (room, server) = Room::piped(20_000);
    let mut server = server.await;
    let burst = tokio::spawn(async move {
        for number in 0..10_000 {
            server.feed(text(&number.to_string())).await.unwrap();
        }
        server.close(None).await.unwrap();
    });
    let (reports, ended) = room.rest().await;
    burst.await.unwrap();
    assert_eq!(ended, Ended::ByServer { code: 1005, reason: String::new() });
    assert_eq!(contents(&frames(&reports)), (0..10_000).map(|number| number.to_string()).collect::<Vec<_>>());
    assert!(reports.len() < 1_000, "{} reports", reports.len());
    let largest = reports.iter().map(|report| frames(std::slice::from_ref(report)).len()).max();
    assert!(largest <= Some(BATCH), "{largest:?}");
}

#[tokio::test]
async fn large_frames_are_reported_in_batches_of_bounded_size() {
    let (room, server) = Room::piped(1_000);
    let mut server = server.await;
    let burst = tokio::spawn(async move {
        for _ in 0..64 {
            server.feed(text(&"x".repeat(200 * 1024))).await.unwrap();
        }
        server.close(None).await.unwrap();
    });
    let (reports, _) = room.rest().await;
    burst.await.unwrap();
    let sizes: Vec<usize> = reports.iter().map(|report| frames(std::slice::from_ref(report)).len()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 64);
    assert!(sizes.iter().all(|frames| *frames <= BATCH_BYTES / (200 * 1024) + 1), "{sizes:?}");
}

#[tokio::test]
async fn a_message_in_fragments_is_one_frame() {
    let (mut room, mut server) = Room::piped_raw(8);
    let Message::Text(whole) = text("in pieces") else { panic!() };
    let middle = whole.len() / 2;
    for (first, part) in [(0x01, &whole.as_bytes()[..middle]), (0x00, b""), (0x80, &whole.as_bytes()[middle..])] {
        let length = u8::try_from(part.len()).unwrap();
        server.write_all(&[&[first, length][..], part].concat()).await.unwrap();
    }
    assert_eq!(contents(&frames(&[room.report().await])), ["in pieces"]);
}

#[tokio::test(start_paused = true)]
async fn a_console_that_is_busy_holds_the_server_up_and_is_no_silence() {
    let (mut room, server) = Room::piped(1);
    let mut server = server.await;
    let mut sent = 0;
    // The pipe takes a mebibyte; that the server is held up shows in a frame that it can't get rid of.
    while timeout(Duration::from_secs(1), server.send(text(&"x".repeat(1_000)))).await.is_ok() {
        sent += 1;
    }
    assert!(sent < 3_000, "{sent} frames were taken though nobody wants them");
    tokio::time::sleep(Duration::from_mins(5)).await;
    assert!(!room.ended.is_finished());
    let mut taken = 0;
    while taken < sent {
        taken += frames(&[room.report().await]).len();
    }
    room.stop.cancel();
    assert_eq!(room.ended().await, Ended::ByUs);
}

#[tokio::test(start_paused = true)]
async fn after_a_time_of_not_listening_the_server_has_its_30_s_again() {
    let (mut room, server) = Room::piped(1);
    let mut server = server.await;
    server.send(text("first")).await.unwrap();
    while room.reports.is_empty() {
        tokio::task::yield_now().await;
    }
    for _ in 0..BATCH {
        server.send(text("more")).await.unwrap();
    }
    tokio::time::sleep(Duration::from_mins(5)).await;
    let resumed = Instant::now();
    assert_eq!(frames(&[room.report().await, room.report().await]).len(), 1 + BATCH);
    assert_eq!(room.ended().await, Ended::Silent { seconds: 30 });
    assert_eq!(resumed.elapsed().as_secs(), 30);
}

#[tokio::test]
async fn a_session_that_nobody_listens_to_any_more_closes() {
    let (room, server) = Room::piped(8);
    let mut server = server.await;
    drop(room.reports);
    let Message::Close(Some(frame)) = server.next().await.unwrap().unwrap() else { panic!("no close") };
    assert_eq!(u16::from(frame.code), 1000);
    server.flush().await.unwrap_or_default();
    drop(server);
    assert_eq!(room.ended.await.unwrap(), Ended::ByUs);
}

#[tokio::test]
async fn a_session_goes_on_listening_when_nobody_will_publish() {
    let (mut room, server) = Room::piped(8);
    let mut server = server.await;
    drop(room.outgoing);
    server.send(text("still here")).await.unwrap();
    let report = timeout(PATIENCE, room.reports.recv()).await.unwrap().unwrap();
    assert_eq!(contents(&frames(&[report])), ["still here"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_take_part_in_the_close_is_waited_for_a_second() {
    let (room, server) = Room::piped(8);
    let (_server, start) = (server.await, Instant::now());
    room.stop.cancel();
    assert_eq!(room.ended().await, Ended::ByUs);
    assert_eq!(start.elapsed(), CLOSING);
}

#[tokio::test]
async fn a_server_that_does_not_echo_the_token_is_not_one_of_chat() {
    let address =
        answer("HTTP/1.1 101 X\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: x\r\n\r\n").await;
    assert!(matches!(Room::join(connect(address)).ended().await, Ended::Protocol(_)));
    let other = serve_without_echo().await;
    let ended = Room::join(connect(other)).ended().await;
    assert_eq!(ended, Ended::Protocol("SubProtocol error: Server sent no subprotocol".into()));
}

async fn serve_without_echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let _ = tokio_tungstenite::accept_async(stream).await;
    });
    address
}

#[tokio::test]
async fn where_nothing_listens_nothing_is_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(Room::join(connect(address)).ended().await, Ended::Unreachable("connection refused".into()));
}

#[tokio::test]
async fn a_server_that_hangs_up_during_the_handshake_was_not_reached() {
    let address = answer("").await;
    let ended = Room::join(connect(address)).ended().await;
    assert!(matches!(&ended, Ended::Unreachable(_)), "{ended}");
}

#[tokio::test]
async fn a_handshake_that_hangs_is_given_up_on_and_can_be_cancelled() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let connect = connect(listener.local_addr().unwrap());
    let hasty = Connect { connect_timeout: Duration::from_millis(50), ..connect.clone() };
    assert_eq!(Room::join(hasty).ended().await, Ended::Unreachable("no handshake within 0.05 s".into()));
    let room = Room::join(connect);
    room.stop.cancel();
    assert_eq!(room.ended().await, Ended::ByUs);
}

#[tokio::test]
async fn a_token_goes_unencrypted_to_this_machine_only() {
    for url in ["ws://edge.ivschat.us-west-2.amazonaws.com", "ws://10.0.0.1", "ws://localhost.evil.example"] {
        let ended = Room::join(Connect::new(url, "t0ken".into(), Way::default())).ended().await;
        assert_eq!(ended, Ended::Unreachable("ws:// is only for this machine; wss:// is needed".into()), "{url}");
    }
    for (url, why) in [("http://localhost", "http:// is not a WebSocket"), ("localhost", "the URL is malformed")] {
        let ended = Room::join(Connect::new(url, "t0ken".into(), Way::default())).ended().await;
        assert!(matches!(&ended, Ended::Unreachable(text) if text.starts_with(why)), "{url}: {ended}");
    }
}

#[tokio::test]
async fn a_token_is_not_printed_even_if_it_can_not_be_sent() {
    let url = Url::parse("ws://127.0.0.1:1").unwrap();
    let request = handshake(&url, &"hidden".into()).unwrap();
    assert!(!format!("{request:?}").contains("hidden"), "{request:?}");
    let connect = Connect::new(url, "hidden\n".into(), Way::default());
    assert!(!format!("{connect:?}").contains("hidden"));
    let ended = Room::join(connect).ended().await;
    assert_eq!(ended, Ended::Unreachable("the token holds characters that no header may hold".into()));
}
