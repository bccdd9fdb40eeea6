//! The addresses of a server that a person names.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use tokio::net::lookup_host;
use tokio::time::timeout;
use trusted_ips::{Reason, special_range};

use crate::host::{HostName, NoName};

/// Looks up a server by what a person types: a name, a URL, `user@host`, `host:port`. Asks the system's resolver, and with
/// it whoever answers names for this computer.
///
/// IPv4 comes first, each address once, [`MOST_ADDRESSES`] at most. They are those at which the server is *reached*; what
/// it *leaves* by may be another (behind a CDN it is), which only a [command](crate::server_commands) there tells.
///
/// # Errors
/// If there is no name in the text, or nobody knows the name within the deadline. A lookup that ran out of time goes on
/// unheard until the system gives it up.
pub async fn lookup(host: &str, deadline: Duration) -> Result<Host, LookupError> {
    lookup_with(host, deadline, async |name: &str| {
        Ok(lookup_host((name, 0)).await?.map(|socket| socket.ip()).collect())
    })
    .await
}

/// How many addresses one name can have here: more than fit into a token's list in any sensible way.
pub const MOST_ADDRESSES: usize = 32;

/// A server that has addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// What was looked up: the name alone, in its ASCII form.
    pub name: String,
    /// Its addresses.
    pub addresses: Vec<HostAddress>,
}

/// One address of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostAddress {
    /// The address; one of IPv4 in IPv6 clothes (`::ffff:`) is told as what it is.
    pub address: IpAddr,
    /// Why it cannot be trusted; `None` if it is an ordinary public address.
    pub special: Option<Reason>,
}

/// Why a server has no addresses here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// Nothing was typed, or nothing where the name would stand.
    #[error("no name was given")]
    Empty,
    /// It is an address already.
    #[error("{0} is an address, not a name")]
    IsAnAddress(IpAddr),
    /// Not what a server can be called.
    #[error("this is no name of a server")]
    NotAName,
    /// Nobody knows the name, or nobody could be asked: the system does not tell these apart.
    #[error("no address was found for {0}")]
    NotFound(String),
    /// No answer within the deadline.
    #[error("the addresses of {0} did not come in time")]
    Timeout(String),
}

impl LookupError {
    /// Every code that [`code`](Self::code) can answer.
    pub const CODES: &[&str] =
        &["host-empty", "host-is-an-address", "host-not-a-name", "host-not-found", "host-timeout"];

    /// The stable kebab-case name of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "host-empty",
            Self::IsAnAddress(_) => "host-is-an-address",
            Self::NotAName => "host-not-a-name",
            Self::NotFound(_) => "host-not-found",
            Self::Timeout(_) => "host-timeout",
        }
    }
}

impl From<NoName> for LookupError {
    fn from(reason: NoName) -> Self {
        match reason {
            NoName::Empty => Self::Empty,
            NoName::Address(address) => Self::IsAnAddress(address),
            NoName::NotAName => Self::NotAName,
        }
    }
}

/// The same with a resolver that is given in.
async fn lookup_with(
    host: &str,
    deadline: Duration,
    resolve: impl AsyncFnOnce(&str) -> io::Result<Vec<IpAddr>>,
) -> Result<Host, LookupError> {
    let name = HostName::parse(host)?;
    let found = timeout(deadline, resolve(name.as_str()))
        .await
        .map_err(|_| LookupError::Timeout(name.to_string()))?
        .map_err(|_| LookupError::NotFound(name.to_string()))?;

    let mut addresses: Vec<IpAddr> = found.iter().map(IpAddr::to_canonical).collect();
    // Resolvers turn the order at each question; what a person sees should not jump.
    addresses.sort_unstable();
    addresses.dedup();
    addresses.truncate(MOST_ADDRESSES);
    if addresses.is_empty() {
        return Err(LookupError::NotFound(name.to_string()));
    }

    let addresses = addresses.into_iter().map(|address| HostAddress { address, special: special_range(address) });
    Ok(Host { name: name.to_string(), addresses: addresses.collect() })
}

#[cfg(test)]
mod tests {
    use std::future;

