//! The one HTTP stack, as those who ask for credentials use it: reqwest behind the SDK's idea of a connector.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;

use super::profiles::innermost;
use super::surroundings::{Http, Reach, Surroundings};

/// For a connection, name and TLS together: as the client of the control plane does it.
const CONNECT: Duration = Duration::from_millis(3_100);

/// For one attempt.
const ATTEMPT: Duration = Duration::from_secs(10);

/// For one call with all its attempts.
const OPERATION: Duration = Duration::from_secs(25);

/// The most bytes of an answer: credentials and tokens are a few kilobytes.
const CAP: usize = 256 * 1024;

/// Clients with the system's proxies and certificates.
pub fn usual() -> Http {
    Arc::new(|reach: Reach| {
        let build = |bare: bool| {
            // A redirect would take a token to another host.
            let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).tcp_nodelay(true);
            if reach.direct {
                builder = builder.no_proxy();
            }
            if bare {
                builder = builder.tls_certs_only([]);
            }
            if let Some(limit) = reach.connect {
                builder = builder.connect_timeout(limit);
            }
            builder.build().map_err(|error| error.to_string())
        };
        // Where no certificates are installed, a container's or an instance's own service is to work all the same.
        build(false).or_else(|why| if reach.direct { build(true) } else { Err(why) })
    })
}

/// Whether a host is this machine, or one that only this machine can reach.
pub(super) fn is_direct(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match address {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.segments()[..2] == [0xfd00, 0xec2],
        Err(_) => host == "localhost",
    }
}

/// Reqwest as the SDK wants it.
#[derive(Debug, Clone)]
struct Reqwest {
    around: Surroundings,
}

impl HttpClient for Reqwest {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        let (around, made) = (self.around.clone(), Arc::default());
        let (connect, read) = (settings.connect_timeout(), settings.read_timeout());
        SharedHttpConnector::new(Connector { around, connect, read, made })
    }
}

/// A connector that keeps to its time limits: the instance metadata service counts on a second each.
#[derive(Debug, Clone)]
struct Connector {
    around: Surroundings,
    connect: Option<Duration>,
    read: Option<Duration>,
    /// The clients that were built, without and with proxies.
    made: Arc<Mutex<[Option<reqwest::Client>; 2]>>,
}

impl Connector {
    async fn client(&self, direct: bool) -> Result<reqwest::Client, String> {
        let lock = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = &lock()[usize::from(direct)] {
            return Ok(client.clone());
        }
        let client = client(&self.around, Reach { direct, connect: self.connect, read: self.read }).await?;
        Ok(lock()[usize::from(direct)].insert(client).clone())
    }

    async fn send(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let user = |error: Box<dyn std::error::Error + Send + Sync>| ConnectorError::user(error);
        let request = request.try_into_http1x().map_err(|error| user(error.into()))?;
        let (parts, body) = request.into_parts();
        let body = body.bytes().ok_or_else(|| user("a body that streams".into()))?.to_vec();
        let request = http::Request::from_parts(parts, body);
        let direct = request.uri().host().is_some_and(is_direct);
        let client = self.client(direct).await.map_err(|why| user(why.into()))?;
        let request = reqwest::Request::try_from(request).map_err(|error| user(error.into()))?;
        let sending = client.execute(request);
        let sent = match self.read {
            // The time to connect is over before what is read begins to count.
            Some(read) => match tokio::time::timeout(read + self.connect.unwrap_or_default(), sending).await {
                Ok(sent) => sent,
                Err(late) => return Err(ConnectorError::timeout(late.into())),
            },
            None => sending.await,
        };
        let answer = sent.map_err(failed)?;
        let mut whole = http::Response::builder().status(answer.status()).version(answer.version());
        for (name, value) in answer.headers() {
            whole = whole.header(name, value);
        }
        let body = read(answer).await?;
        let whole = whole.body(SdkBody::from(body)).map_err(|error| user(error.into()))?;
        HttpResponse::try_from(whole).map_err(|error| user(error.into()))
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().send(request))
    }
}

fn failed(error: reqwest::Error) -> ConnectorError {
    if error.is_timeout() { ConnectorError::timeout(error.into()) } else { ConnectorError::io(error.into()) }
}

async fn read(mut answer: reqwest::Response) -> Result<Vec<u8>, ConnectorError> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(failed)? {
        if body.len() + piece.len() > CAP {
            return Err(ConnectorError::other("the answer is too large".into(), None));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// Builds a client on a thread that may wait, since it reads certificates from disk.
pub(super) async fn client(around: &Surroundings, reach: Reach) -> Result<reqwest::Client, String> {
    let http = around.http.clone();
    tokio::task::spawn_blocking(move || http(reach)).await.map_err(|error| error.to_string())?
}

/// Asks an endpoint of this machine's own, with no proxy between: a status and a body.
pub(super) async fn ask(
    around: &Surroundings,
    request: reqwest::Request,
    limit: Duration,
) -> Result<(u16, Vec<u8>), String> {
    let direct = request.url().host_str().is_some_and(is_direct);
    let client = client(around, Reach { direct, connect: Some(limit), read: Some(limit) }).await?;
    let asking = async {
        let answer = client.execute(request).await.map_err(|error| innermost(&error))?;
        let status = answer.status().as_u16();
        let body = read(answer).await.map_err(|error| innermost(&error))?;
        Ok((status, body))
    };
    tokio::time::timeout(limit, asking).await.map_err(|_| "nobody answered in time".to_owned())?
}

/// What a client of the SDK is made from. The environment is not read by it: `endpoint` is what it says.
pub(super) fn sdk(
    around: &Surroundings,
    region: &str,
    endpoint: Option<&str>,
    credentials: Option<Credentials>,
) -> SdkConfig {
    let limits = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .http_client(Reqwest { around: around.clone() })
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .timeout_config(limits);
    config.set_endpoint_url(endpoint.map(ToOwned::to_owned));
    config.set_credentials_provider(credentials.map(SharedCredentialsProvider::new));
    config.build()
}

/// What a provider of aws-config is made from.
pub(super) fn provider(around: &Surroundings, region: Option<&str>) -> ProviderConfig {
    ProviderConfig::empty()
        .with_http_client(Reqwest { around: around.clone() })
        .with_sleep_impl(TokioSleep::new())
        .with_behavior_version(Some(BehaviorVersion::latest()))
        .with_region(region.map(|region| Region::new(region.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_this_machine_can_reach_is_reached_without_a_proxy() {
        for host in ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "169.254.170.2", "[fd00:ec2::254]"] {
            assert!(is_direct(host), "{host}");
        }
        for host in ["sts.us-west-2.amazonaws.com", "10.0.0.1", "169.254.169.254.evil.example", "[fd01:ec2::254]"] {
            assert!(!is_direct(host), "{host}");
        }
    }
}
