use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_lc_rs::digest;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;
use vault::Secret;
use zeroize::{Zeroize, Zeroizing};

use crate::creation::OtpCode;
use crate::{Code, Field, Permission, TokenType};

/// An answer larger than this is not read: a token is a few kilobytes.
const ANSWER_LIMIT: usize = 256 * 1024;

/// The token endpoint takes no more entries than this (422); how many 3Commas takes, nobody says.
pub const TRUSTED_IPS_MAX: usize = 256;

/// A client of our token endpoint (the OpenAPI document of the practice service); not of 3Commas' API.
#[derive(Clone, Debug)]
pub struct TokenEndpoint {
    url: Url,
    http: reqwest::Client,
}

impl TokenEndpoint {
    /// A client for the account session at this base URL. Does no I/O.
    pub fn new(base: &Url, session: &Secret) -> Result<Self, EndpointError> {
        let url = base.join("/api_tokens").map_err(|_| EndpointError::AnswerInvalid("base URL"))?;
        let mut bearer = Zeroizing::new(b"Bearer ".to_vec());
        bearer.extend_from_slice(session.expose());
        let mut bearer = HeaderValue::from_bytes(&bearer).map_err(|_| EndpointError::SessionInvalid)?;
        bearer.set_sensitive(true);
        let mut http = reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(20));
        if is_loopback(base) {
            // A proxy must not see, or break, what never leaves this computer.
            http = http.no_proxy();
        }
        if base.scheme() == "http" {
            // Without this a computer that has no certificates could not even practise.
            http = http.tls_certs_only([]);
        }
        let http = http.build().map_err(|_| EndpointError::Unreachable)?;
        Ok(Self { url, http })
    }

    /// Asks for a token. Without a code this only asks whether the same request has been answered before: the stored
    /// answer, or [`EndpointError::OtpRequired`].
    ///
    /// `request` is sent byte for byte as it was journalled.
    pub async fn create(
        &self,
        request: &str,
        idempotency_key: &Uuid,
        code: Option<&OtpCode>,
    ) -> Result<IssuedToken, EndpointError> {
        let mut post = self
            .http
            .post(self.url.clone())
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotency_key.to_string())
            .body(request.to_owned());
        if let Some(code) = code {
            post = post.header("X-OTP-Code", code.as_str());
        }
        let answer = post.send().await.map_err(|error| EndpointError::sending(&error))?;
        let status = answer.status();
        let retry_after = retry_after(&answer);
        let body = bounded_body(answer).await?;
        if status == StatusCode::CREATED {
            IssuedToken::parse(&body)
        } else {
            Err(EndpointError::refused(status, retry_after, &body))
        }
    }

    /// All tokens of the account.
    pub async fn list(&self) -> Result<Vec<ListedToken>, EndpointError> {
        let answer = self.http.get(self.url.clone()).send().await.map_err(|error| EndpointError::sending(&error))?;
        let (status, retry_after) = (answer.status(), retry_after(&answer));
        let body = bounded_body(answer).await?;
        if status == StatusCode::OK {
            serde_json::from_slice(&body).map_err(|_| EndpointError::AnswerInvalid("list"))
        } else {
            Err(EndpointError::refused(status, retry_after, &body))
        }
    }
}

/// The body of `POST /api_tokens`, and what the journal keeps of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenRequest {
    /// Who makes the key.
    #[serde(rename = "type")]
    pub token_type: TokenType,
    /// The token's name.
    pub name: String,
    /// Canonical entries; empty for any address.
    pub trusted_ips: Vec<String>,
    /// What calls may do.
    pub permissions: BTreeSet<Permission>,
    /// SPKI PEM; Self generated only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub public_key: Option<String>,
}

/// A token as the endpoint answers it.
#[derive(Debug)]
pub struct IssuedToken {
    /// The public identifier.
    pub api_key: String,
    /// System generated only; shown this once.
    pub secret: Option<Secret>,
    /// As the service has it.
    pub name: String,
    /// Canonical entries.
    pub trusted_ips: Vec<String>,
    /// What calls may do.
    pub permissions: BTreeSet<Permission>,
    /// When the service made it.
    pub created_at: OffsetDateTime,
}

