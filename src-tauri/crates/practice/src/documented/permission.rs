//! What a token may do.

use std::collections::BTreeSet;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::words::words;

words! {
    /// The documented permissions, in 3Commas' order (official API documentation, 2026-05).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, ToSchema)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    pub(crate) enum Permission {
        BotsRead = "BOTS_READ",
        BotsWrite = "BOTS_WRITE",
        AccountsRead = "ACCOUNTS_READ",
        AccountsWrite = "ACCOUNTS_WRITE",
        SmartTradesRead = "SMART_TRADES_READ",
        SmartTradesWrite = "SMART_TRADES_WRITE",
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
