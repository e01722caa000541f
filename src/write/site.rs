//! Versions that are made now and what is already published → every file of the site.
//!
//! ```text
//! site/
//!   1.0/…           a version, with every page
//!   latest/…        for each page of the newest release a small page that leads to it, and copies of its data files
//!   index.html      leads to the newest release
//!   versions.js     lists the versions, for the picker of every page
//! ```
//!
//! Where nothing is released yet, the newest version stands in for the newest release.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::parse::version::by_age;
use crate::render::Output;
use crate::source::sha256;
use crate::write::entrance::{self, Entrance};
use crate::write::headers;
use crate::write::marker::Files;
use crate::write::published::{self, Published};

/// One version of a portal, ready to be published.
#[derive(Clone, Copy, Debug)]
pub struct Edition<'a> {
    /// The name of its folder. The plan's reading sees to it that it is one, and none of the names beside it.
    pub version: &'a str,
    /// It was frozen: once published, it stays as it is.
    pub released: bool,
    /// For the pages that lead to it.
    pub title: &'a str,
    /// A BCP 47 language tag.
    pub language: &'a str,
    pub output: &'a Output,
}

/// Every file of a site.
#[derive(Debug, PartialEq, Eq)]
pub struct Site {
    pub files: BTreeMap<String, Content>,
    /// From the oldest to the newest.
    pub versions: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    New {
        bytes: Arc<[u8]>,
        digest: String,
    },
    /// A file of the site that is there, whatever it holds, under its name there.
    Published {
        at: String,
        digest: String,
    },
}

/// The folder that leads to the newest release.
pub const LATEST: &str = "latest";

