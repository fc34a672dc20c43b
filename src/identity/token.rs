//! The file of an SSO session's token, in the form and place that the AWS CLI and the SDKs share.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use super::hex::hex;
use super::surroundings::Surroundings;

/// A signed-in session.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) start_url: String,
    pub(super) region: String,
    pub(super) access: SecretString,
    pub(super) expires: Timestamp,
    /// What it is refreshed with; profiles in the old form have none.
    pub(super) renewal: Option<Renewal>,
}

/// What a token is refreshed with.
#[derive(Debug, Clone)]
pub(super) struct Renewal {
    pub(super) client_id: String,
    pub(super) client_secret: SecretString,
    pub(super) client_expires: Timestamp,
    pub(super) refresh: SecretString,
}

/// As it is in the file. It has no `Debug` on purpose.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    access_token: String,
    expires_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    registration_expires_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// The file of the session or start URL `key`: `~/.aws/sso/cache/<SHA-1 of it>.json`.
pub(super) fn place(around: &Surroundings, key: &str) -> Option<PathBuf> {
    Some(around.home()?.join(".aws/sso/cache").join(format!("{}.json", hex(&Sha1::digest(key)))))
}

/// Reads a token; none if nobody has ever signed in. What is in a file that can't be read is not told.
pub(super) fn read(path: &Path) -> io::Result<Option<Token>> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let invalid = || io::Error::new(io::ErrorKind::InvalidData, "it is not the token of an SSO session");
    let written: Written = serde_json::from_slice(&text).map_err(|_| invalid())?;
    let expires = time(&written.expires_at).ok_or_else(invalid)?;
    let until = written.registration_expires_at.as_deref().and_then(time);
    let renewal = match (written.client_id, written.client_secret, until, written.refresh_token) {
        (Some(client_id), Some(client_secret), Some(client_expires), Some(refresh)) => {
            Some(Renewal { client_id, client_secret: client_secret.into(), client_expires, refresh: refresh.into() })
        }
        _ => None,
    };
    Ok(Some(Token {
        start_url: written.start_url.unwrap_or_default(),
        region: written.region.unwrap_or_default(),
        access: written.access_token.into(),
        expires,
        renewal,
    }))
}

/// A time as the AWS CLI has written it in its various ages.
fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| text.strip_suffix("UTC")?.parse::<jiff::civil::DateTime>().ok().and_then(utc))
}

fn utc(time: jiff::civil::DateTime) -> Option<Timestamp> {
    time.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|time| time.timestamp())
}

/// Writes a token: all of it or nothing, for its owner only.
pub(super) fn write(path: &Path, token: &Token) -> io::Result<()> {
    let whole = |time: Timestamp| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let renewal = token.renewal.as_ref();
    let written = Written {
        start_url: Some(token.start_url.clone()),
        region: Some(token.region.clone()),
        access_token: token.access.expose_secret().to_owned(),
        expires_at: whole(token.expires),
        client_id: renewal.map(|renewal| renewal.client_id.clone()),
        client_secret: renewal.map(|renewal| renewal.client_secret.expose_secret().to_owned()),
        registration_expires_at: renewal.map(|renewal| whole(renewal.client_expires)),
        refresh_token: renewal.map(|renewal| renewal.refresh.expose_secret().to_owned()),
    };
    let folder = path.parent().ok_or_else(|| io::Error::other("no folder"))?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // A temporary file is made with 0600, whatever the umask.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&serde_json::to_vec(&written)?)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn token() -> Token {
        Token {
            start_url: "https://corp.awsapps.com/start".into(),
            region: "us-east-1".into(),
            access: "hidden-access".to_owned().into(),
            expires: "2026-11-21T12:00:00.5Z".parse().unwrap(),
            renewal: Some(Renewal {
                client_id: "client".into(),
                client_secret: "hidden-secret".to_owned().into(),
                client_expires: "2027-01-01T00:00:00Z".parse().unwrap(),
                refresh: "hidden-refresh".to_owned().into(),
            }),
        }
    }

    #[test]
    fn a_token_is_written_as_the_aws_cli_does_it_and_for_its_owner_only() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(".aws/sso/cache/x.json");
        assert!(read(&path).unwrap().is_none());
        write(&path, &token()).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let expected = serde_json::json!({
            "startUrl": "https://corp.awsapps.com/start",
            "region": "us-east-1",
            "accessToken": "hidden-access",
            "expiresAt": "2026-11-21T12:00:00Z",
            "clientId": "client",
            "clientSecret": "hidden-secret",
            "registrationExpiresAt": "2027-01-01T00:00:00Z",
            "refreshToken": "hidden-refresh",
        });
        assert_eq!(text, expected.to_string());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        let again = read(&path).unwrap().unwrap();
        assert!(again.renewal.is_some() && !format!("{again:?}").contains("hidden"), "{again:?}");
    }

    #[test]
    fn tokens_of_older_versions_are_read_and_broken_ones_are_not_told() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("x.json");
        fs::write(&path, r#"{"accessToken":"t","expiresAt":"2026-11-21T12:00:00UTC","startUrl":"u"}"#).unwrap();
        let token = read(&path).unwrap().unwrap();
        assert_eq!((token.expires.to_string().as_str(), token.renewal.is_none()), ("2026-11-21T12:00:00Z", true));
        fs::write(&path, r#"{"accessToken":["hidden"],"expiresAt":"hidden"}"#).unwrap();
        assert!(!format!("{:?}", read(&path).unwrap_err()).contains("hidden"));
    }

    #[test]
    fn the_file_s_name_is_that_of_the_aws_cli() {
        let around = Surroundings {
            variables: std::sync::Arc::new([("HOME".to_owned(), "/home/x".to_owned())].into()),
            http: crate::identity::transport::usual(),
            now: std::sync::Arc::new(Timestamp::now),
            host: String::new(),
        };
        // SHA-1 of "corp".
        let name = place(&around, "corp").unwrap();
        assert!(name.ends_with(".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"), "{}", name.display());
    }
}
