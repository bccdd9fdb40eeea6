//! Another implementation's word on RSA signatures. Needs the command `openssl`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;
use threecommas::{ApiKey, BodyKind, Client, Credentials, Error, sign_rsa, string_to_sign};
use zeroize::Zeroizing;

use crate::server::{API_KEY, Server, answer, header};

const MESSAGE: &[u8] = b"/public/api/ver1/users/change_mode?mode=paper";

#[test]
fn openssl_verifies_and_makes_the_same_signatures() {
    for bits in [2048, 4096] {
        let pair = Pair::new(bits);
        let signature = sign_rsa(&pair.pkcs8(), MESSAGE).unwrap();
        assert!(!signature.contains(char::is_whitespace));
        let signature = STANDARD.decode(signature).unwrap();
        assert_eq!(signature.len() * 8, bits);
        assert!(pair.verifies(MESSAGE, &signature));
        assert!(!pair.verifies(b"/public/api/ver1/validate", &signature));
        assert_eq!(pair.signs(MESSAGE), signature);
    }
}

#[tokio::test]
async fn the_client_sends_a_signature_that_openssl_verifies() {
    let pair = Pair::new(2048);
    let server = Server::answering(answer("200 OK", "", r#"{"valid":true}"#));
    let credentials =
        Credentials::Rsa { api_key: ApiKey::parse(API_KEY).unwrap(), private_key_pkcs8: Zeroizing::new(pair.pkcs8()) };
    let client = Client::new(&server.url, credentials).unwrap();
    client.validate().await.unwrap();
    let request = server.request();
    let signature = STANDARD.decode(header(&request, "Signature").unwrap()).unwrap();
    let message = string_to_sign("/public/api/ver1/validate", None, BodyKind::Form);
    assert!(pair.verifies(&message, &signature));
}

#[test]
fn what_is_no_rsa_private_key_in_pkcs8_is_refused_before_anything_is_sent() {
    let pair = Pair::new(2048);
    let pkcs1 = pair.openssl(&["rsa", "-in", "private.pem", "-traditional", "-outform", "DER"]);
    let public = pair.openssl(&["rsa", "-in", "private.pem", "-pubout", "-outform", "DER"]);
    let ed25519 = pair.openssl(&["genpkey", "-algorithm", "ed25519", "-outform", "DER"]);
    let pem = fs::read(pair.path().join("private.pem")).unwrap();
    let small = Pair::new(1024).pkcs8();
    let url = "http://127.0.0.1:1".parse().unwrap();
    for key in [pkcs1, public, ed25519, pem, small, Vec::new()] {
        assert_eq!(sign_rsa(&key, MESSAGE), Err(Error::PrivateKeyUnusable));
        let credentials =
            Credentials::Rsa { api_key: ApiKey::parse(API_KEY).unwrap(), private_key_pkcs8: Zeroizing::new(key) };
        let refused = Client::new(&url, credentials).err();
        assert_eq!(refused, Some(Error::PrivateKeyUnusable));
    }
}

/// A pair of OpenSSL's making, in a directory of its own.
struct Pair(TempDir);

impl Pair {
    fn new(bits: usize) -> Self {
        let pair = Self(tempfile::tempdir().unwrap());
        pair.openssl(&["genrsa", "-out", "private.pem", &bits.to_string()]);
        pair.openssl(&["rsa", "-in", "private.pem", "-pubout", "-out", "public.pem"]);
        pair
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn pkcs8(&self) -> Vec<u8> {
        self.openssl(&["pkcs8", "-topk8", "-nocrypt", "-in", "private.pem", "-outform", "DER"])
    }

    fn signs(&self, message: &[u8]) -> Vec<u8> {
        fs::write(self.path().join("message"), message).unwrap();
        self.openssl(&["dgst", "-sha256", "-sign", "private.pem", "message"])
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        fs::write(self.path().join("message"), message).unwrap();
        fs::write(self.path().join("signature"), signature).unwrap();
        let arguments = ["dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "message"];
        self.command(&arguments).stdout(Stdio::null()).status().unwrap().success()
    }

    fn openssl(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.command(arguments).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments:?}: {words}");
        output.stdout
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("openssl");
        command.args(arguments).current_dir(self.path());
        command
    }
}
