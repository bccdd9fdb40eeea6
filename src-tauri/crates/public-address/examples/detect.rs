//! Asks sources for the public address and prints what each said, then the findings with hints, as JSON lines.
//!
//! Without `--source` the shipped sources are asked. It exits with 0 whatever was found, with 2 if asked wrongly.

use std::error::Error as StdError;
use std::io::{self, Write};
use std::net::IpAddr;
use std::time::Duration;

use clap::Parser;
use public_address::{
    Answer, Authorities, Detection, Family, Format, Hint, LocalNetwork, Options, Source, SourceError, Status,
    default_sources, detect, hints, three_commas_sources,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::Serialize;
use url::{Host, Url};

#[tokio::main]
async fn main() {
    let arguments = Arguments::parse();
    let detection = detect(&arguments.sources(), &arguments.options()).await;
    let hints = hints(&detection, &LocalNetwork::read());

    print(&detection, &hints).unwrap_or_else(|problem| {
        // A reader that has had enough and is gone is no failure of the detection.
        eprintln!("detect: {problem}");
    });
}

fn print(detection: &Detection, hints: &[Hint]) -> io::Result<()> {
    let mut lines = io::stdout().lock();
    for answer in &detection.answers {
        writeln!(lines, "{}", serde_json::to_string(&Answered::from(answer))?)?;
    }
    writeln!(lines, "{}", serde_json::to_string(&Findings::of(detection, hints))?)
}

/// Finds out which address the world sees.
#[derive(Parser)]
#[command(name = "detect")]
struct Arguments {
    /// Ask this source; its host decides the family, and a host name is asked for both. A path that ends in
    /// /cdn-cgi/trace is read as one. May be repeated.
    #[arg(long = "source", value_name = "OPERATOR=URL", value_parser = of_its_family)]
    sources: Vec<Sources>,
    /// Ask this source for IPv4.
    #[arg(long = "source-v4", value_name = "OPERATOR=URL", value_parser = of_v4)]
    sources_v4: Vec<Sources>,
    /// Ask this source for IPv6.
    #[arg(long = "source-v6", value_name = "OPERATOR=URL", value_parser = of_v6)]
    sources_v6: Vec<Sources>,
    /// Ask what stands before 3Commas as well.
    #[arg(long)]
    three_commas: bool,
    /// Show what this operator says without counting it. May be repeated.
    #[arg(long, value_name = "OPERATOR")]
    no_vote: Vec<String>,
    /// When to stop.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 3000)]
    deadline: u64,
    /// Take this authority (a PEM file) for one that every browser knows. May be repeated.
    #[arg(long, value_name = "FILE", value_parser = authorities)]
    ca: Vec<Vec<CertificateDer<'static>>>,
    /// Take 203.0.113.0/24 and 2001:db8::/32 for public addresses.
    #[arg(long)]
    practice_addresses: bool,
}

impl Arguments {
    fn sources(&self) -> Vec<Source> {
        let given = [&self.sources, &self.sources_v4, &self.sources_v6].map(|sources| sources.concat()).concat();
        let sources = if given.is_empty() { default_sources() } else { given };
        let destination = if self.three_commas { three_commas_sources() } else { Vec::new() };

        let silenced =
            |source: &Source| self.no_vote.iter().any(|operator| operator.eq_ignore_ascii_case(&source.operator));
        destination
            .into_iter()
            .chain(sources)
            .map(|source| if silenced(&source) { source.without_vote() } else { source })
            .collect()
    }

    fn options(&self) -> Options {
        let authorities = Authorities { public: self.ca.concat(), ..Authorities::default() };
        let deadline = Duration::from_millis(self.deadline);
        let usual = Options { deadline, authorities, ..Options::default() };
        if self.practice_addresses { Options { accept: or_practice, ..usual } } else { usual }
    }
}

/// One source, or the two of a host name.
type Sources = Vec<Source>;

fn of_its_family(text: &str) -> Result<Sources, Box<dyn StdError + Send + Sync>> {
    let (_, url) = split(text)?;
    let families = match Url::parse(url)?.host() {
        Some(Host::Ipv4(_)) => &[Family::V4][..],
        Some(Host::Ipv6(_)) => &[Family::V6],
        Some(Host::Domain(_)) | None => &Family::ALL,
    };
    families.iter().map(|&family| source(text, family)).collect()
}

fn of_v4(text: &str) -> Result<Sources, Box<dyn StdError + Send + Sync>> {
    Ok(vec![source(text, Family::V4)?])
}

fn of_v6(text: &str) -> Result<Sources, Box<dyn StdError + Send + Sync>> {
    Ok(vec![source(text, Family::V6)?])
}

fn source(text: &str, family: Family) -> Result<Source, Box<dyn StdError + Send + Sync>> {
    let (operator, url) = split(text)?;
    let format = if url.ends_with("/cdn-cgi/trace") { Format::Trace } else { Format::Text };
    Ok(Source::new(operator, url, family, format)?)
}

fn authorities(file: &str) -> Result<Vec<CertificateDer<'static>>, Box<dyn StdError + Send + Sync>> {
    let found: Vec<_> = CertificateDer::pem_file_iter(file)?.collect::<Result<_, _>>()?;
    if found.is_empty() { Err("no certificate in it".into()) } else { Ok(found) }
}

