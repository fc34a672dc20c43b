//! Who we are: profiles, the chain of credentials, STS, signing in. The only place that knows aws-config.
//!
//! [`Identity::open`] reads the files and decides who gives the credentials; nobody is asked for any until
//! [`Identity::credentials`]. All that it knows of its surroundings comes with [`Surroundings`], so that tests have
//! their own. `docs/identity.md` tells the order of everything.

mod cache;
mod chain;
mod endpoint;
pub mod facts;
mod failure;
mod hex;
mod load;
mod login;
mod place;
mod process;
mod profiles;
mod scene;
mod section;
mod sign_in;
mod sso;
mod sts;
mod surroundings;
mod token;
pub mod transport;

use std::fmt;
use std::sync::Arc;

use aws_credential_types::Credentials;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use secrecy::SecretString;

use crate::api::credentials::Provide;
use cache::Cache;
use chain::Link;
use facts::{Caller, Device, From, Profile, Source, Trouble, Wanted};
use profiles::Files;
use scene::Scene;
use section::Base;
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
    holder: Holder,
}

/// Who holds the credentials.
enum Holder {
    /// They stay what they are.
    Fixed(Credentials),
    /// There are none.
    Nobody(Trouble),
    /// A link of the chain gives them.
    Chain(Chain),
}

/// The link that gives the credentials, and those that it gave.
struct Chain {
    giver: Giver,
    cache: Cache,
}

/// What a load needs, from which the files are read anew each time: they may have been corrected meanwhile.
#[derive(Clone)]
struct Giver {
    link: Link,
    profile: Option<String>,
    region: String,
    around: Surroundings,
}

impl Giver {
    async fn scene(&self) -> Result<Scene, Trouble> {
        let files = Files::read(&self.around, self.profile.as_deref()).await?;
        Ok(Scene { around: self.around.clone(), files, region: self.region.clone() })
    }

    async fn load(&self, code: Option<&SecretString>) -> Result<Credentials, Trouble> {
        load::load(&self.scene().await?, &self.link, code).await
    }
}

/// All profiles of the configuration files, by name.
///
/// # Errors
/// If a file can't be read.
pub async fn profiles(around: &Surroundings) -> Result<Vec<Profile>, Trouble> {
    Ok(Files::read(around, None).await?.all())
}

impl Identity {
    /// Reads the files and decides who gives the credentials and what the region is. Nobody is asked for credentials;
    /// the instance metadata service is asked for the region if nobody else tells it.
    ///
    /// # Errors
    /// If there is no such profile, no region, or a file can't be read.
    pub async fn open(wanted: &Wanted, around: &Surroundings) -> Result<Self, Trouble> {
        let files = Files::read(around, wanted.profile.as_deref()).await?;
        let link = chain::link(wanted, around, &files)?;
        let profile = Some(files.selected().to_owned()).filter(|name| files.section(name).is_some());
        let scene = Scene { around: around.clone(), files, region: String::new() };
        let endpoint = place::endpoint(wanted, &scene);
        let region = place::region(wanted, &scene, endpoint.is_some()).await?;
        let giver = Giver { link, profile: wanted.profile.clone(), region: region.0.clone(), around: around.clone() };
        let source = giver.link.source();
        let load: cache::Load = {
            let giver = giver.clone();
            Arc::new(move || {
                let giver = giver.clone();
                Box::pin(async move { giver.load(None).await })
            })
        };
        let holder = Holder::Chain(Chain { giver, cache: Cache::new(load, around.now.clone()) });
        Ok(Self { inner: Arc::new(Inner { source, profile, region, endpoint, holder }) })
    }

    /// Credentials that stay what they are: the simulator's, a recording's, a test's. `name` is whose.
    pub fn fixed(name: &'static str, credentials: Credentials, region: &str) -> Self {
        Self::settled(Source::Fixed(name), Holder::Fixed(credentials), region)
    }

