use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use desk::Token;
use uuid::Uuid;
use vault::Secret;
use zeroize::Zeroizing;

/// Secrets that the keyring did not take, with their tokens: unless the person saved them, nowhere else on this computer.
#[derive(Debug, Default)]
pub(crate) struct Unkept(Mutex<HashMap<Uuid, Held>>);

#[derive(Debug)]
struct Held {
    token: Token,
    secret: Secret,
    is_saved: bool,
}

impl Unkept {
    /// Holds a secret that could not be kept, until it can.
    pub(crate) fn hold(&self, token: Token, secret: Secret) {
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
    pub(crate) fn get(&self, id: Uuid) -> Option<(Token, Secret)> {
        let held = self.held();
        let Held { token, secret, .. } = held.get(&id)?;
        Some((token.clone(), Secret::new(secret.expose().to_vec())))
    }

    /// The token whose secret is held.
    pub(crate) fn token(&self, id: Uuid) -> Option<Token> {
        self.held().get(&id).map(|held| held.token.clone())
    }

    /// The held secret as text, where there is one.
    pub(crate) fn secret(&self, id: Uuid) -> Option<Zeroizing<String>> {
        let held = self.held();
        held.get(&id)?.secret.expose_str().map(|text| Zeroizing::new(text.to_owned()))
    }

    /// Tokens whose secrets are held.
    pub(crate) fn tokens(&self) -> Vec<Token> {
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
