//! Carries out what the console wants done about who it is: opens identities, makes clients for them, signs in.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinSet};

use crate::api::client::Client;
use crate::app::Msg;
use crate::app::identity::{Ask, Generation, Lasting, Opened, Told};
use crate::identity::facts::{Trouble, Wanted};
use crate::identity::{self, Identity, Surroundings};

use super::jobs::Jobs;

/// Who the console may become.
#[derive(Debug, Clone)]
pub enum Whose {
    /// This one, whatever is asked for: the simulator's, a recording's, a test's.
    Fixed(Identity),
    /// Whomever the environment and the files of profiles tell of.
    Chain(Surroundings),
}

/// What the service is reached through, as somebody.
#[derive(Debug, Clone)]
pub struct Reached {
    /// Who.
    pub identity: Identity,
    /// The control plane. It is read-only until the console says otherwise.
    pub client: Client,
    /// The endpoint of the control plane, if it is not the region's own.
    pub endpoint: Option<String>,
    /// The messaging API's URL.
    pub messaging: String,
}

/// Makes clients for an identity: the one place where endpoints and the network are decided.
pub type Connect = Arc<dyn Fn(Identity) -> Result<Reached, Trouble> + Send + Sync>;

/// How the console becomes somebody.
#[derive(Clone)]
pub struct Doors {
    /// Who it may become.
    pub whose: Whose,
    /// What the service is reached through then.
    pub connect: Connect,
}

impl fmt::Debug for Doors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Doors").field("whose", &self.whose).finish_non_exhaustive()
    }
}

impl Doors {
    /// Reads the files, and makes clients for whom they tell of.
    ///
    /// # Errors
    /// If there is no such profile, no region, or the endpoint can't be used.
    pub async fn open(self, wanted: Wanted) -> Result<Reached, Trouble> {
        let identity = match self.whose {
            Whose::Fixed(identity) => identity,
            Whose::Chain(around) => match Identity::open(&wanted, &around).await {
                Err(Trouble::NoRegion) if is_undecided(&wanted, &around).await => return Err(undecided()),
                opened => opened?,
            },
        };
        (self.connect)(identity)
    }
}

/// Whether nobody has said who to be, although there are profiles: then it is one of them that is missing, not a region.
async fn is_undecided(wanted: &Wanted, around: &Surroundings) -> bool {
    let said = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID"];
    if wanted.profile.is_some() || said.iter().any(|name| around.variable(name).is_some()) {
        return false;
    }
    let profiles = identity::profiles(around).await.unwrap_or_default();
    !profiles.is_empty() && !profiles.iter().any(|profile| profile.name == "default")
}

fn undecided() -> Trouble {
    let tried = ["neither --profile nor AWS_PROFILE is given", "no profile is called \"default\""];
    Trouble::NothingFound { tried: tried.map(ToOwned::to_owned).to_vec() }
}

/// Who the console is, and what is being done about it.
pub(super) struct Being {
    doors: Doors,
    pub(super) generation: Generation,
    /// What was opened last in this generation.
    pub(super) reached: Option<Reached>,
    /// What is being opened.
    opening: JoinSet<(Generation, Result<Reached, Trouble>)>,
    signing_in: Option<AbortHandle>,
}

impl Being {
    pub(super) fn new(doors: Doors) -> Self {
        let (generation, opening) = (Generation::default(), JoinSet::new());
        Self { doors, generation, reached: None, opening, signing_in: None }
    }

    fn open(&mut self, generation: Generation, wanted: Wanted) {
        // Whoever was to be opened before is not wanted any more.
        self.opening = JoinSet::new();
        let opening = self.doors.clone().open(wanted);
        self.opening.spawn(async move { (generation, opening.await) });
    }

    /// Waits for what is being opened; for ever if nothing is.
    pub(super) async fn opened(&mut self) -> Msg {
        match self.opening.join_next().await {
            None => std::future::pending().await,
            Some(Err(bug)) => Msg::Broken(bug.to_string()),
            Some(Ok((generation, Ok(reached)))) => {
                let opened = Opened {
                    source: reached.identity.source().clone(),
                    region: reached.identity.region().to_owned(),
                    region_from: reached.identity.region_from(),
                    endpoint: reached.endpoint.clone(),
                };
                if generation == self.generation {
                    self.reached = Some(reached);
                }
                Msg::Identity(generation, Told::Opened(Ok(opened)))
            }
            Some(Ok((generation, Err(trouble)))) => Msg::Identity(generation, Told::Opened(Err(trouble))),
        }
    }

