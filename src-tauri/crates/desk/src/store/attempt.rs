use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::Error;
use crate::error::endpoint::EndpointError;
use crate::form::draft::CompleteDraft;
use crate::service::token_endpoint::{TokenRequest, request_fingerprint};
use crate::store::columns::json;
use crate::token::destination::Destination;
use crate::token::{KnownToken, TrustedEntry};

/// One try to make a token, as the journal keeps it: everything but the secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The draft's and later the token's id; it names the vault items.
    pub id: Uuid,
    /// Where the request goes.
    pub destination: Destination,
    /// The exact body, so that a replay is the same request.
    pub request: String,
    /// The entries with the person's labels, which the service does not know.
    pub trusted_ips: Vec<TrustedEntry>,
    /// Of the idempotency key, which itself lies in the vault.
    pub request_fingerprint: String,
    /// How far it has come.
    pub stage: Stage,
    /// When it began.
    pub started_at: OffsetDateTime,
}

/// How far an attempt has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Written down; nothing has left the computer.
    Journalled,
    /// No token came of it; the person has not been told yet.
    NotMade,
    /// The token is recorded; the person has not been told yet.
    Recorded,
    /// The request may have left.
    Submitted,
}

impl Attempt {
    pub(crate) fn new(
        draft: CompleteDraft,
        public_key: Option<String>,
        idempotency_key: &Uuid,
        now: OffsetDateTime,
    ) -> Result<Self, Error> {
        let request = TokenRequest {
            token_type: draft.token_type,
            name: draft.name.as_str().to_owned(),
            trusted_ips: draft.trusted_ips.iter().map(|entry| entry.network.clone()).collect(),
            permissions: draft.permissions,
            public_key,
        };
        Ok(Self {
            id: draft.id,
            destination: draft.destination,
            request: json(&request)?,
            trusted_ips: draft.trusted_ips,
            request_fingerprint: request_fingerprint(idempotency_key),
            stage: Stage::Journalled,
            started_at: now,
        })
    }

    /// What was asked for.
    pub fn asked(&self) -> Result<TokenRequest, Error> {
        Ok(serde_json::from_str(&self.request).map_err(|_| EndpointError::AnswerInvalid("journal"))?)
    }

    /// Whether the token is what was asked for.
    pub(crate) fn describes(&self, token: &KnownToken) -> bool {
        self.asked().is_ok_and(|asked| {
            asked.name == token.name
                && asked.permissions == token.permissions
                && asked.trusted_ips.iter().eq(token.trusted_ips.iter().map(|entry| &entry.network))
        })
    }
}
