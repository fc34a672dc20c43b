//! Why there are no credentials, in words that a person can act on: what happened, why, and the command that helps.

use std::fmt;

use jiff::Timestamp;

use super::Code;

/// Why there are no credentials, or why it can't be told whose they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No profile has this name.
    UnknownProfile {
        /// What was asked for.
        name: String,
        /// Names that are near to it, the nearest first.
        near: Vec<String>,
        /// How many profiles there are.
        known: usize,
        /// The files that were read.
        files: Vec<String>,
    },
    /// No link of the chain has credentials.
    NothingFound {
        /// Each link that was tried, and why it has none.
        tried: Vec<String>,
    },
    /// The session of IAM Identity Center was never signed in to, or has ended.
    SignedOut {
        /// The profile that needs it.
        profile: String,
        /// The session.
        session: String,
        /// When it ended, if it ever began.
        expired: Option<Timestamp>,
    },
    /// The session of `aws login` was never begun, or has ended.
    LoginNeeded {
        /// The profile that needs it.
        profile: String,
        /// What is wrong with it.
        why: String,
    },
    /// A role is assumed with an MFA code, which somebody has to type.
    CodeWanted(Code),
    /// STS did not take the code.
    CodeRefused {
        /// What it was for.
        code: Code,
        /// What STS said.
        why: String,
    },
    /// A `credential_process` gave no credentials.
    Process {
        /// The profile that names it.
        profile: String,
        /// The program, without its arguments: they may hold secrets.
        command: String,
        /// What happened.
        why: String,
        /// The end of what it wrote to its standard error.
        stderr: String,
    },
    /// Half of a pair of keys is missing.
    HalfProfile {
        /// The profile; none if it is the environment.
        profile: Option<String>,
        /// The setting, or the variable, that is missing.
        missing: String,
        /// The file and line of the profile.
        place: Option<String>,
    },
    /// A profile that can't be used as it is.
    BrokenProfile {
        /// The profile.
        profile: String,
        /// What is wrong.
        why: String,
    },
    /// A file of profiles that can't be read.
    BrokenFile(String),
    /// Profiles that assume roles in a circle.
    Loop {
        /// In the order they refer to each other; the first comes again at the end.
        profiles: Vec<String>,
    },
    /// Nobody tells the region.
    NoRegion,
    /// Amazon IVS Chat is not in this region.
    UnknownRegion {
        /// What was asked for.
        name: String,
        /// The nearest region where it is.
        near: Option<String>,
    },
    /// AWS knows us and says no.
    Denied {
        /// The action, such as `sts:AssumeRole`.
        action: String,
        /// What it was to act on.
        resource: Option<String>,
        /// Who was denied.
        principal: Option<String>,
        /// AWS's own words.
        why: String,
    },
    /// Nobody answers.
    Unreachable {
        /// The host.
        host: String,
        /// Why not.
        why: String,
    },
    /// The credentials have run out, and there are no others.
    Expired {
        /// When, if they told.
        since: Option<Timestamp>,
    },
    /// AWS does not know the access key.
    UnknownKey,
    /// The sign-in was not finished.
    NotSignedIn {
        /// The session.
        session: String,
        /// Why not.
        why: String,
    },
    /// Anything else.
    Other(String),
}

/// The seven regions of Amazon IVS Chat, those that most people mean first.
pub const REGIONS: [&str; 7] =
    ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-1", "ap-northeast-2", "ap-south-1"];

impl Trouble {
    /// What happened, in one line.
    pub fn headline(&self) -> String {
        match self {
            Self::UnknownProfile { name, .. } => format!("There is no profile {name:?}"),
            Self::NothingFound { .. } => "No credentials were found".to_owned(),
            Self::SignedOut { profile, session, expired: Some(_) } => {
                format!("The SSO session {session:?} of profile {profile:?} has ended")
            }
            Self::SignedOut { profile, session, expired: None } => {
                format!("The SSO session {session:?} of profile {profile:?} is not signed in")
            }
            Self::LoginNeeded { profile, .. } => format!("Profile {profile:?} is not logged in"),
            Self::CodeWanted(code) => format!("An MFA code is wanted for {}", code.serial),
            Self::CodeRefused { code, .. } => format!("The MFA code for {} was not accepted", code.serial),
            Self::Process { profile, command, .. } => {
                format!("The credential_process {command:?} of profile {profile:?} gave no credentials")
            }
            Self::HalfProfile { profile: Some(profile), missing, .. } => {
                format!("Profile {profile:?} has no {missing}")
            }
            Self::HalfProfile { profile: None, missing, .. } => format!("{missing} is not set"),
            Self::BrokenProfile { profile, .. } => format!("Profile {profile:?} can't be used"),
            Self::BrokenFile(_) => "The AWS configuration files can't be read".to_owned(),
            Self::Loop { profiles } => {
                format!("Profile {:?} refers back to itself", profiles.first().map_or("", String::as_str))
            }
            Self::NoRegion => "No region is set".to_owned(),
            Self::UnknownRegion { name, .. } => format!("Amazon IVS Chat is not in a region {name:?}"),
            Self::Denied { action, .. } => format!("Access denied to {action}"),
            Self::Unreachable { host, .. } => format!("No connection to {host}"),
            Self::Expired { .. } => "The credentials have expired".to_owned(),
            Self::UnknownKey => "AWS does not know this access key".to_owned(),
            Self::NotSignedIn { session, .. } => format!("Not signed in to {session:?}"),
            Self::Other(_) => "No credentials".to_owned(),
        }
    }

