//! The files of profiles, read by the SDK's own parser: which there are, and what each says of itself.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use aws_config::profile::{Profile as Section, ProfileSet};
use aws_runtime::env_config::EnvConfigValue;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};

use super::chain;
use super::facts::{Profile, Trouble};
use super::surroundings::Surroundings;
use crate::nearest::nearest_few;

/// What both files say, seen from one profile.
pub(super) struct Files {
    set: ProfileSet,
    env: Env,
    paths: [PathBuf; 2],
    home: Option<PathBuf>,
}

impl Files {
    /// Reads both files. A file that is not there has no profiles.
    pub(super) async fn read(around: &Surroundings, profile: Option<&str>) -> Result<Self, Trouble> {
        let env = Env::from((*around.variables).clone());
        let selected = profile.map_or_else(|| around.named_profile().unwrap_or_else(|| "default".into()), Into::into);
        let files = EnvConfigFiles::default();
        let set = aws_config::profile::load(&Fs::real(), &env, &files, Some(Cow::Owned(selected))).await;
        let set = set.map_err(|error| Trouble::BrokenFile(innermost(&error)))?;
        let home = around.home();
        let path = |variable: &str, usual: &str| {
            let named = around.variable(variable).map(|path| match (path.strip_prefix("~/"), &home) {
                (Some(rest), Some(home)) => home.join(rest),
                _ => PathBuf::from(path),
            });
            named.unwrap_or_else(|| home.clone().unwrap_or_default().join(".aws").join(usual))
        };
        let paths = [path("AWS_CONFIG_FILE", "config"), path("AWS_SHARED_CREDENTIALS_FILE", "credentials")];
        Ok(Self { set, env, paths, home })
    }

    /// The profile whose settings count.
    pub(super) fn selected(&self) -> &str {
        self.set.selected_profile()
    }

    /// A profile by its name.
    pub(super) fn section(&self, name: &str) -> Option<&Section> {
        self.set.get_profile(name)
    }

    /// A profile by its name, or the names that are near to it.
    pub(super) fn known(&self, name: &str) -> Result<&Section, Trouble> {
        self.section(name).ok_or_else(|| {
            let near = nearest_few(name, self.set.profiles());
            Trouble::UnknownProfile {
                name: name.to_owned(),
                near: near.into_iter().map(ToOwned::to_owned).collect(),
                known: self.set.profiles().count(),
                files: self.paths.iter().map(|path| self.shown(path)).collect(),
            }
        })
    }

    /// A setting of an `[sso-session]` section; none if there is no such section.
    pub(super) fn sso_session(&self, name: &str) -> Option<impl Fn(&str) -> Option<String> + '_> {
        let section = self.set.sso_session(name)?;
        Some(move |key: &str| section.get(key).map(ToOwned::to_owned))
    }

    /// All profiles by name.
    pub(super) fn all(&self) -> Vec<Profile> {
        let mut names: Vec<_> = self.set.profiles().collect();
        names.sort_unstable();
        names.into_iter().filter_map(|name| Some(self.fact(self.section(name)?))).collect()
    }

    fn fact(&self, section: &Section) -> Profile {
        let role_account = || section.get("role_arn").and_then(|arn| arn.split(':').nth(4)).map(ToOwned::to_owned);
        let own = section.get("sso_account_id").or_else(|| section.get("aws_account_id")).map(ToOwned::to_owned);
        Profile {
            name: section.name().to_owned(),
            kind: chain::kind(self, section),
            region: section.get("region").map(ToOwned::to_owned),
            account: role_account().or(own),
        }
    }

    /// The endpoint that the environment or the selected profile gives a service, and whether it was the profile.
    /// `service` is the name that variables and `services` sections have for it, such as `STS`.
    pub(super) fn endpoint(&self, service: &str) -> Option<(String, bool)> {
        if self.is_on("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") {
            return None;
        }
        let load = |sections| {
            let value = EnvConfigValue::new().env("AWS_ENDPOINT_URL").profile("endpoint_url").service_id(service);
            value.load(&self.env, sections).map(|(url, _)| url.into_owned()).filter(|url| !url.is_empty())
        };
        match load(None) {
            Some(url) => Some((url, false)),
            None => load(Some(&self.set)).map(|url| (url, true)),
        }
    }

    /// Whether a switch is on, by its variable or in the selected profile.
    pub(super) fn is_on(&self, variable: &'static str, key: &'static str) -> bool {
        let value = EnvConfigValue::new().env(variable).profile(key);
        value.load(&self.env, Some(&self.set)).is_some_and(|(value, _)| value.eq_ignore_ascii_case("true"))
    }

    /// The file and line of a profile, for those who correct it.
    pub(super) fn place(&self, profile: &str) -> Option<String> {
        let heads = [format!("profile {profile}"), profile.to_owned()];
        // Half a pair of keys is most often in the file that is made for keys.
        self.paths.iter().rev().find_map(|path| {
            let text = fs::read_to_string(path).ok()?;
            let is_head = |line: &str| {
                let head = line.trim().strip_prefix('[').and_then(|line| line.split(']').next());
                let words = head.map(|head| head.split_whitespace().collect::<Vec<_>>().join(" "));
                words.is_some_and(|head| heads.contains(&head))
            };
            let line = text.lines().position(is_head)? + 1;
            Some(format!("{}, line {line}", self.shown(path)))
        })
    }

    /// A path with `~` for the home.
    fn shown(&self, path: &Path) -> String {
        let short = self.home.as_ref().and_then(|home| path.strip_prefix(home).ok());
        short.map_or_else(|| path.display().to_string(), |rest| format!("~/{}", rest.display()))
    }
}

/// What went wrong at the bottom of an error.
pub(super) fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let last = std::iter::successors(Some(error), |error| error.source()).last().unwrap_or(error);
    last.to_string()
}