/// A token as the endpoint lists it: never with its secret.
#[derive(Clone, Debug, Deserialize)]
pub struct ListedToken {
    /// The public identifier.
    pub api_key: String,
    /// The token's name.
    pub name: String,
    /// Canonical entries.
    pub trusted_ips: Vec<String>,
    /// What calls may do.
    pub permissions: BTreeSet<Permission>,
    /// When the service made it.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Of the idempotency key that made it: see [`fingerprint`].
    pub request_fingerprint: String,
}

impl IssuedToken {
    fn parse(body: &[u8]) -> Result<Self, EndpointError> {
        #[derive(Deserialize)]
        struct Answer {
            api_key: String,
            secret: Option<String>,
            name: String,
            trusted_ips: Vec<String>,
            permissions: BTreeSet<Permission>,
            #[serde(with = "time::serde::rfc3339")]
            created_at: OffsetDateTime,
        }
        let answer: Answer = serde_json::from_slice(body).map_err(|_| EndpointError::AnswerInvalid("token"))?;
        Ok(Self {
            api_key: answer.api_key,
            secret: answer.secret.map(Secret::from),
            name: answer.name,
            trusted_ips: answer.trusted_ips,
            permissions: answer.permissions,
            created_at: answer.created_at,
        })
    }
}

/// Why the endpoint gave no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// A 2xx answer that is no token.
    #[error("the service's answer is not understood: {0}")]
    AnswerInvalid(&'static str),
    /// The request left, and what became of it is not known.
    #[error("the service took the request but did not answer")]
    NoAnswer,
    /// The service has no room to keep a token; none was made.
    #[error("the service has no disk space left")]
    OutOfSpace,
    /// 100 wrong codes in a row: the authenticator must be set up anew.
    #[error("the account takes no more codes until the authenticator is set up anew")]
    OtpExhausted,
    /// The code is wrong or too old.
    #[error("the code is wrong or too old")]
    OtpInvalid,
    /// Too many wrong codes.
    #[error("too many wrong codes")]
    OtpLocked {
        /// Seconds until codes are taken again.
        retry_after: Option<u64>,
    },
    /// No code was sent, and the request is new.
    #[error("a code is required")]
    OtpRequired,
    /// The code has been used before.
    #[error("the code has been used before")]
    OtpReused,
    /// A value was not taken.
    #[error("the service did not take the value of {}", attributes.keys().cloned().collect::<Vec<_>>().join(", "))]
    RecordInvalid {
        /// The endpoint's field names with what it said of them.
        attributes: BTreeMap<String, Vec<String>>,
    },
    /// Another refusal.
    #[error("the service refused with status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// The account session is not known.
    #[error("the account session is not valid")]
    SessionInvalid,
    /// A fault of the service; the token may or may not exist.
    #[error("the service failed with status {status}")]
    ServiceFailed {
        /// The HTTP status.
        status: u16,
    },
    /// No connection: nothing was sent.
    #[error("the service cannot be reached")]
    Unreachable,
}

impl EndpointError {
    /// Whether the request may have made a token all the same.
    pub fn leaves_open(&self) -> bool {
        match self {
            Self::AnswerInvalid(_) | Self::NoAnswer | Self::ServiceFailed { .. } => true,
            Self::OtpExhausted
            | Self::OtpInvalid
            | Self::OtpLocked { .. }
            | Self::OtpRequired
            | Self::OtpReused
            | Self::OutOfSpace
            | Self::RecordInvalid { .. }
            | Self::Refused { .. }
            | Self::SessionInvalid
            | Self::Unreachable => false,
        }
    }

    pub(crate) fn code(&self) -> Code {
        match self {
            Self::AnswerInvalid(_) => Code::ServiceAnswerInvalid,
            Self::NoAnswer => Code::ServiceNoAnswer,
            Self::OtpExhausted => Code::OtpExhausted,
            Self::OtpInvalid => Code::OtpInvalid,
            Self::OtpLocked { .. } => Code::OtpLocked,
            Self::OtpRequired => Code::OtpRequired,
            Self::OtpReused => Code::OtpReused,
            Self::OutOfSpace => Code::DiskFull,
            Self::RecordInvalid { .. } => Code::RecordInvalid,
            Self::Refused { .. } | Self::ServiceFailed { .. } => Code::ServiceError,
            Self::SessionInvalid => Code::SessionInvalid,
            Self::Unreachable => Code::ServiceUnreachable,
        }
    }