    /// The facts behind it, a line each; there may be none.
    pub fn why(&self) -> Vec<String> {
        match self {
            Self::UnknownProfile { known, files, .. } => {
                vec![format!("{known} profiles are in {}", files.join(" and "))]
            }
            Self::NothingFound { tried } => tried.clone(),
            Self::SignedOut { expired, .. } => expired.iter().map(|at| format!("It ended at {at}")).collect(),
            Self::CodeWanted(code) => vec![format!("Profile {:?} assumes {} with it", code.profile, code.role)],
            Self::Process { why, stderr, .. } => {
                let said = stderr.lines().map(|line| format!("It said: {line}"));
                std::iter::once(why.clone()).chain(said).collect()
            }
            Self::HalfProfile { place, .. } => place.iter().map(|place| format!("It is in {place}")).collect(),
            Self::Loop { profiles } => vec![profiles.join(" -> ")],
            Self::Denied { resource, principal, why, .. } => {
                let on = resource.iter().map(|resource| format!("On: {resource}"));
                let who = principal.iter().map(|principal| format!("As: {principal}"));
                on.chain(who).chain(Some(why.clone()).filter(|why| !why.is_empty())).collect()
            }
            Self::Expired { since } => since.iter().map(|since| format!("They ended at {since}")).collect(),
            Self::LoginNeeded { why, .. }
            | Self::CodeRefused { why, .. }
            | Self::BrokenProfile { why, .. }
            | Self::Unreachable { why, .. }
            | Self::NotSignedIn { why, .. }
            | Self::BrokenFile(why)
            | Self::Other(why) => vec![why.clone()],
            Self::NoRegion | Self::UnknownRegion { .. } | Self::UnknownKey => Vec::new(),
        }
    }

