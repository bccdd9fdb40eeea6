//! Getting back what a lost database knew, from what the keyring keeps.
//!
//! Beside each secret lies a record of its token. After a loss ([`Desk::lost`]) [`rebuild`] reads them, and
//! asks the service about creations that were under way. It changes nothing in the file that was set aside, takes out of the
//! keyring only the keys of creations that made no token, and can be repeated.

use std::collections::{BTreeMap, HashSet};

use time::OffsetDateTime;
use uuid::Uuid;
use vault::{ItemKind, Listed};

use crate::desk::Desk;
use crate::desk::items::{forget_keys, idempotency_key, keep_token_record};
use crate::desk::token_record::{self, TokenRecord};
use crate::error::Error;
use crate::service::token_endpoint::{ListedToken, TokenEndpoint, TokenRequest, request_fingerprint};
use crate::store::checks::Check;
use crate::store::columns::json;
use crate::token::destination::Destination;
use crate::token::{KnownToken, TokenType, TrustedEntry};

/// What was found after a loss.
#[derive(Debug, Default, PartialEq)]
pub struct Rebuilt {
    /// Tokens that are known again, with their secret or private key.
    pub tokens: Vec<KnownToken>,
    /// Tokens that are known again, but whose secret or private key the keyring has not: no use but to be revoked.
    pub without_secret: Vec<KnownToken>,
    /// Those of either kind whose list of trusted IPs is not known to its end.
    pub cut: Vec<Uuid>,
    /// Creations that were under way and whose service cannot be asked now: to be asked by another rebuild.
    pub unfinished: usize,
    /// Creations that were under way and of which their service knows nothing: no token came of them.
    pub not_made: usize,
    /// Labels of secrets in the keyring that nothing else is known of.
    pub unmatched: Vec<String>,
    /// It is not known any more which items of the keyring are this installation's: none could be looked at.
    pub installation_lost: bool,
}

/// Keeps the records that are missing or old, of tokens made or noted while the keyring failed; returns how many there were.
pub async fn keep_missing_records(desk: &Desk) -> Result<usize, Error> {
    let _not_while_one_is_made = desk.creating().await;
    let kept: HashSet<Uuid> = desk
        .items()
        .await?
        .into_iter()
        .filter_map(|listed| (listed.item.kind == ItemKind::TokenRecord).then_some(listed.item.id))
        .collect();
    let (tokens, old) = desk.on_store(|store| Ok((store.tokens()?, store.with_old_records()?))).await?;
    let is_missing = |token: &KnownToken| !kept.contains(&token.id) || old.contains(&token.id);
    let missing: Vec<KnownToken> = tokens.into_iter().filter(is_missing).collect();
    for token in &missing {
        keep_token_record(desk, token).await?;
    }
    Ok(missing.len())
}

/// Records again whatever the keyring knows of, and ends the loss unless something is left unfinished.
pub async fn rebuild(desk: &Desk) -> Result<Rebuilt, Error> {
    let _not_while_one_is_made = desk.creating().await;
    let installation_lost = desk.lost().is_some_and(|lost| !lost.installation_known);
    let mut rebuilt = Rebuilt { installation_lost, ..Rebuilt::default() };
    if !installation_lost {
        let unknown = Unknown::look(desk, &mut rebuilt).await?;
        unknown.restore(desk, &mut rebuilt).await?;
    }
    if rebuilt.unfinished == 0 {
        desk.settle_loss().await?;
    }
    Ok(rebuilt)
}

/// Ends the loss with something left unfinished, because the person says so. What was set aside stays where it is.
pub async fn give_up(desk: &Desk) -> Result<(), Error> {
    desk.settle_loss().await
}

/// What the keyring has of one token.
type Kept = BTreeMap<ItemKind, String>;

/// What the keyring has and the database does not know.
struct Unknown {
    recorded: Vec<(TokenRecord, Kept)>,
    /// With its idempotency key.
    under_way: Vec<(Uuid, Uuid, Kept)>,
}

impl Unknown {
    async fn look(desk: &Desk, rebuilt: &mut Rebuilt) -> Result<Self, Error> {
        let known: HashSet<Uuid> = desk
            .on_store(|store| {
                let tokens = store.tokens()?.into_iter().map(|token| token.id);
                Ok(tokens.chain(store.open_attempts()?.into_iter().map(|attempt| attempt.id)).collect())
            })
            .await?;
        let mut unknown = Self { recorded: Vec::new(), under_way: Vec::new() };
        for (id, kept) in by_token(desk.items().await?) {
            if known.contains(&id) {
                continue;
            }
            if kept.contains_key(&ItemKind::TokenRecord)
                && let Some(text) = desk.fetch(ItemKind::TokenRecord, id).await?
                && let Some(recorded) = token_record::decode(id, text.expose())
            {
                unknown.recorded.push((recorded, kept));
            } else if let Some(key) = idempotency_key(desk, id).await? {
                unknown.under_way.push((id, key, kept));
            } else {
                rebuilt.unmatched.extend(kept.into_values().next());
            }
        }
        Ok(unknown)
    }

