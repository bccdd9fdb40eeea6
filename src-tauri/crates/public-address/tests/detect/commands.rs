//! The lines to paste on a server, run by a real shell with a real curl.
#![cfg(unix)]

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use public_address::{Family, Format, Shell, Source, server_commands};
use tempfile::TempDir;
use tokio::process::Command;

use crate::certificates::{Authority, says_on};
use crate::server::Server;
use crate::{FALSE, REAL, REAL_V6};

#[tokio::test]
async fn the_line_for_each_family_prints_what_a_server_of_that_family_says() {
    if !there_is_curl().await {
        return;
    }
    let authority = Authority::new();
    let v4 = says_on("127.0.0.1:0", authority.acceptor("localhost"), REAL).await;
    let port = v4.address.port();
    // The same host and port: the line alone decides which one is asked.
    let _v6 = says_on(&format!("[::1]:{port}"), authority.acceptor("localhost"), REAL_V6).await;

    let sources = Family::ALL.map(|family| source(&format!("https://localhost:{port}/ip?a=[1-3]&b={{x,y}}"), family));
    for (family, expected) in [(Family::V4, REAL), (Family::V6, REAL_V6)] {
        let output = paste(&line(&sources, family), &authority).await;
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{output:?}");
        assert!(output.status.success());
    }
}

#[tokio::test]
async fn a_server_that_does_not_prove_itself_prints_nothing() {
    if !there_is_curl().await {
        return;
    }
    let (known, unknown) = (Authority::new(), Authority::new());
    let server = says_on("127.0.0.1:0", unknown.acceptor("localhost"), FALSE).await;
    let output = paste(&line(&[tls(&server)], Family::V4), &known).await;
    assert!(output.stdout.is_empty() && !output.status.success(), "{output:?}");
    assert!(!output.stderr.is_empty());
}

#[tokio::test]
async fn whatever_stands_in_a_url_is_one_word_and_runs_nothing() {
    let folder = TempDir::new().unwrap();
    let mark = folder.path().join("mark");
    let path = format!("{}:{}", echoing_curl(folder.path()).display(), env::var("PATH").unwrap());

    for hostile in [
        "https://one.example/'; touch mark; '",
        "https://one.example/$(touch mark)",
        "https://one.example/`touch mark`?$(touch mark)&touch mark|touch mark;touch mark",
        "https://one.example/\"$(touch mark)\"",
        "https://$(touch).one.example/",
        "https://one.example/'$(touch mark)'\\'$(touch mark)\\''",
        "https://one.example/\ntouch mark\n",
        "https://one.example/!!*?{a,b}~&",
        "https://one.example/-o",
    ] {
        let Ok(source) = Source::new("One", hostile, Family::V4, Format::Text) else {
            panic!("not hostile enough: it is no URL: {hostile:?}");
        };
        let url = source.url.to_string();
        let line = line(&[source], Family::V4);
        // The second one is not on every system.
        for shell in ["/bin/sh", "/bin/bash"].into_iter().filter(|shell| Path::new(shell).exists()) {
            let mut pasted = Command::new(shell);
            pasted.args(["-c", &line]).env("PATH", &path).current_dir(&folder);
            let output = pasted.output().await.unwrap();
            let words = String::from_utf8(output.stdout).unwrap();
            assert_eq!(words.lines().collect::<Vec<_>>(), ["-4", "-gfsS", "--max-time", "10", &url], "{shell}: {url}");
            assert!(!mark.exists(), "{shell}: {url}");
        }
    }
}

fn source(url: &str, family: Family) -> Source {
    Source::new("One", url, family, Format::Text).unwrap()
}

fn tls(server: &Server) -> Source {
    source(&format!("https://localhost:{}/", server.address.port()), Family::V4)
}

fn line(sources: &[Source], family: Family) -> String {
    let mut commands = server_commands(sources).into_iter();
    commands.find(|command| command.shell == Shell::Posix && command.family == family).unwrap().line
}

/// Runs a line as a person's shell would, on a computer that knows one authority and no proxy.
async fn paste(line: &str, authority: &Authority) -> Output {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("authority.pem");
    fs::write(&file, authority.pem()).unwrap();

    let mut shell = Command::new("sh");
    for name in ["ALL_PROXY", "HTTPS_PROXY", "NO_PROXY"] {
        shell.env_remove(name).env_remove(name.to_lowercase());
    }
    // Nobody's own settings of curl.
    shell.env("HOME", folder.path()).env("CURL_HOME", folder.path()).env("CURL_CA_BUNDLE", &file);
    shell.args(["-c", line]).output().await.unwrap()
}

async fn there_is_curl() -> bool {
    let there = Command::new("curl").arg("--version").output().await.is_ok();
    if !there {
        permitted::skipped("there is no curl here");
    }
    there
}

/// A folder with a program of that name, which prints each word that it is called with.
fn echoing_curl(folder: &Path) -> PathBuf {
    let programs = folder.join("programs");
    fs::create_dir(&programs).unwrap();
    let program = programs.join("curl");
    fs::write(&program, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    programs
}
