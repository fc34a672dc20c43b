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
use super::misbehave::{Permission, misbehave};
use super::signature::Signed;
use super::wire::Cutter;
use crate::api::Request;
use crate::simulator::world::{Answer, Echoes, Refusal};

/// The largest body in bytes: far above anything that the model allows. The service's own cap is not documented.
const BODY_CAP: usize = 1024 * 1024;

/// Answers one request.
pub(super) async fn control_plane(
    State(shared): State<Shared>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: HttpRequest,
) -> Response {
    let request = match admit(&shared, request).await {
        Ok(request) => request,
        Err(refusal) => return refuse(&refusal),
    };
    let operation = operation(&request);
    let fault = match operation {
        Some(name) => shared.account.strike(Target::Operation(name)).await.ok().flatten(),
        None => None,
    };
    let honest = async |permission| respond(carry_out(&shared, request, operation, permission).await);
    misbehave(fault, &shared, &cutter, honest).await
}

async fn carry_out(
    shared: &Shared,
    request: Request,
    operation: Option<&'static str>,
    permission: Permission,
) -> Result<Answer, Refusal> {
    let denied = operation.filter(|_| permission == Permission::Denied);
    let echoes = if permission == Permission::Unheard { Echoes::Lost } else { Echoes::Published };
    shared.account.carry_out(request, denied, echoes).await?
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

/// The operation that a request is for, if there is one.
fn operation(request: &Request) -> Option<&'static str> {
    let name = match (&request.method, request.path.strip_prefix('/')?) {
        (&Method::GET, path) if path.starts_with("tags/") => "ListTagsForResource",
        (&Method::POST, path) if path.starts_with("tags/") => "TagResource",
        (&Method::DELETE, path) if path.starts_with("tags/") => "UntagResource",
        (&Method::POST, name) if !name.ends_with("Resource") => name,
        _ => return None,
    };
    OPERATIONS.into_iter().find(|known| *known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(method: &str, target: &str) -> Parts {
        http::Request::builder().method(method).uri(target).body(()).unwrap().into_parts().0
    }

    fn read_back(method: &str, target: &str, body: &'static str) -> Result<Request, Refusal> {
        read(&parts(method, target), &Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn the_path_stays_encoded_and_the_query_does_not() {
        let target = "/tags/arn%3Aaws?tagKeys=a%20b&tagKeys=a+b&tagKeys=%C3%A9&flag";
        let request = read_back("DELETE", target, "").unwrap();
        assert_eq!(request.path, "/tags/arn%3Aaws");
        let query: Vec<_> = request.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(query, [("tagKeys", "a b"), ("tagKeys", "a+b"), ("tagKeys", "é"), ("flag", "")]);
        assert_eq!(request.body, None);
    }

    #[test]
    fn what_can_t_be_read_is_refused_by_name() {
        let name = |result: Result<Request, Refusal>| result.unwrap_err().error_type;
        assert_eq!(name(read_back("DELETE", "/tags/x?tagKeys=%FF", "")), "MalformedHttpRequestException");
        assert_eq!(name(read_back("POST", "/ListRooms", "{")), "SerializationException");
        assert_eq!(read_back("POST", "/ListRooms", "").unwrap().body, None);
    }

    #[test]
    fn every_route_has_its_operation() {
        let of = |method: &str, target: &str| operation(&read_back(method, target, "").unwrap());
        assert_eq!(of("GET", "/tags/x"), Some("ListTagsForResource"));
        assert_eq!(of("POST", "/tags/x"), Some("TagResource"));
        assert_eq!(of("DELETE", "/tags/x"), Some("UntagResource"));
        assert_eq!(of("POST", "/GetRoom"), Some("GetRoom"));
        for (method, target) in [("GET", "/GetRoom"), ("POST", "/TagResource"), ("POST", "/"), ("PUT", "/tags/x")] {
            assert_eq!(of(method, target), None, "{method} {target}");
        }
    }
}
