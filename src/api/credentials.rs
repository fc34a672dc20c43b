//! Where a client gets the credentials that it signs with: asked for each attempt, since they may run out.

use std::fmt;
use std::sync::Arc;

use aws_credential_types::Credentials;
use futures_util::future::BoxFuture;

/// Gives credentials. It keeps them until they run out: a client asks before every attempt.
pub trait Provide: fmt::Debug + Send + Sync {
    /// The credentials of now; or why there are none and what to do about it, in words for [`ErrorKind::Unsigned`].
    ///
    /// [`ErrorKind::Unsigned`]: super::ErrorKind::Unsigned
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, String>>;

    /// The service called these expired: they are not given again, unless there are no others. Said of credentials that
    /// are not given any more, it means nothing, so that many calls which fail at once ask for new ones once.
    fn spent(&self, credentials: &Credentials);
}

/// Somebody who gives credentials; clones ask the same one.
#[derive(Debug, Clone)]
pub struct Provider(Arc<dyn Provide>);

impl Provider {
    /// Credentials from `source`.
    pub fn new(source: impl Provide + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// The credentials of now, as [`Provide::provide`].
    ///
    /// # Errors
    /// If there are none: why, and what helps.
    pub async fn provide(&self) -> Result<Credentials, String> {
        self.0.provide().await
    }

    /// The service called these expired, as [`Provide::spent`].
    pub fn spent(&self, credentials: &Credentials) {
        self.0.spent(credentials);
    }
}

/// Credentials that stay what they are.
#[derive(Debug)]
struct Fixed(Credentials);

impl Provide for Fixed {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, String>> {
        Box::pin(async { Ok(self.0.clone()) })
    }

    fn spent(&self, _: &Credentials) {}
}

impl From<Credentials> for Provider {
    fn from(credentials: Credentials) -> Self {
        Self::new(Fixed(credentials))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn fixed_credentials_stay_what_they_are_and_show_no_secret() {
        let credentials = Credentials::from_keys("AKIDEXAMPLE", "hidden-secret", Some("hidden-token".into()));
        let provider = Provider::from(credentials.clone());
        provider.spent(&credentials);
        assert_eq!(provider.provide().await.unwrap(), credentials);
        assert!(!format!("{provider:?}").contains("hidden"), "{provider:?}");
    }
}
