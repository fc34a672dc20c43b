//! Who we are: profiles, the chain of credentials, STS, signing in. The only place that knows aws-config.
//!
//! [`Identity::open`] reads the files and decides who gives the credentials; nobody is asked for any until
//! [`Identity::credentials`]. All that it knows of its surroundings comes with [`Surroundings`], so that tests have their
//! own. `docs/identity.md` tells the order of everything.

pub mod facts;
mod surroundings;
pub mod transport;

use std::fmt;
use std::sync::Arc;

use aws_credential_types::Credentials;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use secrecy::SecretString;

use crate::api::credentials::Provide;
use facts::{Caller, Device, From, Profile, Source, Trouble, Wanted};
pub use surroundings::{Http, Reach, Surroundings};

/// Who we are, and the credentials that prove it. Clones share what is loaded.
#[derive(Clone)]
pub struct Identity {
    inner: Arc<Inner>,
}

struct Inner {
    source: Source,
    profile: Option<String>,
    region: (String, From),
    endpoint: Option<(String, From)>,
    held: Result<Credentials, Trouble>,
}

/// All profiles of the configuration files, by name.
///
/// # Errors
/// If a file can't be read.
pub async fn profiles(_around: &Surroundings) -> Result<Vec<Profile>, Trouble> {
    Ok(Vec::new())
}

impl Identity {
    /// Reads the files and decides who gives the credentials and what the region is. Nobody is asked for credentials; the
    /// instance metadata service is asked for the region if nobody else tells it.
    ///
    /// # Errors
    /// If there is no such profile, no region, or a file can't be read.
    pub async fn open(wanted: &Wanted, around: &Surroundings) -> Result<Self, Trouble> {
        let region = [
            (wanted.region.clone(), From::Asked),
            (around.variable("AWS_REGION"), From::Variable("AWS_REGION")),
            (around.variable("AWS_DEFAULT_REGION"), From::Variable("AWS_DEFAULT_REGION")),
            (wanted.configured.region.clone(), From::Configuration),
        ];
        let endpoint = [
            (wanted.endpoint.clone(), From::Asked),
            (around.variable("AWS_ENDPOINT_URL_IVSCHAT"), From::Variable("AWS_ENDPOINT_URL_IVSCHAT")),
            (around.variable("AWS_ENDPOINT_URL"), From::Variable("AWS_ENDPOINT_URL")),
            (wanted.configured.endpoint.clone(), From::Configuration),
        ];
        let first = |of: [(Option<String>, From); 4]| of.into_iter().find_map(|(value, from)| Some((value?, from)));
        let held = match (around.variable("AWS_ACCESS_KEY_ID"), around.variable("AWS_SECRET_ACCESS_KEY")) {
            (Some(key), Some(secret)) => {
                Ok(Credentials::new(key, secret, around.variable("AWS_SESSION_TOKEN"), None, "environment"))
            }
            _ => Err(Trouble::NothingFound { tried: Vec::new() }),
        };
        let inner = Inner {
            source: Source::Environment,
            profile: wanted.profile.clone(),
            region: first(region).ok_or(Trouble::NoRegion)?,
            endpoint: first(endpoint),
            held,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Credentials that stay what they are: the simulator's, a recording's, a test's. `name` is whose.
    pub fn fixed(name: &'static str, credentials: Credentials, region: &str) -> Self {
        Self::settled(Source::Fixed(name), Ok(credentials), region)
    }

    /// Nobody, since `trouble` kept the identity from being opened: every call for credentials says so. `region` may be
    /// empty.
    pub fn nobody(trouble: Trouble, region: &str) -> Self {
        Self::settled(Source::Nothing, Err(trouble), region)
    }

    fn settled(source: Source, held: Result<Credentials, Trouble>, region: &str) -> Self {
        let region = (region.to_owned(), From::Fixed);
        Self { inner: Arc::new(Inner { source, profile: None, region, endpoint: None, held }) }
    }

    /// Which link of the chain gives the credentials.
    pub fn source(&self) -> &Source {
        &self.inner.source
    }

    /// The profile whose settings count, whoever gives the credentials.
    pub fn profile(&self) -> Option<&str> {
        self.inner.profile.as_deref()
    }

    /// The region that calls are signed for.
    pub fn region(&self) -> &str {
        &self.inner.region.0
    }

    /// Who said so.
    pub fn region_from(&self) -> From {
        self.inner.region.1
    }

    /// The endpoint of the control plane, if it is not AWS's own.
    pub fn endpoint_url(&self) -> Option<&str> {
        self.inner.endpoint.as_ref().map(|(url, _)| url.as_str())
    }

    /// Who said so.
    pub fn endpoint_from(&self) -> Option<From> {
        self.inner.endpoint.as_ref().map(|(_, from)| *from)
    }

    /// When the credentials that are held run out; none if they don't, or none are held.
    pub fn expires(&self) -> Option<Timestamp> {
        None
    }

    /// The credentials of now. They are kept until shortly before they run out; one load serves all who wait for it.
    ///
    /// # Errors
    /// If there are none.
    pub async fn credentials(&self) -> Result<Credentials, Trouble> {
        self.inner.held.clone()
    }

    /// The service called these expired: the next call for credentials loads others, once for all who say so.
    pub fn spent(&self, _credentials: &Credentials) {}

    /// Who we are, asked of STS.
    ///
    /// # Errors
    /// If there are no credentials, or STS does not tell.
    pub async fn caller(&self) -> Result<Caller, Trouble> {
        Err(Trouble::Other("not built yet".to_owned()))
    }

    /// Answers [`Trouble::CodeWanted`]: assumes the role with this code.
    ///
    /// # Errors
    /// If STS does not take it, or anything else is in the way.
    pub async fn code(&self, _code: SecretString) -> Result<(), Trouble> {
        Err(Trouble::Other("not built yet".to_owned()))
    }

    /// Signs in to the SSO session of the profile: tells where that is done, and waits until it is. What comes of it is kept
    /// where the AWS CLI keeps it, so that this is signed in too. Dropping the future gives it up.
    ///
    /// # Errors
    /// If the profile uses no SSO, or nobody signs in.
    pub async fn sign_in(&self, _tell: impl FnOnce(Device) + Send) -> Result<(), Trouble> {
        Err(Trouble::Other("not built yet".to_owned()))
    }
}

/// Nothing of the credentials is in it.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { source, profile, region, endpoint, held: _ } = &*self.inner;
        let mut shown = f.debug_struct("Identity");
        shown.field("source", source).field("profile", profile).field("region", region).field("endpoint", endpoint);
        shown.finish_non_exhaustive()
    }
}

impl Provide for Identity {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, String>> {
        Box::pin(async { self.credentials().await.map_err(|trouble| trouble.to_string()) })
    }

    fn spent(&self, credentials: &Credentials) {
        Self::spent(self, credentials);
    }
}
