//! What a service is started with.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use crate::account::otp_secret::OtpSecret;
use crate::conditions;
use crate::conditions::clock::{Clock, ClockOffset, SystemClock};
use crate::conditions::request_limits::Limits;
use crate::record::request_log::RequestLog;
use crate::storage::state_key::StateKey;

/// What a service is started with.
pub struct Config {
    /// Where to listen; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// The data directory: made with mode 0700 if it is missing.
    pub data: PathBuf,
    /// The key that seals secrets in the database.
    pub state_key: StateKey,
    /// The clock; only tests give another one than [`SystemClock`].
    pub clock: Arc<dyn Clock>,
    /// How far the service's clock is from [`Config::clock`] at the start.
    pub clock_offset: ClockOffset,
    /// The simulated public address of callers on this computer.
    pub client_address: IpAddr,
    /// Whether request limits apply.
    pub limits: Limits,
    /// Makes a new authenticator secret: the old codes are worth nothing, and an account stopped
    /// after too many wrong codes is open again. Tokens stay; where there are none, the state key may be a new one too.
    pub new_authenticator: bool,
    /// The secret of a new authenticator; without it one is made. An existing account must have
    /// this one, unless it is to get a new one.
    pub otp_secret: Option<OtpSecret>,
    /// Is told of every request.
    pub log: Option<RequestLog>,
    /// Host names the service answers to, beside the loopback names and the bound address.
    pub allow_hosts: Vec<String>,
}

impl Config {
    /// The address that callers on this computer seem to have, until someone says otherwise:
    /// nobody's (RFC 5737).
    pub const CLIENT_ADDRESS: IpAddr = conditions::CLIENT_ADDRESS;

    /// A free port on loopback, the system clock, the documented limits.
    pub fn new(data: impl Into<PathBuf>, state_key: StateKey) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: data.into(),
            state_key,
            clock: Arc::new(SystemClock),
            clock_offset: ClockOffset::default(),
            client_address: Self::CLIENT_ADDRESS,
            limits: Limits::Documented,
            new_authenticator: false,
            otp_secret: None,
            log: None,
            allow_hosts: Vec::new(),
        }
    }
}
