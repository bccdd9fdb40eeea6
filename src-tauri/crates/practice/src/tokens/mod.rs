//! The tokens that were issued.

pub(crate) mod callers;
mod der;
pub(crate) mod edit;
pub(crate) mod fields;
pub(crate) mod new;
pub(crate) mod public_key;
pub(crate) mod request_fingerprint;

use ipnet::IpNet;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use crate::documented::permission::{Permission, Permissions};
use crate::record::moment::rfc3339;
use crate::storage::columns::{self, unreadable};
use crate::storage::random;
use crate::storage::seal::Sealer;
use crate::tokens::new::{Access, NewToken, TrustedIps};
use crate::tokens::public_key::PublicKey;
use crate::tokens::request_fingerprint::RequestFingerprint;

/// The table in the first version of the database.
pub(crate) const V1: &str = "
    CREATE TABLE tokens (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        api_key TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        secret BLOB,                         -- sealed; system generated
        public_key BLOB,                     -- SPKI DER; self generated
        trusted_ips TEXT NOT NULL,           -- JSON array, canonical
        permissions TEXT NOT NULL,           -- JSON array
        created_at_ms INTEGER NOT NULL,
        request_fingerprint TEXT NOT NULL,
        CHECK ((secret IS NULL) <> (public_key IS NULL))
    ) STRICT;
";

const API_KEY_LENGTH: usize = 64;
/// The app and its doctor know practice keys by it.
const API_KEY_PREFIX: &str = "practice";
const SECRET_LENGTH: usize = 64;

/// A token as it lies in the database.
pub(crate) struct PracticeToken {
    id: i64,
    api_key: String,
    pub(crate) name: String,
    pub(crate) credential: Credential,
    /// Empty: any address.
    pub(crate) trusted_ips: Vec<IpNet>,
    pub(crate) permissions: Permissions,
    created_at_ms: i64,
    request_fingerprint: String,
}

/// What signatures are checked with.
pub(crate) enum Credential {
    Hmac { sealed_secret: Vec<u8> },
    Rsa(PublicKey),
}

/// A token as it is answered; the secret only when it is made.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub(crate) struct TokenRow<'a> {
    #[schema(minimum = 1)]
    id: i64,
    /// 64 letters and digits, beginning with `practice`.
    api_key: &'a str,
    /// Only in the answer to a creation, and only of a system generated token.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
    name: &'a str,
    #[serde(rename = "type")]
    token_type: &'static str,
    /// Canonical; empty: any address.
    trusted_ips: Vec<String>,
    #[schema(value_type = Vec<Permission>)]
    permissions: Vec<&'static str>,
    #[schema(format = DateTime)]
    created_at: String,
    /// SHA-256 of the Idempotency-Key of the creation, in hex.
    request_fingerprint: &'a str,
}

/// A token just made, with its secret if it has one: the only time that it is there in the clear.
pub(crate) struct Issued {
    token: PracticeToken,
    secret: Option<Zeroizing<String>>,
}

impl PracticeToken {
    pub(crate) fn id(&self) -> i64 {
        self.id
    }

    pub(crate) fn api_key(&self) -> &str {
        &self.api_key
    }

    pub(crate) fn row(&self) -> TokenRow<'_> {
        self.row_with(None)
    }

    fn row_with<'a>(&'a self, secret: Option<&'a str>) -> TokenRow<'a> {
        TokenRow {
            id: self.id,
            api_key: &self.api_key,
            secret,
            name: &self.name,
            token_type: match self.credential {
                Credential::Hmac { .. } => "system_generated",
                Credential::Rsa(_) => "self_generated",
            },
            trusted_ips: self.trusted_ips.iter().map(trusted_ips::canonical).collect(),
            permissions: self.permissions.words(),
            created_at: rfc3339(self.created_at_ms),
            request_fingerprint: &self.request_fingerprint,
        }
    }

    fn trusted_ips_column(&self) -> String {
        let networks: Vec<_> = self.trusted_ips.iter().map(trusted_ips::canonical).collect();
        serde_json::Value::from(networks).to_string()
    }

    fn permissions_column(&self) -> String {
        serde_json::Value::from(self.permissions.words()).to_string()
    }

    /// `None` for a self generated token.
    pub(crate) fn own_hmac_secret(&self, sealer: &Sealer) -> Option<Zeroizing<Vec<u8>>> {
        match &self.credential {
            Credential::Hmac { sealed_secret } => self.hmac_secret(sealed_secret, sealer),
            Credential::Rsa(_) => None,
        }
    }

    pub(crate) fn hmac_secret(&self, sealed: &[u8], sealer: &Sealer) -> Option<Zeroizing<Vec<u8>>> {
        sealer.open(&place(&self.api_key), sealed)
    }
}

impl Issued {
    pub(crate) fn row(&self) -> TokenRow<'_> {
        self.token.row_with(self.secret.as_ref().map(|secret| secret.as_str()))
    }
}

