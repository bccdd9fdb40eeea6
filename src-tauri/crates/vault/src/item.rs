use std::fmt;

use uuid::Uuid;

/// The service name under which keyrings list everything of ours.
pub const SERVICE: &str = "Token Desk";

/// Names one secret: whose (the installation), what, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Item {
    /// The installation that keeps it: two profiles on one keyring do not meet.
    pub installation: Uuid,
    /// What is kept.
    pub kind: ItemKind,
    /// Which one of that kind, usually the id of a token or of a journal row.
    pub id: Uuid,
}

/// What an [`Item`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// The secret of a system generated token.
    HmacSecret,
    /// The key that opens the service's stored answer until the secret is kept.
    IdempotencyKey,
    /// What the practice service seals its own secrets under.
    PracticeStateKey,
    /// An RSA private key as PKCS#8 DER.
    PrivateKey,
}

impl ItemKind {
    /// The name as written in the keyring; part of the stored format.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HmacSecret => "hmac-secret",
            Self::IdempotencyKey => "idempotency-key",
            Self::PracticeStateKey => "practice-state-key",
            Self::PrivateKey => "private-key",
        }
    }
}

/// The user name in the keyring: `<installation>/<kind>/<id>`.
impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.installation, self.kind.as_str(), self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_name_never_changes() {
        let names = [
            (ItemKind::HmacSecret, "hmac-secret"),
            (ItemKind::IdempotencyKey, "idempotency-key"),
            (ItemKind::PracticeStateKey, "practice-state-key"),
            (ItemKind::PrivateKey, "private-key"),
        ];
        for (kind, name) in names {
            let item = Item { installation: Uuid::from_u128(1), kind, id: Uuid::from_u128(2) };
            assert_eq!(
                item.to_string(),
                format!("00000000-0000-0000-0000-000000000001/{name}/00000000-0000-0000-0000-000000000002")
            );
        }
    }
}
