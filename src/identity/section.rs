//! What one profile says of its credentials: keys, a session, a program, a token, a role.

use aws_config::profile::Profile as Section;

use super::facts::Trouble;
use super::profiles::Files;

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

/// Why a profile can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It says nothing about credentials.
    Nothing,
    /// Half of a pair of keys.
    Half(&'static str),
    /// Anything else.
    Other(String),
}

impl Unfit {
    pub(super) fn why(&self) -> String {
        match self {
            Self::Nothing => "it has no credentials".to_owned(),
            Self::Half(missing) => format!("it has no {missing}"),
            Self::Other(why) => why.clone(),
        }
    }

    pub(super) fn trouble(self, files: &Files, profile: &str) -> Trouble {
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
pub(super) fn role(section: &Section) -> Result<Option<Role>, Unfit> {
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
pub(super) enum Next {
    /// Those of another profile, or of this one's own keys.
    Profile(String),
    /// Those of a `credential_source`.
    Base(Base),
}

pub(super) fn next(section: &Section) -> Result<Next, Unfit> {
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
pub(super) fn base(files: &Files, section: &Section) -> Result<Base, Unfit> {
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
pub(super) fn keys(section: &Section) -> Result<Base, Unfit> {
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
