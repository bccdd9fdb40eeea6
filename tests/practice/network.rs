//! Trusted IPs held by the address that a request really comes from: two network namespaces of our own, joined by a pair of
//! virtual interfaces, with addresses that look public. No packet leaves them.
#![allow(clippy::unwrap_used)]

use std::{
    process::{Command, Output},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use token_desk_tests::{places, process::Running};

/// The service has one address of each family, and the callers several. Nobody outside these namespaces ever hears of them.
const SERVICE: &str = "198.41.0.1";
const SERVICE_V6: &str = "2606:4700::1";
const TRUSTED: &str = "198.41.0.4";
const IN_TRUSTED_24: &str = "198.41.7.77";
const OTHER: &str = "198.41.0.5";
const TRUSTED_V6: &str = "2606:4700::4";
const OTHER_V6: &str = "2606:4700::5";
const PORT: u16 = 41_999;

/// Calls from inside the callers' namespace: the standard library of Python is all it needs.
const CALLER: &str = r#"
import hashlib, hmac, http.client, json, sys
call = json.load(sys.stdin)
connection = http.client.HTTPConnection(call["host"], call["port"], timeout=20, source_address=(call["from"], 0))
headers = dict(call.get("headers", {}))
if "secret" in call:
    headers["Apikey"] = call["api_key"]
    headers["Signature"] = hmac.new(call["secret"].encode(), call["path"].encode(), hashlib.sha256).hexdigest()
connection.request(call["method"], call["path"], body=call.get("body"), headers=headers)
answer = connection.getresponse()
text = answer.read().decode()
print(json.dumps({"status": answer.status, "body": json.loads(text) if text.startswith(("{", "[")) else text}))
"#;

/// Two namespaces, named so that no two runs share them; gone when dropped.
struct Network {
    service: String,
    callers: String,
}

impl Network {
    /// `None` where the system does not permit namespaces; everything else that goes wrong is an error.
    fn new() -> Option<Self> {
        if !permitted::network_namespaces() {
            return None;
        }
        let run = uuid::Uuid::new_v4().simple().to_string();
        let name = |side: &str| format!("token-desk-{side}-{}", &run[..8]);
        let network = Self { service: name("s"), callers: name("c") };
        for namespace in [&network.service, &network.callers] {
            done(&ip(&["netns", "add", namespace]));
        }
        done(&ip(&[
            "link",
            "add",
            "td0",
            "netns",
            &network.service,
            "type",
            "veth",
            "peer",
            "name",
            "td1",
            "netns",
            &network.callers,
        ]));
        for (namespace, interface, addresses) in [
            (&network.service, "td0", &["198.41.0.1/16", "2606:4700::1/64"][..]),
            (
                &network.callers,
                "td1",
                &["198.41.0.4/16", "198.41.7.77/16", "198.41.0.5/16", "2606:4700::4/64", "2606:4700::5/64"],
            ),
        ] {
            for address in addresses {
                // Without `nodad` an IPv6 address cannot be used for a second or two.
                let family: &[&str] = if address.contains(':') { &["nodad"] } else { &[] };
                let arguments = [&["-n", namespace, "address", "add", address, "dev", interface], family].concat();
                done(&ip(&arguments));
            }
            done(&ip(&["-n", namespace, "link", "set", interface, "up"]));
            done(&ip(&["-n", namespace, "link", "set", "lo", "up"]));
        }
        Some(network)
    }

    fn call(&self, call: &Value) -> (u64, Value) {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.callers, "python3", "-c", CALLER]);
        let mut running = Running::start_with_input(&mut command, &call.to_string()).unwrap();
        let answer =
            running.wait_for_line("answer", Duration::from_secs(30), |line| serde_json::from_str::<Value>(line).ok());
        let answer = answer.unwrap();
        (answer["status"].as_u64().unwrap(), answer["body"].clone())
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for namespace in [&self.service, &self.callers] {
            ip(&["netns", "delete", namespace]);
        }
    }
}

fn ip(arguments: &[&str]) -> Output {
    Command::new("ip").args(arguments).output().expect("ip of iproute2")
}

