//! Sources behind TLS: who may be believed to be who they say.

use std::net::SocketAddr;
use std::sync::Arc;

use public_address::{Authorities, Family, Format, Options, Source, SourceError, Status, detect};
use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use crate::server::{Server, ok, send};
use crate::{REAL, address, answer, options, problem};

/// Signs for whoever a test says.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Other than the names of those it signs for: OpenSSL takes an equal one for a certificate that signed itself.
        params.distinguished_name.push(DnType::CommonName, "Test authority");
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn certificate(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    /// As a file of trusted authorities has it.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// What a server needs to pass for this host.
    pub(crate) fn acceptor(&self, host: &str) -> TlsAcceptor {
        self.sign(&CertificateParams::new([host.to_owned()]).unwrap())
    }

    fn expired(&self, host: &str) -> TlsAcceptor {
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        presenting(&certificate, &key)
    }
}

/// For this host, with nobody's word but its own.
fn self_signed(host: &str) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([host.to_owned()]).unwrap().self_signed(&key).unwrap();
    presenting(&certificate, &key)
}

fn presenting(certificate: &Certificate, key: &KeyPair) -> TlsAcceptor {
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Answers 200 with this text behind TLS.
pub(crate) async fn says(acceptor: TlsAcceptor, text: &str) -> Server {
    says_on("127.0.0.1:0", acceptor, text).await
}

pub(crate) async fn says_on(listen: &str, acceptor: TlsAcceptor, text: &str) -> Server {
    let answer = Arc::<[u8]>::from(ok(text).into_bytes());
    Server::serve(listen, move |stream| {
        let (acceptor, answer) = (acceptor.clone(), Arc::clone(&answer));
        async move {
            // A client that does not like the certificate hangs up.
            if let Ok(stream) = acceptor.accept(stream).await {
                send(stream, answer).await;
            }
        }
    })
    .await
}

pub(crate) fn source(operator: &str, address: SocketAddr) -> Source {
    Source::new(operator, &format!("https://localhost:{}/", address.port()), Family::V4, Format::Text).unwrap()
}

pub(crate) fn knowing(authority: &Authority) -> Options {
    let authorities = Authorities { private: vec![authority.certificate()], ..Authorities::default() };
    Options { authorities, ..options() }
}

#[tokio::test]
async fn a_certificate_that_does_not_hold_is_refused_whatever_the_answer() {
    let (known, unknown) = (Authority::new(), Authority::new());
    for (case, acceptor) in [
        ("of an unknown authority", unknown.acceptor("localhost")),
        ("of another host", known.acceptor("elsewhere.example")),
        ("expired", known.expired("localhost")),
        ("of its own making", self_signed("localhost")),
    ] {
        let server = says(acceptor, REAL).await;
        let sources = [source("One", server.address), source("Two", server.address)];
        let detection = detect(&sources, &knowing(&known)).await;
        assert_eq!(problem(&detection, "One"), SourceError::BadCertificate, "{case}");
        assert_eq!(detection.v4.status, Status::Unavailable, "{case}");
        assert!(!detection.is_offline(), "{case}");
    }
}

#[tokio::test]
async fn a_server_without_tls_proves_nothing() {
    let plain = Server::serve("127.0.0.1:0", |mut stream| async move {
        let _ = stream.write_all(ok(REAL).as_bytes()).await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    })
    .await;
    let detection = detect(&[source("One", plain.address)], &options()).await;
    assert_eq!(problem(&detection, "One"), SourceError::BadCertificate);
}

#[tokio::test]
async fn servers_of_this_machine_that_prove_themselves_are_two_votes() {
    let authority = Authority::new();
    let one = says(authority.acceptor("localhost"), REAL).await;
    let two = says(authority.acceptor("localhost"), REAL).await;
    let sources = [source("One", one.address), source("Two", two.address)];
    let detection = detect(&sources, &knowing(&authority)).await;
    assert_eq!(detection.v4.status, Status::Confirmed(address(REAL)));
    assert!(!answer(&detection, "One").intercepted);
}
