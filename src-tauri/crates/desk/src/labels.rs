//! What a person reads of our items who opens the keyring with another program.

use vault::ItemKind;

/// Of the key that opens what the practice service stores.
pub(crate) const PRACTICE: &str = "Token Desk: practice service";

/// Of what is kept for a token of this name.
pub(crate) fn of_token(kind: ItemKind, name: &str) -> String {
    match kind {
        ItemKind::HmacSecret | ItemKind::PrivateKey => format!("Token Desk: {name}"),
        ItemKind::IdempotencyKey => format!("Token Desk: {name} (being made)"),
        ItemKind::TokenRecord => format!("Token Desk: {name} (record)"),
        ItemKind::PracticeStateKey => PRACTICE.to_owned(),
    }
}
