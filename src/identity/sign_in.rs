//! Signing in to IAM Identity Center by a code that is typed into any browser, so that it works over SSH.

use std::time::Duration;

use aws_sdk_ssooidc::Client;
use aws_sdk_ssooidc::operation::create_token::{CreateTokenError, CreateTokenOutput};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::facts::{Device, Trouble};
use super::failure::{Asked, told};
use super::scene::{Giver, Scene};
use super::section::Sso;
use super::sso::{after, keep};
use super::token::{self, Renewal, Token};

/// How long to wait between two questions if the service does not say.
const INTERVAL: Duration = Duration::from_secs(5);

/// How much longer after each time that the service calls it too fast: RFC 8628, section 3.5.
const SLOWER: Duration = Duration::from_secs(5);

/// The name that the page shows for us.
const NAME: &str = "ivschat";

/// We, as the service knows us.
struct Client_ {
    id: String,
    secret: SecretString,
    until: Timestamp,
}

/// A sign-in that is under way.
struct Started {
    device_code: SecretString,
    interval: Duration,
    until: Timestamp,
}

/// Signs in, and keeps the token where the AWS CLI looks for it.
pub(super) async fn sign_in(scene: &Scene, sso: &Sso, tell: impl FnOnce(Device) + Send) -> Result<(), Trouble> {
    let path = token::place(&scene.around, sso.key()).ok_or_else(|| Trouble::Other("HOME is not set".to_owned()))?;
    let (config, host) = scene.sdk(Giver::SsoOidc, &sso.region, None)?;
    let client = Client::new(&config);
    let us = register(&client, sso, &host).await?;
    let started = start(scene, &client, sso, &us, &host, tell).await?;
    let answer = wait(scene, &client, sso, &us, &started, &host).await?;
    let access = answer.access_token.ok_or_else(|| not_signed_in(sso, "no token was given"))?;
    let renewal = answer.refresh_token.map(|refresh| Renewal {
        client_id: us.id,
        client_secret: us.secret,
        client_expires: us.until,
        refresh: refresh.into(),
    });
    let token = Token {
        start_url: sso.start_url.clone(),
        region: sso.region.clone(),
        access: access.into(),
        expires: after((scene.around.now)(), answer.expires_in),
        renewal,
    };
    keep(path, token).await
}

fn not_signed_in(sso: &Sso, why: &str) -> Trouble {
    Trouble::NotSignedIn { session: sso.key().to_owned(), why: why.to_owned() }
}

async fn register(client: &Client, sso: &Sso, host: &str) -> Result<Client_, Trouble> {
    let mut call = client.register_client().client_name(NAME).client_type("public");
    // Only a session in the new form can be refreshed, and only if that is asked for here.
    if sso.session.is_some() {
        call = call.set_scopes(Some(sso.scopes.clone()));
    }
    let asked = Asked::new("sso-oidc:RegisterClient", None, host.to_owned());
    let answer = call.send().await.map_err(|error| told(&asked, &error))?;
    let until = Timestamp::from_second(answer.client_secret_expires_at).unwrap_or(Timestamp::MAX);
    match (answer.client_id, answer.client_secret) {
        (Some(id), Some(secret)) => Ok(Client_ { id, secret: secret.into(), until }),
        _ => Err(not_signed_in(sso, "we could not be registered")),
    }
}

async fn start(
    scene: &Scene,
    client: &Client,
    sso: &Sso,
    us: &Client_,
    host: &str,
    tell: impl FnOnce(Device) + Send,
) -> Result<Started, Trouble> {
    let call = client
        .start_device_authorization()
        .client_id(&us.id)
        .client_secret(us.secret.expose_secret())
        .start_url(&sso.start_url);
    let asked = Asked::new("sso-oidc:StartDeviceAuthorization", None, host.to_owned());
    let answer = call.send().await.map_err(|error| told(&asked, &error))?;
    let until = after((scene.around.now)(), answer.expires_in);
    let url = answer.verification_uri_complete.or(answer.verification_uri);
    let (Some(device_code), Some(code), Some(url)) = (answer.device_code, answer.user_code, url) else {
        return Err(not_signed_in(sso, "no code was given"));
    };
    tell(Device { url, code, until });
    let interval = u64::try_from(answer.interval).ok().filter(|seconds| *seconds > 0);
    Ok(Started { device_code: device_code.into(), interval: interval.map_or(INTERVAL, Duration::from_secs), until })
}

/// Asks until somebody has signed in, or it can't be any more.
async fn wait(
    scene: &Scene,
    client: &Client,
    sso: &Sso,
    us: &Client_,
    started: &Started,
    host: &str,
) -> Result<CreateTokenOutput, Trouble> {
    let mut interval = started.interval;
    loop {
        tokio::time::sleep(interval).await;
        let call = client
            .create_token()
            .grant_type("urn:ietf:params:oauth:grant-type:device_code")
            .client_id(&us.id)
            .client_secret(us.secret.expose_secret())
            .device_code(started.device_code.expose_secret());
        let error = match call.send().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(CreateTokenError::AuthorizationPendingException(_)) => {}
            Some(CreateTokenError::SlowDownException(_)) => interval += SLOWER,
            Some(CreateTokenError::ExpiredTokenException(_)) => return Err(not_signed_in(sso, "the code has expired")),
            Some(CreateTokenError::AccessDeniedException(_)) => {
                return Err(not_signed_in(sso, "it was denied in the browser"));
            }
            // The line may come back before the code has expired.
            None if (scene.around.now)() < started.until => {}
            _ => return Err(told(&Asked::new("sso-oidc:CreateToken", None, host.to_owned()), &error)),
        }
        if (scene.around.now)() >= started.until {
            return Err(not_signed_in(sso, "the code has expired"));
        }
    }
}
