//! Versions that are made now and what is already published → where every file of the site comes from.
//!
//! ```text
//! site/
//!   1.0/…           a version, with every page
//!   latest/…        for each page of the newest release a small page that leads to it, and copies of its data files
//!   index.html      leads to the newest release
//!   versions.js     lists the versions, for the picker of every page
//! ```
//!
//! Where nothing is released yet, the newest version stands in for the newest release. No file is made here: a site is as
//! large as its list.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::render::{Files, Made, redirect};
use crate::write::entrance::Entrance;
use crate::write::front::{Front, Name};
use crate::write::headers;
use crate::write::published::{self, Published};
use crate::write::shard::{self, Shards};

/// One version of a portal, ready to be published.
#[derive(Clone, Copy)]
pub struct Edition<'a> {
    pub name: Name<'a>,
    pub files: &'a dyn Files,
}

/// Every file of a site.
pub struct Site<'a> {
    editions: &'a [Edition<'a>],
    front: Front<'a>,
    pub files: BTreeMap<String, Content>,
    /// The new files, those that take longest first.
    pub order: Vec<String>,
}

/// Where a file of a site comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A version: which of the editions, and the path below its folder.
    Made(usize, String),
    /// A file of a shard, which was made elsewhere, and its digest.
    Carried(PathBuf, String),
    /// A text that stands beside the versions.
    Text(String),
    /// A page that leads to another page of the site.
    Redirect(String),
    /// Another file of the site, which is new too.
    Copy(String),
    /// A file of the site that is there, whatever it holds, under its name there.
    Published { at: String, digest: String },
}

/// Returns the site that has these versions, beside the other versions of the files that are there.
pub fn site<'a>(editions: &'a [Edition<'a>], published: &'a Published) -> Site<'a> {
    let names: Vec<Name<'_>> = editions.iter().map(|edition| edition.name).collect();
    let front = Front::new(&names, published);
    let (mut files, mut order) = made(editions);
    for (path, digest) in published.files.iter().filter(|(path, _)| front.keeps(path)) {
        let content = Content::Published { at: path.clone(), digest: digest.clone() };
        files.insert(path.clone(), content);
    }
    let mut beside = BTreeMap::new();
    let pages = files.keys().filter_map(|path| published::below(path, &front.latest));
    let pages: BTreeSet<String> = pages.map(str::to_owned).collect();
    for path in front.entrances(pages.iter()) {
        let content = match front.entrance(&path, |page| pages.contains(page)) {
            Some(Entrance::Page(target)) => Content::Redirect(target),
            Some(Entrance::Script) => Content::Text(redirect::SCRIPT.to_owned()),
            Some(Entrance::Copy(at)) => match (files.get(&at), published.files.get(&at)) {
                (Some(Content::Made(..)), _) => Content::Copy(at),
                (_, Some(digest)) => Content::Published { at, digest: digest.clone() },
                (_, None) => continue,
            },
            None => continue,
        };
        beside.insert(path, content);
    }
    beside.insert(published::VERSIONS.into(), Content::Text(front.script()));
    let headers = front.headers(|version| {
        let edition = editions.iter().find(|edition| edition.name.version == version)?;
        let text = edition.files.file(headers::FILE)?.ok()?;
        Some(Cow::Owned(String::from_utf8_lossy(&text).into_owned()))
    });
    beside.extend(headers.map(|text| (headers::FILE.to_owned(), Content::Text(text))));
    let is_new = |content: &Content| matches!(content, Content::Text(_) | Content::Redirect(_));
    order.extend(beside.iter().filter(|(_, it)| is_new(it)).map(|(path, _)| path.clone()));
    files.extend(beside);
    Site { editions, front, files, order }
}

