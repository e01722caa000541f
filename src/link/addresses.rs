//! The address that a page has in the site that its tool makes: what a link is seen from there.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::parse::dialect::address::Address;
use crate::parse::dialect::addressing::Addressing;
use crate::parse::dialect::{Dialect, index_folder, stem};

/// Returns the folder of a page's address, below the content folder: a page of a tool that gives each page a folder of its own
/// stands in that.
pub fn folder(dialect: Dialect, below: &str) -> String {
    if let Some(folder) = index_folder(below) {
        return folder.to_owned();
    }
    match dialect {
        Dialect::MkDocs | Dialect::Hugo | Dialect::Zola => stem(below).to_owned(),
        Dialect::Plain | Dialect::MdBook | Dialect::Jekyll | Dialect::GovUk => {
            below.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
        }
    }
}

/// Returns the address of a page without the end that its tool may leave out, below the content folder.
pub(super) fn own(dialect: Dialect, below: &str) -> String {
    if let Some(folder) = index_folder(below) {
        return folder.to_owned();
    }
    let stem = stem(below);
    match dialect {
        // Middleman makes `x..html` of a name that does not say what it becomes.
        Dialect::GovUk if !below[stem.len()..].starts_with(".html") => format!("{stem}..html"),
        Dialect::GovUk => format!("{stem}.html"),
        _ => stem.to_owned(),
    }
}

/// Tells whether a document has a page that goes by the name of its file: mdBook and MkDocs make `index.html` of a README.
pub(super) fn has_name(dialect: Dialect, below: &str) -> bool {
    let is_of_book = matches!(dialect, Dialect::MdBook | Dialect::MkDocs);
    !is_of_book || index_folder(below).is_none() || stem(below).ends_with("index")
}

/// Tells whether the tool makes files of such names: where each page has a folder, it is the index of that.
pub(super) fn has_file(site: Dialect, below: &str) -> bool {
    site != Dialect::MkDocs || below.rsplit('/').next() == Some("index.html")
}

/// Returns the address of a page in the site of its tool, from the root, where that is not the path of a file.
pub fn in_site(dialect: Dialect, below: &str, said: Option<&Address>) -> Option<String> {
    if let Some(said) = said {
        return Some(format!("/{}", said.theirs));
    }
    let own = written(dialect, &own(dialect, below));
    match dialect {
        Dialect::Hugo | Dialect::Zola | Dialect::MkDocs => {
            Some(if own.is_empty() { "/".to_owned() } else { format!("/{own}/") })
        }
        Dialect::Jekyll if index_folder(below).is_none() => Some(format!("/{own}.html")),
        Dialect::Jekyll | Dialect::Plain | Dialect::MdBook | Dialect::GovUk => None,
    }
}

/// Returns an address as the tool writes it: Hugo's are in lower case, with hyphens for spaces, and Zola's hold nothing but
/// letters, digits and hyphens.
pub(super) fn written(dialect: Dialect, address: &str) -> String {
    match dialect {
        Dialect::Hugo => address.to_lowercase().replace(' ', "-"),
        Dialect::Zola => address.split('/').map(slugified).collect::<Vec<_>>().join("/"),
        _ => address.to_owned(),
    }
}

/// Returns a part of an address as Zola writes it, but for what says that it is a file.
fn slugified(part: &str) -> String {
    let (name, end) = match part.rsplit_once('.') {
        Some((name, end @ ("html" | "xml" | "txt"))) => (name, format!(".{end}")),
        _ => (part, String::new()),
    };
    let plain = name.nfd().filter(|char| !is_combining_mark(*char)).collect::<String>();
    let words = plain.to_lowercase();
    let words = words.split(|char: char| !char.is_alphanumeric());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-") + &end
}

