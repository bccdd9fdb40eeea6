//! The practice service by itself: `token-desk-practice --listen 127.0.0.1:0 --data DIR`.

use std::error::Error;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use practice::{ClockOffset, Config, JsonLines, Limits, OtpSecret, Practice, StateKey};

/// Whoever reads the log has this long for the last of it.
const LAST_LINES: Duration = Duration::from_secs(1);

/// A practice service for 3Commas API access tokens: create them behind a one-time code, then use
/// them against a simulated public API.
///
/// The first line on stdout is one JSON object: "url", "session" (the bearer of the token
/// endpoint) and, unless it is in a file, "otp_secret" (base32, for an authenticator). From then on
/// it answers. It stops on SIGINT and SIGTERM, letting requests under way finish.
#[derive(Parser)]
#[command(name = "token-desk-practice", version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Directory of the database and its key; made private (0700)
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Seconds from the real clock
    #[arg(long, value_name = "S", default_value = "0", allow_negative_numbers = true)]
    clock_offset: ClockOffset,
    /// The public address that callers on this computer seem to have
    #[arg(long, value_name = "IP", default_value_t = Config::CLIENT_ADDRESS)]
    client_address: IpAddr,
    /// Request limits: as 3Commas documents them, or none (one-time codes are limited always)
    #[arg(long, value_enum, default_value = "documented")]
    limits: LimitsWord,
    /// Private file of the authenticator secret (base32): read if it exists, else written
    #[arg(long, value_name = "FILE")]
    otp_secret_file: Option<PathBuf>,
    /// Make a new authenticator secret; codes of the old one are no longer taken
    #[arg(long)]
    new_authenticator: bool,
    /// A further host name to answer to; may be repeated
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// Tell of every request on stderr, one JSON object a line
    #[arg(long)]
    json_logs: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum LimitsWord {
    Documented,
    Off,
}

fn main() -> ExitCode {
    if let Err(error) = private_files::core_dumps::switch_off() {
        let _ = writeln!(io::stderr(), "token-desk-practice: core dumps stay on: {error}");
    }
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell where stderr is closed.
            let _ = writeln!(io::stderr(), "token-desk-practice: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(arguments))
}

async fn serve(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let stop = stop_signal()?;
    let mut told_in_file = arguments.otp_secret_file.is_some();
    let otp_secret = match &arguments.otp_secret_file {
        // The old secret shall not come back with the file; one that holds something else is not written over.
        Some(path) if arguments.new_authenticator => OtpSecret::read(path)?.and(None),
        Some(path) => OtpSecret::read(path)?,
        None => None,
    };
    let written = arguments.otp_secret_file.filter(|_| otp_secret.is_none());
    let state_key = StateKey::open_or_create(&arguments.data)?;
    let mut config = Config::new(arguments.data, state_key);
    config.listen = arguments.listen;
    config.clock_offset = arguments.clock_offset;
    config.client_address = arguments.client_address;
    config.limits = match arguments.limits {
        LimitsWord::Documented => Limits::Documented,
        LimitsWord::Off => Limits::Off,
    };
    config.new_authenticator = arguments.new_authenticator;
    config.allow_hosts = arguments.allow_host;
    config.otp_secret = otp_secret;
    let json_lines = if arguments.json_logs { Some(JsonLines::to(io::stderr())?) } else { None };
    config.log = json_lines.as_ref().map(JsonLines::log);
    let practice = Practice::start(config).await?;
    if let Some((path, secret)) = written.zip(practice.otp_secret()) {
        // The account has it already: told to nobody, it would be lost.
        if let Err(error) = secret.write(&path) {
            eprintln!("{error}; the secret stands in the first line instead");
            told_in_file = false;
        }
    }
    announce(&practice, told_in_file)?;
    stop.await;
    practice.shutdown().await;
    if let Some(json_lines) = json_lines {
        json_lines.flush(LAST_LINES);
    }
    Ok(())
}

fn announce(practice: &Practice, told_in_file: bool) -> io::Result<()> {
    let mut line = serde_json::json!({"url": practice.url(), "session": practice.session().expose()});
    if !told_in_file {
        line["otp_secret"] = practice.otp_secret_base32().as_str().into();
    }
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// Set up before anything is promised on stdout: a signal right after the first line counts too.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler the process simply ends at Ctrl-C, which the database survives.
        let _ = tokio::signal::ctrl_c().await;
    })
}
