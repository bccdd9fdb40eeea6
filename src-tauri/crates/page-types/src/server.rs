//! The addresses of a server elsewhere.

use serde::Serialize;
use ts_rs::TS;

use crate::family::Family;
use crate::mirrored::mirrored;

mirrored! {
    /// As [`public_address::Shell`].
    #[serde(rename_all = "camelCase")]
    Shell = public_address::Shell { Posix, PowerShell }
}

/// A line to paste on a server, so that it tells its own address.
#[derive(Debug, Serialize, TS)]
pub struct ServerCommand {
    /// Where it is pasted.
    pub shell: Shell,
    /// Which address it tells.
    pub family: Family,
    /// The line.
    pub text: String,
}

impl From<public_address::ServerCommand> for ServerCommand {
    fn from(command: public_address::ServerCommand) -> Self {
        Self { shell: command.shell.into(), family: command.family.into(), text: command.line }
    }
}

/// What became of looking a name up.
#[derive(Debug, Serialize, TS)]
pub struct HostLookup {
    /// The name that was looked up; `null` if there was none.
    pub host: Option<String>,
    /// IPv4 first.
    pub addresses: Vec<HostAddress>,
    /// Why there are none.
    #[ts(type = "HostProblem | null")]
    pub problem: Option<&'static str>,
}

/// One address of a server.
#[derive(Debug, Serialize, TS)]
pub struct HostAddress {
    /// The address.
    pub address: String,
    /// Whether it may stand on the list.
    pub usable: bool,
}

impl HostLookup {
    /// What was found, by the policy of the destination.
    pub fn new(found: Result<public_address::Host, public_address::LookupError>, policy: &trusted_ips::Policy) -> Self {
        let usable = |address: &str| trusted_ips::parse(address, policy).is_submittable();
        match found {
            Ok(host) => Self {
                host: Some(host.name),
                addresses: (host.addresses.iter())
                    .map(|found| found.address.to_string())
                    .map(|address| HostAddress { usable: usable(&address), address })
                    .collect(),
                problem: None,
            },
            Err(error) => Self { host: None, addresses: Vec::new(), problem: Some(error.code()) },
        }
    }
}