    pub(crate) fn field(&self) -> Option<Field> {
        match self {
            Self::OtpExhausted | Self::OtpInvalid | Self::OtpLocked { .. } | Self::OtpRequired | Self::OtpReused => {
                Some(Field::Code)
            }
            Self::RecordInvalid { attributes } => attributes.keys().find_map(|name| field_named(name)),
            Self::AnswerInvalid(_)
            | Self::NoAnswer
            | Self::OutOfSpace
            | Self::Refused { .. }
            | Self::SessionInvalid
            | Self::ServiceFailed { .. }
            | Self::Unreachable => None,
        }
    }

    pub(crate) fn params(&self) -> BTreeMap<String, String> {
        match self {
            Self::RecordInvalid { attributes } => {
                let said: Vec<&str> = attributes.values().flatten().map(String::as_str).collect();
                BTreeMap::from([("detail".to_owned(), said.join("; "))])
            }
            Self::Refused { status } | Self::ServiceFailed { status } => {
                BTreeMap::from([("status".to_owned(), status.to_string())])
            }
            _ => BTreeMap::new(),
        }
    }

    fn sending(error: &reqwest::Error) -> Self {
        if error.is_connect() || error.is_builder() { Self::Unreachable } else { Self::NoAnswer }
    }

    fn refused(status: StatusCode, retry_after: Option<u64>, body: &[u8]) -> Self {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Answer {
            error: String,
            error_attributes: BTreeMap<String, Vec<String>>,
        }
        let answer: Answer = serde_json::from_slice(body).unwrap_or_default();
        match (status.as_u16(), answer.error.as_str()) {
            (401, _) => Self::SessionInvalid,
            (403, "otp_invalid") => Self::OtpInvalid,
            (403, "otp_required") => Self::OtpRequired,
            (403, "otp_reused") => Self::OtpReused,
            (429, "otp_locked") if retry_after.is_none() => Self::OtpExhausted,
            (429, "otp_locked") => Self::OtpLocked { retry_after },
            (422, "record_invalid") => Self::RecordInvalid { attributes: answer.error_attributes },
            // The first request with this key is still running: whether it makes a token is not known yet.
            (409, _) => Self::NoAnswer,
            (507, _) => Self::OutOfSpace,
            (status @ 500.., _) => Self::ServiceFailed { status },
            (status, _) => Self::Refused { status },
        }
    }
}

/// SHA-256 in hex of the key as 36 lower-case characters: what the list of tokens shows of it.
pub fn fingerprint(idempotency_key: &Uuid) -> String {
    let hash = digest::digest(&digest::SHA256, idempotency_key.hyphenated().to_string().as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn field_named(name: &str) -> Option<Field> {
    match name {
        "name" => Some(Field::Name),
        "permissions" => Some(Field::Permissions),
        "public_key" => Some(Field::Key),
        "trusted_ips" => Some(Field::TrustedIps),
        "type" => Some(Field::Type),
        _ => None,
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn retry_after(answer: &Response) -> Option<u64> {
    answer.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()
}

/// The body, which may hold a secret, in memory that is overwritten after use.
async fn bounded_body(mut answer: Response) -> Result<Zeroizing<Vec<u8>>, EndpointError> {
    let mut body = Zeroizing::new(Vec::with_capacity(ANSWER_LIMIT));
    while let Some(chunk) = answer.chunk().await.map_err(|_| EndpointError::NoAnswer)? {
        if body.len() + chunk.len() > ANSWER_LIMIT {
            return Err(EndpointError::AnswerInvalid("too large"));
        }
        body.extend_from_slice(&chunk);
        if let Ok(mut chunk) = chunk.try_into_mut() {
            chunk.zeroize();
        }
    }
    Ok(body)
}