    /// Whether STS is to be asked who we are: not for an endpoint on this machine, whose keys are not AWS's, unless it is said
    /// where STS is.
    fn has_sts(&self, client: &Client) -> bool {
        let Whose::Chain(around) = &self.doors.whose else { return false };
        let is_told = ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"].iter().any(|name| around.variable(name).is_some());
        is_told || !client.settings().endpoint.is_loopback()
    }
}

impl Jobs {
    /// Does what the console wants done about who it is.
    pub(super) fn identity(&mut self, ask: Ask) {
        match ask {
            Ask::Become(generation, wanted) => {
                self.forget_identity(generation);
                self.being.open(generation, *wanted);
            }
            Ask::Again(generation, wanted) => self.being.open(generation, *wanted),
            Ask::Look(_) => self.with_identity(Told::Credentials, |identity| async move {
                identity.credentials().await?;
                Ok(Lasting { until: identity.expires() })
            }),
            Ask::Caller(_) => {
                let reached = self.being.reached.as_ref();
                if reached.is_some_and(|reached| self.being.has_sts(&reached.client)) {
                    self.with_identity(Told::Caller, |identity| async move { identity.caller().await });
                }
            }
            Ask::SignIn(generation) => self.sign_in(generation),
            Ask::GiveUp => {
                if let Some(signing_in) = self.being.signing_in.take() {
                    signing_in.abort();
                }
            }
            Ask::Code(_, code) => self.code(code),
            Ask::Profiles(generation) => {
                let whose = self.being.doors.whose.clone();
                self.bind(async move {
                    let profiles = match whose {
                        Whose::Fixed(_) => Ok(Vec::new()),
                        Whose::Chain(around) => identity::profiles(&around).await,
                    };
                    Msg::Identity(generation, Told::Profiles(profiles))
                });
            }
            Ask::ReadOnly(on) => {
                if let Some(reached) = &self.being.reached {
                    reached.client.settings().read_only.set(on);
                }
            }
        }
    }

    /// Somebody else from now on: calls, timers and connections of whom it was come to an end. Changes that are on their way
    /// are not cut off, so that the journal has what came of them.
    fn forget_identity(&mut self, generation: Generation) {
        self.bound = JoinSet::new();
        self.mouths.clear();
        for (_, stop) in self.stops.drain() {
            stop.cancel();
        }
        self.being.generation = generation;
        self.being.reached = None;
        self.being.signing_in = None;
    }

    /// Asks the identity for something, and tells what came of it.
    fn with_identity<T, F>(&mut self, told: fn(Result<T, Trouble>) -> Told, ask: impl FnOnce(Identity) -> F)
    where
        F: Future<Output = Result<T, Trouble>> + Send + 'static,
        T: Send + 'static,
    {
        let generation = self.being.generation;
        match &self.being.reached {
            Some(reached) => {
                let asking = ask(reached.identity.clone());
                self.bind(async move { Msg::Identity(generation, told(asking.await)) });
            }
            None => self.tell(Msg::Identity(generation, told(Err(Trouble::Other(NOT_OPEN.to_owned()))))),
        }
    }

    fn code(&mut self, code: SecretString) {
        self.with_identity(Told::Code, |identity| async move { identity.code(code).await });
    }

    /// Signs in: where, is told by one task, and whether it worked, by another, which can be given up.
    fn sign_in(&mut self, generation: Generation) {
        let (tell, told) = oneshot::channel();
        self.bind(async move {
            match told.await {
                Ok(device) => Msg::Identity(generation, Told::Device(device)),
                // It ended before that was known: the other task says why.
                Err(_) => std::future::pending().await,
            }
        });
        let identity = self.being.reached.as_ref().map(|reached| reached.identity.clone());
        let signing_in = self.bind(async move {
            let signed_in = match identity {
                // Nobody may be there to be told any more.
                Some(identity) => identity.sign_in(|device| drop(tell.send(device))).await,
                None => Err(Trouble::Other(NOT_OPEN.to_owned())),
            };
            Msg::Identity(generation, Told::SignedIn(signed_in))
        });
        self.being.signing_in = Some(signing_in);
    }
}

/// Why nothing can be asked of an identity that could not be opened.
pub(super) const NOT_OPEN: &str = "there is no identity yet: C-r tries again, :profile picks one";
