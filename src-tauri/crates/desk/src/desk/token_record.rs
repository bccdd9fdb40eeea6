//! What the keyring keeps of a token besides its secret: JSON, within what a keyring item may hold.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::token::destination::Destination;
use crate::token::note::Note;
use crate::token::permission::Permission;
use crate::token::{KnownToken, TokenType, TrustedEntry};

/// A token as it was read from its record.
#[derive(Debug, PartialEq)]
pub(crate) struct TokenRecord {
    pub(crate) token: KnownToken,
    /// The record had no room for all trusted IPs.
    pub(crate) is_cut: bool,
}

#[derive(Serialize, Deserialize)]
struct Written {
    destination: Destination,
    #[serde(rename = "type")]
    token_type: TokenType,
    name: String,
    api_key: String,
    trusted_ips: Vec<Entry>,
    permissions: BTreeSet<Permission>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    /// Records of the first version have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_cut: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Entry {
    Bare(String),
    Labelled(String, String),
}

/// At most [`vault::LIMIT`] bytes: labels are left out if need be, then the note, then the last of the trusted IPs.
pub(crate) fn encode(token: &KnownToken) -> Result<Vec<u8>, serde_json::Error> {
    let mut record = Written {
        destination: token.destination,
        token_type: token.token_type,
        name: token.name.clone(),
        api_key: token.api_key.clone(),
        trusted_ips: token.trusted_ips.iter().cloned().map(Entry::from).collect(),
        permissions: token.permissions.clone(),
        created_at: token.created_at,
        note: token.note.as_ref().map(|note| note.as_str().to_owned()),
        is_cut: false,
    };
    let mut text = serde_json::to_vec(&record)?;
    if text.len() > vault::LIMIT {
        record.trusted_ips = token.trusted_ips.iter().map(|entry| Entry::Bare(entry.network.clone())).collect();
        text = serde_json::to_vec(&record)?;
    }
    // Half a note might say something else.
    if text.len() > vault::LIMIT && record.note.take().is_some() {
        text = serde_json::to_vec(&record)?;
    }
    while text.len() > vault::LIMIT && record.trusted_ips.pop().is_some() {
        record.is_cut = true;
        text = serde_json::to_vec(&record)?;
    }
    Ok(text)
}

/// `None` for what is no record of this version.
pub(crate) fn decode(id: Uuid, text: &[u8]) -> Option<TokenRecord> {
    let record: Written = serde_json::from_slice(text).ok()?;
    let token = KnownToken {
        id,
        destination: record.destination,
        token_type: record.token_type,
        name: record.name,
        api_key: record.api_key,
        trusted_ips: record.trusted_ips.into_iter().map(TrustedEntry::from).collect(),
        permissions: record.permissions,
        created_at: record.created_at,
        note: record.note.as_deref().and_then(Note::kept),
    };
    Some(TokenRecord { token, is_cut: record.is_cut })
}

impl From<TrustedEntry> for Entry {
    fn from(entry: TrustedEntry) -> Self {
        match entry.label {
            Some(label) => Self::Labelled(entry.network, label),
            None => Self::Bare(entry.network),
        }
    }
}

impl From<Entry> for TrustedEntry {
    fn from(entry: Entry) -> Self {
        match entry {
            Entry::Bare(network) => Self { network, label: None },
            Entry::Labelled(network, label) => Self { network, label: Some(label) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::note::NOTE_MAX;

    fn token(entries: u32, label: Option<&str>) -> KnownToken {
        let entry = |number: u32| TrustedEntry {
            network: std::net::Ipv4Addr::from_bits(0xcb00_7100 + number).to_string(),
            label: label.map(str::to_owned),
        };
        KnownToken {
            id: Uuid::from_u128(7),
            destination: Destination::Practice,
            token_type: TokenType::SelfGenerated,
            // The most that JSON makes of a name.
            name: "\"".repeat(64),
            api_key: "practice".repeat(8),
            trusted_ips: (0..entries).map(entry).collect(),
            permissions: [
                Permission::BotsRead,
                Permission::BotsWrite,
                Permission::AccountsRead,
                Permission::AccountsWrite,
                Permission::SmartTradesRead,
                Permission::SmartTradesWrite,
            ]
            .into(),
            created_at: OffsetDateTime::UNIX_EPOCH,
            note: None,
        }
    }

    fn decode_of(token: &KnownToken) -> TokenRecord {
        decode(token.id, &encode(token).unwrap()).unwrap()
    }

    /// The most that JSON makes of a note.
    fn noted(token: KnownToken) -> KnownToken {
        KnownToken { note: Note::parse(&"\"\\".repeat(NOTE_MAX / 2)).unwrap(), ..token }
    }

    #[test]
    fn a_token_comes_back_as_it_was() {
        for token in [token(0, None), token(3, None), token(3, Some("Home")), noted(token(3, Some("Home")))] {
            let text = encode(&token).unwrap();
            assert_eq!(decode(token.id, &text), Some(TokenRecord { token, is_cut: false }));
        }
    }

    #[test]
    fn labels_go_first_and_then_the_end_of_the_list() {
        let labelled = token(100, Some("a label of some length"));
        let text = encode(&labelled).unwrap();
        assert!(text.len() <= vault::LIMIT);
        assert_eq!(decode(labelled.id, &text), Some(TokenRecord { token: token(100, None), is_cut: false }));

        let long = token(256, None);
        let text = encode(&long).unwrap();
        assert!(text.len() <= vault::LIMIT);
        let cut = decode(long.id, &text).unwrap();
        assert!(cut.is_cut);
        let kept = cut.token.trusted_ips.len();
        assert!(kept > 100);
        assert_eq!(cut.token.trusted_ips, long.trusted_ips[..kept]);
    }

    #[test]
    fn the_note_goes_after_labels_and_before_any_trusted_ip() {
        let labelled = noted(token(60, Some("a label of some length")));
        assert_eq!(decode_of(&labelled), TokenRecord { token: noted(token(60, None)), is_cut: false });
        // As many as there is room for.
        let full = decode_of(&token(256, None)).token.trusted_ips.len().try_into().unwrap();
        let decoded = decode_of(&noted(token(full, None)));
        assert_eq!(decoded, TokenRecord { token: token(full, None), is_cut: false });
    }

    #[test]
    fn a_record_of_the_first_version_is_a_token_without_a_note() {
        let text = br#"{"destination":"practice","type":"self_generated","name":"Home bot","api_key":"practice1",
            "trusted_ips":["203.0.113.7",["2001:db8::7","Home"]],"permissions":["BOTS_READ"],"created_at":"2026-11-24T14:00:37Z"}"#;
        let TokenRecord { token, is_cut } = decode(Uuid::nil(), text).unwrap();
        assert_eq!((token.name.as_str(), token.trusted_ips.len(), token.note, is_cut), ("Home bot", 2, None, false));
    }

    #[test]
    fn what_is_no_record_is_not_taken_for_one() {
        for text in [&b""[..], b"{}", b"\xff\xff", b"[1,2]", br#"{"destination":"mars"}"#] {
            assert_eq!(decode(Uuid::nil(), text), None);
        }
    }
}
