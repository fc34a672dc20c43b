//! A service for tests: it answers each request as the test says and remembers what came over the wire.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use ivschat::api::Settings;
use ivschat::api::client::Client;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) line: String,
    /// By lower-case name.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// What is done with a request that came.
pub(crate) enum Reply {
    /// An answer with this status, these header lines and this body.
    Http(u16, String, Vec<u8>),
    /// These bytes, and the connection is closed.
    Raw(Vec<u8>),
    /// The request is read (and may have been carried out), then the connection is reset.
    Reset,
    /// These bytes, and then nothing, ever.
    Stall(Vec<u8>),
    /// An answer whose body has this many bytes, sent a piece at a time.
    Flood(usize),
}

impl Reply {
    pub(crate) fn ok(body: &str) -> Self {
        Self::Http(200, "x-amzn-RequestId: r-ok\r\n".into(), body.into())
    }

    pub(crate) fn refusal(status: u16, name: &str) -> Self {
        let headers = format!("x-amzn-RequestId: r-{status}\r\nx-amzn-ErrorType: {name}:http://internal/\r\n");
        Self::Http(status, headers, br#"{"message":"no"}"#.into())
    }
}

#[derive(Debug, Default)]
struct Log {
    received: Vec<Received>,
    flooded: usize,
}

/// The service, which lives as long as the test's runtime.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub(crate) address: String,
    log: Arc<Mutex<Log>>,
}

impl Service {
    /// A service that answers request number `usize`, counted from 1, with what `answer` says.
    pub(crate) async fn start(answer: impl Fn(usize, &Received) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let service = Self { address, log: Arc::default() };
        let (here, answer) = (service.clone(), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (here, answer) = (here.clone(), Arc::clone(&answer));
                // A client that hangs up is none of our concern.
                tokio::spawn(async move { here.converse(stream, &*answer).await.unwrap_or_default() });
            }
        });
        service
    }

    async fn converse(
        &self,
        mut stream: TcpStream,
        answer: &(impl Fn(usize, &Received) -> Reply + Sync),
    ) -> std::io::Result<()> {
        while let Some(received) = receive(&mut stream).await? {
            let number = {
                let mut log = self.log.lock().unwrap();
                log.received.push(received.clone());
                log.received.len()
            };
            match answer(number, &received) {
                Reply::Http(status, headers, body) => {
                    let head = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n", body.len());
                    stream.write_all(&[head.as_bytes(), &body].concat()).await?;
                }
                Reply::Raw(bytes) => {
                    stream.write_all(&bytes).await?;
                    return stream.shutdown().await;
                }
                Reply::Reset => {
                    return stream.set_zero_linger();
                }
                Reply::Stall(bytes) => {
                    stream.write_all(&bytes).await?;
                    std::future::pending::<()>().await;
                }
                Reply::Flood(bytes) => self.flood(&mut stream, bytes).await?,
            }
        }
        Ok(())
    }

    async fn flood(&self, stream: &mut TcpStream, bytes: usize) -> std::io::Result<()> {
        stream.write_all(format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n").as_bytes()).await?;
        let piece = vec![b' '; 64 * 1024];
        for _ in 0..bytes / piece.len() {
            stream.write_all(&piece).await?;
            self.log.lock().unwrap().flooded += piece.len();
        }
        Ok(())
    }

    /// Everything that came so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.log.lock().unwrap().received.clone()
    }

    /// How many requests came so far.
    pub(crate) fn count(&self) -> usize {
        self.log.lock().unwrap().received.len()
    }

    /// The bytes of floods that were taken off us.
    pub(crate) fn flooded(&self) -> usize {
        self.log.lock().unwrap().flooded
    }

    /// Settings of a client of this service, with waits too short to notice.
    pub(crate) fn settings(&self) -> Settings {
        settings(&format!("http://{}", self.address))
    }

    /// A client of this service.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.settings())
    }
}

/// Settings of a client of `endpoint`, with waits too short to notice.
pub(crate) fn settings(endpoint: &str) -> Settings {
    let credentials = Credentials::from_keys("AKIDEXAMPLE", "hidden-secret", Some("hidden-token".into()));
    let mut settings = Settings::new("us-west-2", credentials).unwrap();
    settings = settings.at(endpoint.parse().unwrap());
    settings.retry.transient = Duration::from_millis(1);
    settings.retry.throttled = Duration::from_millis(1);
    settings
}

async fn receive(stream: &mut TcpStream) -> std::io::Result<Option<Received>> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let mut lines = text.lines();
    let line = lines.next().unwrap_or_default().to_owned();
    let headers: HashMap<_, _> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = bytes.split_off(head + 4);
    while body.len() < length {
        stream.read_buf(&mut body).await?;
    }
    Ok(Some(Received { line, headers, body: String::from_utf8(body).unwrap() }))
}
