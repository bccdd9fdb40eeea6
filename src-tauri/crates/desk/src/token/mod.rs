//! A token as the app knows it, and the words that describe one.

pub(crate) mod destination;
pub(crate) mod note;
pub(crate) mod permission;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;
use vault::ItemKind;

use crate::token::destination::Destination;
use crate::token::note::Note;
use crate::token::permission::Permission;

/// The token endpoint takes no more entries than this (422); how many 3Commas takes, nobody says.
pub const TRUSTED_IPS_MAX: usize = 256;

/// A token that was made and recorded. Its secret or private key is in the vault, under [`id`](Self::id).
#[derive(Clone, Debug, PartialEq)]
pub struct KnownToken {
    /// Ours, and the draft's before it: it names the vault items and seeds the seal.
    pub id: Uuid,
    /// Where it was made.
    pub destination: Destination,
    /// Who made the key that signs.
    pub token_type: TokenType,
    /// As the service has it.
    pub name: String,
    /// The public identifier that every call carries.
    pub api_key: String,
    /// Where calls may come from; empty for any address.
    pub trusted_ips: Vec<TrustedEntry>,
    /// What calls may do.
    pub permissions: BTreeSet<Permission>,
    /// When the service made it.
    pub created_at: OffsetDateTime,
    /// What the person wrote to it; known to the app only.
    pub note: Option<Note>,
}

/// Who makes the key that signs a call (help article 8075236).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenType {
    /// The person's computer makes an RSA pair; the service gets the public half. Recommended by 3Commas.
    SelfGenerated,
    /// The service makes a secret and shows it once.
    SystemGenerated,
}

impl TokenType {
    /// What the vault keeps for such a token.
    pub fn item_kind(self) -> ItemKind {
        match self {
            Self::SelfGenerated => ItemKind::PrivateKey,
            Self::SystemGenerated => ItemKind::HmacSecret,
        }
    }
}

/// One trusted address or network with the name that the person gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedEntry {
    /// In canonical form (RFC 5952), as the service has it.
    pub network: String,
    /// For example "Home"; known to the app only.
    pub label: Option<String>,
}

/// A token name: 2 to 64 Unicode scalars after trimming, no control characters.
///
/// The two-character minimum is in the error example of 3Commas' API documentation; the maximum is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenName(String);

impl TokenName {
    /// Parses what a person typed.
    pub fn parse(typed: &str) -> Result<Self, TokenNameProblem> {
        let name = typed.trim();
        if name.chars().any(char::is_control) {
            return Err(TokenNameProblem::ControlCharacters);
        }
        match name.chars().count() {
            0 => Err(TokenNameProblem::Empty),
            1 => Err(TokenNameProblem::TooShort),
            2..=64 => Ok(Self(name.to_owned())),
            _ => Err(TokenNameProblem::TooLong),
        }
    }

    /// The trimmed name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is no name for a new token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenNameProblem {
    /// It has a tab, a line break or another invisible control character.
    ControlCharacters,
    /// Nothing but white space.
    Empty,
    /// Another token at the destination has it: the app's rule, so that people can tell their tokens apart.
    Taken,
    /// More than 64 characters.
    TooLong,
    /// One character.
    TooShort,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_2_to_64_characters_after_trimming() {
        for (typed, expected) in [
            ("", Err(TokenNameProblem::Empty)),
            ("   ", Err(TokenNameProblem::Empty)),
            (" x ", Err(TokenNameProblem::TooShort)),
            ("  Home bot ", Ok("Home bot")),
            ("ボット", Ok("ボット")),
            ("a\tb", Err(TokenNameProblem::ControlCharacters)),
            ("a\u{0}b", Err(TokenNameProblem::ControlCharacters)),
            ("a\u{85}b", Err(TokenNameProblem::ControlCharacters)),
        ] {
            let parsed = TokenName::parse(typed);
            assert_eq!(parsed.as_ref().map(TokenName::as_str), expected.as_ref().map(|name| *name), "{typed:?}");
        }
        assert!(TokenName::parse(&"é".repeat(64)).is_ok());
        assert_eq!(TokenName::parse(&"é".repeat(65)), Err(TokenNameProblem::TooLong));
    }
}
