use std::collections::{BTreeMap, BTreeSet};

type Arrows = BTreeMap<String, BTreeSet<String>>;

/// Each set of files that all reach each other.
pub(crate) fn circles(arrows: &Arrows) -> Vec<Vec<&str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|file| (file.as_str(), reachable(arrows, file))).collect();
    let mut circles = BTreeSet::new();
    for (file, all) in &reach {
        if all.contains(file) {
            circles.insert(all.iter().copied().filter(|other| reach[other].contains(file)).collect::<Vec<_>>());
        }
    }
    circles.into_iter().collect()
}

/// How many files the longest way down passes; a circle counts as one of them.
pub(crate) fn floors(arrows: &Arrows) -> usize {
    let in_circle: BTreeMap<&str, usize> =
        circles(arrows).iter().enumerate().flat_map(|(at, files)| files.iter().map(move |file| (*file, at))).collect();
    let mut known = BTreeMap::new();
    arrows.keys().map(|file| height(arrows, &in_circle, file, &mut known)).max().unwrap_or(0)
}

fn height<'a>(
    arrows: &'a Arrows,
    in_circle: &BTreeMap<&'a str, usize>,
    file: &'a str,
    known: &mut BTreeMap<&'a str, usize>,
) -> usize {
    if let Some(height) = known.get(file) {
        return *height;
    }
    let circle = in_circle.get(file);
    let together = |other: &str| circle.is_some() && in_circle.get(other) == circle;
    let members: Vec<&str> =
        arrows.keys().map(String::as_str).filter(|other| *other == file || together(other)).collect();
    let below: BTreeSet<&str> = members.iter().flat_map(|member| &arrows[*member]).map(String::as_str).collect();
    let outside = below.into_iter().filter(|other| !members.contains(other));
    let height = 1 + outside.map(|other| height(arrows, in_circle, other, known)).max().unwrap_or(0);
    known.extend(members.into_iter().map(|member| (member, height)));
    height
}

/// All that can be reached from a file by one arrow or more.
fn reachable<'a>(arrows: &'a Arrows, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = arrows[from].iter().map(String::as_str).collect();
    while let Some(file) = open.pop() {
        if reached.insert(file) {
            open.extend(arrows[file].iter().map(String::as_str));
        }
    }
    reached
}
