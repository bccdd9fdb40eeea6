//! Signs one request, as a script would. The secret comes from standard input, never from the
//! command line, where every user of the machine could read it.
//!
//! ```text
//! printf %s "$SECRET" | cargo run -p threecommas --example sign -- hmac '/public/api/ver1/validate'
//! cargo run -p threecommas --example sign -- rsa '/public/api/ver1/validate' < private.pem
//! ```
//!
//! A body follows the path: `form 'mode=paper'` or `json '{"mode": "paper"}'`.

use std::io::{self, Read};
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use threecommas::{BodyKind, sign_hmac, sign_rsa, string_to_sign};
use zeroize::Zeroizing;

const USAGE: &str = "sign hmac|rsa PATH_AND_QUERY [form|json BODY] < SECRET_OR_PKCS8_PEM";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match signature(&arguments) {
        Ok(signature) => {
            println!("{signature}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn signature(arguments: &[&str]) -> Result<String, String> {
    let (algorithm, message) = match *arguments {
        [algorithm, path] => (algorithm, string_to_sign(path, None, BodyKind::Form)),
        [algorithm, path, "form", body] => (algorithm, string_to_sign(path, Some(body.as_bytes()), BodyKind::Form)),
        [algorithm, path, "json", body] => (algorithm, string_to_sign(path, Some(body.as_bytes()), BodyKind::Json)),
        _ => return Err(USAGE.to_owned()),
    };
    let mut secret = Zeroizing::new(String::new());
    io::stdin().read_to_string(&mut secret).map_err(|error| format!("standard input: {error}"))?;
    match algorithm {
        "hmac" => Ok(sign_hmac(secret.trim_end().as_bytes(), &message)),
        "rsa" => sign_rsa(&pkcs8(&secret)?, &message).map_err(|error| error.to_string()),
        _ => Err(USAGE.to_owned()),
    }
}

/// The DER inside a PEM block (RFC 7468). `openssl pkcs8 -topk8 -nocrypt` makes one of any other form.
fn pkcs8(pem: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let body = pem
        .trim()
        .strip_prefix("-----BEGIN PRIVATE KEY-----")
        .and_then(|rest| rest.strip_suffix("-----END PRIVATE KEY-----"))
        .ok_or("standard input is no PKCS#8 PEM (BEGIN PRIVATE KEY)")?;
    let body: Zeroizing<String> = Zeroizing::new(body.split_whitespace().collect());
    STANDARD.decode(body.as_bytes()).map(Zeroizing::new).map_err(|_| "the PEM is not base64".to_owned())
}
