//! Holds the files of a crate to one direction of imports.
//!
//! A *room* is a top-level module of a crate: a file, or a folder with all that is in it. A crate names its rooms from top to
//! bottom, one *floor* a line, in a test of its own:
//!
//! ```no_run
//! rooms::hold(env!("CARGO_MANIFEST_DIR"), &["http", "account tokens", "storage", "error"]);
//! ```
//!
//! Then a file may import from its own room and from the floors below it, never from above and never from a neighbour on its
//! floor; inside a room no files may import each other in a circle; and a thing is imported from the module that defines it, not
//! from the crate's root, because nobody could see a direction there. Roots (`lib.rs`, `main.rs`) stand above all rooms. Tests
//! inside a file are not looked at: they may build whatever they need.

mod arrows;
mod circles;
mod files;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use files::Files;

/// Panics, naming each arrow that does not run downwards, if the crate whose manifest lies in `manifest_dir` is not laid out
/// as `floors` say, top to bottom; rooms of one floor are parted by blanks.
#[track_caller]
pub fn hold(manifest_dir: impl AsRef<Path>, floors: &[&str]) {
    let house = House::of(manifest_dir.as_ref());
    let problems = house.problems(floors);
    assert!(problems.is_empty(), "the rooms of {} are not as its list says:\n{}", house.root, problems.join("\n"));
}

/// What the files of one crate import from each other.
#[derive(Debug)]
pub struct House {
    /// The folder that was read.
    root: String,
    /// File -> the files it imports; all files are there.
    arrows: BTreeMap<String, BTreeSet<String>>,
    /// File and name: things imported from the crate's root.
    from_root: BTreeSet<(String, String)>,
}

impl House {
    /// Reads all files of the crate in this folder.
    ///
    /// # Panics
    /// Where a file cannot be read or is no Rust.
    #[must_use]
    pub fn of(crate_folder: &Path) -> Self {
        let files = Files::below(&crate_folder.join("src"));
        let mut house = Self {
            root: crate_folder.display().to_string(),
            arrows: files.names().map(|name| (name.to_owned(), BTreeSet::new())).collect(),
            from_root: BTreeSet::new(),
        };
        for (from, path) in arrows::all(&files) {
            match files.defining(&path) {
                Some(to) if to == from => {}
                Some(to) => {
                    house.arrows.entry(from).or_default().insert(to.to_owned());
                }
                None => {
                    house.from_root.insert((from, path.join("::")));
                }
            }
        }
        house
    }

    /// Each circle of files that import each other, and its files.
    #[must_use]
    pub fn circles(&self) -> Vec<Vec<&str>> {
        circles::circles(&self.arrows)
    }

    /// The length of the longest way down, in files; a circle counts as one.
    #[must_use]
    pub fn floors(&self) -> usize {
        circles::floors(&self.arrows)
    }

    fn problems(&self, floors: &[&str]) -> Vec<String> {
        let mut floor_of = BTreeMap::new();
        for (floor, rooms) in floors.iter().enumerate() {
            for room in rooms.split_whitespace() {
                floor_of.insert(room, floor);
            }
        }
        let rooms: BTreeSet<&str> = self.arrows.keys().filter_map(|file| room(file)).collect();
        let unlisted = rooms.iter().filter(|room| !floor_of.contains_key(*room));
        let missing = floor_of.keys().filter(|room| !rooms.contains(*room));
        let from_root = self.from_root.iter().map(|(file, name)| {
            format!("  {file} imports {name} from the root: import it from the module that defines it")
        });
        let wrong =
            self.arrows.iter().flat_map(|(from, all)| all.iter().map(move |to| (from, to))).filter_map(|(from, to)| {
                let (room, other) = (room(from)?, room(to)?);
                let (floor, below) = (floor_of.get(room)?, floor_of.get(other)?);
                let runs = if below < floor { "upwards" } else { "to a neighbour on its floor" };
                (room != other && below <= floor).then(|| format!("  {from} imports {to}: that runs {runs}"))
            });
        let circles = self.circles();
        unlisted
            .map(|room| format!("  {room} is on no floor of the list"))
            .chain(missing.map(|room| format!("  {room} is on the list, and there is no such room")))
            .chain(from_root)
            .chain(wrong)
            .chain(circles.iter().map(|circle| format!("  these import each other in a circle: {}", circle.join(", "))))
            .collect()
    }
}

/// Files, floors, circles and things imported from the root, for a before and after.
impl fmt::Display for House {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rooms: BTreeSet<&str> = self.arrows.keys().filter_map(|file| room(file)).collect();
        let arrows: usize = self.arrows.values().map(BTreeSet::len).sum();
        write!(
            f,
            "{} rooms, {} files, {} arrows, {} floors, {} circles, {} imports from the root",
            rooms.len(),
            self.arrows.len(),
            arrows,
            self.floors(),
            self.circles().len(),
            self.from_root.len(),
        )
    }
}

/// The room that a file belongs to; the roots belong to none.
fn room(file: &str) -> Option<&str> {
    let first = file.split('/').next().unwrap_or(file);
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(name, "lib" | "main" | "bin")).then_some(name)
}
