//! Whom a session trusts to be the service.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;
use tokio::sync::OnceCell;

/// Whom to trust: the certificate roots of this machine, read from disk when the first `wss` connection needs them.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    extra_roots: Vec<CertificateDer<'static>>,
    config: Arc<OnceCell<Arc<ClientConfig>>>,
}

impl Tls {
    /// Trusts `extra_roots` as well, such as a company's own (`AWS_CA_BUNDLE`). Nothing is read yet.
    pub fn new(extra_roots: Vec<CertificateDer<'static>>) -> Self {
        Self { extra_roots, config: Arc::default() }
    }

    /// The roots, read now if this is the first time.
    ///
    /// # Errors
    /// If this machine has no roots at all, or an extra one is malformed.
    pub(super) async fn config(&self) -> Result<Arc<ClientConfig>, rustls::Error> {
        let read = || async {
            let extra = self.extra_roots.clone();
            tokio::task::spawn_blocking(|| read_roots(extra)).await.expect("reading roots does not panic")
        };
        self.config.get_or_try_init(read).await.cloned()
    }
}

/// No protocol is negotiated: HTTP/2, where it is offered, has no upgrade to a WebSocket.
fn read_roots(extra: Vec<CertificateDer<'static>>) -> Result<Arc<ClientConfig>, rustls::Error> {
    // Named, since rustls panics when it is to choose a provider and a dependency has brought a second one.
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&provider))?;
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(Arc::new(builder.with_no_client_auth()))
}