#[track_caller]
fn done(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A service that listens in its namespace, and what it said when it was ready.
fn start(network: &Network, data: &TempDir, listen: &str, allow: &[&str], arguments: &[&str]) -> (Running, Value) {
    let mut command = Command::new("ip");
    command.args(["netns", "exec", &network.service]).arg(places::practice_service().unwrap());
    command.args(["--listen", listen, "--limits", "off", "--data"]).arg(data.path().join("data"));
    for host in allow {
        command.args(["--allow-host", host]);
    }
    let mut running = Running::start(command.args(arguments)).unwrap();
    let ready =
        running.wait_for_line("ready line", Duration::from_secs(20), |line| serde_json::from_str(line).ok()).unwrap();
    (running, ready)
}

#[test]
fn only_requests_from_trusted_addresses_are_let_in_whatever_they_say() {
    let Some(network) = Network::new() else {
        return;
    };
    let data = TempDir::new().unwrap();
    // On every address of both families: IPv4 peers are then seen as ::ffff:a.b.c.d.
    let (_service, ready) = start(&network, &data, &format!("[::]:{PORT}"), &[SERVICE, SERVICE_V6], &[]);
    let code = token_desk_tests::authenticator::Authenticator::new(ready["otp_secret"].as_str().unwrap())
        .unwrap()
        .code_at(std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap().as_secs());
    let token = json!({
        "type": "system_generated", "name": "Servers", "permissions": ["BOTS_READ"],
        "trusted_ips": [TRUSTED, "198.41.7.0/24", TRUSTED_V6],
    });
    let (status, token) = network.call(&json!({
        "host": SERVICE, "port": PORT, "from": OTHER, "method": "POST", "path": "/api_tokens", "body": token.to_string(),
        "headers": {
            "Authorization": format!("Bearer {}", ready["session"].as_str().unwrap()), "X-OTP-Code": code,
            "Idempotency-Key": uuid::Uuid::new_v4().to_string(), "Content-Type": "application/json",
        },
    }));
    assert_eq!(status, 201, "{token}");

    for (host, from, expected) in [
        (SERVICE, TRUSTED, 200),
        (SERVICE, OTHER, 401),
        (SERVICE, IN_TRUSTED_24, 200),
        (SERVICE_V6, TRUSTED_V6, 200),
        (SERVICE_V6, OTHER_V6, 401),
    ] {
        for headers in [json!({}), json!({"X-Practice-Client-IP": TRUSTED}), json!({"X-Forwarded-For": TRUSTED})] {
            let (status, body) = network.call(&json!({
                "host": host, "port": PORT, "from": from, "method": "GET", "path": "/public/api/ver1/bots?limit=1",
                "api_key": token["api_key"], "secret": token["secret"], "headers": headers,
            }));
            assert_eq!(status, expected, "from {from} with {headers}: {body}");
            if status == 401 {
                assert_eq!(body["error"], "ip_not_trusted");
            }
        }
    }
    let trace =
        network.call(&json!({"host": SERVICE, "port": PORT, "from": OTHER, "method": "GET", "path": "/cdn-cgi/trace"}));
    assert!(
        trace.1.as_str().unwrap().contains(&format!("ip={OTHER}\n")),
        "IPv4-mapped peers count as IPv4: {}",
        trace.1
    );
    let control = network.call(&json!({
        "host": SERVICE, "port": PORT, "from": OTHER, "method": "PATCH", "path": "/practice/control", "body": "{}",
        "headers": {"Authorization": format!("Bearer {}", ready["session"].as_str().unwrap()), "Content-Type": "application/json"},
    }));
    assert_eq!((control.0, &control.1["error"]), (403, &json!("loopback_only")));
}

#[test]
fn a_name_that_was_not_allowed_is_not_answered_on_any_address() {
    let Some(network) = Network::new() else {
        return;
    };
    let data = TempDir::new().unwrap();
    let (_service, _ready) = start(&network, &data, &format!("0.0.0.0:{PORT}"), &[], &[]);
    let (status, body) = network
        .call(&json!({"host": SERVICE, "port": PORT, "from": TRUSTED, "method": "GET", "path": "/cdn-cgi/trace"}));
    assert_eq!((status, &body["error"]), (403, &json!("host_not_allowed")));
}
