//! The HTTP clients that go this way, for the API and for the identity.

use std::time::Duration;

use super::{Network, root_cause};

impl Network {
    /// A client for the API. It reads the certificate roots of this machine, unless `plain` says that only unencrypted
    /// connections on this machine are meant: those are to work where no roots are installed.
    ///
    /// # Errors
    /// If there are no roots, or an extra one is malformed.
    pub fn http(&self, plain: bool) -> reqwest::Result<reqwest::Client> {
        let builder = self.builder(false)?.connect_timeout(self.connect_timeout);
        if plain { builder.tls_certs_only([]) } else { self.trusting(builder)? }.build()
    }

    /// A client for whoever asks for credentials, with these limits for connecting and for the wait for more; a `direct`
    /// one goes through no proxy.
    ///
    /// # Errors
    /// As [`http`](Self::http), in words.
    pub fn http_within(
        &self,
        direct: bool,
        connect: Option<Duration>,
        read: Option<Duration>,
    ) -> Result<reqwest::Client, String> {
        let build = || {
            let mut builder = self.trusting(self.builder(direct)?)?;
            if let Some(limit) = connect {
                builder = builder.connect_timeout(limit);
            }
            if let Some(limit) = read {
                builder = builder.read_timeout(limit);
            }
            builder.build()
        };
        build().map_err(|error| root_cause(&error))
    }

    fn builder(&self, direct: bool) -> reqwest::Result<reqwest::ClientBuilder> {
        // A redirect would take a session token to another host. What the environment says of proxies has been read, and
        // with our own exceptions.
        let builder =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).tcp_nodelay(true).no_proxy();
        let rules = if direct { Vec::new() } else { self.proxies.rules()? };
        Ok(rules.into_iter().fold(builder, reqwest::ClientBuilder::proxy))
    }

    fn trusting(&self, builder: reqwest::ClientBuilder) -> reqwest::Result<reqwest::ClientBuilder> {
        if !self.verify {
            return Ok(builder.tls_danger_accept_invalid_certs(true));
        }
        let roots = self.extra_roots.iter().map(|root| reqwest::Certificate::from_der(root));
        Ok(builder.tls_certs_merge(roots.collect::<Result<Vec<_>, _>>()?))
    }
}
