use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What a token may do: the six documented permissions (help article 8075236), in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the documentation of 3Commas")]
pub enum Permission {
    BotsRead,
    BotsWrite,
    AccountsRead,
    AccountsWrite,
    SmartTradesRead,
    SmartTradesWrite,
}

/// The worst that a holder of the token could do from a trusted address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// No permission is switched on.
    None,
    /// Balances, bots and trades can be seen.
    Looks,
    /// One kind of trading can be changed.
    Trades,
    /// Bots and smart trades can both be changed.
    TradesEverywhere,
    /// Exchange accounts can be changed: `ACCOUNTS_WRITE` covers selling all coins of an account.
    Full,
}

impl Risk {
    /// The risk that a set of permissions amounts to.
    pub fn of(permissions: &BTreeSet<Permission>) -> Self {
        let has = |permission| permissions.contains(&permission);
        if has(Permission::AccountsWrite) {
            Self::Full
        } else if has(Permission::BotsWrite) && has(Permission::SmartTradesWrite) {
            Self::TradesEverywhere
        } else if has(Permission::BotsWrite) || has(Permission::SmartTradesWrite) {
            Self::Trades
        } else if permissions.is_empty() {
            Self::None
        } else {
            Self::Looks
        }
    }

    /// Filled fields of the five-field meter.
    pub fn level(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Looks => 1,
            Self::Trades => 3,
            Self::TradesEverywhere => 4,
            Self::Full => 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risk_is_the_worst_that_the_permissions_allow() {
        use Permission::*;
        for (permissions, risk) in [
            (vec![], Risk::None),
            (vec![BotsRead, AccountsRead, SmartTradesRead], Risk::Looks),
            (vec![BotsRead, BotsWrite], Risk::Trades),
            (vec![SmartTradesWrite], Risk::Trades),
            (vec![BotsWrite, SmartTradesWrite], Risk::TradesEverywhere),
            (vec![AccountsWrite], Risk::Full),
        ] {
            let set = permissions.into_iter().collect();
            assert_eq!(Risk::of(&set), risk, "{set:?}");
        }
    }

    #[test]
    fn a_permission_is_written_as_3commas_writes_it() {
        let json = serde_json::to_string(&Permission::SmartTradesWrite).unwrap();
        assert_eq!(json, "\"SMART_TRADES_WRITE\"");
    }
}
