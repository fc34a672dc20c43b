//! The control plane over HTTP: reads a request, checks who signed it, and has it answered.

use axum::body::{Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request as HttpRequest, State};
use axum::response::Response;
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use super::Shared;
use super::answer::{refusal, refuse, respond};
use super::fault::{OPERATIONS, Target};
use super::misbehave::misbehave;
use super::signature::Signed;
use super::wire::Cutter;
use crate::api::Request;
use crate::simulator::world::{Answer, Refusal};

/// The largest body in bytes: far above anything that the model allows. The service's own cap is not documented.
const BODY_CAP: usize = 1024 * 1024;

/// Answers one request.
pub(super) async fn control_plane(
    State(shared): State<Shared>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: HttpRequest,
) -> Response {
    match admit(&shared, request).await {
        Ok(request) => {
            let fault = match target(&request) {
                Some(target) => shared.account.strike(target).await.ok().flatten(),
                None => None,
            };
            let name = target(&request);
            let honest = async { respond(carry_out(&shared, request).await) };
            misbehave(fault, name, &shared, &cutter, honest).await
        }
        Err(refusal) => refuse(&refusal),
    }
}

async fn carry_out(shared: &Shared, request: Request) -> Result<Answer, Refusal> {
    shared.account.carry_out(request).await?
}

/// Reads the request and checks its signature.
async fn admit(shared: &Shared, request: HttpRequest) -> Result<Request, Refusal> {
    let (parts, body) = request.into_parts();
    let too_large = || refusal(413, "RequestEntityTooLargeException", "Request body too large");
    if announced_length(&parts.headers).is_some_and(|length| length > BODY_CAP) {
        return Err(too_large());
    }
    let body = to_bytes(body, BODY_CAP).await.map_err(|_| too_large())?;
    let signed = Signed {
        method: &parts.method,
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
        body: &body,
    };
    shared.keyring.verify(Timestamp::now(), &signed)?;
    read(&parts, &body)
}

fn announced_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn read(parts: &Parts, body: &Bytes) -> Result<Request, Refusal> {
    let body = match parts.method {
        // The service does not look at bodies where its model has none.
        Method::GET | Method::DELETE => None,
        _ if body.is_empty() => None,
        _ => Some(
            serde_json::from_slice(body)
                .map_err(|_| refusal(400, "SerializationException", "Unable to parse the request body as JSON"))?,
        ),
    };
    let query = parts.uri.query().unwrap_or_default();
    let query = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Ok((decode(name)?, decode(value)?))
    });
    let path = parts.uri.path().to_owned();
    Ok(Request { method: parts.method.clone(), path, query: query.collect::<Result<_, Refusal>>()?, body })
}

fn decode(text: &str) -> Result<String, Refusal> {
    let decoded = percent_decode_str(text).decode_utf8();
    let decoded =
        decoded.map_err(|_| refusal(400, "MalformedHttpRequestException", "The query string is not valid UTF-8"))?;
    Ok(decoded.into_owned())
}

/// Which operation's faults strike a request; none, if it is for no operation.
fn target(request: &Request) -> Option<Target> {
    let name = match (&request.method, request.path.strip_prefix('/')?) {
        (&Method::GET, path) if path.starts_with("tags/") => "ListTagsForResource",
        (&Method::POST, path) if path.starts_with("tags/") => "TagResource",
        (&Method::DELETE, path) if path.starts_with("tags/") => "UntagResource",
        (&Method::POST, name) if !name.ends_with("Resource") => name,
        _ => return None,
    };
    OPERATIONS.into_iter().find(|known| *known == name).map(Target::Operation)
}
