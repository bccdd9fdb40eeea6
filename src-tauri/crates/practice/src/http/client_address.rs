//! Which address a request counts as coming from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;

use crate::headers::Sent;
use crate::http::refusal::Refusal;

/// On loopback, who is asking may say which public address to play.
const HEADER: &str = "x-practice-client-ip";

/// The address that a request counts as coming from.
pub(super) fn of(request: &Request, simulated: IpAddr) -> Result<IpAddr, Refusal> {
    played(peer(request)?, request.headers(), simulated)
}

/// Where a request really came from, as the listener saw it.
pub(super) fn peer(request: &Request) -> Result<SocketAddr, Refusal> {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map(|info| info.0).ok_or_else(Refusal::internal)
}

/// For peers on loopback the header, else the simulated address; for other peers always their own.
pub(super) fn played(peer: SocketAddr, headers: &HeaderMap, simulated: IpAddr) -> Result<IpAddr, Refusal> {
    let own = peer.ip().to_canonical();
    if !own.is_loopback() {
        return Ok(own);
    }
    let address = match Sent::of(headers, HEADER) {
        Sent::Never => return Ok(simulated.to_canonical()),
        Sent::Once(address) => address.to_str().ok().and_then(parse),
        Sent::Often => None,
    };
    address
        .ok_or_else(|| Refusal::bad_request("client_address_invalid", "X-Practice-Client-IP must hold one IP address"))
}

/// An IPv4-mapped address is the IPv4 address it holds.
pub(super) fn parse(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conditions::CLIENT_ADDRESS;

    fn seen(peer: &str, given: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for text in given {
            headers.append(HEADER, text.parse().unwrap());
        }
        let address = played(SocketAddr::new(peer.parse().unwrap(), 1), &headers, CLIENT_ADDRESS);
        address.ok().map(|address| address.to_string())
    }

    #[test]
    fn only_loopback_peers_may_play_another_address() {
        for (peer, given, address) in [
            ("127.0.0.1", &[][..], Some("203.0.113.7")),
            ("::1", &[], Some("203.0.113.7")),
            ("::ffff:127.0.0.1", &["198.41.0.4"], Some("198.41.0.4")),
            ("127.0.0.1", &["2001:DB8::7"], Some("2001:db8::7")),
            ("127.0.0.1", &["::ffff:198.41.0.4"], Some("198.41.0.4")),
            ("192.168.1.5", &["198.41.0.4"], Some("192.168.1.5")),
            ("::ffff:192.168.1.5", &[], Some("192.168.1.5")),
            ("192.168.1.5", &["nonsense"], Some("192.168.1.5")),
            ("127.0.0.1", &["nonsense"], None),
            ("127.0.0.1", &[""], None),
            ("127.0.0.1", &["198.41.0.4, 198.41.0.5"], None),
            ("127.0.0.1", &["198.41.0.4", "198.41.0.4"], None),
            ("127.0.0.1", &["fe80::1%eth0"], None),
        ] {
            assert_eq!(seen(peer, given).as_deref(), address, "{peer} {given:?}");
        }
    }
}
