//! Any text as a list of trusted IPs: what the properties of the crate ask, asked of what the fuzzer thinks of.

#![no_main]

#[path = "../../../src-tauri/crates/trusted-ips/tests/addresses/mod.rs"]
mod addresses;
#[path = "../../../src-tauri/crates/trusted-ips/tests/invariants/mod.rs"]
mod invariants;

use libfuzzer_sys::fuzz_target;
use trusted_ips::Policy;

fuzz_target!(|text: &str| {
    for policy in [Policy::THREE_COMMAS, Policy::PRACTICE] {
        invariants::hold(text, &policy);
    }
});
