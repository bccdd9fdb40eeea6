//! What a client did wrong, told from a signature that did not fit: the mistakes that people report
//! are tried one after the other. It says what was signed instead, never with what.

use std::net::IpAddr;

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use crate::documented::permission::Permission;
use crate::public_api::guard::{self, SignedRequest};
use crate::public_api::mistakes;
use crate::record::refused::TrueReason;
use crate::tokens::callers::{Caller, Verifier};

/// Of the trusted IPs, at most so many are named.
const LISTED: usize = 8;

/// Whose key could have been used instead, or what.
pub(crate) struct Suspects {
    /// Further tokens of the account.
    pub(crate) others: Vec<Caller>,
    /// The token's own secret with a line break behind it, as a file has it.
    pub(crate) secret_and_newline: Option<Verifier>,
}

/// The signature did not fit `request` under the verifier of `caller`.
pub(crate) fn of_signature(request: &SignedRequest<'_>, caller: &Caller, suspects: &Suspects) -> TrueReason {
    let Some(signature) = guard::signature(request.headers) else {
        return TrueReason::new("signature-missing", "one header Signature is needed, in plain ASCII, once");
    };
    if signature.is_empty() {
        return TrueReason::new("signature-missing", "the header Signature is empty");
    }
    let proper = guard::string_to_sign(request);
    let Some(bytes) = of_this_kind(&caller.verifier, signature) else {
        return of_form(&caller.verifier, &proper, signature);
    };
    if let Some((code, says)) = mistakes::made(request, |text| caller.verifier.accepts_bytes(text, &bytes)) {
        return TrueReason::new(code, says);
    }
    let fits = |verifier: &Verifier| verifier.accepts_bytes(&proper, &bytes);
    if suspects.secret_and_newline.as_ref().is_some_and(fits) {
        return TrueReason::new(
            "secret-with-newline",
            "the signature was made with the secret and a line break behind it",
        );
    }
    if guard::api_key(request.headers).is_some_and(|api_key| fits(&Verifier::hmac(api_key.as_bytes()))) {
        return TrueReason::new("api-key-as-secret", "the signature was made with the API key in place of the secret");
    }
    if let Some(other) = suspects.others.iter().find(|other| fits(&other.verifier)) {
        let detail = format!("the signature was made with the key of another token (number {})", other.token_id);
        return TrueReason::new("key-of-another-token", detail);
    }
    match caller.verifier {
        Verifier::Hmac(_) => TrueReason::new(
            "secret-wrong",
            "the signature is well formed, but made with another secret, or over something else than path, query and body",
        ),
        Verifier::Rsa(_) if has_one_case(signature) => case_lost(),
        Verifier::Rsa(_) => TrueReason::new(
            "private-key-wrong",
            "the signature is well formed, but made with another private key, another padding or digest than \
             RSASSA-PKCS1-v1_5 with SHA-256, or over something else than path, query and body",
        ),
    }
}

/// The bytes of a signature written as this kind of token wants it.
fn of_this_kind(verifier: &Verifier, signature: &str) -> Option<Vec<u8>> {
    match verifier {
        Verifier::Hmac(_) => guard::hex(signature).map(Vec::from),
        Verifier::Rsa(key) => STANDARD.decode(signature).ok().filter(|bytes| bytes.len() == key.signature_length()),
    }
}

