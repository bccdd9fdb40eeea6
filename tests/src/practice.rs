//! The practice service as a program of its own, its token endpoint and its control.

use std::{
    process::Command,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use reqwest::{Method, RequestBuilder, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Error, Result, authenticator::Authenticator, places, process::Running};

const READY: Duration = Duration::from_secs(20);
/// One step of an authenticator: each code is good once, so the next one is a step away.
const STEP: u64 = 30;

/// A running practice service with an account of its own; it ends, and its data goes, when this is dropped.
pub struct PracticeService {
    url: String,
    session: String,
    authenticator: Authenticator,
    otp_secret: String,
    http: reqwest::Client,
    clock_offset: AtomicU64,
    _process: Running,
    _data: TempDir,
}

/// What is asked for.
#[derive(Debug, Serialize)]
pub struct NewToken<'a> {
    /// Who makes the key.
    #[serde(flatten)]
    pub token_type: TokenType<'a>,
    /// Its name.
    pub name: &'a str,
    /// From where it may be used.
    pub trusted_ips: &'a [&'a str],
    /// What it may do.
    pub permissions: &'a [&'a str],
}

/// Who makes the key.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TokenType<'a> {
    /// The person: the service gets the public half.
    SelfGenerated {
        /// In PEM.
        public_key: &'a str,
    },
    /// The service.
    SystemGenerated,
}

/// What was issued.
#[derive(Deserialize)]
pub struct IssuedToken {
    /// The API key.
    pub api_key: String,
    /// The secret, if the service made one.
    pub secret: Option<String>,
}

impl PracticeService {
    /// Starts the service on a free port, with new data.
    pub fn start() -> Result<PracticeService> {
        Self::start_with(&[])
    }

    /// The same, with further flags.
    pub fn start_with(flags: &[&str]) -> Result<PracticeService> {
        let data = TempDir::with_prefix("token-desk-practice-")
            .map_err(|source| Error::Io { path: std::env::temp_dir(), source })?;
        let mut command = Command::new(places::practice_service()?);
        command.args(flags).arg("--data").arg(data.path().join("data"));
        let mut process = Running::start(&mut command)?;
        let line = process.wait_for_line("line that says it is ready", READY, |line| {
            line.starts_with('{').then(|| line.to_owned())
        })?;
        let ready: Ready = serde_json::from_str(&line).map_err(|_| answer(line))?;
        Ok(PracticeService {
            url: ready.url.trim_end_matches('/').to_owned(),
            session: ready.session,
            authenticator: Authenticator::new(&ready.otp_secret)?,
            otp_secret: ready.otp_secret,
            http: reqwest::Client::builder().no_proxy().build()?,
            clock_offset: AtomicU64::new(0),
            _process: process,
            _data: data,
        })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The account session.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// The authenticator's secret, in base32.
    pub fn otp_secret(&self) -> &str {
        &self.otp_secret
    }

    /// Creates a token, as the app does, with a code of its own.
    pub async fn create(&self, token: &NewToken<'_>) -> Result<IssuedToken> {
        let code = self.next_code().await?;
        let request = self
            .request(Method::POST, "/api_tokens")
            .header("Idempotency-Key", Uuid::new_v4().to_string())
            .header("X-OTP-Code", code)
            .json(token);
        let body = expect(201, request.send().await?).await?;
        serde_json::from_value(body).map_err(|error| answer(error.to_string()))
    }

    /// From now on the callers on this machine count as coming from `address`.
    pub async fn appear_as(&self, address: &str) -> Result<()> {
        self.control(&json!({ "client_address": address })).await
    }

    /// A code that was never used: the service's clock goes on by one step for each, so that nobody waits.
    async fn next_code(&self) -> Result<String> {
        let offset = self.clock_offset.fetch_add(STEP, Ordering::Relaxed) + STEP;
        self.control(&json!({ "clock_offset_s": offset })).await?;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Ok(self.authenticator.code_at(now.as_secs() + offset))
    }

    async fn control(&self, change: &Value) -> Result<()> {
        let request = self.request(Method::PATCH, "/practice/control").json(change);
        expect(204, request.send().await?).await.map(drop)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.session)
    }
}

/// A signature as a system generated token wants it: HMAC-SHA256 in hex.
pub fn sign(secret: &str, message: &str) -> String {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
    let tag = aws_lc_rs::hmac::sign(&key, message.as_bytes());
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The line that the service prints once it answers.
#[derive(Deserialize)]
struct Ready {
    url: String,
    session: String,
    otp_secret: String,
}

async fn expect(status: u16, response: Response) -> Result<Value> {
    let got = response.status().as_u16();
    let text = response.text().await?;
    if got != status {
        return Err(answer(format!("{got} {text}")));
    }
    Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn answer(answer: String) -> Error {
    Error::Answer { from: "the practice service", answer }
}
