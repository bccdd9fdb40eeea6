//! Detection against servers of our own on loopback. Nothing here leaves the machine, and nothing sleeps.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod agreement;
mod certificates;
mod commands;
mod deadline;
mod five_operators;
mod hostile;
#[cfg(target_os = "linux")]
mod namespaces;
#[cfg(target_os = "linux")]
mod program;
mod proxies;
mod server;

use std::net::IpAddr;
use std::time::Duration;

use public_address::{Answer, Detection, Options, SourceError};

const REAL: &str = "203.0.113.7";
const FALSE: &str = "198.51.100.66";
const REAL_V6: &str = "2001:db8::7";

/// Documentation addresses stand for public ones, and no test ends by running out of time unless it is about that.
fn options() -> Options {
    Options { deadline: Duration::from_secs(60), accept: or_documentation, ..Options::default() }
}

fn or_documentation(address: IpAddr) -> bool {
    let documentation = match address {
        IpAddr::V4(address) => address.is_documentation(),
        IpAddr::V6(address) => address.segments().starts_with(&[0x2001, 0xdb8]),
    };
    documentation || (Options::default().accept)(address)
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn answer<'a>(detection: &'a Detection, operator: &str) -> &'a Answer {
    detection.answers.iter().find(|answer| answer.source.operator == operator).unwrap()
}

fn problem(detection: &Detection, operator: &str) -> SourceError {
    answer(detection, operator).outcome.clone().unwrap_err()
}
