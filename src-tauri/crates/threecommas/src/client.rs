use std::fmt;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use serde_json::Value;
use url::{Host, Url};

use crate::answer::{read, transport};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::market::Market;
use crate::signature::{BodyKind, string_to_sign};

const API: &str = "/public/api";
const API_KEY: HeaderName = HeaderName::from_static("apikey");
const FORCED_MODE: HeaderName = HeaderName::from_static("forced-mode");
const SIGNATURE: HeaderName = HeaderName::from_static("signature");
const TIMEOUT: Duration = Duration::from_secs(15);

/// Sends signed GET requests.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    /// Scheme and host, without a path.
    base: Url,
    credentials: Option<Credentials>,
    headers: HeaderMap,
    timeout: Duration,
}

/// Which account mode answers, whatever the account is set to (header `Forced-Mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForcedMode {
    /// The paper trading account.
    Paper,
    /// The real account.
    Real,
}

impl Client {
    /// A client for the service at `base_url`, for example `https://api.3commas.io`.
    ///
    /// The URL is scheme, host and port. Plain `http` is taken for this machine only: a signature has
    /// no time in it, so who reads one on the way can use it for ever.
    pub fn new(base_url: &Url, credentials: Credentials) -> Result<Self, Error> {
        // Finds an unusable key now, not in the middle of a check.
        credentials.sign(b"")?;
        Self::build(base_url, Some(credentials))
    }

    /// A client for what needs no token: [`Client::market_list`].
    pub fn anonymous(base_url: &Url) -> Result<Self, Error> {
        Self::build(base_url, None)
    }

    /// Adds a header to every request, for instance the practice service's `X-Practice-Client-IP`.
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, Error> {
        let name = HeaderName::try_from(name).map_err(|_| Error::Header)?;
        let value = HeaderValue::try_from(value).map_err(|_| Error::Header)?;
        if name == API_KEY || name == SIGNATURE || name == reqwest::header::HOST {
            return Err(Error::Header);
        }
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Asks for the real or the paper account.
    #[must_use]
    pub fn with_forced_mode(mut self, mode: ForcedMode) -> Self {
        let value = HeaderValue::from_static(match mode {
            ForcedMode::Paper => "paper",
            ForcedMode::Real => "real",
        });
        self.headers.insert(FORCED_MODE, value);
        self
    }

    /// Waits this long for each answer, connection included, instead of 15 seconds.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// A signed GET of a path below `/public/api`, such as `/ver1/validate`, with its query.
    pub async fn get(&self, path: &str) -> Result<Value, Error> {
        let credentials = self.credentials.as_ref().ok_or(Error::NoCredentials)?;
        let (url, target) = self.target(path)?;
        let signature = credentials.sign(&string_to_sign(&target, None, BodyKind::Form))?;
        let mut headers = self.headers.clone();
        headers.insert(API_KEY, sensitive(credentials.api_key().as_str())?);
        headers.insert(SIGNATURE, sensitive(&signature)?);
        self.send(url, headers).await
    }

    /// Whether the API takes this token's signature from this address. Needs no permission.
    pub async fn validate(&self) -> Result<(), Error> {
        let answer = self.get("/ver1/validate").await?;
        match answer.get("valid").and_then(Value::as_bool) {
            Some(true) => Ok(()),
            _ => Err(Error::UnexpectedAnswer),
        }
    }

    /// The exchanges and the addresses that 3Commas calls each from. Not signed.
    pub async fn market_list(&self) -> Result<Vec<Market>, Error> {
        let (url, _) = self.target("/ver1/accounts/market_list")?;
        let answer = self.send(url, self.headers.clone()).await?;
        serde_json::from_value(answer).map_err(|_| Error::UnexpectedAnswer)
    }

    fn build(base_url: &Url, credentials: Option<Credentials>) -> Result<Self, Error> {
        let local = is_loopback(base_url);
        let is_plain = base_url.path() == "/"
            && base_url.query().is_none()
            && base_url.fragment().is_none()
            && base_url.username().is_empty()
            && base_url.password().is_none();
        let is_safe = base_url.scheme() == "https" || (base_url.scheme() == "http" && local);
        if !(is_plain && is_safe) {
            return Err(Error::BaseUrl);
        }
        let mut http = reqwest::Client::builder()
            .connect_timeout(TIMEOUT)
            .https_only(!local)
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .user_agent(concat!("token-desk/", env!("CARGO_PKG_VERSION")));
        if local {
            http = http.no_proxy();
        }
        if base_url.scheme() == "http" {
            // No TLS: reading the system's root certificates would be time for nothing.
            http = http.tls_certs_only([]);
        }
        Ok(Self {
            http: http.build().map_err(|error| Error::HttpClient { detail: error.to_string() })?,
            base: base_url.clone(),
            credentials,
            headers: HeaderMap::new(),
            timeout: TIMEOUT,
        })
    }

    /// The URL to ask and what of it is signed. Both come from the parsed URL, because parsing
    /// escapes characters, and what is signed must be what is sent.
    fn target(&self, path: &str) -> Result<(Url, String), Error> {
        let url = self.base.join(&format!("{API}{path}")).map_err(|_| Error::Path)?;
        // A `..` could have left the API.
        let is_below = url.path().strip_prefix(API).is_some_and(|rest| rest.starts_with('/'));
        if !path.starts_with('/') || !is_below || url.fragment().is_some() {
            return Err(Error::Path);
        }
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        Ok((url, target))
    }

    async fn send(&self, url: Url, headers: HeaderMap) -> Result<Value, Error> {
        let request = self.http.get(url).headers(headers).timeout(self.timeout);
        read(request.send().await.map_err(transport)?).await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base.as_str())
            .field("credentials", &self.credentials)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Marked so that no log of the HTTP library prints it.
fn sensitive(text: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::try_from(text).map_err(|_| Error::Header)?;
    value.set_sensitive(true);
    Ok(value)
}
