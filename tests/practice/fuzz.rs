//! schemathesis makes up requests from the OpenAPI document; hooks give them sessions, codes and signatures that are good.
//! A short run; at least 5,000 cases with `./dev test --long`.
#![allow(clippy::unwrap_used)]

use std::{fs, process::Command, time::Duration};

use keys::{Bits, KeyPair};
use serde::Deserialize;
use serde_json::json;
use tempfile::TempDir;
use token_desk_tests::{long::long_run, places, practice::PracticeService, process::Running};

const MOST_TIME: Duration = Duration::from_secs(1_200);

/// What the hooks counted.
#[derive(Debug, Deserialize)]
struct Told {
    cases: usize,
    share_of_2xx: f64,
    statuses: std::collections::BTreeMap<u16, usize>,
    operations: usize,
    /// Statuses of 500 and more but `not_simulated`.
    unexpected: Vec<serde_json::Value>,
}

/// Further than a run moves the clock: no run meets the codes of the one before.
const RUN: u64 = 10_000_000;

/// `examples`: at most so many of each operation that `choice` leaves in.
fn run(service: &PracticeService, number: u64, examples: usize, choice: &[&str]) -> Told {
    let directory = TempDir::new().unwrap();
    let result = directory.path().join("result.json");
    let hooks = directory.path().join("hooks.py");
    fs::copy(places::fuzz_hooks(), &hooks).unwrap();
    let practice = json!({
        "url": service.url(),
        "session": service.session(),
        "otp_secret": service.otp_secret(),
        "public_key": KeyPair::generate(Bits::B2048).unwrap().public_pem(),
        "result": result,
        "offset": number * RUN,
    });
    let mut command = Command::new(places::schemathesis().unwrap());
    command
        .args(["--no-color", "run", &format!("{}/openapi.json", service.url())])
        .args(["--phases", "fuzzing", "--max-examples", &examples.to_string(), "--continue-on-failure", "--no-shrink"])
        .args(["--checks", "response_schema_conformance,content_type_conformance,status_code_conformance"])
        .args(["--suppress-health-check", "all", "--generation-database", "none", "--seed", "1", "--workers", "1"])
        .args(choice)
        // It writes its own files where it is started.
        .current_dir(directory.path())
        .env("SCHEMATHESIS_HOOKS", &hooks)
        .env("PRACTICE", practice.to_string());
    let mut running = Running::start(&mut command).unwrap();
    let status = running.wait(MOST_TIME).unwrap();
    assert!(status.success(), "{}", running.said().join("\n"));
    serde_json::from_str(&fs::read_to_string(&result).unwrap()).unwrap()
}

/// What answers with data or changes something, and so is worth more cases than what is only guarded.
const SIMULATED: [&str; 4] = [
    "--include-path-regex",
    "^/(api_tokens(/[{]id[}])?|practice/refusals|cdn-cgi/trace|public/api/(ver1/(accounts|bots|trades|validate|ping|time\
     |users/change_mode|accounts/market_list)|v2/smart_trades))$",
    "--exclude-name-regex",
    "^POST /public/api/(ver1/trades|v2/smart_trades)$",
];

#[test]
fn no_made_up_request_brings_the_service_down() {
    let service = PracticeService::start_with(&["--limits", "off"]).unwrap();
    let (examples, guarded_examples) = if long_run() { (900, 10) } else { (25, 2) };
    let simulated = run(&service, 0, examples, &SIMULATED);
    let all = run(&service, 1, guarded_examples, &["--exclude-path-regex", "^/practice/control"]);
    let cases = simulated.cases + all.cases;
    for told in [&simulated, &all] {
        println!("{told:?}");
        assert!(told.unexpected.is_empty(), "{:?}", told.unexpected);
    }
    let share = (simulated.share_of_2xx * simulated.cases as f64 + all.share_of_2xx * all.cases as f64) / cases as f64;
    println!("{cases} cases, {share:.2} of them answered with 2xx");
    assert!(all.operations >= 90, "every operation but the control");
    assert!(share >= 0.3, "a run that is only refused proves nothing: {share}");
    assert!(!long_run() || cases >= 5_000, "{cases} cases");
}

#[test]
fn with_limits_on_there_is_nothing_but_2xx_and_4xx() {
    let service = PracticeService::start().unwrap();
    let told = run(&service, 0, if long_run() { 300 } else { 60 }, &SIMULATED);
    println!("{told:?}");
    assert!(told.statuses.keys().all(|status| matches!(status / 100, 2 | 4)), "{:?}", told.statuses);
    assert!(told.statuses.contains_key(&429) || told.statuses.contains_key(&418), "the limits were met");
}
