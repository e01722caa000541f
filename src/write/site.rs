//! One version and what is already published → every file of the site.
//!
//! ```text
//! site/
//!   1.0/…           the version, with every page
//!   latest/…        for each page of the newest version a small page that leads to it, and copies of its data files
//!   index.html      leads to the newest version
//!   versions.js     lists the versions, for the picker of every page
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rayon::prelude::*;

use crate::parse::version::by_age;
use crate::render::Output;
use crate::source::sha256;
use crate::write::marker::Files;

/// One version of a portal, ready to be published.
#[derive(Clone, Copy, Debug)]
pub struct Edition<'a> {
    /// The name of its folder. The plan's reading sees to it that it is one, and none of the names beside it.
    pub version: &'a str,
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
    /// Of another version: the file that is there, whatever it holds.
    Published {
        digest: String,
    },
}

/// The folder that leads to the newest version.
pub const LATEST: &str = "latest";

/// Kept in the address when a visitor follows a redirect, which a page without script cannot do.
const REDIRECT_SCRIPT: &str = "\
location.replace(document.querySelector(\"link[rel=canonical]\").href + location.hash);
";

/// Returns the site that has this version, beside the other versions of the files that are there.
pub fn site(edition: &Edition<'_>, published: &Files) -> Site {
    let Edition { version, output, .. } = *edition;
    let versions = versions(version, published);
    let mut files = BTreeMap::new();
    let newest = versions.last().is_some_and(|newest| newest == version);
    for (path, digest) in published {
        let folder = path.split_once('/').map_or("", |(folder, _)| folder);
        let of_newest = folder.is_empty() || folder == LATEST;
        if folder != version && !(newest && of_newest) {
            files.insert(path.clone(), Content::Published { digest: digest.clone() });
        }
    }
    let mut new: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
    for (path, bytes) in output {
        new.insert(format!("{version}/{path}"), Arc::clone(bytes));
    }
    if newest {
        new.extend(entrances(edition));
    }
    new.insert("versions.js".into(), versions_script(&versions).into_bytes().into());
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
            let (Content::New { digest, .. } | Content::Published { digest }) = content;
            (path.clone(), digest.clone())
        });
        digests.collect()
    }
}

/// Returns this version and those that are published, the newest last.
fn versions(version: &str, published: &Files) -> Vec<String> {
    let folders =
        published.keys().filter_map(|path| path.split_once('/')).map(|(folder, _)| folder);
    let folders = folders.filter(|folder| *folder != LATEST).chain([version]);
    let mut versions: Vec<_> =
        folders.collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect();
    versions.sort_by(|a, b| by_age(a, b));
    versions
}

/// Returns the files beside the versions that lead to the newest one.
fn entrances(edition: &Edition<'_>) -> Vec<(String, Arc<[u8]>)> {
    let Edition { version, output, .. } = *edition;
    let mut files: Vec<(String, Arc<[u8]>)> = Vec::new();
    let mut redirect = |path: String, target: &str| {
        let up = "../".repeat(path.matches('/').count());
        let page = redirect(edition, &up, &format!("{up}{}", encoded(target)));
        files.push((path, page.into_bytes().into()));
    };
    redirect("index.html".into(), &format!("{version}/index.html"));
    for path in output.keys().filter(|path| path.ends_with(".html") && *path != "404.html") {
        redirect(format!("{LATEST}/{path}"), &format!("{version}/{path}"));
    }
    files.push(("redirect.js".into(), REDIRECT_SCRIPT.as_bytes().into()));
    // A program that reads facts or dates does not follow a page: it finds the file itself.
    let data = output.iter().filter(|(path, _)| !path.contains('/') && is_data(path));
    files.extend(data.map(|(path, bytes)| (format!("{LATEST}/{path}"), Arc::clone(bytes))));
    // Static hosts look for these two at the root of what they serve.
    for path in ["404.html", "_headers"] {
        files.extend(output.get(path).map(|bytes| (path.to_owned(), Arc::clone(bytes))));
    }
    files
}

fn is_data(path: &str) -> bool {
    [".json", ".ics", ".xml", ".txt"].iter().any(|extension| path.ends_with(extension))
}

/// Returns a page that leads to another. With a script it keeps what stands behind the `#`, without one it leads all the same.
fn redirect(edition: &Edition<'_>, up: &str, target: &str) -> String {
    let (title, language) = (escaped(edition.title), escaped(edition.language));
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'\">\n\
         <title>{title}</title>\n<link rel=\"canonical\" href=\"{target}\">\n\
         <noscript><meta http-equiv=\"refresh\" content=\"0; url={target}\"></noscript>\n\
         <script src=\"{up}redirect.js\"></script>\n\
         <main><h1><a href=\"{target}\">{title}</a></h1></main>\n</html>\n"
    )
}

/// Returns the script that tells every page which versions there are.
fn versions_script(versions: &[String]) -> String {
    let list = serde_json::json!({ "latest": versions.last(), "versions": versions });
    // A closing tag or a line separator inside a string would not hurt a file, but would a page that takes it in.
    let list = list.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028");
    format!("handoverVersions({list});\n")
}

/// What stays as it is in an address: the unreserved characters, and `/` between the parts.
const ADDRESS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, ADDRESS).to_string()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(paths: &[&str]) -> Output {
        paths.iter().map(|path| ((*path).to_owned(), Arc::from(path.as_bytes()))).collect()
    }

    fn site_of(version: &str, output: &Output, published: &Files) -> Site {
        site(&Edition { version, title: "A & B", language: "en", output }, published)
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
            "handoverVersions({\"latest\":\"1.0\",\"versions\":[\"1.0\"]});\n"
        );
    }

    #[test]
    fn other_versions_stay_as_they_are() {
        let first = site_of("1.0", &output(&["index.html", "old.html"]), &Files::new()).digests();
        let second = site_of("1.1", &output(&["index.html"]), &first);
        assert_eq!(second.versions, ["1.0", "1.1"]);
        let old = Content::Published { digest: first["1.0/old.html"].clone() };
        assert_eq!(second.files["1.0/old.html"], old);
        assert!(!second.files.contains_key("latest/old.html"));
        assert!(text(&second, "latest/index.html").contains("../1.1/index.html"));
        let again = site_of("1.0", &output(&["index.html"]), &second.digests());
        assert!(!again.files.contains_key("1.0/old.html"));
        let latest = &again.files["latest/index.html"];
        assert!(
            matches!(latest, Content::Published { .. }),
            "an older version does not take its place"
        );
        assert_eq!(again.digests()["latest/index.html"], second.digests()["latest/index.html"]);
    }
}
