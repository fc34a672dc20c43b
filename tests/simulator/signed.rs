//! A bare HTTP client that signs, for what no SDK would send or let through.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use ivschat::simulator::server::Running;
use reqwest::{Client, Method, Request, Response, Url};
use serde_json::Value;

/// A client that keeps no connection, so that a reset hits nobody else.
pub(crate) fn client() -> Client {
    Client::builder().pool_max_idle_per_host(0).no_proxy().build().unwrap()
}

/// A request of the control plane, signed now with the server's own credentials.
pub(crate) fn request(server: &Running, method: Method, target: &str, body: &str) -> Request {
    let url: Url = format!("{}{target}", server.endpoint).parse().unwrap();
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let identity = Credentials::new(&server.access_key_id, &server.secret_access_key, None, None, "test").into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(&server.region)
        .name("ivschat")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let headers = [("host", host.as_str())].into_iter();
    let signable =
        SignableRequest::new(method.as_str(), url.as_str(), headers, SignableBody::Bytes(body.as_bytes())).unwrap();
    let (instructions, _) = sign(signable, &parameters).unwrap().into_parts();
    let mut request = client().request(method, url).body(body.to_owned());
    for (name, value) in instructions.headers() {
        request = request.header(name, value);
    }
    request.build().unwrap()
}

/// Sends a `POST` of an operation.
pub(crate) async fn post(server: &Running, operation: &str, body: &str) -> reqwest::Result<Response> {
    client().execute(request(server, Method::POST, &format!("/{operation}"), body)).await
}

/// Sends a request to one of the simulator's own routes; these need no signature.
pub(crate) async fn control(server: &Running, method: Method, path: &str, body: &str) -> Response {
    let url = format!("{}/_simulator/{path}", server.endpoint);
    client().request(method, url).body(body.to_owned()).send().await.unwrap()
}

/// The JSON of an answer.
pub(crate) async fn json(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

/// What an error answer says of itself: its status, its name and its words.
pub(crate) async fn refusal(response: Response) -> (u16, String, String) {
    let status = response.status().as_u16();
    let name = response.headers()["x-amzn-errortype"].to_str().unwrap().to_owned();
    let body = json(response).await;
    (status, name, body["message"].as_str().unwrap_or_default().to_owned())
}
