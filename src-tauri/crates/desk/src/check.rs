//! Proving that a token works: signed calls that change nothing.

use std::net::IpAddr;
use std::time::Instant;

use ipnet::IpNet;
use threecommas::{ApiErrorKind, ApiKey, Client, Credentials};
use time::OffsetDateTime;
use uuid::Uuid;
use vault::Secret;
use zeroize::Zeroizing;

use crate::desk::Desk;
use crate::error::Error;
use crate::store::checks::{Check, Outcome};
use crate::token::destination::Destination;
use crate::token::{KnownToken, TokenType};

/// What a [`Check`] may say.
pub const CHECK_CODES: &[&str] = &[
    "api-key-invalid",
    "forbidden",
    "ok",
    "rate-limited",
    "secret-gone",
    "service-error",
    "service-no-answer",
    "service-unreachable",
    "signature-invalid",
    "untrusted-address",
];

/// The header by which a caller on loopback tells the practice service where it pretends to be.
const PRETEND: &str = "X-Practice-Client-IP";

/// Addresses that belong to nobody (RFC 5737, RFC 3849), tried in this order as the stranger.
const STRANGERS: [&str; 4] = ["198.51.100.77", "192.0.2.77", "203.0.113.200", "2001:db8:ffff::77"];

/// What two calls showed of a new token.
#[derive(Debug)]
pub struct Proof {
    /// A call from a trusted address.
    pub answered: Called,
    /// The same call from an address that is not on the list; `None` where any address is trusted.
    pub turned_away: Option<Called>,
}

/// One call and what came of it.
#[derive(Debug)]
pub struct Called {
    /// Where the service saw it come from.
    pub address: IpAddr,
    /// What came of it.
    pub check: Check,
}

impl Called {
    /// A stranger is turned away only by a refusal for its address, not by any failure.
    pub fn was_turned_away(&self) -> bool {
        self.check.outcome == Outcome::Refused && self.check.code == "untrusted-address"
    }
}

/// Verifies a token with one signed call and keeps the result.
pub async fn check(desk: &Desk, id: Uuid) -> Result<Check, Error> {
    let token = desk.on_store(move |store| store.token(id)).await?;
    let check = match client(desk, &token).await {
        Ok(client) => call(&pretending(client, trusted_address(&token))?).await,
        Err(Error::SecretGone) => Check::secret_gone(OffsetDateTime::now_utc()),
        Err(error) => return Err(error),
    };
    let kept = check.clone();
    desk.on_store(move |store| store.keep_check(id, &kept)).await?;
    Ok(check)
}

/// Verifies with a secret or private key that is not kept; keeps no result.
pub(crate) async fn try_out(desk: &Desk, token: &KnownToken, secret: &Secret) -> Result<Check, Error> {
    let client = client_with(desk, token, secret).await?;
    Ok(call(&pretending(client, trusted_address(token))?).await)
}

/// Lets a trusted caller in and a stranger be turned away; keeps the first result as the token's check.
pub async fn prove(desk: &Desk, id: Uuid) -> Result<Proof, Error> {
    let token = desk.on_store(move |store| store.token(id)).await?;
    let trusted = trusted_address(&token);
    let answered = Called { address: trusted, check: call(&pretending(client(desk, &token).await?, trusted)?).await };
    let kept = answered.check.clone();
    desk.on_store(move |store| store.keep_check(id, &kept)).await?;
    let turned_away = match stranger(&token) {
        Some(address) => {
            let check = call(&pretending(client(desk, &token).await?, address)?).await;
            Some(Called { address, check })
        }
        None => None,
    };
    Ok(Proof { answered, turned_away })
}

async fn client(desk: &Desk, token: &KnownToken) -> Result<Client, Error> {
    let secret = desk.secret(token.token_type.item_kind(), token.id).await?;
    client_with(desk, token, &secret).await
}

async fn client_with(desk: &Desk, token: &KnownToken, secret: &Secret) -> Result<Client, Error> {
    let base = match token.destination {
        Destination::Practice => desk.practice().url().await?,
        Destination::Guided | Destination::OwnServer => return Err(Error::DestinationUnavailable),
    };
    let api_key = ApiKey::parse(&token.api_key)?;
    let secret = Zeroizing::new(secret.expose().to_vec());
    let credentials = match token.token_type {
        TokenType::SelfGenerated => Credentials::Rsa { api_key, private_key_pkcs8: secret },
        TokenType::SystemGenerated => Credentials::Hmac { api_key, secret },
    };
    Ok(Client::new(&base, credentials)?)
}

/// Practice simulates addresses, so the call can come from one that the person listed.
fn pretending(client: Client, address: IpAddr) -> Result<Client, Error> {
    Ok(client.with_header(PRETEND, &address.to_string())?)
}

fn networks(token: &KnownToken) -> Vec<IpNet> {
    let parse = |text: &str| text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    token.trusted_ips.iter().filter_map(|entry| parse(&entry.network).ok()).collect()
}

fn trusted_address(token: &KnownToken) -> IpAddr {
    let first = networks(token).first().map(|network| network.hosts().next().unwrap_or(network.addr()));
    first.unwrap_or(practice::Config::CLIENT_ADDRESS)
}

fn stranger(token: &KnownToken) -> Option<IpAddr> {
    let networks = networks(token);
    if networks.is_empty() {
        return None;
    }
    let strangers = STRANGERS.iter().filter_map(|text| text.parse().ok());
    strangers.into_iter().find(|&address| !trusted_ips::contains(&networks, address))
}

async fn call(client: &Client) -> Check {
    let at = OffsetDateTime::now_utc();
    let start = Instant::now();
    let (outcome, code) = verdict(&client.validate().await);
    let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    Check { outcome, code: code.to_owned(), at, millis }
}

fn verdict(answer: &Result<(), threecommas::Error>) -> (Outcome, &'static str) {
    match answer {
        Ok(()) => (Outcome::Works, "ok"),
        Err(threecommas::Error::Api { kind, .. }) => match kind {
            ApiErrorKind::SignatureInvalid => (Outcome::Refused, "signature-invalid"),
            ApiErrorKind::ApiKeyInvalidOrExpired => (Outcome::Refused, "api-key-invalid"),
            ApiErrorKind::Untrusted => (Outcome::Refused, "untrusted-address"),
            ApiErrorKind::Forbidden => (Outcome::Refused, "forbidden"),
            ApiErrorKind::RateLimited | ApiErrorKind::Banned => (Outcome::NotReached, "rate-limited"),
            ApiErrorKind::Invalid | ApiErrorKind::NotFound | ApiErrorKind::Server | ApiErrorKind::Other => {
                (Outcome::NotReached, "service-error")
            }
        },
        Err(threecommas::Error::Unreachable) => (Outcome::NotReached, "service-unreachable"),
        Err(_) => (Outcome::NotReached, "service-no-answer"),
    }
}
