//! py3cw, a client that others wrote: what it can call, a person's script can call.

use std::{process::Command, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{Error, Result, places, process::Running};

/// A token, as a script has it.
#[derive(Clone, Debug, Serialize)]
pub struct Credentials {
    /// The API key.
    pub api_key: String,
    /// What signs.
    #[serde(flatten)]
    pub key: SigningKey,
}

/// What signs the requests of a token.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningKey {
    /// A private key in PEM, PKCS#1 or PKCS#8.
    PrivateKey(String),
    /// The secret of a token that the service made.
    Secret(String),
}

/// What becomes of the signature on its way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Signature {
    /// One bit of one byte changes.
    Damaged,
    /// Nothing.
    Intact,
}

/// What came back.
#[derive(Debug, Deserialize, Eq, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The code of the error, if it was one.
    pub error: Option<String>,
}

/// Calls `entity` ("accounts", "bots") of the service at `base_url`.
pub fn call(base_url: &str, credentials: &Credentials, entity: &str, signature: Signature) -> Result<Answer> {
    let call = Call { base_url, credentials, entity, action: "", damage_signature: signature == Signature::Damaged };
    let mut command = Command::new(places::python()?);
    command.arg("-B").arg(places::py3cw_call());
    let mut python = Running::start_with_input(&mut command, &serde_json::json!(call).to_string())?;
    let line = python.wait_for_line("answer of py3cw", Duration::from_secs(60), |line| {
        line.starts_with('{').then(|| line.to_owned())
    })?;
    serde_json::from_str(&line).map_err(|_| Error::Answer { from: "py3cw", answer: line })
}

#[derive(Serialize)]
struct Call<'a> {
    base_url: &'a str,
    #[serde(flatten)]
    credentials: &'a Credentials,
    entity: &'a str,
    action: &'a str,
    damage_signature: bool,
}
