//! The files beside the versions that lead to one of them.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::write::site::{Edition, LATEST};

/// What stands at a path that leads to a version.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entrance {
    /// A page that leads to another.
    Page(String),
    /// The same as another file of the site.
    Copy(String),
}

/// Kept in the address when a visitor follows a redirect, which a page without script cannot do.
const REDIRECT_SCRIPT: &str = "\
location.replace(document.querySelector(\"link[rel=canonical]\").href + location.hash);
";

/// Returns the files that lead to a version with these files, by path. The edition says how the pages are called.
pub(super) fn entrances(
    edition: &Edition<'_>,
    version: &str,
    files: &BTreeSet<String>,
) -> Vec<(String, Entrance)> {
    let mut entrances = Vec::new();
    let mut redirect = |path: String, target: &str| {
        let up = "../".repeat(path.matches('/').count());
        let page = redirect(edition, &up, &format!("{up}{}", encoded(target)));
        entrances.push((path, Entrance::Page(page)));
    };
    redirect("index.html".into(), &format!("{version}/index.html"));
    for path in files.iter().filter(|path| path.ends_with(".html") && *path != "404.html") {
        redirect(format!("{LATEST}/{path}"), &format!("{version}/{path}"));
    }
    entrances.push(("redirect.js".into(), Entrance::Page(REDIRECT_SCRIPT.into())));
    let copy = |to: String, path: &str| (to, Entrance::Copy(format!("{version}/{path}")));
    // A program that reads facts or dates does not follow a page: it finds the file itself.
    let data = files.iter().filter(|path| !path.contains('/') && is_data(path));
    entrances.extend(data.map(|path| copy(format!("{LATEST}/{path}"), path)));
    // Static hosts look for it at the root of what they serve.
    entrances.extend(files.get("404.html").map(|path| copy(path.clone(), path)));
    entrances
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

/// What stays as it is in an address: the unreserved characters, and `/` between the parts.
const ADDRESS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, ADDRESS).to_string()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