    async fn restore(self, desk: &Desk, rebuilt: &mut Rebuilt) -> Result<(), Error> {
        let ask = !self.under_way.is_empty() || self.recorded.iter().any(|(recorded, _)| recorded.is_cut);
        let asked = if ask { Service::ask(desk).await } else { Ok(None) };
        let service = match asked {
            // It could say no more than the end of a list.
            Err(_) if self.under_way.is_empty() => None,
            asked => asked?,
        };
        for (TokenRecord { mut token, is_cut }, kept) in self.recorded {
            let listed = service.as_ref().and_then(|service| service.with_api_key(&token.api_key));
            match listed {
                Some(listed) if is_cut => token.trusted_ips = without_labels(&listed.trusted_ips),
                _ if is_cut => rebuilt.cut.push(token.id),
                _ => {}
            }
            let has_secret = kept.contains_key(&token.token_type.item_kind());
            keep(desk, rebuilt, token, has_secret).await?;
        }
        let Some(service) = service else {
            rebuilt.unfinished = self.under_way.len();
            return Ok(());
        };
        for (id, key, kept) in self.under_way {
            match service.made(desk, id, &key, &kept).await {
                Err(Error::CreationUnfinished(_)) => rebuilt.unfinished += 1,
                Err(error) => return Err(error),
                Ok(Some((token, has_secret))) => {
                    // Should the keyring refuse just now, it is kept by `keep_missing_records`.
                    drop(keep_token_record(desk, &token).await);
                    keep(desk, rebuilt, token, has_secret).await?;
                }
                Ok(None) => {
                    rebuilt.not_made += 1;
                    let has_more = kept.contains_key(&ItemKind::HmacSecret);
                    if !forget_keys(desk, id).await || has_more {
                        rebuilt.unmatched.extend(kept.into_values().next());
                    }
                }
            }
        }
        Ok(())
    }
}

/// Where tokens were made, and all that it lists. Guided tokens are not made by a request, so none can be under way.
struct Service {
    endpoint: TokenEndpoint,
    listed: Vec<ListedToken>,
}

impl Service {
    const DESTINATION: Destination = Destination::Practice;

    /// `None` if it cannot be asked now; an error if it never can.
    async fn ask(desk: &Desk) -> Result<Option<Self>, Error> {
        let endpoint = match desk.endpoint(Self::DESTINATION).await {
            Err(error) if error.needs_start_over() => return Err(error),
            Err(_) => return Ok(None),
            Ok(endpoint) => endpoint,
        };
        Ok(endpoint.list().await.ok().map(|listed| Self { endpoint, listed }))
    }

    fn with_api_key(&self, api_key: &str) -> Option<&ListedToken> {
        self.listed.iter().find(|listed| listed.api_key == api_key)
    }

    /// The token that came of a creation, and whether its secret is in the keyring now.
    async fn made(&self, desk: &Desk, id: Uuid, key: &Uuid, kept: &Kept) -> Result<Option<(KnownToken, bool)>, Error> {
        let of_the_key = request_fingerprint(key);
        let Some(listed) = self.listed.iter().find(|listed| listed.request_fingerprint == of_the_key) else {
            return Ok(None);
        };
        let token = KnownToken {
            id,
            destination: Self::DESTINATION,
            // A private key is kept before its public half leaves.
            token_type: if kept.contains_key(&ItemKind::PrivateKey) {
                TokenType::SelfGenerated
            } else {
                TokenType::SystemGenerated
            },
            name: listed.name.clone(),
            api_key: listed.api_key.clone(),
            trusted_ips: without_labels(&listed.trusted_ips),
            permissions: listed.permissions.clone(),
            created_at: listed.created_at,
            note: None,
        };
        let has_secret = kept.contains_key(&token.token_type.item_kind()) || self.replay(desk, &token, key).await?;
        Ok(Some((token, has_secret)))
    }

    /// The same request opens the service's stored answer for a day, and the answer has the secret. The request can be told
    /// from the token, as long as the service took every value as it was asked for.
    async fn replay(&self, desk: &Desk, token: &KnownToken, key: &Uuid) -> Result<bool, Error> {
        let request = TokenRequest {
            token_type: token.token_type,
            name: token.name.clone(),
            trusted_ips: token.trusted_ips.iter().map(|entry| entry.network.clone()).collect(),
            permissions: token.permissions.clone(),
            public_key: None,
        };
        let issued = match self.endpoint.create(&json(&request)?, key, None).await {
            Ok(issued) => issued,
            Err(error) if error.has_no_stored_answer() => return Ok(false),
            // Not known: to be asked by another rebuild, as long as the key is there.
            Err(error) => return Err(Error::CreationUnfinished(error)),
        };
        let Some(secret) = issued.secret.filter(|_| issued.api_key == token.api_key) else { return Ok(false) };
        desk.keep(ItemKind::HmacSecret, token.id, &token.name, secret).await?;
        Ok(true)
    }
}

async fn keep(desk: &Desk, rebuilt: &mut Rebuilt, token: KnownToken, has_secret: bool) -> Result<(), Error> {
    let row = token.clone();
    desk.on_store(move |store| {
        store.record(&row)?;
        if has_secret { Ok(()) } else { store.keep_check(row.id, &Check::secret_gone(OffsetDateTime::now_utc())) }
    })
    .await?;
    if has_secret {
        rebuilt.tokens.push(token);
    } else {
        rebuilt.without_secret.push(token);
    }
    Ok(())
}

fn by_token(items: Vec<Listed>) -> BTreeMap<Uuid, Kept> {
    let mut tokens: BTreeMap<Uuid, Kept> = BTreeMap::new();
    for Listed { item, label } in items {
        match item.kind {
            ItemKind::HmacSecret | ItemKind::IdempotencyKey | ItemKind::PrivateKey | ItemKind::TokenRecord => {
                tokens.entry(item.id).or_default().insert(item.kind, label);
            }
            // Not of a token.
            ItemKind::PracticeStateKey => {}
        }
    }
    tokens
}

fn without_labels(networks: &[String]) -> Vec<TrustedEntry> {
    networks.iter().map(|network| TrustedEntry { network: network.clone(), label: None }).collect()
}
