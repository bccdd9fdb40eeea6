use std::fmt::Write as _;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::Error;

/// How a request's body goes into the string that is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// `application/x-www-form-urlencoded`: signed as if it were the query.
    Form,
    /// JSON: appended raw.
    Json,
}

/// What is signed: the path from `/public/api` with its query exactly as sent, then the body.
///
/// A bare trailing `?` belongs to the path. An empty body is no body. 3Commas documents no request
/// with a query and a form body at once; here the form then follows after `&`.
pub fn string_to_sign(path_and_query: &str, body: Option<&[u8]>, kind: BodyKind) -> Vec<u8> {
    let mut message = path_and_query.as_bytes().to_vec();
    let Some(body) = body.filter(|body| !body.is_empty()) else {
        return message;
    };
    match (kind, path_and_query.split_once('?')) {
        (BodyKind::Json, _) | (BodyKind::Form, Some((_, ""))) => {}
        (BodyKind::Form, Some(_)) => message.push(b'&'),
        (BodyKind::Form, None) => message.push(b'?'),
    }
    message.extend_from_slice(body);
    message
}

/// HMAC-SHA256 in lower-case hex: the signature of a system generated token.
pub fn sign_hmac(secret: &[u8], message: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message);
    tag.as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// RSASSA-PKCS1-v1_5 with SHA-256, base64 in one line: the signature of a self generated token.
pub fn sign_rsa(pkcs8_der: &[u8], message: &[u8]) -> Result<String, Error> {
    let key = RsaKeyPair::from_pkcs8(pkcs8_der).map_err(|_| Error::PrivateKeyUnusable)?;
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
        .map_err(|_| Error::PrivateKeyUnusable)?;
    Ok(STANDARD.encode(signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `3commas-io/3commas-official-api-docs`, commit 0a55695, "Signed endpoint security".
    #[test]
    fn the_published_example_is_reproduced() {
        let secret = b"NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
        let message = string_to_sign("/public/api/ver1/users/change_mode", Some(b"mode=paper"), BodyKind::Form);
        assert_eq!(message, b"/public/api/ver1/users/change_mode?mode=paper");
        assert_eq!(sign_hmac(secret, &message), "bca8d8c10acfbe8e76c5335d3efbe0a550487170a8bb7aaea0a13efabab55316");
    }

    /// RFC 4231, test case 2.
    #[test]
    fn hmac_agrees_with_its_rfc() {
        assert_eq!(
            sign_hmac(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn the_string_to_sign_is_what_is_sent() {
        use BodyKind::{Form, Json};
        type Row = (&'static str, Option<&'static [u8]>, BodyKind, &'static [u8]);
        let table: [Row; 11] = [
            ("/public/api/ver1/validate", None, Form, b"/public/api/ver1/validate"),
            ("/public/api/ver1/accounts?", None, Form, b"/public/api/ver1/accounts?"),
            ("/public/api/ver1/accounts?", None, Json, b"/public/api/ver1/accounts?"),
            ("/a?b=1&c=%20d", None, Json, b"/a?b=1&c=%20d"),
            ("/a", Some(b""), Form, b"/a"),
            ("/a", Some(b""), Json, b"/a"),
            ("/a", Some(b"mode=paper"), Form, b"/a?mode=paper"),
            ("/a?", Some(b"mode=paper"), Form, b"/a?mode=paper"),
            ("/a?b=1", Some(b"mode=paper"), Form, b"/a?b=1&mode=paper"),
            ("/a?b=?", Some(b"mode=paper"), Form, b"/a?b=?&mode=paper"),
            ("/a", Some(b"{\"mode\": \"paper\"}"), Json, b"/a{\"mode\": \"paper\"}"),
        ];
        for (path, body, kind, expected) in table {
            assert_eq!(string_to_sign(path, body, kind), expected, "{path} {kind:?}");
        }
    }
}
