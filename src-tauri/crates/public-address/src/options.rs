//! What a caller can choose.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use url::Url;

/// How sources are asked and answers judged. The default is what the app uses.
#[derive(Clone, Debug)]
pub struct Options {
    /// When asking ends and what is known is told.
    pub deadline: Duration,
    /// Which addresses count. By default the publicly routable ones; tests let documentation addresses in. Sources without
    /// a vote are not held to it.
    pub accept: fn(IpAddr) -> bool,
    /// Which way to take to sources on other machines. This machine is always asked directly.
    pub proxy: Proxying,
    /// Certificate authorities to know besides those of the system.
    pub authorities: Authorities,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(3),
            accept: |address| trusted_ips::special_range(address).is_none(),
            proxy: Proxying::System,
            authorities: Authorities::default(),
        }
    }
}

/// Which way to take to sources on other machines.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Proxying {
    /// As the system says: the usual environment variables, else the settings of macOS or Windows.
    #[default]
    System,
    /// Without any.
    Direct,
    /// Through this one, with the password that may stand in its URL.
    Through(Url),
}

impl fmt::Debug for Proxying {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => formatter.write_str("System"),
            Self::Direct => formatter.write_str("Direct"),
            Self::Through(url) => write!(formatter, "Through({})", without_credentials(url)),
        }
    }
}

/// The URL of a proxy as it may be shown.
pub(crate) fn without_credentials(url: &Url) -> String {
    let mut shown = url.clone();
    // Both fail only where a URL cannot have credentials.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.to_string()
}

/// Certificate authorities to know besides those of the system, as DER.
#[derive(Clone, Debug, Default)]
pub struct Authorities {
    /// To be trusted as one that every browser knows.
    pub public: Vec<CertificateDer<'static>>,
    /// To be trusted as one that was installed on this machine only: a company's, or an antivirus program's.
    pub private: Vec<CertificateDer<'static>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_proxy_is_not_printed() {
        let url = "http://user:hunter2@proxy.example:3128/".parse().unwrap();
        let options = Options { proxy: Proxying::Through(url), ..Options::default() };
        let printed = format!("{options:?}");
        assert!(printed.contains("proxy.example:3128"));
        assert!(!printed.contains("hunter2") && !printed.contains("user"));
    }
}
