//! How many signed calls a second: `cargo bench -p practice --bench load`.
//!
//! `wrk` (Debian package of that name) calls `GET /public/api/ver1/validate` of the service, a process of its own with the
//! limits off, with an HMAC and an RSA-2048 token; and, as the limit of what this machine, wrk and HTTP can do, a bare axum
//! that answers the same text. Memory is looked at before and after a million calls. Prints the report that
//! `tests/performance.py` reads. `-- --seconds 2 --calls 20000` makes it short.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs};

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const PATH: &str = "/public/api/ver1/validate";
const ANSWER: &str = r#"{"valid":true}"#;
const CONNECTIONS: &str = "32";

/// One run of wrk.
struct Load {
    per_second: f64,
    p99_ms: f64,
}

fn main() -> Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if arguments.first().is_some_and(|word| word == "hello") {
        return runtime.block_on(hello());
    }
    let number = |name: &str, default: u64| {
        let at = arguments.iter().position(|word| word == name);
        at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(default)
    };
    runtime.block_on(measure(number("--seconds", 10), number("--calls", 1_000_000)))
}

/// The limit: nothing but axum and the text.
async fn hello() -> Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", json!({"url": format!("http://{}", listener.local_addr()?)}));
    let answer = async || ([("content-type", "application/json")], ANSWER);
    axum::serve(listener, axum::Router::new().route(PATH, axum::routing::get(answer))).await?;
    Ok(())
}

async fn measure(seconds: u64, calls: u64) -> Result<()> {
    let data = tempfile::tempdir()?;
    let (service, ready) = Program::start(
        Command::new(env!("CARGO_BIN_EXE_token-desk-practice"))
            .args(["--limits", "off", "--data"])
            .arg(data.path().join("data")),
    )?;
    let (_hello, hello) = Program::start(Command::new(env::current_exe()?).arg("hello"))?;
    let account = Account::new(&ready)?;

    let hmac_token = account.create(0, &json!({"type": "system_generated", "trusted_ips": ["203.0.113.7"]})).await?;
    let secret = text(&hmac_token, "secret")?;
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), PATH.as_bytes());
    let hmac_signature: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();

    let pair = KeyPair::generate(KeySize::Rsa2048)?;
    let spki: PublicKeyX509Der<'_> = pair.public_key().as_der()?;
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(spki.as_ref()));
    let rsa_token = account.create(1, &json!({"type": "self_generated", "trusted_ips": [], "public_key": pem})).await?;
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), PATH.as_bytes(), &mut signature)?;
    let rsa_signature = STANDARD.encode(signature);

    let url = text(&ready, "url")?;
    let of_service = |api_key: &str, signature: &str, seconds: u64| {
        wrk(url, &[("Apikey", api_key), ("Signature", signature)], seconds)
    };
    let (hmac_key, rsa_key) = (text(&hmac_token, "api_key")?, text(&rsa_token, "api_key")?);

    // Warm, and in turns, so that what else the machine does falls on all alike.
    of_service(hmac_key, &hmac_signature, 1)?;
    let mut best: [Option<Load>; 3] = [None, None, None];
    for _ in 0..3 {
        let loads = [
            wrk(text(&hello, "url")?, &[], seconds)?,
            of_service(hmac_key, &hmac_signature, seconds)?,
            of_service(rsa_key, &rsa_signature, seconds)?,
        ];
        for (best, load) in best.iter_mut().zip(loads) {
            if best.as_ref().is_none_or(|best| load.per_second > best.per_second) {
                *best = Some(load);
            }
        }
    }
    let [Some(limit), Some(hmac), Some(rsa)] = best else { return Err("no run".into()) };
    let before_kib = service.resident_kib()?;
    let mut done = 0.0;
    while done < calls as f64 {
        let load = of_service(hmac_key, &hmac_signature, seconds)?;
        done += load.per_second * seconds as f64;
    }
    let after_kib = service.resident_kib()?;
    let row = |name: &str, load: &Load| {
        let share = load.per_second / limit.per_second;
        [name.to_owned(), format!("{:.0}", load.per_second), format!("{:.2} ms", load.p99_ms), format!("{share:.2}")]
    };
    let report = json!({
        "name": "practice",
        "title": "Signed calls of the practice service",
        "about": [format!(
            "`GET {PATH}` on loopback, limits off, by wrk with {CONNECTIONS} connections and one thread on the same machine; \
             bare axum answers the same text and checks nothing. Each the best of three runs of {seconds} s, in turns."
        )],
        "tables": [
            {
                "columns": ["", "requests/s", "p99", "share of bare axum"],
                "rows": [row("bare axum", &limit), row("HMAC token", &hmac), row("RSA-2048 token", &rsa)],
            },
            {
                "title": "Resident memory",
                "columns": ["", "KiB"],
                "rows": [
                    ["before".to_owned(), before_kib.to_string()],
                    [format!("after {done:.0} more calls"), after_kib.to_string()],
                ],
            },
        ],
    });
    println!("{report}");
    Ok(())
}