    use super::*;

    const SOON: Duration = Duration::from_secs(60);

    fn all(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    async fn resolved(addresses: &[&str]) -> Result<Vec<HostAddress>, LookupError> {
        let host = lookup_with("vps.example", SOON, async |_: &str| Ok(all(addresses))).await?;
        Ok(host.addresses)
    }

    #[tokio::test]
    async fn ipv4_comes_first_and_each_address_once() {
        let found = resolved(&["2a00::2", "9.9.9.9", "2a00::1", "8.8.8.8", "9.9.9.9", "::ffff:8.8.8.8"]).await.unwrap();
        let addresses: Vec<_> = found.iter().map(|found| found.address).collect();
        assert_eq!(addresses, all(&["8.8.8.8", "9.9.9.9", "2a00::1", "2a00::2"]));
        assert!(found.iter().all(|found| found.special.is_none()));
    }

    #[tokio::test]
    async fn an_address_that_cannot_be_trusted_is_told_with_its_reason() {
        for (address, expected) in [
            ("10.0.0.7", Some(Reason::PrivateAddress)),
            ("100.64.0.7", Some(Reason::CarrierNatAddress)),
            ("fd00::7", Some(Reason::UniqueLocalAddress)),
            ("fe80::7", Some(Reason::LinkLocalAddress)),
            ("8.8.8.8", None),
        ] {
            assert_eq!(resolved(&[address]).await.unwrap()[0].special, expected, "{address}");
        }
    }

    #[tokio::test]
    async fn no_more_are_told_than_a_list_can_take() {
        let many: Vec<String> = (0..=255).map(|last| format!("8.8.8.{last}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(resolved(&many).await.unwrap().len(), MOST_ADDRESSES);
    }

    #[tokio::test]
    async fn the_resolver_gets_the_bare_name() {
        let found = lookup_with("https://root@VPS.example:22/", SOON, async |name: &str| {
            assert_eq!(name, "vps.example");
            Ok(all(&["8.8.8.8"]))
        })
        .await;
        assert_eq!(found.unwrap().name, "vps.example");
    }

    #[tokio::test]
    async fn a_name_that_nobody_knows_is_not_found() {
        let unknown = async |_: &str| Err(io::Error::other("Name or service not known"));
        let nobody = lookup_with("vps.example", SOON, unknown).await.map(|host| host.addresses);
        for found in [nobody, resolved(&[]).await] {
            assert_eq!(found, Err(LookupError::NotFound("vps.example".to_owned())));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_resolver_that_never_answers_is_not_waited_for() {
        let found = lookup_with("vps.example", Duration::from_secs(3), async |_: &str| future::pending().await).await;
        assert_eq!(found, Err(LookupError::Timeout("vps.example".to_owned())));
    }

    #[tokio::test]
    async fn nobody_is_asked_for_what_is_no_name() {
        for (text, code) in
            [("", "host-empty"), ("not a name", "host-not-a-name"), ("203.0.113.7", "host-is-an-address")]
        {
            let found = lookup_with(text, SOON, async |name: &str| panic!("asked for {name}")).await;
            assert_eq!(found.unwrap_err().code(), code);
        }
    }

    #[tokio::test]
    async fn the_systems_resolver_knows_this_machine_and_that_nobody_should_trust_it() {
        // On a task of its own, as an app would call it.
        let found = tokio::spawn(lookup("localhost", SOON)).await.unwrap().unwrap();
        assert_eq!(found.name, "localhost");
        assert!(found.addresses.iter().all(|found| found.address.is_loopback()));
        assert!(found.addresses.iter().all(|found| found.special == Some(Reason::LoopbackAddress)));
    }

    #[test]
    fn the_codes_are_those_that_are_written_out() {
        let name = String::new;
        let address = "203.0.113.7".parse().unwrap();
        let errors = [
            LookupError::Empty,
            LookupError::IsAnAddress(address),
            LookupError::NotAName,
            LookupError::NotFound(name()),
            LookupError::Timeout(name()),
        ];
        assert_eq!(errors.map(|error| error.code()), *LookupError::CODES);
    }
}
