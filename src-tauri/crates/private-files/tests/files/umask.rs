use std::path::Path;
use std::process::Command;

use private_files::{DataDir, create, draft, open_or_make, replace, stage};

use crate::{again, inside, mode, said};

#[test]
fn whatever_the_umask_says_nobody_else_can_do_anything_with_what_is_made() {
    if let Some(directory) = inside() {
        return make_all(Path::new(&directory));
    }
    for umask in ["0", "022", "027", "077"] {
        let dir = tempfile::tempdir().unwrap();
        let shell = format!("umask {umask} && exec \"$@\"");
        let mut sh = Command::new("sh");
        sh.args(["-c", &shell, "sh"]);
        let test = "umask::whatever_the_umask_says_nobody_else_can_do_anything_with_what_is_made";
        let output = again(sh, test, dir.path()).output().unwrap();
        assert!(output.status.success() && said(&output).contains("1 passed"), "{umask}: {}", said(&output));
    }
}

fn make_all(directory: &Path) {
    let data = DataDir::own(&directory.join("above/data")).unwrap();
    assert_eq!([mode(&directory.join("above")), mode(data.path())], [0o700; 2]);
    let path = |name: &str| data.join(name);
    open_or_make(&path("opened")).unwrap();
    replace(&path("replaced"), b"x").unwrap();
    create(&path("created"), b"x").unwrap();
    let (staged, draft) = (stage(&path("staged"), b"x").unwrap(), draft(&path("draft")).unwrap());
    let files = ["lock", "opened", "replaced", "created"].map(path);
    for file in files.iter().map(|file| &**file).chain([staged.path(), draft.path()]) {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    staged.create().unwrap();
    draft.replace().unwrap();
    assert_eq!([mode(&path("staged")), mode(&path("draft"))], [0o600; 2]);
}
