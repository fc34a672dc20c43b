//! Credentials of `aws login`: those that it keeps, as long as they are good; refreshed by the SDK after that.

use std::path::PathBuf;
use std::time::SystemTime;

use aws_config::login::LoginCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::facts::Trouble;
use super::hex::hex;
use super::profiles::innermost;
use super::scene::Scene;
use super::transport;

/// The credentials are refreshed so long before they end.
const EARLY: SignedDuration = SignedDuration::from_mins(5);

/// What is kept. It has no `Debug` on purpose.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    access_token: Access,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Access {
    #[serde(rename = "accessKeyId")]
    key: String,
    secret_access_key: String,
    session_token: Option<String>,
    expires_at: Timestamp,
}

/// The credentials of the session with this ARN.
pub(super) async fn credentials(scene: &Scene, profile: &str, session: &str) -> Result<Credentials, Trouble> {
    let needed = |why: String| Trouble::LoginNeeded { profile: profile.to_owned(), why };
    let file = file(scene, session).ok_or_else(|| Trouble::Other("HOME is not set".to_owned()))?;
    let text = match tokio::fs::read(&file).await {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(needed(format!("Nobody has logged in as {session} on this machine")));
        }
        Err(error) => return Err(needed(format!("{} can't be read: {error}", file.display()))),
    };
    let kept: Kept = serde_json::from_slice(&text)
        .map_err(|_| needed(format!("{} is not what aws login writes", file.display())))?;
    let now = (scene.around.now)();
    if kept.access_token.expires_at > now + EARLY {
        let Access { key, secret_access_key, session_token, expires_at } = kept.access_token;
        let until = Some(SystemTime::from(expires_at));
        return Ok(Credentials::new(key, secret_access_key, session_token, until, "Login"));
    }
    // The SDK proves with a key in that file that it may do so, and writes the file anew. It goes by the process's own
    // environment, as we do but for tests.
    let provider = LoginCredentialsProvider::builder(session)
        .configure(&transport::provider(&scene.around, Some(&scene.region)))
        .build();
    provider.provide_credentials().await.map_err(|error| {
        let why = words(&error);
        if why.contains("dispatch") || why.contains("timeout") {
            return Trouble::Unreachable { host: "the AWS sign-in service".to_owned(), why: innermost(&error) };
        }
        needed(why)
    })
}

/// The outermost words that say something: the SDK's sentences for people are neither first nor last.
fn words(error: &(dyn std::error::Error + 'static)) -> String {
    let all: Vec<_> = std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect();
    let sentence = all.iter().find_map(|words| words.strip_prefix("failed to refresh cached Login token: "));
    sentence.map_or_else(|| all.last().cloned().unwrap_or_default(), ToOwned::to_owned)
}

/// `~/.aws/login/cache/<SHA-256 of the ARN>.json`
fn file(scene: &Scene, session: &str) -> Option<PathBuf> {
    let folder = scene.around.variable("AWS_LOGIN_CACHE_DIRECTORY").map(PathBuf::from);
    let folder = folder.or_else(|| Some(scene.around.home()?.join(".aws/login/cache")))?;
    Some(folder.join(format!("{}.json", hex(&Sha256::digest(session.trim())))))
}
