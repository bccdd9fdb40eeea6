//! A service over real HTTP, with the clock in the hands of the test.

// Each test file uses its own part of this module, and a failing helper fails its test.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

#[cfg(unix)]
pub mod running;

use std::panic::Location;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::hmac;
use practice::{Clock, Config, LoggedRequest, Practice, RequestLog, StateKey};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

/// 2026-11-24 10:00:00 UTC, the start of a step.
pub const START_MS: i64 = 1_795_514_400_000;
pub const STEP_S: i64 = 30;
pub const STATE_KEY: [u8; 32] = [7; 32];

pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(START_MS)))
    }

    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now_unix_millis(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A running service and a client of its account.
pub struct Service {
    pub practice: Practice,
    pub clock: Arc<TestClock>,
    pub api: Api,
    pub data: TempDir,
}

impl Service {
    pub async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), TestClock::new()).await
    }

    pub async fn start_in(data: TempDir, clock: Arc<TestClock>) -> Self {
        Self::start_logged(data, clock, None).await
    }

    pub async fn start_logged(data: TempDir, clock: Arc<TestClock>, log: Option<RequestLog>) -> Self {
        let mut config = Config::new(data.path(), StateKey::from_bytes(STATE_KEY));
        config.clock = clock.clone();
        config.log = log;
        let practice = Practice::start(config).await.unwrap();
        let api = Api::of(&practice);
        Self { practice, clock, api, data }
    }

    /// The same data and time, another process as far as anyone can tell.
    pub async fn restart(self) -> Self {
        self.practice.shutdown().await;
        Self::start_in(self.data, self.clock).await
    }

    /// The code that an authenticator shows, `steps` later.
    pub fn code(&self, steps: i64) -> String {
        let now_s = self.clock.now_unix_millis() / 1_000;
        self.api.code_at(now_s + steps * STEP_S)
    }

    /// A six-digit code that no step within the drift has.
    pub fn wrong_code(&self) -> String {
        let right: Vec<_> = (-1..=1).map(|steps| self.code(steps)).collect();
        let mut wrong = (0..).map(|number| format!("{number:06}"));
        wrong.find(|code| !right.contains(code)).unwrap()
    }

    /// The code of a new step.
    pub fn next_code(&self) -> String {
        self.clock.advance(STEP_S);
        self.code(0)
    }

    /// Creates a token with the code of a new step.
    pub async fn token(&self, body: &Value) -> Value {
        self.clock.advance(STEP_S);
        let answer = self.api.create(&new_key(), Some(&self.code(0)), body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body
    }
}

/// What the service told its log.
#[derive(Clone, Default)]
pub struct Told(Arc<Mutex<Vec<LoggedRequest>>>);

impl Told {
    pub fn log(&self) -> RequestLog {
        let told = self.clone();
        RequestLog::new(move |request| told.0.lock().unwrap().push(request.clone()))
    }

