//! Who gives the credentials: which link of the chain, and within a profile which source and which roles. Pure but for the
//! files that were read.

use aws_config::profile::Profile as Section;

use super::facts::{Kind, Source, Trouble, Wanted};
use super::profiles::Files;
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
/// A profile that was asked for is the only one. Otherwise it goes as with the AWS CLI: keys in the environment count more
/// than `AWS_PROFILE`, and a profile without any setting of credentials leaves it to those behind it.
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

/// Where the credentials of a profile begin, before any role is assumed with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Base {
    /// Keys of this profile.
    Static(String),
    /// Somebody who is signed in.
    Sso(Sso),
    /// `aws login`, by the ARN of its session.
    Login {
        /// The profile.
        profile: String,
        /// The session's ARN.
        session: String,
    },
    /// What this command prints.
    Process {
        /// The profile.
        profile: String,
        /// The command line, which may hold secrets: it is not for anybody's eyes.
        command: Hidden,
    },
    /// A token in a file.
    WebIdentity {
        /// The file.
        file: String,
        /// The role.
        role: String,
        /// The session's name, if the profile has one.
        session: Option<String>,
    },
    /// `credential_source = Environment`
    Environment,
    /// `credential_source = EcsContainer`
    Container,
    /// `credential_source = Ec2InstanceMetadata`
    Instance,
}

/// A text that no `Debug` shows.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Hidden(pub(super) String);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

/// A role of IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sso {
    /// The profile that needs it.
    pub(super) profile: String,
    /// The `sso_session`; a profile in the old form has none, and can't be refreshed.
    pub(super) session: Option<String>,
    pub(super) start_url: String,
    pub(super) region: String,
    pub(super) account: String,
    pub(super) role: String,
    /// What is asked for at sign-in.
    pub(super) scopes: Vec<String>,
}

impl Sso {
    /// What one signs in to: it also names the file of its token.
    pub(super) fn key(&self) -> &str {
        self.session.as_deref().unwrap_or(&self.start_url)
    }
}

