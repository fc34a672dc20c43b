//! Writes answers as the service does: JSON, a request id, and the error's name in a header.

use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::json;
use uuid::Uuid;

use super::account::Stopped;
use super::signature::Unsigned;
use crate::simulator::world::{Answer, Refusal};

/// Header with the id under which AWS would find the request again.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
/// Header with the error's name.
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// The service's answer, whatever it is.
pub(super) fn respond(result: Result<Answer, Refusal>) -> Response {
    match result {
        Ok(Answer { status, body }) => json_response(status, body.map(|body| body.to_string())),
        Err(refusal) => refuse(&refusal),
    }
}

/// The service's no.
pub(super) fn refuse(refusal: &Refusal) -> Response {
    let mut response = json_response(refusal.status, Some(refusal.body.to_string()));
    if let Ok(name) = HeaderValue::from_str(&refusal.error_type) {
        response.headers_mut().insert(ERROR_TYPE, name);
    }
    response
}

/// A refusal that the world knows nothing of.
pub(super) fn refusal(status: u16, error_type: &str, message: &str) -> Refusal {
    Refusal { status, error_type: error_type.to_owned(), body: json!({ "message": message }) }
}

impl From<Unsigned> for Refusal {
    fn from(unsigned: Unsigned) -> Self {
        refusal(403, unsigned.error_type(), &unsigned.to_string())
    }
}

impl From<Stopped> for Refusal {
    fn from(stopped: Stopped) -> Self {
        refusal(503, "ServiceUnavailableException", &stopped.to_string())
    }
}

fn json_response(status: u16, body: Option<String>) -> Response {
    let has_body = body.is_some();
    let mut response = Response::new(body.map_or_else(Body::empty, Body::from));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if has_body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let id = HeaderValue::from_str(&Uuid::new_v4().to_string()).expect("a UUID is printable");
    headers.insert(REQUEST_ID, id);
    response
}