/// Makes the API key and, for a system generated token, the secret; stores both.
pub(crate) fn issue(
    connection: &Connection,
    sealer: &Sealer,
    new: &NewToken,
    fingerprint: &RequestFingerprint,
    now_ms: i64,
) -> rusqlite::Result<Issued> {
    let random_part = random::hex(API_KEY_LENGTH - API_KEY_PREFIX.len());
    let api_key = format!("{API_KEY_PREFIX}{}", random_part.as_str());
    let (secret, credential, networks) = match &new.access {
        Access::SystemGenerated { trusted_ips: TrustedIps(networks) } => {
            let secret = random::letters_and_digits(SECRET_LENGTH);
            let sealed_secret = sealer.seal(&place(&api_key), secret.as_bytes());
            (Some(secret), Credential::Hmac { sealed_secret }, networks)
        }
        Access::SelfGenerated { public_key, trusted_ips } => (None, Credential::Rsa(public_key.clone()), trusted_ips),
    };
    let mut token = PracticeToken {
        id: 0,
        api_key,
        name: new.name.clone(),
        credential,
        trusted_ips: networks.clone(),
        permissions: new.permissions.clone(),
        created_at_ms: now_ms,
        request_fingerprint: fingerprint.as_str().to_owned(),
    };
    insert(connection, &token)?;
    token.id = connection.last_insert_rowid();
    Ok(Issued { token, secret })
}

/// All tokens, the oldest first.
pub(crate) fn all(connection: &Connection) -> rusqlite::Result<Vec<PracticeToken>> {
    let mut statement = connection.prepare(&select("ORDER BY id"))?;
    statement.query_map([], read)?.collect()
}

pub(crate) fn by_api_key(connection: &Connection, api_key: &str) -> rusqlite::Result<Option<PracticeToken>> {
    let mut statement = connection.prepare(&select("WHERE api_key = ?1"))?;
    statement.query_row([api_key], read).optional()
}

/// The newest, at most `limit` of them.
pub(crate) fn newest(connection: &Connection, limit: i64) -> rusqlite::Result<Vec<PracticeToken>> {
    let mut statement = connection.prepare(&select("ORDER BY id DESC LIMIT ?1"))?;
    statement.query_map([limit], read)?.collect()
}

pub(crate) fn exist(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM tokens)", [], |row| row.get(0))
}

pub(crate) fn by_id(connection: &Connection, id: i64) -> rusqlite::Result<Option<PracticeToken>> {
    let mut statement = connection.prepare(&select("WHERE id = ?1"))?;
    statement.query_row([id], read).optional()
}

/// Writes what of a token can change.
pub(crate) fn update(connection: &Connection, token: &PracticeToken) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE tokens SET name = ?2, trusted_ips = ?3, permissions = ?4 WHERE id = ?1",
        params![token.id, token.name, token.trusted_ips_column(), token.permissions_column()],
    )?;
    Ok(())
}

/// Revokes a token: its row goes, and its id is never given again (AUTOINCREMENT).
pub(crate) fn delete(connection: &Connection, token: &PracticeToken) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM tokens WHERE id = ?1", [token.id])?;
    Ok(())
}

fn insert(connection: &Connection, token: &PracticeToken) -> rusqlite::Result<()> {
    let (secret, public_key) = match &token.credential {
        Credential::Hmac { sealed_secret } => (Some(sealed_secret.as_slice()), None),
        Credential::Rsa(key) => (None, Some(key.spki())),
    };
    connection.execute(
        "INSERT INTO tokens (api_key, name, secret, public_key, trusted_ips, permissions, created_at_ms, request_fingerprint)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            token.api_key,
            token.name,
            secret,
            public_key,
            token.trusted_ips_column(),
            token.permissions_column(),
            token.created_at_ms,
            token.request_fingerprint,
        ],
    )?;
    Ok(())
}

fn select(clause: &str) -> String {
    format!(
        "SELECT id, api_key, name, secret, public_key, trusted_ips, permissions, created_at_ms, request_fingerprint
         FROM tokens {clause}"
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<PracticeToken> {
    let credential = match (row.get(3)?, row.get(4)?) {
        (Some(sealed_secret), None) => Credential::Hmac { sealed_secret },
        (None, Some(spki)) => Credential::Rsa(PublicKey::from_stored(spki)),
        _ => return Err(unreadable(3, "neither a secret nor a public key")),
    };
    let permissions: Vec<String> = columns::json(row, 6)?;
    Ok(PracticeToken {
        id: row.get(0)?,
        api_key: row.get(1)?,
        name: row.get(2)?,
        credential,
        trusted_ips: networks(&columns::json::<Vec<String>>(row, 5)?)?,
        permissions: Permissions::from_words(&permissions).ok_or_else(|| unreadable(6, "an unknown permission"))?,
        created_at_ms: row.get(7)?,
        request_fingerprint: row.get(8)?,
    })
}

/// A network that cannot be read must not become "any address".
fn networks(texts: &[String]) -> rusqlite::Result<Vec<IpNet>> {
    texts
        .iter()
        .map(|text| {
            let network = if text.contains('/') {
                text.parse().ok()
            } else {
                text.parse().ok().map(|address: std::net::IpAddr| IpNet::from(address))
            };
            network.ok_or_else(|| unreadable(5, "no network"))
        })
        .collect()
}

#[cfg(test)]
impl PracticeToken {
    /// A system generated token with a secret that is known.
    pub(crate) fn with_secret(secret: &str, sealer: &Sealer) -> Self {
        let api_key = format!("{API_KEY_PREFIX}{}", "0".repeat(56));
        Self {
            id: 1,
            name: "Home bot".into(),
            credential: Credential::Hmac { sealed_secret: sealer.seal(&place(&api_key), secret.as_bytes()) },
            api_key,
            trusted_ips: vec![crate::conditions::CLIENT_ADDRESS.into()],
            permissions: Permissions::from_words(&["BOTS_READ".into()]).unwrap(),
            created_at_ms: 0,
            request_fingerprint: String::new(),
        }
    }
}

fn place(api_key: &str) -> String {
    format!("tokens/{api_key}/secret")
}
