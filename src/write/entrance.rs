//! The files beside the versions that lead to one of them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::write::front::{LATEST, Name};
use crate::write::published;

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

/// What leads to a version at the top of the site.
pub(super) const TOP: &[&str] = &["index.html", "redirect.js", "404.html"];

/// Returns what stands at a path that leads to a version; `has` tells which files that has.
pub(super) fn entrance(
    path: &str,
    name: &Name<'_>,
    version: &str,
    has: impl Fn(&str) -> bool,
) -> Option<Entrance> {
    let redirect = |target: &str| {
        let up = "../".repeat(path.matches('/').count());
        let target = format!("{up}{}", encoded(&format!("{version}/{target}")));
        Some(Entrance::Page(redirect(name, &up, &target)))
    };
    let copy = |path: &str| has(path).then(|| Entrance::Copy(format!("{version}/{path}")));
    match (path, published::below(path, LATEST)) {
        ("index.html", _) => redirect("index.html"),
        ("redirect.js", _) => Some(Entrance::Page(REDIRECT_SCRIPT.into())),
        // Static hosts look for it at the root of what they serve.
        ("404.html", _) => copy("404.html"),
        (_, Some("404.html")) => None,
        (_, Some(page)) if page.ends_with(".html") && has(page) => redirect(page),
        // A program that reads facts or dates does not follow a page: it finds the file itself.
        (_, Some(file)) if !file.contains('/') && is_data(file) => copy(file),
        _ => None,
    }
}

fn is_data(path: &str) -> bool {
    [".json", ".ics", ".xml", ".txt"].iter().any(|extension| path.ends_with(extension))
}

/// Returns a page that leads to another. With a script it keeps what stands behind the `#`, without one it leads all the same.
fn redirect(name: &Name<'_>, up: &str, target: &str) -> String {
    let (title, language) = (escaped(name.title), escaped(name.language));
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
