//! The tokens that are known here, recorded or not.

use uuid::Uuid;

use crate::desk::Desk;
use crate::error::Error;
use crate::store::checks::Check;
use crate::token::KnownToken;

/// A token, and how it stands with it.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenStatus {
    /// The token.
    pub token: KnownToken,
    /// The latest check, if there was one.
    pub last_check: Option<Check>,
    /// `false` while its secret is held in memory only, because the keyring did not take it.
    pub is_kept: bool,
}

impl Desk {
    /// Tokens whose secret is held in memory only, then all recorded ones, newest first. The keyring is asked only for what is
    /// held.
    pub async fn tokens(&self) -> Result<Vec<TokenStatus>, Error> {
        let mut tokens = self.recorded().await?;
        for token in self.unkept().tokens().into_iter().rev() {
            if self.secret(token.token_type.item_kind(), token.id).await.is_ok() {
                // Kept in the meantime, by finishing what was left open.
                self.unkept().release(token.id);
            } else if let Some(recorded) = tokens.iter_mut().find(|recorded| recorded.token.id == token.id) {
                recorded.is_kept = false;
            } else {
                tokens.insert(0, TokenStatus { token, last_check: None, is_kept: false });
            }
        }
        Ok(tokens)
    }

    /// One that is recorded, or that waits for its secret to be kept.
    pub async fn token(&self, id: Uuid) -> Result<KnownToken, Error> {
        match self.unkept().token(id) {
            Some(token) => Ok(token),
            None => self.on_store(move |store| store.token(id)).await,
        }
    }

    async fn recorded(&self) -> Result<Vec<TokenStatus>, Error> {
        self.on_store(|store| {
            let status = |token: KnownToken| {
                let last_check = store.check(token.id)?;
                Ok(TokenStatus { token, last_check, is_kept: true })
            };
            store.tokens()?.into_iter().map(status).collect()
        })
        .await
    }
}
