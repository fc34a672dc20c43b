//! The keys that the simulator knows: pretend ones, published here, so that anybody's client can sign with them.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

/// Access key of the credentials that last forever, as AWS's own examples spell it.
pub const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
/// Secret key of [`ACCESS_KEY_ID`].
pub const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// Access key of temporary credentials that are good for as long as the server runs.
pub const TEMPORARY_ACCESS_KEY_ID: &str = "ASIAIOSFODNN7EXAMPLE";
/// Secret key of [`TEMPORARY_ACCESS_KEY_ID`].
pub const TEMPORARY_SECRET_ACCESS_KEY: &str = "temporary/K7MDENG/bPxRfiCYEXAMPLEKEY0000";
/// Session token that goes with [`TEMPORARY_ACCESS_KEY_ID`].
pub const TEMPORARY_SESSION_TOKEN: &str = "AQoDYXdzEJr-simulator-temporary-EXAMPLE";

/// Access key of temporary credentials that ran out long ago.
pub const EXPIRED_ACCESS_KEY_ID: &str = "ASIAI44QH8DHBEXAMPLE";
/// Secret key of [`EXPIRED_ACCESS_KEY_ID`].
pub const EXPIRED_SECRET_ACCESS_KEY: &str = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY";
/// Session token that goes with [`EXPIRED_ACCESS_KEY_ID`].
pub const EXPIRED_SESSION_TOKEN: &str = "AQoDYXdzEJr-simulator-expired-EXAMPLE";

/// A key pair that the simulator accepts. `Debug` shows neither the secret key nor the session token.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The public half.
    pub access_key_id: String,
    /// The secret half.
    pub secret_access_key: SecretString,
    /// What temporary credentials have besides.
    pub session: Option<Session>,
}

/// What makes credentials temporary.
#[derive(Debug, Clone)]
pub struct Session {
    /// Must come with every request in `x-amz-security-token`.
    pub token: SecretString,
    /// From when on requests are refused with `ExpiredTokenException`; never, if there is none.
    pub expires: Option<Timestamp>,
}

impl Credentials {
    /// Credentials that last forever.
    pub fn lasting(access_key_id: &str, secret_access_key: &str) -> Self {
        Self { access_key_id: access_key_id.to_owned(), secret_access_key: secret_access_key.into(), session: None }
    }

    /// Credentials with a session token.
    pub fn temporary(
        access_key_id: &str,
        secret_access_key: &str,
        session_token: &str,
        expires: Option<Timestamp>,
    ) -> Self {
        let session = Some(Session { token: session_token.into(), expires });
        Self { session, ..Self::lasting(access_key_id, secret_access_key) }
    }

    /// The three published pairs: lasting, temporary, and expired.
    pub fn published() -> Vec<Self> {
        let expired = Some(Timestamp::UNIX_EPOCH);
        vec![
            Self::lasting(ACCESS_KEY_ID, SECRET_ACCESS_KEY),
            Self::temporary(TEMPORARY_ACCESS_KEY_ID, TEMPORARY_SECRET_ACCESS_KEY, TEMPORARY_SESSION_TOKEN, None),
            Self::temporary(EXPIRED_ACCESS_KEY_ID, EXPIRED_SECRET_ACCESS_KEY, EXPIRED_SESSION_TOKEN, expired),
        ]
    }

    /// Whether `token` is what these credentials need with them: theirs if they are temporary, else none.
    pub(super) fn goes_with(&self, token: Option<&str>) -> bool {
        match (&self.session, token) {
            (Some(session), Some(token)) => session.token.expose_secret() == token,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// Whether these credentials have run out by `now`.
    pub(super) fn are_expired(&self, now: Timestamp) -> bool {
        self.session.as_ref().and_then(|session| session.expires).is_some_and(|expires| expires <= now)
    }
}
