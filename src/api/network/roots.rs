//! Whom to trust: certificates from a file, and the TLS configuration that goes with them.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::Network;

/// The certificates of a PEM file, each tried.
///
/// # Errors
/// Why it can't be used, with the file's name.
pub(super) fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let name = path.display();
    let bytes = fs::read(path).map_err(|error| {
        let words = error.to_string();
        format!("{name} can't be read: {}", words.split(" (os error").next().unwrap_or(&words))
    })?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let found = found.map_err(|_| format!("{name} is damaged: a PEM block in it can't be read"))?;
    if found.is_empty() {
        return Err(format!("{name} holds no certificate: it must be PEM, with a line BEGIN CERTIFICATE"));
    }
    for (at, certificate) in found.iter().enumerate() {
        RootCertStore::empty()
            .add(certificate.clone())
            .map_err(|_| format!("{name}: what is in certificate {} is not one", at + 1))?;
    }
    Ok(found)
}

/// The TLS configuration that goes with `network`: reads the roots of this machine, which may take a while. No protocol
/// is negotiated.
///
/// # Errors
/// If this machine has no roots at all, or an extra one is malformed.
pub fn tls(network: &Network) -> Result<ClientConfig, rustls::Error> {
    // Named, since rustls panics when it is to choose a provider and a dependency has brought a second one.
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = if network.verify {
        Arc::new(Verifier::new_with_extra_roots(network.extra_roots.iter().cloned(), Arc::clone(&provider))?)
    } else {
        Arc::new(Anybody(Arc::clone(&provider)))
    };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

/// Takes every certificate, as `--no-verify-ssl` asks for.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
