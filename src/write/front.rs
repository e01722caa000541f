//! What stands beside the versions of a site, and which of them it leads to: decided from their names alone, so that it can
//! be asked for one file as well as for all.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::parse::version::by_age;
use crate::render::redirect;
use crate::write::entrance::{self, Entrance};
use crate::write::headers;
use crate::write::published::{self, Published, VERSIONS};

/// What a version is called, for what leads to it.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    /// The name of its folder. The plan's reading sees to it that it is one, and none of the names beside it.
    pub version: &'a str,
    /// It was frozen: once published, it stays as it is.
    pub released: bool,
    /// For the pages that lead to it.
    pub title: &'a str,
    /// A BCP 47 language tag.
    pub language: &'a str,
}

/// The folder that leads to the newest release.
pub const LATEST: &str = "latest";

/// The site around versions that are made now, and those that are published already.
pub struct Front<'a> {
    names: Vec<Name<'a>>,
    pub(super) published: &'a Published,
    /// From the oldest to the newest.
    pub(super) versions: Vec<String>,
    released: BTreeSet<&'a str>,
    /// The newest release; where nothing is released yet, the newest version.
    pub(super) latest: String,
    /// What leads to the newest release is published, and stays.
    stays: bool,
}

/// Where a file of a site comes from, of which one version is made now.
#[derive(Debug, PartialEq, Eq)]
pub enum Origin {
    /// The version, below its folder.
    Version(String),
    /// What stands beside the versions.
    Front(String),
    /// The site that is there, under this name.
    Published(String),
}

impl<'a> Front<'a> {
    pub fn new(names: &[Name<'a>], published: &'a Published) -> Self {
        let versions = versions(names, published);
        let newly = names.iter().filter(|name| name.released).map(|name| name.version);
        let released: BTreeSet<&str> =
            newly.chain(published.released.iter().map(String::as_str)).collect();
        let is_released = |version: &&String| released.contains(version.as_str());
        let latest = versions.iter().rfind(is_released).or(versions.last()).cloned();
        let latest = latest.unwrap_or_default();
        let is_made = names.iter().any(|name| name.version == latest);
        let stays = !is_made && published.latest.as_deref() == Some(&latest);
        Self { names: names.to_vec(), published, versions, released, latest, stays }
    }

    /// Tells whether a file of the site that is there stays in it.
    pub(super) fn keeps(&self, path: &str) -> bool {
        let folder = path.split_once('/').map_or("", |(folder, _)| folder);
        if folder.is_empty() || folder == LATEST {
            return self.stays && path != VERSIONS && path != headers::FILE;
        }
        self.names.iter().all(|name| name.version != folder)
    }

    /// Returns the paths of what leads to the newest release, which has these files.
    pub(super) fn entrances<'f>(
        &self,
        files: impl Iterator<Item = &'f String>,
    ) -> impl Iterator<Item = String> {
        let below = files.map(|path| format!("{LATEST}/{path}"));
        entrance::TOP.iter().map(|path| (*path).to_owned()).chain(below)
    }

    /// Returns what leads to the newest release; `has` tells which files that has.
    pub(super) fn entrance(&self, path: &str, has: impl Fn(&str) -> bool) -> Option<Entrance> {
        if self.stays { None } else { entrance::entrance(path, &self.latest, has) }
    }

    /// Returns the page at a path that leads to another page.
    pub(super) fn redirect(&self, path: &str, target: &str) -> String {
        let name = self.names.iter().find(|name| name.version == self.latest);
        let name = name.or(self.names.first());
        name.map(|name| entrance::page(name, path, target)).unwrap_or_default()
    }

    /// Returns the script that tells every page which versions there are.
    pub(super) fn script(&self) -> String {
        published::script(&self.latest, &self.released, &self.versions)
    }

    /// Returns the headers of the site from those of the versions that are made, and of those that are there.
    pub(super) fn headers<'t>(
        &self,
        text_of: impl Fn(&str) -> Option<Cow<'t, str>>,
    ) -> Option<String> {
        headers::headers(&self.versions, &self.latest, |version| {
            if self.names.iter().any(|name| name.version == version) {
                return text_of(version);
            }
            self.published.headers.get(version).map(|text| Cow::Owned(text.clone()))
        })
    }

    /// Finds where a file of the site comes from, where one version is made now. `has` tells which files that has, and
    /// `headers` gives its `_headers`.
    pub fn origin(
        &self,
        path: &str,
        has: impl Fn(&str) -> bool,
        headers: impl Fn() -> Option<String>,
    ) -> Option<Origin> {
        if path == VERSIONS {
            return Some(Origin::Front(self.script()));
        }
        if path == headers::FILE {
            return self.headers(|_| headers().map(Cow::Owned)).map(Origin::Front);
        }
        let made = self.names.first().map_or("", |name| name.version);
        if let Some(below) = published::below(path, made) {
            return has(below).then(|| Origin::Version(below.to_owned()));
        }
        if self.keeps(path) {
            return self.published.files.contains_key(path).then(|| Origin::Published(path.into()));
        }
        let latest_has = |below: &str| match self.latest == made {
            true => has(below),
            false => self.published.files.contains_key(&format!("{}/{below}", self.latest)),
        };
        match self.entrance(path, latest_has)? {
            Entrance::Page(target) => Some(Origin::Front(self.redirect(path, &target))),
            Entrance::Script => Some(Origin::Front(redirect::SCRIPT.to_owned())),
            Entrance::Copy(at) => match published::below(&at, made) {
                Some(below) => Some(Origin::Version(below.to_owned())),
                None => Some(Origin::Published(at)),
            },
        }
    }
}

/// Returns these versions and those that are published, the newest last.
fn versions(names: &[Name<'_>], published: &Published) -> Vec<String> {
    let folders =
        published.files.keys().filter_map(|path| path.split_once('/')).map(|(folder, _)| folder);
    let folders = folders.filter(|folder| *folder != LATEST);
    let folders = folders.chain(names.iter().map(|name| name.version));
    let mut versions: Vec<_> =
        folders.collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect();
    versions.sort_by(|a, b| by_age(a, b));
    versions
}
