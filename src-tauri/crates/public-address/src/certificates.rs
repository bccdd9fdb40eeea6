//! Who vouches for a server: an authority that every browser knows, or one that was installed on this machine.
//!
//! A company's proxy or an antivirus program that opens TLS connections signs with an authority of its own, which the
//! system trusts. The connection then proves only that program's identity, whatever name stands in the certificate.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

use crate::options::Authorities;

/// Decides as the system does, and knows which roots are public.
#[derive(Debug)]
pub(crate) struct Judge {
    provider: Arc<CryptoProvider>,
    system: Verifier,
    public: Arc<WebPkiServerVerifier>,
}

impl Judge {
    /// Reads the system's authorities. Blocks: on Linux these are files.
    pub(crate) fn load(authorities: &Authorities) -> Result<Self, rustls::Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());

        let added = authorities.public.iter().chain(&authorities.private).cloned();
        let system = Verifier::new_with_extra_roots(added, Arc::clone(&provider))?;

        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for certificate in &authorities.public {
            roots.add(certificate.clone())?;
        }
        let public = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|error| rustls::Error::Other(OtherError(Arc::new(error))))?;

        Ok(Self { provider, system, public })
    }

    /// A configuration for one source's connection. The flag is raised if a root that is not public vouched for it.
    pub(crate) fn watch(self: &Arc<Self>, private: Arc<AtomicBool>) -> Result<ClientConfig, rustls::Error> {
        let witness = Witness { judge: Arc::clone(self), private };
        Ok(ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(witness))
            .with_no_client_auth())
    }
}

/// A configuration that trusts nobody, for plain HTTP to this machine: no authority need be read for it.
pub(crate) fn no_tls() -> Result<ClientConfig, rustls::Error> {
    Ok(ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth())
}

/// Accepts exactly what the system accepts, and remembers on whose word.
#[derive(Debug)]
struct Witness {
    judge: Arc<Judge>,
    private: Arc<AtomicBool>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Judge { system, public, .. } = &*self.judge;
        let verified = system.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)?;

        if public.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now).is_err() {
            self.private.store(true, Ordering::Relaxed);
        }
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.judge.system.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.judge.system.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.system.supported_verify_schemes()
    }
}
