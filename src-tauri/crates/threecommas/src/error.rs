use std::collections::BTreeMap;

/// What went wrong between a request and its answer. Never holds a key, a secret or a signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The answer is larger than [`crate::ANSWER_LIMIT`].
    #[error("the answer is larger than {limit} bytes")]
    AnswerTooLarge {
        /// The most that is read.
        limit: usize,
    },
    /// The API answered with an error.
    #[error("{kind} (status {status})")]
    Api {
        /// The HTTP status.
        status: u16,
        /// What the status and the error's name say together.
        kind: ApiErrorKind,
        /// The name of the error; empty if the body had none.
        error: String,
        /// The server's own words. Localised: for reading, not for deciding.
        description: String,
        /// The fields that were refused, with the server's words on each.
        attributes: BTreeMap<String, Vec<String>>,
        /// Seconds after which the server says that trying again may succeed.
        retry_after: Option<u64>,
    },
    /// Not an API key: 16 to 256 ASCII letters and digits.
    #[error("this is not an API key")]
    ApiKeyMalformed,
    /// The base URL is no plain `https://host`, nor `http://` to this machine.
    #[error("the base URL is not usable")]
    BaseUrl,
    /// A header that cannot be sent, or that the client sets itself.
    #[error("the header cannot be set")]
    Header,
    /// The HTTP client could not be set up, for instance without any root certificate.
    #[error("no HTTP client: {detail}")]
    HttpClient {
        /// The library's words, for the log.
        detail: String,
    },
    /// A signed request from a client without credentials.
    #[error("the request needs credentials")]
    NoCredentials,
    /// The answer is not JSON, or not the error object that 3Commas sends: something else answered.
    #[error("the answer is not one of the API (status {status})")]
    NotJson {
        /// The HTTP status.
        status: u16,
    },
    /// The path is not one below `/public/api`.
    #[error("the path is not one of the API")]
    Path,
    /// The private key is not PKCS#8 DER of an RSA key that can sign.
    #[error("the private key cannot sign")]
    PrivateKeyUnusable,
    /// The server wants to send the request elsewhere, which is never done.
    #[error("the server redirects (status {status})")]
    Redirected {
        /// The HTTP status.
        status: u16,
    },
    /// No answer in time.
    #[error("the service did not answer in time")]
    TimedOut,
    /// JSON, but not in the documented form.
    #[error("the answer has an unexpected form")]
    UnexpectedAnswer,
    /// No connection, or it broke before the answer was complete.
    #[error("the service cannot be reached")]
    Unreachable,
}

impl Error {
    /// The stable name by which others tell errors apart.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Api { kind, .. } => kind.code(),
            Self::ApiKeyMalformed => "api-key-malformed",
            Self::BaseUrl => "service-url-invalid",
            Self::Header | Self::NoCredentials | Self::Path => "request-invalid",
            Self::HttpClient { .. } => "http-client-failed",
            Self::AnswerTooLarge { .. } | Self::NotJson { .. } | Self::Redirected { .. } | Self::UnexpectedAnswer => {
                "service-answer-invalid"
            }
            Self::PrivateKeyUnusable => "private-key-unusable",
            Self::TimedOut => "service-no-answer",
            Self::Unreachable => "service-unreachable",
        }
    }
}

/// What an error of the API means, by status and `error`; the description is localised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ApiErrorKind {
    /// Unknown or revoked; also seen when an exchange's key is pasted by mistake.
    #[error("the API key is unknown, revoked or expired")]
    ApiKeyInvalidOrExpired,
    /// Went on after 429: two minutes up to three days.
    #[error("the client is banned for a while")]
    Banned,
    /// Permission missing; may also be the state of the resource or the subscription.
    #[error("the token may not do this")]
    Forbidden,
    /// A value was refused; the attributes name the fields.
    #[error("a value was refused")]
    Invalid,
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// Any other refusal.
    #[error("the request was refused")]
    Other,
    /// Too many requests: blocked for 10 to 300 seconds.
    #[error("too many requests")]
    RateLimited,
    /// The service itself failed.
    #[error("the service failed")]
    Server,
    /// The signature does not fit the request.
    #[error("the signature is invalid")]
    SignatureInvalid,
    /// A 401 of any other name: the status is documented for an untrusted address, its body is not.
    #[error("not let in, most likely from an address that is not trusted")]
    Untrusted,
}

impl ApiErrorKind {
    /// The stable name by which others tell kinds apart.
    pub fn code(self) -> &'static str {
        match self {
            Self::ApiKeyInvalidOrExpired => "api-key-invalid",
            Self::Banned => "banned",
            Self::Forbidden => "forbidden",
            Self::Invalid => "record-invalid",
            Self::NotFound => "not-found",
            Self::Other => "request-refused",
            Self::RateLimited => "rate-limited",
            Self::Server => "service-error",
            Self::SignatureInvalid => "signature-invalid",
            Self::Untrusted => "untrusted-address",
        }
    }

    pub(crate) fn of(status: u16, error: &str) -> Self {
        match (status, error) {
            (401, "signature_invalid") => Self::SignatureInvalid,
            (401, "api_key_invalid_or_expired") => Self::ApiKeyInvalidOrExpired,
            (401, _) => Self::Untrusted,
            (403, _) => Self::Forbidden,
            (404, _) => Self::NotFound,
            (418, _) => Self::Banned,
            (429, _) => Self::RateLimited,
            (400..=499, "record_invalid") => Self::Invalid,
            (500..=599, _) => Self::Server,
            _ => Self::Other,
        }
    }

    /// Whether the status alone says it, so that a body of any form will do. A 403 or 404 page of some
    /// gateway on the way must not pass for the API's word on a permission.
    pub(crate) fn needs_no_body(self) -> bool {
        match self {
            Self::Banned | Self::RateLimited | Self::Server | Self::Untrusted => true,
            Self::ApiKeyInvalidOrExpired
            | Self::Forbidden
            | Self::Invalid
            | Self::NotFound
            | Self::Other
            | Self::SignatureInvalid => false,
        }
    }
}
