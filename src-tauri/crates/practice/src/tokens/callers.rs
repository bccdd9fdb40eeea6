//! Who may call the public API, ready to be checked: no request opens a sealed secret or parses a
//! key anew.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::hmac;
use ipnet::IpNet;
use rusqlite::Connection;

use crate::documented::permission::Permissions;
use crate::storage::failure::Failure;
use crate::storage::seal::Sealer;
use crate::tokens::public_key::VerifyingKey;
use crate::tokens::{self, Credential, PracticeToken};

/// Callers kept ready; beyond that, all are forgotten and learnt anew as they call.
const KEPT: usize = 1_024;

/// A token, as far as a request signed with it is concerned.
pub(crate) struct Caller {
    pub(crate) token_id: i64,
    pub(crate) verifier: Verifier,
    /// Empty: any address.
    pub(crate) trusted_ips: Vec<IpNet>,
    pub(crate) permissions: Permissions,
}

/// What signatures are checked with.
pub(crate) enum Verifier {
    Hmac(Box<hmac::Key>),
    Rsa(VerifyingKey),
}

/// Callers by API key. Only the database thread puts them in, so that none comes back that was
/// forgotten for a change.
#[derive(Default)]
pub(crate) struct Callers(RwLock<HashMap<String, Arc<Caller>>>);

impl Caller {
    pub(crate) fn of(token: &PracticeToken, sealer: &Sealer) -> Option<Self> {
        let verifier = match &token.credential {
            Credential::Hmac { sealed_secret } => {
                let secret = token.hmac_secret(sealed_secret, sealer)?;
                Verifier::hmac(&secret)
            }
            Credential::Rsa(public_key) => Verifier::Rsa(public_key.verifying_key()?),
        };
        Some(Self {
            token_id: token.id(),
            verifier,
            trusted_ips: token.trusted_ips.clone(),
            permissions: token.permissions.clone(),
        })
    }
}

impl Verifier {
    pub(crate) fn hmac(secret: &[u8]) -> Self {
        Self::Hmac(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret)))
    }
}

impl Callers {
    pub(crate) fn get(&self, api_key: &str) -> Option<Arc<Caller>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(api_key).cloned()
    }

    /// On the database thread. A token whose secret does not open is an error, not a stranger.
    pub(crate) fn learn(
        &self,
        connection: &Connection,
        sealer: &Sealer,
        api_key: &str,
    ) -> Result<Option<Arc<Caller>>, Failure> {
        let Some(token) = tokens::by_api_key(connection, api_key)? else {
            return Ok(None);
        };
        let caller = Arc::new(Caller::of(&token, sealer).ok_or(Failure::Internal)?);
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(api_key.to_owned(), caller.clone());
        Ok(Some(caller))
    }

    pub(crate) fn forget(&self, api_key: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(api_key);
    }
}
