//! The file that says what in a site is ours: every file of it with its SHA-256, in the form that `sha256sum --check` reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::source::SITE_MARKER_START;

/// The files of a site by their paths below it, each with the 64 hexadecimal digits of its SHA-256.
pub type Files = BTreeMap<String, String>;

const REMARK: &str = "\
# A build replaces these files, removes those that it no longer makes, and touches no others.
";

/// Returns the text of a site's marker.
pub fn text(files: &Files) -> String {
    let mut text = format!("{SITE_MARKER_START}{REMARK}");
    for (path, digest) in files {
        // As sha256sum does: a line with escapes in its name begins with a backslash.
        let escaped = path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        let mark = if escaped == *path { "" } else { "\\" };
        writeln!(text, "{mark}{digest}  {escaped}").expect("invariant: writing to a string");
    }
    text
}

/// Returns the files that a marker lists; `None` when it is not a marker. A line that is damaged claims no file.
pub fn files(text: &str) -> Option<Files> {
    let lines = text.strip_prefix(SITE_MARKER_START)?.lines().filter(|line| !line.starts_with('#'));
    Some(lines.filter_map(line).collect())
}

fn line(line: &str) -> Option<(String, String)> {
    let (escaped, line) = line.strip_prefix('\\').map_or((false, line), |line| (true, line));
    let (digest, path) = line.split_once("  ")?;
    let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    // What a marker says is acted on: a path that leaves the site is none of ours.
    let inside = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    (is_digest && inside)
        .then(|| (if escaped { unescaped(path) } else { path.to_owned() }, digest.to_owned()))
}

fn unescaped(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut characters = path.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                _ => '\\',
            },
            other => other,
        });
    }
    plain
}

/// Returns the folders that hold the files, parents before their children.
pub fn folders<'a>(files: impl IntoIterator<Item = &'a String>) -> BTreeSet<&'a str> {
    let mut folders = BTreeSet::new();
    for path in files {
        let mut path = path.as_str();
        while let Some((folder, _)) = path.rsplit_once('/') {
            if !folders.insert(folder) {
                break;
            }
            path = folder;
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::sha256;

    #[test]
    fn what_is_written_is_read() {
        let paths = ["1.0/index.html", "größe.html", "a\\b\nc  d.html", "#x"];
        let site: Files = paths.map(|path| (path.to_owned(), sha256(path.as_bytes()))).into();
        assert_eq!(files(&text(&site)), Some(site));
    }

    #[test]
    fn a_marker_claims_nothing_outside_its_site() {
        let digest = sha256(b"");
        let claims = format!(
            "{SITE_MARKER_START}{digest}  ../x\n{digest}  /etc/x\n{digest}  a//b\n{digest}  ok\n"
        );
        assert_eq!(files(&claims).unwrap().into_keys().collect::<Vec<_>>(), ["ok"]);
        assert_eq!(files("# my notes\n"), None);
        assert_eq!(files(&format!("{SITE_MARKER_START}damaged\n12  x\n")), Some(Files::new()));
    }

    #[test]
    fn folders_come_before_what_is_in_them() {
        let paths = ["a/b/c/d".to_owned(), "a/x".to_owned(), "y".to_owned()];
        assert_eq!(folders(&paths).into_iter().collect::<Vec<_>>(), ["a", "a/b", "a/b/c"]);
    }
}