/// A role that is assumed with the credentials before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    /// The profile that says so.
    pub(super) profile: String,
    pub(super) arn: String,
    pub(super) external_id: Option<String>,
    pub(super) session_name: Option<String>,
    pub(super) source_identity: Option<String>,
    pub(super) seconds: Option<i32>,
    pub(super) mfa: Option<String>,
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
    if let Err(trouble) = steps(files, name) {
        return Kind::Broken(trouble.why().into_iter().next().unwrap_or_else(|| trouble.headline()));
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

/// Why a profile can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Unfit {
    /// It says nothing about credentials.
    Nothing,
    /// Half of a pair of keys.
    Half(&'static str),
    /// Anything else.
    Other(String),
}

impl Unfit {
    fn why(&self) -> String {
        match self {
            Self::Nothing => "it has no credentials".to_owned(),
            Self::Half(missing) => format!("it has no {missing}"),
            Self::Other(why) => why.clone(),
        }
    }

    fn trouble(self, files: &Files, profile: &str) -> Trouble {
        let profile = profile.to_owned();
        match self {
            Self::Half(missing) => {
                let place = files.place(&profile);
                Trouble::HalfProfile { profile: Some(profile), missing: missing.to_owned(), place }
            }
            Self::Nothing | Self::Other(_) => Trouble::BrokenProfile { profile, why: self.why() },
        }
    }
}

/// The role that a profile assumes, if it does.
fn role(section: &Section) -> Result<Option<Role>, Unfit> {
    let text = |key: &str| section.get(key).map(ToOwned::to_owned);
    let Some(arn) = text("role_arn").filter(|_| section.get("web_identity_token_file").is_none()) else {
        return Ok(None);
    };
    let seconds = section.get("duration_seconds").map(|value| {
        let known = value.trim().parse().ok().filter(|seconds| (900..=43_200).contains(seconds));
        known.ok_or_else(|| Unfit::Other("its duration_seconds is not a number from 900 to 43200".to_owned()))
    });
    Ok(Some(Role {
        profile: section.name().to_owned(),
        arn,
        external_id: text("external_id"),
        session_name: text("role_session_name"),
        source_identity: text("source_identity"),
        seconds: seconds.transpose()?,
        mfa: text("mfa_serial"),
    }))
}

/// Whose credentials a role is assumed with.
enum Next {
    Profile(String),
    Base(Base),
}

fn next(section: &Section) -> Result<Next, Unfit> {
    match (section.get("source_profile"), section.get("credential_source")) {
        (Some(_), Some(_)) => Err(Unfit::Other("it has both source_profile and credential_source".to_owned())),
        (None, None) => {
            Err(Unfit::Other("it has a role_arn, but neither source_profile nor credential_source".to_owned()))
        }
        (Some(profile), None) => Ok(Next::Profile(profile.to_owned())),
        (None, Some(source)) => match source.to_ascii_lowercase().as_str() {
            "environment" => Ok(Next::Base(Base::Environment)),
            "ecscontainer" => Ok(Next::Base(Base::Container)),
            "ec2instancemetadata" => Ok(Next::Base(Base::Instance)),
            _ => Err(Unfit::Other(format!(
                "its credential_source {source:?} is not Environment, Ec2InstanceMetadata or EcsContainer"
            ))),
        },
    }
}

/// Where the credentials of a profile begin that assumes no role.
fn base(files: &Files, section: &Section) -> Result<Base, Unfit> {
    let text = |key: &str| section.get(key).map(ToOwned::to_owned);
    if section.get("role_arn").is_some() && section.get("web_identity_token_file").is_none() {
        // It is a role first of all; this is asked only to know whether the profile says anything about credentials.
        return keys(section).or(Err(Unfit::Other("it assumes a role".to_owned())));
    }
    if let Some(file) = text("web_identity_token_file") {
        let role = text("role_arn");
        let role = role.ok_or_else(|| Unfit::Other("it has a web_identity_token_file, but no role_arn".to_owned()))?;
        return Ok(Base::WebIdentity { file, role, session: text("role_session_name") });
    }
    if let Some(sso) = sso(files, section)? {
        return Ok(Base::Sso(sso));
    }
    if let Some(session) = text("login_session") {
        return Ok(Base::Login { profile: section.name().to_owned(), session });
    }
    if let Some(command) = text("credential_process") {
        return Ok(Base::Process { profile: section.name().to_owned(), command: Hidden(command) });
    }
    keys(section)
}

/// The keys that a profile holds itself.
fn keys(section: &Section) -> Result<Base, Unfit> {
    match (section.get("aws_access_key_id"), section.get("aws_secret_access_key")) {
        (Some(_), Some(_)) => Ok(Base::Static(section.name().to_owned())),
        (Some(_), None) => Err(Unfit::Half("aws_secret_access_key")),
        (None, Some(_)) => Err(Unfit::Half("aws_access_key_id")),
        (None, None) => Err(Unfit::Nothing),
    }
}

fn sso(files: &Files, section: &Section) -> Result<Option<Sso>, Unfit> {
    let text = |key: &str| section.get(key).map(ToOwned::to_owned);
    let session = text("sso_session");
    if session.is_none() && section.get("sso_start_url").is_none() {
        return Ok(None);
    }
    let missing = |what: &str| Unfit::Other(format!("it uses SSO, but has no {what}"));
    let (start_url, region, scopes) = match &session {
        Some(name) => {
            let of = files.sso_session(name);
            let of = of.ok_or_else(|| Unfit::Other(format!("its sso_session {name:?} does not exist")))?;
            (of("sso_start_url"), of("sso_region"), of("sso_registration_scopes"))
        }
        None => (text("sso_start_url"), text("sso_region"), None),
    };
    let scopes = scopes.unwrap_or_else(|| "sso:account:access".to_owned());
    Ok(Some(Sso {
        profile: section.name().to_owned(),
        session,
        start_url: start_url.ok_or_else(|| missing("sso_start_url"))?,
        region: region.ok_or_else(|| missing("sso_region"))?,
        account: text("sso_account_id").ok_or_else(|| missing("sso_account_id"))?,
        role: text("sso_role_name").ok_or_else(|| missing("sso_role_name"))?,
        scopes: scopes.split(',').map(|scope| scope.trim().to_owned()).collect(),
    }))
}
