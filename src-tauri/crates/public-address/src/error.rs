//! What can be wrong with a source, and with what it answers.

use std::fmt;

/// Why something is no [`Source`](crate::Source).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no URL with a host.
    #[error("the source's address is not a URL")]
    NotAUrl,
    /// Anything but `https`, or `http` to this machine.
    #[error("a source must use https (http only on this computer)")]
    NotHttps,
    /// A user name or password stands in the URL: it would be sent along and shown.
    #[error("the source's URL carries a user name or password")]
    HasCredentials,
    /// Nobody is named who answers for the source, so its vote could not be counted.
    #[error("the source names no operator")]
    NoOperator,
}

impl Error {
    /// The stable kebab-case name of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAUrl => "source-not-a-url",
            Self::NotHttps => "source-not-https",
            Self::HasCredentials => "source-has-credentials",
            Self::NoOperator => "source-without-operator",
        }
    }
}

/// Why a source gave no address that counts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The server did not prove who it is: an untrusted, expired or foreign certificate, or no TLS at all.
    #[error("the server did not prove who it is")]
    BadCertificate,
    /// Not needed any more: the address was confirmed without it.
    #[error("not needed any more")]
    Cancelled,
    /// A status other than 200.
    #[error("the server answered with status {0}")]
    HttpStatus(u16),
    /// Several addresses came, as of a source that repeats what proxies tell it: which one is right would be a guess.
    #[error("the answer has several addresses")]
    ManyAddresses,
    /// What came is not an address.
    #[error("the answer is not an address")]
    NotAnAddress,
    /// An address that nobody on the internet can have: private, reserved, loopback and so on.
    #[error("the answer is not a public address")]
    NotPublic,
    /// No name, no route, or no connection in time.
    #[error("the server could not be reached")]
    Offline,
    /// A redirect, which is never followed: whoever redirects could choose who answers.
    #[error("the server points elsewhere")]
    Redirected,
    /// Connected, but not done at the deadline.
    #[error("the answer did not come in time")]
    Timeout,
    /// More bytes than an answer can have.
    #[error("the answer is too long")]
    TooLong,
    /// The source itself is unusable and was not asked.
    #[error("not asked: {0}")]
    Unusable(Error),
    /// A web page came instead of an address, as networks do that want a sign-in first.
    #[error("the answer is a web page")]
    WebPage,
    /// What came says of itself that it is a page or data, not text: whatever address stands in it was not the answer.
    #[error("the answer is {0}, not text")]
    WrongContentType(Declared),
    /// An IPv6 address where IPv4 was asked for, or the other way round.
    #[error("the answer is an address of the other family")]
    WrongFamily,
}

impl SourceError {
    /// Every code that [`code`](Self::code) can answer.
    pub const CODES: &[&str] = &[
        "bad-certificate",
        "cancelled",
        "http-status",
        "many-addresses",
        "not-an-address",
        "not-public",
        "offline",
        "redirected",
        "source-has-credentials",
        "source-not-a-url",
        "source-not-https",
        "source-without-operator",
        "timeout",
        "too-long",
        "wrong-content-type",
        "wrong-family",
    ];

    /// The stable kebab-case name of the error. A web page is one kind of `not-an-address`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadCertificate => "bad-certificate",
            Self::Cancelled => "cancelled",
            Self::HttpStatus(_) => "http-status",
            Self::ManyAddresses => "many-addresses",
            Self::NotAnAddress | Self::WebPage => "not-an-address",
            Self::NotPublic => "not-public",
            Self::Offline => "offline",
            Self::Redirected => "redirected",
            Self::Timeout => "timeout",
            Self::TooLong => "too-long",
            Self::Unusable(error) => error.code(),
            Self::WrongContentType(_) => "wrong-content-type",
            Self::WrongFamily => "wrong-family",
        }
    }

    /// Whether this is what a network looks like that wants a sign-in before it lets anybody out.
    #[must_use]
    pub fn suggests_sign_in(&self) -> bool {
        // 511: RFC 6585 section 6, Network Authentication Required.
        matches!(
            self,
            Self::Redirected | Self::WebPage | Self::WrongContentType(Declared::Html) | Self::HttpStatus(511)
        )
    }
}

/// What an answer says that it is, where that is no text of one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// `text/html` or `application/xhtml+xml`.
    Html,
    /// `application/json`, or another type whose name ends in `+json` (RFC 6839 section 3.1).
    Json,
}

impl fmt::Display for Declared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Html => "a web page",
            Self::Json => "JSON",
        })
    }
}