fn split(text: &str) -> Result<(&str, &str), &'static str> {
    text.split_once('=').ok_or("expected OPERATOR=URL")
}

fn or_practice(address: IpAddr) -> bool {
    let practice = match address {
        IpAddr::V4(address) => address.octets().starts_with(&[203, 0, 113]),
        IpAddr::V6(address) => address.segments().starts_with(&[0x2001, 0xdb8]),
    };
    practice || (Options::default().accept)(address)
}

/// One line: what one source said.
#[derive(Serialize)]
struct Answered<'a> {
    operator: &'a str,
    url: &'a Url,
    family: Family,
    address: Option<IpAddr>,
    problem: Option<&'static str>,
    millis: u128,
    vote: bool,
    proxy: Option<&'a str>,
    intercepted: bool,
}

impl<'a> From<&'a Answer> for Answered<'a> {
    fn from(answer: &'a Answer) -> Self {
        Self {
            operator: &answer.source.operator,
            url: &answer.source.url,
            family: answer.source.family,
            address: answer.outcome.as_ref().ok().copied(),
            problem: answer.outcome.as_ref().err().map(SourceError::code),
            millis: answer.elapsed.as_millis(),
            vote: answer.source.vote,
            proxy: answer.proxy.as_deref(),
            intercepted: answer.intercepted,
        }
    }
}

/// The last line: what it all amounts to.
#[derive(Serialize)]
struct Findings<'a> {
    v4: Found<'a>,
    v6: Found<'a>,
    offline: bool,
    sign_in: bool,
    hints: &'a [Hint],
}

impl<'a> Findings<'a> {
    fn of(detection: &'a Detection, hints: &'a [Hint]) -> Self {
        Self {
            v4: Found::from(&detection.v4.status),
            v6: Found::from(&detection.v6.status),
            offline: detection.is_offline(),
            sign_in: detection.suggests_sign_in(),
            hints,
        }
    }
}

#[derive(Serialize)]
struct Found<'a> {
    status: &'static str,
    address: Option<IpAddr>,
    disputed: Vec<Side<'a>>,
}

#[derive(Serialize)]
struct Side<'a> {
    address: IpAddr,
    operators: &'a [String],
}

impl<'a> From<&'a Status> for Found<'a> {
    fn from(status: &'a Status) -> Self {
        let sides = match status {
            Status::Disputed(sides) => sides.as_slice(),
            Status::Confirmed(_) | Status::Unconfirmed(_) | Status::Unavailable => &[],
        };
        let disputed = sides.iter().map(|(address, operators)| Side { address: *address, operators }).collect();
        Self { status: status.as_str(), address: status.address(), disputed }
    }
}