/// Returns what a shard holds: the files of its editions, and its label.
pub(super) fn part<'a>(
    editions: &'a [Edition<'a>],
    published: &'a Published,
    label: String,
) -> Site<'a> {
    let names: Vec<Name<'_>> = editions.iter().map(|edition| edition.name).collect();
    let (mut files, order) = made(editions);
    files.insert(shard::LABEL.to_owned(), Content::Text(label));
    let order = order.into_iter().chain([shard::LABEL.to_owned()]).collect();
    Site { editions, front: Front::new(&names, published), files, order }
}

/// Returns the files of editions, and in which order they are made.
fn made(editions: &[Edition<'_>]) -> (BTreeMap<String, Content>, Vec<String>) {
    let (mut files, mut order) = (BTreeMap::new(), Vec::new());
    for (number, edition) in editions.iter().enumerate() {
        for path in edition.files.paths() {
            order.push(format!("{}/{path}", edition.name.version));
            files.insert(format!("{}/{path}", edition.name.version), Content::Made(number, path));
        }
    }
    (files, order)
}

impl Site<'_> {
    /// Makes the file at a path; `None` where it stands in the site already, or nothing does.
    pub fn file(&self, path: &str) -> Option<Made> {
        match self.files.get(path)? {
            Content::Made(edition, below) => self.editions.get(*edition)?.files.file(below),
            Content::Text(text) => Some(Ok(text.as_bytes().into())),
            Content::Redirect(target) => {
                Some(Ok(self.front.redirect(path, target).into_bytes().into()))
            }
            Content::Copy(of) => self.file(of),
            Content::Carried(..) | Content::Published { .. } => None,
        }
    }

    /// Takes the files of the versions from the shards that they were made in.
    pub(super) fn carried_from(mut self, shards: &Shards) -> Self {
        for content in self.files.values_mut() {
            if let Content::Made(version, below) = content
                && let Some((at, digest)) = shards.origin(*version, below)
            {
                *content = Content::Carried(at.clone(), digest.clone());
            }
        }
        self
    }

    /// Returns the places that have the bytes of a new file: its own, and those of its copies.
    pub fn copies(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut copies: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (path, content) in &self.files {
            if let Content::Copy(of) = content {
                copies.entry(of).or_default().push(path);
            }
        }
        copies
    }

    /// Returns the releases that are published already, and made again: they stay as they are.
    pub(super) fn made_again(&self) -> impl Iterator<Item = &str> {
        let versions = self.editions.iter().map(|edition| edition.name.version);
        versions.filter(|version| self.front.published.released.contains(*version))
    }

    /// Tells whether a path is of such a release.
    pub(super) fn is_released(&self, path: &str) -> bool {
        self.made_again().any(|version| published::below(path, version).is_some())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::render::Output;
    use crate::source::sha256;
    use crate::write::marker::Files as Digests;

    fn output(paths: &[&str]) -> Output {
        paths.iter().map(|path| ((*path).to_owned(), Arc::from(path.as_bytes()))).collect()
    }

    fn published(files: &Digests) -> Published {
        Published { files: files.clone(), ..Published::default() }
    }

    /// Returns the list of a site's files, as its marker has it.
    fn digests(site: &Site<'_>) -> Digests {
        let digest = |path: &String, content: &Content| match content {
            Content::Published { digest, .. } => digest.clone(),
            _ => sha256(&site.file(path).unwrap().ok().unwrap()),
        };
        site.files.iter().map(|(path, content)| (path.clone(), digest(path, content))).collect()
    }

    fn edition<'a>(version: &'a str, files: &'a Output) -> Edition<'a> {
        let name = Name { version, released: false, title: "A & B", language: "en" };
        Edition { name, files }
    }

    fn text(site: &Site<'_>, path: &str) -> String {
        let bytes = site.file(path).unwrap_or_else(|| panic!("no {path}")).ok().unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn a_site_leads_to_its_version() {
        let output = output(&[
            "index.html",
            "runbooks/db 1.html",
            "handover.json",
            "_headers",
            "assets/a.txt",
        ]);
        let (editions, published) = ([edition("1.0", &output)], Published::default());
        let site = site(&editions, &published);
        assert_eq!(
            site.files.keys().collect::<Vec<_>>(),
            [
                "1.0/_headers",
                "1.0/assets/a.txt",
                "1.0/handover.json",
                "1.0/index.html",
                "1.0/runbooks/db 1.html",
                "_headers",
                "index.html",
                "latest/handover.json",
                "latest/index.html",
                "latest/runbooks/db 1.html",
                "redirect.js",
                "versions.js",
            ]
        );
        insta::assert_snapshot!(text(&site, "latest/runbooks/db 1.html"), @r#"
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>A &amp; B</title>
        <link rel="canonical" href="../../1.0/runbooks/db%201.html">
        <noscript><meta http-equiv="refresh" content="0; url=../../1.0/runbooks/db%201.html"></noscript>
        <link rel="stylesheet" href="../../1.0/app.css">
        <body class="leads">
        <main>
        <h1>A &amp; B</h1>
        <p>Go on to <a href="../../1.0/runbooks/db%201.html">A &amp; B</a>.</p>
        </main>
        <script src="../../redirect.js"></script>
        </body>
        </html>
        "#);
        assert!(text(&site, "index.html").contains("url=1.0/index.html"));
        assert_eq!(
            text(&site, "versions.js"),
            "handoverVersions({\"latest\":\"1.0\",\"released\":[],\"versions\":[\"1.0\"]});\n"
        );
    }

    #[test]
    fn other_versions_stay_as_they_are() {
        let (one, two) = (output(&["index.html", "old.html"]), output(&["index.html"]));
        let first = digests(&site(&[edition("1.0", &one)], &Published::default()));
        let (editions, there) = ([edition("1.1", &two)], published(&first));
        let second = site(&editions, &there);
        let (at, digest) = ("1.0/old.html".to_owned(), first["1.0/old.html"].clone());
        assert_eq!(second.files["1.0/old.html"], Content::Published { at, digest });
        assert!(!second.files.contains_key("latest/old.html"));
        assert!(text(&second, "versions.js").contains(r#""versions":["1.0","1.1"]"#));
        assert!(text(&second, "latest/index.html").contains("../1.1/index.html"));
        let there = Published { latest: Some("1.1".into()), ..published(&digests(&second)) };
        let editions = [edition("1.0", &two)];
        let again = site(&editions, &there);
        assert!(!again.files.contains_key("1.0/old.html"));
        let Content::Published { digest, .. } = &again.files["latest/index.html"] else {
            panic!("an older version does not take its place")
        };
        assert_eq!(*digest, digests(&second)["latest/index.html"]);
    }

    #[test]
    fn the_newest_release_is_led_to_and_not_what_comes_next() {
        let (one, two) =
            (output(&["index.html", "a.html", "handover.json"]), output(&["index.html"]));
        let mut release = edition("1.0", &one);
        release.name.released = true;
        let (editions, nothing) = ([release, edition("1.1", &two)], Published::default());
        let both = site(&editions, &nothing);
        assert!(text(&both, "latest/a.html").contains("../1.0/a.html"));
        assert!(text(&both, "versions.js").contains(r#"{"latest":"1.0","released":["1.0"]"#));
        assert_eq!(both.copies(), [("1.0/handover.json", vec!["latest/handover.json"])].into());
        // Only the folder of the release is left, and something older is built: what leads to it is made anew.
        let left = digests(&both).into_iter().filter(|(path, _)| path.starts_with("1.0/"));
        let there = Published {
            files: left.collect(),
            latest: Some("1.1".into()),
            released: BTreeSet::from(["1.0".to_owned()]),
            ..Published::default()
        };
        let editions = [edition("0.9", &two)];
        let site = site(&editions, &there);
        assert!(text(&site, "latest/a.html").contains("../1.0/a.html"));
        let data = &site.files["latest/handover.json"];
        assert!(matches!(data, Content::Published { at, .. } if at == "1.0/handover.json"));
    }
}
