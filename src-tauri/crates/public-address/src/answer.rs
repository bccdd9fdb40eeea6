//! What one source said.

use std::net::IpAddr;
use std::time::Duration;

use crate::error::SourceError;
use crate::source::Source;

/// What one source said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Who was asked.
    pub source: Source,
    /// The address, or why there is none.
    pub outcome: Result<IpAddr, SourceError>,
    /// How long it took, by Tokio's clock.
    pub elapsed: Duration,
    /// The proxy on the way, without its password.
    pub proxy: Option<String>,
    /// Whether a root that only this machine knows vouched for the server: somebody on the way can write such answers, so
    /// that all of them together are one vote.
    pub intercepted: bool,
}
