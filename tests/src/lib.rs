//! What the integration and end-to-end tests of Token Desk stand on: a desktop session of their own, the practice service as
//! a separate process, a person's authenticator, py3cw as a foreign client, and the app in a real window.
//!
//! Nothing here touches the session, keyring, display or network of whoever runs the tests.

pub mod address_source;
pub mod authenticator;
pub mod creator;
pub mod crowd;
pub mod journey;
pub mod kept;
pub mod long;
pub mod places;
pub mod practice;
pub mod process;
pub mod py3cw;
pub mod session;
pub mod traces;
pub mod window;

mod error;

pub use error::{Error, Result};
