//! Who gives the credentials: which link of the chain, and within a profile where they begin and which roles come then.

use aws_config::profile::Profile as Section;

use super::facts::{Kind, Source, Trouble, Wanted};
use super::profiles::Files;
use super::section::{Base, Next, Role, Unfit, base, keys, next, role};
use super::surroundings::Surroundings;

/// The most profiles that may refer to each other.
const DEEPEST: usize = 16;

/// The link that gives the credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Link {
    /// Variables with keys.
    Environment,
    /// A profile.
    Profile(String),
    /// Variables that name a token file and a role.
    WebIdentity,
    /// Variables that name the container's endpoint.
    Container,
    /// The instance metadata service, when all else has none; or nobody, if that is switched off.
    Instance {
        /// Why each link before it has none.
        tried: Vec<String>,
        /// Whether it is switched off.
        disabled: bool,
    },
}

impl Link {
    /// The same for those who look at it.
    pub(super) fn source(&self) -> Source {
        match self {
            Self::Environment => Source::Environment,
            Self::Profile(name) => Source::Profile(name.clone()),
            Self::WebIdentity => Source::WebIdentity,
            Self::Container => Source::Container,
            Self::Instance { disabled: false, .. } => Source::InstanceRole,
            Self::Instance { disabled: true, .. } => Source::Nothing,
        }
    }
}

/// Decides which link gives the credentials.
///
/// A profile that was asked for is the only one. Otherwise it goes as with the AWS CLI: keys in the environment count
/// more than `AWS_PROFILE`, and a profile without any setting of credentials leaves it to those behind it.
pub(super) fn link(wanted: &Wanted, around: &Surroundings, files: &Files) -> Result<Link, Trouble> {
    if let Some(name) = &wanted.profile {
        files.known(name)?;
        return Ok(Link::Profile(name.clone()));
    }
    if let Some(name) = around.named_profile() {
        // Whoever names a profile that is not there is told so, even if its keys would not be used.
        files.known(&name)?;
    }
    let is_set = |name: &str| around.variable(name).is_some();
    let mut tried = Vec::new();
    if is_set("AWS_ACCESS_KEY_ID") || is_set("AWS_SECRET_ACCESS_KEY") {
        return Ok(Link::Environment);
    }
    tried.push("Environment: AWS_ACCESS_KEY_ID is not set".to_owned());
    let name = files.selected();
    match files.section(name) {
        Some(section) if base(files, section) != Err(Unfit::Nothing) => return Ok(Link::Profile(name.to_owned())),
        Some(_) => tried.push(format!("Profile {name:?}: it has no credentials")),
        None => tried.push(format!("Profile {name:?}: there is none")),
    }
    if is_set("AWS_WEB_IDENTITY_TOKEN_FILE") {
        return Ok(Link::WebIdentity);
    }
    tried.push("Web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set".to_owned());
    if is_set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") || is_set("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
        return Ok(Link::Container);
    }
    tried.push("Container: AWS_CONTAINER_CREDENTIALS_FULL_URI is not set".to_owned());
    let disabled = around.variable("AWS_EC2_METADATA_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if disabled {
        tried.push("Instance: AWS_EC2_METADATA_DISABLED is set".to_owned());
    }
    Ok(Link::Instance { tried, disabled })
}

/// How a profile gets credentials: where they begin, and the roles from there on in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Steps {
    pub(super) base: Base,
    pub(super) roles: Vec<Role>,
}

/// Follows a profile to where its credentials begin.
pub(super) fn steps(files: &Files, name: &str) -> Result<Steps, Trouble> {
    let mut seen: Vec<String> = Vec::new();
    let mut roles = Vec::new();
    let mut name = name.to_owned();
    loop {
        if seen.contains(&name) || seen.len() > DEEPEST {
            seen.push(name);
            return Err(Trouble::Loop { profiles: seen });
        }
        let section = match seen.last() {
            None => files.known(&name)?,
            Some(before) => files.section(&name).ok_or_else(|| Trouble::BrokenProfile {
                profile: before.clone(),
                why: format!("its source_profile {name:?} does not exist"),
            })?,
        };
        seen.push(name.clone());
        let unfit = |unfit: Unfit| unfit.trouble(files, &name);
        // A source that has keys of its own is used as it is, whatever role it names: so do the AWS CLI and the SDKs.
        let own_keys = seen.len() > 1 && section.get("aws_access_key_id").is_some();
        let Some(role) = role(section).map_err(unfit)?.filter(|_| !own_keys) else {
            let base = base(files, section).map_err(unfit)?;
            roles.reverse();
            return Ok(Steps { base, roles });
        };
        roles.push(role);
        match next(section).map_err(unfit)? {
            Next::Profile(next) if next == name => {
                roles.reverse();
                return Ok(Steps { base: keys(section).map_err(unfit)?, roles });
            }
            Next::Profile(next) => name = next,
            Next::Base(base) => {
                roles.reverse();
                return Ok(Steps { base, roles });
            }
        }
    }
}

/// How a profile gets credentials, for a list of profiles.
pub(super) fn kind(files: &Files, section: &Section) -> Kind {
    let name = section.name();
    match steps(files, name) {
        Ok(_) => {}
        Err(Trouble::HalfProfile { missing, .. }) => return Kind::Broken(format!("it has no {missing}")),
        Err(trouble) => {
            return Kind::Broken(trouble.why().into_iter().next().unwrap_or_else(|| trouble.headline()));
        }
    }
    if let Ok(Some(Role { arn, mfa, .. })) = role(section) {
        let source = section.get("source_profile").or_else(|| section.get("credential_source"));
        return Kind::AssumeRole { role: arn, source: source.unwrap_or_default().to_owned(), mfa };
    }
    match base(files, section) {
        Ok(Base::Static(_)) => Kind::Static,
        Ok(Base::Sso(sso)) => Kind::Sso { session: sso.key().to_owned() },
        Ok(Base::Login { .. }) => Kind::Login,
        Ok(Base::Process { .. }) => Kind::Process,
        Ok(Base::WebIdentity { .. }) => Kind::WebIdentity,
        Ok(Base::Environment | Base::Container | Base::Instance) => Kind::Broken("it names no role".to_owned()),
        Err(unfit) => Kind::Broken(unfit.why()),
    }
}
