//! Signs requests with AWS Signature Version 4. Pure: the time comes in as an argument.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{self, SignableBody, SignableRequest, SigningSettings};
use aws_sigv4::sign::v4;
use http::header::{CONTENT_TYPE, HeaderValue};

use super::endpoint::Endpoint;
use super::operation::Request;

/// Who signs, for which service and region, and when.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The keys, and the session token if they are temporary.
    pub credentials: &'a Credentials,
    /// The signing name, such as `ivschat`.
    pub service: &'a str,
    /// The region, such as `us-west-2`.
    pub region: &'a str,
    /// The service's time as far as we know it; it takes signatures for 5 minutes.
    pub time: SystemTime,
}

/// Why a request can't be signed. It tells which part is malformed and never its content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unsignable(String);

/// A request as it goes over the wire, but for its signature and what the client adds of its own.
///
/// # Errors
/// If the request's path is no part of a URL.
pub fn unsigned(endpoint: &Endpoint, request: &Request) -> Result<http::Request<Vec<u8>>, Unsignable> {
    let mut wire = http::Request::builder().method(request.method.clone()).uri(endpoint.url_of(request));
    if request.body.is_some() {
        wire = wire.header(CONTENT_TYPE, "application/json");
    }
    let body = request.body.as_ref().map(|json| json.to_string().into_bytes()).unwrap_or_default();
    wire.body(body).map_err(|error| Unsignable(format!("the request can't be built: {error}")))
}

/// Adds `x-amz-date`, the session token if there is one, and the signature. The host and every header that `request`
/// has by now are signed, but for those that proxies change (`user-agent`, `x-amzn-trace-id`, `transfer-encoding`).
///
/// The default settings are meant: the path, which is encoded once on the wire, is encoded once more in what is
/// signed. With single encoding every operation on tags is answered 403.
///
/// # Errors
/// If the credentials hold characters that no header may hold, such as a line break.
pub fn sign(request: &mut http::Request<Vec<u8>>, scope: &Scope<'_>) -> Result<(), Unsignable> {
    let identity = scope.credentials.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(scope.region)
        .name(scope.service)
        .time(scope.time)
        .settings(SigningSettings::default())
        .build()
        .map_err(|error| Unsignable(error.to_string()))?
        .into();
    let uri = request.uri().to_string();
    let headers = request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let signable =
        SignableRequest::new(request.method().as_str(), uri, headers, SignableBody::Bytes(request.body().as_slice()))
            .map_err(|_| Unsignable("the URL can't be signed".to_owned()))?;
    let signed = http_request::sign(signable, &params)
        .map_err(|_| Unsignable("the request can't be signed: are the credentials malformed?".to_owned()))?;
    let (instructions, _signature) = signed.into_parts();
    let (headers, _query) = instructions.into_parts();
    for header in headers {
        // The crate's own way to apply them panics on a session token that was copied with a line break.
        let mut value = HeaderValue::from_str(header.value())
            .map_err(|_| Unsignable(format!("the credentials make a malformed {} header", header.name())))?;
        value.set_sensitive(header.sensitive() || header.name() == "authorization");
        request.headers_mut().insert(header.name(), value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Operation;
    use crate::api::ops::ListRooms;

    const TIME: SystemTime = SystemTime::UNIX_EPOCH;

    fn signed(key: &str, token: Option<&str>) -> Result<http::Request<Vec<u8>>, Unsignable> {
        let endpoint = Endpoint::of_region(crate::api::Service::IvsChat, "us-west-2").unwrap();
        let mut request = unsigned(&endpoint, &ListRooms::default().request())?;
        let credentials = Credentials::from_keys(key, "hidden-secret", token.map(ToOwned::to_owned));
        sign(&mut request, &Scope { credentials: &credentials, service: "ivschat", region: "us-west-2", time: TIME })?;
        Ok(request)
    }

    #[test]
    fn empty_input_is_an_empty_object_with_a_signed_content_type() {
        let request = signed("AKIDEXAMPLE", None).unwrap();
        assert_eq!(request.body(), b"{}");
        let authorization = request.headers()["authorization"].to_str().unwrap();
        assert!(authorization.contains("SignedHeaders=content-type;host;x-amz-date,"), "{authorization}");
    }

    #[test]
    fn the_session_token_is_signed_and_no_secret_is_printed() {
        let request = signed("AKIDEXAMPLE", Some("hidden-token")).unwrap();
        let authorization = request.headers()["authorization"].to_str().unwrap();
        assert!(authorization.contains("x-amz-security-token"), "{authorization}");
        let printed = format!("{:?}", request.headers());
        assert!(!printed.contains("hidden") && !printed.contains("Signature="), "{printed}");
    }

    #[test]
    fn credentials_with_a_line_break_are_an_error_that_does_not_repeat_them() {
        for (key, token) in [("AKIDEXAMPLE", Some("hidden-token\n")), ("hidden-key\n", None)] {
            let error = signed(key, token).unwrap_err().to_string();
            assert!(error.contains("credentials") && !error.contains("hidden"), "{error}");
        }
    }
}
