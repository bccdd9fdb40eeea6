//! The host names that the service answers to.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use crate::error::Error;

const LOOPBACK_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The host names that the service answers to: loopback, the bound address, and what was allowed.
/// Ports do not matter: a forwarded port is no attack, a foreign name is.
#[derive(Debug)]
pub(crate) struct AllowedHosts(Vec<String>);

impl AllowedHosts {
    pub(crate) fn new(bound: SocketAddr, allowed: &[String]) -> Result<Self, Error> {
        let mut names: Vec<_> = LOOPBACK_NAMES.map(str::to_owned).into();
        // "Any address" is no name: browsers reach loopback under 0.0.0.0 too.
        if !bound.ip().is_unspecified() {
            names.push(in_host_form(bound.ip()));
        }
        for host in allowed {
            let name = match host.parse::<IpAddr>() {
                Ok(address) => Some(in_host_form(address)),
                Err(_) => name_of(host).map(canonical),
            };
            names.push(name.ok_or_else(|| Error::HostInvalid { host: host.clone() })?);
        }
        Ok(Self(names))
    }

    pub(crate) fn contain(&self, host: &str) -> bool {
        name_of(host).is_some_and(|name| self.0.contains(&canonical(name)))
    }
}

/// The name before the port; `None` if the whole is no `name` or `name:port`.
fn name_of(host: &str) -> Option<&str> {
    let after_bracket = host.find(']').map_or(0, |bracket| bracket + 1);
    let (name, port) = match host[after_bracket..].split_once(':') {
        Some((rest, port)) => (&host[..after_bracket + rest.len()], Some(port)),
        None => (host, None),
    };
    let port_fits =
        port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let name_fits = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.bytes().all(plain),
    };
    (port_fits && name_fits).then_some(name)
}

/// Names in lower case, IPv6 addresses as they are written (RFC 5952).
fn canonical(name: &str) -> String {
    let address = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')?.parse().ok());
    address.map_or_else(|| name.to_ascii_lowercase(), |address| in_host_form(IpAddr::V6(address)))
}

fn in_host_form(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(bound: &str, allowed: &[&str]) -> AllowedHosts {
        let allowed: Vec<_> = allowed.iter().map(|&host| host.to_owned()).collect();
        AllowedHosts::new(bound.parse().unwrap(), &allowed).unwrap()
    }

    #[test]
    fn loopback_names_the_bound_address_and_allowed_hosts_are_answered() {
        let hosts = hosts("192.168.1.5:80", &["Desk.example", "2001:db8::1", "[2001:db8:0::2]:80", "pi:8080"]);
        for host in [
            "localhost",
            "LOCALHOST:1",
            "127.0.0.1:65535",
            "[::1]:80",
            "[::1]",
            "192.168.1.5",
            "desk.EXAMPLE:9",
            "[2001:db8::1]",
            "[2001:DB8:0:0::1]:80",
            "[2001:db8::2]",
            "[0::1]",
            "pi",
        ] {
            assert!(hosts.contain(host), "{host}");
        }
        for host in [
            "",
            ":80",
            "evil",
            "localhost.evil",
            "evil.localhost",
            "localhost.",
            "127.0.0.2",
            "0.0.0.0",
            "::1",
            "[::1",
            "[::1]x",
            "localhost:",
            "localhost:x",
            "localhost:+1",
            "localhost:99999",
            "user@localhost",
            "localhost/x",
            "localhost localhost",
        ] {
            assert!(!hosts.contain(host), "{host}");
        }
    }

    #[test]
    fn any_address_is_no_name() {
        assert!(!hosts("0.0.0.0:80", &[]).contain("0.0.0.0"));
        assert!(!hosts("[::]:80", &[]).contain("[::]"));
    }

    #[test]
    fn what_is_no_host_cannot_be_allowed() {
        for host in ["", "http://desk.example", "*", "a b", "desk.example/x"] {
            let error = AllowedHosts::new("127.0.0.1:80".parse().unwrap(), &[host.to_owned()]).unwrap_err();
            assert_eq!(error.code(), "practice-host-invalid", "{host}");
        }
    }
}