/// Every answer must be a 200.
fn wrk(url: &str, headers: &[(&str, &str)], seconds: u64) -> Result<Load> {
    let mut command = Command::new("wrk");
    command.args(["--threads", "1", "--connections", CONNECTIONS, "--latency", "--duration", &format!("{seconds}s")]);
    for (name, value) in headers {
        command.args(["--header", &format!("{name}: {value}")]);
    }
    let output =
        command.arg(format!("{url}{PATH}")).output().map_err(|error| format!("wrk (Debian package wrk): {error}"))?;
    let said = String::from_utf8(output.stdout)?;
    if !output.status.success() || said.contains("Non-2xx") || said.contains("Socket errors") {
        return Err(format!("wrk: {said}").into());
    }
    let after = |label: &str| {
        let line = said.lines().find_map(|line| line.trim().strip_prefix(label));
        line.map(str::trim).ok_or_else(|| format!("wrk says no {label}: {said}"))
    };
    Ok(Load { per_second: after("Requests/sec:")?.parse()?, p99_ms: milliseconds(after("99%")?)? })
}

/// As wrk writes times: `850.00us`, `1.20ms`, `2.00s`.
fn milliseconds(text: &str) -> Result<f64> {
    let (number, factor) = match (text.strip_suffix("us"), text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(number), _, _) => (number, 0.001),
        (_, Some(number), _) => (number, 1.0),
        (_, _, Some(number)) => (number, 1_000.0),
        _ => return Err(format!("no time: {text}").into()),
    };
    Ok(number.parse::<f64>()? * factor)
}

/// A process that says on its first line where it is; it ends with this value.
struct Program(Child);

impl Program {
    fn start(command: &mut Command) -> Result<(Self, Value)> {
        let mut program = Self(command.stdout(Stdio::piped()).spawn()?);
        let mut line = String::new();
        BufReader::new(program.0.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        Ok((program, serde_json::from_str(&line)?))
    }

    fn resident_kib(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The account that makes the tokens.
struct Account {
    url: String,
    session: String,
    otp_secret: String,
    http: Client,
}

impl Account {
    fn new(ready: &Value) -> Result<Self> {
        Ok(Self {
            url: text(ready, "url")?.to_owned(),
            session: text(ready, "session")?.to_owned(),
            otp_secret: text(ready, "otp_secret")?.to_owned(),
            http: Client::builder().no_proxy().build()?,
        })
    }

    /// Its code is that of `steps` from now: each is good once.
    async fn create(&self, steps: u64, token: &Value) -> Result<Value> {
        let mut body = token.clone();
        body["name"] = "Load".into();
        body["permissions"] = json!(["BOTS_READ"]);
        let totp = Builder::new().with_secret(Secret::try_from_base32(&self.otp_secret)?).build()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let request = self
            .http
            .request(Method::POST, format!("{}/api_tokens", self.url))
            .bearer_auth(&self.session)
            .header("Idempotency-Key", uuid::Uuid::new_v4().to_string())
            .header("X-OTP-Code", totp.generate(now + steps * 30).to_string())
            .json(&body);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str> {
    Ok(value[name].as_str().ok_or_else(|| format!("no {name}"))?)
}
