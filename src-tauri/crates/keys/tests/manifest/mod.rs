//! Reads a folder of files and its `manifest.tsv`.

use std::fs;
use std::path::{Path, PathBuf};

use keys::{Field, Recognised, recognise};

/// A row of a manifest: a file and what it must be recognised as.
pub(crate) struct Row {
    pub(crate) file: String,
    pub(crate) kind: String,
    pub(crate) in_public_field: String,
    pub(crate) in_private_field: String,
    /// The last column: `note` in the corpus, `code` in the cases.
    pub(crate) last: String,
    pub(crate) bytes: Vec<u8>,
}

impl Row {
    pub(crate) fn recognised(&self) -> Recognised {
        recognise(&self.bytes)
    }

    /// What is different from what the manifest says.
    pub(crate) fn difference(&self) -> Option<String> {
        let recognised = self.recognised();
        let fits = |expected: &str, found: &str| expected == "*" || expected == found;
        let [public, private] = [Field::Public, Field::Private].map(|field| recognised.verdict(field).as_str());
        let kind = recognised.kind().as_str();
        let right = self.kind == kind && fits(&self.in_public_field, public) && fits(&self.in_private_field, private);
        (!right).then(|| {
            let code = recognised.code();
            format!("{}: {kind} {public} {private} {code}", self.file)
        })
    }
}

/// All rows of a folder under `tests`.
pub(crate) fn rows(folder: &str) -> Vec<Row> {
    let text = fs::read_to_string(path(folder, "manifest.tsv")).unwrap();
    text.lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split('\t').map(str::to_owned);
            let mut next = || cells.next().unwrap_or_default();
            let file = next();
            Row {
                bytes: fs::read(path(folder, &file)).unwrap(),
                file,
                kind: next(),
                in_public_field: next(),
                in_private_field: next(),
                last: next(),
            }
        })
        .collect()
}

/// The files of a folder that its manifest does not name, and the reverse.
pub(crate) fn unnamed(folder: &str, besides: &[&str]) -> Vec<String> {
    let named: Vec<String> = rows(folder).into_iter().map(|row| row.file).collect();
    fs::read_dir(path(folder, ""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "manifest.tsv" && !besides.contains(&name.as_str()))
        .filter(|name| !named.contains(name))
        .collect()
}

fn path(folder: &str, file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder).join(file)
}
