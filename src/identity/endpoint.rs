//! Credentials from an endpoint that only this machine can reach: a container's own, and the instance metadata service.

use std::time::{Duration, SystemTime};

use aws_config::imds;
use aws_config::imds::client::error::ImdsError;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use http::header::AUTHORIZATION;
use jiff::Timestamp;
use reqwest::header::HeaderValue;
use serde::Deserialize;
use url::{Host, Url};

use super::facts::Trouble;
use super::profiles::innermost;
use super::scene::Scene;
use super::surroundings::Surroundings;
use super::transport;

/// The address that containers of ECS find their credentials at.
const ECS: &str = "http://169.254.170.2";

/// Where credentials of containers may be fetched without encryption: ECS, and Pod Identity of EKS in both families.
const CONTAINER_HOSTS: [&str; 3] = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"];

/// How long a container's endpoint may take.
const CONTAINER: Duration = Duration::from_secs(5);

/// How often the instance metadata service is asked; it is given a second each time, and two in all.
const ATTEMPTS: u32 = 2;
const SECOND: Duration = Duration::from_secs(1);

/// Where the metadata service tells the instance's role.
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

/// What a container's endpoint answers. It has no `Debug` on purpose.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answered {
    access_key_id: String,
    secret_access_key: String,
    token: Option<String>,
    expiration: Option<Timestamp>,
}

/// The credentials of this container.
pub(super) async fn container(scene: &Scene) -> Result<Credentials, Trouble> {
    let around = &scene.around;
    let url = container_url(around).map_err(Trouble::Other)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let mut request = reqwest::Request::new(http::Method::GET, url);
    if let Some(token) = authorization(around).await? {
        request.headers_mut().insert(AUTHORIZATION, token);
    }
    let asked = transport::ask(around, request, CONTAINER).await;
    let (status, body) = asked.map_err(|why| Trouble::Unreachable { host, why })?;
    if status != 200 {
        return Err(Trouble::Other(format!("The container's endpoint gave no credentials: it answered {status}")));
    }
    let answered: Answered = serde_json::from_slice(&body)
        .map_err(|_| Trouble::Other("What the container's endpoint answered is not the JSON of credentials".into()))?;
    let until = answered.expiration.map(SystemTime::from);
    let Answered { access_key_id, secret_access_key, token, .. } = answered;
    Ok(Credentials::new(access_key_id, secret_access_key, token, until, "Container"))
}

/// Where the container's endpoint is. A token would be sent there: to another machine only with encryption.
fn container_url(around: &Surroundings) -> Result<Url, String> {
    if let Some(path) = around.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
        let url = Url::parse(&format!("{ECS}{path}")).ok().filter(|url| url.host_str() == Some("169.254.170.2"));
        return url.ok_or_else(|| "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not a path".to_owned());
    }
    let url = around.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI").unwrap_or_default();
    let url = Url::parse(&url).map_err(|_| "AWS_CONTAINER_CREDENTIALS_FULL_URI is not a URL".to_owned())?;
    let here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let known = url.host_str().is_some_and(|host| CONTAINER_HOSTS.contains(&host));
    if url.scheme() == "https" || (url.scheme() == "http" && (here || known)) {
        Ok(url)
    } else {
        Err("AWS_CONTAINER_CREDENTIALS_FULL_URI must use https, or lead to this machine or its container's endpoint"
            .into())
    }
}

/// What the container shows its endpoint. The file is read each time: its token is changed now and then.
async fn authorization(around: &Surroundings) -> Result<Option<HeaderValue>, Trouble> {
    let token = match around.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
        Some(file) => {
            let read = tokio::fs::read_to_string(&file).await;
            Some(read.map_err(|error| Trouble::Other(format!("The container's token {file} can't be read: {error}")))?)
        }
        None => around.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN"),
    };
    let header = token.map(|token| HeaderValue::from_str(token.trim_end_matches(['\r', '\n'])));
    let mut header = header.transpose().map_err(|_| Trouble::Other("The container's token is malformed".to_owned()))?;
    if let Some(header) = &mut header {
        header.set_sensitive(true);
    }
    Ok(header)
}

