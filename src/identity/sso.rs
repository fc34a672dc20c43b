//! Credentials of IAM Identity Center: the session's token, refreshed if need be, becomes those of a role.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sdk_sso::Client as Portal;
use aws_sdk_ssooidc::Client as Oidc;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;

use super::facts::Trouble;
use super::failure::{Asked, refusal, told};
use super::scene::{Giver, Scene};
use super::section::Sso;
use super::token::{self, Renewal, Token};

/// A token is refreshed so long before it ends.
const EARLY: SignedDuration = SignedDuration::from_mins(5);

/// The credentials of a role.
pub(super) async fn credentials(scene: &Scene, sso: &Sso) -> Result<Credentials, Trouble> {
    let token = token(scene, sso).await?;
    let (config, host) = scene.sdk(Giver::Sso, &sso.region, None)?;
    let call = Portal::new(&config)
        .get_role_credentials()
        .account_id(&sso.account)
        .role_name(&sso.role)
        .access_token(token.access.expose_secret());
    let role = format!("role {} of account {}", sso.role, sso.account);
    let answer = call.send().await.map_err(|error| match refusal(&error) {
        // The token was good by its date: it has been taken back.
        Some((code, _)) if code.starts_with("Unauthorized") => signed_out(sso, None),
        _ => told(&Asked::new("sso:GetRoleCredentials", Some(&role), host), &error),
    })?;
    let given = answer.role_credentials.ok_or_else(|| strange("gave no credentials"))?;
    let (Some(key), Some(secret)) = (given.access_key_id, given.secret_access_key) else {
        return Err(strange("gave no keys"));
    };
    let until = u64::try_from(given.expiration).ok().filter(|millis| *millis > 0);
    let until = until.map(|millis| SystemTime::UNIX_EPOCH + Duration::from_millis(millis));
    Ok(Credentials::new(key, secret, given.session_token, until, "SSO"))
}

fn signed_out(sso: &Sso, expired: Option<Timestamp>) -> Trouble {
    Trouble::SignedOut { profile: sso.profile.clone(), session: sso.key().to_owned(), expired }
}

fn strange(what: &str) -> Trouble {
    Trouble::Other(format!("IAM Identity Center {what}: is this really it?"))
}

/// The session's token, refreshed if it ends soon and can be.
async fn token(scene: &Scene, sso: &Sso) -> Result<Token, Trouble> {
    let path = token::place(&scene.around, sso.key()).ok_or_else(|| Trouble::Other("HOME is not set".to_owned()))?;
    let read = tokio::task::spawn_blocking({
        let path = path.clone();
        move || token::read(&path)
    });
    let read = read.await.map_err(|error| Trouble::Other(error.to_string()))?;
    let held = read.map_err(|error| Trouble::Other(format!("{} can't be read: {error}", path.display())))?;
    let held = held.ok_or_else(|| signed_out(sso, None))?;
    let now = (scene.around.now)();
    if held.expires > now + EARLY {
        return Ok(held);
    }
    let over = held.expires <= now;
    match held.renewal.clone().filter(|renewal| renewal.client_expires > now) {
        Some(renewal) => match refresh(scene, sso, renewal, now).await {
            Ok(token) => {
                // A full disk does not keep anybody from working: the token is good all the same.
                let _ = keep(path, token.clone()).await;
                Ok(token)
            }
            Err(_) if !over => Ok(held),
            Err(Some(trouble)) => Err(trouble),
            Err(None) => Err(signed_out(sso, Some(held.expires))),
        },
        None if over => Err(signed_out(sso, Some(held.expires))),
        None => Ok(held),
    }
}

/// Writes a token on a thread that may wait.
pub(super) async fn keep(path: PathBuf, token: Token) -> Result<(), Trouble> {
    let shown = path.display().to_string();
    let written = tokio::task::spawn_blocking(move || token::write(&path, &token)).await;
    let failed = |why: String| Trouble::Other(format!("The token can't be written to {shown}: {why}"));
    written.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
}

/// A new token; an error without a trouble means that the session has ended.
async fn refresh(scene: &Scene, sso: &Sso, renewal: Renewal, now: Timestamp) -> Result<Token, Option<Trouble>> {
    let (config, host) = scene.sdk(Giver::SsoOidc, &sso.region, None)?;
    let call = Oidc::new(&config)
        .create_token()
        .grant_type("refresh_token")
        .client_id(&renewal.client_id)
        .client_secret(renewal.client_secret.expose_secret())
        .refresh_token(renewal.refresh.expose_secret());
    let answer = call.send().await.map_err(|error| match refusal(&error) {
        Some((code, _)) if !code.starts_with("InternalServer") => None,
        _ => Some(told(&Asked::new("sso-oidc:CreateToken", None, host), &error)),
    })?;
    let access = answer.access_token.ok_or_else(|| Some(strange("gave no token")))?;
    let refresh = answer.refresh_token.map_or(renewal.refresh, Into::into);
    Ok(Token {
        start_url: sso.start_url.clone(),
        region: sso.region.clone(),
        access: access.into(),
        expires: after(now, answer.expires_in),
        renewal: Some(Renewal { refresh, ..renewal }),
    })
}

/// So many seconds from now.
pub(super) fn after(now: Timestamp, seconds: i32) -> Timestamp {
    now + SignedDuration::from_secs(seconds.into())
}
