use serde::{Deserialize, Serialize};
use trusted_ips::Policy;

/// Where a token is made. Practice and own servers share the [`TokenEndpoint`](crate::service::TokenEndpoint); guided is a checklist in the person's
/// browser, because 3Commas has no public endpoint that creates tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// The person's 3Commas account, by hand in the browser.
    Guided,
    /// A base URL that implements the token endpoint.
    OwnServer,
    /// The service built into the app.
    Practice,
}

impl Destination {
    /// The policy for trusted IPs: only practice takes made-up addresses.
    pub fn policy(self) -> Policy {
        match self {
            Self::Practice => Policy::PRACTICE,
            Self::Guided | Self::OwnServer => Policy::THREE_COMMAS,
        }
    }
}
