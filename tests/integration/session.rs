//! The private session keeps what it promises: it works, and nothing of it is left behind.

use std::panic::{AssertUnwindSafe, catch_unwind};

use token_desk_tests::{
    process::is_alive,
    session::{PrivateSession, Screen},
};

#[test]
fn every_program_of_a_session_ends_with_it() {
    let session = PrivateSession::start(Screen::Virtual).unwrap();
    let (pids, home) = (session.pids(), session.home().to_owned());
    assert_eq!(pids.len(), 3);
    assert!(pids.iter().all(|pid| is_alive(*pid)));

    drop(session);

    assert!(pids.iter().all(|pid| !is_alive(*pid)));
    assert!(!home.exists());
}

#[test]
fn every_program_of_a_session_ends_when_the_test_panics() {
    let mut pids = Vec::new();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let session = PrivateSession::start(Screen::None).unwrap();
        pids = session.pids();
        panic!("the test failed");
    }));

    assert!(panicked.is_err());
    assert_eq!(pids.len(), 2);
    assert!(pids.iter().all(|pid| !is_alive(*pid)));
}

#[test]
fn two_sessions_share_nothing() {
    let (one, two) = (PrivateSession::start(Screen::None).unwrap(), PrivateSession::start(Screen::None).unwrap());
    let environment = |session: &PrivateSession| {
        let output = session.command("env").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for variable in ["HOME=", "XDG_RUNTIME_DIR=", "DBUS_SESSION_BUS_ADDRESS="] {
        let of = |session| environment(session).lines().find(|line| line.starts_with(variable)).map(str::to_owned);
        assert!(of(&one).is_some(), "{variable}");
        assert_ne!(of(&one), of(&two), "{variable}");
    }
}

#[test]
fn the_keyring_of_a_session_is_unlocked() {
    let session = PrivateSession::start(Screen::None).unwrap();
    let output = session
        .command("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.secrets"])
        .args(["/org/freedesktop/secrets/aliases/default", "org.freedesktop.DBus.Properties.Get"])
        .args(["string:org.freedesktop.Secret.Collection", "string:Locked"])
        .output()
        .unwrap();
    let answer = String::from_utf8(output.stdout).unwrap();
    assert!(answer.contains("boolean false"), "{answer}{}", String::from_utf8_lossy(&output.stderr));
}