    /// What helps, in a sentence; [`command`](Self::command) is what to type for it, if that is one command.
    pub fn remedy(&self) -> String {
        match self {
            Self::UnknownProfile { near, .. } if !near.is_empty() => {
                format!("Did you mean {}?", near.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", "))
            }
            Self::UnknownProfile { known: 0, .. } => "There are none yet: make one".to_owned(),
            Self::UnknownProfile { .. } => "See which there are".to_owned(),
            Self::NothingFound { .. } => {
                "Set AWS_PROFILE or give --profile; or make a profile: aws configure sso, or aws login".to_owned()
            }
            Self::SignedOut { .. } => "Sign in here, or in another terminal".to_owned(),
            Self::LoginNeeded { .. } => "Log in in another terminal; over SSH --remote takes a pasted code".to_owned(),
            Self::CodeWanted(_) => "Type the six digits that the device shows".to_owned(),
            Self::CodeRefused { .. } => {
                "Wait for the next code, since each works once; check the device's clock".to_owned()
            }
            Self::Process { .. } => "Run it in a terminal, where it may ask, then try again".to_owned(),
            Self::HalfProfile { profile: Some(_), missing, .. } => format!("Add {missing} to the profile"),
            Self::HalfProfile { profile: None, missing, .. } => format!("Set {missing}, or unset its companion"),
            Self::BrokenProfile { .. } | Self::BrokenFile(_) => "Correct it, then try again".to_owned(),
            Self::Loop { .. } => "Let one of them have credentials of its own".to_owned(),
            Self::NoRegion => {
                format!("Give --region, set AWS_REGION, or put region into the profile: {}", REGIONS.join(", "))
            }
            Self::UnknownRegion { near: Some(near), .. } => {
                format!("Did you mean {near}? All of them: {}", REGIONS.join(", "))
            }
            Self::UnknownRegion { near: None, .. } => {
                format!("It is in {}; another needs --endpoint-url", REGIONS.join(", "))
            }
            Self::Denied { action, .. } => format!("A policy that allows {action} would help"),
            Self::Unreachable { .. } => "Check the network, and HTTPS_PROXY and NO_PROXY".to_owned(),
            Self::Expired { .. } => "Get new ones where these came from, then try again".to_owned(),
            Self::UnknownKey => {
                "It may be deleted, of another partition or a region that is not enabled, or without its \
                                 session token"
                    .to_owned()
            }
            Self::NotSignedIn { .. } => "Try again".to_owned(),
            Self::Other(_) => "See what it says".to_owned(),
        }
    }

    /// The command that helps, to be copied into a shell; for a denial the statement of the policy that would help.
    pub fn command(&self) -> Option<String> {
        match self {
            Self::UnknownProfile { known: 0, .. } | Self::NothingFound { .. } => Some("aws configure sso".to_owned()),
            Self::UnknownProfile { near, .. } => {
                let command = near.first().map(|name| format!("ivschat --profile {}", quoted(name)));
                Some(command.unwrap_or_else(|| "aws configure list-profiles".to_owned()))
            }
            Self::SignedOut { profile, .. } => {
                Some(format!("aws sso login --profile {} --use-device-code", quoted(profile)))
            }
            Self::LoginNeeded { profile, .. } => Some(format!("aws login --profile {} --remote", quoted(profile))),
            Self::Process { profile, .. } => Some(format!("aws sts get-caller-identity --profile {}", quoted(profile))),
            Self::HalfProfile { profile: Some(profile), .. } => {
                Some(format!("aws configure --profile {}", quoted(profile)))
            }
            Self::NoRegion => Some(format!("export AWS_REGION={}", REGIONS[0])),
            Self::UnknownRegion { near: Some(near), .. } => Some(format!("export AWS_REGION={near}")),
            // What may be allowed in a policy of IAM, as a statement to ask for.
            Self::Denied { action, resource, .. } if action.starts_with("sts:") => {
                let resource = resource.as_deref().unwrap_or("*");
                let statement = serde_json::json!({ "Effect": "Allow", "Action": action, "Resource": resource });
                Some(statement.to_string())
            }
            Self::HalfProfile { profile: None, .. }
            | Self::UnknownRegion { near: None, .. }
            | Self::CodeWanted(_)
            | Self::CodeRefused { .. }
            | Self::BrokenProfile { .. }
            | Self::BrokenFile(_)
            | Self::Loop { .. }
            | Self::Denied { .. }
            | Self::Unreachable { .. }
            | Self::Expired { .. }
            | Self::UnknownKey
            | Self::NotSignedIn { .. }
            | Self::Other(_) => None,
        }
    }
}

/// All of it, for where there is no room for more than a text.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. ", self.headline())?;
        for line in self.why() {
            write!(f, "{}. ", line.trim_end_matches('.'))?;
        }
        let remedy = self.remedy();
        match (self, self.command()) {
            // The remedy has said it, and more.
            (Self::NoRegion | Self::UnknownRegion { .. }, _) | (_, None) => write!(f, "{remedy}"),
            (_, Some(command)) if remedy.ends_with('?') => write!(f, "{remedy} {command}"),
            (_, Some(command)) => write!(f, "{remedy}: {command}"),
        }
    }
}

impl std::error::Error for Trouble {}

/// A name as a shell takes it for one word.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./@:+".contains(c);
    if !name.is_empty() && name.chars().all(plain) && !name.starts_with('-') {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_copied_whatever_the_profile_is_called() {
        let login = |profile: &str| Trouble::LoginNeeded { profile: profile.into(), why: "why".into() }.command();
        assert_eq!(login("ops").unwrap(), "aws login --profile ops --remote");
        assert_eq!(login("it's; rm -rf ~").unwrap(), r"aws login --profile 'it'\''s; rm -rf ~' --remote");
    }

    #[test]
    fn it_is_told_in_one_line_too() {
        let trouble = Trouble::UnknownProfile {
            name: "prdo".into(),
            near: vec!["prod".into()],
            known: 12,
            files: vec!["~/.aws/config".into(), "~/.aws/credentials".into()],
        };
        assert_eq!(
            trouble.to_string(),
            "There is no profile \"prdo\". 12 profiles are in ~/.aws/config and ~/.aws/credentials. Did you mean \
             \"prod\"? ivschat --profile prod"
        );
    }
}
