//! The way out: through which proxy, whom to trust, how patiently. Read once, for the API, the chat and the identity.

mod cause;
pub mod http;
mod proxies;
mod roots;

use std::path::PathBuf;
use std::time::Duration;

use rustls::pki_types::CertificateDer;

use super::endpoint::Hosts;
use super::error::Problem;

pub use cause::{is_about_the_certificate, root_cause};
pub use proxies::{Hop, Proxies};
pub use roots::tls;

/// What stands for "no limit": nobody waits longer than a day.
const A_DAY: Duration = Duration::from_hours(24);

/// What the command line says of the network; the names are those of the AWS CLI.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--ca-bundle`
    pub ca_bundle: Option<PathBuf>,
    /// `--no-verify-ssl`
    pub no_verify_ssl: bool,
    /// `--cli-connect-timeout`, in seconds; 0 is no limit.
    pub connect_timeout: Option<u64>,
    /// `--cli-read-timeout`, in seconds; 0 is no limit.
    pub read_timeout: Option<u64>,
}

/// The way out to the network.
#[derive(Debug, Clone)]
pub struct Network {
    /// Certificates that are trusted besides those of this machine, such as a company's own.
    pub extra_roots: Vec<CertificateDer<'static>>,
    /// The file that they are from.
    pub ca_bundle: Option<PathBuf>,
    /// Whether the other side has to prove who it is. Without that, whoever is in between reads and changes everything.
    pub verify: bool,
    /// Which proxy is for which host.
    pub proxies: Proxies,
    /// For name, connection and TLS of a call together; 3.1 s, just over the 3 s after which a lost first packet is sent
    /// again.
    pub connect_timeout: Duration,
    /// For one attempt of a call from its first byte to the last of its answer; 15 s.
    pub attempt_timeout: Duration,
    /// For name, connection, TLS and handshake of a chat together; 10 s.
    pub handshake_timeout: Duration,
    /// Which of AWS's hosts are meant.
    pub hosts: Hosts,
}

impl Default for Network {
    /// Straight to AWS's usual hosts, trusting whom this machine trusts, with the times above.
    fn default() -> Self {
        Self {
            extra_roots: Vec::new(),
            ca_bundle: None,
            verify: true,
            proxies: Proxies::default(),
            connect_timeout: Duration::from_millis(3_100),
            attempt_timeout: Duration::from_secs(15),
            handshake_timeout: Duration::from_secs(10),
            hosts: Hosts::default(),
        }
    }
}

impl Network {
    /// What flags and environment say: `AWS_CA_BUNDLE`, `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`,
    /// `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`. Reads the file of certificates.
    ///
    /// # Errors
    /// Everything that can't be used, each with the name of its flag or variable.
    pub fn read(flags: &Flags, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let mut network = Self { verify: !flags.no_verify_ssl, ..Self::default() };
        let mut problems = Vec::new();
        let named = flags.ca_bundle.clone().map(|path| ("--ca-bundle", path));
        let bundle = named.or_else(|| Some(("AWS_CA_BUNDLE", variable("AWS_CA_BUNDLE")?.into())));
        if let Some((name, path)) = bundle {
            match roots::read(&path) {
                Ok(found) => network.extra_roots = found,
                Err(why) => problems.push(Problem::new(name, why)),
            }
            network.ca_bundle = Some(path);
        }
        match Proxies::read(variable) {
            Ok(proxies) => network.proxies = proxies,
            Err(wrong) => problems.extend(wrong),
        }
        match Hosts::read(variable) {
            Ok(hosts) => network.hosts = hosts,
            Err(wrong) => problems.extend(wrong),
        }
        network.wait(flags);
        if problems.is_empty() { Ok(network) } else { Err(problems) }
    }

    fn wait(&mut self, flags: &Flags) {
        let limit = |seconds: u64| if seconds == 0 { A_DAY } else { Duration::from_secs(seconds).min(A_DAY) };
        if let Some(connect) = flags.connect_timeout.map(limit) {
            self.connect_timeout = connect;
            self.handshake_timeout = connect;
            // An attempt holds its connecting.
            self.attempt_timeout = self.attempt_timeout.max(connect);
        }
        if let Some(read) = flags.read_timeout.map(limit) {
            self.attempt_timeout = read;
        }
    }
}

#[cfg(test)]
mod tests;
