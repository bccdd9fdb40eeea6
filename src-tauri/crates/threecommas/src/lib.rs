//! The public API of 3Commas: how a request is signed, the client that sends it, what its answers
//! and its errors mean.
//!
//! Written after the official documentation (`3commas-io/3commas-official-api-docs`, commit 0a55695).
//! Where that is silent, so are the types: a 401 with an unknown body is *most likely* an address
//! that is not trusted, never certainly.
//!
//! The client only reads. It signs exactly what it sends, follows no redirect, repeats no request,
//! and takes no answer above [`ANSWER_LIMIT`].

mod answer;
mod api_key;
mod client;
mod credentials;
mod error;
mod market;
mod signature;

pub use answer::ANSWER_LIMIT;
pub use api_key::ApiKey;
pub use client::{Client, ForcedMode};
pub use credentials::Credentials;
pub use error::{ApiErrorKind, Error};
pub use market::Market;
pub use signature::{BodyKind, sign_hmac, sign_rsa, string_to_sign};