/// It is not even written as it should be.
fn of_form(verifier: &Verifier, message: &[u8], signature: &str) -> TrueReason {
    let bare: String =
        signature.chars().filter(|character| !character.is_whitespace() && !"\"'".contains(*character)).collect();
    let decoded = base64_of_any_kind(&bare);
    let decoded_length = decoded.as_ref().map(Vec::len);
    match verifier {
        Verifier::Hmac(_) => {
            if decoded.is_some_and(|bytes| verifier.accepts_bytes(message, &bytes)) {
                return TrueReason::new("hmac-in-base64", "the signature is right, but in base64: it must be hex");
            }
            if guard::hex(bare.trim_start_matches("0x")).is_some_and(|bytes| verifier.accepts_bytes(message, &bytes)) {
                return TrueReason::new("signature-decorated", "the signature is right, but with something around it");
            }
            if is_hex(&bare) {
                let detail = format!(
                    "the signature has {} hex digits instead of 64: cut off, or of another digest than SHA-256",
                    bare.len()
                );
                return TrueReason::new("hmac-length-wrong", detail);
            }
            match decoded_length {
                Some(256 | 512) => TrueReason::new(
                    "rsa-for-hmac",
                    "the token was made by the service (HMAC), but the signature looks like one of an RSA key",
                ),
                _ => TrueReason::new("signature-malformed", "the signature is not 64 hex digits"),
            }
        }
        Verifier::Rsa(key) => {
            if guard::hex(&bare).is_some() {
                return TrueReason::new(
                    "hmac-for-rsa",
                    "the token was made with an RSA key pair, but the signature looks like an HMAC",
                );
            }
            if any_hex(&bare).is_some_and(|bytes| verifier.accepts_bytes(message, &bytes)) {
                return TrueReason::new("rsa-in-hex", "the signature is right, but in hex: it must be base64");
            }
            if decoded.is_some_and(|bytes| verifier.accepts_bytes(message, &bytes)) {
                return TrueReason::new(
                    "rsa-base64-decorated",
                    "the signature is right, but not in plain base64: it must be the standard alphabet, padded, in one line",
                );
            }
            match decoded_length {
                Some(length) => {
                    let expected = key.signature_length();
                    let detail = format!("the signature has {length} bytes; this token's key makes {expected}");
                    TrueReason::new("rsa-length-wrong", detail)
                }
                // The last letter of base64 has bits that must be zero: in the other case it may decode no more.
                None if has_one_case(&bare) && bare.chars().all(is_base64) => case_lost(),
                None => TrueReason::new("signature-malformed", "the signature is not base64"),
            }
        }
    }
}

fn base64_of_any_kind(text: &str) -> Option<Vec<u8>> {
    [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD].iter().find_map(|engine| engine.decode(text).ok())
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')
}

fn case_lost() -> TrueReason {
    TrueReason::new(
        "base64-case-lost",
        "the signature has letters of one case only: base64 must keep upper and lower case",
    )
}

/// Never by chance: there are hundreds of letters.
fn has_one_case(text: &str) -> bool {
    !text.contains(|c: char| c.is_ascii_uppercase()) || !text.contains(|c: char| c.is_ascii_lowercase())
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn any_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<_> = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    digits.chunks(2).map(|pair| u8::try_from(pair.first()? << 4 | pair.get(1)?).ok()).collect()
}

/// Why an API key is nobody's.
pub(crate) fn of_api_key(headers: &HeaderMap) -> TrueReason {
    let mut keys = headers.get_all(guard::API_KEY).iter();
    let (Some(key), None) = (keys.next(), keys.next()) else {
        let sent = headers.get_all(guard::API_KEY).iter().count();
        return if sent == 0 {
            TrueReason::new("api-key-missing", "the header Apikey is missing")
        } else {
            TrueReason::new("api-key-twice", "the header Apikey stands more than once")
        };
    };
    let text = key.to_str().unwrap_or_default();
    if text.is_empty() {
        return TrueReason::new("api-key-missing", "the header Apikey is empty, or not plain ASCII");
    }
    let (code, says) = if text.contains(char::is_whitespace) || text.starts_with(['"', '\'']) {
        ("api-key-decorated", "the API key has quotes or white space around it")
    } else if text.len() == 64 && text.starts_with("practice") {
        ("api-key-unknown", "no token has this API key: it was revoked, mistyped, or is of another practice service")
    } else if text.to_ascii_lowercase().starts_with("practice") {
        (
            "api-key-mistyped",
            "the API key is cut off, or its letters changed case: one of this service has 64 characters",
        )
    } else {
        ("api-key-foreign", "this is no API key of a practice service: those begin with \"practice\"")
    };
    TrueReason::new(code, says)
}

pub(crate) fn of_address(address: IpAddr, caller: &Caller) -> TrueReason {
    let trusted: Vec<_> = caller.trusted_ips.iter().map(trusted_ips::canonical).collect();
    let same_family = caller.trusted_ips.iter().any(|network| network.addr().is_ipv4() == address.is_ipv4());
    let (code, hint) = match (same_family, address) {
        (true, _) => ("address-not-trusted", ""),
        (false, IpAddr::V4(_)) => ("address-family-not-trusted", ": it left over IPv4, and only IPv6 is trusted"),
        (false, IpAddr::V6(_)) => ("address-family-not-trusted", ": it left over IPv6, and only IPv4 is trusted"),
    };
    let mut list = trusted.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    if trusted.len() > LISTED {
        list.push_str(", ...");
    }
    TrueReason::new(code, format!("the request came from {address}, and the token trusts {list}{hint}"))
}

pub(crate) fn of_permission(permission: Permission, caller: &Caller) -> TrueReason {
    let granted = caller.permissions.words().join(", ");
    TrueReason::new("permission-missing", format!("this needs {}, and the token has {granted}", permission.as_str()))
}
