//! The app in its real window, driven over WebDriver as a person would: by what is on the screen.
//!
//! WebKitWebDriver is spoken to directly. On Linux tauri-driver only renames a capability and sets the variable that lets the
//! window be driven; both are one line here.

mod audit;
mod controls;
mod dialog;
mod look;

use std::{
    cell::Cell,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    thread::JoinHandle,
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::{
    Error, Result, places,
    process::{self, Running, poll},
    session::PrivateSession,
};

pub use audit::Violation;
pub use dialog::Dialog;
pub use look::{Look, Size, Theme, wanted_pictures};

/// How long the driver and the first paint may take on a busy machine.
const START: Duration = Duration::from_secs(30);

/// The open window of an app that runs in a private session. Dropping it ends the driver, the app and all their processes.
#[derive(Debug)]
pub struct Window {
    client: Client,
    interactions: Cell<u32>,
    driver: Running,
}

impl Window {
    /// Starts the app with the session's own data directory, empty at first, and waits for its window.
    pub async fn open(session: &PrivateSession) -> Result<Window> {
        Window::open_on(session, &session.home().join("token-desk")).await
    }

    /// Starts the app on a data directory.
    pub async fn open_on(session: &PrivateSession, data: &Path) -> Result<Window> {
        Window::open_by(session.command("WebKitWebDriver"), data).await
    }

    /// Starts the app on a data directory, with the surroundings of `command`, which runs the driver.
    pub async fn open_by(mut command: Command, data: &Path) -> Result<Window> {
        let port = free_port()?;
        command
            .arg(format!("--port={port}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // Without this renderer WebKitWebDriver waits for a picture for ever (WebKitGTK 2.50).
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "0")
            .env("TOKEN_DESK_DATA_DIR", data)
            .env("TOKEN_DESK_TRACE", "1");
        let driver = Running::start(&mut command)?;
        poll(START, "WebKitWebDriver", || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok())?;

        let mut wanted = Capabilities::new();
        wanted.insert("webkitgtk:browserOptions".to_owned(), json!({ "binary": places::app()?, "args": [] }));
        let address = format!("http://127.0.0.1:{port}");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        // The driver itself waits for ever for an app that ends before it has a window.
        let connected = tokio::time::timeout(START, builder.capabilities(wanted).connect(&address)).await;
        let client = connected.map_err(|_| Error::TimedOut {
            awaited: "window of the app".to_owned(),
            within: START,
            seen: format!("; it said:\n{}", driver.said().join("\n")),
        })??;
        Ok(Window { client, interactions: Cell::new(0), driver })
    }

    /// Where the app's own practice service listens.
    pub fn practice_url(&mut self) -> Result<String> {
        self.driver.wait_for_line("practice address", START, |line| {
            line.strip_prefix("practice ").map(|url| url.trim_end_matches('/').to_owned())
        })
    }

    /// How often something was clicked or filled in until now.
    pub fn interactions(&self) -> u32 {
        self.interactions.get()
    }

    /// The ids of the app and of all that it started.
    pub fn pids(&self) -> Vec<u32> {
        self.driver.family().pids()
    }

    /// What the app wrote to its outputs until now.
    pub fn said(&self) -> Vec<String> {
        self.driver.said()
    }

    /// The process of the app itself.
    pub fn app_pid(&self) -> Result<u32> {
        let app = places::app()?;
        let found = self.driver.family().pid_of(&app);
        found.ok_or(Error::NotThere { what: "the process of the app", path: app })
    }

    /// Kills a process as soon as a creation has come past a step; whether it did is the answer of the thread.
    pub fn kill_after_step(&self, step: &str, pid: u32) -> JoinHandle<bool> {
        self.driver.when_said(&format!("step {step}"), START, move || process::kill(pid))
    }

    /// Closes the window, and waits until nothing of the app is left.
    pub async fn close(self) -> Result<()> {
        let family = self.driver.family();
        self.client.close().await?;
        drop(self.driver);
        family.end();
        Ok(())
    }
}

fn free_port() -> Result<u16> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    bound.map(|address| address.port()).map_err(|source| Error::Io { path: PathBuf::from("a free port"), source })
}
