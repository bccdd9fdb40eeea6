use serde::{Deserialize, Deserializer};

/// An exchange, from `GET /ver1/accounts/market_list`: which addresses 3Commas calls it from.
///
/// The list changes; say when it was fetched and offer to fetch it again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Market {
    /// The name for people, such as "Binance EEA".
    #[serde(default, deserialize_with = "or_default")]
    pub market_name: String,
    /// The name for programs.
    #[serde(default, deserialize_with = "or_default")]
    pub market_code: String,
    /// The exchange's site. Text from the network: check the host before opening it.
    #[serde(default)]
    pub market_url: Option<String>,
    /// A page of help. Text from the network: check the host before opening it.
    #[serde(default)]
    pub help_link: Option<String>,
    /// Single addresses or networks in CIDR notation, as sent.
    #[serde(default, deserialize_with = "or_default")]
    pub trusted_ips: Vec<String>,
    /// How the exchange wants them typed in; `inline` has been seen.
    #[serde(default)]
    pub trusted_ips_input_type: Option<String>,
}

/// `null` for a field that has nothing is the same as no field.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_market_is_read_with_unknown_null_and_absent_fields() {
        let text = r#"[
            {"market_name": "OKX", "market_code": "okx", "market_url": "https://www.okx.com/",
             "help_link": "https://help.3commas.io/x", "trusted_ips": ["103.26.9.0/24"],
             "trusted_ips_input_type": "inline", "nomics_id": 7},
            {"market_name": "Paper", "market_code": "paper", "market_url": null, "trusted_ips": null}
        ]"#;
        let markets: Vec<Market> = serde_json::from_str(text).unwrap();
        assert_eq!(markets[0].trusted_ips, ["103.26.9.0/24"]);
        assert_eq!(markets[0].trusted_ips_input_type.as_deref(), Some("inline"));
        assert_eq!(markets[1].market_name, "Paper");
        assert_eq!(markets[1].market_url, None);
        assert!(markets[1].trusted_ips.is_empty());
    }
}
