//! Where a client sends its calls, as whom, and how patiently. Plain data.

use super::credentials::Provider;
use super::endpoint::Endpoint;
use super::error::Problem;
use super::network::Network;
use super::read_only::ReadOnly;
use super::retry;
use super::service::Service;

/// Where a client sends its calls, as whom, and how patiently.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The base URL of Amazon IVS Chat.
    pub endpoint: Endpoint,
    /// The base URL of Amazon IVS, for the tags of what is its own; if there is none, [`endpoint`](Self::endpoint) is
    /// asked, and each service still gets its own signature.
    pub ivs_endpoint: Option<Endpoint>,
    /// The region that is signed for.
    pub region: String,
    /// Who signs.
    pub credentials: Provider,
    /// How often a call is repeated.
    pub retry: retry::Settings,
    /// The most bytes of an answer that are read, counted after decompression; 4 MiB. The longest that the service
    /// can give, 50 rooms with 50 tags each, is under 2 MiB.
    pub body_cap: usize,
    /// The way out to the network.
    pub network: Network,
    /// Whether changes are refused here, before they reach the wire.
    pub read_only: ReadOnly,
}

impl Settings {
    /// The public endpoints of `region`, with the limits above.
    ///
    /// # Errors
    /// If `region` is not the name of a region.
    pub fn new(region: &str, credentials: impl Into<Provider>) -> Result<Self, Problem> {
        Ok(Self {
            endpoint: Endpoint::of_region(Service::IvsChat, region)?,
            ivs_endpoint: Some(Endpoint::of_region(Service::Ivs, region)?),
            region: region.to_owned(),
            credentials: credentials.into(),
            retry: retry::Settings::default(),
            body_cap: 4 * 1024 * 1024,
            network: Network::default(),
            read_only: ReadOnly::default(),
        })
    }

    /// The same over this way out, at the hosts that it means.
    ///
    /// # Errors
    /// If there are no such hosts.
    pub fn over(self, network: Network) -> Result<Self, Problem> {
        let among = |service| Endpoint::among(network.hosts, service, &self.region);
        let (endpoint, ivs_endpoint) = (among(Service::IvsChat)?, Some(among(Service::Ivs)?));
        Ok(Self { endpoint, ivs_endpoint, network, ..self })
    }

    /// The same at another URL: both services are there.
    #[must_use]
    pub fn at(self, endpoint: Endpoint) -> Self {
        Self { endpoint, ivs_endpoint: None, ..self }
    }

    /// The base URL of a service.
    pub fn endpoint_of(&self, service: Service) -> &Endpoint {
        match service {
            Service::IvsChat => &self.endpoint,
            Service::Ivs => self.ivs_endpoint.as_ref().unwrap_or(&self.endpoint),
        }
    }
}
