//! Who the console of a test may become, in place of the files of profiles, STS and IAM Identity Center.

use std::collections::BTreeMap;

use ivschat::app::identity::{Ask, Generation, Lasting, Opened, Told};
use ivschat::identity::facts::{Caller, Device, From, Profile, Source, Trouble, Wanted};
use ivschat::simulator::World;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;

/// Who the console may become.
pub(crate) struct Persona {
    /// The profiles in the files.
    pub(crate) profiles: Vec<Profile>,
    /// Why an identity can't be opened, by profile; the empty name is that of none.
    pub(crate) closed: BTreeMap<String, Trouble>,
    /// Why there are no credentials, by profile.
    pub(crate) without: BTreeMap<String, Trouble>,
    /// Until when credentials last.
    pub(crate) until: Option<Timestamp>,
    /// Who STS says we are, by profile.
    pub(crate) callers: BTreeMap<String, Caller>,
    /// Where one signs in.
    pub(crate) device: Option<Device>,
    /// The accounts behind other profiles and regions, by either's name.
    pub(crate) worlds: BTreeMap<String, World>,
    /// The MFA code that is right.
    pub(crate) code: String,
    /// All that was asked for, in a word each.
    pub(crate) asked: Vec<&'static str>,
    /// The only one that there is, if it has no name in any file.
    fixed: Option<&'static str>,
    region: String,
    profile: String,
}

impl Persona {
    /// Nobody but this one.
    pub(crate) fn fixed(name: &'static str, region: &str) -> Self {
        Self {
            profiles: Vec::new(),
            closed: BTreeMap::new(),
            without: BTreeMap::new(),
            until: None,
            callers: BTreeMap::new(),
            device: None,
            worlds: BTreeMap::new(),
            code: String::new(),
            asked: Vec::new(),
            fixed: Some(name),
            region: region.to_owned(),
            profile: String::new(),
        }
    }

    /// Whoever has these profiles.
    pub(crate) fn with(profiles: Vec<Profile>) -> Self {
        Self { profiles, fixed: None, ..Self::fixed("", "us-west-2") }
    }

    /// The profile that is in use.
    pub(crate) fn profile(&self) -> &str {
        &self.profile
    }

    fn open(&mut self, wanted: &Wanted) -> Result<Opened, Trouble> {
        let name = wanted.profile.clone().unwrap_or_default();
        if let Some(trouble) = self.closed.get(&name) {
            return Err(trouble.clone());
        }
        let own = self.profiles.iter().find(|profile| profile.name == name).and_then(|profile| profile.region.clone());
        let (region, region_from) = match (&wanted.region, own, self.fixed) {
            (Some(region), ..) => (region.clone(), From::Asked),
            (None, Some(region), _) => (region, From::Profile),
            (None, None, Some(_)) => (self.region.clone(), From::Fixed),
            (None, None, None) => (self.region.clone(), From::Variable("AWS_REGION")),
        };
        let source = match (self.fixed, name.is_empty()) {
            (Some(fixed), _) => Source::Fixed(fixed),
            (None, true) => Source::Environment,
            (None, false) => Source::Profile(name.clone()),
        };
        self.profile = name;
        Ok(Opened { source, region, region_from, endpoint: wanted.endpoint.clone() })
    }

    /// What comes of it at once, and the account to go to, if it is another.
    pub(crate) fn answer(&mut self, ask: &Ask) -> (Vec<(Generation, Told)>, Option<World>) {
        let (name, generation) = told_as(ask);
        self.asked.push(name);
        let told = match ask {
            Ask::Become(_, wanted) | Ask::Again(_, wanted) => {
                let opened = self.open(wanted);
                let region = opened.as_ref().map(|opened| opened.region.clone()).unwrap_or_default();
                let account = self.worlds.remove(&self.profile).or_else(|| self.worlds.remove(&region));
                return (vec![(generation, Told::Opened(opened))], account);
            }
            Ask::Look(_) => {
                let trouble = self.without.get(&self.profile);
                Some(Told::Credentials(trouble.map_or(Ok(Lasting { until: self.until }), |no| Err(no.clone()))))
            }
            Ask::Caller(_) => self.callers.get(&self.profile).map(|caller| Told::Caller(Ok(caller.clone()))),
            Ask::SignIn(_) => self.device.clone().map(Told::Device),
            Ask::Code(_, code) if code.expose_secret() == self.code => {
                self.without.remove(&self.profile);
                Some(Told::Code(Ok(())))
            }
            Ask::Code(..) => {
                let Some(Trouble::CodeWanted(code)) = self.without.get(&self.profile) else {
                    panic!("no code is wanted")
                };
                let why = "MultiFactorAuthentication failed with invalid MFA one time pass code.".to_owned();
                Some(Told::Code(Err(Trouble::CodeRefused { code: code.clone(), why })))
            }
            Ask::Profiles(_) => Some(Told::Profiles(Ok(self.profiles.clone()))),
            Ask::GiveUp | Ask::ReadOnly(_) => None,
        };
        (told.into_iter().map(|told| (generation, told)).collect(), None)
    }
}

fn told_as(ask: &Ask) -> (&'static str, Generation) {
    match ask {
        Ask::Become(generation, _) => ("become", *generation),
        Ask::Again(generation, _) => ("again", *generation),
        Ask::Look(generation) => ("look", *generation),
        Ask::Caller(generation) => ("caller", *generation),
        Ask::SignIn(generation) => ("sign in", *generation),
        Ask::Code(generation, _) => ("code", *generation),
        Ask::Profiles(generation) => ("profiles", *generation),
        Ask::GiveUp => ("give up", Generation::default()),
        Ask::ReadOnly(true) => ("lock", Generation::default()),
        Ask::ReadOnly(false) => ("unlock", Generation::default()),
    }
}
