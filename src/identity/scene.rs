//! What a load of credentials needs at hand: the files as they are now, the surroundings, the region.

use aws_config::SdkConfig;
use aws_credential_types::Credentials;

use super::failure::{Asked, host};
use super::profiles::Files;
use super::surroundings::Surroundings;
use super::transport;

/// What a load needs at hand.
pub(super) struct Scene {
    pub(super) around: Surroundings,
    pub(super) files: Files,
    pub(super) region: String,
}

/// The services that credentials come from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Giver {
    Sts,
    Sso,
    SsoOidc,
}

impl Giver {
    /// As variables and `services` sections call it, and as hosts do.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Sts => ("STS", "sts"),
            Self::Sso => ("SSO", "portal.sso"),
            Self::SsoOidc => ("SSO OIDC", "oidc"),
        }
    }
}

impl Scene {
    /// What a client of `giver` is made from, and who that is.
    pub(super) fn sdk(&self, giver: Giver, region: &str, credentials: Option<Credentials>) -> (SdkConfig, String) {
        let (id, label) = giver.names();
        let endpoint = self.files.endpoint(id).map(|(url, _)| url);
        let config = transport::sdk(&self.around, region, endpoint.as_deref(), credentials);
        (config, host(endpoint.as_deref(), label, region))
    }

    /// The name that sessions get: CloudTrail shows it, so it names a person.
    pub(super) fn session_name(&self) -> String {
        session_name(&self.around.user(), &self.around.host)
    }
}

impl<'a> Asked<'a> {
    /// A call of `action` on `resource` at `host`.
    pub(super) fn new(action: &'a str, resource: Option<&'a str>, host: String) -> Self {
        Self { action, resource, host }
    }
}

/// A session's name has 2 to 64 characters of `[\w+=,.@-]`.
fn session_name(user: &str, host: &str) -> String {
    let legal = |c: char| if c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) { c } else { '-' };
    format!("ivschat-{user}@{host}").chars().map(legal).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_names_a_person_in_legal_characters() {
        assert_eq!(session_name("nadia", "bastion-1"), "ivschat-nadia@bastion-1");
        assert_eq!(session_name("CORP\\zoë k", "host"), "ivschat-CORP-zo--k@host");
        assert_eq!(session_name("x", &"h".repeat(100)).len(), 64);
    }
}
