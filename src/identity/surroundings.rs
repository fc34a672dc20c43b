//! What the identity knows of the world: variables, how to reach others, the time, and who sits here.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

/// How somebody is to be reached, for whoever builds the HTTP client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reach {
    /// Whether the way leads through no proxy: this machine, and what only this machine can reach, such as the instance
    /// metadata service. A proxy would tell its own identity.
    pub direct: bool,
    /// For name, connection and TLS together.
    pub connect: Option<Duration>,
    /// From the request until its answer begins, and for each piece of it.
    pub read: Option<Duration>,
}

/// Builds an HTTP client: the one place where proxies and certificates are decided. It may read files.
pub type Http = Arc<dyn Fn(Reach) -> Result<reqwest::Client, String> + Send + Sync>;

/// What the identity knows of the world.
#[derive(Clone)]
pub struct Surroundings {
    /// The environment's variables.
    pub variables: Arc<HashMap<String, String>>,
    /// How to build a client.
    pub http: Http,
    /// The time.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// The machine's name, for the names of sessions.
    pub host: String,
}

impl Surroundings {
    /// Those of this process; `http` builds clients.
    pub fn of_process(http: Http) -> Self {
        // What is not UTF-8 can be no setting of AWS.
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?)).filter(|(_, value)| !value.is_empty())
        });
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        Self { variables: Arc::new(variables.collect()), http, now: Arc::new(Timestamp::now), host }
    }

    /// A variable that is set to something.
    pub fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).filter(|value| !value.is_empty()).cloned()
    }

    /// The profile that the environment names.
    pub(super) fn named_profile(&self) -> Option<String> {
        self.variable("AWS_PROFILE").or_else(|| self.variable("AWS_DEFAULT_PROFILE"))
    }

    /// The folder that `~` stands for.
    pub(super) fn home(&self) -> Option<PathBuf> {
        self.variable("HOME").or_else(|| self.variable("USERPROFILE")).map(PathBuf::from)
    }

    /// Who sits here, as the environment tells.
    pub(super) fn user(&self) -> String {
        self.variable("USER").or_else(|| self.variable("LOGNAME")).unwrap_or_else(|| "somebody".to_owned())
    }
}

/// No variable is shown: secrets are among them.
impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").field("host", &self.host).finish_non_exhaustive()
    }
}
