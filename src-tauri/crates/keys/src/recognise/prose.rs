//! Secrets where none belong: in text that is kept in the clear, such as a note.

use crate::recognise::blocks::blocks;
use crate::recognise::decide::{MAX_INPUT, PUTTY, SHORTEST_SECRET, decide};
use crate::recognise::text::clean;
use crate::recognise::thing::Thing;

/// Names that people write before a secret.
const ANNOUNCED: [&str; 6] = ["passphrase", "passwd", "password", "private key", "pwd", "secret"];
/// The address that an authenticator's QR code holds, with its secret.
const OTP_ADDRESS: &str = "otpauth:";

/// What does not belong into text that is kept in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leak {
    /// A private key of any algorithm, in any form that [`recognise`](crate::recognise()) knows, or the damaged rest of one
    /// between its markers: nobody means anything else by it.
    PrivateKey,
    /// A word that looks like an API key or a secret, or words that announce one. It may be something else.
    Suspected,
}

/// Looks for secrets in `text`. Computes with no key, so that it can be asked while a person types.
pub fn leak_in(text: &str) -> Option<Leak> {
    if holds_private_key(text) {
        return Some(Leak::PrivateKey);
    }
    let visible = clean(text.as_bytes());
    let is_suspect = announces_secret(&visible) || visible.split(|c| !is_of_secret(c)).any(looks_random);
    is_suspect.then_some(Leak::Suspected)
}

fn holds_private_key(text: &str) -> bool {
    if text.len() > MAX_INPUT {
        return decide(text.as_bytes()).holds_private_material();
    }
    let text = clean(text.as_bytes());
    text.contains(PUTTY) || blocks(&text).into_iter().map(Thing::of_block).any(|thing| thing.is_private())
}

/// `password: …`, `secret=…`, an address for an authenticator.
fn announces_secret(text: &str) -> bool {
    let text = text.to_lowercase();
    let named = |name: &&str| text.match_indices(*name).any(|(at, _)| is_followed_by_value(&text[at + name.len()..]));
    text.contains(OTP_ADDRESS) || ANNOUNCED.iter().any(named)
}

fn is_followed_by_value(rest: &str) -> bool {
    rest.trim_start().strip_prefix([':', '=']).is_some_and(|value| !value.trim().is_empty())
}

/// Of base64 in either alphabet, which has hex in it.
fn is_of_secret(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '+' | '/' | '-' | '_')
}

/// Letters and digits alone are no word of a language at this length. With signs between them they may be an address, a path
/// or a UUID; base64 of this length has letters of both cases and digits.
fn looks_random(word: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    word.len() >= SHORTEST_SECRET
        && (word.bytes().all(|byte| byte.is_ascii_alphanumeric())
            || (has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)))
}
