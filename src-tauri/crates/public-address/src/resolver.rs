//! One source, asked over HTTPS: a resolver in the sense of the crate `public-ip`.

use std::error::Error as StdError;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::stream;
use hyper_util::client::proxy::matcher::Matcher;
use public_ip::{Details, Resolutions, Resolver, Version};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{Client, Proxy, Response, StatusCode};
use rustls::ClientConfig;
use tokio::time::Instant;

use crate::certificates::{Judge, no_tls};
use crate::error::SourceError;
use crate::options::{Options, Proxying, without_credentials};
use crate::parse::{declared, is_page};
use crate::source::{Family, Place, Source};

/// Asks one source once.
#[derive(Clone, Debug)]
pub(crate) struct HttpsResolver {
    source: Source,
    place: Place,
    proxying: Proxying,
    proxy: Option<String>,
    judge: Option<Arc<Judge>>,
    connect_by: Instant,
    /// Outlives the stream of resolutions, so that it is known of refused answers too; `Details` come with good ones only.
    intercepted: Arc<AtomicBool>,
}

impl HttpsResolver {
    /// The judge is needed for `https` only.
    pub(crate) fn new(
        source: &Source,
        options: &Options,
        judge: Option<Arc<Judge>>,
        connect_by: Instant,
    ) -> Result<Self, SourceError> {
        let place = source.place().map_err(SourceError::Unusable)?;
        let proxying = match place {
            Place::ThisMachine => Proxying::Direct,
            Place::Elsewhere { .. } => options.proxy.clone(),
        };

        Ok(Self {
            source: source.clone(),
            place,
            proxy: proxy_for(source, &proxying),
            proxying,
            judge,
            connect_by,
            intercepted: Arc::default(),
        })
    }

    /// The proxy that is used, without the password that may belong to it.
    pub(crate) fn proxy(&self) -> Option<&str> {
        self.proxy.as_deref()
    }

    /// Whether somebody on the way opened the connection and could have written the answer.
    pub(crate) fn intercepted(&self) -> bool {
        self.intercepted.load(Ordering::Relaxed)
    }

    async fn ask(&self, version: Version) -> Result<IpAddr, SourceError> {
        let private = Arc::new(AtomicBool::new(false));
        let client = self.client(version, &private)?;
        let request = client.get(self.source.url.clone()).header(ACCEPT, "text/plain");

        let response = request.send().await.map_err(|error| classify(&error))?;
        // Nobody stands between this machine and itself, whoever signed the certificate there.
        let itself = self.proxy.is_none() && response.remote_addr().is_some_and(|peer| peer.ip().is_loopback());
        self.intercepted.store(private.load(Ordering::Relaxed) && !itself, Ordering::Relaxed);

        match response.status() {
            StatusCode::OK => self.read(response).await,
            status if status.is_redirection() => Err(SourceError::Redirected),
            status => Err(SourceError::HttpStatus(status.as_u16())),
        }
    }

    /// Reads until the answer is complete or cannot become one.
    async fn read(&self, mut response: Response) -> Result<IpAddr, SourceError> {
        let declarations = response.headers().get_all(CONTENT_TYPE).into_iter().filter_map(|value| value.to_str().ok());
        if let Some(declared) = declarations.filter_map(declared).next() {
            return Err(SourceError::WrongContentType(declared));
        }

        let enough = self.source.format.limit() + 1;
        let mut answer = Vec::with_capacity(enough);
        while answer.len() < enough && !is_page(&answer) {
            // A body that breaks off is no answer: the rest of the address may be missing.
            match response.chunk().await.map_err(|_| SourceError::NotAnAddress)? {
                Some(chunk) => answer.extend(chunk.into_iter().take(enough - answer.len())),
                None => break,
            }
        }
        self.source.format.address(&answer)
    }

