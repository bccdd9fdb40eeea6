use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use permitted::SmallDisk;
use private_files::{DataDir, Error, create, open_or_make, replace, stage};

use crate::{again, inside, names, said};

const PAGE: usize = 4_096;

/// Runs in a mount namespace of its own, over a small file system in memory.
#[test]
fn a_full_disk_is_said_so_and_costs_nothing_that_was_there() {
    let Some(disk) = inside() else {
        return on_a_small_disk("full_disk::a_full_disk_is_said_so_and_costs_nothing_that_was_there");
    };
    let disk = Path::new(&disk);
    let (path, new, filler) = (disk.join("file"), disk.join("new"), disk.join("filler"));
    replace(&path, b"old").unwrap();
    // From no page left to one too few.
    for pages in 0..3 {
        fill(&filler, pages);
        let content = vec![1; (pages + 1) * PAGE];
        for written in [replace(&path, &content), create(&new, &content), stage(&path, &content).map(drop)] {
            assert!(matches!(written, Err(Error::DiskFull)), "{pages} pages: {written:?}");
        }
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(disk), ["file", "filler"], "{pages} pages");
        fs::remove_file(&filler).unwrap();
    }
    replace(&path, &[1; 3 * PAGE]).unwrap();

    // There is room, but none for another name.
    let mut names = (0..).map(|number| disk.join(number.to_string()));
    while names.next().is_some_and(|name| File::create_new(name).is_ok()) {}
    let outcomes = [replace(&path, b"new"), open_or_make(&new).map(drop), DataDir::prepare(&new)];
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(Error::DiskFull))), "{outcomes:?}");
    assert_eq!(fs::read(&path).unwrap().len(), 3 * PAGE);
    println!("the end is reached");
}

fn fill(filler: &Path, pages: usize) {
    let mut file = File::create(filler).unwrap();
    while file.write_all(&[1; PAGE]).is_ok() {}
    let size = file.metadata().unwrap().len();
    file.set_len(size - (pages * PAGE) as u64).unwrap();
}

fn on_a_small_disk(test: &str) {
    let mount = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::at(mount.path(), "128k,nr_inodes=40") else { return };
    let output = again(disk.command(Command::new), test, mount.path()).output().unwrap();
    assert!(output.status.success() && said(&output).contains("the end is reached"), "{}", said(&output));
}
