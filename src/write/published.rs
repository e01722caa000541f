//! What a site holds already, beside the list of its files: which versions are releases, and the rules of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::source::{SITE_MARKER, sha256};
use crate::write::headers;
use crate::write::inventory;
use crate::write::marker::{self, Files};

/// A site that is there.
#[derive(Debug, Default)]
pub struct Published {
    /// The files that are there and ours.
    pub files: Files,
    /// The version that `latest/` leads to.
    pub latest: Option<String>,
    /// The versions that were published as releases: those folders do not change.
    pub released: BTreeSet<String>,
    /// The `_headers` of each version.
    pub headers: BTreeMap<String, String>,
}

/// Lists the versions. It is read by the picker of every page, and by the next build.
pub const VERSIONS: &str = "versions.js";

const POLICY: &str = "Content-Security-Policy: ";

const CALL: &str = "handoverVersions(";

impl Published {
    /// Returns what a site holds that has these files.
    pub fn read(destination: &Path, files: &Files) -> Self {
        let text = |path: &str| {
            fs::read_to_string(destination.join(path)).ok().filter(|_| files.contains_key(path))
        };
        let list = text(VERSIONS).and_then(|text| list(&text)).unwrap_or_default();
        let strings = list["released"].as_array().into_iter().flatten();
        let folders: BTreeSet<&str> =
            files.keys().filter_map(|path| Some(path.split_once('/')?.0)).collect();
        let released = strings.filter_map(|version| version.as_str().map(str::to_owned));
        let headers = folders.iter().filter_map(|folder| {
            Some(((*folder).to_owned(), text(&format!("{folder}/{}", headers::FILE))?))
        });
        Self {
            latest: list["latest"].as_str().map(str::to_owned),
            // One that somebody took away may be published anew.
            released: released.filter(|version| folders.contains(version.as_str())).collect(),
            headers: headers.collect(),
            files: files.clone(),
        }
    }
}

impl Published {
    /// Returns what stands in a site's folder; nothing where it is not one of ours.
    pub fn at(destination: &Path) -> Self {
        let files = inventory::take(destination).map(|inventory| inventory.files);
        Self::read(destination, &files.unwrap_or_default())
    }

    /// Returns the bytes of a file of the site; `None` where it is none, or was taken away, or a link was put in its place.
    pub fn read_file(&self, destination: &Path, path: &str) -> Option<Vec<u8>> {
        let file = fs::canonicalize(destination).ok()?.join(path);
        let is_there = self.files.contains_key(path) && fs::canonicalize(&file).ok()? == file;
        if is_there { fs::read(file).ok() } else { None }
    }

    /// Returns the policy that a file of a version is shown under, as its version says.
    pub fn policy(&self, path: &str) -> Option<String> {
        let headers = self.headers.get(path.split_once('/')?.0)?;
        let policy = headers.lines().find_map(|line| line.trim().strip_prefix(POLICY))?;
        Some(policy.to_owned())
    }
}

/// Returns the bytes of a file of a version that a site published as a release; `None` where it is another site's, or not the
/// file that was published.
pub fn file_of_release(destination: &Path, version: &str, path: &str) -> Option<Vec<u8>> {
    let marker = fs::read_to_string(destination.join(SITE_MARKER)).ok()?;
    let files = marker::files(&marker)?;
    let read = |path: &str| {
        let bytes = fs::read(destination.join(path)).ok()?;
        (files.get(path) == Some(&sha256(&bytes))).then_some(bytes)
    };
    let list = list(&String::from_utf8(read(VERSIONS)?).ok()?)?;
    let is_released = list["released"].as_array()?.iter().any(|released| released == version);
    if is_released { read(&format!("{version}/{path}")) } else { None }
}

/// Returns when the site in a folder was published last, and how long its list of files is: both change with the site.
pub fn stamp(destination: &Path) -> Option<(SystemTime, u64)> {
    let marker = fs::metadata(destination.join(SITE_MARKER)).ok()?;
    Some((marker.modified().ok()?, marker.len()))
}

/// Returns what a script of versions lists.
fn list(script: &str) -> Option<serde_json::Value> {
    let json = script.trim_end().strip_prefix(CALL)?.strip_suffix(");")?;
    serde_json::from_str(json).ok()
}

/// Returns the script that tells every page which versions there are.
pub(super) fn script(latest: &str, released: &BTreeSet<&str>, versions: &[String]) -> String {
    let released: Vec<&String> =
        versions.iter().filter(|version| released.contains(version.as_str())).collect();
    let list = serde_json::json!({ "latest": latest, "released": released, "versions": versions });
    // A closing tag or a line separator inside a string would not hurt a file, but would a page that takes it in.
    let list = list.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028");
    format!("{CALL}{list});\n")
}

/// Returns a path below the folder of a version.
pub(super) fn below<'a>(path: &'a str, version: &str) -> Option<&'a str> {
    path.strip_prefix(version)?.strip_prefix('/')
}
