use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The service name under which keyrings list everything of ours.
pub const SERVICE: &str = "Token Desk";

/// Names one secret: whose (the installation), what, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    /// The installation that keeps it: two profiles on one keyring do not meet.
    pub installation: Uuid,
    /// What is kept.
    pub kind: ItemKind,
    /// Which one of that kind, usually the id of a token or of a journal row.
    pub id: Uuid,
}

/// What an [`Item`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// The secret of a system generated token.
    HmacSecret,
    /// The key that opens the service's stored answer until the secret is kept.
    IdempotencyKey,
    /// What the practice service seals its own secrets under.
    PracticeStateKey,
    /// An RSA private key as PKCS#8 DER.
    PrivateKey,
    /// What the app knows of a token besides its secret, as JSON: from it a lost database is rebuilt.
    TokenRecord,
}

impl ItemKind {
    const ALL: [Self; 5] =
        [Self::HmacSecret, Self::IdempotencyKey, Self::PracticeStateKey, Self::PrivateKey, Self::TokenRecord];

    /// The name as written in the keyring; part of the stored format.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HmacSecret => "hmac-secret",
            Self::IdempotencyKey => "idempotency-key",
            Self::PracticeStateKey => "practice-state-key",
            Self::PrivateKey => "private-key",
            Self::TokenRecord => "token-record",
        }
    }
}

/// The text is not the name of an item that this version knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a known item")]
pub struct UnknownItem;

/// The user name in the keyring: `<installation>/<kind>/<id>`.
impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.installation, self.kind.as_str(), self.id)
    }
}

/// Takes exactly what [`Display`](fmt::Display) writes, so that no two texts name one item.
impl FromStr for Item {
    type Err = UnknownItem;

    fn from_str(text: &str) -> Result<Self, UnknownItem> {
        let mut parts = text.split('/');
        let (Some(installation), Some(kind), Some(id), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(UnknownItem);
        };
        let kind = ItemKind::ALL.into_iter().find(|known| known.as_str() == kind).ok_or(UnknownItem)?;
        Ok(Self { installation: canonical(installation)?, kind, id: canonical(id)? })
    }
}

/// `Uuid` also reads braces, URNs and capitals.
fn canonical(text: &str) -> Result<Uuid, UnknownItem> {
    let uuid = Uuid::try_parse(text).map_err(|_| UnknownItem)?;
    if uuid.to_string() == text { Ok(uuid) } else { Err(UnknownItem) }
}

/// One item that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub item: Item,
    /// The label as keyring programs show it; empty where the platform has none.
    pub label: String,
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
            (ItemKind::TokenRecord, "token-record"),
        ];
        assert_eq!(names.map(|(kind, _)| kind), ItemKind::ALL);
        for (kind, name) in names {
            let item = Item { installation: Uuid::from_u128(1), kind, id: Uuid::from_u128(2) };
            assert_eq!(
                item.to_string(),
                format!("00000000-0000-0000-0000-000000000001/{name}/00000000-0000-0000-0000-000000000002")
            );
        }
    }

    #[test]
    fn every_item_is_read_back_from_its_name() {
        for kind in ItemKind::ALL {
            let item = Item { installation: Uuid::new_v4(), kind, id: Uuid::new_v4() };
            assert_eq!(item.to_string().parse(), Ok(item));
        }
    }

    #[test]
    fn only_the_exact_name_is_the_name_of_an_item() {
        let name = "a0000000-0000-0000-0000-000000000001/private-key/a0000000-0000-0000-0000-000000000002";
        assert!(name.parse::<Item>().is_ok());
        for other in [
            "",
            "private-key",
            &name.to_uppercase(),
            &name.replace("private-key", "PRIVATE-KEY"),
            &name.replace("private-key", "ssh-key"),
            &name.replace('-', ""),
            &name.replacen("a0", "{a0", 1),
            &format!("{name}/"),
            &format!("/{name}"),
            &format!(" {name}"),
            &format!("urn:uuid:{name}"),
        ] {
            assert_eq!(other.parse::<Item>(), Err(UnknownItem), "{other}");
        }
    }
}
