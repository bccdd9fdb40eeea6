//! kill -9 in the midst of creations: what was answered exists and works, nothing exists twice, the data opens clean.
//! Ten rounds; 200 with `./dev test --long`.
#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::SystemTime,
};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use token_desk_tests::{authenticator::Authenticator, long::long_run, places};
use uuid::Uuid;

const STEP: u64 = 30;

struct Service {
    child: Child,
    url: String,
    session: String,
    otp_secret: String,
}

impl Service {
    fn start(data: &TempDir) -> Self {
        let mut child = Command::new(places::practice_service().unwrap())
            .args(["--limits", "off", "--data"])
            .arg(data.path().join("data"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).expect("it opens its data");
        let text = |name: &str| ready[name].as_str().unwrap().to_owned();
        Self { child, url: text("url"), session: text("session"), otp_secret: text("otp_secret") }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    async fn send(
        &self,
        http: &Client,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Option<(u16, Value)> {
        let mut request = http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.session);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = if body.is_null() { request } else { request.json(body) };
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        let text = answer.text().await.ok()?;
        Some((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
    }
}

/// Codes that were never used, by moving the service's clock: kept over all rounds.
struct Codes {
    offset: AtomicU64,
}

impl Codes {
    async fn next(&self, service: &Service, http: &Client) -> Option<String> {
        let offset = self.offset.fetch_add(STEP, Ordering::SeqCst) + STEP;
        let moved =
            service.send(http, Method::PATCH, "/practice/control", &[], &json!({"clock_offset_s": offset})).await?;
        assert_eq!(moved.0, 204, "{}", moved.1);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        Some(Authenticator::new(&service.otp_secret).unwrap().code_at(now + offset))
    }
}

/// What became of a creation.
enum Outcome {
    Made(Value),
    Never,
    /// The kill came before the answer.
    Unknown,
}

impl Outcome {
    fn token(&self) -> Option<&Value> {
        match self {
            Self::Made(token) => Some(token),
            Self::Never | Self::Unknown => None,
        }
    }
}

fn body() -> Value {
    json!({"type": "system_generated", "name": "Storm", "trusted_ips": ["203.0.113.7"], "permissions": ["BOTS_READ"]})
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answered_creation_is_lost_and_none_is_made_twice() {
    let rounds = if long_run() { 200 } else { 10 };
    let data = TempDir::new().unwrap();
    let http = || Client::builder().no_proxy().build().unwrap();
    let codes = Arc::new(Codes { offset: AtomicU64::new(0) });
    let mut asked: BTreeMap<String, Outcome> = BTreeMap::new();
    let mut cut_off = 0;
    for round in 0..rounds {
        let service = Arc::new(Service::start(&data));
        cut_off += settle(&service, &http(), &mut asked).await;
        let stopped = Arc::new(AtomicBool::new(false));
        let storm = tokio::spawn({
            let (service, codes, stopped) = (service.clone(), codes.clone(), stopped.clone());
            async move {
                let (http, mut asked) = (http(), Vec::new());
                while !stopped.load(Ordering::SeqCst) {
                    let Some(code) = codes.next(&service, &http).await else { break };
                    let key = Uuid::new_v4().to_string();
                    let headers = [("Idempotency-Key", key.as_str()), ("X-OTP-Code", code.as_str())];
                    let outcome = match service.send(&http, Method::POST, "/api_tokens", &headers, &body()).await {
                        Some((201, token)) => Outcome::Made(token),
                        Some(other) => panic!("{other:?}"),
                        None => Outcome::Unknown,
                    };
                    asked.push((key, outcome));
                }
                asked
            }
        });
        // The kill comes at another place of a creation each round: so many requests later.
        let watcher = http();
        for _ in 0..=(round * 7) % 23 {
            service.send(&watcher, Method::GET, "/openapi.json", &[], &Value::Null).await;
        }
        let pid = service.child.id().to_string();
        assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
        stopped.store(true, Ordering::SeqCst);
        asked.extend(storm.await.unwrap());
        Arc::into_inner(service).expect("the storm is over").kill();
    }

    let (service, http) = (Service::start(&data), http());
    cut_off += settle(&service, &http, &mut asked).await;
    let (status, rows) = service.send(&http, Method::GET, "/api_tokens", &[], &Value::Null).await.unwrap();
    assert_eq!(status, 200);
    let rows = rows.as_array().unwrap();
    let fingerprints: BTreeSet<_> = rows.iter().map(|row| row["request_fingerprint"].as_str().unwrap()).collect();
    assert_eq!(fingerprints.len(), rows.len(), "no request made two tokens");
    let made: Vec<_> = asked.values().filter_map(Outcome::token).collect();
    assert_eq!(made.len(), rows.len(), "every token is one of those asked for");
    for token in made {
        assert!(rows.iter().any(|row| row["api_key"] == token["api_key"]), "an answered token exists");
        assert!(validates(&service, &http, token).await, "and works");
    }
    println!("{rounds} kills, {} creations, {cut_off} of them cut off, {} tokens", asked.len(), rows.len());
    assert!(asked.len() > rounds, "the storm was no storm");
    assert!(!long_run() || cut_off > 0, "no kill cut a creation off: nothing was proved");
    service.kill();
}

/// Asks again, without a code, for what was not answered: the stored answer, or it never happened.
async fn settle(service: &Service, http: &Client, asked: &mut BTreeMap<String, Outcome>) -> usize {
    let mut settled = 0;
    for (key, outcome) in asked.iter_mut().filter(|(_, outcome)| matches!(outcome, Outcome::Unknown)) {
        let headers = [("Idempotency-Key", key.as_str())];
        let again = service.send(http, Method::POST, "/api_tokens", &headers, &body()).await.unwrap();
        *outcome = match again {
            (201, token) => Outcome::Made(token),
            (403, error) if error["error"] == "otp_required" => Outcome::Never,
            other => panic!("{other:?}"),
        };
        settled += 1;
    }
    settled
}

async fn validates(service: &Service, http: &Client, token: &Value) -> bool {
    let path = "/public/api/ver1/validate";
    let text = |name: &str| token[name].as_str().unwrap();
    let signature = token_desk_tests::practice::sign(text("secret"), path);
    let headers = [("Apikey", text("api_key")), ("Signature", signature.as_str())];
    service.send(http, Method::GET, path, &headers, &Value::Null).await.is_some_and(|(status, _)| status == 200)
}