/// Returns the site that has these versions, beside the other versions of the files that are there.
pub fn site(editions: &[Edition<'_>], published: &Published) -> Site {
    let edition = |version: &str| editions.iter().find(|edition| edition.version == version);
    let versions = versions(editions, &published.files);
    let newly = editions.iter().filter(|edition| edition.released).map(|edition| edition.version);
    let released: BTreeSet<&str> =
        newly.chain(published.released.iter().map(String::as_str)).collect();
    let is_released = |version: &&String| released.contains(version.as_str());
    let latest = versions.iter().rfind(is_released).or(versions.last());
    let latest = latest.map_or("", String::as_str);

    let mut files = BTreeMap::new();
    let is_led_to = edition(latest).is_none() && published.latest.as_deref() == Some(latest);
    for (path, digest) in &published.files {
        let folder = path.split_once('/').map_or("", |(folder, _)| folder);
        let leads = folder.is_empty() || folder == LATEST;
        if (leads && is_led_to) || (!leads && edition(folder).is_none()) {
            let content = Content::Published { at: path.clone(), digest: digest.clone() };
            files.insert(path.clone(), content);
        }
    }
    let mut new: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
    for Edition { version, output, .. } in editions {
        let paths = output.iter();
        new.extend(paths.map(|(path, bytes)| (format!("{version}/{path}"), Arc::clone(bytes))));
    }
    if let Some(named) = edition(latest).or(editions.first()).filter(|_| !is_led_to) {
        for (path, entrance) in entrance::entrances(named, latest, &pages(latest, &new, published))
        {
            match entrance {
                Entrance::Page(text) => drop(new.insert(path, text.into_bytes().into())),
                Entrance::Copy(at) => match (new.get(&at).cloned(), published.files.get(&at)) {
                    (Some(bytes), _) => drop(new.insert(path, bytes)),
                    (None, Some(digest)) => {
                        let digest = digest.clone();
                        files.insert(path, Content::Published { at, digest });
                    }
                    (None, None) => {}
                },
            }
        }
    }
    let script = published::script(latest, &released, &versions);
    new.insert(published::VERSIONS.into(), script.into_bytes().into());
    let headers = headers::headers(&versions, latest, |version| match edition(version) {
        Some(edition) => {
            edition.output.get(headers::FILE).map(|text| String::from_utf8_lossy(text))
        }
        None => published.headers.get(version).map(|text| text.as_str().into()),
    });
    files.remove(headers::FILE);
    new.extend(headers.map(|text| (headers::FILE.to_owned(), text.into_bytes().into())));
    let new: Vec<_> = new
        .into_par_iter()
        .map(|(path, bytes)| {
            let digest = sha256(&bytes);
            (path, Content::New { bytes, digest })
        })
        .collect();
    files.extend(new);
    Site { files, versions }
}

impl Site {
    /// Returns the list of the files, for the marker.
    pub fn digests(&self) -> Files {
        let digests = self.files.iter().map(|(path, content)| {
            let (Content::New { digest, .. } | Content::Published { digest, .. }) = content;
            (path.clone(), digest.clone())
        });
        digests.collect()
    }
}

/// Returns these versions and those that are published, the newest last.
fn versions(editions: &[Edition<'_>], published: &Files) -> Vec<String> {
    let folders =
        published.keys().filter_map(|path| path.split_once('/')).map(|(folder, _)| folder);
    let folders = folders.filter(|folder| *folder != LATEST);
    let folders = folders.chain(editions.iter().map(|edition| edition.version));
    let mut versions: Vec<_> =
        folders.collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect();
    versions.sort_by(|a, b| by_age(a, b));
    versions
}

/// Returns the files of a version, below its folder.
fn pages(
    version: &str,
    new: &BTreeMap<String, Arc<[u8]>>,
    published: &Published,
) -> BTreeSet<String> {
    let is_new = new.keys().any(|path| published::below(path, version).is_some());
    let old = published.files.keys().filter(|_| !is_new);
    let all = new.keys().chain(old);
    all.filter_map(|path| published::below(path, version)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(paths: &[&str]) -> Output {
        paths.iter().map(|path| ((*path).to_owned(), Arc::from(path.as_bytes()))).collect()
    }

    fn site_of(version: &str, output: &Output, files: &Files) -> Site {
        let published = Published { files: files.clone(), ..Published::default() };
        site(&[edition(version, output)], &published)
    }

    fn edition<'a>(version: &'a str, output: &'a Output) -> Edition<'a> {
        Edition { version, released: false, title: "A & B", language: "en", output }
    }

    fn text(site: &Site, path: &str) -> String {
        let Some(Content::New { bytes, .. }) = site.files.get(path) else { panic!("no {path}") };
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
        let site = site_of("1.0", &output, &Files::new());
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
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'">
        <title>A &amp; B</title>
        <link rel="canonical" href="../../1.0/runbooks/db%201.html">
        <noscript><meta http-equiv="refresh" content="0; url=../../1.0/runbooks/db%201.html"></noscript>
        <script src="../../redirect.js"></script>
        <main><h1><a href="../../1.0/runbooks/db%201.html">A &amp; B</a></h1></main>
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
        let first = site_of("1.0", &output(&["index.html", "old.html"]), &Files::new()).digests();
        let second = site_of("1.1", &output(&["index.html"]), &first);
        assert_eq!(second.versions, ["1.0", "1.1"]);
        let (at, digest) = ("1.0/old.html".to_owned(), first["1.0/old.html"].clone());
        let old = Content::Published { at, digest };
        assert_eq!(second.files["1.0/old.html"], old);
        assert!(!second.files.contains_key("latest/old.html"));
        assert!(text(&second, "latest/index.html").contains("../1.1/index.html"));
        let published = Published {
            files: second.digests(),
            latest: Some("1.1".into()),
            ..Published::default()
        };
        let again = site(&[edition("1.0", &output(&["index.html"]))], &published);
        assert!(!again.files.contains_key("1.0/old.html"));
        let latest = &again.files["latest/index.html"];
        assert!(
            matches!(latest, Content::Published { .. }),
            "an older version does not take its place"
        );
        assert_eq!(again.digests()["latest/index.html"], second.digests()["latest/index.html"]);
    }

    #[test]
    fn the_newest_release_is_led_to_and_not_what_comes_next() {
        let (one, two) =
            (output(&["index.html", "a.html", "handover.json"]), output(&["index.html"]));
        let release = Edition { released: true, ..edition("1.0", &one) };
        let both = site(&[release, edition("1.1", &two)], &Published::default());
        assert!(text(&both, "latest/a.html").contains("../1.0/a.html"));
        assert!(text(&both, "versions.js").contains(r#"{"latest":"1.0","released":["1.0"]"#));
        // Only the folder of the release is left, and something older is built: what leads to it is made anew.
        let left = both.digests().into_iter().filter(|(path, _)| path.starts_with("1.0/"));
        let published = Published {
            files: left.collect(),
            latest: Some("1.1".into()),
            released: BTreeSet::from(["1.0".to_owned()]),
            ..Published::default()
        };
        let site = site(&[edition("0.9", &two)], &published);
        assert!(text(&site, "latest/a.html").contains("../1.0/a.html"));
        let data = &site.files["latest/handover.json"];
        assert!(matches!(data, Content::Published { at, .. } if at == "1.0/handover.json"));
    }
}
