//! What a load of credentials needs at hand: the files as they are now, the surroundings, the region.

use aws_config::SdkConfig;
use aws_credential_types::Credentials;

use super::facts::Trouble;
use super::failure::{Asked, host};
use super::profiles::Files;
use super::surroundings::Surroundings;
use super::transport;
use crate::api::endpoint::Endpoint;

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
    ///
    /// An endpoint that would be spoken to without encryption must be on this machine: tokens go there.
    pub(super) fn sdk(
        &self,
        giver: Giver,
        region: &str,
        credentials: Option<Credentials>,
    ) -> Result<(SdkConfig, String), Trouble> {
        let (id, label) = giver.names();
        let endpoint = self.files.endpoint(id).map(|(url, _)| url);
        if let Some(Err(problem)) = endpoint.as_deref().map(str::parse::<Endpoint>) {
            return Err(Trouble::Other(format!("The endpoint of {id} can't be used: {}", problem.message)));
        }
        let mut config = transport::sdk(&self.around, region, endpoint.as_deref(), credentials).into_builder();
        if endpoint.is_none() {
            let is_on = |variable, key| self.files.is_on(variable, key);
            config.set_use_fips(Some(is_on("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")));
            config.set_use_dual_stack(Some(is_on("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")));
        }
        Ok((config.build(), host(endpoint.as_deref(), label, region)))
    }

    /// The name that sessions get: the trail of who did what shows it, so it names a person.
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
