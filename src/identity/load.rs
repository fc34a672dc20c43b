//! One load of credentials: from where they begin, through every role.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use jiff::Timestamp;
use secrecy::SecretString;

use super::chain::{self, Link};
use super::facts::Trouble;
use super::scene::Scene;
use super::section::Base;
use super::{endpoint, login, process, sso, sts};

/// Loads the credentials of `link`. A code, if there is one, is for the first role that asks for one.
pub(super) async fn load(scene: &Scene, link: &Link, code: Option<&SecretString>) -> Result<Credentials, Trouble> {
    let loaded = match link {
        Link::Environment => environment(scene),
        Link::Profile(name) => profile(scene, name, code).await,
        Link::WebIdentity => web_identity(scene).await,
        Link::Container => endpoint::container(scene).await,
        Link::Instance { tried, disabled: true } => Err(Trouble::NothingFound { tried: tried.clone() }),
        Link::Instance { tried, disabled: false } => endpoint::instance(scene).await.map_err(|why| {
            let mut tried = tried.clone();
            tried.push(format!("Instance: {why}"));
            Trouble::NothingFound { tried }
        }),
    }?;
    let until = loaded.expiry().and_then(|until| Timestamp::try_from(until).ok());
    match until {
        Some(until) if until <= (scene.around.now)() => Err(Trouble::Expired { since: Some(until) }),
        _ => Ok(loaded),
    }
}

fn environment(scene: &Scene) -> Result<Credentials, Trouble> {
    let variable = |name: &str| scene.around.variable(name);
    let half = |missing: &str| Trouble::HalfProfile { profile: None, missing: missing.to_owned(), place: None };
    let key = variable("AWS_ACCESS_KEY_ID").ok_or_else(|| half("AWS_ACCESS_KEY_ID"))?;
    let secret = variable("AWS_SECRET_ACCESS_KEY").ok_or_else(|| half("AWS_SECRET_ACCESS_KEY"))?;
    // What `aws configure export-credentials --format env` sets besides.
    let until = variable("AWS_CREDENTIAL_EXPIRATION").and_then(|until| until.parse::<Timestamp>().ok());
    let until = until.map(SystemTime::from);
    Ok(Credentials::new(key, secret, variable("AWS_SESSION_TOKEN"), until, "Environment"))
}

async fn web_identity(scene: &Scene) -> Result<Credentials, Trouble> {
    let variable = |name: &str| {
        let value = scene.around.variable(name);
        value.ok_or_else(|| Trouble::HalfProfile { profile: None, missing: name.to_owned(), place: None })
    };
    let (file, role) = (variable("AWS_WEB_IDENTITY_TOKEN_FILE")?, variable("AWS_ROLE_ARN")?);
    sts::assume_with_token(scene, &file, &role, scene.around.variable("AWS_ROLE_SESSION_NAME")).await
}

async fn profile(scene: &Scene, name: &str, code: Option<&SecretString>) -> Result<Credentials, Trouble> {
    let steps = chain::steps(&scene.files, name)?;
    let mut credentials = base(scene, &steps.base).await?;
    let mut code = code;
    for role in &steps.roles {
        credentials = sts::assume(scene, role, credentials, code).await?;
        if role.mfa.is_some() {
            // It works once.
            code = None;
        }
    }
    Ok(credentials)
}

async fn base(scene: &Scene, base: &Base) -> Result<Credentials, Trouble> {
    match base {
        Base::Static(name) => keys(scene, name),
        Base::Sso(sso) => sso::credentials(scene, sso).await,
        Base::Login { profile, session } => login::credentials(scene, profile, session).await,
        Base::Process { profile, command } => process::credentials(&scene.around, profile, &command.0).await,
        Base::WebIdentity { file, role, session } => sts::assume_with_token(scene, file, role, session.clone()).await,
        Base::Environment => environment(scene),
        Base::Container => endpoint::container(scene).await,
        Base::Instance => endpoint::instance(scene)
            .await
            .map_err(|why| Trouble::Unreachable { host: "the instance metadata service".to_owned(), why }),
    }
}

fn keys(scene: &Scene, name: &str) -> Result<Credentials, Trouble> {
    let section = scene.files.known(name)?;
    let text = |key: &str| section.get(key).map(ToOwned::to_owned);
    let half = |missing: &str| Trouble::HalfProfile {
        profile: Some(name.to_owned()),
        missing: missing.to_owned(),
        place: scene.files.place(name),
    };
    let key = text("aws_access_key_id").ok_or_else(|| half("aws_access_key_id"))?;
    let secret = text("aws_secret_access_key").ok_or_else(|| half("aws_secret_access_key"))?;
    Ok(Credentials::new(key, secret, text("aws_session_token"), None, "Profile"))
}
