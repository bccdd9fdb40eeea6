//! A desktop session that belongs to one test: home, runtime directory, message bus, unlocked keyring and, if wanted, a screen.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    Error, Result,
    process::{Running, poll},
};

/// How long a program of the session may take to be ready; a machine that builds at the same time is slow.
const READY: Duration = Duration::from_secs(20);

/// What the programs of a session draw on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Screen {
    /// Nothing: for programs without a window.
    None,
    /// The screen that the caller sees, so that a person can watch.
    Shared,
    /// A virtual one.
    Virtual,
}

/// A session whose programs end when it is dropped. The fields are dropped in this order.
#[derive(Debug)]
pub struct PrivateSession {
    screen: Option<Running>,
    keyring: Option<Running>,
    bus: Running,
    variables: Vec<(&'static str, String)>,
    home: TempDir,
}

impl PrivateSession {
    /// Starts a session.
    pub fn start(screen: Screen) -> Result<PrivateSession> {
        let home = TempDir::with_prefix("token-desk-").map_err(at(&env::temp_dir()))?;
        let mut variables = directories(home.path())?;
        variables.extend(surroundings());

        let bus = start_bus(home.path(), &mut variables)?;
        let keyring = Some(start_keyring(&variables)?);
        let screen = match screen {
            Screen::None => None,
            Screen::Shared => {
                variables.extend(shared_screen());
                None
            }
            Screen::Virtual => Some(start_screen(&mut variables)?),
        };
        Ok(PrivateSession { screen, keyring, bus, variables, home })
    }

    /// A command that runs in this session and knows nothing of the caller's.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        command(program.as_ref(), &self.variables)
    }

    /// The home directory, which goes with the session.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// What its programs find in a variable of their environment; empty for one that they do not have.
    pub fn variable(&self, name: &str) -> &str {
        self.variables.iter().find(|(variable, _)| *variable == name).map_or("", |(_, value)| value)
    }

    /// The process of the keyring, while there is one.
    pub fn keyring_pid(&self) -> Option<u32> {
        self.keyring.as_ref().map(Running::pid)
    }

    /// Ends the keyring, as a crash of it would.
    pub fn end_keyring(&mut self) {
        self.keyring = None;
    }

    /// Starts it again, unlocked; what it kept is on disk.
    pub fn start_keyring(&mut self) -> Result<()> {
        self.keyring = Some(start_keyring(&self.variables)?);
        Ok(())
    }

    /// Locks it: nobody is there to give its password again.
    pub fn lock_keyring(&self) -> Result<()> {
        let mut ask = self.command("dbus-send");
        ask.args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
            .args(["org.freedesktop.Secret.Service.Lock", "array:objpath:/org/freedesktop/secrets/aliases/default"]);
        let answer = ask.output().map_err(at(Path::new("dbus-send")))?;
        let locked = String::from_utf8_lossy(&answer.stdout).into_owned();
        if locked.contains("/org/freedesktop/secrets/") {
            Ok(())
        } else {
            Err(Error::Answer { from: "the keyring", answer: locked })
        }
    }

    /// The ids of the programs that make up the session.
    pub fn pids(&self) -> Vec<u32> {
        self.screen.iter().chain(&self.keyring).chain([&self.bus]).map(Running::pid).collect()
    }
}

/// The directories of the XDG base directory specification, all below the home of the session.
fn directories(home: &Path) -> Result<Vec<(&'static str, String)>> {
    let below = [
        ("HOME", ""),
        ("XDG_RUNTIME_DIR", "run"),
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_STATE_HOME", ".local/state"),
        ("TMPDIR", "tmp"),
    ];
    below
        .into_iter()
        .map(|(variable, name)| {
            let path = home.join(name);
            fs::create_dir_all(&path).map_err(at(&path))?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).map_err(at(&path))?;
            Ok((variable, path.to_string_lossy().into_owned()))
        })
        .collect()
}

