//! A machine for one test: a home, variables, a clock; and a simulator that knows the keys of every kind.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ivschat::api::client::Client;
use ivschat::api::credentials::Provider;
use ivschat::api::ops::ListRooms;
use ivschat::api::{Error, Settings};
use ivschat::identity::facts::{Trouble, Wanted};
use ivschat::identity::{Identity, Surroundings, transport};
use ivschat::simulator::script::Script;
use ivschat::simulator::server::credentials::Credentials;
use ivschat::simulator::server::{Options, Running, Server};
use ivschat::simulator::world::Setup;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::fake::keys;

/// All kinds of credentials that a fake hands out or a test writes down.
pub(crate) const KINDS: [&str; 9] = ["env", "static", "role", "web", "sso", "login", "process", "container", "imds"];

/// A machine.
pub(crate) struct World {
    /// It lasts as long as whoever was opened on this machine.
    home: Arc<TempDir>,
    variables: HashMap<String, String>,
    /// Seconds that the clock is ahead.
    ahead: Arc<AtomicI64>,
}

impl World {
    /// A machine with an empty home in `us-west-2`, where nobody asks the real metadata service.
    pub(crate) fn new() -> Self {
        let home = Arc::new(TempDir::new().unwrap());
        let path = std::env::var("PATH").unwrap();
        let home_path = home.path().display().to_string();
        let variables = [
            ("HOME", home_path.as_str()),
            ("PATH", &path),
            ("USER", "nadia"),
            ("AWS_REGION", "us-west-2"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { home, variables, ahead: Arc::default() }
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn unset(mut self, name: &str) -> Self {
        self.variables.remove(name);
        self
    }

    /// All services that give credentials are at this URL.
    pub(crate) fn served_by(self, url: &str) -> Self {
        let at = |world: Self, name: &str| world.set(&format!("AWS_ENDPOINT_URL_{name}"), url);
        ["STS", "SSO", "SSO_OIDC"].into_iter().fold(self, at)
    }

    /// A file in the home.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn config(self, text: &str) -> Self {
        self.file(".aws/config", text)
    }

    pub(crate) fn keys_file(self, text: &str) -> Self {
        self.file(".aws/credentials", text)
    }

    /// A script that can be run, in `bin`; its path.
    pub(crate) fn script(self, name: &str, text: &str) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let world = self.file(&format!("bin/{name}"), &format!("#!/bin/sh\n{text}\n"));
        fs::set_permissions(world.path(&format!("bin/{name}")), fs::Permissions::from_mode(0o755)).unwrap();
        world
    }

    /// Sets the clock forward.
    pub(crate) fn later(&self, by: SignedDuration) {
        self.ahead.fetch_add(by.as_secs(), Ordering::SeqCst);
    }

    pub(crate) fn around(&self) -> Surroundings {
        let (ahead, home) = (self.ahead.clone(), self.home.clone());
        Surroundings {
            variables: Arc::new(self.variables.clone()),
            http: transport::usual(),
            now: Arc::new(move || {
                let _lasts = &home;
                Timestamp::now() + SignedDuration::from_secs(ahead.load(Ordering::SeqCst))
            }),
            host: "bastion".to_owned(),
        }
    }

    pub(crate) async fn open(&self, wanted: &Wanted) -> Result<Identity, Trouble> {
        Identity::open(wanted, &self.around()).await
    }

    /// As without any flag.
    pub(crate) async fn plain(&self) -> Identity {
        self.open(&Wanted::default()).await.unwrap()
    }

    /// As with `--profile name`.
    pub(crate) async fn profile(&self, name: &str) -> Identity {
        self.open(&profile(name)).await.unwrap()
    }
}

pub(crate) fn profile(name: &str) -> Wanted {
    Wanted { profile: Some(name.to_owned()), ..Wanted::default() }
}

/// A simulator that knows the keys of all kinds, and checks their signatures.
pub(crate) async fn simulator() -> Running {
    let known = |kind| {
        let [key, secret, token] = keys(kind);
        Credentials::temporary(&key, &secret, &token, None)
    };
    let credentials = KINDS.into_iter().map(known).collect();
    let setup = Setup { script: Script::parse("").unwrap(), rooms: Some(0), ..Setup::default() };
    Server::start(setup, Options { credentials, ..Options::default() }).await.unwrap()
}

/// A client of the control plane at `endpoint` that signs with the identity's credentials.
pub(crate) fn client(identity: &Identity, endpoint: &str) -> Client {
    let settings = Settings::new(identity.region(), Provider::new(identity.clone())).unwrap();
    Client::new(settings.at(endpoint.parse().unwrap()))
}

/// Signs a call that the simulator accepts, or not.
pub(crate) async fn signs(identity: &Identity) -> Result<(), Error> {
    let simulator = simulator().await;
    let called = client(identity, &simulator.endpoint).call(&ListRooms::default()).await;
    simulator.stop().await;
    called.map(|_| ())
}
