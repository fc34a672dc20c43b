//! The HTTP client that goes this way, for the API and for the identity.

use super::Network;

impl Network {
    /// A client that goes this way. Reads the certificate roots of this machine, unless `plain` says that only
    /// unencrypted connections on this machine are meant: those are to work where no roots are installed.
    ///
    /// # Errors
    /// If there are no roots, or an extra one is malformed.
    pub fn http(&self, plain: bool) -> reqwest::Result<reqwest::Client> {
        let mut builder = reqwest::Client::builder()
            // A redirect would take the session token to another host.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.connect_timeout)
            .tcp_nodelay(true)
            // The environment has been read, and with our own exceptions.
            .no_proxy();
        for rule in self.proxies.rules()? {
            builder = builder.proxy(rule);
        }
        if plain {
            return builder.tls_certs_only([]).build();
        }
        if !self.verify {
            return builder.tls_danger_accept_invalid_certs(true).build();
        }
        let roots = self.extra_roots.iter().map(|root| reqwest::Certificate::from_der(root));
        builder.tls_certs_merge(roots.collect::<Result<Vec<_>, _>>()?).build()
    }
}
