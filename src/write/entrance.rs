//! The files beside the versions that lead to one of them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::render::redirect;
use crate::write::front::{LATEST, Name};
use crate::write::published;

/// What stands at a path that leads to a version.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entrance {
    /// A page that leads to another, which it names.
    Page(String),
    /// The script of those pages.
    Script,
    /// The same as another file of the site.
    Copy(String),
}

/// What leads to a version at the top of the site.
pub(super) const TOP: &[&str] = &["index.html", redirect::SCRIPT_FILE, "404.html"];

/// Returns what stands at a path that leads to a version; `has` tells which files that has.
pub(super) fn entrance(path: &str, version: &str, has: impl Fn(&str) -> bool) -> Option<Entrance> {
    let lead = |page: &str| Some(Entrance::Page(format!("{version}/{page}")));
    let copy = |path: &str| has(path).then(|| Entrance::Copy(format!("{version}/{path}")));
    match (path, published::below(path, LATEST)) {
        ("index.html", _) => lead("index.html"),
        (redirect::SCRIPT_FILE, _) => Some(Entrance::Script),
        // Static hosts look for it at the root of what they serve.
        ("404.html", _) => copy("404.html"),
        (_, Some("404.html")) => None,
        (_, Some(page)) if page.ends_with(".html") && has(page) => lead(page),
        // A program that reads facts or dates does not follow a page: it finds the file itself.
        (_, Some(file)) if !file.contains('/') && is_data(file) => copy(file),
        _ => None,
    }
}

fn is_data(path: &str) -> bool {
    [".json", ".ics", ".xml", ".txt"].iter().any(|extension| path.ends_with(extension))
}

/// Returns the page at a path that leads to another page of the site.
pub(super) fn page(name: &Name<'_>, path: &str, target: &str) -> String {
    let up = "../".repeat(path.matches('/').count());
    let version = target.split('/').next().unwrap_or_default();
    redirect::page(&redirect::Page {
        title: name.title,
        language: name.language,
        up: &up,
        styles: &format!("{up}{}/", encoded(version)),
        target: &format!("{up}{}", encoded(target)),
        anchors: Vec::new(),
    })
}

/// What stays as it is in an address: the unreserved characters, and `/` between the parts.
const ADDRESS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, ADDRESS).to_string()
}
