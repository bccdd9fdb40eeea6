use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The source files of a crate, and which module lives in which.
pub(crate) struct Files {
    /// The path of a module (`["account", "otp"]`) -> its file, relative to `src`, with slashes.
    by_module: BTreeMap<Vec<String>, String>,
    /// File -> its text.
    texts: BTreeMap<String, String>,
}

impl Files {
    pub(crate) fn below(src: &Path) -> Self {
        let mut files = Self { by_module: BTreeMap::new(), texts: BTreeMap::new() };
        files.read(src, src);
        files
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// Each file, the path of its module, and its text.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&str, Vec<String>, &str)> {
        self.texts.iter().map(|(name, text)| (name.as_str(), module(name), text.as_str()))
    }

    /// The file that defines what `path` (without `crate`) names: that of the longest part of it that is a module. None
    /// if only the crate's root is left.
    pub(crate) fn defining(&self, path: &[String]) -> Option<&str> {
        (1..=path.len()).rev().find_map(|length| self.by_module.get(&path[..length])).map(String::as_str)
    }

    /// The modules that have files right below this one.
    pub(crate) fn children(&self, parent: &[String]) -> BTreeSet<&str> {
        let below = self.by_module.keys().filter(|path| path.len() == parent.len() + 1 && path.starts_with(parent));
        below.filter_map(|path| path.last()).map(String::as_str).collect()
    }

    fn read(&mut self, src: &Path, folder: &Path) {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).path();
            if path.is_dir() {
                self.read(src, &path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let below = path.strip_prefix(src).unwrap_or(&path);
                let name = below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
                self.by_module.insert(module(&name), name.clone());
                self.texts.insert(name, text);
            }
        }
        // A program has a root of its own, whose modules are not the library's.
        self.by_module.retain(|path, _| !path.is_empty());
    }
}

/// `account/mod.rs` and `account.rs` are both the module `account`; the roots have an empty path.
fn module(file: &str) -> Vec<String> {
    let mut path: Vec<String> = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if path.last().is_some_and(|last| last == "mod") || file == "lib.rs" || file == "main.rs" {
        path.pop();
    }
    path
}
