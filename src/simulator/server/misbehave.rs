//! Lets a fault strike an HTTP answer.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use http::response::Parts;

use super::Shared;
use super::answer::{REQUEST_ID, refusal, refuse};
use super::fault::{Fault, Garbage, Reset};
use super::wire::Cutter;
use crate::simulator::world::Refusal;

/// In how many pieces a slow answer comes.
const PIECES: u32 = 20;
/// What a piece of a huge answer is made of, and how often it comes: 256 MiB in all.
const FILLER: Bytes = Bytes::from_static(&[b'x'; 64 * 1024]);
const FILLERS: usize = 4096;
const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head>\
    <body><h1>Welcome</h1></body></html>\n";

/// Whether an operation is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permission {
    Granted,
    Denied,
    /// It is, but nobody in the room hears of it.
    Unheard,
}

/// Gives the `honest` answer as far as `fault` lets it.
pub(super) async fn misbehave<F: Future<Output = Response>>(
    fault: Option<Fault>,
    shared: &Shared,
    cutter: &Cutter,
    honest: impl FnOnce(Permission) -> F,
) -> Response {
    match fault {
        None => honest(Permission::Granted).await,
        Some(Fault::Deny) => honest(Permission::Denied).await,
        Some(Fault::Lost) => honest(Permission::Unheard).await,
        Some(Fault::Pending) => refuse(&Refusal::pending_verification()),
        Some(Fault::Status { code, retry_after }) => status(code, retry_after),
        Some(Fault::Hang(None)) => {
            shared.stopping.cancelled().await;
            cut(cutter)
        }
        Some(Fault::Hang(Some(time))) => {
            wait(time, shared).await;
            honest(Permission::Granted).await
        }
        Some(Fault::Slow(time)) => slow(honest(Permission::Granted).await, time, shared).await,
        Some(Fault::Garbage(garbage)) => spoil(honest(Permission::Granted).await, garbage).await,
        Some(Fault::Reset(Reset::Before)) => cut(cutter),
        Some(Fault::Reset(Reset::After)) => {
            honest(Permission::Granted).await;
            cut(cutter)
        }
        Some(Fault::Reset(Reset::Middle)) => halve(honest(Permission::Granted).await, cutter.clone()).await,
    }
}

/// The answer that nobody will get, as the connection is reset.
fn cut(cutter: &Cutter) -> Response {
    cutter.reset();
    Response::new(Body::empty())
}

async fn wait(time: Duration, shared: &Shared) {
    // A server that stops does not wait for the faults that it plays.
    let _ = tokio::time::timeout(time, shared.stopping.cancelled()).await;
}

fn status(code: u16, retry_after: Option<u32>) -> Response {
    let mut response = refuse(&failure(code));
    if let Some(milliseconds) = retry_after {
        response.headers_mut().insert("x-amz-retry-after", milliseconds.into());
    }
    response
}

fn failure(code: u16) -> Refusal {
    let (error_type, message) = match code {
        400 => ("ValidationException", "The request is not valid"),
        402 => ("ServiceQuotaExceededException", "Quota exceeded"),
        403 => ("AccessDeniedException", "Access denied"),
        404 => ("ResourceNotFoundException", "Resource not found"),
        408 => ("RequestTimeoutException", "The request timed out"),
        409 => ("ConflictException", "The resource is in use"),
        413 => ("RequestEntityTooLargeException", "Request body too large"),
        429 => ("ThrottlingException", "Rate exceeded"),
        500 => ("InternalServerException", "An internal error occurred"),
        503 => ("ServiceUnavailableException", "Service is unavailable"),
        _ => ("SimulatedException", "A fault of the simulator"),
    };
    refusal(code, error_type, message)
}

/// The answer's head and its whole body. The head no longer says how long the body is.
async fn take_apart(response: Response) -> (Parts, Bytes) {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    let bytes = to_bytes(body, usize::MAX).await.expect("honest bodies are in memory");
    (parts, bytes)
}

async fn slow(response: Response, time: Duration, shared: &Shared) -> Response {
    let (parts, body) = take_apart(response).await;
    if body.is_empty() {
        wait(time, shared).await;
        return Response::from_parts(parts, Body::empty());
    }
    let size = body.len().div_ceil(PIECES as usize);
    let pieces: Vec<_> = body.chunks(size).map(Bytes::copy_from_slice).collect();
    let shared = shared.clone();
    let pieces = stream::iter(pieces).then(move |piece| {
        let shared = shared.clone();
        async move {
            wait(time / PIECES, &shared).await;
            Ok::<_, io::Error>(piece)
        }
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

async fn spoil(response: Response, garbage: Garbage) -> Response {
    let (honest, body) = take_apart(response).await;
    let (kind, body) = match garbage {
        Garbage::Html => ("text/html", Body::from(PAGE)),
        Garbage::Truncated => ("application/json", Body::from(body.slice(..body.len() / 2))),
        Garbage::Empty => ("application/json", Body::empty()),
        Garbage::Shape => ("application/json", Body::from(r#"["something","else"]"#)),
        Garbage::Huge => ("application/json", huge()),
    };
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    // An honest handshake has no such id, and what it has instead must not be in an answer of status 200.
    if let Some(id) = honest.headers.get(REQUEST_ID) {
        response.headers_mut().insert(REQUEST_ID, id.clone());
    }
    response
}

fn huge() -> Body {
    let [start, end] = [r#"{"padding":""#, r#""}"#].map(|text| stream::iter([Bytes::from_static(text.as_bytes())]));
    let all = start.chain(stream::iter(std::iter::repeat_n(FILLER, FILLERS))).chain(end);
    Body::from_stream(all.map(Ok::<_, io::Error>))
}

/// Half of the body, then a reset. The head promises the whole.
async fn halve(response: Response, cutter: Cutter) -> Response {
    let (mut parts, body) = take_apart(response).await;
    if body.is_empty() {
        return cut(&cutter);
    }
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    let half = body.slice(..body.len() / 2);
    let end = async move {
        // The first half has to be on its way before the connection is cut.
        tokio::task::yield_now().await;
        cutter.reset();
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    };
    let halves = stream::iter([Ok(half)]).chain(stream::once(end));
    Response::from_parts(parts, Body::from_stream(halves))
}
