//! What a token may do.

use std::collections::BTreeSet;

use serde::Deserialize;
use utoipa::ToSchema;

/// The documented permissions, in 3Commas' order (official API documentation, 2026-05).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Permission {
    BotsRead,
    BotsWrite,
    AccountsRead,
    AccountsWrite,
    SmartTradesRead,
    SmartTradesWrite,
}

impl Permission {
    pub(crate) const ALL: [Self; 6] = [
        Self::BotsRead,
        Self::BotsWrite,
        Self::AccountsRead,
        Self::AccountsWrite,
        Self::SmartTradesRead,
        Self::SmartTradesWrite,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::BotsRead => "BOTS_READ",
            Self::BotsWrite => "BOTS_WRITE",
            Self::AccountsRead => "ACCOUNTS_READ",
            Self::AccountsWrite => "ACCOUNTS_WRITE",
            Self::SmartTradesRead => "SMART_TRADES_READ",
            Self::SmartTradesWrite => "SMART_TRADES_WRITE",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.as_str() == word)
    }
}

/// At least one permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Permissions(BTreeSet<Permission>);

impl Permissions {
    pub(crate) fn new(permissions: BTreeSet<Permission>) -> Option<Self> {
        (!permissions.is_empty()).then_some(Self(permissions))
    }

    pub(crate) fn contains(&self, permission: Permission) -> bool {
        self.0.contains(&permission)
    }

    pub(crate) fn words(&self) -> Vec<&'static str> {
        self.0.iter().map(|permission| permission.as_str()).collect()
    }

    pub(crate) fn from_words(words: &[String]) -> Option<Self> {
        let permissions = words.iter().map(|word| Permission::from_word(word)).collect::<Option<_>>()?;
        Self::new(permissions)
    }
}