    /// Nobody, since `trouble` kept the identity from being opened: every call for credentials says so. `region` may be
    /// empty.
    pub fn nobody(trouble: Trouble, region: &str) -> Self {
        Self::settled(Source::Nothing, Holder::Nobody(trouble), region)
    }

    fn settled(source: Source, holder: Holder, region: &str) -> Self {
        let region = (region.to_owned(), From::Fixed);
        Self { inner: Arc::new(Inner { source, profile: None, region, endpoint: None, holder }) }
    }

    /// The chain, or what to say if there is none.
    fn chain(&self) -> Result<&Chain, Trouble> {
        match &self.inner.holder {
            Holder::Chain(chain) => Ok(chain),
            Holder::Nobody(trouble) => Err(trouble.clone()),
            Holder::Fixed(_) => Err(Trouble::Other("These credentials come from nobody who could be asked".to_owned())),
        }
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
        match &self.inner.holder {
            Holder::Fixed(credentials) => cache::expiry(credentials),
            Holder::Nobody(_) => None,
            Holder::Chain(chain) => chain.cache.expires(),
        }
    }

    /// The credentials of now. They are kept until shortly before they run out; one load serves all who wait for it.
    ///
    /// # Errors
    /// If there are none.
    pub async fn credentials(&self) -> Result<Credentials, Trouble> {
        match &self.inner.holder {
            Holder::Fixed(credentials) => Ok(credentials.clone()),
            Holder::Nobody(trouble) => Err(trouble.clone()),
            Holder::Chain(chain) => chain.cache.get().await,
        }
    }

    /// The service called these expired: the next call for credentials loads others, once for all who say so.
    pub fn spent(&self, credentials: &Credentials) {
        match &self.inner.holder {
            Holder::Chain(chain) => chain.cache.spent(credentials),
            Holder::Fixed(_) | Holder::Nobody(_) => {}
        }
    }

    /// Who we are, asked of STS. Credentials that STS calls expired are loaded anew once.
    ///
    /// # Errors
    /// If there are no credentials, or STS does not tell.
    pub async fn caller(&self) -> Result<Caller, Trouble> {
        let chain = self.chain()?;
        let credentials = self.credentials().await?;
        let scene = chain.giver.scene().await?;
        match sts::caller(&scene, credentials.clone()).await {
            Err(Trouble::Expired { since }) => {
                self.spent(&credentials);
                let others = self.credentials().await?;
                if others == credentials {
                    return Err(Trouble::Expired { since });
                }
                sts::caller(&scene, others).await
            }
            told => told,
        }
    }

    /// Answers [`Trouble::CodeWanted`]: assumes the role with this code.
    ///
    /// # Errors
    /// If STS does not take it, or anything else is in the way.
    pub async fn code(&self, code: SecretString) -> Result<(), Trouble> {
        let chain = self.chain()?;
        let credentials = chain.giver.load(Some(&code)).await?;
        chain.cache.put(credentials);
        Ok(())
    }

    /// Signs in to the SSO session of the profile: tells where that is done, and waits until it is. What comes of it
    /// is kept where the AWS CLI keeps it, so that this is signed in too. Dropping the future gives it up.
    ///
    /// # Errors
    /// If the profile uses no SSO, or nobody signs in.
    pub async fn sign_in(&self, tell: impl FnOnce(Device) + Send) -> Result<(), Trouble> {
        let chain = self.chain()?;
        let scene = chain.giver.scene().await?;
        let base = match &chain.giver.link {
            Link::Profile(name) => Some(chain::steps(&scene.files, name)?.base),
            Link::Environment | Link::WebIdentity | Link::Container | Link::Instance { .. } => None,
        };
        let Some(Base::Sso(sso)) = base else {
            return Err(Trouble::Other("There is nothing to sign in to: these credentials use no SSO".to_owned()));
        };
        sign_in::sign_in(&scene, &sso, tell).await?;
        chain.cache.forget();
        Ok(())
    }
}

/// Nothing of the credentials is in it.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { source, profile, region, endpoint, holder: _ } = &*self.inner;
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
