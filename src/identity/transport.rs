//! The one HTTP stack, as those who ask for credentials use it: reqwest behind the SDK's idea of a connector.

use std::sync::Arc;

use super::surroundings::{Http, Reach};

/// Clients with the system's proxies and certificates.
pub fn usual() -> Http {
    Arc::new(|reach: Reach| {
        // A redirect would take a token to another host.
        let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).tcp_nodelay(true);
        if reach.direct {
            builder = builder.no_proxy();
        }
        if let Some(limit) = reach.connect {
            builder = builder.connect_timeout(limit);
        }
        if let Some(limit) = reach.read {
            builder = builder.read_timeout(limit);
        }
        builder.build().map_err(|error| error.to_string())
    })
}
