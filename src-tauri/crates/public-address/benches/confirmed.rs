//! How long it takes until an address is confirmed, next to the answer that confirms it.
//!
//! Five operators behind TLS on this machine, two of them quick, two slow, one silent. Prints the report that
//! `tests/performance.py` reads: `cargo bench -p public-address --bench confirmed -- --runs 50`.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use public_address::{Authorities, Family, Format, Options, Source, Status, detect};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

/// When each operator answers, in milliseconds; `None` never does.
const DELAYS: [Option<u64>; 5] = [Some(50), Some(80), Some(2000), Some(2000), None];

const ADDRESS: &str = "203.0.113.7";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let runs = runs()?;
    let authority = Authority::new()?;
    let mut sources = Vec::new();
    for (place, delay) in DELAYS.into_iter().enumerate() {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("https://localhost:{}/", listener.local_addr()?.port());
        sources.push(Source::new(&format!("Operator {place}"), &url, Family::V4, Format::Text)?);
        tokio::spawn(serve(listener, authority.acceptor.clone(), delay));
    }

    let authorities = Authorities { public: vec![authority.certificate()], ..Authorities::default() };
    // The address is nobody's.
    let options = Options { authorities, accept: |_| true, ..Options::default() };
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let started = Instant::now();
        let detection = detect(&sources, &options).await;
        times.push(started.elapsed());
        if detection.v4.status != Status::Confirmed(ADDRESS.parse()?) {
            return Err(format!("not confirmed: {detection:?}").into());
        }
    }

    let typical = milliseconds(median(&mut times));
    let slowest = milliseconds(times.last().copied().unwrap_or_default());
    let second = second();
    let answers = DELAYS.map(|delay| delay.map_or("never".to_owned(), |delay| format!("{delay} ms"))).join(", ");
    let report = json!({
        "name": "public-address",
        "title": "Confirming a public address",
        "about": [format!(
            "Five operators behind TLS on this machine, asked at once, answer after {answers}. Nobody can confirm before \
             the second has answered; nobody need wait for the third. {runs} runs, each with handshakes of its own."
        )],
        "tables": [{
            "columns": ["", "time"],
            "rows": [
                ["the second operator answers after".to_owned(), format!("{second} ms")],
                ["confirmed after, median".to_owned(), format!("{typical} ms")],
                ["confirmed after, slowest run".to_owned(), format!("{slowest} ms")],
            ],
        }],
    });
    println!("{report}");
    eprintln!(
        "public address: confirmed after {typical} ms (median of {runs} runs); the second answers after {second} ms"
    );
    Ok(())
}

/// `--runs N`; Cargo adds a flag of its own.
fn runs() -> Result<usize, Box<dyn Error>> {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    match (words.next().as_deref(), words.next()) {
        (None, _) => Ok(20),
        (Some("--runs"), Some(runs)) => match runs.parse()? {
            0 => Err("no run, no time".into()),
            runs => Ok(runs),
        },
        (Some(_), _) => Err("usage: confirmed [--runs N]".into()),
    }
}

/// When the second answer comes: nobody can confirm sooner.
fn second() -> u64 {
    let mut delays: Vec<u64> = DELAYS.into_iter().flatten().collect();
    delays.sort_unstable();
    delays[1]
}

/// Sorts them. There is at least one.
fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    let upper = times[times.len() / 2];
    if times.len().is_multiple_of(2) { (times[times.len() / 2 - 1] + upper) / 2 } else { upper }
}

/// With a tenth, which is what a run differs by.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, delay: Option<u64>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(answer(stream, acceptor.clone(), delay));
    }
}

/// Waits once it was asked.
async fn answer(stream: TcpStream, acceptor: TlsAcceptor, delay: Option<u64>) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let mut question = Vec::new();
    while !question.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        question.push(byte);
    }

    match delay {
        Some(delay) => sleep(Duration::from_millis(delay)).await,
        None => std::future::pending().await,
    }
    let answer =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{ADDRESS}", ADDRESS.len());
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// Vouches for `localhost`.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    acceptor: TlsAcceptor,
}

impl Authority {
    fn new() -> Result<Self, Box<dyn Error>> {
        let mut params = CertificateParams::new([])?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(["localhost".to_owned()])?.signed_by(&key, &issuer)?.der().clone();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key.serialize_der().into()))?;
        Ok(Self { issuer, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    fn certificate(&self) -> CertificateDer<'static> {
        self.issuer.der().clone()
    }
}
