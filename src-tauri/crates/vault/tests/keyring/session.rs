//! A private desktop session for one test: own home, own D-Bus, own GNOME Keyring.
//!
//! The environment of a process cannot be changed safely while it runs, so a test starts its own
//! binary once more with the environment it wants ([`in_private_session`]), and its body runs there.
//! The body starts and ends the bus and the keyring itself, each by its own process id.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use uuid::Uuid;
use vault::{Item, ItemKind};
use zbus::blocking::fdo::DBusProxy;

const HOME: &str = "VAULT_TEST_HOME";
const REACHED_THE_END: &str = "reached-the-end";
const SECRETS: &str = "org.freedesktop.secrets";

/// Runs `body` in a process of its own whose environment knows nothing of the person's session.
pub(crate) fn in_private_session<F: FnOnce(&Home)>(body: F) {
    in_process(|home| Some(home.address()), body);
}

/// The same with another address of the bus, or none.
pub(crate) fn in_private_session_at<F: FnOnce(&Home)>(address: Option<&str>, body: F) {
    in_process(|_| address.map(str::to_owned), body);
}

pub(crate) fn item(kind: ItemKind) -> Item {
    Item { installation: Uuid::new_v4(), kind, id: Uuid::new_v4() }
}

/// Asks again until it is so; the test fails if it does not become so.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        std::thread::yield_now();
    }
}

/// The directory that stands for the person's home.
pub(crate) struct Home(PathBuf);

impl Home {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn runtime(&self) -> PathBuf {
        self.0.join("run")
    }

    pub(crate) fn address(&self) -> String {
        format!("unix:path={}", self.0.join("bus").display())
    }

    /// Starts a session bus that starts no service by itself, unlike that of a desktop: what is
    /// missing stays missing.
    pub(crate) fn start_bus(&self) -> Bus {
        let config = self.0.join("bus.conf");
        fs::write(&config, self.bus_config()).unwrap();
        let mut child = Command::new("dbus-daemon")
            .args(["--nofork", "--print-address=1"])
            .arg(format!("--config-file={}", config.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon (Debian package dbus) is installed");
        // The bus prints its address when it listens.
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("unix:path="), "no bus: {line:?}");
        Bus { process: Process(child) }
    }

    fn bus_config(&self) -> String {
        format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>{}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>"#,
            self.address()
        )
    }
}

pub(crate) struct Bus {
    process: Process,
}

impl Bus {
    /// A keyring whose login collection is open, as after a log-in with a password.
    pub(crate) fn start_keyring(&self) -> Keyring {
        self.run_keyring(Some("a password"))
    }

    /// A keyring to which nobody has logged in.
    pub(crate) fn start_locked_keyring(&self) -> Keyring {
        self.run_keyring(None)
    }

    /// The same with other files: it knows nothing of what the first one keeps.
    pub(crate) fn start_other_keyring(&self, files: &Path) -> Keyring {
        let mut command = Command::new("gnome-keyring-daemon");
        command.env("XDG_DATA_HOME", files);
        self.run(command, Some("another password"))
    }

    pub(crate) fn kill(mut self) {
        self.process.kill();
    }

    fn run_keyring(&self, password: Option<&str>) -> Keyring {
        self.run(Command::new("gnome-keyring-daemon"), password)
    }

    fn run(&self, mut command: Command, password: Option<&str>) -> Keyring {
        let mut child = command
            .args(["--foreground", "--components=secrets"])
            .args(password.map(|_| "--unlock"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon (Debian package gnome-keyring) is installed");
        // The password ends where the input ends.
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(password.unwrap_or("").as_bytes()).unwrap();
        drop(stdin);
        Keyring::on_the_bus(child)
    }

    /// A process that takes the place of a keyring on this bus.
    pub(crate) fn start(&self, command: &mut Command) -> Keyring {
        Keyring::on_the_bus(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap())
    }
}

pub(crate) struct Keyring {
    process: Process,
}

impl Keyring {
    fn on_the_bus(child: Child) -> Self {
        let keyring = Self { process: Process(child) };
        wait_until("the keyring is on the bus", || owner_of_secrets().is_some());
        keyring
    }

    /// Ends it at once, as a crash would, and waits until the bus has noticed.
    pub(crate) fn kill(mut self) {
        self.process.kill();
        wait_until("the keyring is off the bus", || owner_of_secrets().is_none());
    }

    /// Stops it without ending it: it answers nothing any more.
    pub(crate) fn freeze(&self) {
        self.process.signal("STOP");
    }

    pub(crate) fn thaw(&self) {
        self.process.signal("CONT");
    }

    /// Locks the collection that is open after the log-in.
    pub(crate) fn lock(&self) {
        let service = secret_service::blocking::SecretService::connect(secret_service::EncryptionType::Dh).unwrap();
        let collection = service.get_default_collection().unwrap();
        collection.lock().unwrap();
        assert!(collection.is_locked().unwrap());
    }
}

struct Process(Child);

impl Process {
    fn kill(&mut self) {
        // It may have ended already, with its bus.
        let _ = self.0.kill();
        self.0.wait().unwrap();
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.0.id().to_string()).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn owner_of_secrets() -> Option<String> {
    let bus = zbus::blocking::Connection::session().ok()?;
    let owner = DBusProxy::new(&bus).ok()?.get_name_owner(SECRETS.try_into().unwrap()).ok()?;
    Some(owner.to_string())
}

fn in_process<F: FnOnce(&Home)>(address: impl FnOnce(&Home) -> Option<String>, body: F) {
    if let Some(path) = std::env::var_os(HOME) {
        let home = Home(PathBuf::from(path));
        body(&home);
        fs::write(home.0.join(REACHED_THE_END), "").unwrap();
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let home = Home(directory.path().to_owned());
    fs::create_dir(home.runtime()).unwrap();
    fs::set_permissions(home.runtime(), fs::Permissions::from_mode(0o700)).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args([test_of::<F>(), "--exact", "--nocapture"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", &home.0)
        .env("XDG_RUNTIME_DIR", home.runtime())
        .envs(address(&home).map(|address| ("DBUS_SESSION_BUS_ADDRESS", address)))
        .env(HOME, &home.0)
        .output()
        .unwrap();
    assert!(
        output.status.success() && home.0.join(REACHED_THE_END).exists(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The name of the test whose body is the closure `F`: `keyring::missing::a_test::{{closure}}`
/// without the crate and the closure. Were it another, no test would run in the new process and
/// nothing would reach the end.
fn test_of<F>() -> &'static str {
    let path = std::any::type_name::<F>();
    let path = path.trim_end_matches("::{{closure}}");
    path.split_once("::").map_or(path, |(_, test)| test)
}
