//! A practice service that has no place left, so that it answers nobody: the one inside the app cannot be told to fail from
//! outside.

use std::{
    net::TcpStream,
    time::{Duration, Instant},
};

use crate::{Error, Result};

/// As many connections as the service takes. It closes those that ask nothing after half a minute.
const PLACES: usize = 512;
const PATIENCE: Duration = Duration::from_secs(20);

/// Callers who ask nothing. While they are there, everybody else is told that the service is busy.
#[derive(Debug)]
pub struct Crowd {
    url: String,
    callers: Vec<TcpStream>,
}

impl Crowd {
    /// Takes every place of the service at this URL.
    pub async fn gather(url: &str) -> Result<Crowd> {
        let address = url.trim_start_matches("http://");
        let callers: std::io::Result<_> = (0..PLACES).map(|_| TcpStream::connect(address)).collect();
        let callers = callers.map_err(|source| Error::Io { path: address.into(), source })?;
        until_busy(url, true).await?;
        Ok(Crowd { url: url.to_owned(), callers })
    }

    /// Goes, and waits until the service has places again.
    pub async fn leave(self) -> Result<()> {
        drop(self.callers);
        until_busy(&self.url, false).await
    }
}

async fn until_busy(url: &str, wanted: bool) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        // A client of its own each time: no connection stays, and takes a place.
        let http = reqwest::Client::builder().no_proxy().build()?;
        let is_busy = http.get(format!("{url}/api_tokens")).send().await?.status().as_u16() == 503;
        if is_busy == wanted {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let awaited = if wanted { "crowd at the practice service" } else { "place at the practice service" };
    Err(Error::TimedOut { awaited: awaited.to_owned(), within: PATIENCE, seen: String::new() })
}
