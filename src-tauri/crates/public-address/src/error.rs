//! What can be wrong with a source, and with what it answers.

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
        "wrong-family",
    ];

    /// The stable kebab-case name of the error. A web page is one kind of `not-an-address`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadCertificate => "bad-certificate",
            Self::Cancelled => "cancelled",
            Self::HttpStatus(_) => "http-status",
            Self::NotAnAddress | Self::WebPage => "not-an-address",
            Self::NotPublic => "not-public",
            Self::Offline => "offline",
            Self::Redirected => "redirected",
            Self::Timeout => "timeout",
            Self::TooLong => "too-long",
            Self::Unusable(error) => error.code(),
            Self::WrongFamily => "wrong-family",
        }
    }

    /// Whether this is what a network looks like that wants a sign-in before it lets anybody out.
    #[must_use]
    pub fn suggests_sign_in(&self) -> bool {
        // 511: RFC 6585 section 6, Network Authentication Required.
        matches!(self, Self::Redirected | Self::WebPage | Self::HttpStatus(511))
    }
}
