//! Who is asked, where, and for which family.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::error::Error;

/// One place to ask, for one family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Who can change the answer: whoever ends the TLS connection. Names that differ only in case are one operator.
    pub operator: String,
    /// What is asked for: `https`, or `http` on this machine.
    pub url: Url,
    /// Which address is asked for.
    pub family: Family,
    /// How the answer is written.
    pub format: Format,
    /// Whether the answer counts. One that only repeats what is simulated is shown but does not count.
    pub vote: bool,
}

impl Source {
    /// A source whose answer counts, from what a person may have typed.
    ///
    /// # Errors
    /// If it names no operator, is no URL, or one that is never asked.
    pub fn new(operator: &str, url: &str, family: Family, format: Format) -> Result<Self, Error> {
        let source = Self {
            operator: operator.trim().to_owned(),
            url: Url::parse(url.trim()).map_err(|_| Error::NotAUrl)?,
            family,
            format,
            vote: true,
        };
        source.place()?;

        Ok(source)
    }

    /// The same source, shown but not counted.
    #[must_use]
    pub fn without_vote(self) -> Self {
        Self { vote: false, ..self }
    }

    /// Where the source is, if it may be asked at all.
    ///
    /// The fields are public and settings are read from a file, so this is looked at again before each question.
    pub(crate) fn place(&self) -> Result<Place, Error> {
        if self.operator.trim().is_empty() {
            return Err(Error::NoOperator);
        }
        if !self.url.username().is_empty() || self.url.password().is_some() {
            return Err(Error::HasCredentials);
        }

        let place = match self.url.host().ok_or(Error::NotAUrl)? {
            Host::Domain("localhost") => Place::ThisMachine,
            Host::Domain(_) => Place::Elsewhere { literal: false },
            Host::Ipv4(address) if address.is_loopback() => Place::ThisMachine,
            Host::Ipv6(address) if address.is_loopback() => Place::ThisMachine,
            Host::Ipv4(_) | Host::Ipv6(_) => Place::Elsewhere { literal: true },
        };
        match (self.url.scheme(), place) {
            ("https", _) | ("http", Place::ThisMachine) => Ok(place),
            _ => Err(Error::NotHttps),
        }
    }

    /// Whose vote it is: `Cloudflare` and `cloudflare ` are not two operators.
    pub(crate) fn voter(&self) -> String {
        self.operator.trim().to_lowercase()
    }
}

/// Where a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nothing stands between: no proxy is used.
    ThisMachine,
    /// Across a network, by name or by a literal address, which has a family of its own.
    Elsewhere { literal: bool },
}

/// IPv4 or IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// Both, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::V4, Self::V6];

    /// `v4` or `v6`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V4 => "v4",
            Self::V6 => "v6",
        }
    }

    /// The local address to bind: a connection from it can only be of this family.
    pub(crate) fn unspecified(self) -> IpAddr {
        match self {
            Self::V4 => Ipv4Addr::UNSPECIFIED.into(),
            Self::V6 => Ipv6Addr::UNSPECIFIED.into(),
        }
    }

    pub(crate) fn version(self) -> public_ip::Version {
        match self {
            Self::V4 => public_ip::Version::V4,
            Self::V6 => public_ip::Version::V6,
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// How a source writes its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// The address and nothing else, perhaps with a line end.
    Text,
    /// `key=value` lines, one of them `ip=`: what Cloudflare serves at `/cdn-cgi/trace`.
    Trace,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(operator: &str, url: &str) -> Result<Place, Error> {
        Source::new(operator, url, Family::V4, Format::Text)?.place()
    }

    #[test]
    fn only_https_leaves_this_machine() {
        for (url, expected) in [
            ("https://one.example/ip", Ok(Place::Elsewhere { literal: false })),
            ("https://192.0.2.1/", Ok(Place::Elsewhere { literal: true })),
            ("https://127.0.0.1/", Ok(Place::ThisMachine)),
            ("http://127.0.0.1:8080/", Ok(Place::ThisMachine)),
            ("http://127.1.2.3/", Ok(Place::ThisMachine)),
            ("http://[::1]:8080/", Ok(Place::ThisMachine)),
            ("HTTP://LOCALHOST/", Ok(Place::ThisMachine)),
            ("http://one.example/", Err(Error::NotHttps)),
            ("http://localhost.example/", Err(Error::NotHttps)),
            ("http://127.0.0.1.example/", Err(Error::NotHttps)),
            ("http://192.168.1.1/", Err(Error::NotHttps)),
            ("http://[::ffff:192.0.2.1]/", Err(Error::NotHttps)),
            ("ftp://127.0.0.1/", Err(Error::NotHttps)),
            ("https://user@one.example/", Err(Error::HasCredentials)),
            ("https://:secret@one.example/", Err(Error::HasCredentials)),
            ("file:///etc/hosts", Err(Error::NotAUrl)),
            ("one.example", Err(Error::NotAUrl)),
            ("https://", Err(Error::NotAUrl)),
        ] {
            assert_eq!(parsed("One", url), expected, "{url}");
        }
    }

    #[test]
    fn a_source_without_an_operator_has_nobody_to_count() {
        assert_eq!(parsed(" \t", "https://one.example/"), Err(Error::NoOperator));
    }

    #[test]
    fn case_and_spaces_make_no_second_operator() {
        let source = |operator| Source::new(operator, "https://one.example/", Family::V4, Format::Text);
        assert_eq!(source("Cloudflare").unwrap().voter(), source(" cloudFLARE ").unwrap().voter());
    }
}