/// A client of the instance metadata service, version 2.
fn metadata(scene: &Scene) -> Result<imds::Client, String> {
    let setting = |variable: &str, key: &str| {
        let files = &scene.files;
        let own = || files.section(files.selected()).and_then(|section| section.get(key)).map(ToOwned::to_owned);
        scene.around.variable(variable).or_else(own)
    };
    let mode = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode");
    let usual = if mode.is_some_and(|mode| mode.eq_ignore_ascii_case("ipv6")) {
        "http://[fd00:ec2::254]"
    } else {
        "http://169.254.169.254"
    };
    let endpoint = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
    let client = imds::Client::builder()
        .configure(&transport::provider(&scene.around, None))
        .endpoint(endpoint.as_deref().unwrap_or(usual))
        .map_err(|_| "AWS_EC2_METADATA_SERVICE_ENDPOINT is not a URL".to_owned())?;
    let client = client.max_attempts(ATTEMPTS).connect_timeout(SECOND).read_timeout(SECOND);
    Ok(client.operation_attempt_timeout(SECOND).operation_timeout(2 * SECOND).build())
}

/// The credentials of the instance's role; if there are none, why.
pub(super) async fn instance(scene: &Scene) -> Result<Credentials, String> {
    let asking = async {
        let client = metadata(scene)?;
        let role = role(&client).await?;
        let provider = ImdsCredentialsProvider::builder()
            .configure(&transport::provider(&scene.around, Some(&scene.region)))
            .imds_client(client)
            .profile(role)
            .build();
        provider.provide_credentials().await.map_err(|error| innermost(&error))
    };
    let given = tokio::time::timeout(5 * SECOND, asking).await;
    given.map_err(|_| "the metadata service did not answer in time".to_owned())?
}

/// The name of the instance's role. The SDK would take whatever is answered for a path, and panic if it is none: that
/// happens where something else answers at that address.
async fn role(client: &imds::Client) -> Result<String, String> {
    let name = client.get(ROLES).await.map_err(|error| match &error {
        ImdsError::ErrorResponse(answer) if answer.response().status().as_u16() == 404 => "it has no role".to_owned(),
        _ => innermost(&error),
    })?;
    let name = name.as_ref().trim();
    let legal = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-/".contains(c);
    if name.is_empty() || !name.chars().all(legal) {
        return Err("the metadata service answers with something else than the name of a role".to_owned());
    }
    Ok(name.to_owned())
}

/// The region of the instance, if this is one.
pub(super) async fn region(scene: &Scene) -> Option<String> {
    let provider = ImdsRegionProvider::builder()
        .configure(&transport::provider(&scene.around, None))
        .imds_client(metadata(scene).ok()?)
        .build();
    let region = tokio::time::timeout(2 * SECOND, provider.region()).await.ok()??;
    Some(region.as_ref().to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_container_s_token_goes_nowhere_else() {
        let url = |name: &str, value: &str| {
            let around = Surroundings {
                variables: Arc::new([(name.to_owned(), value.to_owned())].into()),
                http: transport::usual(),
                now: Arc::new(Timestamp::now),
                host: String::new(),
            };
            container_url(&around).map(|url| url.to_string())
        };
        let full = |value| url("AWS_CONTAINER_CREDENTIALS_FULL_URI", value);
        for fine in [
            "http://127.0.0.1:80/x",
            "http://localhost/x",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::23]/v1/credentials",
            "https://example.com/x",
        ] {
            assert_eq!(full(fine).unwrap(), fine.replace(":80/", "/"));
        }
        for bad in ["http://example.com/x", "http://169.254.169.254/x", "ftp://127.0.0.1/", "nonsense"] {
            assert!(full(bad).is_err(), "{bad}");
        }
        let relative = |value| url("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", value);
        assert_eq!(relative("/v2/credentials/x").unwrap(), "http://169.254.170.2/v2/credentials/x");
        assert!(relative("@evil.example/").is_err() && relative(".evil.example/").is_err());
    }
}
