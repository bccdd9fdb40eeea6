//! What is said to be written is on the disk. Each test runs itself once more, under strace.

use std::fs;
use std::path::Path;

use private_files::{Error, create, remove, replace, stage};

use crate::{again, inside, names, said, strace};

type Write = fn(&Path) -> Result<(), Error>;

/// By their names: the process inside is told one of them.
const WRITES: [(&str, Write); 4] = [
    ("replace", |path| replace(path, b"new")),
    ("create", |path| create(path, b"new")),
    ("staged", |path| stage(path, b"new")?.create()),
    ("remove", remove),
];

const WRITE: &str = "PRIVATE_FILES_TEST_WRITE";

/// Does one of [`WRITES`] where the process inside is, and says what came of it.
fn write(directory: &Path) {
    let asked = std::env::var(WRITE).unwrap();
    let (_, write) = WRITES.into_iter().find(|(name, _)| *name == asked).unwrap();
    match write(&directory.join("file")) {
        Ok(()) => println!("answer: written"),
        Err(Error::Failed { .. }) => println!("answer: failed"),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn content_is_on_the_disk_before_the_name_and_the_name_before_the_answer() {
    if let Some(directory) = inside() {
        return write(Path::new(&directory));
    }
    if !permitted::tracing() {
        return;
    }
    for name in ["replace", "create"] {
        let (dir, trace) = (tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
        let calls = "trace=fsync,rename,renameat,renameat2,linkat,write";
        let strace = strace(&["-y", "-e", calls, "-o", trace.path().to_str().unwrap()]);
        let test = "syncs::content_is_on_the_disk_before_the_name_and_the_name_before_the_answer";
        let output = again(strace, test, dir.path()).env(WRITE, name).output().unwrap();
        assert!(said(&output).contains("answer: written"), "{}", said(&output));
        let trace = fs::read_to_string(trace.path()).unwrap();
        let directory = format!("<{}>", dir.path().display());
        let mut lines = trace.lines();
        for (what, is_it) in [
            (
                "the content is written",
                &(|line: &str| line.contains("write(") && line.contains("\"new\"")) as &dyn Fn(&str) -> bool,
            ),
            ("it is synced", &|line: &str| line.contains("fsync(") && !line.contains(&directory)),
            ("it gets its name", &|line: &str| {
                line.contains("/file\"") && (line.contains("rename") || line.contains("linkat"))
            }),
            ("the directory is synced", &|line: &str| line.contains("fsync(") && line.contains(&directory)),
            ("it is answered", &|line: &str| line.contains("answer: ")),
        ] {
            assert!(lines.any(is_it), "{name}: not in this order: {what}\n{trace}");
        }
    }
}

/// The first sync is that of the file, the second that of its directory.
#[test]
fn what_could_not_be_put_on_the_disk_is_not_said_to_be() {
    if let Some(directory) = inside() {
        return write(Path::new(&directory));
    }
    if !permitted::tracing() {
        return;
    }
    for (name, error, which, answer, content) in [
        ("replace", "EIO", 1, "failed", Some("old")),
        // It has its name already, and has to keep it: the old file is gone.
        ("replace", "EIO", 2, "failed", Some("new")),
        ("replace", "EINVAL", 2, "failed", Some("new")),
        ("replace", "EIO", 3, "written", Some("new")),
        ("create", "EIO", 1, "failed", None),
        ("create", "EIO", 2, "failed", None),
        // A directory that cannot be synced at all: it may be on any file system.
        ("create", "EINVAL", 2, "written", Some("new")),
        ("create", "EIO", 3, "written", Some("new")),
        ("staged", "EIO", 1, "failed", None),
        ("staged", "EIO", 2, "failed", None),
        ("staged", "EIO", 3, "written", Some("new")),
        ("remove", "EIO", 1, "failed", None),
        ("remove", "EIO", 2, "written", None),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        if name == "replace" || name == "remove" {
            replace(&path, b"old").unwrap();
        }
        let inject = format!("inject=fsync:error={error}:when={which}");
        let strace = strace(&["-o", "/dev/null", "-e", "trace=fsync", "-e", &inject]);
        let test = "syncs::what_could_not_be_put_on_the_disk_is_not_said_to_be";
        let output = again(strace, test, dir.path()).env(WRITE, name).output().unwrap();
        let case = format!("{name}, sync {which}: {error}");
        assert!(said(&output).contains(&format!("answer: {answer}")), "{case}: {}", said(&output));
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), content, "{case}");
        assert_eq!(names(dir.path()).len(), usize::from(content.is_some()), "{case}: nothing is left beside it");
    }
}
