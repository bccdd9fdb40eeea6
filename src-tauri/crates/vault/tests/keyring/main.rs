//! The vault over a real GNOME Keyring, each test in a desktop session of its own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod fake;
mod keeping;
mod listing;
mod memory;
mod moving;
mod session;
mod trouble;
