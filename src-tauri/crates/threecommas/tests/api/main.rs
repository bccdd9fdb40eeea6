//! The client against a tiny server of the test's own, and signatures against OpenSSL.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod answers;
mod openssl;
mod proxy;
mod requests;
mod server;