    fn client(&self, version: Version, private: &Arc<AtomicBool>) -> Result<Client, SourceError> {
        let builder = Client::builder()
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            // Other crates may switch decompression on; the limits are for what is read off the wire.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .connect_timeout(self.connect_by.saturating_duration_since(Instant::now()))
            // RFC 6761 section 6.3: this name is this machine, whatever a name server says.
            .resolve_to_addrs("localhost", &LOCALHOST)
            .tls_backend_preconfigured(self.tls(private)?);

        let builder = match (&self.proxy, &self.proxying) {
            (None, _) => builder.no_proxy(),
            (Some(_), Proxying::Through(url)) => {
                builder.proxy(Proxy::all(url.clone()).map_err(|_| SourceError::Offline)?)
            }
            // What reqwest does unless told otherwise.
            (Some(_), Proxying::System | Proxying::Direct) => builder,
        };
        let builder = match self.local_address(version) {
            Some(address) => builder.local_address(address),
            None => builder,
        };
        builder.build().map_err(|_| SourceError::Offline)
    }

    fn tls(&self, private: &Arc<AtomicBool>) -> Result<ClientConfig, SourceError> {
        match (self.source.url.scheme(), &self.judge) {
            ("https", Some(judge)) => judge.watch(Arc::clone(private)),
            // Without authorities nobody can be trusted, and the handshake says so.
            (_, _) => no_tls(),
        }
        .map_err(|_| SourceError::BadCertificate)
    }

    /// What to bind so that the connection is of the family asked for. A literal address has a family of its own, and
    /// through a proxy only the proxy could choose: there the host names of the source and the answer itself decide.
    fn local_address(&self, version: Version) -> Option<IpAddr> {
        let by_name = match self.place {
            Place::ThisMachine => self.source.url.domain().is_some(),
            Place::Elsewhere { literal } => !literal,
        };
        if !by_name || self.proxy.is_some() {
            return None;
        }

        Family::ALL.into_iter().find(|family| family.version() == version).map(Family::unspecified)
    }
}

impl Resolver<'static> for HttpsResolver {
    fn resolve(&self, version: Version) -> Resolutions<'static> {
        let resolver = self.clone();
        Box::pin(stream::once(async move {
            let address = resolver.ask(version).await.map_err(public_ip::Error::new)?;
            Ok((address, Box::new(()) as Details))
        }))
    }
}

/// What the crate `public-ip` says was wrong, in our words: our own errors come back as they went in.
pub(crate) fn reason(error: public_ip::Error) -> SourceError {
    match error {
        public_ip::Error::Version => SourceError::WrongFamily,
        public_ip::Error::Other(error) => match error.downcast::<SourceError>() {
            Ok(error) => *error,
            Err(_) => SourceError::NotAnAddress,
        },
        _ => SourceError::NotAnAddress,
    }
}

/// The port of the URL takes the place of 0.
const LOCALHOST: [SocketAddr; 2] =
    [SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0), SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0)];

/// The proxy that reqwest will take, by the same rules: it asks the same matcher.
fn proxy_for(source: &Source, proxying: &Proxying) -> Option<String> {
    match proxying {
        Proxying::Direct => None,
        Proxying::System => {
            let target: http::Uri = source.url.as_str().parse().ok()?;
            Some(Matcher::from_system().intercept(&target)?.uri().to_string())
        }
        Proxying::Through(url) => Some(without_credentials(url)),
    }
}

fn classify(error: &reqwest::Error) -> SourceError {
    if is_tls(error) {
        SourceError::BadCertificate
    } else if error.is_connect() || error.is_timeout() {
        // The only timeout that reqwest is given is the one for connecting.
        SourceError::Offline
    } else {
        SourceError::NotAnAddress
    }
}

/// Looks into I/O errors as well: these do not name what they wrap as their source.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    error.is::<rustls::Error>() || wrapped.is_some_and(|wrapped| is_tls(wrapped)) || error.source().is_some_and(is_tls)
}
