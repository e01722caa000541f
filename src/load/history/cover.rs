//! Globs of code that documents describe, and since when changes to it count.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use gix::{ObjectId, Repository};
use globset::{GlobSet, GlobSetBuilder};

use crate::history::{Since, Wanted, glob};
use crate::load::history::bits::Bits;
use crate::load::history::commits::named;

/// The covers that are wanted, ready to be asked.
#[derive(Default)]
pub(super) struct Covers {
    globs: GlobSet,
    /// For each glob, the index of the wanted cover.
    owners: Vec<usize>,
    /// For each wanted cover, the number of its beginning.
    pub(super) since: Vec<usize>,
    /// The commits that are beginnings.
    pub(super) commits: BTreeMap<usize, ObjectId>,
    /// The days that are beginnings, each with the last day that counts.
    pub(super) days: BTreeMap<usize, (NaiveDate, NaiveDate)>,
    /// All beginnings.
    pub(super) all: Bits,
    /// The folders that the globs can match in.
    pub(super) folders: Vec<String>,
}

impl Covers {
    /// `folder` is that of the project.
    pub(super) fn new(repository: &Repository, folder: &str, wanted: &Wanted<'_>) -> Self {
        let mut covers = Self::default();
        let mut builder = GlobSetBuilder::new();
        let mut beginnings: BTreeMap<&Since, usize> = BTreeMap::new();
        for (index, cover) in wanted.covers.iter().enumerate() {
            let next = beginnings.len();
            let beginning = *beginnings.entry(&cover.since).or_insert(next);
            covers.since.push(beginning);
            for pattern in cover.globs.iter().flat_map(|glob| from_the_top(folder, glob)) {
                covers.folders.push(literal_folder(&pattern));
                for pattern in [format!("{pattern}/**"), pattern] {
                    // One that is no glob was reported where it stands.
                    if let Ok(glob) = glob(&pattern) {
                        builder.add(glob);
                        covers.owners.push(index);
                    }
                }
            }
        }
        for (since, beginning) in &beginnings {
            match since.commit.as_deref().and_then(|commit| named(repository, commit)) {
                Some(commit) => drop(covers.commits.insert(*beginning, commit)),
                None => drop(covers.days.insert(*beginning, (since.day, since.until))),
            }
        }
        covers.all = Bits::all(beginnings.len());
        covers.globs = builder.build().unwrap_or_default();
        covers
    }

    pub(super) fn is_empty(&self) -> bool {
        self.since.is_empty()
    }

    /// Returns the indices of the wanted covers that a path of the repository belongs to.
    pub(super) fn of(&self, path: &str) -> impl Iterator<Item = usize> + '_ {
        self.globs.matches(path).into_iter().map(|glob| self.owners[glob])
    }
}

/// Returns what a glob can mean as seen from the root of the repository: it is written as seen from the project's root, or
/// from that of the repository that the project is a part of.
fn from_the_top(folder: &str, glob: &str) -> Vec<String> {
    let (rooted, glob) = match glob.strip_prefix('/') {
        Some(glob) => (true, glob),
        None => (false, glob),
    };
    let glob = glob.trim_start_matches("./").trim_end_matches('/');
    let mut above: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let mut below = glob;
    while let Some(rest) = below.strip_prefix("../") {
        below = rest;
        if above.pop().is_none() {
            return Vec::new();
        }
    }
    let climbs = below.len() != glob.len();
    let escaped = above.iter().map(|part| globset::escape(part));
    let seen_from_project = escaped.chain([below.to_owned()]).collect::<Vec<_>>().join("/");
    let mut patterns = Vec::new();
    if !rooted {
        patterns.push(seen_from_project);
    }
    if rooted || !climbs && !folder.is_empty() {
        patterns.push(glob.to_owned());
    }
    patterns
}

/// Returns the folder that a pattern cannot match outside of: its parts up to the first with a sign in it.
fn literal_folder(pattern: &str) -> String {
    let plain = |part: &&str| !part.contains(['*', '?', '[', '{', '\\', ']', '}']);
    pattern.split('/').take_while(plain).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_is_seen_from_the_project_or_the_repository() {
        assert_eq!(from_the_top("", "deploy/**"), ["deploy/**"]);
        assert_eq!(from_the_top("docs", "deploy/**"), ["docs/deploy/**", "deploy/**"]);
        assert_eq!(from_the_top("docs", "/deploy/"), ["deploy"]);
        assert_eq!(from_the_top("docs/a", "../../deploy/*.yaml"), ["deploy/*.yaml"]);
        assert_eq!(from_the_top("docs", "../../deploy"), [""; 0]);
        assert_eq!(from_the_top("a[b]", "../x"), ["x"]);
    }

    #[test]
    fn a_pattern_is_looked_for_where_it_can_match() {
        assert_eq!(literal_folder("deploy/helm/**/*.yaml"), "deploy/helm");
        assert_eq!(literal_folder("**/x"), "");
        assert_eq!(literal_folder("deploy/api.yaml"), "deploy/api.yaml");
    }
}