fn surroundings() -> Vec<(&'static str, String)> {
    let kept = ["PATH", "TZ", "RUST_BACKTRACE"];
    let given = kept.into_iter().filter_map(|variable| Some((variable, env::var(variable).ok()?)));
    let set = [
        ("LANG", "C.UTF-8"),
        // No accessibility bus and no settings daemon are asked for: neither is there.
        ("NO_AT_BRIDGE", "1"),
        ("GSETTINGS_BACKEND", "memory"),
        // A test that asked the outside world would depend on it: every request ends at a closed port instead. The window's own
        // inspector, through which it is driven, listens on this machine.
        ("https_proxy", "http://127.0.0.1:9"),
        ("http_proxy", "http://127.0.0.1:9"),
        ("no_proxy", "127.0.0.1,localhost,::1"),
    ];
    given.chain(set.map(|(variable, value)| (variable, value.to_owned()))).collect()
}

/// A bus that starts no service by itself, so that nothing is in the session but what the test put there.
fn start_bus(home: &Path, variables: &mut Vec<(&'static str, String)>) -> Result<Running> {
    let socket = home.join("run/bus");
    let config = home.join("run/bus.conf");
    let text = format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        socket.display()
    );
    fs::write(&config, text).map_err(at(&config))?;

    let mut command = command(Path::new("dbus-daemon"), variables);
    command.args(["--nofork", "--nopidfile", "--print-address"]).arg(format!("--config-file={}", config.display()));
    let mut bus = Running::start(&mut command)?;
    let address = bus.wait_for_line("address", READY, |line| line.starts_with("unix:").then(|| line.to_owned()))?;
    variables.push(("DBUS_SESSION_BUS_ADDRESS", address));
    Ok(bus)
}

/// The keyring is unlocked by a password on its input: any other order asks a person, who is not there.
fn start_keyring(variables: &[(&'static str, String)]) -> Result<Running> {
    let mut command = command(Path::new("gnome-keyring-daemon"), variables);
    command.args(["--foreground", "--components=secrets", "--unlock"]);
    let keyring = Running::start_with_input(&mut command, "a password for tests")?;
    poll(READY, "default keyring", || keyring_is_there(variables).then_some(()))?;
    Ok(keyring)
}

fn keyring_is_there(variables: &[(&'static str, String)]) -> bool {
    let mut ask = command(Path::new("dbus-send"), variables);
    ask.args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
        .args(["org.freedesktop.Secret.Service.ReadAlias", "string:default"]);
    let answer = ask.output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    answer.is_ok_and(|answer| answer.contains("/org/freedesktop/secrets/collection/"))
}

fn start_screen(variables: &mut Vec<(&'static str, String)>) -> Result<Running> {
    let mut command = command(Path::new("Xvfb"), variables);
    command.args(["-displayfd", "1", "-screen", "0", "1440x1000x24", "-nolisten", "tcp", "-noreset"]);
    let mut screen = Running::start(&mut command)?;
    let number = screen.wait_for_line("display number", READY, |line| line.trim().parse::<u32>().ok())?;
    variables.push(("DISPLAY", format!(":{number}")));
    variables.push(("GDK_BACKEND", "x11".to_owned()));
    Ok(screen)
}

/// The caller's screen. A Wayland socket is named relative to the caller's runtime directory, which this session does not have.
fn shared_screen() -> Vec<(&'static str, String)> {
    let of = |variable: &'static str| Some((variable, env::var(variable).ok()?));
    let wayland = of("WAYLAND_DISPLAY").map(|(variable, socket)| {
        let runtime = env::var("XDG_RUNTIME_DIR").map(PathBuf::from).unwrap_or_default();
        (variable, runtime.join(socket).to_string_lossy().into_owned())
    });
    [of("DISPLAY"), of("XAUTHORITY"), wayland].into_iter().flatten().collect()
}

fn command(program: &Path, variables: &[(&'static str, String)]) -> Command {
    let mut command = Command::new(program);
    command.env_clear().envs(variables.iter().map(|(variable, value)| (variable, value)));
    command
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Error + use<> {
    let path = path.to_owned();
    move |source| Error::Io { path, source }
}
