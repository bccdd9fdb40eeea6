//! A disk that is full.

use std::fs;
use std::path::Path;
use std::process::Command;

use permitted::SmallDisk;
use vault::{Error, ItemKind, Place};

use crate::{item, passphrase, secret, vault_at};

const ROOM: &str = "VAULT_TEST_ROOM";
/// The mount vanishes with the process, so that has to say itself that it came to its end.
const END: &str = "the end is reached";

/// Runs itself once more, on a small disk.
#[test]
fn a_full_disk_is_said_so_and_costs_nothing_that_was_kept() {
    let Some(room) = std::env::var_os(ROOM) else {
        return on_a_small_disk("room::a_full_disk_is_said_so_and_costs_nothing_that_was_kept");
    };
    let room = Path::new(&room);
    let file = room.join("secrets.age");
    let fill = |leaving: usize| {
        let filler = room.join("filler");
        fs::write(&filler, vec![1; 4 << 20]).unwrap_err();
        let size = usize::try_from(fs::metadata(&filler).unwrap().len()).unwrap();
        fs::OpenOptions::new().write(true).open(&filler).unwrap().set_len((size - leaving) as u64).unwrap();
    };
    let empty = || fs::remove_file(room.join("filler")).unwrap();

    // Room for neither file, for the key file only, and for all but a little.
    let vault = vault_at(&file);
    for leaving in [0, 4 << 10, 160 << 10, 250 << 10] {
        fill(leaving);
        assert_eq!(vault.begin_file(&passphrase()), Err(Error::DiskFull), "{leaving}");
        assert_eq!(vault.place(), Place::Keyring);
        assert_eq!(fs::read_dir(room).unwrap().count(), 1, "only the filler");
        empty();
    }
    vault.begin_file(&passphrase()).unwrap();

    let kept = item(ItemKind::HmacSecret);
    vault.keep(&kept, "Token Desk: a", &secret("s3cret")).unwrap();
    for leaving in [0, 4 << 10, 64 << 10] {
        fill(leaving);
        assert_eq!(vault.keep(&kept, "Token Desk: a", &secret("later")), Err(Error::DiskFull), "{leaving}");
        assert_eq!(vault.forget(&kept), Err(Error::DiskFull));
        assert_eq!(vault.change_passphrase(&passphrase(), &secret("staple staple")), Err(Error::DiskFull));
        let restarted = vault_at(&file);
        restarted.open_file(&passphrase()).unwrap();
        assert_eq!(restarted.fetch(&kept).unwrap().unwrap().expose_str(), Some("s3cret"));
        empty();
    }
    vault.keep(&kept, "Token Desk: a", &secret("later")).unwrap();
    assert_eq!(vault.fetch(&kept).unwrap().unwrap().expose_str(), Some("later"));
    println!("{END}");
}

fn on_a_small_disk(test: &str) {
    let room = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::at(room.path(), "1m") else { return };
    let mut again = disk.command(Command::new);
    again.arg(std::env::current_exe().unwrap()).args([test, "--exact", "--nocapture"]).env(ROOM, room.path());
    let output = again.output().unwrap();
    let (said, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains(END), "{said}\n{error}");
}
