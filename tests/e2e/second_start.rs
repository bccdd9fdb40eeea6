//! The app is started twice: there is one window, whatever the second start was given. Without a message bus, by which the two
//! would know each other, the lock on the data directory holds, and the second window says so; likewise where the first is stopped.

use std::{process::Command, time::Duration};

use token_desk_tests::{
    places,
    process::{self, Running},
    session::{PrivateSession, Screen},
    window::Window,
};

const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

#[tokio::test]
async fn a_second_start_ends_at_once_and_its_arguments_are_harmless() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    window.type_into("name", "Home bot").await.unwrap();

    let junk: [&[&str]; 3] = [&[], &["--help", "%s%n", "../../etc/passwd"], &["javascript:alert(1)", "\u{202e}", ""]];
    let cases = junk.map(|arguments| (arguments, true)).into_iter().chain([(junk[0], false)]);
    for (arguments, knows_address) in cases {
        let mut command = session.command(places::app().unwrap());
        command.args(arguments).env("TOKEN_DESK_DATA_DIR", session.home().join("token-desk"));
        if !knows_address {
            // The bus is at its usual place.
            command.env_remove(BUS);
        }
        let mut second = Running::start(&mut command).unwrap();
        let status = second.wait(Duration::from_secs(20)).unwrap();
        assert!(status.success(), "{arguments:?}: {status}, {:?}", second.all_said());
        assert_eq!(window.text("name").await.unwrap(), "Home bot");
    }
    window.close().await.unwrap();
}

/// A driver in a session without a message bus: its address leads nowhere, or there is none, nor a bus at its usual place.
fn driver_without_bus(session: &PrivateSession, address: Option<&str>) -> Command {
    let mut driver = session.command("WebKitWebDriver");
    match address {
        Some(address) => driver.env(BUS, address),
        None => driver.env_remove(BUS).env("XDG_RUNTIME_DIR", session.home()),
    };
    driver
}

#[tokio::test]
async fn without_a_bus_the_lock_on_the_data_holds_and_is_said() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let data = session.home().join("token-desk");
    let mut first = Window::open(&session).await.unwrap();
    first.practice_url().unwrap();
    for address in [Some("disabled:"), None] {
        let second = Window::open_by(driver_without_bus(&session, address), &data).await.unwrap();
        second.wait_until("alert", "data-code", "already-running").await.unwrap();
        assert!(second.said().iter().all(|line| !line.contains("panicked")), "{:?}", second.said());
        second.close().await.unwrap();
        first.type_into("name", "x").await.unwrap();
    }
    first.close().await.unwrap();
}

#[tokio::test]
async fn without_a_bus_the_app_starts_and_says_what_it_lacks() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    for address in [Some("disabled:"), None] {
        let driver = driver_without_bus(&session, address);
        let window = Window::open_by(driver, &session.home().join("token-desk")).await.unwrap();
        window.wait_until("alert", "data-code", "keyring-missing").await.unwrap();
        window.type_into("name", "Home bot").await.unwrap();
        assert!(window.said().iter().all(|line| !line.contains("panicked")), "{:?}", window.said());
        window.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_first_start_that_is_stopped_is_said_by_the_second() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let data = session.home().join("token-desk");
    let mut first = Window::open(&session).await.unwrap();
    first.practice_url().unwrap();
    let stopped = first.app_pid().unwrap();
    process::pause(stopped);
    let second = Window::open_by(session.command("WebKitWebDriver"), &data).await.unwrap();
    second.wait_until("alert", "data-code", "already-running").await.unwrap();
    second.picture("second-start-stopped").await.unwrap();
    assert_eq!(second.violations().await.unwrap(), []);
    process::go_on(stopped);
    first.type_into("name", "x").await.unwrap();
    second.close().await.unwrap();
    first.close().await.unwrap();
}

/// Owns the name by which starts know each other, and understands nothing.
struct Deaf;

#[zbus::interface(name = "org.example.Deaf")]
impl Deaf {}

#[tokio::test]
async fn a_first_start_that_does_not_understand_keeps_nobody_from_starting() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let builder = zbus::connection::Builder::address(session.variable("DBUS_SESSION_BUS_ADDRESS")).unwrap();
    let named = builder.name("io.tokendesk.desktop.SingleInstance").unwrap();
    let _deaf = named.serve_at("/org/example", Deaf).unwrap().build().await.unwrap();
    let mut window = Window::open(&session).await.unwrap();
    window.practice_url().unwrap();
    assert!(window.said().iter().any(|line| line.starts_with("Token Desk starts all the same")), "{:?}", window.said());
    window.close().await.unwrap();
}
