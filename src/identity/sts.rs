//! What we ask of STS: roles, with everything that profiles say of them, and who we are.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sdk_sts::Client;
use aws_sdk_sts::types::Credentials as Given;
use secrecy::{ExposeSecret, SecretString};

use super::facts::{Caller, Code, Trouble};
use super::failure::{Asked, refusal, told};
use super::scene::{Giver, Scene};
use super::section::Role;

/// Assumes a role with `credentials`, and with an MFA code if the role asks for one.
pub(super) async fn assume(
    scene: &Scene,
    role: &Role,
    credentials: Credentials,
    code: Option<&SecretString>,
) -> Result<Credentials, Trouble> {
    let wanted = role.mfa.as_ref().map(|serial| Code {
        serial: serial.clone(),
        profile: role.profile.clone(),
        role: role.arn.clone(),
    });
    let digits = match (&wanted, code) {
        (Some(wanted), None) => return Err(Trouble::CodeWanted(wanted.clone())),
        (Some(_), Some(code)) => Some(code.expose_secret().to_owned()),
        (None, _) => None,
    };
    let (config, host) = scene.sdk(Giver::Sts, &scene.region, Some(credentials))?;
    let call = Client::new(&config)
        .assume_role()
        .role_arn(&role.arn)
        .role_session_name(role.session_name.clone().unwrap_or_else(|| scene.session_name()))
        .set_external_id(role.external_id.clone())
        .set_source_identity(role.source_identity.clone())
        .set_duration_seconds(role.seconds)
        .set_serial_number(role.mfa.clone())
        .set_token_code(digits);
    let answer = call.send().await.map_err(|error| {
        let said = refusal(&error).map(|(_, message)| message).unwrap_or_default();
        let of_code = ["MultiFactorAuthentication", "tokenCode", "MFA"].iter().any(|word| said.contains(word));
        match wanted {
            Some(code) if of_code => Trouble::CodeRefused { code, why: said.to_owned() },
            _ => told(&Asked::new("sts:AssumeRole", Some(&role.arn), host), &error),
        }
    })?;
    given(answer.credentials, "AssumeRole")
}

/// Assumes a role with a token that somebody else has put into a file.
pub(super) async fn assume_with_token(
    scene: &Scene,
    file: &str,
    role: &str,
    session: Option<String>,
) -> Result<Credentials, Trouble> {
    let token = tokio::fs::read_to_string(file).await;
    let token =
        token.map_err(|error| Trouble::Other(format!("The web identity token {file} can't be read: {error}")))?;
    let (config, host) = scene.sdk(Giver::Sts, &scene.region, None)?;
    let call = Client::new(&config)
        .assume_role_with_web_identity()
        .role_arn(role)
        .role_session_name(session.unwrap_or_else(|| scene.session_name()))
        .web_identity_token(token.trim());
    let asked = Asked::new("sts:AssumeRoleWithWebIdentity", Some(role), host);
    let answer = call.send().await.map_err(|error| match refusal(&error) {
        Some((code, _)) if code.starts_with("ExpiredToken") => {
            Trouble::Other(format!("The web identity token in {file} has expired: whoever writes it has stopped"))
        }
        _ => told(&asked, &error),
    })?;
    given(answer.credentials, "WebIdentity")
}

/// Who we are.
pub(super) async fn caller(scene: &Scene, credentials: Credentials) -> Result<Caller, Trouble> {
    let (config, host) = scene.sdk(Giver::Sts, &scene.region, Some(credentials))?;
    let answer = Client::new(&config).get_caller_identity().send().await;
    let answer = answer.map_err(|error| told(&Asked::new("sts:GetCallerIdentity", None, host), &error))?;
    match (answer.account, answer.arn, answer.user_id) {
        (Some(account), Some(arn), Some(user_id)) => Ok(Caller { account, arn, user_id }),
        _ => Err(Trouble::Other("STS does not tell who we are: is this really STS?".to_owned())),
    }
}

fn given(given: Option<Given>, name: &'static str) -> Result<Credentials, Trouble> {
    let given = given.ok_or_else(|| Trouble::Other("STS gave no credentials: is this really STS?".to_owned()))?;
    let until = SystemTime::try_from(given.expiration).ok();
    Ok(Credentials::new(given.access_key_id, given.secret_access_key, Some(given.session_token), until, name))
}
