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
use tokio::sync::mpsc;
use uuid::Uuid;

const STEP: u64 = 30;
/// From one wave to the next: longer than refused codes count, so that they never lock the account.
const WAVE: u64 = 600;
/// Steps from the service's clock, of one client each: all within its window. Of the last two, who have the same code, one is
/// refused; and so is each of the others that comes behind a later step.
const CLIENTS: [i64; 4] = [-1, 0, 1, 1];

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

impl Drop for Service {
    fn drop(&mut self) {
        // It has ended already in most rounds.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Codes that were never used, by moving the service's clock: kept over all rounds.
struct Codes {
    offset: AtomicU64,
}

impl Codes {
    /// One for each client.
    async fn next(&self, service: &Service, http: &Client) -> Option<[String; CLIENTS.len()]> {
        let offset = self.offset.fetch_add(WAVE, Ordering::SeqCst) + WAVE;
        let moved =
            service.send(http, Method::PATCH, "/practice/control", &[], &json!({"clock_offset_s": offset})).await?;
        assert_eq!(moved.0, 204, "{}", moved.1);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() + offset;
        let authenticator = Authenticator::new(&service.otp_secret).unwrap();
        Some(CLIENTS.map(|steps| authenticator.code_at(now.saturating_add_signed(steps * STEP.cast_signed()))))
    }
}

/// What became of a creation.
enum Outcome {
    Made(Value),
    /// Refused, or never begun.
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

/// All at the same time, each over a connection of its own.
async fn wave(service: &Service, clients: &[Client; CLIENTS.len()], codes: &[String]) -> Vec<(String, Outcome)> {
    let create = async |client: usize| {
        let key = Uuid::new_v4().to_string();
        let headers = [("Idempotency-Key", key.as_str()), ("X-OTP-Code", codes[client].as_str())];
        let outcome = match service.send(&clients[client], Method::POST, "/api_tokens", &headers, &body()).await {
            Some((201, token)) => Outcome::Made(token),
            // The oldest step may have left the window meanwhile.
            Some((403, error)) if error["error"] == "otp_reused" || error["error"] == "otp_invalid" => Outcome::Never,
            Some(other) => panic!("{other:?}"),
            None => Outcome::Unknown,
        };
        (key, outcome)
    };
    let (first, second, third, fourth) = tokio::join!(create(0), create(1), create(2), create(3));
    vec![first, second, third, fourth]
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
        let (answered, mut waves) = mpsc::unbounded_channel();
        let storm = tokio::spawn({
            let (service, codes, stopped) = (service.clone(), codes.clone(), stopped.clone());
            async move {
                let (clients, mut asked) = (CLIENTS.map(|_| http()), Vec::new());
                while !stopped.load(Ordering::SeqCst) {
                    let Some(codes) = codes.next(&service, &clients[0]).await else { break };
                    let outcomes = wave(&service, &clients, &codes).await;
                    let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|(_, it)| wanted(it)).count();
                    if count(|it| matches!(it, Outcome::Unknown)) == 0 {
                        let made = count(|it| matches!(it, Outcome::Made(_)));
                        assert!(
                            (1..=3).contains(&made),
                            "the latest code made one token, each other at most one: {made}"
                        );
                    }
                    asked.extend(outcomes);
                    // Once the first was awaited, nobody listens.
                    let _ = answered.send(());
                }
                asked
            }
        });
        // The kill comes at another place of a wave each round: so many requests after the first was answered.
        waves.recv().await.expect("the storm has begun");
        let watcher = http();
        for _ in 0..=(round * 7) % 23 {
            service.send(&watcher, Method::GET, "/openapi.json", &[], &Value::Null).await;
        }
        let pid = service.child.id().to_string();
        assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
        stopped.store(true, Ordering::SeqCst);
        asked.extend(storm.await.unwrap());
        drop(Arc::into_inner(service).expect("the storm is over"));
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
    println!("{rounds} kills, {} creations asked for, {cut_off} cut off, {} tokens", asked.len(), rows.len());
    assert!(asked.len() > rounds * CLIENTS.len(), "the storm was no storm");
    assert!(!long_run() || cut_off > 0, "no kill cut a creation off: nothing was proved");
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
