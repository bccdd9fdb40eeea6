use std::collections::BTreeSet;
use std::time::Duration;

use aws_lc_rs::digest;
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;
use vault::Secret;
use zeroize::Zeroizing;

use crate::error::endpoint::EndpointError;
use crate::service::answer;
use crate::service::otp_code::OtpCode;
use crate::token::TokenType;
use crate::token::permission::Permission;

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
        let answer = answer::to(post).await?;
        if answer.status() == StatusCode::CREATED {
            IssuedToken::parse(&answer::body(answer).await?)
        } else {
            Err(answer::refusal(answer).await)
        }
    }

    /// Revokes a token, at once and for ever; `false` if there was none.
    ///
    /// Each call is a request of its own: one whose answer was lost is found out by [`list`](Self::list), not repeated.
    pub async fn revoke(&self, id: &ListedId, code: &OtpCode) -> Result<bool, EndpointError> {
        let mut url = self.url.clone();
        // A base URL that can have no path has been refused by `new`.
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(&id.0);
        }
        let delete = self
            .http
            .delete(url)
            .header("Idempotency-Key", Uuid::new_v4().to_string())
            .header("X-OTP-Code", code.as_str());
        let answer = answer::to(delete).await?;
        match answer.status() {
            StatusCode::NO_CONTENT => Ok(true),
            StatusCode::NOT_FOUND => Ok(false),
            _ => Err(answer::refusal(answer).await),
        }
    }

    /// All tokens of the account.
    pub async fn list(&self) -> Result<Vec<ListedToken>, EndpointError> {
        let answer = answer::to(self.http.get(self.url.clone())).await?;
        if answer.status() == StatusCode::OK {
            serde_json::from_slice(&answer::body(answer).await?).map_err(|_| EndpointError::AnswerInvalid("list"))
        } else {
            Err(answer::refusal(answer).await)
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
    /// How the service names it in a path.
    pub id: ListedId,
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
    /// Of the idempotency key that made it: see [`request_fingerprint`].
    pub request_fingerprint: String,
}

/// The service's own name of a token: a number at the practice service, perhaps a text elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "NumberOrText")]
pub struct ListedId(String);

#[derive(Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(u64),
    Text(String),
}

impl From<NumberOrText> for ListedId {
    fn from(id: NumberOrText) -> Self {
        match id {
            NumberOrText::Number(number) => Self(number.to_string()),
            NumberOrText::Text(text) => Self(text),
        }
    }
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

/// SHA-256 in hex of the key as 36 lower-case characters: what the list of tokens shows of it.
pub fn request_fingerprint(idempotency_key: &Uuid) -> String {
    let hash = digest::digest(&digest::SHA256, idempotency_key.hyphenated().to_string().as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
