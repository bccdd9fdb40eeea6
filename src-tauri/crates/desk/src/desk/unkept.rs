use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;
use vault::Secret;
use zeroize::Zeroizing;

use crate::token::KnownToken;

/// Secrets that the keyring did not take, with their tokens: unless the person saved them, nowhere else on this computer.
#[derive(Debug, Default)]
pub(crate) struct Unkept(Mutex<HashMap<Uuid, Held>>);

#[derive(Debug)]
struct Held {
    token: KnownToken,
    secret: Secret,
    is_saved: bool,
}

impl Unkept {
    /// Holds a secret that could not be kept, until it can.
    pub(crate) fn hold(&self, token: KnownToken, secret: Secret) {
        self.held().insert(token.id, Held { token, secret, is_saved: false });
    }

    /// Stops holding a secret that is kept, or not wanted any more.
    pub(crate) fn release(&self, id: Uuid) {
        drop(self.held().remove(&id));
    }

    /// The person has it in a file of their own.
    pub(crate) fn saved(&self, id: Uuid) {
        if let Some(held) = self.held().get_mut(&id) {
            held.is_saved = true;
        }
    }

    /// A copy of what is held for a token: it stays held until it is safe.
    pub(crate) fn get(&self, id: Uuid) -> Option<(KnownToken, Secret)> {
        let held = self.held();
        let Held { token, secret, .. } = held.get(&id)?;
        Some((token.clone(), Secret::new(secret.expose().to_vec())))
    }

    /// The token whose secret is held.
    pub(crate) fn token(&self, id: Uuid) -> Option<KnownToken> {
        self.held().get(&id).map(|held| held.token.clone())
    }

    /// The held secret as text, where there is one.
    pub(crate) fn text(&self, id: Uuid) -> Option<Zeroizing<String>> {
        let held = self.held();
        held.get(&id)?.secret.expose_str().map(|text| Zeroizing::new(text.to_owned()))
    }

    /// Tokens whose secrets are held.
    pub(crate) fn tokens(&self) -> Vec<KnownToken> {
        self.held().values().map(|held| held.token.clone()).collect()
    }

    /// The names of those whose secrets would go with the app.
    pub(crate) fn names_at_risk(&self) -> Vec<String> {
        self.held().values().filter(|held| !held.is_saved).map(|held| held.token.name.clone()).collect()
    }

    fn held(&self) -> MutexGuard<'_, HashMap<Uuid, Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::token::TokenType;
    use crate::token::destination::Destination;

    #[test]
    fn a_held_secret_is_there_for_the_person_and_is_not_printed() {
        let canary = "canary-5f2c-9a71";
        let token = KnownToken {
            id: Uuid::from_u128(7),
            destination: Destination::Practice,
            token_type: TokenType::SystemGenerated,
            name: "Home bot".to_owned(),
            api_key: "practice1".to_owned(),
            trusted_ips: Vec::new(),
            permissions: [].into(),
            created_at: OffsetDateTime::UNIX_EPOCH,
            note: None,
        };
        let unkept = Unkept::default();
        unkept.hold(token, Secret::from(canary.to_owned()));
        let bytes: String = canary.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(",");
        let printed = format!("{unkept:?}");
        assert!(!printed.contains(canary) && !printed.replace(' ', "").contains(&bytes), "{printed}");
        assert_eq!(unkept.text(Uuid::from_u128(7)).as_deref().map(String::as_str), Some(canary));

        assert_eq!(unkept.names_at_risk(), ["Home bot"]);
        unkept.saved(Uuid::from_u128(7));
        assert!(unkept.names_at_risk().is_empty(), "the person has it");
        unkept.release(Uuid::from_u128(7));
        assert!(unkept.tokens().is_empty());
    }
}