/// Resolves `.` and `..` as a browser does, which stays at the root of a host. The sites of mdBook and MkDocs often lie
/// below a folder of the host: what leads out of them is not theirs.
pub(super) fn resolved(dialect: Dialect, folder: &str, path: &str) -> Option<String> {
    let below_host = matches!(dialect, Dialect::MdBook | Dialect::MkDocs);
    let path = if path.starts_with('/') { path.to_owned() } else { format!("{folder}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() && below_host {
                    return None;
                }
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Returns the folders, from the project's root, whose files stand at the root of the site.
pub(super) fn static_folders(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Hugo => &["static", "assets"],
        Dialect::Zola => &["static"],
        // Middleman looks there for an image, wherever it is named.
        Dialect::GovUk => &["source/images"],
        Dialect::Plain | Dialect::MdBook | Dialect::MkDocs | Dialect::Jekyll => &[],
    }
}

/// Tells whether Hugo or Zola makes the page at an address of others: those of its tags, its feeds, and the parts of long
/// lists.
pub(super) fn is_made(addressing: &Addressing, address: &str) -> bool {
    let mut parts = address.rsplit('/');
    let last = parts.next().unwrap_or_default();
    let mut is_part = || parts.next() == Some("page") && last.parse::<u32>().is_ok();
    let is_feed = ["index.xml", "atom.xml", "rss.xml"].contains(&last);
    addressing.is_of_taxonomy(address) || is_feed || is_part()
}

/// Tells whether a path leads from the root of a repository to a page of the forge that it lies on: `../../issues`.
pub(super) fn is_of_forge(path: &str) -> bool {
    let rest = path.trim_start_matches("../");
    let word = rest.split(|char: char| !char.is_ascii_alphanumeric() && char != '_').next();
    rest.len() < path.len() && word.is_some_and(|word| FORGE.contains(&word))
}

const FORGE: &[&str] = &[
    "actions",
    "blob",
    "branches",
    "commit",
    "commits",
    "compare",
    "discussions",
    "edit",
    "graphs",
    "issues",
    "labels",
    "merge_requests",
    "milestone",
    "milestones",
    "new",
    "projects",
    "pull",
    "pulls",
    "raw",
    "releases",
    "security",
    "tags",
    "tree",
    "wiki",
];

/// Tells whether a destination is made by a template that is not run here.
pub(super) fn is_template(destination: &str) -> bool {
    const SIGNS: &[&str] =
        &["{{", "}}", "{%", "<%", "%>", "{<", "${", "{$", "@@", "%7B%7B", "%7b%7b"];
    SIGNS.iter().any(|sign| destination.contains(sign))
        || destination.starts_with("%=")
        || destination.starts_with("#{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_seen_from_the_page_of_its_tool() {
        assert_eq!(folder(Dialect::Hugo, "db/restore.md"), "db/restore");
        assert_eq!(folder(Dialect::Hugo, "db/_index.md"), "db");
        assert_eq!(folder(Dialect::GovUk, "db/restore.html.md.erb"), "db");
        assert_eq!(resolved(Dialect::Hugo, "db/restore", "../queue/").as_deref(), Some("db/queue"));
        assert_eq!(resolved(Dialect::GovUk, "db", "../../x.png").as_deref(), Some("x.png"));
        assert_eq!(resolved(Dialect::MdBook, "db", "../../x.html"), None);
        assert_eq!(resolved(Dialect::MdBook, "db", "/x.html").as_deref(), Some("x.html"));
        assert_eq!(written(Dialect::Hugo, "DB/My Page"), "db/my-page");
        assert_eq!(written(Dialect::Zola, "DB/Name_X v1.2"), "db/name-x-v1-2");
        assert_eq!(written(Dialect::Zola, "ä/_x_/index.html"), "a/x/index.html");
        assert_eq!(written(Dialect::Jekyll, "DB"), "DB");
    }

    #[test]
    fn pages_of_a_forge_and_templates_are_known() {
        for path in ["../../issues", "../../issues/1", "../../wiki/Home", "../releases"] {
            assert!(is_of_forge(path), "{path}");
        }
        for path in ["issues/1", "../../issue", "../README.md", "../", ".."] {
            assert!(!is_of_forge(path), "{path}");
        }
        let none = Addressing::default();
        for address in ["index.xml", "db/index.xml", "page/2", "atom.xml"] {
            assert!(is_made(&none, address), "{address}");
        }
        for address in ["tags", "page", "page/x"] {
            assert!(!is_made(&none, address), "{address}");
        }
        assert!(is_template("{{ site.url }}/x") && is_template("<%= x %>"));
        assert!(!is_template("a.md#{x}") && !is_template("#section"));
    }
}
