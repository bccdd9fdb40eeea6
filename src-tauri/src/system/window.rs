use std::path::{Path, PathBuf};
use std::time::Duration;

use desk::DataDir;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};

use crate::system::words;

const LABEL: &str = "main";

/// How often a first start is asked that refuses, and how long it may take to be gone.
const ATTEMPTS: u32 = 3;
const GOING: Duration = Duration::from_millis(200);

/// Opens the one window. It shows the built-in page only: no navigation elsewhere, no second window.
pub(crate) fn open(app: &AppHandle, data: &Path) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title(words::APP_NAME)
        .inner_size(1180.0, 780.0)
        .min_inner_size(720.0, 600.0)
        .on_navigation(is_our_page)
        .on_new_window(|_url, _features| NewWindowResponse::Deny);
    // Where nothing can or should be written the window is needed all the more: to say so. That is up to the first command
    // that needs the directory.
    let window = match files(data) {
        Ok(files) => window.data_directory(files),
        Err(_) => window.incognito(true),
    };
    window.build()?;
    Ok(())
}

/// Where the web view keeps its own files, for the person alone.
fn files(data: &Path) -> Result<PathBuf, desk::Error> {
    let files = data.join("webview");
    DataDir::prepare(data)?;
    DataDir::prepare(&files)?;
    Ok(files)
}

/// Ends this start if another one has a window, which then comes to the front.
///
/// A first one that does not answer, because it was killed a moment ago or is stopped, must not keep this one from starting: the
/// lock on the data directory still holds (docs of [`desk::DataDir`]).
pub(crate) fn defer_to_first(app: &AppHandle) {
    if first_is_stopped(&app.config().identifier) {
        eprintln!("Token Desk starts all the same: the first one does not answer");
        return;
    }
    for attempt in 0..ATTEMPTS {
        match app.plugin(tauri_plugin_single_instance::init(|app, _argv, _cwd| focus(app))) {
            Ok(()) => return,
            Err(error) if attempt + 1 == ATTEMPTS => eprintln!("Token Desk starts all the same: {error}"),
            // Its name on the bus goes with it.
            Err(_) => std::thread::sleep(GOING),
        }
    }
}

/// Brings the window to the front, for a second start of the app.
pub(crate) fn focus(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // A window manager may refuse; there is nothing else to try.
        drop(window.unminimize());
        drop(window.set_focus());
    }
}

/// Whether a first start has its name on the session bus and answers nothing, as one that is stopped (SIGSTOP): the plugin would
/// wait for it for ever. One whose window hangs still answers.
#[cfg(target_os = "linux")]
fn first_is_stopped(identifier: &str) -> bool {
    use zbus::blocking::connection::Builder;
    const PATIENCE: Duration = Duration::from_secs(5);
    let name = format!("{identifier}.SingleInstance");
    let ping = Builder::session().and_then(|builder| builder.method_timeout(PATIENCE).build()).and_then(|bus| {
        // Every connection to a bus answers it (D-Bus specification, "org.freedesktop.DBus.Peer").
        bus.call_method(Some(&*name), "/", Some("org.freedesktop.DBus.Peer"), "Ping", &())
    });
    matches!(ping, Err(zbus::Error::InputOutput(error)) if error.kind() == std::io::ErrorKind::TimedOut)
}

#[cfg(not(target_os = "linux"))]
fn first_is_stopped(_identifier: &str) -> bool {
    false
}

/// `tauri://localhost` on Linux and macOS, `http://tauri.localhost` on Windows, and Vite's server while developing.
fn is_our_page(url: &tauri::Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost")) => true,
        ("http", Some("localhost")) => tauri::is_dev(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_built_in_page_may_be_shown() {
        for (url, ours) in [
            ("tauri://localhost/", true),
            ("http://tauri.localhost/index.html", true),
            ("https://3commas.io/api_access_tokens", false),
            ("http://localhost.evil.example/", false),
            ("file:///etc/passwd", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(is_our_page(&url.parse().unwrap()), ours, "{url}");
        }
    }
}