    /// Waits until `wanted` is among it; all that was told so far.
    #[track_caller]
    pub fn until(&self, wanted: impl Fn(&LoggedRequest) -> bool) -> impl Future<Output = Vec<LoggedRequest>> {
        let asked = Location::caller();
        async move {
            for _ in 0..2_000 {
                let told = self.0.lock().unwrap().clone();
                if told.iter().any(&wanted) {
                    return told;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            panic!("{asked}: told was only {:?}", self.0.lock().unwrap());
        }
    }
}

pub async fn start(data: &Path, clock: Arc<dyn Clock>) -> Practice {
    let mut config = Config::new(data, StateKey::from_bytes(STATE_KEY));
    config.clock = clock;
    Practice::start(config).await.unwrap()
}

/// A client of the token endpoint.
#[derive(Clone)]
pub struct Api {
    pub url: String,
    pub session: String,
    pub http: Client,
    totp: Totp,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Api {
    pub fn of(practice: &Practice) -> Self {
        Self::new(&practice.url(), practice.session().expose(), &practice.otp_secret_base32())
    }

    pub fn new(url: &str, session: &str, otp_secret: &str) -> Self {
        let secret = Secret::try_from_base32(otp_secret).unwrap();
        Self {
            url: url.to_owned(),
            session: session.to_owned(),
            http: client(),
            totp: Builder::new().with_secret(secret).build().unwrap(),
        }
    }

    pub fn code_at(&self, unix_s: i64) -> String {
        self.totp.generate(u64::try_from(unix_s).unwrap()).to_string()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.session)
    }

    pub async fn create(&self, key: &str, code: Option<&str>, body: &Value) -> Answer {
        let mut request = self.request(Method::POST, "/api_tokens").header("Idempotency-Key", key).json(body);
        if let Some(code) = code {
            request = request.header("X-OTP-Code", code);
        }
        send(request).await
    }

    /// A change or revocation under a key of its own.
    pub async fn mutate(&self, method: Method, id: &Value, code: Option<&str>, body: Option<&Value>) -> Answer {
        self.mutate_under(&new_key(), method, id, code, body).await
    }

    pub async fn mutate_under(
        &self,
        key: &str,
        method: Method,
        id: &Value,
        code: Option<&str>,
        body: Option<&Value>,
    ) -> Answer {
        let mut request = self.request(method, &format!("/api_tokens/{id}")).header("Idempotency-Key", key);
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(code) = code {
            request = request.header("X-OTP-Code", code);
        }
        send(request).await
    }

    pub async fn list(&self) -> Vec<Value> {
        let answer = send(self.request(Method::GET, "/api_tokens")).await;
        assert_eq!(answer.status, 200);
        answer.body.as_array().unwrap().clone()
    }

    pub async fn control(&self, body: &Value) -> Answer {
        send(self.request(Method::PATCH, "/practice/control").json(body)).await
    }
}

impl Answer {
    pub fn error(&self) -> &str {
        self.body["error"].as_str().unwrap_or_default()
    }

    pub fn retry_after(&self) -> Option<u64> {
        self.headers.get("retry-after").map(|value| value.to_str().unwrap().parse().unwrap())
    }

    /// Status and error in one.
    #[track_caller]
    pub fn refused(&self, status: u16, error: &str) {
        assert_eq!((self.status, self.error()), (status, error), "{}", self.body);
        assert!(self.body["error_description"].is_string());
    }
}

pub fn client() -> Client {
    let redirects = reqwest::redirect::Policy::none();
    Client::builder().no_proxy().redirect(redirects).build().unwrap()
}

pub async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer { status, headers, body }
}

pub fn new_key() -> String {
    Uuid::new_v4().to_string()
}

pub fn system_generated() -> Value {
    json!({"type": "system_generated", "name": "Home bot", "trusted_ips": ["203.0.113.7"], "permissions": ["BOTS_READ"]})
}

pub fn self_generated(public_key: &str) -> Value {
    json!({"type": "self_generated", "name": "Server", "trusted_ips": [], "permissions": ["ACCOUNTS_READ"], "public_key": public_key})
}

pub const PUBLIC_KEY: &str = include_str!("../keys/rsa-4096.pub.pem");

/// HMAC-SHA256 in lower-case hex, as clients sign.
pub fn hmac_hex(secret: &str, message: &str) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), message.as_bytes());
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn text<'a>(token: &'a Value, field: &str) -> &'a str {
    token[field].as_str().unwrap()
}

/// A GET with these two headers.
pub struct Call<'a> {
    pub api_key: &'a str,
    pub path: &'a str,
    pub signature: &'a str,
    pub from: Option<&'a str>,
}

impl Call<'_> {
    pub async fn get(self, service: &Service) -> Answer {
        let mut request = service
            .api
            .http
            .get(format!("{}{}", service.api.url, self.path))
            .header("Apikey", self.api_key)
            .header("Signature", self.signature);
        if let Some(from) = self.from {
            request = request.header("X-Practice-Client-IP", from);
        }
        send(request).await
    }
}

/// A GET signed as it should be.
pub async fn signed(service: &Service, token: &Value, path: &str, from: Option<&str>) -> Answer {
    let signature = hmac_hex(text(token, "secret"), path);
    Call { api_key: text(token, "api_key"), path, signature: &signature, from }.get(service).await
}
