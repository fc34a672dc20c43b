//! What there is to know about who we are: plain data, for the console to show and for people to act on. No secret is
//! in it.
//!
//! Names, commands and what helpers wrote come from files and programs of other people: whoever shows them makes them
//! safe first.

mod trouble;

use jiff::Timestamp;

pub use trouble::{REGIONS, Trouble};

/// What was asked for, by a flag, by the environment, or in the console.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The profile that a flag or somebody in the console has named: this one and nothing else gives the credentials.
    /// None goes by the environment, as the AWS CLI does.
    pub profile: Option<String>,
    /// The region that a flag or somebody in the console has named.
    pub region: Option<String>,
    /// The endpoint of the control plane that a flag has named.
    pub endpoint: Option<String>,
    /// Whether somebody has switched to the profile just now: then its own region counts more than the environment's.
    pub switched: bool,
    /// What our own configuration file says, for what neither flags, environment nor profile tell.
    pub configured: Configured,
}

/// The part of our own configuration file that tells where to go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configured {
    /// `region`
    pub region: Option<String>,
    /// `endpoint_url`
    pub endpoint: Option<String>,
}

/// Which link of the chain gives the credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `AWS_ACCESS_KEY_ID` and its companions.
    Environment,
    /// A profile of the configuration files.
    Profile(String),
    /// A token file that the environment names, as in a pod of EKS.
    WebIdentity,
    /// The container's own endpoint, as in ECS, or Pod Identity in EKS.
    Container,
    /// The role of the EC2 instance, from its metadata service.
    InstanceRole,
    /// None of the above: the simulator, a recording, a test.
    Fixed(&'static str),
    /// None at all, since the identity could not even be opened.
    Nothing,
}

impl Source {
    /// A word or two to show, such as `env` or the profile's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Environment => "env",
            Self::Profile(name) => name,
            Self::WebIdentity => "web identity",
            Self::Container => "container",
            Self::InstanceRole => "instance role",
            Self::Fixed(name) => name,
            Self::Nothing => "nobody",
        }
    }
}

/// Who said which region, or which endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// A flag, or somebody in the console.
    Asked,
    /// The environment variable of this name.
    Variable(&'static str),
    /// The profile, or its `services` section.
    Profile,
    /// Our own configuration file.
    Configuration,
    /// The instance metadata service.
    Instance,
    /// Nobody: the simulator, a recording, a test.
    Fixed,
}

/// A profile of the configuration files, as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// How it gets credentials.
    pub kind: Kind,
    /// Its region.
    pub region: Option<String>,
    /// The account, if the files tell it.
    pub account: Option<String>,
}

/// How a profile gets credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Keys in a file.
    Static,
    /// IAM Identity Center.
    Sso {
        /// The session that one signs in to: the `sso_session`, or the start URL of a profile in the old form.
        session: String,
    },
    /// `aws login`.
    Login,
    /// A role that is assumed.
    AssumeRole {
        /// Its ARN.
        role: String,
        /// The profile, or the `credential_source`, that assumes it.
        source: String,
        /// The serial number of the MFA device whose code is asked for.
        mfa: Option<String>,
    },
    /// A program that prints credentials.
    Process,
    /// A token in a file.
    WebIdentity,
    /// It gets none, and why.
    Broken(String),
}

/// Who we are, by STS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account's 12 digits.
    pub account: String,
    /// The principal.
    pub arn: String,
    /// Its unique id.
    pub user_id: String,
}

impl Caller {
    /// The role or user without what is the same for all of an account: `Moderator/nadia` of
    /// `arn:aws:sts::123456789012:assumed-role/Moderator/nadia`.
    pub fn role(&self) -> &str {
        let resource = self.arn.rsplit(':').next().unwrap_or(&self.arn);
        ["assumed-role/", "user/", "federated-user/"]
            .iter()
            .find_map(|kind| resource.strip_prefix(kind))
            .unwrap_or(resource)
    }
}

/// Where to sign in, in any browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The page, with the code in it.
    pub url: String,
    /// The code, to compare with what the page shows.
    pub code: String,
    /// Until when that is possible.
    pub until: Timestamp,
}

/// What an MFA code is wanted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The device's serial number or ARN.
    pub serial: String,
    /// The profile that asks for it.
    pub profile: String,
    /// The role that is assumed with it.
    pub role: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_named_by_what_differs_within_an_account() {
        let role = |arn: &str| {
            let caller = Caller { account: "123456789012".into(), arn: arn.into(), user_id: "AIDA".into() };
            caller.role().to_owned()
        };
        assert_eq!(role("arn:aws:sts::123456789012:assumed-role/Moderator/nadia"), "Moderator/nadia");
        assert_eq!(role("arn:aws:iam::123456789012:user/demo"), "demo");
        assert_eq!(role("arn:aws:iam::123456789012:root"), "root");
    }
}
