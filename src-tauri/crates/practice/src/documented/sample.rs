//! What the simulated endpoints answer with: little, and clearly made up.

use std::sync::LazyLock;

use serde_json::Value;

use crate::words::words;

/// Nobody shall put addresses from a practice service into an exchange's list.
pub(crate) const MARKET_LIST: &str = include_str!("sample/market_list.json");

static LISTS: [LazyLock<Value>; 4] = [
    LazyLock::new(|| read(include_str!("sample/accounts.json"))),
    LazyLock::new(|| read(include_str!("sample/bots.json"))),
    LazyLock::new(|| read(include_str!("sample/smart_trades.json"))),
    LazyLock::new(|| read(include_str!("sample/trades.json"))),
];

/// A list that has rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Accounts,
    Bots,
    SmartTrades,
    Trades,
}

words! {
    /// What 3Commas calls the mode: whether the real or the paper accounts are meant.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub(crate) enum Mode {
        Paper = "paper",
        #[default]
        Real = "real",
    }
}

/// An array, also where it is empty or has one row.
pub(crate) fn rows(list: List, mode: Mode, limit: Option<usize>) -> Value {
    let file = match list {
        List::Accounts => &LISTS[0],
        List::Bots => &LISTS[1],
        List::SmartTrades => &LISTS[2],
        List::Trades => &LISTS[3],
    };
    let rows = file[mode.as_str()].as_array().into_iter().flatten();
    Value::Array(rows.take(limit.unwrap_or(usize::MAX)).cloned().collect())
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("a test reads every list")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_market_list_has_single_addresses_and_networks_of_nobody() {
        let list: Value = serde_json::from_str(MARKET_LIST).unwrap();
        for market in list.as_array().unwrap() {
            for field in ["market_name", "market_code", "market_url", "help_link", "trusted_ips_input_type"] {
                assert!(market[field].is_string(), "{field}");
            }
            for entry in market["trusted_ips"].as_array().unwrap() {
                let entry = entry.as_str().unwrap();
                let documentation = ["192.0.2.", "198.51.100.", "203.0.113."]; // RFC 5737
                assert!(documentation.iter().any(|network| entry.starts_with(network)), "{entry}");
            }
        }
    }

    #[test]
    fn every_row_says_that_it_is_made_up() {
        for list in [List::Accounts, List::Bots, List::SmartTrades, List::Trades] {
            for mode in [Mode::Real, Mode::Paper] {
                for row in rows(list, mode, None).as_array().unwrap() {
                    assert!(row.to_string().contains("Made-up") || row.to_string().contains("Made up"), "{row}");
                }
            }
            assert!(!rows(list, Mode::Real, None).as_array().unwrap().is_empty(), "{list:?}");
            assert_eq!(rows(list, Mode::Real, Some(1)).as_array().unwrap().len(), 1);
            assert_eq!(rows(list, Mode::Real, Some(0)), Value::Array(Vec::new()));
        }
    }
}
