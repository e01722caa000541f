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

use crate::render::Output;
use crate::source::sha256;
use crate::write::entrance::Entrance;
use crate::write::front::{Front, Name};
use crate::write::headers;
use crate::write::marker::Files;
use crate::write::published::{self, Published};

/// One version of a portal, ready to be published.
#[derive(Clone, Copy, Debug)]
pub struct Edition<'a> {
    pub name: Name<'a>,
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

/// Returns the site that has these versions, beside the other versions of the files that are there.
pub fn site(editions: &[Edition<'_>], published: &Published) -> Site {
    let names: Vec<Name<'_>> = editions.iter().map(|edition| edition.name).collect();
    let front = Front::new(&names, published);
    let mut files = BTreeMap::new();
    for (path, digest) in published.files.iter().filter(|(path, _)| front.keeps(path)) {
        let content = Content::Published { at: path.clone(), digest: digest.clone() };
        files.insert(path.clone(), content);
    }
    let mut new: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
    for Edition { name, output } in editions {
        let paths = output.iter();
        new.extend(
            paths.map(|(path, bytes)| (format!("{}/{path}", name.version), Arc::clone(bytes))),
        );
    }
    let pages = pages(&front.latest, &new, published);
    for path in front.entrances(pages.iter()) {
        match front.entrance(&path, |page| pages.contains(page)) {
            Some(Entrance::Page(text)) => drop(new.insert(path, text.into_bytes().into())),
            Some(Entrance::Copy(at)) => match (new.get(&at).cloned(), published.files.get(&at)) {
                (Some(bytes), _) => drop(new.insert(path, bytes)),
                (None, Some(digest)) => {
                    let digest = digest.clone();
                    files.insert(path, Content::Published { at, digest });
                }
                (None, None) => {}
            },
            None => {}
        }
    }
    new.insert(published::VERSIONS.into(), front.script().into_bytes().into());
    let headers = front.headers(|version| {
        let edition = editions.iter().find(|edition| edition.name.version == version)?;
        edition.output.get(headers::FILE).map(|text| String::from_utf8_lossy(text))
    });
    new.extend(headers.map(|text| (headers::FILE.to_owned(), text.into_bytes().into())));
    let new: Vec<_> = new
        .into_par_iter()
        .map(|(path, bytes)| {
            let digest = sha256(&bytes);
            (path, Content::New { bytes, digest })
        })
        .collect();
    files.extend(new);
    Site { files, versions: front.versions }
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
        let name = Name { version, released: false, title: "A & B", language: "en" };
        Edition { name, output }
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
        let mut release = edition("1.0", &one);
        release.name.released = true;
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
