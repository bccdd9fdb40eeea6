use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{skipped, tried};

/// A file system in memory with little room, which only the programs that are started on it see.
pub struct SmallDisk {
    place: PathBuf,
    size: &'static str,
    namespaces: &'static [&'static str],
}

impl SmallDisk {
    /// `None` where nobody may mount. `size` is one of tmpfs(5).
    ///
    /// For a plain user it is in a namespace of users, where the programs are root.
    #[must_use]
    pub fn at(place: &Path, size: &'static str) -> Option<Self> {
        Self::first(place, size, &[OF_ROOT, OF_ANYBODY])
    }

    /// `None` for all but root. For programs that must be whoever they were: a message bus does not believe in another root.
    #[must_use]
    pub fn of_root(place: &Path, size: &'static str) -> Option<Self> {
        Self::first(place, size, &[OF_ROOT])
    }

    fn first(place: &Path, size: &'static str, ways: &[&'static [&'static str]]) -> Option<Self> {
        let mut why = String::new();
        for namespaces in ways {
            let disk = Self { place: place.to_owned(), size, namespaces };
            match tried(disk.command(Command::new).arg("true")) {
                Ok(()) => return Some(disk),
                Err(said) => why = said,
            }
        }
        skipped(&format!("a small file system cannot be mounted here: {why}"));
        None
    }

    /// What mounts it for the program that is to be added, with its words: the disk is gone when that ends.
    #[must_use]
    pub fn command(&self, start: impl FnOnce(&'static str) -> Command) -> Command {
        let mut command = start("unshare");
        command.args(self.namespaces).args(["sh", "-c", MOUNT, "sh"]).arg(&self.place).arg(self.size);
        command
    }

    /// What takes the program that is to be added to the disk that process `holder` was started with.
    #[must_use]
    pub fn beside(holder: u32, start: impl FnOnce(&'static str) -> Command) -> Command {
        let mut command = start("nsenter");
        command.args(["--mount", "--target", &holder.to_string()]);
        command
    }

    /// The disk of process `holder` as seen from outside.
    #[must_use]
    pub fn outside(&self, holder: u32) -> PathBuf {
        let place = self.place.strip_prefix("/").unwrap_or(&self.place);
        Path::new("/proc").join(holder.to_string()).join("root").join(place)
    }
}

const OF_ROOT: &[&str] = &["--mount"];
const OF_ANYBODY: &[&str] = &["--user", "--map-root-user", "--mount"];

const MOUNT: &str = r#"mount -t tmpfs -o "size=$2" none "$1" && shift 2 && exec "$@""#;
